//! The lines of an entry's `Timeline`, read and printed as the timeline of an incident.

use chrono::{Days, FixedOffset, NaiveDate, NaiveTime};
use serde_json::Value;

use super::{Draft, Entry, Section};
use crate::moment::Written;

/// An event before its timeline is written.
pub(super) struct Event {
    day: NaiveDate,
    at: String,
    response_metric: Option<NaiveTime>,
    offset: Option<FixedOffset>,
    text: String,
    body: Vec<String>,
    marks: Vec<&'static str>,
}

impl Draft {
    pub(super) fn timeline(&mut self, entry: &Entry, section: &Section) {
        let mut left = Vec::new();
        for (line, row) in entry
            .lines(section)
            .filter(|(_, row)| !row.trim().is_empty())
        {
            let item = row.strip_prefix("- ").or_else(|| row.strip_prefix("* "));
            let parted = item.and_then(|item| {
                [" - ", " – ", " — "]
                    .iter()
                    .filter_map(|dash| item.split_once(dash))
                    .min_by_key(|(time, _)| time.len())
            });
            let read = parted.and_then(|(time, text)| {
                let written: Written = time.trim_matches(['*', ' ']).parse().ok()?;
                Some((written, text.trim()))
            });
            match (read, self.events.last_mut()) {
                (Some((written, text)), _) if written.time.is_some() && !text.is_empty() => {
                    self.event(written, text);
                }
                (_, Some(event)) if row.starts_with([' ', '\t']) => {
                    event.body.push(row.trim().to_owned());
                }
                _ => left.push((line, row.to_owned())),
            }
        }
        self.left(section, "timeline", &left);
    }

    fn event(&mut self, written: Written, text: &str) {
        let response_metric = written.time.map(|time| time.at);
        let before = self.events.last();
        let mut day = before.map_or(self.day, |event| event.day);
        if let Some(stated) = written.day {
            day = stated;
        } else if let (Some(before), Some(response_metric)) = (
            before.and_then(|event| event.response_metric),
            response_metric,
        ) {
            day = read_on(day, before, response_metric);
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
            response_metric,
            offset: written.offset,
            text: text.to_owned(),
            body: Vec::new(),
            marks: Vec::new(),
        });
    }

    /// Gives the start and the end to the events of their time, else states them.
    pub(super) fn span(&mut self) {
        let Some((from, to, line)) = self.span else {
            return;
        };
        let response_metric = |written: Written| written.time.map(|time| time.at);
        let start = from.day.unwrap_or(self.day);
        let next = start.checked_add_days(Days::new(1)).unwrap_or(start);
        let end = to
            .day
            .unwrap_or(if response_metric(to) < response_metric(from) {
                next
            } else {
                start
            });
        for (mark, written, day) in [("started", from, start), ("ended", to, end)] {
            let of_time = |event: &&mut Event| {
                written.time.is_some()
                    && (event.response_metric, event.offset)
                        == (response_metric(written), written.offset)
                    && event.day == day
            };
            match self.events.iter_mut().find(of_time) {
                Some(event) => event.marks.push(mark),
                None => {
                    let stated = Written {
                        day: Some(day),
                        about: written.about || (self.rough && written.day.is_none()),
                        ..written
                    };
                    let stated = Value::from(stated.to_string());
                    self.times.insert(mark.to_owned(), stated);
                }
            }
        }
        if self.rough {
            self.notes.push((
                line,
                format!(
                    "the day is not told; that of the stamp, {}, is taken and marked as rough",
                    self.day
                ),
            ));
        }
    }
}

/// Gives the day of a time that stands behind another: one that goes back by half a day or
/// more is past midnight, one that goes back by less is out of order.
pub fn read_on(day: NaiveDate, before: NaiveTime, response_metric: NaiveTime) -> NaiveDate {
    let next = day.checked_add_days(Days::new(1));
    let is_next = (before - response_metric).num_hours() >= 12;
    next.filter(|_| is_next).unwrap_or(day)
}

/// Prints a timeline as a person types it, one event a line.
pub(super) fn print(
    id: &str,
    day: NaiveDate,
    zone: Option<&str>,
    rough: bool,
    events: &[Event],
) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let zone = zone.map(|zone| format!("  \"tz\": {},\n", quoted(zone)));
    let lines: Vec<String> = events
        .iter()
        .map(|event| {
            let mut parts = vec![format!("\"at\": {}", quoted(&event.at))];
            if rough {
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
