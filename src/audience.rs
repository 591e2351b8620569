//! Audiences: one scale for incidents, events, messages, references and builds.

use std::fmt;

use macro_rules_attribute::apply;

use crate::kind::Choice;

/// An audience, from the least to the most restricted.
///
/// Content for one audience may be read by that audience and by every more restricted one.
#[apply(Choice!)]
#[derive(PartialOrd, Ord, Default)]
pub enum Audience {
    /// Anyone.
    Public,
    /// Your customers.
    Customers,
    /// Everyone in your organization. Content without a classification is internal.
    #[default]
    Internal,
    /// Named people only.
    Confidential,
}

impl Audience {
    /// Returns the audience of that name, or `None`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|audience| audience.as_str() == name)
    }

    /// Returns `true` if this audience may read content for `other`.
    #[must_use]
    pub fn may_read(self, other: Self) -> bool {
        other <= self
    }

    /// Returns `true` for `public` and `customers`.
    #[must_use]
    pub fn is_external(self) -> bool {
        self <= Self::Customers
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
