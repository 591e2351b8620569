//! Who may read: one scale for incidents, events, messages, references and builds.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A circle of readers, from the widest to the narrowest.
///
/// What is classified for an audience may be read by it and by every narrower one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anyone.
    Public,
    /// Customers of the organization.
    Customers,
    /// The organization. What is not classified is internal.
    #[default]
    Internal,
    /// Those who are named.
    Confidential,
}

impl Audience {
    /// All audiences, from the least to the most restricted.
    pub const ALL: [Self; 4] = [
        Self::Public,
        Self::Customers,
        Self::Internal,
        Self::Confidential,
    ];

    /// Finds an audience by the word that the input uses.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|audience| audience.as_str() == word)
    }

    /// Says whether this audience may read what is classified for `other`.
    #[must_use]
    pub fn may_read(self, other: Self) -> bool {
        other <= self
    }

    /// Says whether these readers are outside the organization.
    #[must_use]
    pub fn is_external(self) -> bool {
        self <= Self::Customers
    }

    /// Gives the word that the input uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Customers => "customers",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
        }
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
