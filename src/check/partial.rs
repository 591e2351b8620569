//! Checks of an incident of which a part could not be read.
//!
//! A check runs if it reads none of the unread parts. Its `reads` lists them in the patterns of
//! [`Unread`]. Parts in which it only finds more, such as further texts with a secret, are not
//! listed: without them it reports less, but nothing wrong.

use super::{Case, Check, Trait};
use crate::source::Unread;

/// The parts of an incident, its timeline and the settings that could not be read.
#[derive(Clone, Copy)]
pub struct Lacking<'a> {
    /// The unread parts of the incident's file.
    pub incident: &'a Unread,
    /// The unread parts of its timeline.
    pub timeline: &'a Unread,
    /// The unread parts of the settings.
    pub settings: &'a Unread,
}

/// Parts that are read together.
pub type Parts = &'static [&'static str];

/// All parts, for a check that runs only if everything was read.
pub(super) const EVERYTHING: &[Parts] = &[&["everything"]];

/// The times of the marks, and the events and times that they come from.
pub(super) const MARKS: Parts = &[
    "incident.times",
    "timeline.date",
    "timeline.tz",
    "timeline.events.at",
    "timeline.events.until",
    "timeline.events.approx",
    "timeline.events.marks",
    "timeline.events.id",
];

/// The time zone in which messages print times.
pub(super) const ZONE: Parts = &["incident.timezone", "settings.site.timezone"];

/// The status, as typed or by the marks and the analysis.
pub(super) const STATUS: Parts = &[
    "incident.status",
    "incident.report",
    "incident.kind",
    "incident.analysis.status",
    "incident.root_cause.primary",
    "incident.root_cause.status",
    "incident.fix.status",
];

/// The durations between marks and messages.
pub(super) const DURATIONS: Parts = &[
    "settings.metrics",
    "incident.messages.sent_at",
    "incident.messages.event",
    "incident.messages.audience",
];

/// The defaults that each written time needs.
pub(super) const EACH_TIME: Parts = &["timeline.date", "timeline.tz"];

/// The severity and its definition.
pub(super) const SEVERITY: Parts = &[
    "incident.severity",
    "timeline.date",
    "timeline.tz",
    "timeline.events.at",
    "timeline.events.severity",
    "settings.severity",
    "settings.site.severities",
];

/// The counts of the customer table and of the impact.
pub(super) const CUSTOMERS: Parts = &[
    "incident.impact.customers.users",
    "incident.impact.customers.accounts",
    "incident.impact.customers_file",
    "incident.impact.users",
    "incident.impact.accounts",
];

/// The kind of the record.
pub(super) const KIND: Parts = &["incident.kind"];

/// The reference date.
pub(super) const AS_OF: Parts = &["settings.site.as_of"];

/// The messages, and the settings that their promises and wording depend on.
pub(super) const MESSAGES: Parts = &[
    "incident.messages",
    "incident.communication",
    "settings.organization",
    "settings.words",
];

impl Lacking<'_> {
    /// Returns `true` if everything was read.
    pub fn is_empty(&self) -> bool {
        self.incident.is_empty() && self.timeline.is_empty() && self.settings.is_empty()
    }

    /// Returns `true` if a check reads no unread part, so that its findings are right.
    pub(super) fn allows(&self, check: &Check, case: &Case) -> bool {
        if self.is_empty() {
            return true;
        }
        let is_settable = !check.is(Trait::Fixed);
        // `[checks] since` skips incidents by their end, so the end must have been read.
        let is_dated = is_settable && case.config.checks.since.is_some();
        let level = format!("settings.checks.{}", check.code);
        let setting: &[&str] = if is_settable {
            &["settings.checks.since", "incident.allow", &level]
        } else {
            &[]
        };
        let dated = if is_dated {
            [MARKS, ZONE].as_slice()
        } else {
            &[]
        };
        let mut parts = check.reads.iter().chain(dated).copied().flatten();
        !setting.iter().any(|part| self.touches(part)) && !parts.any(|part| self.touches(part))
    }

    fn touches(&self, part: &str) -> bool {
        match part.split_once('.') {
            Some(("incident", part)) => self.incident.touches(part),
            Some(("timeline", part)) => self.timeline.touches(part),
            Some(("settings", part)) => self.settings.touches(part),
            _ => !self.is_empty(),
        }
    }
}
