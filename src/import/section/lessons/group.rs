//! Imports action items below a heading and its subheadings.

use super::super::super::block::{self, Item, Kind, Part};
use super::super::super::draft::Draft;
use super::super::super::words::{self, bare_heading, bracket, line, prose};
use super::super::{each_block, remainder, subsection};
use super::shape::{
    has_actions, holds_actions, is_group, is_numbered_action, is_single_action, status_of,
};
use super::{action, done, table};
use crate::incident::{ActionItem, Progress, Section};
use crate::kind::Line;

/// What a subheading says of the action items below it.
#[derive(Clone, Default)]
struct Group {
    /// Their status: `Done`.
    status: Option<Progress>,
    /// Their type: `Proxy`.
    purpose: Option<Line>,
}

impl Group {
    /// Reads a subheading, which is the status of its items, their type, or both: `Proxy (done)`.
    fn new(title: &str) -> Self {
        let status = status_of(title);
        let is_whole = words::folded(title) == words::folded(bracket(title).0);
        let purpose = match status {
            Some(_) if is_whole => None,
            Some(_) => Some(line(bracket(bare_heading(title)).0)),
            None => Some(line(title)),
        };
        Self { status, purpose }
    }

    /// Returns an action item with the status and the type of the group, unless it has its own.
    fn completed(&self, row: ActionItem) -> ActionItem {
        ActionItem {
            status: row.status.or(self.status),
            purpose: row.purpose.clone().or_else(|| self.purpose.clone()),
            ..row
        }
    }
}

/// Imports the action items of a part and of those below it; the text among them stays prose.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let group = Group {
        status: status_of(part.title),
        purpose: None,
    };
    grouped(draft, &part.deepened(), &group);
}

fn grouped(draft: &mut Draft, part: &Part, group: &Group) {
    let near = draft.times.day;
    let mut above = None;
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let Some(first) = rest.first().filter(|first| holds_actions(first)) else {
            let found = rest.first().and_then(done::stated_above);
            above = found.map(|found| found.status);
            let is_above = rest.get(1).is_some_and(holds_actions);
            return usize::from(found.is_some_and(|found| found.is_whole) && is_above);
        };
        let group = Group {
            status: above.take().or(group.status),
            ..group.clone()
        };
        let rows: Vec<ActionItem> = match first.kind {
            Kind::Table => { table::read(draft, part, first).into_iter() }
                .map(|(_, row)| row)
                .collect(),
            _ => {
                let items = block::items(first);
                items.iter().map(|item| action(item, near)).collect()
            }
        };
        let (none, rows): (Vec<ActionItem>, Vec<ActionItem>) =
            { rows.into_iter() }.partition(|row| words::is_nothing(&row.action));
        for row in none {
            draft.note(
                first.line,
                format!("`{}` read as no action item", &*row.action),
            );
        }
        let rows = rows.into_iter().map(|row| group.completed(row));
        draft.incident.action_items.extend(rows);
        1
    });
    remainder(draft, Section::Lessons, part.title, &kept);
    let has_groups = part.parts.iter().any(has_actions);
    for inner in &part.parts {
        if is_group(inner) {
            grouped(draft, inner, &Group::new(inner.title));
        } else if is_numbered_action(inner) {
            let row = titled(inner, near);
            draft.incident.action_items.push(group.completed(row));
        } else if has_groups && is_single_action(inner) {
            let row = action(&whole(inner), near);
            let group = Group::new(inner.title);
            draft.incident.action_items.push(group.completed(row));
        } else {
            subsection(draft, Section::Lessons, inner);
        }
    }
}

/// Reads an action from a subheading, with the text below it as its notes.
fn titled(part: &Part, near: Option<chrono::NaiveDate>) -> ActionItem {
    let title = Item {
        line: part.line,
        text: part.title.to_owned(),
    };
    let row = action(&title, near);
    ActionItem {
        status: row.status.or(Some(Progress::Unknown)),
        notes: Some(prose(part.body)),
        ..row
    }
}

/// Returns the text below a subheading as an item.
fn whole(part: &Part) -> Item {
    Item {
        line: part.line,
        text: part.body.trim().to_owned(),
    }
}
