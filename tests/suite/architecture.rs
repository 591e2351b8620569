//! The import table of `ARCHITECTURE.md`, held against the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

const MODEL: &[&str] = &[
    "audience", "kind", "moment", "timeline", "incident", "config", "archive",
];

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads the table: each module with those that it may import.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("it is there");
    let rows = page
        .split("## Modules")
        .nth(1)
        .expect("the modules")
        .lines()
        .filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| {
        row.trim_matches('|')
            .split(" | ")
            .map(str::trim)
            .collect::<Vec<_>>()
    });
    let modules = cells.filter_map(|cells| match cells.as_slice() {
        [name, .., imports] => {
            let names = imports
                .split(',')
                .map(str::trim)
                .filter(|name| *name != "–");
            let mut allowed: BTreeSet<String> = BTreeSet::new();
            for name in names {
                match name {
                    "model" => allowed.extend(MODEL.iter().map(ToString::to_string)),
                    name => drop(allowed.insert(name.to_owned())),
                }
            }
            Some((name.trim_matches('`').to_owned(), allowed))
        }
        _ => None,
    });
    modules
        .take_while(|(name, _)| !name.contains(' '))
        .collect()
}

/// Lists the files of a module: `foo.rs` and those below `foo/`.
fn files(module: &str) -> Vec<Utf8PathBuf> {
    let source = repository().join("src");
    let mut files = vec![source.join(format!("{module}.rs"))];
    let mut open = vec![source.join(module)];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().into_iter().flatten() {
            let path = entry.expect("readable").path().to_owned();
            if path.is_dir() {
                open.push(path);
            } else if path.extension() == Some("rs") && path.file_stem() != Some("tests") {
                files.push(path);
            }
        }
    }
    files.retain(|path| !path.components().any(|part| part.as_str() == "tests"));
    files
}

/// Lists the modules that a file names by `crate::`, its tests left out.
fn imports(path: &Utf8Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).expect("readable");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let words: Vec<&str> = match after.strip_prefix('{') {
            Some(group) => group
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
                .collect(),
            None => vec![after],
        };
        for word in words {
            let name: String = word
                .chars()
                .take_while(|letter| letter.is_ascii_lowercase() || *letter == '_')
                .collect();
            if !name.is_empty() {
                names.insert(name);
            }
        }
    }
    names
}

#[test]
fn modules_import_what_the_table_allows() {
    let table = table();
    let library = fs::read_to_string(repository().join("src/lib.rs")).expect("it is there");
    let modules: BTreeSet<String> = library
        .lines()
        .filter_map(|line| {
            line.strip_prefix("pub mod ")?
                .strip_suffix(';')
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(
        table.keys().cloned().collect::<BTreeSet<_>>(),
        modules,
        "the table and src/lib.rs name other modules"
    );
    let mut wrong = Vec::new();
    for (module, allowed) in &table {
        for file in files(module) {
            for import in imports(&file) {
                if import != *module && !allowed.contains(&import) {
                    wrong.push(format!("{file} imports `{import}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_architecture_is_read_in_one_sitting() {
    let page = fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("it is there");
    assert!(page.lines().count() <= 150);
}
