//! Sentry: issues with their activity, and webhooks.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::facts::capitalized;
use crate::timeline::{EventKind, Mark};

/// Sentry.
pub const IMPORTER: Importer = Importer {
    name: "Sentry",
    prefix: "sentry",
    shape: "`shortId` with `title`",
    recognizes: |item| item.has("shortId") && item.has("title"),
    read,
    ..PLAIN
};

/// The activity of an issue that is open again.
const CAME_BACK: &[&str] = &["set_regression", "set_unresolved"];

/// Why a resolved issue is a mark: the incident it belongs to may go on.
const RESOLVED: &str = "the error was marked as resolved";

fn read(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    let title = item.text("title").unwrap_or_default();
    let url = item.first(&["permalink", "web_url"]);
    reading.group = item.text("shortId").map(str::to_owned);
    let mut first = reading.time(item, &["firstSeen"]);
    let earliest: Vec<_> = item
        .list("events")
        .filter_map(|event| reading.time(event, &["dateCreated"]))
        .collect();
    first = first.or_else(|| earliest.into_iter().min_by_key(|at| at.at));
    reading.add(
        first,
        Markup::Plain(format!("First error: {title}")),
        |at, text| {
            Draft::new(format!("{id}:first"), at, EventKind::Alert, text)
                .by_system("Sentry")
                .at_url(url)
                .marking(Mark::Detected, "the first error")
        },
    );
    let of = |activity: Item| activity.text("type").unwrap_or_default().to_owned();
    let is_back = |activity: Item| CAME_BACK.contains(&&*of(activity));
    let came_back = item.list("activity").any(is_back);
    for activity in item.list("activity") {
        let of = activity.text("type").unwrap_or_default();
        if of == "first_seen" {
            continue;
        }
        let is_resolved = of.starts_with("set_resolved");
        let text = match of {
            "note" => activity
                .text("data.text")
                .unwrap_or("Note without text")
                .to_owned(),
            "set_regression" => format!("Error came back: {title}"),
            _ if is_resolved => {
                super::labelled("Marked as resolved", activity.text("data.version"))
            }
            "assigned" => {
                let to = activity.first(&["data.assigneeName", "data.assigneeEmail"]);
                to.map_or_else(
                    || "Assigned".to_owned(),
                    |to| format!("Assigned to {}", super::clean::name(to)),
                )
            }
            "set_ignored" => "Marked as ignored".to_owned(),
            "set_unresolved" => "Marked as unresolved".to_owned(),
            "set_escalating" => "Marked as escalating".to_owned(),
            other => capitalized(&other.replace('_', " ")),
        };
        let kind = match of {
            _ if is_resolved => EventKind::Mitigation,
            "set_regression" => EventKind::Alert,
            _ => EventKind::Note,
        };
        let at = reading.time(activity, &["dateCreated"]);
        reading.add(at, Markup::Plain(text), |at, text| {
            let draft = Draft::new(
                format!("{id}:{}", activity.word("id").unwrap_or_default()),
                at,
                kind,
                text,
            )
            .at_url(url);
            let names =
                ["user.name", "user.username", "user.email"].map(|path| activity.text(path));
            let draft = if names.iter().any(Option::is_some) {
                draft.by(names).with_id(activity.word("user.id"))
            } else {
                draft.by_system("Sentry")
            };
            // By its age, nobody resolved it.
            let is_fixed = is_resolved && of != "set_resolved_by_age";
            draft
                .marking_if(is_fixed, Mark::Mitigated, RESOLVED)
                .marking_if(is_fixed && came_back, Mark::Resolved, RESOLVED)
                .marking_if(
                    kind == EventKind::Alert,
                    Mark::Detected,
                    "the error came back",
                )
                .marking_if(
                    is_back(activity),
                    Mark::Reopened,
                    "the error came back after it was marked as resolved",
                )
        });
    }
}
