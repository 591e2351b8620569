//! Checks of numbers: stated ones against the computed values, and totals that mislead.

use super::partial::{CUSTOMERS, EVERYTHING};
use super::stated::{self, Claim, Stated};
use super::{Case, Check, Finding, Findings, Run, Settable};
use crate::diagnostic::Level;
use crate::facts::{counted, separated};
use crate::incident::Stage;
use crate::source::Path;
use crate::token::may_count;

mod length;
mod total;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "stated-number-differs",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a number in the text differs from the computed value",
        why: "Readers who see two different numbers trust neither.",
        example: "`Detected in 2 minutes`, but impact started at 14:23:00 and was detected at 14:23:47: write `47 seconds` or `under a minute`, or correct the marks.",
        reads: EVERYTHING,
        run: Run::Incident(stated_number),
    },
    Check {
        code: "customers-without-users",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "no row of the customer table has a number of users",
        why: "The report then has no number of users, and metrics cannot count them.",
        example: "`users = 347` in each `[[impact.customers]]`, with `users_estimated = true` if they are estimates.",
        reads: &[CUSTOMERS],
        run: Run::Incident(customers_without_users),
    },
    Check {
        code: "users-at-least",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "some rows of the customer table have no `users`, so the total is a lower bound",
        why: "The report then says `at least`, and numbers of different incidents cannot be compared.",
        example: "Estimate the missing `users`, and set `users_estimated = true`.",
        reads: &[CUSTOMERS],
        run: Run::Incident(users_at_least),
    },
    Check {
        code: "impact-total-ignored",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "`impact.users` or `impact.accounts` is ignored because there is a customer table",
        why: "Totals are computed from the table, so the number you typed is not printed anywhere.",
        example: "Remove `users = 1200` from `[impact]`, or add a row such as `name = \"Others\"` to the table.",
        reads: &[CUSTOMERS],
        run: Run::Incident(total_ignored),
    },
    Check {
        code: "accounts-in-name",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "the name of a row of the customer table contains a number of accounts",
        why: "The row then counts as one account in every total.",
        example: "`name = \"Others\"` with `accounts = 8`, instead of `name = \"Others (8 accounts)\"`.",
        reads: &[CUSTOMERS],
        run: Run::Incident(accounts_in_name),
    },
];

/// A text whose numbers are compared.
struct Prose<'a> {
    path: Path,
    text: &'a str,
    scope: CountScope,
}

impl Prose<'_> {
    /// Returns the text of a claim, on one line.
    fn quote(&self, claim: &Stated) -> String {
        let text = self.text.get(claim.span.clone()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The part of the incident that the counts in a text cover.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CountScope {
    /// The impact summary: every count is of all who were affected.
    Impact,
    /// A text written after the incident: only a count that says so is of all.
    All,
    /// A message sent before the end: its counts were preliminary.
    SoFar,
}

/// Returns the texts that contain numbers to compare.
fn prose<'a>(case: &'a Case) -> Vec<Prose<'a>> {
    let incident = &case.record.incident;
    let key = |name: &str| Path::new().key(name);
    let mut found = Vec::new();
    let mut add = |text: Option<&'a str>, scope: CountScope, path: &dyn Fn() -> Path| {
        if let Some(text) = text.filter(|text| may_count(text)) {
            found.push(Prose {
                path: path(),
                text,
                scope,
            });
        }
    };
    add(incident.summary.as_deref(), CountScope::All, &|| {
        key("summary")
    });
    let impact = incident
        .impact
        .as_ref()
        .and_then(|impact| impact.summary.as_deref());
    add(impact, CountScope::Impact, &|| key("impact").key("summary"));
    if let Some(lessons) = &incident.lessons {
        let lists = [
            ("went_well", &lessons.went_well),
            ("could_improve", &lessons.could_improve),
            ("lucky", &lessons.lucky),
            ("learnings", &lessons.learnings),
        ];
        for (name, lines) in lists {
            for (index, line) in lines.iter().enumerate() {
                add(Some(line), CountScope::All, &|| {
                    key("lessons").key(name).index(index)
                });
            }
        }
    }
    for (index, message) in incident.messages.iter().enumerate() {
        let scope = if message.stage < Stage::Resolved {
            CountScope::SoFar
        } else {
            CountScope::All
        };
        let key_path = |name: &str| key("messages").index(index).key(name);
        add(message.subject.as_deref(), scope, &|| key_path("subject"));
        add(message.body.as_deref(), scope, &|| key_path("body"));
    }
    found
}

fn stated_number(case: &Case, findings: &mut Findings) {
    for prose in prose(case) {
        let stated = stated::find(prose.text);
        for claim in &stated {
            let finding = match claim.claim {
                Claim::Took(metric, start, duration) => {
                    length::finding(case, &prose, claim, (metric, start, duration))
                }
                Claim::Were(noun, scope, count) => {
                    total::finding(case, &prose, &stated, claim, (noun, scope, count))
                }
            };
            if let Some(finding) = finding {
                findings.add(finding);
            }
        }
    }
}

fn customers_without_users(case: &Case, findings: &mut Findings) {
    let totals = &case.facts.totals;
    if totals.customers > 0 && totals.users.is_none() {
        findings.add(
            Finding::new("no row of the customer table has `users`")
                .at(
                    case.file(),
                    Path::new().key("impact").key("customers").index(0),
                    "the first row",
                )
                .help(
                    "add `users` to each row, or the total to `[impact]`; if it is an estimate, set `users_estimated = true`",
                ),
        );
    }
}

fn users_at_least(case: &Case, findings: &mut Findings) {
    let Some(impact) = case
        .record
        .incident
        .impact
        .as_ref()
        .filter(|_| case.facts.totals.at_least)
    else {
        return;
    };
    let missing: Vec<usize> = impact
        .customers
        .iter()
        .enumerate()
        .filter(|(_, row)| row.users.is_none())
        .map(|(index, _)| index)
        .collect();
    let users = separated(i64::try_from(case.facts.totals.users.unwrap_or(0)).unwrap_or(i64::MAX));
    let rows = counted(
        i64::try_from(impact.customers.len()).unwrap_or(i64::MAX),
        "row",
    );
    let message = format!(
        "{} of {rows} have no `users`, so the report says `at least {users}`",
        missing.len()
    );
    let message = if missing.len() == 1 {
        message.replacen("have", "has", 1)
    } else {
        message
    };
    let finding = missing
        .iter()
        .take(5)
        .fold(Finding::new(message), |finding, index| {
            finding.at(
                case.file(),
                Path::new().key("impact").key("customers").index(*index),
                "no `users` here",
            )
        });
    findings.add(
        finding.help("add `users` to each row; if it is an estimate, set `users_estimated = true`"),
    );
}

fn total_ignored(case: &Case, findings: &mut Findings) {
    let Some(impact) = case
        .record
        .incident
        .impact
        .as_ref()
        .filter(|impact| !impact.customers.is_empty())
    else {
        return;
    };
    // If no row has `users`, the number in `[impact]` is the total.
    let in_rows = impact.customers.iter().any(|row| row.users.is_some());
    for (key, typed, total) in [
        (
            "users",
            impact.users.filter(|_| in_rows),
            case.facts.totals.users,
        ),
        ("accounts", impact.accounts, case.facts.totals.accounts),
    ] {
        let Some(typed) = typed else { continue };
        let count = |count: u64| separated(i64::try_from(count).unwrap_or(i64::MAX));
        let instead = match total {
            Some(total) => format!("the customer table adds up to {}", count(total)),
            None => "the customer table has none".to_owned(),
        };
        findings.add(
            Finding::new(format!("`{key} = {typed}` is ignored: {instead}"))
                .at(case.file(), Path::new().key("impact").key(key), "ignored")
                .at(
                    case.file(),
                    Path::new().key("impact").key("customers").index(0),
                    "the customer table",
                )
                .help("remove it; add a row for customers that are missing in the table"),
        );
    }
}

fn accounts_in_name(case: &Case, findings: &mut Findings) {
    let impact = case.record.incident.impact.iter();
    let rows = impact.flat_map(|impact| &impact.customers).enumerate();
    for (index, row) in rows.filter(|(_, row)| row.accounts.is_none()) {
        let Some((name, accounts)) = counted_accounts(&row.name) else {
            continue;
        };
        let path = Path::new().key("impact").key("customers").index(index);
        findings.add(
            Finding::new(format!("`{}` counts as one account", row.name))
                .at(case.file(), path.key("name"), "")
                .help(format!(
                    "write `name = \"{name}\"` and `accounts = {accounts}`"
                )),
        );
    }
}

/// Splits `Others (8 accounts)` into the name and the number; `None` for other names.
fn counted_accounts(name: &str) -> Option<(&str, String)> {
    const NOUNS: &[&str] = &[
        "accounts",
        "clients",
        "companies",
        "customers",
        "organizations",
        "tenants",
    ];
    let (start, counted) = name.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let (count, noun) = counted.trim().rsplit_once([' ', '\u{a0}'])?;
    let is_noun = NOUNS.contains(&noun.to_lowercase().as_str());
    let start = start.trim_end();
    let accounts = crate::source::number::only(count).filter(|_| is_noun && !start.is_empty())?;
    Some((start, accounts))
}
