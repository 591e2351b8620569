//! Parses the times of day in promises, such as `14:30`, `6pm` and `noon`.

use chrono::NaiveTime;

use crate::token::NumberWords;

/// Parses `14:30`, `10.30`, `6pm`, `10 a.m.`, `15 Uhr` and `noon` at the start of a text; returns the length in bytes too.
pub(super) fn time_of_day(text: &str, words: &NumberWords) -> Option<(NaiveTime, usize)> {
    let lower: String = text
        .chars()
        .take(20)
        .collect::<String>()
        .to_ascii_lowercase();
    let at = |hour, minute, length| Some((NaiveTime::from_hms_opt(hour, minute, 0)?, length));
    let mut named = words.times.iter();
    if let Some((word, time)) = named.find(|(word, _)| lower.starts_with(word.as_str())) {
        return Some((*time, word.len()));
    }
    let digits = |from: usize| {
        let rest = lower.get(from..).unwrap_or_default();
        rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len()
    };
    let mut end = Some(digits(0)).filter(|length| (1..=2).contains(length))?;
    let hour: u32 = lower.get(..end)?.parse().ok()?;
    let mut minute = None;
    let separator = lower.get(end..end + 1).unwrap_or_default();
    if matches!(separator, ":" | "." | "h") && digits(end + 1) == 2 {
        minute = Some(lower.get(end + 1..end + 3)?.parse().ok()?);
        end += 3;
        if separator == ":" && lower.get(end..end + 1) == Some(":") && digits(end + 1) == 2 {
            end += 3;
        }
        // `10:30.5` and `1.25.3` are no times.
        let next = lower.get(end..).unwrap_or_default();
        let next = next.strip_prefix(['.', ':', '-', '/', '%']).unwrap_or(next);
        if next.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
    }
    let after = lower.get(end..).unwrap_or_default();
    let spaced = after.trim_start();
    let space = after.len() - spaced.len();
    let ends = [("a.m.", 0), ("p.m.", 12), ("am", 0), ("pm", 12)];
    let half = ends.iter().find(|(half, _)| {
        let next = spaced.strip_prefix(half);
        next.is_some_and(|next| !next.starts_with(char::is_alphanumeric))
    });
    if let Some((half, hours)) = half.filter(|_| (1..=12).contains(&hour)) {
        return at(
            hour % 12 + hours,
            minute.unwrap_or(0),
            end + space + half.len(),
        );
    }
    let hours = ["uhr", "o'clock", "o’clock"].iter();
    let mut hours = hours.filter(|word| spaced.starts_with(**word));
    if let Some(word) = hours.next() {
        return at(hour, minute.unwrap_or(0), end + space + word.len());
    }
    at(hour, minute?, end)
}
