//! The reference date of a check, which notes on which other days the check says the same.

use std::cell::Cell;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The days from one to another, both included, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    first: i32,
    last: i32,
}

impl Days {
    const ALL: Self = Self {
        first: i32::MIN,
        last: i32::MAX,
    };

    /// Returns whether a day is one of them.
    #[must_use]
    pub fn contain(&self, day: NaiveDate) -> bool {
        (self.first..=self.last).contains(&day.num_days_from_ce())
    }
}

/// The reference date for "overdue" and "in the future".
///
/// It can only be asked, so that each answer is noted.
pub struct AsOf {
    day: NaiveDate,
    /// The days on which all answers are the same.
    same: Cell<Days>,
}

impl AsOf {
    pub(super) fn new(day: NaiveDate) -> Self {
        Self {
            day,
            same: Cell::new(Days::ALL),
        }
    }

    /// Returns whether it is after a day.
    #[must_use]
    pub fn is_after(&self, day: NaiveDate) -> bool {
        let is_after = self.day > day;
        let (own, day) = (self.same.get(), day.num_days_from_ce());
        self.same.set(if is_after {
            Days {
                first: own.first.max(day + 1),
                ..own
            }
        } else {
            Days {
                last: own.last.min(day),
                ..own
            }
        });
        is_after
    }

    /// Returns whether it is before a day.
    #[must_use]
    pub fn is_before(&self, day: NaiveDate) -> bool {
        day.pred_opt().is_some_and(|before| !self.is_after(before))
    }

    /// Returns the date itself, which another day does not have.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        let only = self.day.num_days_from_ce();
        self.same.set(Days {
            first: only,
            last: only,
        });
        self.day
    }

    /// Returns the days on which all answers so far would have been the same.
    pub(super) fn same(&self) -> Days {
        self.same.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(number).expect("a day")
    }

    #[test]
    fn an_answer_is_the_same_until_the_next_day_that_was_asked_about() {
        let as_of = AsOf::new(day(50));
        assert!(as_of.same().contain(NaiveDate::MIN) && as_of.same().contain(NaiveDate::MAX));
        assert!(as_of.is_after(day(30)) && as_of.is_after(day(40)) && !as_of.is_after(day(70)));
        assert!(as_of.is_before(day(60)) && !as_of.is_before(day(50)));
        let same = |number| as_of.same().contain(day(number));
        assert!(!same(49) && same(50) && same(59) && !same(60));
        assert_eq!(as_of.day(), day(50));
        let same = |number| as_of.same().contain(day(number));
        assert!(!same(49) && same(50) && !same(51));
    }

    #[test]
    fn on_each_day_of_the_same_answers_they_are_the_same() {
        let asked = [(3, false), (5, true), (8, false), (8, true), (12, true)];
        let answers = |number| {
            let as_of = AsOf::new(day(number));
            let answers = asked.map(|(other, is_before)| match is_before {
                true => as_of.is_before(day(other)),
                false => as_of.is_after(day(other)),
            });
            (answers, as_of.same())
        };
        for (one, other) in (1..20).flat_map(|one| (1..20).map(move |other| (one, other))) {
            let (expected, same) = answers(one);
            assert_eq!(
                same.contain(day(other)),
                answers(other).0 == expected,
                "{one} and {other}"
            );
        }
    }
}
