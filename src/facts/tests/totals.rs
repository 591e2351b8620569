//! The totals of the customer table, and the false signals.

use super::*;

/// The lines of the impact, and the totals: users, accounts, customers, complaints.
const TOTALS: &[(&str, &str)] = &[
    ("", "- users, - accounts, 0 customers, - complaints"),
    ("[impact]", "- users, - accounts, 0 customers, - complaints"),
    (
        "[impact]\nusers = 1247\naccounts = 12",
        "1247 users, 12 accounts, 0 customers, - complaints",
    ),
    (
        "[impact]\nusers = 0",
        "0 users, - accounts, 0 customers, - complaints",
    ),
    (
        "[impact]\nusers = 5\nusers_estimated = true",
        "~5 users, - accounts, 0 customers, - complaints",
    ),
    (
        "[impact]\ncustomers = [{ name = 'A' }]",
        "- users, 1 accounts, 1 customers, - complaints",
    ),
    (
        "[impact]\ncustomers = [{ name = 'A' }, { name = 'B', accounts = 8 }]",
        "- users, 9 accounts, 2 customers, - complaints",
    ),
    (
        "[impact]\ncustomers = [{ name = 'A', users = 3 }, { name = 'B', users = 0 }]",
        "3 users, 2 accounts, 2 customers, - complaints",
    ),
    // Some rows have no `users`: the sum is a lower bound.
    (
        "[impact]\ncustomers = [{ name = 'A', users = 3 }, { name = 'B' }]",
        "3+ users, 2 accounts, 2 customers, - complaints",
    ),
    (
        "[impact]\ncustomers = [{ name = 'A', complaints = 2 }, { name = 'B' }]",
        "- users, 2 accounts, 2 customers, 2 complaints",
    ),
    // The table takes precedence over the numbers next to it.
    (
        "[impact]\nusers = 9\ncustomers = [{ name = 'A' }, { name = 'B', accounts = 8 }]",
        "9 users, 9 accounts, 2 customers, - complaints",
    ),
    (
        "[impact]\nusers = 9\ncustomers = [{ name = 'A', users = 3 }]",
        "3 users, 1 accounts, 1 customers, - complaints",
    ),
    (
        "[impact]\ncustomers = [{ name = 'A', users = 4294967295, accounts = 4294967295 }, { name = 'B', users = 4294967295, accounts = 4294967295 }]",
        "8589934590 users, 8589934590 accounts, 2 customers, - complaints",
    ),
];

#[test]
fn totals_are_sums_and_none_if_nothing_is_recorded() {
    for (impact, expect) in TOTALS {
        let totals = facts(impact, &[]).totals;
        let count =
            |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
        let found = format!(
            "{}{}{} users, {} accounts, {} customers, {} complaints",
            if totals.estimated { "~" } else { "" },
            count(totals.users),
            if totals.at_least { "+" } else { "" },
            count(totals.accounts),
            totals.customers,
            count(totals.complaints),
        );
        assert_eq!(found, *expect, "{impact}");
    }
}

#[test]
fn false_signals_are_counted_one_each_or_as_many_as_they_say() {
    let analysis = "analysis.ruled_out = [{ signal = 'A' }, { signal = 'Others', count = 36 }, { signal = 'B', count = 0 }]";
    assert_eq!(facts(analysis, &[]).false_signals, 37);
    assert_eq!(facts("", &[]).false_signals, 0);
}
