//! Broken files and the text that a user sees for each.
//!
//! A case is a folder with one input and `expected.txt`, which `BLESS=1` regenerates.

use super::model::{FORMATS, Incident, Timeline, schema};
use afterword::diagnostic::{Diagnostic, Sources, sort, text};
use afterword::load::shape::{RULES, walk};
use afterword::source::{Limits, Source, Syntax};
use camino::Utf8Path;
use std::fs;
use std::path::Path;

/// Reads a file as `load` does: each step only if the one before found nothing.
pub fn report(file: &Utf8Path, bytes: &[u8]) -> (Vec<Diagnostic>, Sources) {
    let source = match Source::decode(file, bytes) {
        Ok(source) => source,
        Err(fault) => return (vec![Diagnostic::in_file(file, *fault)], Sources::new()),
    };
    let (node, faults) = source.syntax().parse(source.text(), &Limits::default());
    let mut found = Vec::new();
    if faults.is_empty() {
        let schema = match source.syntax() {
            Syntax::Toml => schema::<Incident>(),
            Syntax::Json => schema::<Timeline>(),
        };
        found = walk(&schema, &node, file, FORMATS);
    }
    found.extend(
        faults
            .into_iter()
            .map(|fault| Diagnostic::in_file(file, fault)),
    );
    let sources = Sources::from_iter([source]);
    sort(&mut found, &sources);
    (found, sources)
}

#[test]
fn each_broken_file_is_explained_as_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reading");
    let mut wrong = Vec::new();
    let mut folders: Vec<_> = fs::read_dir(&cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() > 5, "the cases are not where they should be");
    for folder in folders {
        let mut files = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let input = files.find(|file| !file.ends_with("expected.txt")).unwrap();
        let name = format!("incidents/{}", input.file_name().unwrap().to_str().unwrap());
        let (found, sources) = report(Utf8Path::new(&name), &fs::read(&input).unwrap());
        for diagnostic in &found {
            assert!(diagnostic.help.is_some(), "no help for {diagnostic:?}");
            assert!(
                RULES.iter().any(|rule| rule.code == diagnostic.code),
                "{}",
                diagnostic.code
            );
        }
        let printed = text::print(&found, &sources, text::Style::Plain);
        let expected = folder.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &printed).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != printed {
            wrong.push(format!("{}\n{printed}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}
