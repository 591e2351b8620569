//! The reference date of a check, which notes on which other days the check says the same.

use std::cell::{Cell, RefCell};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::facts::counted;

/// The days from one to another, both included, as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Days {
    first: i32,
    last: i32,
}

impl Days {
    const ALL: Self = Self {
        first: i32::MIN,
        last: i32::MAX,
    };

    /// Returns whether a day is one of them.
    fn contain(&self, day: NaiveDate) -> bool {
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
    /// The days for which the answer was how long ago they are.
    past: RefCell<Vec<NaiveDate>>,
}

/// The answers that a check had about its reference date, from which its diagnostics on other days follow.
#[derive(Debug, Serialize, Deserialize)]
pub struct Dated {
    day: NaiveDate,
    same: Days,
    past: Vec<NaiveDate>,
}

impl Dated {
    /// Corrects diagnostics to those of another day; returns `false` if they cannot be known without a check.
    pub(super) fn correct(&self, diagnostics: &mut [Diagnostic], day: NaiveDate) -> bool {
        if !self.same.contain(day) {
            return false;
        }
        let corrected = |found: &Diagnostic| {
            let mut past = self.past.iter();
            past.find_map(|past| {
                let start = found.message.strip_suffix(&overdue(*past, self.day))?;
                Some(format!("{start}{}", overdue(*past, day)))
            })
        };
        let mut found = diagnostics.iter_mut().filter(|found| found.code == OVERDUE);
        day == self.day
            || found.all(|found| {
                let message = corrected(found);
                let is_known = message.is_some();
                found.message = message.unwrap_or_default();
                is_known
            })
    }
}

/// The code of the check that says how long ago a day is.
pub(super) const OVERDUE: &str = "action-overdue";

/// Returns the end of a message about what was due on a day.
fn overdue(due: NaiveDate, as_of: NaiveDate) -> String {
    let late = counted((as_of - due).num_days(), "day");
    format!(" is {late} overdue on {as_of}")
}

impl AsOf {
    pub(super) fn new(day: NaiveDate) -> Self {
        Self {
            day,
            same: Cell::new(Days::ALL),
            past: RefCell::default(),
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

    /// Returns the end of a message of [`OVERDUE`], which can be corrected for another day; `None` if it is not overdue.
    pub(super) fn overdue(&self, due: NaiveDate) -> Option<String> {
        self.is_after(due).then(|| {
            self.past.borrow_mut().push(due);
            overdue(due, self.day)
        })
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

    /// Returns what all answers so far depend on.
    pub(super) fn dated(&self) -> Dated {
        Dated {
            day: self.day,
            same: self.same.get(),
            past: self.past.borrow().clone(),
        }
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
        let all = as_of.same.get();
        assert!(all.contain(NaiveDate::MIN) && all.contain(NaiveDate::MAX));
        assert!(as_of.is_after(day(30)) && as_of.is_after(day(40)) && !as_of.is_after(day(70)));
        assert!(as_of.is_before(day(60)) && !as_of.is_before(day(50)));
        let same = |number| as_of.same.get().contain(day(number));
        assert!(!same(49) && same(50) && same(59) && !same(60));
        assert_eq!(as_of.day(), day(50));
        let same = |number| as_of.same.get().contain(day(number));
        assert!(!same(49) && same(50) && !same(51));
    }

    #[test]
    fn on_each_day_of_the_same_answers_they_are_the_same() {
        let asked = [(3, false), (5, true), (8, false), (8, true), (12, true)];
        let answers = |number| {
            let as_of = AsOf::new(day(number));
            let answers = asked.map(|(other, is_before)| {
                if is_before {
                    as_of.is_before(day(other))
                } else {
                    as_of.is_after(day(other))
                }
            });
            (answers, as_of.same.get())
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

    #[test]
    fn how_long_something_is_overdue_is_corrected_for_another_day() {
        let message = |as_of: &AsOf, due| Diagnostic {
            code: OVERDUE,
            ..Diagnostic::warning("", format!("`A`{}", as_of.overdue(day(due)).expect("late")))
        };
        let found = |number| {
            let as_of = AsOf::new(day(number));
            let found = [35, 45, 49].map(|due| message(&as_of, due));
            (found, as_of.dated())
        };
        let messages = |found: &[Diagnostic; 3]| found.clone().map(|found| found.message);
        let ((mut found_then, dated), (found_later, _)) = (found(50), found(61));
        assert!(dated.correct(&mut found_then, day(61)));
        assert_eq!(messages(&found_then), messages(&found_later));
        assert!(!dated.correct(&mut found_then, day(49)));
    }
}
