//! Adds the events of exports to a timeline: what is new is inserted, and what is there stays.
//!
//! An event is known by its ID. So a second import adds nothing, and a later export adds what is new.
//! What a person may have changed is never overwritten: differences are reported, and `--update` takes
//! them over, except for the fields that `edited` names. An event that is gone from an export stays too.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

mod compare;
mod marks;
mod place;

pub use compare::MOST_PAIRS;
pub use place::first_event;

use place::Placing;

use super::alertmanager::short_digest;
use super::{Draft, Exports, Extra, Importer, clean};
use crate::archive::Record;
use crate::config::Config;
use crate::moment::Moment;
use crate::timeline::{Event, EventKind, Mark};

/// The options of a merge.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The start of the time window.
    pub since: Option<DateTime<Utc>>,
    /// The end of the time window.
    pub until: Option<DateTime<Utc>>,
    /// Whether to keep the events that are left out by default.
    pub all: bool,
    /// Whether to set the proposed marks.
    pub marks: bool,
    /// The incidents, alerts or channels to import, by the name in their system; all if empty.
    pub only: Vec<String>,
}

/// An event that an import adds, or that is there already.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The importer.
    pub importer: &'static Importer,
    /// The time.
    pub at: Moment,
    /// The end time, if the event lasted.
    pub until: Option<Moment>,
    /// The event as it is to be written.
    pub event: Event,
    /// The index in the timeline, if it is there already.
    pub existing: Option<usize>,
    /// The incident, alert or channel that it belongs to in its system.
    pub group: Option<String>,
    /// What else the export says.
    pub extra: Option<Extra>,
    stated: Vec<Mark>,
    candidates: Vec<(Mark, &'static str)>,
}

/// A mark for an event, and why.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The mark.
    pub mark: Mark,
    /// The reason.
    pub reason: String,
    /// The index of its event in [`Plan::placed`].
    pub index: usize,
    /// Whether it is set.
    pub is_set: bool,
    /// Whether it cannot be set, because it would put an end before its start.
    pub is_refused: bool,
}

/// A field that differs from the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The index of the event in [`Plan::placed`].
    pub index: usize,
    /// The field.
    pub field: &'static str,
}

/// The number of events of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// The events in the exports.
    pub found: usize,
    /// The events that are added.
    pub new: usize,
    /// The events that are there already.
    pub present: usize,
    /// The events without a time.
    pub unplaced: usize,
}

/// What an import changes.
#[derive(Debug, Default)]
pub struct Plan {
    /// The events, in the order of their times.
    pub placed: Vec<Placed>,
    /// The marks.
    pub proposals: Vec<Proposal>,
    /// The fields that differ from the export.
    pub differences: Vec<Difference>,
    /// The IDs of events that are not in the export any more.
    pub gone: Vec<String>,
    /// The events that are left out, by importer and reason.
    pub left_out: BTreeMap<(&'static str, String), usize>,
    /// Pairs of events of two sources that may have recorded the same moment.
    pub pairs: Vec<(String, String)>,
    /// The counts of each source.
    pub counts: BTreeMap<&'static str, Count>,
    /// The number of private values that were removed.
    pub removed: usize,
}

/// Why an event is left out that `--channel` excludes, even with `--all`.
pub const OTHER_CHANNEL: &str = "in other channels; see `--channel`";

/// Why a version of an event is left out that its system has replaced or deleted, even with `--all`.
pub const REPLACED: &str = "edited or deleted later";

/// Plans an import.
#[must_use]
pub fn plan(exports: Exports, record: &Record, config: &Config, options: &Options) -> Plan {
    let mut plan = Plan::default();
    let mut known: BTreeMap<&'static str, Known> = BTreeMap::new();
    let mut kept: Vec<(&'static Importer, Draft)> = Vec::new();
    for unplaced in &exports.unplaced {
        let count = plan.counts.entry(unplaced.importer).or_default();
        count.found += 1;
        count.unplaced += 1;
    }
    for found in exports.found {
        let importer = found.importer;
        plan.counts.entry(importer.name).or_default().found += found.count;
        let known = known.entry(importer.prefix).or_default();
        for mut draft in found.drafts {
            if draft.left_out != Some(REPLACED) {
                known.learn(importer, &mut draft);
            }
            match left_out(&draft, options) {
                Some(reason) => {
                    plan.leave_out(importer, reason, 1 + draft.also.len());
                }
                None => {
                    plan.leave_out(
                        importer,
                        "combined with an event that is imported".to_owned(),
                        draft.also.len(),
                    );
                    kept.push((importer, draft));
                }
            }
        }
    }
    // At the same time, an alert comes before what it causes.
    kept.sort_by_key(|(_, draft)| (draft.at.order(), draft.kind != EventKind::Alert));
    let placing = Placing::new(record, config, kept.first().map(|(_, draft)| &draft.at));
    let times = placing.times;
    placing.place(kept, &mut plan);
    plan.differences = compare::differences(record, &plan.placed);
    plan.gone = compare::gone(record, &known);
    plan.pairs = compare::pairs(record, &plan.placed);
    marks::propose(record, config, options, times, &mut plan);
    plan
}

impl Plan {
    fn leave_out(&mut self, importer: &Importer, reason: String, count: usize) {
        if count > 0 {
            *self.left_out.entry((importer.name, reason)).or_default() += count;
        }
    }
}

/// The IDs of an importer's exports, and the time that they cover.
#[derive(Debug, Default)]
struct Known {
    ids: BTreeSet<String>,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Known {
    fn learn(&mut self, importer: &Importer, draft: &mut Draft) {
        identify(importer, draft);
        self.ids.insert(draft.id.clone());
        self.ids.extend(draft.also.iter().cloned());
        let at = draft.at.at;
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
    }
}

/// The number of characters of an ID after its prefix.
const LONGEST_ID: usize = 200;

/// Gives an event and those that it combines the IDs that they have in a timeline.
fn identify(importer: &Importer, draft: &mut Draft) {
    let full = |id: &str| {
        let id = clean::redacted(&clean::shown(id).replace('\n', " "), &mut 0);
        let id: String = id.chars().take(LONGEST_ID).collect();
        format!("{}:{id}", importer.prefix)
    };
    if draft.id.is_empty() || draft.id.ends_with(':') {
        // Two events without an ID must not be taken for one.
        let text = clean::one_line(draft.text.clone());
        draft
            .id
            .push_str(&short_digest(&format!("{:?}{text}", draft.at.at)));
    }
    draft.id = full(&draft.id);
    draft.also = draft.also.iter().map(|id| full(id)).collect();
}

/// Returns why an event is left out; `None` if it is imported.
fn left_out(draft: &Draft, options: &Options) -> Option<String> {
    let end = draft.until.unwrap_or(draft.at).at;
    if options.since.is_some_and(|since| end < since)
        || options.until.is_some_and(|until| draft.at.at > until)
    {
        return Some("outside of the time window; see `--since` and `--until`".to_owned());
    }
    let is_it = |wanted: &String| {
        let group = draft.group.as_deref().unwrap_or_default();
        group
            .trim_start_matches('#')
            .eq_ignore_ascii_case(wanted.trim_start_matches('#'))
    };
    if !options.only.is_empty() && !options.only.iter().any(is_it) {
        return Some("of other incidents or channels; see `--only`".to_owned());
    }
    match draft.left_out? {
        reason @ (OTHER_CHANNEL | REPLACED) => Some(reason.to_owned()),
        reason => (!options.all).then(|| format!("{reason}; see `--all`")),
    }
}
