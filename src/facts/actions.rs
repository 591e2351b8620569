//! The action items of an incident, in compact form.
//!
//! A large archive has very many of them. What lists sort and group them by is kept for each, and the texts of one incident
//! share one allocation; the other texts are among the [`SummaryTexts`](super::SummaryTexts).

use std::borrow::Cow;

use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use crate::archive::Record;
use crate::incident::{ActionItem, Progress};

/// The action items of an incident, in the order of its file, without their texts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Actions {
    /// The IDs and owners, one after another.
    text: Box<str>,
    items: Box<[Packed]>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Packed {
    /// The offset at which each of the texts ends.
    ends: [u32; 2],
    due: Option<NaiveDate>,
    done_on: Option<NaiveDate>,
    progress: Progress,
}

/// An action item.
#[derive(Debug, Clone, Copy)]
pub struct ActionSummary<'a> {
    /// The ID.
    pub id: &'a str,
    /// The owners, one per line; empty if it has none.
    pub owner_lines: &'a str,
    /// The due date.
    pub due: Option<NaiveDate>,
    /// The status.
    pub progress: Progress,
    /// The date of completion.
    pub done_on: Option<NaiveDate>,
}

/// The texts of an action item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionTexts {
    /// The work to be done.
    pub action: String,
    /// The priority.
    pub priority: Option<String>,
    /// The purpose.
    pub purpose: Option<String>,
    /// The URL of the ticket.
    pub url: Option<String>,
}

impl From<&ActionItem> for ActionTexts {
    fn from(item: &ActionItem) -> Self {
        Self {
            action: item.action.to_string(),
            priority: item.priority.as_deref().map(str::to_owned),
            purpose: item.purpose.as_deref().map(str::to_owned),
            url: item.url.as_deref().map(str::to_owned),
        }
    }
}

impl Actions {
    /// Collects the action items of an incident.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        let items = &record.incident.action_items;
        let ids = (0..items.len()).map(|index| record.action_id(index));
        let ids: Vec<String> = ids.collect();
        let owners = items.iter().zip(&ids).map(|(item, id)| {
            let owners = item.owners().into_iter();
            // Different owners may be redacted to the same text, so lists must not join their items.
            let apart = owners.map(|owner| {
                if record.is_own(owner) {
                    Cow::Borrowed(owner)
                } else {
                    Cow::Owned(format!("{owner} ({id})"))
                }
            });
            packed(apart.collect())
        });
        let owners: Vec<Cow<str>> = owners.collect();
        let all = items.iter().zip(&ids).zip(&owners);
        let all = all.map(|((item, id), owners)| ActionSummary {
            id,
            owner_lines: owners,
            due: item.due.map(|day| day.0),
            progress: item.progress(),
            done_on: item.done_on.map(|day| day.0),
        });
        all.collect()
    }

    /// Returns the action item at an index, or `None`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<ActionSummary<'_>> {
        let item = self.items.get(index)?;
        let before = index.checked_sub(1).and_then(|index| self.items.get(index));
        let mut start = before.map_or(0, |before| before.ends[1]);
        let texts = item.ends.map(|end| {
            let text = self.text.get(start as usize..end as usize);
            start = end;
            text.unwrap_or_default()
        });
        let [id, owner_lines] = texts;
        Some(ActionSummary {
            id,
            owner_lines,
            due: item.due,
            progress: item.progress,
            done_on: item.done_on,
        })
    }

    /// Returns the action items in order.
    pub fn iter(&self) -> impl Iterator<Item = ActionSummary<'_>> {
        (0..self.items.len()).filter_map(|index| self.get(index))
    }
}

impl<'a> FromIterator<ActionSummary<'a>> for Actions {
    fn from_iter<T: IntoIterator<Item = ActionSummary<'a>>>(all: T) -> Self {
        let mut text = String::new();
        let items = all.into_iter().map(|item| {
            Packed {
                ends: [item.id, item.owner_lines].map(|part| {
                    text.push_str(part);
                    // A file is limited to far less than `u32::MAX` bytes.
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

/// Joins the owners of an action item, none of which has a line break.
fn packed(mut owners: Vec<Cow<'_, str>>) -> Cow<'_, str> {
    match owners.len() {
        0 | 1 => owners.pop().unwrap_or_default(),
        _ => Cow::Owned(owners.join("\n")),
    }
}

impl<'a> ActionSummary<'a> {
    /// Returns the owners, in the order of the file.
    pub fn owners(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.owner_lines.lines()
    }

    /// Returns `true` if it is open: neither done nor cancelled.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.progress.is_open()
    }

    /// Returns `true` if it is open and was due before a date.
    #[must_use]
    pub fn is_overdue(&self, as_of: NaiveDate) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < as_of)
    }

    /// Returns `true` if it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.progress == Progress::Done
    }
}
