//! Checks of references that lead back to where they start.

use std::collections::{BTreeMap, BTreeSet};

use super::incident_refs::IncidentRefs;
use super::{ArchiveCase, Finding, Findings, Member};
use crate::source::Path;

pub(super) fn supersedes_in_a_circle(archive: &ArchiveCase, findings: &mut Findings) {
    circles(
        archive,
        findings,
        |refs| &refs.supersedes,
        |id, through| {
            let way = if through {
                " through another report"
            } else {
                ""
            };
            format!("`{id}` supersedes itself{way}")
        },
    );
}

pub(super) fn merged_in_a_circle(archive: &ArchiveCase, findings: &mut Findings) {
    circles(
        archive,
        findings,
        |refs| &refs.merged_into,
        |id, through| {
            let way = if through {
                " through another incident"
            } else {
                ""
            };
            format!("`{id}` is merged into itself{way}")
        },
    );
}

/// Reports the incidents that some references lead back to; the message says whether through another one.
fn circles(
    archive: &ArchiveCase,
    findings: &mut Findings,
    references: fn(&IncidentRefs) -> &Vec<(Path, String)>,
    message: fn(&str, bool) -> String,
) {
    let by_id: BTreeMap<&str, &Member> = archive
        .members
        .iter()
        .map(|member| (member.neighbor.id.as_str(), member))
        .collect();
    for member in archive.members {
        for (path, first) in references(member.refs) {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![first.as_str()];
            while let Some(id) = open.pop() {
                if id == member.neighbor.id {
                    let help = if first == id {
                        "remove the reference"
                    } else {
                        "remove one of the references"
                    };
                    findings.add(
                        Finding::new(message(id, first != id))
                            .at(member.file(), path.clone(), "")
                            .help(help),
                    );
                    break;
                }
                if seen.insert(id) {
                    let next = by_id.get(id).into_iter();
                    let older = next.flat_map(|next| references(next.refs));
                    open.extend(older.map(|(_, id)| id.as_str()));
                }
            }
        }
    }
}
