//! Splits a text into tokens, from start to end.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the functions that read a token share a signature, so that `step` can list them"
)]

use super::number::Decimal;
use super::worded::hyphenated;
use super::words::NumberWords;
use super::{Bound, Kind, Token};

/// Abbreviations whose full stop does not end a sentence.
const SHORTENED: &[&str] = &[
    "approx", "ca", "min", "mins", "sec", "secs", "hrs", "vs", "e.g", "i.e", "no",
];

/// Returns the tokens of a text.
pub(super) fn tokenize(text: &str, words: &NumberWords) -> Vec<Token> {
    let mut tokenizer = Tokenizer {
        text,
        words,
        at: 0,
        line: 0,
        list: Vec::with_capacity(text.len() / 5 + 2),
    };
    while tokenizer.step().is_some() {}
    tokenizer.list
}

/// The state while a text is split.
pub(super) struct Tokenizer<'a> {
    pub(super) text: &'a str,
    pub(super) words: &'a NumberWords,
    /// The byte position of the remaining text.
    pub(super) at: usize,
    /// The byte position of the current line.
    line: usize,
    pub(super) list: Vec<Token>,
}

impl Tokenizer<'_> {
    pub(super) fn c(&self, at: usize) -> Option<char> {
        match *self.text.as_bytes().get(at)? {
            byte if byte.is_ascii() => Some(char::from(byte)),
            _ => self.text.get(at..)?.chars().next(),
        }
    }

    pub(super) fn is_digit(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
    }

    pub(super) fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    fn at_line_start(&self) -> bool {
        self.text
            .get(self.line..self.at)
            .is_some_and(|line| line.trim().is_empty())
    }

    /// Returns the byte position after the characters that satisfy a test.
    pub(super) fn end_of(&self, from: usize, test: impl Fn(char) -> bool) -> usize {
        let mut at = from;
        while let Some(c) = self.c(at).filter(|c| test(*c)) {
            at += c.len_utf8();
        }
        at
    }

    pub(super) fn push(&mut self, kind: Kind, end: usize) -> Option<()> {
        self.list.push(Token {
            kind,
            span: self.at..end,
        });
        self.at = end;
        Some(())
    }

    fn skip(&mut self, end: usize) -> Option<()> {
        self.at = end;
        Some(())
    }

    /// Reads the next token, or returns `None` at the end of the text.
    fn step(&mut self) -> Option<()> {
        let c = self.c(self.at)?;
        let next = self.at + c.len_utf8();
        let followed = self.c(next);
        match c {
            ' ' => self.skip(next),
            '`' => self.code('`'),
            '~' if self.at_line_start()
                && self
                    .text
                    .get(self.at..)
                    .is_some_and(|rest| rest.starts_with("~~~")) =>
            {
                self.code('~')
            }
            '\n' => self.line_end(next),
            '-' | '*' | '+' if self.at_line_start() && followed == Some(' ') => {
                self.push(Kind::Stop, next)
            }
            '>' | '#' if self.at_line_start() => self.skip(next),
            '.' if followed.is_none_or(|c| !c.is_alphanumeric()) => self.full_stop(next),
            '!' | '?' | ';' | '|' | '…' | '→' => self.push(Kind::Stop, next),
            ',' => self.push(Kind::Comma, next),
            ':' | '=' => self.push(Kind::Colon, next),
            '(' | '[' | '{' => self.push(Kind::Open, next),
            ')' | ']' | '}' => self.push(Kind::Close, next),
            '<' if followed.is_some_and(|c| c.is_ascii_alphabetic() || c == '/') => {
                let end = self.end_of(next, |c| c != '>' && c != '\n');
                self.push(Kind::Other, end)
            }
            '<' | '≤' => self.sign(Bound::AtMost, next),
            '>' | '≥' => self.sign(Bound::AtLeast, next),
            '~' | '≈' => self.sign(Bound::About, next),
            '-' | '–' | '—' => self.push(Kind::Dash, next),
            '0'..='9' => self.number(),
            _ if c.is_alphabetic() => self.word(),
            '*' | '_' | '"' | '\'' | '“' | '”' | '‘' | '’' => self.skip(next),
            _ if c.is_whitespace() => self.skip(next),
            _ => self.push(Kind::Other, next),
        }
    }

    fn sign(&mut self, bound: Bound, next: usize) -> Option<()> {
        let end = if self.c(next) == Some('=') {
            next + 1
        } else {
            next
        };
        self.push(Kind::Sign(bound), end)
    }

    /// Reads a code span or code block. Delimiters that are not closed are skipped.
    fn code(&mut self, mark: char) -> Option<()> {
        let inside = self.end_of(self.at, |c| c == mark);
        let mut from = inside;
        while let Some(found) = self.text.get(from..).and_then(|rest| rest.find(mark)) {
            let end = self.end_of(from + found, |c| c == mark);
            if end - (from + found) == inside - self.at {
                return self.push(Kind::Other, end);
            }
            from = end;
        }
        self.skip(inside)
    }

    /// Reads a line break: a space, unless a paragraph, list item, heading or table row follows.
    fn line_end(&mut self, next: usize) -> Option<()> {
        self.line = next;
        let line = self
            .text
            .get(next..)
            .unwrap_or_default()
            .trim_start_matches([' ', '\t']);
        let numbered = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let begins = line.is_empty()
            || line.starts_with(['\n', '#', '|'])
            || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
            || (numbered.len() < line.len()
                && (numbered.starts_with(". ") || numbered.starts_with(") ")));
        if begins {
            self.push(Kind::Stop, next)
        } else {
            self.skip(next)
        }
    }

    fn full_stop(&mut self, next: usize) -> Option<()> {
        let word = self.list.last().filter(|token| token.span.end == self.at);
        let word = word
            .and_then(|token| self.text.get(token.span.clone()))
            .unwrap_or_default();
        let shortened = SHORTENED
            .iter()
            .any(|short| word.len() == short.len() && word.eq_ignore_ascii_case(short));
        let after = self.text.get(next..).unwrap_or_default().trim_start();
        let continues = after.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        if shortened && continues {
            self.skip(next)
        } else {
            self.push(Kind::Stop, next)
        }
    }

    fn word(&mut self) -> Option<()> {
        let joins = |c: char| {
            matches!(
                c,
                '\'' | '’' | '-' | '_' | '.' | '/' | '@' | ':' | '\\' | '&'
            )
        };
        let mut end = self.at;
        loop {
            end = self.end_of(end, char::is_alphanumeric);
            let Some(join) = self.c(end).filter(|c| joins(*c)) else {
                break;
            };
            let after = end + join.len_utf8();
            if self
                .text
                .get(end..)
                .is_some_and(|rest| rest.starts_with("://"))
            {
                end = self.end_of(end, |c| !c.is_whitespace() && !")>\"".contains(c));
                return self.push(Kind::Other, end);
            }
            if !self.c(after).is_some_and(char::is_alphanumeric) || join == ':' {
                break;
            }
            end = after;
        }
        let word = self.text.get(self.at..end)?;
        if let Some((duration, end)) = self.in_words() {
            return self.push(Kind::StatedDuration(duration), end);
        }
        if word.contains('-')
            && let Some(duration) = hyphenated(word, self.words)
        {
            return self.push(Kind::StatedDuration(duration), end);
        }
        if let Some(value) = self.words.number(word) {
            return self.counted(Decimal {
                thousandths: value * 1_000,
                decimals: 0,
                end,
            });
        }
        let plain = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’' | '-');
        self.push(
            if word.chars().all(plain) {
                Kind::Word
            } else {
                Kind::Other
            },
            end,
        )
    }
}
