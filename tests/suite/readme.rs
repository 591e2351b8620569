//! The README shows what really comes out, and the first guide what the program really says.

use std::fs;

use camino::Utf8Path;

use crate::site::{afterword, said};

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

fn page(path: &str) -> String {
    fs::read_to_string(Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("it is there")
}

/// Gives the blocks of a page whose fence begins with these words.
fn blocks<'a>(page: &'a str, words: &str) -> Vec<&'a str> {
    let fence = format!("\n```{words}\n");
    let after = page.split(&fence).skip(1);
    after
        .map(|rest| rest.split_once("\n```").map_or(rest, |(block, _)| block))
        .collect()
}

#[test]
fn the_readme_shows_the_report_that_its_input_gives() {
    let readme = page("README.md");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, words: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, blocks(&readme, words)[0]).expect("writable");
    };
    write("incidents/INC-2025-0001.toml", "toml incident");
    write("timelines/INC-2025-0001.json", "json timeline");
    let at = folder.path().to_str().expect("UTF-8");
    let shown = afterword(&["-C", at, "show", "INC-2025-0001"], &[]);
    assert_eq!(
        String::from_utf8_lossy(&shown.stdout).trim_end(),
        blocks(&readme, "md report")[0],
        "{}",
        said(&shown)
    );
    let checked = afterword(
        &[
            "-C",
            at,
            "check",
            "--deny-warnings",
            "--as-of",
            "2025-02-10",
        ],
        &[],
    );
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stdout)
    );
}

/// Cuts a command into words, with double quotes as a shell reads them.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in command.split('"').enumerate() {
        if place % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn the_first_guide_shows_what_the_program_says() {
    let guide = page("docs/getting-started.md");
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().to_str().expect("UTF-8");
    let mut commands = 0;
    for block in blocks(&guide, "console") {
        for run in block.split("$ afterword ").skip(1) {
            let (command, expected) = run.split_once('\n').unwrap_or((run, ""));
            let words = words(command);
            let arguments: Vec<&str> = ["-C", at]
                .into_iter()
                .chain(words.iter().map(String::as_str))
                .collect();
            let output = afterword(&arguments, &[NOW]);
            assert!(output.status.success(), "{command}: {}", said(&output));
            if !expected.trim().is_empty() {
                assert_eq!(
                    String::from_utf8_lossy(&output.stdout).trim_end(),
                    expected.trim_end(),
                    "{command}"
                );
            }
            commands += 1;
        }
    }
    assert!(commands >= 6, "{commands} commands");
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let readme = page("README.md");
    for after in readme.split("](").skip(1) {
        let target = after.split(')').next().unwrap_or_default();
        let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(target.split('#').next().unwrap_or_default());
        assert!(
            target.starts_with("https://") || path.exists(),
            "{target} leads nowhere"
        );
    }
}
