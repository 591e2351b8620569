//! Compares the durations that stand beside a start and an end of their own: in a row of a table, or in a part
//! of the report whose text has one span of times.

use chrono::NaiveDate;

use super::Difference;
use crate::facts::{between, labelled};
use crate::import::block::{self, Block, Kind};
use crate::import::calendar::days;
use crate::import::draft::Draft;
use crate::import::entry_time::{self, EntryTime};
use crate::import::vocabulary::{SummaryLabel, WORDS};
use crate::import::words::{bracket, folded, one_line};
use crate::moment::{Moment, Written};
use crate::timeline::Mark;

/// Returns the durations that differ from the times beside them.
pub(super) fn differences(draft: &Draft, text: &str) -> Vec<Difference> {
    let blocks = block::blocks(text);
    let tables = blocks.iter().filter(|block| block.kind == Kind::Table);
    let rows = tables.flat_map(|block| in_rows(draft, block));
    let is_heading = |block: &Block| matches!(block.kind, Kind::Heading(_));
    let parts = blocks.chunk_by(|_, next| !is_heading(next));
    rows.chain(parts.filter_map(|part| in_part(draft, part)))
        .collect()
}

/// Returns the durations of a table with columns for the start and the end that differ from those of their row.
fn in_rows(draft: &Draft, block: &Block) -> Vec<Difference> {
    let table = block::table(block);
    let position = |wanted: SummaryLabel, mark: Mark| {
        table.columns.iter().position(|title| {
            let label = bracket(title).0;
            WORDS.labels.summary.get(label) == Some(wanted)
                || WORDS.labels.marks.get(label) == Some(mark)
        })
    };
    let Some((start, end)) = position(SummaryLabel::Start, Mark::ImpactStarted)
        .zip(position(SummaryLabel::End, Mark::ImpactEnded))
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (line, row) in &table.rows {
        let time = |index: usize| {
            let (time, rest) = entry_time::leading_time(row.get(index)?)?;
            rest.trim().is_empty().then_some(time)
        };
        let Some((start, end)) = time(start).zip(time(end)) else {
            continue;
        };
        let span = EntryTime {
            until: Some(end.at),
            until_zone: end.zone,
            ..start
        };
        for (title, cell) in table.columns.iter().zip(row) {
            let stated = format!("{title}: {cell}");
            found.extend(labelled::parse(&stated).and_then(|stated| {
                differing(draft, *line, (stated.label, stated.value), ": ", &span)
            }));
        }
    }
    found
}

/// Returns the duration of a part that differs from its span of times: `lasting 2 hours`.
///
/// A part that names several durations or spans says of none which one is whose.
fn in_part(draft: &Draft, part: &[Block]) -> Option<Difference> {
    let texts = part
        .iter()
        .filter(|block| matches!(block.kind, Kind::Heading(_) | Kind::Paragraph));
    let texts: Vec<(usize, String)> = texts
        .map(|block| (block.line, one_line(block.text)))
        .collect();
    let lengths: Vec<(usize, &str, &str)> = { texts.iter() }
        .flat_map(|(line, text)| lengths(text).map(|(label, value)| (*line, label, value)))
        .collect();
    let [(line, label, value)] = lengths.as_slice() else {
        return None;
    };
    let mut spans = texts
        .iter()
        .flat_map(|(_, text)| entry_time::spans_in_prose(text));
    let (span, _) = spans.next()?;
    if spans.any(|(other, _)| other != span) {
        return None;
    }
    let day = { texts.iter() }.find_map(|(_, text)| days(text).next());
    let span = EntryTime {
        at: dated(span.at, day),
        ..span
    };
    differing(draft, *line, (label, value), " ", &span)
}

/// Returns the durations that a text states by a word: `(lasting 1 hour and 21 minutes)`.
pub(super) fn lengths(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let found = text.match_indices(' ').map(|(at, _)| at + 1);
    [0].into_iter().chain(found).filter_map(|at| {
        let (word, rest) = text.get(at..)?.split_once(' ')?;
        let label = word.trim_start_matches(['(', '[', ',']);
        let rest = rest.strip_prefix("for ").unwrap_or(rest);
        let end = rest.find([')', ']', '.', ';']).unwrap_or(rest.len());
        let value = rest.get(..end)?.trim();
        let is_known = WORDS.lasting.contains(&folded(label));
        (is_known && labelled::seconds(value).is_some()).then_some((label, value))
    })
}

/// Returns a duration that is not that of a span.
fn differing(
    draft: &Draft,
    line: usize,
    (label, value): (&str, &str),
    joint: &str,
    span: &EntryTime,
) -> Option<Difference> {
    let start = dated(span.at, draft.times.day);
    let (start, end) = (moment(draft, start, span.zone.as_deref())?, {
        let end = dated(span.until?, start.day);
        let later = Written {
            day: end.day?.succ_opt(),
            ..end
        };
        let is_next_day = span.until?.day.is_none() && end.time?.at < start.time?.at;
        moment(
            draft,
            if is_next_day { later } else { end },
            span.until_zone.as_deref(),
        )?
    });
    let zone = draft.times.zone;
    let length = between(&start, &end, zone)?;
    let is_exact = !(start.about || end.about || start.is_day() || end.is_day());
    (is_exact && labelled::contradicts(value, length.known())).then(|| Difference {
        line,
        label: label.to_owned(),
        value: value.to_owned(),
        text: format!(
            "`{label}{joint}{value}`, but from {} to {} are {length}",
            start.in_full(zone),
            end.in_full(zone)
        ),
    })
}

/// Returns a time with a date.
fn dated(written: Written, day: Option<NaiveDate>) -> Written {
    Written {
        day: written.day.or(day),
        ..written
    }
}

fn moment(draft: &Draft, written: Written, zone: Option<&str>) -> Option<Moment> {
    draft.times.moment(&draft.times.placed(written, zone)?)
}
