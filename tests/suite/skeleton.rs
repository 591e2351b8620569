//! The skeleton of `new --full`: it has every key, can be filled in, and is never published unfilled.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use afterword::load::schema;
use toml::{Table, Value};

use crate::import::golden;
use crate::report::unused;
use crate::site::{afterword, case, copy, said};

const ID: &str = "INC-2025-0100";

/// The keys that the skeleton does not have, and why.
const NOT_IN_SKELETON: &[(&str, &str)] = &[
    (".id", "it is the name of the file, which `new` chooses"),
    (
        ".extra",
        "it has no keys of its own, and only custom templates see it",
    ),
];

/// A part of the skeleton: a header and the examples of its keys, each without `# `.
struct Block {
    header: String,
    examples: Vec<String>,
}

impl Block {
    /// Returns the key path of its table.
    fn path(&self) -> Vec<&str> {
        let path = self.header.trim_matches(['[', ']']);
        path.split('.').filter(|part| !part.is_empty()).collect()
    }

    fn is_list(&self) -> bool {
        self.header.starts_with("[[")
    }

    /// Returns the examples with the key of each.
    fn keys(&self) -> impl Iterator<Item = (&str, &str)> {
        self.examples.iter().map(|example| {
            let (key, _) = example.split_once('=').expect("a key");
            (key.trim(), example.as_str())
        })
    }
}

/// Creates an archive with a full skeleton of a title, and returns it.
fn skeleton(folder: &Path, id: &str) -> String {
    let at = folder.to_str().expect("UTF-8");
    let new = [
        "-C",
        at,
        "new",
        "Zq001 title",
        "--severity",
        "P1",
        "--full",
        "--id",
        id,
    ];
    let output = afterword(&new, &[("SOURCE_DATE_EPOCH", "1795239728")]);
    assert!(output.status.success(), "{}", said(&output));
    fs::read_to_string(folder.join(format!("incidents/{id}.toml"))).expect("it is there")
}

fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("incidents")).expect("writable");
    folder
}

/// Returns the parts of a skeleton; the first is for the keys above all tables.
fn blocks(skeleton: &str) -> Vec<Block> {
    let new = |header: &str| Block {
        header: header.to_owned(),
        examples: Vec::new(),
    };
    let mut blocks = vec![new("")];
    let mut is_text = false;
    for line in skeleton.lines().filter_map(|line| line.strip_prefix("# ")) {
        let block = blocks.last_mut().expect("there is one");
        if is_text {
            let example = block.examples.last_mut().expect("it began");
            example.push_str(&format!("\n{line}"));
            is_text = line != "\"\"\"";
        } else if line.starts_with('[') {
            blocks.push(new(line));
        } else if line.starts_with('"') || is_key(line) {
            block.examples.push(line.to_owned());
            is_text = line.ends_with("\"\"\"");
        }
    }
    blocks
}

/// Returns `true` for an example of a key, and `false` for a sentence.
fn is_key(line: &str) -> bool {
    let key = line.split_once(" = ").map(|(key, _)| key.trim_end());
    key.is_some_and(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

/// Returns the lines that are no comments.
fn head(skeleton: &str) -> String {
    let head = skeleton.lines().filter(|line| !line.starts_with('#'));
    head.flat_map(|line| [line, "\n"]).collect()
}

/// Writes each block with all of its examples.
fn uncommented(skeleton: &str) -> String {
    let mut text = head(skeleton);
    for block in blocks(skeleton) {
        text.push_str(&format!(
            "{}\n{}\n",
            block.header,
            block.examples.join("\n")
        ));
    }
    text
}

#[test]
fn the_full_skeleton_has_every_key() {
    let folder = archive();
    let text = uncommented(&skeleton(folder.path(), ID));
    let incident: Value = toml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let incident = serde_json::to_value(incident).expect("JSON");
    let missing: BTreeSet<String> = unused(schema::incident(), &incident).into_iter().collect();
    let expected = NOT_IN_SKELETON.iter().map(|(key, _)| (*key).to_owned());
    assert_eq!(missing, expected.collect());
}

/// Finds the tables of a path: all entries if it is a list.
fn tables<'v>(values: &'v Table, path: &[&str]) -> Vec<&'v Table> {
    let Some((first, rest)) = path.split_first() else {
        return vec![values];
    };
    let found = match values.get(*first) {
        Some(Value::Table(table)) => vec![table],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_table).collect(),
        _ => Vec::new(),
    };
    found
        .into_iter()
        .flat_map(|table| tables(table, rest))
        .collect()
}

/// Fills a skeleton with values: uncomments the keys that they have, and copies the blocks of lists.
fn filled(skeleton: &str, values: &Table) -> String {
    let mut text = head(skeleton);
    let blocks = blocks(skeleton);
    let of_blocks: BTreeSet<String> = blocks.iter().map(|block| block.path().join(".")).collect();
    for block in &blocks {
        let path = block.path();
        let tables = tables(values, &path);
        assert!(block.is_list() || tables.len() <= 1, "{}", block.header);
        for table in tables {
            text.push_str(&format!("{}\n", block.header));
            let is_map = block
                .examples
                .iter()
                .all(|example| example.starts_with('"'));
            for (key, value) in table {
                let is_here = is_map || block.keys().any(|(example, _)| example == key);
                let below = [&path, &[key.as_str()][..]].concat().join(".");
                if is_here {
                    let key = Value::from(key.as_str());
                    text.push_str(&format!("{key} = {value}\n"));
                } else {
                    let is_below = of_blocks.iter().any(|path| path.starts_with(&below));
                    assert!(is_below, "the skeleton has no `{below}`");
                }
            }
        }
    }
    text
}

/// Returns the reports of an incident of an archive: of its values, and of a skeleton that is filled with them.
fn reports(archive: &Path, id: &str, is_full: bool) -> [String; 2] {
    let work = tempfile::tempdir().expect("a folder");
    copy(archive, work.path());
    let path = work.path().join(format!("incidents/{id}.toml"));
    let text = fs::read_to_string(&path).expect("it is there");
    let mut values: Table = toml::from_str(&text).expect("TOML");
    // The existing report would replace the one that is compared.
    for key in ["id", "extra", "report"] {
        values.remove(key);
    }
    let shown = |text: &str| {
        fs::write(&path, text).expect("writable");
        let at = work.path().to_str().expect("UTF-8");
        let output = afterword(&["-C", at, "show", id], &[]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let expected = shown(&toml::to_string(&values).expect("TOML"));
    let folder = self::archive();
    let mut skeleton = skeleton(folder.path(), id);
    for key in ["title", "severity", "classification"] {
        let old = skeleton.lines().find(|line| line.starts_with(key));
        let old = format!("{}\n", old.expect("the skeleton has it"));
        let new = values.remove(key).map(|value| format!("{key} = {value}\n"));
        skeleton = skeleton.replacen(&old, &new.unwrap_or_default(), 1);
    }
    let text = filled(&skeleton, &values);
    if is_full {
        let is_used = |block: &Block| text.contains(&format!("{}\n", block.header));
        assert!(blocks(&skeleton).iter().all(is_used), "{text}");
    }
    [shown(&text), expected]
}

#[test]
fn a_filled_skeleton_gives_the_report() {
    let [filled, expected] = reports(case("every-key").as_std_path(), ID, true);
    assert_eq!(filled, expected);
}

#[test]
fn a_skeleton_filled_with_a_golden_incident_gives_its_report() {
    let Some(shared) = golden() else { return };
    for (archive, id) in [
        ("golden", "INC-2025-0023"),
        ("golden-investigation", "RCA-2026-0311"),
    ] {
        let archive = shared.join(archive);
        let expected = archive.join(format!("expected/{id}.md"));
        let expected = fs::read_to_string(expected).expect("it is there");
        let [filled, _] = reports(archive.as_std_path(), id, false);
        assert_eq!(filled, expected, "{id}");
    }
}

/// Codes of problems that an unfilled example or the key beside it has.
const OF_EXAMPLES: &[&str] = &[
    "placeholder",
    "unknown-value",
    "invalid-value",
    "wrong-type",
    "missing-key",
    "unknown-event",
    "unknown-action",
    "unknown-incident",
    "reference-without-target",
    "step-without-text",
];

#[test]
fn each_line_of_the_skeleton_alone_can_be_read() {
    let folder = archive();
    let skeleton = skeleton(folder.path(), ID);
    let head = head(&skeleton);
    let mut examples = Vec::new();
    for block in blocks(&skeleton) {
        for example in &block.examples {
            let text = format!("{head}{}\n{example}\n", block.header);
            let name = format!("incidents/LINE-{:03}.toml", examples.len());
            fs::write(folder.path().join(&name), &text).expect("writable");
            examples.push((name, text));
        }
    }
    assert!(examples.len() > 100);
    let at = folder.path().to_str().expect("UTF-8");
    let output = afterword(&["-C", at, "check", "--format", "json", "--all"], &[]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = found["diagnostics"].as_array().expect("a list");
    for (name, text) in &examples {
        let own = found.iter().filter(|found| found["file"] == **name);
        let own: Vec<_> = own.filter(|found| found["level"] == "error").collect();
        for found in own {
            let code = found["code"].as_str().expect("a code");
            assert!(OF_EXAMPLES.contains(&code), "{text}\n{found:#}");
        }
    }
}

/// Examples that no reader ever sees.
const FOR_AUTHORS: &[&str] = &["reason = \"[Fill in: why it does not apply]\""];

/// Returns the lines of an incident that `check` reports, and those with errors.
fn reported(folder: &Path, text: &str) -> (BTreeSet<usize>, BTreeSet<usize>) {
    fs::write(folder.join(format!("incidents/{ID}.toml")), text).expect("writable");
    let at = folder.to_str().expect("UTF-8");
    let output = afterword(&["-C", at, "check", "--format", "json"], &[]);
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let (mut all, mut errors) = (BTreeSet::new(), BTreeSet::new());
    for found in found["diagnostics"].as_array().expect("a list") {
        if !found["file"].as_str().is_some_and(|file| file.contains(ID)) {
            continue;
        }
        let line = |key: &str| usize::try_from(found[key].as_u64().unwrap_or_default());
        let (first, last) = (line("line"), line("end_line"));
        let lines = first.expect("a line")..=last.expect("a line");
        if found["level"] == "error" {
            errors.extend(lines.clone());
        }
        all.extend(lines);
    }
    (all, errors)
}

#[test]
fn no_example_is_published_silently() {
    let folder = archive();
    let skeleton = skeleton(folder.path(), ID);
    let text = uncommented(&skeleton);
    let is_example = |line: &str| line.contains("[Fill in");
    let (first, errors) = reported(folder.path(), &text);
    // An error hides the table around it: without the lines that have one, the others are found.
    let kept = text.lines().enumerate().map(|(index, line)| match line {
        line if line.starts_with("stage ") => "stage = \"resolved\"",
        line if line.starts_with("role ") && line.contains("commander") => "role = \"reviewer\"",
        line if is_example(line) && errors.contains(&(index + 1)) => "",
        line => line,
    });
    let kept: Vec<&str> = kept.collect();
    let (second, _) = reported(folder.path(), &kept.join("\n"));
    let lines = text.lines().enumerate();
    let silent = lines.filter(|(index, line)| {
        is_example(line) && !first.contains(&(index + 1)) && !second.contains(&(index + 1))
    });
    let silent: Vec<&str> = silent.map(|(_, line)| line).collect();
    assert_eq!(silent, FOR_AUTHORS);
}

#[test]
fn no_setting_of_the_skeleton_is_published_silently() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().to_str().expect("UTF-8");
    assert!(afterword(&["init", at], &[]).status.success());
    let path = folder.path().join("afterword.toml");
    let text = fs::read_to_string(&path).expect("it is there");
    for block in blocks(&text).iter().skip(1).chain(site_block(&text).iter()) {
        for (key, example) in block
            .keys()
            .filter(|(_, example)| example.contains("[Fill in"))
        {
            // `new` reports it, because only `new` uses it.
            if key == "ids" {
                continue;
            }
            fs::write(&path, format!("{}\n{example}\n", block.header)).expect("writable");
            let output = afterword(&["-C", at, "check", "--deny-warnings"], &[]);
            assert_eq!(output.status.code(), Some(1), "{example}");
        }
    }
}

/// Returns the commented keys of `[site]`, whose header is not a comment.
fn site_block(text: &str) -> Option<Block> {
    let first = blocks(text).into_iter().next()?;
    Some(Block {
        header: "[site]".to_owned(),
        ..first
    })
}

#[test]
fn an_incident_may_have_the_id_of_another_system() {
    let folder = archive();
    let at = folder.path().to_str().expect("UTF-8");
    let new = |id: &str| {
        let new = [
            "-C",
            at,
            "new",
            "Search is down",
            "--severity",
            "P2",
            "--id",
            id,
        ];
        afterword(&new, &[("SOURCE_DATE_EPOCH", "1795239728")])
    };
    let output = new("PD-48213");
    assert!(output.status.success(), "{}", said(&output));
    assert!(folder.path().join("incidents/PD-48213.toml").exists());
    assert!(folder.path().join("timelines/PD-48213.json").exists());
    for (id, reason) in [
        ("pd-48213", "`PD-48213` already exists"),
        ("PD_48213", "an ID cannot contain `_`"),
        ("../PD", "an ID cannot contain `.`"),
        ("", "at least one letter or digit"),
    ] {
        let output = new(id);
        assert_eq!(output.status.code(), Some(1), "{id}");
        assert!(said(&output).contains(reason), "{id}: {}", said(&output));
    }
}
