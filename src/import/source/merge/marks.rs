//! Chooses the events that get marks.
//!
//! What a system states is set; what an event probably marks is proposed. No mark is moved, and no
//! proposal contradicts what is recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Options, Placed, Plan, Proposal};
use crate::archive::{Marked, Record};
use crate::config::Config;
use crate::facts::{Facts, State, between};
use crate::kind::Day;
use crate::moment::TimeDefaults;
use crate::timeline::{Event, EventKind, Mark};

/// Adds a proposal for each mark that the incident lacks and an event has.
pub fn propose(
    record: &Record,
    config: &Config,
    options: &Options,
    times: TimeDefaults,
    plan: &mut Plan,
) {
    let marks = record.marks();
    let taken: BTreeSet<Mark> = marks.into_iter().map(|marked| marked.mark).collect();
    let sure = sure(&plan.placed);
    let mut trial = Trial::new(record, config, times, &plan.placed);
    for mark in in_order_of_trial() {
        // A reopening needs an end before it, so it is looked for with that end.
        if !taken.contains(&mark) && mark != Mark::Reopened {
            propose_one(mark, &sure, &mut trial, options, plan);
        }
    }
    let usual = |proposal: &Proposal| Mark::ALL.iter().position(|mark| *mark == proposal.mark);
    plan.proposals.sort_by_key(usual);
    if !taken.contains(&Mark::Reopened) {
        propose_reopenings(&mut trial, options, plan);
    }
}

/// Returns the marks, `acknowledged` before `paged`: an acknowledgement is certain, and a page may only hand the incident over.
fn in_order_of_trial() -> impl Iterator<Item = Mark> {
    let usual = Mark::ALL.iter().copied();
    usual.flat_map(|mark| match mark {
        Mark::Paged => vec![Mark::Acknowledged, Mark::Paged],
        Mark::Acknowledged => Vec::new(),
        mark => vec![mark],
    })
}

/// Adds a proposal for a mark: the first choice that contradicts nothing.
fn propose_one(
    mark: Mark,
    sure: &BTreeSet<&'static str>,
    trial: &mut Trial,
    options: &Options,
    plan: &mut Plan,
) {
    for choice in choices(mark, &plan.placed) {
        let Some(placed) = plan.placed.get_mut(choice.index) else {
            return;
        };
        let is_stated = choice.is_stated && sure.contains(placed.importer.prefix);
        let is_refused = match trial.accepts(choice.index, mark, ended(placed)) {
            Verdict::Decided => return,
            Verdict::Accepted => false,
            // What a system states is told, even if it cannot hold.
            Verdict::Contradicts if is_stated => true,
            Verdict::Contradicts => continue,
        };
        // A person may have removed the mark of an event that is there already.
        let is_set = !is_refused && ((is_stated && placed.existing.is_none()) || options.marks);
        if is_set {
            placed.event.marks.push(mark);
        }
        plan.proposals.push(Proposal {
            mark,
            reason: choice.reason,
            index: choice.index,
            is_set,
            is_refused,
        });
        return;
    }
}

/// Adds a proposal for each time at which the incident was open again after an end, and for the ends before and after it
/// that nothing marks.
fn propose_reopenings(trial: &mut Trial, options: &Options, plan: &mut Plan) {
    let marks = reopenings(&plan.placed);
    let time = |plan: &Plan, at: usize| {
        let (index, ..) = marks.get(at)?;
        Some(plan.placed.get(*index)?.at.order())
    };
    let mut since = None;
    for (at, (index, mark, reason)) in marks.iter().enumerate() {
        if *mark == Mark::Reopened {
            since = time(plan, at);
        } else {
            let until = time(plan, at + 1);
            let is_end_between = |marked: &Marked| {
                let order = marked.moment.order();
                matches!(
                    marked.mark,
                    Mark::Resolved | Mark::Ended | Mark::ImpactEnded
                ) && since.is_none_or(|since| since <= order)
                    && until.is_none_or(|until| order <= until)
            };
            if trial.record.marks().iter().any(is_end_between) {
                continue;
            }
        }
        let Some(placed) = plan.placed.get_mut(*index) else {
            return;
        };
        if trial.accepts(*index, *mark, ended(placed)) != Verdict::Accepted {
            return;
        }
        if options.marks {
            placed.event.marks.push(*mark);
        }
        plan.proposals.push(Proposal {
            mark: *mark,
            reason: (*reason).to_owned(),
            index: *index,
            is_set: options.marks,
            is_refused: false,
        });
    }
}

/// Finds the events that say that an incident was open again after an end that the same system states, with the ends before
/// and after each of them: the index, the mark and the reason.
fn reopenings(placed: &[Placed]) -> Vec<(usize, Mark, &'static str)> {
    let mut ended: BTreeMap<(&str, Option<&str>), (usize, Mark, &'static str)> = BTreeMap::new();
    let mut reopened = BTreeSet::new();
    let mut found = Vec::new();
    for (index, placed) in placed.iter().enumerate() {
        let of = (placed.importer.prefix, placed.group.as_deref());
        if let Some((mark, reason)) = end(placed) {
            ended.insert(of, (index, mark, reason));
            continue;
        }
        let mut candidates = placed.candidates.iter();
        let again = candidates.find(|(mark, _)| *mark == Mark::Reopened);
        if let Some((mark, reason)) = again
            && let Some(end) = ended.remove(&of)
        {
            found.extend([end, (index, *mark, *reason)]);
            reopened.insert(of);
        }
    }
    ended.retain(|of, _| reopened.contains(of));
    found.extend(ended.into_values());
    found
}

/// Returns the end that an event states or probably marks.
fn end(placed: &Placed) -> Option<(Mark, &'static str)> {
    let is_end = |mark: &Mark| matches!(mark, Mark::Resolved | Mark::Ended);
    let stated = placed.stated.iter().find(|mark| is_end(mark));
    let candidate = placed.candidates.iter().find(|(mark, _)| is_end(mark));
    let closed = (placed.event.kind == EventKind::Closed).then_some((Mark::Ended, "it was closed"));
    stated
        .map(|mark| (*mark, "the system states it"))
        .or(candidate.copied())
        .or(closed)
}

/// Returns the prefixes of the importers that state milestones of only one incident.
///
/// What a system states of several incidents cannot all hold for this one.
fn sure(placed: &[Placed]) -> BTreeSet<&'static str> {
    let stating = placed.iter().filter(|placed| !placed.stated.is_empty());
    let groups: BTreeSet<(&str, Option<&str>)> = stating
        .clone()
        .map(|placed| (placed.importer.prefix, placed.group.as_deref()))
        .collect();
    let is_one = |prefix: &str| groups.iter().filter(|(other, _)| *other == prefix).count() == 1;
    let prefixes = stating.map(|placed| placed.importer.prefix);
    prefixes.filter(|prefix| is_one(prefix)).collect()
}

/// An event that may get a mark.
struct Choice {
    index: usize,
    /// Whether its system states the mark.
    is_stated: bool,
    reason: String,
}

/// Lists the events for a mark, the best one first: what a system states, then what is proposed.
///
/// The last end counts, and the first of all others.
fn choices(mark: Mark, placed: &[Placed]) -> Vec<Choice> {
    let is_last = matches!(mark, Mark::Resolved | Mark::Ended | Mark::ImpactEnded);
    let all = || placed.iter().enumerate();
    let stated = all().filter(|(_, placed)| placed.stated.contains(&mark));
    let stated = stated.map(|(index, placed)| Choice {
        index,
        is_stated: true,
        reason: format!("stated by {}", placed.importer.name),
    });
    let handed_over = if mark == Mark::Paged {
        handed_over(placed)
    } else {
        BTreeSet::new()
    };
    let proposed = all().filter_map(|(index, placed)| {
        let (_, reason) = placed.candidates.iter().find(|(other, _)| *other == mark)?;
        (!handed_over.contains(&index)).then(|| Choice {
            index,
            is_stated: false,
            reason: (*reason).to_owned(),
        })
    });
    let mut choices: Vec<Choice> = stated.collect();
    let mut proposed: Vec<Choice> = proposed.collect();
    if is_last {
        choices.reverse();
        proposed.reverse();
    }
    choices.extend(proposed);
    choices
}

/// Returns the indices of the pages that follow an acknowledgement of the same incident: a reassignment, a delegation or an
/// escalation, not the first page.
fn handed_over(placed: &[Placed]) -> BTreeSet<usize> {
    let mut acknowledged = BTreeSet::new();
    let mut found = BTreeSet::new();
    for (index, placed) in placed.iter().enumerate() {
        let of = (placed.importer.prefix, placed.group.as_deref());
        match placed.event.kind {
            EventKind::Ack => {
                acknowledged.insert(of);
            }
            EventKind::Page if acknowledged.contains(&of) => {
                found.insert(index);
            }
            _ => {}
        }
    }
    found
}

/// Returns when an event ended, which is the time of an end that it marks.
fn ended(placed: &Placed) -> DateTime<Utc> {
    placed.until.unwrap_or(placed.at).at
}

/// What speaks against a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing.
    Accepted,
    /// A person decided about the event's marks.
    Decided,
    /// It would put an end before its start.
    Contradicts,
}

/// The timeline with the new events, whose facts tell which marks contradict others.
struct Trial<'a> {
    config: &'a Config,
    record: Record,
    /// The index of each event of the plan.
    indices: Vec<usize>,
    /// The number of ends before their starts.
    invalid: usize,
}

impl<'a> Trial<'a> {
    fn new(record: &Record, config: &'a Config, times: TimeDefaults, placed: &[Placed]) -> Self {
        let mut record = record.clone();
        // A timeline that the import creates has its date and time zone too.
        if record.source.timeline.is_none() {
            record.timeline.date = times.day.map(Day);
            record.timeline.tz = Some(times.zone);
        }
        let mut indices = Vec::new();
        for placed in placed {
            indices.push(placed.existing.unwrap_or(record.timeline.events.len()));
            if placed.existing.is_none() {
                record.timeline.events.push(placed.event.clone());
            }
        }
        let invalid = invalid(&record, config);
        Self {
            config,
            record,
            indices,
            invalid,
        }
    }

    /// Sets a mark, unless a person decided otherwise or it contradicts others.
    fn accepts(&mut self, index: usize, mark: Mark, ended: DateTime<Utc>) -> Verdict {
        let marks = self.record.marks();
        let starts = { marks.iter() }
            .filter(|marked| matches!(marked.mark, Mark::Started | Mark::ImpactStarted));
        // The facts leave an end out if a start follows it.
        let is_early = mark.is_end()
            && starts
                .map(|start| start.moment.at)
                .min()
                .is_some_and(|start| ended < start);
        let Some(event) = self.event(index) else {
            return Verdict::Decided;
        };
        if event.hidden || event.edited.iter().any(|edited| &**edited == "marks") {
            return Verdict::Decided;
        }
        if is_early {
            return Verdict::Contradicts;
        }
        event.marks.push(mark);
        if invalid(&self.record, self.config) <= self.invalid {
            return Verdict::Accepted;
        }
        if let Some(event) = self.event(index) {
            event.marks.pop();
        }
        Verdict::Contradicts
    }

    fn event(&mut self, index: usize) -> Option<&mut Event> {
        let index = self.indices.get(index)?;
        self.record.timeline.events.get_mut(*index)
    }
}

/// Returns the number of ends before their starts: of the incident, its response times, its windows and its services.
fn invalid(record: &Record, config: &Config) -> usize {
    let facts = Facts::compute(record, config);
    let is_invalid = |state: &State| *state == State::Invalid;
    let times = facts.response_metrics.iter().map(|fact| fact.state);
    let windows = facts
        .windows
        .iter()
        .map(|window| window.state(facts.status));
    let services = facts.services.iter().map(|service| service.state);
    let whole = facts.started.zip(facts.ended).is_some_and(|(start, end)| {
        between(&start.moment, &end.moment, record.zone(config)).is_none()
    });
    let each = times.chain(windows).chain(services).filter(is_invalid);
    each.count() + usize::from(whole)
}
