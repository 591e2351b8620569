//! Finds the next token of a text that may have wrong characters.

use super::*;

/// Finds the next token at or after an offset.
pub(super) fn next_token(text: &str, at: usize, syntax: Syntax) -> Option<Token> {
    match syntax {
        Syntax::Toml => {
            let rest = text.get(at..)?;
            // The lexer skips a byte order mark at the start of a text.
            if rest.starts_with('\u{feff}') {
                let span = Span::new(at, at + '\u{feff}'.len_utf8());
                return Some(Token {
                    kind: Kind::Word,
                    span,
                });
            }
            let next = tokens(rest).next()?;
            let span = Span::new(at + next.span.start, at + next.span.end);
            Some(Token { span, ..next })
        }
        Syntax::Json => next_json_token(text, at),
    }
}

/// Finds the next JSON token, as roughly as the TOML lexer does; a string ends at the end of its line at the latest.
fn next_json_token(text: &str, at: usize) -> Option<Token> {
    let rest = text.get(at..)?;
    let start = at + rest.find(|character| !" \t\r\n,:[]{}".contains(character))?;
    let rest = text.get(start..)?;
    let line = || rest.find('\n').unwrap_or(rest.len());
    let token = |kind, length: usize| Token {
        kind,
        span: Span::new(start, start + length),
    };
    if rest.starts_with("//") || rest.starts_with('#') {
        return Some(token(Kind::Comment, line()));
    }
    if rest.starts_with("/*") {
        let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
        return Some(token(Kind::Comment, end));
    }
    if rest.starts_with('"') {
        let mut is_escaped = false;
        let end = rest.char_indices().skip(1).find(|(_, character)| {
            let ends = *character == '\n' || (*character == '"' && !is_escaped);
            is_escaped = *character == '\\' && !is_escaped;
            ends
        });
        return Some(match end {
            Some((end, '"')) => token(Kind::Text, end + 1),
            _ => token(Kind::OpenText, line()),
        });
    }
    let end = rest.find(|character| " \t\r\n,:[]{}\"".contains(character));
    Some(token(Kind::Word, end.unwrap_or(rest.len())))
}
