//! Compares stated counts with the computed ones.

use std::ops::Range;

use super::labelled::LabelledText;
use super::{Coverage, Statement};
use crate::check::stated::{Claim, Noun, Scope, Stated};
use crate::check::{Case, Finding, Findings};
use crate::facts::labelled::Counted;
use crate::facts::{counted, separated};
use crate::source::Path;
use crate::token::Bound;

/// Compares a stated count with the computed one; `None` if they agree.
pub(super) fn finding(
    case: &Case,
    statement: &Statement,
    stated: &Stated,
    claim: (Noun, Scope, u64),
) -> Option<Finding> {
    let (noun, scope, count) = claim;
    let computed = Computed::compute(case, noun)?;
    let may_be_part = match (statement.coverage, scope) {
        (Coverage::Impact, _) | (Coverage::All, Scope::Said) => false,
        (Coverage::All, Scope::Open) | (Coverage::SoFar, Scope::Said | Scope::Open) => true,
        (_, Scope::Alone) => return None,
    };
    let mut others = statement.stated.iter();
    let is_part = count < computed.total
        && (may_be_part || others.any(|other| computed.is_stated_by(other, noun)));
    let is_right = computed.agrees(count, stated.bound) || is_a_row(case, noun, count);
    (!is_part && !is_right).then(|| {
        Finding::new(format!(
            "text says `{}`, but {}",
            statement.quote(stated),
            computed.description
        ))
        .at(statement.text.file, statement.text.path(), "stated here")
        .at(case.file(), computed.path, "source of the computed value")
        .help("write the computed number, or correct its source")
    })
}

/// Reports the counts that texts state by a label: `Affected users: 9,000`.
///
/// `is_reported` is `true` for a line that has a finding already.
pub(super) fn labelled_findings(
    case: &Case,
    texts: &[LabelledText],
    is_reported: impl Fn(usize, Range<usize>) -> bool,
    findings: &mut Findings,
) {
    let labels = &case.lexicon.labels;
    for (index, text) in texts.iter().copied() {
        let Some(coverage) = Coverage::of(case.record, text) else {
            continue;
        };
        let mut start = 0;
        for line in text.text.split_inclusive('\n') {
            let line_start = start;
            start += line.len();
            if is_reported(index, line_start..start) {
                continue;
            }
            let parts = labels.parts(line);
            let found = parts.filter_map(|part| labels.count(part));
            for count in found {
                let at = line_start + line.find(count.value).unwrap_or_default();
                let noun = noun(count.counted);
                let stated = Stated {
                    claim: Claim::Were(noun, Scope::Said, count.count),
                    bound: count.bound,
                    is_part: false,
                    day: None,
                    span: at..at + count.value.len(),
                };
                let statement = Statement {
                    index,
                    text,
                    coverage,
                    stated: std::slice::from_ref(&stated),
                };
                if count.is_affected || statement.is_overview(case) {
                    let claim = (noun, Scope::Said, count.count);
                    findings
                        .found
                        .extend(finding(case, &statement, &stated, claim));
                }
            }
        }
    }
}

/// Returns what a label counts, as a noun of prose.
const fn noun(counted: Counted) -> Noun {
    match counted {
        Counted::Users => Noun::Users,
        Counted::Customers => Noun::Customers,
        Counted::Accounts => Noun::Accounts,
        Counted::Tickets => Noun::Tickets,
        Counted::Complaints => Noun::Complaints,
    }
}

/// The computed count for a noun.
struct Computed {
    /// The number that the report states.
    total: u64,
    /// Other numbers that are right too.
    others: Vec<u64>,
    /// Whether the total is complete or a lower bound.
    completeness: Completeness,
    /// The description of the total and its source.
    description: String,
    /// The key path of the source.
    path: Path,
}

/// Whether a total is complete or a lower bound.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Complete,
    LowerBound,
}

impl Computed {
    fn new(total: u64, description: String, path: Path) -> Self {
        Self {
            total,
            others: Vec::new(),
            completeness: Completeness::Complete,
            description,
            path,
        }
    }

    fn compute(case: &Case, noun: Noun) -> Option<Self> {
        let incident = &case.record.incident;
        let totals = &case.facts.totals;
        let impact = Path::new().key("impact");
        let is_typed = incident
            .impact
            .iter()
            .any(|impact| !impact.customers.is_empty());
        let rows = if is_typed {
            "customers"
        } else {
            "customers_file"
        };
        let from_table = match noun {
            Noun::Users => case.record.customers().any(|row| row.users.is_some()),
            _ => totals.customers > 0,
        };
        let (source, prefix) = match (from_table, noun) {
            (true, _) => (rows, "the customer table adds up to"),
            (false, Noun::Users) => ("users", "the impact states"),
            (false, _) => ("accounts", "the impact states"),
        };
        let in_table = |count: u64, noun: &str, at_least: &str| {
            let description = format!("{prefix} {at_least}{}", counted(count, noun));
            Self::new(count, description, impact.clone().key(source))
        };
        Some(match noun {
            Noun::Users => {
                let (completeness, at_least) = if totals.at_least {
                    (Completeness::LowerBound, "at least ")
                } else {
                    (Completeness::Complete, "")
                };
                Self {
                    completeness,
                    ..in_table(totals.users?, "user", at_least)
                }
            }
            Noun::Customers | Noun::Accounts => {
                let mut computed = in_table(totals.accounts?, "account", "");
                let rows =
                    Some(totals.customers).filter(|rows| *rows > 0 && *rows != computed.total);
                if let Some(rows) = rows {
                    computed
                        .description
                        .push_str(&format!(" in {}", counted(rows, "row")));
                }
                computed
                    .others
                    .extend(rows.filter(|_| noun == Noun::Customers));
                // If every customer is a person, users and customers are the same.
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
                let description = format!("`support_tickets` is {}", separated(tickets));
                Self::new(
                    tickets,
                    description,
                    impact.key("business").key("support_tickets"),
                )
            }
            Noun::HealingActions => {
                let healing = incident.self_healing.as_ref();
                let actions = healing.map_or(0, |healing| healing.actions.len());
                let path = Path::new().key("self_healing").key("actions");
                Self::listed(actions, "self-healing action", path)?
            }
            Noun::ActionItems => {
                let items = incident.action_items.len();
                Self::listed(items, "action item", Path::new().key("action_items"))?
            }
            Noun::FalseSignals => {
                let signals = Some(case.facts.false_signals).filter(|signals| *signals > 0)?;
                let description = format!("`ruled_out` adds up to {}", separated(signals));
                Self::new(
                    signals,
                    description,
                    Path::new().key("analysis").key("ruled_out"),
                )
            }
        })
    }

    /// Returns the count of a list; `None` if it is empty.
    fn listed(length: usize, noun: &str, path: Path) -> Option<Self> {
        let total = u64::try_from(length).ok().filter(|total| *total > 0)?;
        let description = format!("the incident lists {}", counted(total, noun));
        Some(Self::new(total, description, path))
    }

    fn agrees(&self, stated: u64, bound: Bound) -> bool {
        self.others.iter().chain([&self.total]).any(|is| {
            let more = stated >= *is && self.completeness == Completeness::LowerBound;
            more || match bound {
                Bound::Exact => stated == *is,
                Bound::About => stated.abs_diff(*is).saturating_mul(10) <= *is,
                Bound::AtMost | Bound::UpTo => stated >= *is,
                Bound::MostOf => stated >= *is && stated < is.saturating_mul(2),
                Bound::AtLeast => stated <= *is,
            }
        })
    }

    /// Returns `true` if another claim states this total, so that a smaller number is a part of it.
    fn is_stated_by(&self, other: &Stated, noun: Noun) -> bool {
        matches!(other.claim, Claim::Were(other_noun, _, value) if other_noun == noun && self.agrees(value, other.bound))
    }
}

/// Returns `true` if a number is the count of a single row.
fn is_a_row(case: &Case, noun: Noun, value: u64) -> bool {
    case.record.customers().any(|row| {
        let count = match noun {
            Noun::Users => row.users,
            Noun::Customers | Noun::Accounts => row.accounts,
            Noun::Complaints => row.complaints,
            Noun::Tickets | Noun::FalseSignals | Noun::HealingActions | Noun::ActionItems => None,
        };
        count.is_some_and(|count| u64::from(count) == value)
    })
}
