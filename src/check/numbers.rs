//! Checks of numbers: stated ones against the computed values, and totals that mislead.

use super::lexicon::Lexicon;
use super::partial::{CUSTOMERS, EVERYTHING};
use super::stated::{self, Claim, Stated};
use super::texts::Text;
use super::{Case, Check, Finding, Findings, Run, Settable};
use crate::archive::Record;
use crate::diagnostic::Level;
use crate::facts::{counted, separated};
use crate::incident::{Message, Stage};
use crate::kind::Step;
use crate::source::{Path, number};

mod length;
mod total;
mod window;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "stated-number-differs",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a duration or a count in a text differs from the computed value",
        why: "Readers who see two different numbers trust neither.",
        example: "`Detected in 2 minutes`, but impact started at 14:23:00 and was detected at 14:23:47: write `47 seconds` or `under a minute`, or correct the marks.",
        reads: EVERYTHING,
        run: Run::Incident(stated_number),
    },
    Check {
        code: "impact-window-differs",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a text states other times of the impact than the recorded ones",
        why: "Customers compare them with what they saw.",
        example: "A message says `14:23-15:08 UTC`, but impact ended at 14:55:33: write 14:23-14:56, or move `impact_ended` if users were affected until 15:08.",
        reads: EVERYTHING,
        run: Run::Incident(times_differ),
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

/// The numbers that the texts of an incident state, by the indexes of the texts.
pub type Statements = Vec<(usize, Coverage, Vec<Stated>)>;

/// A text that states numbers.
struct Statement<'c> {
    /// The text.
    text: &'c Text<'c>,
    /// The part of the incident that its numbers cover.
    coverage: Coverage,
    /// The numbers that it states.
    stated: &'c [Stated],
}

impl Statement<'_> {
    /// Returns the text of a claim, on one line.
    fn quote(&self, stated: &Stated) -> String {
        let text = self.text.text.get(stated.span.clone()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the message whose text it is.
    fn message<'c>(&self, case: &Case<'c>) -> Option<&'c Message> {
        case.record.incident.messages.get(self.text.message()?)
    }
}

/// The part of the incident that the numbers in a text cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// The impact: every count is of all who were affected.
    Impact,
    /// The whole incident: only a count that says so is of all.
    All,
    /// The state of knowledge before the end. Numbers were preliminary, but none may exceed the final one.
    SoFar,
}

/// Top keys whose texts are not about the incident as a whole.
#[rustfmt::skip]
const NOT_PROSE: &[&str] = &[
    "references", "technical", "fix", "evidence", "tables", "people", "sign_off", "governance",
    "communication", "tags", "services", "teams", "environment",
];

impl Coverage {
    /// Returns what the numbers of a text cover; `None` if it is not about the incident as a whole.
    fn of(record: &Record, text: &Text) -> Option<Self> {
        match *text.steps {
            _ if text.is_code || text.is_under(NOT_PROSE) => None,
            [Step::Key("analysis"), Step::Key(key), ..] if key != "chain" => None,
            [Step::Key("impact"), Step::Key("customers"), ..] => None,
            [Step::Key("impact"), Step::Key("summary" | "effects"), ..] => Some(Self::Impact),
            [Step::Key("events"), ..] => Some(Self::SoFar),
            [Step::Key("messages"), Step::Index(index), ..] => {
                let stage = record.incident.messages.get(index)?.stage;
                let is_early = stage < Stage::Resolved;
                Some(if is_early { Self::SoFar } else { Self::All })
            }
            _ => Some(Self::All),
        }
    }
}

/// Finds the numbers that the texts of an incident state.
pub(super) fn statements(record: &Record, texts: &[Text], lexicon: &Lexicon) -> Statements {
    let stated = texts.iter().enumerate().filter_map(|(index, text)| {
        let coverage = Coverage::of(record, text)?;
        let stated = stated::find(text.text, lexicon);
        (!stated.is_empty()).then_some((index, coverage, stated))
    });
    stated.collect()
}

fn each_statement<'c>(case: &'c Case) -> impl Iterator<Item = Statement<'c>> {
    let (texts, statements) = (case.texts(), case.statements().iter());
    statements.filter_map(|(text, coverage, stated)| {
        Some(Statement {
            text: texts.get(*text)?,
            coverage: *coverage,
            stated,
        })
    })
}

fn stated_number(case: &Case, findings: &mut Findings) {
    for statement in each_statement(case) {
        for stated in statement.stated {
            let finding = match stated.claim {
                Claim::Took(metric, start, duration) => {
                    length::finding(case, &statement, stated, (metric, start, duration))
                }
                Claim::Were(noun, scope, count) => {
                    total::finding(case, &statement, stated, (noun, scope, count))
                }
                Claim::Lasted(_) => None,
            };
            if let Some(finding) = finding {
                findings.add(finding);
            }
        }
    }
}

fn times_differ(case: &Case, findings: &mut Findings) {
    for statement in each_statement(case) {
        for stated in statement.stated {
            if let Claim::Lasted(times) = stated.claim
                && let Some(finding) = window::finding(case, &statement, stated, times)
            {
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
        let help = match accounts {
            Some(accounts) => format!("write `name = \"{name}\"` and `accounts = {accounts}`"),
            None => format!(
                "write `name = \"{name}\"`, and the exact number in `accounts` when it is known"
            ),
        };
        let path = Path::new().key("impact").key("customers").index(index);
        findings.add(
            Finding::new(format!("`{}` counts as one account", row.name))
                .at(case.file(), path.key("name"), "")
                .help(help),
        );
    }
}

/// Splits `Others (8 accounts)` into the name and the number, which is `None` for a bound such as `8+`;
/// returns `None` for other names.
fn counted_accounts(name: &str) -> Option<(&str, Option<String>)> {
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
    let accounts = number::only(count).filter(|_| is_noun && !start.is_empty())?;
    let is_exact = number::is_exact(count);
    Some((start, is_exact.then_some(accounts)))
}

#[cfg(test)]
mod tests;
