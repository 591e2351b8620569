//! Opsgenie: alerts and their logs and notes, incidents with timelines, and webhooks.

use chrono::TimeDelta;

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, labelled, words};
use crate::moment::Moment;
use crate::timeline::{EventKind, Mark};

/// Opsgenie.
pub const IMPORTER: Importer = Importer {
    name: "Opsgenie",
    prefix: "opsgenie",
    shape: "`log` with `createdAt`, `eventTime` with `title`, `tinyId` with `createdAt`, or `action` with `alert.alertId`",
    recognizes: |item| {
        is_log(item)
            || is_note(item)
            || is_entry(item)
            || is_incident(item)
            || is_alert(item)
            || is_webhook(item)
    },
    read: |item, reading| {
        if is_log(item) || is_note(item) {
            log(item, reading);
        } else if is_entry(item) {
            entry(item, reading);
        } else if is_incident(item) {
            reading.group = item.first(&["message", "id"]).map(str::to_owned);
            for found in item
                .list("timelines")
                .chain(item.list("entries"))
                .filter(|found| is_entry(*found))
            {
                entry(found, reading);
            }
        } else if is_webhook(item) {
            webhook(item, reading);
        } else {
            alert(item, reading);
        }
    },
    ..PLAIN
};

fn is_log(item: Item) -> bool {
    item.has("log") && item.has("createdAt")
}

fn is_note(item: Item) -> bool {
    item.has("note") && item.has("createdAt") && item.has_key("owner")
}

fn is_entry(item: Item) -> bool {
    item.has("eventTime") && item.has("type") && item.has("title")
}

fn is_incident(item: Item) -> bool {
    ["timelines", "entries"]
        .iter()
        .any(|path| item.list(path).any(is_entry))
}

fn is_alert(item: Item) -> bool {
    item.has("tinyId") && item.has("createdAt") && item.has("message")
}

fn is_webhook(item: Item) -> bool {
    item.has("action") && item.has("alert.alertId")
}

fn marked(draft: Draft) -> Draft {
    let draft = draft.marking_first();
    match draft.kind {
        EventKind::Alert => draft.marking(
            Mark::Reopened,
            "the alert was created again after it was closed",
        ),
        EventKind::Closed => draft.marking(Mark::Resolved, "the alert was closed"),
        _ => draft,
    }
}

fn log(item: Item, reading: &mut Reading) {
    let text = item.first(&["log", "note"]).unwrap_or_default();
    let lower = text.to_lowercase();
    let kind = if item.has("note") || lower.starts_with("note") {
        EventKind::Note
    } else if lower.starts_with("alert created") {
        EventKind::Alert
    } else if lower.starts_with("sent ") && lower.contains("notification") {
        EventKind::Page
    } else if lower.contains("unacknowledged") {
        EventKind::Note
    } else if lower.contains("acknowledged") {
        EventKind::Ack
    } else if lower.contains("closed") {
        EventKind::Closed
    } else {
        EventKind::Note
    };
    // The owner of a notification is who was paged.
    let owner = item
        .text("owner")
        .filter(|owner| kind != EventKind::Page && !owner.eq_ignore_ascii_case("system"));
    // An offset such as `1614851236083_1614851236083000001` is unique; the time alone is not.
    let id = item.word("offset").or_else(|| item.word("id"));
    let id = id.unwrap_or_else(|| {
        super::alertmanager::short_digest(&format!("{:?}{text}", item.text("createdAt")))
    });
    let at = reading.time(item, &["createdAt"]);
    let is_reopened = lower.contains("reopened");
    let text = if kind == EventKind::Page {
        without_recipient(text)
    } else {
        text.to_owned()
    };
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(id, at, kind, text).marking_if(
            is_reopened,
            Mark::Reopened,
            "the alert was reopened",
        );
        marked(draft.by_or_system(owner, "Opsgenie"))
    });
}

/// Returns `Sent [SMS] notification to [49-1701234567]` without the address, which is private.
fn without_recipient(text: &str) -> String {
    let (sent, rest) = text.split_once(" to [").unwrap_or((text, ""));
    let after = rest.rsplit_once(']').map_or("", |(_, after)| after);
    sent.replace(['[', ']'], "") + after
}

fn entry(item: Item, reading: &mut Reading) {
    let of = item.text("type").unwrap_or_default();
    let (kind, mark) = match of {
        "IncidentOpened" => (
            EventKind::Alert,
            Some((Mark::Declared, "the incident was opened")),
        ),
        "IncidentResponderUserAdded" | "IncidentResponderTeamAdded" => (EventKind::Page, None),
        "ResponderAlertAcked" => (EventKind::Ack, None),
        "IncidentResolved" => (
            EventKind::Verified,
            Some((Mark::Resolved, "the incident was resolved")),
        ),
        "IncidentReopened" => (
            EventKind::Note,
            Some((Mark::Reopened, "the incident was reopened")),
        ),
        "IncidentClosed" => (
            EventKind::Closed,
            Some((Mark::Ended, "the incident was closed")),
        ),
        of if of.starts_with("StatusPage") => (EventKind::Communication, None),
        _ => (EventKind::Note, None),
    };
    let content = |path: &str| {
        item.text(path)
            .or_else(|| item.text(&format!("{path}.content")))
    };
    let text = labelled(
        content("title").unwrap_or(of),
        content("description")
            .map(super::clean::without_html)
            .as_deref(),
    );
    let actor = item
        .text("actor.name")
        .filter(|name| !name.eq_ignore_ascii_case("system"));
    let at = reading.time(item, &["eventTime"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(item.word("id").unwrap_or_default(), at, kind, text)
            .by_or_system(actor, "Opsgenie");
        let draft = match mark {
            Some((mark, reason)) => draft.marking(mark, reason),
            None if kind == EventKind::Page || kind == EventKind::Ack => marked(draft),
            None => draft,
        };
        draft.left_out_if(item.is_set("hidden"), "entries that Opsgenie hides")
    });
}

/// Adds an alert, and from its report when it was acknowledged and closed.
fn alert(item: Item, reading: &mut Reading) {
    let id = item
        .word("id")
        .or_else(|| item.word("tinyId"))
        .unwrap_or_default();
    let message = item.text("message").unwrap_or_default();
    let created = reading.time(item, &["createdAt"]);
    let after = |path: &str| -> Option<Moment> {
        let millis: i64 = item.word(path)?.parse().ok()?;
        let created = created?;
        let at = created
            .at
            .checked_add_signed(TimeDelta::try_milliseconds(millis)?)?;
        Some(Moment { at, ..created })
    };
    let parts = [
        (
            "created",
            EventKind::Alert,
            created,
            format!("Alert created: \"{message}\""),
            None,
        ),
        (
            "acknowledged",
            EventKind::Ack,
            after("report.ackTime"),
            "Alert acknowledged".to_owned(),
            item.text("report.acknowledgedBy"),
        ),
        (
            "closed",
            EventKind::Closed,
            after("report.closeTime"),
            "Alert closed".to_owned(),
            item.text("report.closedBy"),
        ),
    ];
    for (part, kind, at, text, who) in parts {
        if at.is_none() && kind != EventKind::Alert {
            continue;
        }
        reading.add(at, Markup::Plain(text), |at, text| {
            let draft = Draft::new(format!("{id}:{part}"), at, kind, text)
                .in_group(Some(message.to_owned()));
            marked(draft.by_or_system(who, item.text("source").unwrap_or("Opsgenie")))
        });
    }
}

fn webhook(item: Item, reading: &mut Reading) {
    let action = item.text("action").unwrap_or_default();
    let kind = match action {
        "Create" => EventKind::Alert,
        "Acknowledge" => EventKind::Ack,
        "AddRecipient" | "AddTeam" | "AssignOwnership" | "Escalate" | "EscalateNext" => {
            EventKind::Page
        }
        "Close" => EventKind::Closed,
        _ => EventKind::Note,
    };
    let message = item.text("alert.message").unwrap_or_default();
    let verb = match action {
        "Create" => "Alert created",
        "Acknowledge" => "Alert acknowledged",
        "UnAcknowledge" => "Alert unacknowledged",
        "Close" => "Alert closed",
        "Escalate" | "EscalateNext" => "Alert escalated",
        "Delete" => "Alert deleted",
        "AddRecipient" => "Recipient added",
        "AddTeam" => "Team added",
        "AddTags" => "Tags added",
        "RemoveTags" => "Tags removed",
        "AssignOwnership" => "Owner assigned",
        "TakeOwnership" => "Ownership taken",
        other => &words(other),
    };
    let text = match item.text("alert.note").filter(|_| action == "AddNote") {
        Some(note) => note.to_owned(),
        None => format!("{verb}: \"{message}\""),
    };
    // The time of the action is `updatedAt`, in nanoseconds; that of the alert `createdAt`, in milliseconds.
    let times: &[&str] = if action == "Create" {
        &["alert.createdAt", "alert.updatedAt"]
    } else {
        &["alert.updatedAt"]
    };
    let at = reading.time(item, times);
    let stamp = item.word("alert.updatedAt").unwrap_or_default();
    let id = format!(
        "{}:{action}:{stamp}",
        item.word("alert.alertId").unwrap_or_default()
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        let who = item.text("alert.username");
        let who = who.filter(|name| !name.eq_ignore_ascii_case("system"));
        let draft = Draft::new(id, at, kind, text).in_group(Some(message.to_owned()));
        marked(draft.by_or_system(who, item.text("source.name").unwrap_or("Opsgenie")))
    });
}
