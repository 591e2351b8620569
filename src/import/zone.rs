//! Reads time zones as reports name them: offsets, abbreviations and names in full.
//!
//! An abbreviation may belong to several time zones, and has no daylight-saving rules: `PST` in July is read
//! as the local time of the Pacific coast. A note names what was chosen.

use chrono::{DateTime, TimeDelta, Utc};

use super::vocabulary::WORDS;
use super::words::folded;
use crate::moment::Zone;
use crate::source::clock;

/// The meaning of the name of a time zone.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Named {
    /// A single time zone.
    One(Zone),
    /// An abbreviation of several time zones.
    Several(&'static [Zone]),
}

/// Returns the meaning of a name, or `None` if it names no time zone.
///
/// `near` is a time at which an abbreviation must apply.
pub(super) fn named(name: &str, near: Option<DateTime<Utc>>) -> Option<Named> {
    let name = name.trim();
    if let Some((first, second)) = twice(name) {
        return named_twice(first, second, near);
    }
    if let Some(offset) = utc_offset(name) {
        return Some(Named::One(offset));
    }
    if let Some(several) = WORDS.several_zones.get(name) {
        let applies = |zone: &&Zone| near.is_some_and(|near| zone.abbreviation(near) == name);
        let mut fitting = several.iter().filter(applies);
        return Some(match (fitting.next(), fitting.next(), several.first()) {
            (Some(only), None, Some(first)) if only == first => Named::One(*only),
            _ => Named::Several(several),
        });
    }
    let iana = name.parse::<Zone>().ok().filter(|_| name.contains('/'));
    let zone = iana.or_else(|| WORDS.zones.exact(name));
    let zone = zone.or_else(|| WORDS.zone_names.exact(&name.to_lowercase()));
    zone.map(Named::One)
}

/// Splits a name that is stated twice: `CST (UTC+8)`, `Central European Time (CET)`.
fn twice(name: &str) -> Option<(&str, &str)> {
    let (first, second) = name.strip_suffix(')')?.split_once('(')?;
    Some((first.trim(), second.trim()))
}

/// Returns the meaning of two names of one time zone; an offset that contradicts the name is what was meant.
fn named_twice(first: &str, second: &str, near: Option<DateTime<Utc>>) -> Option<Named> {
    let meaning = match (named(first, near)?, named(second, near)?) {
        (Named::One(zone), Named::One(other)) => {
            let is_same = near.is_none_or(|near| zone.offset(near) == other.offset(near));
            Named::One(if is_same { zone } else { other })
        }
        (Named::One(zone), Named::Several(_)) | (Named::Several(_), Named::One(zone)) => {
            Named::One(zone)
        }
        (several, Named::Several(_)) => several,
    };
    Some(meaning)
}

/// Returns `true` if a text names a time zone.
pub(super) fn is_zone(name: &str) -> bool {
    named(name, None).is_some()
}

/// Parses `UTC`, `GMT`, `Z`, `+02:00`, `UTC+2`, `GMT-03:30`.
fn utc_offset(name: &str) -> Option<Zone> {
    let name = name.replace(['−', '±'], "-");
    let bare = ["UTC", "utc", "GMT", "Utc"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix));
    let offset = match bare.map(str::trim_start) {
        Some("") => return Some(Zone::default()),
        Some(offset) => offset,
        None if name == "Z" => return Some(Zone::default()),
        // A bare `-5` is a number.
        None if name.contains(':') || name.len() == 5 => &name,
        None => return None,
    };
    clock::offset(offset)?.parse().ok()
}

/// Parses the name of a time zone at the start of a text, in brackets or not; returns it and the rest.
pub(super) fn leading(text: &str) -> Option<(&str, &str)> {
    let tail = text.trim_start();
    let is_adjacent = tail.len() == text.len();
    let (bare, closing) = match tail.strip_prefix(['(', '[']) {
        Some(bare) => (bare, true),
        None => (tail, false),
    };
    let (name, rest) = in_full(bare).or_else(|| single_word(bare))?;
    let is_letter = name == "Z";
    if is_letter && !is_adjacent {
        return None;
    }
    if !closing {
        // `Central European Time (CET)` names it twice.
        let again = rest.trim_start().strip_prefix('(').and_then(|inner| {
            let (again, rest) = inner.split_once(')')?;
            is_zone(again).then_some(rest)
        });
        return match again {
            Some(rest) => bare.split_at_checked(bare.len() - rest.len()),
            None => Some((name, rest)),
        };
    }
    Some((name, rest.strip_prefix([')', ']'])?))
}

/// Parses a name in full, of two to four words, or in a script without spaces between words.
fn in_full(text: &str) -> Option<(&str, &str)> {
    if text.starts_with(is_ideograph) {
        let mut names = WORDS.zone_names.phrases();
        let name = names.find(|name| text.starts_with(*name))?;
        return text.split_at_checked(name.len());
    }
    let spaces = text
        .match_indices(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(|(at, _)| at);
    let ends: Vec<usize> = spaces.take(4).chain([text.len()]).take(4).collect();
    ends.into_iter().rev().find_map(|end| {
        let (name, rest) = text.split_at_checked(end)?;
        let is_full = name.contains(' ') || !name.is_ascii();
        (is_full && WORDS.zone_names.exact(&name.to_lowercase()).is_some()).then_some((name, rest))
    })
}

/// Returns the first name of a time zone in full in a sentence: `nine in the morning Pacific time`.
pub(super) fn full_name(line: &str) -> Option<&str> {
    let starts = line.match_indices([' ', '(']).map(|(at, _)| at + 1);
    { [0].into_iter().chain(starts) }.find_map(|at| {
        let (name, rest) = in_full(line.get(at..)?)?;
        // `customers in the Pacific time zone` is about places.
        let is_time = !rest.starts_with(" zone") && !name.starts_with(is_ideograph);
        is_time.then_some(name)
    })
}

/// Returns `true` for a character of Chinese or Japanese.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{9fff}')
}

fn single_word(text: &str) -> Option<(&str, &str)> {
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-' | '−' | ':');
    let mut end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    // `UTC +02:00`
    if let Some(offset) = text.get(end..).and_then(|rest| rest.strip_prefix(" +"))
        && matches!(text.get(..end), Some("UTC" | "GMT"))
    {
        let digits = offset
            .find(|c: char| !(c.is_ascii_digit() || c == ':'))
            .unwrap_or(offset.len());
        if digits > 0 {
            end += 2 + digits;
        }
    }
    // The longest part that names a time zone: `UTC+2:` and `PST-PDT` have a rest.
    while end > 0 {
        let (name, rest) = text.split_at_checked(end)?;
        let is_minute = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        let is_cut = rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            || name.contains('-') && rest.strip_prefix(':').is_some_and(is_minute);
        // `10:00 UTC-11:00 UTC` is a span.
        let is_span = name.contains('-') && name.contains(':') && leading(rest).is_some();
        if !is_cut && !is_span && !name.ends_with([':', '-', '+', '/']) && is_zone(name) {
            return Some((name, rest));
        }
        end = name.rfind([':', '-', '−', '+', '/', '_'])?;
    }
    None
}

/// Returns the first name of a time zone in a line.
pub(super) fn within(line: &str) -> Option<&str> {
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let is_name = |(name, rest): &(&str, &str)| name.len() > 1 && !is_word(name, rest);
        if let Some((name, _)) = leading(rest).filter(is_name) {
            return Some(name);
        }
        let is_part = |c: char| (c.is_alphanumeric() || "/_+-".contains(c)) && !is_ideograph(c);
        let next = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        // The name may be the next word, or start where a script without spaces ends.
        let passed = rest.get(next..).and_then(|rest| rest.chars().next());
        at += next + passed.map_or(1, char::len_utf8);
    }
    None
}

/// Returns `true` if a line is about times that are none of the report: `Graph times are UTC`.
pub(super) fn is_about_others(line: &str) -> bool {
    let folded = folded(line);
    let mut words = folded.split(' ').peekable();
    std::iter::from_fn(move || Some((words.next()?, words.peek().copied()))).any(|(word, next)| {
        next == Some("times") && WORDS.other_times.iter().any(|other| other == word)
    })
}

/// Splits the sentence of a line about all times at its words: `All times are in CET`.
pub(super) fn preface(line: &str) -> Option<(&str, &str)> {
    let lower = line.to_lowercase();
    { WORDS.preface.iter() }.find_map(|phrase| {
        let (before, after) = lower.split_once(phrase.as_str())?;
        let before = line.get(..before.len())?;
        let after = line.get(line.len().checked_sub(after.len())?..)?;
        let end = [". ", "; "].iter().filter_map(|end| after.find(end)).min();
        let last = before.trim_end().rsplit(' ').next();
        // `at all times` is about none.
        let is_other = last.is_some_and(|word| word.eq_ignore_ascii_case("at"));
        let is_other = is_other || is_about_others(line);
        (!is_other).then_some((before, after.get(..end.unwrap_or(after.len()))?))
    })
}

/// Returns `true` if a name is that of a time zone or another word, and the text after it goes on.
pub(super) fn is_word(name: &str, rest: &str) -> bool {
    let tail = rest.trim_start();
    let goes_on = tail.starts_with(|c: char| c.is_alphanumeric() || "\"'`@“".contains(c));
    let is_dated = |rest: &str| rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let is_over = ["to ", "until ", "and ", "unless "]
        .iter()
        .any(|word| tail.starts_with(word))
        || tail.strip_prefix("on ").is_some_and(is_dated);
    goes_on && !is_over && WORDS.zone_words.iter().any(|word| word == name)
}

/// Returns the time zone of a city in brackets: `Timeline (Berlin)`, `Timeline (local time, Madrid)`.
pub(super) fn city_in_brackets(text: &str) -> Option<&'static str> {
    let (_, inner) = text.split_once(['(', '['])?;
    let (inner, _) = inner.split_once([')', ']'])?;
    let city = inner.rsplit([',', ':']).next()?.trim();
    let is_joint = |word: &&str| is_time_word(word) || matches!(*word, "de" | "of");
    let words: Vec<&str> = city.split(' ').skip_while(is_joint).collect();
    let city = words.join(" ");
    let city = city.strip_suffix(" time").unwrap_or(&city);
    let mut zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    zones.find(|name| {
        let (_, of_zone) = name.rsplit_once('/').unwrap_or_default();
        !city.is_empty() && of_zone.replace('_', " ").eq_ignore_ascii_case(city)
    })
}

fn is_time_word(word: &str) -> bool {
    let word = word.to_lowercase();
    WORDS.time_words.contains(&word)
}

/// Returns `true` for the local time of a place that is not known: `Ortszeit Wien`, `hora de Colombia`.
fn is_unknown_local(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = || name.split(' ');
    let is_place = |word: &str| word.starts_with(char::is_uppercase) && !is_time_word(word);
    let has_digit = name.contains(|c: char| c.is_ascii_digit());
    let is_of_place = words().count() < 6 && words().any(is_time_word) && words().any(is_place);
    let is_local = WORDS
        .local_times
        .iter()
        .any(|word| lower.contains(word.as_str()));
    (is_local || is_of_place) && !has_digit && !is_zone(name)
}

/// Returns a text in brackets that names a time zone, but none that is known: `(XYT)`, `(Ortszeit Wien)`.
pub(super) fn unknown_in_brackets(text: &str) -> Option<&str> {
    text.split(['(', '[']).skip(1).find_map(|rest| {
        let (inner, _) = rest.split_once([')', ']'])?;
        let inner = inner.trim();
        (looks_like_zone(inner) || is_unknown_local(inner)).then_some(inner)
    })
}

/// Returns the unknown abbreviation of a time zone after a time: `09:10 XYT`, `09:10 (XYT)`, `09:10 XYT - x`.
pub(super) fn unknown_after_time(text: &str) -> Option<&str> {
    unknown_in_brackets(text).or_else(|| {
        let mut words = text.split(' ').skip(1);
        words.find_map(|word| {
            let word = word.trim_end_matches([':', ',', ')', '.']);
            looks_like_zone(word).then_some(word)
        })
    })
}

/// Returns the unknown abbreviation of a time zone at the start of the text of an entry.
pub(super) fn unknown_before_text(text: &str) -> Option<&str> {
    let text = text.trim_start();
    if text.starts_with(['(', '[']) {
        let inner = unknown_in_brackets(text)?;
        return text.get(1..)?.starts_with(inner).then_some(inner);
    }
    let end = text.find(|c: char| !c.is_ascii_uppercase())?;
    let (word, rest) = text.split_at_checked(end)?;
    let is_separate = rest.starts_with([':', '|', ')'])
        || [" - ", " – ", " — ", " | "]
            .iter()
            .any(|dash| rest.starts_with(dash));
    (is_separate && looks_like_zone(word)).then_some(word)
}

fn looks_like_zone(word: &str) -> bool {
    let is_abbreviation = (3..=5).contains(&word.len())
        && word.ends_with('T')
        && word.bytes().all(|byte| byte.is_ascii_uppercase());
    is_abbreviation && !is_zone(word) && !WORDS.not_zones.iter().any(|other| other == word)
}

/// Returns a note if a time zone does not apply at a time: `PST` in July, `British Summer Time` in March.
pub(super) fn mismatch(name: &str, zone: Zone, at: DateTime<Utc>) -> Option<String> {
    let in_use = zone.abbreviation(at);
    let lower = name.to_lowercase();
    let is_summer = ["summer", "daylight", "sommerzeit"]
        .iter()
        .any(|word| lower.contains(word));
    if is_summer && !has_summer_time(zone, at) {
        return Some(format!(
            "`{name}` read as the local time of {zone}, which was {in_use} then; pass `--tz` with an offset if it was not"
        ));
    }
    let is_abbreviation = name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
    let english = match name {
        "MEZ" => "CET",
        "MESZ" => "CEST",
        name => name,
    };
    let differs = matches!(zone, Zone::Named(_)) && in_use != english;
    (is_abbreviation && differs && in_use.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| {
        format!("`{name}` read as the local time of {zone}, which was {in_use} then; pass `--tz` with an offset if it was not")
    })
}

/// Returns `true` if the clocks of a time zone are ahead of their winter time.
fn has_summer_time(zone: Zone, at: DateTime<Utc>) -> bool {
    let months = (0..12).map(|month| at + TimeDelta::days(30 * month));
    let offset = |at: DateTime<Utc>| zone.offset(at).local_minus_utc();
    { months }
        .map(offset)
        .min()
        .is_some_and(|least| offset(at) > least)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the time zone of a name, or `None` if it names none or several.
    fn zone(name: &str, near: Option<DateTime<Utc>>) -> Option<Zone> {
        match named(name, near)? {
            Named::One(zone) => Some(zone),
            Named::Several(_) => None,
        }
    }

    #[test]
    fn time_zones_are_read_as_reports_name_them() {
        for (text, expected) in [
            ("UTC", "UTC"),
            ("GMT+2", "+02:00"),
            ("UTC+02:00", "+02:00"),
            ("UTC-5", "-05:00"),
            ("GMT-03:30", "-03:30"),
            ("UTC −3", "-03:00"),
            ("+0530", "+05:30"),
            ("SGT", "Asia/Singapore"),
            ("British Summer Time", "Europe/London"),
            ("Central European Time", "Europe/Berlin"),
            ("PST", "America/Los_Angeles"),
            ("US/Pacific", "US/Pacific"),
        ] {
            assert_eq!(
                zone(text, None).map(|zone| zone.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "",
            "UC/Pacific",
            "Mars",
            "-5",
            "UTC+25",
            "lunch",
            "CST",
            "IST",
        ] {
            assert_eq!(zone(text, None), None, "{text}");
        }
        let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
        assert!(zone("BST", at("2025-07-01T00:00:00Z")).is_some());
        assert!(zone("BST", at("2025-01-01T00:00:00Z")).is_none());
        assert!(zone("CST", at("2025-07-01T00:00:00Z")).is_none());
    }

    #[test]
    fn a_time_zone_ends_where_its_name_ends() {
        for (text, expected) in [
            (" UTC+2 - x", Some(("UTC+2", " - x"))),
            (" (UTC) x", Some(("UTC", " x"))),
            ("Z - x", Some(("Z", " - x"))),
            (" Z x", None),
            (
                " Central European Time (CET) x",
                Some(("Central European Time (CET)", " x")),
            ),
            (" UTC: x", Some(("UTC", ": x"))),
            (" UTC-14:30 UTC", Some(("UTC", "-14:30 UTC"))),
            (" Uploads fail", None),
        ] {
            assert_eq!(leading(text), expected, "{text}");
        }
        assert_eq!(
            within("All times in Central European Time (CET)"),
            Some("Central European Time (CET)")
        );
        assert_eq!(
            within("## Timeline (all times PST) 01/27/2025"),
            Some("PST")
        );
        assert_eq!(within("All times in UC/Pacific."), None);
    }
}
