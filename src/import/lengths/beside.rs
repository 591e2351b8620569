//! Compares the durations that stand beside a start and an end of their own: in a row of a table, or in a text with
//! one span of times.

use chrono::{Days, NaiveDate};

use super::{Difference, prose};
use crate::facts::labelled::on_clock;
use crate::facts::{Length, between};
use crate::import::block::{self, Block, Kind};
use crate::import::draft::Draft;
use crate::import::entry_time::{self, EntryTime};
use crate::import::vocabulary::{SummaryLabel, WORDS};
use crate::import::words::bracket;
use crate::moment::{Moment, Written};
use crate::timeline::Mark;

/// Returns the durations that differ from the times beside them.
pub(super) fn differences(draft: &Draft, text: &str) -> Vec<Difference> {
    let blocks = block::blocks(text);
    let tables = blocks.iter().filter(|block| block.kind == Kind::Table);
    let rows = tables.flat_map(|block| in_rows(draft, block));
    let is_heading = |block: &Block| matches!(block.kind, Kind::Heading(_));
    let parts = blocks.chunk_by(|_, next| !is_heading(next));
    rows.chain(parts.flat_map(|part| prose::in_part(draft, part)))
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
            found.extend(draft.labels.parse(&stated).and_then(|stated| {
                let text = differing(
                    draft,
                    &format!("{}: {}", stated.label, stated.value),
                    &span,
                    |length| stated.fits(length),
                )?;
                Some(Difference {
                    line: *line,
                    text,
                    fact: Some((stated.label.to_owned(), stated.value.to_owned())),
                })
            }));
        }
    }
    found
}

/// Describes how a stated duration differs from that of a span; `None` if it is the same.
pub(super) fn differing(
    draft: &Draft,
    quote: &str,
    span: &EntryTime,
    fits: impl Fn(Length) -> bool,
) -> Option<String> {
    let start = dated(span.at, draft.times.day);
    let end = dated(span.until?, start.day);
    if start.day.is_none() && span.zone == span.until_zone && !(start.about || end.about) {
        let (from, to) = (start.time?.at, end.time?.at);
        let length = on_clock(from, to);
        return (!fits(length)).then(|| format!("`{quote}`, but from {from} to {to} are {length}"));
    }
    let is_next_day = span.until?.day.is_none() && end.time?.at < start.time?.at;
    let end = Written {
        day: end.day?.checked_add_days(Days::new(u64::from(is_next_day))),
        ..end
    };
    let start = moment(draft, start, span.zone.as_deref())?;
    let end = moment(draft, end, span.until_zone.as_deref())?;
    let zone = draft.times.zone;
    let length = between(&start, &end, zone)?;
    let is_exact = !(start.about || end.about || start.is_day() || end.is_day());
    (is_exact && !fits(length)).then(|| {
        let (start, end) = (start.in_full(zone), end.in_full(zone));
        format!("`{quote}`, but from {start} to {end} are {length}")
    })
}

/// Returns a time with a date.
pub(super) fn dated(written: Written, day: Option<NaiveDate>) -> Written {
    Written {
        day: written.day.or(day),
        ..written
    }
}

fn moment(draft: &Draft, written: Written, zone: Option<&str>) -> Option<Moment> {
    draft.times.moment(&draft.times.placed(written, zone)?)
}
