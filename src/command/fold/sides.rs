//! The sides of merge conflicts in the files of an incident, joined by what both had before.

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::archive::{EventPlace, Record, entries_folder};
use crate::command::{git, incident};
use crate::edit;
use crate::load::{self, Unwritten, schema};
use crate::moment::TimeDefaults;
use crate::source::{self, CONFLICT, Limits, Source};
use crate::timeline::{Event, Mark, Timeline};

use super::incident_file;

/// The start of the names of events of the second side, while they are joined as entries.
const SIDE: &str = "side-";

/// Returns `true` for an event of the second side of a conflict, which is joined as an entry.
pub(super) fn is_of_a_side(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|name| name.starts_with(SIDE))
}

/// The note on an event that both sides had and one has removed.
const REMOVED: &str = "left out, because one side removed or changed it";

/// The note on an event of one side, if it is unknown whether the other had it.
const UNKNOWN: &str = "only on one side; delete it if the other removed it";

/// The files of an incident without their conflicts.
#[derive(Default)]
pub(super) struct Sides {
    /// The first side of the timeline's file, the events that only the second side has as entries, and joined entries.
    ///
    /// Two clones that join different entries change the same lines of the file. As entries, the events of the second side
    /// are joined by the same rules as if they had never been in the file.
    pub texts: Unwritten,
    /// The files with conflicts.
    pub files: Vec<Utf8PathBuf>,
    /// The notes for the user, one per line.
    pub notes: String,
}

impl Sides {
    /// Reads the files of an incident with conflicts; without any, nothing is read.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or if only a person can join its sides.
    pub(super) fn read(root: &Utf8Path, id: &str) -> anyhow::Result<Self> {
        let mut sides = Self::default();
        let loaded = incident::load(root, id)?;
        let conflicts = loaded.diagnostics.iter().filter_map(|found| {
            let file = &found.primary()?.file;
            let is_joined = matches!(file.extension(), Some("json" | "toml"));
            (found.code == CONFLICT && is_joined).then_some(file)
        });
        let mut files: Vec<&Utf8PathBuf> = conflicts.collect();
        files.dedup();
        let is_entry = |file: &Utf8Path| file.parent().and_then(Utf8Path::extension) == Some("d");
        for file in files {
            let bytes =
                load::referred_file(root, file).with_context(|| format!("cannot read `{file}`"))?;
            // A side that cannot be read is reported as any other file.
            let Some(both) = source::sides(&String::from_utf8_lossy(&bytes)) else {
                continue;
            };
            if file.extension() == Some("toml") {
                if file.file_stem() == Some(id) {
                    sides.files.push(file.clone());
                    let (joined, notes) = incident_file::joined(root, id, file, &both)?;
                    sides.texts.insert(file.clone(), Some(joined));
                    sides.notes.push_str(&notes);
                }
            } else if is_entry(file) {
                sides.files.push(file.clone());
                let joined = joined_entry(root, file, &both);
                let joined = joined.with_context(|| {
                    format!(
                        "the sides of the conflict in `{file}` cannot be joined; resolve it by hand"
                    )
                })?;
                sides.texts.insert(file.clone(), Some(joined));
            } else {
                sides.files.push(file.clone());
                sides.add_timeline(root, id, file, both)?;
            }
        }
        Ok(sides)
    }

    /// Adds the timeline's file: an event that one side removed or changed is not taken from the other.
    fn add_timeline(
        &mut self,
        root: &Utf8Path,
        id: &str,
        file: &Utf8PathBuf,
        [first, second]: [String; 2],
    ) -> anyhow::Result<()> {
        let read = |text: &str| {
            let mut texts = self.texts.clone();
            texts.insert(file.clone(), Some(text.to_owned()));
            let loaded = load::one_with(root, id, &texts)?;
            let mut records = loaded.archive.records.into_iter();
            records.find(|record| record.id == id)
        };
        let (Some(kept), Some(other)) = (read(&first), read(&second)) else {
            return Ok(());
        };
        let without_events = |record: &Record| Timeline {
            events: Vec::new(),
            ..record.timeline.clone()
        };
        if without_events(&kept) != without_events(&other) {
            bail!(
                "the sides of the conflict in `{file}` differ in more than their events; resolve it by hand"
            );
        }
        let base = common(root, file).and_then(|text| read(&text));
        let zone = other.timeline.tz.unwrap_or_default();
        let defaults = TimeDefaults { day: None, zone };
        let own = |record: &Record| -> Vec<(usize, Event)> {
            let events = record.timeline.events.iter().enumerate();
            let own = events.filter_map(|(index, event)| match record.source.place(index) {
                EventPlace::Timeline(own) => Some((own, event.clone())),
                EventPlace::Entry(_) => None,
            });
            own.collect()
        };
        let has = |events: &[(usize, Event)], event: &Event| {
            events.iter().any(|(_, other)| other == event)
        };
        let (own_kept, own_other) = (own(&kept), own(&other));
        let common = base.as_ref().map(own);
        let has_started = |record: &Record| record.is_marked(Mark::Started);
        let is_shared = own_other.iter().any(|(_, event)| has(&own_kept, event));
        if base.is_none() && !is_shared && has_started(&kept) && has_started(&other) {
            bail!(two_incidents(id, file));
        }
        let mut text = first;
        let mut note = |what: &str, event: &Event| {
            let at = other
                .began(event)
                .map_or(event.at, |at| defaults.shortest(&at));
            let line = format!("  {what}: {at} {}\n", event.text.trim());
            self.notes.push_str(&line);
        };
        let only_kept = own_kept.iter().filter(|(_, event)| !has(&own_other, event));
        // From the last to the first, so that the others keep their index.
        for (index, event) in only_kept.rev() {
            match &common {
                Some(common) if has(common, event) => {
                    note(REMOVED, event);
                    text = edit::timeline::replace(&text, *index, None)
                        .with_context(|| format!("`{file}` has errors; run `afterword check`"))?;
                }
                Some(_) => {}
                None => note(UNKNOWN, event),
            }
        }
        for (index, event) in own_other.iter().filter(|(_, event)| !has(&own_kept, event)) {
            match &common {
                Some(common) if has(common, event) => {
                    note(REMOVED, event);
                    continue;
                }
                Some(_) => {}
                None => note(UNKNOWN, event),
            }
            let at = other
                .began(event)
                .map_or(event.at, |at| defaults.shortest(&at));
            let entry = edit::timeline::entry(&Event {
                at,
                ..event.clone()
            });
            let path = entries_folder(file).join(format!("{SIDE}{index:06}.json"));
            self.texts.insert(path, Some(entry));
        }
        self.texts.insert(file.clone(), Some(text));
        Ok(())
    }
}

/// Returns an entry with the changes of both sides; `None` if they changed the same.
fn joined_entry(root: &Utf8Path, file: &Utf8Path, [first, second]: &[String; 2]) -> Option<String> {
    let read = |text: &str| {
        let source = Source::new(file, text);
        load::typed::<Event>(&source, schema::event, &Limits::default()).ok()
    };
    let (first, second, common) = (read(first)?, read(second)?, read(&common(root, file)?)?);
    let set = first.marks.iter().chain(&second.marks).copied();
    let mut marks = Vec::new();
    for mark in set {
        let is_kept = first.marks.contains(&mark) && second.marks.contains(&mark);
        if (is_kept || !common.marks.contains(&mark)) && !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    let other = |event: Event| Event {
        marks: Vec::new(),
        ..event
    };
    let (first, second, common) = (other(first), other(second), other(common));
    let changed = match () {
        () if second == common || first == second => first,
        () if first == common => second,
        () => return None,
    };
    Some(edit::timeline::entry(&Event { marks, ..changed }))
}

/// Returns the text of a file that both sides of its conflict started from; `None` if git does not have it.
pub(super) fn common(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    git::shown(root, ":1", file)
}

/// Says that the sides of a conflict are two incidents, and what to do.
pub(super) fn two_incidents(id: &str, file: &Utf8Path) -> String {
    format!(
        "the sides of the conflict in `{file}` are two incidents with the ID `{id}`: undo the merge (`git merge --abort` or `git rebase --abort`), give yours another ID with `afterword rename {id}`, commit, and merge again; nothing written"
    )
}
