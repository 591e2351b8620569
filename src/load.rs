//! Loads an archive from its folders, with a diagnostic for each problem of each file.
//!
//! A file is parsed once, into its spanned tree, and serde reads the model from the tree. A tree
//! that serde rejects is checked against the JSON Schema of the same types, so that one run reports
//! all of its problems, not only the first. The parts that could be read are returned with the
//! problems.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::archive::{Archive, OwnTemplate, Record};
use crate::config::{Config, LimitSettings};
use crate::diagnostic::{Diagnostic, Locator, Rule, Sources};
use crate::source::{Limits, Path, Source, Unread};

mod conflict;
mod customers;
mod each;
pub mod entries;
mod files;
mod input;
mod loaded_text;
mod partial;
mod record;
mod restricted;
mod rules;
pub mod schema;
pub mod shape;
pub mod strict;
mod verbatim;

pub use conflict::title;
pub use each::{Inputs, Read, again, files_of, inputs, looked_at};
pub use files::{Files, Unwritten, find_root, is_root};
pub use loaded_text::{
    LoadedText, decoded, is_file, outside, outside_bytes, problems, timeline, unwritten,
};
pub use restricted::restrictions;
pub use shape::meant;
pub use verbatim::Verbatim;

pub use input::typed;
use input::{Input, Problems, input};
use record::record;
pub use record::{UnreadRecord, default_timeline};
use rules::Form;
pub use rules::Rules;

/// The file with the archive's settings.
pub const CONFIG: &str = "afterword.toml";
/// The folder of incidents.
pub const INCIDENTS: &str = "incidents";
/// The folder of timelines.
pub const TIMELINES: &str = "timelines";
/// The folder of custom templates.
pub const TEMPLATES: &str = "templates";

/// The code of a timeline that no incident uses, so that it is not read.
pub const TIMELINE_UNUSED: &str = "timeline-without-incident";

/// All codes of problems with the files of an archive.
pub const RULES: &[Rule] = &[
    Rule {
        code: "bad-id",
        summary: "a file name is not a valid ID",
        help: "Use letters, digits and `-`, at most 64 characters.",
    },
    Rule {
        code: "customers-file",
        summary: "the customers file is missing, or a row of it is not valid",
        help: "The first line names the columns, such as `name,accounts,users,contact,complaints`; every further line is one customer.",
    },
    Rule {
        code: "duplicate-id",
        summary: "two incidents have the same ID",
        help: "IDs are case-insensitive. Rename one of the files.",
    },
    Rule {
        code: "id-differs-from-file-name",
        summary: "the ID differs from the file name",
        help: "Rename the file, or remove `id`.",
    },
    Rule {
        code: "ignored-file",
        summary: "file named like an incident or timeline, but with another extension",
        help: "Incidents are `.toml` files, timelines are `.json` files.",
    },
    Rule {
        code: "invalid-file",
        summary: "the file does not match its schema",
        help: "The message says why.",
    },
    Rule {
        code: "invalid-template",
        summary: "a custom template is not valid",
        help: "The message says why.",
    },
    Rule {
        code: "template-unused",
        summary: "custom template that overrides no built-in template",
        help: "Give it the path of the template that it should override, or include it in one.",
    },
    Rule {
        code: "timeline-missing",
        summary: "the timeline is missing",
        help: "Fix the path in `timeline`.",
    },
    Rule {
        code: "timeline-incident-differs",
        summary: "the timeline is for another incident",
        help: "Fix its `incident`, or set `timeline` to the right file.",
    },
    Rule {
        code: TIMELINE_UNUSED,
        summary: "no incident uses the timeline",
        help: "Name it after its incident's ID, or remove it.",
    },
    Rule {
        code: "unreadable",
        summary: "the file cannot be opened",
        help: "Only regular files are read; symbolic links are not followed.",
    },
];

/// The loaded archive, and the problems that were found.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The incidents that could be read.
    pub archive: Archive,
    /// The IDs of incidents that could not be read.
    pub broken: BTreeSet<String>,
    /// The parts of the settings that could not be read.
    pub unread: Unread,
    /// The custom templates.
    pub templates: Vec<OwnTemplate>,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files of the archive.
    pub sources: Sources,
}

/// Creates the texts that problems point into; those that are not added are read from the archive when they are printed.
fn sources(root: &Utf8Path, known: Vec<Source>) -> Sources {
    let mut sources: Sources = known.into_iter().collect();
    let root = root.to_owned();
    sources.fetch_with(move |path| {
        let bytes = files::read(&root, path, u64::MAX).ok()?;
        Source::decode(path.to_owned(), &bytes).ok()
    });
    sources
}

/// Loads a whole archive, and keeps all of it in memory.
#[must_use]
pub fn archive(root: &Utf8Path) -> Loaded {
    let mut loaded = settings(root);
    let read = inputs(root).each(&loaded.archive.config, |record| record);
    loaded.archive.records = read.kept;
    loaded.broken = read.broken;
    loaded.diagnostics.extend(read.diagnostics);
    loaded
}

/// Loads one incident and, of the others, only those that refer to it or that it refers to.
///
/// Problems of the others are not reported. `None` if the archive has no incident with that ID.
#[must_use]
pub fn one(root: &Utf8Path, id: &str) -> Option<Loaded> {
    one_of(Files::from(root), root, id)
}

/// Loads one incident as [`one`] does, as it will be once some texts are written.
#[must_use]
pub fn one_with(root: &Utf8Path, id: &str, unwritten: &Unwritten) -> Option<Loaded> {
    one_of(Files::with(root, unwritten), root, id)
}

fn one_of(files: Files, root: &Utf8Path, id: &str) -> Option<Loaded> {
    let mut problems = Problems::default();
    let (config, unread) = config(files, &mut problems);
    let rules = Rules::new(&config);
    let incidents = files.list(Utf8Path::new(INCIDENTS), "toml", &mut Vec::new());
    let path = incidents.iter().find(|path| path.file_stem() == Some(id))?;
    let mut read = record(files, path, &rules);
    let read_faults = std::mem::take(&mut read.problems);
    let complete = read.record.filter(|_| read_faults.diagnostics.is_empty());
    let mentions = |path: &&Utf8PathBuf| {
        let bytes = files::read(root, path, rules.limits.file_bytes as u64).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(id)
    };
    let named = complete.as_ref().map(Record::names).unwrap_or_default();
    let is_neighbour = |other: &&Utf8PathBuf| {
        *other != path
            && (other.file_stem().is_some_and(|stem| named.contains(stem)) || mentions(other))
    };
    let neighbours: Vec<&Utf8PathBuf> = incidents.iter().filter(is_neighbour).collect();
    let mut records: Vec<Record> = neighbours
        .par_iter()
        .filter_map(|path| record(root.into(), path, &rules).complete())
        .collect();
    let mut broken = BTreeSet::new();
    match complete {
        Some(record) => records.push(record),
        None => {
            broken.insert(read.id);
        }
    }
    records.sort_by(|left, right| left.id.cmp(&right.id));
    problems.diagnostics.extend(read_faults.diagnostics);
    problems.sources.extend(read_faults.sources);
    let templates = templates(root, &config, &mut problems.diagnostics);
    Some(Loaded {
        archive: Archive { config, records },
        broken,
        unread,
        templates,
        diagnostics: problems.diagnostics,
        sources: sources(root, problems.sources),
    })
}

/// Loads only the settings and the custom templates.
#[must_use]
pub fn settings<'a>(files: impl Into<Files<'a>>) -> Loaded {
    let files = files.into();
    let root = files.root();
    let mut problems = Problems::default();
    let (config, unread) = config(files, &mut problems);
    let templates = templates(root, &config, &mut problems.diagnostics);
    Loaded {
        archive: Archive {
            config,
            records: Vec::new(),
        },
        unread,
        templates,
        diagnostics: problems.diagnostics,
        sources: sources(root, problems.sources),
        ..Loaded::default()
    }
}

/// Reads the settings as far as possible, and returns the parts that could not be read.
fn config(files: Files, problems: &mut Problems) -> (Config, Unread) {
    let path = Utf8Path::new(CONFIG);
    if !files.is_there(path) {
        return (Config::default(), Unread::default());
    }
    let limits = Limits::default();
    // The settings themselves say which custom marks there are.
    let any = Form::any(schema::config);
    let mut first = Problems::default();
    let mut read = input::<Config>(files, path, any, &limits, &mut first);
    let marks = read.iter().flat_map(|read| read.value.mark_names());
    let marks: Vec<String> = marks.map(str::to_owned).collect();
    let schema = OnceLock::new();
    let form = any.with(&marks, &schema);
    let is_valid = |read: &Input<Config>| form.allows(&read.value);
    if !first.diagnostics.is_empty() || !read.as_ref().is_some_and(is_valid) {
        read = input::<Config>(files, path, form, &limits, problems);
    }
    match read {
        Some(read) => (read.value, read.unread),
        None => (Config::default(), Unread::everything()),
    }
}

/// Returns the limits of input files that the settings state.
#[must_use]
pub fn limits(settings: &LimitSettings) -> Limits {
    let default = Limits::default();
    let or = |set: Option<u32>, default: usize| set.map_or(default, |set| set as usize);
    Limits {
        file_bytes: or(settings.file_bytes, default.file_bytes),
        // The parsers themselves reject anything deeper.
        depth: or(settings.depth, default.depth).min(default.depth),
        string_bytes: or(settings.string_bytes, default.string_bytes),
        entries: or(settings.entries, default.entries),
    }
}

fn templates(
    root: &Utf8Path,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<OwnTemplate> {
    let mut custom = Vec::new();
    for extension in [
        "md", "html", "xml", "atom", "txt", "toml", "css", "js", "svg",
    ] {
        for path in files::list(root, TEMPLATES, extension, diagnostics) {
            let read = files::read(root, &path, Limits::default().file_bytes as u64);
            let text = read.map_err(|error| error.to_string()).and_then(|bytes| {
                Source::decode(path.clone(), &bytes).map_err(|problem| problem.message)
            });
            match text {
                Ok(source) => custom.push(OwnTemplate {
                    path: path.strip_prefix(TEMPLATES).unwrap_or(&path).to_string(),
                    text: source.text().to_owned(),
                }),
                Err(reason) => {
                    diagnostics.push(Diagnostic::error("unreadable", reason).of_file(&path));
                }
            }
        }
    }
    let logo = config.site.logo.as_deref();
    let is_read = |logo: &str| custom.iter().any(|own| is_logo(own, logo));
    if let Some(logo) = logo.filter(|logo| !is_read(logo)) {
        let message = format!("logo `{logo}` not found");
        let problem = Diagnostic::error("unreadable", message);
        let at = Locator::Path(Path::new().key("site").key("logo"));
        let help = format!("write the path of an SVG file in `{TEMPLATES}/assets/`");
        diagnostics.push(problem.at(Utf8Path::new(CONFIG), at, "").help(help));
    }
    custom
}

/// Returns whether a file under `templates/` is the logo of the settings.
#[must_use]
pub fn is_logo(own: &OwnTemplate, logo: &str) -> bool {
    let path = logo.trim_start_matches("./").strip_prefix(TEMPLATES);
    let is_svg = Utf8Path::new(&own.path).extension() == Some("svg");
    own.path.starts_with("assets/")
        && is_svg
        && path.is_some_and(|path| path.trim_start_matches('/') == own.path)
}

/// Returns the paths of all incident files, relative to the archive.
#[must_use]
pub fn incident_files(root: &Utf8Path) -> Vec<Utf8PathBuf> {
    files::list(root, INCIDENTS, "toml", &mut Vec::new())
}

/// Returns the IDs that are in use: the file names of all incidents without `.toml`.
#[must_use]
pub fn taken_ids(root: &Utf8Path) -> Vec<String> {
    incident_files(root)
        .iter()
        .filter_map(|path| path.file_stem())
        .map(ToOwned::to_owned)
        .collect()
}

/// Returns the files in `timelines/` that an incident of that ID would read: a timeline, or an entry.
///
/// Entries of an incident that was renamed in another clone may lie there without an incident.
#[must_use]
pub fn timeline_files(root: &Utf8Path, id: &str) -> Vec<Utf8PathBuf> {
    let mut files = files::list(root, TIMELINES, "json", &mut Vec::new());
    // Some file systems do not distinguish case.
    files.retain(|path| timeline_id(path).is_some_and(|stem| stem.eq_ignore_ascii_case(id)));
    files
}

/// Returns the IDs that a new incident cannot get: those in use, and those for which `timelines/` has a file.
#[must_use]
pub fn reserved_ids(root: &Utf8Path) -> Vec<String> {
    let timelines = files::list(root, TIMELINES, "json", &mut Vec::new());
    let timelines = timelines.iter().filter_map(|path| timeline_id(path));
    let mut ids = taken_ids(root);
    ids.extend(timelines.map(str::to_owned));
    ids
}

/// Returns the ID that the path of a timeline, or of one of its entries, is named after.
fn timeline_id(path: &Utf8Path) -> Option<&str> {
    let folder = path
        .parent()
        .filter(|folder| folder.extension() == Some("d"));
    folder.unwrap_or(path).file_stem()
}

/// Returns the path relative to the archive of a regular file inside it; `None` for any other file.
#[must_use]
pub fn inside(root: &Utf8Path, path: &Utf8Path) -> Option<Utf8PathBuf> {
    let root = files::absolute(root)?;
    let inside = files::absolute(path)?
        .strip_prefix(&root)
        .ok()?
        .to_path_buf();
    files::exists(&root, &inside).then_some(inside)
}

/// Reads a file that the site publishes unchanged.
///
/// # Errors
/// Returns an error if the file cannot be read, or if it is not a regular file inside the archive.
pub fn referred_file(root: &Utf8Path, path: &Utf8Path) -> std::io::Result<Vec<u8>> {
    files::read(root, path, u64::MAX)
}

#[cfg(test)]
mod tests;
