//! What programs learn of a page: enough for a feed, an index, a sitemap and a list of the latest.
//!
//! An entry holds what its readers may know and nothing else, so whoever makes
//! it decides for whom it is.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// A page that is worth telling of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id, which no other entry has and which stays.
    pub id: String,
    /// Its title, in plain words.
    pub title: String,
    /// Its path in the site: `incidents/INC-2025-0023.html`.
    pub path: String,
    /// The day it is about.
    pub day: Option<NaiveDate>,
    /// When it last changed, by what it says and never by a clock.
    pub updated: Option<DateTime<Utc>>,
    /// What it is about, in one plain line.
    pub summary: String,
}

/// Prints a moment for machines: `2025-01-14T15:08:22Z`.
pub(super) fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Adds a text to XML: escaped, and without what XML cannot hold.
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

/// Gives the address of a path: below the site's address where there is one, else as it is.
pub(super) fn address(base_url: Option<&str>, path: &str) -> String {
    // The first page of a folder is the folder.
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
