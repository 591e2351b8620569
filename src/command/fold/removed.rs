//! Takes out events that one clone removed or changed while another one joined them.
//!
//! An entry that one clone deletes and another one joins is gone from its folder after the merge, without a conflict, and
//! its event is in the timeline's file. The history says so: two commits deleted the entry, and only one of them joined it.
//! An entry that one clone changes and another one joins is still there after the merge, and its former event is in the file.

use std::collections::BTreeMap;

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};

use super::events::joined;
use super::sides::is_of_a_side;
use crate::archive::{EventPlace, Record, entries_folder};
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
    let deletions = deletions(root, &change.timeline());
    refuse_rewritten(root, &change.timeline(), &record, &deletions)?;
    let former = former(root, &change.timeline(), &record, deletions);
    let mut notes = half_removed(root, &record, &former, change.shown_zone());
    if former.is_empty() {
        return Ok(notes);
    }
    let zone = record.timeline.tz.unwrap_or_default();
    let defaults = TimeDefaults { day: None, zone };
    let shown = change.shown_zone();
    let events = record.timeline.events.iter().enumerate();
    // From the last to the first, so that the others keep their index.
    for (index, event) in events.rev() {
        let Some(at) = record.began(event) else {
            continue;
        };
        // An entry that is there was not removed; one of a side is only there while it is joined.
        let is_entry = entry_path(&record, index).is_some_and(|path| !is_of_a_side(path));
        let is_it = |former: &&Former| at.is_same(&former.at) && former.event.text == event.text;
        if let Some(former) = former.iter().find(is_it).filter(|_| !is_entry) {
            let in_file = |index: usize| {
                let event = change.event_in_file(index)?;
                let at = record.began(&event)?;
                let written = defaults.shortest(&at);
                Some((
                    at,
                    Event {
                        at: written,
                        ..event
                    },
                ))
            };
            let versions = former.entry.and_then(&in_file).zip(in_file(index));
            if let Some(((_, entry), (_, own))) = versions {
                let before = Event {
                    at: defaults.shortest(&former.at),
                    ..former.event.clone()
                };
                let visibility = record.timeline.visibility.unwrap_or_default();
                let (new, contested) = joined(&before, [&entry, &own], visibility)?;
                notes.push_str(&contested);
                if let Some((entry, at)) = former.entry.zip(record.began(&new)) {
                    change.change_event(entry, Some((&at, new)))?;
                }
            }
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

/// Describes each event that stays although one side of the current merge removed its entry, because the other changed it.
fn half_removed(root: &Utf8Path, record: &Record, former: &[Former], shown: Zone) -> String {
    let half = git::half_removed(root);
    let events = record.timeline.events.iter().enumerate();
    let kept = events.filter(|(index, _)| {
        let is_half =
            entry_path(record, *index).is_some_and(|path| half.iter().any(|half| half == path));
        is_half && !former.iter().any(|former| former.entry == Some(*index))
    });
    let lines = kept.filter_map(|(_, event)| {
        let at = record.began(event)?.in_full(shown);
        let text = event.text.trim();
        Some(format!(
            "  kept, because one side changed what the other removed: {at} {text}\n"
        ))
    });
    lines.collect()
}

/// Describes each file of an incident that one side of the current merge changed and the other removed.
pub(super) fn half_removed_files(root: &Utf8Path, change: &Change) -> String {
    let timeline = change.timeline();
    let files = [&change.record().source.incident, &timeline];
    let half = git::half_removed(root).into_iter();
    let half = half.filter(|half| files.contains(&half));
    let lines = half.map(|file| {
        format!(
            "  one side changed `{file}` and the other removed it: keep it with `git add {file}`, or remove it with `git rm {file}`\n"
        )
    });
    lines.collect()
}

/// An entry as it was when one clone joined it, while another one removed or changed it.
struct Former {
    at: Moment,
    event: Event,
    /// The index of the changed event; `None` if it was removed.
    entry: Option<usize>,
}

/// Returns the path of the entry that an event is in; `None` for one in the timeline's file.
fn entry_path(record: &Record, index: usize) -> Option<&Utf8Path> {
    match record.source.place(index) {
        EventPlace::Timeline(_) => None,
        EventPlace::Entry(entry) => {
            let file = record.source.entries.files.get(entry);
            file.map(|(path, _)| path.as_path())
        }
    }
}

/// The commits that deleted an entry, the latest first.
type Deletions = BTreeMap<Utf8PathBuf, Vec<String>>;

fn deletions(root: &Utf8Path, timeline: &Utf8Path) -> Deletions {
    let mut deletions = Deletions::new();
    for (commit, path) in git::deletions(root, &entries_folder(timeline)) {
        deletions.entry(path).or_default().push(commit);
    }
    deletions
}

/// Returns an entry as it was before a commit deleted it.
fn before(
    root: &Utf8Path,
    commit: &str,
    path: &Utf8Path,
    record: &Record,
) -> Option<(Moment, Event)> {
    let text = git::shown(root, &format!("{commit}^"), path)?;
    let source = Source::new(path, &text);
    let event = load::typed::<Event>(&source, schema::event, &Limits::default()).ok()?;
    let zone = record.timeline.tz.unwrap_or_default();
    let at = TimeDefaults { day: None, zone }.resolve(&event.at).ok()?;
    Some((at, event))
}

/// Refuses to join an entry that one clone changed, if another one had joined it and then removed or rewrote its event.
///
/// # Errors
/// Returns an error that names the entry.
fn refuse_rewritten(
    root: &Utf8Path,
    timeline: &Utf8Path,
    record: &Record,
    deletions: &Deletions,
) -> anyhow::Result<()> {
    let is_in_file = |(at, former): (Moment, Event)| {
        let mut events = record.timeline.events.iter().enumerate();
        events.any(|(index, event)| {
            entry_path(record, index).is_none_or(is_of_a_side)
                && event.text == former.text
                && record.began(event).is_some_and(|began| began.is_same(&at))
        })
    };
    let joins = |commit: &String| {
        git::shown(root, &format!("{commit}^"), timeline) != git::shown(root, commit, timeline)
    };
    for (path, _) in &record.source.entries.files {
        let Some(commits) = deletions.get(path) else {
            continue;
        };
        let former = commits
            .iter()
            .find_map(|commit| before(root, commit, path, record));
        let all: Vec<&String> = commits.iter().collect();
        if !former.is_none_or(is_in_file)
            && commits.iter().any(joins)
            && git::after(root, &all, path, &["--no-merges"]).is_empty()
        {
            bail!(
                "one clone changed `{path}`, and another one joined it and then removed or rewrote its event in `{timeline}`; delete `{path}`, or give it another name if its event is right; nothing written"
            );
        }
    }
    Ok(())
}

/// Returns each entry that one commit joined while another one deleted or changed it, neither after the other.
fn former(
    root: &Utf8Path,
    timeline: &Utf8Path,
    record: &Record,
    deletions: Deletions,
) -> Vec<Former> {
    let found = deletions.into_iter().filter_map(|(path, commits)| {
        let mut events = 0..record.timeline.events.len();
        let entry = events.find(|index| entry_path(record, *index) == Some(&path));
        let first = commits.first()?;
        if entry.is_none() && commits.len() < 2 {
            return None;
        }
        let (at, event) = before(root, first, &path, record)?;
        let has_it = |commit: &&String| {
            let text = git::shown(root, commit, timeline)?;
            let timeline = load::timeline(&Source::new(timeline, &text)).ok()?;
            let times = timeline.time_defaults();
            let mut events = timeline.events.iter();
            Some(events.any(|other| {
                other.text == event.text
                    && times
                        .resolve(&other.at)
                        .is_ok_and(|other| other.is_same(&at))
            }))
        };
        let (joined, removed): (Vec<&String>, Vec<&String>) = commits
            .iter()
            .partition(|commit| has_it(commit).unwrap_or_default());
        let joined = *joined.first()?;
        let removed = removed.first().copied();
        if entry.is_none() && removed.is_none() {
            return None;
        }
        // What was joined after it was removed, or taken out before, was recorded again.
        let both: Vec<&String> = removed.into_iter().chain([joined]).collect();
        let later = git::after(root, &both, timeline, &[]);
        let mut later = later.iter();
        let is_settled = removed.is_some_and(|removed| git::is_before(root, removed, joined))
            || later.any(|commit| has_it(&commit) == Some(false));
        (!is_settled).then_some(Former { at, event, entry })
    });
    found.collect()
}
