//! Converts values on one line, after or between other text.

use super::block::closing_marks;
use super::edit::{Edit, Rewriter, then, unix};
use super::inline::{Inline, UnpairedDelimiters};
use super::scan::{ParagraphContext, Reading, Scan, has_special};
use crate::dialect::{DIALECT, PREFIX};
use pulldown_cmark::Parser;
use std::borrow::Cow;

/// The number of times that a value is parsed again before it is taken as plain text.
const PASSES: usize = 4;

/// Returns a value of the kind Text: plain except for code spans.
///
/// It is for chat and alerts, where punctuation is not markup. For several values in one paragraph, see
/// [`Paragraph`](super::Paragraph).
pub fn text(value: &str) -> Cow<'_, str> {
    text_in(value, ParagraphContext::Alone)
}

/// Returns a value of the kind Line: inline Markdown that an author typed.
///
/// Raw HTML, and links and images with targets that are not allowed, show as typed. For several values in one
/// paragraph, see [`Paragraph`](super::Paragraph).
pub fn line(value: &str) -> Cow<'_, str> {
    line_in(value, ParagraphContext::Alone)
}

pub(super) fn text_in(value: &str, context: ParagraphContext) -> Cow<'_, str> {
    if !has_special(value) {
        return Cow::Borrowed(value);
    }
    then(one_line(value), |value| {
        escaped(value, Reading::Text, context)
    })
}

pub(super) fn line_in(value: &str, context: ParagraphContext) -> Cow<'_, str> {
    if !has_special(value) {
        return Cow::Borrowed(value);
    }
    then(one_line(value), |value| reviewed(value, context))
}

/// Returns a value of the kind Line for the end of a heading.
///
/// There, a last word of only `#` would be taken for decoration.
pub fn heading(value: &str) -> Cow<'_, str> {
    then(line(value), |line| {
        let mut out = Rewriter::new(line);
        if let Some(at) = closing_marks(line) {
            out.backslash(at);
        }
        out.finish()
    })
}

/// Returns a value of the kind Text for the text of a link, between `[` and `]`.
pub fn label(value: &str) -> Cow<'_, str> {
    then(one_line(value), |value| {
        let mut escaped = Vec::new();
        Scan::new(value, 0, Reading::Typed).over(0..value.len(), |at| escaped.push(at));
        let brackets = value.match_indices(['[', ']']).map(|(at, _)| at);
        escaped.extend(brackets);
        escaped.sort_unstable();
        escaped.dedup();
        let mut out = Rewriter::new(value);
        for at in escaped {
            out.backslash(at);
        }
        out.finish()
    })
}

/// Returns `value` with a space for each line break.
fn one_line(value: &str) -> Cow<'_, str> {
    match unix(value) {
        unix if unix.contains('\n') => Cow::Owned(unix.replace('\n', " ")),
        unix => unix,
    }
}

/// Returns `value` with a backslash before each byte that may be markup in this reading.
pub(super) fn escaped(value: &str, reading: Reading, context: ParagraphContext) -> Cow<'_, str> {
    let mut out = Rewriter::new(value);
    Scan::new(value, 0, reading)
        .in_context(context)
        .over(0..value.len(), |at| out.backslash(at));
    out.finish()
}

fn reviewed(value: &str, context: ParagraphContext) -> Cow<'_, str> {
    let plain = escaped(value, Reading::Text, context);
    if matches!(plain, Cow::Borrowed(_)) {
        return plain;
    }
    // After other text nothing starts a block.
    let mut prefixed = format!("{PREFIX}{value}");
    for _ in 0..PASSES {
        let edits = review(&prefixed, context);
        if edits.is_empty() {
            return match prefixed.get(PREFIX.len()..) {
                Some(same) if same == value => Cow::Borrowed(value),
                other => Cow::Owned(other.unwrap_or_default().to_owned()),
            };
        }
        prefixed = Edit::apply(&prefixed, edits);
    }
    plain
}

fn review(prefixed: &str, context: ParagraphContext) -> Vec<Edit> {
    let mut inline = Inline::new(prefixed, PREFIX.len(), UnpairedDelimiters::Escape(context));
    for (event, range) in Parser::new_ext(prefixed, DIALECT).into_offset_iter() {
        inline.visit(&event, &range);
    }
    inline.edits
}
