//! Datadog: incidents (API version 2, also with the older camel-case keys) and events (versions 1 and 2).

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::{EventKind, Mark};

/// Datadog.
pub const IMPORTER: Importer = Importer {
    name: "Datadog",
    prefix: "datadog",
    shape: "`attributes` with `detected` or `customer_impacted`, `date_happened` with `title`, or `attributes` with `timestamp` and `message`",
    recognizes: |item| is_incident(item) || is_event(item) || is_event_2(item),
    read: |item, reading| {
        if is_incident(item) {
            incident(item, reading);
        } else {
            event(item, reading);
        }
    },
    ..PLAIN
};

fn is_incident(item: Item) -> bool {
    item.get("attributes").is_some_and(|attributes| {
        let keys = [
            "customer_impacted",
            "customerImpacted",
            "customer_impact_scope",
            "customerImpactScope",
            "detected",
        ];
        attributes.has("title") && keys.iter().any(|key| attributes.has_key(key))
    })
}

fn is_event(item: Item) -> bool {
    item.has("date_happened") && item.has("title")
}

fn is_event_2(item: Item) -> bool {
    item.has("attributes.timestamp") && item.has("attributes.message")
}

/// The times of an incident: its keys, the text and the mark.
const TIMES: &[(&[&str], &str, Mark)] = &[
    (
        &["customer_impact_start", "customerImpactStart"],
        "Customer impact started",
        Mark::ImpactStarted,
    ),
    (&["detected"], "Incident detected", Mark::Detected),
    (
        &["declared", "created"],
        "Incident declared",
        Mark::Declared,
    ),
    (
        &["customer_impact_end", "customerImpactEnd"],
        "Customer impact ended",
        Mark::ImpactEnded,
    ),
    (&["resolved"], "Incident resolved", Mark::Resolved),
];

fn incident(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    let Some(attributes) = item.get("attributes") else {
        return;
    };
    let title = attributes.text("title");
    reading.group = title.map(str::to_owned);
    for (keys, text, mark) in TIMES {
        if !keys.iter().any(|key| attributes.has(key)) {
            continue;
        }
        let at = reading.time(attributes, keys);
        let part = keys.first().copied().unwrap_or_default();
        reading.add(
            at,
            Markup::Plain(super::labelled(text, title)),
            |at, text| {
                Draft::new(format!("{id}:{part}"), at, EventKind::Note, text)
                    .stating(Some(*mark))
                    .by_system("Datadog")
            },
        );
    }
}

fn event(item: Item, reading: &mut Reading) {
    let inner = item.get("attributes").unwrap_or(item);
    let title = inner
        .first(&["title", "attributes.title", "message"])
        .unwrap_or_default();
    let text = inner.text("text").map(|text| {
        text.trim()
            .trim_start_matches("%%%")
            .trim_end_matches("%%%")
            .trim()
    });
    let tags: Vec<&str> = inner
        .list("tags")
        .filter_map(|tag| tag.0.as_str())
        .collect();
    let is_deploy = is_deploy_title(title) || tags.iter().any(|tag| is_deploy_tag(tag));
    let level = inner
        .first(&["alert_type", "attributes.evt.type", "status"])
        .unwrap_or_default();
    let kind = match level {
        "error" | "warning" | "warn" => EventKind::Alert,
        _ if is_deploy => EventKind::Deploy,
        "success" => EventKind::Monitoring,
        _ => EventKind::Note,
    };
    let id = item.word("id").or_else(|| inner.word("evt.id"));
    let at = reading.time(inner, &["date_happened", "timestamp"]);
    reading.add(
        at,
        Markup::Markdown(super::labelled(title, text.filter(|text| *text != title))),
        |at, text| {
            Draft::new(format!("event:{}", id.unwrap_or_default()), at, kind, text)
                .by_system("Datadog")
                .at_url(inner.text("url"))
                .marking_first()
        },
    );
}

/// Returns `true` for a tag such as `event:deployment`; `kube_deployment:checkout` only says where something runs.
fn is_deploy_tag(tag: &str) -> bool {
    let (key, value) = tag.split_once(':').unwrap_or(("event", tag));
    let is_value = ["deploy", "deployed", "deployment", "release"]
        .iter()
        .any(|name| value.trim().eq_ignore_ascii_case(name));
    let keys = [
        "action",
        "category",
        "change",
        "event",
        "event_type",
        "kind",
        "type",
    ];
    is_value
        && keys
            .iter()
            .any(|name| key.trim().eq_ignore_ascii_case(name))
}

/// Returns `true` for a title that says that something was deployed, not that of a monitor: `[Triggered] …`.
fn is_deploy_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let is_deploy = |word: &str| {
        word.trim_matches(|c: char| !c.is_alphabetic())
            .starts_with("deploy")
    };
    if lower.starts_with('[') {
        return lower.split(']').next().is_some_and(is_deploy);
    }
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_denied = words
        .iter()
        .any(|word| ["no", "not", "never", "cannot", "without"].contains(word));
    !is_denied && words.into_iter().any(is_deploy)
}
