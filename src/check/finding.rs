//! The findings of checks, before their levels are known.

use super::*;

/// The findings of a check.
#[derive(Default)]
pub struct Findings {
    pub(super) found: Vec<Finding>,
}

/// A diagnostic without code and level, which come from the check's row.
#[derive(Debug, Clone)]
pub struct Finding {
    pub(super) diagnostic: Diagnostic,
}

impl Findings {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.found.push(finding);
    }
}

impl Finding {
    /// Creates a finding from a message: a lowercase phrase without a full stop.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            diagnostic: Diagnostic::error("", message),
        }
    }

    /// Adds the location of a value. The first location is that of the problem; others explain it.
    #[must_use]
    pub fn at(self, file: &Utf8Path, path: Path, label: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::Path(path), label),
        }
    }

    /// Adds the location of a key.
    #[must_use]
    pub fn at_key(self, file: &Utf8Path, path: Path, label: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::Key(path), label),
        }
    }

    /// Adds the location of a part of a text without key paths.
    #[must_use]
    pub fn at_span(self, file: &Utf8Path, span: Span, label: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.at(file, Locator::Span(span), label),
        }
    }

    /// Adds the fix.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self {
            diagnostic: self.diagnostic.help(help),
        }
    }

    /// Suggests a known name if the value of a key path differs from it only in case, blanks or dashes.
    #[must_use]
    pub fn spell<'n>(
        self,
        file: &Utf8Path,
        path: Path,
        typed: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Self {
        let Some((name, 0)) = source::nearest(typed, known) else {
            return self;
        };
        let name = serde_json::Value::from(name).to_string();
        Self {
            diagnostic: self.diagnostic.suggest(file, Locator::Path(path), name),
        }
    }
}
