//! Jira: the changelog and the comments of issues.
//!
//! Times are as in `2021-01-25T11:09:27.985+0800`. A comment's body is text, or a document in version 3 of the API.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::facts::capitalized;
use crate::timeline::{EventKind, Mark};

mod wiki;

/// Jira.
pub const IMPORTER: Importer = Importer {
    name: "Jira",
    prefix: "jira",
    shape: "`changelog.histories`, `items` with `field` and `created`, or `fields.comment`",
    recognizes: |item| is_issue(item) || is_history(item),
    read: |item, reading| {
        if is_history(item) {
            history(item, reading);
            return;
        }
        reading.group = item.text("key").map(str::to_owned);
        for found in item.list("changelog.histories") {
            history(found, reading);
        }
        for found in item.list("fields.comment.comments") {
            comment(found, reading);
        }
    },
    ..PLAIN
};

fn is_issue(item: Item) -> bool {
    item.has("key")
        && (item.has_list("changelog.histories") || item.has_list("fields.comment.comments"))
}

fn is_history(item: Item) -> bool {
    item.has("created") && item.list("items").any(|change| change.has("field"))
}

/// The fields whose changes say something about an incident.
const FIELDS: &[&str] = &["status", "priority", "severity", "assignee", "resolution"];

/// The states that end an issue.
const DONE: &[&str] = &[
    "canceled",
    "cancelled",
    "closed",
    "complete",
    "completed",
    "declined",
    "done",
    "rejected",
    "resolved",
    "won't do",
    "won't fix",
];

fn history(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    let at = reading.time(item, &["created"]);
    for change in item.list("items") {
        let field = change.text("field").unwrap_or_default();
        let lower = field.to_lowercase();
        let from = change.first(&["fromString", "from"]);
        let to = change.first(&["toString", "to"]);
        let is_end = |state: Option<&str>| {
            state.is_some_and(|state| DONE.contains(&state.to_lowercase().as_str()))
        };
        let is_done = lower == "status" && is_end(to);
        let is_reopened = lower == "status" && is_end(from) && !is_end(to);
        let kind = if is_done {
            EventKind::Closed
        } else {
            EventKind::Note
        };
        let text = match (from, to) {
            (Some(from), Some(to)) => format!("{field}: {from} → {to}"),
            (None, Some(to)) => format!("{field}: {to}"),
            (Some(from), None) => format!("{field}: {from} removed"),
            (None, None) => field.to_owned(),
        };
        reading.add(at, Markup::Plain(capitalized(&text)), |at, text| {
            Draft::new(format!("{id}:{field}"), at, kind, text)
                .by(author(item))
                .marking_if(is_reopened, Mark::Reopened, "the issue was reopened")
                .left_out_if(
                    !FIELDS.contains(&lower.as_str()),
                    "changes of other fields, such as the description",
                )
        });
    }
}

fn author(item: Item<'_>) -> [Option<&str>; 4] {
    [
        "author.displayName",
        "author.emailAddress",
        "author.name",
        "author.accountId",
    ]
    .map(|path| item.text(path))
}

fn comment(item: Item, reading: &mut Reading) {
    let mut body = wiki::plain(item.text("body").unwrap_or_default());
    if let Some(document) = item.get("body").filter(|body| body.0.is_object()) {
        paragraphs(document, 16, &mut body);
    }
    let written = reading.time(item, &["updated"]);
    let at = reading.time(item, &["created"]);
    reading.add(at, Markup::Plain(body), |at, text| {
        Draft::new(
            format!("comment:{}", item.word("id").unwrap_or_default()),
            at,
            EventKind::Note,
            text,
        )
        .by(author(item))
        .written(written)
    });
}

/// Collects the text of a document.
fn paragraphs(node: Item, depth: usize, out: &mut String) {
    if depth == 0 {
        return;
    }
    let texts = ["text", "attrs.text", "attrs.url", "attrs.shortName"];
    let text = node.first(&texts).unwrap_or_default();
    if node.is("type", "codeBlock") {
        out.push_str("```\n");
    } else if node.is("type", "listItem") {
        out.push_str("- ");
    }
    // A mention notifies nobody here.
    out.push_str(if node.is("type", "mention") {
        text.trim_start_matches('@')
    } else {
        text
    });
    for inner in node.list("content") {
        paragraphs(inner, depth - 1, out);
    }
    if matches!(
        node.text("type"),
        Some("paragraph" | "heading" | "codeBlock" | "hardBreak")
    ) {
        out.push('\n');
    }
    if node.is("type", "codeBlock") {
        out.push_str("```\n");
    }
}
