//! Converts values that are blocks of Markdown.

use super::block::{block_start, is_made_of};
use super::definition::Definitions;
use super::edit::{Edit, then, unix};
use super::heading::{Heading, demote};
use super::inline::{Inline, UnpairedDelimiters};
use super::scan::{Reading, Scan};
use crate::dialect::{DIALECT, SplitRow, link, split_row, split_rows};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

/// The number of times that a value is parsed again before it is shown as plain text, with a note.
const PASSES: usize = 6;

/// The characters of blank lines.
const SPACES: [char; 4] = [' ', '\t', '\n', '\r'];

/// Returns a value of the kind Prose, for use below a heading of the level `under`.
///
/// The result starts with no blank line, ends without a line break, and leaves no block open after a blank line.
pub fn prose(value: &str, under: u8) -> Cow<'_, str> {
    then(unix(value), |value| {
        let value = trim_blank_lines(value);
        if is_plain(value) {
            return Cow::Borrowed(value);
        }
        settled(value, under, PASSES).unwrap_or_else(|| Cow::Owned(given_up(value)))
    })
}

/// Reviews a value until nothing is left to edit; `None` if that takes more passes.
fn settled(value: &str, under: u8, passes: usize) -> Option<Cow<'_, str>> {
    let mut current = Cow::Borrowed(value);
    for _ in 0..passes {
        let edits = review(&current, under);
        if edits.is_empty() {
            return Some(current);
        }
        let edited = trim_blank_lines(&Edit::apply(&current, edits)).to_owned();
        current = Cow::Owned(edited);
    }
    None
}

/// Returns `true` if the result of [`prose`] starts with text, so that a label can precede it on the line.
pub fn opens_with_text(prose: &str) -> bool {
    let mut lines = prose.lines();
    let has_bar = lines.next().is_some_and(|first| first.contains('|'));
    if has_bar && lines.next().is_some_and(|second| is_made_of(second, "|-:")) {
        // With a label, the first line could become the head of a table.
        return false;
    }
    let mut events = Parser::new_ext(prose, DIALECT);
    matches!(events.next(), Some(Event::Start(Tag::Paragraph)))
}

/// Returns `value` without blank lines at its start and end.
pub(super) fn trim_blank_lines(value: &str) -> &str {
    let blank = |line: &&str| line.trim_matches(SPACES).is_empty();
    let before: usize = value
        .split_inclusive(['\n', '\r'])
        .take_while(blank)
        .map(str::len)
        .sum();
    let rest = value.get(before..).unwrap_or_default();
    let after: usize = rest
        .split_inclusive(['\n', '\r'])
        .rev()
        .take_while(blank)
        .map(str::len)
        .sum();
    let rest = rest.get(..rest.len() - after).unwrap_or_default();
    rest.trim_end_matches(['\n', '\r'])
}

/// Returns `true` if `value` has nothing that a review could change.
fn is_plain(value: &str) -> bool {
    let is_underline = |line: &str| {
        line.trim_start_matches([' ', '\t', '>'])
            .starts_with(['-', '='])
    };
    !value.contains(['<', '[', '#'])
        && !value.contains("```")
        && value.bytes().filter(|byte| *byte == b'~').count() < 2
        && !value.lines().skip(1).any(is_underline)
        && !split_rows(value).iter().any(SplitRow::is_long)
}

/// Returns the edits that make `source` safe, independent of other values, and below the heading level `under`.
fn review(source: &str, under: u8) -> Vec<Edit> {
    // Footnote definitions must be found to be shown as typed.
    let options = DIALECT.union(Options::ENABLE_FOOTNOTES);
    let mut parser = Parser::new_ext(source, options).into_offset_iter();
    let mut definitions = Definitions::new(source, &parser);
    let mut inline = Inline::new(source, 0, UnpairedDelimiters::Keep);
    let mut headings = Vec::new();
    let mut extra = Vec::new();
    let mut context = ParserContext::default();
    let mut kept = 0;
    let mut columns = 0;
    while let Some((event, range)) = parser.next() {
        context.visit(&event);
        definitions.visit(&event, &range);
        inline.visit(&event, &range);
        match &event {
            Event::Start(Tag::Heading { level, .. }) => {
                headings.push(Heading::new(range, *level, context.quotes));
                kept = inline.edits.len();
            }
            Event::End(TagEnd::Heading(_)) if ends_underlined(source, &headings) => {
                // It is replaced, and its text is reviewed in the next pass.
                inline.edits.truncate(kept);
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            }) if link::allowed(dest_url) => {
                mark_used(&parser, *link_type, id, &mut definitions);
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                id,
                ..
            }) if link::allowed(dest_url) => {
                mark_used(&parser, *link_type, id, &mut definitions);
            }
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => {
                // Parsers drop the cells that are too many, so their bars become text.
                let row = split_row(source, range, columns).filter(SplitRow::is_long);
                extra.extend(
                    row.into_iter()
                        .flat_map(|row| row.bars)
                        .map(Edit::backslash),
                );
            }
            Event::Html(_) => typed_lines(source, range, &mut extra),
            Event::Start(Tag::FootnoteDefinition(_)) => extra.push(Edit::backslash(range.start)),
            event if context.is_outer_fence(event) => extra.extend(closing_fence(source, range)),
            _ => {}
        }
    }
    let mut edits = inline.edits;
    edits.extend(definitions.finish(|span| typed_lines(source, span, &mut extra)));
    edits.extend(extra);
    edits.extend(demote(source, &headings, under));
    edits
}

/// The blocks that are open at an event of the parser.
#[derive(Default)]
pub(super) struct ParserContext {
    depth: usize,
    quotes: usize,
}

impl ParserContext {
    pub(super) fn visit(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => {
                self.depth += 1;
                self.quotes += 1;
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.depth = self.depth.saturating_sub(1);
                self.quotes = self.quotes.saturating_sub(1);
            }
            Event::Start(Tag::List(_) | Tag::FootnoteDefinition(_)) => self.depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::FootnoteDefinition) => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// Returns `true` if an event starts a fence that is in no list and no quote.
    pub(super) fn is_outer_fence(&self, event: &Event<'_>) -> bool {
        let is_fence = matches!(
            event,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))
        );
        is_fence && self.depth == 0
    }
}

fn mark_used(
    parser: &pulldown_cmark::OffsetIter<'_>,
    kind: LinkType,
    id: &str,
    definitions: &mut Definitions<'_>,
) {
    let refers = matches!(
        kind,
        LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut
    );
    let definition = parser.reference_definitions().get(id);
    if let Some(definition) = definition.filter(|_| refers) {
        definitions.mark_used(definition.span.start);
    }
}

fn ends_underlined(source: &str, headings: &[Heading]) -> bool {
    headings
        .last()
        .is_some_and(|heading| heading.is_underlined(source))
}

/// Returns the edit that closes the code block in `range`, or `None` if it is closed.
fn closing_fence(source: &str, range: Range<usize>) -> Option<Edit> {
    let block = source.get(range)?.trim_end_matches(SPACES);
    let opening = block.trim_start_matches(SPACES);
    let mark = opening.chars().next()?;
    let length = opening.len() - opening.trim_start_matches(mark).len();
    let closed = block.rsplit_once('\n').is_some_and(|(_, last)| {
        let fence = last.trim_start_matches(' ');
        last.len() - fence.len() < 4 && fence.len() >= length && fence.trim_matches(mark).is_empty()
    });
    let fence = String::from(mark).repeat(length);
    (!closed).then(|| Edit::replace(source.len()..source.len(), format!("\n{fence}")))
}

/// Escapes lines so that they show as typed.
fn typed_lines(source: &str, range: Range<usize>, edits: &mut Vec<Edit>) {
    let mut start = range.start;
    for line in source.get(range).unwrap_or_default().split_inclusive('\n') {
        let text = line.trim_start_matches([' ', '\t']);
        let from = start + line.len() - text.len();
        // An indented line could become a block of code, where no escape works.
        if from > start {
            edits.push(Edit::replace(start..from, ""));
        }
        edits.extend(structure(text.trim_end_matches(SPACES)).map(|at| Edit::backslash(from + at)));
        start += line.len();
        Scan::new(source, 0, Reading::Typed)
            .over(from..start, |at| edits.push(Edit::backslash(at)));
    }
}

/// Returns the index in a line where a backslash keeps it from starting or becoming a block, or `None`.
fn structure(line: &str) -> Option<usize> {
    let has_only = |set: &str| !line.is_empty() && line.chars().all(|c| set.contains(c));
    let is_underline = has_only("= \t") || (has_only("|-: \t") && line.contains('-'));
    if is_underline || (line.starts_with('[') && line.contains("]:")) {
        return Some(0);
    }
    block_start(line)
}

/// Returns `value` as plain text, with a note that says so.
fn given_up(value: &str) -> String {
    let typed = all_typed(value);
    format!(
        "{typed}\n\n(This text is shown without formatting, because its Markdown could not be read safely.)"
    )
}

/// Returns `value` as plain text.
fn all_typed(value: &str) -> String {
    let mut edits = Vec::new();
    typed_lines(value, 0..value.len(), &mut edits);
    Edit::apply(value, edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_sees_that_prose_was_given_up() {
        let value = "# A\n\n<b>";
        assert_eq!(settled(value, 2, 0), None);
        let shown = given_up(value);
        assert!(
            shown.starts_with("\\# A\n\n\\<b>\n\n(This text is shown"),
            "{shown}"
        );
    }
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 300,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(20_250_114),
            ..ProptestConfig::default()
        })]

        #[test]
        fn prose_settles_in_a_few_passes(
            value in "([-*_\\[\\]()<>&!#`~|\\\\+=.:1a \"]|\n|\n\n|\t|    |```|<b>|&lt;|---|\\[a\\]: b|1\\. |> |\\[\\^a\\]: |\\| a \\||~~~|- ){0,24}",
        ) {
            let mut current = trim_blank_lines(&value).to_owned();
            for _ in 1..PASSES {
                current = trim_blank_lines(&Edit::apply(&current, review(&current, 2))).to_owned();
            }
            prop_assert_eq!(review(&current, 2), [], "{:?}", value);
        }

        #[test]
        fn prose_that_is_given_up_is_all_text(
            value in "([-*_\\[\\]()<>&!#`~|\\\\+=.:1a \"]|\n|\n\n|\t|    |```|<b>|&lt;|---|\\[a\\]: b|1\\. ){0,24}",
        ) {
            let typed = all_typed(&value);
            let mut seen = String::new();
            for event in Parser::new_ext(&typed, DIALECT) {
                match event {
                    Event::Text(text) => seen.push_str(&text),
                    Event::Start(tag) => prop_assert_eq!(tag, Tag::Paragraph, "{}", typed),
                    Event::End(_) | Event::SoftBreak | Event::HardBreak => {}
                    other => prop_assert!(false, "{:?} in {}", other, typed),
                }
            }
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(bare(&seen), bare(&value), "{}", typed);
        }
    }
}
