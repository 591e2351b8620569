//! Imports the section Detection: method, alert, time to detect and assessment.

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::{Draft, Stated};
use super::super::vocabulary::{DetectionLabel, WORDS};
use super::super::words::{Labelled, block as verbatim, bracket, labelled, line, link};
use super::{
    any_label, each_block, evidence, labelled_lines, labelled_list, remainder, subsections,
};
use crate::incident::{Alert, Detection, Section};

fn detection(draft: &mut Draft) -> &mut Detection {
    draft.incident.detection.get_or_insert_default()
}

/// Returns `true` if the detection method is known already.
pub(super) fn has_method(draft: &Draft) -> bool {
    let detection = draft.incident.detection.as_ref();
    detection.is_some_and(|detection| detection.method.is_some())
}

/// Sets the detection method.
pub(super) fn set_method(draft: &mut Draft, label: &str, text: &str) {
    draft.set(label, |draft| &mut detection(draft).method, line(text));
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let mut kept = each_block(draft, &part.blocks, |draft, rest| {
        let count =
            alert(draft, rest).unwrap_or_else(|| evidence::import(draft, Section::Detection, rest));
        match rest.first() {
            Some(first) if count == 0 => {
                let is_known = labelled_list(draft, part.title, first, any_label, fact)
                    || labelled_lines(draft, part.title, first, fact);
                usize::from(is_known)
            }
            _ => count,
        }
    });
    // A single line without a label is the detection method.
    if let [only] = kept.as_slice()
        && only.kind == Kind::Paragraph
        && !has_method(draft)
        && !only.text.contains('\n')
        && labelled(only.text).is_none()
    {
        set_method(draft, part.title, only.text);
        kept.clear();
    }
    // The section is printed if it states a time to detect, even without other content.
    if draft.facts.to_detect.is_some() {
        detection(draft);
    }
    remainder(draft, Section::Detection, part.title, &kept);
    subsections(draft, Section::Detection, &part.parts);
}

/// Imports the alert definition at the start of blocks, which is a label and a code block or a file.
///
/// Returns the number of its blocks, or `None` if the blocks do not start with an alert definition.
fn alert(draft: &mut Draft, blocks: &[Block]) -> Option<usize> {
    let (first, others) = blocks.split_first()?;
    if first.kind != Kind::Paragraph || first.text.contains('\n') {
        return None;
    }
    let rest = first.text.strip_prefix("**Alert Configuration**")?.trim();
    let file = |draft: &Draft, text: &str| draft.file(&link(text)?.0);
    let (alert, count) = if let Some(text) = rest.strip_prefix(": ") {
        let alert = Alert {
            file: Some(file(draft, text)?),
            ..Alert::default()
        };
        (alert, 1)
    } else {
        let code = others.first().filter(|code| code.kind == Kind::Code)?;
        let label = rest.strip_suffix(':')?;
        let file = match label {
            "" => None,
            label => Some(file(draft, label.strip_prefix('(')?.strip_suffix(')')?)?),
        };
        let (language, text) = block::code(code);
        let alert = Alert {
            language: Some(line(&language)).filter(|language| !language.is_empty()),
            code: Some(verbatim(&text)),
            file,
        };
        (alert, 2)
    };
    detection(draft).alert = Some(alert);
    Some(count)
}

fn fact(draft: &mut Draft, number: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    let mut set =
        |label: &str, field: fn(&mut Detection) -> &mut Option<_>, value: Option<&str>| {
            if let Some(value) = value {
                draft.set(label, |draft| field(detection(draft)), line(value));
            }
        };
    match WORDS.labels.detection.get(label) {
        Some(DetectionLabel::Method) => {
            let (method, source) = bracket(value);
            set(label, |detection| &mut detection.method, Some(method));
            set(label, |detection| &mut detection.source, source);
        }
        Some(DetectionLabel::ToDetect) => {
            let (length, from) = match value.split_once(" after ") {
                Some((length, from)) => (length, Some(from)),
                None => (value, None),
            };
            // The template prints these start points itself.
            let custom = from.filter(|from| !matches!(*from, "first customer impact" | "start"));
            set(label, |detection| &mut detection.measured_from, custom);
            draft.facts.to_detect = Some(Stated {
                line: number,
                value: (length.trim().to_owned(), from.map(ToOwned::to_owned)),
            });
        }
        Some(DetectionLabel::Computed) => {}
        Some(DetectionLabel::Assessment) => {
            // An assessment is printed with an initial capital, a note as written.
            let (assessment, note) = match value.split_once(" - ") {
                _ if value.starts_with(char::is_lowercase) => (None, Some(value)),
                Some((assessment, note)) => (Some(assessment), Some(note)),
                None => (Some(value), None),
            };
            set(label, |detection| &mut detection.assessment, assessment);
            set(label, |detection| &mut detection.assessment_note, note);
        }
        Some(DetectionLabel::Internal) => {
            let internal = match value {
                "Yes" => true,
                "No" => false,
                _ => return false,
            };
            draft.set(label, |draft| &mut detection(draft).internal, internal);
        }
        None => return false,
    }
    true
}
