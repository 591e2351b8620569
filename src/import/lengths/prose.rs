//! Compares the durations in sentences with the span of times beside them: `down for 86 minutes, from 15:56 to 17:04`.

use std::collections::BTreeSet;

use super::{Difference, beside, times_of_day};
use crate::facts::labelled;
use crate::import::block::{Block, Kind};
use crate::import::calendar::days;
use crate::import::draft::Draft;
use crate::import::entry_time::{self, EntryTime};
use crate::import::vocabulary::WORDS;
use crate::import::words::{folded, one_line};
use crate::token::{self, NumberWords, Tokens};

/// A duration in a text, as written, with its line and the span of times that it is compared with.
struct Stated<'t> {
    line: usize,
    quote: &'t str,
    value: &'t str,
    span: EntryTime,
}

/// Returns the durations of a part of the report that differ from the span of times beside them.
pub(super) fn in_part(draft: &Draft, part: &[Block]) -> Vec<Difference> {
    let is_text = |block: &&Block| matches!(block.kind, Kind::Heading(_) | Kind::Paragraph);
    let texts = part.iter().filter(is_text);
    let texts: Vec<(usize, String)> = texts
        .map(|block| (block.line, one_line(block.text)))
        .collect();
    let sentences = texts
        .iter()
        .flat_map(|(line, text)| text.split(". ").map(|sentence| (*line, sentence)));
    let mut stated: Vec<Stated> = sentences
        .filter_map(|(line, sentence)| in_sentence(line, sentence))
        .collect();
    if stated.is_empty() {
        stated.extend(in_texts(&texts));
    }
    let day = { texts.iter() }.find_map(|(_, text)| days(text).next());
    let differing = stated.into_iter().filter_map(|stated| {
        let span = EntryTime {
            at: beside::dated(stated.span.at, day),
            ..stated.span
        };
        let fits = |length| labelled::fits(stated.value, length);
        Some(Difference {
            line: stated.line,
            text: beside::differing(draft, stated.quote, &span, fits)?,
            fact: None,
        })
    });
    differing.collect()
}

/// Returns `true` for a text about a part of an incident: `The first wave lasted 5 minutes`, `in the EU`.
fn is_of_part(text: &str) -> bool {
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or_default();
        let is_place = matches!(word, "in" | "for") && matches!(next, "the" | "our");
        let place = words.clone().nth(1).unwrap_or_default();
        if (is_place && place.starts_with(char::is_uppercase))
            || WORDS.part_words.contains(&folded(word))
        {
            return true;
        }
    }
    false
}

/// Returns the duration of a sentence that has one, and one span of times.
fn in_sentence(line: usize, sentence: &str) -> Option<Stated<'_>> {
    if is_of_part(sentence) {
        return None;
    }
    let mut spans = entry_time::spans_in_prose(sentence);
    let (span, _) = spans.next()?;
    let is_single = spans.all(|(other, _)| other == span);
    let found = durations(sentence);
    let [value] = found.as_slice() else {
        return None;
    };
    is_single.then_some(Stated {
        line,
        quote: value,
        value,
        span,
    })
}

/// Returns the duration that texts state by a word such as `lasting`, if they have one, and one span or two times of day.
///
/// Texts that name several durations or spans say of none which one is whose.
fn in_texts(texts: &[(usize, String)]) -> Option<Stated<'_>> {
    let mut found = { texts.iter() }
        .flat_map(|(line, text)| text.split(". ").map(move |sentence| (*line, sentence)))
        .filter(|(_, sentence)| !is_of_part(sentence))
        .flat_map(|(line, text)| lengths(text).map(move |(quote, value)| (line, quote, value)));
    let (line, quote, value) = found.next().filter(|_| found.next().is_none())?;
    let mut spans = { texts.iter() }.flat_map(|(_, text)| entry_time::spans_in_prose(text));
    let span = match spans.next() {
        Some((span, _)) => spans.all(|(other, _)| other == span).then_some(span),
        None => between_two(texts),
    };
    Some(Stated {
        line,
        quote,
        value,
        span: span?,
    })
}

/// Returns the span between the two times of day that texts name, if they name no others.
fn between_two(texts: &[(usize, String)]) -> Option<EntryTime> {
    let times: Vec<_> = { texts.iter() }
        .flat_map(|(_, text)| times_of_day(text))
        .collect();
    let distinct: BTreeSet<_> = times
        .iter()
        .filter_map(|(written, _)| Some(written.time?.at))
        .collect();
    let ((at, zone), (until, until_zone)) = (times.first()?, times.last()?);
    (distinct.len() == 2 && at.time != until.time).then(|| EntryTime {
        at: *at,
        until: Some(*until),
        zone: zone.map(ToOwned::to_owned),
        until_zone: until_zone.or(*zone).map(ToOwned::to_owned),
        day: None,
        until_day: None,
    })
}

/// Returns the durations of a sentence, with the words of their bounds, but those of something else: `5 minutes later`.
fn durations(sentence: &str) -> Vec<&str> {
    let tokens = Tokens::tokenize(sentence, NumberWords::english());
    let is_other = |at: usize| {
        let is = |list: &[String], at: usize| list.iter().any(|word| word == tokens.word(at));
        is(&WORDS.before_other_lengths, at.wrapping_sub(1))
            || is(&WORDS.after_other_lengths, at + 1)
    };
    let found = (0..tokens.len()).filter(|at| match tokens.kind(*at) {
        token::Kind::StatedDuration(length) => length.seconds >= 60 && !is_other(*at),
        _ => false,
    });
    let with_bound = found.filter_map(|at| {
        let mut firsts = (at.saturating_sub(BOUND)..=at).map(|first| tokens.span(first, at));
        firsts.find_map(|span| {
            sentence
                .get(span)
                .filter(|value| labelled::is_length(value))
        })
    });
    with_bound.collect()
}

/// The number of words of the longest bound of a duration: `a little less than`.
const BOUND: usize = 4;

/// Returns the durations that a text states by a word, each with that word: `(lasting 1 hour and 21 minutes)`.
pub(super) fn lengths(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let found = text.match_indices(' ').map(|(at, _)| at + 1);
    [0].into_iter().chain(found).filter_map(|at| {
        let (word, rest) = text.get(at..)?.split_once(' ')?;
        let label = word.trim_start_matches(['(', '[', ',']);
        let bare = rest.strip_prefix("for ").unwrap_or(rest);
        let bare = bare.strip_prefix("a total of ").unwrap_or(bare);
        let is_known = WORDS.lasting.contains(&folded(label));
        let value = leading_length(bare).filter(|_| is_known)?;
        let start = at + word.len() - label.len();
        let end = at + word.len() + 1 + rest.len() - bare.len() + value.len();
        Some((text.get(start..end)?, value))
    })
}

/// Returns the duration at the start of a text.
fn leading_length(text: &str) -> Option<&str> {
    let clause = text.split([')', ']', ';']).next().unwrap_or_default();
    let ends = clause.match_indices([' ', '.', ',']).map(|(at, _)| at);
    let ends: Vec<usize> = ends.take(LONGEST).chain([clause.len()]).collect();
    let mut starts = ends.iter().rev().filter_map(|end| clause.get(..*end));
    starts.find(|text| !text.ends_with(['.', ',']) && labelled::is_length(text))
}

/// The number of words of the longest duration: `2 hours, 3 minutes and 4 seconds`.
const LONGEST: usize = 8;
