//! VictorOps, now Splunk On-Call: the transitions of incidents.

use super::{Draft, Importer, Item, Markup, Reading, all, labelled};
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
    collapse: all,
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
        let (kind, mark) = match name.as_str() {
            "triggered" => (EventKind::Alert, Some((Mark::Detected, "the first alert"))),
            "acknowledged" | "acked" => (
                EventKind::Ack,
                Some((Mark::Acknowledged, "the first acknowledgement")),
            ),
            "resolved" => (
                EventKind::Closed,
                Some((Mark::Resolved, "the incident was resolved")),
            ),
            _ => (EventKind::Note, None),
        };
        let text = labelled(
            &format!("Incident {name}"),
            transition.text("message").or(title),
        );
        let moment = transition.word("at").unwrap_or_default();
        let at = reading.time(transition, &["at"]);
        reading.add(at, Markup::Plain(text), |at, text| {
            let draft = Draft::new(format!("{incident}:{name}:{moment}"), at, kind, text)
                .at_url(transition.text("alertUrl"));
            let draft = match transition.text("by") {
                Some(who) => draft.by([Some(who)]),
                None => draft.by_system("VictorOps"),
            };
            match mark {
                Some((mark, reason)) => draft.marking(mark, reason),
                None => draft,
            }
        });
    }
}
