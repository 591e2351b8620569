//! New Relic: issues, by the webhook of a workflow.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::EventKind;

/// New Relic.
pub const IMPORTER: Importer = Importer {
    name: "New Relic",
    prefix: "new-relic",
    shape: "`issueUrl` with `createdAt` and `state`",
    recognizes: |item| item.has("issueUrl") && item.has("createdAt") && item.has("state"),
    read,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let title = item
        .first(&["title", "conditionName"])
        .unwrap_or("issue without a title");
    let id = item.word("issueId").unwrap_or_default();
    let url = item.text("issueUrl");
    let created = reading.time(item, &["createdAt"]);
    reading.add(
        created,
        Markup::Plain(format!("Alert fired: \"{title}\"")),
        |at, text| {
            Draft::new(format!("{id}:created"), at, EventKind::Alert, text)
                .repeated_if(item.is("state", "closed") || item.is("state", "acknowledged"))
                .by_system("New Relic")
                .at_url(url)
                .marking_first()
        },
    );
    let state = item.text("state").unwrap_or_default().to_lowercase();
    let (kind, text) = match state.as_str() {
        "acknowledged" => (EventKind::Ack, "Alert acknowledged"),
        "closed" => (EventKind::Monitoring, "Alert closed"),
        _ => return,
    };
    let changed = reading.time(item, &["closedAt", "acknowledgedAt", "updatedAt"]);
    reading.add(
        changed,
        Markup::Plain(format!("{text}: \"{title}\"")),
        |at, text| {
            Draft::new(format!("{id}:{state}"), at, kind, text)
                .by_system("New Relic")
                .at_url(url)
                .marking_first()
        },
    );
}
