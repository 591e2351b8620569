//! What the checks of the whole archive need of one incident beside its summary.
//!
//! It is taken while the incident is in memory, and is next to nothing for an
//! incident that names no other.

use std::collections::HashSet;

use camino::Utf8PathBuf;

use super::Case;
use crate::archive::Record;
use crate::kind::Either;
use crate::source::Path;

/// What an incident says of others, each with its place.
#[derive(Debug, Default)]
pub struct Ties {
    /// The ids of others where a key is for ids, in the incident's file.
    pub(super) named: Vec<(Path, String)>,
    /// Those of `named` that it supersedes.
    pub(super) supersedes: Vec<(Path, String)>,
    /// The ids of others in its texts.
    pub(super) mentions: Vec<Mention>,
    /// Its id outside.
    pub(super) public_id: Option<String>,
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

impl Ties {
    /// Takes the ties of an incident in an archive of these ids.
    pub(super) fn of(case: &Case, ids: &HashSet<&str>) -> Self {
        let record = case.record;
        let public = record.incident.public.as_ref();
        let mut ties = Self {
            mentions: mentions(case, ids),
            public_id: public.and_then(|public| public.id.as_ref().map(ToString::to_string)),
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

fn mentions(case: &Case, ids: &HashSet<&str>) -> Vec<Mention> {
    let mut found = Vec::new();
    for text in case.texts() {
        if !text.text.as_bytes().contains(&b'-') {
            continue;
        }
        let is_id = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        let words = text.text.split(|letter: char| !is_id(letter));
        let named: Vec<String> = words
            .map(|word| word.trim_matches('-'))
            .filter(|word| ids.contains(word) && *word != case.record.id)
            .map(str::to_owned)
            .collect();
        if !named.is_empty() {
            found.push(Mention {
                file: text.file.to_owned(),
                path: text.path.clone(),
                ids: named,
            });
        }
    }
    found
}
