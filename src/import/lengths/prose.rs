//! Compares the durations in sentences with the span of times beside them: `down for 86 minutes, from 15:56 to 17:04`.

use std::collections::BTreeSet;

use super::{Difference, beside, times_of_day};
use crate::facts::labelled::Labels;
use crate::import::block::{self, Block, Item, Kind};
use crate::import::calendar::days;
use crate::import::draft::Draft;
use crate::import::entry_time::{self, EntryTime};
use crate::import::vocabulary::WORDS;
use crate::import::words::{folded, one_line};
use crate::incident::Status;
use crate::moment::Written;
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
    let labels = &draft.labels;
    let is_text = |block: &&Block| matches!(block.kind, Kind::Heading(_) | Kind::Paragraph);
    let texts = part.iter().filter(is_text);
    let texts: Vec<(usize, String)> = texts
        .map(|block| (block.line, one_line(block.text)))
        .collect();
    let sentences = texts
        .iter()
        .flat_map(|(line, text)| text.split(". ").map(|sentence| (*line, sentence)));
    let mut stated: Vec<Stated> = sentences
        .filter_map(|(line, sentence)| in_sentence(line, sentence, labels))
        .collect();
    if stated.is_empty() {
        stated.extend(in_texts(&texts, labels));
    }
    let lists = part.iter().filter(|block| block.kind == Kind::List);
    let items: Vec<Item> = lists.flat_map(block::items).collect();
    let items = items.iter().map(|item| (item.line, item.text.as_str()));
    let all = texts
        .iter()
        .map(|(line, text)| (*line, text.as_str()))
        .chain(items);
    stated.extend(all.flat_map(|(line, text)| before_brackets(line, text, labels)));
    let day = { texts.iter() }.find_map(|(_, text)| days(text).next());
    let differing = stated.into_iter().filter_map(|stated| {
        let span = EntryTime {
            at: beside::dated(stated.span.at, day),
            ..stated.span
        };
        let fits = |length| labels.fits(stated.value, length);
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
    has_part_word(text) || names_place(text)
}

fn has_part_word(text: &str) -> bool {
    text.split(' ')
        .any(|word| WORDS.part_words.contains(&folded(word)))
}

/// Returns `true` for a text with a place: `in the EU`.
fn names_place(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words.windows(3).any(|words| {
        matches!(words, ["in" | "for", "the" | "our", place] if place.starts_with(char::is_uppercase))
    })
}

/// Returns `true` if a duration is that of the span in its sentence whatever place the sentence names.
///
/// It is a parenthesis or an attribute: `, for 50 minutes,`, `a 3 hour 22 minute outage`, `26 minutes of degradation`.
fn is_of_whole(sentence: &str, value: &str) -> bool {
    let Some((before, after)) = sentence.split_once(value) else {
        return false;
    };
    let is_inserted = before.ends_with(", for ") && after.starts_with(',');
    let is_singular = ["minute", "hour", "day"]
        .iter()
        .any(|unit| value.ends_with(unit));
    let is_attribute = before.ends_with(" a ") && is_singular && after.starts_with(' ');
    is_inserted || is_attribute || after.starts_with(" of ") && !after.starts_with(" of the ")
}

/// Returns the duration of a sentence that has one, and one span of times.
fn in_sentence<'t>(line: usize, sentence: &'t str, labels: &Labels) -> Option<Stated<'t>> {
    if has_part_word(sentence) {
        return None;
    }
    let mut spans = entry_time::spans_in_prose(sentence);
    let (span, _) = spans.next()?;
    let is_single = spans.all(|(other, _)| other == span);
    let found = durations(sentence, labels);
    let [value] = found.as_slice() else {
        return None;
    };
    let is_whole = !names_place(sentence) || is_of_whole(sentence, value);
    (is_single && is_whole).then_some(Stated {
        line,
        quote: value,
        value,
        span,
    })
}

/// Returns the durations of a text before the two times of each in brackets: `70 minutes (17:30 report → 18:40 fix)`.
fn before_brackets<'t>(
    line: usize,
    text: &'t str,
    labels: &Labels,
) -> impl Iterator<Item = Stated<'t>> {
    text.match_indices(" (").filter_map(move |(at, _)| {
        let (before, rest) = text.split_at_checked(at)?;
        let (inner, _) = rest.get(2..)?.split_once(')')?;
        let is_span = ["→", "->", "–", "—"]
            .iter()
            .any(|joint| inner.contains(joint));
        let span = between_two(&[(line, inner.to_owned())]).filter(|_| is_span)?;
        let starts = before.match_indices(' ').map(|(at, _)| at + 1);
        let mut starts = [0].into_iter().chain(starts);
        let value = starts.find_map(|at| before.get(at..).filter(|text| labels.is_length(text)))?;
        Some(Stated {
            line,
            quote: value,
            value,
            span,
        })
    })
}

/// Returns the duration that texts state by a word such as `lasting`, if they have one, and one span or two times of day.
///
/// Texts that name several durations or spans say of none which one is whose.
fn in_texts<'t>(texts: &'t [(usize, String)], labels: &Labels) -> Option<Stated<'t>> {
    let mut found = { texts.iter() }
        .flat_map(|(line, text)| text.split(". ").map(move |sentence| (*line, sentence)))
        .filter(|(_, sentence)| !is_of_part(sentence))
        .flat_map(|(line, text)| {
            lengths(text, labels).map(move |(quote, value)| (line, quote, value))
        });
    let (line, quote, value) = found.next().filter(|_| found.next().is_none())?;
    let mut spans: Vec<EntryTime> = { texts.iter() }
        .flat_map(|(_, text)| entry_time::spans_in_prose(text))
        .map(|(span, _)| span)
        .collect();
    // In a heading, the duration stands behind its start: `January 21, 02:01 UTC (lasting 7 hours)`.
    let before = { texts.iter() }
        .filter(|(number, _)| *number == line)
        .find_map(|(_, text)| Some(text.split_once(quote)?.0));
    let start = before.and_then(|before| times_of_day(before).last());
    let begins = |span: &EntryTime| {
        start.is_some_and(|(start, _)| {
            start.time.map(|time| time.at) == span.at.time.map(|time| time.at)
        })
    };
    if spans.iter().any(begins) {
        spans.retain(begins);
    }
    let span = match spans.split_first() {
        Some((span, others)) => others
            .iter()
            .all(|other| other == span)
            .then(|| span.clone()),
        None => between_two(texts).or_else(|| until_resolved(texts, start?)),
    };
    Some(Stated {
        line,
        quote,
        value,
        span: span?,
    })
}

/// Returns the span from a start to the only other time in a sentence that says when the incident was resolved.
fn until_resolved(texts: &[(usize, String)], start: (Written, Option<&str>)) -> Option<EntryTime> {
    let is_resolved = |sentence: &&str| {
        let mut words = sentence.split(' ');
        words.any(|word| WORDS.values.status.get(word) == Some(Status::Resolved))
    };
    let sentences = texts.iter().flat_map(|(_, text)| text.split(". "));
    let mut ends = sentences.filter(is_resolved).flat_map(times_of_day);
    let end = ends.next().filter(|_| ends.next().is_none())?;
    (end.0.time != start.0.time).then(|| joined(start, end))
}

/// Returns the span between two times.
fn joined(
    (at, zone): (Written, Option<&str>),
    (until, until_zone): (Written, Option<&str>),
) -> EntryTime {
    EntryTime {
        at,
        until: Some(until),
        zone: zone.map(ToOwned::to_owned),
        until_zone: until_zone.or(zone).map(ToOwned::to_owned),
        day: None,
        until_day: None,
    }
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
    let (first, last) = (times.first()?, times.last()?);
    (distinct.len() == 2 && first.0.time != last.0.time).then(|| joined(*first, *last))
}

/// Returns the durations of a sentence, with the words of their bounds, but those of something else: `5 minutes later`.
fn durations<'t>(sentence: &'t str, labels: &Labels) -> Vec<&'t str> {
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
        firsts.find_map(|span| sentence.get(span).filter(|value| labels.is_length(value)))
    });
    with_bound.collect()
}

/// The number of words of the longest bound of a duration: `a little less than`.
const BOUND: usize = 4;

/// Returns the durations that a text states by a word, each with that word: `(lasting 1 hour and 21 minutes)`.
pub(super) fn lengths<'t>(
    text: &'t str,
    labels: &Labels,
) -> impl Iterator<Item = (&'t str, &'t str)> {
    let found = text.match_indices(' ').map(|(at, _)| at + 1);
    [0].into_iter().chain(found).filter_map(|at| {
        let total = text.get(at..)?.strip_prefix(TOTAL);
        let value = total.and_then(|total| leading_length(total, labels));
        if let Some(value) = value.filter(|_| !is_lasting(text.get(..at).unwrap_or_default())) {
            return Some((text.get(at..at + TOTAL.len() + value.len())?, value));
        }
        let (word, rest) = text.get(at..)?.split_once(' ')?;
        let label = word.trim_start_matches(['(', '[', ',']);
        let bare = rest.strip_prefix("for ").unwrap_or(rest);
        let bare = bare.strip_prefix(TOTAL).unwrap_or(bare);
        let is_known = WORDS.lasting.contains(&folded(label));
        let value = leading_length(bare, labels).filter(|_| is_known)?;
        let start = at + word.len() - label.len();
        let end = at + word.len() + 1 + rest.len() - bare.len() + value.len();
        Some((text.get(start..end)?, value))
    })
}

/// The words before a duration that is that of the whole.
const TOTAL: &str = "a total of ";

/// Returns `true` if a text ends with a word before a duration: `lasted for`.
fn is_lasting(text: &str) -> bool {
    let text = text.trim_end();
    let text = text.strip_suffix(" for").unwrap_or(text);
    let word = text.rsplit(' ').next().unwrap_or_default();
    WORDS.lasting.contains(&folded(word))
}

/// Returns the duration at the start of a text.
fn leading_length<'t>(text: &'t str, labels: &Labels) -> Option<&'t str> {
    let clause = text.split([')', ']', ';']).next().unwrap_or_default();
    let ends = clause.match_indices([' ', '.', ',']).map(|(at, _)| at);
    let ends: Vec<usize> = ends.take(LONGEST).chain([clause.len()]).collect();
    let mut starts = ends.iter().rev().filter_map(|end| clause.get(..*end));
    starts.find(|text| !text.ends_with(['.', ',']) && labels.is_length(text))
}

/// The number of words of the longest duration: `2 hours, 3 minutes and 4 seconds`.
const LONGEST: usize = 8;
