//! Imports evidence: a title with code, an image or a file, and a finding.

use super::super::block::{self, Block, Kind};
use super::super::draft::Draft;
use super::super::moment::full;
use super::super::vocabulary::{EvidenceLabel, WORDS};
use super::super::words::{block as verbatim, labelled, line, link, prose, unbroken, web_link};
use crate::archive::path_in_url;
use crate::incident::{Evidence, Section};

/// Imports the evidence at the start of `blocks`; returns the number of its blocks, or 0.
pub(super) fn import(draft: &mut Draft, section: Section, blocks: &[Block]) -> usize {
    match at(draft, section, blocks) {
        Some((evidence, count)) => {
            draft.incident.evidence.push(evidence);
            count
        }
        None => 0,
    }
}

/// Parses the evidence at the start of `blocks`; returns it and the number of its blocks.
pub(super) fn at(draft: &Draft, section: Section, blocks: &[Block]) -> Option<(Evidence, usize)> {
    let (warning, rest) = match blocks {
        [first, rest @ ..] if first.kind == Kind::Quote => (Some(unquoted(first.text)?), rest),
        _ => (None, blocks),
    };
    let (first, mut rest) = rest
        .split_first()
        .filter(|(first, _)| first.kind == Kind::Paragraph)?;
    let mut text = first.text.lines();
    let head = title(text.next()?)?;
    let mut facts: Vec<&str> = text.collect();
    let mut piece = Evidence {
        section,
        title: Some(line(head.text)),
        warning: warning.as_deref().map(prose),
        ..Evidence::default()
    };
    match (head.value, rest.split_first()) {
        // `**Title**:` and a code block
        ("", Some((code, next)))
            if head.colon && facts.is_empty() && code.kind == Kind::Code && is_fence(code) =>
        {
            let (language, code) = block::code(code);
            piece.language = Some(line(&language)).filter(|language| !language.is_empty());
            piece.code = Some(verbatim(&code));
            if let Some((path, file)) = head.file {
                piece.file = draft.file(&path);
                if piece.file.is_none() {
                    piece.title = Some(line(&format!("{} ({file})", head.text)));
                }
            }
            rest = next;
        }
        // `**Title**:` and an image
        ("", Some((image, next)))
            if head.colon && facts.is_empty() && image.kind == Kind::Paragraph =>
        {
            let mut text = image.text.lines();
            let (alt, path) = link(unbroken(text.next()?).strip_prefix('!')?)?;
            piece.file = Some(draft.file(path_in_url(&path).strip_prefix("../")?)?);
            piece.alt = Some(line(&alt));
            facts = text.collect();
            rest = next;
        }
        // a title with only a finding, or `**Title**: [file](../file)`
        ("", _) if !head.colon && !facts.is_empty() => {}
        (value, _) if !value.is_empty() && head.colon => {
            let (_, path) = link(value)?;
            piece.file = Some(draft.file(path_in_url(&path).strip_prefix("../")?)?);
        }
        _ => return None,
    }
    // The finding of code or an image is in the next paragraph.
    if facts.is_empty()
        && let Some((paragraph, next)) = rest.split_first()
        && paragraph.kind == Kind::Paragraph
        && paragraph.text.lines().all(|line| label(line).is_some())
    {
        facts = paragraph.text.lines().collect();
        rest = next;
    }
    for fact in facts {
        add(draft, fact, &mut piece)?;
    }
    Some((piece, blocks.len() - rest.len()))
}

/// Returns the number of blocks at the end that are evidence.
pub(super) fn trailing(draft: &Draft, section: Section, blocks: &[Block]) -> usize {
    let mut start = 0;
    let mut at = 0;
    while let Some(rest) = blocks.get(at..).filter(|rest| !rest.is_empty()) {
        match self::at(draft, section, rest) {
            Some((_, count)) => at += count,
            None => {
                at += 1;
                start = at;
            }
        }
    }
    blocks.len() - start
}

fn is_fence(block: &Block) -> bool {
    let text = block.text.trim_start();
    text.starts_with("```") || text.starts_with("~~~")
}

struct Title<'a> {
    text: &'a str,
    /// The path of a file and its link, as written.
    file: Option<(String, &'a str)>,
    value: &'a str,
    colon: bool,
}

/// Parses `**Title**:`, optionally with a link to a file before or after the colon.
fn title(line: &str) -> Option<Title<'_>> {
    if let Some(found) = labelled(line) {
        return Some(Title {
            text: found.label,
            file: None,
            value: found.value,
            colon: found.colon,
        });
    }
    let line = line.trim().strip_suffix(':')?.strip_suffix(')')?;
    let (bold, file) = line.split_once("** (")?;
    let text = bold.strip_prefix("**")?;
    let (path, _) = link(file)?;
    Some(Title {
        text,
        file: Some((path, file)),
        value: "",
        colon: true,
    })
}

/// Parses a fact about evidence; returns what it is about and its value.
fn label(line: &str) -> Option<(EvidenceLabel, &str)> {
    let found = labelled(line).filter(|found| found.colon)?;
    Some((WORDS.labels.evidence.get(found.label)?, found.value))
}

fn add(draft: &Draft, text: &str, piece: &mut Evidence) -> Option<()> {
    let (label, value) = label(text)?;
    match label {
        EvidenceLabel::Finding => piece.finding = Some(line(value)),
        EvidenceLabel::Link => piece.url = Some(web_link(value)?.1),
        EvidenceLabel::Source => {
            let (source, time) = match value.rsplit_once(", ") {
                Some((source, time)) if full(time).is_some() => (Some(source), Some(time)),
                _ if full(value).is_some() => (None, Some(value)),
                _ => (Some(value), None),
            };
            piece.source = source.map(line);
            piece.at = time.and_then(|time| draft.moment(time));
        }
    }
    Some(())
}

/// Returns the text of a warning block without its quote markers.
fn unquoted(text: &str) -> Option<String> {
    let mut lines = text.lines().map(|line| {
        let line = line.trim_start().strip_prefix('>').unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line)
    });
    lines.next().filter(|first| first.trim() == "[!WARNING]")?;
    Some(lines.collect::<Vec<_>>().join("\n"))
}
