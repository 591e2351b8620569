//! FireHydrant: incidents with milestones, their events, and webhooks.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::facts::capitalized;
use crate::timeline::{EventKind, Mark};

/// FireHydrant.
pub const IMPORTER: Importer = Importer {
    name: "FireHydrant",
    prefix: "firehydrant",
    shape: "`milestones` with `occurred_at`, or `occurred_at` with `visibility`, `type` and `data`",
    recognizes: |item| is_incident(item) || is_event(item),
    read: |item, reading| {
        if is_event(item) {
            event(item, reading);
        } else {
            milestones(item, reading);
        }
    },
    ..PLAIN
};

fn is_incident(item: Item) -> bool {
    item.list("milestones")
        .any(|milestone| milestone.has("occurred_at") && milestone.has("type"))
}

fn is_event(item: Item) -> bool {
    item.has("occurred_at") && item.has("type") && item.has("data") && item.has_key("visibility")
}

/// The milestones, and what each states.
const MILESTONES: &[(&str, Option<Mark>)] = &[
    ("started", Some(Mark::Started)),
    ("detected", Some(Mark::Detected)),
    ("acknowledged", Some(Mark::Acknowledged)),
    ("investigating", None),
    ("identified", Some(Mark::Identified)),
    ("mitigated", Some(Mark::Mitigated)),
    ("resolved", Some(Mark::Resolved)),
    ("closed", Some(Mark::Ended)),
];

fn milestones(item: Item, reading: &mut Reading) {
    reading.group = item.text("name").map(str::to_owned);
    for milestone in item.list("milestones") {
        let of = milestone.text("type").unwrap_or_default();
        let known = MILESTONES.iter().find(|(name, _)| *name == of);
        let text = milestone
            .text("name")
            .map_or_else(|| super::payload::title_case(of), str::to_owned);
        let at = reading.time(milestone, &["occurred_at"]);
        let id = milestone
            .word("id")
            .unwrap_or_else(|| format!("{}:{of}", item.word("id").unwrap_or_default()));
        reading.add(
            at,
            Markup::Plain(format!("Milestone: {text}")),
            |at, text| {
                Draft::new(id, at, EventKind::Note, text)
                    .stating(known.and_then(|(_, mark)| *mark))
                    .by_system("FireHydrant")
                    .at_url(item.text("incident_url"))
                    .left_out_if(known.is_none(), "milestones of the retrospective")
            },
        );
    }
}

fn event(item: Item, reading: &mut Reading) {
    let of = item.text("type").unwrap_or_default();
    let body = item.first(&[
        "data.body",
        "data.summary",
        "data.text",
        "data.description",
        "data.name",
    ]);
    let text = body.map_or_else(|| capitalized(&of.replace('_', " ")), str::to_owned);
    // Chat has the markup of Slack.
    let (text, links) = if of == "chat_message" {
        let (text, links) = super::slack::plain(&text, reading.directory);
        (Markup::Plain(text), links)
    } else {
        (Markup::Markdown(text), Vec::new())
    };
    let at = reading.time(item, &["occurred_at"]);
    reading.add(at, text, |at, text| {
        let id = item.word("id").unwrap_or_default();
        let mut draft = Draft::new(id, at, EventKind::Note, text);
        draft.links = links;
        draft
            .by([item.text("author.name"), item.text("author.email")])
            .with_id(item.word("author.id"))
            .in_group(item.word("incident_id"))
            .left_out_if(body.is_none(), "events without a text")
    });
}
