//! Imports the section Detection: method, alert, time to detect and assessment.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::{Draft, Stated};
use super::super::words::{self, bracket, labelled, link, plain_label};
use super::{evidence, is_labelled, numbered, remainder, subsection};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let mut rest = part.blocks.as_slice();
    let mut kept: Vec<Block> = Vec::new();
    draft.open("detection");
    while let Some((first, others)) = rest.split_first() {
        if let Some(next) = alert(draft, first, others) {
            rest = next;
            continue;
        }
        if let Some((found, count)) = evidence::at(draft, "detection", rest) {
            draft.push("evidence", found);
            rest = rest.get(count..).unwrap_or_default();
            continue;
        }
        rest = others;
        if list(draft, first) {
            continue;
        }
        if !(is_labelled(first) && numbered(first).all(|(line, text)| fact(draft, line, text))) {
            kept.push(*first);
        }
    }
    // A single line without a label is the detection method.
    if let [only] = kept.as_slice()
        && only.kind == Kind::Paragraph
        && draft.get("detection.method").is_none()
        && !only.text.contains('\n')
        && labelled(only.text).is_none()
    {
        draft.set("detection.method", only.text);
        kept.clear();
    }
    if draft
        .get("detection")
        .and_then(Value::as_object)
        .is_some_and(Map::is_empty)
        && draft.facts.to_detect.is_none()
    {
        draft.incident.shift_remove("detection");
    }
    remainder(draft, "detection", part.title, &kept);
    for inner in &part.parts {
        subsection(draft, "detection", inner);
    }
}

/// Imports the alert definition, which is a label and a code block or a file.
///
/// Returns the remaining blocks, or `None` if the blocks do not start with an alert definition.
fn alert<'b, 'a>(
    draft: &mut Draft,
    first: &Block<'a>,
    others: &'b [Block<'a>],
) -> Option<&'b [Block<'a>]> {
    if first.kind != Kind::Paragraph
        || !first.text.starts_with("**Alert Configuration**")
        || first.text.contains('\n')
    {
        return None;
    }
    let rest = first.text.strip_prefix("**Alert Configuration**")?.trim();
    let mut alert = Map::new();
    if let Some(file) = rest.strip_prefix(": ") {
        let (path, _) = link(file)?;
        alert.insert("file".to_owned(), draft.file(&path)?.into());
        draft.set("detection.alert", Value::Object(alert));
        return Some(others);
    }
    let (code, next) = others
        .split_first()
        .filter(|(code, _)| code.kind == Kind::Code)?;
    let file = rest.strip_suffix(':')?;
    if !file.is_empty() {
        let (path, _) = link(file.strip_prefix('(')?.strip_suffix(')')?)?;
        alert.insert("file".to_owned(), draft.file(&path)?.into());
    }
    let (language, text) = block::code(code);
    if !language.is_empty() {
        alert.insert("language".to_owned(), language.into());
    }
    alert.insert("code".to_owned(), text.into());
    draft.set("detection.alert", Value::Object(alert));
    Some(next)
}

/// Imports a list of labelled items; returns `false` if the block is not such a list.
fn list(draft: &mut Draft, block: &Block) -> bool {
    let items = match block.kind {
        Kind::List => block::items(block),
        _ => return false,
    };
    let known = |text: &str| labelled(text).or_else(|| plain_label(text)).is_some();
    if !items.iter().all(|item| known(&item.text)) {
        return false;
    }
    items.iter().all(|item| fact(draft, item.line, &item.text))
}

fn fact(draft: &mut Draft, line: usize, text: &str) -> bool {
    let Some(found) = labelled(text).or_else(|| plain_label(text)) else {
        return false;
    };
    let value = found.value;
    match words::folded(found.label).as_str() {
        "how detected" | "detected by" | "how was it detected" | "detection" => {
            let (method, source) = bracket(value);
            draft.set("detection.method", method);
            draft.set_some("detection.source", source);
        }
        "time to detect" | "ttd" | "mttd" => {
            let (length, from) = match value.split_once(" after ") {
                Some((length, from)) => (length, Some(from.to_owned())),
                None => (value, None),
            };
            // The template prints these start points itself.
            let custom = from
                .as_deref()
                .filter(|from| !matches!(*from, "first customer impact" | "start"));
            draft.set_some("detection.measured_from", custom);
            draft.facts.to_detect = Some(Stated {
                line,
                value: (length.trim().to_owned(), from),
            });
        }
        // These metrics are computed.
        "time to acknowledge" | "tta" | "mtta" | "time to resolve" | "ttr" | "time to mitigate" => {
        }
        "detection method" => {
            // An assessment is printed with an initial capital, a note as written.
            let (assessment, note) = match value.split_once(" - ") {
                _ if value.starts_with(char::is_lowercase) => (None, Some(value)),
                Some((assessment, note)) => (Some(assessment), Some(note)),
                None => (Some(value), None),
            };
            draft.set_some("detection.assessment", assessment);
            draft.set_some("detection.assessment_note", note);
        }
        "found by ourselves" | "detected internally" => match value {
            "Yes" => draft.set("detection.internal", true),
            "No" => draft.set("detection.internal", false),
            _ => return false,
        },
        _ => draft.keep_unmapped("Detection", line, text),
    }
    true
}
