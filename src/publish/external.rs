//! The files of one incident for an external audience, and the external IDs of incidents.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, PublishError, json, made};
use crate::facts::Summary;
use crate::render::Renderer;
use crate::view::ExternalReport;

/// Returns the external ID of each incident that an external audience may read, by its internal ID.
///
/// An open report keeps its ID; then `[public] id` applies; the others are named by the date they
/// started, with a count if the date is used. Only shown incidents count, so an ID reveals nothing about others.
pub(super) fn ids(shown: &[&Summary]) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut ids = BTreeMap::new();
    let chosen = |summary: &Summary| {
        let own = summary.public.is_open.then(|| summary.id.clone());
        own.or_else(|| summary.public.id.clone())
    };
    let mut sorted = shown.to_vec();
    sorted.sort_by_key(|summary| {
        let rank = match (summary.public.is_open, &summary.public.id) {
            (true, _) => 0,
            (false, Some(_)) => 1,
            (false, None) => 2,
        };
        (rank, summary.started.map(|moment| moment.at), &summary.id)
    });
    for summary in sorted {
        let wanted = chosen(summary).unwrap_or_else(|| match summary.day {
            Some(day) => day.to_string(),
            None => "not-dated".to_owned(),
        });
        let with_count = (2_usize..).map(|count| format!("{wanted}-{count}"));
        let free = std::iter::once(wanted.clone())
            .chain(with_count)
            .find(|id| taken.insert(id.to_ascii_lowercase()));
        ids.insert(summary.id.clone(), free.unwrap_or(wanted));
    }
    ids
}

/// Renders the files of one incident for an external audience.
pub(super) fn files(
    renderer: &Renderer,
    report: &ExternalReport,
) -> Result<Vec<File>, PublishError> {
    let id = report.id;
    let rendered = renderer.external(report)?;
    let mut files = vec![
        made(format!("incidents/{id}.html"), rendered.html),
        json(format!("incidents/{id}.json"), report)?,
        made(format!("incidents/{id}.md"), rendered.markdown),
    ];
    for message in &report.messages {
        if let Some(text) = &message.text {
            let path = format!("comms/{id}-{:02}-{}.txt", message.number, message.stage.key);
            files.push(made(path, text.clone()));
        }
    }
    Ok(files)
}
