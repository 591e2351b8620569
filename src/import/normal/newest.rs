//! Reverses lists of times that start with the newest and go back over midnight.
//!
//! Such times have no date, so only their order says which of them are on the day before.

use chrono::{NaiveTime, TimeDelta};

use super::{Line, code_lines};
use crate::import::entry_time::{self, EntryTime};
use crate::import::section::timeline::bare_date;
use crate::import::statement::cue;

/// An entry with the lines that belong to it.
struct Entry {
    time: EntryTime,
    /// Whether its text says that something ended.
    is_end: bool,
    lines: Vec<Line>,
}

/// Reverses the lists whose first time is the newest.
pub(super) fn oldest_first(lines: Vec<Line>) -> Vec<Line> {
    let code = code_lines(&lines);
    let mut out = Vec::with_capacity(lines.len());
    let mut run: Vec<Entry> = Vec::new();
    for (line, is_code) in lines.into_iter().zip(code) {
        let found = entry(&line.1).filter(|_| !is_code);
        let is_over = line.1.starts_with('#') || bare_date(unmarked(&line.1)).is_some();
        match (found, run.last_mut()) {
            (Some((time, is_end)), _) => run.push(Entry {
                time,
                is_end,
                lines: vec![line],
            }),
            (None, Some(last)) if !is_over => last.lines.push(line),
            (None, _) => {
                flush(&mut run, &mut out);
                out.push(line);
            }
        }
    }
    flush(&mut run, &mut out);
    out
}

/// Parses a line that starts with a time; returns the time and whether its text says that something ended.
fn entry(line: &str) -> Option<(EntryTime, bool)> {
    let (time, text) = entry_time::entry(unmarked(line))?;
    let statements = cue(text).statements;
    time.at.time?;
    Some((time, statements.iter().any(|found| found.mark.is_end())))
}

/// Strips the marker of a list item or a table row.
fn unmarked(line: &str) -> &str {
    line.trim_start_matches(['-', '*', '+', '|', '>', ' '])
}

/// Adds the lines of the entries, the oldest first.
fn flush(run: &mut Vec<Entry>, out: &mut Vec<Line>) {
    let mut run = std::mem::take(run);
    if !is_newest_first(&run) {
        out.extend(run.into_iter().flat_map(|entry| entry.lines));
        return;
    }
    // What is below the last entry stays below the list, and the blank lines between entries where they are.
    let mut gaps: Vec<Vec<Line>> = run.iter_mut().map(|entry| gap(&mut entry.lines)).collect();
    let last = gaps.pop().unwrap_or_default();
    let mut gaps = gaps.into_iter();
    for entry in run.into_iter().rev() {
        out.extend(entry.lines);
        out.extend(gaps.next().unwrap_or_default());
    }
    out.extend(last);
}

/// Splits off the lines from the first blank one on that is not followed by an indented line.
fn gap(lines: &mut Vec<Line>) -> Vec<Line> {
    let is_indented = |line: &Line| line.1.starts_with([' ', '\t']) && !line.1.trim().is_empty();
    let last = lines.iter().rposition(is_indented).unwrap_or(0);
    let blank = lines
        .iter()
        .skip(last)
        .position(|(_, line)| line.trim().is_empty());
    let end = blank.map_or(lines.len(), |blank| last + blank);
    lines.split_off(end)
}

/// Returns `true` if the times fall and rise once, by more than half a day.
fn is_newest_first(run: &[Entry]) -> bool {
    let times: Option<Vec<NaiveTime>> = { run.iter() }
        .map(|entry| {
            Some(
                entry
                    .time
                    .at
                    .time
                    .filter(|_| entry.time.at.day.is_none())?
                    .at,
            )
        })
        .collect();
    let times = times.unwrap_or_default();
    let steps = || {
        let pairs = times.iter().zip(times.iter().skip(1));
        pairs.map(|(time, next)| *next - *time)
    };
    let falls = steps().filter(|step| *step < TimeDelta::zero());
    let (small, falls) = falls.fold((0, 0), |(small, all), step| {
        (small + usize::from(step > -TimeDelta::hours(12)), all + 1)
    });
    let rises: Vec<TimeDelta> = steps().filter(|step| *step > TimeDelta::zero()).collect();
    let goes_back = matches!(rises.as_slice(), [rise] if *rise > TimeDelta::hours(12));
    let is_end = run.first().is_some_and(|first| first.is_end);
    goes_back && small == falls && (falls > 1 || falls == 1 && is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(text: &str) -> String {
        let lines = text.split('\n').enumerate();
        let lines = lines.map(|(index, line)| (index + 1, line.to_owned()));
        let lines = oldest_first(lines.collect());
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        lines.join("\n")
    }

    #[test]
    fn a_list_that_goes_back_over_midnight_is_reversed() {
        for (text, expected) in [
            (
                "- 01:00 Incident resolved\n- 00:10 Alert\n  fired\n- 23:50 Stop\n\nText",
                "- 23:50 Stop\n- 00:10 Alert\n  fired\n- 01:00 Incident resolved\n\nText",
            ),
            (
                "01:00 c\n\n00:10 b\n\n00:05 b\n\n23:50 a\n\n## X",
                "23:50 a\n\n00:05 b\n\n00:10 b\n\n01:00 c\n\n## X",
            ),
            (
                "| 01:00 | c |\n| 00:30 | b |\n| 00:10 | b |\n| 23:50 | a |",
                "| 23:50 | a |\n| 00:10 | b |\n| 00:30 | b |\n| 01:00 | c |",
            ),
        ] {
            assert_eq!(ordered(text), expected);
        }
    }

    #[test]
    fn other_lists_stay_as_they_are() {
        for text in [
            "- 23:50 Stop\n- 00:10 Alert fired\n- 01:00 Incident resolved",
            "- 11:00 c\n- 10:00 b\n- 09:00 a",
            "- 10:00 b\n- 09:58 a\n- 23:00 c",
            "- 2025-03-05 01:00 c\n- 00:10 b\n- 00:05 b\n- 23:50 a",
            "- 01:00 c\n- 00:10 b\n- 00:05 b\n\n**2025-03-04**\n\n- 23:50 a",
        ] {
            assert_eq!(ordered(text), text);
        }
    }
}
