//! Writes the action items of all incidents as CSV.

use std::borrow::Borrow;

use super::csv::Csv;
use crate::view::action::{ActionRow, Urgency};

/// Returns a table of action items; a value that is not recorded is empty.
#[must_use]
pub fn csv<'a>(rows: impl IntoIterator<Item: Borrow<ActionRow<'a>>>) -> String {
    let mut table = Csv::new(&[
        "id",
        "action",
        "owner",
        "due",
        "status",
        "overdue",
        "done_on",
        "priority",
        "type",
        "incident",
        "incident_title",
        "url",
        "owners",
        "incidents_since_due",
        "minutes_since_due",
        "users_since_due",
        "number_of_incidents_since_due",
    ]);
    for row in rows {
        let row = row.borrow();
        let overdue = if row.urgency == Urgency::Overdue {
            "yes"
        } else {
            "no"
        };
        let cost = row.cost.as_ref();
        let known = |is_least: bool, number: String| {
            if is_least { String::new() } else { number }
        };
        let minutes = cost.map(|cost| known(cost.minutes_at_least, cost.minutes.to_string()));
        let users = cost.map(|cost| known(cost.users_at_least, cost.users.to_string()));
        // The latest ones; the last column has the number of all.
        let incidents = cost.map(|cost| cost.incidents.join(";"));
        let count = cost.map(|cost| cost.count.to_string());
        table.row(&[
            row.id,
            &row.action,
            row.owner.as_deref().unwrap_or_default(),
            row.due.as_deref().unwrap_or_default(),
            row.status.key,
            overdue,
            row.done_on.as_deref().unwrap_or_default(),
            row.priority.as_deref().unwrap_or_default(),
            row.purpose.as_deref().unwrap_or_default(),
            row.incident,
            row.incident_title,
            row.url.as_deref().unwrap_or_default(),
            &row.owners.join(";"),
            incidents.as_deref().unwrap_or_default(),
            minutes.as_deref().unwrap_or_default(),
            users.as_deref().unwrap_or_default(),
            count.as_deref().unwrap_or_default(),
        ]);
    }
    table.finish()
}
