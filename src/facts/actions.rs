//! The action items of an incident in small.
//!
//! A large archive has very many, and each has six short texts, so those of one
//! incident lie in one piece: for each by itself the memory would be twice as much.

use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use crate::archive::Record;
use crate::incident::Progress;

/// The action items of an incident, in the order of its file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Actions {
    /// Their texts, one after another; what is not recorded is empty, because no text of a file is.
    text: Box<str>,
    items: Box<[Packed]>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Packed {
    /// Where each of the texts ends.
    ends: [u32; 6],
    due: Option<NaiveDate>,
    done_on: Option<NaiveDate>,
    progress: Progress,
}

/// An action item in small.
#[derive(Debug, Clone, Copy)]
pub struct ActionSummary<'a> {
    /// Its id.
    pub id: &'a str,
    /// What is to be done.
    pub action: &'a str,
    /// Who does it.
    pub owner: Option<&'a str>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// Where it stands.
    pub progress: Progress,
    /// When it was done.
    pub done_on: Option<NaiveDate>,
    /// How urgent it is.
    pub priority: Option<&'a str>,
    /// What it does.
    pub purpose: Option<&'a str>,
    /// Its ticket.
    pub url: Option<&'a str>,
}

impl Actions {
    /// Takes the action items of an incident.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        let items = &record.incident.action_items;
        let ids = (0..items.len()).map(|place| record.action_id(place));
        let ids: Vec<String> = ids.collect();
        let all = items.iter().zip(&ids).map(|(item, id)| ActionSummary {
            id,
            action: &item.action,
            owner: item.owner.as_deref(),
            due: item.due.map(|day| day.0),
            progress: item.status.unwrap_or(Progress::Planned),
            done_on: item.done_on.map(|day| day.0),
            priority: item.priority.as_deref(),
            purpose: item.purpose.as_deref(),
            url: item.url.as_deref(),
        });
        all.collect()
    }

    /// Gives the one at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<ActionSummary<'_>> {
        let item = self.items.get(place)?;
        let before = place.checked_sub(1).and_then(|place| self.items.get(place));
        let mut start = before.map_or(0, |before| before.ends[5]);
        let texts = item.ends.map(|end| {
            let text = self.text.get(start as usize..end as usize);
            start = end;
            text.filter(|text| !text.is_empty())
        });
        let [id, action, owner, priority, purpose, url] = texts;
        Some(ActionSummary {
            id: id.unwrap_or_default(),
            action: action.unwrap_or_default(),
            owner,
            due: item.due,
            progress: item.progress,
            done_on: item.done_on,
            priority,
            purpose,
            url,
        })
    }

    /// Lists them.
    pub fn iter(&self) -> impl Iterator<Item = ActionSummary<'_>> {
        (0..self.items.len()).filter_map(|place| self.get(place))
    }
}

impl<'a> FromIterator<ActionSummary<'a>> for Actions {
    fn from_iter<T: IntoIterator<Item = ActionSummary<'a>>>(all: T) -> Self {
        let mut text = String::new();
        let items = all.into_iter().map(|item| {
            let texts = [
                Some(item.id),
                Some(item.action),
                item.owner,
                item.priority,
                item.purpose,
                item.url,
            ];
            Packed {
                ends: texts.map(|part| {
                    text.push_str(part.unwrap_or_default());
                    // A file is far smaller than this.
                    u32::try_from(text.len()).unwrap_or(u32::MAX)
                }),
                due: item.due,
                done_on: item.done_on,
                progress: item.progress,
            }
        });
        let items = items.collect();
        Self {
            text: text.into_boxed_str(),
            items,
        }
    }
}

impl ActionSummary<'_> {
    /// Says whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.progress, Progress::Planned | Progress::InProgress)
    }

    /// Says whether it is still to be done, and was to be done before a day.
    #[must_use]
    pub fn is_overdue(&self, as_of: NaiveDate) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < as_of)
    }

    /// Says whether it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.progress == Progress::Done
    }
}
