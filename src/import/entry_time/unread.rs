//! Recognizes texts that start as a time does, although it is none that can be read.

use super::super::vocabulary::WORDS;

/// Returns `true` if a text starts as a time does, although it is none that can be read: `2X:XX`, `T+5m`.
pub(in super::super) fn is_unread(text: &str) -> bool {
    // `[Four days prior] …`, among entries with their times in brackets
    let in_brackets = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let is_bracketed = in_brackets.is_some_and(|(inner, rest)| {
        let is_box = matches!(inner, "" | " " | "x" | "X");
        !is_box && rest.starts_with(' ')
    });
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
    let is_date = is_date_like(first);
    let lower = bare.to_lowercase();
    let is_counted = lower
        .strip_prefix("d+")
        .or_else(|| lower.strip_prefix('翌'));
    let is_counted = is_counted.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_word = WORDS
        .unread_times
        .iter()
        .any(|word| first.trim_end_matches([':', ',']).to_lowercase() == *word);
    is_bracketed
        || is_word
        || is_clock(before)
            && is_clock(after.split([':', '-', '–', '/']).next().unwrap_or_default())
        || is_relative
        || is_later
        || is_counted
        || is_date
}

/// Returns `true` for three numbers that are written as a date, also for one that no calendar has: `31.06.2025`.
pub(in super::super) fn is_date_like(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || "-/.,:".contains(c);
    let signs = word.chars().filter(|c| matches!(c, '-' | '/' | '.'));
    let is_number = word.starts_with(|c: char| c.is_ascii_digit());
    word.len() >= 8 && is_number && signs.count() == 2 && word.chars().all(is_part)
}
