//! Imports evidence: a title with code, an image or a file, and a finding.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind};
use super::super::draft::Draft;
use super::super::moment::full;
use super::super::words::{labelled, link, unbroken};
use super::lines;

/// Parses the evidence at the start of `blocks`; returns it and the number of its blocks.
pub(super) fn at(draft: &Draft, section: &str, blocks: &[Block]) -> Option<(Value, usize)> {
    let mut piece = Map::new();
    piece.insert("section".to_owned(), section.into());
    let (warning, mut rest) = match blocks {
        [first, rest @ ..] if first.kind == Kind::Quote => (Some(unquoted(first.text)?), rest),
        _ => (None, blocks),
    };
    let (first, others) = rest
        .split_first()
        .filter(|(first, _)| first.kind == Kind::Paragraph)?;
    let mut text = first.text.lines();
    let head = title(text.next()?)?;
    let mut facts: Vec<&str> = text.collect();
    piece.insert("title".to_owned(), head.text.into());
    let next = others.first();
    match (head.value, next) {
        // `**Title**:` and a code block
        ("", Some(code))
            if head.colon && facts.is_empty() && code.kind == Kind::Code && is_fence(code) =>
        {
            let (language, code) = block::code(code);
            if !language.is_empty() {
                piece.insert("language".to_owned(), language.into());
            }
            piece.insert("code".to_owned(), code.into());
            if let Some((path, file)) = head.file {
                match draft.file(&path) {
                    Some(file) => piece.insert("file".to_owned(), file.into()),
                    None => {
                        piece.insert("title".to_owned(), format!("{} ({file})", head.text).into())
                    }
                };
            }
            rest = others.get(1..).unwrap_or_default();
        }
        // `**Title**:` and an image
        ("", Some(image)) if head.colon && facts.is_empty() && image.kind == Kind::Paragraph => {
            let mut text = image.text.lines();
            let (alt, path) = link(unbroken(text.next()?).strip_prefix('!')?)?;
            let file = draft.file(path.strip_prefix("../")?)?;
            piece.insert("file".to_owned(), file.into());
            piece.insert("alt".to_owned(), alt.into());
            facts = text.collect();
            rest = others.get(1..).unwrap_or_default();
        }
        // a title with only a finding, or `**Title**: [file](../file)`
        ("", _) if !head.colon && !facts.is_empty() => rest = others,
        (value, _) if !value.is_empty() && head.colon => {
            let (_, path) = link(value)?;
            piece.insert(
                "file".to_owned(),
                draft.file(path.strip_prefix("../")?)?.into(),
            );
            rest = others;
        }
        _ => return None,
    }
    // The finding of code or an image is in the next paragraph.
    if facts.is_empty()
        && let Some((paragraph, next)) = rest.split_first()
        && paragraph.kind == Kind::Paragraph
        && paragraph.text.lines().all(is_fact)
    {
        facts = paragraph.text.lines().collect();
        rest = next;
    }
    for fact in facts {
        add(draft, fact, &mut piece)?;
    }
    if let Some(warning) = warning {
        piece.insert("warning".to_owned(), lines(&warning).into());
    }
    Some((Value::Object(piece), blocks.len() - rest.len()))
}

/// Returns the number of blocks at the end that are evidence.
pub(super) fn trailing(draft: &Draft, section: &str, blocks: &[Block]) -> usize {
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

fn is_fact(line: &str) -> bool {
    labelled(line)
        .is_some_and(|found| found.colon && matches!(found.label, "Finding" | "Source" | "Link"))
}

fn add(draft: &Draft, line: &str, piece: &mut Map<String, Value>) -> Option<()> {
    let found = labelled(line).filter(|_| is_fact(line))?;
    match found.label {
        "Finding" => {
            piece.insert("finding".to_owned(), found.value.into());
        }
        "Link" => {
            let (_, url) = link(found.value)?;
            crate::kind::Url::new(url.as_str()).ok()?;
            piece.insert("url".to_owned(), url.into());
        }
        _ => {
            let (source, time) = match found.value.rsplit_once(", ") {
                Some((source, time)) if full(time).is_some() => (Some(source), Some(time)),
                _ if full(found.value).is_some() => (None, Some(found.value)),
                _ => (Some(found.value), None),
            };
            if let Some(source) = source {
                piece.insert("source".to_owned(), source.into());
            }
            if let Some(at) = time.and_then(|time| draft.moment(time)) {
                piece.insert("at".to_owned(), at);
            }
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
