//! Finds what starts a block of Markdown, intended or not.

use super::edit::unix;
use crate::dialect::DIALECT;
use pulldown_cmark::{Event, Options, Parser, Tag};

/// Appends code in a fence longer than any inside it, without a line break at the end.
///
/// `language` is one known word, or empty.
pub fn fence(code: &str, language: &str, out: &mut String) {
    let inside = code.lines().map(|line| {
        let line = line.trim_start();
        line.len() - line.trim_start_matches('`').len()
    });
    let ticks = "`".repeat(inside.max().unwrap_or(0).max(2) + 1);
    let code = unix(code);
    let end = if code.is_empty() || code.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    out.extend([&ticks, language, "\n", &code, end, &ticks]);
}

/// Returns the index in a line where a backslash keeps it from starting a block, or `None` if it starts none.
///
/// `line` has no space at its start, and its inline markup is in order.
pub(super) fn block_start(line: &str) -> Option<usize> {
    if !line.starts_with(|c: char| c.is_ascii_digit() || "#>-+*_~[".contains(c)) {
        return None;
    }
    // A footnote definition would not be shown at all, like that of a link.
    let options = DIALECT.union(Options::ENABLE_FOOTNOTES);
    let is_paragraph = matches!(
        Parser::new_ext(line, options).next(),
        Some(Event::Start(Tag::Paragraph))
    );
    // A line of dashes underlines the text before it, and parsers take the box of a task alone for an empty item.
    let starts = !is_paragraph || is_made_of(line, "-") || is_bare_task(line);
    starts.then(|| line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len())
}

/// Returns `true` if a line has only these characters and blanks.
pub(super) fn is_made_of(line: &str, characters: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, ' ' | '\t') || characters.contains(c))
}

/// Returns `true` if a line is a thematic break.
pub(super) fn is_rule(line: &str) -> bool {
    matches!(Parser::new(line).next(), Some(Event::Rule))
}

/// Returns `true` if a line is the box of a task and nothing else.
pub(super) fn is_bare_task(line: &str) -> bool {
    matches!(line.trim_end_matches([' ', '\t']), "[ ]" | "[x]" | "[X]")
}

/// Returns the index of the last `#` characters of a heading, if they would be taken for decoration.
pub(super) fn closing_marks(heading: &str) -> Option<usize> {
    let heading = heading.trim_end();
    let text = heading.trim_end_matches('#');
    let is_apart = text.is_empty() || text.ends_with([' ', '\t']);
    (is_apart && text.len() < heading.len()).then_some(text.len())
}
