//! Checks of action items: owner, due date, status and wording.

use super::as_of::OVERDUE;
use super::partial::{AS_OF, KIND, MARKS, SEVERITY, STATUS, ZONE};
use super::{Case, Check, Finding, Findings, Run};
use crate::diagnostic::Level;
use crate::incident::{ActionItem, Kind, Progress};
use crate::kind::Either;
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "action-without-owner",
        level: Level::Warning,
        traits: &[],
        summary: "an action item has no owner",
        why: "Action items without an owner rarely get done.",
        example: "`owner = \"Platform\"`: a team or person who has agreed to do it.",
        reads: &[&[
            "incident.action_items[].owner",
            "incident.action_items[].status",
        ]],
        run: Run::Incident(|case, findings| {
            each_open(case, |path, item| {
                if item.owner.0.is_empty() {
                    let finding =
                        Finding::new(format!("action item `{}` has no owner", item.action));
                    findings.add(
                        finding
                            .at(case.file(), path.key("owner"), "")
                            .help("add an `owner`"),
                    );
                }
            });
        }),
    },
    Check {
        code: "action-without-due-date",
        level: Level::Warning,
        traits: &[],
        summary: "an action item has no due date",
        why: "Action items without a due date tend to slip indefinitely.",
        example: "`due = 2025-01-20`",
        reads: &[&[
            "incident.action_items[].due",
            "incident.action_items[].status",
        ]],
        run: Run::Incident(|case, findings| {
            each_open(case, |path, item| {
                if item.due.is_none() {
                    let finding =
                        Finding::new(format!("action item `{}` has no due date", item.action));
                    findings.add(
                        finding
                            .at(case.file(), path.key("due"), "")
                            .help("add a `due` date"),
                    );
                }
            });
        }),
    },
    Check {
        code: "action-due-before-incident",
        level: Level::Warning,
        traits: &[],
        summary: "an action item is due before its incident started",
        why: "The year or month is wrong, or the action item belongs to another incident.",
        example: "`due = 2026-01-20` for an incident in 2026, not `2025-01-20`.",
        reads: &[MARKS, ZONE],
        run: Run::Incident(due_before_incident),
    },
    Check {
        code: OVERDUE,
        level: Level::Warning,
        traits: &[],
        summary: "an action item is overdue",
        why: "Until it is done, the incident can recur.",
        example: "Complete it and set `status = \"done\"`, or agree on a new `due` date.",
        reads: &[AS_OF, &["incident.action_items[].status"]],
        run: Run::Incident(|case, findings| {
            each_open(case, |path, item| {
                if let Some(overdue) = item.due.and_then(|due| case.as_of.overdue(due.0)) {
                    let message = format!("action item `{}`{overdue}", item.action);
                    findings.add(
                        Finding::new(message)
                            .at(case.file(), path.key("due"), "due here")
                            .help("set `status = \"done\"` once it is done, or agree on a new `due` date"),
                    );
                }
            });
        }),
    },
    Check {
        code: "action-cancelled-without-reason",
        level: Level::Warning,
        traits: &[],
        summary: "an action item was cancelled without a reason",
        why: "Without the reason, the next reader will propose the same action again.",
        example: "`reason = \"Replaced by AI-2025-007\"`",
        reads: &[&["incident.action_items[].reason"]],
        run: Run::Incident(|case, findings| {
            for (path, item) in items(case) {
                if item.status == Some(Progress::Cancelled) && item.reason.is_none() {
                    let finding = Finding::new(format!(
                        "action item `{}` was cancelled without a reason",
                        item.action
                    ));
                    findings.add(
                        finding
                            .at(case.file(), path.key("status"), "")
                            .help("add a `reason`"),
                    );
                }
            }
        }),
    },
    Check {
        code: "action-of-merged-incident",
        level: Level::Warning,
        traits: &[],
        summary: "an action item is open in an incident that was merged into another",
        why: "Readers of the other incident do not find it there.",
        example: "Move it to the `[[action_items]]` of the other incident, or set `status = \"cancelled\"` with a `reason`.",
        reads: &[&["incident.action_items[].status"]],
        run: Run::Incident(|case, findings| {
            let Some(into) = &case.record.incident.merged_into else {
                return;
            };
            each_open(case, |path, item| {
                let message = format!(
                    "action item `{}` is open, but the incident was merged into `{into}`",
                    item.action
                );
                findings.add(
                    Finding::new(message)
                        .at(case.file(), path.key("action"), "")
                        .at(case.file(), Path::new().key("merged_into"), "merged here")
                        .help("move it to that incident, or cancel it with a `reason`"),
                );
            });
        }),
    },
    Check {
        code: "action-status-differs",
        level: Level::Warning,
        traits: &[],
        summary: "an action item has a `done_on` date but is not done",
        why: "Either the date or the status is wrong, and the list of open action items follows the status.",
        example: "`status = \"done\"` together with `done_on = 2025-01-20`.",
        reads: &[&["incident.action_items[].status"]],
        run: Run::Incident(|case, findings| {
            each_open(case, |path, item| {
                if let Some(done) = item.done_on {
                    let message = format!(
                        "action item `{}` has `done_on` {}, but its status is not `done`",
                        item.action, done.0
                    );
                    let finding = Finding::new(message).at(case.file(), path.key("done_on"), "");
                    findings.add(finding.help("set `status = \"done\"`, or remove `done_on`"));
                }
            });
        }),
    },
    Check {
        code: "action-without-verb",
        level: Level::Warning,
        traits: &[],
        summary: "an action item does not say what to do",
        why: "`Monitoring` is a topic. `Alert on queue depth` can be done and checked off.",
        example: "`Add an alert on queue depth` instead of `Better alerting`.",
        reads: &[&["settings.words"]],
        run: Run::Incident(without_verb),
    },
    Check {
        code: "improvement-without-action",
        level: Level::Warning,
        traits: &[],
        summary: "a long-term improvement has no action item",
        why: "Improvements that are not tracked as action items are easily forgotten.",
        example: "`long_term = [{ action = \"AI-2025-002\" }]` takes text and status from the action item.",
        reads: &[&[
            "incident.resolution.long_term[].action",
            "incident.resolution.long_term[].status",
        ]],
        run: Run::Incident(improvement_without_action),
    },
    Check {
        code: "nothing-prevents",
        level: Level::Warning,
        traits: &[],
        summary: "a resolved P0 or P1 has no action item that prevents it",
        why: "For a severe incident, at least one action item should prevent a recurrence, not just shorten it.",
        example: "`type = \"prevent\"` on the action item that removes the cause.",
        reads: &[
            MARKS,
            STATUS,
            KIND,
            SEVERITY,
            &["incident.action_items.type", "incident.action_items.status"],
        ],
        run: Run::Incident(nothing_prevents),
    },
];

fn items<'a>(case: &'a Case) -> impl Iterator<Item = (Path, &'a ActionItem)> {
    let items = case.record.incident.action_items.iter().enumerate();
    items.map(|(index, item)| (Path::new().key("action_items").index(index), item))
}

fn each_open(case: &Case, mut visit: impl FnMut(Path, &ActionItem)) {
    for (path, item) in items(case) {
        if item.progress().is_known_open() {
            visit(path, item);
        }
    }
}

fn due_before_incident(case: &Case, findings: &mut Findings) {
    let Some(started) = case.facts.since() else {
        return;
    };
    let day = started.moment.day(case.record.zone(case.config));
    for (path, item) in items(case) {
        if let Some(due) = item.due.filter(|due| due.0 < day) {
            let (file, start_path) = case.endpoint_location(&started);
            let message = format!(
                "action item `{}` is due on {}, before the incident started on {day}",
                item.action, due.0
            );
            let finding = Finding::new(message).at(case.file(), path.key("due"), "due here");
            findings.add(
                finding
                    .at(file, start_path, "started here")
                    .help("correct the year or month, or move the action item to its incident"),
            );
        }
    }
}

fn without_verb(case: &Case, findings: &mut Findings) {
    for (path, item) in items(case) {
        let mut words = item
            .action
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default().to_lowercase();
        let more = words.next().is_some();
        // A gerund is a topic too. Short words such as `bring` are not gerunds.
        let gerund = first.ends_with("ing")
            && first.len() > 5
            && !case.lexicon.has(|words| &words.not_gerunds, &first);
        if !more || gerund || case.lexicon.has(|words| &words.topics, &first) {
            let message = format!("action item `{}` does not start with a verb", item.action);
            let finding = Finding::new(message).at(case.file(), path.key("action"), "");
            findings.add(
                finding
                    .help("start with a verb, such as `Add`, `Remove`, `Document` or `Alert on`"),
            );
        }
    }
}

fn improvement_without_action(case: &Case, findings: &mut Findings) {
    let steps = case
        .record
        .incident
        .resolution
        .iter()
        .flat_map(|resolution| &resolution.long_term)
        .enumerate();
    for (index, step) in steps {
        let text = match step {
            Either::Short(text) => text,
            Either::Table(step) => match (&step.action, &step.text, step.status) {
                (None, Some(text), status) if status.is_none_or(Progress::is_known_open) => text,
                _ => continue,
            },
        };
        let path = Path::new().key("resolution").key("long_term").index(index);
        let finding = Finding::new(format!(
            "improvement `{}` has no action item",
            text.trim_end()
        ));
        findings.add(
            finding
                .at(case.file(), path, "")
                .help("write `{ action = \"ID\" }`, and add that ID to `[[action_items]]`"),
        );
    }
}

fn nothing_prevents(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let Some(severity) = case.record.severity(case.config) else {
        return;
    };
    let severe = case
        .config
        .severity_rank(severity)
        .is_some_and(|rank| rank < 2);
    let is_resolved = !case.facts.status.is_open()
        && matches!(incident.kind, Kind::Incident | Kind::Investigation);
    let prevents = |item: &ActionItem| {
        item.purpose.as_deref() == Some("prevent") && item.status != Some(Progress::Cancelled)
    };
    // Missing action items are reported by the sections that the severity requires.
    if severe
        && is_resolved
        && !incident.action_items.is_empty()
        && !incident.action_items.iter().any(prevents)
    {
        findings.add(
            Finding::new(format!(
                "no action item of this {severity} has the type `prevent`"
            ))
            .at_key(case.file(), Path::new().key("action_items"), "")
            .help("add `type = \"prevent\"` to the action item that prevents a recurrence"),
        );
    }
}
