//! Recognizes action items by their headings, tables and lists.

use super::super::super::block::{self, Block, Kind, Part};
use super::super::super::vocabulary::{ActionColumn, Heading, WORDS};
use super::super::super::words::{bare_heading, bracket, folded, unnumbered};
use super::super::{columns, heading};
use super::item;
use crate::incident::Progress;

/// Returns `true` if a part has action items, by its heading or by its form.
pub(super) fn is_actions(part: &Part) -> bool {
    let has_any = || {
        let part = part.deepened();
        has_actions(&part) || part.parts.iter().any(is_numbered_action)
    };
    is_action_heading(part.title) && has_any()
        || has_groups_by_status(part)
        || is_actions_by_form(part)
}

/// Returns `true` if a part has action items whatever the section of its heading: a table with owners and dates, or, below
/// a heading with a word for actions, checkboxes or a status.
pub(in super::super::super) fn is_actions_by_form(part: &Part) -> bool {
    let has_word = || {
        let title = folded(part.title);
        let mut words = title.split(' ');
        words.any(|word| WORDS.action_words.iter().any(|known| known == word))
    };
    let is_told = || {
        let has_status = status_of(part.title).is_some() && has_actions(part);
        has_status || has_boxes(part) || has_groups_by_status(part)
    };
    is_action_table(part) || has_word() && is_told()
}

/// Returns `true` for a heading of action items, also with a remark or several names: `Prevention / Follow-ups`.
pub(super) fn is_action_heading(title: &str) -> bool {
    let is_known = |title: &str| WORDS.headings.heading(title.trim()) == Some(Heading::ActionItems);
    let bare = bracket(bare_heading(title)).0;
    is_known(title) || is_known(bare) || several(bare).all(is_known)
}

/// Returns the names that a heading joins: `Prevention / Follow-ups`.
pub(in super::super::super) fn several(title: &str) -> impl Iterator<Item = &str> {
    title.split(['/', '&']).flat_map(|part| part.split(" and "))
}

/// Returns the status that a heading states: `Done`, `Corrective actions (done)`.
pub(super) fn status_of(title: &str) -> Option<Progress> {
    let status = |text: &str| WORDS.values.progress.get(text);
    status(unnumbered(title)).or_else(|| status(bracket(bare_heading(title)).1?))
}

/// Returns `true` if the subheadings of a part are the statuses of action items: `Completed`, `In Progress`.
pub(in super::super::super) fn has_groups_by_status(part: &Part) -> bool {
    let is_status = |inner: &Part| status_of(inner.title).is_some() && has_actions(inner);
    part.parts.iter().any(is_status)
}

/// Returns `true` if a part starts with a table of actions with owners, whatever its heading.
fn is_action_table(part: &Part) -> bool {
    let Some(first) = first_block(part).filter(|first| first.kind == Kind::Table) else {
        return false;
    };
    let columns = columns(&block::table(first), &WORDS.columns.actions);
    let has = |column: ActionColumn| columns.contains(&Some(column));
    let is_followed = has(ActionColumn::Due) || has(ActionColumn::Status);
    has(ActionColumn::Action) && has(ActionColumn::Owner) && is_followed
}

/// Returns `true` if a part starts with a list whose items all have a checkbox.
fn has_boxes(part: &Part) -> bool {
    let first = first_block(part).filter(|first| first.kind == Kind::List);
    first.is_some_and(|first| {
        let is_box = |text: &str| {
            ["[x]", "[X]", "[ ]"]
                .iter()
                .any(|sign| text.starts_with(sign))
        };
        block::items(first).iter().all(|item| is_box(&item.text))
    })
}

/// Returns the first block of a part that is no paragraph.
fn first_block<'p, 'a>(part: &'p Part<'a>) -> Option<&'p Block<'a>> {
    let mut blocks = part.blocks.iter();
    blocks.find(|block| block.kind != Kind::Paragraph)
}

pub(super) fn has_actions(part: &Part) -> bool {
    part.blocks.iter().any(holds_actions) || part.parts.iter().any(is_group)
}

/// Returns `true` for a table or a list of action items.
pub(super) fn holds_actions(block: &Block) -> bool {
    match block.kind {
        Kind::Table => action_columns(&block::table(block)).contains(&Some(ActionColumn::Action)),
        Kind::List => true,
        _ => false,
    }
}

/// Returns the meanings of a table's columns below the heading of action items.
///
/// Without a column for the actions, they are in that of the links, if it has texts, or else in the longest one without a
/// meaning, preferably before the owner, the date and the status.
pub(super) fn action_columns(table: &block::Table) -> Vec<Option<ActionColumn>> {
    use ActionColumn::{Action, Done, Due, Link, Owner, Status};
    let mut columns = columns(table, &WORDS.columns.actions);
    let position = |wanted: &[ActionColumn]| {
        let is_wanted =
            |column: &Option<ActionColumn>| column.is_some_and(|found| wanted.contains(&found));
        columns.iter().position(is_wanted)
    };
    let details = position(&[Owner, Due, Status, Done]);
    let Some(details) = details.filter(|_| position(&[Action]).is_none()) else {
        return columns;
    };
    let cells = |index: usize| table.rows.iter().filter_map(move |(_, row)| row.get(index));
    let length = |index: &usize| cells(*index).map(String::len).sum::<usize>();
    let longest = |from: usize, to: usize| {
        let unknown = (from..to)
            .rev()
            .filter(|index| columns.get(*index) == Some(&None));
        unknown.max_by_key(length)
    };
    let texts =
        position(&[Link]).filter(|link| cells(*link).any(|cell| item::has_text_after_ticket(cell)));
    let found = { texts }
        .or_else(|| longest(0, details))
        .or_else(|| longest(details, columns.len()));
    if let Some(column) = found.and_then(|index| columns.get_mut(index)) {
        *column = Some(Action);
    }
    columns
}

/// Returns `true` for a subheading with action items below it.
pub(super) fn is_group(part: &Part) -> bool {
    !is_lesson(part) && has_actions(part)
}

fn is_lesson(part: &Part) -> bool {
    matches!(
        heading(part),
        Some(Heading::WentWell | Heading::CouldImprove | Heading::Lucky | Heading::Learnings)
    )
}

/// Returns `true` for a subheading that is an action, with a number or a name, above its description: `2) Add an alert`.
pub(super) fn is_numbered_action(part: &Part) -> bool {
    let title = part.title;
    let is_marked = unnumbered(title).len() < title.len() || names(title);
    is_marked && !part.blocks.is_empty() && part.parts.is_empty() && !has_actions(part)
}

/// Returns `true` if a text names a person by a handle: `@lee`.
fn names(title: &str) -> bool {
    let mut words = title.split([' ', '`', '(']);
    words.any(|word| word.starts_with('@') && word.len() > 1)
}

/// The length of a paragraph that may be an action, in bytes.
const LONGEST: usize = 200;

/// Returns `true` for a subheading with a short paragraph, which is the action, beside others with lists of them.
pub(super) fn is_single_action(part: &Part) -> bool {
    let is_short = |block: &Block| {
        let mut words = block.text.split(' ').map(folded);
        let is_story = { words.next() }.is_some_and(|word| WORDS.story_starts.contains(&word))
            || words.any(|word| WORDS.story_words.contains(&word));
        block.kind == Kind::Paragraph && block.text.len() < LONGEST && !is_story
    };
    let is_paragraph = matches!(part.blocks.as_slice(), [only] if is_short(only));
    let is_section = || WORDS.sections.has(&folded(unnumbered(part.title)));
    is_paragraph && part.parts.is_empty() && !is_lesson(part) && !is_section()
}
