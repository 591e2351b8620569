//! Converts values for the cells of tables.

use super::edit::{Rewriter, then};
use super::line::{escaped, line};
use super::scan::{ParagraphContext, Reading};
use crate::dialect::{DIALECT, PREFIX};
use pulldown_cmark::{Event, LinkType, Parser, Tag};
use std::borrow::Cow;
use std::ops::Range;

/// Returns a value of the kind Line for a cell of a table.
pub fn cell(value: &str) -> Cow<'_, str> {
    // The spaces around the value of a cell have no meaning.
    then(
        line(value.trim_matches([' ', '\t', '\n', '\r'])),
        |inline| {
            if !inline.contains('|') {
                return Cow::Borrowed(inline);
            }
            let mut out = Rewriter::new(inline);
            let mut from = 0;
            for span in raw_spans(inline) {
                pipes(inline, from..span.range.start, &mut out);
                match span.code {
                    Some(code) => out.replace(span.range.clone(), &code_in_cell(&code)),
                    // No escape works in an autolink, so it becomes text.
                    None => {
                        let typed = inline.get(span.range.clone()).unwrap_or_default();
                        let typed = escaped(typed, Reading::Typed, ParagraphContext::Shared)
                            .replace('|', "\\|");
                        out.replace(span.range.clone(), &typed);
                    }
                }
                from = span.range.end;
            }
            pipes(inline, from..inline.len(), &mut out);
            out.finish()
        },
    )
}

/// A part in which a backslash escapes nothing: a code span, or an autolink.
struct RawSpan {
    range: Range<usize>,
    code: Option<String>,
}

/// Returns the code spans and autolinks that contain a pipe.
fn raw_spans(inline: &str) -> Vec<RawSpan> {
    if !inline.contains(['`', '<']) {
        return Vec::new();
    }
    let prefixed = format!("{PREFIX}{inline}");
    let mut spans = Vec::new();
    for (event, range) in Parser::new_ext(&prefixed, DIALECT).into_offset_iter() {
        let code = match event {
            Event::Code(code) => Some(code.into_string()),
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            }) => None,
            _ => continue,
        };
        let range =
            range.start.saturating_sub(PREFIX.len())..range.end.saturating_sub(PREFIX.len());
        if inline
            .get(range.clone())
            .is_some_and(|span| span.contains('|'))
        {
            spans.push(RawSpan { range, code });
        }
    }
    spans
}

/// Escapes the unescaped pipes in `range`.
fn pipes(inline: &str, range: Range<usize>, out: &mut Rewriter<'_>) {
    let mut backslashes = 0;
    let bytes = inline.bytes().enumerate();
    for (at, byte) in bytes.skip(range.start).take(range.len()) {
        if byte == b'|' && backslashes % 2 == 0 {
            out.backslash(at);
        }
        backslashes = if byte == b'\\' { backslashes + 1 } else { 0 };
    }
}

/// Returns a code span whose pipes are escaped.
///
/// A table takes `\|` for a pipe even in code, so code with a backslash before a pipe needs two spans, with the pipe
/// between them.
fn code_in_cell(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("\\|") {
        let (before, after) = rest.split_at(at + 1);
        push_code(before, &mut out);
        out.push_str("\\|");
        rest = after.strip_prefix('|').unwrap_or(after);
    }
    push_code(rest, &mut out);
    out
}

fn push_code(code: &str, out: &mut String) {
    if code.is_empty() {
        return;
    }
    let ticks = (1..=code.len() + 1)
        .find(|length| !has_run(code, *length))
        .unwrap_or(1);
    let ticks = "`".repeat(ticks);
    let spaced = code.starts_with(' ') && code.ends_with(' ') && !code.trim_matches(' ').is_empty();
    let pad = if spaced || code.starts_with('`') || code.ends_with('`') {
        " "
    } else {
        ""
    };
    out.extend([&ticks, pad, &code.replace('|', "\\|"), pad, &ticks]);
}

/// Returns `true` if `code` has a run of exactly `length` backticks.
fn has_run(code: &str, length: usize) -> bool {
    code.split(|c| c != '`').any(|run| run.len() == length)
}
