//! What is wrong with a TOML text, before it is explained.

use super::*;

/// An error of a text.
pub(super) enum Problem {
    Grammar(ParseError),
    /// A number that no value can hold.
    TooLarge(Span),
    /// A key that its table already has.
    Duplicate {
        key: Span,
        /// The first key, or the first header.
        first: Span,
        /// Whether the second is the last key of a header.
        is_header: bool,
        /// Whether the first value is a table.
        is_table: bool,
    },
}

/// The first problems of a text: the parser has one for each token that it cannot use.
#[derive(Default)]
pub(super) struct Problems(pub(super) Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, problem: Problem) {
        if self.0.len() < 10_000 {
            self.0.push(problem);
        }
    }
}

impl ErrorSink for Problems {
    fn report_error(&mut self, error: ParseError) {
        self.add(Problem::Grammar(error));
    }
}
