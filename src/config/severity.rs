//! The severities of an archive: the built-in ones, changed and completed by the settings.

use super::{Config, Requirement};
use crate::incident::SignatureRole;
use crate::kind::{Line, Period};

/// A severity of the archive, with the defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    /// The key, such as `P1`.
    pub key: String,
    /// The name that is printed after the key, such as `High`.
    pub label: Option<String>,
    /// When to use this severity.
    pub description: Option<String>,
    /// The sections that a resolved incident must have.
    pub require: Vec<Requirement>,
    /// The signatures that a resolved incident must have.
    pub sign_off: Vec<SignatureRole>,
    /// The time from the end of an incident to its review.
    pub review_within: Option<Period>,
}

const FULL: &[Requirement] = &[
    Requirement::Impact,
    Requirement::RootCause,
    Requirement::Detection,
    Requirement::Resolution,
    Requirement::Communication,
    Requirement::Lessons,
    Requirement::ActionItems,
];

/// A built-in severity: key, label, required sections, required signatures.
type DefaultSeverity = (
    &'static str,
    &'static str,
    &'static [Requirement],
    &'static [SignatureRole],
);

/// The built-in severities, most severe first.
const SEVERITIES: &[DefaultSeverity] = &[
    (
        "P0",
        "Critical",
        FULL,
        &[
            SignatureRole::Commander,
            SignatureRole::Reviewer,
            SignatureRole::Approver,
        ],
    ),
    (
        "P1",
        "High",
        FULL,
        &[SignatureRole::Commander, SignatureRole::Reviewer],
    ),
    (
        "P2",
        "Medium",
        &[Requirement::RootCause, Requirement::ActionItems],
        &[],
    ),
    ("P3", "Low", &[], &[]),
    ("P4", "Informational", &[], &[]),
];

impl Config {
    /// Returns the severities of the archive, most severe first.
    ///
    /// They are those of `[site] severities`; without it, the built-in ones and those that
    /// have a table, sorted by `order`.
    #[must_use]
    pub fn severities(&self) -> Vec<Severity> {
        let keys = self.severity_keys().into_iter();
        keys.map(|key| self.severity(key)).collect()
    }

    fn severity_keys(&self) -> Vec<&str> {
        if let Some(keys) = &self.site.severities {
            return keys.iter().map(|key| &**key).collect();
        }
        let default = |key: &str| SEVERITIES.iter().position(|severity| severity.0 == key);
        let own = self.severity.0.iter().map(|(key, _)| &**key);
        let own = own.filter(|key| default(key).is_none());
        let built_in = SEVERITIES.iter().map(|severity| severity.0);
        let mut keys: Vec<&str> = built_in.chain(own).collect();
        let order = |key: &str| {
            let set = self.severity.get(key).and_then(|settings| settings.order);
            set.map(u64::from)
                .or(default(key).map(|index| index as u64))
                .unwrap_or(u64::MAX)
        };
        keys.sort_by_key(|key| order(key));
        keys
    }

    fn severity(&self, key: &str) -> Severity {
        let own = self.severity.get(key);
        let default = SEVERITIES.iter().find(|severity| severity.0 == key);
        let text = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
        Severity {
            key: key.to_owned(),
            label: own
                .and_then(|own| text(&own.label))
                .or(default.map(|(_, label, ..)| (*label).to_owned())),
            description: own.and_then(|own| text(&own.description)),
            require: own
                .and_then(|own| own.require.clone())
                .or(default.map(|(_, _, require, _)| require.to_vec()))
                .unwrap_or_default(),
            sign_off: own
                .and_then(|own| own.sign_off.clone())
                .or(default.map(|(_, _, _, roles)| roles.to_vec()))
                .unwrap_or_default(),
            review_within: own.and_then(|own| own.review_within.clone()),
        }
    }

    /// Formats a severity: `P1 (High)`, or only the key if it has no label.
    #[must_use]
    pub fn severity_text(&self, key: &str) -> String {
        let is_known = self.severity_keys().contains(&key);
        match self.severity(key).label.filter(|_| is_known) {
            Some(label) => format!("{key} ({label})"),
            None => key.to_owned(),
        }
    }

    /// Returns the rank of a severity, where 0 is the most severe; `None` if it is not defined.
    #[must_use]
    pub fn severity_rank(&self, key: &str) -> Option<usize> {
        self.severity_keys().iter().position(|known| *known == key)
    }
}
