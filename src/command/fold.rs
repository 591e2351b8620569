//! `afterword fold`: joins the entries of a timeline in its file.

use anyhow::bail;
use camino::Utf8Path;

use super::change::Change;
use super::terminal::echo;
use super::{Outcome, incident, root};
use crate::archive::{Record, RepeatedMark};
use crate::facts::counted;
use crate::load::entries::folded;
use crate::moment::{TimeDefaults, Zone};

mod sides;

use sides::Sides;

/// The arguments of `fold`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident].
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
    let Some(id) = incident::to_write(&root, id, named)? else {
        return Ok(Outcome::Problems);
    };
    fold(&root, &id)
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
    let Some(joined) = join(&mut change, !sides.texts.is_empty())? else {
        echo(&format!("{id}  no entries to join\n"))?;
        return Ok(Outcome::Done);
    };
    if change.write(&format!("fold {id}"))?.is_none() {
        return Ok(Outcome::Problems);
    }
    echo(&(joined + &sides.notes))?;
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
    let dropped = dropped_marks(&record, change.shown_zone());
    Ok(Some(format!(
        "{id}  joined {sides}{count} in {timeline}\n{dropped}"
    )))
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
