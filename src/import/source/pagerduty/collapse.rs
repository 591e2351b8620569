//! Combines what PagerDuty records several times.

use std::cmp::min_by_key;

use chrono::TimeDelta;

use crate::import::source::merge::Placed;
use crate::import::source::{Draft, Markup};
use crate::kind::Line;
use crate::moment::Moment;
use crate::timeline::EventKind;

/// The time within which several notifications of a person are one page.
const ONE_PAGE: TimeDelta = TimeDelta::seconds(60);

/// Combines the notifications of one page, and a note with the log entry of the same second.
pub(super) fn collapse(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        let same = kept.iter_mut().rev().take(20).find(|other| {
            let (other_group, one) = (&other.group, Record::from(&**other));
            let two = Record::from(&draft);
            (one.person().is_none() || *other_group == draft.group) && one.is_same(&two)
        });
        match same {
            Some(other) => join(other, draft),
            None => kept.push(draft),
        }
    }
    kept
}

/// Completes a page or a note by the event of a timeline that records the same.
pub(super) fn complete(placed: &mut Placed, there: &Placed) -> bool {
    let (old, new) = (Record::from(there), Record::from(&*placed));
    if !old.is_same(&new) {
        return false;
    }
    if let Some(text) = old.page_of_both(&new) {
        placed.at = min_by_key(there.at, placed.at, |at| at.at);
        placed.event.text = Line::new(text).unwrap_or_else(|_| there.event.text.clone());
    } else if !old.announces() {
        placed.at = there.at;
        placed.event.text = there.event.text.clone();
        placed.event.body = there.event.body.clone();
    }
    true
}

/// Returns the URL of an incident from that of one of its log entries.
fn incident(url: &str) -> &str {
    url.split("/log_entries").next().unwrap_or(url)
}

/// What a record says, new or in a timeline.
struct Record<'a> {
    id: &'a str,
    at: Moment,
    kind: EventKind,
    /// The URL of the incident.
    incident: Option<&'a str>,
    actor: Option<&'a str>,
    text: &'a str,
}

impl<'a> From<&'a Draft> for Record<'a> {
    fn from(draft: &'a Draft) -> Self {
        let (Markup::Plain(text) | Markup::Html(text) | Markup::Markdown(text)) = &draft.text;
        Self {
            id: &draft.id,
            at: draft.at,
            kind: draft.kind,
            incident: draft.url.as_deref().map(incident),
            actor: draft.actor.first().map(String::as_str),
            text: text.trim(),
        }
    }
}

impl<'a> From<&'a Placed> for Record<'a> {
    fn from(placed: &'a Placed) -> Self {
        let event = &placed.event;
        Self {
            id: event.id.as_deref().map_or("", |id| id),
            at: placed.at,
            kind: event.kind,
            incident: event.url.as_deref().map(incident),
            actor: event.actor.as_deref(),
            text: event.body.as_deref().map_or(&*event.text, str::trim),
        }
    }
}

impl<'a> Record<'a> {
    /// Returns `true` if another record is of the same page, or one of the two tells of the note that is the other.
    fn is_same(&self, other: &Self) -> bool {
        match (self.person(), other.person()) {
            (Some(one), Some(two)) => {
                let is_other = |(one, two)| one != two;
                one == two
                    && !self.incident.zip(other.incident).is_some_and(is_other)
                    && (other.at.at - self.at.at).abs() <= ONE_PAGE
            }
            (None, None) => {
                let is_note = |record: &Self| record.kind == EventKind::Note;
                let is_told = match (self.announces(), other.announces()) {
                    (false, false) => self.text == other.text,
                    (one, two) => one != two,
                };
                is_told
                    && is_note(self)
                    && is_note(other)
                    && self.id != other.id
                    && self.at.is_same(&other.at)
                    && self.actor == other.actor
            }
            _ => false,
        }
    }

    /// Returns `true` for a log entry that only says that a note was added.
    fn announces(&self) -> bool {
        self.text.ends_with(" added a note")
    }

    /// Returns the person of `Paged NAME (sms)`.
    fn person(&self) -> Option<&'a str> {
        let told = self.text.strip_prefix("Paged ")?;
        let who = told.split_once(" (").map_or(told, |(who, _)| who);
        (self.kind == EventKind::Page).then_some(who)
    }

    /// Returns the ways of `Paged NAME (sms, email)`.
    fn ways(&self) -> impl Iterator<Item = &'a str> {
        let ways = self.text.split_once(" (");
        let ways = ways.and_then(|(_, ways)| ways.strip_suffix(')'));
        ways.into_iter().flat_map(|ways| ways.split(", "))
    }

    /// Returns the text of a page with the ways of another record of it.
    fn page_of_both(&self, other: &Self) -> Option<String> {
        let who = self.person()?;
        let mut ways: Vec<&str> = Vec::new();
        for way in self.ways().chain(other.ways()) {
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        Some(if ways.is_empty() {
            format!("Paged {who}")
        } else {
            format!("Paged {who} ({})", ways.join(", "))
        })
    }
}

fn join(kept: &mut Draft, mut other: Draft) {
    let (one, two) = (Record::from(&*kept), Record::from(&other));
    let page = one.page_of_both(&two);
    let says_more = !two.announces();
    if let Some(text) = page {
        kept.text = Markup::Plain(text);
    } else if says_more {
        // The note says more than the entry that announces it.
        std::mem::swap(kept, &mut other);
    }
    kept.url = kept.url.take().or(other.url);
    kept.also.push(other.id);
    kept.also.extend(other.also);
}
