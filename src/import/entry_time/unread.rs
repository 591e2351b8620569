//! Recognizes texts that start as a time does, although it is none that can be read.

use super::super::vocabulary::WORDS;

/// Returns `true` if a text starts as a time does, although it is none that can be read: `2X:XX`, `T+5m`.
pub(in super::super) fn is_unread(text: &str) -> bool {
    let bare = text.trim_start_matches(['*', '_', '`', '[', '(', '~', ' ']);
    let first = bare
        .split([' ', ']', ')', '*', '`', '|'])
        .next()
        .unwrap_or_default();
    let (before, after) = first.split_once([':', 'h', '+']).unwrap_or((first, ""));
    let is_clock = |part: &str| {
        let part = part.trim_end_matches([':', ',', '-']);
        (1..=2).contains(&part.len())
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x' | '?'))
    };
    let is_relative = matches!(before, "T" | "t" | "t0" | "T0" | "")
        && after.starts_with(|c: char| c.is_ascii_digit());
    // `5 minutes later: …`
    let words: Vec<&str> = bare.split([' ', ':']).take(3).collect();
    let is_later = matches!(words.as_slice(), [number, _, "later" | "later," | "after" | "später"]
        if number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty());
    let is_date = first.len() >= 8
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .filter(|c| matches!(c, '-' | '/' | '.'))
            .count()
            == 2
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || "-/.,:".contains(c));
    let lower = bare.to_lowercase();
    let is_next_day = WORDS.next_day.iter().any(|phrase| {
        let rest = lower.strip_prefix(phrase.as_str());
        rest.is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    });
    let is_counted = lower
        .strip_prefix("d+")
        .or_else(|| lower.strip_prefix('翌'));
    let is_counted = is_counted.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_word = WORDS
        .unread_times
        .iter()
        .any(|word| first.trim_end_matches([':', ',']).to_lowercase() == *word);
    is_word
        || is_clock(before)
            && is_clock(after.split([':', '-', '–', '/']).next().unwrap_or_default())
        || is_relative
        || is_later
        || is_next_day
        || is_counted
        || is_date
}
