//! Squadcast: the events that opened incidents.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::timeline::{EventKind, Mark};

/// Squadcast.
pub const IMPORTER: Importer = Importer {
    name: "Squadcast",
    prefix: "squadcast",
    shape: "`time_of_creation` with `incident_id`",
    recognizes: |item| {
        item.has("time_of_creation") && item.has("incident_id") && item.has_key("message")
    },
    read,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let message = item
        .first(&["message", "payload.message"])
        .unwrap_or("event without a text");
    let text = labelled(
        &format!("Incident opened: {message}"),
        item.text("description").filter(|text| *text != message),
    );
    let at = reading.time(item, &["time_of_creation"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        // An incident has several events, and the export names only the incident.
        let moment = item.word("time_of_creation").unwrap_or_default();
        let of_incident = item.word("incident_id").map(|id| format!("{id}:{moment}"));
        let id = item.word("id").or(of_incident).unwrap_or_default();
        Draft::new(id, at, EventKind::Alert, text)
            .by_system("Squadcast")
            .in_group(Some(message.to_owned()))
            .marking(Mark::Detected, "the first alert")
    });
}
