//! Whether a stated count is the computed one.

use super::{CountScope, Prose};
use crate::check::stated::{Claim, Noun, Scope, Stated};
use crate::check::{Case, Finding};
use crate::facts::{counted, separated};
use crate::source::Path;
use crate::token::Bound;

/// Compares a stated count with the computed one; `all` are the claims of the same text.
pub(super) fn finding(
    case: &Case,
    prose: &Prose,
    all: &[Stated],
    stated: &Stated,
    claim: (Noun, Scope, u64),
) -> Option<Finding> {
    let (noun, whole, count) = claim;
    let of_all = match prose.knows {
        CountScope::Impact => true,
        CountScope::All => whole == Scope::Said,
        // What was known so far was no total yet.
        CountScope::SoFar => false,
    };
    let computed = Computed::compute(case, noun).filter(|_| of_all)?;
    let is_part =
        count < computed.total && all.iter().any(|other| computed.is_told_by(other, noun));
    let tells = computed.agrees(count, stated.bound) || is_a_row(case, noun, count);
    (!is_part && !tells).then(|| {
        Finding::new(format!(
            "`{}` is stated, but {}",
            prose.words(stated),
            computed.words
        ))
        .at(case.file(), prose.path.clone(), "stated here")
        .at(case.file(), computed.path, "computed from here")
        .help("write the computed number, or correct what it is computed from")
    })
}

/// What is computed of a noun.
struct Computed {
    /// The number that the report states.
    total: u64,
    /// Other numbers that a text may rightly state of it.
    others: Vec<u64>,
    /// Whether there may be more.
    completeness: Completeness,
    /// In words, with where it comes from.
    words: String,
    /// Where it comes from.
    path: Path,
}

/// Whether a total counts everyone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Complete,
    LowerBound,
}

impl Computed {
    fn new(total: u64, words: String, path: Path) -> Self {
        Self {
            total,
            others: Vec::new(),
            completeness: Completeness::Complete,
            words,
            path,
        }
    }

    fn compute(case: &Case, noun: Noun) -> Option<Self> {
        let incident = &case.record.incident;
        let totals = &case.facts.totals;
        let impact = Path::new().key("impact");
        let rows = incident.impact.iter().flat_map(|impact| &impact.customers);
        let from_table = match noun {
            Noun::Users => { rows }.any(|row| row.users.is_some()),
            _ => totals.customers > 0,
        };
        let (source, says) = match (from_table, noun) {
            (true, _) => ("customers", "the customer table adds up to"),
            (false, Noun::Users) => ("users", "the impact states"),
            (false, _) => ("accounts", "the impact states"),
        };
        let in_table = |count: u64, noun: &str, least: &str| {
            let words = format!("{says} {least}{}", counted(signed(count), noun));
            Self::new(count, words, impact.clone().key(source))
        };
        Some(match noun {
            Noun::Users => {
                let (completeness, least) = if totals.at_least {
                    (Completeness::LowerBound, "at least ")
                } else {
                    (Completeness::Complete, "")
                };
                Self {
                    completeness,
                    ..in_table(totals.users?, "user", least)
                }
            }
            Noun::Customers | Noun::Accounts => {
                let mut computed = in_table(totals.accounts?, "account", "");
                let rows =
                    Some(totals.customers).filter(|rows| *rows > 0 && *rows != computed.total);
                if let Some(rows) = rows {
                    computed
                        .words
                        .push_str(&format!(" in {}", counted(signed(rows), "row")));
                }
                computed
                    .others
                    .extend(rows.filter(|_| noun == Noun::Customers));
                // Where every customer is a person, both words mean the same.
                computed.others.extend(totals.users);
                computed
            }
            Noun::Complaints => in_table(totals.complaints?, "complaint", ""),
            Noun::Tickets => {
                let tickets = u64::from(
                    incident
                        .impact
                        .as_ref()?
                        .business
                        .as_ref()?
                        .support_tickets?,
                );
                let words = format!("`support_tickets` is {}", separated(signed(tickets)));
                Self::new(
                    tickets,
                    words,
                    impact.key("business").key("support_tickets"),
                )
            }
            Noun::FalseSignals => {
                let signals = Some(case.facts.false_signals).filter(|signals| *signals > 0)?;
                let words = format!("`ruled_out` adds up to {}", separated(signed(signals)));
                Self::new(signals, words, Path::new().key("analysis").key("ruled_out"))
            }
        })
    }

    fn agrees(&self, said: u64, bound: Bound) -> bool {
        self.others.iter().chain([&self.total]).any(|is| {
            let more = said >= *is && self.completeness == Completeness::LowerBound;
            more || match bound {
                Bound::Exact => said == *is,
                Bound::About => said.abs_diff(*is).saturating_mul(10) <= *is,
                Bound::AtMost => said >= *is,
                Bound::AtLeast => said <= *is,
            }
        })
    }

    /// Says whether another claim tells this total, so that a smaller number beside it is a part.
    fn is_told_by(&self, other: &Stated, noun: Noun) -> bool {
        matches!(other.claim, Claim::Were(told, _, value) if told == noun && self.agrees(value, other.bound))
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Says whether a number is that of a single row.
fn is_a_row(case: &Case, noun: Noun, value: u64) -> bool {
    let impact = case.record.incident.impact.iter();
    impact.flat_map(|impact| &impact.customers).any(|row| {
        let count = match noun {
            Noun::Users => row.users,
            Noun::Customers | Noun::Accounts => row.accounts,
            Noun::Complaints => row.complaints,
            Noun::Tickets | Noun::FalseSignals => None,
        };
        count.is_some_and(|count| u64::from(count) == value)
    })
}
