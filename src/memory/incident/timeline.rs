//! Converts the section `Timeline` of an entry to the timeline of an incident.

use chrono::{Days, FixedOffset, NaiveDate, NaiveTime};
use serde_json::Value;

use super::{Draft, Entry, Section};
use crate::moment::Written;

/// An event of the timeline under construction.
pub(super) struct Event {
    day: NaiveDate,
    at: String,
    time_of_day: Option<NaiveTime>,
    offset: Option<FixedOffset>,
    text: String,
    body: Vec<String>,
    marks: Vec<&'static str>,
}

impl Draft {
    pub(super) fn timeline(&mut self, entry: &Entry, section: &Section) {
        let mut unmapped = Vec::new();
        for (line, row) in entry
            .lines(section)
            .filter(|(_, row)| !row.trim().is_empty())
        {
            let item = row.strip_prefix("- ").or_else(|| row.strip_prefix("* "));
            let parts = item.and_then(|item| {
                [" - ", " – ", " — "]
                    .iter()
                    .filter_map(|dash| item.split_once(dash))
                    .min_by_key(|(time, _)| time.len())
            });
            let parsed = parts.and_then(|(time, text)| {
                let written: Written = time.trim_matches(['*', ' ']).parse().ok()?;
                Some((written, text.trim()))
            });
            match (parsed, self.events.last_mut()) {
                (Some((written, text)), _) if written.time.is_some() && !text.is_empty() => {
                    self.event(written, text);
                }
                (_, Some(event)) if row.starts_with([' ', '\t']) => {
                    event.body.push(row.trim().to_owned());
                }
                _ => unmapped.push((line, row.to_owned())),
            }
        }
        self.keep_unmapped(section, "timeline", &unmapped);
    }

    fn event(&mut self, written: Written, text: &str) {
        let time_of_day = written.time.map(|time| time.at);
        let previous = self.events.last();
        let mut day = previous.map_or(self.day, |event| event.day);
        if let Some(stated) = written.day {
            day = stated;
        } else if let (Some(previous), Some(time_of_day)) =
            (previous.and_then(|event| event.time_of_day), time_of_day)
        {
            day = next_date(day, previous, time_of_day);
        }
        let about = if written.about { "~" } else { "" };
        let time = Written {
            about: false,
            day: None,
            offset: None,
            ..written
        };
        let offset = match written.offset {
            Some(offset) if offset.local_minus_utc() == 0 => "Z".to_owned(),
            Some(offset) => offset.to_string(),
            None => String::new(),
        };
        let at = if day == self.day && offset.is_empty() {
            format!("{about}{time}")
        } else {
            format!("{about}{day} {time}{offset}")
        };
        self.events.push(Event {
            day,
            at,
            time_of_day,
            offset: written.offset,
            text: text.to_owned(),
            body: Vec::new(),
            marks: Vec::new(),
        });
    }

    /// Marks the start and the end on the events at these times, or sets them in `[times]`.
    pub(super) fn set_start_and_end(&mut self) {
        let Some((from, to, line)) = self.span else {
            return;
        };
        let time_of_day = |written: Written| written.time.map(|time| time.at);
        let start = from.day.unwrap_or(self.day);
        let next = start.checked_add_days(Days::new(1)).unwrap_or(start);
        let end = to.day.unwrap_or(if time_of_day(to) < time_of_day(from) {
            next
        } else {
            start
        });
        for (mark, written, day) in [("started", from, start), ("ended", to, end)] {
            let is_at_time = |event: &&mut Event| {
                written.time.is_some()
                    && (event.time_of_day, event.offset) == (time_of_day(written), written.offset)
                    && event.day == day
            };
            match self.events.iter_mut().find(is_at_time) {
                Some(event) => event.marks.push(mark),
                None => {
                    let stated = Written {
                        day: Some(day),
                        about: written.about || (self.approximate && written.day.is_none()),
                        ..written
                    };
                    let stated = Value::from(stated.to_string());
                    self.times.insert(mark.to_owned(), stated);
                }
            }
        }
        if self.approximate {
            self.notes.push((
                line,
                format!(
                    "no date stated; used the date of the entry's timestamp, {}, marked as approximate",
                    self.day
                ),
            ));
        }
    }
}

/// Returns the date of a time that follows another.
///
/// A time that is earlier by 12 hours or more is on the next day; one that is earlier by less is
/// out of order.
pub fn next_date(day: NaiveDate, previous: NaiveTime, time_of_day: NaiveTime) -> NaiveDate {
    let next = day.checked_add_days(Days::new(1));
    let is_next = (previous - time_of_day).num_hours() >= 12;
    next.filter(|_| is_next).unwrap_or(day)
}

/// Prints a timeline as a person would write it, one event per line.
pub(super) fn print(
    id: &str,
    day: NaiveDate,
    zone: Option<&str>,
    approximate: bool,
    events: &[Event],
) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let zone = zone.map(|zone| format!("  \"tz\": {},\n", quoted(zone)));
    let lines: Vec<String> = events
        .iter()
        .map(|event| {
            let mut parts = vec![format!("\"at\": {}", quoted(&event.at))];
            if approximate {
                parts.push("\"approx\": true".to_owned());
            }
            if !event.marks.is_empty() {
                let marks: Vec<String> = event.marks.iter().map(|mark| quoted(mark)).collect();
                parts.push(format!("\"marks\": [{}]", marks.join(", ")));
            }
            parts.push(format!("\"text\": {}", quoted(&event.text)));
            if !event.body.is_empty() {
                parts.push(format!("\"body\": {}", quoted(&event.body.join("\n"))));
            }
            format!("    {{ {} }}", parts.join(", "))
        })
        .collect();
    format!(
        "{{\n  \"incident\": {},\n  \"date\": \"{day}\",\n{}  \"events\": [\n{}\n  ]\n}}\n",
        quoted(id),
        zone.unwrap_or_default(),
        lines.join(",\n")
    )
}
