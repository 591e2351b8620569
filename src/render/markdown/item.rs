//! Values that stand behind the mark of a list.

use super::block::{block_start, is_bare_task, is_made_of, is_rule};
use super::edit::{Rewriter, then};
use super::line::line;
use super::prose::{prose, trim_blank_lines};
use crate::render::dialect::DIALECT;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

/// Headings in an entry of a list stand under one of this level.
const ENTRY_LEVEL: u8 = 3;

/// Gives a value for right behind `1. ` or `- `: a Line, or a block of Markdown.
///
/// The lines of a block, but for the first, are indented by `indent` spaces,
/// the width of what stands in front.
pub fn item(value: &str, indent: usize) -> Cow<'_, str> {
    let value = trim_blank_lines(value);
    if value.contains(['\n', '\r']) {
        let block = prose(value, ENTRY_LEVEL);
        let block = match expanded(&block) {
            Cow::Borrowed(same) => indented(same, indent),
            Cow::Owned(other) => indented(&prose(&other, ENTRY_LEVEL), indent),
        };
        return Cow::Owned(block);
    }
    then(line(value.trim_matches([' ', '\t'])), |line| {
        let mut out = Rewriter::new(line);
        if let Some(at) = block_start(line) {
            out.backslash(at);
        }
        out.finish()
    })
}

/// Gives the block with all lines but the first indented.
fn indented(block: &str, indent: usize) -> String {
    let mut out = String::with_capacity(block.len() + 64);
    let (first, mut rest) = block.split_once('\n').unwrap_or((block, ""));
    match first_line(first) {
        Some(first) => out.push_str(&first),
        // Below the mark, on a line of its own, it means what it did.
        None => rest = block,
    }
    for line in rest.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
            out.push_str(line);
        }
    }
    out
}

/// Gives the first line of a block in a form that keeps its meaning behind a list mark, if one does.
fn first_line(line: &str) -> Option<Cow<'_, str>> {
    if is_rule(line) {
        // `- ---` would be one rule and no entry.
        Some(Cow::Borrowed("___"))
    } else if is_bare_task(line) {
        Some(Cow::Owned(format!("\\{line}")))
    } else if line.starts_with(' ') || is_made_of(line, "-") {
        // Spaces would move the column of all other lines, `- - -` would be a rule.
        None
    } else {
        Some(Cow::Borrowed(line))
    }
}

/// Gives the block with spaces for the tabs in front of the words of a line.
///
/// A tab is as wide as its column says, and it comes to stand in another
/// column. Within a fence it is part of the code and stays, but where it is
/// all that keeps a line from being the end of the fence.
fn expanded(block: &str) -> Cow<'_, str> {
    let mut out = Rewriter::new(block);
    if !block.contains('\t') {
        return out.finish();
    }
    let fences = outer_fences(block);
    let mut start = 0;
    let mut next = 0;
    for line in block.split_inclusive('\n') {
        let words =
            line.trim_start_matches(|c: char| c.is_ascii_digit() || " \t>-+*.)".contains(c));
        let before = line.get(..line.len() - words.len()).unwrap_or_default();
        while fences.get(next).is_some_and(|fence| fence.end <= start) {
            next += 1;
        }
        let code = fences.get(next).is_some_and(|fence| fence.start < start);
        let moves = !code || words.starts_with(['`', '~']);
        if moves && before.contains('\t') {
            out.replace(start..start + before.len(), &in_columns(before));
        }
        start += line.len();
    }
    out.finish()
}

/// Gives the places of the fences that stand in no list and no quote.
fn outer_fences(block: &str) -> Vec<Range<usize>> {
    let mut depth = 0_usize;
    let mut fences = Vec::new();
    for (event, range) in Parser::new_ext(block, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) if depth == 0 => {
                fences.push(range);
            }
            _ => {}
        }
    }
    fences
}

/// Gives the beginning of a line with spaces to the next column of four for each tab.
fn in_columns(before: &str) -> String {
    let mut out = String::with_capacity(before.len() + 8);
    for c in before.chars() {
        if c == '\t' {
            out.extend(std::iter::repeat_n(' ', 4 - out.len() % 4));
        } else {
            out.push(c);
        }
    }
    out
}
