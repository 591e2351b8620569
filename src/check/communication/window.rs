//! The time of impact that a message tells, against the one that the report computes.

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::{is_external, place};
use crate::check::{Case, Finding, Findings};
use crate::facts::Window;
use crate::incident::{Kind, Stage};
use crate::moment::{Calendar, Moment, Precision, Zone};
use crate::token::{Bound, Kind as Part, Tokens, may_count};

/// A span of the day that a text tells.
#[derive(Debug, PartialEq, Eq)]
struct StatedWindow {
    from: NaiveTime,
    to: NaiveTime,
    /// The zone that stands beside it, in small letters.
    zone: Option<String>,
    /// Whether it is told as exact.
    bound: Bound,
    /// Its bytes in the text.
    span: std::ops::Range<usize>,
}

/// Words of sentences that tell of another time than that of the impact.
const ELSEWHERE: &[&str] = &[
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

/// Abbreviations of zones; another word behind a time is no zone.
const ZONES: &[&str] = &[
    "utc", "gmt", "z", "cet", "cest", "bst", "ist", "wet", "west", "eet", "eest", "msk", "est",
    "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "jst", "kst", "sgt",
    "hkt", "aest", "aedt", "nzst", "nzdt",
];

/// Finds the spans of the day that a text tells.
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
    let behind = zone_at(at + 1);
    let last = at + usize::from(behind.is_some());
    let zone = behind.or(zone);
    (joined && !elsewhere(tokens, first)).then(|| StatedWindow {
        from,
        to,
        zone,
        bound,
        span: tokens.span(first, last),
    })
}

/// Says whether the sentence tells of something else.
fn elsewhere(tokens: &Tokens, at: usize) -> bool {
    let stops = |at: &usize| tokens.kind(*at) != Part::Stop;
    let before = (0..at).rev().take_while(stops);
    let after = (at..tokens.len()).take_while(stops);
    before
        .chain(after)
        .any(|at| ELSEWHERE.contains(&tokens.word(at)))
}

pub(super) fn told_another(case: &Case, findings: &mut Findings) {
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
                .filter(|told| !windows_agree(told, windows, zone));
            for told in others {
                let nearest = windows
                    .iter()
                    .min_by_key(|window| distance(&told, window, zone));
                let Some((window, (from, to))) =
                    nearest.and_then(|window| Some((window, ends(window)?)))
                else {
                    continue;
                };
                let words = text.get(told.span.clone()).unwrap_or_default();
                let mut finding = Finding::new(format!(
                    "customers are told `{words}`, but impact lasted from {}",
                    Calendar::from_times(zone, None, [from, to]).span(&from, &to)
                ))
                .at(case.file(), place(index).key(key), "told here");
                for (end, label) in [
                    (Some(window.from), "impact started here"),
                    (window.to, "impact ended here"),
                ] {
                    if let Some((file, path)) = end.as_ref().map(|end| case.place(end)) {
                        finding = finding.at(file, path, label);
                    }
                }
                findings.add(finding.help("tell customers the time that the report gives, or correct the marks of the impact"));
            }
        }
    }
}

/// Gives both ends of a window that is over and known to the minute.
fn ends(window: &Window) -> Option<(Moment, Moment)> {
    let (from, to) = (window.from.moment, window.to?.moment);
    let day = |moment: &Moment| matches!(moment.precision, Precision::Day(_));
    (!day(&from) && !day(&to)).then_some((from, to))
}

fn windows_agree(told: &StatedWindow, windows: &[Window], zone: Zone) -> bool {
    let all: Vec<(Moment, Moment)> = windows.iter().filter_map(ends).collect();
    let (Some(first), Some(last)) = (all.first(), all.last()) else {
        return true;
    };
    let whole = (first.0, last.1);
    all.iter().chain([&whole]).any(|window| {
        let Some((from, to)) = local_times(told, *window, zone) else {
            return true;
        };
        near(told.from, from, window.0.about, told.bound)
            && near(told.to, to, window.1.about, told.bound)
    })
}

/// Gives the times of day of a window in the zone that the text names; nothing where that is not known.
fn local_times(
    told: &StatedWindow,
    (from, to): (Moment, Moment),
    zone: Zone,
) -> Option<(NaiveTime, NaiveTime)> {
    let zone = match told.zone.as_deref() {
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

/// Says whether a told time is that moment, cut to the minute or rounded up to it.
fn near(told: NaiveTime, is: NaiveTime, about: bool, bound: Bound) -> bool {
    let minute = is.with_second(0).unwrap_or(is);
    let cut = apart(told, minute);
    let rough = about || bound == Bound::About;
    told == is || cut == 0 || (cut == 60 && is.second() > 0) || (rough && cut.abs() <= 600)
}

/// Gives the seconds from one time of day to another, over midnight where that is shorter.
fn apart(told: NaiveTime, is: NaiveTime) -> i64 {
    const DAY: i64 = 86_400;
    let seconds = TimeDelta::num_seconds(&(told - is));
    match seconds {
        seconds if seconds > DAY / 2 => seconds - DAY,
        seconds if seconds < -DAY / 2 => seconds + DAY,
        seconds => seconds,
    }
}

fn distance(told: &StatedWindow, window: &Window, zone: Zone) -> i64 {
    ends(window)
        .and_then(|ends| local_times(told, ends, zone))
        .map_or(i64::MAX, |(from, to)| {
            apart(told.from, from).abs() + apart(told.to, to).abs()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_the_day_are_found_in_messages() {
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
            let shown = spans(text).into_iter().map(|told| {
                let about = if told.bound == Bound::About { "~" } else { "" };
                let zone = told.zone.unwrap_or_else(|| "-".to_owned());
                format!(
                    "{about}{}-{} {zone}",
                    told.from.format("%H:%M"),
                    told.to.format("%H:%M")
                )
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_told_time_is_cut_to_the_minute_or_rounded_up() {
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
        for (told, is, expected) in cases {
            assert_eq!(
                near(time(told), time(is), false, Bound::Exact),
                expected,
                "{told} for {is}"
            );
        }
    }
}
