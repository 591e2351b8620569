//! incident.io: updates, and incidents with their timestamps.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::{EventKind, Mark};

/// incident.io.
pub const IMPORTER: Importer = Importer {
    name: "incident.io",
    prefix: "incident-io",
    shape: "`new_incident_status` with `incident_id`, `incident_timestamp_values`, or an escalation's `events` with `occurred_at`",
    recognizes: |item| {
        is_update(item)
            || item.has_list("incident_timestamp_values")
            || is_definition(item)
            || is_escalation(item)
    },
    read: |item, reading| {
        if is_update(item) {
            update(item, reading);
        } else if is_definition(item) {
            reading.note("incident.io's timestamp definitions have no times; export the incidents, `/v2/incidents`".to_owned());
        } else if is_escalation(item) {
            escalation(item, reading);
        } else {
            timestamps(item, reading);
        }
    },
    ..PLAIN
};

fn is_escalation(item: Item) -> bool {
    let is_step =
        |event: Item| event.has("event") && event.has("occurred_at") && event.has_list("users");
    item.has("id") && item.list("events").next().is_some_and(is_step)
}

fn escalation(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    let title = item.text("title");
    reading.group = title.map(str::to_owned);
    for step in item.list("events") {
        let name = step.text("event").unwrap_or_default();
        let kind = match name {
            "acked" | "acknowledged" => EventKind::Ack,
            "triggered" | "notified" | "escalated" => EventKind::Page,
            _ => EventKind::Note,
        };
        let names: Vec<&str> = step
            .list("users")
            .filter_map(|user| user.text("name"))
            .collect();
        let who = names.join(", ");
        let text = match kind {
            EventKind::Ack if !names.is_empty() => format!("Acknowledged by {who}"),
            EventKind::Page if !names.is_empty() => format!("Paged {who}"),
            _ => {
                let said = if names.is_empty() { title } else { Some(&*who) };
                super::labelled(&format!("Escalation {}", name.replace('_', " ")), said)
            }
        };
        let at = reading.time(step, &["occurred_at"]);
        let part = format!(
            "{id}:{name}:{}:{}",
            step.word("occurred_at").unwrap_or_default(),
            super::alertmanager::short_digest(&who)
        );
        reading.add(at, Markup::Plain(text), |at, text| {
            let draft = Draft::new(part, at, kind, text).at_url(item.text("permalink"));
            let draft = match kind {
                EventKind::Ack => draft.by(names.iter().map(|name| Some(*name))),
                _ => draft.by_system("incident.io"),
            };
            draft.marking_first()
        });
    }
}

fn is_update(item: Item) -> bool {
    item.has("incident_id")
        && item.has("created_at")
        && (item.has_key("new_incident_status") || item.has_key("updater"))
}

fn is_definition(item: Item) -> bool {
    item.has("rank")
        && item.text("name").is_some_and(|name| name.ends_with(" at"))
        && !item.has("value")
}

fn update(item: Item, reading: &mut Reading) {
    let status = item.text("new_incident_status.name");
    let category = item
        .text("new_incident_status.category")
        .unwrap_or_default();
    let severity = item.text("new_severity.name");
    let text = match (item.text("message"), status, severity) {
        (Some(message), Some(status), _) => format!("[{status}] {message}"),
        (Some(message), None, _) => message.to_owned(),
        (None, Some(status), Some(severity)) => format!("Status: {status}, severity: {severity}"),
        (None, Some(status), None) => format!("Status: {status}"),
        (None, None, Some(severity)) => format!("Severity: {severity}"),
        (None, None, None) => "Update without text".to_owned(),
    };
    let kind = if category == "closed" {
        EventKind::Closed
    } else {
        EventKind::Note
    };
    let at = reading.time(item, &["created_at"]);
    reading.add(at, Markup::Markdown(text), |at, text| {
        let names = [
            "updater.user.name",
            "updater.user.slack_user_id",
            "updater.user.email",
            "updater.api_key.name",
            "updater.workflow.name",
            "updater.alert.title",
        ];
        Draft::new(item.word("id").unwrap_or_default(), at, kind, text)
            .by(names.map(|path| item.text(path)))
            .with_id(item.word("updater.user.id"))
            .in_group(item.word("incident_id"))
            .marking_if(
                matches!(category, "live" | "active"),
                Mark::Reopened,
                "it was live again after it was closed",
            )
    });
}

/// The timestamps that state a milestone.
const TIMESTAMPS: &[(&str, &str, Mark)] = &[
    ("reported at", "Incident reported", Mark::Detected),
    ("accepted at", "Incident accepted", Mark::Acknowledged),
    ("impact started at", "Impact started", Mark::ImpactStarted),
    ("identified at", "Cause identified", Mark::Identified),
    ("fixed at", "Incident fixed", Mark::Mitigated),
    ("resolved at", "Incident resolved", Mark::Resolved),
    ("closed at", "Incident closed", Mark::Ended),
];

fn timestamps(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    reading.group = item.first(&["name", "reference"]).map(str::to_owned);
    for found in item.list("incident_timestamp_values") {
        let name = found.text("incident_timestamp.name").unwrap_or_default();
        // A timestamp that is not set yet.
        if !found.has("value") {
            continue;
        }
        let known = TIMESTAMPS
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name));
        let at = reading.time(found, &["value.value", "value"]);
        let own = name.strip_suffix(" at").unwrap_or(name);
        let text = known.map_or(own, |(_, text, _)| *text);
        reading.add(at, Markup::Plain(text.to_owned()), |at, text| {
            Draft::new(format!("{id}:{}", slug(name)), at, EventKind::Note, text)
                .stating(known.map(|(.., mark)| *mark))
                .at_url(item.text("permalink"))
        });
    }
}

/// Returns a name as a part of an ID: `Fixed at` is `fixed-at`.
fn slug(name: &str) -> String {
    let slug = |c: char| {
        if c.is_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    name.chars().map(slug).take(40).collect()
}
