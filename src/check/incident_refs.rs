//! What the checks of the whole archive need of one incident beside its summary.
//!
//! It is taken while the incident is in memory, and is next to nothing for an
//! incident that names no other.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use camino::Utf8PathBuf;

use serde::{Deserialize, Serialize};

use super::Case;
use crate::archive::Record;
use crate::kind::Either;
use crate::source::Path;

/// What an incident says of others, each with its place.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct IncidentRefs {
    /// The ids of others where a key is for ids, in the incident's file.
    pub(super) named: Vec<(Path, String)>,
    /// Those of `named` that it supersedes.
    pub(super) supersedes: Vec<(Path, String)>,
    /// The ids of others in its texts.
    pub(super) mentions: Vec<Mention>,
    /// The IDs of its action items, in order.
    pub(super) actions: Vec<String>,
    /// What stands for each word of its texts that is an ID of some archive, if not of this one; sorted.
    words: Vec<u32>,
}

/// A text that names incidents of the archive.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Mention {
    /// The file it stands in.
    pub file: Utf8PathBuf,
    /// Its place there.
    pub path: Path,
    /// The ids, in the order of the text.
    pub ids: Vec<String>,
}

impl IncidentRefs {
    /// Takes the ties of an incident in an archive of these ids.
    pub(super) fn collect(case: &Case, ids: &Ids) -> Self {
        let record = case.record;
        let actions = 0..record.incident.action_items.len();
        let mut ties = Self {
            mentions: mentions(case, ids),
            words: words(case),
            actions: actions.map(|place| record.action_id(place)).collect(),
            ..Self::default()
        };
        ties.name(record);
        ties
    }

    /// Returns whether the texts may mention one of some IDs, by what [`id_digest`] gives for them.
    pub(crate) fn may_mention(&self, ids: &[u32]) -> bool {
        ids.iter().any(|id| self.words.binary_search(id).is_ok())
    }

    fn name(&mut self, record: &Record) {
        let incident = &record.incident;
        let place = |name: &str, index: usize| Path::new().key("analysis").key(name).index(index);
        if let Some(analysis) = &incident.analysis {
            for (index, id) in analysis.incidents.iter().enumerate() {
                self.named.push((place("incidents", index), id.to_string()));
            }
            for (index, older) in analysis.supersedes.iter().enumerate() {
                if let Either::Short(id) = older {
                    let tie = (place("supersedes", index), id.to_string());
                    self.named.push(tie.clone());
                    self.supersedes.push(tie);
                }
            }
        }
        for (index, reference) in incident.references.iter().enumerate() {
            if let Some(id) = &reference.incident {
                let place = Path::new().key("references").index(index).key("incident");
                self.named.push((place, id.to_string()));
            }
        }
    }
}

/// Returns what stands for an ID in [`IncidentRefs::may_mention`]; `None` for one that can be any word.
pub(crate) fn id_digest(id: &str) -> Option<u32> {
    // FNV-1a.
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    id.contains('-').then(|| id.bytes().fold(0x811C_9DC5, add))
}

/// Collects what stands for the words of an incident's texts that have a hyphen.
fn words(case: &Case) -> Vec<u32> {
    let texts = case.texts().iter();
    let words = texts.flat_map(|text| text.text.as_bytes().split(|byte| !is_id(byte)));
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

/// The ids of an archive, to find in texts.
pub(super) struct Ids<'a> {
    ids: HashSet<&'a [u8]>,
    /// Of the shortest and the longest: most words are neither.
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

    /// Lists the ids that a text names.
    fn named_in<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let words = text.as_bytes().split(|byte| !is_id(byte));
        words.filter_map(|word| {
            // What hyphens stand around is shorter still.
            if word.len() < *self.lengths.start() {
                return None;
            }
            let word = trimmed(word);
            let is_known = self.lengths.contains(&word.len()) && self.ids.contains(word);
            is_known.then(|| std::str::from_utf8(word).ok()).flatten()
        })
    }
}

/// Takes the hyphens off both ends of a word.
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
            found.push(Mention {
                file: text.file.to_owned(),
                path: text.path.clone(),
                ids: others,
            });
        }
    }
    found
}
