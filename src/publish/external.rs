//! The files of one incident for an external audience, and the external IDs of incidents.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, PublishError, made};
use crate::facts::Neighbor;
use crate::render::{PageText, Renderer};
use crate::view::ExternalReport;

/// Returns the external ID of each incident that an external audience may read, by its internal ID.
///
/// An open report keeps its ID; then `[public] id` applies; the others are named by the date they
/// started, with a count if the date is used. Only shown incidents count, so an ID reveals nothing about others.
pub(super) fn ids(shown: &[&Neighbor]) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut ids = BTreeMap::new();
    let chosen = |neighbor: &Neighbor| {
        let own = neighbor.is_open.then(|| neighbor.id.clone());
        own.or_else(|| neighbor.public_id.clone())
    };
    let mut sorted = shown.to_vec();
    sorted.sort_by_key(|neighbor| {
        let rank = match (neighbor.is_open, &neighbor.public_id) {
            (true, _) => 0,
            (false, Some(_)) => 1,
            (false, None) => 2,
        };
        (rank, neighbor.started.map(|moment| moment.at), &neighbor.id)
    });
    for neighbor in sorted {
        let wanted = chosen(neighbor).unwrap_or_else(|| match neighbor.day {
            Some(day) => day.to_string(),
            None => "not-dated".to_owned(),
        });
        let with_count = (2_usize..).map(|count| format!("{wanted}-{count}"));
        let free = std::iter::once(wanted.clone())
            .chain(with_count)
            .find(|id| taken.insert(id.to_ascii_lowercase()));
        ids.insert(neighbor.id.clone(), free.unwrap_or(wanted));
    }
    ids
}

/// Renders the files of one incident for an external audience.
pub(super) fn files(
    renderer: &Renderer,
    report: &ExternalReport,
) -> Result<(Vec<File<'static>>, PageText), PublishError> {
    let id = report.id;
    let rendered = renderer.external(report)?;
    let mut files = vec![
        made(format!("incidents/{id}.html"), rendered.html),
        made(format!("incidents/{id}.json"), rendered.json),
        made(format!("incidents/{id}.md"), rendered.markdown),
    ];
    for message in &report.messages {
        if let Some(text) = &message.text {
            let path = format!("comms/{id}-{:02}-{}.txt", message.number, message.stage.key);
            files.push(made(path, text.clone()));
        }
    }
    Ok((files, rendered.text))
}
