//! Splits TOML into rough tokens: enough to count, to nest, and to find what is not closed.
//!
//! It accepts any text and never fails; the parser decides what a token means.

#![expect(clippy::indexing_slicing, reason = "a table of 256 answers every byte")]

use crate::source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Newline,
    Comment,
    Equals,
    Comma,
    Dot,
    /// `[` or `{`.
    Open,
    /// `]` or `}`.
    Close,
    /// A string with its quotes; a one-line string ends at the end of its line at the latest.
    Text,
    /// A string whose closing quotes are missing.
    OpenText,
    /// Anything else up to the next token, space or line ending: keys, numbers, words.
    Word,
}

#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub span: Span,
}

/// The bytes that a word cannot contain. A table, because the lexer looks up most bytes of a file.
const ENDS_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b" \t\r\n=,.[]{}\"'#";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

/// Returns the tokens of a text, without whitespace.
pub struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a str) -> Self {
        Self::starting_at(text, 0)
    }

    /// Creates a lexer that starts at an offset where a token may start.
    pub fn starting_at(text: &'a str, at: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            at,
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let stop = rest.iter().position(|&byte| !wanted(byte));
        self.at += stop.unwrap_or(rest.len());
    }

    fn text(&mut self, quote: u8) -> Kind {
        let long = self.peek(1) == Some(quote) && self.peek(2) == Some(quote);
        self.at += if long { 3 } else { 1 };
        loop {
            self.skip_while(|byte| byte != quote && byte != b'\\' && byte != b'\n');
            match self.peek(0) {
                None => return Kind::OpenText,
                Some(b'\n') if !long => return Kind::OpenText,
                Some(b'\\') if quote == b'"' && self.peek(1) != Some(b'\n') => self.at += 2,
                Some(byte) if byte == quote && !long => {
                    self.at += 1;
                    return Kind::Text;
                }
                Some(byte) if byte == quote => {
                    let start = self.at;
                    self.skip_while(|byte| byte == quote);
                    if self.at - start >= 3 {
                        // Up to two quotes may come right before the closing three.
                        self.at = self.at.min(start + 5);
                        return Kind::Text;
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let start = self.at;
        let kind = match self.peek(0)? {
            quote @ (b'"' | b'\'') => self.text(quote),
            b'#' => {
                self.skip_while(|byte| byte != b'\n');
                Kind::Comment
            }
            byte => {
                self.at += 1;
                match byte {
                    b'\n' => Kind::Newline,
                    b'=' => Kind::Equals,
                    b',' => Kind::Comma,
                    b'.' => Kind::Dot,
                    b'[' | b'{' => Kind::Open,
                    b']' | b'}' => Kind::Close,
                    _ => {
                        self.skip_while(|byte| !ENDS_WORD[usize::from(byte)]);
                        Kind::Word
                    }
                }
            }
        };
        let end = self.at.min(self.bytes.len());
        Some(Token {
            kind,
            span: Span::new(start, end),
        })
    }
}
