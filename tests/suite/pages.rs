//! The pages of a site: they match their Markdown, contain only known elements, and link only to files that exist.

mod comms;
mod direction;
mod facts;
mod kept;
mod leads;
mod learned;
mod measured;
mod parity;
mod programs;
mod reader;
mod safety;

use std::collections::BTreeMap;
use std::convert::Infallible;

use std::sync::{LazyLock, Mutex};

use afterword::archive::{Archive, OwnTemplate, Record};
use afterword::audience::Audience;
use afterword::incident::Public;
use afterword::load;
use afterword::publish::search::Search;
use afterword::publish::{File, FileContent, Lists, Site};
use camino::Utf8Path;
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::cases;

/// A file of an archive: its path, and its text.
type Written = (&'static str, &'static str);

/// An incident whose every value tries to be more than text.
const HOSTILE: &[Written] = &[
    (
        "incidents/INC-2025-0001.toml",
        include_str!("pages/hostile.toml"),
    ),
    (
        "timelines/INC-2025-0001.json",
        include_str!("pages/hostile.json"),
    ),
];

/// A long night: two days, gaps, spans, times to the minute and to the day.
const NIGHT: &[Written] = &[
    (
        "incidents/INC-2025-0002.toml",
        include_str!("pages/night.toml"),
    ),
    (
        "timelines/INC-2025-0002.json",
        include_str!("pages/night.json"),
    ),
    (
        "incidents/INC-2025-0003.toml",
        "title = \"Newer\"\n[analysis]\nsupersedes = [\"INC-2025-0002\"]\n",
    ),
];

/// The smallest incident there is.
const SMALLEST: &[Written] = &[(
    "incidents/INC-2025-0004.toml",
    "title = \"Checkout errors\"\n",
)];

/// Writes an archive into a new folder and loads it.
fn written(files: &[Written]) -> Archive {
    written_as(files.iter().copied())
}

fn written_as<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Archive {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
    for (path, text) in files {
        crate::site::write(root, path, text);
    }
    let loaded = load::archive(root);
    let problems: Vec<_> = loaded
        .diagnostics
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    assert!(loaded.broken.is_empty(), "{problems:#?}");
    loaded.archive
}

/// The site of every archive that the tests walk, with a name.
static SITES: LazyLock<Vec<(String, Files)>> = LazyLock::new(|| {
    let repository = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
    let folders = cases::folders().into_iter().chain([repository]);
    let small: [(&str, &[Written]); 4] = [
        ("hostile", HOSTILE),
        ("night", NIGHT),
        ("smallest", SMALLEST),
        ("empty", &[]),
    ];
    let loaded = folders.map(|folder| (folder.to_string(), load::archive(&folder).archive));
    let small = small.map(|(name, files)| (name.to_owned(), written(files)));
    let mut all: Vec<(String, Archive, Audience)> = Vec::new();
    for (name, mut archive) in loaded.chain(small) {
        all.push((name.clone(), archive.clone(), Audience::Internal));
        archive.records.iter_mut().for_each(make_public);
        for audience in [Audience::Public, Audience::Customers] {
            let name = format!("{name} for {audience}");
            all.push((name, archive.clone(), audience));
        }
    }
    all.par_iter()
        .map(|(name, archive, audience)| (name.clone(), site_for(archive, &[], *audience)))
        .collect()
});

/// Changes an incident to a public one, with its internal texts as public ones.
fn make_public(record: &mut Record) {
    let incident = &mut record.incident;
    let public = Public {
        title: Some(incident.title.clone()),
        summary: incident.summary.clone(),
        cause: incident
            .root_cause
            .as_ref()
            .and_then(|cause| cause.primary.clone()),
        measures: incident
            .lessons
            .iter()
            .flat_map(|lessons| lessons.learnings.clone())
            .collect(),
        workaround: Some(incident.title.clone()),
        ..incident.public.take().unwrap_or_default()
    };
    incident.public = Some(public);
    incident.classification = Some(Audience::Public);
    for (index, message) in incident.messages.iter_mut().enumerate() {
        message.audience = Some(if index % 2 == 0 {
            Audience::Public
        } else {
            Audience::Customers
        });
    }
    for (index, event) in record.timeline.events.iter_mut().enumerate() {
        event.visibility = Some(if index % 2 == 0 {
            Audience::Public
        } else {
            Audience::Customers
        });
    }
}

/// The files of a site by path; those that are copied from the archive have no text.
type Files = BTreeMap<String, Option<String>>;

/// The day that pages are measured against.
fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day")
}

/// Builds all files of the internal site of an archive.
fn site(archive: &Archive, own: &[OwnTemplate]) -> Files {
    site_for(archive, own, Audience::Internal)
}

/// Builds all files of the site of an archive for an audience.
fn site_for(archive: &Archive, own: &[OwnTemplate], audience: Audience) -> Files {
    let site = Site::new(archive, own, audience).expect("the templates are well formed");
    let common = Mutex::new(Vec::new());
    let keep = |file: &File| {
        let file = (file.path.clone(), text(&file.bytes));
        common.lock().expect("no thread fails").push(file);
        Ok(())
    };
    site.lists(Lists::new(archive, as_of()), &keep, None)
        .expect("it renders");
    let mut files = common.into_inner().expect("no thread fails");
    let mut search = Search::default();
    for record in &archive.records {
        let made = site.input(record).files(site.renderer());
        let made = made.expect("it renders");
        made.terms
            .into_iter()
            .for_each(|terms| search.add(terms, None));
        let made = made.files.into_iter();
        files.extend(made.map(|file| (file.path, text(&file.bytes))));
    }
    let put: Result<(), Infallible> = search.files(&mut |_, _| Ok(false), &mut |file| {
        files.push((file.path, text(&file.bytes)));
        Ok(())
    });
    put.expect("it cannot fail");
    files.into_iter().collect()
}

/// Returns the text of a file; `None` if it is a copy.
fn text(content: &FileContent) -> Option<String> {
    let mut bytes = Vec::new();
    match content {
        FileContent::Made(made) => bytes.extend_from_slice(made),
        FileContent::Rows(rows) => {
            let read = rows.pieces(&mut |piece| {
                bytes.extend_from_slice(piece);
                Ok(())
            });
            read.expect("it cannot fail");
        }
        FileContent::Copied(_) => return None,
    }
    Some(String::from_utf8(bytes).expect("text"))
}

/// Lists the pages among the files of a site.
#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "a build writes lowercase extensions"
)]
fn pages(files: &Files) -> impl Iterator<Item = (&str, &str)> {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, text)| (path.as_str(), text.as_deref().expect("pages are made")))
}
