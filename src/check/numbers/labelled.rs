//! Compares the durations that texts state by labels with the recorded times.

use std::ops::Range;

use super::{Coverage, Statement};
use crate::check::lexicon::Class;
use crate::check::stated::Stated;
use crate::check::texts::Text;
use crate::check::{Case, Finding, Findings};
use crate::facts::Endpoint;
use crate::facts::labelled::{self, RecordedTimes};
use crate::timeline::Mark;
use crate::token::{Kind, NumberWords, Tokens};

/// The lines whose durations are compared by their labels, each with the index of its text.
pub(super) type LabelledLines = Vec<(usize, Range<usize>)>;

/// A text that may have labels, with its index.
pub(super) type LabelledText<'c> = (usize, &'c Text<'c>);

/// Reports the durations that texts state by a label and that follow from no two recorded times.
///
/// `import report` names the same durations.
pub(super) fn findings(
    case: &Case,
    texts: &[LabelledText],
    findings: &mut Findings,
) -> LabelledLines {
    let mut lines = Vec::new();
    for (index, text) in texts.iter().copied() {
        for (span, stated) in case.lexicon.labels.find(text.text) {
            if stated.is_divided {
                lines.push((index, span.clone()));
            }
            if !stated.is_comparable() {
                continue;
            }
            lines.push((index, span));
            let zone = case.record.zone(case.config);
            let Some(differing) = stated.differing(case.recorded_times(), zone) else {
                continue;
            };
            let message = format!("text says {}", stated.describe(&differing));
            let mut finding = Finding::new(message).at(text.file, text.path(), "stated here");
            for (mark, label) in differing.marks() {
                let marks = case.record.marks();
                if let Some(marked) = marks.iter().find(|marked| marked.mark == mark) {
                    let (file, path) = case.endpoint_location(&Endpoint::from(marked));
                    finding = finding.at(file, path, label);
                }
            }
            findings.add(finding.help(differing.help()));
        }
    }
    lines
}

/// Returns `true` for a duration in a line that states one, or several, by a label.
pub(super) fn is_labelled(statement: &Statement, stated: &Stated, lines: &LabelledLines) -> bool {
    let at = stated.span.start;
    { lines.iter() }.any(|(index, line)| *index == statement.index && line.contains(&at))
}

/// Returns the texts that may have labels, and in which a labelled duration is one of the incident.
pub(super) fn labelled_texts<'c>(case: &'c Case) -> Vec<LabelledText<'c>> {
    let texts = case.texts().iter().enumerate();
    let texts = texts.filter(|(_, text)| is_of_incident(case, text));
    texts
        .filter(|(_, text)| labelled::may_label(text.text))
        .collect()
}

fn is_of_incident(case: &Case, text: &Text) -> bool {
    let is_other = text.is_under(&["self_healing", "evidence", "analysis", "fix", "references"]);
    let coverage = Coverage::of(case.record, text);
    let is_whole = matches!(coverage, Some(Coverage::All | Coverage::Impact));
    !text.is_code && !is_other && (is_whole || text.is_under(&["technical", "tables"]))
}

/// Returns the times of the marks and of the events, and those that the texts name.
pub(in crate::check) fn recorded_times(case: &Case) -> RecordedTimes {
    let mut times = RecordedTimes::default();
    for marked in case.record.marks() {
        times
            .marks
            .entry(marked.mark)
            .or_default()
            .push(marked.moment);
    }
    let events = &case.record.timeline.events;
    let began = |event| Some((event, case.record.began(event)?));
    let timed: Vec<_> = events.iter().filter_map(began).collect();
    times.events = timed.iter().map(|(_, at)| *at).collect();
    let last = events.last().and_then(|event| case.record.finished(event));
    if let (Some(last), Some(end)) = (times.events.last_mut(), last) {
        *last = end;
    }
    times.ends = timed
        .iter()
        .map(|(event, at)| (*at, may_be(case, &event.text)))
        .collect();
    for text in case.texts() {
        let tokens = Tokens::tokenize(text.text, NumberWords::english());
        times
            .named
            .extend((0..tokens.len()).filter_map(|at| match tokens.kind(at) {
                Kind::Time(time) => Some(time),
                _ => None,
            }));
    }
    times
}

/// Returns the marks that an event may be by its words: `Alert fired`, `Service is restored`.
fn may_be(case: &Case, text: &str) -> Vec<Mark> {
    let (_, classes) = case.lexicon.read(text);
    let has = |class: Class| classes.iter().any(|classes| classes.includes(class));
    let marks = [
        (Mark::Detected, has(Class::Alerts) || has(Class::Detect)),
        (Mark::Resolved, has(Class::Resolve) || has(Class::Mitigate)),
    ];
    let found = marks.into_iter().filter(|(_, is)| *is);
    found.map(|(mark, _)| mark).collect()
}
