//! `memory.toml`: data about the memory entry of each incident, such as its use count.
//!
//! People may edit the file, so changes are applied to its text key by key and comments are
//! kept. Recording a use changes this file and no other.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use super::incident::ConvertedEntry;
use super::read::Entry;
use super::{EntryForm, incident_digest, without_numbers};
use crate::archive::{Phrases, Record, words};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::edit::toml::{TomlText, lines_of};
use crate::facts::Facts;
use crate::incident::Kind;
use crate::kind::{Block, Day, Line, Pairs};
use crate::load;
use crate::moment::{parse_day, rfc3339};
use crate::source::{Limits, Member, Path, Source, Syntax};
use crate::view::memory::MemoryEntrySummary;
use crate::view::slug::Slugs;

/// The path of the file, next to `afterword.toml`.
pub const LEDGER: &str = "memory.toml";

const HEAD: &str =
    "# Data of `afterword memory` about each incident; recording a use changes only this file.\n";

/// The rows of all incidents, by ID.
pub type Ledger = Pairs<Row>;

/// The name style of new entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Style {
    /// `INC-2025-0023-database-pool`; safe for the format's own tools.
    #[default]
    OneWord,
    /// `INC-2025-0023 database-pool`; as in the format's template.
    TwoWord,
}

/// The data about the memory entry of one incident.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The timestamp of the entry: `2025-01-05T16:00:00Z`.
    pub written_at: Line,
    /// The name after the timestamp in the entry's header.
    pub name: Line,
    /// The form of the entry.
    #[serde(default)]
    pub form: EntryForm,
    /// The path of the memory archive, if the entry was archived.
    pub archived_to: Option<Line>,
    /// The key learning of a summarized entry; `None` means the incident's first learning.
    pub key_learning: Option<Block>,
    /// The number of uses.
    #[serde(default)]
    pub used: u32,
    /// The date of the last use.
    pub last_used: Option<Day>,
    /// Whether the entry is protected from archiving.
    #[serde(default)]
    pub pinned: bool,
    /// The status: `active`, `stale`, `deprecated` or any other word.
    pub status: Option<Line>,
    /// The schema version of the entry.
    #[serde(default = "first_version")]
    pub schema_version: u32,
    /// The other `- key: value` lines of the entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Line>,
    /// The digest of the incident's files at the time the entry was written.
    pub incident: Option<Line>,
    /// The digest of the entry's text at that time.
    pub entry: Option<Line>,
}

fn first_version() -> u32 {
    1
}

impl Row {
    /// Creates the row of an incident that has no entry yet.
    ///
    /// Its timestamp is the incident's end, so that exports are reproducible. Returns `None` if
    /// the incident is open, has no recorded end, or is neither an incident nor a near miss.
    #[must_use]
    pub fn new(record: &Record, config: &Config, style: Style) -> Option<Self> {
        let facts = Facts::compute(record, config);
        let has_ended = !facts.status.is_open();
        let is_counted = matches!(record.incident.kind, Kind::Incident | Kind::NearMiss);
        let end = facts.ended.filter(|_| has_ended && is_counted)?;
        let title = &*record.incident.title;
        let slugs = Slugs::from_names([title]);
        let slug = slugs.get(title).unwrap_or_default();
        let name = match style {
            // A leading number would be parsed as part of the ID.
            Style::OneWord => match without_numbers(slug) {
                "" => record.id.clone(),
                words => format!("{}-{words}", record.id),
            },
            Style::TwoWord => format!("{} {slug}", record.id),
        };
        let stamp = rfc3339(end.moment.at);
        Some(Self {
            written_at: Line::new(stamp).ok()?,
            name: Line::new(name).ok()?,
            form: EntryForm::Full,
            archived_to: None,
            key_learning: None,
            used: 0,
            last_used: None,
            pinned: false,
            status: None,
            schema_version: 1,
            unknown: Vec::new(),
            incident: Line::new(incident_digest(record)).ok(),
            entry: None,
        })
    }

    /// Creates the row of an incident that was converted from an entry.
    ///
    /// # Errors
    /// Returns the line of an invalid value and a message.
    pub fn from_entry(entry: &Entry, converted: &ConvertedEntry) -> Result<Self, (usize, String)> {
        let text = |key: &str| entry.metadata.iter().find(|meta| meta.key == key);
        let number = |key: &str, default: u32| match text(key) {
            Some(meta) if !meta.value.is_empty() => meta
                .value
                .parse()
                .map_err(|_| (meta.line, format!("invalid count `{}`", meta.value))),
            _ => Ok(default),
        };
        let last_used = match text("last_used").filter(|meta| !meta.value.is_empty()) {
            Some(meta) => Some(parse_day(meta.value).map_err(|reason| (meta.line, reason))?),
            None => None,
        };
        let pinned = match text("pinned") {
            Some(meta) if !matches!(meta.value, "" | "true" | "false") => {
                let message = format!("expected `true` or `false`, found `{}`", meta.value);
                return Err((meta.line, message));
            }
            meta => meta.is_some_and(|meta| meta.value == "true"),
        };
        let others = entry
            .metadata
            .iter()
            .filter(|meta| !KNOWN.contains(&meta.key));
        let others = others.map(|meta| line(format!("- {}: {}", meta.key, meta.value)));
        let line_of = |key: &str| entry.get(key).map(line).transpose();
        let at_header = |reason| (entry.line, reason);
        let timeline = converted.timeline_text();
        let timeline = timeline.as_deref().map(super::digest);
        let incident = super::digest(&converted.incident_text());
        let incident = super::files_digest(&incident, timeline.as_deref());
        Ok(Self {
            written_at: line(entry.stamp).map_err(at_header)?,
            name: line(entry.name).map_err(at_header)?,
            form: entry.form,
            archived_to: line_of("archived_to").map_err(at_header)?,
            key_learning: super::incident::key_learning(entry)
                .map(Block::new)
                .transpose()
                .map_err(at_header)?,
            used: number("used", 0)?,
            last_used: last_used.map(Day),
            pinned,
            status: line_of("status").map_err(at_header)?,
            schema_version: number("schema_version", 1)?,
            unknown: others.collect::<Result<_, _>>().map_err(at_header)?,
            incident: line(incident).ok(),
            entry: line(entry.digest()).ok(),
        })
    }

    /// Returns the row without redacted phrases.
    #[must_use]
    pub fn redacted(self, phrases: &Phrases) -> Self {
        let text = |text: String| phrases.replaced_in_text(&text).unwrap_or(text);
        let line = |line: Line| match phrases.replaced_in_text(&line) {
            Some(new) => Line::new(new).unwrap_or(line),
            None => line,
        };
        let name = phrases.replaced_in_name(&self.name);
        let name = name.and_then(|name| Line::new(name).ok());
        Self {
            name: name.unwrap_or(self.name),
            key_learning: (self.key_learning)
                .and_then(|learning| Block::new(text(learning.to_string())).ok()),
            unknown: self.unknown.into_iter().map(line).collect(),
            ..self
        }
    }
}

/// The keys of an entry that are not kept in `unknown`.
const KNOWN: &[&str] = &[
    "type",
    "tags",
    "used",
    "last_used",
    "pinned",
    "status",
    "schema_version",
    "archived_to",
];

fn line(text: impl Into<String>) -> Result<Line, String> {
    Line::new(text)
}

/// Returns the data that a page shows about each entry.
#[must_use]
pub fn entry_summaries(ledger: &Ledger) -> Vec<MemoryEntrySummary> {
    let rows = ledger.0.iter();
    rows.map(|(id, row)| MemoryEntrySummary {
        id: id.to_string(),
        written_at: row.written_at.to_string(),
        form: row.form.label(),
        used: row.used,
        last_used: row.last_used.map(|day| day.0.to_string()),
        pinned: row.pinned,
        learning: row
            .key_learning
            .as_ref()
            .map(|learning| words(learning).into_owned()),
    })
    .collect()
}

/// Parses `memory.toml`.
///
/// # Errors
/// Returns all problems of the file.
pub fn parse(source: &Source) -> Result<Ledger, Vec<Diagnostic>> {
    load::typed(source, schema, &Limits::default())
}

fn schema() -> &'static serde_json::Value {
    static SCHEMA: OnceLock<serde_json::Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        SchemaSettings::draft07()
            .into_generator()
            .into_root_schema_for::<Ledger>()
            .to_value()
    })
}

/// Returns the text of the file with rows changed or added.
///
/// Returns `None` if the layout of the file does not permit such changes.
#[must_use]
pub fn updated(source: Option<&Source>, rows: &[(&str, &Row)]) -> Option<String> {
    let text = source.map_or(HEAD, Source::text);
    let (tree, problems) = Syntax::Toml.tree(text);
    let tables = tree.members().iter();
    let tables: BTreeMap<&str, &Member> = tables.map(|table| (table.key.as_ref(), table)).collect();
    let (mut edits, mut added) = (Vec::new(), String::new());
    for (id, row) in rows {
        match tables.get(id) {
            Some(table) => {
                let span = lines_of(text, table);
                edits.push((span.start, span.end, with_row(span.slice(text), id, row)?));
            }
            None => added.push_str(&format!("\n{}\n", with_row("", id, row)?)),
        }
    }
    edits.sort();
    let mut changed = String::with_capacity(text.len() + added.len());
    let mut at = 0;
    for (start, end, new) in edits {
        changed.push_str(text.get(at..start)?);
        changed.push_str(&new);
        at = end;
    }
    changed.push_str(text.get(at..)?);
    if !added.is_empty() && !changed.ends_with('\n') {
        changed.push('\n');
    }
    changed.push_str(&added);
    // Parse the result, so that an unexpected layout cannot lose a count.
    let ledger = parse(&Source::new(LEDGER, &changed)).ok()?;
    let parsed: BTreeMap<&str, &Row> = ledger.0.iter().map(|(id, row)| (&**id, row)).collect();
    let is_complete = rows.iter().all(|(id, row)| parsed.get(id) == Some(row));
    (is_complete && problems.is_empty()).then_some(changed)
}

/// Returns a part of the file, which has at most one row, with the values of a row.
fn with_row(part: &str, id: &str, row: &Row) -> Option<String> {
    let path = Path::new().key(id);
    let mut text = TomlText::new(part);
    let new = serde_json::to_value(row).ok()?;
    let old = parse(&Source::new(LEDGER, part)).ok()?.0.pop();
    let Some((_, old)) = old else {
        text.set(&path, new).ok()?;
        return Some(text.text().to_owned());
    };
    let old = serde_json::to_value(old).ok()?;
    let keys = [&new, &old].map(|row| row.as_object().into_iter().flat_map(Map::keys));
    for key in keys.into_iter().flatten() {
        let path = path.clone().key(key);
        let done = match new.get(key).filter(|value| !value.is_null()) {
            value if value == old.get(key) => Ok(()),
            Some(value) => text.set(&path, value),
            None => text.remove(&path),
        };
        done.ok()?;
    }
    Some(text.text().to_owned())
}
