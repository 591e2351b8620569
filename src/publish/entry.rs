//! Summaries of pages, for feeds, indexes, sitemaps and lists of the latest.
//!
//! An entry contains only what its audience may see, so the code that creates it
//! decides which audience it is for.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, Utc};

/// A page listed in a feed or an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The ID: unique, and the same in every build.
    pub id: String,
    /// The title, as plain text.
    pub title: String,
    /// The path in the site: `incidents/INC-2025-0023.html`.
    pub path: String,
    /// The date of the incident.
    pub day: Option<NaiveDate>,
    /// The time of the last change, from the content and never from a system clock.
    pub updated: Option<DateTime<Utc>>,
    /// The summary, as one line of plain text.
    pub summary: String,
}

impl Entry {
    /// Returns the start of the date of the incident.
    pub(super) fn began(&self) -> Option<DateTime<Utc>> {
        Some(self.day?.and_time(NaiveTime::MIN).and_utc())
    }

    /// Returns the time of the last change; the date of the incident if no other time is known.
    pub(super) fn changed(&self) -> Option<DateTime<Utc>> {
        self.updated.or_else(|| self.began())
    }
}

/// Formats a time as RFC 3339 in UTC: `2025-01-14T15:08:22Z`.
pub(super) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Appends a text to XML, escaped and without the characters that XML does not allow.
pub(super) fn push_xml(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
}

/// Returns the URL of a path, or the path itself if the site has no base URL.
pub(super) fn address(base_url: Option<&str>, path: &str) -> String {
    // A web server returns `index.html` for its folder.
    let path = match path.strip_suffix("index.html") {
        Some(folder) if base_url.is_some() && (folder.is_empty() || folder.ends_with('/')) => {
            folder
        }
        _ => path,
    };
    let mut address = base_url.unwrap_or_default().to_owned();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'#' => {
                address.push(char::from(byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}
