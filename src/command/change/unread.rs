//! Records an event of an incident that cannot be read: an entry is a file of its own, which needs the incident's ID only.
//!
//! Such an incident has no facts, so neither its status nor its durations are printed. The time is written with its UTC
//! offset, because the time zone of the timeline may be unknown.

use std::collections::BTreeSet;
use std::rc::Rc;

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};

use super::events::new_entry;
use super::written::write;
use super::{Change, lock, report};
use crate::archive::{entries_folder, resolve};
use crate::command::clock::{Reading, exactly, now};
use crate::command::terminal::{echo, remark};
use crate::command::{Outcome, incident};
use crate::config::Config;
use crate::diagnostic::{Level, visible_line};
use crate::edit::history::{Change as Kept, ChangedFile};
use crate::edit::{self, Lock};
use crate::load::{self, Loaded, schema};
use crate::moment::{Moment, Zone};
use crate::source::{Limits, Source};
use crate::timeline::{Event, Mark};

/// Records an event: in an incident that was read, or in an entry of one with errors.
pub enum Recorder {
    /// The incident was read.
    Change(Box<Change>),
    /// It has errors.
    Unread(Box<UnreadIncident>),
}

impl Recorder {
    /// Locks the archive and loads an incident.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be locked or has no incident with this ID, or if it is unclear where the
    /// timeline of an incident with errors is.
    pub fn begin(root: &Utf8Path, id: &str) -> anyhow::Result<Self> {
        let lock = lock(root)?;
        let loaded = incident::load(root, id)?;
        match Change::new(root, id, loaded, lock.clone())? {
            Ok(change) => {
                report(&change.loaded.diagnostics, &change.loaded.sources);
                Ok(Self::Change(Box::new(change)))
            }
            Err(loaded) => {
                let unread = UnreadIncident::new(root, id, *loaded, lock)?;
                Ok(Self::Unread(Box::new(unread)))
            }
        }
    }

    /// Returns the time that was typed, or the current one.
    ///
    /// # Errors
    /// Returns an error if the text is not a time, or if it is ambiguous or in the future.
    pub fn moment(&self, typed: Option<&str>) -> anyhow::Result<Moment> {
        match self {
            Self::Change(change) => match typed {
                None => Ok(exactly(change.now())),
                Some(typed) => change.reading().moment(typed),
            },
            Self::Unread(unread) => unread.moment(typed),
        }
    }

    /// Returns the settings.
    pub fn config(&self) -> &Config {
        match self {
            Self::Change(change) => change.config(),
            Self::Unread(unread) => &unread.config,
        }
    }
}

/// An incident that has errors, to which an entry is added.
pub struct UnreadIncident {
    root: Utf8PathBuf,
    id: String,
    config: Config,
    timeline: Utf8PathBuf,
    /// The time zone of the timeline; `None` if it is not known.
    zone: Option<Zone>,
    now: DateTime<Utc>,
    reason: String,
    _lock: Rc<Lock>,
}

impl UnreadIncident {
    fn new(root: &Utf8Path, id: &str, loaded: Loaded, lock: Rc<Lock>) -> anyhow::Result<Self> {
        let mut errors = loaded.diagnostics.iter();
        let error = errors.find(|found| found.level == Level::Error && found.primary().is_some());
        let reason = error.and_then(|error| {
            let file = &error.primary()?.file;
            Some(format!("`{file}` has an error: {}", error.message))
        });
        let reason = reason.unwrap_or_else(|| format!("`{id}` has errors"));
        let timeline = timeline(root, id)?;
        let text = text(root, &timeline);
        let stated = text.as_deref().map(|text| stated(text, "tz"));
        let zone = match stated.unwrap_or_default().as_slice() {
            [] => Some(Zone::default()),
            [one] => one.parse().ok(),
            _ => None,
        };
        Ok(Self {
            root: root.to_owned(),
            id: id.to_owned(),
            config: loaded.archive.config,
            timeline,
            zone,
            now: now()?,
            reason,
            _lock: lock,
        })
    }

    fn moment(&self, typed: Option<&str>) -> anyhow::Result<Moment> {
        let Some(typed) = typed else {
            return Ok(exactly(self.now));
        };
        let reading = Reading {
            option: "--at ",
            zone: self.zone.unwrap_or_default(),
            now: self.now,
            recorded: None,
        };
        if self.zone.is_none() && reading.needs_zone(typed) {
            bail!(
                "the time zone of `{}` cannot be read; use `--at -5m`, or a time with its UTC offset such as `--at 2025-10-26T02:30+01:00`",
                self.timeline
            );
        }
        reading.moment(typed)
    }

    /// Writes an event as an entry, and prints it with a note about the errors of its incident.
    ///
    /// # Errors
    /// Returns an error if the entry is not valid or cannot be written.
    pub fn add(self, at: &Moment, event: &Event, what: &str) -> anyhow::Result<Outcome> {
        let text = edit::timeline::entry(event);
        let folder = entries_folder(&self.timeline);
        let known = load::entries::paths(&self.root, &self.timeline);
        let path = new_entry(&self.timeline, at, &text, known.iter());
        let source = Source::new(path.clone(), text.as_str());
        if let Err(errors) = load::typed::<Event>(&source, schema::event, &Limits::default()) {
            let error = errors.into_iter().next().map(|error| error.message);
            bail!("{}; nothing written", error.unwrap_or_default());
        }
        let change = Kept {
            what: what.to_owned(),
            id: self.id.clone(),
            files: vec![ChangedFile {
                path,
                before: None,
                after: Some(text),
            }],
        };
        write(&self.root, &change)?;
        let zone = self.zone.unwrap_or_default();
        let (id, shown) = (&self.id, at.in_full(zone));
        let marks: Vec<&str> = event.marks.iter().copied().map(Mark::as_str).collect();
        let marks = match marks.as_slice() {
            [] => String::new(),
            marks => format!("  marks  {}\n", marks.join(", ")),
        };
        echo(&format!("{id}  {shown}  {}\n{marks}", event.text.trim()))?;
        remark(&format!(
            "note: {}; the event is in `{folder}/` and counts once that is fixed: `afterword check {id}`",
            visible_line(&self.reason)
        ));
        Ok(Outcome::Done)
    }
}

/// Returns the timeline of an incident that cannot be read, by the lines of its file.
///
/// # Errors
/// Returns an error if the file names several.
fn timeline(root: &Utf8Path, id: &str) -> anyhow::Result<Utf8PathBuf> {
    let files = load::incident_files(root);
    let file = files.iter().find(|file| file.file_stem() == Some(id));
    let file = file.ok_or_else(|| anyhow!("incident `{id}` not found"))?;
    let text = text(root, file).unwrap_or_default();
    let stated = stated(&text, "timeline").into_iter();
    let stated: BTreeSet<Utf8PathBuf> = stated.filter_map(|path| resolve(file, path)).collect();
    let mut stated = stated.into_iter();
    match (stated.next(), stated.next()) {
        (None, _) => Ok(load::default_timeline(id)),
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => bail!(
            "`{file}` has errors, and its timeline may be `{one}` or `{other}`; fix it first: `afterword check {id}` names what is wrong; nothing written"
        ),
    }
}

fn text(root: &Utf8Path, path: &Utf8Path) -> Option<String> {
    let bytes = load::referred_file(root, path).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the different strings that a key has in a text which need not be valid, of TOML or JSON.
fn stated<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    let value = |(at, _): (usize, &str)| {
        let before = text.get(..at)?;
        let quoted = before.strip_suffix('"');
        let before = quoted.unwrap_or(before).trim_end_matches([' ', '\t']);
        let is_key = before.is_empty() || before.ends_with(['\n', '{', ',', '\u{feff}']);
        let after = text.get(at + key.len()..).filter(|_| is_key)?;
        let after = match quoted {
            Some(_) => after.strip_prefix('"')?,
            None => after,
        };
        let after = after.trim_start().strip_prefix(['=', ':'])?.trim_start();
        let quote = after.chars().next().filter(|c| ['"', '\''].contains(c))?;
        let (value, _) = after.get(1..)?.split_once(quote)?;
        Some(value)
    };
    let mut values: Vec<&str> = text.match_indices(key).filter_map(value).collect();
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strings_of_a_key_are_found_in_a_text_that_is_not_valid() {
        let cases: &[(&str, &str, &[&str])] = &[
            (
                "timeline = \"../a.json\"\nservices = [",
                "timeline",
                &["../a.json"],
            ),
            ("  timeline='../a.json' # x\r\n", "timeline", &["../a.json"]),
            ("# timeline = \"a\"\nmy_timeline = \"b\"\n", "timeline", &[]),
            (
                "<<<<<<< a\ntimeline = \"b\"\n=======\ntimeline = \"a\"\n",
                "timeline",
                &["a", "b"],
            ),
            (
                "{ \"tz\": \"Europe/Berlin\", \"text\": \"\\\"tz\\\": \\\"UTC\\\"\"",
                "tz",
                &["Europe/Berlin"],
            ),
            ("{\n  \"tz\" : \"UTC\"", "tz", &["UTC"]),
            ("timeline = 3\ntimeline", "timeline", &[]),
            ("\u{feff}timeline = \"a\"", "timeline", &["a"]),
        ];
        for (text, key, expected) in cases {
            assert_eq!(stated(text, key), *expected, "{text}");
        }
    }
}
