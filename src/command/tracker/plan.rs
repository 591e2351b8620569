//! `afterword actions plan`: prints the issues to create in a tracker.

use camino::Utf8Path;
use serde::Serialize;

use super::super::terminal::remark;
use super::super::{Outcome, eprint_line, print};
use super::{Item, items, loaded};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::counted;
use crate::incident::ActionItem;

/// The arguments of `actions plan`.
#[derive(Debug, clap::Args)]
pub struct PlanArguments {
    /// Tracker to plan for.
    #[arg(long, value_enum)]
    tracker: PlanTracker,
}

/// A tracker for which issues can be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PlanTracker {
    /// GitHub, by `gh issue create`.
    Github,
}

#[derive(Serialize)]
struct Plan<'a> {
    tracker: &'static str,
    issues: Vec<Planned<'a>>,
}

/// An issue to create.
#[derive(Serialize)]
struct Planned<'a> {
    /// The key by which `apply` finds the action item.
    key: String,
    incident: &'a str,
    title: String,
    body: String,
    labels: Vec<String>,
    owners: Vec<String>,
    due: Option<String>,
    /// The command that creates the issue, as a list of arguments.
    command: Vec<String>,
}

/// Prints the issues to create for the open action items without a `url`.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub(in crate::command) fn plan(
    root: &Utf8Path,
    arguments: &PlanArguments,
) -> anyhow::Result<Outcome> {
    let Some(loaded) = loaded(root) else {
        return Ok(Outcome::Problems);
    };
    let PlanTracker::Github = arguments.tracker;
    let config = &loaded.archive.config;
    let open: Vec<Item> = items(&loaded.archive.records)
        .filter(|item| item.item.url.is_none() && item.item.progress().is_known_open())
        .collect();
    let issues: Vec<Planned> = open
        .iter()
        .filter_map(|item| Some(planned(item, &seen(item, config)?, config)))
        .collect();
    let withheld = open.len() - issues.len();
    let mut keys: Vec<&str> = issues.iter().map(|issue| issue.key.as_str()).collect();
    keys.sort_unstable();
    let mut pairs = keys.windows(2);
    if let Some([key, _]) = pairs.find(|pair| matches!(pair, [one, other] if one == other)) {
        eprint_line(&format!(
            "error: two action items have the key `{key}`; give each an `id` of its own"
        ));
        return Ok(Outcome::Problems);
    }
    let plan = Plan {
        tracker: "github",
        issues,
    };
    print(&(serde_json::to_string_pretty(&plan)? + "\n"))?;
    if withheld > 0 {
        remark(&format!(
            "left out {} that internal readers may not see",
            counted(withheld, "action item")
        ));
    }
    Ok(Outcome::Done)
}

/// Returns an action item as the readers of a tracker see it, who are internal; `None` if they may not, or if its ID has a
/// redacted phrase, by which `apply` would not find it.
fn seen(item: &Item, config: &Config) -> Option<ActionItem> {
    let readers = Audience::Internal;
    let may_read = |marked: Option<Audience>| marked.is_none_or(|marked| readers.may_read(marked));
    if !readers.may_read(item.record.audience()) || !may_read(item.item.audience) {
        return None;
    }
    let items = item.record.incident.action_items.iter();
    let before = items.take(item.index);
    let index = before.filter(|item| may_read(item.audience)).count();
    let record = item.record.seen_by(readers, config);
    let seen = record.incident.action_items.get(index)?;
    let is_same = item.item.id.is_none() || item.item.id == seen.id;
    is_same.then(|| seen.clone())
}

fn planned<'a>(item: &Item<'a>, action: &ActionItem, config: &Config) -> Planned<'a> {
    let record = item.record;
    let key = item.key();
    let base_url = config.site.base_url.as_deref();
    let incident = match base_url {
        Some(url) => format!(
            "[{id}]({}/incidents/{id}.html)",
            url.trim_end_matches('/'),
            id = record.id
        ),
        None => record.id.clone(),
    };
    let due = action.due.map(|day| day.0.to_string());
    let owners = action.owners().join(", ");
    let mut body = String::new();
    if let Some(notes) = &action.notes {
        body.push_str(&format!("{}\n\n", notes.trim_end()));
    }
    body.push_str(&format!("- Incident: {incident}\n"));
    for (name, value) in [
        (
            "Owner",
            Some(owners.as_str()).filter(|owners| !owners.is_empty()),
        ),
        ("Due", due.as_deref()),
        ("Priority", action.priority.as_deref()),
    ] {
        if let Some(value) = value {
            body.push_str(&format!("- {name}: {value}\n"));
        }
    }
    body.push_str(&format!("- Action item: {key}\n"));
    let labels: Vec<String> = std::iter::once("incident")
        .chain(action.purpose.as_deref())
        .map(str::to_owned)
        .collect();
    let mut command: Vec<String> = [
        "gh",
        "issue",
        "create",
        "--title",
        &action.action,
        "--body",
        &body,
    ]
    .map(str::to_owned)
    .to_vec();
    for label in &labels {
        command.extend(["--label".to_owned(), label.clone()]);
    }
    Planned {
        key,
        incident: &record.id,
        title: action.action.to_string(),
        body,
        labels,
        owners: action.owners().into_iter().map(str::to_owned).collect(),
        due,
        command,
    }
}
