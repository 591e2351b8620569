//! The files of the folder `templates/`, which the binary contains. `afterword/` in it is a component for GitLab CI, which
//! must be in a folder of this name.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

/// The path of a file below `templates/`, and its text.
pub type Embedded = (&'static str, &'static str);

/// Every template, sorted by path.
pub static TEMPLATES: LazyLock<Vec<Embedded>> =
    LazyLock::new(|| files(|path| !path.starts_with("assets/") && !path.starts_with("afterword/")));

/// Every asset of the site, sorted by path.
pub static ASSETS: LazyLock<Vec<Embedded>> =
    LazyLock::new(|| files(|path| path.starts_with("assets/")));

static FOLDER: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

fn files(is_wanted: fn(&str) -> bool) -> Vec<Embedded> {
    let mut files = Vec::new();
    let mut folders = vec![&FOLDER];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let texts = folder
            .files()
            .filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
        files.extend(texts.filter(|(path, _)| is_wanted(path)));
    }
    files.sort_unstable();
    files
}
