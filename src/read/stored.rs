//! The data of each incident that the cache keeps.
//!
//! An entry holds as long as its files and the settings are the same. What the checks found in it holds on the days on which
//! they answer the same; its summary depends on no other incident and on no date.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use camino::Utf8PathBuf;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ListedIncident, Purpose, ReadIncident, Reading, Seen, Taken, digest};
use crate::archive::RecordSource;
use crate::audience::Audience;
use crate::audit::Words;
use crate::cache::{self, Appender, Digest, Packed};
use crate::check::{Checked, id_digest};
use crate::facts::{Neighbor, PackedSummary};

/// The name of the data read from each incident.
pub(super) const INCIDENTS: &str = "incidents";

/// The digest of what all cached incidents depend on.
#[derive(Serialize, Deserialize)]
pub(super) struct Common {
    pub settings: Option<Digest>,
    /// The IDs of the archive.
    pub ids: Vec<String>,
}

/// The cached data of an incident, apart from its summary.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    pub head: Head,
    pub checked: Checked,
    pub words: BTreeMap<Audience, Words>,
}

/// The start of an [`Entry`]: for a summary, the rest need not be unpacked.
#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    /// The files that decided what it is, with their content; `None` for those that are not there.
    pub inputs: Vec<(Utf8PathBuf, Option<Digest>)>,
    pub seen: Seen,
    /// The latest time that must have passed.
    pub latest: Option<DateTime<Utc>>,
    #[serde(with = "cache::shared")]
    pub neighbor: Arc<Neighbor>,
    pub digests: (String, Option<String>, u64),
}

/// The values of an incident in the file of the cache.
pub(super) struct Stored {
    /// The [`Entry`].
    pub entry: Packed,
    /// The parts of the [`PackedSummary`].
    pub listed: Packed,
    pub texts: Packed,
}

impl Common {
    /// Returns the digests of the IDs that were added or removed since; `None` if one of them can be any word.
    pub fn changed_ids(&self, older: &Self) -> Option<Vec<u32>> {
        let [was, is] = [older, self].map(|common| common.ids.iter().collect::<BTreeSet<_>>());
        let changed = was.symmetric_difference(&is).map(|id| id_digest(id));
        changed.collect()
    }
}

impl Reading<'_> {
    /// Reads the cached incidents, by their files, if the settings are those of this run.
    pub(super) fn stored(&self) -> Option<(Common, HashMap<Utf8PathBuf, Stored>)> {
        let (common, frames) = self.cache.read_packed::<Common>(INCIDENTS)?;
        if common.settings != self.settings() {
            return None;
        }
        let mut stored = HashMap::with_capacity(frames.len() / 4);
        let mut frames = frames.into_iter();
        while let (Some(path), Some(entry), Some(listed), Some(texts)) =
            (frames.next(), frames.next(), frames.next(), frames.next())
        {
            let path = String::from_utf8(path.bytes()?.into_owned()).ok()?;
            let values = Stored {
                entry,
                listed,
                texts,
            };
            stored.insert(path.into(), values);
        }
        Some((common, stored))
    }

    /// Unpacks an entry; `None` if a file that decided it is not what it was, or if it may mention a changed ID.
    pub(super) fn entry(&self, stored: &Stored, changed: &[u32]) -> Option<Entry> {
        let entry: Entry = cache::unpack(&stored.entry.bytes()?)?;
        let is_valid =
            self.has_files_of(&entry.head) && !entry.checked.possible_ids.may_be(changed);
        is_valid.then_some(entry)
    }

    /// Returns whether the files that decided an entry are what they were.
    pub(super) fn has_files_of(&self, head: &Head) -> bool {
        head.inputs
            .iter()
            .all(|(path, digest)| self.table.state(path).map(|state| state.digest) == *digest)
    }
}

impl Stored {
    /// Returns the summary with the part that was packed apart.
    pub fn summary(&self, neighbor: &Arc<Neighbor>) -> PackedSummary {
        PackedSummary {
            neighbor: Arc::clone(neighbor),
            listed: self.listed.clone(),
            texts: self.texts.clone(),
        }
    }

    /// Adds the values to a file of the cache, and returns the summary as it is kept there.
    pub fn stored_in(&self, store: &Appender, neighbor: &Arc<Neighbor>) -> Option<PackedSummary> {
        let path = neighbor.source.incident.as_str().as_bytes().to_vec().into();
        let mut kept = store.add_packed(&[&path, &self.entry, &self.listed, &self.texts])?;
        let (texts, listed) = (kept.pop()?, kept.pop()?);
        Some(PackedSummary {
            neighbor: Arc::clone(neighbor),
            listed,
            texts,
        })
    }
}

impl Entry {
    /// Returns an incident from the cache, or `None` if the cached data is not sufficient.
    pub fn taken(self, stored: &Stored, purpose: Purpose) -> Option<Taken> {
        let audience = purpose.audience();
        if !self.head.seen.is_same_for(audience) {
            return None;
        }
        let mut neighbor = self.head.neighbor;
        let (incident_digest, timeline_digest, bytes) = self.head.digests;
        let source = &mut Arc::make_mut(&mut neighbor).source;
        *source = RecordSource {
            incident_digest,
            timeline_digest,
            bytes,
            ..std::mem::take(source)
        };
        let words = self.words.get(&audience).cloned();
        if words.is_none() && audience.is_external() {
            return None;
        }
        let listed = (purpose != Purpose::Check).then(|| {
            Box::new(ListedIncident {
                summary: stored.summary(&neighbor),
                words,
                record: None,
                inputs: Some(digest(&self.head.inputs)),
            })
        });
        Some(Taken {
            incident: ReadIncident { neighbor, listed },
            diagnostics: self.checked.diagnostics,
            refs: self.checked.refs,
            inputs: self.head.inputs.into_iter().map(|(path, _)| path).collect(),
            is_cached: true,
        })
    }
}
