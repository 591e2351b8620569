//! Explains in plain language why the TOML parser rejected a text.
//!
//! One mistake often causes many errors: after a bracket that is never closed, every line is
//! wrong. The lexer finds that bracket, and only errors before it are reported.

mod duplicate;

use super::lexer::{Kind, Lexer, Token};
use crate::source::text::{literal, quoted};
use crate::source::{Fault, Node, SYNTAX, Span};

/// The maximum number of syntax errors that are shown per file; later ones rarely add anything.
const MOST: usize = 5;

pub fn faults(text: &str, root: &Node, errors: &[toml::de::Error]) -> Vec<Fault> {
    let open = unclosed(text);
    let end = open
        .as_ref()
        .map_or(text.len() + 1, |token| token.span.start);
    let mut found: Vec<Fault> = Vec::new();
    let mut line_end = None;
    let mut placed: Vec<(Span, &str)> = errors.iter().map(|error| placed(text, error)).collect();
    placed.sort_by_key(|(span, _)| *span);
    for (span, message) in placed.into_iter().filter(|(span, _)| span.start < end) {
        if found.len() == MOST {
            break;
        }
        if line_end.is_none_or(|end| span.start > end) {
            found.push(fault(text, root, span, message));
            line_end = Some(line_around(text, span.start).end);
        }
    }
    if let Some(token) = open
        && found.len() < MOST
    {
        found.push(not_closed(text, token));
    }
    found
}

fn placed<'a>(text: &str, error: &'a toml::de::Error) -> (Span, &'a str) {
    let range = error.span().unwrap_or(0..0);
    let floor = |at: usize| {
        (0..=at.min(text.len()))
            .rev()
            .find(|&at| text.is_char_boundary(at))
    };
    let start = floor(range.start).unwrap_or_default();
    let end = floor(range.end).unwrap_or_default().max(start);
    (Span::new(start, end), error.message())
}

/// Returns the first bracket or long string that is still open at the end of the text.
fn unclosed(text: &str) -> Option<Token> {
    let mut open: Vec<Token> = Vec::new();
    for token in Lexer::new(text) {
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close => drop(open.pop()),
            Kind::OpenText if token.span.end == text.len() && is_long(text, token) => {
                open.push(token);
            }
            _ => {}
        }
    }
    // A header has an error of its own, on its own line.
    let is_header = |token: &Token| {
        let line = line_around(text, token.span.start);
        Span::new(line.start, token.span.start)
            .slice(text)
            .trim()
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

fn not_closed(text: &str, token: Token) -> Fault {
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
    Fault::new(SYNTAX, span, format!("this {what} is never closed"))
        .label(format!("needs `{closing}` at its end"))
        .help(format!("write `{closing}` where the {what} ends"))
}

fn line_around(text: &str, at: usize) -> Span {
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(text.len(), |length| at + length);
    Span::new(start, end)
}

/// The parser's messages, by how they start, with the message and the help to show instead.
///
/// Messages that depend on the text are created by functions below.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "unclosed table",
        "this header is not closed",
        "write `[name]` on a line of its own",
    ),
    (
        "unclosed array table",
        "this header is not closed",
        "write `[[name]]` on a line of its own",
    ),
    (
        "invalid basic string, expected `\"`",
        "this string is not closed",
        "end it with `\"` on the same line; a multi-line string is enclosed in `\"\"\"`",
    ),
    (
        "invalid literal string, expected `'`",
        "this string is not closed",
        "end it with `'` on the same line; a multi-line string is enclosed in `'''`",
    ),
    (
        "unexpected key or value",
        "unexpected text after the value",
        "write one `key = value` on a line; inside a string write `\\\"` for a `\"`, and put text with a `'` between `\"`",
    ),
    (
        "unquoted keys cannot be empty",
        "missing key",
        "write a name, such as `key = \"value\"`",
    ),
    (
        "missing comma between array elements",
        "missing comma between values",
        "write `,` between them",
    ),
    (
        "missing comma between key-value pairs",
        "missing comma between keys",
        "write `,` between them",
    ),
    (
        "missing assignment between key-value pairs",
        "missing `=` after the key",
        "write `key = value`",
    ),
    ("extra comma", "extra comma", "remove it"),
    (
        "unexpected leading zero",
        "a number does not start with 0",
        "write it without the 0, or in quotes if it is not a number",
    ),
    (
        "`_` may only go between digits",
        "a `_` is only allowed between digits",
        "remove it, or put the value in quotes if it is text",
    ),
    (
        "missing table open",
        "`]` without a matching `[`",
        "remove it, or write the `[` before it",
    ),
    (
        "missing array open",
        "`]` without a matching `[`",
        "remove it, or write the `[` before it",
    ),
    (
        "missing inline table open",
        "`}` without a matching `{`",
        "remove it, or write the `{` before it",
    ),
    (
        "carriage return must be followed by newline",
        "carriage return without a line feed",
        "save the file with LF or CRLF line endings",
    ),
];

fn fault(text: &str, root: &Node, span: Span, message: &str) -> Fault {
    let found = span.slice(text);
    if message.starts_with("string values must be quoted") {
        return bare_value(text, span);
    }
    if message.starts_with("key with no value") || message.starts_with("missing value for key") {
        return no_value(text, span);
    }
    if message.starts_with("duplicate key") || message.starts_with("cannot extend value") {
        return duplicate::fault(text, root, span);
    }
    let next = text.get(span.start..).and_then(|rest| rest.chars().next());
    if let Some(next) = next.filter(|c| c.is_control() && !"\n\t\r".contains(*c)) {
        return control(next, span.start);
    }
    let escapes = ["missing escaped value", "too few unicode", "invalid value,"];
    if escapes.iter().any(|start| message.starts_with(start)) {
        return escape(text, span);
    }
    if message.starts_with("invalid unquoted key") {
        return bare_key(text, span);
    }
    if let Some(kind) = ["date", "time", "datetime"]
        .into_iter()
        .find(|kind| message.starts_with(&format!("invalid {kind}")))
    {
        let what = if kind == "time" { "time" } else { "date" };
        let form = if kind == "time" {
            "`14:23:00`"
        } else {
            "`2025-01-14` or `2025-01-14T14:23:00Z`"
        };
        let fault = Fault::new(SYNTAX, span, format!("invalid {what} {}", quoted(found)))
            .help(format!("write it as in {form}, or in quotes if it is text"));
        return match message.split_once(", ") {
            Some((_, expected)) => fault.label(expected),
            None => fault,
        };
    }
    if message.starts_with("invalid boolean") || message.starts_with("invalid float") {
        return bare_value(text, span);
    }
    let known = WORDS.iter().find(|(start, ..)| message.starts_with(start));
    match known {
        Some((_, words, help)) => Fault::new(SYNTAX, span, *words).help(*help),
        None => Fault::new(SYNTAX, span, message),
    }
}

/// Words that other languages use for a value, and their TOML equivalents.
const VALUES: &[(&str, &str)] = &[
    ("true", "true"),
    ("yes", "true"),
    ("on", "true"),
    ("false", "false"),
    ("no", "false"),
    ("off", "false"),
];

fn bare_value(text: &str, span: Span) -> Fault {
    let line = line_around(text, span.start);
    let start = span.start;
    let whole = Span::new(start, span.end.min(line.end).max(start));
    let typed = whole.slice(text).trim();
    let lower = typed.to_lowercase();
    if typed.is_empty() {
        return Fault::new(SYNTAX, Span::at(start), "missing value")
            .help("write a value, such as `\"text\"`, or leave the key out");
    }
    if matches!(lower.as_str(), "null" | "nil" | "none" | "~") {
        return Fault::new(SYNTAX, whole, format!("TOML has no {}", quoted(typed)))
            .help("leave the key out");
    }
    if let Some((_, value)) = VALUES.iter().find(|(word, _)| *word == lower) {
        return Fault::new(
            SYNTAX,
            whole,
            format!("{} is not a valid TOML value", quoted(typed)),
        )
        .help(format!(
            "write `{value}`, or {} if it is text",
            literal(typed)
        ))
        .replace(whole, *value);
    }
    if typed.split_whitespace().count() > 1
        && typed
            .split_whitespace()
            .all(|word| word.parse::<f64>().is_ok())
    {
        return Fault::new(SYNTAX, whole, "missing comma between values")
            .help("write `,` between them");
    }
    if let Some(inner) = typed.strip_prefix(['“', '”', '„', '‘', '’']) {
        let inner = inner.trim_end_matches(['“', '”', '‘', '’']);
        return Fault::new(SYNTAX, whole, "strings need straight quotes")
            .help(format!("write `{}`", literal(inner)))
            .replace(whole, literal(inner));
    }
    Fault::new(
        SYNTAX,
        whole,
        format!("the text {} needs quotes", quoted(typed)),
    )
    .help(format!("write {}", quoted(&literal(typed))))
    .replace(whole, literal(typed))
}

/// Reports a bare key with characters that need quotes; the span is that of one such character.
fn bare_key(text: &str, span: Span) -> Fault {
    let line = line_around(text, span.start);
    let is_end = |c: char| c.is_whitespace() || ".=[]{},\"'#".contains(c);
    let before = Span::new(line.start, span.start).slice(text);
    let after = Span::new(span.start, line.end).slice(text);
    let start = before
        .char_indices()
        .rfind(|(_, c)| is_end(*c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let end = after.find(is_end).unwrap_or(after.len());
    let whole = Span::new(line.start + start, span.start + end);
    let key = whole.slice(text);
    if key.ends_with(':') {
        return colon(whole.end - 1);
    }
    Fault::new(
        SYNTAX,
        whole,
        format!("the key {} needs quotes", quoted(key)),
    )
    .help(format!("write {}", quoted(&literal(key))))
    .replace(whole, literal(key))
}

fn colon(at: usize) -> Fault {
    let colon = Span::new(at, at + 1);
    Fault::new(SYNTAX, colon, "TOML has `=` between a key and its value")
        .help("write `=` instead of `:`")
        .replace(colon, " =")
}

fn no_value(text: &str, span: Span) -> Fault {
    let line = line_around(text, span.start);
    let rest = Span::new(span.start, line.end).slice(text);
    let typed = line.slice(text).trim();
    if rest.trim_start().starts_with(':') {
        return colon(span.start + (rest.len() - rest.trim_start().len()));
    }
    let help = match typed.split_once('=') {
        Some((key, _)) => format!(
            "a key of several words needs quotes: `{} =`",
            literal(key.trim())
        ),
        None => "write `key = value`; a comment starts with `#`".to_owned(),
    };
    Fault::new(SYNTAX, span, "expected `=` after the key").help(help)
}

fn control(character: char, start: usize) -> Fault {
    let span = Span::new(start, start + character.len_utf8());
    let code = u32::from(character);
    Fault::new(SYNTAX, span, format!("control character U+{code:04X}")).help(format!(
        "remove it, or write `\\u{code:04X}` in a string between `\"`"
    ))
}

/// Reports a wrong escape; `\"` before the end of a string only looks like its end.
fn escape(text: &str, span: Span) -> Fault {
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
    let whole = Span::new(start, start + 1 + length);
    if whole.slice(text) == "\\\"" {
        return Fault::new(SYNTAX, whole, "this string is not closed")
            .label("a quote inside the string, not its end")
            .help("write `\\\\` for a backslash at the end");
    }
    let message = format!("invalid TOML escape {}", quoted(whole.slice(text)));
    Fault::new(SYNTAX, whole, message)
        .help("write `\\\\` for a backslash, or put the text between `'`, where a backslash is only itself")
}
