//! Grafana: alerting webhooks, legacy notifications, annotations, and the activity of Grafana Incident.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, alertmanager};
use crate::timeline::{EventKind, Mark};

/// The webhooks of Grafana, which have the shape of Alertmanager's.
pub const WEBHOOK: Importer = Importer {
    name: "Grafana",
    prefix: "grafana",
    shape: "the same with `orgId` or `dashboardURL`",
    recognizes: |item| {
        let keys = ["silenceURL", "dashboardURL", "panelURL", "valueString"];
        let is_ours = |alert: Item| keys.iter().any(|key| alert.has_key(key));
        alertmanager::is_webhook(item)
            && (item.has_key("orgId") || item.list("alerts").any(is_ours))
    },
    read: alertmanager::read,
    ..PLAIN
};

/// Grafana's other exports.
pub const IMPORTER: Importer = Importer {
    name: "Grafana",
    prefix: "grafana",
    shape: "annotations (`time` and `text` with `dashboardUID` or `tags`), `ruleName` with `state`, or `activityItemID`",
    recognizes: |item| is_annotation(item) || is_legacy(item) || is_activity(item),
    read: |item, reading| {
        if is_activity(item) {
            activity(item, reading);
        } else if is_legacy(item) {
            legacy(item, reading);
        } else {
            annotation(item, reading);
        }
    },
    ..PLAIN
};

fn is_annotation(item: Item) -> bool {
    let place = ["dashboardUID", "dashboardId", "panelId", "newState"];
    item.has("time")
        && item.has_key("text")
        && item.has("id")
        && place.iter().any(|key| item.has_key(key))
}

fn is_legacy(item: Item) -> bool {
    item.has("ruleName") && item.has("state") && !item.has("alerts")
}

fn is_activity(item: Item) -> bool {
    item.has("activityItemID") && item.has("activityKind")
}

fn annotation(item: Item, reading: &mut Reading) {
    let tags: Vec<String> = item
        .list("tags")
        .filter_map(|tag| tag.0.as_str())
        .map(str::to_lowercase)
        .collect();
    let is_tagged = |names: &[&str]| tags.iter().any(|tag| names.contains(&tag.as_str()));
    let is_rollback = is_tagged(&["rollback"]);
    let state = item.text("newState").map(state);
    let kind = match state {
        Some((_, kind)) => kind,
        None if is_rollback || is_tagged(&["deploy", "deployment", "release"]) => EventKind::Deploy,
        None => EventKind::Note,
    };
    let at = reading.time(item, &["time"]);
    let until = reading
        .time(item, &["timeEnd"])
        .filter(|end| at.is_some_and(|at| at.at < end.at));
    let name = item
        .text("alertName")
        .map(|name| format!(": \"{name}\""))
        .unwrap_or_default();
    let text = match (item.text("text"), state) {
        (Some(text), None) => text.to_owned(),
        (text, Some((label, _))) => super::labelled(
            &format!("{label}{name}"),
            text.map(super::clean::without_html).as_deref(),
        ),
        (None, None) => "Annotation".to_owned(),
    };
    let id = item.word("id").unwrap_or_default();
    reading.add(at, Markup::Html(text), |at, text| {
        let mut draft = Draft::new(format!("annotation:{id}"), at, kind, text);
        draft = if state.is_some() {
            draft.by_system("Grafana")
        } else {
            draft
                .by([item.text("userName"), item.text("login")])
                .with_id(item.word("userId"))
        };
        if kind == EventKind::Alert {
            draft = draft.marking(Mark::Detected, "the first alert");
        }
        if is_rollback {
            draft = draft.marking(Mark::Mitigated, "a rollback");
        }
        draft.until = until;
        draft
    });
}

/// Adds a notification of a version before 9, which has no time.
fn legacy(item: Item, reading: &mut Reading) {
    let at = reading.settings.at;
    if at.is_none() {
        reading.reason = "no time in such notifications; pass `--at`";
    }
    let rule = item.text("ruleName").unwrap_or_default();
    let (label, kind) = state(item.text("state").unwrap_or_default());
    let text = super::labelled(&format!("{label}: \"{rule}\""), item.text("message"));
    let state = item.text("state").unwrap_or_default();
    let id = format!(
        "rule:{}:{state}",
        item.word("ruleId").unwrap_or_else(|| rule.to_owned())
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(super::timed(&id, at), at, kind, text)
            .by_system("Grafana")
            .at_url(item.text("ruleUrl"));
        if kind == EventKind::Alert {
            draft.marking(Mark::Detected, "the first alert")
        } else {
            draft
        }
    });
}

/// Returns what the state of an alert says, and its kind; only a firing alert is one.
fn state(name: &str) -> (&'static str, EventKind) {
    let name = name.to_lowercase().replace(['_', ' '], "");
    match name.as_str() {
        "ok" | "normal" => ("Alert resolved", EventKind::Monitoring),
        "pending" => ("Alert pending", EventKind::Note),
        "paused" => ("Alert paused", EventKind::Note),
        "nodata" => ("Alert without data", EventKind::Alert),
        "error" | "execerror" => ("Alert could not be evaluated", EventKind::Alert),
        // `Normal (NoData)` and the like.
        name if name.starts_with("normal") => ("Alert resolved", EventKind::Monitoring),
        _ => ("Alert fired", EventKind::Alert),
    }
}

fn activity(item: Item, reading: &mut Reading) {
    let activity = item.text("activityKind").unwrap_or_default();
    let body = item.text("body").filter(|body| !body.trim().is_empty());
    let is_resolved = activity == "statusChanged"
        && body.is_some_and(|body| body.to_lowercase().contains("resolved"));
    let is_active = activity == "statusChanged" && !is_resolved;
    let kind = match activity {
        _ if is_resolved => EventKind::Closed,
        "incidentUpdate" | "statusUpdate" => EventKind::Communication,
        _ => EventKind::Note,
    };
    let label = super::words(activity);
    let text = match body {
        // The new value of a field is one word.
        Some(body) if activity.ends_with("Changed") && !body.trim().contains(' ') => {
            super::labelled(&label, Some(body))
        }
        Some(body) => body.to_owned(),
        None => super::labelled(&label, item.text("subjectUser.name")),
    };
    let id = item.word("activityItemID").unwrap_or_default();
    let at = reading.time(item, &["eventTime", "createdTime"]);
    reading.add(at, Markup::Markdown(text), |at, text| {
        let draft = Draft::new(id, at, kind, text)
            .by([item.text("user.name"), item.text("user.userID")])
            .at_url(item.text("url"))
            .in_group(item.word("incidentID"));
        if is_resolved {
            draft.marking(Mark::Resolved, "the status became resolved")
        } else {
            let reason = "the status became active again";
            draft.marking_if(is_active, Mark::Reopened, reason)
        }
    });
}
