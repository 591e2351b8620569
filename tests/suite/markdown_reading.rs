//! Reads Markdown as a reader sees it, and makes hostile Markdown.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// All that a renderer of these documents may have switched on.
pub const EVERYTHING: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM);

/// Pieces that Markdown, or a break-out of it, is made of.
const PIECES: &[&str] = &[
    "*",
    "_",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "&",
    "!",
    "#",
    "`",
    "~",
    "|",
    "\\",
    "-",
    "+",
    "=",
    ".",
    ":",
    "1",
    "a",
    " ",
    "\n",
    "\"",
    "^",
    "x",
    "  ",
    "\t",
    "\r\n",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n    ",
    "](javascript:x)",
    "](http://x.y)",
    "](z.png)",
    "![",
    "<script>",
    "</b>",
    "<!--",
    "-->",
    "<a@b.c>",
    "<http://a.b/c*d|e>",
    "<?",
    "&lt;",
    "&#42;",
    "[a]: javascript:x",
    "[a]: /y",
    "[^1]",
    "[^1]: f",
    "```",
    "~~~",
    "~~",
    "**",
    "# ",
    "> ",
    "- ",
    "1. ",
    "===",
    "---",
    "| a | b |\n|---|---|\n",
    "[a]",
    "[x] ",
    "\u{e9}",
    "\u{2192}",
    "\u{a0}",
    "\u{2705}",
    "<div>\n",
    "\n===\n",
    "\n---\n",
    "> [!NOTE]\n",
    "<b title=\"",
];

pub fn hostile(pieces: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..pieces)
        .prop_map(|pieces| pieces.concat())
}

pub fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_global_rejects: cases * 2,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_250_114),
        ..ProptestConfig::default()
    }
}

pub fn events(markdown: &str) -> Vec<Event<'_>> {
    Parser::new_ext(markdown, EVERYTHING).collect()
}

/// The text that a reader sees; of a picture its words.
///
/// A strikethrough of single tildes shows them, as it does on our pages.
pub fn visible(markdown: &str) -> String {
    let mut seen = String::new();
    let mut strikes = Vec::new();
    for (event, range) in Parser::new_ext(markdown, EVERYTHING).into_offset_iter() {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                seen.push_str(&text);
            }
            Event::FootnoteReference(name) => seen.push_str(&format!("[^{name}]")),
            Event::SoftBreak | Event::HardBreak => seen.push('\n'),
            Event::TaskListMarker(_) => seen.push('\u{2610}'),
            Event::Start(Tag::Strikethrough) => {
                let mark = if markdown[range].starts_with("~~") {
                    ""
                } else {
                    "~"
                };
                strikes.push(mark);
                seen.push_str(mark);
            }
            Event::End(TagEnd::Strikethrough) => seen.push_str(strikes.pop().unwrap_or("")),
            _ => {}
        }
    }
    seen
}

/// What a reader sees of a value whose only markup are code spans.
pub fn plain_with_code(value: &str) -> String {
    let mut seen = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('`') {
        seen.push_str(&rest[..at]);
        let behind = rest[at..].trim_start_matches('`');
        let ticks = &rest[at..rest.len() - behind.len()];
        match closing(behind, ticks.len()) {
            Some(end) => {
                let code = &behind[..end];
                let padded = code.starts_with(' ')
                    && code.ends_with(' ')
                    && !code.trim_matches(' ').is_empty();
                seen.push_str(if padded {
                    &code[1..code.len() - 1]
                } else {
                    code
                });
                rest = &behind[end + ticks.len()..];
            }
            None => {
                seen.push_str(ticks);
                rest = behind;
            }
        }
    }
    seen + rest
}

fn closing(behind: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(skipped) = behind[at..].find('`') {
        let start = at + skipped;
        let run = behind[start..].len() - behind[start..].trim_start_matches('`').len();
        if run == length {
            return Some(start);
        }
        at = start + run;
    }
    None
}
