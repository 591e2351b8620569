//! Phrases that some readers of a report may not see.

use macro_rules_attribute::apply;

use crate::audience::Audience;
use crate::kind::{Line, Table};

/// A phrase that only a more restricted audience may see.
#[apply(Table!)]
pub struct Redaction {
    /// The phrase, in whole words, such as a name. Case is ignored, and its words may also be joined, as in `lars-novak`.
    pub text: Line,
    /// The audience that may see the phrase. [default: `confidential`]
    pub audience: Option<Audience>,
    /// The text that others see in its place. [default: `[redacted]`]
    pub with: Option<Line>,
}

impl Redaction {
    /// Returns the audience that may see the phrase.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience.unwrap_or(Audience::Confidential)
    }
}
