//! The tokens of TOML without whitespace, from the lexer of `toml_parser`.
//!
//! Any text has tokens; the parser decides what a token means.

use super::span;
use crate::source::Span;
use toml_parser::Source;
use toml_parser::lexer::TokenKind;

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

/// Returns the tokens of a text.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    Source::new(text).lex().filter_map(|token| {
        let span = span(token.span());
        let kind = match token.kind() {
            TokenKind::Whitespace | TokenKind::Eof => return None,
            TokenKind::Newline => Kind::Newline,
            TokenKind::Comment => Kind::Comment,
            TokenKind::Equals => Kind::Equals,
            TokenKind::Comma => Kind::Comma,
            TokenKind::Dot => Kind::Dot,
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => Kind::Open,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => Kind::Close,
            TokenKind::Atom => Kind::Word,
            _ if is_closed(span.slice(text)) => Kind::Text,
            _ => Kind::OpenText,
        };
        Some(Token { kind, span })
    })
}

/// Returns `true` if a string has the same quotes at its end as at its start.
pub fn is_closed(string: &str) -> bool {
    let quote = string.get(..1).unwrap_or_default();
    let long = if quote == "'" { "'''" } else { "\"\"\"" };
    let quotes = if string.starts_with(long) {
        long
    } else {
        quote
    };
    let inner = string
        .strip_prefix(quotes)
        .and_then(|rest| rest.strip_suffix(quotes));
    // Of backslashes before the closing quote, the last of an odd number escapes the quote.
    let backslashes = |inner: &str| inner.len() - inner.trim_end_matches('\\').len();
    inner.is_some_and(|inner| quote == "'" || backslashes(inner) % 2 == 0)
}
