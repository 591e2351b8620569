//! Folders in; an archive out, with a diagnostic for every fault of every file.
//!
//! A good file goes straight from serde into the model. One that serde refuses is
//! read again as a spanned tree and walked against the JSON Schema of the same
//! types, so that one run names all of its faults, not the first. What could be
//! read is given beside what was wrong.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::archive::{Archive, OwnTemplate, Record, RecordSource, ReferredFile, is_picture};
use crate::config::{Config, LimitSettings};
use crate::diagnostic::{At, Diagnostic, Rule, Sources};
use crate::incident::Incident;
use crate::kind::{self, FilePath};
use crate::source::limits::{self, Limits};
use crate::source::{DUPLICATE_KEY, Path, Source};
use crate::timeline::Timeline;

mod each;
mod files;
pub mod schema;
pub mod shape;
pub mod strict;
mod unwritten;
mod verbatim;

pub use each::{Inputs, Read, again, inputs};
pub use files::{find_root, is_root};
pub use unwritten::{Unwritten, is_file, outside, unwritten};
pub use verbatim::Verbatim;

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
        code: "id-not-the-stem",
        summary: "an id that is not the file's name",
        help: "Rename the file or the id.",
    },
    Rule {
        code: "refused",
        summary: "a file that cannot be read into its type",
        help: "The message says why.",
    },
    Rule {
        code: "template-fault",
        summary: "a template of the archive's own that is not well formed",
        help: "The message says why.",
    },
    Rule {
        code: "timeline-missing",
        summary: "a timeline that is not there",
        help: "Mend the path in `timeline`.",
    },
    Rule {
        code: "timeline-of-another",
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
        for place in diagnostics.iter().flat_map(|diagnostic| &diagnostic.places) {
            if self.sources.get(&place.file).is_none()
                && let Ok(bytes) = files::read(root, &place.file, u64::MAX)
                && let Ok(source) = Source::decode(place.file.clone(), &bytes)
            {
                self.sources.add(source);
            }
        }
    }
}

/// One incident as it was read.
struct LoadedRecord {
    id: String,
    record: Option<Record>,
    faults: Faults,
}

/// What is wrong with some files, and their texts.
#[derive(Default)]
struct Faults {
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Source>,
}

impl Faults {
    fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
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

fn default_timeline(id: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{TIMELINES}/{id}.json"))
}

fn record(root: &Utf8Path, path: &Utf8Path, limits: &Limits) -> LoadedRecord {
    let id = path.file_stem().unwrap_or_default().to_owned();
    let mut faults = Faults::default();
    if let Err(reason) = kind::Id::new(id.as_str()) {
        faults.add(
            Diagnostic::error(
                "bad-id",
                format!(
                    "the file's name gives the id `{}`: {reason}",
                    id.escape_debug()
                ),
            )
            .at(path, At::File, "")
            .help("name the file after the incident's id, such as `INC-2025-0023.toml`"),
        );
    }
    let incident = input::<Incident, _>(
        root,
        path,
        schema::incident,
        strict::toml,
        limits,
        &mut faults,
    );
    let Some((incident, incident_digest)) = incident else {
        // The timeline's faults are named all the same.
        let timeline = default_timeline(&id);
        if files::exists(root, &timeline) {
            input::<Timeline, _>(
                root,
                &timeline,
                schema::timeline,
                strict::json,
                limits,
                &mut faults,
            );
        }
        return LoadedRecord {
            id,
            record: None,
            faults,
        };
    };
    let mut whole = faults.diagnostics.is_empty();
    if let Some(given) = &incident.id
        && **given != *id
    {
        whole = false;
        faults.add(
            Diagnostic::error(
                "id-not-the-stem",
                format!("the id is `{given}`, but the file is named `{id}`"),
            )
            .at(
                path,
                At::Path(Path::new().key("id")),
                format!("expected `{id}`"),
            )
            .help("rename the file, or remove the line: the file's name gives the id"),
        );
    }
    let mut record = Record {
        id,
        incident,
        timeline: Timeline::default(),
        source: RecordSource {
            incident: path.to_owned(),
            incident_digest,
            ..RecordSource::default()
        },
        files: BTreeMap::new(),
    };
    whole &= load_timeline(root, &mut record, limits, &mut faults);
    refer(root, &mut record, limits);
    LoadedRecord {
        id: record.id.clone(),
        record: whole.then_some(record),
        faults,
    }
}

/// Reads the timeline of an incident into its record; says whether it could.
fn load_timeline(
    root: &Utf8Path,
    record: &mut Record,
    limits: &Limits,
    faults: &mut Faults,
) -> bool {
    let place = || At::Path(Path::new().key("timeline"));
    let path = match &record.incident.timeline {
        None => Some(default_timeline(&record.id)).filter(|path| files::exists(root, path)),
        Some(given) => match record
            .resolve(given)
            .filter(|path| files::exists(root, path))
        {
            Some(path) => Some(path),
            None => {
                faults.add(
                    Diagnostic::error(
                        "timeline-missing",
                        format!("there is no timeline `{given}`"),
                    )
                    .at(&record.source.incident, place(), "")
                    .help("the path starts at the folder of this file"),
                );
                return false;
            }
        },
    };
    let Some(path) = path else { return true };
    let timeline =
        input::<Timeline, _>(root, &path, schema::timeline, strict::json, limits, faults);
    let Some((timeline, digest)) = timeline else {
        return false;
    };
    let other = timeline
        .incident
        .as_ref()
        .filter(|given| ***given != *record.id);
    if let Some(given) = other {
        faults.add(
            Diagnostic::error(
                "timeline-of-another",
                format!(
                    "the timeline is of `{given}`, but the incident is `{}`",
                    record.id
                ),
            )
            .at(
                &path,
                At::Path(Path::new().key("incident")),
                format!("expected `{}`", record.id),
            ),
        );
        return false;
    }
    record.timeline = timeline;
    record.source.timeline = Some(path);
    record.source.timeline_digest = Some(digest);
    true
}

/// Reads an input file into its type, or names every fault of it.
fn input<T: DeserializeOwned, E: std::fmt::Display>(
    root: &Utf8Path,
    path: &Utf8Path,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
    faults: &mut Faults,
) -> Option<(T, String)> {
    let bytes = match files::read(root, path, limits.file_bytes as u64) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.add(Diagnostic::error("unreadable", error.to_string()).at(path, At::File, ""));
            return None;
        }
    };
    let source = match Source::decode(path, &bytes) {
        Ok(source) => source,
        Err(fault) => {
            faults.add(Diagnostic::fault(path, *fault));
            return None;
        }
    };
    let mut found: Vec<Diagnostic> = limits::check(source.text(), source.syntax(), limits)
        .into_iter()
        .map(|fault| Diagnostic::fault(path, fault))
        .collect();
    if found.is_empty() {
        match parse(source.text()) {
            Ok(value) => {
                return Some((
                    value,
                    format!("{:x}", HexDigest(Sha256::digest(&bytes).into())),
                ));
            }
            Err(error) => found = every_fault(&source, schema(), &error),
        }
    }
    faults.diagnostics.extend(found);
    faults.sources.push(source);
    None
}

/// Names every fault of a text that serde refused.
fn every_fault(source: &Source, schema: &Value, error: &dyn std::fmt::Display) -> Vec<Diagnostic> {
    let (tree, faults) = source.syntax().tree(source.text());
    // After a syntax error the tree is what could be guessed: what it lacks says nothing.
    let whole = faults.iter().all(|fault| fault.code == DUPLICATE_KEY);
    let mut found: Vec<Diagnostic> = faults
        .into_iter()
        .map(|fault| Diagnostic::fault(source.path(), fault))
        .collect();
    if whole {
        for fault in shape::walk(schema, &tree, source.path(), kind::FORMATS) {
            if fault.code != DUPLICATE_KEY {
                found.push(fault);
            }
        }
    }
    if !found.is_empty() {
        return found;
    }
    // Serde and the walk agree, by a property test; should they not, the file is still refused.
    let words = error.to_string();
    let words = words.lines().last().unwrap_or_default();
    vec![
        Diagnostic::error("refused", format!("the file cannot be read: {words}")).at(
            source.path(),
            At::File,
            "",
        ),
    ]
}

struct HexDigest([u8; 32]);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// Finds out what the files are that an incident refers to, and reads those that its report shows.
fn refer(root: &Utf8Path, record: &mut Record, limits: &Limits) {
    let incident = &record.incident;
    let shown = incident
        .evidence
        .iter()
        .filter_map(|evidence| evidence.file.as_ref());
    let alert = incident
        .detection
        .iter()
        .filter_map(|detection| detection.alert.as_ref()?.file.as_ref());
    let linked = incident
        .references
        .iter()
        .filter_map(|reference| reference.file.as_ref());
    let healing = incident
        .self_healing
        .iter()
        .flat_map(|healing| &healing.actions);
    let runs = healing.filter_map(|action| action.run.as_ref());
    let mut found = BTreeMap::new();
    for path in shown.chain(alert) {
        refer_to(root, record, path, Some(limits), &mut found);
    }
    // A whole report is a file, not a value of one.
    let whole = Limits {
        string_bytes: limits.file_bytes,
        ..*limits
    };
    if let Some(report) = &incident.report {
        refer_to(root, record, report, Some(&whole), &mut found);
    }
    for path in linked.chain(runs) {
        refer_to(root, record, path, None, &mut found);
    }
    record.files = found;
}

fn refer_to(
    root: &Utf8Path,
    record: &Record,
    path: &FilePath,
    shown: Option<&Limits>,
    found: &mut BTreeMap<Utf8PathBuf, ReferredFile>,
) {
    let Some(path) = record.resolve(path) else {
        return;
    };
    let text = |limits: &Limits| {
        let bytes = files::read(root, &path, limits.string_bytes as u64).ok()?;
        let source = Source::decode(path.clone(), &bytes).ok()?;
        kind::Block::new(source.text())
            .ok()
            .map(|text| ReferredFile::Text(text.to_string()))
    };
    let file = match shown.filter(|_| !is_picture(path.as_str())) {
        _ if !files::exists(root, &path) => ReferredFile::Missing,
        Some(limits) => text(limits).unwrap_or(ReferredFile::Opaque),
        None => ReferredFile::Opaque,
    };
    if !matches!(found.get(&path), Some(ReferredFile::Text(_))) {
        found.insert(path, file);
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
                    At::File,
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
