//! Describes what is wrong with a value, such as unquoted text or a date in another format.

use super::super::lexer::{Kind, Token, tokens};
use super::super::value as parsed;
use super::line_around;
use crate::source::repair::Typed;
use crate::source::text::{literal, quoted};
use crate::source::{Node, SYNTAX, SourceError, Span, Syntax, Value, bare, number};

/// Reports what is wrong with the value at an offset, or returns `None` if that is not known.
pub fn error(typed: &Typed, span: Span, message: &str) -> Option<SourceError> {
    let text = typed.repaired();
    let value_span = around(text, span.start);
    let value = typed.slice(value_span);
    if value.is_empty() {
        let is_missing = message.starts_with("string values must be quoted");
        return is_missing.then(|| {
            SourceError::new(SYNTAX, Span::at(span.start), "missing value")
                .help("write a value, such as `\"text\"`, or leave the key out")
        });
    }
    if let Some(error) = after_value(typed, value_span) {
        return Some(error);
    }
    let error = |message: String| SourceError::new(SYNTAX, value_span, message);
    if let Some(list) = list(value) {
        return Some(without_brackets(&list, value_span));
    }
    if let Some(inner) = quotes_inside(value) {
        return Some(
            error("unescaped quote inside a string".to_owned())
                .write(value_span, literal(inner))
                .certain_if(!inner.contains('#')),
        );
    }
    let after = text.get(value_span.end..).unwrap_or_default();
    // The text may go on after a `#`, as in `Team #4`.
    let has_comment = after.trim_start_matches([' ', '\t']).starts_with('#');
    unquoted(value, value_span, message, has_comment)
}

/// Reports what is wrong with an unquoted value.
fn unquoted(
    value: &str,
    value_span: Span,
    message: &str,
    has_comment: bool,
) -> Option<SourceError> {
    let error = |message: String| SourceError::new(SYNTAX, value_span, message);
    let lower = value.to_lowercase();
    if matches!(lower.as_str(), "null" | "nil" | "none" | "~" | "undefined") {
        return Some(error(format!("TOML has no {}", quoted(value))).help("leave the key out"));
    }
    if let Some(right) = bare::truth(value) {
        let error = error(format!("invalid value {}", quoted(value))).help(format!(
            "write `{right}`, or {} if it is text",
            quoted(&literal(value))
        ));
        return Some(error.replace(value_span, right).certain_if(lower == right));
    }
    if let Some(error) = bare::known(value, value_span, Syntax::Toml) {
        return Some(error);
    }
    let kinds = ["date", "time"];
    let kind = kinds
        .iter()
        .find(|kind| message.starts_with(&format!("invalid {kind}")));
    if let Some(kind) = kind {
        let help = match *kind {
            "time" => "write a time from `00:00` to `23:59`, or put it in quotes if it is text",
            _ => "write a day that is in the calendar, or put it in quotes if it is text",
        };
        let error = error(format!("invalid {kind} {}", quoted(value))).help(help);
        return Some(match message.split_once(", ") {
            Some((_, expected)) => error.label(expected),
            None => error,
        });
    }
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    if value.contains(' ') && value.split_whitespace().all(is_number) {
        let message = "missing comma between values".to_owned();
        return Some(error(message).help("write `,` between them"));
    }
    if value.starts_with(['"', '\'', '[', '{']) || message.starts_with("missing comma") {
        return None;
    }
    if let Some(inner) = value.strip_prefix('(') {
        return Some(without_brackets(
            &format!("[{}]", inner.trim_end_matches(')')),
            value_span,
        ));
    }
    let text = || bare::text(value, value_span).certain_if(!has_comment);
    bare::number_like(value, value_span).or_else(|| Some(text()))
}

fn without_brackets(list: &str, value_span: Span) -> SourceError {
    SourceError::new(SYNTAX, value_span, "missing `[` and `]` around a list")
        .write(value_span, list)
        .certain_if(parsed(list).is_some_and(has_only_texts))
}

/// Returns `true` for a list of texts; a comma between numbers may be that of a decimal.
fn has_only_texts(list: Node) -> bool {
    let Value::Array(entries) = list.value else {
        return false;
    };
    let is_text = |entry: &Node| matches!(entry.value, Value::String(_));
    entries.iter().all(is_text)
}

/// Reports unexpected text after a valid value.
fn after_value(typed: &Typed, value_span: Span) -> Option<SourceError> {
    let value = value_span.slice(typed.repaired());
    for (at, _) in value.match_indices([',', ';', '/', '-', ']', '}']) {
        let (before, rest) = value.split_at_checked(at)?;
        if before.is_empty() || parsed(before.trim_end()).is_none() {
            continue;
        }
        let start = value_span.start + at;
        if matches!(rest, "," | ";" | "]" | "}") {
            let span = Span::new(start, start + 1);
            return Some(
                SourceError::new(SYNTAX, span, format!("unexpected `{rest}` after a value"))
                    .help("remove it")
                    .replace(span, ""),
            );
        }
        let is_apart = before.ends_with([' ', '\t']) || before.ends_with(['"', '\'', ']', '}']);
        if is_apart && ["//", "--", "/*"].iter().any(|sign| rest.starts_with(sign)) {
            return Some(comment(typed, Span::new(start, value_span.end)));
        }
    }
    None
}

/// Reports a comment in the syntax of another language.
pub fn comment(typed: &Typed, span: Span) -> SourceError {
    let written = typed.slice(span);
    let is_sign = |character: char| "/*-;%".contains(character);
    let sign = written
        .find(|character| !is_sign(character))
        .unwrap_or(written.len());
    let sign = written.get(..sign.min(2)).unwrap_or_default();
    let content = written
        .trim_start_matches(is_sign)
        .trim_end_matches(['*', '/'])
        .trim();
    let right = format!("# {content}");
    SourceError::new(
        SYNTAX,
        span,
        format!("comments start with `#`, not `{sign}`"),
    )
    .write(span, right.trim_end())
    // In a text, `--` is a dash.
    .certain_if(sign != "--")
}

/// Returns the list that several values with commas between them were meant to be.
fn list(value: &str) -> Option<String> {
    if !value.contains(',')
        || value.starts_with(['[', '{'])
        || number::without_separators(value).is_some()
    {
        return None;
    }
    let list = format!("[{value}]");
    parsed(&list)?.item(1).map(|_| ())?;
    Some(list)
}

/// Returns the text of a string that has quotes like its own inside.
fn quotes_inside(value: &str) -> Option<&str> {
    let quote = value
        .chars()
        .next()
        .filter(|quote| "\"'".contains(*quote))?;
    let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_between = |part: &str| {
        let part = part.trim();
        part.is_empty() || part == "," || part.ends_with('=')
    };
    let mut parts = inner.split(quote);
    let is_list = inner.split(quote).skip(1).step_by(2).any(is_between);
    let is_long = inner.starts_with(quote);
    (parts.nth(1).is_some() && !is_list && !is_long && !inner.contains('\\')).then_some(inner)
}

/// Finds the whole value around an offset, within its line.
///
/// In a list or an inline table it ends with a comma or bracket, else with the line.
fn around(text: &str, at: usize) -> Span {
    let line = line_around(text, at);
    let tokens: Vec<Token> = tokens(line.slice(text)).collect();
    let moved =
        |token: &Token| Span::new(line.start + token.span.start, line.start + token.span.end);
    let mut start = line.start;
    // The starts of the values around the innermost open one.
    let mut outer = Vec::new();
    let mut has_equals = false;
    for token in tokens.iter().filter(|token| moved(token).start < at) {
        match token.kind {
            Kind::Equals if outer.is_empty() && has_equals => {}
            Kind::Equals => {
                has_equals = true;
                start = moved(token).end;
            }
            Kind::Open => {
                outer.push(start);
                start = moved(token).end;
            }
            Kind::Close => start = outer.pop().unwrap_or(start),
            Kind::Comma if !outer.is_empty() || !has_equals => start = moved(token).end,
            _ => {}
        }
    }
    let in_list = !outer.is_empty() || !has_equals;
    let is_end = |token: &&Token| match token.kind {
        Kind::Comment => true,
        Kind::Comma | Kind::Close => in_list && moved(token).start >= at,
        _ => false,
    };
    let mut after = tokens.iter().filter(|token| moved(token).start >= start);
    let end = after
        .find(is_end)
        .map_or(line.end, |token| moved(token).start);
    let value = Span::new(start, end.max(start));
    let raw = value.slice(text);
    let from = value.start + (raw.len() - raw.trim_start().len());
    Span::new(from, from + raw.trim().len())
}

/// Reports a string that does not end on its line, which may have been meant as a multi-line string.
pub fn not_closed(text: &str, span: Span) -> SourceError {
    let line = line_around(text, span.start);
    let start = tokens(line.slice(text))
        .find(|token| token.kind == Kind::OpenText)
        .map_or(span.start, |token| line.start + token.span.start);
    let quote = text.get(start..=start).unwrap_or("\"");
    let long = quote.repeat(3);
    let mut end = line.end;
    for _ in 0..LINES {
        let next = line_around(text, end + 1);
        let rest = next.slice(text);
        if end + 1 >= text.len() || rest.contains('=') || rest.starts_with('[') {
            break;
        }
        if rest.trim_end().ends_with(quote) {
            return SourceError::new(
                SYNTAX,
                Span::new(start, next.end),
                "line break inside a single-line string",
            )
            .help(format!("write it between `{long}` and `{long}`"));
        }
        end = next.end;
    }
    SourceError::new(SYNTAX, Span::new(start, line.end), "this string is not closed").help(format!(
        "end it with `{quote}` on the same line; a multi-line string goes between `{long}` and `{long}`"
    ))
}

/// The maximum number of lines that are searched for the end of a string.
const LINES: usize = 40;
