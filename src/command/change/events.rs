//! Changes the events of an incident: each is an entry in a file of its own, or in the timeline's file.

use std::hash::{BuildHasher, RandomState};

use anyhow::anyhow;
use camino::{Utf8Path, Utf8PathBuf};

use super::Change;
use crate::archive::{EventPlace, entries_folder};
use crate::command::terminal::remark;
use crate::config::EntryStorage;
use crate::edit;
use crate::kind::{Day, Id};
use crate::moment::{Moment, TimeDefaults, Written};
use crate::timeline::{Event, Timeline};

impl Change {
    /// Returns an event as its file has it: with the marks that the record leaves out because an earlier event has them.
    pub fn event_in_file(&self, index: usize) -> Option<Event> {
        let mut event = self.record.timeline.events.get(index)?.clone();
        let repeated = self.record.source.entries.repeated.iter();
        let own = repeated.filter(|repeated| repeated.event == index);
        event.marks.extend(own.map(|repeated| repeated.mark));
        Some(event)
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
            let path = new_entry(&timeline, at, &text, self.entries());
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

    /// Returns a time as the file of an event writes it.
    pub fn written(&self, index: usize, at: &Moment) -> Written {
        let defaults = match self.record.source.place(index) {
            EventPlace::Timeline(_) => self.record.time_defaults(),
            EventPlace::Entry(_) => TimeDefaults {
                day: None,
                zone: self.zone(),
            },
        };
        defaults.shortest(at)
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
        let new = new.map(|(at, event)| {
            let written = self.written(index, at);
            (
                at,
                Event {
                    at: written,
                    ..event
                },
            )
        });
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
                    let text = edit::timeline::entry(&event);
                    let is_same = old.is_some_and(|old| old == *at);
                    let path = if is_same {
                        path
                    } else {
                        new_entry(&timeline, at, &text, self.entries())
                    };
                    self.set_text(&path, Some(text))?;
                }
            }
            EventPlace::Timeline(own) => {
                let text = self.text(&timeline)?.ok_or_else(invalid)?;
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

    /// Renames an entry as a new one at this time would be named.
    ///
    /// # Errors
    /// Returns an error if the entry cannot be read.
    pub fn keep_entry(&mut self, path: &Utf8Path, at: &Moment) -> anyhow::Result<()> {
        let Some(text) = self.text(path)? else {
            return Ok(());
        };
        self.set_text(path, None)?;
        let new = new_entry(&self.timeline(), at, &text, self.entries());
        self.set_text(&new, Some(text))
    }

    /// Returns the entries that there will be.
    fn entries(&self) -> impl Iterator<Item = &Utf8PathBuf> {
        let known = self.record.source.entries.files.iter();
        let new = self.texts.iter().filter(|(_, text)| text.is_some());
        known.map(|(path, _)| path).chain(new.map(|(path, _)| path))
    }
}

/// Returns the path of a new entry: its time, its number among those of the same second, and a random part.
///
/// The number keeps the entries of one machine in the order in which they were recorded. The random part keeps both if two
/// clones record in the same second, even with the same text.
pub(super) fn new_entry<'e>(
    timeline: &Utf8Path,
    at: &Moment,
    text: &str,
    known: impl Iterator<Item = &'e Utf8PathBuf>,
) -> Utf8PathBuf {
    let folder = entries_folder(timeline);
    let stamp = at.at.format("%Y%m%dT%H%M%SZ").to_string();
    let same = known.filter(|path| {
        let name = path.file_name();
        path.parent() == Some(&folder) && name.is_some_and(|name| name.starts_with(&stamp))
    });
    let number = same.filter_map(|path| path.file_stem()?.split('-').nth(1)?.parse().ok());
    let number = number.max().unwrap_or(0_u32) + 1;
    let random = RandomState::new().hash_one(text) & u64::from(u32::MAX);
    folder.join(format!("{stamp}-{number:03}-{random:08x}.json"))
}
