//! One incident: its file, its timeline, and the files that it refers to.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::input::{Faults, input};
use super::{TIMELINES, files, schema, strict};
use crate::archive::{Record, RecordSource, ReferredFile, is_picture};
use crate::diagnostic::{Diagnostic, Locator};
use crate::incident::Incident;
use crate::kind::{self, FilePath};
use crate::source::limits::Limits;
use crate::source::{Path, Source};
use crate::timeline::Timeline;

/// One incident as it was read.
pub(super) struct LoadedRecord {
    pub id: String,
    pub record: Option<Record>,
    pub faults: Faults,
}

/// Says where the timeline of an incident lies that names none.
pub(super) fn default_timeline(id: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{TIMELINES}/{id}.json"))
}

/// Reads an incident with all that belongs to it.
pub(super) fn record(root: &Utf8Path, path: &Utf8Path, limits: &Limits) -> LoadedRecord {
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
            .at(path, Locator::File, "")
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
    let Some((incident, digest)) = incident else {
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
                "id-differs-from-file-name",
                format!("the id is `{given}`, but the file is named `{id}`"),
            )
            .at(
                path,
                Locator::Path(Path::new().key("id")),
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
            incident_digest: digest.sha256,
            bytes: digest.bytes,
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
    let place = || Locator::Path(Path::new().key("timeline"));
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
                "timeline-incident-differs",
                format!(
                    "the timeline is of `{given}`, but the incident is `{}`",
                    record.id
                ),
            )
            .at(
                &path,
                Locator::Path(Path::new().key("incident")),
                format!("expected `{}`", record.id),
            ),
        );
        return false;
    }
    record.timeline = timeline;
    record.source.timeline = Some(path);
    record.source.timeline_digest = Some(digest.sha256);
    record.source.bytes += digest.bytes;
    true
}

/// Finds out what the files are that an incident refers to, and reads those that its report shows.
pub(super) fn refer(root: &Utf8Path, record: &mut Record, limits: &Limits) {
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
