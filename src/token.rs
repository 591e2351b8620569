//! Splits a text into the words, counts, durations and times of day that claims consist of.
//!
//! Code, addresses, versions, IDs, amounts of money, percentages, dates and ranges become
//! [`Kind::Other`]: a number in them is not a number about the incident.

use std::ops::Range;

use chrono::NaiveTime;

mod clock;
mod interval;
mod label;
mod number;
mod time;
mod tokenizer;
mod unit;
mod worded;
mod words;

pub use clock::{ClockStyle, ClockTime, digits, has_day_half, number, strip_phrase};
pub use interval::{duration, interval, seconds, stated_duration};
pub use label::{Labelled, folded, labelled, plain_label};
pub use time::{day_number, may_be_weekday, month, strip_about, weekday};
pub use unit::{DAY, HOUR, Languages, MINUTE, TimeUnit};
pub use worded::may_count;
pub use words::NumberWords;

/// Whether a number is exact, approximate or a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Exact, to the stated precision.
    Exact,
    /// Approximate, within a tenth.
    About,
    /// An upper bound.
    AtMost,
    /// A lower bound.
    AtLeast,
    /// More than half of a number, but not more than it: `the better part of 2 hours`.
    MostOf,
    /// An upper bound of single cases, of which the longest may be shorter than the whole: `for up to 2 hours`.
    UpTo,
}

/// A duration in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedDuration {
    /// The duration, in seconds.
    pub seconds: i64,
    /// The precision, in seconds: 60 in `44 minutes`, 1 in `1m 51s`, 360 in `1.5 hours`.
    pub step: i64,
}

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word without digits.
    Word,
    /// A whole number; `1.2k` is approximate, `1,000+` a lower bound.
    Count(u64, Bound),
    /// A duration.
    StatedDuration(StatedDuration),
    /// A time of day.
    Time(NaiveTime),
    /// A sign such as `<`, `>` or `~`.
    Sign(Bound),
    /// An opening bracket.
    Open,
    /// A closing bracket.
    Close,
    /// A colon, or `=`.
    Colon,
    /// A comma.
    Comma,
    /// A dash between words or times.
    Dash,
    /// The end of a sentence, list item or table cell.
    Stop,
    /// Anything that cannot be part of a claim.
    Other,
}

/// A token: a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The kind.
    pub kind: Kind,
    /// The bytes in the text.
    pub span: Range<usize>,
}

/// The tokens of a text.
pub struct Tokens {
    lower: String,
    list: Vec<Token>,
}

impl Tokens {
    /// Splits a text into tokens.
    pub fn tokenize(text: &str, words: &NumberWords) -> Self {
        Self {
            lower: text.to_ascii_lowercase(),
            list: tokenizer::tokenize(text, words),
        }
    }

    /// Joins tokens to words. `length` returns the number of tokens of the word at an index, or `None` to leave the token as it is.
    #[must_use]
    pub fn joined(self, mut length: impl FnMut(&Self, usize) -> Option<usize>) -> Self {
        let mut list = Vec::with_capacity(self.len());
        let mut at = 0;
        while at < self.len() {
            let joined = length(&self, at).filter(|count| *count > 0);
            let last = at + joined.unwrap_or(1) - 1;
            list.push(Token {
                kind: joined.map_or(self.kind(at), |_| Kind::Word),
                span: self.span(at, last),
            });
            at = last + 1;
        }
        Self { list, ..self }
    }

    /// Returns the number of tokens.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the kind of a token, or [`Kind::Stop`] if the index is out of range.
    pub fn kind(&self, index: usize) -> Kind {
        self.list.get(index).map_or(Kind::Stop, |token| token.kind)
    }

    /// Returns a word in lowercase, or an empty text if the token is not a word.
    pub fn word(&self, index: usize) -> &str {
        match self.kind(index) {
            Kind::Word => self.lower(index),
            _ => "",
        }
    }

    /// Returns the text of a token in lowercase.
    pub fn lower(&self, index: usize) -> &str {
        let token = self.list.get(index);
        token
            .and_then(|token| self.lower.get(token.span.clone()))
            .unwrap_or_default()
    }

    /// Returns the bytes from the start of one token to the end of another.
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        let span = |index: usize| {
            self.list
                .get(index)
                .map(|token| token.span.clone())
                .unwrap_or_default()
        };
        span(first).start..span(last).end
    }
}
