//! Writes the action items of all incidents as CSV.

use std::borrow::Borrow;
use std::io;

use super::csv::Csv;
use super::write::{Content, buffered};
use crate::view::action::{ActionRow, Items, Urgency};

/// Returns a table of action items; a value that is not recorded is empty.
#[must_use]
pub fn csv<'a>(rows: impl IntoIterator<Item: Borrow<ActionRow<'a>>>) -> String {
    let mut table = head();
    for item in rows {
        row(item.borrow(), &mut table);
    }
    table.finish()
}

/// A table of all action items, as a file of a site.
pub(super) struct Table<'i, 'a>(pub &'i Items<'a>);

impl Content for Table<'_, '_> {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut table = head();
        buffered(take, |out| {
            for item in self.0.rows() {
                row(&item, &mut table);
                out.write_all(std::mem::take(&mut table).finish().as_bytes())?;
            }
            out.write_all(table.finish().as_bytes())
        })
    }
}

fn head() -> Csv {
    Csv::new(&[
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
    ])
}

fn row(row: &ActionRow, table: &mut Csv) {
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
