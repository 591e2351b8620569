//! GitHub: deployments and their statuses, workflow runs, releases, issue timelines and comments.

use std::collections::BTreeMap;

use super::{Draft, Extra, Importer, Item, Markup, PLAIN, Reading, labelled};
use crate::timeline::{EventKind, Mark};

/// GitHub.
pub const IMPORTER: Importer = Importer {
    name: "GitHub",
    prefix: "github",
    shape: "`deployment_status`, `deployment`, `workflow_run`, `tag_name` with `published_at`, `event` with `node_id`, or `issue_url` with `body`",
    recognizes: |item| SHAPES.iter().any(|(recognizes, _)| recognizes(item)),
    read: |item, reading| {
        if let Some((_, read)) = SHAPES.iter().find(|(recognizes, _)| recognizes(item)) {
            read(item, reading);
        }
    },
    ..PLAIN
};

/// The deployments of all files, by ID: a status names its deployment by its URL only.
#[derive(Debug, Default)]
pub struct Deployments<'a>(BTreeMap<String, Item<'a>>);

impl<'a> Deployments<'a> {
    /// Finds the deployments in a value and in what its envelopes contain.
    pub fn learn(&mut self, item: Item<'a>, depth: usize) {
        if is_deployment(item)
            && let Some(id) = item.word("id")
        {
            self.0.insert(id, item);
        }
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        let inner = item.elements().chain(item.members());
        for inner in inner.filter(|inner| inner.0.is_object() || inner.0.is_array()) {
            self.learn(inner, depth);
        }
    }

    /// Returns the deployment of a status.
    fn of_status(&self, status: Item) -> Option<Item<'a>> {
        let (_, id) = status.text("deployment_url")?.rsplit_once('/')?;
        self.0.get(id).copied()
    }
}

fn is_deployment(item: Item) -> bool {
    item.has("sha") && item.has("task") && item.has("environment")
}

type Shape = (fn(Item) -> bool, fn(Item, &mut Reading));

/// The shapes of GitHub's exports, the most specific ones first.
const SHAPES: &[Shape] = &[
    (
        |item| item.has("deployment_status.state"),
        |item, reading| {
            if let Some(found) = item.get("deployment_status") {
                status(found, item.get("deployment"), reading);
            }
        },
    ),
    (
        |item| item.has("deployment.sha"),
        |item, reading| {
            if let Some(found) = item.get("deployment") {
                deployment(found, reading);
            }
        },
    ),
    (
        |item| item.has("workflow_run.head_sha"),
        |item, reading| {
            if let Some(found) = item.get("workflow_run") {
                run(found, reading);
            }
        },
    ),
    (
        |item| item.has("release.tag_name"),
        |item, reading| {
            if let Some(found) = item.get("release") {
                release(found, reading);
            }
        },
    ),
    (
        |item| item.has("comment.body") && item.has("issue.url"),
        |item, reading| {
            if let Some(found) = item.get("comment") {
                comment(found, reading);
            }
        },
    ),
    (is_deployment, deployment),
    (
        |item| item.has("state") && item.has("deployment_url"),
        |item, reading| status(item, reading.deployments.of_status(item), reading),
    ),
    (
        |item| {
            item.has("head_sha")
                && item.has_key("conclusion")
                && (item.has("run_number") || item.has("run_started_at"))
        },
        run,
    ),
    (
        |item| item.has("tag_name") && item.has_key("published_at"),
        release,
    ),
    (
        |item| {
            item.has("event")
                && (item.has("node_id") || item.has_key("actor") || item.has("html_url"))
                && (item.has("created_at") || item.has("sha"))
        },
        issue_event,
    ),
    (
        |item| item.has("issue_url") && item.has_key("body") && item.has("created_at"),
        comment,
    ),
];

/// Returns `main (f95f852)`, or one of the two.
fn version(item: Item) -> Option<String> {
    let sha = item
        .text("sha")
        .map(|sha| sha.chars().take(7).collect::<String>());
    let name = item.text("ref").map(|name| {
        let kinds = ["refs/tags/", "refs/heads/"];
        let short = kinds.iter().find_map(|kind| name.strip_prefix(kind));
        short.unwrap_or(name)
    });
    match (name, sha) {
        (Some(name), Some(sha)) if !name.starts_with(&sha) => Some(format!("{name} ({sha})")),
        (Some(name), _) => Some(name.to_owned()),
        (None, sha) => sha,
    }
}

/// Returns `true` for a deployment that puts an earlier version back.
fn is_rollback(deployment: Item) -> bool {
    deployment
        .text("task")
        .is_some_and(|task| task.contains("rollback"))
}

fn deployment(item: Item, reading: &mut Reading) {
    let what = if is_rollback(item) {
        "rollback"
    } else {
        "deployment"
    };
    let to = item
        .text("environment")
        .map(|name| format!(" to {name}"))
        .unwrap_or_default();
    let text = format!(
        "Started {what} of {}{to}",
        version(item).unwrap_or_default()
    );
    let at = reading.time(item, &["created_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(
            format!("deployment:{}", item.word("id").unwrap_or_default()),
            at,
            EventKind::Deploy,
            text,
        )
        .by([item.text("creator.login")])
        .with_id(item.word("creator.id"))
    });
}

fn status(item: Item, deployment: Option<Item>, reading: &mut Reading) {
    let state = item.text("state").unwrap_or_default().to_lowercase();
    let version = deployment.and_then(version);
    let shown = version.clone().unwrap_or_else(|| "a version".to_owned());
    let environment = item
        .text("environment")
        .or_else(|| deployment.and_then(|found| found.text("environment")));
    let to = environment
        .map(|name| format!(" to {name}"))
        .unwrap_or_default();
    let is_rollback = deployment.is_some_and(is_rollback);
    let text = match (state.as_str(), is_rollback) {
        ("success", false) => format!("Deployed {shown}{to}"),
        ("success", true) => format!(
            "Rolled back to {shown}{}",
            environment
                .map(|name| format!(" in {name}"))
                .unwrap_or_default()
        ),
        ("failure" | "error", _) => format!("Deployment of {shown}{to} failed"),
        (other, _) => format!("Deployment of {shown}{to}: {}", other.replace('_', " ")),
    };
    let text = labelled(&text, item.text("description"));
    let is_final = matches!(state.as_str(), "success" | "failure" | "error");
    let extra = version
        .filter(|_| state == "success")
        .map(|version| Extra::Deployment {
            version,
            target: environment.map(str::to_owned),
            method: "GitHub deployment",
            is_rollback,
        });
    let at = reading.time(item, &["created_at", "updated_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let draft = Draft::new(
            format!("deployment-status:{}", item.word("id").unwrap_or_default()),
            at,
            EventKind::Deploy,
            text,
        )
        .by([item.text("creator.login")])
        .with_id(item.word("creator.id"))
        .at_url(item.first(&["environment_url", "log_url", "target_url"]))
        .left_out_if(!is_final, "states of a deployment before its end")
        .with(extra);
        if is_rollback && state == "success" {
            draft.marking(Mark::Mitigated, "a rollback")
        } else {
            draft
        }
    });
}

fn run(item: Item, reading: &mut Reading) {
    let name = item.first(&["name", "display_title", "path"]);
    let sha: String = item
        .text("head_sha")
        .unwrap_or_default()
        .chars()
        .take(7)
        .collect();
    let branch = item
        .text("head_branch")
        .map(|branch| format!(" on {branch}"))
        .unwrap_or_default();
    let conclusion = item.text("conclusion");
    let outcome = conclusion
        .or_else(|| item.text("status"))
        .unwrap_or("started");
    let text = format!(
        "Workflow{}{branch} ({sha}): {}",
        name.map(|name| format!(" \"{name}\"")).unwrap_or_default(),
        outcome.replace('_', " ")
    );
    // The end of a run is when it had its effect.
    let times: &[&str] = if conclusion.is_some() {
        &["updated_at", "run_started_at", "created_at"]
    } else {
        &["run_started_at", "created_at"]
    };
    let kind = if name.is_some_and(|name| name.to_lowercase().contains("deploy")) {
        EventKind::Deploy
    } else {
        EventKind::Note
    };
    let at = reading.time(item, times);
    let attempt = item.word("run_attempt").unwrap_or_else(|| "1".to_owned());
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(
            format!(
                "run:{}:{attempt}:{outcome}",
                item.word("id").unwrap_or_default()
            ),
            at,
            kind,
            text,
        )
        .by([item.first(&["triggering_actor.login", "actor.login"])])
        .with_id(item.first_word(&["triggering_actor.id", "actor.id"]))
        .at_url(item.text("html_url"))
    });
}

fn release(item: Item, reading: &mut Reading) {
    let tag = item.text("tag_name").unwrap_or_default();
    let name = item.text("name").filter(|name| *name != tag);
    let text = labelled(&format!("Released {tag}"), name);
    let is_draft = item.is_set("draft");
    let at = reading.time(item, &["published_at", "created_at"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(
            format!(
                "release:{}",
                item.word("id").unwrap_or_else(|| tag.to_owned())
            ),
            at,
            EventKind::Deploy,
            text,
        )
        .by([item.text("author.login")])
        .with_id(item.word("author.id"))
        .at_url(item.text("html_url"))
        .left_out_if(is_draft, "releases that are not published")
    });
}

fn comment(item: Item, reading: &mut Reading) {
    let at = reading.time(item, &["created_at"]);
    let written = reading.time(item, &["updated_at"]);
    let body = item.text("body").unwrap_or("Comment without text");
    reading.add(at, Markup::Markdown(body.to_owned()), |at, text| {
        Draft::new(
            format!("comment:{}", item.word("id").unwrap_or_default()),
            at,
            EventKind::Note,
            text,
        )
        .by([item.first(&["user.login", "actor.login"])])
        .with_id(item.first_word(&["user.id", "actor.id"]))
        .at_url(item.text("html_url"))
        .written(written)
        .in_group(
            item.text("issue_url")
                .and_then(|url| url.rsplit('/').next())
                .map(|number| format!("issue {number}")),
        )
    });
}

/// Events of an issue that change the incident, or how it is handled.
const CHANGES: &[&str] = &[
    "closed",
    "reopened",
    "labeled",
    "unlabeled",
    "renamed",
    "merged",
    "assigned",
    "unassigned",
    "milestoned",
];

fn issue_event(item: Item, reading: &mut Reading) {
    let event = item.text("event").unwrap_or_default();
    if event == "commented" {
        comment(item, reading);
        return;
    }
    let label = item.text("label.name").unwrap_or_default();
    let text = match event {
        "closed" => labelled(
            "Issue closed",
            item.text("state_reason")
                .map(|reason| reason.replace('_', " "))
                .as_deref(),
        ),
        "reopened" => "Issue reopened".to_owned(),
        "labeled" => format!("Label added: {label}"),
        "unlabeled" => format!("Label removed: {label}"),
        "renamed" => format!("Renamed to: {}", item.text("rename.to").unwrap_or_default()),
        "merged" => "Pull request merged".to_owned(),
        "unassigned" => format!(
            "Unassigned from {}",
            item.text("assignee.login").unwrap_or("somebody")
        ),
        "assigned" => format!(
            "Assigned to {}",
            item.text("assignee.login").unwrap_or("nobody")
        ),
        "committed" => labelled(
            "Commit",
            item.text("message")
                .and_then(|message| message.lines().next()),
        ),
        "reviewed" => labelled("Review", item.text("body")),
        other => format!("Issue {}", other.replace('_', " ")),
    };
    let kind = if event == "closed" {
        EventKind::Closed
    } else {
        EventKind::Note
    };
    let id = item
        .word("id")
        .or_else(|| item.word("sha"))
        .unwrap_or_default();
    let at = reading.time(
        item,
        &[
            "created_at",
            "submitted_at",
            "committer.date",
            "author.date",
        ],
    );
    reading.add(at, Markup::Plain(text), |at, text| {
        Draft::new(format!("issue-event:{id}"), at, kind, text)
            .by([item.first(&["actor.login", "user.login", "committer.name", "author.name"])])
            .with_id(item.first_word(&["actor.id", "user.id"]))
            .at_url(item.text("html_url"))
            .marking_if(
                event == "reopened",
                Mark::Reopened,
                "the issue was reopened",
            )
            .left_out_if(
                !CHANGES.contains(&event),
                "issue events that change nothing, such as mentions and commits",
            )
    });
}
