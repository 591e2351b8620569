//! The pages of a site: they say what the Markdown says, hold nothing but known elements, and lead nowhere else.

mod kept;
mod reader;
mod safety;
mod told;
mod words;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::sync::LazyLock;

use afterword::archive::{Archive, OwnTemplate};
use afterword::audience::Audience;
use afterword::load;
use afterword::publish::search::Search;
use afterword::publish::{Bytes, Site};
use camino::Utf8Path;

use crate::cases;

/// A file of an archive: its path, and its text.
type Written = (&'static str, &'static str);

/// An incident whose every value tries to be more than text.
const HOSTILE: &[Written] = &[
    (
        "incidents/INC-2025-0001.toml",
        include_str!("pages/hostile.toml"),
    ),
    (
        "timelines/INC-2025-0001.json",
        include_str!("pages/hostile.json"),
    ),
];

/// A long night: two days, gaps, spans, times to the minute and to the day.
const NIGHT: &[Written] = &[
    (
        "incidents/INC-2025-0002.toml",
        include_str!("pages/night.toml"),
    ),
    (
        "timelines/INC-2025-0002.json",
        include_str!("pages/night.json"),
    ),
    (
        "incidents/INC-2025-0003.toml",
        "title = \"Newer\"\n[analysis]\nsupersedes = [\"INC-2025-0002\"]\n",
    ),
];

/// The smallest incident there is.
const SMALLEST: &[Written] = &[(
    "incidents/INC-2025-0004.toml",
    "title = \"Checkout errors\"\n",
)];

/// Writes an archive into a new folder and loads it.
fn written(files: &[Written]) -> Archive {
    written_as(files.iter().copied())
}

fn written_as<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Archive {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    let loaded = load::archive(root);
    let faults: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|fault| fault.message.clone())
        .collect();
    assert!(loaded.broken.is_empty(), "{faults:#?}");
    loaded.archive
}

/// The site of every archive that the tests walk, with a name.
static SITES: LazyLock<Vec<(String, Files)>> = LazyLock::new(|| {
    let repository = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    let folders = cases::folders().into_iter().chain([repository]);
    let small: [(&str, &[Written]); 4] = [
        ("hostile", HOSTILE),
        ("night", NIGHT),
        ("smallest", SMALLEST),
        ("empty", &[]),
    ];
    let loaded = folders.map(|folder| (folder.to_string(), load::archive(&folder).archive));
    let small = small.map(|(name, files)| (name.to_owned(), written(files)));
    loaded
        .chain(small)
        .map(|(name, archive)| (name, site(&archive, &[])))
        .collect()
});

/// The files of a site by path; those that are copied from the archive have no text.
type Files = BTreeMap<String, Option<String>>;

/// Makes all files of the site of an archive.
fn site(archive: &Archive, own: &[OwnTemplate]) -> Files {
    let site = Site::new(archive, own, Audience::Internal).expect("the templates are well formed");
    let mut files = site.common().expect("it renders");
    let search = Search::default();
    for record in site.readable() {
        let own = site.incident(record).expect("it renders");
        files.extend(own.iter().filter_map(|file| search.read(file)));
        files.extend(own);
    }
    let put: Result<(), Infallible> = search.files(&mut |file| {
        files.push(file);
        Ok(())
    });
    put.expect("it cannot fail");
    let text = |bytes| match bytes {
        Bytes::Made(bytes) => Some(String::from_utf8(bytes).expect("text")),
        Bytes::Copied(_) => None,
    };
    files
        .into_iter()
        .map(|file| (file.path, text(file.bytes)))
        .collect()
}

/// Lists the pages among the files of a site.
#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a build writes endings in small letters"
)]
fn pages(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, text)| (path.as_str(), text.as_deref().expect("pages are made")))
}
