//! Changes the files of one incident: reads, changes, checks and writes them under one lock.
//!
//! A change that would make an error is refused, and nothing is written. So whatever a command does, the incident can
//! still be read afterwards, and no call overwrites what another one wrote.

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};

use super::clock::{Reading, now};
use super::terminal::remark;
use super::{Outcome, Today, eprint_line, incident, report};
use crate::archive::{EventPlace, Record, entries_folder};
use crate::cache::Digest;
use crate::check::Checker;
use crate::config::{Config, EntryStorage};
use crate::diagnostic::{self, Diagnostic, Level};
use crate::edit::history::{Change as Kept, ChangedFile};
use crate::edit::toml::{EditError, TomlText};
use crate::edit::{self, Lock};
use crate::facts::Facts;
use crate::kind::{Day, Id};
use crate::load::{self, Loaded, Unwritten};
use crate::moment::{Moment, TimeDefaults, Zone};
use crate::source::Source;
use crate::timeline::{Event, Timeline};

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
    _lock: Lock,
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
        let lock = Lock::acquire(root).with_context(|| format!("cannot lock `{root}`"))?;
        let texts = texts()?;
        let loaded = load::one_with(root, id, &texts);
        let loaded = loaded.map_or_else(|| incident::load(root, id), Ok)?;
        let before = texts
            .keys()
            .map(|path| anyhow::Ok((path.clone(), present(root, path)?)));
        let before = before.collect::<Result<_, _>>()?;
        report(&loaded.diagnostics, &loaded.sources);
        let mut records = loaded.archive.records.iter();
        let Some(record) = records.find(|record| record.id == id).cloned() else {
            eprint_line("nothing written");
            return Ok(None);
        };
        Ok(Some(Self {
            root: root.to_owned(),
            now: now()?,
            loaded,
            record,
            before,
            texts,
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

    /// Returns the day of what somebody did: the one that was given, or the current one.
    ///
    /// # Errors
    /// Returns an error if the day is in the future.
    pub fn past_day(&self, given: Option<NaiveDate>) -> anyhow::Result<NaiveDate> {
        let today = Today::resolve(None, self.config())?.0;
        // In the incident's time zone, the next day may have begun.
        let latest = today.max(self.shown_zone().wall_clock(self.now).date());
        match given {
            Some(day) if day > latest => {
                bail!("`{day}` is in the future; use a date up to {latest}; nothing written")
            }
            given => Ok(given.unwrap_or(today)),
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

    /// Adds an event at a time, in a file of its own or in the timeline's file, as the settings say.
    ///
    /// # Errors
    /// Returns an error if the timeline cannot be read or changed.
    pub fn add_event(&mut self, at: &Moment, event: Event) -> anyhow::Result<()> {
        let timeline = self.timeline();
        if self.loaded.unread.touches("timeline.entries") {
            // The default is safe under each value of the setting: entries and the timeline's file are always read as one.
            remark(
                "note: `[timeline] entries` cannot be read, so the event is in a file of its own",
            );
        }
        if self.config().timeline.entries == EntryStorage::Folder {
            let at_written = TimeDefaults {
                day: None,
                zone: self.zone(),
            }
            .shortest(at);
            let text = edit::timeline::entry(&Event {
                at: at_written,
                ..event
            });
            let path = self.new_entry(&timeline, at, &text);
            return self.set_text(&path, Some(text));
        }
        let text = match self.text(&timeline)? {
            Some(text) => {
                let at_written = self.record.time_defaults().shortest(at);
                let event = Event {
                    at: at_written,
                    ..event
                };
                let index = self.index_in_file(at);
                edit::timeline::insert(&text, &[(index, &event)])
                    .ok_or_else(|| anyhow!("`{timeline}` has errors; run `afterword check`"))?
            }
            None => {
                let day = at.day(self.zone());
                let defaults = TimeDefaults {
                    day: Some(day),
                    zone: self.zone(),
                };
                edit::timeline::print(&Timeline {
                    incident: Id::new(&*self.record.id).ok(),
                    date: Some(Day(day)),
                    events: vec![Event {
                        at: defaults.shortest(at),
                        ..event
                    }],
                    ..Timeline::default()
                })
            }
        };
        self.set_text(&timeline, Some(text))
    }

    /// Returns the path of a new entry: its time, its number among those of the same second, and a digest of its text, so
    /// that two clones never choose the same name for different entries.
    fn new_entry(&self, timeline: &Utf8Path, at: &Moment, text: &str) -> Utf8PathBuf {
        let folder = entries_folder(timeline);
        let stamp = at.at.format("%Y%m%dT%H%M%SZ").to_string();
        let known = self
            .record
            .source
            .entries
            .files
            .iter()
            .map(|(path, _)| path);
        let new = self.texts.iter().filter(|(_, text)| text.is_some());
        let same = known.chain(new.map(|(path, _)| path)).filter(|path| {
            path.parent() == Some(&folder)
                && path
                    .file_name()
                    .is_some_and(|name| name.starts_with(&stamp))
        });
        let number = same.filter_map(|path| path.file_stem()?.split('-').nth(1)?.parse().ok());
        let number = number.max().unwrap_or(0_u32) + 1;
        let digest = Digest::new(text.as_bytes());
        let digest: [u8; 4] = digest.bytes().first_chunk().copied().unwrap_or_default();
        let digest = u32::from_be_bytes(digest);
        folder.join(format!("{stamp}-{number:03}-{digest:08x}.json"))
    }

    /// Returns the index of the first later event in the timeline's file, before which a new one is inserted.
    pub fn index_in_file(&self, at: &Moment) -> usize {
        let record = &self.record;
        let later = record
            .timeline
            .events
            .iter()
            .enumerate()
            .find_map(|(index, event)| {
                let EventPlace::Timeline(own) = record.source.place(index) else {
                    return None;
                };
                let began = record.began(event)?;
                (began.order() > at.order()).then_some(own)
            });
        later.unwrap_or(usize::MAX)
    }

    /// Changes an event of the timeline, which may get another time, or removes it.
    ///
    /// # Errors
    /// Returns an error if the timeline cannot be read or changed.
    pub fn change_event(
        &mut self,
        index: usize,
        new: Option<(&Moment, Event)>,
    ) -> anyhow::Result<()> {
        let timeline = self.timeline();
        let invalid = || anyhow!("`{timeline}` has errors; run `afterword check`");
        let source = &self.record.source;
        let event = self.record.timeline.events.get(index);
        let old = event.and_then(|event| self.record.began(event));
        match source.place(index) {
            EventPlace::Entry(entry) => {
                let (path, _) = source
                    .entries
                    .files
                    .get(entry)
                    .cloned()
                    .ok_or_else(invalid)?;
                self.set_text(&path, None)?;
                if let Some((at, event)) = new {
                    let defaults = TimeDefaults {
                        day: None,
                        zone: self.zone(),
                    };
                    let text = edit::timeline::entry(&Event {
                        at: defaults.shortest(at),
                        ..event
                    });
                    let is_same = old.is_some_and(|old| old == *at);
                    let path = if is_same {
                        path
                    } else {
                        self.new_entry(&timeline, at, &text)
                    };
                    self.set_text(&path, Some(text))?;
                }
            }
            EventPlace::Timeline(own) => {
                let text = self.text(&timeline)?.ok_or_else(invalid)?;
                let new = new.map(|(at, event)| {
                    (
                        at,
                        Event {
                            at: self.record.time_defaults().shortest(at),
                            ..event
                        },
                    )
                });
                let text = match &new {
                    Some((at, event)) if old.is_some_and(|old| old == **at) => {
                        edit::timeline::replace(&text, own, Some(event)).ok_or_else(invalid)?
                    }
                    new => {
                        let text = edit::timeline::replace(&text, own, None).ok_or_else(invalid)?;
                        match new {
                            Some((at, event)) => {
                                let later = self.index_in_file(at);
                                let index = if later > own && later != usize::MAX {
                                    later - 1
                                } else {
                                    later
                                };
                                edit::timeline::insert(&text, &[(index, event)])
                                    .ok_or_else(invalid)?
                            }
                            None => text,
                        }
                    }
                };
                self.set_text(&timeline, Some(text))?;
            }
        }
        Ok(())
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
            let new = self.errors(after)?.into_iter();
            diagnostics
                .extend(new.filter(|found| !before.iter().any(|known| is_alike(known, found))));
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

    fn errors(&self, record: &Record) -> anyhow::Result<Vec<Diagnostic>> {
        let config = self.config();
        let ids = load::taken_ids(&self.root);
        let today = Today::resolve(None, config)?;
        let checker = Checker::new(config, today.0, ids.iter().map(String::as_str));
        let facts = Facts::compute(record, config);
        let mut found = checker.incident(record, &facts).diagnostics;
        found.retain(|found| found.level == Level::Error);
        Ok(found)
    }

    /// Checks and writes the change; `None` if it makes an error, which was printed.
    ///
    /// `what` is how `afterword undo` names it.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written; then all of them are as before.
    pub fn write(self, what: &str) -> anyhow::Result<Option<Written>> {
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
        let id = self.record.id.clone();
        let change = Kept {
            what: what.to_owned(),
            id,
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

/// Returns the text that a file has now; `None` if it does not exist.
fn present(root: &Utf8Path, path: &Utf8Path) -> anyhow::Result<Option<String>> {
    let cannot = || format!("cannot read `{path}`");
    match load::referred_file(root, path) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).with_context(cannot),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(cannot),
    }
}

/// Writes the new texts of files as one change, and keeps it for `afterword undo`, which names it `what`.
///
/// # Errors
/// Returns an error if a file cannot be written; then all of them are as before.
pub fn write_texts<'t>(
    root: &Utf8Path,
    what: String,
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> anyhow::Result<()> {
    let files = texts.into_iter().map(|(path, text)| {
        let path = Utf8PathBuf::from(path);
        anyhow::Ok(ChangedFile {
            before: present(root, &path)?,
            after: Some(text.to_owned()),
            path,
        })
    });
    let mut files: Vec<ChangedFile> = files.collect::<Result<_, _>>()?;
    files.retain(|file| file.before != file.after);
    let id = String::new();
    write(root, &Kept { what, id, files })
}

/// Writes a change, and keeps it for `afterword undo`.
///
/// # Errors
/// Returns an error if a file cannot be written; then all of them are as before.
pub fn write(root: &Utf8Path, change: &Kept) -> anyhow::Result<()> {
    change.write(root).map_err(|(path, error)| {
        anyhow::Error::new(error).context(format!("cannot write `{path}`"))
    })?;
    if !change.files.is_empty()
        && let Err(error) = change.keep(root)
    {
        eprint_line(&format!("note: this change cannot be undone: {error}"));
    }
    Ok(())
}

/// Returns `true` if two diagnostics say the same, even if lines have moved.
fn is_alike(left: &Diagnostic, right: &Diagnostic) -> bool {
    left.code == right.code && left.message == right.message
}

/// A change that was written.
pub struct Written {
    /// The incident before.
    pub before: Record,
    /// The incident after.
    pub after: Record,
    /// The settings.
    pub config: Config,
}

impl Written {
    /// Describes what the change did to the status and to the durations, by name and value.
    pub fn effects(&self) -> Vec<(String, String)> {
        let (before, after) = (self.facts(&self.before), self.facts(&self.after));
        let mut lines = Vec::new();
        if before.status != after.status {
            lines.push((
                "status".to_owned(),
                format!("{} (was {})", after.status.as_str(), before.status.as_str()),
            ));
        }
        for fact in &after.response_metrics {
            let old = before
                .response_metrics
                .iter()
                .find(|old| old.key == fact.key);
            if let Some(length) = fact.length
                && old.is_none_or(|old| old.length != fact.length)
            {
                lines.push((fact.label.to_lowercase(), length.short()));
            }
        }
        lines
    }

    fn facts(&self, record: &Record) -> Facts {
        Facts::compute(record, &self.config)
    }
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
