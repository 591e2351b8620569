//! Writes open action items as a calendar of to-dos (RFC 5545).
//!
//! An action item has the same UID in every build, so that calendar programs update
//! it. Its timestamp is that of its incident, so that an unchanged archive gives an
//! unchanged calendar.

use std::borrow::Borrow;
use std::io;

use super::write::{Content, buffered};
use crate::incident::Progress;
use crate::view::action::{ActionRow, Items, Urgency};

/// The maximum length of a line in bytes, without its line end.
const LONGEST: usize = 75;

/// A calendar of action items.
struct Calendar<'c> {
    title: &'c str,
    /// It ends with a slash.
    base_url: Option<&'c str>,
}

/// Returns the calendar of open action items; `base_url` ends with a slash.
#[must_use]
pub fn calendar<'a>(
    title: &str,
    base_url: Option<&str>,
    rows: impl IntoIterator<Item: Borrow<ActionRow<'a>>>,
) -> String {
    let calendar = Calendar { title, base_url };
    let mut out = calendar.head();
    for row in rows {
        calendar.item(row.borrow(), &mut out);
    }
    line("END", "VCALENDAR", &mut out);
    out
}

/// The calendar of all open action items, as a file of a site.
pub(super) struct ToDos<'i, 'a> {
    pub title: &'i str,
    /// It ends with a slash.
    pub base_url: Option<&'i str>,
    pub items: &'i Items<'a>,
}

impl Content for ToDos<'_, '_> {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let Self {
            title, base_url, ..
        } = *self;
        let calendar = Calendar { title, base_url };
        buffered(take, |to| {
            let mut out = calendar.head();
            for row in self.items.rows() {
                calendar.item(&row, &mut out);
                to.write_all(out.as_bytes())?;
                out.clear();
            }
            line("END", "VCALENDAR", &mut out);
            to.write_all(out.as_bytes())
        })
    }
}

impl Calendar<'_> {
    fn head(&self) -> String {
        let mut out = String::new();
        for (name, value) in [
            ("BEGIN", "VCALENDAR"),
            ("VERSION", "2.0"),
            ("PRODID", "-//afterword//action items//EN"),
        ] {
            line(name, value, &mut out);
        }
        text("X-WR-CALNAME", self.title, &mut out);
        out
    }

    /// Appends an action item, unless it is closed.
    fn item(&self, row: &ActionRow, out: &mut String) {
        if row.urgency == Urgency::Closed {
            return;
        }
        let host = self
            .base_url
            .and_then(|url| url.split_once("://"))
            .map(|(_, rest)| rest.split('/').next().unwrap_or_default())
            .filter(|host| !host.is_empty())
            .unwrap_or("afterword");
        line("BEGIN", "VTODO", out);
        text("UID", &format!("{}@{host}", row.id), out);
        let stamp = row.stamp.format("%Y%m%dT%H%M%SZ").to_string();
        line("DTSTAMP", &stamp, out);
        text("SUMMARY", &row.action, out);
        let mut about = format!("{}: {}", row.incident, row.incident_title);
        if let Some(owner) = &row.owner {
            about = format!("Owner: {owner}\n{about}");
        }
        text("DESCRIPTION", &about, out);
        if let Some(due) = row.due_day {
            line("DUE;VALUE=DATE", &due.format("%Y%m%d").to_string(), out);
        }
        let status = match row.progress {
            Progress::InProgress => "IN-PROCESS",
            _ => "NEEDS-ACTION",
        };
        line("STATUS", status, out);
        if let Some(url) = self.base_url {
            let url = format!("{url}incidents/{}.html", row.incident);
            line("URL", &url, out);
        }
        line("END", "VTODO", out);
    }
}

/// Appends a line with a value of type TEXT.
fn text(name: &str, value: &str, out: &mut String) {
    let mut escaped = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            // Control characters are not allowed, and a line end would start a new line.
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    line(name, &escaped, out);
}

/// Appends a line, folded between characters if it is too long.
fn line(name: &str, value: &str, out: &mut String) {
    let mut width = 0;
    for c in format!("{name}:{value}").chars() {
        if width + c.len_utf8() > LONGEST {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Joins folded lines.
    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    fn value(escaped: &str) -> String {
        let mut out = String::new();
        let mut chars = escaped.chars();
        while let Some(c) = chars.next() {
            match (c, c == '\\') {
                (_, true) => match chars.next() {
                    Some('n') => out.push('\n'),
                    other => out.extend(other),
                },
                _ => out.push(c),
            }
        }
        out
    }

    #[test]
    fn a_value_cannot_start_a_new_line() {
        let mut out = String::new();
        text("SUMMARY", "x\r\nEND:VTODO\rBEGIN:VALARM; a, b\\n", &mut out);
        assert_eq!(out, "SUMMARY:x\\nEND:VTODO BEGIN:VALARM\\; a\\, b\\\\n\r\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn lines_are_short_and_round_trip(put in "[ -~\nüß数😀]{0,200}") {
            let mut out = String::new();
            text("SUMMARY", &put, &mut out);
            for line in out.split_terminator("\r\n") {
                prop_assert!(line.len() <= LONGEST && !line.contains(['\r', '\n']));
            }
            let unfolded = unfolded(&out);
            let written = unfolded.strip_prefix("SUMMARY:").and_then(|rest| rest.strip_suffix("\r\n"));
            prop_assert_eq!(value(written.expect("one line")), put);
        }
    }
}
