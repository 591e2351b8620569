//! The references of one incident to others, for the checks of the archive.
//!
//! They are collected while the incident is in memory, and take almost no space for an
//! incident that refers to no other.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use camino::Utf8PathBuf;
use memchr::memchr;
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
    /// The digests of the words that could be IDs in some archive, sorted.
    words: Vec<u32>,
}

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
            words: words(case),
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

    /// Forgets the words, which only tell whether a cached result still holds.
    pub(crate) fn forget_words(&mut self) {
        self.words = Vec::new();
    }

    /// Returns `true` if the texts may mention one of these IDs, given as digests by [`id_digest`].
    pub(crate) fn may_mention(&self, ids: &[u32]) -> bool {
        ids.iter().any(|id| self.words.binary_search(id).is_ok())
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

/// Returns the digest of an ID for [`IncidentRefs::may_mention`]; `None` for one that can be any word.
pub(crate) fn id_digest(id: &str) -> Option<u32> {
    // FNV-1a.
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    id.contains('-').then(|| id.bytes().fold(0x811C_9DC5, add))
}

/// Returns the digests of the words with a hyphen in an incident's texts.
fn words(case: &Case) -> Vec<u32> {
    let texts = case.texts().iter().map(|text| text.text.as_bytes());
    let texts = texts.filter(|text| memchr(b'-', text).is_some());
    let words = texts.flat_map(|text| text.split(|byte| !is_id(byte)));
    let words = words.map(trimmed).filter(|word| word.contains(&b'-'));
    let mut found: Vec<u32> = words
        .filter_map(|word| id_digest(std::str::from_utf8(word).ok()?))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn is_id(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'-'
}

/// The IDs of an archive, to find in texts.
pub(super) struct Ids<'a> {
    ids: HashSet<&'a [u8]>,
    /// The lengths of the IDs in bytes, to skip most words quickly.
    lengths: RangeInclusive<usize>,
}

impl<'a> Ids<'a> {
    pub(super) fn collect(ids: impl Iterator<Item = &'a str>) -> Self {
        let ids: HashSet<&[u8]> = ids.map(str::as_bytes).collect();
        let lengths = || ids.iter().map(|id| id.len());
        let (shortest, longest) = (lengths().min(), lengths().max());
        Self {
            lengths: shortest.unwrap_or_default()..=longest.unwrap_or_default(),
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
    fn named_in<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let words = text.as_bytes().split(|byte| !is_id(byte));
        words.filter_map(|word| {
            // Trimming hyphens only makes a word shorter.
            if word.len() < *self.lengths.start() {
                return None;
            }
            let word = trimmed(word);
            let is_known = self.lengths.contains(&word.len()) && self.ids.contains(word);
            is_known.then(|| std::str::from_utf8(word).ok()).flatten()
        })
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
        if !text.text.as_bytes().contains(&b'-') {
            continue;
        }
        let named = ids.named_in(text.text);
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
