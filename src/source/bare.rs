//! Describes what is wrong with an unquoted value, the same way in TOML and JSON.

use super::text::{literal, quoted};
use super::{SYNTAX, SourceError, Span, Syntax, clock, number};

/// Words that people leave where a value is still to come.
const PLACEHOLDERS: &[&str] = &["...", "…", "?", "???", "TBD", "TODO"];

/// Returns `true` or `false` for a word that means it in another language.
pub fn truth(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    }
}

/// Reports a placeholder, or a number, date or time in another format.
pub fn known(value: &str, span: Span, syntax: Syntax) -> Option<SourceError> {
    if PLACEHOLDERS.contains(&value) {
        let message = format!("placeholder {} instead of a value", quoted(value));
        return Some(
            SourceError::new(SYNTAX, span, message).help("write the value, or leave the key out"),
        );
    }
    if let Some(digits) = number::without_separators(value) {
        return Some(number(value, span, Some(&digits)));
    }
    let times = clock::times(value);
    if let Some(first) = times.first()
        && value
            .bytes()
            .all(|byte| byte == b'~' || byte.is_ascii_digit())
    {
        let digits = value.trim_start_matches(['~', '0']);
        let error = SourceError::new(SYNTAX, span, format!("invalid number {}", quoted(value)));
        return Some(error.help(format!(
            "write `{digits}`, {} for a time, or {} for text",
            quoted(&literal(first)),
            quoted(&literal(value))
        )));
    }
    date_or_time(value, span, &times, syntax)
}

fn date_or_time(value: &str, span: Span, times: &[String], syntax: Syntax) -> Option<SourceError> {
    // TOML has a type for dates; in JSON a date is a string.
    let is_bare = |time: &str| syntax == Syntax::Toml && !time.contains(':');
    let written = |time: &str| {
        if is_bare(time) {
            time.to_owned()
        } else {
            literal(time)
        }
    };
    let ways: Vec<String> = times.iter().map(|time| quoted(&written(time))).collect();
    let what = match times {
        [] => return None,
        [time] if time == value && time.contains(':') => "the time",
        [time] if time == value => "the date",
        _ => "",
    };
    let message = match what {
        "" => format!("invalid date or time {}", quoted(value)),
        what => format!("{what} {} needs quotes", quoted(value)),
    };
    let error =
        SourceError::new(SYNTAX, span, message).help(format!("write {}", ways.join(" or ")));
    Some(match times {
        [only] => error.replace(span, written(only)),
        _ => error,
    })
}

/// Reports a word that starts like a number, such as `60%` or `1.2k`.
pub fn number_like(value: &str, span: Span) -> Option<SourceError> {
    let digits = value.trim_start_matches(['~', '≈', '<', '>', '+', '-']);
    let starts = digits.starts_with(|character: char| character.is_ascii_digit());
    let is_word = starts && !value.contains(' ') && !value.ends_with(['"', '\'']);
    is_word.then(|| number(value, span, number::only(value).as_deref()))
}

fn number(value: &str, span: Span, digits: Option<&str>) -> SourceError {
    let text = quoted(&literal(value));
    let error = SourceError::new(SYNTAX, span, format!("invalid number {}", quoted(value)));
    error.help(match digits {
        Some(digits) => format!("write `{digits}`, or {text} if it is text"),
        None => format!("write {text} if it is text"),
    })
}

/// Returns `true` if a value is one word, and not the start of a longer text or of several values.
fn is_word(value: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || "-_.:@/".contains(character);
    value.starts_with(char::is_alphabetic) && value.chars().all(is_part)
}

/// Reports a text without quotes, or with a quote only at its end.
pub fn text(value: &str, span: Span) -> SourceError {
    if let Some(start) = value.strip_suffix(['"', '\'']) {
        return SourceError::new(SYNTAX, span, "missing quote at the start of a string")
            .write(span, literal(start))
            .certain_if(is_word(start));
    }
    let inner = value.trim_matches('`');
    let error = SourceError::new(
        SYNTAX,
        span,
        format!("the text {} needs quotes", quoted(value)),
    )
    .replace(span, literal(inner))
    .certain_if(is_word(inner));
    let right = quoted(&literal(inner));
    let starts = value.starts_with(|character: char| character.is_ascii_digit());
    match number::only(value).filter(|_| starts) {
        Some(number) => error.help(format!("write {right}, or `{number}` if it is a number")),
        None => error.help(format!("write {right}")),
    }
}
