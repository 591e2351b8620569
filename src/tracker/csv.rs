//! Reads the issues of a CSV export of GitLab, Jira or Linear.

#![expect(
    clippy::option_option,
    reason = "a value that is not set differs from one that the export does not have"
)]

use super::{Export, Issue, State, Tracker, gitlab_state, jira_state, unknown};
use crate::incident::Progress;
use crate::moment::Zone;
use crate::source::SourceError;
use crate::source::csv::{Table, TableCell};

/// Reads a table of issues.
///
/// # Errors
/// Returns an error if the text is not a table that one of the trackers exports.
pub(super) fn read(text: &str, zone: Zone) -> Result<Export, SourceError> {
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
    let tracker = Some(tracker);
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

    /// Returns the due date: `None` if the export has no due dates, `Some(None)` if this issue has none.
    fn due(&self) -> Option<Option<&str>> {
        let due = self.cell("Due date")?;
        Some(Some(due).filter(|due| !due.is_empty()))
    }
}

fn jira_row(row: &Row, zone: Zone) -> Issue {
    let names = ["to do", "in progress", "done"];
    // The three statuses that every project begins with are called as their categories are.
    let status = row
        .value("Status")
        .filter(|name| names.contains(&name.to_lowercase().as_str()));
    let category = row.value("Status Category").or(status);
    let state = category.and_then(|category| jira_state(category, row.value("Resolution")));
    let issue = Issue {
        name: row.value("Issue key").unwrap_or_default().to_owned(),
        owners: row.owners(&["Assignee"]),
        ..Issue::default()
    };
    let issue = issue.with_state(row.cell("Status").unwrap_or_default(), state);
    issue
        .with_due(row.due(), zone)
        .with_closed(row.value("Resolved"), zone)
}

fn gitlab_row(row: &Row, zone: Zone) -> Issue {
    let issue = Issue {
        name: row.value("URL").unwrap_or_default().to_owned(),
        owners: row.owners(&["Assignee", "Assignee Username"]),
        ..Issue::default()
    };
    let state = row.cell("State").unwrap_or_default();
    issue
        .with_state(state, gitlab_state(state))
        .with_due(row.due(), zone)
        .with_closed(row.value("Closed At (UTC)"), zone)
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
    let issue = Issue {
        name: row.value("ID").unwrap_or_default().to_owned(),
        state: Some(State::Is(progress)),
        owners: row.owners(&["Assignee"]),
        ..Issue::default()
    };
    let closed = row.value("Completed").or_else(|| row.value("Canceled"));
    issue.with_due(row.due(), zone).with_closed(closed, zone)
}
