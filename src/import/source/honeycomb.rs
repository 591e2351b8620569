//! Honeycomb: the webhook of a trigger, which has no time.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::timeline::EventKind;

/// Honeycomb.
pub const IMPORTER: Importer = Importer {
    name: "Honeycomb",
    prefix: "honeycomb",
    shape: "`trigger_url` with `status`",
    recognizes: |item| item.has("trigger_url") && item.has("status") && item.has("name"),
    read,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let at = reading.settings.at;
    if at.is_none() {
        reading.reason = "no time in such notifications; pass `--at`";
    }
    let is_fired = item.is("status", "triggered");
    let (kind, verb) = if is_fired {
        (EventKind::Alert, "Alert fired")
    } else {
        (EventKind::Monitoring, "Alert resolved")
    };
    let name = item.text("name").unwrap_or_default();
    let text = labelled(&format!("{verb}: \"{name}\""), item.text("description"));
    let id = format!(
        "{}:{}",
        item.word("id").unwrap_or_default(),
        item.text("status").unwrap_or_default()
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(super::timed(&id, at), at, kind, text)
            .by_system("Honeycomb")
            .at_url(item.first(&["result_url", "trigger_url"]))
            .left_out_if(item.is_set("is_test"), "tests of a trigger")
            .marking_first()
    });
}
