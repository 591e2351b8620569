//! Checks of references to events, action items, incidents, severities and files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use camino::Utf8Path;

use super::circles;
use super::incident_refs::{Ids, IncidentRefs, NamedId};
use super::partial::{EVERYTHING, SEVERITY};
use super::{ArchiveCase, Case, Check, Finding, Findings, Member, Run, Trait, texts};
use crate::archive::{LocalTarget, Record, ReferredFile};
use crate::config::{Config, Severity};
use crate::diagnostic::{Diagnostic, Level};
use crate::dialect::link;
use crate::incident::StepTable;
use crate::kind::{Either, FilePath, name_key};
use crate::source::{self, Path};
pub use anchor::linked;
use file::missing_file;
use label::duplicate_label;
pub use severity::meant_severity;
use severity::{duplicate_severity, unknown_import_severity, unknown_severity};

mod anchor;
mod file;
mod label;
mod severity;

const UNKNOWN_INCIDENT: &str = "unknown-incident";

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "unknown-event",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "`event` names an event that is not in the timeline",
        why: "Without the event, the report cannot print a time for this item.",
        example: "`event = \"pool-increase\"` needs an event with `\"id\": \"pool-increase\"` in the timeline.",
        reads: &[&["timeline.events.id"]],
        run: Run::Incident(unknown_event),
    },
    Check {
        code: "unknown-action",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "`action` names an action item that the incident does not have",
        why: "The step takes its text and status from the action item.",
        example: "`action = \"AI-2025-002\"` needs an `[[action_items]]` with `id = \"AI-2025-002\"`.",
        reads: &[&["incident.action_items.id", "incident.resolution"]],
        run: Run::Incident(unknown_action),
    },
    Check {
        code: "step-without-text",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a step has neither `text` nor `action`",
        why: "The report would show an empty line.",
        example: "`{ text = \"Restarted the workers\", event = \"restart\" }`",
        reads: &[&["incident.resolution"]],
        run: Run::Incident(step_without_text),
    },
    Check {
        code: UNKNOWN_INCIDENT,
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "an incident refers to another that is not in the archive",
        why: "The link in the report would be broken.",
        example: "`supersedes = [\"RCA-2026-0311\"]` needs `incidents/RCA-2026-0311.toml`.",
        reads: EVERYTHING,
        run: Run::Archive(unknown_incident),
    },
    Check {
        code: "supersedes-in-a-circle",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "reports supersede each other in a circle",
        why: "Readers following the links never reach a current report.",
        example: "Name the older report in the `supersedes` of the newer one, never the reverse.",
        reads: EVERYTHING,
        run: Run::Archive(circles::supersedes_in_a_circle),
    },
    Check {
        code: "merged-in-a-circle",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "incidents are merged into each other in a circle",
        why: "None of them counts, and readers following the links never reach the one that does.",
        example: "Name in `merged_into` the incident that continues; that one has no `merged_into`.",
        reads: EVERYTHING,
        run: Run::Archive(circles::merged_in_a_circle),
    },
    Check {
        code: "duplicate-action-id",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "two action items have the same ID",
        why: "Action items are tracked by ID across the whole archive.",
        example: "Give one of them another `id`, or leave `id` out to have one generated.",
        reads: EVERYTHING,
        run: Run::Archive(duplicate_action_id),
    },
    Check {
        code: "duplicate-event-id",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "two events of a timeline have the same ID",
        why: "A reference to that ID could mean either event.",
        example: "Give one of the events another `id`.",
        reads: &[],
        run: Run::Incident(duplicate_event_id),
    },
    Check {
        code: "unknown-severity",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "the severity is not defined",
        why: "Required sections, sign-offs and statistics all depend on the severity's definition.",
        example: "`severity = \"P1\"`, or add `[severity.SEV1]` to `afterword.toml`.",
        reads: &[SEVERITY],
        run: Run::Incident(unknown_severity),
    },
    Check {
        code: "service-spelled-differently",
        level: Level::Warning,
        traits: &[],
        summary: "a service is spelled in two ways",
        why: "Readers take them for two services, and lists by service have two pages.",
        example: "`services = [\"orders-api\"]` and `name = \"orders-api\"` in `[[impact.services]]`",
        reads: &[&["incident.services", "incident.impact.services"]],
        run: Run::Incident(service_spelled_differently),
    },
    Check {
        code: "duplicate-severity",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "two severities whose keys differ only in case",
        why: "Incidents would be counted under either key, and readers could not tell them apart.",
        example: "`[severity.P1]` changes the default `P1`; `[severity.p1]` would add another one.",
        reads: EVERYTHING,
        run: Run::Archive(duplicate_severity),
    },
    Check {
        code: "duplicate-label",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a label of durations that is the label of something else",
        why: "A duration with this label would be compared with the wrong times.",
        example: "`labels.detect = [\"Recovery time\"]`, but `Recovery time` is a built-in label of `recover`.",
        reads: EVERYTHING,
        run: Run::Archive(duplicate_label),
    },
    Check {
        code: "unknown-import-severity",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "`[import.severities]` names a severity that is not defined",
        why: "An alert of that severity cannot start an incident.",
        example: "`critical = \"P1\"`, or a `[severity.*]` table that defines the other severity.",
        reads: EVERYTHING,
        run: Run::Archive(unknown_import_severity),
    },
    Check {
        code: "missing-file",
        level: Level::Warning,
        traits: &[],
        summary: "a referenced file is not in the archive, or is not published",
        why: "The report links to the file, so readers would get a broken link.",
        example: "`file = \"../monitoring/alert.json\"` is relative to the folder of the incident's file.",
        reads: &[&["settings.limits"]],
        run: Run::Incident(missing_file),
    },
    Check {
        code: "remote-image",
        level: Level::Warning,
        traits: &[],
        summary: "a text shows an image of another site",
        why: "Pages load nothing from other sites, which would learn who reads the report, so there is only a link.",
        example: "Save the image in the archive, and write `![Queue depth](../pictures/queue.png)`.",
        reads: &[],
        run: Run::Incident(|case, findings| {
            case.record.each_link(|link| {
                let target = link.target;
                if target.is_picture && link::is_external(&target.url) {
                    let message = format!("the image `{}` becomes a link", target.url);
                    findings.add(
                        Finding::new(message)
                            .at(link.file, texts::path(link.steps), "")
                            .help("save it in the archive and link to that file, or write a link"),
                    );
                }
            });
        }),
    },
    Check {
        code: "link-shown-as-text",
        level: Level::Warning,
        traits: &[],
        summary: "a text links to an address that pages do not link to",
        why: "Only `http`, `https` and `mailto` addresses and relative paths are known to be safe, so readers see the text as it was typed.",
        example: "Write `[the files](https://files.example.com/exports/)` instead of `[the files](ftp://files.example.com/exports/)`.",
        reads: &[],
        run: Run::Incident(|case, findings| {
            case.record.each_link(|link| {
                let url = &link.target.url;
                if !link::allowed(url) {
                    findings.add(
                        Finding::new(format!("the link to `{url}` becomes text"))
                            .at(link.file, texts::path(link.steps), "")
                            .help("use an address with `https`, `http` or `mailto`, or a relative path"),
                    );
                }
            });
        }),
    },
    Check {
        code: "unknown-report",
        level: Level::Warning,
        traits: &[],
        summary: "a text links to the report of an incident that is not in the archive",
        why: "The site has no such page, so readers see the text as it was typed.",
        example: "`[the analysis](RCA-2025-0003.md)` links to the report of the incident `RCA-2025-0003`.",
        reads: EVERYTHING,
        run: Run::Archive(|archive, findings| {
            unknown_ids(archive, findings, |refs| &refs.linked, "report");
        }),
    },
    Check {
        code: "unknown-anchor",
        level: Level::Warning,
        traits: &[],
        summary: "a text links to a part that the report does not have",
        why: "The link leads to the top of the page, and readers do not find what it promises.",
        example: "`[the cause](#root-cause)` and `[its cause](RCA-2025-0003.md#root-cause)` lead to the heading \"Root Cause\".",
        reads: EVERYTHING,
        run: Run::Archive(anchor::unknown_anchor),
    },
];

fn unknown_event(case: &Case, findings: &mut Findings) {
    for (path, id) in texts::named_events(case.record) {
        if case.record.event(id).is_none() {
            let finding = Finding::new(format!("unknown event `{id}`"));
            let finding = finding.at(case.file(), path.clone(), "");
            let known = case
                .record
                .timeline
                .events
                .iter()
                .filter_map(|event| event.id.as_deref());
            let help = suggest(
                "expected one of",
                id,
                known.clone(),
                "give the event this `id` in the timeline",
            );
            findings.add(finding.help(help).spell(case.file(), path, id, known));
        }
    }
}

/// Returns a help text: the most similar of the known words, all of them if they are few, or else
/// `otherwise`.
fn suggest<'a>(
    list: &str,
    word: &str,
    known: impl Iterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    if let Some(near) = source::did_you_mean(word, known.clone()) {
        return near;
    }
    let mut seen = BTreeSet::new();
    let known = known.filter(|other| seen.insert(*other));
    let few: Vec<String> = known.take(9).map(|other| format!("`{other}`")).collect();
    if few.is_empty() || few.len() > 8 {
        otherwise.to_owned()
    } else {
        format!("{list} {}", few.join(", "))
    }
}

/// Returns the steps of the resolution that are tables, each with its key path.
fn step_tables<'c>(case: &Case<'c>) -> Vec<(Path, &'c StepTable)> {
    let resolution = case.record.incident.resolution.as_ref();
    let key = |name: &str| Path::new().key("resolution").key(name);
    let lists = resolution.into_iter().flat_map(|resolution| {
        let horizons = [
            (key("immediate"), &resolution.immediate),
            (key("short_term"), &resolution.short_term),
            (key("long_term"), &resolution.long_term),
        ];
        let phases = resolution.phases.iter().enumerate();
        let phases = phases
            .map(move |(index, phase)| (key("phases").index(index).key("items"), &phase.items));
        horizons.into_iter().chain(phases)
    });
    let steps = lists.flat_map(|(path, steps)| {
        let steps = steps.iter().enumerate();
        steps.filter_map(move |(index, step)| match step {
            Either::Table(table) => Some((path.clone().index(index), table)),
            Either::Short(_) => None,
        })
    });
    steps.collect()
}

fn unknown_action(case: &Case, findings: &mut Findings) {
    let known: Vec<String> = (0..case.record.incident.action_items.len())
        .map(|index| case.record.action_id(index))
        .collect();
    for (path, table) in step_tables(case) {
        if let Some(id) = &table.action
            && !known.iter().any(|known| **known == **id)
        {
            let help = suggest(
                "expected one of",
                id,
                known.iter().map(String::as_str),
                "add it to `[[action_items]]`",
            );
            let finding = Finding::new(format!("unknown action item `{id}`"));
            let path = path.key("action");
            let finding = finding.at(case.file(), path.clone(), "").help(help);
            let known = known.iter().map(String::as_str);
            findings.add(finding.spell(case.file(), path, id, known));
        }
    }
}

fn step_without_text(case: &Case, findings: &mut Findings) {
    for (path, table) in step_tables(case) {
        if table.action.is_none() && table.text.is_none() {
            let finding = Finding::new("a step requires `text` or `action`");
            findings.add(finding.at(case.file(), path, "").help("add `text = \"…\"`"));
        }
    }
}

fn unknown_incident(archive: &ArchiveCase, findings: &mut Findings) {
    unknown_ids(archive, findings, |refs| &refs.named, "incident");
}

/// Reports the IDs among some references that the archive does not have.
fn unknown_ids(
    archive: &ArchiveCase,
    findings: &mut Findings,
    references: fn(&IncidentRefs) -> &Vec<NamedId>,
    what: &str,
) {
    let known: BTreeSet<&str> = archive
        .members
        .iter()
        .map(|member| member.neighbor.id.as_str())
        .collect();
    for member in archive.members {
        let named = references(member.refs).iter();
        let unknown = named
            .filter(|named| !known.contains(&*named.id) && !archive.broken.contains(&named.id));
        let others = known.iter().copied();
        let others = others.filter(|id| **id != *member.neighbor.id);
        for named in unknown {
            findings.add(unknown_id(named, others.clone(), what));
        }
    }
}

/// Reports an ID that an incident names, and that none of the others has.
fn unknown_id<'a>(
    named: &NamedId,
    others: impl Iterator<Item = &'a str> + Clone,
    what: &str,
) -> Finding {
    let NamedId { file, path, id } = named;
    let near = suggest(
        "expected one of",
        id,
        others.clone(),
        "use its file name without `.toml`",
    );
    let finding = Finding::new(format!("unknown {what} `{id}`"));
    let finding = finding.at(file, path.clone(), "").help(near);
    finding.spell(file, path.clone(), id, others)
}

/// Finds the IDs that an incident with errors names and that the archive does not have.
pub(super) fn unknown_beside_errors(record: &Record, ids: &Ids) -> Vec<Diagnostic> {
    let others: Vec<&str> = ids.sorted();
    let refs = IncidentRefs::named_by(record);
    let named = refs.named.iter();
    let unknown = named.filter(|named| others.binary_search(&&*named.id).is_err());
    let mut findings = Findings::default();
    for named in unknown {
        let others = others.iter().copied().filter(|id| *id != record.id);
        findings.add(unknown_id(named, others, "incident"));
    }
    let check = CHECKS.iter().find(|check| check.code == UNKNOWN_INCIDENT);
    check.map_or_else(Vec::new, |check| {
        super::finished(findings, check, check.level).collect()
    })
}

fn duplicate_action_id(archive: &ArchiveCase, findings: &mut Findings) {
    let mut first: HashMap<&str, (&Member, usize)> = HashMap::new();
    for member in archive.members {
        for (index, id) in member.refs.actions.iter().enumerate() {
            let path = |index: usize| Path::new().key("action_items").index(index).key("id");
            match first.get(id.as_str()) {
                None => {
                    first.insert(id, (member, index));
                }
                Some((other, taken)) => findings.add(
                    Finding::new(format!("duplicate action item ID `{id}`"))
                        .at(member.file(), path(index), "again here")
                        .at(other.file(), path(*taken), "first here")
                        .help("give one of them another `id`, or leave `id` out to have one generated"),
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
                Finding::new(format!("duplicate event ID `{id}`"))
                    .at(case.timeline_file(), path(index), "again here")
                    .at(case.timeline_file(), path(*taken), "first here")
                    .help("give one of the events another `id`"),
            ),
        }
    }
}

fn service_spelled_differently(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let listed = incident.services.iter().enumerate();
    let listed = listed.map(|(index, name)| (Path::new().key("services").index(index), name));
    let impact = incident.impact.iter().flat_map(|impact| &impact.services);
    let affected = impact.enumerate().map(|(index, service)| {
        let path = Path::new().key("impact").key("services").index(index);
        (path.key("name"), &service.name)
    });
    let mut first: BTreeMap<String, (Path, &str)> = BTreeMap::new();
    for (path, name) in listed.chain(affected) {
        match first.get(&name_key(name)) {
            Some((place, known)) if *known != &**name => {
                let finding = Finding::new(format!("`{name}` is spelled `{known}` elsewhere"));
                findings.add(
                    finding
                        .at(case.file(), path, "")
                        .at(case.file(), place.clone(), "here")
                        .help(format!("write `{known}`")),
                );
            }
            Some(_) => {}
            None => {
                first.insert(name_key(name), (path, name));
            }
        }
    }
}
