//! Checks of completeness: classification, required sections, signatures and external texts.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::partial::{AS_OF, EVERYTHING, KIND, MARKS, SEVERITY, STATUS, ZONE};
use super::{ArchiveCase, Case, Check, Finding, Findings, Member, Run, Trait, has_trait, listed};
use crate::archive::is_picture;
use crate::audience::Audience;
use crate::config::{Requirement, Severity};
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::{counted, replaced_by};
use crate::incident::{Incident, Kind, PublicReport};
use crate::source::Path;

mod public;
mod required;
mod sign_off;

use public::{duplicate_public_id, public_key_unused, public_text_missing};
pub(super) use required::required_severity;
use required::section_missing;
pub(super) use sign_off::signing_dates;
use sign_off::{
    review_late, self_approval, signature_missing, signature_without_date, signed_before_end,
};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "classification-missing",
        level: Level::Warning,
        traits: &[],
        summary: "an incident has no classification",
        why: "The incident is treated as internal. Set the classification so that this is a deliberate choice.",
        example: "`classification = \"internal\"`, or `public`, `customers` or `confidential`",
        reads: &[&["incident.classification"]],
        run: Run::Incident(|case, findings| {
            if case.record.incident.classification.is_none() {
                let finding = Finding::new("missing `classification`; treated as `internal`");
                let finding = finding.at(case.file(), Path::new().key("classification"), "");
                findings.add(
                    finding.help("add `classification = \"internal\"`, or `public`, `customers` or `confidential`"),
                );
            }
        }),
    },
    Check {
        code: "severity-missing",
        level: Level::Warning,
        traits: &[],
        summary: "an incident has no severity",
        why: "The severity decides which sections and signatures the report needs.",
        example: "`severity = \"P2\"`",
        reads: &[SEVERITY, KIND],
        run: Run::Incident(|case, findings| {
            let counts = matches!(case.record.incident.kind, Kind::Incident | Kind::NearMiss);
            if counts && case.record.severities().is_empty() {
                let keys: Vec<String> = case
                    .config
                    .severities()
                    .iter()
                    .map(|severity| format!("`{}`", severity.key))
                    .collect();
                let finding = Finding::new("missing `severity`");
                let finding = finding.at(case.file(), Path::new().key("severity"), "");
                findings
                    .add(finding.help(format!("add `severity` with one of {}", keys.join(", "))));
            }
        }),
    },
    Check {
        code: "required-section-missing",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "a resolved incident lacks a section that its severity requires",
        why: "Your team agreed on what each report must contain, in `[severity.*] require`.",
        example: "A resolved P1 needs impact, root cause, detection, resolution, messages, lessons and action items.",
        reads: &[
            MARKS,
            STATUS,
            KIND,
            SEVERITY,
            &[
                "incident.summary?",
                "incident.root_cause.primary?",
                "incident.detection?",
                "incident.impact?",
                "incident.resolution?",
                "incident.fix?",
                "incident.self_healing?",
                "incident.messages.stage",
                "incident.lessons?",
                "incident.action_items.action",
                "incident.technical",
                "incident.evidence[]",
                "incident.references.title",
                "incident.sign_off?",
            ],
        ],
        run: Run::Incident(section_missing),
    },
    Check {
        code: "required-signature-missing",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "a resolved incident lacks a signature that its severity requires",
        why: "Without the signature, the report is still a draft.",
        example: "`[[sign_off.signatures]]` with `role = \"reviewer\"`",
        reads: &[MARKS, STATUS, KIND, SEVERITY, &["incident.sign_off"]],
        run: Run::Incident(signature_missing),
    },
    Check {
        code: "review-late",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "an incident was not reviewed within the time that its severity sets",
        why: "Details are forgotten within days, and follow-up work starts late.",
        example: "`review_on = 2026-01-19` in `[communication.internal]`, or the dated signature of a reviewer.",
        reads: &[
            MARKS,
            STATUS,
            KIND,
            SEVERITY,
            ZONE,
            &["incident.communication.internal", "incident.sign_off"],
        ],
        run: Run::Incident(review_late),
    },
    Check {
        code: "signed-before-end",
        level: Level::Warning,
        traits: &[],
        summary: "a report was signed before its incident ended",
        why: "The signer cannot have seen the complete report.",
        example: "Correct the date, or have the report signed again.",
        reads: &[MARKS, ZONE],
        run: Run::Incident(signed_before_end),
    },
    Check {
        code: "self-approval",
        level: Level::Warning,
        traits: &[],
        summary: "the approver also led the incident",
        why: "An approval needs a second pair of eyes.",
        example: "Have somebody else approve, or sign as `reviewer`.",
        reads: &[&[
            "incident.people.commander",
            "incident.people.command",
            "incident.sign_off",
        ]],
        run: Run::Incident(self_approval),
    },
    Check {
        code: "signature-without-date",
        level: Level::Warning,
        traits: &[],
        summary: "a signature has no date",
        why: "Auditors need to know when the report was signed.",
        example: "`date = 2025-01-15` in `[sign_off]`",
        reads: &[&[
            "incident.sign_off.date",
            "incident.sign_off.signatures[].date",
        ]],
        run: Run::Incident(signature_without_date),
    },
    Check {
        code: "row-length",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a table row does not have one value per column",
        why: "Its values would appear under the wrong headings.",
        example: "Three `columns` need three values in each of the `rows`.",
        reads: &[&["incident.tables"]],
        run: Run::Incident(row_length),
    },
    Check {
        code: "reference-without-target",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a reference needs exactly one of `file`, `url`, `text` and `incident`",
        why: "Readers could not tell where the reference points.",
        example: "`{ title = \"Dashboard\", url = \"https://…\" }`",
        reads: &[&["incident.references[]"]],
        run: Run::Incident(reference_target),
    },
    Check {
        code: "evidence-without-content",
        level: Level::Warning,
        traits: &[],
        summary: "evidence has no content",
        why: "A title alone is not evidence.",
        example: "Add `code`, a `file`, a `finding` or a `url`.",
        reads: &[&["incident.evidence[]"]],
        run: Run::Incident(|case, findings| {
            for (index, evidence) in case.record.incident.evidence.iter().enumerate() {
                let content = evidence.code.is_some() || evidence.file.is_some();
                if !content && evidence.finding.is_none() && evidence.url.is_none() {
                    let finding = Finding::new(match &evidence.title {
                        Some(title) => format!("evidence `{title}` has no content"),
                        None => "evidence has no content".to_owned(),
                    });
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
        traits: &[],
        summary: "an image has no `alt` text",
        why: "Readers who cannot see the image, and the search, miss what it shows.",
        example: "`alt = \"Queue depth rises from 14:20 and falls at 14:37\"`",
        reads: &[&["incident.evidence[]"]],
        run: Run::Incident(|case, findings| {
            for (index, evidence) in case.record.incident.evidence.iter().enumerate() {
                let picture = evidence.file.as_ref().is_some_and(|file| is_picture(file));
                if picture && evidence.alt.is_none() {
                    let name = evidence.title.as_deref().or(evidence.file.as_deref());
                    let finding = Finding::new(format!(
                        "image of `{}` has no `alt` text",
                        name.unwrap_or_default()
                    ));
                    let path = Path::new().key("evidence").index(index).key("file");
                    findings.add(
                        finding
                            .at(case.file(), path, "")
                            .help("add `alt` with a description of what the image shows"),
                    );
                }
            }
        }),
    },
    Check {
        code: "retention-expired",
        level: Level::Warning,
        traits: &[],
        summary: "a report is past its retention period",
        why: "Data that is kept longer than agreed breaks that agreement, and may break the law.",
        example: "Delete the incident, set a longer `retention`, or state the reason to keep it in `legal_hold`.",
        reads: &[
            AS_OF,
            MARKS,
            ZONE,
            &["incident.governance", "settings.retention"],
        ],
        run: Run::Incident(retention_expired),
    },
    Check {
        code: "public-text-missing",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "an incident for external readers has no `[public]` title or summary",
        why: "External readers see only these texts; without them there is nothing to show.",
        example: "`[public]` with `title = \"Slow API responses\"` and `summary = \"…\"`",
        reads: &[&["incident.classification", "incident.public"]],
        run: Run::Incident(public_text_missing),
    },
    Check {
        code: "public-key-unused",
        level: Level::Warning,
        traits: &[],
        summary: "`[public]` has keys that `report = \"full\"` leaves without effect, or `report = \"full\"` has none",
        why: "Readers would see another text, or another ID, than the author chose for them.",
        example: "Remove `report` and keep the texts, or remove the texts and publish the full report.",
        reads: &[&["incident.classification", "incident.public"]],
        run: Run::Incident(public_key_unused),
    },
    Check {
        code: "duplicate-public-id",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "two incidents have the same public ID",
        why: "One page would overwrite the other.",
        example: "Give one of them another `id` in `[public]`.",
        reads: EVERYTHING,
        run: Run::Archive(duplicate_public_id),
    },
    Check {
        code: "restricted-incident-named",
        level: Level::Warning,
        traits: &[],
        summary: "a text names an incident that some of its readers may not see",
        why: "The ID alone reveals that the incident exists.",
        example: "Write `an earlier incident`, or list it in `[[references]]`, where it is hidden from them.",
        reads: EVERYTHING,
        run: Run::Archive(restricted_incident_named),
    },
];

/// Drops the findings that only matter in a report that is still to be finished: a superseded one is not.
pub(super) fn skip_superseded(found: &mut Vec<Diagnostic>, members: &[Member]) {
    let neighbors = members.iter().map(|member| member.neighbor);
    let superseded = replaced_by(neighbors, Audience::Confidential);
    let is_superseded = |member: &&Member| superseded.contains_key(member.neighbor.id.as_str());
    let files = members.iter().filter(is_superseded).map(Member::file);
    let files: BTreeSet<&Utf8Path> = files.collect();
    found.retain(|diagnostic| {
        let mut locations = diagnostic.locations.iter();
        let is_in = locations.any(|location| files.contains(location.file.as_path()));
        !(is_in && has_trait(diagnostic.code, Trait::OfFinished))
    });
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
                0 => format!("reference `{}` has no target", reference.title),
                _ => format!("reference `{}` has several targets", reference.title),
            };
            let path = Path::new().key("references").index(index);
            findings.add(
                Finding::new(message).at(case.file(), path, "").help(
                    "set exactly one of `file`, `url`, `text` and `incident`; use one reference per target",
                ),
            );
        }
    }
}

fn retention_expired(case: &Case, findings: &mut Findings) {
    let governance = &case.record.incident.governance;
    let until = case
        .facts
        .retain_until
        .filter(|until| case.as_of.is_after(*until));
    let Some(until) = until.filter(|_| governance.legal_hold.is_none()) else {
        return;
    };
    let path = Path::new().key("governance");
    let path = match &governance.retention {
        Some(_) => path.key("retention"),
        None => path,
    };
    findings.add(
        Finding::new(format!("the report was to be kept until {until}"))
            .at(case.file(), path, "")
            .help("delete it, set a longer `retention`, or add `legal_hold` with the reason to keep it"),
    );
}

fn restricted_incident_named(archive: &ArchiveCase, findings: &mut Findings) {
    let audiences: BTreeMap<&str, Audience> = archive
        .members
        .iter()
        .map(|member| (member.neighbor.id.as_str(), member.neighbor.audience))
        .collect();
    for member in archive.members {
        for mention in &member.refs.mentions {
            let audience = |id: &String| audiences.get(id.as_str()).copied();
            let mut restricted = mention.ids.iter().filter_map(|id| {
                let audience = audience(id).filter(|audience| *audience > member.neighbor.audience);
                Some((id, audience?))
            });
            if let Some((id, audience)) = restricted.next() {
                findings.add(
                    Finding::new(format!("this text names `{id}`, which is {audience}"))
                        .at(&mention.file, mention.path.clone(), "")
                        .help("remove the ID, or list the incident in `[[references]]`"),
                );
            }
        }
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
            let columns = counted(table.columns.len(), "value");
            findings.add(
                Finding::new(format!("expected {columns}, found {}", cells.len()))
                    .at(case.file(), path.clone().key("rows").index(row), "this row")
                    .at(case.file(), path.key("columns"), "the columns")
                    .help("write one value for each column; an empty one is `\"\"`"),
            );
        }
    }
}
