//! The webhooks of PagerDuty: one event each, of an incident.

use super::{acted, done, entry, group, is_entry, kind, marked, without_number};
use crate::facts::capitalized;
use crate::import::source::{Draft, Item, Markup, Reading, labelled};
use crate::timeline::EventKind;

/// Adds the event of a webhook of version 3.
pub(super) fn webhook(item: Item, reading: &mut Reading) {
    let of = item
        .text("event_type")
        .unwrap_or_default()
        .trim_start_matches("incident.");
    let title = item
        .first(&["data.title", "data.incident.summary", "data.summary"])
        .map(without_number);
    let names = |list: &str| -> Vec<&str> {
        item.list(list)
            .filter_map(|who| who.text("summary"))
            .collect()
    };
    let who = item
        .text("data.user.summary")
        .or_else(|| item.text("data.escalation_policy.summary"));
    let (kind, text) = match of {
        "triggered" => (EventKind::Alert, labelled("Incident triggered", title)),
        "acknowledged" => (EventKind::Ack, labelled("Incident acknowledged", title)),
        "resolved" => (EventKind::Closed, labelled("Incident resolved", title)),
        "annotated" => (
            EventKind::Note,
            item.text("data.content").unwrap_or("Note added").to_owned(),
        ),
        "status_update_published" => (
            EventKind::Communication,
            item.first(&["data.message", "data.content"])
                .unwrap_or("Status update published")
                .to_owned(),
        ),
        "responder.added" => {
            let label = format!("Requested help from {}", who.unwrap_or("a responder"));
            (EventKind::Page, labelled(&label, item.text("data.message")))
        }
        "responder.replied" => {
            let label = labelled("Responder replied", item.text("data.state"));
            (EventKind::Note, labelled(&label, item.text("data.message")))
        }
        "escalated" | "reassigned" | "delegated" => {
            let names = names("data.assignees");
            let to = if names.is_empty() {
                String::new()
            } else {
                format!(" to {}", names.join(", "))
            };
            (
                EventKind::Page,
                labelled(&format!("Incident {of}{to}"), title),
            )
        }
        "priority_updated" => (
            EventKind::Note,
            item.text("data.priority.summary").map_or_else(
                || "Priority removed".to_owned(),
                |priority| format!("Priority is now {priority}"),
            ),
        ),
        "pagey.ping" => (EventKind::Note, "Test of the webhook".to_owned()),
        "unacknowledged" | "reopened" | "merged" => {
            (kind(of), labelled(&format!("Incident {of}"), title))
        }
        other => (
            EventKind::Note,
            labelled(&capitalized(&other.replace(['.', '_'], " ")), title),
        ),
    };
    let at = reading.time(item, &["occurred_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(item.word("id").unwrap_or_default(), at, kind, text)
            .at_url(item.first(&["data.html_url", "data.incident.html_url"]))
            .in_group(group(
                item.get("data.incident").or_else(|| item.get("data")),
            ));
        let draft = acted(draft, item.get("agent"));
        marked(draft.left_out_if(of == "pagey.ping", "tests of a webhook"))
    });
}

/// Adds the log entries of a webhook of version 2, else the event that it names.
pub(super) fn old_webhook(item: Item, reading: &mut Reading) {
    let mut entries = item
        .list("log_entries")
        .filter(|found| is_entry(*found))
        .peekable();
    if entries.peek().is_some() {
        entries.for_each(|found| entry(found, reading));
        return;
    }
    let of = item
        .text("event")
        .unwrap_or_default()
        .trim_start_matches("incident.");
    let title = item.first(&["incident.title", "incident.description", "incident.summary"]);
    let text = labelled(&format!("Incident {}", done(of)), title);
    let at = reading.time(
        item,
        &[
            "created_on",
            "incident.last_status_change_at",
            "incident.created_at",
        ],
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(item.word("id").unwrap_or_default(), at, kind(of), text)
            .at_url(item.text("incident.html_url"))
            .in_group(group(item.get("incident")));
        marked(acted(draft, item.get("incident.last_status_change_by")))
    });
}
