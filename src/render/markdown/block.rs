//! Values that stand at the beginning of a line.

use super::edit::{Rewriter, then};
use super::line::line;
use super::prose::{prose, trim_blank_lines};
use pulldown_cmark::{Options, Parser};
use std::borrow::Cow;

/// Headings in an entry of a list stand under one of this level.
const ENTRY_LEVEL: u8 = 3;

/// Gives a value for right behind `1. ` or `- `: a Line, or a block of Markdown.
///
/// The lines of a block, but for the first, are indented by `indent` spaces,
/// the width of what stands in front.
pub fn item(value: &str, indent: usize) -> Cow<'_, str> {
    let value = trim_blank_lines(value);
    if value.contains(['\n', '\r']) {
        return Cow::Owned(indented(&prose(value, ENTRY_LEVEL), indent));
    }
    then(line(value.trim_matches([' ', '\t'])), |line| {
        let mut out = Rewriter::new(line);
        if let Some(at) = block_start(line) {
            out.backslash(at);
        }
        out.finish()
    })
}

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
        b'[' => defines_link(line),
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

fn is_made_of(line: &str, marks: &str) -> bool {
    line.chars()
        .all(|c| matches!(c, ' ' | '\t') || marks.contains(c))
}

fn is_rule(line: &str) -> bool {
    ["-", "*", "_"]
        .iter()
        .any(|mark| is_made_of(line, mark) && line.matches(mark).count() >= 3)
}

/// Says whether a line that begins with `[` defines a link or a footnote, and so would not show.
fn defines_link(line: &str) -> bool {
    if !line.contains("]:") {
        return false;
    }
    let parser = Parser::new_ext(line, Options::empty());
    line.starts_with("[^") || parser.reference_definitions().iter().next().is_some()
}

fn indented(block: &str, indent: usize) -> String {
    let mut lines = block.split('\n');
    let mut out = first_line(lines.next().unwrap_or_default());
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}

/// Gives the first line of a block in a form that keeps its meaning behind a list mark.
fn first_line(line: &str) -> String {
    // `- ---` would be one rule and no entry.
    if is_rule(line) && !line.starts_with("    ") {
        return "___".to_owned();
    }
    if is_made_of(line, "-") && line.contains('-') {
        return format!("\\{line}");
    }
    // A tab is as wide as its column says, and it stands in another column now.
    let rest = line.trim_start_matches([' ', '\t']);
    let before = line.get(..line.len() - rest.len()).unwrap_or_default();
    before.replace('\t', "    ") + rest
}
