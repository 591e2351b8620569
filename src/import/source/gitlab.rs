//! GitLab: deployments (API and webhook), issue notes and discussions, and incident timelines (GraphQL).

use super::{Draft, Extra, Importer, Item, Markup, PLAIN, Reading};
use crate::facts::capitalized;
use crate::timeline::{EventKind, Mark};

/// GitLab.
pub const IMPORTER: Importer = Importer {
    name: "GitLab",
    prefix: "gitlab",
    shape: "`object_kind` `deployment`, `iid` with `environment`, `noteable_type` with `body`, or `occurredAt` with `timelineEventTags`",
    recognizes: |item| {
        is_webhook(item)
            || is_deployment(item)
            || is_discussion(item)
            || is_note(item)
            || is_timeline_event(item)
    },
    read: |item, reading| {
        if is_webhook(item) || is_deployment(item) {
            deployment(item, reading);
        } else if is_discussion(item) {
            item.list("notes")
                .filter(|found| is_note(*found))
                .for_each(|found| note(found, reading));
        } else if is_note(item) {
            note(item, reading);
        } else {
            timeline_event(item, reading);
        }
    },
    repeats_ids: true,
    ..PLAIN
};

fn is_webhook(item: Item) -> bool {
    item.is("object_kind", "deployment")
}

fn is_deployment(item: Item) -> bool {
    item.has("iid") && item.has("environment.name") && item.has("sha")
}

fn is_note(item: Item) -> bool {
    item.has("noteable_type") && item.has_key("body") && item.has("created_at")
}

fn is_discussion(item: Item) -> bool {
    item.has_key("individual_note") && item.list("notes").any(is_note)
}

fn is_timeline_event(item: Item) -> bool {
    item.has("occurredAt")
        && item.has_key("note")
        && (item.has("timelineEventTags")
            || item.has_key("noteHtml")
            || item.is("__typename", "TimelineEventType"))
}

fn deployment(item: Item, reading: &mut Reading) {
    let status = item.text("status").unwrap_or_default();
    let sha = item
        .first(&["short_sha", "sha"])
        .map(|sha| sha.chars().take(8).collect::<String>());
    let name = item.first(&["ref", "deployable.ref"]);
    let version = match (name, sha) {
        (Some(name), Some(sha)) => format!("{name} ({sha})"),
        (name, sha) => name
            .map(str::to_owned)
            .or(sha)
            .unwrap_or_else(|| "a version".to_owned()),
    };
    let environment = item.first(&["environment.name", "environment"]);
    let to = environment
        .map(|name| format!(" to {name}"))
        .unwrap_or_default();
    let status = item
        .text("deployable.status")
        .filter(|_| status.is_empty())
        .unwrap_or(status);
    let is_done = matches!(status, "success" | "completed");
    let text = match status {
        _ if is_done => format!("Deployed {version}{to}"),
        "failed" => format!("Deployment of {version}{to} failed"),
        "canceled" => format!("Deployment of {version}{to} was canceled"),
        "" => format!("Deployment of {version}{to}"),
        other => format!("Deployment of {version}{to}: {other}"),
    };
    let extra = is_done.then(|| Extra::Deployment {
        version: version.clone(),
        target: environment.map(str::to_owned),
        method: "GitLab deployment",
        is_rollback: false,
    });
    let id = item
        .word("deployment_id")
        .or_else(|| item.word("id"))
        .unwrap_or_default();
    let at = reading.time(
        item,
        &[
            "status_changed_at",
            "deployable.finished_at",
            "finished_at",
            "created_at",
        ],
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(
            format!("deployment:{id}:{status}"),
            at,
            EventKind::Deploy,
            text,
        )
        .by([item.text("user.name"), item.text("user.username")])
        .with_id(item.word("user.id"))
        .at_url(item.first(&["deployable.web_url", "deployable_url"]))
        .left_out_if(
            matches!(status, "created" | "running" | "blocked"),
            "states of a deployment before its end",
        )
        .with(extra)
    });
}

fn note(item: Item, reading: &mut Reading) {
    let body = item.text("body").unwrap_or("Note without text");
    let is_system = item.is_set("system");
    let lower = body.to_lowercase();
    let starts = ["closed", "reopened", "assigned", "unassigned"];
    let is_state = starts.iter().any(|start| lower.starts_with(start))
        || lower.contains("severity")
        || lower.contains("status");
    let kind = if is_system && lower.starts_with("closed") {
        EventKind::Closed
    } else {
        EventKind::Note
    };
    let text = if is_system {
        capitalized(body)
    } else {
        body.to_owned()
    };
    let at = reading.time(item, &["created_at"]);
    let written = reading.time(item, &["updated_at"]);
    reading.add(at, Markup::Markdown(text), |at, text| {
        Draft::new(
            format!("note:{}", item.word("id").unwrap_or_default()),
            at,
            kind,
            text,
        )
        .by([item.text("author.name"), item.text("author.username")])
        .with_id(item.word("author.id"))
        .marking_if(
            is_system && lower.starts_with("reopened"),
            Mark::Reopened,
            "the issue was reopened",
        )
        .written(written)
        .left_out_if(
            is_system && !is_state,
            "system notes that change neither state, severity nor assignee",
        )
    });
}

/// The tags of an incident timeline that state a milestone.
const TAGS: &[(&str, Mark)] = &[
    ("start time", Mark::Started),
    ("end time", Mark::Ended),
    ("impact detected", Mark::Detected),
    ("response initiated", Mark::Acknowledged),
    ("impact mitigated", Mark::Mitigated),
    ("cause identified", Mark::Identified),
];

fn timeline_event(item: Item, reading: &mut Reading) {
    let tags = item
        .list("timelineEventTags.nodes")
        .filter_map(|tag| tag.text("name"));
    let marks: Vec<Mark> = tags
        .filter_map(|name| TAGS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name)))
        .map(|(_, mark)| *mark)
        .collect();
    let id = item.word("id").unwrap_or_default();
    let id = id.rsplit('/').next().unwrap_or_default().to_owned();
    let at = reading.time(item, &["occurredAt", "createdAt"]);
    let written = reading.time(item, &["updatedAt"]);
    let text = item.text("note").unwrap_or("Event without text").to_owned();
    reading.add(at, Markup::Markdown(text), |at, text| {
        let mut draft = Draft::new(format!("timeline:{id}"), at, EventKind::Note, text)
            .by([item.text("author.name"), item.text("author.username")])
            .with_id(item.word("author.id"))
            .written(written);
        draft.stated = marks;
        draft
    });
}
