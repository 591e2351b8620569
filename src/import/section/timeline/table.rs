//! A timeline as a table: a column of times, one of what happened, and others.

use super::super::super::block::{self, Block, Kind, Table};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::words::{bracket, folded};
use super::Reader;
use crate::import::moment;

/// What a column holds.
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
    // A table of days has its times there.
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

/// Says whether a block is a table of times.
pub(super) fn is_one(block: &Block) -> bool {
    let columns = if block.kind == Kind::Table {
        columns(&block::table(block))
    } else {
        Vec::new()
    };
    columns.contains(&Column::Time) && columns.contains(&Column::Text)
}

/// Reads the rows of a table of times.
pub(super) fn read(reader: &mut Reader, block: &Block) {
    let table = block::table(block);
    let columns = columns(&table);
    let time = columns.iter().position(|column| *column == Column::Time);
    let zone = time
        .and_then(|place| bracket(table.columns.get(place)?).1)
        .filter(|word| moment::zone(word, None).is_some());
    for (line, row) in &table.rows {
        let cell = |wanted: Column| {
            let place = columns.iter().position(|column| *column == wanted)?;
            row.get(place)
                .map(|cell| cell.trim_matches(['*', '`', ' ']))
                .filter(|cell| !cell.is_empty())
        };
        let when = match (cell(Column::Date), cell(Column::Time)) {
            (Some(date), Some(time)) => format!("{date} {time}"),
            (date, time) => time.or(date).unwrap_or_default().to_owned(),
        };
        let spoken = entry_time::spoken(&when)
            .filter(|(_, rest)| rest.trim().is_empty())
            .map(|(spoken, _)| spoken);
        let place = columns.iter().position(|column| *column == Column::Text);
        let text = place
            .and_then(|place| row.get(place))
            .map_or("", String::as_str);
        let Some(spoken) = spoken else {
            let typed = format!("| {} |", row.join(" | "));
            reader.draft.leave("Timeline", *line, &typed);
            continue;
        };
        let column_zone = || zone.map(ToOwned::to_owned);
        let spoken = EntryTime {
            zone: spoken.zone.or_else(column_zone),
            until_zone: spoken.until_zone.or_else(column_zone),
            ..spoken
        };
        let before = reader.draft.events.len();
        reader.add(*line, &spoken, text);
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
        for (place, _) in others {
            if let (Some(title), Some(value)) = (
                table.columns.get(place),
                row.get(place).filter(|cell| !cell.is_empty()),
            ) {
                reader.body(&format!("{title}: {value}"));
            }
        }
        for more in row.iter().skip(columns.len()) {
            reader.draft.leave("Timeline", *line, more);
        }
    }
}
