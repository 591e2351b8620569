//! `afterword actions`: lists the open action items of all incidents, and changes those of one.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use serde::Serialize;

use super::audit::is_clean;
use super::columns::columns;
use super::{
    Outcome, Today, has_rules, or_meant, print, refuse_unreadable, report, root, summaries,
    tracker, unread_line, unreadable,
};
use crate::audience::Audience;
use crate::audit::Audit;
use crate::diagnostic::{self, Level};
use crate::facts::{Summary, counted};
use crate::kind::name_key;
use crate::publish::{self, actions, calendar};
use crate::view::action::{self, ActionRow, CostView, Urgency};

mod change;
mod item;

/// The arguments of `actions`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    change: Option<change::Command>,

    /// Show only overdue items.
    #[arg(long)]
    overdue: bool,

    /// Show overdue items with the incidents, minutes and users since their due date, the most costly first. Incidents count
    /// if they started after that date and share a tag with the item's incident.
    #[arg(long)]
    cost: bool,

    /// Show only this owner's items (case-insensitive).
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Exit with status 1 if any item is listed.
    #[arg(long)]
    pub(super) fail: bool,

    /// Show only items of incidents that this audience may see: `public`, `customers`, `internal` or `confidential`.
    #[arg(long, value_name = "AUDIENCE", value_parser = audience, default_value = "internal")]
    audience: Audience,

    /// Reference date for "overdue" [default: `[site] as_of`, or today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Compare the items that have a `url` with an export of GitHub, GitLab, Jira or Linear (JSON or CSV) instead; `-`
    /// reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["overdue", "cost", "owner", "audience", "as_of"])]
    against: Option<Utf8PathBuf>,

    /// Change `status` and `done_on` to those of the export.
    #[arg(long, requires = "against")]
    pub(super) write: bool,
}

/// An output format for action items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
    Csv,
    Ics,
}

#[derive(Serialize)]
struct Listed<'a> {
    as_of: String,
    actions: &'a [&'a ActionRow<'a>],
    /// The IDs of incidents that cannot be read, so that their action items are unknown.
    unreadable: &'a BTreeSet<String>,
}

/// Prints the action items.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    if let Some(command) = &arguments.change {
        return change::run(directory, command);
    }
    if let Some(export) = &arguments.against {
        return tracker::against(directory, export, arguments);
    }
    let root = root(directory)?;
    let (mut loaded, mut read) = summaries::read(&root, arguments.audience)?;
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostics.extend(read.diagnostics);
    let is_external = arguments.audience.is_external();
    if is_external {
        let memory = super::check::memory(root.as_path().into(), &mut loaded);
        diagnostics.extend(memory.err().into_iter().flatten());
        // External readers see the action items of open reports only.
        read.summaries.retain(|summary| summary.is_open);
    }
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    let unreadable = unreadable(&diagnostics);
    if is_external && !unreadable.is_empty() {
        refuse_unreadable(arguments.audience, &unreadable);
        return Ok(Outcome::Problems);
    }
    // Without a valid `as_of` it is unknown which items are overdue.
    let rules: &[&str] = match arguments.as_of {
        Some(_) => &["site.base_url"],
        None => &["site.base_url", "site.as_of"],
    };
    if !has_rules(&mut loaded, rules) {
        return Ok(Outcome::Problems);
    }
    let config = &loaded.archive.config;
    let today = Today::resolve(arguments.as_of, config)?;
    let shown: Vec<&Summary> = read.summaries.iter().collect();
    let rows = action::rows(&shown, today.0);
    let mut listed: Vec<&ActionRow> = rows.iter().filter(|row| arguments.wants(row)).collect();
    if arguments.cost {
        let cost = |row: &&ActionRow| {
            let cost = row.cost.as_ref();
            cost.map(|cost| (cost.count, cost.minutes, cost.users))
        };
        listed.sort_by_key(|row| Reverse(cost(row)));
    }
    let text = match arguments.format {
        Format::Table if listed.is_empty() => {
            none_listed(&rows, arguments, today) + &unread_line(&read.broken)
        }
        Format::Table if arguments.cost => cost_table(&listed) + &unread_line(&read.broken),
        Format::Table => table(&listed) + &unread_line(&read.broken),
        Format::Json => {
            let listed = Listed {
                as_of: today.0.to_string(),
                actions: &listed,
                unreadable: &read.broken,
            };
            serde_json::to_string_pretty(&listed)? + "\n"
        }
        Format::Csv => actions::csv(listed.iter().copied()),
        Format::Ics => {
            let base_url = config.site.base_url.as_ref();
            let base_url = base_url.map(|url| format!("{}/", url.trim_end_matches('/')));
            calendar::calendar(config.title(), base_url.as_deref(), listed.iter().copied())
        }
    };
    if is_external {
        let audit = Audit::new(config, read.words, publish::own_texts());
        let audit = audit.for_audience(arguments.audience);
        if !is_clean(&audit, Utf8Path::new("actions"), &text) {
            return Ok(Outcome::Problems);
        }
    }
    print(&text)?;
    let errors = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    Ok(if errors || (arguments.fail && !listed.is_empty()) {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

impl Arguments {
    /// Returns `true` if JSON is wanted.
    pub(super) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    fn is_overdue_only(&self) -> bool {
        self.overdue || self.cost
    }

    fn wants(&self, row: &ActionRow) -> bool {
        let owned = |name: &String| {
            let mut owners = row.owners.iter();
            let key = name_key(name);
            owners.any(|owner| name_key(owner) == key)
        };
        let urgent = match row.urgency {
            Urgency::Overdue => true,
            Urgency::Soon | Urgency::Open => !self.is_overdue_only(),
            Urgency::Closed => false,
        };
        urgent && self.owner.as_ref().is_none_or(owned)
    }
}

fn audience(word: &str) -> Result<Audience, String> {
    Audience::named(word).ok_or_else(|| format!("expected one of {}", Audience::KEYS.join(", ")))
}

/// Returns the line that is printed if no action item is listed, with what was looked at.
fn none_listed(rows: &[ActionRow], arguments: &Arguments, today: Today) -> String {
    let open: Vec<&ActionRow> = rows
        .iter()
        .filter(|row| row.urgency != Urgency::Closed)
        .collect();
    let count = counted(open.len(), "open action item");
    let (what, on) = if arguments.is_overdue_only() {
        ("overdue", format!(" on {}", today.0))
    } else {
        ("open", String::new())
    };
    let Some(owner) = &arguments.owner else {
        return match (arguments.is_overdue_only(), open.is_empty()) {
            (true, false) => format!("no overdue action items{on}; looked at {count}\n"),
            _ => "no open action items\n".to_owned(),
        };
    };
    let owners: Vec<&str> = (open
        .iter()
        .flat_map(|row| &row.owners)
        .map(|owner| &**owner))
    .collect();
    let is_known = owners
        .iter()
        .any(|known| name_key(known) == name_key(owner));
    let near = if is_known {
        String::new()
    } else {
        or_meant(owner, owners)
    };
    format!("no {what} action items of `{owner}`{on}; looked at {count}{near}\n")
}

/// Renders the action items as a table; the action, which may be long, comes last.
fn table(rows: &[&ActionRow]) -> String {
    const HEAD: [&str; 6] = ["DUE", "LATE", "ID", "OWNER", "INCIDENT", "ACTION"];
    let cells: Vec<[&str; 6]> = rows
        .iter()
        .map(|row| {
            [
                row.due.as_deref().unwrap_or("-"),
                row.late.as_deref().unwrap_or_default(),
                row.id,
                row.owner.as_deref().unwrap_or("-"),
                row.incident,
                &row.action,
            ]
        })
        .collect();
    columns(HEAD, &cells)
}

/// Renders overdue action items with what happened since their due dates.
fn cost_table(rows: &[&ActionRow]) -> String {
    const HEAD: [&str; 7] = [
        "INCIDENTS",
        "MINUTES",
        "USERS",
        "LATE",
        "ID",
        "OWNER",
        "ACTION",
    ];
    let costs: Vec<[String; 3]> = rows
        .iter()
        .map(|row| {
            let none = || ["0", "0", "0"].map(str::to_owned);
            row.cost.as_ref().map_or_else(none, CostView::cells)
        })
        .collect();
    let cells: Vec<[&str; 7]> = rows
        .iter()
        .zip(&costs)
        .map(|(row, [incidents, minutes, users])| {
            [
                incidents,
                minutes,
                users,
                row.late.as_deref().unwrap_or_default(),
                row.id,
                row.owner.as_deref().unwrap_or("-"),
                &row.action,
            ]
        })
        .collect();
    columns(HEAD, &cells)
}
