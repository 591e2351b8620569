//! Generated documents are current: the references, the schemas, the embedded templates.

use std::fs;

use afterword::check;
use afterword::cli::Cli;
use afterword::config::Config;
use afterword::load::{self, schema, shape};
use afterword::render::{ASSETS, TEMPLATES};
use afterword::source::Limits;
use camino::{Utf8Path, Utf8PathBuf};
use clap::CommandFactory;

use crate::site::{afterword, files, said};

mod checks;
mod commands;
mod configuration;

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file with what is generated for it, and writes it first if `BLESS` is set.
fn assert_current(path: &str, generated: &str) {
    let path = repository().join(path);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, generated).expect("writable");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == generated,
        "{path} is not current; `BLESS=1 cargo test` writes it"
    );
}

#[test]
fn the_reference_of_checks_is_current() {
    let reading = load::RULES.iter().chain(shape::RULES).chain(check::RULES);
    let reading: Vec<_> = reading.copied().collect();
    assert_current("docs/checks.md", &checks::markdown(&reading));
}

#[test]
fn the_reference_of_settings_is_current() {
    let text = configuration::markdown(schema::config());
    assert_current("docs/configuration.md", &text);
}

#[test]
fn the_reference_of_commands_is_current() {
    assert_current("docs/cli.md", &commands::markdown(Cli::command()));
}

#[test]
fn the_defaults_in_the_reference_are_those_of_the_program() {
    let mut text = String::new();
    for (table, key, value) in configuration::settings(schema::config()) {
        let default = configuration::described(value).1;
        let default = default.split('`').nth(1).unwrap_or_default();
        let table = if table == "fields" {
            "fields.region"
        } else {
            table
        };
        // Not every default is one value: today, for example.
        if format!("x = {default}").parse::<toml::Table>().is_ok() {
            text.push_str(&format!("{table}.{key} = {default}\n"));
        }
    }
    assert!(text.lines().count() >= 9, "{text}");
    let folder = tempfile::tempdir().expect("a folder");
    let archive = folder.path().to_str().expect("UTF-8");
    let run = |arguments: &[&str]| {
        let output = afterword(&[&["-C", archive], arguments].concat(), &[NOW]);
        assert!(output.status.success(), "{}", said(&output));
        output.stdout
    };
    run(&["init", "--sample"]);
    fs::write(folder.path().join("afterword.toml"), "").expect("writable");
    run(&["build"]);
    let without = files(&folder.path().join("site"));
    fs::write(folder.path().join("afterword.toml"), &text).expect("writable");
    let with = folder.path().join("with");
    run(&["build", "--out", with.to_str().expect("UTF-8")]);
    assert!(files(&with) == without, "{text}");
    run(&["build", "--audience", "internal"]);
    let created = run(&["new", "Next", "--severity", "P2"]);
    assert!(
        created.starts_with(b"INC-2026-0001\n"),
        "{}",
        created.escape_ascii()
    );
    let settings: Config = toml::from_str(&text).expect("settings");
    let limits = Limits::default();
    let stated = settings.limits;
    let stated = [
        stated.file_bytes,
        stated.depth,
        stated.string_bytes,
        stated.entries,
    ];
    let real = [
        limits.file_bytes,
        limits.depth,
        limits.string_bytes,
        limits.entries,
    ];
    assert_eq!(
        stated.map(|limit| limit.map(|limit| limit as usize)),
        real.map(Some)
    );
}

#[test]
fn the_schemas_are_current() {
    for (name, schema) in [
        ("incident", schema::incident()),
        ("timeline", schema::timeline()),
        ("entry", schema::event()),
        ("config", schema::config()),
    ] {
        assert_current(&format!("schema/{name}.json"), &format!("{schema:#}\n"));
    }
}

#[test]
fn the_guide_to_the_site_lists_files_of_a_build() {
    let page = fs::read_to_string(repository().join("docs/site.md")).expect("it is there");
    let files = page
        .split("\n## ")
        .find(|section| section.starts_with("Files"));
    let rows = files.expect("the section").lines();
    let rows = rows.filter_map(|line| line.strip_prefix("| `"));
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
    // The component for GitLab must be in a folder of this name.
    files.retain(|(name, _)| !name.starts_with("afterword/"));
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
