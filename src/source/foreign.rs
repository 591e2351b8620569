//! Recognises a file whose format differs from its extension.

use super::limits::{Budget, Limits};
use super::repair::Typed;
use super::{SYNTAX, SourceError, Span, Syntax, json};

/// The name of a format, or `None` if it is unknown, and what to write instead.
type Found = (Option<&'static str>, &'static str);

/// Reports the actual format of a text once, instead of an error for each line.
///
/// The text has syntax errors. Returns `None` if the format matches the file's extension.
pub fn error(text: &str, syntax: Syntax) -> Option<SourceError> {
    let lines: Vec<(Span, &str)> = lines(text).collect();
    let is_comment = |line: &str| match syntax {
        Syntax::Toml => line.starts_with('#'),
        Syntax::Json => line.starts_with('#') || line.starts_with("//"),
    };
    let mut content = lines.iter().filter(|(_, line)| !is_comment(line));
    let (span, first) = content.next().copied()?;
    let rest: Vec<&str> = content.map(|(_, line)| *line).collect();
    let (wanted, found) = match syntax {
        Syntax::Toml => ("TOML", in_toml_file(first, &rest)?),
        Syntax::Json => ("JSON", in_json_file(first, &rest)?),
    };
    let message = match found.0 {
        Some(format) => format!("this file is {format}, not {wanted}"),
        None => format!("this file is not {wanted}"),
    };
    Some(SourceError::new(SYNTAX, span, message).help(found.1))
}

/// Returns the lines that are not blank, trimmed.
fn lines(text: &str) -> impl Iterator<Item = (Span, &str)> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = next + (line.len() - line.trim_start().len());
        next += line.len();
        let line = line.trim();
        (!line.is_empty()).then(|| (Span::new(start, start + line.len()), line))
    })
}

fn in_toml_file(first: &str, rest: &[&str]) -> Option<Found> {
    if first.starts_with('{') {
        let help = "write `key = value` instead of `\"key\": value`, without the outer `{ }` and without commas";
        return Some((Some("JSON"), help));
    }
    if first == "+++" {
        return Some((
            Some("Markdown"),
            "keep only the text between the two `+++` lines",
        ));
    }
    if first.starts_with("```") {
        return Some((None, "delete the lines with ```"));
    }
    let all = || std::iter::once(&first).chain(rest);
    let is_assigned = all().any(|line| line.contains('=') || line.starts_with('['));
    if is_assigned || rest.is_empty() {
        return None;
    }
    let is_yaml = first == "---" || all().any(|line| is_yaml(line));
    Some(if is_yaml {
        let help = "write `key = value` instead of `key: value`, `[key]` instead of indentation, and `[\"a\", \"b\"]` instead of `-` lists";
        (Some("YAML"), help)
    } else {
        (
            None,
            "write `key = value` on each line, such as `title = \"Checkout errors\"`",
        )
    })
}

fn in_json_file(first: &str, rest: &[&str]) -> Option<Found> {
    let has_brackets = first.starts_with(['{', '[', '"', '\'', '“']);
    let is_header = first.starts_with('[')
        && first.ends_with(']')
        && rest.iter().any(|line| line.contains(" = "));
    let is_assigned = first.contains(" = ") && !first.ends_with([';', '{']);
    if is_header || (!has_brackets && is_assigned) {
        let help = "write `\"key\": value` instead of `key = value`, separated by commas, with `{ }` around all of them";
        return Some((Some("TOML"), help));
    }
    let is_whole = |line: &str| {
        let limits = Limits::depth_only();
        let errors = json::tree(line, &Typed::plain(line), &mut Budget::new(&limits)).1;
        line.starts_with('{') && errors.is_empty()
    };
    if rest.first().is_some_and(|second| second.starts_with('{')) && is_whole(first) {
        let help = "write `{\"events\": [` before the first line, a `,` after each line but the last, and `]}` at the end";
        return Some((Some("JSON Lines"), help));
    }
    if has_brackets || first.starts_with("/*") || rest.is_empty() && is_value(first) {
        return None;
    }
    if first.starts_with("```") {
        return Some((None, "delete the lines with ```"));
    }
    if first == "---" || is_yaml(first) {
        let help = "write `\"key\": value` instead of `key: value`, separated by commas, with `{ }` around all of them and `[ ]` around lists";
        return Some((Some("YAML"), help));
    }
    Some((
        None,
        "start the file with `{`, as in `{\"date\": \"YYYY-MM-DD\", \"events\": []}`",
    ))
}

/// Returns `true` if a line is an entry of a YAML list or table.
fn is_yaml(line: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || "_- ".contains(character);
    let key = line
        .split_once(':')
        .map(|(key, rest)| (key, rest.is_empty() || rest.starts_with(' ')));
    key.is_some_and(|(key, is_end)| is_end && !key.is_empty() && key.chars().all(is_word))
}

/// Returns `true` if a line may be a single value with a typo.
fn is_value(line: &str) -> bool {
    line.starts_with(|character: char| character.is_ascii_digit() || character == '-')
        || ["true", "false", "null"]
            .iter()
            .any(|word| line.to_lowercase().starts_with(word))
}

#[cfg(test)]
mod tests;
