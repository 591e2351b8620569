//! Folders in; an archive out, with a diagnostic for every fault of every file.
//!
//! A good file goes straight from serde into the model. One that serde refuses is
//! read again as a spanned tree and walked against the JSON Schema of the same
//! types, so that one run names all of its faults, not the first. What could be
//! read is given beside what was wrong.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::archive::{Archive, OwnTemplate, Record};
use crate::config::{Config, LimitSettings};
use crate::diagnostic::{Diagnostic, Locator, Rule, Sources};
use crate::source::Source;
use crate::source::limits::Limits;

mod each;
mod files;
mod input;
mod loaded_text;
mod record;
pub mod schema;
pub mod shape;
pub mod strict;
mod verbatim;

pub use each::{Inputs, Read, again, inputs, looked_at};
pub use files::{find_root, is_root};
pub use loaded_text::{LoadedText, is_file, outside, unwritten};
pub use verbatim::Verbatim;

use input::{Faults, input};
use record::record;

/// The settings of an archive, beside its incidents.
pub const CONFIG: &str = "afterword.toml";
/// The folder of incidents.
pub const INCIDENTS: &str = "incidents";
/// The folder of timelines.
pub const TIMELINES: &str = "timelines";
/// The folder of the user's own templates.
pub const TEMPLATES: &str = "templates";

/// Every code that finding an archive's files can give.
pub const RULES: &[Rule] = &[
    Rule {
        code: "bad-id",
        summary: "a file's name gives no id",
        help: "Use letters, digits and `-`, at most 64.",
    },
    Rule {
        code: "duplicate-id",
        summary: "two incidents of one id",
        help: "Ids differ by more than large and small letters.",
    },
    Rule {
        code: "id-differs-from-file-name",
        summary: "an id that is not the file's name",
        help: "Rename the file or the id.",
    },
    Rule {
        code: "invalid-file",
        summary: "a file that cannot be read into its type",
        help: "The message says why.",
    },
    Rule {
        code: "invalid-template",
        summary: "a template of the archive's own that is not well formed",
        help: "The message says why.",
    },
    Rule {
        code: "template-unused",
        summary: "a template of the archive's own that takes the place of none",
        help: "Name it as the template that it is to replace, or include it in one.",
    },
    Rule {
        code: "timeline-missing",
        summary: "a timeline that is not there",
        help: "Mend the path in `timeline`.",
    },
    Rule {
        code: "timeline-incident-differs",
        summary: "a timeline that names another incident",
        help: "Mend its `incident`, or point `timeline` at the right file.",
    },
    Rule {
        code: "timeline-without-incident",
        summary: "a timeline that no incident has",
        help: "Name it after its incident's id, or remove it.",
    },
    Rule {
        code: "unreadable",
        summary: "a file that cannot be opened",
        help: "Only regular files are read; no links.",
    },
];

/// What was read of an archive, and what was wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The incidents that could be read.
    pub archive: Archive,
    /// The ids of incidents that could not.
    pub broken: BTreeSet<String>,
    /// The user's own templates.
    pub templates: Vec<OwnTemplate>,
    /// Every fault.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files that have faults.
    pub sources: Sources,
}

impl Loaded {
    /// Adds the text of a file that a diagnostic points into, if it is not there yet.
    ///
    /// For what is found wrong after loading, when texts are no longer held.
    pub fn fetch_sources(&mut self, root: &Utf8Path, diagnostics: &[Diagnostic]) {
        for place in diagnostics
            .iter()
            .flat_map(|diagnostic| &diagnostic.locations)
        {
            if self.sources.get(&place.file).is_none()
                && let Ok(bytes) = files::read(root, &place.file, u64::MAX)
                && let Ok(source) = Source::decode(place.file.clone(), &bytes)
            {
                self.sources.add(source);
            }
        }
    }
}

/// Loads the whole archive of a folder, and keeps all of it in memory.
#[must_use]
pub fn archive(root: &Utf8Path) -> Loaded {
    let mut loaded = settings(root);
    let read = inputs(root).each(&loaded.archive.config, |record| record);
    loaded.archive.records = read.kept;
    loaded.broken = read.broken;
    loaded.diagnostics.extend(read.diagnostics);
    for source in read.sources {
        loaded.sources.add(source);
    }
    loaded
}

/// Loads one incident and, of the others, only those that it names or that name it.
///
/// A broken neighbour does not stand in the way: its faults are not named.
#[must_use]
pub fn one(root: &Utf8Path, id: &str) -> Option<Loaded> {
    let mut faults = Faults::default();
    let config = config(root, &mut faults);
    let limits = limits(&config.limits);
    let incidents = files::list(root, INCIDENTS, "toml", &mut Vec::new());
    let path = incidents.iter().find(|path| path.file_stem() == Some(id))?;
    let read = record(root, path, &limits);
    let mentions = |path: &&Utf8PathBuf| {
        let bytes = files::read(root, path, limits.file_bytes as u64).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(id)
    };
    let named = read.record.as_ref().map(Record::names).unwrap_or_default();
    let is_neighbour = |other: &&Utf8PathBuf| {
        *other != path
            && (other.file_stem().is_some_and(|stem| named.contains(stem)) || mentions(other))
    };
    let neighbours: Vec<&Utf8PathBuf> = incidents.iter().filter(is_neighbour).collect();
    let mut records: Vec<Record> = neighbours
        .par_iter()
        .filter_map(|path| record(root, path, &limits).record)
        .collect();
    let mut broken = BTreeSet::new();
    match read.record {
        Some(record) => records.push(record),
        None => {
            broken.insert(read.id);
        }
    }
    records.sort_by(|left, right| left.id.cmp(&right.id));
    faults.diagnostics.extend(read.faults.diagnostics);
    faults.sources.extend(read.faults.sources);
    let templates = templates(root, &mut faults.diagnostics);
    Some(Loaded {
        archive: Archive { config, records },
        broken,
        templates,
        diagnostics: faults.diagnostics,
        sources: faults.sources.into_iter().collect(),
    })
}

/// Loads the settings and the user's own templates alone.
#[must_use]
pub fn settings(root: &Utf8Path) -> Loaded {
    let mut faults = Faults::default();
    let config = config(root, &mut faults);
    let templates = templates(root, &mut faults.diagnostics);
    Loaded {
        archive: Archive {
            config,
            records: Vec::new(),
        },
        templates,
        diagnostics: faults.diagnostics,
        sources: faults.sources.into_iter().collect(),
        ..Loaded::default()
    }
}

fn config(root: &Utf8Path, faults: &mut Faults) -> Config {
    let path = Utf8Path::new(CONFIG);
    if !files::exists(root, path) {
        return Config::default();
    }
    input(
        root,
        path,
        schema::config,
        strict::toml,
        &Limits::default(),
        faults,
    )
    .map(|(config, _)| config)
    .unwrap_or_default()
}

fn limits(settings: &LimitSettings) -> Limits {
    let default = Limits::default();
    let or = |set: Option<u32>, default: usize| set.map_or(default, |set| set as usize);
    Limits {
        file_bytes: or(settings.file_bytes, default.file_bytes),
        // Deeper than this, the parsers refuse by themselves.
        depth: or(settings.depth, default.depth).min(default.depth),
        string_bytes: or(settings.string_bytes, default.string_bytes),
        entries: or(settings.entries, default.entries),
    }
}

fn templates(root: &Utf8Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<OwnTemplate> {
    let mut own = Vec::new();
    for ending in [
        "md", "html", "xml", "atom", "txt", "toml", "css", "js", "svg",
    ] {
        for path in files::list(root, TEMPLATES, ending, diagnostics) {
            let read = files::read(root, &path, Limits::default().file_bytes as u64);
            let text = read.map_err(|error| error.to_string()).and_then(|bytes| {
                Source::decode(path.clone(), &bytes).map_err(|fault| fault.message)
            });
            match text {
                Ok(source) => own.push(OwnTemplate {
                    path: path.strip_prefix(TEMPLATES).unwrap_or(&path).to_string(),
                    text: source.text().to_owned(),
                }),
                Err(reason) => diagnostics.push(Diagnostic::error("unreadable", reason).at(
                    &path,
                    Locator::File,
                    "",
                )),
            }
        }
    }
    own
}

/// Lists the stems of all incident files, which are the ids that are taken.
#[must_use]
pub fn taken_ids(root: &Utf8Path) -> Vec<String> {
    let files = files::list(root, INCIDENTS, "toml", &mut Vec::new());
    files
        .iter()
        .filter_map(|path| path.file_stem())
        .map(ToOwned::to_owned)
        .collect()
}

/// Reads a file of the archive as text.
///
/// # Errors
/// What the system says, or why the file is no text.
pub fn text(root: &Utf8Path, path: &Utf8Path) -> std::io::Result<Source> {
    let bytes = files::read(root, path, Limits::default().file_bytes as u64)?;
    Source::decode(path, &bytes).map_err(|fault| std::io::Error::other(fault.message))
}

/// Reads the bytes of a file that the site carries as it is.
///
/// # Errors
/// What the system says, or that the file is not a regular one inside the archive.
pub fn referred_file(root: &Utf8Path, path: &Utf8Path) -> std::io::Result<Vec<u8>> {
    files::read(root, path, u64::MAX)
}
