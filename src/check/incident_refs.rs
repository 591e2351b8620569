//! What the checks of the whole archive need of one incident beside its summary.
//!
//! It is taken while the incident is in memory, and is next to nothing for an
//! incident that names no other.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use camino::Utf8PathBuf;

use super::Case;
use crate::archive::Record;
use crate::kind::Either;
use crate::source::Path;

/// What an incident says of others, each with its place.
#[derive(Debug, Default)]
pub struct IncidentRefs {
    /// The ids of others where a key is for ids, in the incident's file.
    pub(super) named: Vec<(Path, String)>,
    /// Those of `named` that it supersedes.
    pub(super) supersedes: Vec<(Path, String)>,
    /// The ids of others in its texts.
    pub(super) mentions: Vec<Mention>,
    /// The IDs of its action items, in order.
    pub(super) actions: Vec<String>,
}

/// A text that names incidents of the archive.
#[derive(Debug)]
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
            actions: actions.map(|place| record.action_id(place)).collect(),
            ..Self::default()
        };
        ties.name(record);
        ties
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
        let is_id = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        let words = text.as_bytes().split(move |byte| !is_id(byte));
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
