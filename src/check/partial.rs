//! Which checks say something about an incident of which a part could not be read.
//!
//! A check runs if it reads none of the unread parts. [`READS`] lists what each check reads,
//! in the patterns of [`Unread`]; a check that is not in it needs everything. What a check
//! merely finds more of, such as texts with a secret, it does not need, so it is not listed.

use super::{Case, Check, Settable};
use crate::source::Unread;

/// What could not be read of an incident, its timeline and the settings.
#[derive(Clone, Copy)]
pub struct Lacking<'a> {
    /// Of the incident's file.
    pub incident: &'a Unread,
    /// Of its timeline.
    pub timeline: &'a Unread,
    /// Of the settings.
    pub settings: &'a Unread,
}

/// Parts that are read together.
type Parts = &'static [&'static str];

/// The moments of the marks, and the events and times that they come from.
const MARKS: Parts = &[
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
const ZONE: Parts = &["incident.timezone", "settings.site.timezone"];

/// The status, as typed or by the marks.
const STATUS: Parts = &["incident.status", "incident.report"];

/// The durations between marks and messages.
const DURATIONS: Parts = &[
    "settings.metrics",
    "incident.messages.sent_at",
    "incident.messages.event",
    "incident.messages.audience",
];

/// The times of what is typed, each by itself.
const EACH_TIME: Parts = &["timeline.date", "timeline.tz"];

/// The severity and what it means.
const SEVERITY: Parts = &[
    "incident.severity",
    "settings.severity",
    "settings.site.severities",
];

/// The customer table's counts, and those beside it.
const CUSTOMERS: Parts = &[
    "incident.impact.customers.users",
    "incident.impact.customers.accounts",
    "incident.impact.users",
    "incident.impact.accounts",
];

const KIND: Parts = &["incident.kind"];
const AS_OF: Parts = &["settings.site.as_of"];

/// Messages, with all that promises and their wording depend on.
const MESSAGES: Parts = &[
    "incident.messages",
    "incident.communication",
    "settings.organization",
];

/// What each check reads.
const READS: &[(&str, &[Parts])] = &[
    ("unknown-event", &[&["timeline.events.id"]]),
    (
        "unknown-action",
        &[&["incident.action_items.id", "incident.resolution"]],
    ),
    ("duplicate-event-id", &[]),
    ("unknown-severity", &[SEVERITY]),
    ("missing-file", &[&["settings.limits"]]),
    ("customers-without-users", &[CUSTOMERS]),
    ("users-at-least", &[CUSTOMERS]),
    ("impact-total-ignored", &[CUSTOMERS]),
    ("time-without-day", &[&["timeline.date"]]),
    ("ambiguous-time", &[EACH_TIME]),
    ("impossible-time", &[EACH_TIME]),
    ("duplicate-mark", &[]),
    (
        "mark-disagrees",
        &[
            EACH_TIME,
            ZONE,
            &["timeline.events[].until", "timeline.events[].approx"],
        ],
    ),
    (
        "end-before-start",
        &[
            EACH_TIME,
            ZONE,
            KIND,
            &[
                "timeline.events[].until",
                "timeline.events[].approx",
                "settings.metrics",
            ],
        ],
    ),
    ("unpaired-impact-mark", &[MARKS]),
    ("timeline-out-of-order", &[MARKS, ZONE]),
    (
        "in-the-future",
        &[
            EACH_TIME,
            ZONE,
            AS_OF,
            &["incident.status", "timeline.events[].until"],
        ],
    ),
    ("acknowledged-before-paged", &[MARKS, DURATIONS]),
    ("resolved-without-end", &[MARKS, STATUS, KIND]),
    ("impact-after-end", &[MARKS, DURATIONS, STATUS, ZONE]),
    ("declared-after-end", &[MARKS, STATUS, ZONE]),
    ("resolved-message-outdated", &[MARKS, STATUS, MESSAGES]),
    (
        "event-marks-nothing",
        &[&[
            "incident.times",
            "timeline.events.marks",
            "timeline.events.kind",
        ]],
    ),
    (
        "alert-too-early",
        &[MARKS, DURATIONS, &["incident.detection.alert"]],
    ),
    (
        "gap-in-timeline",
        &[MARKS, &["timeline.events", "settings.checks"]],
    ),
    ("mark-on-hidden-event", &[&["timeline.events[].marks"]]),
    (
        "action-without-owner",
        &[&[
            "incident.action_items[].owner",
            "incident.action_items[].status",
        ]],
    ),
    (
        "action-without-due-date",
        &[&[
            "incident.action_items[].due",
            "incident.action_items[].status",
        ]],
    ),
    ("action-due-before-incident", &[MARKS, ZONE]),
    (
        "action-overdue",
        &[AS_OF, &["incident.action_items[].status"]],
    ),
    (
        "action-cancelled-without-reason",
        &[&["incident.action_items[].reason"]],
    ),
    (
        "action-status-differs",
        &[&["incident.action_items[].status"]],
    ),
    ("action-without-verb", &[]),
    (
        "improvement-without-action",
        &[&[
            "incident.resolution.long_term[].action",
            "incident.resolution.long_term[].status",
        ]],
    ),
    (
        "nothing-prevents",
        &[
            MARKS,
            STATUS,
            KIND,
            SEVERITY,
            &["incident.action_items.type", "incident.action_items.status"],
        ],
    ),
    ("placeholder", &[&["timeline.events[].hidden"]]),
    ("blame", &[&["timeline.events[].hidden"]]),
    (
        "person-in-root-cause",
        &[&["incident.people", "incident.sign_off", "timeline.people"]],
    ),
    (
        "single-cause",
        &[
            MARKS,
            STATUS,
            SEVERITY,
            &["incident.root_cause", "incident.analysis.chain"],
        ],
    ),
    (
        "cause-unknown-but-closed",
        &[MARKS, STATUS, KIND, &["incident.root_cause.status"]],
    ),
    ("secret-in-text", &[&["timeline.events[].hidden"]]),
    (
        "impact-window-differs",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "update-interval-not-kept",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "promised-update-late",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "update-not-promised",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "update-overdue",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES, AS_OF],
    ),
    (
        "stages-out-of-order",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "message-before-incident",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    (
        "first-notice-differs",
        &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
    ),
    ("final-message-without-apology", &[MARKS, KIND, MESSAGES]),
    ("final-message-without-contact", &[MARKS, KIND, MESSAGES]),
    (
        "outage-overstated",
        &[&["incident.impact.level", "incident.messages[].audience"]],
    ),
    (
        "message-without-text",
        &[&[
            "incident.messages[].subject",
            "incident.messages[].body",
            "incident.messages[].url",
        ]],
    ),
    (
        "message-without-time",
        &[
            MARKS,
            STATUS,
            &["incident.messages[].sent_at", "incident.messages[].event"],
        ],
    ),
    ("message-variable-left", &[]),
    (
        "message-without-approver",
        &[SEVERITY, &["incident.messages"]],
    ),
    ("classification-missing", &[&["incident.classification"]]),
    ("severity-missing", &[SEVERITY, KIND]),
    (
        "required-section-missing",
        &[
            MARKS,
            STATUS,
            KIND,
            SEVERITY,
            &[
                "incident.summary?",
                "incident.root_cause.primary?",
                "incident.detection?",
                "incident.impact?",
                "incident.resolution?",
                "incident.fix?",
                "incident.self_healing?",
                "incident.messages.stage",
                "incident.lessons?",
                "incident.action_items.action",
                "incident.technical",
                "incident.evidence.title",
                "incident.references.title",
                "incident.sign_off?",
            ],
        ],
    ),
    (
        "required-signature-missing",
        &[MARKS, STATUS, KIND, SEVERITY, &["incident.sign_off"]],
    ),
    ("signed-before-end", &[MARKS, ZONE]),
    (
        "self-approval",
        &[&["incident.people.commander", "incident.sign_off"]],
    ),
    (
        "signature-without-date",
        &[&[
            "incident.sign_off.date",
            "incident.sign_off.signatures[].date",
        ]],
    ),
    ("row-length", &[&["incident.tables"]]),
    ("reference-without-target", &[&["incident.references[]"]]),
    ("evidence-without-content", &[&["incident.evidence[]"]]),
    ("image-without-alt", &[&["incident.evidence[]"]]),
    (
        "public-text-missing",
        &[&["incident.classification", "incident.public"]],
    ),
];

impl Lacking<'_> {
    /// Returns `true` if everything was read.
    pub fn is_empty(&self) -> bool {
        self.incident.is_empty() && self.timeline.is_empty() && self.settings.is_empty()
    }

    /// Returns `true` if what a check says of a case cannot be wrong because of what is unread.
    pub(super) fn leaves(&self, check: &Check, case: &Case) -> bool {
        if self.is_empty() {
            return true;
        }
        let reads = READS.iter().find(|(code, _)| *code == check.code);
        let is_settable = check.settable == Settable::Yes;
        // Whether an incident is old enough to be skipped follows from its end.
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
        let parts = reads.map(|(_, parts)| parts.iter().chain(dated).copied().flatten());
        parts.is_some_and(|mut parts| {
            !setting.iter().any(|part| self.touches(part)) && !parts.any(|part| self.touches(part))
        })
    }

    fn touches(&self, part: &str) -> bool {
        match part.split_once('.') {
            Some(("incident", part)) => self.incident.touches(part),
            Some(("timeline", part)) => self.timeline.touches(part),
            Some(("settings", part)) => self.settings.touches(part),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn each_entry_is_of_a_check() {
        for (code, _) in READS {
            assert!(check::all().any(|check| check.code == *code), "{code}");
        }
    }
}
