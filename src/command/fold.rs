//! `afterword fold`: joins the entries of a timeline in its file.

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};

use super::change::Change;
use super::terminal::{echo, remark};
use super::{Outcome, incident, root, summaries};
use crate::archive::{Record, RepeatedMark};
use crate::audience::Audience;
use crate::facts::counted;
use crate::load::entries::folded;
use crate::moment::{TimeDefaults, Zone};
use crate::source::CONFLICT;

mod events;
mod incident_file;
mod removed;
mod sides;

use sides::Sides;

/// The arguments of `fold`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Incident ID in full [default: the only incident with a merge conflict, or else the only current one].
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT", conflicts_with = "id")]
    incident: Option<String>,
}

/// Joins the entries.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let (id, named) = (arguments.id.as_deref(), arguments.incident.as_deref());
    if let (None, None) = (id, named)
        && let Some(id) = only_conflict(&root)
    {
        return fold(&root, &id);
    }
    let Some(id) = incident::to_write(&root, id, named)? else {
        return Ok(Outcome::Problems);
    };
    fold(&root, &id)
}

/// Returns the ID of the only incident that cannot be read, if that is because of a merge conflict.
fn only_conflict(root: &Utf8Path) -> Option<String> {
    let (loaded, read) = summaries::read(root, Audience::Confidential).ok()?;
    let mut broken = read.broken.into_iter();
    let only = broken.next().filter(|_| broken.next().is_none());
    let mut found = loaded.diagnostics.iter().chain(&read.diagnostics);
    only.filter(|_| found.any(|found| found.code == CONFLICT))
}

/// Joins the entries of an incident's timeline, and prints what was done.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
fn fold(root: &Utf8Path, id: &str) -> anyhow::Result<Outcome> {
    let mut sides = Sides::default();
    let texts = || {
        sides = Sides::read(root, id)?;
        Ok(sides.texts.clone())
    };
    let Some(mut change) = Change::begin_with(root, id, texts)? else {
        return Ok(Outcome::Problems);
    };
    let removed = removed::take_out(root, &mut change)?;
    let timeline = change.timeline();
    let has_conflict = !sides.texts.is_empty();
    // To resolve a conflict in the incident's file, the entries need not be joined while others still log.
    let is_of_timeline = |file: &Utf8PathBuf| file.extension() == Some("json");
    let apart = sides::left_apart(&mut change)?;
    let joined = if apart.is_some() || has_conflict && !sides.files.iter().any(is_of_timeline) {
        None
    } else {
        join(&mut change)?
    };
    let half = removed::half_removed_files(root, &change);
    if joined.is_none() && removed.is_empty() && !has_conflict {
        let nothing = format!("{id}  no entries to join\n");
        echo(&(nothing + &half))?;
        return Ok(Outcome::Done);
    }
    if change.write(&format!("fold {id}"))?.is_none() {
        return Ok(Outcome::Problems);
    }
    let files = sides.files.iter().map(|file| format!("`{file}`"));
    let files: Vec<String> = files.collect();
    let both = match files.as_slice() {
        [] => String::new(),
        files => format!(
            "{id}  joined both sides of the merge conflict in {}\n",
            files.join(", ")
        ),
    };
    let joined = match joined {
        None if !has_conflict => format!("{id}  corrected {timeline}\n"),
        joined => joined.unwrap_or_default(),
    };
    let apart = apart.unwrap_or_default();
    echo(&(both + &sides.notes + &apart + &joined + &removed + &half))?;
    if has_conflict {
        remark("note: check the result with `afterword check`, then add and commit it");
    }
    Ok(Outcome::Done)
}

/// Joins the entries that a change leaves, and describes what was joined; `None` if there is nothing to join.
///
/// # Errors
/// Returns an error if a file cannot be read.
pub(super) fn join(change: &mut Change) -> anyhow::Result<Option<String>> {
    let id = change.record().id.clone();
    let Some(record) = change.after()? else {
        bail!("the entries of `{id}` cannot be read; run `afterword check {id}`");
    };
    let entries = &record.source.entries.files;
    let timeline = record.source.timeline.clone();
    let Some(timeline) = timeline.filter(|_| !entries.is_empty()) else {
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
    let own = entries
        .iter()
        .filter(|(path, _)| !sides::is_of_a_side(path));
    let joined = match own.count() {
        0 => String::new(),
        count => {
            let count = counted(count, "entry").replace("entrys", "entries");
            format!("{id}  joined {count} in {timeline}\n")
        }
    };
    Ok(Some(joined + &dropped_marks(&record, change.shown_zone())))
}

/// Lists the marks that are in no file any more, because an earlier event has them too.
fn dropped_marks(record: &Record, shown: Zone) -> String {
    let zone = record.timeline.tz.unwrap_or_default();
    let defaults = TimeDefaults { day: None, zone };
    let lines = record.source.entries.repeated.iter().filter_map(|repeated| {
        let RepeatedMark { mark, event, kept } = *repeated;
        let at = |index: usize| {
            let event = record.timeline.events.get(index)?;
            Some((event, record.marked_at(event, mark)?))
        };
        let ((event, left_out), (_, kept)) = (at(event)?, at(kept)?);
        let name = mark.as_str();
        if kept.is_same(&left_out) {
            let text = event.text.trim();
            return Some(format!(
                "  `{name}` is marked twice at {}, so no longer by `{text}`\n",
                kept.in_full(shown)
            ));
        }
        Some(format!(
            "  `{name}` is marked at {}, so no longer at {} by `{}`; if the later is right, run `afterword log {} --move {name} --at \"{}\"`\n",
            kept.in_full(shown),
            left_out.in_full(shown),
            event.text.trim(),
            record.id,
            defaults.shortest(&left_out),
        ))
    });
    lines.collect()
}
