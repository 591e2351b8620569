//! PagerDuty: log entries, notes, incidents, and webhooks of versions 2 and 3.
//!
//! A notification's `address` is a phone number or an email address and is never read.

use super::slack::Directory;
use super::{Draft, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::facts::capitalized;
use crate::moment::Moment;
use crate::timeline::{EventKind, Mark};

mod collapse;
mod webhook;

use collapse::{collapse, complete};
use webhook::{old_webhook, webhook};

/// PagerDuty.
pub const IMPORTER: Importer = Importer {
    name: "PagerDuty",
    prefix: "pagerduty",
    shape: "`log_entries`, `notes`, `incidents` with `incident_number`, or a webhook with `event.event_type`",
    recognizes: |item| {
        is_entry(item)
            || is_note(item)
            || is_incident(item)
            || is_event(item)
            || is_old_webhook(item)
    },
    read: |item, reading| {
        if is_entry(item) {
            entry(item, reading);
        } else if is_note(item) {
            note(item, reading);
        } else if is_incident(item) {
            incident(item, reading);
        } else if is_event(item) {
            webhook(
                item.get("event")
                    .filter(|event| event.has("event_type"))
                    .unwrap_or(item),
                reading,
            );
        } else {
            old_webhook(item, reading);
        }
    },
    collapse,
    complete: Some(complete),
    ..PLAIN
};

fn is_entry(item: Item) -> bool {
    item.text("type")
        .is_some_and(|kind| kind.ends_with("_log_entry"))
        && item.has_key("created_at")
}

fn is_note(item: Item) -> bool {
    item.has_key("content") && item.has("user") && item.has_key("created_at") && item.has("id")
}

fn is_incident(item: Item) -> bool {
    (item.has("incident_number") || item.is("type", "incident"))
        && item.has_key("created_at")
        && (item.has_key("urgency") || item.has("service") || item.has_key("assignments"))
}

fn is_event(item: Item) -> bool {
    let is_inner =
        |item: Item| item.has("event_type") && item.has("occurred_at") && item.has("data");
    is_inner(item) || item.get("event").is_some_and(is_inner)
}

fn is_old_webhook(item: Item) -> bool {
    item.text("event")
        .is_some_and(|event| event.starts_with("incident."))
        && item.has("incident")
        && (item.has("created_on")
            || item.has("log_entries")
            || item.has("incident.incident_number"))
}

/// Returns what a type of log entry says was done.
fn done(of: &str) -> String {
    let done = match of {
        "trigger" => "triggered",
        "acknowledge" => "acknowledged",
        "unacknowledge" => "unacknowledged",
        "resolve" => "resolved",
        "assign" => "assigned",
        "escalate" => "escalated",
        "delegate" => "delegated",
        "annotate" => "note added",
        "snooze" => "snoozed",
        other => other,
    };
    done.replace('_', " ")
}

/// What a type of log entry means.
fn kind(of: &str) -> EventKind {
    match of {
        "trigger" | "reopen" | "reopened" => EventKind::Alert,
        "acknowledge" => EventKind::Ack,
        "resolve" => EventKind::Closed,
        "status_update" => EventKind::Communication,
        "notify"
        | "assign"
        | "delegate"
        | "escalate"
        | "exhaust_escalation_path"
        | "repeat_escalation_path"
        | "responder_request" => EventKind::Page,
        _ => EventKind::Note,
    }
}

/// Sets who acted: a person, or the system that a reference names, else PagerDuty.
fn acted(draft: Draft, agent: Option<Item>) -> Draft {
    let is_user = agent.is_some_and(|agent| {
        agent
            .text("type")
            .is_none_or(|kind| kind.starts_with("user"))
    });
    let id = agent.and_then(|agent| agent.word("id"));
    match agent.and_then(|agent| agent.first(&["summary", "name"])) {
        Some(who) if is_user => draft.by([Some(who)]).with_id(id),
        Some(system) => draft.by_system(system),
        None => draft.by_system("PagerDuty"),
    }
}

/// Proposes the mark of a kind.
fn marked(draft: Draft) -> Draft {
    let draft = draft.marking_first();
    match draft.kind {
        EventKind::Alert => draft.marking(
            Mark::Reopened,
            "it was triggered again after it was resolved",
        ),
        EventKind::Closed => draft.marking(Mark::Resolved, "the page was resolved"),
        _ => draft,
    }
}

fn entry(item: Item, reading: &mut Reading) {
    let of = item
        .text("type")
        .unwrap_or_default()
        .trim_end_matches("_log_entry");
    let summary = item.text("summary").map_or_else(
        || capitalized(&done(of)),
        |text| text.trim_end_matches('.').to_owned(),
    );
    let texts = ["channel.content", "channel.summary", "note"];
    let text = match of {
        "trigger" => {
            let texts = [
                "event_details.description",
                "channel.details.description",
                "channel.summary",
                "channel.subject",
            ];
            let title = item
                .first(&texts)
                .or_else(|| item.text("incident.summary").map(without_number));
            labelled(&summary, title)
        }
        "notify" => paged(item, &summary, reading.directory),
        "annotate" => item.first(&texts).map_or(summary, str::to_owned),
        "resolve" => labelled(&summary, item.text("note")),
        _ => summary,
    };
    let at = reading.time(item, &["created_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(item.word("id").unwrap_or_default(), at, kind(of), text)
            .at_url(item.first(&["html_url", "incident.html_url"]))
            .in_group(group(item.get("incident")));
        let agent = item.get("agent").filter(|agent| agent.has("summary"));
        marked(match (agent, item.text("service.summary")) {
            (None, Some(service)) => draft.by_system(service),
            (agent, _) => acted(draft, agent),
        })
    });
}

/// Returns `[#3] Crash` without its number.
fn without_number(title: &str) -> &str {
    title
        .strip_prefix("[#")
        .and_then(|rest| rest.split_once("] "))
        .map_or(title, |(_, title)| title)
}

/// Describes a notification without its address: `Paged Sarah Mitchell (sms)`.
fn paged(item: Item, summary: &str, directory: &Directory) -> String {
    let told = summary.strip_prefix("Notified ").unwrap_or(summary);
    let (who, by) = told.rsplit_once(" by ").unwrap_or((told, ""));
    let id = item.text("user.id");
    let known = id
        .map(|id| directory.user(id))
        .filter(|name| Some(*name) != id);
    let who = known.or_else(|| item.text("user.summary")).unwrap_or(who);
    let by = item
        .first(&["channel.notification.type", "notification.type"])
        .unwrap_or(by);
    let by = by.trim_end_matches("_notification").replace('_', " ");
    if by.is_empty() {
        format!("Paged {who}")
    } else {
        format!("Paged {who} ({by})")
    }
}

fn note(item: Item, reading: &mut Reading) {
    let at = reading.time(item, &["created_at"]);
    let content = item.text("content").unwrap_or("Note without text");
    reading.add(at, Markup::Html(content.to_owned()), |at, text| {
        let id = item.word("id").unwrap_or_default();
        Draft::new(id, at, EventKind::Note, text)
            .by([item.first(&["user.summary", "user.name"])])
            .with_id(item.word("user.id"))
            .in_group(group(item.get("incident")))
    });
}

/// Returns the title of an incident, else its ID.
fn group(incident: Option<Item>) -> Option<String> {
    let incident = incident?;
    let title = incident
        .first(&["title", "summary"])
        .map(|title| without_number(title).to_owned());
    title.or_else(|| incident.word("id"))
}

/// Adds what an incident says of itself; its log entries, where they are there, say more.
fn incident(item: Item, reading: &mut Reading) {
    if item.list("log_entries").next().is_some() {
        for found in item.list("log_entries").filter(|found| is_entry(*found)) {
            entry(found, reading);
        }
        return;
    }
    let id = item
        .word("id")
        .or_else(|| item.word("incident_number"))
        .unwrap_or_default();
    let title = item
        .first(&["title", "summary", "description"])
        .map(without_number);
    let mut event = |part: &str, kind: EventKind, at: Option<Moment>, text: String, who| {
        reading.add(at, Markup::Plain(text), |at, text| {
            let draft = Draft::new(format!("{id}:{part}"), at, kind, text)
                .at_url(item.text("html_url"))
                .in_group(group(Some(item)));
            marked(match item.text("service.summary") {
                Some(service) if kind == EventKind::Alert => draft.by_system(service),
                _ => acted(draft, who),
            })
        });
    };
    let time = |item: Item, path: &str| {
        item.get(path)
            .and_then(|value| super::time::moment(value.0, None).ok())
    };
    event(
        "triggered",
        EventKind::Alert,
        time(item, "created_at"),
        labelled("Incident triggered", title),
        None,
    );
    for found in item.list("assignments") {
        let who = found.text("assignee.summary").unwrap_or("a responder");
        let part = format!("assigned:{}", found.word("assignee.id").unwrap_or_default());
        event(
            &part,
            EventKind::Page,
            time(found, "at"),
            format!("Assigned to {who}"),
            None,
        );
    }
    for found in item.list("acknowledgements") {
        let part = format!(
            "acknowledged:{}",
            found.word("acknowledger.id").unwrap_or_default()
        );
        event(
            &part,
            EventKind::Ack,
            time(found, "at"),
            "Incident acknowledged".to_owned(),
            found.get("acknowledger"),
        );
    }
    if item.is("status", "resolved") {
        let at = time(item, "resolved_at").or_else(|| time(item, "last_status_change_at"));
        event(
            "resolved",
            EventKind::Closed,
            at,
            "Incident resolved".to_owned(),
            item.get("last_status_change_by"),
        );
    }
}
