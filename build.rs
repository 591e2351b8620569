//! Makes a fingerprint of everything that the program is compiled from, so that no cache of another one is trusted, and
//! the version that the program prints.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads its package and asks the compiler"
)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

/// The files and folders that decide what the program does.
const INPUTS: &[&str] = &["src", "templates", "Cargo.toml", "Cargo.lock", "build.rs"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
        add(Path::new(input), &mut hasher)?;
    }
    // The standard library decides what a letter is, and which is its lowercase form.
    let compiler = env::var_os("RUSTC").map(|compiler| Command::new(compiler).arg("-V").output());
    if let Some(version) = compiler {
        version?.stdout.hash(&mut hasher);
    }
    println!(
        "cargo::rustc-env=AFTERWORD_FINGERPRINT={:016x}",
        hasher.finish()
    );
    println!("cargo::rustc-env=AFTERWORD_VERSION={}", version());
    Ok(())
}

/// Returns the version, with the commit and its date if the environment of the build states them.
///
/// They are not read from git, so that the same environment compiles the same program from any copy of the files.
fn version() -> String {
    let stated = ["AFTERWORD_COMMIT", "AFTERWORD_DATE"].map(|name| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).ok().filter(|value| !value.is_empty())
    });
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    match stated {
        [Some(commit), Some(date)] => format!("{version} ({commit} {date})"),
        [Some(one), None] | [None, Some(one)] => format!("{version} ({one})"),
        [None, None] => version,
    }
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        return entries
            .iter()
            .try_for_each(|entry| add(&entry.path(), hasher));
    }
    // A package that is built elsewhere may lack the lock file.
    if path.exists() {
        path.hash(hasher);
        fs::read(path)?.hash(hasher);
    }
    Ok(())
}
