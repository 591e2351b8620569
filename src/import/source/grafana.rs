//! Grafana: alerting webhooks, legacy notifications, annotations, and the activity of Grafana Incident.

use super::{Draft, Importer, Item, Markup, Reading, alertmanager, all};
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
    collapse: all,
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
    collapse: all,
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
    let kind = match item.text("newState") {
        Some("ok" | "normal" | "Normal" | "OK") => EventKind::Monitoring,
        Some(_) => EventKind::Alert,
        None if is_rollback || is_tagged(&["deploy", "deployment", "release"]) => EventKind::Deploy,
        None => EventKind::Note,
    };
    let at = reading.time(item, &["time"]);
    let until = reading
        .time(item, &["timeEnd"])
        .filter(|end| at.is_some_and(|at| at.at < end.at));
    let state = item
        .text("newState")
        .map(|state| format!("Alert state is now {state}"));
    let text = match (item.text("text"), state) {
        (Some(text), None) => text.to_owned(),
        (text, Some(state)) => {
            super::labelled(&state, text.map(super::clean::without_html).as_deref())
        }
        (None, None) => "Annotation".to_owned(),
    };
    let id = item.word("id").unwrap_or_default();
    reading.add(at, Markup::Html(text), |at, text| {
        let mut draft = Draft::new(format!("annotation:{id}"), at, kind, text);
        draft = draft.by([item.text("userName"), item.text("login")]);
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
    let is_ok = item.is("state", "ok");
    let kind = if is_ok {
        EventKind::Monitoring
    } else {
        EventKind::Alert
    };
    let verb = if is_ok {
        "Alert resolved"
    } else {
        "Alert fired"
    };
    let text = super::labelled(&format!("{verb}: \"{rule}\""), item.text("message"));
    let state = item.text("state").unwrap_or_default();
    let id = format!(
        "rule:{}:{state}",
        item.word("ruleId").unwrap_or_else(|| rule.to_owned())
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(id, at, kind, text)
            .by_system("Grafana")
            .at_url(item.text("ruleUrl"));
        if is_ok {
            draft
        } else {
            draft.marking(Mark::Detected, "the first alert")
        }
    });
}

/// Returns a name such as `roleAssigned` as words.
fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    super::payload::capitalized(&words)
}

fn activity(item: Item, reading: &mut Reading) {
    let activity = item.text("activityKind").unwrap_or_default();
    let body = item.text("body");
    let is_resolved = activity == "statusChanged"
        && body.is_some_and(|body| body.to_lowercase().contains("resolved"));
    let is_active = activity == "statusChanged" && !is_resolved;
    let kind = match activity {
        _ if is_resolved => EventKind::Closed,
        "incidentUpdate" | "statusUpdate" => EventKind::Communication,
        _ => EventKind::Note,
    };
    let text = body.map_or_else(
        || super::labelled(&words(activity), item.text("subjectUser.name")),
        str::to_owned,
    );
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
