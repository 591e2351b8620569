//! Checks of what changes during an incident: its severity and its commander.

use camino::Utf8Path;

use super::partial::{EACH_TIME, MARKS, SEVERITY};
use super::{Case, Check, Finding, Findings, Run};
use crate::archive::{SeverityChange, stated_severity_before};
use crate::diagnostic::Level;
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "severity-unchanged",
        level: Level::Warning,
        traits: &[],
        summary: "an event states the severity that the incident already has",
        why: "One of the two was another severity, and the report does not say when it changed.",
        example: "`severity = \"P3\"` in the incident's file, if it was P3 at the start, and `\"severity\": \"P1\"` on the event that raised it.",
        reads: &[SEVERITY],
        run: Run::Incident(severity_unchanged),
    },
    Check {
        code: "severity-before-differs",
        level: Level::Warning,
        traits: &[],
        summary: "an event says that the severity changed from one that the incident did not have",
        why: "Two people changed the severity at once, and the report contradicts itself.",
        example: "`Severity lowered from P2 to P4`, after another event raised it to P1: remove the change that was not meant, or correct the text.",
        reads: &[SEVERITY, &["timeline.events[].text"]],
        run: Run::Incident(severity_before),
    },
    Check {
        code: "severity-at-start-differs",
        level: Level::Warning,
        traits: &[],
        summary: "an event at the start states another severity than the incident's file",
        why: "The `severity` in the incident's file is the one at the start, so one of the two is wrong.",
        example: "`severity = \"P3\"`, if the first event says so and a later one raised it to P1.",
        reads: &[SEVERITY, MARKS],
        run: Run::Incident(severity_at_start),
    },
    Check {
        code: "handover-unclear",
        level: Level::Warning,
        traits: &[],
        summary: "command goes to the person who has it, or back in time",
        why: "Reviewers need to know who decided, and at what time.",
        example: "`[[people.command]]` lists who took over, in order; `commander` is who led first.",
        reads: &[
            &[
                "incident.people.commander",
                "incident.people.command",
                "timeline.events",
            ],
            EACH_TIME,
        ],
        run: Run::Incident(handover_unclear),
    },
];

fn event(index: usize) -> Path {
    Path::new().key("events").index(index).key("severity")
}

fn severity_unchanged(case: &Case, findings: &mut Findings) {
    let changes = case.record.severities();
    for (before, change) in changes.iter().zip(changes.iter().skip(1)) {
        let Some((index, _)) = change.event.filter(|_| before.severity == change.severity) else {
            continue;
        };
        let (file, path) = stated_at(case, before);
        let finding = Finding::new(format!("the severity already is `{}`", change.severity));
        let finding = finding
            .at(case.timeline_file(), event(index), "")
            .at(file, path, "by this");
        findings.add(finding.help(match before.event {
            Some(_) => "remove it from this event",
            None => "write the severity at the start in the incident's file, or remove it from the event",
        }));
    }
}

/// Returns where a severity is stated.
fn stated_at<'c>(case: &'c Case, change: &SeverityChange) -> (&'c Utf8Path, Path) {
    match change.event {
        Some((index, _)) => (case.timeline_file(), event(index)),
        None => (case.file(), Path::new().key("severity")),
    }
}

fn severity_before(case: &Case, findings: &mut Findings) {
    let changes = case.record.severities();
    for (before, change) in changes.iter().zip(changes.iter().skip(1)) {
        let was = before.severity;
        let Some((index, _)) = change.event.filter(|_| was != change.severity) else {
            continue;
        };
        let text = case
            .record
            .timeline
            .events
            .get(index)
            .map(|event| &*event.text);
        let Some(stated) = text
            .and_then(stated_severity_before)
            .filter(|stated| *stated != was)
        else {
            continue;
        };
        let (file, path) = stated_at(case, before);
        let message =
            format!("the event says that the severity was `{stated}`, but it was `{was}`");
        let path_of_text = Path::new().key("events").index(index).key("text");
        let finding = Finding::new(message)
            .at(case.timeline_file(), path_of_text, "")
            .at(file, path, "by this");
        findings.add(finding.help(format!(
            "remove the change that was not meant, or write `from {was}` in the text"
        )));
    }
}

fn severity_at_start(case: &Case, findings: &mut Findings) {
    let Some(started) = case.facts.started else {
        return;
    };
    let own = case.record.incident.severity.as_deref();
    for change in case.record.severities() {
        let (Some((index, moment)), Some(own)) = (change.event, own) else {
            continue;
        };
        if moment.order() <= started.moment.order() && change.severity != own {
            let severity = change.severity;
            let message = format!("the severity at the start is `{own}` and `{severity}`");
            let finding = Finding::new(message)
                .at(case.timeline_file(), event(index), "")
                .at(case.file(), Path::new().key("severity"), "stated here");
            findings.add(finding.help(format!(
                "write `severity = \"{severity}\"` in the incident's file, and the later severity on a later event"
            )));
        }
    }
}

fn handover_unclear(case: &Case, findings: &mut Findings) {
    let people = &case.record.incident.people;
    let mut leader = people.commander.as_ref().map(crate::incident::name);
    let mut last = None;
    for (index, next) in people.command.iter().enumerate() {
        let path = Path::new().key("people").key("command").index(index);
        if leader.is_some_and(|leader| leader.to_lowercase() == next.name.to_lowercase()) {
            let finding = Finding::new(format!("`{}` already leads the response", next.name));
            findings.add(
                finding
                    .at(case.file(), path.clone().key("name"), "")
                    .help("remove the entry, or correct who led before"),
            );
        }
        let from = case.record.when(next.from.as_ref(), None);
        if let (Some(last), Some(from)) = (last, from)
            && from.order() < last
        {
            let finding = Finding::new("command was handed over earlier than by the entry before");
            findings.add(
                finding
                    .at(case.file(), path.key("from"), "")
                    .help("list the handovers in order, or correct the time"),
            );
        }
        leader = Some(&*next.name);
        last = from.map(|from| from.order()).or(last);
    }
}
