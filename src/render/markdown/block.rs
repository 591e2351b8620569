//! What begins a block of Markdown, wanted or not.

use pulldown_cmark::{Options, Parser};

/// Appends code in a fence longer than any inside it, without a line break behind.
///
/// `language` is one known word, or empty.
pub fn fence(code: &str, language: &str, out: &mut String) {
    let inside = code.lines().map(|line| {
        let line = line.trim_start();
        line.len() - line.trim_start_matches('`').len()
    });
    let ticks = "`".repeat(inside.max().unwrap_or(0).max(2) + 1);
    out.extend([&ticks, language, "\n"]);
    let mut rest = code;
    while let Some(at) = rest.find(['\r', '\n']) {
        let (line, end) = rest.split_at(at);
        out.extend([line, "\n"]);
        rest = end
            .strip_prefix("\r\n")
            .or_else(|| end.get(1..))
            .unwrap_or_default();
    }
    if !rest.is_empty() {
        out.extend([rest, "\n"]);
    }
    out.push_str(&ticks);
}

/// Gives the place in a line where a backslash keeps it from starting a block.
///
/// `line` has no space in front; its inline markup is taken to be in order.
pub(super) fn block_start(line: &str) -> Option<usize> {
    let first = line.bytes().next()?;
    let starts = match first {
        b'#' => {
            let rest = line.trim_start_matches('#');
            line.len() - rest.len() <= 6 && ends_word(rest)
        }
        b'>' => true,
        b'-' => is_made_of(line, "-") || line.get(1..).is_some_and(ends_word),
        b'+' => line.get(1..).is_some_and(ends_word),
        b'*' | b'_' => is_rule(line) || (first == b'*' && line.get(1..).is_some_and(ends_word)),
        b'~' => line.starts_with("~~~"),
        b'[' => defines_link(line) || is_bare_task(line),
        b'0'..=b'9' => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = line.len() - rest.len();
            let behind = rest.strip_prefix(['.', ')']);
            return behind
                .filter(|behind| digits <= 9 && ends_word(behind))
                .map(|_| digits);
        }
        _ => false,
    };
    starts.then_some(0)
}

fn ends_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', '\t'])
}

pub(super) fn is_made_of(line: &str, marks: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, ' ' | '\t') || marks.contains(c))
}

pub(super) fn is_rule(line: &str) -> bool {
    ["-", "*", "_"]
        .iter()
        .any(|mark| is_made_of(line, mark) && line.matches(mark).count() >= 3)
}

/// Says whether a line is the box of a task and nothing else, which parsers take for an empty entry.
pub(super) fn is_bare_task(line: &str) -> bool {
    matches!(line.trim_end_matches([' ', '\t']), "[ ]" | "[x]" | "[X]")
}

/// Says whether a line that begins with `[` defines a link or a footnote, and so would not show.
fn defines_link(line: &str) -> bool {
    if !line.contains("]:") {
        return false;
    }
    let note = line
        .strip_prefix("[^")
        .and_then(|rest| rest.split_once(']'));
    note.is_some_and(|(label, rest)| rest.starts_with(':') && !label.contains(['[', ' ', '\t']))
        || Parser::new_ext(line, Options::empty())
            .reference_definitions()
            .iter()
            .next()
            .is_some()
}
