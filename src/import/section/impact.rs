//! Imports the section Impact Analysis: users, customers, business.

use serde_json::{Map, Value, json};

use super::super::block::{self, Block, Kind, Part, Table};
use super::super::draft::Draft;
use super::super::vocabulary::{self, key};
use super::super::words::{
    self, Labelled, bracket, count, counted, labelled, plain_label, recorded,
};
use super::{has_list, is_titled, remainder, subsection};
use crate::kind::Mail;

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    // Import customers first, because totals are computed from their table.
    for inner in part.parts.iter().filter(|inner| is_customers(inner)) {
        customers(draft, inner);
    }
    let mut kept: Vec<Block> = Vec::new();
    for block in &part.blocks {
        if !list(draft, part.title, block, user) {
            kept.push(*block);
        }
    }
    remainder(draft, "impact", part.title, &kept);
    for inner in part.parts.iter().filter(|inner| !is_customers(inner)) {
        let read: fn(&mut Draft, usize, Labelled) -> bool = match () {
            () if is_titled(inner, &["user impact"]) => user,
            () if is_titled(inner, &["business impact"]) => business,
            () => {
                subsection(draft, "impact", inner);
                continue;
            }
        };
        if !has_list(inner) && is_titled(inner, &["business impact"]) {
            draft.open("impact.business");
        }
        let mut kept: Vec<Block> = Vec::new();
        for block in &inner.blocks {
            if !list(draft, inner.title, block, read) {
                kept.push(*block);
            }
        }
        remainder(draft, "impact", inner.title, &kept);
        for deeper in &inner.parts {
            subsection(draft, "impact", deeper);
        }
    }
}

fn is_customers(part: &Part) -> bool {
    is_titled(
        part,
        &["customer specific impact", "customer impact", "customers"],
    ) && part
        .blocks
        .first()
        .is_some_and(|block| block.kind == Kind::Table)
}

/// Imports a list of labelled items; returns `false` if the block is not such a list.
fn list(
    draft: &mut Draft,
    title: &str,
    block: &Block,
    read: fn(&mut Draft, usize, Labelled) -> bool,
) -> bool {
    let items = if block.kind == Kind::List {
        block::items(block)
    } else {
        Vec::new()
    };
    let known = !items.is_empty()
        && items
            .iter()
            .all(|item| label(&item.text).is_some() && !item.text.contains('\n'));
    if known {
        for item in items {
            let found = label(&item.text).map(|found| read(draft, item.line, found));
            if found != Some(true) {
                draft.keep_unmapped(title, item.line, &item.text);
            }
        }
    }
    known
}

fn label(text: &str) -> Option<Labelled<'_>> {
    labelled(text).or_else(|| plain_label(text))
}

fn user(draft: &mut Draft, line: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    match words::folded(label).as_str() {
        // The duration is computed.
        "duration" => return super::summary::fact(draft, line, found),
        "users affected" | "affected users" | "users impacted" => {
            return affected(draft, value, "users");
        }
        "customers affected" | "affected customers" | "customers impacted" => {
            return affected(draft, value, "customers");
        }
        "impact type" => draft.set("impact.type", value),
        _ if key(vocabulary::LOSS, label).is_some() => {
            draft.set_some("impact.data_loss", key(vocabulary::LOSS, label));
            draft.set_some(
                "impact.data_loss_note",
                Some(value).filter(|value| !value.is_empty()),
            );
        }
        _ if key(vocabulary::EXPOSURE, label).is_some() => {
            draft.set_some("impact.data_exposure", key(vocabulary::EXPOSURE, label));
            draft.set_some(
                "impact.data_exposure_note",
                Some(value).filter(|value| !value.is_empty()),
            );
        }
        _ if value.is_empty() => return false,
        _ => draft.push("impact.effects", json!({ "name": label, "text": value })),
    }
    true
}

/// Imports `~1,247 users across 12 customer accounts`; returns `false` if it is not understood.
///
/// Totals that follow from the customer table are not stored. A number without a noun counts
/// `noun`.
pub(super) fn affected(draft: &mut Draft, value: &str, noun: &str) -> bool {
    let table = draft.get("impact.customers");
    let rows = table.and_then(Value::as_array).into_iter().flatten();
    let in_rows = { rows }.any(|row| row.get("users").is_some());
    let has_table = table.is_some();
    let bare = value.strip_prefix("at least ").unwrap_or(value);
    let (bare, about) = bare
        .strip_prefix('~')
        .map_or((bare, false), |bare| (bare, true));
    let with_noun = format!("{bare} {noun}");
    let bare = if count(bare).is_some() {
        &with_noun
    } else {
        bare
    };
    let (users, accounts) = match bare.split_once(" across ") {
        Some((users, accounts)) => (users, Some(accounts)),
        None => (bare, None),
    };
    let count_of = |text: &str, nouns: &[&str]| {
        counted(text)
            .filter(|(_, noun)| nouns.contains(noun))
            .map(|(number, _)| number)
    };
    let accounts_of = |text: &str| {
        count_of(
            text,
            &[
                "customer accounts",
                "customer account",
                "accounts",
                "customers",
            ],
        )
    };
    let users_found = count_of(users, &["users", "user"]);
    let accounts_found = match accounts {
        Some(text) => accounts_of(text),
        None if users_found.is_none() => accounts_of(users),
        None => None,
    };
    let understood = (users_found.is_some() || accounts_found.is_some())
        && (accounts.is_none() || accounts_found.is_some());
    if !understood {
        return false;
    }
    if about {
        draft.set("impact.users_estimated", true);
    }
    if !in_rows {
        draft.set_some("impact.users", users_found);
    }
    if !has_table {
        draft.set_some("impact.accounts", accounts_found);
    }
    true
}

fn business(draft: &mut Draft, line: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    match words::folded(label).as_str() {
        "revenue impact" | "revenue" | "revenue loss" | "financial impact" => {
            draft.set("impact.business.revenue", value);
        }
        "reputation impact" => draft.set("impact.business.reputation", value),
        "customer churn risk" => draft.set("impact.business.churn_risk", value),
        "support tickets" => {
            let tickets = counted(value)
                .filter(|(_, noun)| matches!(*noun, "tickets opened" | "ticket opened"));
            draft.set_some(
                "impact.business.support_tickets",
                tickets.map(|(number, _)| number),
            );
            return tickets.is_some();
        }
        _ => return user(draft, line, found),
    }
    true
}

/// The content of a column of the customer table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Users,
    Complaints,
    Contact,
    Measure,
}

fn column(table: &Table, index: usize) -> Column {
    let title = table
        .columns
        .get(index)
        .map(|title| words::folded(title))
        .unwrap_or_default();
    let all = |is_valid: fn(&str) -> bool| {
        table
            .rows
            .iter()
            .filter_map(|(_, row)| row.get(index))
            .all(|cell| recorded(cell).is_none_or(is_valid))
    };
    match title.as_str() {
        _ if index == 0 => Column::Name,
        "users affected" | "users" if all(|cell| count(cell).is_some()) => Column::Users,
        "complaints" if all(|cell| count(cell).is_some()) => Column::Complaints,
        "contact" if all(|cell| Mail::new(cell).is_ok()) => Column::Contact,
        _ => Column::Measure,
    }
}

fn customers(draft: &mut Draft, part: &Part) {
    let Some((first, rest)) = part.blocks.split_first() else {
        return;
    };
    let table = block::table(first);
    for (line, row) in &table.rows {
        let name = row
            .first()
            .map(|name| name.trim_matches('*').to_lowercase())
            .unwrap_or_default();
        if matches!(name.trim(), "total" | "totals") {
            draft.note(*line, "totals row not imported; totals are computed");
            continue;
        }
        let mut customer = Map::new();
        let mut measures = Map::new();
        for (index, cell) in row.iter().enumerate() {
            let title = table.columns.get(index).map(String::as_str);
            let Some(title) = title else {
                draft.keep_unmapped(part.title, *line, cell);
                continue;
            };
            let Some(value) = recorded(cell).or((index == 0).then_some(cell)) else {
                continue;
            };
            match column(&table, index) {
                Column::Name => {
                    let (name, accounts) = accounts(value);
                    customer.insert("name".to_owned(), name.into());
                    if let Some(accounts) = accounts {
                        customer.insert("accounts".to_owned(), json!(accounts));
                    }
                }
                Column::Users => {
                    customer.insert("users".to_owned(), json!(count(value)));
                }
                Column::Complaints => {
                    customer.insert("complaints".to_owned(), json!(count(value)));
                }
                Column::Contact => {
                    customer.insert("contact".to_owned(), value.into());
                }
                Column::Measure => {
                    measures.insert(title.to_owned(), value.into());
                }
            }
        }
        if !measures.is_empty() {
            customer.insert("measures".to_owned(), Value::Object(measures));
        }
        draft.push("impact.customers", Value::Object(customer));
    }
    remainder(draft, "impact", part.title, rest);
    for inner in &part.parts {
        subsection(draft, "impact", inner);
    }
}

/// Splits `Others (8 accounts)` into name and number of accounts.
fn accounts(name: &str) -> (&str, Option<u32>) {
    let (rest, note) = bracket(name);
    match note.and_then(counted) {
        Some((number, "accounts" | "account")) if number != 1 => (rest, Some(number)),
        _ => (name, None),
    }
}
