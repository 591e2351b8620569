//! Cuts a text into the words, counts, lengths and times of day that claims are made of.
//!
//! Code, addresses, versions, ids, money, shares, dates and ranges become
//! [`Kind::Other`]: a number that stands there is no number of the incident.

use std::ops::Range;

use chrono::NaiveTime;

mod cut;
mod interval;
mod number;

pub use interval::{duration, interval};
pub use number::may_count;

/// How a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// To the precision that it states.
    Exact,
    /// Within a tenth.
    About,
    /// As an upper bound.
    AtMost,
    /// As a lower bound.
    AtLeast,
}

/// A length of time as it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedDuration {
    /// How long, in seconds.
    pub seconds: i64,
    /// What it is stated to, in seconds: 60 in `44 minutes`, 1 in `1m 51s`, 360 in `1.5 hours`.
    pub step: i64,
}

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word without digits.
    Word,
    /// A whole number; `1.2k` is about, `1,000+` at least.
    Count(u64, Bound),
    /// A length of time.
    StatedDuration(StatedDuration),
    /// A time of day.
    Time(NaiveTime),
    /// `<`, `>`, `~` and their like.
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
    /// The end of a sentence, of an entry of a list, or of a cell.
    Stop,
    /// What claims nothing.
    Other,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// The parts of a text.
pub struct Tokens {
    lower: String,
    list: Vec<Token>,
}

impl Tokens {
    /// Cuts a text.
    pub fn tokenize(text: &str) -> Self {
        Self {
            lower: text.to_ascii_lowercase(),
            list: cut::all(text),
        }
    }

    /// Gives how many parts there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Gives the kind of a part; beyond either end it is [`Kind::Stop`].
    pub fn kind(&self, place: usize) -> Kind {
        self.list.get(place).map_or(Kind::Stop, |token| token.kind)
    }

    /// Gives a word in small letters; nothing where there is none.
    pub fn word(&self, place: usize) -> &str {
        let token = self
            .list
            .get(place)
            .filter(|token| token.kind == Kind::Word);
        token
            .and_then(|token| self.lower.get(token.span.clone()))
            .unwrap_or_default()
    }

    /// Gives the bytes from one part to another.
    pub fn span(&self, first: usize, last: usize) -> Range<usize> {
        let span = |place: usize| {
            self.list
                .get(place)
                .map(|token| token.span.clone())
                .unwrap_or_default()
        };
        span(first).start..span(last).end
    }
}
