//! Reads the issues of a JSON export: of `gh`, or of an interface of GitHub, GitLab, Jira or Linear.

#![expect(
    clippy::option_option,
    reason = "a value that is not set differs from one that the export does not have"
)]

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    CODE, EXPECTED, Export, Issue, State, Tracker, gitlab_state, jira_state, parsed, unknown,
};
use crate::incident::Progress;
use crate::moment::Zone;
use crate::source::SourceError;

/// Reads a list of issues.
///
/// # Errors
/// Returns an error if the text is not a list of issues of one of the trackers.
pub(super) fn read(text: &str, zone: Zone) -> Result<Export, SourceError> {
    let value = parsed(text, EXPECTED)?;
    let list = issues(&value).ok_or_else(unknown)?;
    let Some(first) = list.first() else {
        let (tracker, issues) = (None, Vec::new());
        return Ok(Export { tracker, issues });
    };
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
    let tracker = Some(tracker);
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
    name: Option<String>,
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
        let state = match self.state.to_lowercase().as_str() {
            "open" => Some(State::Open),
            "closed" if is_dropped => Some(State::Is(Progress::Cancelled)),
            "closed" => Some(State::Is(Progress::Done)),
            _ => None,
        };
        let issue = Issue {
            // The `url` of the REST interface is that of the interface.
            name: self.html_url.or(self.url).unwrap_or_default(),
            owners: self.assignees.map(owners),
            ..Issue::default()
        };
        let issue = issue.with_state(&self.state, state);
        issue.with_closed(self.closed_at.as_deref(), zone)
    }
}

impl GitLab {
    fn read(self, zone: Zone) -> Issue {
        let issue = Issue {
            name: self.web_url,
            owners: self.assignees.map(owners),
            ..Issue::default()
        };
        let issue = issue.with_state(&self.state, gitlab_state(&self.state));
        let due = self.due_date.as_ref().map(Option::as_deref);
        let closed = self.closed_at.as_deref();
        issue.with_due(due, zone).with_closed(closed, zone)
    }
}

impl Jira {
    fn read(self, zone: Zone) -> Issue {
        let fields = self.fields;
        let resolution = fields.resolution.map(|resolution| resolution.name);
        let owner = |account: Option<Account>| owners(account.into_iter().collect());
        let mut issue = Issue {
            name: self.key,
            owners: fields.assignee.map(owner),
            ..Issue::default()
        };
        if let Some(JiraStatus { name, category }) = fields.status {
            let category = category.map(|category| category.key);
            let state = category.as_deref();
            let state = state.and_then(|category| jira_state(category, resolution.as_deref()));
            issue = issue.with_state(name.or(category).as_deref().unwrap_or_default(), state);
        }
        let due = fields.duedate.as_ref().map(Option::as_deref);
        let closed = fields.resolutiondate.as_deref();
        issue.with_due(due, zone).with_closed(closed, zone)
    }
}

impl Linear {
    fn read(self, zone: Zone) -> Issue {
        let owner = |account: Option<Account>| owners(account.into_iter().collect());
        let mut issue = Issue {
            name: self.identifier,
            owners: self.assignee.map(owner),
            ..Issue::default()
        };
        if let Some(LinearState { kind }) = self.state {
            let progress = match kind.as_str() {
                "triage" | "backlog" | "unstarted" => Some(Progress::Planned),
                "started" => Some(Progress::InProgress),
                "completed" => Some(Progress::Done),
                "canceled" => Some(Progress::Cancelled),
                _ => None,
            };
            issue = issue.with_state(&kind, progress.map(State::Is));
        }
        let due = self.due_date.as_ref().map(Option::as_deref);
        let closed = self.completed_at.or(self.canceled_at);
        issue
            .with_due(due, zone)
            .with_closed(closed.as_deref(), zone)
    }
}
