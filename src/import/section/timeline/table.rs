//! Imports a timeline that is a table with a time column, a text column and others.

use super::super::super::block::{self, Block, Kind, Table};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::vocabulary::{ActionColumn, TimelineColumn as Column, WORDS};
use super::super::super::words::{bracket, folded, line as one_line};
use super::Reader;
use crate::import::zone;

fn columns(table: &Table) -> Vec<Option<Column>> {
    let meaning = |title: &String| {
        let bare = bracket(title).0;
        // `Date and Time in CET` is a column of times.
        let without_zone = || {
            let (before, _) = bare.split_once(zone::within(bare)?)?;
            let before = before.trim_end();
            WORDS
                .columns
                .timeline
                .get(before.strip_suffix(" in").unwrap_or(before))
        };
        let is_zone = || zone::is_zone(bare).then_some(Column::Time);
        WORDS
            .columns
            .timeline
            .get(bare)
            .or_else(without_zone)
            .or_else(is_zone)
    };
    // A table without a head has times and texts, if it has times.
    if table.columns.len() == 2 && table.columns.iter().all(String::is_empty) {
        return vec![Some(Column::Time), Some(Column::Text)];
    }
    let mut columns: Vec<_> = table.columns.iter().map(meaning).collect();
    // A second column of one meaning has other values, such as the times in another time zone.
    let all = columns.clone();
    for (index, column) in columns.iter_mut().enumerate() {
        let before = all.get(..index).unwrap_or_default();
        *column = column.filter(|_| !before.contains(column));
    }
    let mut replace = |missing: Column, by: Option<Column>| {
        let is_missing = !columns.contains(&Some(missing));
        let other = columns
            .iter_mut()
            .find(|column| is_missing && **column == by);
        if let Some(other) = other {
            *other = Some(missing);
        }
    };
    // Without a time column, the date column contains the times.
    replace(Column::Time, Some(Column::Date));
    // The text is in a column without a meaning that is no time zone; a table of spans may have none.
    let titles = table.columns.clone();
    let is_text = |index: &usize| {
        titles
            .get(*index)
            .is_some_and(|title| !zone::is_zone(title))
    };
    if !columns.contains(&Some(Column::Text)) && !columns.contains(&Some(Column::End)) {
        let unknown = (0..columns.len()).filter(|index| columns.get(*index) == Some(&None));
        if let Some(column) = { unknown }
            .find(is_text)
            .and_then(|index| columns.get_mut(index))
        {
            *column = Some(Column::Text);
        }
    }
    columns
}

/// Returns `true` if a block is a timeline table.
pub(super) fn is_timeline(block: &Block) -> bool {
    if block.kind != Kind::Table {
        return false;
    }
    let table = block::table(block);
    let columns = columns(&table);
    let has_head = table.columns.iter().any(|title| !title.is_empty());
    (has_head || has_times(block))
        && columns.contains(&Some(Column::Time))
        && columns.contains(&Some(Column::Text))
}

/// Returns `true` if a timeline table has at least two rows with a time of day.
pub(super) fn has_times(block: &Block) -> bool {
    let table = block::table(block);
    let columns = columns(&table).into_iter();
    let time = { columns }.position(|column| column == Some(Column::Time));
    let is_timed = |row: &Vec<String>| {
        let cell = time.and_then(|time| row.get(time)).map(String::as_str);
        cell.and_then(entry_time::leading_time)
            .is_some_and(|(found, _)| found.at.time.is_some())
    };
    table.rows.iter().filter(|(_, row)| is_timed(row)).count() > 1
}

/// Parses a text that is only a time or a span.
fn whole(text: &str) -> Option<EntryTime> {
    let (time, rest) = entry_time::leading_time(text)?;
    rest.trim().is_empty().then_some(time)
}

/// Returns the stage of an update that a row has in the column of its status, with the index of the column.
fn stage<'r>(table: &Table, row: &'r [String]) -> Option<(usize, &'r str)> {
    let is_status = |title: &String| WORDS.columns.actions.get(title) == Some(ActionColumn::Status);
    let index = table.columns.iter().position(is_status)?;
    let cell = row.get(index)?.trim_matches(['*', '_', ' ']);
    WORDS
        .update_stages
        .contains(&folded(cell))
        .then_some((index, cell))
}

/// Imports the rows of a timeline table.
pub(super) fn read(reader: &mut Reader, block: &Block) {
    let table = block::table(block);
    let columns = columns(&table);
    let time = columns
        .iter()
        .position(|column| *column == Some(Column::Time));
    let zone = time.and_then(|index| zone::within(table.columns.get(index)?));
    for (line, row) in &table.rows {
        let cell = |wanted: Column| {
            let index = columns.iter().position(|column| *column == Some(wanted))?;
            row.get(index)
                .map(|cell| cell.trim_matches(['*', '`', ' ']))
                .filter(|cell| !cell.is_empty())
        };
        let when = match (cell(Column::Date), cell(Column::Time)) {
            (Some(date), Some(time)) => format!("{date} {time}"),
            (date, time) => time.or(date).unwrap_or_default().to_owned(),
        };
        let span = cell(Column::End).and_then(|end| whole(&format!("{when} - {end}")));
        let is_span = span.is_some();
        let entry_time = span.or_else(|| whole(&when));
        let index = columns
            .iter()
            .position(|column| *column == Some(Column::Text));
        let text = index
            .and_then(|index| row.get(index))
            .map_or("", String::as_str);
        let entry_time = entry_time.filter(|time| !reader.is_unclear(&when, time));
        let Some(entry_time) = entry_time else {
            if !row.iter().any(|cell| cell.contains(char::is_alphanumeric)) {
                continue;
            }
            // A row without a time continues the one above.
            if when.trim().is_empty() && reader.body(text) {
                continue;
            }
            // A row that is only a day is the day of the rows below.
            if text.is_empty() && reader.day_row(*line, &when) {
                continue;
            }
            reader.draft.note(*line, format!("time not read: `{when}`"));
            let head = table.columns.join(" | ");
            let rule = vec!["---"; table.columns.len()].join(" | ");
            let text = format!("| {head} |\n| {rule} |\n| {} |", row.join(" | "));
            reader.draft.keep_unmapped("Timeline", *line, &text);
            continue;
        };
        if !row.iter().enumerate().any(|(at, cell)| {
            let column = columns.get(at).copied().flatten();
            !matches!(column, Some(Column::Time | Column::Date | Column::End))
                && cell.contains(char::is_alphanumeric)
        }) {
            // A row that is only a date is the date of the rows below.
            match entry_time.at.day.filter(|_| entry_time.at.time.is_none()) {
                Some(day) => reader.set_day(day),
                None => reader.draft.note(
                    *line,
                    format!("time without a text not imported: {}", entry_time.at),
                ),
            }
            continue;
        }
        let column_zone = || zone.map(ToOwned::to_owned);
        let entry_time = EntryTime {
            zone: entry_time.zone.or_else(column_zone),
            until_zone: entry_time.until_zone.or_else(column_zone),
            ..entry_time
        };
        let before = reader.draft.events.len();
        let stage =
            stage(&table, row).filter(|(column, _)| Some(*column) != index && !text.is_empty());
        let staged = stage.map(|(_, stage)| format!("{stage}: {text}"));
        reader.add(*line, &entry_time, staged.as_deref().unwrap_or(text));
        if reader.draft.events.len() == before {
            continue;
        }
        if let (Some(actor), Some(last)) = (cell(Column::Actor), reader.draft.events.last_mut()) {
            last.event.actor = Some(one_line(actor));
        }
        let is_unread = |column: &Option<Column>| match column {
            None => true,
            Some(column) => *column == Column::End && !is_span,
        };
        let others = columns.iter().enumerate().filter(|(index, column)| {
            is_unread(column) && stage.is_none_or(|(stage, _)| stage != *index)
        });
        for (index, _) in others {
            if let (Some(title), Some(value)) = (
                table.columns.get(index),
                row.get(index).filter(|cell| !cell.is_empty()),
            ) {
                reader.body(&format!("{title}: {value}"));
            }
        }
        for extra in row.iter().skip(columns.len()) {
            reader.draft.keep_unmapped("Timeline", *line, extra);
        }
    }
}
