//! Compares stated durations with the computed ones.

use super::{Coverage, Statement};
use crate::check::stated::{StartPoint, Stated, StatedMetric};
use crate::check::{Case, Finding};
use crate::facts::labelled::{Differing, Measure};
use crate::facts::{Fact, Length, between};
use crate::token::{Bound, StatedDuration};

/// Returns the computed metrics that a text may mean, the most likely one first.
fn response_metrics(metric: StatedMetric) -> &'static [&'static str] {
    match metric {
        StatedMetric::Detect => &["time_to_detect"],
        StatedMetric::Acknowledge => &["time_to_acknowledge", "page_to_acknowledge"],
        StatedMetric::Identify => &["time_to_identify"],
        StatedMetric::Mitigate => &["time_to_mitigate"],
        StatedMetric::Resolve => &["time_to_resolve", "duration", "customer_impact"],
        StatedMetric::Notify => &["time_to_notify"],
        StatedMetric::Impact => &["customer_impact"],
        StatedMetric::Last => &[
            "duration",
            "customer_impact",
            "time_to_resolve",
            "time_to_mitigate",
        ],
    }
}

/// Returns what the duration of a metric measures; `None` for the time to notify, which ends with a message.
fn measure(metric: StatedMetric) -> Option<Measure> {
    match metric {
        StatedMetric::Detect => Some(Measure::Detect),
        StatedMetric::Acknowledge => Some(Measure::Acknowledge),
        StatedMetric::Identify => Some(Measure::Identify),
        StatedMetric::Mitigate => Some(Measure::Mitigate),
        // The words for it are those of a recovery too.
        StatedMetric::Resolve => Some(Measure::Recover),
        StatedMetric::Last => Some(Measure::Whole),
        StatedMetric::Impact => Some(Measure::Impact),
        StatedMetric::Notify => None,
    }
}

/// Compares a stated duration with the computed ones that it may mean; `None` if one of them agrees.
pub(super) fn finding(
    case: &Case,
    statement: &Statement,
    stated: &Stated,
    claim: (StatedMetric, StartPoint, StatedDuration),
) -> Option<Finding> {
    let (metric, start_point, duration) = claim;
    let facts = &case.facts;
    let recorded = |metric: StatedMetric| {
        let facts = response_metrics(metric).iter();
        let facts = facts.filter_map(|key| case.facts.response_metric(key));
        facts.filter(|fact| fact.length.is_some())
    };
    let of_impact = metric == StatedMetric::Impact
        || (metric == StatedMetric::Last && statement.is_of_impact(case));
    let metric = match metric {
        StatedMetric::Last | StatedMetric::Impact => {
            let is_recorded = of_impact && recorded(StatedMetric::Impact).next().is_some();
            if is_recorded {
                StatedMetric::Impact
            } else {
                StatedMetric::Last
            }
        }
        metric => metric,
    };
    let known = || recorded(metric);
    let matches = |length: Length, by_minutes: Option<i64>| {
        agrees(duration, stated.bound, length, by_minutes)
    };
    let Some(first) = known().next() else {
        return unmeasured(case, statement, stated, measure(metric)?, duration);
    };
    // With several windows, the time from the first start to the last end is not their sum.
    let single = facts.windows.len() < 2;
    let by_metric = known().any(|fact| {
        fact.length
            .is_some_and(|length| matches(length, minutes_between(fact).filter(|_| single)))
    });
    let mut windows = facts.windows.iter().filter_map(|window| window.length);
    let is_whole = matches!(
        metric,
        StatedMetric::Resolve | StatedMetric::Last | StatedMetric::Impact
    );
    let by_window =
        is_whole && metric != StatedMetric::Resolve && windows.any(|length| matches(length, None));
    let start = facts
        .windows
        .first()
        .map(|window| window.from)
        .or(facts.started);
    let into = || {
        between(
            &start?.moment,
            &first.to?.moment,
            case.record.zone(case.config),
        )
    };
    let by_start =
        start_point == StartPoint::Start && into().is_some_and(|length| matches(length, None));
    let is_response = measure(metric).filter(|measure| !measure.is_last());
    let by_marks = is_response.is_some_and(|measure| {
        let pairs = case
            .recorded_times()
            .pairs(measure, case.record.zone(case.config));
        pairs.into_iter().any(|(.., length)| matches(length, None))
    });
    // What was not the whole may be shorter, but not longer.
    let is_part = is_whole && (stated.is_part || statement.coverage == Coverage::SoFar);
    let longest = || {
        known()
            .filter_map(|fact| fact.length)
            .map(Length::longest)
            .max()
    };
    let by_part = is_part && longest().is_some_and(|longest| duration.seconds <= longest);
    (!by_metric && !by_window && !by_start && !by_marks && !by_part)
        .then(|| differs(case, statement, stated, first))
}

/// Reports a duration of which a start or an end is not marked, if no two times of the report are as far apart.
fn unmeasured(
    case: &Case,
    statement: &Statement,
    stated: &Stated,
    measure: Measure,
    duration: StatedDuration,
) -> Option<Finding> {
    let is_whole = statement.coverage != Coverage::SoFar && !stated.is_part;
    let zone = case.record.zone(case.config);
    let fits = |length| agrees(duration, stated.bound, length, None);
    let has_none = || {
        let times = case.recorded_times();
        times.has_none(measure, duration.seconds, zone, fits)
    };
    (is_whole && has_none()).then(|| {
        let quote = statement.quote(stated);
        let differing = Differing::Any;
        let message = format!("text says `{quote}`, but {}", differing.describe());
        Finding::new(message)
            .at(statement.text.file, statement.text.path(), "stated here")
            .help(differing.help())
    })
}

/// Returns the seconds between the start and end of a metric, both rounded down to the minute.
fn minutes_between(fact: &Fact) -> Option<i64> {
    let minute = |at: chrono::DateTime<chrono::Utc>| at.timestamp().div_euclid(60);
    Some((minute(fact.to?.moment.at) - minute(fact.from?.moment.at)) * 60)
}

/// Returns `true` if a stated duration agrees with the computed one, to the precision of both.
fn agrees(stated: StatedDuration, bound: Bound, computed: Length, by_minutes: Option<i64>) -> bool {
    let (typed, is) = (stated.seconds, computed.seconds);
    let unit = computed.unit.seconds();
    // What a text says of a range may be any of it, or how long it was at least or at most.
    if let Some((least, most)) = computed.range() {
        return (least.seconds - unit..=most.seconds + unit).contains(&typed);
    }
    let apart = (typed - is).abs();
    let step = stated.step.max(1);
    let rounded = (is + step / 2).div_euclid(step) * step;
    // `1 hour` is no way to write 1 hour 50 minutes, nor `three quarters of an hour` one to write 55.
    let rounded_down = if step < 900 {
        is.div_euclid(step) * step
    } else {
        rounded
    };
    let is_exact = typed == rounded_down
        || typed == rounded
        || (step == 60 && by_minutes == Some(typed))
        || (unit > 1 && apart < unit);
    // A round number of minutes may be one minute off, and `nearly 5 hours` half an hour.
    let is_round = step == 60 && typed >= 1_200 && typed % 300 == 0 && apart < 120;
    let is_exact = is_exact || is_round;
    let is_hours = step >= 900 && apart <= typed / 10 + 300;
    let is_near = apart * 10 <= is || is_hours || is_exact;
    match bound {
        Bound::Exact => is_exact || (computed.about && is_near),
        Bound::About => is_near,
        Bound::AtMost => is < typed + unit,
        Bound::AtLeast => is + unit > typed,
        Bound::UpTo => typed < is + unit || is_near,
        Bound::MostOf => typed < 2 * is + unit && is <= typed + unit,
    }
}

fn differs(case: &Case, statement: &Statement, stated: &Stated, fact: &Fact) -> Finding {
    let computed = fact
        .length
        .map(|length| length.to_string())
        .unwrap_or_default();
    let quote = statement.quote(stated);
    let message = format!(
        "text says `{quote}`, but {} is {computed}",
        fact.label.to_lowercase()
    );
    let mut finding =
        Finding::new(message).at(statement.text.file, statement.text.path(), "stated here");
    for (end, label) in [(fact.from, "the start"), (fact.to, "the end")] {
        if let Some((file, path)) = end.as_ref().map(|end| case.endpoint_location(end)) {
            finding = finding.at(file, path, label);
        }
    }
    finding.help(format!("write `{computed}`, or correct the wrong time"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Unit;

    #[test]
    fn a_duration_is_compared_to_the_stated_precision() {
        use Bound::{About, AtLeast, AtMost, Exact, MostOf, UpTo};
        // Stated seconds and step, bound, computed seconds, seconds by whole minutes, expected result.
        let cases = [
            (47, 1, Exact, 47, None, true),
            (48, 1, Exact, 47, None, false),
            (2_640, 60, Exact, 2_675, None, true),
            (2_700, 60, Exact, 2_675, None, true),
            (2_580, 60, Exact, 2_675, None, false),
            (240, 60, Exact, 208, None, false),
            (240, 60, Exact, 208, Some(240), true),
            (240, 60, AtMost, 208, None, true),
            (180, 60, AtMost, 208, None, false),
            (180, 60, AtLeast, 208, None, true),
            (240, 60, AtLeast, 208, None, false),
            (2_700, 60, About, 2_500, None, true),
            (3_000, 60, About, 2_500, None, false),
            (7_200, 3_600, Exact, 6_000, None, true),
            (7_200, 3_600, Exact, 4_200, None, false),
            (5_400, 360, Exact, 5_500, None, true),
            (5_400, 360, Exact, 4_000, None, false),
            (1_200, 60, UpTo, 4_200, None, true),
            (10_800, 3_600, UpTo, 4_200, None, false),
            (5_400, 1_800, MostOf, 4_200, None, true),
            (10_800, 3_600, MostOf, 4_200, None, false),
            (3_600, 3_600, MostOf, 4_200, None, false),
        ];
        for (seconds, step, bound, is, by_minutes, expected) in cases {
            let computed = Length {
                seconds: is,
                unit: Unit::Second,
                about: false,
                most: None,
            };
            let found = agrees(
                StatedDuration { seconds, step },
                bound,
                computed,
                by_minutes,
            );
            assert_eq!(found, expected, "{bound:?} {seconds} to {step} for {is}");
        }
    }

    #[test]
    fn a_duration_known_to_the_minute_may_be_stated_to_the_second() {
        let computed = Length {
            seconds: 240,
            unit: Unit::Minute,
            about: false,
            most: None,
        };
        for (seconds, expected) in [(208, true), (299, true), (300, false), (180, false)] {
            assert_eq!(
                agrees(
                    StatedDuration { seconds, step: 1 },
                    Bound::Exact,
                    computed,
                    None
                ),
                expected,
                "{seconds}"
            );
        }
    }
}
