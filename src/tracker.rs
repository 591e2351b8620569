//! Reads the issues of an export of GitHub, GitLab, Jira or Linear, and compares them with action items.
//!
//! Only documented shapes are read: an issue list of `gh` or of a REST interface as JSON, and the CSV files that the
//! trackers export. A value in a form that is not known, such as a status of one's own workflow, is never guessed: it is
//! not compared.

#![expect(
    clippy::option_option,
    reason = "a value that is not set differs from one that the export does not have"
)]

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::incident::{ActionItem, Progress};
use crate::moment::Zone;
use crate::source::csv::{Table, TableCell};
use crate::source::{SYNTAX, Source, SourceError, Span};

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
    /// The tracker that wrote it.
    pub tracker: Tracker,
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
            Self::Open => matches!(status, Progress::Planned | Progress::InProgress),
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
            Self::Is(progress) => progress_name(progress),
        }
    }
}

/// Returns the key of a status.
#[must_use]
pub fn progress_name(progress: Progress) -> &'static str {
    match progress {
        Progress::Done => "done",
        Progress::InProgress => "in_progress",
        Progress::Planned => "planned",
        Progress::Cancelled => "cancelled",
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
        let status = item.status.unwrap_or(Progress::Planned);
        if let Some(state) = self.state.filter(|state| !state.agrees(status)) {
            found.push(Difference {
                key: "status",
                here: Some(progress_name(status).to_owned()),
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

/// Returns a URL as URLs are compared: without scheme, query and fragment, in lowercase.
fn address(url: &str) -> String {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.split(['?', '#']).next().unwrap_or_default();
    url.trim_end_matches('/').to_lowercase()
}

/// Reads an export; times are in a time zone if the export does not name one.
///
/// # Errors
/// Returns an error if the text is not an export of one of the trackers.
pub fn read(source: &Source, zone: Zone) -> Result<Export, SourceError> {
    let text = source.text();
    if text.trim_start().starts_with(['[', '{']) {
        json(text, zone)
    } else {
        csv(text, zone)
    }
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

fn json(text: &str, zone: Zone) -> Result<Export, SourceError> {
    let value = parsed(text, EXPECTED)?;
    let list = issues(&value).ok_or_else(unknown)?;
    let first = list.first().ok_or_else(unknown)?;
    let has = |keys: &[&str]| keys.iter().all(|key| first.get(key).is_some());
    let tracker = if has(&["fields", "key"]) {
        Tracker::Jira
    } else if has(&["identifier"]) {
        Tracker::Linear
    } else if has(&["web_url", "iid", "state"]) {
        Tracker::GitLab
    } else if has(&["html_url", "number", "state"]) || has(&["url", "state"]) {
        Tracker::GitHub
    } else {
        return Err(unknown());
    };
    let issue = |(index, value): (usize, &Value)| {
        let read = match tracker {
            Tracker::GitHub => typed::<GitHub>(value).map(|issue| issue.read(zone)),
            Tracker::GitLab => typed::<GitLab>(value).map(|issue| issue.read(zone)),
            Tracker::Jira => typed::<Jira>(value).map(|issue| issue.read(zone)),
            Tracker::Linear => typed::<Linear>(value).map(|issue| issue.read(zone)),
        };
        read.map_err(|reason| {
            let message = format!(
                "issue {} of the {} export cannot be read: {reason}",
                index + 1,
                tracker.name()
            );
            SourceError::of_file(CODE, message).help(EXPECTED)
        })
    };
    let issues = list.iter().enumerate().map(issue);
    let issues = issues.collect::<Result<_, _>>()?;
    Ok(Export { tracker, issues })
}

fn typed<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

/// Returns the list of issues: the value itself, or the list that an interface wraps.
fn issues(value: &Value) -> Option<&Vec<Value>> {
    let paths = [
        "",
        "/issues",
        "/items",
        "/nodes",
        "/issues/nodes",
        "/data/issues/nodes",
    ];
    paths
        .iter()
        .find_map(|path| value.pointer(path)?.as_array())
}

#[derive(Deserialize)]
struct GitHub {
    url: Option<String>,
    html_url: Option<String>,
    state: String,
    #[serde(alias = "stateReason")]
    state_reason: Option<String>,
    assignees: Option<Vec<Account>>,
    #[serde(alias = "closedAt")]
    closed_at: Option<String>,
}

#[derive(Deserialize)]
struct GitLab {
    web_url: String,
    state: String,
    assignees: Option<Vec<Account>>,
    #[serde(default, deserialize_with = "present")]
    due_date: Option<Option<String>>,
    closed_at: Option<String>,
}

/// An account of a tracker, with the names that it has.
#[derive(Deserialize)]
struct Account {
    name: Option<String>,
    #[serde(alias = "displayName")]
    display_name: Option<String>,
    login: Option<String>,
    username: Option<String>,
    #[serde(alias = "emailAddress")]
    email: Option<String>,
}

#[derive(Deserialize)]
struct Jira {
    key: String,
    fields: JiraFields,
}

#[derive(Deserialize)]
struct JiraFields {
    status: Option<JiraStatus>,
    #[serde(default, deserialize_with = "present")]
    assignee: Option<Option<Account>>,
    #[serde(default, deserialize_with = "present")]
    duedate: Option<Option<String>>,
    resolution: Option<JiraName>,
    resolutiondate: Option<String>,
}

#[derive(Deserialize)]
struct JiraStatus {
    #[serde(rename = "statusCategory")]
    category: Option<JiraCategory>,
}

#[derive(Deserialize)]
struct JiraCategory {
    key: String,
}

#[derive(Deserialize)]
struct JiraName {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Linear {
    identifier: String,
    state: Option<LinearState>,
    #[serde(default, deserialize_with = "present")]
    assignee: Option<Option<Account>>,
    #[serde(default, deserialize_with = "present")]
    due_date: Option<Option<String>>,
    completed_at: Option<String>,
    canceled_at: Option<String>,
}

#[derive(Deserialize)]
struct LinearState {
    #[serde(rename = "type")]
    kind: String,
}

/// Reads a value that may be `null`, so that it differs from a key that is missing.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

impl Account {
    /// Returns the names, the one for people first.
    fn names(self) -> Vec<String> {
        let names = [
            self.display_name,
            self.name,
            self.login,
            self.username,
            self.email,
        ];
        let names = names.into_iter().flatten();
        names.filter(|name| !name.is_empty()).collect()
    }
}

fn owners(accounts: Vec<Account>) -> Vec<Vec<String>> {
    accounts.into_iter().map(Account::names).collect()
}

impl GitHub {
    fn read(self, zone: Zone) -> Issue {
        let is_dropped = self.state_reason.as_deref().is_some_and(|reason| {
            ["not_planned", "duplicate"].contains(&reason.to_lowercase().as_str())
        });
        Issue {
            // The `url` of the REST interface is that of the interface.
            name: self.html_url.or(self.url).unwrap_or_default(),
            state: match self.state.to_lowercase().as_str() {
                "open" => Some(State::Open),
                "closed" if is_dropped => Some(State::Is(Progress::Cancelled)),
                "closed" => Some(State::Is(Progress::Done)),
                _ => None,
            },
            owners: self.assignees.map(owners),
            due: None,
            closed: self.closed_at.and_then(|at| day(&at, zone)),
        }
    }
}

impl GitLab {
    fn read(self, zone: Zone) -> Issue {
        Issue {
            name: self.web_url,
            state: gitlab_state(&self.state),
            owners: self.assignees.map(owners),
            due: self.due_date.and_then(|due| due_day(due.as_deref(), zone)),
            closed: self.closed_at.and_then(|at| day(&at, zone)),
        }
    }
}

fn gitlab_state(state: &str) -> Option<State> {
    match state.to_lowercase().as_str() {
        "opened" | "open" => Some(State::Open),
        "closed" => Some(State::Is(Progress::Done)),
        _ => None,
    }
}

impl Jira {
    fn read(self, zone: Zone) -> Issue {
        let fields = self.fields;
        let category = fields.status.and_then(|status| status.category);
        let resolution = fields.resolution.map(|resolution| resolution.name);
        Issue {
            name: self.key,
            state: category.and_then(|category| jira_state(&category.key, resolution.as_deref())),
            owners: fields
                .assignee
                .map(|account| owners(account.into_iter().collect())),
            due: fields.duedate.and_then(|due| due_day(due.as_deref(), zone)),
            closed: fields.resolutiondate.and_then(|at| day(&at, zone)),
        }
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

impl Linear {
    fn read(self, zone: Zone) -> Issue {
        let closed = self.completed_at.or(self.canceled_at);
        Issue {
            name: self.identifier,
            state: self.state.and_then(|state| {
                Some(State::Is(match state.kind.as_str() {
                    "triage" | "backlog" | "unstarted" => Progress::Planned,
                    "started" => Progress::InProgress,
                    "completed" => Progress::Done,
                    "canceled" => Progress::Cancelled,
                    _ => return None,
                }))
            }),
            owners: self
                .assignee
                .map(|account| owners(account.into_iter().collect())),
            due: self.due_date.and_then(|due| due_day(due.as_deref(), zone)),
            closed: closed.and_then(|at| day(&at, zone)),
        }
    }
}

fn csv(text: &str, zone: Zone) -> Result<Export, SourceError> {
    let table = Table::parse(text)?;
    if let Some(error) = table.ragged().next() {
        return Err(error);
    }
    let has = |names: &[&str]| names.iter().all(|name| table.column(name).is_some());
    let (tracker, issue): (Tracker, fn(&Row, Zone) -> Issue) = if has(&["Issue key", "Status"]) {
        (Tracker::Jira, jira_row)
    } else if has(&["URL", "State", "Issue ID"]) {
        (Tracker::GitLab, gitlab_row)
    } else if has(&["ID", "Team", "Title", "Status", "Completed"]) {
        (Tracker::Linear, linear_row)
    } else {
        return Err(unknown());
    };
    let rows = table.rows.iter();
    let rows = rows.map(|cells| Row {
        table: &table,
        cells,
    });
    let issues = rows.map(|row| issue(&row, zone)).collect();
    Ok(Export { tracker, issues })
}

/// A row of a CSV export.
struct Row<'a> {
    table: &'a Table<'a>,
    cells: &'a [TableCell<'a>],
}

impl Row<'_> {
    /// Returns the value of a column, which may be empty; `None` if there is no such column.
    fn cell(&self, name: &str) -> Option<&str> {
        let cell = self.cells.get(self.table.column(name)?)?;
        Some(&cell.text)
    }

    /// Returns the value of a column that is not empty.
    fn value(&self, name: &str) -> Option<&str> {
        self.cell(name).filter(|text| !text.is_empty())
    }

    /// Returns the assignees by their columns; `None` if the export has none of these.
    fn owners(&self, columns: &[&str]) -> Option<Vec<Vec<String>>> {
        self.cell(columns.first()?)?;
        let names = columns.iter().filter_map(|column| self.value(column));
        let names: Vec<String> = names.map(str::to_owned).collect();
        Some(if names.is_empty() {
            Vec::new()
        } else {
            vec![names]
        })
    }

    fn due(&self, zone: Zone) -> Option<Option<NaiveDate>> {
        let due = self.cell("Due date")?;
        due_day(Some(due).filter(|due| !due.is_empty()), zone)
    }

    fn day(&self, name: &str, zone: Zone) -> Option<NaiveDate> {
        day(self.value(name)?, zone)
    }
}

fn jira_row(row: &Row, zone: Zone) -> Issue {
    let category = row.value("Status Category");
    let names = ["to do", "in progress", "done"];
    // The three statuses that every project begins with are called as their categories are.
    let status = row
        .value("Status")
        .filter(|name| names.contains(&name.to_lowercase().as_str()));
    Issue {
        name: row.value("Issue key").unwrap_or_default().to_owned(),
        state: category
            .or(status)
            .and_then(|category| jira_state(category, row.value("Resolution"))),
        owners: row.owners(&["Assignee"]),
        due: row.due(zone),
        closed: row.day("Resolved", zone),
    }
}

fn gitlab_row(row: &Row, zone: Zone) -> Issue {
    Issue {
        name: row.value("URL").unwrap_or_default().to_owned(),
        state: row.value("State").and_then(gitlab_state),
        owners: row.owners(&["Assignee", "Assignee Username"]),
        due: row.due(zone),
        closed: row.day("Closed At (UTC)", zone),
    }
}

fn linear_row(row: &Row, zone: Zone) -> Issue {
    let progress = if row.value("Canceled").is_some() {
        Progress::Cancelled
    } else if row.value("Completed").is_some() {
        Progress::Done
    } else if row.value("Started").is_some() {
        Progress::InProgress
    } else {
        Progress::Planned
    };
    Issue {
        name: row.value("ID").unwrap_or_default().to_owned(),
        state: Some(State::Is(progress)),
        owners: row.owners(&["Assignee"]),
        due: row.due(zone),
        closed: row
            .day("Completed", zone)
            .or_else(|| row.day("Canceled", zone)),
    }
}

/// Reads a due date; `None` if its form is not known.
fn due_day(text: Option<&str>, zone: Zone) -> Option<Option<NaiveDate>> {
    match text {
        None => Some(None),
        Some(text) => day(text, zone).map(Some),
    }
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
