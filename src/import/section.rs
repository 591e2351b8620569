//! The sections of a report, each read back into its keys.
//!
//! A reader takes what it knows; the rest of its section is kept as prose there, or
//! left over. The order of reading matters once: times come from the summary and the
//! timeline, and other sections name events by their times.

use serde_json::{Map, Value, json};

use super::block::{self, Block, Kind, Part, span};
use super::draft::Draft;
use super::words::{self, Labelled, labelled};
use crate::incident::Section;

mod cause;
mod communication;
mod detection;
mod evidence;
mod foot;
mod healing;
mod impact;
mod lessons;
mod references;
mod resolution;
pub(super) mod summary;
mod technical;
pub(super) mod timeline;

pub(super) use foot::{banners, foot};
pub(super) use summary::{facts, pairs};

/// A section of the format.
pub(super) struct Reader {
    pub section: Section,
    /// Its heading.
    pub title: &'static str,
    /// Reads what stands under its heading.
    pub read: fn(&mut Draft, &Part),
}

/// Every section, in the order of reading.
pub(super) const READERS: &[Reader] = &[
    Reader {
        section: Section::Summary,
        title: "Incident Summary",
        read: summary::read,
    },
    Reader {
        section: Section::Timeline,
        title: "Timeline",
        read: timeline::read,
    },
    Reader {
        section: Section::RootCause,
        title: "Root Cause",
        read: cause::read,
    },
    Reader {
        section: Section::Detection,
        title: "Detection",
        read: detection::read,
    },
    Reader {
        section: Section::Impact,
        title: "Impact Analysis",
        read: impact::read,
    },
    Reader {
        section: Section::Resolution,
        title: "Resolution",
        read: resolution::read,
    },
    Reader {
        section: Section::SelfHealing,
        title: "Self-Healing Performance",
        read: healing::read,
    },
    Reader {
        section: Section::Communication,
        title: "Communication",
        read: communication::read,
    },
    Reader {
        section: Section::Lessons,
        title: "Lessons Learned",
        read: lessons::read,
    },
    Reader {
        section: Section::Technical,
        title: "Technical Details",
        read: technical::read,
    },
    Reader {
        section: Section::References,
        title: "References",
        read: references::read,
    },
    Reader {
        section: Section::SignOff,
        title: "Sign-off",
        read: foot::sign_off,
    },
];

/// A section of the author's own.
pub(super) fn own(draft: &mut Draft, part: &Part) {
    push_section(draft, None, part.title, part.body);
}

/// Keeps text as a subsection, or as a section of its own.
pub(super) fn push_section(draft: &mut Draft, section: Option<&str>, title: &str, body: &str) {
    let mut entry = Map::new();
    if let Some(section) = section {
        entry.insert("section".to_owned(), section.into());
    }
    entry.insert("title".to_owned(), words::one_line(title).into());
    entry.insert("body".to_owned(), lines(body).into());
    draft.push("sections", Value::Object(entry));
}

/// Ends a text of several lines with a line end, as it is laid out in TOML.
fn lines(text: &str) -> String {
    let text = text.trim_matches('\n');
    if text.contains('\n') {
        format!("{text}\n")
    } else {
        text.to_owned()
    }
}

/// Keeps a part that no key is for: a table, or prose under its heading.
fn subsection(draft: &mut Draft, section: &str, part: &Part) {
    if let ([only], []) = (part.blocks.as_slice(), part.parts.as_slice())
        && only.kind == Kind::Table
        && !only.apart
    {
        let table = block::table(only);
        if table
            .rows
            .iter()
            .all(|(_, row)| row.len() == table.columns.len())
        {
            let rows: Vec<&Vec<String>> = table.rows.iter().map(|(_, row)| row).collect();
            draft.push(
                "tables",
                json!({ "section": section, "title": words::one_line(part.title), "columns": table.columns, "rows": rows }),
            );
            return;
        }
    }
    push_section(draft, Some(section), part.title, part.body);
}

/// Keeps blocks that no key is for as prose of their section.
fn prose(draft: &mut Draft, section: &str, title: &str, blocks: &[Block]) {
    if let Some(first) = blocks.first() {
        let texts: Vec<&str> = blocks.iter().map(|block| block.text).collect();
        push_section(draft, Some(section), title, &texts.join("\n\n"));
        draft.note(
            first.line,
            format!("kept as prose of the section `{section}`"),
        );
    }
}

/// Takes evidence, and keeps what is none as prose of the section.
fn tail(draft: &mut Draft, section: &str, title: &str, blocks: &[Block]) {
    let mut rest = blocks;
    let mut kept: Vec<Block> = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        match evidence::at(draft, section, rest) {
            Some((found, count)) => {
                draft.push("evidence", found);
                rest = rest.get(count..).unwrap_or_default();
            }
            None => {
                kept.push(*first);
                rest = others;
            }
        }
    }
    prose(draft, section, title, &kept);
}

/// Gives the lines of a paragraph with their places, without the breaks between them.
fn numbered<'a>(block: &Block<'a>) -> impl Iterator<Item = (usize, &'a str)> {
    let line = block.line;
    let last = block.text.lines().count().saturating_sub(1);
    let broken = move |(at, text): (usize, &'a str)| {
        let text = if at == last {
            text
        } else {
            words::unbroken(text)
        };
        (line + at, text)
    };
    block.text.lines().enumerate().map(broken)
}

/// Gives the label that opens a paragraph.
fn opening<'a>(block: &Block<'a>) -> Option<Labelled<'a>> {
    (block.kind == Kind::Paragraph)
        .then(|| block.text.lines().next().and_then(labelled))
        .flatten()
}

/// Says whether every line of a paragraph is labelled.
fn is_labelled(block: &Block) -> bool {
    block.kind == Kind::Paragraph
        && block
            .text
            .lines()
            .all(|line| labelled(line).is_some_and(|found| found.colon))
}

/// Gives what stands behind a label: the rest of its paragraph, and the blocks that follow.
fn labelled_prose(text: &str, blocks: &[Block]) -> String {
    let whole = span(text, blocks);
    let (first, rest) = whole.split_once('\n').unwrap_or((whole, ""));
    let value = labelled(first).map(|found| found.value).unwrap_or_default();
    // The first line may end in a line break of its own, which is kept.
    let value = match first.rfind(value) {
        Some(at) if !value.is_empty() && !rest.is_empty() => first.get(at..).unwrap_or(value),
        _ => value,
    };
    lines(format!("{value}\n{rest}").trim_matches('\n'))
}

/// Reads a list into the entries of a key.
fn entries(block: &Block) -> Vec<Value> {
    block::items(block)
        .into_iter()
        .map(|item| lines(&item.text).into())
        .collect()
}

/// Says whether a list stands under a heading.
fn has_list(part: &Part) -> bool {
    part.blocks.iter().any(|block| block.kind == Kind::List)
}

/// Says whether the title of a part is one of some words.
fn is_titled(part: &Part, titles: &[&str]) -> bool {
    let is_one = |words: &str| titles.contains(&words::folded(words).as_str());
    is_one(part.title) || is_one(words::unnumbered(part.title))
}
