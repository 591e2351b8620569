//! Imports reports of random fragments: each word of a report is in the files or in what the import lists.

use afterword::config::Config;
use afterword::import::{self, Settings};
use afterword::source::Source;

use super::random::Dice;

/// Blocks of a report, with `W` for a word that no other one has.
const FRAGMENTS: &[&str] = &[
    "W W W.",
    "## Timeline",
    "## Root Cause",
    "## W",
    "### W",
    "### 2025-03-04",
    "### 2025-03-05\nW W",
    "### 2025-03-04 09:10 W",
    "### 09:20\n\nW W",
    "**2025-03-06**",
    "2025-03-06\nW W\n09:40 W",
    "**W**",
    "W:",
    "- W\n- W",
    "- 09:30 W\n- W W\n- ~10:00 W",
    "- 2025-03-04\n  - W\n  - W",
    "- 2025-03-05\n  - 09:10 W\n  - W",
    "2025-03-04 10:20 W\nW",
    "[W](https://example.org/W)\n\nW",
    "```\nW\n```",
    "```\n11:20 W\nW\n```",
    "    11:30 W",
    "| Time | Event |\n|---|---|\n| 12:00 | W |\n| | W |\n| 31.06.2025 | W |",
    "| W | W |\n|---|---|\n| W | W |",
    "---",
    "> W",
];

/// Returns a word without a meaning.
fn word(number: usize) -> String {
    let letter = |value: usize| char::from(b'a' + u8::try_from(value % 26).expect("a letter"));
    format!(
        "zq{}{}{}",
        letter(number / 676),
        letter(number / 26),
        letter(number)
    )
}

/// Replaces each `W` by a word; returns the report and its words.
fn report(dice: &mut Dice) -> (String, Vec<String>) {
    let mut text = "# Printers offline\n\n**Date:** 2025-03-04\n\n## Timeline".to_owned();
    for _ in 0..=dice.roll(8) {
        text.push_str(&format!("\n\n{}", FRAGMENTS[dice.roll(FRAGMENTS.len())]));
    }
    let parts: Vec<&str> = text.split('W').collect();
    let words: Vec<String> = (1..parts.len()).map(word).collect();
    let mut report = String::new();
    for (index, part) in parts.iter().enumerate() {
        report.push_str(part);
        report.push_str(words.get(index).map_or("", String::as_str));
    }
    (report, words)
}

#[test]
fn no_word_of_a_report_of_random_fragments_is_lost() {
    let (mut failures, mut count) = (Vec::new(), 0);
    for seed in 1..=400 {
        let (text, words) = report(&mut Dice(seed * 15_485_863));
        let source = Source::new("INC-2025-0301.md", text.as_str());
        let Ok(imported) = import::report(&source, &Config::default(), &Settings::default()) else {
            continue;
        };
        count += 1;
        let timeline = imported.timeline.as_deref().unwrap_or_default();
        let kept = format!("{}{timeline}", imported.kept());
        let lost: Vec<&String> = { words.iter() }
            .filter(|word| !kept.contains(*word))
            .collect();
        if !lost.is_empty() {
            failures.push(format!("seed {seed}: {lost:?}\n{text}"));
        }
    }
    assert!(count > 300, "{count} are imported");
    let shown: Vec<&str> = failures.iter().map(String::as_str).take(5).collect();
    assert!(
        failures.is_empty(),
        "{} of {count}\n{}",
        failures.len(),
        shown.join("\n\n")
    );
}
