//! Combines what PagerDuty records several times.

use chrono::TimeDelta;

use crate::import::source::{Draft, Markup};
use crate::timeline::EventKind;

/// The time within which several notifications of a person are one page.
const ONE_PAGE: TimeDelta = TimeDelta::seconds(60);

/// Combines the notifications of one page, and a note with the log entry of the same second.
pub(super) fn collapse(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    for draft in drafts {
        let same = kept.iter_mut().rev().take(20).find(|other| {
            let apart = draft.at.at - other.at.at;
            match (person_paged(other), person_paged(&draft)) {
                (Some(one), Some(two)) => {
                    one == two && other.group == draft.group && apart <= ONE_PAGE
                }
                (None, None) => {
                    is_announced_note(other, &draft) || is_announced_note(&draft, other)
                }
                _ => false,
            }
        });
        match same {
            Some(other) => join(other, draft),
            None => kept.push(draft),
        }
    }
    kept
}

/// Returns the person of `Paged NAME (sms)`.
fn person_paged(draft: &Draft) -> Option<&str> {
    let Markup::Plain(text) = &draft.text else {
        return None;
    };
    let told = text
        .strip_prefix("Paged ")
        .filter(|_| draft.kind == EventKind::Page)?;
    Some(told.split_once(" (").map_or(told, |(who, _)| who))
}

/// Returns `true` if a log entry says that a note was added, or what it says, and the other event is that note.
fn is_announced_note(entry: &Draft, note: &Draft) -> bool {
    let is_note = |draft: &Draft| draft.kind == EventKind::Note && draft.at.is_same(&note.at);
    let announces = matches!(&entry.text, Markup::Plain(text) if text.ends_with(" added a note"));
    let is_same = said(entry) == said(note);
    is_note(entry)
        && is_note(note)
        && entry.actor == note.actor
        && entry.id != note.id
        && announces != is_same
}

/// Returns the text without its markup's name.
fn said(draft: &Draft) -> &str {
    match &draft.text {
        Markup::Plain(text) | Markup::Html(text) | Markup::Markdown(text) => text.trim(),
    }
}

fn join(kept: &mut Draft, other: Draft) {
    if kept.kind == EventKind::Page {
        let way = |draft: &Draft| match &draft.text {
            Markup::Plain(text) => text
                .split_once(" (")
                .and_then(|(_, by)| by.strip_suffix(')'))
                .map(str::to_owned),
            _ => None,
        };
        let who = person_paged(kept).unwrap_or_default().to_owned();
        let mut ways: Vec<String> = way(kept)
            .into_iter()
            .flat_map(|ways| ways.split(", ").map(str::to_owned).collect::<Vec<_>>())
            .collect();
        ways.extend(way(&other).filter(|way| !ways.contains(way)));
        if !ways.is_empty() {
            kept.text = Markup::Plain(format!("Paged {who} ({})", ways.join(", ")));
        }
        kept.also.push(other.id);
        kept.also.extend(other.also);
        return;
    }
    // The note says more than the entry that announces it.
    if is_announced_note(kept, &other) {
        let entry = std::mem::replace(kept, other);
        kept.url = kept.url.take().or(entry.url);
        kept.also.push(entry.id);
    } else {
        kept.also.push(other.id);
        kept.url = kept.url.take().or(other.url);
    }
}
