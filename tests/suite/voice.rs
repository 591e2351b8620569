//! Retired words do not come back into the text that people read.
//!
//! Looked at are templates, docs, the help of every command, the schemas, and the string
//! literals of the code. `docs/checks.md` and `schema/` are generated from the code.

use std::fs;

use afterword::cli::Cli;
use camino::{Utf8Path, Utf8PathBuf};
use clap::CommandFactory;

/// Words and phrases that were replaced, each with what is written instead.
const RETIRED: &[(&str, &str)] = &[
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("fault", "problem, error"),
    ("faults", "problems, errors"),
    ("told", "stated, recorded, notified"),
    ("capital letters", "uppercase, case-insensitive"),
    ("small letters", "lowercase"),
    ("outsider", "external reader"),
    ("outsiders", "external readers"),
    ("for outside", "for external readers"),
    ("those outside", "external readers"),
    ("harm", "impact"),
    ("harmed", "affected"),
    ("well again", "recovered"),
    ("there is no", "unknown …, … not found"),
    ("is no id", "invalid ID"),
    ("is no moment", "is ambiguous"),
    ("is no date", "is not a date"),
    ("is no time", "is not a time"),
    ("take the place of", "replace, supersede"),
    ("takes the place of", "replaces, supersedes"),
    ("took the place of", "replaced, superseded"),
    ("anew", "again"),
    ("perhaps", "maybe, possibly"),
    ("in vain", "without success"),
    ("goes on", "is ongoing, continues"),
    ("let go", "drop"),
    ("lets go", "drops"),
    ("by itself", "automatically, alone"),
    ("by themselves", "separately"),
    ("but for", "except"),
    ("by way of", "through"),
    ("looking for the cause", "investigating the cause"),
    ("should be over", "(nothing is over before `impact_ended`)"),
    ("it stays so", "we are monitoring"),
    ("sorry for the trouble", "sorry for the disruption"),
    ("nothing where", "`None` if"),
    ("nothing that", "none of the … that"),
    ("tells of", "mentions, describes"),
    ("tell of", "mention, describe"),
    ("tells nothing", "says nothing, reveals nothing"),
    ("stands", "is"),
    ("what stands", "the text"),
    ("leads to nothing", "is broken"),
    ("clock runs", "metric"),
    ("small and capital letters", "case-insensitive"),
    ("found by ourselves", "detected internally"),
    ("nobody owns", "unassigned"),
];

struct Text {
    file: String,
    line: usize,
    text: String,
}

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, endings: &[&str]) -> Vec<Utf8PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![repository().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().expect("a folder") {
            let path = entry.expect("readable").into_path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| endings.contains(&end)) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Utf8Path) -> (String, String) {
    let name = path.strip_prefix(repository()).expect("inside").to_string();
    (name, fs::read_to_string(path).expect("text"))
}

fn lines(file: &str, text: &str) -> Vec<Text> {
    let numbered = text.lines().enumerate();
    let text = |(index, line): (usize, &str)| Text {
        file: file.to_owned(),
        line: index + 1,
        text: line.to_owned(),
    };
    numbered.map(text).collect()
}

/// Returns the string literals of a line of Rust, without those of its tests.
fn literals(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find('"') {
        let tail = &rest[open + 1..];
        let mut escaped = false;
        let end = tail.find(|c| {
            let is_end = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            is_end
        });
        let Some(end) = end else {
            found.push(tail);
            break;
        };
        found.push(&tail[..end]);
        rest = &tail[end + 1..];
    }
    found
}

fn code(file: &str, text: &str) -> Vec<Text> {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    let code = text[..end].lines().enumerate();
    code.filter(|(_, line)| !line.trim_start().starts_with("//"))
        .flat_map(|(index, line)| {
            literals(line).into_iter().map(move |literal| Text {
                file: file.to_owned(),
                line: index + 1,
                text: literal.to_owned(),
            })
        })
        // A name, a key or a word to look for in other people's reports is not a sentence.
        .filter(|text| text.text.split_whitespace().count() > 2)
        .collect()
}

fn help(command: &mut clap::Command, texts: &mut Vec<Text>) {
    let name = format!("help of {}", command.get_name());
    texts.extend(lines(&name, &command.render_long_help().to_string()));
    for command in command.get_subcommands_mut() {
        help(command, texts);
    }
}

fn texts() -> Vec<Text> {
    let mut texts = Vec::new();
    for page in [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
    ] {
        let (name, text) = read(&repository().join(page));
        texts.extend(lines(&name, &text));
    }
    for (folder, endings) in [
        ("docs", &["md"][..]),
        ("templates", &["md", "html", "txt", "toml", "js"]),
        ("schema", &["json"]),
    ] {
        for path in files(folder, endings) {
            let (name, text) = read(&path);
            texts.extend(lines(&name, &text));
        }
    }
    for path in files("src", &["rs"]) {
        let (name, text) = read(&path);
        // Vocabulary of other people's reports, and tests, are not our voice.
        let is_data =
            name.contains("/tests") || name.contains("/import/") || name.contains("vocabulary");
        if !is_data {
            texts.extend(code(&name, &text));
        }
    }
    help(&mut Cli::command(), &mut texts);
    texts
}

/// Returns `true` if a text holds a phrase as whole words, in any case.
fn holds(text: &str, phrase: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[test]
fn retired_words_stay_away() {
    let mut found = Vec::new();
    for text in texts() {
        let lower = text.text.to_lowercase();
        for (phrase, instead) in RETIRED {
            if holds(&lower, phrase) {
                let Text { file, line, text } = &text;
                found.push(format!(
                    "{file}:{line}: `{phrase}` (write {instead}): {text}"
                ));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{} lines:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn a_retired_word_is_found_as_a_whole_word_only() {
    assert!(holds("mend the errors", "mend"));
    assert!(!holds("we recommend it", "mend"));
    assert!(!holds("default", "fault"));
    assert_eq!(literals(r#"let a = "b \" c"; f("d");"#), ["b \\\" c", "d"]);
}
