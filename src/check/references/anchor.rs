//! Checks that links to a part of a report lead to one that its page has.

use std::collections::BTreeSet;

use crate::check::{ArchiveCase, Finding, Findings, Member};
use crate::facts::Neighbor;
use crate::source;

/// Returns the reports to whose parts texts link. Their anchors are known after their pages are rendered.
#[must_use]
pub fn linked<'a>(members: &[Member<'a>]) -> Vec<&'a Neighbor> {
    let parts = members.iter().flat_map(|member| &member.refs.parts);
    let wanted: BTreeSet<&str> = parts.map(|link| link.report.as_str()).collect();
    let reports = members.iter().map(|member| member.neighbor);
    reports
        .filter(|report| wanted.contains(report.id.as_str()))
        .collect()
}

/// Reports links to anchors that the page of the report does not have.
pub(super) fn unknown_anchor(archive: &ArchiveCase, findings: &mut Findings) {
    let members = archive.members.iter();
    let links = members.flat_map(|member| member.refs.parts.iter().map(move |link| (member, link)));
    for (member, link) in links {
        let Some(anchors) = archive.anchors.get(&link.report) else {
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
