//! Corrects a text that its format rejects to what was most likely meant.
//!
//! Each format of the schema has at most one row here. A correction is only shown, and the
//! caller checks that the format accepts it.

use crate::kind::may_be_in_url;
use crate::source::ascii;
use crate::source::clock;
use crate::token::{Languages, TimeUnit};

/// The correction of a text.
pub enum Correction {
    /// The texts that may have been meant.
    Write(Vec<String>),
    /// An instruction.
    Do(String),
}

type Corrector = fn(&str) -> Option<Correction>;

/// The formats whose texts can be corrected.
const CORRECTORS: &[(&str, Corrector)] = &[
    ("line", visible),
    ("block", visible),
    ("incident-id", id),
    ("web-address", url),
    ("mail-address", mail),
    ("archive-path", path),
    ("period", period),
    ("day", |text| some(clock::days(text))),
    ("moment", moment),
    ("time-zone", zone),
];

/// Returns what was most likely meant by a text, or `None` if it could be anything.
pub fn correction(format: &str, text: &str) -> Option<Correction> {
    let (_, correct) = CORRECTORS.iter().find(|(name, _)| *name == format)?;
    correct(text)
}

fn some(texts: Vec<String>) -> Option<Correction> {
    (!texts.is_empty()).then_some(Correction::Write(texts))
}

fn one(text: impl Into<String>) -> Option<Correction> {
    some(vec![text.into()])
}

/// Removes line breaks at both ends and invisible characters; a line separator between words becomes a space.
fn visible(text: &str) -> Option<Correction> {
    let is_kept = |character: char| {
        !crate::source::is_hidden(character) || matches!(character, '\u{200c}' | '\u{200d}')
    };
    one(text
        .trim()
        .chars()
        .map(|c| {
            if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .filter(|character| is_kept(*character))
        .collect::<String>())
}

fn id(text: &str) -> Option<Correction> {
    let joined: String = ascii(text.trim())
        .chars()
        .map(|character| {
            if "_ ./#:".contains(character) {
                '-'
            } else {
                character
            }
        })
        .collect();
    one(joined.trim_matches('-'))
}

/// Extracts the address from Markdown or angle brackets, and percent-encodes invalid characters.
fn url(text: &str) -> Option<Correction> {
    let text = text.trim();
    let linked = text
        .strip_prefix('[')
        .and_then(|text| text.split_once("]("));
    let text = linked.map_or(text, |(_, target)| target.trim_end_matches(')'));
    let text = text.strip_prefix('<').unwrap_or(text);
    let text = text.strip_suffix('>').unwrap_or(text);
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest))
            if ["http", "https"]
                .iter()
                .any(|known| scheme.eq_ignore_ascii_case(known)) =>
        {
            (scheme, rest)
        }
        Some(_) => return None,
        None if is_host(text.split('/').next().unwrap_or_default()) => ("https", text),
        None => return None,
    };
    let instruct = |text: &str| Some(Correction::Do(text.to_owned()));
    if rest.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return instruct("remove the line break");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        return instruct("remove the user and the password from it");
    }
    // A host has no encoding, unlike a path or a query.
    match host.chars().find(|c| !may_be_in_url(*c)) {
        Some(c) if c.is_whitespace() => return instruct("remove the space from the host"),
        Some(c) => return instruct(&format!("remove `{c}` from the host")),
        None => {}
    }
    let mut encoded = format!("{scheme}://");
    for character in rest.chars() {
        if may_be_in_url(character) {
            encoded.push(character);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in character.encode_utf8(&mut bytes).bytes() {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    one(encoded)
}

fn is_host(text: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || "-.:".contains(character);
    text.contains('.') && text.chars().all(is_part) && text.starts_with(char::is_alphanumeric)
}

fn mail(text: &str) -> Option<Correction> {
    let inner = text
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    let text = inner.map_or(text, |(inner, _)| inner).trim();
    one(text.strip_prefix("mailto:").unwrap_or(text))
}

fn path(text: &str) -> Option<Correction> {
    if text.starts_with('/') || text.get(1..2) == Some(":") {
        return None;
    }
    one(text.replace('\\', "/"))
}

/// Parses `7y`, `7 Years` and `18mo`.
fn period(text: &str) -> Option<Correction> {
    let text = text.trim().to_lowercase();
    if ["forever", "permanent", "unlimited", "indefinitely"].contains(&text.as_str()) {
        return one("indefinite");
    }
    let digits = text.find(|character: char| !character.is_ascii_digit())?;
    let (count, unit) = text.split_at_checked(digits)?;
    let unit = TimeUnit::named(unit.trim(), Languages::All);
    let unit = unit.filter(|unit| *unit >= TimeUnit::Day)?.name();
    let plural = if count == "1" { "" } else { "s" };
    one(format!("{count} {unit}{plural}"))
}

fn moment(text: &str) -> Option<Correction> {
    if let Some((start, end)) = clock::span(text) {
        return Some(Correction::Do(format!(
            "write `{start}`, and the end time in `until`: `{end}`"
        )));
    }
    if let Some(time) = clock::in_utc(text) {
        return Some(Correction::Do(format!(
            "write `{time}` if the timeline's `tz` is UTC, or add the date, as in `2025-01-14T{time}Z`"
        )));
    }
    some(clock::times(text))
}

/// Parses `+2`, `UTC+02`, `GMT+0200`, and a time zone's name in any case, with or without its continent.
fn zone(text: &str) -> Option<Correction> {
    let upper = ascii(text.trim()).to_ascii_uppercase();
    let rest = upper
        .trim_start_matches("UTC")
        .trim_start_matches("GMT")
        .trim();
    if rest.is_empty() {
        return one("UTC");
    }
    if rest.starts_with(['+', '-']) {
        return one(clock::offset(rest)?);
    }
    let wanted = upper.replace(' ', "_");
    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let full_name = names().find(|name| name.eq_ignore_ascii_case(&wanted));
    let city = || {
        let is_city = |name: &&str| {
            name.rsplit_once('/')
                .is_some_and(|(_, city)| city.eq_ignore_ascii_case(&wanted))
        };
        names().find(is_city)
    };
    if let Some(name) = full_name.or_else(city) {
        return one(name);
    }
    let is_short = upper.len() <= 5 && upper.bytes().all(|byte| byte.is_ascii_uppercase());
    is_short.then(|| {
        Correction::Do("write its offset, such as `-08:00`, or its place, such as `America/Los_Angeles`: several zones share an abbreviation".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::FORMATS;

    #[test]
    fn each_correction_replaces_a_rejected_text_and_is_accepted() {
        for (format, typed, expected) in [
            ("line", "Slow API\n", "Slow API"),
            ("line", "Slow\u{200b} API", "Slow API"),
            ("line", "Slow\u{2028}API", "Slow API"),
            ("block", "a\nb\u{feff}", "a\nb"),
            ("incident-id", "INC_2025 0023", "INC-2025-0023"),
            (
                "web-address",
                "https://h.example/d?q=a|b",
                "https://h.example/d?q=a%7Cb",
            ),
            (
                "web-address",
                "https://h.example/a b",
                "https://h.example/a%20b",
            ),
            (
                "web-address",
                "www.example.com/x",
                "https://www.example.com/x",
            ),
            (
                "web-address",
                "[x](https://example.com/y)",
                "https://example.com/y",
            ),
            (
                "web-address",
                "<https://example.com>",
                "https://example.com",
            ),
            (
                "mail-address",
                "Jane <jane@example.com>",
                "jane@example.com",
            ),
            (
                "mail-address",
                "mailto:jane@example.com",
                "jane@example.com",
            ),
            ("archive-path", "..\\logs\\api.log", "../logs/api.log"),
            ("period", "7y", "7 years"),
            ("period", "18 Months", "18 months"),
            ("period", "1d", "1 day"),
            ("period", "90 Tage", "90 days"),
            ("period", "forever", "indefinite"),
            ("day", "14.01.2025", "2025-01-14"),
            ("moment", "912", "09:12"),
            ("time-zone", "europe/berlin", "Europe/Berlin"),
            ("time-zone", "Berlin", "Europe/Berlin"),
            ("time-zone", "UTC+2", "+02:00"),
            ("time-zone", "+0530", "+05:30"),
            ("time-zone", "gmt", "UTC"),
        ] {
            let row = FORMATS.iter().find(|row| row.name == format).unwrap();
            assert!((row.check)(typed).is_err(), "{typed} is a {format}");
            let Some(Correction::Write(texts)) = correction(format, typed) else {
                panic!("{typed} is not corrected");
            };
            assert_eq!(texts, [expected]);
            assert!(
                (row.check)(expected).is_ok(),
                "{expected} is not a valid {format}"
            );
        }
    }

    #[test]
    fn an_ambiguous_text_is_not_corrected() {
        let texts = |format, text| match correction(format, text) {
            Some(Correction::Write(texts)) => texts.join(" "),
            Some(Correction::Do(instruction)) => instruction,
            None => String::new(),
        };
        assert_eq!(texts("day", "03/04/2025"), "2025-03-04 2025-04-03");
        assert_eq!(texts("period", "7"), "");
        assert_eq!(texts("period", "5m"), "");
        assert!(texts("time-zone", "PST").contains("offset"));
        assert!(texts("moment", "14:23-14:31").contains("`until`"));
        assert!(texts("moment", "14:23 UTC").contains("`tz`"));
        assert_eq!(texts("web-address", "ftp://x.example"), "");
        for (url, expected) in [
            ("https://u:p@x.example", "password"),
            ("https://x.example/a\nb", "line break"),
            ("https://status|x.example/", "`|` from the host"),
            ("https://x example/", "the space from the host"),
        ] {
            assert!(texts("web-address", url).contains(expected), "{url}");
        }
    }
}
