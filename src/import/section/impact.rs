//! Imports the section Impact Analysis: users, customers, business.

use super::super::block::{self, Kind, Part, Table};
use super::super::draft::Draft;
use super::super::vocabulary::{BusinessLabel, CustomerColumn, Heading, ImpactLabel, WORDS};
use super::super::words::{Labelled, bracket, count, counted, line, recorded};
use super::{
    any_label, each_block, has_list, heading, labelled_list, remainder, subsection, subsections,
};
use crate::incident::{Business, Customer, Effect, Impact, Section, ServiceImpact};
use crate::kind::{Cell, Mail};

/// Returns the impact, creating it if needed.
pub(super) fn impact(draft: &mut Draft) -> &mut Impact {
    draft.incident.impact.get_or_insert_default()
}

fn business(draft: &mut Draft) -> &mut Business {
    impact(draft).business.get_or_insert_default()
}

/// Imports a labelled value; returns `false` if it is not recognized.
type Reader = fn(&mut Draft, usize, Labelled) -> bool;

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    // Import customers first, because totals are computed from their table.
    for inner in part.parts.iter().filter(|inner| is_customers(inner)) {
        customers(draft, inner);
    }
    lists(draft, part, user);
    for inner in part.parts.iter().filter(|inner| !is_customers(inner)) {
        if services(draft, inner) {
            continue;
        }
        let read: Reader = match heading(inner) {
            Some(Heading::UserImpact) => user,
            Some(Heading::BusinessImpact) => {
                if !has_list(inner) {
                    business(draft);
                }
                in_business
            }
            _ => {
                subsection(draft, Section::Impact, inner);
                continue;
            }
        };
        lists(draft, inner, read);
        subsections(draft, Section::Impact, &inner.parts);
    }
}

/// Imports the labelled lists of a part and keeps all other blocks as prose.
fn lists(draft: &mut Draft, part: &Part, read: Reader) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let first = rest.first();
        let is_known =
            first.is_some_and(|block| labelled_list(draft, part.title, block, any_label, read));
        usize::from(is_known)
    });
    remainder(draft, Section::Impact, part.title, &kept);
}

/// Imports the table of affected services as reports print it; returns `false` if it is another one.
fn services(draft: &mut Draft, part: &Part) -> bool {
    let Some((first, rest)) = part.blocks.split_first() else {
        return false;
    };
    if heading(part) != Some(Heading::ServiceImpact) || first.kind != Kind::Table {
        return false;
    }
    let table = block::table(first);
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|title| title.to_lowercase())
        .collect();
    let read = |draft: &Draft, row: &[String]| {
        let cell = |name: &str| {
            let index = columns.iter().position(|column| column == name)?;
            recorded(row.get(index)?)
        };
        let time = |name: &str| match cell(name) {
            None | Some("pending") => Some(None),
            Some(text) => draft.moment(text).map(Some),
        };
        let level = match cell("level") {
            None => None,
            Some(text) => Some(WORDS.values.level.get(text)?),
        };
        Some(ServiceImpact {
            name: line(cell("service")?),
            level,
            from: time("from")?,
            until: time("until")?,
        })
    };
    let rows = table.rows.iter();
    let rows = rows.map(|(_, row)| {
        let row: Vec<String> = row.iter().map(ToString::to_string).collect();
        read(draft, &row)
    });
    let Some(rows) = rows.collect::<Option<Vec<ServiceImpact>>>() else {
        return false;
    };
    impact(draft).services.extend(rows);
    // The totals of services with several windows are computed.
    let is_total =
        |block: &&block::Block| block.kind == Kind::List && block.text.contains(" windows");
    let rest = rest
        .get(rest.iter().take_while(is_total).count()..)
        .unwrap_or_default();
    remainder(draft, Section::Impact, part.title, rest);
    subsections(draft, Section::Impact, &part.parts);
    true
}

fn is_customers(part: &Part) -> bool {
    let first = part.blocks.first();
    heading(part) == Some(Heading::Customers)
        && first.is_some_and(|block| block.kind == Kind::Table)
}

fn user(draft: &mut Draft, number: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    let note = Some(line(value)).filter(|note| !note.is_empty());
    let (loss, exposure) = (
        WORDS.values.data_loss.get(label),
        WORDS.values.data_exposure.get(label),
    );
    match WORDS.labels.impact.get(label) {
        // The duration is computed.
        Some(ImpactLabel::Duration) => return super::summary::fact(draft, number, found),
        Some(ImpactLabel::Users) => return affected(draft, value, "users"),
        Some(ImpactLabel::Customers) => return affected(draft, value, "customers"),
        Some(ImpactLabel::Type) => {
            draft.set(label, |draft| &mut impact(draft).harm, line(value));
        }
        None if loss.is_some() => {
            (impact(draft).data_loss, impact(draft).data_loss_note) = (loss, note);
        }
        None if exposure.is_some() => {
            (
                impact(draft).data_exposure,
                impact(draft).data_exposure_note,
            ) = (exposure, note);
        }
        None if value.is_empty() => return false,
        None => impact(draft).effects.push(Effect {
            name: line(label),
            text: line(value),
        }),
    }
    true
}

/// Imports `~1,247 users across 12 customer accounts`; returns `false` if it is not understood.
///
/// Totals that follow from the customer table are not stored. A number without a noun counts
/// `noun`.
pub(super) fn affected(draft: &mut Draft, value: &str, noun: &str) -> bool {
    let bare = value.strip_prefix("at least ").unwrap_or(value);
    let (bare, about) = match bare.strip_prefix('~') {
        Some(bare) => (bare, true),
        None => (bare, false),
    };
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
    let users_of = |text| match counted(text)? {
        (number, "users" | "user") => Some(number),
        _ => None,
    };
    let accounts_of = |text| match counted(text)? {
        (number, "customer accounts" | "customer account" | "accounts" | "customers") => {
            Some(number)
        }
        _ => None,
    };
    let users_found = users_of(users);
    let accounts_found = match accounts {
        Some(text) => accounts_of(text),
        None if users_found.is_none() => accounts_of(users),
        None => None,
    };
    let is_understood = (users_found.is_some() || accounts_found.is_some())
        && (accounts.is_none() || accounts_found.is_some());
    if is_understood {
        let impact = impact(draft);
        impact.users_estimated |= about;
        if !impact.customers.iter().any(|row| row.users.is_some()) {
            impact.users = users_found.or(impact.users);
        }
        if impact.customers.is_empty() {
            impact.accounts = accounts_found.or(impact.accounts);
        }
    }
    is_understood
}

fn in_business(draft: &mut Draft, number: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    let field: fn(&mut Business) -> &mut Option<_> = match WORDS.labels.business.get(label) {
        Some(BusinessLabel::Revenue) => |business| &mut business.revenue,
        Some(BusinessLabel::Reputation) => |business| &mut business.reputation,
        Some(BusinessLabel::ChurnRisk) => |business| &mut business.churn_risk,
        Some(BusinessLabel::Tickets) => {
            let Some((tickets, "tickets opened" | "ticket opened")) = counted(value) else {
                return false;
            };
            draft.set(label, |draft| &mut business(draft).support_tickets, tickets);
            return true;
        }
        None => return user(draft, number, found),
    };
    draft.set(label, |draft| field(business(draft)), line(value));
    true
}

/// Returns what a column of the customer table counts, if all its cells fit.
fn column(table: &Table, index: usize) -> Option<CustomerColumn> {
    let column = WORDS.columns.customers.get(table.columns.get(index)?)?;
    let fits = |cell: &str| match column {
        CustomerColumn::Contact => Mail::new(cell).is_ok(),
        CustomerColumn::Users | CustomerColumn::Complaints => count(cell).is_some(),
    };
    let mut cells = table.rows.iter().filter_map(|(_, row)| row.get(index));
    cells
        .all(|cell| recorded(cell).is_none_or(fits))
        .then_some(column)
}

fn customers(draft: &mut Draft, part: &Part) {
    let Some((first, rest)) = part.blocks.split_first() else {
        return;
    };
    let table = block::table(first);
    let columns: Vec<_> = (0..table.columns.len())
        .map(|index| column(&table, index))
        .collect();
    for (number, row) in &table.rows {
        let mut cells = row.iter().enumerate();
        let name = cells.next().map_or("", |(_, name)| name);
        let bare = name.trim_matches('*').to_lowercase();
        if matches!(bare.trim(), "total" | "totals") {
            draft.note(*number, "totals row not imported; totals are computed");
            continue;
        }
        let (name, accounts) = accounts(name);
        let mut customer = Customer {
            name: line(name),
            accounts,
            ..Customer::default()
        };
        for (index, cell) in cells {
            let Some(value) = recorded(cell) else {
                continue;
            };
            let title = table.columns.get(index).map(|title| line(title));
            match (columns.get(index).copied().flatten(), title) {
                (Some(CustomerColumn::Users), _) => customer.users = count(value),
                (Some(CustomerColumn::Complaints), _) => customer.complaints = count(value),
                (Some(CustomerColumn::Contact), _) => customer.contact = Mail::new(value).ok(),
                (None, Some(title)) if customer.measures.get(&title).is_none() => {
                    customer.measures.0.push((title, Cell::Line(line(value))));
                }
                _ => draft.keep_unmapped(part.title, *number, cell),
            }
        }
        impact(draft).customers.push(customer);
    }
    remainder(draft, Section::Impact, part.title, rest);
    subsections(draft, Section::Impact, &part.parts);
}

/// Splits `Others (8 accounts)` into name and number of accounts.
fn accounts(name: &str) -> (&str, Option<u32>) {
    let (rest, note) = bracket(name);
    match note.and_then(counted) {
        Some((number, "accounts" | "account")) if number != 1 => (rest, Some(number)),
        _ => (name, None),
    }
}
