//! What happened since the due date of an action item, as text.

use serde::Serialize;

use crate::facts::{counted, separated};
use crate::metrics::waiting::Cost;

/// The incidents since the due date of an action item that share a tag with its incident.
#[derive(Debug, Clone, Serialize)]
pub struct CostView<'a> {
    /// Their number.
    pub count: usize,
    /// The IDs of the latest of them, in the order of their starts.
    pub incidents: Vec<&'a str>,
    /// The minutes of customer impact, or else of the whole incidents.
    pub minutes: i64,
    /// Whether the duration of any of them is not known.
    pub minutes_at_least: bool,
    /// The affected users.
    pub users: u64,
    /// Whether the number of users of any of them is not known.
    pub users_at_least: bool,
    /// All of it as text: `2 incidents since, 95 minutes, at least 1,200 users`.
    pub text: String,
}

impl<'a> From<&Cost<'a>> for CostView<'a> {
    fn from(cost: &Cost<'a>) -> Self {
        let least = |is_least: bool| if is_least { "at least " } else { "" };
        let text = format!(
            "{} since, {}{}, {}{}",
            counted(cost.count, "incident"),
            least(cost.minutes_at_least),
            counted(cost.minutes, "minute"),
            least(cost.users_at_least),
            counted(cost.users, "user"),
        );
        Self {
            count: cost.count,
            incidents: cost.latest.to_vec(),
            minutes: cost.minutes,
            minutes_at_least: cost.minutes_at_least,
            users: cost.users,
            users_at_least: cost.users_at_least,
            text,
        }
    }
}

impl CostView<'_> {
    /// Returns the cells of a table: incidents, minutes and users; a number that is a lower bound ends in `+`.
    #[must_use]
    pub fn cells(&self) -> [String; 3] {
        let more = |is_least: bool| if is_least { "+" } else { "" };
        [
            separated(self.count),
            separated(self.minutes) + more(self.minutes_at_least),
            separated(self.users) + more(self.users_at_least),
        ]
    }
}
