//! Imports the blocks around the sections: banners, signatures, classification and retention.

use super::super::block::{Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{FootLabel, WORDS};
use super::super::words::{self, Labelled, bracket, labelled, line};
use super::{each_block, labelled_lines, leading, remainder, subsections};
use crate::audience::Audience;
use crate::incident::{AnalysisStatus, Section, Signature, SignatureRole};
use crate::kind::{Day, Period};
use crate::moment::parse_day;

/// Imports the section Sign-off.
pub(super) fn sign_off(draft: &mut Draft, part: &Part) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let first = rest.first();
        let is_known = first.is_some_and(|block| labelled_lines(draft, part.title, block, signed));
        usize::from(is_known)
    });
    remainder(draft, Section::SignOff, part.title, &kept);
    subsections(draft, Section::SignOff, &part.parts);
}

fn signed(draft: &mut Draft, _: usize, found: Labelled) -> bool {
    if let Some(role) = WORDS.values.role.get(found.label) {
        let signature = signature(role, found.value);
        let sign_off = draft.incident.sign_off.get_or_insert_default();
        sign_off.signatures.push(signature);
        return true;
    }
    let is_date = WORDS.labels.foot.get(found.label) == Some(FootLabel::Date);
    match parse_day(found.value) {
        Ok(day) if is_date => {
            draft.set(
                found.label,
                |draft| &mut draft.incident.sign_off.get_or_insert_default().date,
                Day(day),
            );
            true
        }
        _ => false,
    }
}

fn signature(role: SignatureRole, value: &str) -> Signature {
    let (before, note) = bracket(value);
    let day = note.and_then(|day| parse_day(day).ok());
    let rest = if day.is_some() { before } else { value };
    let (name, title) = match rest.split_once(", ") {
        Some((name, title)) => (name, Some(title)),
        None => (rest, None),
    };
    Signature {
        role,
        name: line(name.trim()),
        title: title.map(|title| line(title.trim())),
        date: day.map(Day),
    }
}

/// Imports classification and retention; returns `false` if the block contains neither.
pub(in super::super) fn foot(draft: &mut Draft, block: &Block) -> bool {
    matches!(
        leading(block, &WORDS.labels.foot),
        Some(FootLabel::Classification | FootLabel::Retention | FootLabel::Marking)
    ) && labelled_lines(draft, "Classification", block, closing)
}

fn closing(draft: &mut Draft, number: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    match WORDS.labels.foot.get(label) {
        Some(FootLabel::Classification) => classification(draft, number, label, value),
        Some(FootLabel::Retention) => {
            let (period, basis) = bracket(value);
            if let Ok(period) = Period::new(period) {
                draft.set(
                    label,
                    |draft| &mut draft.incident.governance.retention,
                    period,
                );
            } else if period != "not recorded" {
                return false;
            }
            if let Some(basis) = basis {
                draft.set(
                    label,
                    |draft| &mut draft.incident.governance.retention_basis,
                    line(basis),
                );
            }
        }
        Some(FootLabel::LegalHold) => draft.set(
            label,
            |draft| &mut draft.incident.governance.legal_hold,
            line(value),
        ),
        Some(FootLabel::Marking) => draft.set(
            label,
            |draft| &mut draft.incident.governance.marking,
            line(value),
        ),
        _ => return false,
    }
    true
}

fn classification(draft: &mut Draft, number: usize, label: &str, value: &str) {
    let (word, scope) = match value.split_once(" - ") {
        Some((word, scope)) => (word, Some(scope)),
        None => (value, None),
    };
    let known = WORDS.values.audience.get(word);
    if known.is_none() {
        draft.note(
            number,
            format!("unknown classification `{word}`; set to `confidential` until you choose one"),
        );
        draft.keep_unmapped("Classification", number, value);
    }
    draft.set(
        label,
        |draft| &mut draft.incident.classification,
        // An unknown classification may be more restricted than any guess.
        known.unwrap_or(Audience::Confidential),
    );
    if let Some(scope) = scope {
        draft.set(
            label,
            |draft| &mut draft.incident.governance.scope,
            line(scope),
        );
    }
}

/// Imports a banner or the marking below the title; returns `false` if the block is neither.
pub(in super::super) fn banners(draft: &mut Draft, block: &Block) -> bool {
    if leading(block, &WORDS.labels.foot) == Some(FootLabel::Marking) {
        return labelled_lines(draft, "Marking", block, closing);
    }
    let mut lines = block
        .text
        .lines()
        .map(|line| line.trim_start_matches('>').trim());
    if block.kind != Kind::Quote || !matches!(lines.next(), Some("[!WARNING]" | "[!NOTE]")) {
        return false;
    }
    let text = words::one_line(&lines.collect::<Vec<_>>().join("\n"));
    match labelled(&text).map(|found| (found.label, found.value)) {
        Some(("Superseded", _)) => {
            draft.related = true;
            draft.note(
                block.line,
                "superseded notice not imported; it is derived from the report that supersedes this one",
            );
            true
        }
        Some(("Merged", value)) => {
            let into = value
                .strip_prefix("this incident was merged into ")
                .and_then(|rest| rest.strip_suffix(", where it counts."));
            let Some(into) = into.and_then(|into| super::summary::incident(draft, into)) else {
                return false;
            };
            draft.incident.merged_into = Some(into);
            true
        }
        Some(("Provisional", value)) => {
            let analysis = draft.incident.analysis.get_or_insert_default();
            analysis.status = AnalysisStatus::Provisional;
            if value != "the findings of this report may change." {
                analysis.status_note = Some(line(value));
            }
            true
        }
        _ => false,
    }
}
