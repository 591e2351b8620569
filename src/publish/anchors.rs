//! The anchors of the pages of reports, to which links in texts may lead.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::{Neighborhood, Site};
use crate::archive::OwnTemplate;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Neighbor;
use crate::load;
use crate::render::html;

/// Returns the anchors on the page of each of some reports, by ID; none of a report that cannot be rendered.
///
/// Relations to other incidents add no anchor, so the other incidents need not be known.
#[must_use]
pub fn anchors(
    root: &Utf8Path,
    config: &Config,
    templates: &[OwnTemplate],
    reports: &[&Neighbor],
) -> BTreeMap<String, BTreeSet<String>> {
    let audience = Audience::Confidential;
    let neighbors = reports.iter().map(|report| (*report).clone()).collect();
    let neighborhood = Neighborhood::new(neighbors, &BTreeSet::new(), audience);
    let Ok(site) = Site::from_neighborhood(config, neighborhood, templates, audience) else {
        return BTreeMap::new();
    };
    let anchors_of = |report: &&Neighbor| {
        let record = load::again(root, config, &report.source)?;
        let page = site.with_report(&record, |view| site.renderer().report(view));
        Some((report.id.clone(), html::ids(&page.ok()?.html)))
    };
    reports.iter().filter_map(anchors_of).collect()
}
