//! The pace of a timeline: its days, its gaps, and the time from the start to each entry.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::DayView;
use crate::facts::{Unit, between};
use crate::moment::{Moment, Zone};

/// The longest gap in seconds that is not mentioned.
const SHORT_GAP: i64 = 600;

/// Returns the duration of a gap as text, or `None` if it is short.
pub(super) fn gap(since: Moment, moment: Moment, zone: Zone) -> Option<String> {
    let length = between(&since, &moment, zone)?;
    let is_timed = length.unit != Unit::Day && moment.latest.is_none();
    (is_timed && length.seconds > SHORT_GAP).then(|| length.to_string())
}

/// The days that have been started so far.
#[derive(Default)]
pub(super) struct Days {
    last: Option<NaiveDate>,
    started: BTreeMap<NaiveDate, usize>,
}

impl Days {
    /// Starts a day, or returns `None` if the previous entry was on the same day.
    pub(super) fn start(&mut self, day: NaiveDate, is_printed: bool) -> Option<DayView> {
        if self.last.replace(day) == Some(day) {
            return None;
        }
        // A date without a time, in another time zone, can occur between times of the previous day.
        let count = self.started.entry(day).or_default();
        *count += 1;
        Some(DayView {
            anchor: match count {
                1 => format!("day-{day}"),
                count => format!("day-{day}-{count}"),
            },
            text: day.to_string(),
            is_printed,
        })
    }
}

/// Formats the time from the start to an entry, at the coarser precision of the two: `T+00:47`, `T+1:02:10`, `T-17m`.
///
/// That of a range is a range. Days count as hours. Returns `None` if one of the two is a date without a time, or the start
/// is a range.
pub(in crate::view) fn since(start: Option<Moment>, moment: Moment, zone: Zone) -> Option<String> {
    let start = start.filter(|start| start.latest.is_none())?;
    if moment.latest.is_some() {
        let ends = [moment.first(), moment.last()];
        let [first, last] = ends.map(|end| since(Some(start), end, zone));
        return Some(format!("{}..{}", first?, last?));
    }
    let (sign, from, to) = if moment.at < start.at {
        ('-', moment, start)
    } else {
        ('+', start, moment)
    };
    let length = between(&from, &to, zone).filter(|length| length.unit != Unit::Day)?;
    let (hours, minutes) = (length.seconds / 3600, length.seconds / 60 % 60);
    let seconds = length.seconds % 60;
    Some(match (length.unit, hours) {
        (Unit::Second, 0) => format!("T{sign}{minutes:02}:{seconds:02}"),
        (Unit::Second, _) => format!("T{sign}{hours}:{minutes:02}:{seconds:02}"),
        (_, 0) => format!("T{sign}{minutes}m"),
        _ => format!("T{sign}{hours}h {minutes:02}m"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::{Latest, Precision};
    use chrono::DateTime;

    fn moment(at: &str, precision: Precision) -> Moment {
        Moment {
            at: DateTime::parse_from_rfc3339(at)
                .expect("a time of the test")
                .to_utc(),
            precision,
            about: false,
            latest: None,
        }
    }

    #[test]
    fn the_time_since_the_start_has_the_coarser_precision() {
        let start = moment("2025-01-14T14:23:47Z", Precision::Second);
        let cases = [
            ("14:23:47", Precision::Second, "T+00:00"),
            ("14:24:34", Precision::Second, "T+00:47"),
            ("15:25:57", Precision::Second, "T+1:02:10"),
            ("12:15:00", Precision::Second, "T-2:08:47"),
            ("14:40:00", Precision::Minute, "T+17m"),
            ("16:24:00", Precision::Minute, "T+2h 01m"),
            ("14:23:00", Precision::Minute, "T-0m"),
        ];
        for (time, precision, expected) in cases {
            let moment = moment(&format!("2025-01-14T{time}Z"), precision);
            let since = since(Some(start), moment, Zone::default());
            assert_eq!(since.as_deref(), Some(expected));
        }
        let last = moment("2025-01-14T14:35:00Z", Precision::Minute);
        let range = Moment {
            latest: Some(Latest {
                at: last.at,
                precision: last.precision,
            }),
            ..moment("2025-01-14T14:24:00Z", Precision::Minute)
        };
        let offset = since(Some(start), range, Zone::default());
        assert_eq!(offset.as_deref(), Some("T+1m..T+12m"));
        let day = Precision::Day(start.day(Zone::default()));
        let day = moment("2025-01-14T00:00:00Z", day);
        assert_eq!(since(Some(start), day, Zone::default()), None);
        assert_eq!(since(None, start, Zone::default()), None);
    }

    #[test]
    fn only_gaps_of_more_than_ten_minutes_are_mentioned() {
        let from = moment("2025-01-14T14:00:00Z", Precision::Second);
        for (time, expected) in [
            ("14:10:00", None),
            ("14:10:01", Some("10 minutes 1 second")),
            ("13:00:00", None),
        ] {
            let to = moment(&format!("2025-01-14T{time}Z"), Precision::Second);
            assert_eq!(gap(from, to, Zone::default()).as_deref(), expected);
        }
    }

    #[test]
    fn a_repeated_day_gets_a_numbered_anchor() {
        let day = |day| NaiveDate::from_ymd_opt(2025, 1, day).expect("a day of the test");
        let mut days = Days::default();
        let anchors: Vec<_> = [14, 14, 15, 14, 15]
            .into_iter()
            .map(|number| days.start(day(number), false).map(|day| day.anchor))
            .collect();
        let anchors: Vec<_> = anchors.iter().map(Option::as_deref).collect();
        assert_eq!(
            anchors,
            [
                Some("day-2025-01-14"),
                None,
                Some("day-2025-01-15"),
                Some("day-2025-01-14-2"),
                Some("day-2025-01-15-2")
            ]
        );
    }
}
