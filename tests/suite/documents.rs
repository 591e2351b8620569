//! What is written twice is made from one: the reference, the schemas, the embedded templates.

use std::fs;

use afterword::check;
use afterword::load::{self, schema, shape};
use afterword::render::{ASSETS, TEMPLATES};
use camino::{Utf8Path, Utf8PathBuf};

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn current(path: &str, made: &str) {
    let path = repository().join(path);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, made).expect("writable");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == made,
        "{path} is not current: write it anew with `BLESS=1 cargo test`"
    );
}

#[test]
fn the_reference_of_checks_is_current() {
    let reading: Vec<_> = load::RULES.iter().chain(shape::RULES).copied().collect();
    current("docs/checks.md", &check::reference::markdown(&reading));
}

#[test]
fn the_schemas_are_current() {
    for (name, schema) in [
        ("incident", schema::incident()),
        ("timeline", schema::timeline()),
        ("config", schema::config()),
    ] {
        current(&format!("schema/{name}.json"), &format!("{schema:#}\n"));
    }
}

#[test]
fn the_guide_to_the_site_names_files_that_a_build_makes() {
    let page = fs::read_to_string(repository().join("docs/site.md")).expect("it is there");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: Vec<&str> = rows
        .filter_map(|row| row.split(" | ").next())
        .flat_map(|cell| cell.split(", "))
        .map(|path| path.trim_matches('`'))
        .collect();
    assert!(named.len() > 12, "{named:?}");
    for path in named {
        assert!(repository().join("site").join(path).is_file(), "{path}");
    }
}

#[test]
fn every_template_is_embedded() {
    let folder = repository().join("templates");
    let mut open = vec![folder.clone()];
    let mut files: Vec<(String, String)> = Vec::new();
    while let Some(next) = open.pop() {
        for entry in next.read_dir_utf8().expect("readable") {
            let path: Utf8PathBuf = entry.expect("readable").path().to_owned();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(&folder)
                    .expect("below")
                    .as_str()
                    .replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("UTF-8")));
            }
        }
    }
    files.sort();
    let embedded = TEMPLATES
        .iter()
        .chain(ASSETS.iter())
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let mut embedded: Vec<(String, String)> = embedded.collect();
    assert!(TEMPLATES.is_sorted() && ASSETS.is_sorted());
    embedded.sort();
    let names = |files: &[(String, String)]| {
        files
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    // The compiler does not see a new file on its own.
    let hint = "touch src/render/embedded.rs and run the tests again";
    assert_eq!(names(&files), names(&embedded), "{hint}");
    assert!(files == embedded, "{hint}");
}

#[test]
fn every_code_is_documented_once() {
    let mut codes: Vec<&str> = check::all().map(|check| check.code).collect();
    codes.extend(load::RULES.iter().chain(shape::RULES).map(|rule| rule.code));
    let count = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), count, "two checks have one code");
    for check in check::all() {
        let kind = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(check.code.chars().all(kind), "{}", check.code);
        assert!(
            !check.summary.ends_with('.') && check.why.ends_with(['.', '?']),
            "{}",
            check.code
        );
        assert!(!check.example.is_empty(), "{}", check.code);
    }
}
