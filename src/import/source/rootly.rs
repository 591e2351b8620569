//! Rootly: timeline events (API and webhook), and the times of incidents.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::{EventKind, Mark};

/// Rootly.
pub const IMPORTER: Importer = Importer {
    name: "Rootly",
    prefix: "rootly",
    shape: "`event` with `occurred_at`, or `attributes` with `event` or `started_at` and `mitigated_at`",
    recognizes: |item| {
        is_event(item)
            || item
                .get("attributes")
                .is_some_and(|attributes| is_event(attributes) || is_incident(attributes))
    },
    read: |item, reading| {
        let id = item
            .word("id")
            .or_else(|| item.word("event_id"))
            .unwrap_or_default();
        let attributes = item.get("attributes").unwrap_or(item);
        if is_event(attributes) {
            event(attributes, item.word("event_id").unwrap_or(id), reading);
        } else {
            incident(attributes, &id, reading);
        }
    },
    ..PLAIN
};

fn is_event(item: Item) -> bool {
    item.text("event").is_some() && item.has("occurred_at") && item.has_key("visibility")
}

fn is_incident(item: Item) -> bool {
    item.has_key("started_at") && item.has_key("mitigated_at") && item.has_key("acknowledged_at")
}

fn event(item: Item, id: String, reading: &mut Reading) {
    let at = reading.time(item, &["occurred_at"]);
    let written = reading.time(item, &["updated_at"]);
    let text = item.first(&["event_raw", "event"]).unwrap_or_default();
    reading.add(at, Markup::Html(text.to_owned()), |at, text| {
        Draft::new(id, at, EventKind::Note, text)
            .by([item.first(&["user.full_name", "user.name", "user_display_name"])])
            .with_id(item.first_word(&["user.id", "user_id"]))
            .written(written)
            .in_group(
                item.first(&["incident.title", "incident_id"])
                    .map(str::to_owned),
            )
    });
}

/// The times of an incident, and what each states.
const TIMES: &[(&str, &str, Option<Mark>)] = &[
    ("started_at", "Incident started", Some(Mark::Started)),
    ("in_triage_at", "Incident in triage", None),
    ("detected_at", "Incident detected", Some(Mark::Detected)),
    (
        "acknowledged_at",
        "Incident acknowledged",
        Some(Mark::Acknowledged),
    ),
    ("mitigated_at", "Incident mitigated", Some(Mark::Mitigated)),
    ("resolved_at", "Incident resolved", Some(Mark::Resolved)),
    (CANCELLED, "Incident cancelled", None),
];

const CANCELLED: &str = "cancelled_at";

fn incident(item: Item, id: &str, reading: &mut Reading) {
    reading.group = item.text("title").map(str::to_owned);
    for (key, text, mark) in TIMES {
        if !item.has(key) {
            continue;
        }
        let at = reading.time(item, &[key]);
        reading.add(at, Markup::Plain((*text).to_owned()), |at, text| {
            let kind = match *key {
                CANCELLED => EventKind::Closed,
                _ => EventKind::Note,
            };
            Draft::new(format!("{id}:{key}"), at, kind, text)
                .stating(*mark)
                .by_system("Rootly")
                .at_url(item.text("url"))
        });
    }
}
