//! Checks of numbers: stated ones against the computed values, and totals that mislead.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::lexicon::Lexicon;
use super::partial::{CUSTOMERS, EVERYTHING};
use super::stated::{self, Claim, Stated, StatedDay, Subjects};
use super::texts::Text;
use super::{Case, Check, Finding, Findings, Run};
use crate::archive::Record;
use crate::diagnostic::Level;
use crate::incident::{Message, Stage};
use crate::kind::Step;

mod customers;
pub(super) use customers::counted_name;
mod labelled;
pub(super) use labelled::recorded_times;
mod length;
mod total;
mod window;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "stated-number-differs",
        level: Level::Warning,
        traits: &[],
        summary: "a duration or a count in a text differs from the computed value",
        why: "Readers who see two different numbers trust neither.",
        example: "`Detected in 2 minutes`, but impact started at 14:23:00 and was detected at 14:23:47: write `47 seconds` or `under a minute`, or correct the marks.",
        reads: EVERYTHING,
        run: Run::Incident(stated_number),
    },
    Check {
        code: "impact-window-differs",
        level: Level::Warning,
        traits: &[],
        summary: "a text states other times of the impact or of a response than the recorded ones",
        why: "Customers compare them with what they saw.",
        example: "A message says `14:23-15:08 UTC`, but impact ended at 14:55:33: write 14:23-14:56, or move `impact_ended` if users were affected until 15:08.",
        reads: EVERYTHING,
        run: Run::Incident(times_differ),
    },
    Check {
        code: "customers-without-users",
        level: Level::Warning,
        traits: &[],
        summary: "no row of the customer table has a number of users",
        why: "The report then has no number of users, and metrics cannot count them.",
        example: "`users = 347` in each `[[impact.customers]]`, with `users_estimated = true` if they are estimates.",
        reads: &[CUSTOMERS],
        run: Run::Incident(customers::customers_without_users),
    },
    Check {
        code: "users-at-least",
        level: Level::Warning,
        traits: &[],
        summary: "some rows of the customer table have no `users`, so the total is a lower bound",
        why: "The report then says `at least`, and numbers of different incidents cannot be compared.",
        example: "Estimate the missing `users`, and set `users_estimated = true`.",
        reads: &[CUSTOMERS],
        run: Run::Incident(customers::users_at_least),
    },
    Check {
        code: "impact-total-ignored",
        level: Level::Warning,
        traits: &[],
        summary: "`impact.users` or `impact.accounts` is ignored because there is a customer table",
        why: "Totals are computed from the table, so the number you typed is not printed anywhere.",
        example: "Remove `users = 1200` from `[impact]`, or add a row such as `name = \"Others\"` to the table.",
        reads: &[CUSTOMERS],
        run: Run::Incident(customers::total_ignored),
    },
    Check {
        code: "accounts-in-name",
        level: Level::Warning,
        traits: &[],
        summary: "the name of a row of the customer table contains a number of accounts",
        why: "The row then counts as one account in every total.",
        example: "`name = \"Others\"` with `accounts = 8`, instead of `name = \"Others (8 accounts)\"`.",
        reads: &[CUSTOMERS],
        run: Run::Incident(customers::accounts_in_name),
    },
    Check {
        code: "duplicate-customer",
        level: Level::Warning,
        traits: &[],
        summary: "the customer table lists a customer twice",
        why: "Users, accounts and complaints of that customer count twice in every total.",
        example: "One row `Acme` with 12 users, instead of two rows `Acme` with 5 and 7 users.",
        reads: &[CUSTOMERS, &["incident.impact.customers.name"]],
        run: Run::Incident(customers::duplicate_customer),
    },
];

/// The numbers that the texts of an incident state, by the indexes of the texts.
pub type Statements = Vec<(usize, Coverage, Vec<Stated>)>;

/// A text that states numbers.
struct Statement<'c> {
    /// The index of the text.
    index: usize,
    /// The text.
    text: &'c Text<'c>,
    /// The part of the incident that its numbers cover.
    coverage: Coverage,
    /// The numbers that it states.
    stated: &'c [Stated],
}

impl<'s> Statement<'s> {
    /// Returns the claims whose sentences name no other day than those of the incident.
    fn of_day(&self, case: &Case) -> impl Iterator<Item = &'s Stated> {
        let yesterday = self.yesterday(case);
        let facts = case.facts;
        let zones = [
            case.record.time_defaults().zone,
            case.record.zone(case.config),
        ];
        let windows = facts.windows.iter();
        let ends = windows.flat_map(|window| [Some(window.from), window.to]);
        let ends = ends.chain([facts.started, facts.ended]).flatten();
        let days = ends.flat_map(|end| zones.map(|zone| end.moment.day(zone)));
        let days: Vec<_> = days.collect();
        let is_of_incident = move |stated: &StatedDay| match stated {
            StatedDay::Date(day, month) => {
                let mut days = days.iter();
                days.any(|other| (other.day(), other.month()) == (*day, *month))
            }
            StatedDay::Yesterday => yesterday.is_some_and(|day| days.contains(&day)),
        };
        let stated = self.stated.iter();
        stated.filter(move |stated| stated.day.as_ref().is_none_or(&is_of_incident))
    }

    /// Returns the day before its message was sent.
    fn yesterday(&self, case: &Case) -> Option<NaiveDate> {
        let message = self.message(case)?;
        let sent = case
            .record
            .when(message.sent_at.as_ref(), message.event.as_ref())?;
        sent.day(case.record.zone(case.config)).pred_opt()
    }

    /// Returns the text of a claim, on one line.
    fn quote(&self, stated: &Stated) -> String {
        let text = self.text.text.get(stated.span.clone()).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns `true` if its times and durations are those of the impact, and not the official ones.
    fn is_of_impact(&self, case: &Case) -> bool {
        let is_external = |message: &Message| message.audience().is_external();
        self.coverage == Coverage::Impact
            || self.text.is_under(&["public"])
            || self.message(case).is_some_and(is_external)
    }

    /// Returns `true` for a text that describes the incident as a whole, in which a label needs no subject: `Start: 09:50`.
    fn is_overview(&self, case: &Case) -> bool {
        match *self.text.steps {
            [Step::Key("sections"), Step::Index(index), Step::Key("body")] => {
                let section = case.record.incident.sections.get(index);
                section.is_some_and(|section| stated::is_overview(&section.title, case.lexicon))
            }
            [Step::Key("summary" | "impact" | "public"), ..] => true,
            _ => self.message(case).is_some_and(|message| {
                message.stage != Stage::Planned && message.audience().is_external()
            }),
        }
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

/// Top keys whose texts are about something else: other documents, parts of systems, and custom tables.
const ABOUT_OTHERS: &[&str] = &["references", "technical", "tables"];

impl Coverage {
    /// Returns what the numbers of a text cover; `None` if it is not about the incident as a whole.
    fn of(record: &Record, text: &Text) -> Option<Self> {
        match *text.steps {
            _ if text.is_code || text.is_under(ABOUT_OTHERS) => None,
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
    let subjects = Subjects::of(record);
    let stated = texts.iter().enumerate().filter_map(|(index, text)| {
        let coverage = Coverage::of(record, text)?;
        let stated = stated::find(text.text, lexicon, &subjects);
        (!stated.is_empty()).then_some((index, coverage, stated))
    });
    stated.collect()
}

fn each_statement<'c>(case: &'c Case) -> impl Iterator<Item = Statement<'c>> {
    let (texts, statements) = (case.texts(), case.statements().iter());
    statements.filter_map(|(text, coverage, stated)| {
        Some(Statement {
            index: *text,
            text: texts.get(*text)?,
            coverage: *coverage,
            stated,
        })
    })
}

fn stated_number(case: &Case, findings: &mut Findings) {
    let texts = labelled::labelled_texts(case);
    let lines = labelled::findings(case, &texts, findings);
    let mut reported: Vec<(usize, Range<usize>)> = Vec::new();
    for statement in each_statement(case) {
        for stated in statement.of_day(case) {
            let finding = match stated.claim {
                // A labelled duration is compared by its label, and several of them state none.
                Claim::Took(..) if labelled::is_labelled(&statement, stated, &lines) => None,
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
                reported.push((statement.index, stated.span.clone()));
            }
        }
    }
    let is_reported = |text: usize, line: Range<usize>| {
        let mut reported = reported.iter();
        reported.any(|(other, span)| *other == text && line.contains(&span.start))
    };
    total::labelled_findings(case, &texts, is_reported, findings);
}

fn times_differ(case: &Case, findings: &mut Findings) {
    for statement in each_statement(case) {
        for stated in statement.of_day(case) {
            if let Claim::Lasted(times) = &stated.claim
                && let Some(finding) = window::finding(case, &statement, stated, times)
            {
                findings.add(finding);
            }
        }
    }
}

#[cfg(test)]
mod tests;
