//! Joins the entries of a timeline, each in a file of its own, with the events of the timeline's file.
//!
//! A new entry is in a new file, so entries that are recorded in two clones merge without a conflict. The joined
//! timeline is the one that `afterword fold` writes: an entry is before the first later event, and entries of the same
//! time are in the order of their names.

use camino::{Utf8Path, Utf8PathBuf};

use super::conflict::propose_fold;
use super::files::Files;
use super::input::{Problems, input, sha256};
use super::rules::Rules;
use crate::archive::{EventPlace, Record, RepeatedMark, entries_folder};
use crate::edit;
use crate::kind::{Day, Id};
use crate::timeline::Event;

/// Returns `true` if a timeline has entries in files of their own.
pub(super) fn exist(files: Files, timeline: &Utf8Path) -> bool {
    let mut problems = Vec::new();
    let entries = files.list(&entries_folder(timeline), "json", &mut problems);
    !entries.is_empty() || !problems.is_empty()
}

/// Returns the paths of the entries of a timeline.
#[must_use]
pub fn paths(root: &Utf8Path, timeline: &Utf8Path) -> Vec<Utf8PathBuf> {
    Files::from(root).list(&entries_folder(timeline), "json", &mut Vec::new())
}

/// Adds the entries to the timeline of a record; returns `false` if some could not be read.
pub(super) fn join(
    files: Files,
    timeline: &Utf8Path,
    record: &mut Record,
    rules: &Rules,
    problems: &mut Problems,
) -> bool {
    let limits = &rules.limits;
    let folder = entries_folder(timeline);
    let paths = files.list(&folder, "json", &mut problems.diagnostics);
    let before = problems.diagnostics.len();
    let mut read = Vec::new();
    for path in paths {
        // It may have been joined with the timeline meanwhile.
        if !files.exists(&path) {
            continue;
        }
        let known = problems.diagnostics.len();
        let entry = input::<Event>(files, &path, rules.event(), limits, problems);
        let conflicts = problems.diagnostics.get_mut(known..).unwrap_or_default();
        propose_fold(files, &path, &record.id, limits, conflicts);
        let Some(entry) = entry else {
            continue;
        };
        record.source.bytes += entry.digest.bytes;
        if entry.unread.is_empty() {
            record
                .source
                .entries
                .files
                .push((path, entry.digest.sha256));
            read.push(entry.value);
        }
    }
    let own = files
        .exists(timeline)
        .then(|| files.read(timeline, limits.file_bytes as u64));
    let own = own.and_then(Result::ok);
    record.source.entries.timeline_digest = record.source.timeline_digest.take();
    merge(record, read);
    let text = own.as_ref().map(|bytes| String::from_utf8_lossy(bytes));
    drop_repeated_marks(record);
    let folded = folded(text.as_deref(), record);
    record.source.timeline_digest = folded.map(|text| sha256(text.as_bytes()));
    problems.diagnostics.len() == before
}

/// Returns the text of the timeline's file with all entries in it; `None` if the text that it has is not valid.
#[must_use]
pub fn folded(text: Option<&str>, record: &Record) -> Option<String> {
    let entries = &record.source.entries;
    let changed: Vec<usize> = entries
        .repeated
        .iter()
        .map(|repeated| repeated.event)
        .collect();
    let own = |event| match record.source.place(event) {
        EventPlace::Timeline(index) => Some(index),
        EventPlace::Entry(_) => None,
    };
    edit::timeline::folded(text, &record.timeline, own, &changed)
}

/// Removes each mark that an earlier event has too, unless both events are in the timeline's file.
fn drop_repeated_marks(record: &mut Record) {
    let is_entry = |event: usize| matches!(record.source.place(event), EventPlace::Entry(_));
    let mut repeated = Vec::new();
    for mark in record.marks_used() {
        let dropped = record.repeated(mark).into_iter();
        let dropped = dropped.filter(|(kept, event)| is_entry(*event) || is_entry(*kept));
        repeated.extend(dropped.map(|(kept, event)| RepeatedMark { mark, event, kept }));
    }
    for RepeatedMark { mark, event, .. } in &repeated {
        if let Some(event) = record.timeline.events.get_mut(*event) {
            event.marks.retain(|other| other != mark);
        }
    }
    record.source.entries.repeated = repeated;
}

/// Inserts each entry before the first later event of the timeline.
fn merge(record: &mut Record, entries: Vec<Event>) {
    let times = record.time_defaults();
    if record.source.entries.timeline_digest.is_none() {
        // The file that would hold them has the date of the first, as a new one has.
        let first = entries
            .first()
            .and_then(|entry| times.resolve(&entry.at).ok());
        record.timeline.incident = Id::new(&*record.id).ok();
        record.timeline.date = first.map(|first| Day(first.day(times.zone)));
    }
    let times = record.time_defaults();
    let order = |event: &Event| times.resolve(&event.at).ok().map(|moment| moment.order());
    let own = std::mem::take(&mut record.timeline.events);
    let mut joined: Vec<_> = (own.into_iter().enumerate())
        .map(|(index, event)| (order(&event), EventPlace::Timeline(index), event))
        .collect();
    for (index, mut entry) in entries.into_iter().enumerate() {
        let at = order(&entry);
        if let Ok(moment) = times.resolve(&entry.at) {
            let shortest = times.shortest(&moment);
            let is_same = times.resolve(&shortest).is_ok_and(|read| read == moment);
            entry.at = if is_same { shortest } else { entry.at };
        }
        let later = joined
            .iter()
            .position(|(other, ..)| at.is_some() && *other > at);
        let place = later.unwrap_or(joined.len());
        joined.insert(place, (at, EventPlace::Entry(index), entry));
    }
    let (places, events) = joined
        .into_iter()
        .map(|(_, place, event)| (place, event))
        .unzip();
    record.source.entries.places = places;
    record.timeline.events = events;
}

#[cfg(test)]
mod tests;
