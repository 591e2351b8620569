//! Values that stand on one line, behind or between other words.

use super::edit::{Edit, Rewriter, then};
use super::inline::{Inline, UnpairedDelimiters};
use super::scan::{ParagraphContext, Reading, Scan, has_special};
use crate::render::dialect::DIALECT;
use pulldown_cmark::Parser;
use std::borrow::Cow;

/// How often a value is parsed again before it is taken as plain text.
const PASSES: usize = 4;

/// Gives a value of the kind Text: plain, but for code spans.
///
/// It is for chat and alerts, where a mark is a mark and not an instruction.
/// Where several values share a paragraph, see [`Paragraph`](super::Paragraph).
pub fn text(value: &str) -> Cow<'_, str> {
    text_in(value, ParagraphContext::Alone)
}

/// Gives a value of the kind Line: inline Markdown that an author typed.
///
/// Raw HTML, and links and images that may not be followed, show as typed.
/// Where several values share a paragraph, see [`Paragraph`](super::Paragraph).
pub fn line(value: &str) -> Cow<'_, str> {
    line_in(value, ParagraphContext::Alone)
}

pub(super) fn text_in(value: &str, company: ParagraphContext) -> Cow<'_, str> {
    if !has_special(value) {
        return Cow::Borrowed(value);
    }
    then(one_line(value), |value| {
        escaped(value, Reading::Text, company)
    })
}

pub(super) fn line_in(value: &str, company: ParagraphContext) -> Cow<'_, str> {
    if !has_special(value) {
        return Cow::Borrowed(value);
    }
    then(one_line(value), |value| reviewed(value, company))
}

/// Gives a value of the kind Line for the end of a heading.
///
/// There a last word of nothing but `#` would be taken for decoration.
pub fn heading(value: &str) -> Cow<'_, str> {
    then(line(value), |line| {
        let words = line.trim_end();
        let rest = words.trim_end_matches('#');
        let mut out = Rewriter::new(line);
        if rest.len() < words.len() && (rest.is_empty() || rest.ends_with([' ', '\t'])) {
            out.backslash(rest.len());
        }
        out.finish()
    })
}

/// Gives a value of the kind Text for the words of a link, between `[` and `]`.
pub fn label(value: &str) -> Cow<'_, str> {
    then(one_line(value), |value| {
        let mut places = Vec::new();
        Scan::new(value, 0, Reading::Typed).over(0..value.len(), |at| places.push(at));
        let brackets = value.match_indices(['[', ']']).map(|(at, _)| at);
        places.extend(brackets);
        places.sort_unstable();
        places.dedup();
        let mut out = Rewriter::new(value);
        for at in places {
            out.backslash(at);
        }
        out.finish()
    })
}

/// Gives `value` with a space for each line break.
fn one_line(value: &str) -> Cow<'_, str> {
    let mut out = Rewriter::new(value);
    for (at, _) in value.match_indices(['\n', '\r']) {
        match value.get(at..at + 2) {
            Some("\r\n") => out.replace(at..at + 1, ""),
            _ => out.replace(at..at + 1, " "),
        }
    }
    out.finish()
}

/// Gives `value` with a backslash before each byte that could be markup in this reading.
pub(super) fn escaped(value: &str, reading: Reading, company: ParagraphContext) -> Cow<'_, str> {
    let mut out = Rewriter::new(value);
    Scan::new(value, 0, reading)
        .in_company(company)
        .over(0..value.len(), |at| out.backslash(at));
    out.finish()
}

fn reviewed(value: &str, company: ParagraphContext) -> Cow<'_, str> {
    let plain = escaped(value, Reading::Text, company);
    if matches!(plain, Cow::Borrowed(_)) {
        return plain;
    }
    // The value stands behind other words, so nothing in it starts a block.
    let mut placed = format!("{BEFORE}{value}");
    for _ in 0..PASSES {
        let edits = review(&placed, company);
        if edits.is_empty() {
            return match placed.get(BEFORE.len()..) {
                Some(same) if same == value => Cow::Borrowed(value),
                other => Cow::Owned(other.unwrap_or_default().to_owned()),
            };
        }
        placed = Edit::apply(&placed, edits);
    }
    plain
}

const BEFORE: &str = "x ";

fn review(placed: &str, company: ParagraphContext) -> Vec<Edit> {
    let mut inline = Inline::new(placed, BEFORE.len(), UnpairedDelimiters::Escape(company));
    for (event, range) in Parser::new_ext(placed, DIALECT).into_offset_iter() {
        inline.visit(&event, &range);
    }
    inline.edits
}
