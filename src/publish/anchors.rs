//! The anchors of the pages of reports, to which links in texts may lead.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::Utf8Path;
use rayon::prelude::*;

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
    if reports.is_empty() {
        return BTreeMap::new();
    }
    let rules = load::Rules::new(config);
    let external = reports.iter().map(|report| report.audience);
    let external = external.filter(|audience| audience.is_external());
    let audiences: BTreeSet<Audience> = external.chain([Audience::Confidential]).collect();
    let site_for = |audience: Audience| {
        let known = reports.iter().map(|report| Arc::new((*report).clone()));
        let known = known.collect();
        let neighborhood = Neighborhood::new(known, &BTreeSet::new(), audience);
        let site = Site::from_neighborhood(config, neighborhood, templates, audience);
        Some((audience, site.ok()?))
    };
    let sites: BTreeMap<Audience, Site> = audiences.into_iter().filter_map(site_for).collect();
    let anchors_of = |report: &&Neighbor| {
        let record = load::again(root, &rules, &report.source)?;
        let on_page = |audience: Audience| {
            let site = sites.get(&audience)?;
            let input = site.input(&record);
            let path = format!("incidents/{}.html", input.context.name?);
            let files = input.files(site.renderer()).ok()?.files;
            match &files.iter().find(|file| file.path == path)?.bytes {
                FileContent::Made(page) => Some(html::ids(&String::from_utf8_lossy(page))),
                FileContent::Copied(_) | FileContent::Rows(_) => None,
            }
        };
        let internal = on_page(Audience::Confidential)?;
        let external = Some(report.audience).filter(|audience| audience.is_external());
        let external = external.and_then(on_page).unwrap_or_default();
        let anchors = ReportAnchors { internal, external };
        Some((report.id.clone(), anchors))
    };
    reports.par_iter().filter_map(anchors_of).collect()
}
