//! Finds the spans of times in sentences.

use super::{EntryTime, single_time};

/// Returns the spans of times in a text, with the rest after each: `between 14:10 and 15:25 UTC`.
pub(in super::super) fn spans_in_prose(text: &str) -> impl Iterator<Item = (EntryTime, &str)> {
    let starts = [
        "from ",
        "between ",
        "From ",
        "Between ",
        "von ",
        "zwischen ",
        "Zwischen ",
        "entre ",
        "Entre ",
        "entre las ",
        "Entre las ",
        "entre as ",
        "desde las ",
        "das ",
        "de ",
    ];
    let found = starts
        .into_iter()
        .flat_map(|word| text.match_indices(word).map(move |(at, _)| at + word.len()));
    found.filter_map(|at| {
        let (at, zone, rest) = single_time(text.get(at..)?)?;
        let tail = rest.trim_start();
        let joint = [
            "to ",
            "and ",
            "until ",
            "till ",
            "–",
            "—",
            "- ",
            "bis ",
            "und ",
            "y las ",
            "hasta las ",
            "y ",
            "et ",
            "e as ",
            "às ",
            "e ",
            "à ",
        ];
        let tail = joint.iter().find_map(|joint| tail.strip_prefix(joint))?;
        let (until, until_zone, rest) = single_time(tail.trim_start())?;
        at.time?;
        until.time?;
        let until_zone = until_zone.or(zone).map(ToOwned::to_owned);
        let time = EntryTime {
            at,
            until: Some(until),
            zone: zone.map(ToOwned::to_owned).or_else(|| until_zone.clone()),
            until_zone,
        };
        Some((time, rest))
    })
}
