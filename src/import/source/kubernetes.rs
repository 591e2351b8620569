//! Kubernetes: events of `kubectl get events -o json`, of both API groups.
//!
//! Only warnings and changes of scale are kept by default, and the same warning of one workload is one event.

use std::cmp::{max_by_key, min_by_key};
use std::collections::BTreeMap;

use super::alertmanager::short_digest;
use super::merge::Placed;
use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::{Event, EventKind};

/// Kubernetes.
pub const IMPORTER: Importer = Importer {
    name: "Kubernetes",
    prefix: "kubernetes",
    shape: "`involvedObject` or `regarding` with `reason`, or `type` `Normal` or `Warning` with `reason` and `message`",
    recognizes: |item| {
        let is_typed = item.is("type", "Normal") || item.is("type", "Warning");
        let is_compact = is_typed && item.has_key("message") && item.has_key("lastTimestamp");
        item.has("reason") && (item.has("involvedObject") || item.has("regarding") || is_compact)
    },
    read,
    collapse,
    complete: Some(complete),
    ..PLAIN
};

/// Reasons that show harm even as normal events, or by their name.
const HARM: &[&str] = &[
    "BackOff",
    "BackoffLimitExceeded",
    "Evicted",
    "NodeNotReady",
    "OOMKilling",
    "SystemOOM",
    "Unhealthy",
];

/// Normal events that change something.
const CHANGES: &[&str] = &["ScalingReplicaSet", "SuccessfulRescale"];

fn read(item: Item, reading: &mut Reading) {
    let reason = item.text("reason").unwrap_or_default();
    let object = item.get("involvedObject").or_else(|| item.get("regarding"));
    let name = object.and_then(|object| object.text("name"));
    let object_kind = object.and_then(|object| object.text("kind"));
    let namespace = object
        .and_then(|object| object.text("namespace"))
        .or_else(|| item.first(&["metadata.namespace", "namespace"]));
    let message = item.first(&["message", "note"]).unwrap_or_default();
    let is_harm = HARM.contains(&reason) || reason.starts_with("Failed");
    let is_change = CHANGES.contains(&reason);
    let kind = match () {
        () if is_harm => EventKind::Alert,
        () if is_change => EventKind::Action,
        () => EventKind::Note,
    };
    let first = [
        "firstTimestamp",
        "deprecatedFirstTimestamp",
        "eventTime",
        "lastTimestamp",
        "deprecatedLastTimestamp",
        "metadata.creationTimestamp",
    ];
    let last = [
        "series.lastObservedTime",
        "lastTimestamp",
        "deprecatedLastTimestamp",
    ];
    let at = reading.time(item, &first);
    let reason_without_time = reading.reason;
    let count = ["count", "deprecatedCount", "series.count"]
        .iter()
        .find_map(|path| item.word(path)?.parse::<u64>().ok());
    let until = reading
        .time(item, &last)
        .filter(|end| at.is_some_and(|at| at.at < end.at));
    reading.reason = reason_without_time;
    let subject = match (object_kind, name) {
        (Some(kind), Some(name)) => format!("{kind} {name}"),
        (_, name) => name.or(namespace).unwrap_or_default().to_owned(),
    };
    let text = super::labelled(format!("{reason} {subject}").trim(), Some(message));
    let workload = format!(
        "{}/{}/{}",
        namespace.unwrap_or_default(),
        object_kind.unwrap_or_default(),
        workload(name.unwrap_or_default())
    );
    let id = item
        .word("metadata.uid")
        .or_else(|| item.word("metadata.name"));
    let id = id.unwrap_or_else(|| {
        short_digest(&format!(
            "{workload}{reason}{message}{:?}",
            at.map(|at| at.at)
        ))
    });
    let component = item.first(&[
        "source.component",
        "reportingComponent",
        "reportingController",
    ]);
    let is_warning = item.is("type", "Warning");
    reading.add(at, Markup::Plain(text), |at, text| {
        let mut draft = Draft::new(id, at, kind, text)
            .by_system(component.unwrap_or("Kubernetes"))
            .in_group(Some(format!(
                "{workload}:{reason}:{}",
                short_digest(&unnumbered(message))
            )))
            .left_out_if(!is_warning && !is_harm && !is_change, "normal events");
        draft.until = until;
        // The number travels in the links until equal events are combined.
        draft.links = count
            .filter(|count| *count > 1)
            .map(|count| (COUNT.to_owned(), count.to_string()))
            .into_iter()
            .collect();
        draft
    });
}

/// Returns the words of a message without those that differ from Pod to Pod: names, addresses and numbers.
fn unnumbered(message: &str) -> String {
    let is_plain = |word: &&str| !word.contains(|c: char| c.is_ascii_digit());
    let words = message.split_whitespace().filter(is_plain);
    words.collect::<Vec<_>>().join(" ")
}

/// The title of the link that holds the number of times that an event occurred.
const COUNT: &str = "count";

/// Returns the name without what a ReplicaSet and a Pod append to that of their workload.
fn workload(name: &str) -> &str {
    let mut name = name;
    for length in [5..=5, 8..=10] {
        if let Some((rest, end)) = name.rsplit_once('-') {
            let is_random = end
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
            if length.contains(&end.len())
                && is_random
                && end
                    .bytes()
                    .any(|byte| byte.is_ascii_digit() || !b"aeiou".contains(&byte))
            {
                name = rest;
            }
        }
    }
    name
}

/// Combines the same warnings of one workload, and states how often they occurred.
///
/// Their ID is that of all of them, so that a later export, in which the first ones have expired, adds to the same event.
/// Changes stay apart: each scales something else. Several exports of one event count as its last.
fn collapse(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<(Draft, BTreeMap<String, u64>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for mut draft in drafts {
        let count = draft
            .links
            .pop()
            .and_then(|(_, count)| count.parse().ok())
            .unwrap_or(1);
        let group = draft.group.take().unwrap_or_default();
        let is_combined = draft.left_out.is_none() && draft.kind != EventKind::Action;
        let key = if is_combined { group } else { draft.id.clone() };
        let place = *places.entry(key.clone()).or_insert(kept.len());
        let Some((first, counts)) = kept.get_mut(place) else {
            let own = std::mem::replace(&mut draft.id, key);
            kept.push((draft, BTreeMap::from([(own, count)])));
            continue;
        };
        let most = counts.entry(draft.id.clone()).or_default();
        *most = count.max(*most);
        let end = max_by_key(
            first.until.unwrap_or(first.at),
            draft.until.unwrap_or(draft.at),
            |end| end.at,
        );
        first.at = min_by_key(first.at, draft.at, |at| at.at);
        first.until = Some(end).filter(|end| end.at > first.at.at);
        first.also.push(draft.id);
    }
    kept.into_iter()
        .map(|(mut draft, counts)| {
            let count = counts.into_values().fold(0, u64::saturating_add);
            if let (Markup::Plain(text), 2..) = (&mut draft.text, count) {
                text.push_str(&format!(" (×{count})"));
            }
            draft
        })
        .collect()
}

/// Completes an event by what an earlier export says of it: the longer time, and the higher count.
fn complete(placed: &mut Placed, there: &Placed) -> bool {
    if placed.event.id != there.event.id {
        return false;
    }
    let end = |placed: &Placed| placed.until.unwrap_or(placed.at);
    let end = max_by_key(end(there), end(placed), |end| end.at);
    placed.at = min_by_key(there.at, placed.at, |at| at.at);
    placed.until = Some(end).filter(|end| end.at > placed.at.at);
    if times(&there.event) >= times(&placed.event) {
        placed.event.text = there.event.text.clone();
        placed.event.body = there.event.body.clone();
    }
    true
}

/// Returns how often an event occurred, as its text or its body says: `BackOff Pod api (×11)`.
fn times(event: &Event) -> u64 {
    let texts = [Some(&*event.text), event.body.as_deref()];
    let counts = texts.into_iter().flatten().filter_map(|text| {
        let (_, count) = text.trim_end().rsplit_once(" (×")?;
        count.strip_suffix(')')?.parse().ok()
    });
    counts.max().unwrap_or(1)
}
