//! The sides of merge conflicts in the files of an incident, joined by what both had before.

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};

use crate::archive::{EventPlace, Record, entries_folder};
use crate::audience::Audience;
use crate::command::change::Change;
use crate::command::{git, incident};
use crate::edit;
use crate::load::{self, Unwritten, schema};
use crate::moment::TimeDefaults;
use crate::source::{self, CONFLICT, Limits, Source};
use crate::timeline::{Event, Mark, Timeline};

use super::events::{self, JoinedEvents, SideEvent};
use super::incident_file;

/// The start of the names of events of the second side, while they are joined as entries.
const SIDE: &str = "side-";

/// Returns `true` for an event of the second side of a conflict, which is joined as an entry.
pub(super) fn is_of_a_side(path: &Utf8Path) -> bool {
    path.file_name().is_some_and(|name| name.starts_with(SIDE))
}

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
            let text = String::from_utf8_lossy(&bytes);
            let Some(both) = source::sides(&text) else {
                continue;
            };
            if file.extension() == Some("toml") {
                if file.file_stem() == Some(id) {
                    sides.files.push(file.clone());
                    let both = match git::whole_sides(root, file, &both) {
                        Some(whole) => whole,
                        None if !source::has_certain_sides(&text) => bail!(
                            "a line of the conflict in `{file}` looks like one of its markers, so it is uncertain where each side ends; {}",
                            by_hand(root, file)
                        ),
                        None => both,
                    };
                    let (joined, notes) = incident_file::joined(root, id, file, &both)?;
                    sides.texts.insert(file.clone(), Some(joined));
                    sides.notes.push_str(&notes);
                }
            } else if is_entry(file) {
                sides.files.push(file.clone());
                let visibility = visibility(root, file, &sides.texts);
                let (joined, notes) = joined_entry(root, file, &both, visibility)?;
                sides.texts.insert(file.clone(), Some(joined));
                sides.notes.push_str(&notes);
            } else {
                sides.files.push(file.clone());
                sides.add_timeline(root, id, file, both)?;
            }
        }
        Ok(sides)
    }

    /// Adds the timeline's file, whose events are joined by what both sides had before.
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
                "the sides of the conflict in `{file}` differ in more than their events; {}",
                by_hand(root, file)
            );
        }
        let base = common(root, file).and_then(|text| read(&text));
        let zone = other.timeline.tz.unwrap_or_default();
        let defaults = TimeDefaults { day: None, zone };
        let own = |record: &Record| -> Vec<SideEvent> {
            let events = record.timeline.events.iter().enumerate();
            let own = events.filter_map(|(index, event)| match record.source.place(index) {
                EventPlace::Timeline(own) => {
                    let at = record.began(event);
                    let written = at.as_ref().map(|at| defaults.shortest(at));
                    let event = Event {
                        at: written.unwrap_or(event.at),
                        ..event.clone()
                    };
                    Some(SideEvent {
                        index: own,
                        event,
                        at,
                    })
                }
                EventPlace::Entry(_) => None,
            });
            own.collect()
        };
        let has = |events: &[SideEvent], event: &SideEvent| {
            events.iter().any(|other| other.event == event.event)
        };
        let (own_kept, own_other) = (own(&kept), own(&other));
        let has_started = |record: &Record| record.is_marked(Mark::Started);
        let is_shared = own_other.iter().any(|event| has(&own_kept, event));
        if base.is_none() && !is_shared && has_started(&kept) && has_started(&other) {
            bail!(two_incidents(id, file));
        }
        let events = [own_kept, own_other];
        let joined = match base.as_ref().map(own) {
            Some(common) => {
                let visibility = kept.timeline.visibility.unwrap_or_default();
                JoinedEvents::from_common(&common, &events, visibility)
                    .map_err(|error| anyhow!("{error:#}; {}", by_hand(root, file)))?
            }
            None => JoinedEvents::of_each_side(&events),
        };
        let mut text = first;
        // From the last to the first, so that the others keep their index.
        for index in joined.removed.iter().rev() {
            text = edit::timeline::replace(&text, *index, None)
                .with_context(|| format!("`{file}` has errors; run `afterword check`"))?;
        }
        for (index, event) in &joined.added {
            let path = entries_folder(file).join(format!("{SIDE}{index:06}.json"));
            self.texts.insert(path, Some(edit::timeline::entry(event)));
        }
        self.notes.push_str(&joined.notes);
        self.texts.insert(file.clone(), Some(text));
        Ok(())
    }
}

/// Returns an entry with the changes of both sides, and a note for each value that is left out.
fn joined_entry(
    root: &Utf8Path,
    file: &Utf8Path,
    [first, second]: &[String; 2],
    visibility: Audience,
) -> anyhow::Result<(String, String)> {
    let read = |text: &str| {
        let source = Source::new(file, text);
        load::typed::<Event>(&source, schema::event, &Limits::default()).ok()
    };
    let common = common(root, file).and_then(|text| read(&text));
    let sides = common.zip(read(first).zip(read(second)));
    let (common, (first, second)) = sides.with_context(|| {
        let by_hand = by_hand(root, file);
        format!("the sides of the conflict in `{file}` cannot be joined; {by_hand}")
    })?;
    let (event, notes) = events::joined(&common, [&first, &second], visibility)
        .map_err(|error| anyhow!("{error:#}; {}", by_hand(root, file)))?;
    Ok((edit::timeline::entry(&event), notes))
}

/// Returns the audience of the entries beside a file that state none: that of their timeline.
fn visibility(root: &Utf8Path, entry: &Utf8Path, texts: &Unwritten) -> Audience {
    let timeline = entry.parent().unwrap_or(entry).with_extension("json");
    let text = texts.get(&timeline).cloned().flatten().or_else(|| {
        let bytes = load::referred_file(root, &timeline).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        // Sides that differ in more than their events are not joined.
        Some(source::sides(&text).map_or(text, |[first, _]| first))
    });
    let timeline = text.and_then(|text| load::timeline(&Source::new(timeline, &text)).ok());
    let visibility = timeline.and_then(|timeline| timeline.visibility);
    visibility.unwrap_or_default()
}

/// Says how a person resolves the conflict in a file.
pub(super) fn by_hand(root: &Utf8Path, file: &Utf8Path) -> String {
    // Markers that were committed or added are no conflict for git any more.
    if git::shown(root, ":2", file).is_none() {
        return "resolve it by hand".to_owned();
    }
    format!(
        "resolve it by hand, or keep one side with `git checkout --ours {file}` or `git checkout --theirs {file}`"
    )
}

/// Leaves the events of the second side in files of their own if marks of both sides contradict each other, and says so.
///
/// Among entries that is a warning, and `afterword log --move` can correct it. In one file it would be an error.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub(super) fn left_apart(change: &mut Change) -> anyhow::Result<Option<String>> {
    let Some(record) = change.after()? else {
        return Ok(None);
    };
    let contradictions = change.contradictions(&record)?;
    let entries = record.source.entries.files.iter().map(|(path, _)| path);
    let of_side: Vec<&Utf8PathBuf> = entries.filter(|path| is_of_a_side(path)).collect();
    if contradictions == 0 || of_side.is_empty() {
        return Ok(None);
    }
    for (index, event) in record.timeline.events.iter().enumerate() {
        let EventPlace::Entry(entry) = record.source.place(index) else {
            continue;
        };
        let file = record.source.entries.files.get(entry);
        let file = file.filter(|(path, _)| is_of_a_side(path));
        if let Some(((path, _), at)) = file.zip(record.began(event)) {
            change.keep_entry(path, &at)?;
        }
    }
    let id = &record.id;
    Ok(Some(format!(
        "  marks of both sides contradict each other, so events of the second side stay in files of their own: correct the mark that is wrong with `afterword log {id} --move MARK --at TIME`, then run `afterword fold {id}` again\n"
    )))
}

/// Returns the text of a file that both sides of its conflict started from; `None` if git does not have it.
pub(super) fn common(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    let unmerged = git::shown(root, ":1", file);
    unmerged.or_else(|| {
        // While a merge goes on, a file without a common text was added by both sides.
        let committed = git::shown(root, ":0", file)?;
        source::sides(&committed)?;
        git::before_merge(root, file)
    })
}

/// Says that the sides of a conflict are two incidents, and what to do.
pub(super) fn two_incidents(id: &str, file: &Utf8Path) -> String {
    format!(
        "the sides of the conflict in `{file}` are two incidents with the ID `{id}`: undo the merge (`git merge --abort` or `git rebase --abort`), give yours another ID with `afterword rename {id}`, commit, and merge again; nothing written"
    )
}
