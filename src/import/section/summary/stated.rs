//! Reads the start, the end and the duration that the text of a report states.

use chrono::NaiveDate;

use super::super::super::block::{Block, Kind};
use super::super::super::calendar::{calendar_day, days, month_day};
use super::super::super::draft::{Draft, Stated};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::open::is_open_value;
use super::super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::super::words::{self, folded, labelled};
use super::super::super::year;
use super::super::{any_label, list_items, numbered};
use super::fact;
use crate::moment::Written;

/// Records the duration that a list in the narrative states; the text itself is kept.
pub(super) fn stated_duration(draft: &mut Draft, narrative: &[Block]) {
    for item in narrative.iter().flat_map(list_items) {
        let found = any_label(&item.text);
        let stated = found.filter(|found| folded(found.label) == "duration");
        let seconds = stated.and_then(|found| draft.labels.seconds(found.value));
        if let (Some(value), None) = (seconds, &draft.facts.duration) {
            draft.facts.duration = Some(Stated {
                line: item.line,
                value,
            });
        }
    }
}

/// Imports a start and an end: `2025-03-04, 9:00 AM to 10:24 AM (UTC)`; returns `false` if the value is no span.
pub(super) fn span(draft: &mut Draft, line: usize, value: &str) -> bool {
    let Some((time, rest)) = entry_time::leading_time(value) else {
        return false;
    };
    rest.trim().is_empty() && set_span(draft, line, &time, None)
}

/// Sets the start and the end to those of a span, unless the report states others.
fn set_span(draft: &mut Draft, line: usize, time: &EntryTime, day: Option<NaiveDate>) -> bool {
    let Some(until) = time
        .until
        .filter(|until| until.time.is_some() && time.at.time.is_some() && time.day.is_none())
    else {
        return false;
    };
    let day = time.at.day.or(day).or(draft.times.day);
    let start = Written { day, ..time.at };
    let is_next_day =
        until.day.is_none() && until.time.map(|time| time.at) < start.time.map(|time| time.at);
    let end_day = if is_next_day {
        day.and_then(|day| day.succ_opt())
    } else {
        day
    };
    let end = Written {
        day: until.day.or(end_day),
        ..until
    };
    let start = draft.times.placed(start, time.zone.as_deref());
    let end = draft.times.placed(end, time.until_zone.as_deref());
    let (Some(start), Some(end)) = (start, end) else {
        return false;
    };
    if day.is_none() || draft.facts.start_stated || draft.facts.end_stated {
        return false;
    }
    draft.times.day = draft.times.day.or(day);
    draft.facts.started = Some(Stated { line, value: start });
    draft.facts.ended = Some(Stated { line, value: end });
    draft.facts.start_stated = true;
    draft.facts.end_stated = true;
    true
}

/// Records the start and the end that the narrative states, if it states one span in which something was impaired.
pub(super) fn stated_times(draft: &mut Draft, narrative: &[Block]) {
    let paragraphs = || {
        narrative
            .iter()
            .filter(|block| block.kind == Kind::Paragraph)
    };
    // The text itself is kept, so the facts are not printed again.
    let length = draft.facts.length.take();
    for block in narrative {
        let items = list_items(block);
        let items = items.iter().map(|item| (item.line, item.text.as_str()));
        let lines = numbered(block).filter(|_| block.kind == Kind::Paragraph);
        for (number, text) in lines.chain(items) {
            let found = labelled(text).or_else(|| words::plain_label(text));
            let Some(found) = found.filter(|found| {
                let meaning = WORDS.labels.summary.get(found.label);
                let is_time = [SummaryLabel::Start, SummaryLabel::End, SummaryLabel::Window];
                meaning.is_some_and(|meaning| is_time.contains(&meaning))
                    || meaning == Some(SummaryLabel::Duration) && draft.facts.duration.is_none()
                    || meaning == Some(SummaryLabel::Status) && is_open_value(found.value)
                    || WORDS.labels.marks.get(found.label).is_some()
            }) else {
                continue;
            };
            fact(draft, number, found);
        }
    }
    draft.facts.length = length;
    let mut spans: Vec<(usize, EntryTime, Option<NaiveDate>)> = Vec::new();
    for block in paragraphs() {
        // The points of `a.m. to` end no sentence.
        let text = block.text.replace("a.m. ", "am ").replace("p.m. ", "pm ");
        for sentence in text.split(". ").flat_map(|text| text.split("; ")) {
            let found = entry_time::spans_in_prose(sentence).filter(|_| is_of_incident(sentence));
            let day = day_in(draft, sentence);
            spans.extend(found.map(|(time, _)| (block.line, time, day)));
        }
    }
    // A span may be stated again in another time zone: `9:00 AM to 10:24 AM PST (17:00–18:24 UTC)`.
    let length = |time: &EntryTime| Some(time.until?.time?.at - time.at.time?.at);
    spans.dedup_by(|(_, again, _), (_, first, _)| {
        again.zone != first.zone && length(again) == length(first)
    });
    if let [(line, time, day)] = spans.as_slice()
        && (day.is_some() || draft.times.day.is_some())
        && !paragraphs().any(|block| is_outlasted(draft, block, time, *day))
    {
        draft.facts.is_span_in_text |= set_span(draft, *line, time, *day);
    }
}

/// Returns `true` if a sentence says that something failed, and not that it was another time: `A similar outage …`.
fn is_of_incident(sentence: &str) -> bool {
    let words = format!(" {} ", folded(sentence));
    let has = |list: &[String]| list.iter().any(|word| words.contains(&format!(" {word} ")));
    has(&WORDS.impaired) && !has(&WORDS.other_spans)
}

/// Returns the first date in a sentence; without a year, it is near the date of the report.
fn day_in(draft: &Draft, sentence: &str) -> Option<NaiveDate> {
    let near = || {
        let mut starts = sentence.char_indices().filter(|(at, _)| {
            let before = sentence.get(..*at).unwrap_or_default();
            !before.ends_with(char::is_alphanumeric)
        });
        starts.find_map(|(at, _)| {
            let (month, day, _) = month_day(sentence.get(at..)?)?;
            year::nearest(month, day, draft.times.day?)
        })
    };
    days(sentence).next().or_else(near)
}

/// Returns `true` if a paragraph names a time of the same day outside a span, or a day of the week after it.
///
/// The span is then one of a part: `From 10:00 to 11:00, printing in the EU failed. In the US it failed until 14:00.`
fn is_outlasted(draft: &Draft, block: &Block, span: &EntryTime, day: Option<NaiveDate>) -> bool {
    let day = span.at.day.or(day).or(draft.times.day);
    let start = span.at.time.map(|time| time.at);
    let end = span.until.and_then(|until| until.time);
    let (Some(day), Some(start), Some(end)) = (day, start, end.map(|time| time.at)) else {
        return false;
    };
    let text = block.text;
    let is_word = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !":.-".contains(c))
    };
    let mut starts = { text.char_indices() }.filter(|(at, _)| is_word(*at));
    starts.any(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        let near = || month_day(rest).and_then(|(month, date, _)| year::nearest(month, date, day));
        let date = calendar_day(rest).map(|(date, _)| date).or_else(near);
        let is_later = date.is_some_and(|date| (1..=7).contains(&(date - day).num_days()));
        let time = entry_time::single_time(rest).map(|(written, ..)| written);
        let clock = time.filter(|written| written.day.is_none_or(|other| other == day));
        let clock = clock.and_then(|written| written.time);
        let is_outside = |at: chrono::NaiveTime| start < end && !(start..=end).contains(&at);
        is_later || clock.is_some_and(|clock| is_outside(clock.at))
    })
}
