//! VictorOps, now Splunk On-Call: the transitions of incidents.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::timeline::{EventKind, Mark};

/// VictorOps.
pub const IMPORTER: Importer = Importer {
    name: "VictorOps",
    prefix: "victorops",
    shape: "`transitions` with `name` and `at`",
    recognizes: |item| {
        item.list("transitions")
            .any(|transition| transition.has("name") && transition.has("at"))
    },
    read,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let incident = item
        .word("incidentNumber")
        .or_else(|| item.word("entityId"))
        .unwrap_or_default();
    let title = item.first(&["entityDisplayName", "service", "entityId"]);
    reading.group = title.map(str::to_owned);
    for transition in item.list("transitions") {
        let name = transition.text("name").unwrap_or_default().to_lowercase();
        let kind = match name.as_str() {
            "triggered" => EventKind::Alert,
            "acknowledged" | "acked" => EventKind::Ack,
            "resolved" => EventKind::Closed,
            _ => EventKind::Note,
        };
        let text = labelled(
            &format!("Incident {name}"),
            transition.text("message").or(title),
        );
        let moment = transition.word("at").unwrap_or_default();
        let at = reading.time(transition, &["at"]);
        reading.add(at, Markup::Plain(text), |at, text| {
            Draft::new(format!("{incident}:{name}:{moment}"), at, kind, text)
                .at_url(transition.text("alertUrl"))
                .by_or_system(transition.text("by"), "VictorOps")
                .marking_first()
                .marking_if(
                    kind == EventKind::Alert,
                    Mark::Reopened,
                    "it was triggered again after it was resolved",
                )
                .marking_if(
                    kind == EventKind::Closed,
                    Mark::Resolved,
                    "the incident was resolved",
                )
        });
    }
}
