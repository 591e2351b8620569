//! Parses the small notations of a report: labels, counts, durations, brackets and links.

use serde::Serialize;
use serde_json::Value;

use super::vocabulary::WORDS;
use crate::facts::Length;
use crate::kind::{Block, Checked, TOML_DATETIME, Url, is_visible};
pub(super) use crate::token::{Labelled, folded, labelled, plain_label};

/// Strips a Markdown line break from the end of a line: spaces or a backslash.
pub(super) fn unbroken(line: &str) -> &str {
    let bare = line.trim_end();
    if line.ends_with("  ") {
        return bare;
    }
    let rest = bare.strip_suffix('\\').filter(|rest| !rest.ends_with('\\'));
    rest.map_or(bare, str::trim_end)
}

/// Joins the lines of a paragraph.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| unbroken(line).trim())
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

/// Converts a text to a value, without the characters that no input file may contain.
pub(super) fn block<const FORMAT: usize>(text: &str) -> Checked<FORMAT> {
    let visible = || text.chars().filter(|c| is_visible(*c)).collect::<String>();
    Checked::new(text)
        .or_else(|_| Checked::new(visible()))
        .unwrap_or_default()
}

/// Converts a text to a single line; an item of a list may span several lines or paragraphs.
pub(super) fn line<const FORMAT: usize>(text: &str) -> Checked<FORMAT> {
    let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
    if text.contains(is_break) {
        block(&one_line(&text.replace(is_break, "\n")))
    } else {
        block(text)
    }
}

/// Converts prose to a block; several lines end with a line break, as in multi-line TOML strings.
pub(super) fn prose(text: &str) -> Block {
    let text = text.trim_matches('\n');
    if text.contains('\n') {
        block(&format!("{text}\n"))
    } else {
        block(text)
    }
}

/// Parses a text that is only a link to a web page; returns label and URL.
pub(super) fn web_link(text: &str) -> Option<(String, Url)> {
    let (label, target) = link(text)?;
    Some((label, Url::new(target).ok()?))
}

/// Returns a value of the model as its file spells it.
pub(super) fn spelled(value: &impl Serialize) -> String {
    match serde_json::to_value(value).unwrap_or_default() {
        Value::String(text) => text,
        other => match other.get(TOML_DATETIME).and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => other.to_string(),
        },
    }
}

/// Strips markup from a heading: `**Timeline** {#timeline}`, `:clock2: Timeline`.
pub(super) fn bare_heading(title: &str) -> &str {
    let title = title.trim();
    let title = match title
        .strip_suffix('}')
        .and_then(|rest| rest.rsplit_once("{#"))
    {
        Some((before, _)) => before.trim_end(),
        None => title,
    };
    let title = match title
        .strip_prefix(':')
        .and_then(|rest| rest.split_once(": "))
    {
        Some((code, rest)) if !code.contains(' ') => rest,
        _ => title,
    };
    title.trim_matches(['*', '_', ' '])
}

/// Strips the number from the start of a heading: `3.1 Cause`, `2) Timeline`.
pub(super) fn unnumbered(title: &str) -> &str {
    title.trim_start_matches(|c: char| c.is_ascii_digit() || ". )".contains(c))
}

/// Returns `true` for a value that says that there is none: `n/a`, `None`, `–`.
pub(super) fn is_nothing(value: &str) -> bool {
    let folded = folded(value);
    folded.is_empty() || WORDS.nothing.contains(&folded)
}

/// Returns a value, or `None` if it is empty, `not recorded` or `pending`.
pub(super) fn recorded(value: &str) -> Option<&str> {
    let value = value.trim();
    (!matches!(value, "" | "not recorded" | "pending")).then_some(value)
}

/// Parses a count such as `1,247`.
pub(super) fn count(text: &str) -> Option<u32> {
    let text = text.trim();
    let is_number = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == ',');
    let has_valid_groups = text.split(',').skip(1).all(|group| group.len() == 3);
    (is_number && has_valid_groups).then(|| text.replace(',', "").parse().ok())?
}

/// Parses a count and a noun: `8 engineers`.
pub(super) fn counted(text: &str) -> Option<(u32, &str)> {
    let (number, noun) = text.trim().split_once(' ')?;
    Some((count(number)?, noun.trim())).filter(|(_, noun)| !noun.is_empty())
}

/// Splits a text from the bracketed note at its end: `Effective (by luck)`.
pub(super) fn bracket(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    let wide = text
        .strip_suffix('）')
        .and_then(|rest| rest.rsplit_once('（'));
    if let Some((before, note)) = wide.filter(|(before, _)| !before.trim().is_empty()) {
        return (before.trim_end(), Some(note));
    }
    let Some(inner) = text.strip_suffix(')') else {
        return (text, None);
    };
    let mut depth = 1_usize;
    for (index, c) in inner.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let before = inner.get(..index).unwrap_or_default();
            let note = inner.get(index + 1..).unwrap_or_default();
            let is_separate = before.ends_with(' ') && !before.trim().is_empty();
            return if is_separate && !note.trim().is_empty() {
                (before.trim_end(), Some(note))
            } else {
                (text, None)
            };
        }
    }
    (text, None)
}

/// Parses a text that is only a link, `[label](target)`; returns label and target.
pub(super) fn link(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let inner = text.strip_prefix('[')?;
    let mut escaped = false;
    let mut depth = 0_usize;
    let end = inner.char_indices().find_map(|(index, c)| {
        let is_end = c == ']' && !escaped && depth == 0;
        match c {
            _ if escaped => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        is_end.then_some(index)
    })?;
    let (label, rest) = inner.split_at_checked(end)?;
    let target = rest.strip_prefix("](")?.strip_suffix(')')?;
    let target = target
        .strip_prefix('<')
        .and_then(|target| target.strip_suffix('>'))
        .unwrap_or(target);
    let balanced = target.matches('(').count() == target.matches(')').count();
    (balanced && !target.contains(' ')).then(|| (unescaped(label), unescaped(target)))
}

/// Strips the backslashes that escape Markdown punctuation, except in code.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut ticks = 0_usize;
    while let Some(c) = chars.next() {
        if c == '`' {
            let mut run = 1;
            while chars.next_if_eq(&'`').is_some() {
                run += 1;
            }
            out.extend(std::iter::repeat_n('`', run));
            ticks = if ticks == run {
                0
            } else if ticks == 0 {
                run
            } else {
                ticks
            };
        } else if c == '\\' && ticks == 0 && chars.peek().is_some_and(char::is_ascii_punctuation) {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns `true` if the text is a duration as a report prints it, at its precision.
pub(super) fn agrees(text: &str, length: Length) -> bool {
    length.to_string() == text.trim() || length.short() == text.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_at_the_end_is_a_note() {
        assert_eq!(
            bracket("Partial success (bought (some) time)"),
            ("Partial success", Some("bought (some) time"))
        );
        assert_eq!(
            bracket("00:07 JST（再作成）"),
            ("00:07 JST", Some("再作成"))
        );
        assert_eq!(bracket("f(x)"), ("f(x)", None));
        assert_eq!(bracket("(all of it)"), ("(all of it)", None));
        assert_eq!(bracket("open ) and"), ("open ) and", None));
    }

    #[test]
    fn counts_may_have_thousands_separators() {
        assert_eq!(count("1,247"), Some(1247));
        assert_eq!(count("0"), Some(0));
        for text in ["1,24", "~3", "3+", "", ",", "99,999,999,999"] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_is_parsed_only_if_it_is_the_whole_text() {
        let pair = |label: &str, target: &str| Some((label.to_owned(), target.to_owned()));
        assert_eq!(link("[a\\]b](../x.json)"), pair("a]b", "../x.json"));
        assert_eq!(link("[Link to recording]"), None);
        assert_eq!(link("[a](b) and [c](d)"), None);
    }

    #[test]
    fn code_keeps_its_backslashes() {
        assert_eq!(unescaped(r"\*a\* `\*` \_"), r"*a* `\*` _");
    }
}
