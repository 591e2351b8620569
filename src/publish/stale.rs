//! Finds the files of an earlier build that are kept.

use std::collections::BTreeMap;

use super::plan::Plan;
use super::write::{WriteError, Writer};

/// Returns the files of an earlier build that are kept.
///
/// Its pages link to incidents, with their titles, that its readers might know of then; none stays of those that name
/// one that is no longer on the site.
///
/// # Errors
/// Returns an error if a file of the earlier build cannot be read.
pub fn stale_files(writer: &Writer, plan: &Plan) -> Result<Vec<String>, WriteError> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in writer.previous().iter() {
        if let Some(id) = belongs_to(path).filter(|id| plan.stale.contains(*id)) {
            files.entry(id).or_default().push(path);
        }
    }
    let names_removed = plan.removed_in();
    let mut stale = Vec::new();
    for files in files.into_values() {
        let texts = files.iter().map(|path| writer.read_previous(path));
        let texts: Vec<Vec<u8>> = texts.collect::<Result<_, _>>()?;
        if !texts
            .iter()
            .any(|text| names_removed(&String::from_utf8_lossy(text)))
        {
            stale.extend(files.into_iter().map(ToOwned::to_owned));
        }
    }
    Ok(stale)
}

/// Finds the incident to which a file of the site belongs, by its name.
fn belongs_to(path: &str) -> Option<&str> {
    let (folder, name) = path.split_once('/')?;
    let (stem, ending) = name.rsplit_once('.')?;
    match folder {
        "incidents" | "timelines" => Some(stem),
        "comms" if ending == "txt" => {
            let (rest, _) = stem.rsplit_once('-')?;
            rest.rsplit_once('-').map(|(id, _)| id)
        }
        "comms" => Some(stem),
        _ => None,
    }
}
