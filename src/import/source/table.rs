//! Tables: CSV, TSV, and JSON objects in lines, with columns that are named by the settings or by their usual names.

use serde_json::{Map, Value};

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::config::CsvSettings;
use crate::kind::Line;
use crate::source::csv::Table;
use crate::timeline::{EventKind, Mark};

/// Tables.
pub const IMPORTER: Importer = Importer {
    name: "Table",
    prefix: "table",
    shape: "CSV, TSV or JSON lines with a column for the time (`at`, `time`, `timestamp`, `date`) and one for the text (`text`, `message`, `description`)",
    recognizes: |_| false,
    read,
    repeats_ids: true,
    ..PLAIN
};

const AT: &[&str] = &[
    "at",
    "datetime",
    "date_time",
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "occurred_at",
    "created_at",
    "start",
    "started_at",
    "started",
    "date",
    "when",
];
const UNTIL: &[&str] = &["until", "ended_at", "end", "end_time", "ended"];
const TEXT: &[&str] = &[
    "text",
    "message",
    "description",
    "event",
    "summary",
    "note",
    "details",
    "title",
    "comment",
    "what",
];
const ACTOR: &[&str] = &["actor", "user", "author", "owner", "who", "person", "name"];
const KIND: &[&str] = &["kind", "type", "category", "event_type"];
const URL: &[&str] = &["url", "link", "permalink", "href"];
const SOURCE: &[&str] = &["source", "system"];
const ID: &[&str] = &["id", "uuid", "event_id", "key"];

/// Parses a table with a header row; each row becomes an object.
///
/// # Errors
/// Returns an error if the text has no header with at least two columns.
pub fn parse(text: &str) -> Result<Vec<Value>, String> {
    // Excel states the separator in a line of its own.
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.trim_end().len() < 6 && first.starts_with("sep=") => rest,
        _ => text,
    };
    let table = Table::parse(text).map_err(|error| {
        let at = error.span.map_or(0, |span| span.start);
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        format!("invalid table, line {line}: {}", error.message)
    })?;
    if table.header.len() < 2 {
        return Err("neither JSON nor a table with a header row".to_owned());
    }
    let columns: Vec<String> = table.header.iter().map(|cell| normal(&cell.text)).collect();
    let rows = table.rows.iter().map(|row| {
        let cells = columns.iter().zip(row);
        let row: Map<String, Value> = cells
            .map(|(column, cell)| (column.clone(), Value::from(&*cell.text)))
            .collect();
        Value::Object(row)
    });
    Ok(rows.collect())
}

/// Returns the name of a column as it is looked for: `Occurred At` is `occurred_at`.
fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-', '.'], "_")
}

/// Returns the value of the column that the settings name, else of the first usual one.
fn cell<'a>(row: Item<'a>, set: Option<&str>, usual: &[&str]) -> Option<Item<'a>> {
    let find = |name: &str| {
        let row = row.0.as_object()?;
        let (_, value) = row.iter().find(|(key, _)| normal(key) == name)?;
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        (!is_blank && !value.is_null()).then_some(Item(value))
    };
    match set {
        Some(name) => find(&normal(name)),
        None => usual.iter().find_map(|name| find(name)),
    }
}

fn shown(item: Option<Item>) -> Option<String> {
    match item?.0 {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns `true` for a row that has the columns of an event.
pub fn is_row(row: Item, settings: &CsvSettings) -> bool {
    has_column(row, settings.at.as_deref(), AT) && has_column(row, settings.text.as_deref(), TEXT)
}

fn has_column(row: Item, set: Option<&str>, usual: &[&str]) -> bool {
    let mut names = names(row).map(normal);
    match set {
        Some(name) => names.any(|known| known == normal(name)),
        None => names.any(|known| usual.contains(&known.as_str())),
    }
}

fn names(row: Item<'_>) -> impl Iterator<Item = &str> {
    let cells = row.0.as_object().into_iter().flatten();
    cells.map(|(name, _)| name.as_str())
}

/// Describes the column that a table lacks; `None` if it has those of an event.
pub fn missing(rows: &[Value], settings: &CsvSettings) -> Option<String> {
    let first = Item(rows.first()?);
    let column = |what, key, set: &Option<Line>, usual| {
        let lacks = !has_column(first, set.as_deref(), usual);
        lacks.then(|| {
            (
                what,
                key,
                set.as_deref().map(str::to_owned),
                usual.join("`, `"),
            )
        })
    };
    let (what, key, set, usual) = column("time", "at", &settings.at, AT)
        .or_else(|| column("text", "text", &settings.text, TEXT))?;
    let wanted = set.map_or(format!("one of `{usual}`"), |name| {
        format!("`{name}`, as set")
    });
    let names: Vec<String> = names(first).map(|name| format!("`{name}`")).collect();
    Some(format!(
        "a table without a column for the {what}; its columns are {}; expected {wanted}; set `{key}` in `[import.csv]` to the name of the column",
        names.join(", ")
    ))
}

fn read(item: Item, reading: &mut Reading) {
    let settings = reading.settings.config.csv.clone();
    let zone = reading.settings.zone.or(settings.tz);
    let time = |found: Option<Item>, day: Option<&str>| match (found, day) {
        (Some(found), Some(day)) => match found.0.as_str() {
            // A time of day in one column, its date in another.
            Some(time) if time.contains(':') && !time.contains(['-', '/']) => {
                super::time::parse(&format!("{day} {}", time.trim()), zone)
            }
            _ => super::time::moment(found.0, zone),
        },
        (Some(found), None) => super::time::moment(found.0, zone),
        (None, _) => Err("no time"),
    };
    let day = shown(cell(item, settings.date.as_deref(), &["date", "day"]));
    let read = time(cell(item, settings.at.as_deref(), AT), day.as_deref());
    if let Err(reason) = read {
        reading.reason = reason;
    }
    let text = shown(cell(item, settings.text.as_deref(), TEXT)).unwrap_or_default();
    let kind = shown(cell(item, settings.kind.as_deref(), KIND)).and_then(|kind| kind_named(&kind));
    let actor = shown(cell(item, settings.actor.as_deref(), ACTOR));
    let url = shown(cell(item, settings.url.as_deref(), URL));
    let until = time(cell(item, settings.until.as_deref(), UNTIL), day.as_deref()).ok();
    let own = shown(cell(item, settings.id.as_deref(), ID));
    let group = shown(cell(item, None, SOURCE));
    reading.add(read.ok(), Markup::Plain(text), |at, text| {
        // Without an ID of its own, a row is the same as long as its time, text and actor are.
        let digest = || super::alertmanager::short_digest(&format!("{:?}{text:?}{actor:?}", at.at));
        let mut draft = Draft::new(
            own.unwrap_or_else(digest),
            at,
            kind.unwrap_or_default(),
            text,
        )
        .by([actor.as_deref()])
        .at_url(url.as_deref())
        .in_group(group);
        draft.until = until.filter(|end| end.at > at.at);
        let is_mitigation = draft.kind == EventKind::Mitigation;
        draft
            .marking_first()
            .marking_if(is_mitigation, Mark::Mitigated, "the first mitigation")
    });
}

/// Returns the kind of this name, as timelines and other tools write it.
fn kind_named(name: &str) -> Option<EventKind> {
    Some(match normal(name).as_str() {
        "alert" | "alerts" | "detection" => EventKind::Alert,
        "page" | "escalation" => EventKind::Page,
        "ack" | "acknowledged" | "acknowledgement" => EventKind::Ack,
        "diagnosis" => EventKind::Diagnosis,
        "action" | "task" => EventKind::Action,
        "mitigation" => EventKind::Mitigation,
        "deploy" | "deployment" | "release" => EventKind::Deploy,
        "communication" | "comms" | "status_update" => EventKind::Communication,
        "monitoring" => EventKind::Monitoring,
        "verified" => EventKind::Verified,
        "closed" => EventKind::Closed,
        _ => return None,
    })
}
