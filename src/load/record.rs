//! Loads one incident: its file, its timeline, and the files that it refers to.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::conflict::propose_fold;
use super::files::Files;
use super::input::{Problems, input};
use super::rules::{Form, Rules};
use super::{TIMELINES, customers, entries, schema};
use crate::archive::{LocalTarget, Record, RecordSource, ReferredFile, Withheld, is_picture};
use crate::diagnostic::{Diagnostic, Locator};
use crate::incident::Incident;
use crate::kind::{self, FilePath};
use crate::source::{Limits, Path, Source, Unread};
use crate::timeline::Timeline;

/// An incident that was read.
pub(super) struct LoadedRecord {
    pub id: String,
    /// The incident as far as it could be read; all of it if there are no problems.
    pub record: Option<Record>,
    /// The parts that could not be read.
    pub unread: UnreadRecord,
    /// The timeline's file, if there is one, even if it cannot be read.
    pub timeline: Option<Utf8PathBuf>,
    pub problems: Problems,
}

/// The parts of an incident that could not be read.
#[derive(Debug, Clone, Default)]
pub struct UnreadRecord {
    /// Those of its file.
    pub incident: Unread,
    /// Those of its timeline.
    pub timeline: Unread,
}

impl UnreadRecord {
    /// Returns a diagnostic with the key paths that its values have in the files.
    pub(super) fn located(&self, record: &Record, mut diagnostic: Diagnostic) -> Diagnostic {
        let source = &record.source;
        for location in &mut diagnostic.locations {
            let unread = if location.file == source.incident {
                &self.incident
            } else if Some(&location.file) == source.timeline.as_ref() {
                &self.timeline
            } else {
                continue;
            };
            match &mut location.at {
                Locator::Path(path) | Locator::Key(path) => *path = unread.original_path(path),
                Locator::File | Locator::Span(_) | Locator::Known(..) => {}
            }
        }
        diagnostic
    }
}

impl LoadedRecord {
    /// Returns the incident if it has no problems.
    pub fn complete(self) -> Option<Record> {
        self.record.filter(|_| self.problems.diagnostics.is_empty())
    }
}

/// Returns the path of the timeline of an incident that does not name one.
#[must_use]
pub fn default_timeline(id: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{TIMELINES}/{id}.json"))
}

/// Reads an incident with its timeline and files.
pub(super) fn record(files: Files, path: &Utf8Path, rules: &Rules) -> LoadedRecord {
    let limits = &rules.limits;
    let id = path.file_stem().unwrap_or_default().to_owned();
    let mut problems = Problems::default();
    if let Err(reason) = kind::Id::new(id.as_str()) {
        problems.add(
            Diagnostic::error(
                "bad-id",
                format!(
                    "invalid ID `{}` from the file name: {reason}",
                    id.escape_debug()
                ),
            )
            .of_file(path)
            .help("name the file after the incident's ID, such as `INC-2025-0023.toml`"),
        );
    }
    let incident = input::<Incident>(
        files,
        path,
        Form::any(schema::incident),
        limits,
        &mut problems,
    );
    let conflicts = problems.diagnostics.as_mut_slice();
    propose_fold(files, path, &id, limits, conflicts);
    let Some(incident) = incident else {
        return LoadedRecord {
            id,
            record: None,
            unread: UnreadRecord::default(),
            timeline: None,
            problems,
        };
    };
    let mut unread = UnreadRecord {
        incident: incident.unread,
        timeline: Unread::default(),
    };
    let (incident, digest) = (incident.value, incident.digest);
    if let Some(given) = &incident.id
        && **given != *id
    {
        problems.add(
            Diagnostic::error(
                "id-differs-from-file-name",
                format!("the ID is `{given}`, but the file is named `{id}.toml`"),
            )
            .at(
                path,
                Locator::Path(Path::new().key("id")),
                format!("expected `{id}`"),
            )
            .help("rename the file, or remove `id`: the default is the file name"),
        );
    }
    let mut record = Record {
        id,
        incident,
        timeline: Timeline::default(),
        source: RecordSource {
            incident: path.to_owned(),
            incident_digest: digest.sha256,
            bytes: digest.bytes,
            ..RecordSource::default()
        },
        files: BTreeMap::new(),
        customers_file: None,
        withheld: Withheld::default(),
    };
    let timeline = timeline_file(files, &record, &mut problems);
    match &timeline {
        Ok(Some(path)) => {
            unread.timeline = load_timeline(files, path, &mut record, rules, &mut problems);
        }
        // The incident may name another timeline, and it is unclear which.
        Ok(None) if unread.incident.touches("timeline") => unread.timeline = Unread::everything(),
        Ok(None) => {}
        Err(Missing) => unread.timeline = Unread::everything(),
    }
    refer(files, &mut record, limits);
    if !customers::add(files, &mut record, limits, &mut problems) {
        unread
            .incident
            .add(&Path::new().key("impact").key("customers"));
    }
    LoadedRecord {
        id: record.id.clone(),
        record: Some(record),
        unread,
        timeline: timeline.ok().flatten(),
        problems,
    }
}

/// The timeline that an incident names does not exist.
struct Missing;

/// Returns the timeline's file of an incident, or `None` if it has none.
fn timeline_file(
    files: Files,
    record: &Record,
    problems: &mut Problems,
) -> Result<Option<Utf8PathBuf>, Missing> {
    // A timeline may consist of entries only.
    let exists = |path: &Utf8PathBuf| files.exists(path) || entries::exist(files, path);
    let Some(given) = &record.incident.timeline else {
        return Ok(Some(default_timeline(&record.id)).filter(exists));
    };
    let found = record.resolve(given);
    if let Some(path) = found.filter(exists) {
        return Ok(Some(path));
    }
    problems.add(
        Diagnostic::error("timeline-missing", format!("timeline `{given}` not found"))
            .at(
                &record.source.incident,
                Locator::Path(Path::new().key("timeline")),
                "",
            )
            .help("write a path relative to this file, such as `../timelines/INC-2025-0023.json`"),
    );
    Err(Missing)
}

/// Reads the timeline of an incident into its record, and returns the parts that could not be read.
fn load_timeline(
    files: Files,
    path: &Utf8Path,
    record: &mut Record,
    rules: &Rules,
    problems: &mut Problems,
) -> Unread {
    let limits = &rules.limits;
    record.source.timeline = Some(path.to_owned());
    let mut unread = Unread::default();
    if files.exists(path) {
        let known = problems.diagnostics.len();
        let timeline = input::<Timeline>(files, path, rules.timeline(), limits, problems);
        let conflicts = problems.diagnostics.get_mut(known..).unwrap_or_default();
        propose_fold(files, path, &record.id, limits, conflicts);
        let Some(timeline) = timeline else {
            record.source.timeline = None;
            return Unread::everything();
        };
        let other = timeline.value.incident.as_ref();
        if let Some(given) = other.filter(|given| ***given != *record.id) {
            problems.add(
                Diagnostic::error(
                    "timeline-incident-differs",
                    format!(
                        "the timeline is for `{given}`, but the incident is `{}`",
                        record.id
                    ),
                )
                .at(
                    path,
                    Locator::Path(Path::new().key("incident")),
                    format!("expected `{}`", record.id),
                ),
            );
        }
        record.timeline = timeline.value;
        record.source.timeline_digest = Some(timeline.digest.sha256);
        record.source.bytes += timeline.digest.bytes;
        unread = timeline.unread;
    }
    if entries::exist(files, path) && !entries::join(files, path, record, rules, problems) {
        unread = Unread::everything();
    }
    unread
}

/// Collects the files that an incident refers to, and reads those that its report shows.
pub(super) fn refer(files: Files, record: &mut Record, limits: &Limits) {
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
        refer_to(files, record, path, Some(limits), &mut found);
    }
    // An existing report is as long as a file may be, not as a string may be.
    let report_limits = Limits {
        string_bytes: limits.file_bytes,
        ..*limits
    };
    if let Some(report) = &incident.report {
        refer_to(files, record, report, Some(&report_limits), &mut found);
    }
    for path in linked.chain(runs) {
        refer_to(files, record, path, None, &mut found);
    }
    // The text of an existing report is one of those that may link to files.
    record.files = found;
    let mut paths = Vec::new();
    record.each_link(|link| {
        if let Some(LocalTarget::File(path)) = link.place() {
            paths.push(path);
        }
    });
    for path in paths {
        let file = unread(files, &path);
        record.files.entry(path).or_insert(file);
    }
}

/// Returns what is known of a file without its text.
pub(super) fn unread(files: Files, path: &Utf8Path) -> ReferredFile {
    if !files.exists(path) {
        return ReferredFile::Missing;
    }
    let picture = is_picture(path.as_str()).then_some(path);
    ReferredFile::Opaque(picture.and_then(|path| files.picture_size(path)))
}

fn refer_to(
    files: Files,
    record: &Record,
    path: &FilePath,
    shown: Option<&Limits>,
    found: &mut BTreeMap<Utf8PathBuf, ReferredFile>,
) {
    let Some(path) = record.resolve(path) else {
        return;
    };
    let text = |limits: &Limits| {
        let bytes = files.read(&path, limits.string_bytes as u64).ok()?;
        let source = Source::decode(path.clone(), &bytes).ok()?;
        kind::Block::new(source.text())
            .ok()
            .map(|text| ReferredFile::Text(text.to_string()))
    };
    let file = match shown.filter(|_| !is_picture(path.as_str())) {
        Some(limits) => text(limits).unwrap_or_else(|| unread(files, &path)),
        None => unread(files, &path),
    };
    if !matches!(found.get(&path), Some(ReferredFile::Text(_))) {
        found.insert(path, file);
    }
}

#[cfg(test)]
mod tests;
