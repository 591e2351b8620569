//! Reads the counts that a line states by a label: `Affected users: 9,000`.

use serde::Deserialize;

use super::{Labels, WORDS, names};
use crate::token::{Bound, Kind, NumberWords, Tokens};

/// What a label counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Users.
    Users,
    /// Customers.
    Customers,
    /// Customer accounts.
    Accounts,
    /// Support tickets.
    Tickets,
    /// Complaints.
    Complaints,
}

/// A count that a line states by a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledCount<'a> {
    /// The value, as written.
    pub value: &'a str,
    /// What is counted.
    pub counted: Counted,
    /// The number.
    pub count: u64,
    /// Whether it is exact, approximate or a bound.
    pub bound: Bound,
    /// Whether the label alone says that the incident affected them: `Affected users`, not `Users`.
    pub is_affected: bool,
}

impl Labels {
    /// Parses a line such as `- **Affected users**: 9,000` or `| Support tickets | 40 |`; `None` unless the value is one
    /// number.
    #[must_use]
    pub fn count<'t>(&self, line: &'t str) -> Option<LabelledCount<'t>> {
        let (label, value) = self.label_and_value(line)?;
        let found = |table| names(table, label).map(|counted| (counted, true));
        let weak = || names(&WORDS.bare_counts, label).map(|counted| (counted, false));
        let (counted, is_affected) = found(&WORDS.counts).or_else(weak)?;
        let (count, bound) = number(value.trim_matches(['*', '`', ' ', '.']), counted)?;
        Some(LabelledCount {
            value,
            counted,
            count,
            bound,
            is_affected,
        })
    }
}

/// Parses a value that is a number, with a sign or a word before it and the noun after it: `about 3,000 users`.
fn number(value: &str, counted: Counted) -> Option<(u64, Bound)> {
    let tokens = Tokens::tokenize(value, NumberWords::english());
    let is_count = |at: &usize| matches!(tokens.kind(*at), Kind::Count(..));
    let at = (0..tokens.len()).find(is_count)?;
    let Kind::Count(count, typed) = tokens.kind(at) else {
        return None;
    };
    let before: Vec<&str> = (0..at).map(|at| tokens.lower(at)).collect();
    let bound = match (
        before.as_slice(),
        at.checked_sub(1).map(|at| tokens.kind(at)),
    ) {
        ([], _) => typed,
        ([_], Some(Kind::Sign(bound))) => bound,
        ([word], _) if WORDS.about.iter().any(|about| about == word) => Bound::About,
        (["over"] | ["more", "than"] | ["at", "least"], _) => Bound::AtLeast,
        (["under"] | ["fewer" | "less", "than"] | ["at", "most"] | ["up", "to"], _) => {
            Bound::AtMost
        }
        _ => return None,
    };
    let rest: Vec<&str> = (at + 1..tokens.len()).map(|at| tokens.lower(at)).collect();
    let is_noun = |noun: &str| names(&WORDS.bare_counts, noun) == Some(counted);
    match rest.as_slice() {
        [] => Some((count, bound)),
        [noun] if is_noun(noun) => Some((count, bound)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_by_their_labels() {
        use Bound::{About, AtLeast, AtMost, Exact};
        use Counted::{Accounts, Complaints, Customers, Tickets, Users};
        for (line, expected) in [
            ("Affected users: 9,000", Some((Users, 9_000, Exact, true))),
            (
                "- **Users affected**: ~3,000",
                Some((Users, 3_000, About, true)),
            ),
            (
                "| Customers affected | 17 |",
                Some((Customers, 17, Exact, true)),
            ),
            (
                "Affected accounts: more than 30",
                Some((Accounts, 30, AtLeast, true)),
            ),
            (
                "Users impacted: up to 500 users",
                Some((Users, 500, AtMost, true)),
            ),
            ("Tickets: 40.", Some((Tickets, 40, Exact, false))),
            ("Complaints received: 9", Some((Complaints, 9, Exact, true))),
            ("Affected users: 40 %", None),
            ("Affected users: 300 in Berlin, 947 elsewhere", None),
            ("Affected users: 12 customers", None),
            ("Affected users: none", None),
            ("Tickets: OPS-40", None),
            ("Queue depth: 9,000", None),
        ] {
            let found = Labels::default().count(line);
            let found = found.map(|one| (one.counted, one.count, one.bound, one.is_affected));
            assert_eq!(found, expected, "{line}");
        }
    }
}
