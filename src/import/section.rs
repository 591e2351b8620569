//! Imports the sections of a report, each into its keys.
//!
//! An importer consumes what it recognizes; the rest of its section is kept as prose there
//! or becomes unmapped content. The order matters: the summary and the timeline come first
//! because other sections refer to events by their times.

use super::block::{self, Block, Kind, Part, span};
use super::draft::Draft;
use super::vocabulary::{Heading, Lookup, WORDS};
use super::words::{self, Labelled, labelled, line, prose};
use crate::incident::{Section, Subsection, Table};
use crate::kind::{Block as Text, Cell};

mod cause;
mod communication;
mod detection;
mod evidence;
mod foot;
mod healing;
mod impact;
pub(super) mod lessons;
mod references;
mod resolution;
pub(super) mod summary;
mod technical;
pub(super) mod timeline;

pub(super) use foot::{banners, foot};
pub(super) use summary::{facts, pairs};
pub(super) use summary::{set_changes as set_severity_changes, use_priority};

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
pub(super) fn push_section(draft: &mut Draft, section: Option<Section>, title: &str, body: &str) {
    draft.incident.sections.push(Subsection {
        section,
        title: line(title),
        body: Some(prose(body)).filter(|body| !body.trim().is_empty()),
        audience: None,
    });
}

/// Keeps parts without a matching key, each as a table or as a subsection.
fn subsections(draft: &mut Draft, section: Section, parts: &[Part]) {
    for part in parts {
        subsection(draft, section, part);
    }
}

/// Keeps a part without a matching key as a table or as a subsection.
fn subsection(draft: &mut Draft, section: Section, part: &Part) {
    if let ([only], []) = (part.blocks.as_slice(), part.parts.as_slice())
        && only.kind == Kind::Table
        && !only.after_blank
    {
        let table = block::table(only);
        let width = table.columns.len();
        if table.rows.iter().all(|(_, row)| row.len() == width) {
            let cells = |row: &Vec<String>| row.iter().map(|cell| Cell::Line(line(cell))).collect();
            draft.incident.tables.push(Table {
                section,
                title: line(part.title),
                environment: None,
                columns: table.columns.iter().map(|column| line(column)).collect(),
                rows: table.rows.iter().map(|(_, row)| cells(row)).collect(),
                audience: None,
            });
            return;
        }
    }
    push_section(draft, Some(section), part.title, part.body);
}

/// Imports blocks in order and returns the others.
///
/// `read` gets all remaining blocks and returns how many of the first ones it imported.
fn each_block<'a>(
    draft: &mut Draft,
    blocks: &[Block<'a>],
    mut read: impl FnMut(&mut Draft, &[Block<'a>]) -> usize,
) -> Vec<Block<'a>> {
    let mut kept = Vec::new();
    let mut rest = blocks;
    while let Some((first, others)) = rest.split_first() {
        match read(draft, rest) {
            0 => {
                kept.push(*first);
                rest = others;
            }
            count => rest = rest.get(count..).unwrap_or_default(),
        }
    }
    kept
}

/// Imports evidence and keeps all other blocks as prose of the section.
fn remainder(draft: &mut Draft, section: Section, title: &str, blocks: &[Block]) {
    let kept = each_block(draft, blocks, |draft, rest| {
        evidence::import(draft, section, rest)
    });
    if let Some(first) = kept.first() {
        let texts: Vec<&str> = kept.iter().map(|block| block.text).collect();
        push_section(draft, Some(section), title, &texts.join("\n\n"));
        let section = words::spelled(&section);
        draft.note(first.line, format!("kept as prose in section `{section}`"));
    }
}

/// Parses a label, in bold or not.
fn any_label(text: &str) -> Option<Labelled<'_>> {
    labelled(text).or_else(|| words::plain_label(text))
}

/// Imports a list of labelled lines; returns `false` if the block is not such a list.
///
/// Lines that `read` does not recognize become unmapped content.
fn labelled_list(
    draft: &mut Draft,
    title: &str,
    block: &Block,
    label: fn(&str) -> Option<Labelled<'_>>,
    mut read: impl FnMut(&mut Draft, usize, Labelled) -> bool,
) -> bool {
    let items = list_items(block);
    let is_line = |item: &block::Item| label(&item.text).is_some() && !item.text.contains('\n');
    let is_known = !items.is_empty() && items.iter().all(is_line);
    for item in items.iter().filter(|_| is_known) {
        if !label(&item.text).is_some_and(|found| read(draft, item.line, found)) {
            draft.keep_unmapped(title, item.line, &item.text);
        }
    }
    is_known
}

/// Imports a paragraph of labelled lines; returns `false` if the block is not one.
///
/// Lines that `read` does not recognize become unmapped content.
fn labelled_lines(
    draft: &mut Draft,
    title: &str,
    block: &Block,
    mut read: impl FnMut(&mut Draft, usize, Labelled) -> bool,
) -> bool {
    let is_known = is_labelled(block);
    for (number, text) in numbered(block).filter(|_| is_known) {
        if !labelled(text).is_some_and(|found| read(draft, number, found)) {
            draft.keep_unmapped(title, number, text);
        }
    }
    is_known
}

/// Returns the items of a list; none if the block is no list.
fn list_items(block: &Block) -> Vec<block::Item> {
    match block.kind {
        Kind::List => block::items(block),
        _ => Vec::new(),
    }
}

/// Returns the meanings of a table's columns.
fn columns<T: Copy>(table: &block::Table, lookup: &Lookup<T>) -> Vec<Option<T>> {
    let titles = table.columns.iter();
    titles.map(|title| lookup.get(title)).collect()
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

/// Returns the meaning of the label that starts a paragraph, if a colon follows it.
fn leading<T: Copy>(block: &Block, lookup: &Lookup<T>) -> Option<T> {
    let found = leading_label(block).filter(|found| found.colon)?;
    lookup.get(found.label)
}

/// Returns the text after a label: the rest of its paragraph and the following blocks.
fn labelled_prose(text: &str, blocks: &[Block]) -> Text {
    let text = span(text, blocks);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let value = labelled(first).map(|found| found.value).unwrap_or_default();
    // Keep a hard line break at the end of the first line.
    let value = match first.rfind(value) {
        Some(at) if !value.is_empty() && !rest.is_empty() => first.get(at..).unwrap_or(value),
        _ => value,
    };
    prose(&format!("{value}\n{rest}"))
}

/// Returns the items of a list as prose.
fn prose_items(block: &Block) -> Vec<Text> {
    let items = block::items(block).into_iter();
    items.map(|item| prose(&item.text)).collect()
}

/// Returns `true` if a part contains a list.
fn has_list(part: &Part) -> bool {
    part.blocks.iter().any(|block| block.kind == Kind::List)
}

/// Returns the meaning of the heading of a part.
fn heading(part: &Part) -> Option<Heading> {
    WORDS.headings.heading(part.title)
}
