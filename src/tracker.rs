//! Reads the issues of an export of GitHub, GitLab, Jira or Linear, and compares them with action items.
//!
//! Only documented shapes are read: an issue list of `gh` or of a REST interface as JSON, and the CSV files that the
//! trackers export. A value in a form that is not known, such as a status of one's own workflow, is never guessed: it is
//! not compared, and listed among the unknown values of its issue.

#![expect(
    clippy::option_option,
    reason = "a value that is not set differs from one that the export does not have"
)]

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::incident::{ActionItem, Progress};
use crate::moment::Zone;
use crate::source::{SYNTAX, Source, SourceError, Span};

mod csv;
mod json;

/// A tracker whose exports are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracker {
    /// `gh issue list --json …`, or the REST interface.
    GitHub,
    /// The REST interface, or a CSV export.
    GitLab,
    /// The REST interface, or a CSV export.
    Jira,
    /// The GraphQL interface, or a CSV export.
    Linear,
}

impl Tracker {
    /// Returns the name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Jira => "Jira",
            Self::Linear => "Linear",
        }
    }
}

/// The issues of an export.
#[derive(Debug)]
pub struct Export {
    /// The tracker that wrote it; `None` if it is an empty list.
    pub tracker: Option<Tracker>,
    /// The issues, in the order of the file.
    pub issues: Vec<Issue>,
}

/// An issue of a tracker.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Issue {
    /// Its URL, or its key, which is a part of the URL.
    pub name: String,
    /// Its state; `None` if it is not known.
    pub state: Option<State>,
    /// The names of its assignees; `None` if the export does not have them.
    pub owners: Option<Vec<Vec<String>>>,
    /// The due date; `None` if the export does not have due dates, or this one cannot be read.
    pub due: Option<Option<NaiveDate>>,
    /// The date on which it was closed.
    pub closed: Option<NaiveDate>,
    /// The values whose meaning is not known, by what they are.
    pub unknown: Vec<UnknownValue>,
}

/// A value of an export whose meaning is not known, so that it is not compared.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct UnknownValue {
    /// What it is: `state`, `due date` or `closing date`.
    pub what: &'static str,
    /// The value.
    pub value: String,
}

/// The state of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not closed; whether work has begun is not known.
    Open,
    /// A state that action items have, too.
    Is(Progress),
}

impl State {
    /// Returns `true` if an action item with a status agrees with this state.
    fn agrees(self, status: Progress) -> bool {
        match self {
            Self::Open => status.is_known_open(),
            Self::Is(progress) => progress == status,
        }
    }

    /// Returns the status that an action item in this state has.
    #[must_use]
    pub fn status(self) -> Progress {
        match self {
            Self::Open => Progress::Planned,
            Self::Is(progress) => progress,
        }
    }

    /// Returns the name of the state.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Is(progress) => progress.as_str(),
        }
    }
}

/// A difference between an action item and its issue.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key of the action item: `status`, `owner` or `due`.
    pub key: &'static str,
    /// The value of the action item; `None` if it has none.
    pub here: Option<String>,
    /// The value of the issue; `None` if it has none.
    pub there: Option<String>,
}

impl Issue {
    fn with_unknown(mut self, what: &'static str, value: &str) -> Self {
        let value = value.to_owned();
        self.unknown.push(UnknownValue { what, value });
        self
    }

    /// Sets the state that a value means; `None` if that is not known.
    fn with_state(mut self, value: &str, state: Option<State>) -> Self {
        self.state = state;
        match state {
            Some(_) => self,
            None => self.with_unknown("state", value),
        }
    }

    /// Sets the due date: `None` if the export has no due dates, `Some(None)` if the issue has none.
    fn with_due(mut self, value: Option<Option<&str>>, zone: Zone) -> Self {
        let text = value.flatten();
        let due = text.and_then(|text| day(text, zone));
        match (text, due) {
            (Some(text), None) => self.with_unknown("due date", text),
            _ => {
                self.due = value.map(|_| due);
                self
            }
        }
    }

    /// Sets the date on which the issue was closed, if it was.
    fn with_closed(mut self, value: Option<&str>, zone: Zone) -> Self {
        let Some(text) = value.filter(|text| !text.trim().is_empty()) else {
            return self;
        };
        self.closed = day(text, zone);
        match self.closed {
            Some(_) => self,
            None => self.with_unknown("closing date", text),
        }
    }

    /// Returns `true` if an action item links to this issue.
    #[must_use]
    pub fn is_linked(&self, url: &str) -> bool {
        if self.name.contains("://") {
            return is_same_address(&self.name, url);
        }
        let path = address(url);
        let name = self.name.to_lowercase();
        path.split('/').skip(1).any(|part| part == name)
    }

    /// Compares an action item with this issue; `names` returns all names of a person or team.
    pub fn differences(
        &self,
        item: &ActionItem,
        names: impl Fn(&str) -> Vec<String>,
    ) -> Vec<Difference> {
        let mut found = Vec::new();
        let status = item.progress();
        if let Some(state) = self.state.filter(|state| !state.agrees(status)) {
            found.push(Difference {
                key: "status",
                here: Some(status.as_str().to_owned()),
                there: Some(state.name().to_owned()),
            });
        }
        if let Some(owners) = &self.owners {
            let own: Vec<Vec<String>> = item
                .owners()
                .into_iter()
                .map(|owner| folded(&names(owner)))
                .collect();
            let is_own = |owner: &Vec<String>| {
                let owner = folded(owner);
                own.iter().flatten().any(|own| owner.contains(own))
            };
            let is_same = if own.is_empty() {
                owners.is_empty()
            } else {
                owners.iter().any(is_own)
            };
            if !is_same {
                let there = owners.iter().filter_map(|names| names.first()).cloned();
                let there: Vec<String> = there.collect();
                found.push(Difference {
                    key: "owner",
                    here: Some(item.owners().join(", ")).filter(|here| !here.is_empty()),
                    there: Some(there.join(", ")).filter(|there| !there.is_empty()),
                });
            }
        }
        let due = item.due.map(|day| day.0);
        if let Some(there) = self.due.filter(|there| *there != due) {
            found.push(Difference {
                key: "due",
                here: due.map(|day| day.to_string()),
                there: there.map(|day| day.to_string()),
            });
        }
        found
    }
}

fn folded(names: &[String]) -> Vec<String> {
    names
        .iter()
        .map(|name| name.trim().to_lowercase())
        .collect()
}

/// Returns `true` if two URLs lead to the same page.
#[must_use]
pub fn is_same_address(left: &str, right: &str) -> bool {
    address(left) == address(right)
}

/// The paths at which GitLab shows an issue, apart from `/-/issues/`.
const GITLAB_ISSUE: &[&str] = &["/-/work_items/", "/-/issues/incident/"];

/// Returns a URL as URLs are compared: without scheme, query and fragment, in lowercase, with one path for an issue.
fn address(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let url = url.trim_end_matches('/').to_lowercase();
    let other = |url: String, path: &&str| url.replace(path, "/-/issues/");
    GITLAB_ISSUE.iter().fold(url, other)
}

/// Reads an export; times are in a time zone if the export does not name one.
///
/// # Errors
/// Returns an error if the text is not an export of one of the trackers.
pub fn read(source: &Source, zone: Zone) -> Result<Export, SourceError> {
    let text = source.text();
    let export = if text.trim_start().starts_with(['[', '{']) {
        json::read(text, zone)
    } else {
        csv::read(text, zone)
    }?;
    let mut issues = export.issues.iter().enumerate();
    let error = |message: String, help: &str| SourceError::of_file(CODE, message).help(help);
    if let Some((index, _)) = issues.clone().find(|(_, issue)| issue.name.is_empty()) {
        let message = format!("issue {} has no URL or key", index + 1);
        return Err(error(message, EXPECTED));
    }
    // Which of them is right is not known.
    let twice = issues.find(|(index, issue)| {
        let mut before = export.issues.iter().take(*index);
        before.any(|other| is_same_address(&other.name, &issue.name) && other != *issue)
    });
    if let Some((_, issue)) = twice {
        let message = format!("two issues have the name `{}` and differ", issue.name);
        return Err(error(message, "remove the one that is out of date"));
    }
    Ok(export)
}

/// The code of a file that is no export.
pub const CODE: &str = "tracker-export";

const EXPECTED: &str = "export the issues as JSON (`gh issue list --json url,state,stateReason,assignees,closedAt`, or an issue list of the REST interface of GitHub, GitLab or Jira, or issues of the GraphQL interface of Linear) or as CSV (GitLab, Jira or Linear)";

fn unknown() -> SourceError {
    SourceError::of_file(
        CODE,
        "not a list of issues of GitHub, GitLab, Jira or Linear",
    )
    .help(EXPECTED)
}

/// Parses a JSON text.
///
/// # Errors
/// Returns an error with `help` if the text is not valid JSON.
pub fn parsed(text: &str, help: &str) -> Result<Value, SourceError> {
    serde_json::from_str(text).map_err(|error| {
        let before = text.lines().take(error.line().saturating_sub(1));
        let start: usize = before.map(|line| line.len() + 1).sum();
        let span = Span::at(start + error.column().saturating_sub(1));
        SourceError::new(SYNTAX, span, format!("not valid JSON: {error}")).help(help)
    })
}

fn gitlab_state(state: &str) -> Option<State> {
    match state.to_lowercase().as_str() {
        "opened" | "open" => Some(State::Open),
        "closed" => Some(State::Is(Progress::Done)),
        _ => None,
    }
}

/// Returns the state of a status category, which every status of a Jira project belongs to.
fn jira_state(category: &str, resolution: Option<&str>) -> Option<State> {
    let dropped = [
        "won't do",
        "won't fix",
        "duplicate",
        "declined",
        "cannot reproduce",
        "cancelled",
        "canceled",
    ];
    let is_dropped = resolution.is_some_and(|name| dropped.contains(&name.to_lowercase().as_str()));
    Some(State::Is(match category.to_lowercase().as_str() {
        "new" | "to do" => Progress::Planned,
        "indeterminate" | "in progress" => Progress::InProgress,
        "done" if is_dropped => Progress::Cancelled,
        "done" => Progress::Done,
        _ => return None,
    }))
}

/// Returns the date of a time in the forms that trackers write, in a time zone.
fn day(text: &str, zone: Zone) -> Option<NaiveDate> {
    let text = text.trim();
    let in_zone = |at: DateTime<Utc>| zone.wall_clock(at).date();
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(day);
    }
    let offsets = ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M:%S%.f%z"];
    let with_offset = offsets
        .iter()
        .find_map(|form| DateTime::parse_from_str(text, form).ok());
    if let Some(at) = with_offset.or_else(|| DateTime::parse_from_rfc3339(text).ok()) {
        return Some(in_zone(at.with_timezone(&Utc)));
    }
    let utc = text.trim_end_matches(" UTC");
    if let Ok(at) = NaiveDateTime::parse_from_str(utc, "%Y-%m-%d %H:%M:%S") {
        return Some(in_zone(at.and_utc()));
    }
    // Jira writes its CSV in the time zone of the user.
    let jira = ["%d/%b/%y %I:%M %p", "%d/%b/%y %H:%M"];
    let jira = jira
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = jira.map(|at| at.date());
    day.or_else(|| NaiveDate::parse_from_str(text, "%d/%b/%y").ok())
}

#[cfg(test)]
mod tests;
