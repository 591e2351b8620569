//! Checks of the customer table: its typed rows and those of the customers file.

use std::collections::HashMap;

use super::{Case, Finding, Findings};
use crate::archive::CustomerRow;
use crate::check::lexicon;
use crate::config::CheckWords;
use crate::facts::{counted, separated};
use crate::source::{Path, number};

/// Returns the key path of the typed rows.
fn table() -> Path {
    Path::new().key("impact").key("customers")
}

/// Adds the location of a row to a finding.
fn at(finding: Finding, case: &Case, row: CustomerRow, label: &str) -> Finding {
    match row {
        CustomerRow::Typed(index) => finding.at(case.file(), table().index(index), label),
        CustomerRow::InFile(file, name) => finding.at_span(file, name, label),
    }
}

/// Adds the location of the first row to a finding.
fn at_first(finding: Finding, case: &Case, label: &str) -> Finding {
    match case.record.customer_rows().next() {
        Some((row, _)) => at(finding, case, row, label),
        None => finding,
    }
}

pub(super) fn customers_without_users(case: &Case, findings: &mut Findings) {
    let totals = &case.facts.totals;
    if totals.customers > 0 && totals.users.is_none() {
        let finding = Finding::new("no row of the customer table has `users`");
        findings.add(at_first(finding, case, "the first row").help(
            "add `users` to each row, or the total to `[impact]`; if it is an estimate, set `users_estimated = true`",
        ));
    }
}

pub(super) fn users_at_least(case: &Case, findings: &mut Findings) {
    let totals = &case.facts.totals;
    if !totals.at_least {
        return;
    }
    let rows = case.record.customer_rows();
    let missing = rows.filter(|(_, row)| row.users.is_none());
    let missing: Vec<CustomerRow> = missing.map(|(row, _)| row).collect();
    let message = format!(
        "{} of {} {} no `users`, so the report says `at least {}`",
        missing.len(),
        counted(totals.customers, "row"),
        if missing.len() == 1 { "has" } else { "have" },
        separated(totals.users.unwrap_or(0))
    );
    let first = missing.iter().take(5);
    let finding = first.fold(Finding::new(message), |finding, row| {
        at(finding, case, *row, "no `users` here")
    });
    findings.add(
        finding.help("add `users` to each row; if it is an estimate, set `users_estimated = true`"),
    );
}

pub(super) fn total_ignored(case: &Case, findings: &mut Findings) {
    let Some(impact) = case.record.incident.impact.as_ref() else {
        return;
    };
    if case.record.customers().next().is_none() {
        return;
    }
    // If no row has `users`, the number in `[impact]` is the total.
    let in_rows = case.record.customers().any(|row| row.users.is_some());
    for (key, typed, total) in [
        (
            "users",
            impact.users.filter(|_| in_rows),
            case.facts.totals.users,
        ),
        ("accounts", impact.accounts, case.facts.totals.accounts),
    ] {
        let Some(typed) = typed else { continue };
        let instead = match total {
            Some(total) => format!("the customer table adds up to {}", separated(total)),
            None => "the customer table has none".to_owned(),
        };
        let finding = Finding::new(format!("`{key} = {typed}` is ignored: {instead}"));
        let finding = finding.at(case.file(), Path::new().key("impact").key(key), "ignored");
        findings.add(
            at_first(finding, case, "the customer table")
                .help("remove it; add a row for customers that are missing in the table"),
        );
    }
}

pub(super) fn accounts_in_name(case: &Case, findings: &mut Findings) {
    let rows = case.record.customer_rows();
    for (row, customer) in rows.filter(|(_, customer)| customer.accounts.is_none()) {
        let Some((name, accounts)) = counted_accounts(&customer.name, &case.config.words) else {
            continue;
        };
        let finding = Finding::new(format!("`{}` counts as one account", customer.name));
        findings.add(match row {
            CustomerRow::Typed(index) => finding
                .at(case.file(), table().index(index).key("name"), "")
                .help(match accounts {
                    Some(accounts) => {
                        format!("write `name = \"{name}\"` and `accounts = {accounts}`")
                    }
                    None => format!(
                        "write `name = \"{name}\"`, and the exact number in `accounts` when it is known"
                    ),
                }),
            CustomerRow::InFile(..) => at(finding, case, row, "").help(match accounts {
                Some(accounts) => {
                    format!("write `{name}`, and `{accounts}` in the column `accounts`")
                }
                None => format!(
                    "write `{name}`, and the exact number in the column `accounts` when it is known"
                ),
            }),
        });
    }
}

pub(super) fn duplicate_customer(case: &Case, findings: &mut Findings) {
    let mut first: HashMap<String, CustomerRow> = HashMap::new();
    for (row, customer) in case.record.customer_rows() {
        let Some(before) = first.get(&customer.name.to_lowercase()) else {
            first.insert(customer.name.to_lowercase(), row);
            continue;
        };
        let finding = Finding::new(format!("duplicate customer `{}`", customer.name));
        let finding = at(finding, case, row, "counted again");
        findings.add(
            at(finding, case, *before, "first one")
                .help("join the rows, or give each a name of its own, such as `Acme Berlin`"),
        );
    }
}

/// The name of a row for all other customers.
const OTHERS: &str = "Others";

/// Returns the name beside a number of accounts, as in `Acme Berlin (8 accounts)`; `None` for other names.
pub(in super::super) fn counted_name<'n>(name: &'n str, added: &CheckWords) -> Option<&'n str> {
    counted_accounts(name, added).map(|(name, _)| name)
}

/// Splits `Others (8 accounts)`, `Others - 8 accounts` and `8 more accounts` into the name and the number, which is `None` for
/// a bound such as `8+`; returns `None` for other names.
fn counted_accounts<'n>(name: &'n str, added: &CheckWords) -> Option<(&'n str, Option<String>)> {
    let name = name.trim();
    // Few names end with one of the nouns, and the other searches are slow.
    let end = name.strip_suffix(')').unwrap_or(name).trim_end();
    let noun = end.rsplit([' ', '\u{a0}']).next().unwrap_or_default();
    if !lexicon::has(added, |words| &words.account_names, noun) {
        return None;
    }
    let bracket = || name.strip_suffix(')')?.rsplit_once('(');
    let separators = [" - ", " – ", " — ", ": ", ", "];
    let separated = || separators.iter().find_map(|sign| name.rsplit_once(sign));
    let (start, counted) = bracket().or_else(separated).unwrap_or((OTHERS, name));
    let (count, last) = counted.trim().rsplit_once([' ', '\u{a0}'])?;
    // Without a name, the number is one of more than the other rows.
    let count = match start {
        OTHERS if counted == name => lexicon::list(added, |words| &words.additional)
            .find_map(|word| count.strip_suffix(word)?.strip_suffix(' '))?,
        _ => count,
    };
    let start = start.trim_end();
    let accounts = number::only(count).filter(|_| last == noun && !start.is_empty())?;
    let is_exact = number::is_exact(count);
    Some((start, is_exact.then_some(accounts)))
}
