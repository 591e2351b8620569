//! Imports the sections of a report, each into its keys.
//!
//! An importer consumes what it recognizes; the rest of its section is kept as prose there
//! or becomes unmapped content. The order matters: the summary and the timeline come first
//! because other sections refer to events by their times.

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

/// An importer for one section of the format.
pub(super) struct Importer {
    pub section: Section,
    /// The heading of the section.
    pub title: &'static str,
    /// Imports the content below the heading.
    pub import: fn(&mut Draft, &Part),
}

/// The importers of all sections, in the order in which they run.
pub(super) const IMPORTERS: &[Importer] = &[
    Importer {
        section: Section::Summary,
        title: "Incident Summary",
        import: summary::import,
    },
    Importer {
        section: Section::Timeline,
        title: "Timeline",
        import: timeline::import,
    },
    Importer {
        section: Section::RootCause,
        title: "Root Cause",
        import: cause::import,
    },
    Importer {
        section: Section::Detection,
        title: "Detection",
        import: detection::import,
    },
    Importer {
        section: Section::Impact,
        title: "Impact Analysis",
        import: impact::import,
    },
    Importer {
        section: Section::Resolution,
        title: "Resolution",
        import: resolution::import,
    },
    Importer {
        section: Section::SelfHealing,
        title: "Self-Healing Performance",
        import: healing::import,
    },
    Importer {
        section: Section::Communication,
        title: "Communication",
        import: communication::import,
    },
    Importer {
        section: Section::Lessons,
        title: "Lessons Learned",
        import: lessons::import,
    },
    Importer {
        section: Section::Technical,
        title: "Technical Details",
        import: technical::import,
    },
    Importer {
        section: Section::References,
        title: "References",
        import: references::import,
    },
    Importer {
        section: Section::SignOff,
        title: "Sign-off",
        import: foot::sign_off,
    },
];

/// Keeps a part that matches no section as a custom section.
pub(super) fn custom(draft: &mut Draft, part: &Part) {
    push_section(draft, None, part.title, part.body);
}

/// Adds a subsection of `section`, or a custom section if `section` is `None`.
pub(super) fn push_section(draft: &mut Draft, section: Option<&str>, title: &str, body: &str) {
    let mut entry = Map::new();
    if let Some(section) = section {
        entry.insert("section".to_owned(), section.into());
    }
    entry.insert("title".to_owned(), words::one_line(title).into());
    entry.insert("body".to_owned(), lines(body).into());
    draft.push("sections", Value::Object(entry));
}

/// Ends a text of several lines with a line break, as multi-line TOML strings do.
fn lines(text: &str) -> String {
    let text = text.trim_matches('\n');
    if text.contains('\n') {
        format!("{text}\n")
    } else {
        text.to_owned()
    }
}

/// Keeps a part without a matching key as a table or as a subsection.
fn subsection(draft: &mut Draft, section: &str, part: &Part) {
    if let ([only], []) = (part.blocks.as_slice(), part.parts.as_slice())
        && only.kind == Kind::Table
        && !only.after_blank
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

/// Keeps blocks without a matching key as prose of their section.
fn prose(draft: &mut Draft, section: &str, title: &str, blocks: &[Block]) {
    if let Some(first) = blocks.first() {
        let texts: Vec<&str> = blocks.iter().map(|block| block.text).collect();
        push_section(draft, Some(section), title, &texts.join("\n\n"));
        draft.note(first.line, format!("kept as prose in section `{section}`"));
    }
}

/// Imports evidence and keeps all other blocks as prose of the section.
fn remainder(draft: &mut Draft, section: &str, title: &str, blocks: &[Block]) {
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

/// Returns the lines of a paragraph with their numbers, without hard line breaks.
fn numbered<'a>(block: &Block<'a>) -> impl Iterator<Item = (usize, &'a str)> {
    let line = block.line;
    let last = block.text.lines().count().saturating_sub(1);
    let joined = move |(index, text): (usize, &'a str)| {
        let text = if index == last {
            text
        } else {
            words::unbroken(text)
        };
        (line + index, text)
    };
    block.text.lines().enumerate().map(joined)
}

/// Returns the label that starts a paragraph.
fn leading_label<'a>(block: &Block<'a>) -> Option<Labelled<'a>> {
    (block.kind == Kind::Paragraph)
        .then(|| block.text.lines().next().and_then(labelled))
        .flatten()
}

/// Returns `true` if the block is a paragraph whose lines are all labelled.
fn is_labelled(block: &Block) -> bool {
    block.kind == Kind::Paragraph
        && block
            .text
            .lines()
            .all(|line| labelled(line).is_some_and(|found| found.colon))
}

/// Returns the text after a label: the rest of its paragraph and the following blocks.
fn labelled_prose(text: &str, blocks: &[Block]) -> String {
    let text = span(text, blocks);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let value = labelled(first).map(|found| found.value).unwrap_or_default();
    // Keep a hard line break at the end of the first line.
    let value = match first.rfind(value) {
        Some(at) if !value.is_empty() && !rest.is_empty() => first.get(at..).unwrap_or(value),
        _ => value,
    };
    lines(format!("{value}\n{rest}").trim_matches('\n'))
}

/// Returns the items of a list as values.
fn item_values(block: &Block) -> Vec<Value> {
    block::items(block)
        .into_iter()
        .map(|item| lines(&item.text).into())
        .collect()
}

/// Returns `true` if a part contains a list.
fn has_list(part: &Part) -> bool {
    part.blocks.iter().any(|block| block.kind == Kind::List)
}

/// Returns `true` if the title of a part is one of `titles`, ignoring a leading number.
fn is_titled(part: &Part, titles: &[&str]) -> bool {
    let is_listed = |title: &str| titles.contains(&words::folded(title).as_str());
    is_listed(part.title) || is_listed(words::unnumbered(part.title))
}
