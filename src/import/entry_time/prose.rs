//! Finds the spans of times in sentences.

use super::super::vocabulary::WORDS;
use super::{EntryTime, single_time};

/// Returns the spans of times in a text, with the rest after each: `between 14:10 and 15:25 UTC`.
pub(in super::super) fn spans_in_prose(text: &str) -> impl Iterator<Item = (EntryTime, &str)> {
    let lower = text.to_ascii_lowercase();
    let is_start = move |at: usize| {
        let before = lower.get(..at).unwrap_or_default();
        WORDS.span_starts.iter().any(|word| {
            let before = before.strip_suffix(word.as_str());
            before.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
        })
    };
    let starts = text.char_indices().map(|(at, _)| at).skip(1);
    starts.filter(move |at| is_start(*at)).filter_map(|at| {
        let (at, zone, rest) = single_time(text.get(at..)?)?;
        let tail = rest.trim_start_matches([' ', ',']);
        let joints = WORDS.span_joints.iter();
        let tail = { joints }.find_map(|joint| tail.strip_prefix(joint.as_str()))?;
        let (until, until_zone, rest) = single_time(tail.trim_start())?;
        at.time?;
        until.time?;
        let until_zone = until_zone.or(zone).map(ToOwned::to_owned);
        let time = EntryTime {
            at,
            until: Some(until),
            zone: zone.map(ToOwned::to_owned).or_else(|| until_zone.clone()),
            until_zone,
            day: None,
            until_day: None,
        };
        Some((time, rest))
    })
}
