//! The import table of `ARCHITECTURE.md` matches the code, in both directions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

/// A set of modules, by name.
type Names = BTreeSet<String>;

const MODEL: &[&str] = &[
    "audience", "kind", "moment", "timeline", "incident", "config", "archive",
];

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(repository().join("ARCHITECTURE.md")).expect("it is there")
}

/// Parses the table: each module with the names in its last column.
fn table(page: &str) -> BTreeMap<String, Names> {
    let section = page
        .split("\n## ")
        .find(|section| section.starts_with("Modules"));
    let rows = section.expect("the modules").lines();
    rows.filter_map(|row| {
        let cells: Vec<&str> = row
            .strip_prefix("| `")?
            .strip_suffix(" |")?
            .split(" | ")
            .collect();
        let (name, imports) = (cells.first()?.strip_suffix('`')?, cells.last()?);
        let imports = imports.split(", ").filter(|name| *name != "–");
        Some((name.to_owned(), imports.map(str::to_owned).collect()))
    })
    .collect()
}

/// Returns the modules that a name in the table refers to.
fn modules(name: &str) -> Names {
    match name {
        "model" => MODEL.iter().map(ToString::to_string).collect(),
        name => Names::from([name.to_owned()]),
    }
}

/// Returns the files of a module, `foo.rs` and those below `foo/`, without its tests.
fn files(module: &str) -> Vec<Utf8PathBuf> {
    let source = repository().join("src");
    let mut files = vec![source.join(format!("{module}.rs"))];
    let mut open = vec![source.join(module)];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().into_iter().flatten() {
            let path = entry.expect("readable").path().to_owned();
            match path.file_name() {
                Some("tests" | "tests.rs") => {}
                _ if path.is_dir() => open.push(path),
                _ => files.push(path),
            }
        }
    }
    files
}

/// Removes test modules, which may import anything.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in code.lines() {
        inside |= line.starts_with("mod tests {");
        if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
        inside &= line != "}";
    }
    kept
}

/// Returns the modules that a file imports.
fn imports(path: &Utf8Path) -> Names {
    let code = without_tests(&fs::read_to_string(path).expect("readable"));
    let below = path.strip_prefix(repository().join("src")).expect("in src");
    // The path to the root of the crate from this file.
    let top = "super::".repeat(below.components().count());
    let mut names = Names::new();
    for after in code
        .split("crate::")
        .skip(1)
        .chain(code.split(&top).skip(1))
    {
        assert!(
            !after.starts_with(['{', '*']),
            "{path}: name one module of the crate in a `use`, so that this test can read it"
        );
        let is_name = |c: &char| c.is_ascii_lowercase() || *c == '_';
        names.insert(after.chars().take_while(is_name).collect());
    }
    names
}

#[test]
fn the_table_lists_the_modules_of_the_crate() {
    let library = fs::read_to_string(repository().join("src/lib.rs")).expect("it is there");
    let declared = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    let modules: Names = library.lines().filter_map(declared).collect();
    let listed: Names = table(&page()).into_keys().collect();
    assert_eq!(listed, modules, "the table (left) and src/lib.rs (right)");
}

#[test]
fn modules_import_what_the_table_allows_and_all_of_it() {
    let mut wrong = Vec::new();
    for (module, words) in table(&page()) {
        let mut used = Names::from([module.clone()]);
        let allowed: Names = words.iter().flat_map(|word| modules(word)).collect();
        for file in files(&module) {
            let found = imports(&file);
            let more = found.difference(&allowed).filter(|name| **name != module);
            wrong.extend(more.map(|name| format!("{file} imports `{name}`")));
            used.extend(found);
        }
        let unused = words.iter().filter(|word| modules(word).is_disjoint(&used));
        wrong.extend(unused.map(|word| format!("`{module}` may import `{word}` and does not")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Returns the names of the items of a file that start with `pub WORD`.
fn items(code: &str, word: &str) -> Names {
    let start = format!("pub {word} ");
    let names = code.lines().filter_map(|line| line.strip_prefix(&start));
    let is_name = |c: &char| c.is_ascii_alphanumeric();
    names
        .map(|rest| rest.chars().take_while(is_name).collect())
        .collect()
}

#[test]
fn no_view_contains_a_part_of_the_model_with_text_of_its_own() {
    let mut model = Names::new();
    for file in ["incident", "timeline", "config", "archive", "kind"]
        .iter()
        .flat_map(|module| files(module))
    {
        let code = fs::read_to_string(file).expect("readable");
        model.extend(items(&code, "struct"));
        model.extend(items(&code, "type"));
    }
    assert!(model.contains("Incident") && model.contains("Line") && model.contains("Person"));
    let mut wrong = Vec::new();
    for file in ["view", "render", "publish"]
        .iter()
        .flat_map(|module| files(module))
    {
        let code = without_tests(&fs::read_to_string(&file).expect("readable"));
        for item in code.split("#[derive(").skip(1) {
            let (traits, item) = item.split_once(")]").unwrap_or_default();
            let body = item.split("\n}").next().unwrap_or_default();
            let fields = body.lines().filter(|line| !line.trim().starts_with("//"));
            let words = fields.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()));
            let is_own = |word: &str| code.contains(&format!("struct {word}<"));
            let found = words.filter(|word| model.contains(*word) && !is_own(word));
            let shown = traits.split(", ").any(|name| name.trim() == "Serialize");
            wrong.extend(
                found
                    .filter(|_| shown)
                    .map(|word| format!("{file}: `{word}`")),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_architecture_page_is_short() {
    assert!(page().lines().count() <= 150);
}
