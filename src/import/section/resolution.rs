//! Imports the section Resolution: the fix, and the steps of each horizon or phase.

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{FixLabel, Heading, WORDS, strip_icon};
use super::super::words::{block as verbatim, bracket, labelled, line, link, web_link};
use super::{evidence, heading, leading_label, list_items, prose_items, remainder, subsection};
use crate::incident::{
    Fix, Link, Phase, Progress, Resolution, Reverted, Rollout, Section, Step, StepTable,
};
use crate::kind::Either;

/// Returns the resolution, creating it if needed.
pub(super) fn resolution(draft: &mut Draft) -> &mut Resolution {
    draft.incident.resolution.get_or_insert_default()
}

/// The steps of a horizon, and the default status of each.
type Horizon = (fn(&mut Resolution) -> &mut Vec<Step>, Progress);

fn horizon(heading: Option<Heading>) -> Option<Horizon> {
    Some(match heading? {
        Heading::Immediate => (|resolution| &mut resolution.immediate, Progress::Done),
        Heading::ShortTerm => (|resolution| &mut resolution.short_term, Progress::Planned),
        Heading::LongTerm => (|resolution| &mut resolution.long_term, Progress::Planned),
        _ => return None,
    })
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, Section::Resolution, part.title, &part.blocks);
    for inner in &part.parts {
        let known = heading(inner);
        if known == Some(Heading::Fix) && is_fix(draft, inner) {
            continue;
        }
        let is_evidence = |blocks: &[Block]| {
            evidence::trailing(draft, Section::Resolution, blocks) == blocks.len()
        };
        let (list, evidence_blocks) = match inner.blocks.as_slice() {
            [list, rest @ ..]
                if list.kind == Kind::List && inner.parts.is_empty() && is_evidence(rest) =>
            {
                (list, rest)
            }
            _ => {
                subsection(draft, Section::Resolution, inner);
                continue;
            }
        };
        let horizon = horizon(known).filter(|(steps, _)| {
            let resolution = draft.incident.resolution.as_mut();
            resolution.is_none_or(|resolution| steps(resolution).is_empty())
        });
        let items = block::items(list);
        let default = horizon.map_or(Progress::Planned, |(_, default)| default);
        let all_have_icons = items.iter().all(|item| strip_icon(&item.text).0.is_some());
        if horizon.is_none() && (!all_have_icons || list.after_blank) {
            subsection(draft, Section::Resolution, inner);
            continue;
        }
        let texts = items.iter().map(|item| item.text.as_str());
        let steps: Vec<Step> = texts.map(|text| step(draft, text, default)).collect();
        match horizon {
            Some((field, _)) => field(resolution(draft)).extend(steps),
            None => resolution(draft).phases.push(Phase {
                title: line(inner.title),
                items: steps,
            }),
        }
        remainder(draft, Section::Resolution, inner.title, evidence_blocks);
    }
}

/// Parses a step: its status icon, the time of its event, and its text.
fn step(draft: &mut Draft, text: &str, default: Progress) -> Step {
    let (status, text) = strip_icon(text);
    let timed = text
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("** - "));
    let event = timed.and_then(|(time, rest)| Some((draft.event_at(time, rest)?, rest)));
    let text = event.as_ref().map_or(text, |(_, rest)| rest);
    let status = status.filter(|status| *status != default);
    if status.is_none() && event.is_none() {
        return Either::Short(verbatim(text));
    }
    Either::Table(StepTable {
        text: Some(verbatim(text)),
        status,
        event: event.map(|(event, _)| event),
        action: None,
        audience: None,
    })
}

/// Imports the fix; returns `false` if a part of it is not recognized.
fn is_fix(draft: &mut Draft, part: &Part) -> bool {
    let fix = parse_fix(draft, &part.blocks);
    let fix = fix.filter(|fix| part.parts.is_empty() && *fix != Fix::default());
    let is_known = fix.is_some();
    if let Some(fix) = fix {
        draft.set(part.title, |draft| &mut draft.incident.fix, fix);
    }
    is_known
}

fn parse_fix(draft: &Draft, blocks: &[Block]) -> Option<Fix> {
    let mut fix = Fix::default();
    let mut rest = blocks;
    while let [first, others @ ..] = rest {
        let found =
            leading_label(first).filter(|found| found.colon && !first.text.contains('\n'))?;
        let items = others.first().map(list_items).unwrap_or_default();
        let texts = items.iter().map(|item| item.text.as_str());
        rest = others.get(1..).unwrap_or_default();
        match WORDS.labels.fix.get(found.label)? {
            FixLabel::Status => {
                fix.status = Some(WORDS.values.fix.get(found.value)?);
                rest = others;
            }
            _ if items.is_empty() => return None,
            FixLabel::Changes => fix.changes = texts.map(change).collect(),
            FixLabel::Reverted => fix.reverted = texts.map(|text| reverted(draft, text)).collect(),
            FixLabel::Rollout => {
                fix.rollout = texts
                    .map(|text| rollout(draft, text))
                    .collect::<Option<_>>()?;
            }
        }
    }
    Some(fix)
}

fn change(text: &str) -> Link {
    let (title, url) = match web_link(text) {
        Some((title, url)) => (line(&title), Some(url)),
        None => (line(text), None),
    };
    Link { title, url }
}

/// Parses `[title](url), 2025-01-24 09:00:20 UTC (reason)`.
fn reverted(draft: &Draft, text: &str) -> Reverted {
    let (rest, reason) = match bracket(text) {
        found if link(text).is_none() => found,
        _ => (text, None),
    };
    let timed = rest.rsplit_once(", ");
    let timed = timed.and_then(|(before, time)| Some((before, draft.moment(time)?)));
    let (rest, at) = match timed {
        Some((before, at)) => (before, Some(at)),
        None => (rest, None),
    };
    let change = change(rest);
    Reverted {
        title: change.title,
        url: change.url,
        at,
        event: None,
        reason: reason.map(line),
    }
}

/// Parses `**production**: Deployed since 2025-01-25` with its results.
fn rollout(draft: &Draft, text: &str) -> Option<Rollout> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let found = labelled(first).filter(|found| found.colon)?;
    let (status, since) = match found.value.split_once(" since ") {
        Some((status, since)) => (status, Some(draft.moment(since)?)),
        None => (found.value, None),
    };
    let status = match status {
        "not recorded" => None,
        status => Some(WORDS.values.fix.get(status)?),
    };
    let results = match block::blocks(rest).as_slice() {
        [] => Vec::new(),
        [list] if list.kind == Kind::List => prose_items(list),
        _ => return None,
    };
    Some(Rollout {
        environment: line(found.label),
        status,
        since,
        results: results.iter().map(|result| line(result)).collect(),
    })
}
