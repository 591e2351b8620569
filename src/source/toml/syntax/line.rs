//! Describes what is wrong with a key or a header, from its line.

use super::super::lexer::{Kind, tokens};
use super::line_around;
use super::value::comment;
use crate::source::character::described;
use crate::source::path::Key;
use crate::source::repair::Typed;
use crate::source::text::{literal, quoted};
use crate::source::{SYNTAX, SourceError, Span};

/// Reports what is wrong with a line as a whole, or returns `None` if its key or value explains more.
pub fn error(typed: &Typed, span: Span) -> Option<SourceError> {
    let text = typed.repaired();
    let line = line_around(text, span.start);
    let trimmed = trimmed(text, line);
    let line_text = trimmed.slice(text);
    if ["//", "/*", "--", ";", "% "]
        .iter()
        .any(|sign| line_text.starts_with(sign))
    {
        return Some(comment(typed, trimmed));
    }
    if line_text.starts_with('[') && !line_text.contains('=') {
        return header(line_text, trimmed);
    }
    assignment(text, line)
}

fn trimmed(text: &str, line: Span) -> Span {
    let raw = line.slice(text);
    let start = line.start + (raw.len() - raw.trim_start().len());
    Span::new(start, start + raw.trim().len())
}

/// Reports a header with a missing bracket, with spaces, or with text after it.
fn header(line_text: &str, span: Span) -> Option<SourceError> {
    let start = line_text.replace([' ', '\t'], "");
    let is_double = start.starts_with("[[");
    let end = line_text.find('#').unwrap_or(line_text.len());
    let line_text = line_text.get(..end)?.trim_end();
    let opened = line_text.trim_start_matches(|character| "[ \t".contains(character));
    let inner = opened.split(']').next()?;
    let inner = inner.trim_matches(|character| " \t:".contains(character));
    if inner.is_empty() || inner.contains(['"', '\'', ',', '{']) {
        return None;
    }
    let names = inner
        .split('.')
        .map(|name| name.trim().replace([' ', '\t'], "_"));
    let name = names
        .map(|name| Key(&name).to_string())
        .collect::<Vec<_>>()
        .join(".");
    let right = if is_double {
        format!("[[{name}]]")
    } else {
        format!("[{name}]")
    };
    let count = |bracket: char| line_text.matches(bracket).count();
    let message = if count(']') < count('[') {
        "this header is not closed"
    } else if inner.contains([' ', '\t']) || line_text.contains("[ ") || line_text.contains("] ]") {
        "spaces in a table header"
    } else {
        "unexpected text after a table header"
    };
    let header_span = Span::new(span.start, span.start + line_text.len());
    let is_part = |c: char| c.is_alphanumeric() || "_-. \t".contains(c);
    let error = SourceError::new(SYNTAX, header_span, message).write(header_span, right);
    Some(error.certain_if(inner.chars().all(is_part)))
}

/// Reports any sign but a single `=` between a key and its value.
fn assignment(text: &str, line: Span) -> Option<SourceError> {
    let mut tokens = tokens(line.slice(text)).peekable();
    let mut end = None;
    while let Some(token) =
        tokens.next_if(|token| matches!(token.kind, Kind::Word | Kind::Dot | Kind::Text))
    {
        let word = token.span.slice(line.slice(text));
        let start = line.start + token.span.start;
        if token.kind == Kind::Word {
            if let Some((key, rest)) = word.split_once(':')
                && !rest.starts_with("//")
                && (key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()))
            {
                let at = start + key.len();
                let after = text.get(at + 1..line.end).unwrap_or_default();
                let is_key = |before: &str| !before.is_empty() && !before.contains([' ', '\t']);
                let before = text.get(line.start..at).unwrap_or_default().trim();
                if after.trim().is_empty() && is_key(before) {
                    let span = trimmed(text, line);
                    let header = format!("[{before}]");
                    return Some(
                        SourceError::new(
                            SYNTAX,
                            span,
                            format!("expected a table header, found `{before}:`"),
                        )
                        .write(span, header)
                        // In YAML it may be the key of an empty value, or of a table in another one.
                        .certain_if(false),
                    );
                }
                return Some(instead(text, at));
            }
            if word.starts_with("->") {
                return Some(instead(text, start));
            }
        }
        end = Some(line.start + token.span.end);
    }
    let equals = tokens.next().filter(|token| token.kind == Kind::Equals)?;
    end?;
    let after = text.get(line.start + equals.span.end..line.end)?;
    (after.starts_with(['=', '>'])).then(|| instead(text, line.start + equals.span.start))
}

/// Reports the sign at an offset, such as `:`, `:=`, `==` or `=>`.
fn instead(text: &str, at: usize) -> SourceError {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest
        .find(|sign| !":=>-".contains(sign))
        .unwrap_or(rest.len());
    let span = Span::new(at, at + length.clamp(1, 2));
    let sign = span.slice(text);
    let before = text.get(..at).unwrap_or_default();
    let right = if before.ends_with([' ', '\t']) {
        "="
    } else {
        " ="
    };
    SourceError::new(SYNTAX, span, "TOML has `=` between a key and its value")
        .help(format!("write `=` instead of `{sign}`"))
        .replace(span, right)
}

/// Reports a bare key with characters that need quotes; the span is of one such character.
pub fn bare_key(typed: &Typed, span: Span) -> SourceError {
    let text = typed.repaired();
    let line = line_around(text, span.start);
    let is_end = |c: char| c.is_whitespace() || ".=[]{},\"'#".contains(c);
    let before = Span::new(line.start, span.start).slice(text);
    let after = Span::new(span.start, line.end).slice(text);
    let start = before
        .char_indices()
        .rfind(|(_, c)| is_end(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = after.find(is_end).unwrap_or(after.len());
    let key_span = Span::new(line.start + start, span.start + end);
    let key = typed.slice(key_span);
    if key.ends_with(':') {
        return instead(text, key_span.end - 1);
    }
    // Characters of these scripts look like Latin ones, and no word mixes them on purpose.
    let is_foreign = |character: &char| ('\u{370}'..='\u{52f}').contains(character);
    if let Some(foreign) = key.chars().find(is_foreign)
        && key.contains(|character: char| character.is_ascii_alphabetic())
    {
        let message = format!("unexpected {} in a key", described(foreign));
        let help = format!(
            "write an ASCII letter, or put the key in quotes: {}",
            quoted(&literal(key))
        );
        return SourceError::new(SYNTAX, key_span, message).help(help);
    }
    SourceError::new(
        SYNTAX,
        key_span,
        format!("the key {} needs quotes", quoted(key)),
    )
    .write(key_span, literal(key))
}

/// Reports a key without `=` after it.
pub fn no_value(typed: &Typed, span: Span) -> SourceError {
    let text = typed.repaired();
    let around = line_around(text, span.start);
    let rest = Span::new(span.start, around.end).slice(text);
    if rest.trim_start().starts_with(':') {
        return instead(text, span.start + (rest.len() - rest.trim_start().len()));
    }
    let line = trimmed(text, around);
    let line_text = typed.slice(line);
    if let Some(entry) = line_text.strip_prefix("- ") {
        return SourceError::new(SYNTAX, line, "YAML list item in a TOML file").help(format!(
            "write the list as `key = [{}]`",
            quoted_value(entry)
        ));
    }
    let error = SourceError::new(SYNTAX, span, "expected `=` after the key");
    if let Some((key, _)) = line_text.split_once('=') {
        let key = key.trim();
        let joined = key.split_whitespace().collect::<Vec<_>>().join("_");
        return SourceError::new(
            SYNTAX,
            Span::new(line.start, line.start + key.len()),
            "spaces in a key",
        )
        .help(format!(
            "write `{joined}`, or put it in quotes: {}",
            quoted(&literal(key))
        ));
    }
    match line_text.split_once([' ', '\t']) {
        Some((key, value)) if is_one_value(value) && !line_text.contains(['[', '{', ',']) => {
            let right = format!("{key} = {}", quoted_value(value));
            error.help(format!(
                "write {}; a comment starts with `#`",
                quoted(&right)
            ))
        }
        _ => error.help("write `key = value`; a comment starts with `#`"),
    }
}

/// Returns `true` if a text is a string or a single word.
fn is_one_value(text: &str) -> bool {
    text.trim().starts_with(['"', '\'']) || !text.trim().contains(' ')
}

/// Returns a value, quoted unless it has quotes or is a number.
fn quoted_value(value: &str) -> String {
    let value = value.trim();
    if value.starts_with(['"', '\'']) || value.parse::<f64>().is_ok() {
        value.to_owned()
    } else {
        literal(value)
    }
}
