//! The events of two sides, joined by what both had before.

use std::collections::BTreeMap;

use anyhow::{Context, bail};

use super::incident_file::note;
use crate::audience::Audience;
use crate::edit::join::join;
use crate::moment::Moment;
use crate::timeline::Event;

/// An event of one side.
#[derive(Clone)]
pub(super) struct SideEvent {
    /// The index in the timeline's file.
    pub index: usize,
    /// The event as that file has it.
    pub event: Event,
    /// The time, if it is valid.
    pub at: Option<Moment>,
}

impl SideEvent {
    fn has_time_of(&self, other: &Self) -> bool {
        let times = self.at.as_ref().zip(other.at.as_ref());
        times.is_some_and(|(at, other)| at.is_same(other))
    }

    fn has_text_of(&self, other: &Self) -> bool {
        self.event.text == other.event.text
    }
}

/// What a side has of an event that both had before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Same,
    /// Another version, at this position among the side's events.
    Changed(usize),
    Removed,
}

/// Returns what a side has of each event that both had before.
///
/// A changed event still has its time or its text. It is uncertain which event it was if several could be.
pub(super) fn versions(common: &[SideEvent], side: &[SideEvent]) -> Vec<Version> {
    let mut versions: Vec<Version> = common
        .iter()
        .map(|before| {
            if has(side, &before.event) {
                Version::Same
            } else {
                Version::Removed
            }
        })
        .collect();
    let new = side.iter().enumerate();
    let mut new: Vec<(usize, &SideEvent)> = new
        .filter(|(_, event)| !has(common, &event.event))
        .collect();
    let rules: [fn(&SideEvent, &SideEvent) -> bool; 3] = [
        |before, after| before.has_time_of(after) && before.has_text_of(after),
        SideEvent::has_text_of,
        SideEvent::has_time_of,
    ];
    for is_version in rules {
        for (version, before) in versions.iter_mut().zip(common) {
            let mut found = new.iter().filter(|(_, after)| is_version(before, after));
            if let (Version::Removed, Some((position, _)), None) =
                (*version, found.next(), found.next())
            {
                let position = *position;
                *version = Version::Changed(position);
                new.retain(|(other, _)| *other != position);
            }
        }
    }
    versions
}

/// The events of two sides, as changes of the first one.
#[derive(Default)]
pub(super) struct JoinedEvents {
    /// The indexes of the events that the first side no longer has, in order.
    pub removed: Vec<usize>,
    /// The events that it gets, by their index in the second side or, if that has none, in the first.
    pub added: BTreeMap<usize, Event>,
    /// The notes for the user, one per line.
    pub notes: String,
}

impl JoinedEvents {
    /// Joins the events of two sides by those that both had before.
    ///
    /// An event that one side removed is not taken from the other. One that a side changed is joined key by key.
    ///
    /// # Errors
    /// Returns an error if only a person can join two versions of an event.
    pub(super) fn from_common(
        common: &[SideEvent],
        [first, second]: &[Vec<SideEvent>; 2],
        visibility: Audience,
    ) -> anyhow::Result<Self> {
        let mut all = Self::default();
        let versions_of = |side: &[SideEvent]| versions(common, side);
        let has_new = |side: &[SideEvent], versions: &[Version]| {
            let mut events = side.iter().enumerate();
            events.any(|(position, event)| is_new(common, versions, position, event))
        };
        let (first_versions, second_versions) = (versions_of(first), versions_of(second));
        let both = first_versions.iter().zip(&second_versions);
        for (before, (of_first, of_second)) in common.iter().zip(both) {
            let of = |version: Version, side: &[SideEvent]| match version {
                Version::Same => side
                    .iter()
                    .find(|event| event.event == before.event)
                    .cloned(),
                Version::Changed(position) => side.get(position).cloned(),
                Version::Removed => None,
            };
            let (kept, other) = (of(*of_first, first), of(*of_second, second));
            let is_same = [*of_first, *of_second].map(|version| version == Version::Same);
            if is_same == [true, true] {
                continue;
            }
            match (&kept, &other) {
                (Some(kept), Some(other)) => {
                    let versions = [&kept.event, &other.event];
                    let (event, notes) = joined(&before.event, versions, visibility)?;
                    if is_same != [false, false] {
                        all.note(REMOVED, &before.event);
                    }
                    all.notes.push_str(&notes);
                    if event != kept.event {
                        all.removed.push(kept.index);
                        all.added.insert(other.index, event);
                    }
                }
                (Some(kept), None) => {
                    refuse_rewritten(before, kept, has_new(second, &second_versions))?;
                    all.note(REMOVED, &kept.event);
                    all.removed.push(kept.index);
                }
                (None, Some(other)) => {
                    refuse_rewritten(before, other, has_new(first, &first_versions))?;
                    all.note(REMOVED, &other.event);
                }
                // A new event may be a version of one that a side rewrote completely.
                (None, None)
                    if has_new(first, &first_versions) || has_new(second, &second_versions) =>
                {
                    all.note(REWRITTEN, &before.event);
                }
                (None, None) => {}
            }
        }
        for (position, event) in second.iter().enumerate() {
            let is_new = is_new(common, &second_versions, position, event);
            if is_new && !has(first, &event.event) {
                all.added.insert(event.index, event.event.clone());
            }
        }
        all.removed.sort_unstable();
        Ok(all)
    }

    /// Keeps every event of two sides, and names those of one side, because it is unknown whether the other removed them.
    pub(super) fn of_each_side([first, second]: &[Vec<SideEvent>; 2]) -> Self {
        let mut all = Self::default();
        for event in first.iter().filter(|event| !has(second, &event.event)) {
            all.note(UNKNOWN, &event.event);
        }
        for event in second.iter().filter(|event| !has(first, &event.event)) {
            all.note(UNKNOWN, &event.event);
            all.added.insert(event.index, event.event.clone());
        }
        all
    }

    fn note(&mut self, what: &str, event: &Event) {
        let line = format!("  {what}: {} {}\n", event.at, event.text.trim());
        self.notes.push_str(&line);
    }
}

/// Refuses to leave out an event that one side restricted and the other rewrote or removed, while that has new events: one of
/// them may be the same event without the restriction.
///
/// # Errors
/// Returns an error that names the event.
fn refuse_rewritten(
    before: &SideEvent,
    restricted: &SideEvent,
    other_has_new: bool,
) -> anyhow::Result<()> {
    let readers = |event: &SideEvent| (event.event.visibility, event.event.hidden);
    if other_has_new && readers(before) != readers(restricted) {
        bail!(
            "one side changed who may read the event {} {}, and the other removed or rewrote it",
            before.event.at,
            before.event.text.trim()
        );
    }
    Ok(())
}

/// Returns `true` for an event of a side, at a position, that is no version of an event that both had before.
fn is_new(common: &[SideEvent], versions: &[Version], position: usize, event: &SideEvent) -> bool {
    !has(common, &event.event) && !versions.contains(&Version::Changed(position))
}

/// The note on an event that both sides had and one has removed or changed.
const REMOVED: &str = "left out, because one side removed or changed it";

/// The note on an event that both sides removed or changed so that it has neither its time nor its text any more.
const REWRITTEN: &str =
    "removed or rewritten by both sides; if it was rewritten, keep one version of it";

/// The note on an event of one side, if it is unknown whether the other had it.
const UNKNOWN: &str = "only on one side; delete it if the other removed it";

fn has(events: &[SideEvent], event: &Event) -> bool {
    events.iter().any(|other| other.event == *event)
}

/// Joins two versions of an event key by key, and returns a note for each value of which one version is left out.
///
/// `visibility` is the audience of an event that states none.
///
/// # Errors
/// Returns an error if only a person can join them.
pub(super) fn joined(
    common: &Event,
    [first, second]: [&Event; 2],
    visibility: Audience,
) -> anyhow::Result<(Event, String)> {
    let values = |event: &Event| -> anyhow::Result<serde_json::Value> {
        let mut value = serde_json::to_value(event)?;
        if let Some(keys) = value.as_object_mut() {
            keys.retain(|_, value| !value.is_null());
        }
        Ok(value)
    };
    let what = format!("{} {}", common.at, common.text.trim());
    let sides = [&values(first)?, &values(second)?];
    let joined = join(Some(&values(common)?), sides, visibility)
        .with_context(|| format!("the versions of the event {what} cannot be joined"))?;
    let contested = joined.contested.iter();
    let notes = contested.map(|contested| note(contested, &format!(" of the event {what}")));
    Ok((serde_json::from_value(joined.value)?, notes.collect()))
}
