//! Takes out events that one clone removed while another one joined them.
//!
//! An entry that one clone deletes and another one joins is gone from its folder after the merge, without a conflict, and
//! its event is in the timeline's file. The history says so: two commits deleted the entry, and only one of them joined it.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::sides::is_of_a_side;
use crate::archive::{EventPlace, entries_folder};
use crate::command::change::Change;
use crate::command::git;
use crate::load::{self, schema};
use crate::moment::{Moment, TimeDefaults, Zone};
use crate::source::{Limits, Source};
use crate::timeline::Event;

/// Takes the events out of a change, and describes each of them.
///
/// # Errors
/// Returns an error if a file cannot be read or changed.
pub(super) fn take_out(root: &Utf8Path, change: &mut Change) -> anyhow::Result<String> {
    let record = change.record().clone();
    let removed = removed(
        root,
        &change.timeline(),
        record.timeline.tz.unwrap_or_default(),
    );
    let mut notes = String::new();
    if removed.is_empty() {
        return Ok(notes);
    }
    let shown = change.shown_zone();
    let events = record.timeline.events.iter().enumerate();
    // From the last to the first, so that the others keep their index.
    for (index, event) in events.rev() {
        let Some(at) = record.began(event) else {
            continue;
        };
        // An entry that is there was not removed; one of a side is only there while it is joined.
        let is_entry = match record.source.place(index) {
            EventPlace::Timeline(_) => false,
            EventPlace::Entry(entry) => {
                let path = record.source.entries.files.get(entry);
                path.is_none_or(|(path, _)| !is_of_a_side(path))
            }
        };
        let is_it = |(moment, text): &(Moment, String)| at.is_same(moment) && **text == *event.text;
        if !is_entry && removed.iter().any(is_it) {
            change.change_event(index, None)?;
            notes.push_str(&format!(
                "  left out, because another clone removed or changed it: {} {}\n",
                at.in_full(shown),
                event.text.trim()
            ));
        }
    }
    Ok(notes)
}

/// Returns the time and the text of each entry that one commit deleted and another one joined, neither after the other.
fn removed(root: &Utf8Path, timeline: &Utf8Path, zone: Zone) -> Vec<(Moment, String)> {
    let folder = entries_folder(timeline);
    let mut deletions: BTreeMap<Utf8PathBuf, Vec<String>> = BTreeMap::new();
    for (commit, path) in git::deletions(root, &folder) {
        deletions.entry(path).or_default().push(commit);
    }
    let defaults = TimeDefaults { day: None, zone };
    let limits = Limits::default();
    let found = deletions.into_iter().filter_map(|(path, commits)| {
        let [first, _, ..] = commits.as_slice() else {
            return None;
        };
        let text = git::shown(root, &format!("{first}^"), &path)?;
        let entry =
            load::typed::<Event>(&Source::new(&path, &text), schema::event, &limits).ok()?;
        let at = defaults.resolve(&entry.at).ok()?;
        let has_it = |commit: &&String| {
            let text = git::shown(root, commit, timeline)?;
            let timeline = load::timeline(&Source::new(timeline, &text)).ok()?;
            let times = timeline.time_defaults();
            let mut events = timeline.events.iter();
            Some(events.any(|event| {
                *event.text == *entry.text
                    && times
                        .resolve(&event.at)
                        .is_ok_and(|other| other.is_same(&at))
            }))
        };
        let (joined, removed): (Vec<&String>, Vec<&String>) = commits
            .iter()
            .partition(|commit| has_it(commit).unwrap_or_default());
        let [joined, removed] = [joined.first()?, removed.first()?];
        // What was joined after it was removed, or taken out before, was recorded again.
        let later = git::after(root, &[joined, removed], timeline);
        let mut later = later.iter();
        let is_settled = git::is_before(root, removed, joined)
            || later.any(|commit| has_it(&commit) == Some(false));
        (!is_settled).then(|| (at, entry.text.to_string()))
    });
    found.collect()
}
