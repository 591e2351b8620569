//! The severity of an incident over time.
//!
//! The incident's file states the severity at the start. An event that states one changes it from the time of the
//! event on. Wherever one severity is needed, it is the most severe of them, so that an incident never counts
//! as less than it was.

use super::Record;
use crate::config::Config;
use crate::moment::Moment;

/// A severity that an incident had from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeverityChange<'a> {
    /// The key of the severity.
    pub severity: &'a str,
    /// The event that states it, by its index, and its time; `None` for the severity at the start.
    pub event: Option<(usize, Moment)>,
}

/// Returns the text of an event that changes the severity; `how` is a word such as `raised`.
#[must_use]
pub fn severity_text(how: &str, from: &str, to: &str) -> String {
    format!("Severity {how} from {from} to {to}")
}

/// Returns the severity from which the text of an event says that it changed; `None` for any other text.
#[must_use]
pub fn stated_severity_before(text: &str) -> Option<&str> {
    let (how, rest) = text.strip_prefix("Severity ")?.split_once(" from ")?;
    let (before, _) = rest.split_once(" to ")?;
    (!how.contains(' ')).then_some(before)
}

impl Record {
    /// Returns the severities that the incident's file and its events state, in order of time.
    #[must_use]
    pub fn severities(&self) -> Vec<SeverityChange<'_>> {
        let events = self.timeline.events.iter().enumerate();
        let mut changes: Vec<SeverityChange> = events
            .filter_map(|(index, event)| {
                Some(SeverityChange {
                    severity: event.severity.as_deref()?,
                    event: Some((index, self.began(event)?)),
                })
            })
            .collect();
        changes.sort_by_key(|change| change.event.map(|(_, moment)| moment.order()));
        let first = self.incident.severity.as_deref();
        let first = first.map(|severity| SeverityChange {
            severity,
            event: None,
        });
        first.into_iter().chain(changes).collect()
    }

    /// Returns the most severe of the incident's severities.
    #[must_use]
    pub fn peak(&self, config: &Config) -> Option<SeverityChange<'_>> {
        let changes = self.severities();
        // Most incidents have one, and need no look at the settings.
        if let [only] = changes.as_slice() {
            return Some(*only);
        }
        let rank = |change: &SeverityChange| config.severity_rank(change.severity);
        let peak = changes
            .iter()
            .min_by_key(|change| rank(change).unwrap_or(usize::MAX));
        peak.copied()
    }

    /// Returns the severity by which the incident counts: the most severe that it had.
    #[must_use]
    pub fn severity(&self, config: &Config) -> Option<&str> {
        self.peak(config).map(|change| change.severity)
    }
}
