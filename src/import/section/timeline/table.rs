//! Imports a timeline that is a table with a time column, a text column and others.

use super::super::super::block::{self, Block, Kind, Table};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::words::{bracket, folded};
use super::Reader;
use crate::import::moment;

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Date,
    Time,
    Text,
    Actor,
    Other,
}

fn column(title: &str) -> Column {
    match folded(bracket(title).0).as_str() {
        "date" | "day" => Column::Date,
        "time" | "times" | "timestamp" | "when" | "at" | "date time" | "datetime"
        | "date and time" | "time utc" => Column::Time,
        "event" | "events" | "description" | "what" | "what happened" | "details" | "action"
        | "update" | "activity" | "message" | "entry" => Column::Text,
        "who" | "actor" | "person" | "by" | "author" | "owner" | "responder" => Column::Actor,
        _ => Column::Other,
    }
}

fn columns(table: &Table) -> Vec<Column> {
    let mut columns: Vec<Column> = table.columns.iter().map(|title| column(title)).collect();
    // Without a time column, the date column contains the times.
    if !columns.contains(&Column::Time)
        && let Some(date) = columns.iter_mut().find(|column| **column == Column::Date)
    {
        *date = Column::Time;
    }
    if !columns.contains(&Column::Text)
        && let Some(other) = columns.iter_mut().find(|column| **column == Column::Other)
    {
        *other = Column::Text;
    }
    columns
}

/// Returns `true` if a block is a timeline table.
pub(super) fn is_timeline(block: &Block) -> bool {
    let columns = if block.kind == Kind::Table {
        columns(&block::table(block))
    } else {
        Vec::new()
    };
    columns.contains(&Column::Time) && columns.contains(&Column::Text)
}

/// Imports the rows of a timeline table.
pub(super) fn read(reader: &mut Reader, block: &Block) {
    let table = block::table(block);
    let columns = columns(&table);
    let time = columns.iter().position(|column| *column == Column::Time);
    let zone = time
        .and_then(|index| bracket(table.columns.get(index)?).1)
        .filter(|name| moment::zone(name, None).is_some());
    for (line, row) in &table.rows {
        let cell = |wanted: Column| {
            let index = columns.iter().position(|column| *column == wanted)?;
            row.get(index)
                .map(|cell| cell.trim_matches(['*', '`', ' ']))
                .filter(|cell| !cell.is_empty())
        };
        let when = match (cell(Column::Date), cell(Column::Time)) {
            (Some(date), Some(time)) => format!("{date} {time}"),
            (date, time) => time.or(date).unwrap_or_default().to_owned(),
        };
        let entry_time = entry_time::leading_time(&when)
            .filter(|(_, rest)| rest.trim().is_empty())
            .map(|(entry_time, _)| entry_time);
        let index = columns.iter().position(|column| *column == Column::Text);
        let text = index
            .and_then(|index| row.get(index))
            .map_or("", String::as_str);
        let Some(entry_time) = entry_time else {
            let text = format!("| {} |", row.join(" | "));
            reader.draft.keep_unmapped("Timeline", *line, &text);
            continue;
        };
        let column_zone = || zone.map(ToOwned::to_owned);
        let entry_time = EntryTime {
            zone: entry_time.zone.or_else(column_zone),
            until_zone: entry_time.until_zone.or_else(column_zone),
            ..entry_time
        };
        let before = reader.draft.events.len();
        reader.add(*line, &entry_time, text);
        if reader.draft.events.len() == before {
            continue;
        }
        if let (Some(actor), Some(last)) = (cell(Column::Actor), reader.draft.events.last_mut()) {
            last.actor = Some(actor.to_owned());
        }
        let others = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| **column == Column::Other);
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
