//! Imports the section Root Cause: the cause, the problem, the contributing factors and the analysis.

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{CauseLabel, Heading, QuestionColumn, RuledOutColumn, WORDS};
use super::super::words::{self, bracket, line, recorded};
use super::{
    columns, each_block, evidence, heading, labelled_prose, leading, leading_label, prose_items,
    remainder, subsection,
};
use crate::incident::{Incident, OpenQuestion, RootCause, RuledOut, Section};
use crate::kind::{Block as Text, Line};

fn cause(incident: &mut Incident) -> &mut RootCause {
    incident.root_cause.get_or_insert_default()
}

/// Returns `true` if the cause is known already.
pub(super) fn is_set(draft: &Draft) -> bool {
    let cause = draft.incident.root_cause.as_ref();
    cause.is_some_and(|cause| cause.primary.is_some())
}

/// Sets the cause.
pub(super) fn set(draft: &mut Draft, label: &str, text: Text) {
    draft.set(label, |draft| &mut cause(&mut draft.incident).primary, text);
}

/// Adds contributing factors.
pub(super) fn add_factors(draft: &mut Draft, factors: impl IntoIterator<Item = Text>) {
    draft.add(
        |incident| &mut cause(incident).contributing_factors,
        factors,
    );
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let label = |block: &Block| leading(block, &WORDS.labels.cause);
    // A heading before the last label belongs to the text of an earlier label. A heading
    // directly after the last label, if that has no text yet, starts its text.
    let last = part.flat.iter().rposition(|block| label(block).is_some());
    let is_bare = |index: &usize| {
        let found = part.flat.get(*index).and_then(leading_label);
        let next = part.flat.get(index + 1);
        found.is_some_and(|found| found.value.is_empty())
            && next.is_some_and(|next| matches!(next.kind, Kind::Heading(_)))
    };
    let (flat, parts) =
        part.split_after(last.map(|last| if is_bare(&last) { last + 1 } else { last }));
    let mut kept = each_block(draft, flat, |draft, rest| {
        let Some((content, others)) = rest.split_first().map(|(first, rest)| (label(first), rest))
        else {
            return 0;
        };
        let Some(content) = content else {
            return evidence::import(draft, Section::RootCause, rest);
        };
        let unlabelled = others.iter().take_while(|block| label(block).is_none());
        let mut count = match content {
            CauseLabel::Status => 1,
            _ => 1 + unlabelled.count(),
        };
        // Evidence after the cause is its own item; under any other label it is part of the text.
        if content == CauseLabel::Primary {
            let labelled = others.get(..count - 1).unwrap_or_default();
            count -= evidence::trailing(draft, Section::RootCause, labelled);
        }
        labelled_content(draft, part, content, rest.get(..count).unwrap_or_default())
    });
    // Without a label, the first paragraphs are the cause, or the only item of a list.
    if !is_set(draft) {
        let texts: Vec<&str> = kept.iter().map(|block| block.text).collect();
        let text = match kept.as_slice() {
            [first, ..] if first.kind == Kind::Paragraph => Some(words::prose(&texts.join("\n\n"))),
            [only] if only.kind == Kind::List => match prose_items(only).as_slice() {
                [item] => Some(item.clone()),
                _ => None,
            },
            _ => None,
        };
        if let Some(text) = text {
            set(draft, part.title, text);
            kept.clear();
        }
    }
    remainder(draft, Section::RootCause, part.title, &kept);
    for inner in &parts {
        let imported = match heading(inner) {
            Some(Heading::RuledOut) => ruled_out(draft, inner),
            Some(Heading::OpenQuestions) => questions(draft, inner),
            Some(Heading::ContributingFactors) => factors(draft, inner),
            _ => false,
        };
        if !imported {
            subsection(draft, Section::RootCause, inner);
        }
    }
}

/// Imports the content of a label; returns the number of its blocks, or 0 if it is not recognized.
fn labelled_content(
    draft: &mut Draft,
    part: &Part,
    content: CauseLabel,
    blocks: &[Block],
) -> usize {
    let text = labelled_prose(part.body, blocks);
    let label = blocks.first().and_then(leading_label);
    let label = label.map(|found| found.label).unwrap_or_default();
    match (content, blocks) {
        (CauseLabel::Status, _) => match WORDS.values.cause.get(&text) {
            Some(status) => cause(&mut draft.incident).status = status,
            None => return 0,
        },
        (CauseLabel::Primary, _) if !text.is_empty() => set(draft, label, text),
        (CauseLabel::Problem, _) if !text.is_empty() => {
            draft.set(label, |draft| &mut cause(&mut draft.incident).problem, text);
        }
        (CauseLabel::Factors, [_, list, ..]) if list.kind == Kind::List => {
            add_factors(draft, prose_items(list));
            return 2;
        }
        (CauseLabel::Chain, [_, list, ..]) if list.kind == Kind::List => {
            draft.add(
                |incident| &mut incident.analysis.get_or_insert_default().chain,
                prose_items(list),
            );
            return 2;
        }
        (CauseLabel::Factors, [_]) if !text.is_empty() => {
            add_factors(draft, [words::block(&words::one_line(&text))]);
        }
        _ => return 0,
    }
    blocks.len()
}

fn factors(draft: &mut Draft, part: &Part) -> bool {
    let cause = draft.incident.root_cause.as_ref();
    let is_new = cause.is_none_or(|cause| cause.contributing_factors.is_empty());
    match part.blocks.as_slice() {
        [list] if list.kind == Kind::List && part.parts.is_empty() && is_new => {
            add_factors(draft, prose_items(list));
            true
        }
        _ => false,
    }
}

/// Returns a cell as a line, or `None` if it is not recorded.
fn cell(value: &str) -> Option<Line> {
    recorded(value).map(line)
}

fn questions(draft: &mut Draft, part: &Part) -> bool {
    let [only] = part.blocks.as_slice() else {
        return false;
    };
    if only.kind != Kind::Table || !part.parts.is_empty() {
        return false;
    }
    let table = block::table(only);
    let all = [
        QuestionColumn::Question,
        QuestionColumn::Owner,
        QuestionColumn::Answer,
    ];
    let width = table.columns.len();
    let columns = columns(&table, &WORDS.columns.questions);
    let known = all.into_iter().map(Some).take(width);
    if !known.eq(columns.iter().copied()) || table.rows.iter().any(|(_, row)| row.len() != width) {
        return false;
    }
    let rows = table.rows.iter().map(|(_, row)| {
        let mut question = OpenQuestion::default();
        for (column, value) in columns.iter().flatten().zip(row) {
            match column {
                QuestionColumn::Question => question.question = line(value),
                QuestionColumn::Owner => question.owner = cell(value),
                QuestionColumn::Answer => question.answer = cell(value),
            }
        }
        question
    });
    for question in rows {
        let analysis = draft.incident.analysis.get_or_insert_default();
        analysis.open_questions.push(question);
    }
    true
}

fn ruled_out(draft: &mut Draft, part: &Part) -> bool {
    let last = part.blocks.last().filter(|block| block.kind == Kind::Table);
    let Some(last) = last.filter(|_| part.parts.is_empty() && part.blocks.len() <= 2) else {
        return false;
    };
    let table = block::table(last);
    let columns = columns(&table, &WORDS.columns.ruled_out);
    if columns.first() != Some(&Some(RuledOutColumn::Signal)) || columns.contains(&None) {
        return false;
    }
    for (number, row) in &table.rows {
        let mut signal = RuledOut::default();
        for (column, value) in columns.iter().flatten().zip(row) {
            match column {
                RuledOutColumn::Signal => match bracket(value) {
                    (text, Some(note)) if words::count(note).is_some() => {
                        signal.signal = line(text);
                        signal.count = words::count(note);
                    }
                    _ => signal.signal = line(value),
                },
                RuledOutColumn::LookedLike => signal.looked_like = cell(value),
                RuledOutColumn::RuledOutBy => signal.ruled_out_by = cell(value),
                RuledOutColumn::Evidence => signal.evidence = cell(value),
                RuledOutColumn::At => {
                    signal.at = draft.moment(value);
                    if signal.at.is_none() && recorded(value).is_some() {
                        draft.keep_unmapped(part.title, *number, value);
                    }
                }
            }
        }
        let analysis = draft.incident.analysis.get_or_insert_default();
        analysis.ruled_out.push(signal);
    }
    true
}
