//! Compares the impact window that a message states with the computed one.

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::{is_external, message_path};
use crate::check::{Case, Finding, Findings};
use crate::facts::Window;
use crate::incident::{Kind, Stage};
use crate::moment::{Calendar, Moment, Precision, Zone};
use crate::token::{Bound, Kind as Part, Tokens, may_count};

/// A range of times that a text states.
#[derive(Debug, PartialEq, Eq)]
struct StatedWindow {
    from: NaiveTime,
    to: NaiveTime,
    /// The lowercase time zone abbreviation next to it.
    zone: Option<String>,
    /// Whether the text calls it exact or approximate.
    bound: Bound,
    /// The bytes in the text.
    span: std::ops::Range<usize>,
}

/// Words of sentences about another time than that of the impact.
const OTHER_TIME: &[&str] = &[
    "hours",
    "daily",
    "weekdays",
    "office",
    "business",
    "maintenance",
    "scheduled",
    "planned",
    "will",
    "plan",
    "deployed",
    "deploy",
    "deployment",
    "rollout",
    "rolled",
    "restarted",
    "rebooted",
    "replayed",
    "monitored",
    "available",
    "reach",
    "monday",
    "mon",
    "next",
    "tomorrow",
    "normally",
];

/// Time zone abbreviations. Any other word after a time is not a time zone.
const ZONES: &[&str] = &[
    "utc", "gmt", "z", "cet", "cest", "bst", "ist", "wet", "west", "eet", "eest", "msk", "est",
    "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "jst", "kst", "sgt",
    "hkt", "aest", "aedt", "nzst", "nzdt",
];

/// Returns the ranges of times that a text states.
fn spans(text: &str) -> Vec<StatedWindow> {
    if !may_count(text) || !text.contains(':') {
        return Vec::new();
    }
    let tokens = Tokens::tokenize(text);
    (0..tokens.len())
        .filter_map(|at| span(&tokens, at))
        .collect()
}

fn span(tokens: &Tokens, first: usize) -> Option<StatedWindow> {
    let Part::Time(from) = tokens.kind(first) else {
        return None;
    };
    let zone_at = |at: usize| {
        ZONES
            .contains(&tokens.word(at))
            .then(|| tokens.word(at).to_owned())
    };
    let mut at = first + 1;
    let zone = zone_at(at);
    at += usize::from(zone.is_some());
    let joined = match (tokens.kind(at), tokens.word(at)) {
        (Part::Dash, _) | (_, "to" | "until" | "till" | "through") => true,
        (_, "and") => {
            tokens.word(first.wrapping_sub(1)) == "between"
                || tokens.word(first.wrapping_sub(2)) == "between"
        }
        _ => false,
    };
    let about = |at: usize| {
        matches!(tokens.kind(at), Part::Sign(Bound::About))
            || matches!(
                tokens.word(at),
                "about" | "around" | "approximately" | "roughly" | "circa" | "shortly"
            )
    };
    let mut bound = if about(first.wrapping_sub(1)) {
        Bound::About
    } else {
        Bound::Exact
    };
    at += 1;
    if about(at) {
        (bound, at) = (Bound::About, at + 1);
    }
    let Part::Time(to) = tokens.kind(at) else {
        return None;
    };
    let zone_after = zone_at(at + 1);
    let last = at + usize::from(zone_after.is_some());
    let zone = zone_after.or(zone);
    (joined && !is_about_other_time(tokens, first)).then(|| StatedWindow {
        from,
        to,
        zone,
        bound,
        span: tokens.span(first, last),
    })
}

/// Returns `true` if the sentence around a token is about another time than that of the impact.
fn is_about_other_time(tokens: &Tokens, at: usize) -> bool {
    let stops = |at: &usize| tokens.kind(*at) != Part::Stop;
    let before = (0..at).rev().take_while(stops);
    let after = (at..tokens.len()).take_while(stops);
    before
        .chain(after)
        .any(|at| OTHER_TIME.contains(&tokens.word(at)))
}

pub(super) fn window_differs(case: &Case, findings: &mut Findings) {
    let (incident, windows) = (&case.record.incident, &case.facts.windows);
    let closed = !windows.is_empty() && windows.iter().all(|window| ends(window).is_some());
    if incident.kind == Kind::Maintenance || incident.messages.is_empty() || !closed {
        return;
    }
    let zone = case.record.zone(case.config);
    for (index, message) in incident.messages.iter().enumerate() {
        if !is_external(message) || message.stage < Stage::Monitoring {
            continue;
        }
        for (key, text) in [
            ("subject", message.subject.as_deref()),
            ("body", message.body.as_deref()),
        ] {
            let Some(text) = text else { continue };
            let others = spans(text)
                .into_iter()
                .filter(|stated| !windows_agree(stated, windows, zone));
            for stated in others {
                let nearest = windows
                    .iter()
                    .min_by_key(|window| distance(&stated, window, zone));
                let Some((window, (from, to))) =
                    nearest.and_then(|window| Some((window, ends(window)?)))
                else {
                    continue;
                };
                let quote = text.get(stated.span.clone()).unwrap_or_default();
                let mut finding = Finding::new(format!(
                    "message says `{quote}`, but impact lasted from {}",
                    Calendar::from_times(zone, None, [from, to]).span(&from, &to)
                ))
                .at(case.file(), message_path(index).key(key), "stated here");
                for (end, label) in [
                    (Some(window.from), "impact started here"),
                    (window.to, "impact ended here"),
                ] {
                    if let Some((file, path)) = end.as_ref().map(|end| case.endpoint_location(end))
                    {
                        finding = finding.at(file, path, label);
                    }
                }
                findings
                    .add(finding.help(
                        "state the window of the report, or correct the marks of the impact",
                    ));
            }
        }
    }
}

/// Returns the start and end of a window that has ended, or `None` if either is known only to the day.
fn ends(window: &Window) -> Option<(Moment, Moment)> {
    let (from, to) = (window.from.moment, window.to?.moment);
    let day = |moment: &Moment| matches!(moment.precision, Precision::Day(_));
    (!day(&from) && !day(&to)).then_some((from, to))
}

fn windows_agree(stated: &StatedWindow, windows: &[Window], zone: Zone) -> bool {
    let all: Vec<(Moment, Moment)> = windows.iter().filter_map(ends).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return true;
    };
    let whole = (first.0, last.1);
    all.iter().chain([&whole]).any(|window| {
        let Some((from, to)) = local_times(stated, *window, zone) else {
            return true;
        };
        near(stated.from, from, window.0.about, stated.bound)
            && near(stated.to, to, window.1.about, stated.bound)
    })
}

/// Returns the local start and end of a window in the time zone of the text.
///
/// `None` if the UTC offset of that time zone is unknown.
fn local_times(
    stated: &StatedWindow,
    (from, to): (Moment, Moment),
    zone: Zone,
) -> Option<(NaiveTime, NaiveTime)> {
    let zone = match stated.zone.as_deref() {
        None => zone,
        Some("utc" | "gmt" | "z") => Zone::default(),
        Some(other) if zone.abbreviation(to.at).eq_ignore_ascii_case(other) => zone,
        Some(_) => return None,
    };
    Some((
        zone.wall_clock(from.at).time(),
        zone.wall_clock(to.at).time(),
    ))
}

/// Returns `true` if a stated time is the actual one, rounded down or up to the minute.
fn near(stated: NaiveTime, is: NaiveTime, about: bool, bound: Bound) -> bool {
    let minute = is.with_second(0).unwrap_or(is);
    let difference = seconds_between(stated, minute);
    let is_approximate = about || bound == Bound::About;
    stated == is
        || difference == 0
        || (difference == 60 && is.second() > 0)
        || (is_approximate && difference.abs() <= 600)
}

/// Returns the seconds from one time of day to another, across midnight if that is shorter.
fn seconds_between(stated: NaiveTime, is: NaiveTime) -> i64 {
    const DAY: i64 = 86_400;
    let seconds = TimeDelta::num_seconds(&(stated - is));
    match seconds {
        seconds if seconds > DAY / 2 => seconds - DAY,
        seconds if seconds < -DAY / 2 => seconds + DAY,
        seconds => seconds,
    }
}

fn distance(stated: &StatedWindow, window: &Window, zone: Zone) -> i64 {
    ends(window)
        .and_then(|ends| local_times(stated, ends, zone))
        .map_or(i64::MAX, |(from, to)| {
            seconds_between(stated.from, from).abs() + seconds_between(stated.to, to).abs()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_windows_are_found_in_messages() {
        let cases = [
            (
                "degradation from 14:23-15:08 UTC\n today",
                "14:23-15:08 utc",
            ),
            ("from 14:23 to 15:08", "14:23-15:08 -"),
            (
                "Between 14:01 and 14:47 CET today, quotes were slow",
                "14:01-14:47 cet",
            ),
            ("2:23 PM – 3:08 PM EST", "14:23-15:08 est"),
            (
                "from about 14:20 until around 15:10 UTC",
                "~14:20-15:10 utc",
            ),
            (
                "from 08:00 to 08:44 UTC and again from 09:03 to 09:21 UTC",
                "08:00-08:44 utc 09:03-09:21 utc",
            ),
            ("at 14:23 and 15:08", ""),
            ("Support hours are 09:00-17:00", ""),
            ("We deployed the fix from 14:50 to 15:00", ""),
            ("Maintenance will run from 21:00 to 23:00", ""),
            ("a ratio of 3:4-5:6", ""),
            ("`14:23-15:08`", ""),
        ];
        for (text, expected) in cases {
            let shown = spans(text).into_iter().map(|stated| {
                let about = if stated.bound == Bound::About {
                    "~"
                } else {
                    ""
                };
                let zone = stated.zone.unwrap_or_else(|| "-".to_owned());
                format!(
                    "{about}{}-{} {zone}",
                    stated.from.format("%H:%M"),
                    stated.to.format("%H:%M")
                )
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_stated_time_may_be_rounded_down_or_up_to_the_minute() {
        let time = |text: &str| text.parse::<NaiveTime>().expect("a time");
        let cases = [
            ("14:55", "14:55:33", true),
            ("14:56", "14:55:33", true),
            ("14:55:33", "14:55:33", true),
            ("14:54", "14:55:33", false),
            ("14:57", "14:55:33", false),
            ("14:23", "14:23:00", true),
            ("14:24", "14:23:00", false),
            ("00:00", "23:59:30", true),
        ];
        for (stated, is, expected) in cases {
            assert_eq!(
                near(time(stated), time(is), false, Bound::Exact),
                expected,
                "{stated} for {is}"
            );
        }
    }
}
