//! Changes the files of one incident: reads, changes, checks and writes them under one lock.
//!
//! A change that would make an error is refused, and nothing is written. So whatever a command does, the incident can
//! still be read afterwards, and no call overwrites what another one wrote.

use std::rc::Rc;

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};

use super::clock::{Reading, now};
use super::{Outcome, Today, eprint_line, incident, report, spoken};
use crate::archive::Record;
use crate::check::{self, Trait};
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level};
use crate::edit::Lock;
use crate::edit::history::{Change as Kept, ChangedFile};
use crate::edit::toml::{EditError, TomlText};
use crate::facts::Facts;
use crate::load::{self, Loaded, Unwritten};
use crate::moment::{Moment, Zone};
use crate::source::Source;

mod events;
mod unread;
mod written;

pub use unread::Recorder;
pub use written::{Written, write, write_texts};

/// An incident that is being changed; the lock on the archive is held until the end.
pub struct Change {
    root: Utf8PathBuf,
    now: DateTime<Utc>,
    loaded: Loaded,
    record: Record,
    /// The texts before the change, of the files that were looked at.
    before: Unwritten,
    /// The texts after it.
    texts: Unwritten,
    _lock: Rc<Lock>,
}

impl Change {
    /// Locks the archive and loads an incident; `None` if it has errors, which were printed.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be locked, or has no incident with this ID.
    pub fn begin(root: &Utf8Path, id: &str) -> anyhow::Result<Option<Self>> {
        Self::begin_with(root, id, || Ok(Unwritten::new()))
    }

    /// Locks the archive and loads an incident as [`begin`](Self::begin) does, with some texts changed already.
    ///
    /// # Errors
    /// Returns an error if the archive cannot be locked, has no incident with this ID, or if a file cannot be read.
    pub fn begin_with(
        root: &Utf8Path,
        id: &str,
        texts: impl FnOnce() -> anyhow::Result<Unwritten>,
    ) -> anyhow::Result<Option<Self>> {
        let lock = lock(root)?;
        let texts = texts()?;
        let loaded = load::one_with(root, id, &texts);
        let loaded = loaded.map_or_else(|| incident::load(root, id), Ok)?;
        let before = texts
            .keys()
            .map(|path| anyhow::Ok((path.clone(), present(root, path)?)));
        let before = before.collect::<Result<_, _>>()?;
        report(&loaded.diagnostics, &loaded.sources);
        let change = Self::new(root, id, loaded, lock)?;
        match change {
            Ok(change) => Ok(Some(Self {
                before,
                texts,
                ..change
            })),
            Err(_) => {
                eprint_line("nothing written");
                Ok(None)
            }
        }
    }

    /// Loads an incident as [`begin`](Self::begin) does, under a lock that several changes share.
    ///
    /// # Errors
    /// Returns an error if the archive has no incident with this ID.
    pub fn begin_under(root: &Utf8Path, id: &str, lock: &Rc<Lock>) -> anyhow::Result<Option<Self>> {
        let loaded = incident::load(root, id)?;
        report(&loaded.diagnostics, &loaded.sources);
        Ok(Self::new(root, id, loaded, Rc::clone(lock))?.ok())
    }

    /// Begins the change of a loaded incident, or returns what was loaded if the incident has errors.
    fn new(
        root: &Utf8Path,
        id: &str,
        loaded: Loaded,
        lock: Rc<Lock>,
    ) -> anyhow::Result<Result<Self, Box<Loaded>>> {
        let mut records = loaded.archive.records.iter();
        let Some(record) = records.find(|record| record.id == id).cloned() else {
            return Ok(Err(Box::new(loaded)));
        };
        Ok(Ok(Self {
            root: root.to_owned(),
            now: now()?,
            loaded,
            record,
            before: Unwritten::new(),
            texts: Unwritten::new(),
            _lock: lock,
        }))
    }

    /// Returns the incident as it was.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Returns the settings.
    pub fn config(&self) -> &Config {
        &self.loaded.archive.config
    }

    /// Returns the current time.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Returns the time zone of the timeline's times.
    pub fn zone(&self) -> Zone {
        self.record.timeline.tz.unwrap_or_default()
    }

    /// Returns the time zone in which the incident's times are printed, as in its report.
    pub fn shown_zone(&self) -> Zone {
        self.record.zone(self.config())
    }

    /// Returns why a time before the start of the incident is refused; `None` for any other time, or if the start is not known.
    pub fn before_start(&self, at: &Moment) -> Option<String> {
        let start = Facts::compute(&self.record, self.config()).started?.moment;
        let zone = self.shown_zone();
        (at.order() < start.order()).then(|| {
            format!(
                "{} is before `{}` started at {}",
                at.in_full(zone),
                self.record.id,
                start.in_full(zone)
            )
        })
    }

    /// Returns the day of what somebody did: the one that was typed, or the current one.
    ///
    /// # Errors
    /// Returns an error if the text is not a date, or if the day is in the future.
    pub fn past_day(&self, typed: Option<&str>) -> anyhow::Result<NaiveDate> {
        let today = Today::resolve(None, self.config())?.0;
        // In the incident's time zone, the next day may have begun.
        let latest = today.max(self.shown_zone().wall_clock(self.now).date());
        let Some(typed) = typed else {
            return Ok(today);
        };
        match spoken::past(typed, latest) {
            Ok(day) if day > latest => {
                bail!("`{day}` is in the future; use a date up to {latest}; nothing written")
            }
            Ok(day) => Ok(day),
            Err(reason) => bail!("{reason}; nothing written"),
        }
    }

    /// Returns how a time on the command line is interpreted.
    pub fn reading(&self) -> Reading<'static> {
        Reading {
            option: "--at ",
            zone: self.zone(),
            now: self.now,
            recorded: incident::recorded(&self.record, self.config(), self.now),
        }
    }

    /// Returns the text that a file has, or will have; `None` if it does not exist.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn text(&mut self, path: &Utf8Path) -> anyhow::Result<Option<String>> {
        if let Some(text) = self.texts.get(path) {
            return Ok(text.clone());
        }
        if !self.before.contains_key(path) {
            let text = present(&self.root, path)?;
            self.before.insert(path.to_owned(), text);
        }
        Ok(self.before.get(path).cloned().flatten())
    }

    /// Sets the text that a file will have; `None` removes it.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn set_text(&mut self, path: &Utf8Path, text: Option<String>) -> anyhow::Result<()> {
        self.text(path)?;
        self.texts.insert(path.to_owned(), text);
        Ok(())
    }

    /// Changes values in the incident's file.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or a value cannot be changed without others.
    pub fn edit(
        &mut self,
        change: impl FnOnce(&mut TomlText) -> Result<(), EditError>,
    ) -> anyhow::Result<()> {
        let path = self.record.source.incident.clone();
        let mut text = TomlText::new(self.text(&path)?.unwrap_or_default());
        change(&mut text).with_context(|| format!("cannot change `{path}`"))?;
        self.set_text(&path, Some(text.text().to_owned()))
    }

    /// Returns the path of the timeline, which need not exist.
    pub fn timeline(&self) -> Utf8PathBuf {
        let source = &self.record.source;
        let timeline = source.timeline.clone();
        timeline.unwrap_or_else(|| load::default_timeline(&self.record.id))
    }

    /// Loads the incident as it will be, even if it has errors in its checks; `None` if it cannot be read.
    ///
    /// # Errors
    /// Returns an error if the incident does not exist.
    pub fn after(&self) -> anyhow::Result<Option<Record>> {
        let id = &self.record.id;
        let loaded = load::one_with(&self.root, id, &self.texts);
        let loaded = loaded.ok_or_else(|| anyhow!("incident `{id}` not found"))?;
        let mut records = loaded.archive.records.into_iter();
        Ok(records.find(|record| record.id == *id))
    }

    /// Loads and checks the incident as it will be; `None` if the change makes an error, which was printed.
    ///
    /// # Errors
    /// Returns an error if the clock is not valid.
    pub fn checked(&self) -> anyhow::Result<Option<Record>> {
        let id = &self.record.id;
        let loaded = load::one_with(&self.root, id, &self.texts)
            .ok_or_else(|| anyhow!("incident `{id}` not found"))?;
        let Loaded {
            archive,
            mut diagnostics,
            mut sources,
            ..
        } = loaded;
        let known = &self.loaded.diagnostics;
        diagnostics.retain(|found| !known.iter().any(|known| is_alike(known, found)));
        let after = archive.records.into_iter().find(|record| record.id == *id);
        if let Some(after) = &after {
            let before = self.errors(&self.record)?;
            let new = self.errors(after)?.into_iter().filter(|found| {
                // A warning among entries is an error once they are in one file.
                let is_known = |known: &&Diagnostic| known.level <= found.level;
                let mut known = before.iter().filter(is_known);
                !known.any(|known| is_alike(known, found))
            });
            diagnostics.extend(new.map(|found| Diagnostic {
                level: Level::Error,
                ..found
            }));
        }
        diagnostics.retain(|found| found.level == Level::Error);
        if diagnostics.is_empty() && after.is_some() {
            return Ok(after);
        }
        for (path, text) in &self.texts {
            if let Some(text) = text {
                sources.add(Source::new(path.clone(), text));
            }
        }
        diagnostic::sort(&mut diagnostics, &sources);
        report(&diagnostics, &sources);
        eprint_line("nothing written");
        Ok(None)
    }

    /// Returns the number of problems of an incident that are about marks that contradict each other.
    ///
    /// # Errors
    /// Returns an error if the clock is not valid.
    pub fn contradictions(&self, record: &Record) -> anyhow::Result<usize> {
        let found = incident::findings(&self.root, self.config(), record)?;
        let is_one = |found: &&Diagnostic| {
            // Of a repeated mark, the first is kept.
            found.code != "mark-repeated" && check::has_trait(found.code, Trait::OfMarks)
        };
        Ok(found.iter().filter(is_one).count())
    }

    /// Returns the problems of an incident that a change must not cause.
    fn errors(&self, record: &Record) -> anyhow::Result<Vec<Diagnostic>> {
        let mut found = incident::findings(&self.root, self.config(), record)?;
        found.retain(|found| {
            found.level == Level::Error || check::has_trait(found.code, Trait::OfMarks)
        });
        Ok(found)
    }

    /// Checks the change, and returns the incident after it with the changed files; `None` if it makes an error, which was
    /// printed.
    ///
    /// # Errors
    /// Returns an error if the clock is not valid.
    pub fn files(&self) -> anyhow::Result<Option<(Record, Vec<ChangedFile>)>> {
        let Some(after) = self.checked()? else {
            return Ok(None);
        };
        let files = self.texts.iter().map(|(path, after)| ChangedFile {
            path: path.clone(),
            before: self.before.get(path).cloned().flatten(),
            after: after.clone(),
        });
        let mut files: Vec<ChangedFile> = files.filter(|file| file.before != file.after).collect();
        // Files are removed last, so that nothing is lost if the program is stopped in between.
        files.sort_by_key(|file| file.after.is_none());
        Ok(Some((after, files)))
    }

    /// Checks and writes the change; `None` if it makes an error, which was printed.
    ///
    /// `what` is how `afterword undo` names it.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written; then all of them are as before.
    pub fn write(self, what: &str) -> anyhow::Result<Option<Written>> {
        let Some((after, files)) = self.files()? else {
            return Ok(None);
        };
        let change = Kept {
            what: what.to_owned(),
            id: self.record.id.clone(),
            files,
        };
        write(&self.root, &change)?;
        Ok(Some(Written {
            before: self.record,
            after,
            config: self.loaded.archive.config,
        }))
    }
}

/// Locks an archive.
///
/// # Errors
/// Returns an error if it cannot be locked.
pub fn lock(root: &Utf8Path) -> anyhow::Result<Rc<Lock>> {
    let lock = Lock::acquire(root).with_context(|| format!("cannot lock `{root}`"))?;
    Ok(Rc::new(lock))
}

/// Returns the text that a file has now; `None` if it does not exist.
fn present(root: &Utf8Path, path: &Utf8Path) -> anyhow::Result<Option<String>> {
    let cannot = || format!("cannot read `{path}`");
    match load::referred_file(root, path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).with_context(cannot),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(cannot),
    }
}

/// Returns `true` if two diagnostics say the same, even if lines have moved.
fn is_alike(left: &Diagnostic, right: &Diagnostic) -> bool {
    left.code == right.code && left.message == right.message
}

/// Prints names and values as indented lines, with the values below each other.
pub fn aligned(lines: &[(String, String)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default();
    let lines = lines
        .iter()
        .map(|(name, value)| format!("  {name:width$}  {value}\n"));
    lines.collect()
}

/// Prints an error of the input of a command that writes: nothing is written, and it exits with 1.
pub fn refused(reason: impl std::fmt::Display) -> Outcome {
    eprint_line(&format!("error: {reason}; nothing written"));
    Outcome::Problems
}
