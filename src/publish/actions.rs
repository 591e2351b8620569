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
    ]);
    for row in rows {
        let row = row.borrow();
        let overdue = if row.urgency == Urgency::Overdue {
            "yes"
        } else {
            "no"
        };
        table.row(&[
            row.id,
            row.action,
            row.owner.as_deref().unwrap_or_default(),
            row.due.as_deref().unwrap_or_default(),
            row.status.key,
            overdue,
            row.done_on.as_deref().unwrap_or_default(),
            row.priority.unwrap_or_default(),
            row.purpose.unwrap_or_default(),
            row.incident,
            row.incident_title,
            row.url.unwrap_or_default(),
            &row.owners.join(";"),
        ]);
    }
    table.finish()
}
