//! Finds the gaps of a timeline.

use super::*;

/// The default of the longest gap that is not reported, in seconds.
const LONGEST_GAP: i64 = 30 * 60;

/// The maximum number of gaps shown for a window.
const SHOWN_GAPS: usize = 3;

/// The file, key path and label of the start or end of a gap.
type Edge<'a> = (&'a Utf8Path, Path, &'static str);

/// A time without an event.
struct Gap<'a> {
    length: TimeDelta,
    from: Edge<'a>,
    to: Edge<'a>,
}

/// Returns the gaps of an impact window that has ended, the longest first.
fn gaps<'a>(case: &Case<'a>, window: &Window, over: TimeDelta) -> Vec<Gap<'a>> {
    let record = case.record;
    let Some(end) = window.to else {
        return Vec::new();
    };
    // Of ranges, the time between them is the part that is certain.
    let (start, until) = (window.from.moment.last().at, end.moment.at);
    let events = record.timeline.events.iter().enumerate();
    let mut overlapping: Vec<(DateTime<Utc>, DateTime<Utc>, usize)> = events
        .filter(|(_, entry)| !entry.hidden)
        .filter_map(|(index, entry)| {
            let began = record.began(entry)?;
            let finished = record.finished(entry).unwrap_or(began);
            let is_day = matches!(began.precision, Precision::Day(_));
            // An event before or after the window does not fill its gaps.
            let overlaps = began.at <= until && finished.at >= start;
            (!is_day && overlaps).then_some((began.at, finished.at, index))
        })
        .collect();
    overlapping.sort();
    let edge = |end: &Endpoint, label| {
        let (file, path) = case.endpoint_location(end);
        (file, path, label)
    };
    let mut last = edge(&window.from, "impact started here");
    let mut busy_until = start;
    let mut gaps = Vec::new();
    let events = overlapping.into_iter().map(|(began, finished, index)| {
        let at = (
            case.timeline_file(),
            event(index).key("at"),
            "the next event",
        );
        (began, finished, at)
    });
    for (began, finished, at) in events.chain([(until, until, edge(&end, "impact ended here"))]) {
        let length = began - busy_until;
        if length > over {
            gaps.push(Gap {
                length,
                from: last.clone(),
                to: at.clone(),
            });
        }
        if finished >= busy_until {
            (busy_until, last) = (finished, (at.0, at.1, "the previous event"));
        }
    }
    gaps.sort_by_key(|gap| Reverse(gap.length));
    gaps
}

pub(super) fn gap(case: &Case, findings: &mut Findings) {
    let over = case.config.checks.gap_in_timeline.over.as_ref();
    let over = over.map_or(LONGEST_GAP, Duration::seconds);
    // A missing timeline is not a gap in the timeline.
    let mut events = case.record.timeline.events.iter();
    let Some(over) = TimeDelta::try_seconds(over).filter(|_| events.any(|event| !event.hidden))
    else {
        return;
    };
    let describe = |length: TimeDelta| {
        let length = Length {
            seconds: length.num_seconds(),
            unit: Unit::Minute,
            about: false,
            most: None,
        };
        length.to_string()
    };
    for window in &case.facts.windows {
        let gaps = gaps(case, window, over);
        let Some(longest) = gaps.first() else {
            continue;
        };
        let length = describe(longest.length);
        let message = match gaps.len() {
            1 => format!("no events for {length} during impact"),
            count => format!(
                "no events for {length} during impact, the longest of {count} gaps over {}",
                describe(over)
            ),
        };
        let mut finding = Finding::new(message);
        for (file, path, label) in [&longest.to, &longest.from] {
            finding = finding.at(file, path.clone(), *label);
        }
        for gap in gaps.iter().take(SHOWN_GAPS).skip(1) {
            let (file, path, _) = &gap.to;
            let label = format!("no events for {} before this", describe(gap.length));
            finding = finding.at(file, path.clone(), label);
        }
        findings.add(finding.help("add events with what was tried, or who you were waiting for"));
    }
}
