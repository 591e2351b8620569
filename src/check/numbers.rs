//! Numbers in prose that differ from the computed ones, and totals that are not what they seem.

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
];

/// A text whose numbers are compared.
struct Prose<'a> {
    path: Path,
    text: &'a str,
    knows: CountScope,
}

impl Prose<'_> {
    /// Gives the words of a claim, on one line.
    fn words(&self, claim: &Stated) -> String {
        let words = self.text.get(claim.span.clone()).unwrap_or_default();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// What a text knows of its incident.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CountScope {
    /// The line of the impact: every count there is of all who were affected.
    Impact,
    /// It was written in hindsight.
    All,
    /// It is a message of a time at which the incident was not over.
    SoFar,
}

/// Lists the texts whose numbers are compared, those without a number left out.
fn prose<'a>(case: &'a Case) -> Vec<Prose<'a>> {
    let incident = &case.record.incident;
    let key = |name: &str| Path::new().key(name);
    let mut found = Vec::new();
    let mut add = |text: Option<&'a str>, knows: CountScope, path: &dyn Fn() -> Path| {
        if let Some(text) = text.filter(|text| may_count(text)) {
            found.push(Prose {
                path: path(),
                text,
                knows,
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
        let knows = if message.stage < Stage::Resolved {
            CountScope::SoFar
        } else {
            CountScope::All
        };
        let place = |name: &str| key("messages").index(index).key(name);
        add(message.subject.as_deref(), knows, &|| place("subject"));
        add(message.body.as_deref(), knows, &|| place("body"));
    }
    found
}

fn stated_number(case: &Case, findings: &mut Findings) {
    for prose in prose(case) {
        let stated = stated::find(prose.text);
        for claim in &stated {
            let finding = match claim.claim {
                Claim::Took(clock, since, lapse) => {
                    length::finding(case, &prose, claim, (clock, since, lapse))
                }
                Claim::Were(noun, whole, count) => {
                    total::finding(case, &prose, &stated, claim, (noun, whole, count))
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
                    "add `users` to each row, or their total to `[impact]`; an estimate will do, with `users_estimated = true`",
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
        finding.help("add `users` to each row; an estimate will do, with `users_estimated = true`"),
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
    // Where no row says how many users, the number that was typed is the total.
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
            Some(total) => format!("the customer table gives {}", count(total)),
            None => "the customer table gives none".to_owned(),
        };
        findings.add(
            Finding::new(format!("`{key} = {typed}` is ignored: {instead}"))
                .at(case.file(), Path::new().key("impact").key(key), "ignored")
                .at(
                    case.file(),
                    Path::new().key("impact").key("customers").index(0),
                    "the customer table",
                )
                .help("remove it; those whom the table lacks need a row of their own"),
        );
    }
}
