//! What a report owes: classification, required sections, signatures, and what outsiders are shown.

use std::collections::BTreeMap;

use super::{ArchiveCase, Case, Check, Finding, Findings, Member, Run, Settable};
use crate::archive::is_picture;
use crate::audience::Audience;
use crate::config::{Requirement, Severity};
use crate::diagnostic::Level;
use crate::incident::{Incident, Kind, PublicReport};
use crate::source::Path;

mod sign_off;

use sign_off::{self_approval, signature_missing, signature_without_date, signed_before_end};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "classification-missing",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "an incident is not classified",
        why: "Without a word it counts as internal; say so, so that it is a decision.",
        example: "`classification = \"internal\"`; `public`, `customers` or `confidential`",
        run: Run::Incident(|case, findings| {
            if case.record.incident.classification.is_none() {
                let finding =
                    Finding::new("the incident is not classified, and counts as `internal`");
                let finding = finding.at(case.file(), Path::new().key("classification"), "");
                findings.add(
                    finding.help("add `classification = \"internal\"`, or who else may read it"),
                );
            }
        }),
    },
    Check {
        code: "severity-missing",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "an incident has no severity",
        why: "What its report must say, and who must sign it, follows from the severity.",
        example: "`severity = \"P2\"`",
        run: Run::Incident(|case, findings| {
            let counts = matches!(case.record.incident.kind, Kind::Incident | Kind::NearMiss);
            if counts && case.record.incident.severity.is_none() {
                let keys: Vec<String> = case
                    .config
                    .severities()
                    .iter()
                    .map(|own| format!("`{}`", own.key))
                    .collect();
                let finding = Finding::new("the incident has no severity");
                let finding = finding.at(case.file(), Path::new().key("severity"), "");
                findings.add(finding.help(format!("add `severity`: one of {}", keys.join(", "))));
            }
        }),
    },
    Check {
        code: "required-section-missing",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a resolved incident lacks what its severity requires",
        why: "The team agreed which reports must say what; `[severity.*] require` holds the agreement.",
        example: "A resolved P1 needs impact, root cause, detection, resolution, messages, lessons and action items.",
        run: Run::Incident(section_missing),
    },
    Check {
        code: "required-signature-missing",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a resolved incident lacks a signature that its severity requires",
        why: "A report that nobody stands for is a draft.",
        example: "`[[sign_off.signatures]]` with `role = \"reviewer\"`",
        run: Run::Incident(signature_missing),
    },
    Check {
        code: "signed-before-end",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a report was signed before its incident ended",
        why: "What was signed cannot have been the whole report.",
        example: "Mend the date, or have it signed again.",
        run: Run::Incident(signed_before_end),
    },
    Check {
        code: "self-approval",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "the approver also led the incident",
        why: "Two pairs of eyes are the point of an approval.",
        example: "Have somebody else approve, or sign as `reviewer`.",
        run: Run::Incident(self_approval),
    },
    Check {
        code: "signature-without-date",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a signature has no date",
        why: "An auditor asks when.",
        example: "`date = 2025-01-15` in `[sign_off]`",
        run: Run::Incident(signature_without_date),
    },
    Check {
        code: "row-length",
        level: Level::Error,
        settable: Settable::Never,
        summary: "a row of a table is not as long as its columns",
        why: "Its values would stand under the wrong headings.",
        example: "Three `columns` need three values in each of the `rows`.",
        run: Run::Incident(row_length),
    },
    Check {
        code: "reference-without-target",
        level: Level::Error,
        settable: Settable::Never,
        summary: "a reference has none or several of `file`, `url`, `text`, `incident`",
        why: "A reference leads to one place.",
        example: "`{ title = \"Dashboard\", url = \"https://…\" }`",
        run: Run::Incident(reference_target),
    },
    Check {
        code: "evidence-without-content",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "evidence with nothing to look at",
        why: "A title proves nothing.",
        example: "Add `code`, a `file`, a `finding` or a `url`.",
        run: Run::Incident(|case, findings| {
            for (index, evidence) in case.record.incident.evidence.iter().enumerate() {
                let content = evidence.code.is_some() || evidence.file.is_some();
                if !content && evidence.finding.is_none() && evidence.url.is_none() {
                    let finding =
                        Finding::new(format!("`{}` has nothing to look at", evidence.title));
                    let finding =
                        finding.at(case.file(), Path::new().key("evidence").index(index), "");
                    findings.add(finding.help("add `code`, a `file`, a `finding` or a `url`"));
                }
            }
        }),
    },
    Check {
        code: "image-without-alt",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a picture has no `alt`",
        why: "Readers who cannot see it, and searches, learn nothing from it.",
        example: "`alt = \"Queue depth rises from 14:20 and falls at 14:37\"`",
        run: Run::Incident(|case, findings| {
            for (index, evidence) in case.record.incident.evidence.iter().enumerate() {
                let picture = evidence.file.as_ref().is_some_and(|file| is_picture(file));
                if picture && evidence.alt.is_none() {
                    let finding =
                        Finding::new(format!("the picture of `{}` has no `alt`", evidence.title));
                    let path = Path::new().key("evidence").index(index).key("file");
                    findings.add(
                        finding
                            .at(case.file(), path, "")
                            .help("add `alt`: what the picture shows, in words"),
                    );
                }
            }
        }),
    },
    Check {
        code: "public-text-missing",
        level: Level::Error,
        settable: Settable::Never,
        summary: "an incident for outsiders lacks `[public]` title or summary",
        why: "Outsiders are shown these words and no others; without them there is nothing to show.",
        example: "`[public]` with `title = \"Slow API responses\"` and `summary = \"…\"`",
        run: Run::Incident(public_words),
    },
    Check {
        code: "duplicate-public-id",
        level: Level::Error,
        settable: Settable::Never,
        summary: "two incidents have one id outside",
        why: "One page would take the place of the other.",
        example: "Give one of them another `id` in `[public]`.",
        run: Run::Archive(duplicate_public_id),
    },
    Check {
        code: "restricted-incident-named",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a text names an incident that not all of its readers may see",
        why: "The id alone tells that there was something.",
        example: "Write `an earlier incident`, or refer to it in `[[references]]`, where it is hidden from them.",
        run: Run::Archive(names_narrower),
    },
];

/// The severity of an incident that is over: it says what its report owes.
fn required_severity(case: &Case) -> Option<Severity> {
    let incident = &case.record.incident;
    let over = !case.facts.status.is_open() && matches!(incident.kind, Kind::Incident);
    let key = incident.severity.as_ref().filter(|_| over)?;
    let mut severities = case.config.severities().into_iter();
    severities.find(|own| *own.key == **key)
}

fn section_missing(case: &Case, findings: &mut Findings) {
    // A report that was written elsewhere has its sections in its own words.
    if case.record.incident.report.is_some() {
        return;
    }
    let Some(severity) = required_severity(case) else {
        return;
    };
    let missing: Vec<&str> = severity
        .require
        .iter()
        .filter_map(|requirement| {
            let (key, present) = requirement_of(*requirement, case);
            (!present).then_some(key)
        })
        .collect();
    if !missing.is_empty() {
        let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        findings.add(
            Finding::new(format!("a resolved {} needs {}", severity.key, keys.join(", ")))
                .at(case.file(), Path::new().key("severity"), "required by this")
                .help("add what is missing; `[severity.*] require` in `afterword.toml` sets what is required"),
        );
    }
}

fn requirement_of(requirement: Requirement, case: &Case) -> (&'static str, bool) {
    let incident: &Incident = &case.record.incident;
    match requirement {
        Requirement::Summary => ("summary", incident.summary.is_some()),
        Requirement::Timeline => ("timeline", !case.record.timeline.events.is_empty()),
        Requirement::RootCause => (
            "root_cause",
            incident
                .root_cause
                .as_ref()
                .is_some_and(|cause| cause.primary.is_some()),
        ),
        Requirement::Detection => ("detection", incident.detection.is_some()),
        Requirement::Impact => ("impact", incident.impact.is_some()),
        Requirement::Resolution => (
            "resolution",
            incident.resolution.is_some() || incident.fix.is_some(),
        ),
        Requirement::SelfHealing => ("self_healing", incident.self_healing.is_some()),
        Requirement::Communication => ("messages", !incident.messages.is_empty()),
        Requirement::Lessons => ("lessons", incident.lessons.is_some()),
        Requirement::ActionItems => ("action_items", !incident.action_items.is_empty()),
        Requirement::Technical => (
            "technical",
            !incident.technical.metrics.0.is_empty()
                || incident.technical.deployment.is_some()
                || !incident.evidence.is_empty(),
        ),
        Requirement::References => ("references", !incident.references.is_empty()),
        Requirement::SignOff => ("sign_off", incident.sign_off.is_some()),
    }
}

fn row_length(case: &Case, findings: &mut Findings) {
    for (index, table) in case.record.incident.tables.iter().enumerate() {
        for (row, cells) in table
            .rows
            .iter()
            .enumerate()
            .filter(|(_, cells)| cells.len() != table.columns.len())
        {
            let path = Path::new().key("tables").index(index);
            let message = format!(
                "the row has {} of {} values",
                cells.len(),
                table.columns.len()
            );
            findings.add(
                Finding::new(message)
                    .at(case.file(), path.clone().key("rows").index(row), "this row")
                    .at(case.file(), path.key("columns"), "the columns"),
            );
        }
    }
}

fn reference_target(case: &Case, findings: &mut Findings) {
    for (index, reference) in case.record.incident.references.iter().enumerate() {
        let targets = [
            reference.file.is_some(),
            reference.url.is_some(),
            reference.text.is_some(),
            reference.incident.is_some(),
        ];
        let count = targets.iter().filter(|given| **given).count();
        if count != 1 {
            let message = match count {
                0 => format!("`{}` leads nowhere", reference.title),
                _ => format!("`{}` leads to several places", reference.title),
            };
            let path = Path::new().key("references").index(index);
            findings.add(
                Finding::new(message).at(case.file(), path, "").help(
                    "give one of `file`, `url`, `text`, `incident`; make two references of two",
                ),
            );
        }
    }
}

fn public_words(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let public = incident.public.as_ref();
    let full = public.is_some_and(|public| public.report == Some(PublicReport::Full));
    if case.record.audience() > Audience::Customers
        || (full && case.record.audience() == Audience::Public)
    {
        return;
    }
    let missing: Vec<&str> = [
        ("title", public.is_some_and(|public| public.title.is_some())),
        (
            "summary",
            public.is_some_and(|public| public.summary.is_some()),
        ),
    ]
    .iter()
    .filter(|(_, given)| !given)
    .map(|(key, _)| *key)
    .collect();
    if !missing.is_empty() {
        let keys: Vec<String> = missing.iter().map(|key| format!("`{key}`")).collect();
        let path = if public.is_some() {
            Path::new().key("public")
        } else {
            Path::new().key("classification")
        };
        findings.add(
            Finding::new(format!(
                "an incident for outsiders needs {} in `[public]`",
                keys.join(" and ")
            ))
            .at(case.file(), path, "")
            .help(
                "write them for readers who know nothing of the systems, or classify it `internal`",
            ),
        );
    }
}

fn duplicate_public_id(whole: &ArchiveCase, findings: &mut Findings) {
    let mut first: BTreeMap<String, &Member> = BTreeMap::new();
    for member in whole.members {
        let Some(id) = &member.neighbor.public_id else {
            continue;
        };
        if let Some(other) = first.insert(id.to_ascii_lowercase(), member) {
            let path = || Path::new().key("public").key("id");
            findings.add(
                Finding::new(format!("the id `{id}` outside is there twice"))
                    .at(member.file(), path(), "again here")
                    .at(other.file(), path(), "first here"),
            );
        }
    }
}

fn names_narrower(whole: &ArchiveCase, findings: &mut Findings) {
    let audiences: BTreeMap<&str, Audience> = whole
        .members
        .iter()
        .map(|member| (member.neighbor.id.as_str(), member.neighbor.audience))
        .collect();
    for member in whole.members {
        for mention in &member.ties.mentions {
            let audience = |id: &String| audiences.get(id.as_str()).copied();
            let mut narrower = mention.ids.iter().filter_map(|id| {
                let audience = audience(id).filter(|audience| *audience > member.neighbor.audience);
                Some((id, audience?))
            });
            if let Some((id, audience)) = narrower.next() {
                findings.add(
                    Finding::new(format!("this names `{id}`, which is {audience}"))
                        .at(&mention.file, mention.path.clone(), "")
                        .help("do not name it here, or refer to it in `[[references]]`"),
                );
            }
        }
    }
}
