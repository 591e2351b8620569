//! Converts values for the items of lists.

use super::block::{block_start, is_bare_task, is_made_of, is_rule};
use super::edit::{Rewriter, then};
use super::line::line;
use super::prose::{ParserContext, prose, trim_blank_lines};
use crate::dialect::DIALECT;
use pulldown_cmark::Parser;
use std::borrow::Cow;
use std::ops::Range;

/// The level that headings in an item of a list are below.
const ITEM_LEVEL: u8 = 3;

/// Returns a value for use directly after `1. ` or `- `: a Line, or a block of Markdown.
///
/// All lines of a block except the first are indented by `indent` spaces, the width of the list marker.
pub fn item(value: &str, indent: usize) -> Cow<'_, str> {
    let value = trim_blank_lines(value);
    if value.contains(['\n', '\r']) {
        let block = prose(value, ITEM_LEVEL);
        let block = match expanded(&block) {
            Cow::Borrowed(same) => indented(same, indent),
            Cow::Owned(other) => indented(&prose(&other, ITEM_LEVEL), indent),
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

/// Returns the block with all lines except the first indented.
fn indented(block: &str, indent: usize) -> String {
    let mut out = String::with_capacity(block.len() + 64);
    let (first, mut rest) = block.split_once('\n').unwrap_or((block, ""));
    match first_line(first) {
        Some(first) => out.push_str(&first),
        // On a separate line below the list marker, its meaning stays the same.
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

/// Returns the first line of a block in a form that keeps its meaning after a list marker, or `None` without one.
fn first_line(line: &str) -> Option<Cow<'_, str>> {
    if is_rule(line) {
        // `- ---` would be one thematic break and no item.
        Some(Cow::Borrowed("___"))
    } else if is_bare_task(line) {
        Some(Cow::Owned(format!("\\{line}")))
    } else if line.starts_with(' ') || is_made_of(line, "-") {
        // Spaces would move the column of all other lines; `- - -` would be a thematic break.
        None
    } else {
        Some(Cow::Borrowed(line))
    }
}

/// Returns the block with spaces instead of the tabs at the start of lines.
///
/// The width of a tab depends on its column, and indentation changes the column. Within a fence a tab is code and stays,
/// unless the line would close the fence without it.
fn expanded(block: &str) -> Cow<'_, str> {
    let mut out = Rewriter::new(block);
    if !block.contains('\t') {
        return out.finish();
    }
    let fences = outer_fences(block);
    let mut start = 0;
    let mut next = 0;
    for line in block.split_inclusive('\n') {
        let text = line.trim_start_matches(|c: char| c.is_ascii_digit() || " \t>-+*.)".contains(c));
        let before = line.get(..line.len() - text.len()).unwrap_or_default();
        while fences.get(next).is_some_and(|fence| fence.end <= start) {
            next += 1;
        }
        let code = fences.get(next).is_some_and(|fence| fence.start < start);
        let moves = !code || text.starts_with(['`', '~']);
        if moves && before.contains('\t') {
            out.replace(start..start + before.len(), &in_columns(before));
        }
        start += line.len();
    }
    out.finish()
}

/// Returns the ranges of the fences that are in no list and no quote.
fn outer_fences(block: &str) -> Vec<Range<usize>> {
    let mut context = ParserContext::default();
    let mut fences = Vec::new();
    for (event, range) in Parser::new_ext(block, DIALECT).into_offset_iter() {
        context.visit(&event);
        if context.is_outer_fence(&event) {
            fences.push(range);
        }
    }
    fences
}

/// Returns the start of a line with spaces up to the next tab stop, every four columns, for each tab.
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
