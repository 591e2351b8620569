//! `afterword fold`: joins the entries of a timeline in its file.

use camino::Utf8Path;

use super::change::Change;
use super::{Outcome, incident, print, root};
use crate::facts::counted;
use crate::load::entries::folded;

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
pub(super) fn fold(root: &Utf8Path, id: &str) -> anyhow::Result<Outcome> {
    let Some(mut change) = Change::begin(root, id)? else {
        return Ok(Outcome::Problems);
    };
    let record = change.record().clone();
    let entries = &record.source.entries.files;
    let Some(timeline) = record
        .source
        .timeline
        .clone()
        .filter(|_| !entries.is_empty())
    else {
        print(&format!("{id}  no entries to join\n"))?;
        return Ok(Outcome::Done);
    };
    let text = change.text(&timeline)?;
    let text = folded(text.as_deref(), &record);
    let text =
        text.ok_or_else(|| anyhow::anyhow!("`{timeline}` has errors; run `afterword check`"))?;
    change.set_text(&timeline, Some(text))?;
    for (path, _) in entries {
        change.set_text(path, None)?;
    }
    if change.write(&format!("fold {id}"))?.is_none() {
        return Ok(Outcome::Problems);
    }
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let count = counted(count, "entry").replace("entrys", "entries");
    print(&format!("{id}  joined {count} in {timeline}\n"))?;
    Ok(Outcome::Done)
}
