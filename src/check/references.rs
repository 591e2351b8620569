//! What names something that is not there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::events::NamedEvents;
use super::{ArchiveCase, Case, Check, Finding, Findings, Member, Run, Settable};
use crate::archive::ReferredFile;
use crate::diagnostic::Level;
use crate::kind::{Either, FilePath};
use crate::source::Path;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "unknown-event",
        level: Level::Error,
        settable: Settable::Never,
        summary: "an `event` that the timeline does not have",
        why: "The time that stands in its place cannot be known.",
        example: "`event = \"pool-increase\"` needs an event with `\"id\": \"pool-increase\"` in the timeline.",
        run: Run::Incident(unknown_event),
    },
    Check {
        code: "unknown-action",
        level: Level::Error,
        settable: Settable::Never,
        summary: "an `action` that is no action item of the incident",
        why: "Text and status of the step come from the action item.",
        example: "`action = \"AI-2025-002\"` needs an `[[action_items]]` with `id = \"AI-2025-002\"`.",
        run: Run::Incident(unknown_action),
    },
    Check {
        code: "unknown-incident",
        level: Level::Error,
        settable: Settable::Never,
        summary: "an incident that the archive does not have",
        why: "A link to a report that is not there leads nowhere.",
        example: "`supersedes = [\"RCA-2026-0311\"]` needs `incidents/RCA-2026-0311.toml`.",
        run: Run::Archive(unknown_incident),
    },
    Check {
        code: "supersedes-in-a-circle",
        level: Level::Error,
        settable: Settable::Never,
        summary: "reports that supersede each other in a circle",
        why: "A reader who follows the links finds no report that stands.",
        example: "The newer report names the older one in `supersedes`, never the reverse.",
        run: Run::Archive(supersedes_in_a_circle),
    },
    Check {
        code: "duplicate-action-id",
        level: Level::Error,
        settable: Settable::Never,
        summary: "two action items with one id",
        why: "An action item is followed up by its id, over the whole archive.",
        example: "Give one of them another `id`, or leave `id` out to get one of the incident's own.",
        run: Run::Archive(duplicate_action_id),
    },
    Check {
        code: "duplicate-event-id",
        level: Level::Error,
        settable: Settable::Never,
        summary: "two events of a timeline with one id",
        why: "A reference from the incident would mean either.",
        example: "Give one of the events another `id`.",
        run: Run::Incident(duplicate_event_id),
    },
    Check {
        code: "unknown-severity",
        level: Level::Error,
        settable: Settable::Never,
        summary: "a severity that the settings do not know",
        why: "What a severity requires, and how it is counted, is told by the settings.",
        example: "`severity = \"P1\"`, or add `[severity.SEV1]` to `afterword.toml`.",
        run: Run::Incident(unknown_severity),
    },
    Check {
        code: "missing-file",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a file that is referred to and is not in the archive",
        why: "The report links to it, and a reader will look for it in vain.",
        example: "`file = \"../monitoring/alert.json\"` starts at the folder of the incident's file.",
        run: Run::Incident(missing_file),
    },
];

fn unknown_event(case: &Case, findings: &mut Findings) {
    for (place, id) in NamedEvents::collect(&case.record.incident).0 {
        if case.record.event(id).is_none() {
            let finding = Finding::new(format!("the timeline has no event `{id}`")).at(
                case.file(),
                place,
                "",
            );
            let known = case
                .record
                .timeline
                .events
                .iter()
                .filter_map(|event| event.id.as_deref());
            findings.add(finding.help(suggest(
                "its events are",
                id,
                known,
                "give the event an `id` in the timeline",
            )));
        }
    }
}

/// Names the nearest of the known words, or all of a few, or says what to do instead.
fn suggest<'a>(
    list: &str,
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    let near = known
        .clone()
        .map(|other| (strsim::jaro_winkler(other, word), other));
    let near = near
        .filter(|(score, _)| *score > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    match near {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None => {
            let few: Vec<String> = known.take(9).map(|other| format!("`{other}`")).collect();
            if few.is_empty() || few.len() > 8 {
                otherwise.to_owned()
            } else {
                format!("{list} {}", few.join(", "))
            }
        }
    }
}

fn unknown_action(case: &Case, findings: &mut Findings) {
    let Some(resolution) = &case.record.incident.resolution else {
        return;
    };
    let known: Vec<String> = (0..case.record.incident.action_items.len())
        .map(|place| case.record.action_id(place))
        .collect();
    let horizons = [
        ("immediate", &resolution.immediate),
        ("short_term", &resolution.short_term),
        ("long_term", &resolution.long_term),
    ];
    let top = horizons
        .into_iter()
        .map(|(name, steps)| (Path::new().key("resolution").key(name), steps));
    let phases = resolution.phases.iter().enumerate().map(|(index, phase)| {
        (
            Path::new()
                .key("resolution")
                .key("phases")
                .index(index)
                .key("items"),
            &phase.items,
        )
    });
    for (place, steps) in top.chain(phases) {
        for (index, step) in steps.iter().enumerate() {
            let place = place.clone().index(index);
            let Either::Table(table) = step else { continue };
            match &table.action {
                Some(id) if !known.iter().any(|known| **known == **id) => {
                    let help = suggest(
                        "they are",
                        id,
                        known.iter().map(String::as_str),
                        "add it to `[[action_items]]`",
                    );
                    let finding = Finding::new(format!("the incident has no action item `{id}`"));
                    findings.add(finding.at(case.file(), place.key("action"), "").help(help));
                }
                None if table.text.is_none() => {
                    let finding = Finding::new("a step needs a `text` or an `action`");
                    findings.add(
                        finding
                            .at(case.file(), place, "")
                            .help("write `text = \"…\"`"),
                    );
                }
                _ => {}
            }
        }
    }
}

fn unknown_incident(whole: &ArchiveCase, findings: &mut Findings) {
    let known: BTreeSet<&str> = whole
        .members
        .iter()
        .map(|member| member.neighbor.id.as_str())
        .collect();
    for member in whole.members {
        for (place, id) in &member.ties.named {
            if !known.contains(id.as_str()) && !whole.broken.contains(id) {
                let finding = Finding::new(format!("the archive has no incident `{id}`"));
                let near = suggest(
                    "",
                    id,
                    known.iter().copied(),
                    "name one by the stem of its file",
                );
                findings.add(finding.at(member.file(), place.clone(), "").help(near));
            }
        }
    }
}

fn supersedes_in_a_circle(whole: &ArchiveCase, findings: &mut Findings) {
    let by_id: BTreeMap<&str, &Member> = whole
        .members
        .iter()
        .map(|member| (member.neighbor.id.as_str(), member))
        .collect();
    for member in whole.members {
        for (place, first) in &member.ties.supersedes {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![first.as_str()];
            while let Some(id) = open.pop() {
                if id == member.neighbor.id {
                    let finding = Finding::new(format!(
                        "`{id}` supersedes itself, by way of what it supersedes"
                    ));
                    findings.add(
                        finding
                            .at(member.file(), place.clone(), "")
                            .help("remove one of the links"),
                    );
                    break;
                }
                if seen.insert(id) {
                    let next = by_id.get(id).into_iter();
                    let older = next.flat_map(|next| &next.ties.supersedes);
                    open.extend(older.map(|(_, id)| id.as_str()));
                }
            }
        }
    }
}

fn duplicate_action_id(whole: &ArchiveCase, findings: &mut Findings) {
    let mut first: HashMap<&str, (&Member, usize)> = HashMap::new();
    for member in whole.members {
        for (place, id) in member.ties.actions.iter().enumerate() {
            let path = |place: usize| Path::new().key("action_items").index(place).key("id");
            match first.get(id.as_str()) {
                None => {
                    first.insert(id, (member, place));
                }
                Some((other, taken)) => findings.add(
                    Finding::new(format!("the action item `{id}` is there twice"))
                        .at(member.file(), path(place), "again here")
                        .at(other.file(), path(*taken), "first here")
                        .help("ids of action items are unique in the whole archive"),
                ),
            }
        }
    }
}

fn duplicate_event_id(case: &Case, findings: &mut Findings) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, event) in case.record.timeline.events.iter().enumerate() {
        let Some(id) = event.id.as_deref() else {
            continue;
        };
        let path = |index: usize| Path::new().key("events").index(index).key("id");
        match first.get(id) {
            None => {
                first.insert(id, index);
            }
            Some(taken) => findings.add(
                Finding::new(format!("the event `{id}` is there twice"))
                    .at(case.timeline_file(), path(index), "again here")
                    .at(case.timeline_file(), path(*taken), "first here"),
            ),
        }
    }
}

fn unknown_severity(case: &Case, findings: &mut Findings) {
    let Some(severity) = &case.record.incident.severity else {
        return;
    };
    let known = case.config.severities();
    if known.iter().any(|known| *known.key == **severity) {
        return;
    }
    let keys: Vec<String> = known
        .iter()
        .map(|known| format!("`{}`", known.key))
        .collect();
    findings.add(
        Finding::new(format!("there is no severity `{severity}`"))
            .at(case.file(), Path::new().key("severity"), "")
            .help(format!(
                "it is one of {}; `[severity.*]` in `afterword.toml` adds others",
                keys.join(", ")
            )),
    );
}

fn missing_file(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let mut check = |place: Path, file: Option<&FilePath>| {
        let Some(file) = file else { return };
        let message = match case.record.resolve(file) {
            None => format!("`{file}` leads out of the archive"),
            Some(path) => match case.record.files.get(&path) {
                Some(ReferredFile::Missing) => format!("there is no file `{path}` in the archive"),
                Some(ReferredFile::Opaque) if incident.report.as_ref() == Some(file) => {
                    format!("`{path}` is no text that can be shown")
                }
                _ => return,
            },
        };
        let finding = Finding::new(message).at(case.file(), place, "");
        findings.add(
            finding.help("the path starts at the folder of this file; links are not followed"),
        );
    };
    let key = |name: &str| Path::new().key(name);
    check(key("report"), incident.report.as_ref());
    for (index, reference) in incident.references.iter().enumerate() {
        check(
            key("references").index(index).key("file"),
            reference.file.as_ref(),
        );
    }
    for (index, evidence) in incident.evidence.iter().enumerate() {
        check(
            key("evidence").index(index).key("file"),
            evidence.file.as_ref(),
        );
    }
    for (index, action) in incident
        .self_healing
        .iter()
        .flat_map(|healing| &healing.actions)
        .enumerate()
    {
        check(
            key("self_healing").key("actions").index(index).key("run"),
            action.run.as_ref(),
        );
    }
    if let Some(alert) = incident
        .detection
        .as_ref()
        .and_then(|detection| detection.alert.as_ref())
    {
        check(
            key("detection").key("alert").key("file"),
            alert.file.as_ref(),
        );
    }
}
