//! Explains in plain language why the TOML parser rejected a text.
//!
//! One mistake often causes many errors: after a bracket that is never closed, every line is
//! wrong. The lexer finds that bracket, and only errors before it are reported.

mod line;
mod value;

use super::Problem;
use super::lexer::{Kind, Token, tokens};
use crate::source::repair::Typed;
use crate::source::text::quoted;
use crate::source::{DUPLICATE_KEY, SYNTAX, SourceError, Span};
use toml_parser::{Expected, ParseError};

/// The maximum number of syntax errors that are shown per file; later ones rarely add anything.
const MOST: usize = 5;

pub fn errors(typed: &Typed, problems: Vec<Problem>) -> Vec<SourceError> {
    if problems.is_empty() {
        return Vec::new();
    }
    let text = typed.repaired();
    let open = unclosed(text);
    let end = open
        .as_ref()
        .map_or(text.len() + 1, |token| token.span.start);
    let mut found: Vec<SourceError> = Vec::new();
    // Errors before this offset follow from the previous one.
    let mut echo_end = None;
    let located = problems
        .into_iter()
        .map(|problem| (problem.span(text), problem));
    let mut located: Vec<(Span, Problem)> = located.collect();
    located.sort_by_key(|(span, _)| *span);
    for (span, problem) in located.into_iter().filter(|(span, _)| span.start < end) {
        if found.len() == MOST {
            break;
        }
        if echo_end.is_some_and(|end| span.start <= end) {
            continue;
        }
        let error = match problem {
            Problem::Grammar(error) => self::error(typed, span, &error),
            Problem::TooLarge(span) => SourceError::too_large(span.slice(text), span),
            Problem::Duplicate {
                key,
                first,
                is_header,
                is_table,
            } => duplicate(text, key, first, (is_header, is_table)),
        };
        let error_span = error.span.unwrap_or(span);
        echo_end = Some(line_around(text, error_span.end.max(span.start)).end);
        found.push(error);
    }
    if let Some(token) = open
        && found.len() < MOST
    {
        found.push(not_closed(text, token));
    }
    found
}

impl Problem {
    fn span(&self, text: &str) -> Span {
        let span = match self {
            Self::Grammar(error) => error.unexpected().map(super::span).unwrap_or_default(),
            Self::TooLarge(span) => *span,
            Self::Duplicate { key, .. } => *key,
        };
        let start = text.floor_char_boundary(span.start);
        Span::new(start, text.floor_char_boundary(span.end).max(start))
    }
}

fn duplicate(text: &str, key: Span, first: Span, header_and_table: (bool, bool)) -> SourceError {
    let (what, help) = match header_and_table {
        (true, _) => (
            "table",
            "join the two tables; a list of tables has `[[name]]` before each entry",
        ),
        (false, true) => ("key", "write all keys of a table under one header"),
        (false, false) => (
            "key",
            "remove one of the two, or write their values as one list",
        ),
    };
    let message = format!("duplicate {what} {}", quoted(key.slice(text)));
    SourceError::new(DUPLICATE_KEY, key, message)
        .label("second time")
        .related(first, "first time")
        .help(help)
}

/// Returns the first bracket or long string that is still open at the end of the text.
fn unclosed(text: &str) -> Option<Token> {
    let mut open: Vec<Token> = Vec::new();
    for token in tokens(text) {
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close => drop(open.pop()),
            Kind::OpenText if token.span.end == text.len() && is_long(text, token) => {
                open.push(token);
            }
            _ => {}
        }
    }
    // An unclosed header is a separate error, on its line.
    let is_header = |token: &Token| {
        let line = line_around(text, token.span.start);
        Span::new(line.start, token.span.start)
            .slice(text)
            .trim_matches([' ', '\t', '['])
            .is_empty()
            && !Span::new(line.start, line.end).slice(text).contains('=')
    };
    open.into_iter()
        .find(|token| token.kind != Kind::Open || !is_header(token))
}

fn is_long(text: &str, token: Token) -> bool {
    let text = token.span.slice(text);
    text.starts_with("\"\"\"") || text.starts_with("'''")
}

fn not_closed(text: &str, token: Token) -> SourceError {
    let opening = token.span.slice(text);
    let (span, what, closing) = match opening.as_bytes() {
        [b'[', ..] => (token.span, "list", "]"),
        [b'{', ..] => (token.span, "table", "}"),
        [b'\'', ..] => (
            Span::new(token.span.start, token.span.start + 3),
            "string",
            "'''",
        ),
        _ => (
            Span::new(token.span.start, token.span.start + 3),
            "string",
            "\"\"\"",
        ),
    };
    let error = SourceError::new(SYNTAX, span, format!("this {what} is never closed"))
        .label(format!("needs `{closing}` at its end"));
    match other_quotes(text, span.end, closing) {
        Some(found) => error
            .related(found, "these quotes do not end it")
            .help(format!(
                "write `{closing}` instead of {}",
                quoted(found.slice(text))
            ))
            .replace(found, closing),
        None => error.help(format!("write `{closing}` where the {what} ends")),
    }
}

/// Returns the first quotes of the other kind at the end of a line, which were probably meant to end a multi-line string.
fn other_quotes(text: &str, from: usize, closing: &str) -> Option<Span> {
    let other = match closing {
        "'''" => "\"\"\"",
        "\"\"\"" => "'''",
        _ => return None,
    };
    let rest = text.get(from..)?;
    let mut found = rest.match_indices(other).map(|(at, _)| from + at);
    found.find_map(|at| {
        let after = line_around(text, at).end;
        let is_end = text.get(at + 3..after)?.trim().is_empty();
        is_end.then(|| Span::new(at, at + 3))
    })
}

fn line_around(text: &str, at: usize) -> Span {
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(text.len(), |length| at + length);
    Span::new(start, end)
}

/// How messages of the parser start, the message to show instead, and its help.
///
/// Messages that depend on the text are created by functions below.
const WORDS: &str = r#"
unexpected key or value | unexpected text after the value | write one `key = value` on a line
unquoted keys cannot be empty | missing key | write a name, such as `key = "value"`
missing comma between array elements | missing comma between values | write `,` between them
missing comma between key-value pairs | missing comma between keys | write `,` between them
missing assignment between key-value pairs | missing `=` after the key | write `key = value`
extra comma | extra comma | remove it
`_` may only go between digits | a `_` is only allowed between digits | remove it, or put the value in quotes if it is text
missing table open | `]` without a matching `[` | remove it, or write the `[` before it
missing array open | `]` without a matching `[` | remove it, or write the `[` before it
missing inline table open | `}` without a matching `{` | remove it, or write the `{` before it
carriage return must be followed by newline | carriage return without a line feed | save the file with LF or CRLF line endings
"#;

fn error(typed: &Typed, span: Span, error: &ParseError) -> SourceError {
    let text = typed.repaired();
    let message = error.description();
    let starts = |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    let next = text.get(span.start..).and_then(|rest| rest.chars().next());
    if let Some(next) = next.filter(|c| c.is_control() && !"\n\t\r".contains(*c)) {
        return control(next, span.start);
    }
    let is_escape = starts(&["missing escaped value", "too few unicode"]);
    if is_escape || message == "invalid value" {
        return escape(text, span);
    }
    let is_string = starts(&["invalid basic string", "invalid literal string"]);
    if is_string && let Some([Expected::Literal("\"" | "'")]) = error.expected() {
        return value::not_closed(text, span);
    }
    if let Some(error) = line::error(typed, span) {
        return error;
    }
    if starts(&["invalid unquoted key"]) {
        return line::bare_key(typed, span);
    }
    if starts(&["key with no value", "missing value for key"]) {
        return line::no_value(typed, span);
    }
    let is_value = starts(&[
        "string values must be quoted",
        "missing opening quote",
        "unexpected key or value",
        "unexpected leading zero",
        "missing comma between array elements",
        "invalid boolean",
        "invalid float",
        "invalid integer",
        "invalid offset",
        "invalid date",
        "invalid time",
    ]);
    if is_value && let Some(error) = value::error(typed, span, message) {
        return error;
    }
    let is_list = starts(&["missing comma between array elements"]);
    if is_list && let Some(bracket @ (')' | '}')) = next {
        let span = Span::new(span.start, span.start + 1);
        return SourceError::new(SYNTAX, span, format!("`{bracket}` at the end of a list"))
            .write(span, "]");
    }
    let columns = |row: &'static str| {
        let (start, shown) = row.split_once(" | ")?;
        message
            .starts_with(start)
            .then(|| shown.split_once(" | "))?
    };
    match WORDS.lines().find_map(columns) {
        Some((text, help)) => SourceError::new(SYNTAX, span, text).help(help),
        None => SourceError::new(SYNTAX, span, with_expected(error))
            .help("write `key = value`, with text between `\"`, or see https://toml.io"),
    }
}

/// Returns the parser's own message, for what no rule above explains.
fn with_expected(error: &ParseError) -> String {
    let expected = error.expected().unwrap_or_default().iter();
    let expected = expected.filter_map(|expected| match expected {
        Expected::Literal(text) => Some(quoted(text)),
        Expected::Description(text) => Some((*text).to_owned()),
        _ => None,
    });
    match expected.collect::<Vec<_>>().as_slice() {
        [] => error.description().to_owned(),
        expected => format!("{}, expected {}", error.description(), expected.join(", ")),
    }
}

fn control(character: char, start: usize) -> SourceError {
    let span = Span::new(start, start + character.len_utf8());
    let code = u32::from(character);
    SourceError::new(SYNTAX, span, format!("control character U+{code:04X}")).help(format!(
        "remove it, or write `\\u{code:04X}` in a string between `\"`"
    ))
}

/// Reports a wrong escape; `\"` before the end of a string only looks like its end.
fn escape(text: &str, span: Span) -> SourceError {
    let before = text.get(..span.start).unwrap_or_default();
    let start = before.rfind('\\').unwrap_or(span.start);
    let after = text.get(start + 1..).unwrap_or_default();
    let digits = |c: char| c.is_ascii_hexdigit();
    let length = match after.chars().next() {
        Some(c @ ('u' | 'U' | 'x')) => {
            let most = if c == 'U' { 8 } else { 4 };
            1 + after
                .chars()
                .skip(1)
                .take(most)
                .take_while(|&c| digits(c))
                .count()
        }
        Some(other) => other.len_utf8(),
        None => 0,
    };
    let escape_span = Span::new(start, start + 1 + length);
    if escape_span.slice(text) == "\\\"" {
        return SourceError::new(SYNTAX, escape_span, "this string is not closed")
            .label("a quote inside the string, not its end")
            .help("write `\\\\` for a backslash at the end");
    }
    let message = format!("invalid TOML escape {}", quoted(escape_span.slice(text)));
    SourceError::new(SYNTAX, escape_span, message)
        .help("write `\\\\` for a backslash, or put the text between `'`, where a backslash is only itself")
}
