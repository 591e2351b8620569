//! Converts the section `Timeline` of an entry to the timeline of an incident.

use chrono::{Days, NaiveDate, NaiveTime};

use super::{Draft, Entry, Part, Section};
use crate::kind::{Block, Line, When};
use crate::moment::Written;
use crate::timeline::{Event, Mark};

/// An event with its date, which its time lacks if it is that of the timeline.
pub(super) struct DatedEvent {
    day: NaiveDate,
    pub event: Event,
}

impl Draft {
    pub(super) fn timeline(&mut self, entry: &Entry, section: &Section) -> Result<(), String> {
        let mut unmapped = Vec::new();
        let mut blank = 0;
        for (line, row) in entry.lines(section) {
            if row.trim().is_empty() {
                blank += 1;
                continue;
            }
            // Blank lines separate the paragraphs of a body.
            let breaks = "\n".repeat(std::mem::take(&mut blank) + 1);
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
                    self.event(written, Line::new(text)?);
                }
                (_, Some(last)) if row.starts_with([' ', '\t']) => {
                    let body = last.event.body.take();
                    let row = row.strip_prefix("  ").unwrap_or(row).trim_end();
                    let body = match body {
                        Some(body) => format!("{body}{breaks}{row}"),
                        None => row.trim_start().to_owned(),
                    };
                    last.event.body = Some(Block::new(body)?);
                }
                _ => unmapped.push((line, row.to_owned())),
            }
        }
        self.keep_unmapped(section, Part::Timeline, &unmapped)
    }

    fn event(&mut self, written: Written, text: Line) {
        let previous = self.events.last();
        let mut day = previous.map_or(self.day, |dated| dated.day);
        if let Some(stated) = written.day {
            day = stated;
        } else if let (Some(previous), Some(time)) =
            (previous.and_then(|dated| dated.event.at.time), written.time)
        {
            day = next_date(day, previous.at, time.at);
        }
        let is_implied = day == self.day && written.offset.is_none();
        let at = Written {
            day: Some(day).filter(|_| !is_implied),
            ..written
        };
        let mut event = Event::new(at, text);
        event.approx = self.approximate;
        self.events.push(DatedEvent { day, event });
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
        for (mark, written, day) in [(Mark::Started, from, start), (Mark::Ended, to, end)] {
            let is_at_time = |dated: &&mut DatedEvent| {
                let at = dated.event.at;
                written.time.is_some()
                    && (time_of_day(at), at.offset) == (time_of_day(written), written.offset)
                    && dated.day == day
            };
            match self.events.iter_mut().find(is_at_time) {
                Some(dated) => dated.event.marks.push(mark),
                None => {
                    let when = When::Written(Written {
                        day: Some(day),
                        about: written.about || (self.approximate && written.day.is_none()),
                        ..written
                    });
                    if let Some(place) = self.incident.times.get_mut(mark) {
                        *place = Some(when);
                    }
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
