//! Says who may read what a build makes, whatever the umask of the process is.
//!
//! A site is made to be read: by a web server, by the next user in a team. On
//! systems without such modes, files and folders are what the system makes them.

use std::fs::{self, File};
use std::io;

use camino::Utf8Path;

/// Lets everybody read `file`.
#[cfg(unix)]
pub fn publish(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

/// Makes a folder that everybody may look into.
#[cfg(unix)]
pub fn create_public(folder: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).inspect_err(|_| {
        let _ = fs::remove_dir(folder);
    })
}

/// Makes a folder that no other user may look into.
#[cfg(unix)]
pub fn create_private(folder: &Utf8Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub fn publish(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub fn create_public(folder: &Utf8Path) -> io::Result<()> {
    fs::create_dir(folder)
}

#[cfg(not(unix))]
pub fn create_private(folder: &Utf8Path) -> io::Result<()> {
    fs::create_dir(folder)
}
