//! `afterword fold`: joins the entries of a timeline in its file.

use anyhow::{Context, bail};
use camino::Utf8Path;

use super::change::Change;
use super::terminal::echo;
use super::{Outcome, incident, root};
use crate::archive::{EventPlace, Record, entries_folder};
use crate::edit;
use crate::facts::counted;
use crate::load::entries::folded;
use crate::load::{self, Unwritten};
use crate::moment::TimeDefaults;
use crate::source::{self, CONFLICT};
use crate::timeline::{Event, Timeline};

/// The arguments of `fold`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Incident, by its ID, the start or end of its ID, or its file [default: the only current incident].
    #[arg(value_name = "INCIDENT")]
    id: Option<String>,
}

/// Joins the entries.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some(id) = incident::to_read(&root, arguments.id.as_deref())? else {
        return Ok(Outcome::Problems);
    };
    fold(&root, &id)
}

/// Joins the entries of an incident's timeline, and prints what was done.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
fn fold(root: &Utf8Path, id: &str) -> anyhow::Result<Outcome> {
    let mut has_conflict = false;
    let texts = || {
        let sides = sides_as_entries(root, id)?;
        has_conflict = !sides.is_empty();
        Ok(sides)
    };
    let Some(mut change) = Change::begin_with(root, id, texts)? else {
        return Ok(Outcome::Problems);
    };
    let Some(joined) = join(&mut change, has_conflict)? else {
        echo(&format!("{id}  no entries to join\n"))?;
        return Ok(Outcome::Done);
    };
    if change.write(&format!("fold {id}"))?.is_none() {
        return Ok(Outcome::Problems);
    }
    echo(&joined)?;
    Ok(Outcome::Done)
}

/// Joins the entries that a change leaves, and describes what was joined; `None` if there is nothing to join.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub(super) fn join(change: &mut Change, has_conflict: bool) -> anyhow::Result<Option<String>> {
    let id = change.record().id.clone();
    let Some(record) = change.after()? else {
        bail!("the entries of `{id}` cannot be read; run `afterword check {id}`");
    };
    let entries = &record.source.entries.files;
    let timeline = record.source.timeline.clone();
    let Some(timeline) = timeline.filter(|_| has_conflict || !entries.is_empty()) else {
        return Ok(None);
    };
    let text = change.text(&timeline)?;
    let text = folded(text.as_deref(), &record);
    let text =
        text.ok_or_else(|| anyhow::anyhow!("`{timeline}` has errors; run `afterword check`"))?;
    change.set_text(&timeline, Some(text))?;
    for (path, _) in entries {
        change.set_text(path, None)?;
    }
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let count = counted(count, "entry").replace("entrys", "entries");
    let sides = if has_conflict {
        "both sides of a merge conflict, and "
    } else {
        ""
    };
    Ok(Some(format!("{id}  joined {sides}{count} in {timeline}\n")))
}

/// Returns the first side of a merge conflict in the timeline's file, and as entries the events that only the second one has;
/// nothing without a conflict.
///
/// Two clones that join different entries change the same lines of the file. As entries, the events of the second one are
/// joined by the same rules as if they had never been in the file.
fn sides_as_entries(root: &Utf8Path, id: &str) -> anyhow::Result<Unwritten> {
    let mut texts = Unwritten::new();
    let loaded = incident::load(root, id)?;
    let conflict = loaded.diagnostics.iter().find_map(|found| {
        let file = &found.primary()?.file;
        (found.code == CONFLICT && file.extension() == Some("json")).then_some(file)
    });
    let Some(timeline) = conflict else {
        return Ok(texts);
    };
    let bytes =
        load::referred_file(root, timeline).with_context(|| format!("cannot read `{timeline}`"))?;
    let text = String::from_utf8_lossy(&bytes);
    // A side that cannot be read is reported as any other file.
    let Some([first, second]) = source::sides(&text) else {
        return Ok(texts);
    };
    let side = |text: &str| {
        let texts = Unwritten::from([(timeline.clone(), Some(text.to_owned()))]);
        let loaded = load::one_with(root, id, &texts)?;
        let mut records = loaded.archive.records.into_iter();
        records.find(|record| record.id == id)
    };
    let (Some(kept), Some(other)) = (side(&first), side(&second)) else {
        return Ok(texts);
    };
    let without_events = |record: &Record| Timeline {
        events: Vec::new(),
        ..record.timeline.clone()
    };
    if without_events(&kept) != without_events(&other) {
        bail!(
            "the sides of the conflict in `{timeline}` differ in more than their events; resolve it by hand"
        );
    }
    let zone = other.timeline.tz.unwrap_or_default();
    for (index, event) in other.timeline.events.iter().enumerate() {
        let is_own = matches!(other.source.place(index), EventPlace::Timeline(_));
        if !is_own || kept.timeline.events.contains(event) {
            continue;
        }
        let began = other.began(event);
        let at = began.map_or(event.at, |began| {
            TimeDefaults { day: None, zone }.shortest(&began)
        });
        let entry = edit::timeline::entry(&Event {
            at,
            ..event.clone()
        });
        let path = entries_folder(timeline).join(format!("side-{index:06}.json"));
        texts.insert(path, Some(entry));
    }
    texts.insert(timeline.clone(), Some(first));
    Ok(texts)
}
