//! The references of one incident to others, for the checks of the archive.
//!
//! They are collected while the incident is in memory, and take almost no space for an
//! incident that refers to no other.

use std::ops::RangeInclusive;

use camino::Utf8PathBuf;
use foldhash::HashSet;
use memchr::{memchr, memchr_iter};
use serde::{Deserialize, Serialize};

use super::{Case, texts};
use crate::archive::{LocalTarget, Record, local_target, path_in_url};
use crate::dialect;
use crate::kind::{Either, Role, Step, Visit};
use crate::source::Path;

/// The references of an incident to others, each with its key path.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct IncidentRefs {
    /// The IDs in keys that hold incident IDs, in the incident's file.
    pub(super) named: Vec<NamedId>,
    /// The IDs of the other reports to which texts link.
    pub(super) linked: Vec<NamedId>,
    /// The parts of reports to which texts link.
    pub(super) parts: Vec<LinkedPart>,
    /// The IDs of `named` that the incident supersedes.
    pub(super) supersedes: Vec<(Path, String)>,
    /// The ID of `named` that the incident was merged into.
    pub(super) merged_into: Vec<(Path, String)>,
    /// The texts that contain IDs of other incidents.
    pub(super) mentions: Vec<Mention>,
    /// The IDs of the action items, in order.
    pub(super) actions: Vec<String>,
    /// The checks of the whole archive that the incident is exempt from.
    pub(super) exempt: Vec<Exemption>,
}

/// The words of an incident's texts that could be IDs in some archive, as digests, sorted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PossibleIds(Vec<u32>);

/// The ID of another incident.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct NamedId {
    /// The file that contains it.
    pub file: Utf8PathBuf,
    /// The key path in that file.
    pub path: Path,
    /// The ID.
    pub id: String,
}

/// A link to a part of a report.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LinkedPart {
    /// The file that contains it.
    pub file: Utf8PathBuf,
    /// The key path in that file.
    pub path: Path,
    /// The ID of the report.
    pub report: String,
    /// The anchor of the part, without `#`.
    pub anchor: String,
    /// Whether the text is for external readers, whose page has other parts.
    pub is_external: bool,
}

/// A check of the whole archive that an incident is exempt from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exemption {
    /// The code of the check.
    pub code: String,
    /// The index of the incident's `allow`; `None` if the incident ended before the first day that is checked.
    pub allow: Option<usize>,
}

/// A text that contains IDs of other incidents.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Mention {
    /// The file of the text.
    pub file: Utf8PathBuf,
    /// The key path of the text.
    pub path: Path,
    /// The IDs, in the order of the text.
    pub ids: Vec<String>,
}

impl IncidentRefs {
    /// Collects the references of an incident; `ids` are those of the archive.
    pub(super) fn collect(case: &Case, ids: &Ids) -> Self {
        let record = case.record;
        let actions = 0..record.incident.action_items.len();
        let mut refs = Self {
            mentions: mentions(case, ids),
            actions: actions.map(|place| record.action_id(place)).collect(),
            exempt: super::exempt(case),
            ..Self::default()
        };
        refs.name(record);
        // An open report is the same for all readers, without these texts.
        if record.audience().is_external() && !record.is_open() {
            refs.external_parts(record);
        }
        refs
    }

    /// Collects only the IDs in keys.
    pub(super) fn named_by(record: &Record) -> Self {
        let mut refs = Self::default();
        refs.name(record);
        refs
    }

    fn name(&mut self, record: &Record) {
        let incident = &record.incident;
        let path = |name: &str, index: usize| Path::new().key("analysis").key(name).index(index);
        if let Some(analysis) = &incident.analysis {
            for (index, id) in analysis.incidents.iter().enumerate() {
                self.named(record, path("incidents", index), id);
            }
            for (index, older) in analysis.supersedes.iter().enumerate() {
                if let Either::Short(id) = older {
                    let path = path("supersedes", index);
                    self.named(record, path.clone(), id);
                    self.supersedes.push((path, id.to_string()));
                }
            }
        }
        for (key, id) in record.origins() {
            let path = Path::new().key(key);
            self.named(record, path.clone(), &id);
            if key == "merged_into" {
                self.merged_into.push((path, id));
            }
        }
        for (index, reference) in incident.references.iter().enumerate() {
            if let Some(id) = &reference.incident {
                let path = Path::new().key("references").index(index).key("incident");
                self.named(record, path, id);
            }
        }
        record.each_link(|link| {
            let place = link.place();
            if let Some((report, anchor)) = linked_part(record, place.as_ref(), &link.target.url) {
                self.parts.push(LinkedPart {
                    file: link.file.to_owned(),
                    path: texts::path(link.steps),
                    report,
                    anchor,
                    is_external: false,
                });
            }
            match place {
                Some(LocalTarget::Report { id, .. }) if id != record.id => {
                    self.linked.push(NamedId {
                        file: link.file.to_owned(),
                        path: texts::path(link.steps),
                        id,
                    });
                }
                _ => {}
            }
        });
    }

    /// Collects the links of the texts for external readers.
    fn external_parts(&mut self, record: &Record) {
        let file = &record.source.incident;
        Visit::strings(&record.incident, &mut |steps, role, text| {
            if !matches!(steps, [Step::Key("public"), ..]) || role != Role::Text {
                return;
            }
            for target in dialect::targets(text) {
                let place = local_target(file, &target.url);
                let part = linked_part(record, place.as_ref(), &target.url);
                self.parts.extend(part.map(|(report, anchor)| LinkedPart {
                    file: file.clone(),
                    path: texts::path(steps),
                    report,
                    anchor,
                    is_external: true,
                }));
            }
        });
    }

    fn named(&mut self, record: &Record, path: Path, id: &str) {
        let file = record.source.incident.clone();
        let id = id.to_owned();
        self.named.push(NamedId { file, path, id });
    }
}

/// Returns the ID of the report and the anchor of the part to which a link leads; `None` if it leads elsewhere.
fn linked_part(
    record: &Record,
    place: Option<&LocalTarget>,
    target: &str,
) -> Option<(String, String)> {
    let (path, anchor) = target
        .split_once('#')
        .filter(|(_, anchor)| !anchor.is_empty())?;
    let report = match place {
        Some(LocalTarget::Report { id, extension }) if *extension != "json" => id,
        None if path.is_empty() => &record.id,
        _ => return None,
    };
    Some((report.clone(), path_in_url(anchor)))
}

/// Returns the digest of an ID for [`PossibleIds::may_be`]; `None` for one that can be any word.
pub(crate) fn id_digest(id: &str) -> Option<u32> {
    // FNV-1a.
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    id.contains('-').then(|| id.bytes().fold(0x811C_9DC5, add))
}

impl PossibleIds {
    /// Collects the words with a hyphen in an incident's texts.
    pub(super) fn collect(case: &Case) -> Self {
        let texts = case.texts().iter();
        let words = texts.flat_map(|text| hyphenated(text.text));
        let mut found: Vec<u32> = words.filter_map(id_digest).collect();
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    /// Returns `true` if one of them may be one of these IDs, given as digests by [`id_digest`].
    #[must_use]
    pub fn may_be(&self, ids: &[u32]) -> bool {
        ids.iter().any(|id| self.0.binary_search(id).is_ok())
    }
}

/// Returns the words of a text with a hyphen between other characters, found by their hyphens.
fn hyphenated(text: &str) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut last = 0;
    let words = memchr_iter(b'-', bytes).filter_map(move |at| {
        if at < last {
            return None;
        }
        let (before, after) = bytes.split_at_checked(at)?;
        let start = before.iter().rposition(|byte| !is_id(byte));
        let length = after.iter().position(|byte| !is_id(byte));
        last = at + length.unwrap_or(after.len());
        bytes.get(start.map_or(0, |end| end + 1)..last)
    });
    let words = words.map(trimmed).filter(|word| word.contains(&b'-'));
    words.filter_map(|word| std::str::from_utf8(word).ok())
}

fn is_id(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

/// The IDs of an archive, to find in texts.
pub(super) struct Ids<'a> {
    ids: HashSet<&'a [u8]>,
    /// The lengths of the IDs in bytes, to skip most words quickly.
    lengths: RangeInclusive<usize>,
    /// Whether every ID has a hyphen.
    are_hyphenated: bool,
}

impl<'a> Ids<'a> {
    pub(super) fn collect(ids: impl Iterator<Item = &'a str>) -> Self {
        let ids: HashSet<&[u8]> = ids.map(str::as_bytes).collect();
        let lengths = || ids.iter().map(|id| id.len());
        let (shortest, longest) = (lengths().min(), lengths().max());
        Self {
            lengths: shortest.unwrap_or_default()..=longest.unwrap_or_default(),
            are_hyphenated: ids.iter().all(|id| id.contains(&b'-')),
            ids,
        }
    }

    /// Returns all IDs, sorted.
    pub(super) fn sorted(&self) -> Vec<&'a str> {
        let ids = self.ids.iter().copied();
        let mut ids: Vec<&str> = ids.filter_map(|id| std::str::from_utf8(id).ok()).collect();
        ids.sort_unstable();
        ids
    }

    /// Returns the IDs that a text contains.
    fn named_in<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let is_known =
            |word: &&str| self.lengths.contains(&word.len()) && self.ids.contains(word.as_bytes());
        if self.are_hyphenated {
            return hyphenated(text).filter(is_known).collect();
        }
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let words = words.map(|word| word.trim_matches('-'));
        words.filter(is_known).collect()
    }
}

/// Removes the hyphens at both ends of a word.
fn trimmed(word: &[u8]) -> &[u8] {
    let mut word = word;
    while let [b'-', rest @ ..] | [rest @ .., b'-'] = word {
        word = rest;
    }
    word
}

fn mentions(case: &Case, ids: &Ids) -> Vec<Mention> {
    let mut found = Vec::new();
    for text in case.texts() {
        if memchr(b'-', text.text.as_bytes()).is_none() {
            continue;
        }
        let named = ids.named_in(text.text).into_iter();
        let others: Vec<String> = named
            .filter(|id| *id != case.record.id)
            .map(str::to_owned)
            .collect();
        if !others.is_empty() {
            let (file, path) = case.record.source.located(text.file, &text.path());
            found.push(Mention {
                file,
                path,
                ids: others,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_hyphen_are_found_by_it() {
        for (text, expected) in [
            (
                "see INC-2025-0001, and -pre-release-",
                vec!["INC-2025-0001", "pre-release"],
            ),
            ("a - b -- c- -d", vec![]),
            ("über-see-weg", vec!["ber-see-weg"]),
            ("x-1.y-2", vec!["x-1", "y-2"]),
        ] {
            assert_eq!(hyphenated(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_found_with_and_without_hyphens() {
        for ids in [vec!["A-1", "B-22"], vec!["A-1", "B-22", "plain"]] {
            let found = Ids::collect(ids.iter().copied());
            let named = found.named_in("-A-1- (B-22), B-222; plain A-1-x");
            let expected = if found.are_hyphenated { 2 } else { 3 };
            assert_eq!(named.len(), expected, "{named:?}");
        }
    }
}
