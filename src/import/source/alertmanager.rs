//! Prometheus Alertmanager: webhooks (version 4) and alerts of the API (version 2).
//!
//! A firing alert may carry a real `endsAt`: the time at which it would time out, not its end.

use chrono::{SecondsFormat, SubsecRound};
use sha2::{Digest, Sha256};

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, in_sentence};
use crate::moment::Moment;
use crate::timeline::{EventKind, Mark};

/// Alertmanager.
pub const IMPORTER: Importer = Importer {
    name: "Alertmanager",
    prefix: "alertmanager",
    shape: "`alerts` with `labels` and `startsAt`",
    recognizes: |item| is_webhook(item) || is_alert(item),
    read,
    ..PLAIN
};

/// Returns `true` for a webhook of Alertmanager, or of Grafana.
pub fn is_webhook(item: Item) -> bool {
    item.list("alerts").next().is_some_and(is_alert)
}

fn is_alert(item: Item) -> bool {
    item.get("labels")
        .is_some_and(|labels| labels.0.is_object())
        && item.has("startsAt")
}

/// Adds the alerts of a webhook, or one alert.
pub fn read(item: Item, reading: &mut Reading) {
    if is_alert(item) {
        alert(item, item.text("generatorURL"), reading);
        return;
    }
    if let Some(count) = item.word("truncatedAlerts").filter(|count| count != "0") {
        reading.note(format!(
            "the webhook left out alerts: {count} (`truncatedAlerts`)"
        ));
    }
    for found in item.list("alerts") {
        alert(found, item.text("externalURL"), reading);
    }
}

/// Returns what an alert says: its summary, else its name.
pub fn summary(alert: Item) -> String {
    let texts = [
        "annotations.summary",
        "annotations.message",
        "annotations.description",
        "labels.alertname",
    ];
    alert
        .first(&texts)
        .unwrap_or("alert without a name")
        .trim()
        .to_owned()
}

fn alert(item: Item, url: Option<&str>, reading: &mut Reading) {
    let name = reading.importer.name;
    let urls = ["panelURL", "dashboardURL", "generatorURL"];
    let url = item.first(&urls).or(url);
    let fingerprint = item
        .text("fingerprint")
        .map_or_else(|| digest(item), str::to_owned);
    let at = time(item, "startsAt", reading);
    let reason = reading.reason;
    let ended = time(item, "endsAt", reading)
        .filter(|end| at.is_none_or(|start| start.at <= end.at))
        .filter(|_| item.is("status", "resolved"));
    reading.reason = reason;
    let started = at.map(|at| at.at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    let started = started.unwrap_or_default();
    let id = |state: &str| format!("{fingerprint}:{started}:{state}");
    let labels = ["severity", "instance"];
    let labels: Vec<String> = labels
        .iter()
        .filter_map(|key| Some(format!("{key} {}", item.text(&format!("labels.{key}"))?)))
        .collect();
    let labels = match labels.as_slice() {
        [] => String::new(),
        labels => format!(" ({})", labels.join(", ")),
    };
    let summary = summary(item);
    let group = item.text("labels.alertname").map(str::to_owned);
    let fired = in_sentence(&summary, |summary| {
        format!("Alert fired: \"{summary}\"{labels}")
    });
    let fired = Markup::Plain(fired);
    reading.add(at, fired, |at, text| {
        Draft::new(id("firing"), at, EventKind::Alert, text)
            .repeated_if(item.is("status", "resolved"))
            .by_system(name)
            .at_url(url)
            .in_group(group.clone())
            .marking(Mark::Detected, "the first alert")
    });
    if let Some(at) = ended {
        let summary = summary.lines().next().unwrap_or_default().trim_end();
        let text = Markup::Plain(format!("Alert resolved: \"{summary}\""));
        reading.add(Some(at), text, |at, text| {
            Draft::new(id("resolved"), at, EventKind::Monitoring, text)
                .by_system(name)
                .at_url(url)
                .in_group(group)
        });
    }
}

/// Reads a time of an alert to the millisecond, as the API gives it: webhooks have nanoseconds.
fn time(item: Item, path: &str, reading: &mut Reading) -> Option<Moment> {
    let mut moment = reading.time(item, &[path])?;
    moment.at = moment.at.trunc_subsecs(3);
    Some(moment)
}

/// Returns an ID for an alert of a version that gives none. Two alerts may have the same labels.
fn digest(item: Item) -> String {
    let mut labels: Vec<String> = { item.entries("labels") }
        .chain(item.entries("annotations"))
        .map(|(key, value)| format!("{key}={}\n", value.0))
        .collect();
    labels.sort();
    short_digest(&labels.concat())
}

/// Returns the first 16 hexadecimal digits of the SHA-256 of a text.
pub fn short_digest(text: &str) -> String {
    let mut short = String::new();
    for byte in Sha256::digest(text.as_bytes()).iter().take(8) {
        short.push_str(&format!("{byte:02x}"));
    }
    short
}
