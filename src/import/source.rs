//! Reads the exports of other systems into drafts of timeline events.
//!
//! The content of a file is recognized by its shape, never by its name: each value is offered to
//! all [`IMPORTERS`], then the elements of a list, then the lists in the usual envelopes of APIs
//! and webhooks. What no importer recognizes is returned, so that the command can reject it.
//! Nothing is read from disk here, and no input makes it panic. [`merge`] adds the drafts to a timeline.

use crate::config::ImportSettings;
use crate::facts::capitalized;
use crate::moment::{Moment, Zone};

mod alertmanager;
mod argocd;
mod clean;
mod datadog;
mod draft;
mod firehydrant;
mod github;
mod gitlab;
mod google_cloud;
mod grafana;
mod honeycomb;
mod incident_io;
mod item;
mod jira;
mod kubernetes;
pub mod merge;
mod new_relic;
mod opsgenie;
mod pagerduty;
mod pages;
pub mod payload;
mod people;
mod read;
mod rootly;
mod self_healing;
mod sentry;
mod slack;
mod squadcast;
mod statuspage;
mod table;
mod time;
mod victorops;

pub use draft::{Draft, Extra, Markup};
pub use item::Item;
pub use read::read;

/// A system whose exports can be imported.
#[derive(Debug)]
pub struct Importer {
    /// The system's name, as the events' `source`.
    pub name: &'static str,
    /// The start of the events' IDs, before the system's own ID.
    pub prefix: &'static str,
    /// What identifies its exports, for the message about a file that nothing recognizes.
    pub shape: &'static str,
    /// Returns `true` for a value that [`Importer::read`] understands.
    pub recognizes: fn(Item) -> bool,
    /// Adds the events of a value.
    pub read: fn(Item, &mut Reading),
    /// Combines the events that the system records several times.
    pub collapse: fn(Vec<Draft>) -> Vec<Draft>,
    /// Completes an event by one of a timeline that is the same or combines it, as [`Importer::collapse`] would;
    /// returns `false` if the two are not the same. `None` for a system that records each event once.
    pub complete: Option<fn(&mut merge::Placed, &merge::Placed) -> bool>,
    /// Whether the system is known to give several events one ID.
    pub repeats_ids: bool,
}

/// What most importers have in common: each event is recorded once, with an ID of its own.
const PLAIN: Importer = Importer {
    name: "",
    prefix: "",
    shape: "",
    recognizes: |_| false,
    read: |_, _| {},
    collapse: |drafts| drafts,
    complete: None,
    repeats_ids: false,
};

/// All importers, in the order in which they are asked.
pub const IMPORTERS: &[Importer] = &[
    grafana::WEBHOOK,
    alertmanager::IMPORTER,
    grafana::IMPORTER,
    pagerduty::IMPORTER,
    statuspage::IMPORTER,
    statuspage::SLACK_STATUS,
    google_cloud::IMPORTER,
    opsgenie::IMPORTER,
    github::IMPORTER,
    gitlab::IMPORTER,
    argocd::IMPORTER,
    kubernetes::IMPORTER,
    jira::IMPORTER,
    sentry::IMPORTER,
    incident_io::IMPORTER,
    firehydrant::IMPORTER,
    rootly::IMPORTER,
    datadog::IMPORTER,
    victorops::IMPORTER,
    squadcast::IMPORTER,
    honeycomb::IMPORTER,
    new_relic::IMPORTER,
    self_healing::IMPORTER,
    slack::IMPORTER,
];

/// The importer of tables, which are recognized by their columns.
pub const TABLE: &Importer = &table::IMPORTER;

/// The number of events in all files of an import, before any is left out.
pub const MOST_EVENTS: usize = 200_000;

/// A file of an export.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// The path, as the user gave it or as it is in a folder or an archive.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The options of an import.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The `[import]` settings of the archive.
    pub config: ImportSettings,
    /// The time zone of times without a UTC offset.
    pub zone: Option<Zone>,
    /// The time of events whose system states none.
    pub at: Option<Moment>,
    /// The Slack channels to read; all if empty.
    pub channels: Vec<String>,
}

/// The event of an export that has no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The importer.
    pub importer: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// What it says.
    pub text: String,
}

/// The events of one importer.
#[derive(Debug)]
pub struct Found {
    /// The importer.
    pub importer: &'static Importer,
    /// The events, in the order of their times; equal times in the order in which they happened.
    pub drafts: Vec<Draft>,
    /// The number of events in the exports.
    pub count: usize,
}

/// A file, or a part of one, that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The path of the file.
    pub path: String,
    /// The reason.
    pub reason: String,
    /// Whether nothing of the file can be imported.
    pub is_whole: bool,
}

/// The result of reading exports.
#[derive(Debug, Default)]
pub struct Exports {
    /// The events, by importer.
    pub found: Vec<Found>,
    /// The events without a time.
    pub unplaced: Vec<Unplaced>,
    /// The files, or parts of them, that nothing recognizes.
    pub rejected: Vec<Rejected>,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl Exports {
    fn reject(&mut self, file: &ExportFile, reason: String, is_whole: bool) {
        self.rejected.push(Rejected {
            path: file.path.clone(),
            reason,
            is_whole,
        });
    }
}

/// What the importers share while files are read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The options.
    pub settings: &'a Settings,
    /// The path of the file.
    path: &'a str,
    /// The people and channels of Slack exports.
    directory: &'a slack::Directory,
    /// The deployments of GitHub exports.
    deployments: &'a github::Deployments<'a>,
    importer: &'static Importer,
    /// What every event that is added next belongs to.
    group: Option<String>,
    drafts: Vec<Draft>,
    /// Why the last time could not be read.
    reason: &'static str,
    unplaced: Vec<Unplaced>,
    notes: Vec<String>,
}

impl Reading<'_> {
    /// Returns the first of several times that is set.
    fn time(&mut self, item: Item, paths: &[&str]) -> Option<Moment> {
        self.reason = "no time";
        for path in paths {
            let Some(value) = item.get(path) else {
                continue;
            };
            match time::moment(value.0, self.settings.zone) {
                Ok(at) => return Some(at),
                Err(reason) => self.reason = reason,
            }
        }
        None
    }

    /// Adds an event, or records why it has no place in the timeline.
    fn add(
        &mut self,
        at: Option<Moment>,
        text: Markup,
        draft: impl FnOnce(Moment, Markup) -> Draft,
    ) {
        match at {
            Some(at) => {
                let mut draft = draft(at, text);
                if draft.group.is_none() {
                    draft.group = self.group.clone();
                }
                self.drafts.push(draft);
            }
            None => self.unplaced.push(Unplaced {
                importer: self.importer.name,
                reason: self.reason,
                text: clean::one_line(text),
            }),
        }
    }

    fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }
}

/// Puts the first line of a text into a sentence; the other lines follow it.
fn in_sentence(text: &str, sentence: impl FnOnce(&str) -> String) -> String {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = sentence(first.trim_end());
    if rest.is_empty() {
        first
    } else {
        format!("{first}\n{rest}")
    }
}

/// Returns the parts of a name such as `roleAssigned` as words: `Role assigned`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.trim_start_matches(char::is_uppercase).chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    let start = name.chars().take_while(|c| c.is_uppercase());
    capitalized(&(start.collect::<String>() + &words))
}

/// Returns the ID of an event whose system names only its alert, which may fire again.
fn timed(id: &str, at: Moment) -> String {
    format!("{id}:{}", at.at.format("%Y-%m-%dT%H:%M:%SZ"))
}

/// Combines the text of a label and a value: `label: value`, or the label.
fn labelled(label: &str, value: Option<&str>) -> String {
    match value.map(str::trim).filter(|value| !value.is_empty()) {
        Some(value) => format!("{label}: {value}"),
        None => label.to_owned(),
    }
}
