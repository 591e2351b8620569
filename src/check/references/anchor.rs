//! Checks that links to a part of a report lead to one that its page has.

use std::collections::BTreeSet;

use crate::check::{ArchiveCase, Finding, Findings};
use crate::facts::Neighbor;
use crate::source;

/// Reports links to anchors that the page of the report does not have.
///
/// The anchors of a page are known after it is rendered, so only reports to whose parts a text links are asked for them.
pub(super) fn unknown_anchor(archive: &ArchiveCase, findings: &mut Findings) {
    let links = || {
        let members = archive.members.iter();
        members.flat_map(|member| member.refs.parts.iter().map(move |link| (member, link)))
    };
    let wanted: BTreeSet<&str> = links().map(|(_, link)| link.report.as_str()).collect();
    if wanted.is_empty() {
        return;
    }
    let reports = archive.members.iter().map(|member| member.neighbor);
    let reports: Vec<&Neighbor> = reports
        .filter(|report| wanted.contains(report.id.as_str()))
        .collect();
    let known = (archive.anchors)(&reports);
    for (member, link) in links() {
        let Some(anchors) = known.get(&link.report) else {
            continue;
        };
        let (anchors, readers) = if link.is_external {
            (&anchors.external, " for external readers")
        } else {
            (&anchors.internal, "")
        };
        // External readers see the words of a link to a report that they may not read.
        let is_unread = link.is_external && anchors.is_empty();
        if is_unread || anchors.contains(&link.anchor) || link.anchor == "top" {
            continue;
        }
        let report = if link.report == member.neighbor.id {
            "the report".to_owned()
        } else {
            format!("the report `{}`", link.report)
        };
        let event = format!("event-{}", link.anchor);
        let near = if anchors.contains(&event) {
            Some(source::ask(&link.anchor, &event))
        } else {
            source::did_you_mean(&link.anchor, anchors.iter().map(String::as_str))
        };
        let help = near.unwrap_or_else(|| {
            "copy the address of the heading from the page, where a `#` follows each heading".into()
        });
        findings.add(
            Finding::new(format!("{report}{readers} has no part `#{}`", link.anchor))
                .at(&link.file, link.path.clone(), "")
                .help(help),
        );
    }
}
