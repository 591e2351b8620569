//! Earlier incidents that are like one: they share a tag and a service with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::audience::Audience;
use crate::facts::Summary;
use crate::incident::Kind;

/// How many a report names.
const MOST: usize = 5;
/// How far back a tag is looked through, so that a tag of everything costs little.
const FAR: usize = 200;

/// An earlier incident that is like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlikeView {
    /// Its id.
    pub id: String,
    /// What happened.
    pub title: String,
    /// The day it started.
    pub day: Option<String>,
    /// The tags and services that both have.
    pub shared: Vec<String>,
}

/// Finds what each incident may have been seen as before, by id, for an audience.
///
/// An incident that is like no earlier one has no entry.
#[must_use]
pub fn all(summaries: &[Summary], audience: Audience) -> BTreeMap<String, Vec<AlikeView>> {
    let counts = |summary: &&Summary| {
        audience.may_read(summary.audience)
            && matches!(summary.kind, Kind::Incident | Kind::NearMiss)
    };
    let mut dated: Vec<(DateTime<Utc>, &Summary)> = summaries
        .iter()
        .filter(counts)
        .filter_map(|summary| Some((summary.started?.at, summary)))
        .collect();
    dated.sort_by_key(|(at, summary)| (*at, summary.id.as_str()));
    let mut by_tag: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for (place, (_, summary)) in dated.iter().enumerate() {
        let mut earlier: BTreeSet<usize> = BTreeSet::new();
        for tag in &summary.tags {
            let tagged = by_tag.entry(tag).or_default();
            earlier.extend(tagged.iter().rev().take(FAR));
            tagged.push(place);
        }
        // The place itself is there when a tag is written twice.
        earlier.remove(&place);
        let mut alike: Vec<(Reverse<usize>, Reverse<usize>, AlikeView)> = earlier
            .into_iter()
            .filter_map(|other| {
                let (_, older) = dated.get(other)?;
                let shared = shared(summary, older)?;
                Some((
                    Reverse(shared.len()),
                    Reverse(other),
                    AlikeView::of(older, shared),
                ))
            })
            .collect();
        alike.sort_by_key(|(shared, place, _)| (*shared, *place));
        if !alike.is_empty() {
            let nearest = alike.into_iter().take(MOST).map(|(_, _, view)| view);
            found.insert(summary.id.clone(), nearest.collect());
        }
    }
    found
}

/// Gives the tags and services that two incidents share, where they share some of each.
fn shared(summary: &Summary, older: &Summary) -> Option<Vec<String>> {
    let both = |names: &[String], others: &[String]| -> Vec<String> {
        let both = names.iter().filter(|name| others.contains(name));
        both.cloned().collect()
    };
    let services = both(&summary.services, &older.services);
    let tags = both(&summary.tags, &older.tags);
    let some = !services.is_empty() && !tags.is_empty();
    some.then(|| [tags, services].concat())
}

impl AlikeView {
    fn of(older: &Summary, shared: Vec<String>) -> Self {
        Self {
            id: older.id.clone(),
            title: older.title.clone(),
            day: older.day.map(|day| day.to_string()),
            shared,
        }
    }
}
