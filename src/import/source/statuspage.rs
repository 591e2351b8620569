//! Status pages: Atlassian Statuspage (public API, manage API, webhooks), OpenStatus, and slack-status.com.
//!
//! What a status page says is public already, so its events and messages are. The time of an
//! update is `display_at`, the one that readers see; a page lags behind the events that it reports.

use super::{Draft, Extra, Importer, Item, Markup, PLAIN, Reading};
use crate::incident::Stage;
use crate::moment::Moment;
use crate::timeline::{EventKind, Mark};

/// Atlassian Statuspage, and OpenStatus.
pub const IMPORTER: Importer = Importer {
    name: "Statuspage",
    prefix: "statuspage",
    shape: "`incident_updates`, `component_update`, or `status_report` with `updates`",
    recognizes: |item| {
        is_page(item) || is_incident(item) || is_component(item) || is_open_status(item)
    },
    read: |item, reading| {
        if is_page(item) {
            page(item, reading);
        } else if is_component(item) {
            component(item, reading);
        } else if is_open_status(item) {
            open_status(item, reading);
        } else {
            incident(item, None, reading);
        }
    },
    ..PLAIN
};

/// The status page of Slack.
pub const SLACK_STATUS: Importer = Importer {
    name: "Slack Status",
    prefix: "slack-status",
    shape: "`date_created` with `notes` and `services`",
    recognizes: |item| item.has("date_created") && item.has_list("notes") && item.has("services"),
    read: |item, reading| {
        for found in item.list("notes") {
            let id = format!(
                "{}:{}",
                item.word("id").unwrap_or_default(),
                found.word("date_created").unwrap_or_default()
            );
            let update = Update {
                id,
                label: None,
                // Only the page's status is known, not that of each note.
                stage: None,
                body: found.text("body").unwrap_or_default(),
                page: Some("Slack"),
                url: item.text("url"),
                group: item.text("title"),
                written: None,
            };
            let at = reading.time(found, &["date_created"]);
            publish(at, update, reading);
        }
    },
    ..PLAIN
};

fn is_page(item: Item) -> bool {
    let has_incidents = |key: &str| item.list(key).any(is_incident);
    item.has("page")
        && (["incidents", "scheduled_maintenances"]
            .iter()
            .any(|key| has_incidents(key))
            || item.get("incident").is_some_and(is_incident))
}

fn is_incident(item: Item) -> bool {
    item.has_list("incident_updates") && (item.has("name") || item.has("status"))
}

fn is_component(item: Item) -> bool {
    item.has("component_update.new_status") && item.has("component")
}

fn is_open_status(item: Item) -> bool {
    let is_update =
        |update: Item| update.has("status") && update.has("date") && update.has_key("message");
    ["updates", "status_report.updates", "status_report_updates"]
        .iter()
        .any(|path| item.list(path).any(is_update))
}

fn page(item: Item, reading: &mut Reading) {
    let page = item.text("page.name");
    let one = item.get("incident").into_iter();
    for found in one
        .chain(item.list("incidents"))
        .chain(item.list("scheduled_maintenances"))
    {
        incident(found, page, reading);
    }
}

fn incident(item: Item, page: Option<&str>, reading: &mut Reading) {
    for update in item.list("incident_updates") {
        let status = update.text("status");
        let id = update
            .word("id")
            .or_else(|| update.text("display_at").map(str::to_owned));
        let shown = Update {
            id: id.unwrap_or_default(),
            label: status,
            stage: status.and_then(stage),
            body: update.text("body").unwrap_or_default(),
            page,
            url: item.first(&["shortlink", "url"]),
            group: item.text("name"),
            written: reading.time(update, &["updated_at"]),
        };
        let at = reading.time(update, &["display_at", "created_at"]);
        publish(at, shown, reading);
    }
}

/// An update of a status page.
struct Update<'a> {
    id: String,
    label: Option<&'a str>,
    stage: Option<Stage>,
    body: &'a str,
    page: Option<&'a str>,
    url: Option<&'a str>,
    group: Option<&'a str>,
    /// When this version of the update was written.
    written: Option<Moment>,
}

fn publish(at: Option<Moment>, update: Update, reading: &mut Reading) {
    let body = super::clean::without_html(update.body);
    // A post-mortem is Markdown, and may start with a heading.
    let body = super::clean::without_marker(body.trim());
    let text = match update.label.map(super::payload::title_case) {
        Some(label) if body.is_empty() => format!("Status: {label}"),
        Some(label) => format!("[{label}] {body}"),
        None if body.is_empty() => "Update without text".to_owned(),
        None => body.to_owned(),
    };
    // An update without text is no message that could be sent.
    let stage = update.stage.filter(|_| !body.is_empty());
    let message = stage.map(|stage| Extra::Message {
        stage,
        body: Markup::Html(update.body.to_owned()),
    });
    let text = match update.stage {
        Some(Stage::Postmortem) => Markup::Markdown(text),
        _ => Markup::Plain(text),
    };
    reading.add(at, text, |at, text| {
        let mut draft = Draft::new(update.id, at, EventKind::Communication, text)
            .by([update.page])
            .at_url(update.url)
            .in_group(update.group.map(str::to_owned))
            .written(update.written)
            .with(message);
        draft.is_public = true;
        match update.stage {
            Some(Stage::Planned) | None => draft,
            // The end of planned work is not that of an incident.
            Some(Stage::Resolved)
                if update
                    .label
                    .is_some_and(|label| label.eq_ignore_ascii_case("completed")) =>
            {
                draft
            }
            Some(Stage::Resolved) => {
                draft.marking(Mark::Resolved, "the status page says so, which may be late")
            }
            Some(Stage::Postmortem | Stage::Closed) => draft,
            Some(_) => draft
                .marking(
                    Mark::CustomerNotified,
                    "the first update of the status page",
                )
                .marking(
                    Mark::Reopened,
                    "the status page says that it is open again, which may be late",
                ),
        }
    });
}

/// Returns the stage that a status announces; `None` for those of maintenance under way.
pub fn stage(status: &str) -> Option<Stage> {
    Some(match status.to_ascii_lowercase().as_str() {
        "investigating" => Stage::Investigating,
        "identified" => Stage::Identified,
        "monitoring" => Stage::Monitoring,
        "resolved" | "completed" => Stage::Resolved,
        "postmortem" => Stage::Postmortem,
        "scheduled" => Stage::Planned,
        _ => return None,
    })
}

fn component(item: Item, reading: &mut Reading) {
    let name = item.text("component.name").unwrap_or("A component");
    let status = |key: &str| item.text(key).map(|status| status.replace('_', " "));
    let new = status("component_update.new_status").unwrap_or_default();
    let old = status("component_update.old_status").map(|old| format!(" (was: {old})"));
    let text = format!("{name}: {new}{}", old.unwrap_or_default());
    let id = item.word("component_update.id").unwrap_or_default();
    let at = reading.time(item, &["component_update.created_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let mut draft =
            Draft::new(id, at, EventKind::Communication, text).by([item.text("page.name")]);
        draft.is_public = true;
        draft
    });
}

fn open_status(item: Item, reading: &mut Reading) {
    let title = item.first(&["title", "status_report.title"]);
    let lists = ["updates", "status_report.updates", "status_report_updates"];
    for update in lists.iter().flat_map(|path| item.list(path)) {
        let status = update.text("status");
        let date = update.word("date").unwrap_or_default();
        let shown = Update {
            id: update.word("id").unwrap_or(date),
            label: status,
            stage: status.and_then(stage),
            body: update.text("message").unwrap_or_default(),
            page: None,
            url: None,
            group: title,
            written: reading.time(update, &["updatedAt", "updated_at"]),
        };
        let at = reading.time(update, &["date"]);
        publish(at, shown, reading);
    }
}
