//! The anchors of the pages of reports, to which links in texts may lead.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::{FileContent, Neighborhood, Site};
use crate::archive::{OwnTemplate, ReportAnchors};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Neighbor;
use crate::load;
use crate::render::html;

/// Returns the anchors on the pages of each of some reports, by ID; none of a report that cannot be rendered.
///
/// Relations to other incidents add no anchor, so the other incidents need not be known.
#[must_use]
pub fn anchors(
    root: &Utf8Path,
    config: &Config,
    templates: &[OwnTemplate],
    reports: &[&Neighbor],
) -> BTreeMap<String, ReportAnchors> {
    let anchors_of = |report: &&Neighbor| {
        let record = load::again(root, config, &report.source)?;
        let on_page = |audience: Audience| {
            let neighborhood =
                Neighborhood::new(vec![(*report).clone()], &BTreeSet::new(), audience);
            let site = Site::from_neighborhood(config, neighborhood, templates, audience).ok()?;
            let input = site.input(&record);
            let path = format!("incidents/{}.html", input.name?);
            let files = input.files(site.renderer()).ok()?.files;
            match &files.iter().find(|file| file.path == path)?.bytes {
                FileContent::Made(page) => Some(html::ids(&String::from_utf8_lossy(page))),
                FileContent::Copied(_) => None,
            }
        };
        let internal = on_page(Audience::Confidential)?;
        let external = Some(report.audience).filter(|audience| audience.is_external());
        let external = external.and_then(on_page).unwrap_or_default();
        let anchors = ReportAnchors { internal, external };
        Some((report.id.clone(), anchors))
    };
    reports.iter().filter_map(anchors_of).collect()
}
