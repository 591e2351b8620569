//! `memory.toml`: what the memory counts and words in its own way, by incident.
//!
//! It is a file that people may edit: a change here is made to its text, key by key, so
//! what they wrote stays. Counting a use changes this file and no other.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;

use super::incident::Made;
use super::read::Entry;
use super::{EntryForm, incident_digest, is_number};
use crate::archive::Record;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::facts::Facts;
use crate::incident::Kind;
use crate::kind::{Block, Day, Line, Pairs};
use crate::load::{self, strict};
use crate::moment::parse_day;
use crate::source::limits::Limits;
use crate::source::{Node, Source, Value};
use crate::view::memory::MemoryEntrySummary;
use crate::view::slug::Slugs;

/// The file, beside the settings.
pub const LEDGER: &str = "memory.toml";

const HEAD: &str =
    "# What `afterword memory` keeps of each incident; counting a use changes only this file.\n";

/// What is kept of each incident.
pub type Ledger = Pairs<Row>;

/// How the names of new entries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Style {
    /// `INC-2025-0023-database-pool`, which the format's own tools keep.
    #[default]
    OneWord,
    /// `INC-2025-0023 database-pool`, as the format's template has it.
    TwoWord,
}

/// What is kept of one incident.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// When its entry was written: `2025-01-05T16:00:00Z`.
    pub written_at: Line,
    /// What stands behind that in the entry's header.
    pub name: Line,
    /// How much the entry tells.
    #[serde(default)]
    pub form: EntryForm,
    /// Where the full entry is, once it was archived.
    pub archived_to: Option<Line>,
    /// What was learned, as a summarized entry says it; the first of the learnings when absent.
    pub key_learning: Option<Block>,
    /// How often it helped.
    #[serde(default)]
    pub used: u32,
    /// The day on which it last helped.
    pub last_used: Option<Day>,
    /// Whether it is never archived for lack of use.
    #[serde(default)]
    pub pinned: bool,
    /// `active`, `stale`, `deprecated` or another word.
    pub status: Option<Line>,
    /// The version of the entry's form.
    #[serde(default = "first_version")]
    pub schema_version: u32,
    /// Its other `- key: value` lines.
    #[serde(default)]
    pub unknown: Vec<Line>,
    /// The digest of the incident's files when the entry was written.
    pub incident: Option<Line>,
    /// The digest of what the entry told then.
    pub entry: Option<Line>,
}

fn first_version() -> u32 {
    1
}

impl Row {
    /// Gives what is kept of an incident that has no entry yet.
    ///
    /// It is stamped with its end, so that an export gives the same bytes tomorrow. Nothing
    /// for what goes on, was planned or practised, or has no end.
    #[must_use]
    pub fn new(record: &Record, config: &Config, style: Style) -> Option<Self> {
        let facts = Facts::compute(record, config);
        let over = !facts.status.is_open();
        let counted = matches!(record.incident.kind, Kind::Incident | Kind::NearMiss);
        let end = facts.ended.filter(|_| over && counted)?;
        let title = &*record.incident.title;
        let slugs = Slugs::from_names([title]);
        let slug = slugs.get(title).unwrap_or_default();
        let name = match style {
            // A number in front would be read as one of the id's.
            Style::OneWord => {
                let words = slug.split('-').skip_while(|word| is_number(word));
                let words = std::iter::once(record.id.as_str()).chain(words);
                words.collect::<Vec<_>>().join("-")
            }
            Style::TwoWord => format!("{} {slug}", record.id),
        };
        let stamp = end.moment.at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
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

    /// Gives what is kept of an incident that was made of an entry.
    ///
    /// # Errors
    /// Names the line of a value that is not of its kind, and what is wrong with it.
    pub fn from_entry(entry: &Entry, made: &Made) -> Result<Self, (usize, String)> {
        let text = |key: &str| entry.metadata.iter().find(|meta| meta.key == key);
        let number = |key: &str, default: u32| match text(key) {
            Some(meta) if !meta.value.is_empty() => meta
                .value
                .parse()
                .map_err(|_| (meta.line, format!("`{}` is no count", meta.value))),
            _ => Ok(default),
        };
        let last_used = match text("last_used").filter(|meta| !meta.value.is_empty()) {
            Some(meta) => Some(parse_day(meta.value).map_err(|reason| (meta.line, reason))?),
            None => None,
        };
        let pinned = match text("pinned") {
            Some(meta) if !matches!(meta.value, "" | "true" | "false") => {
                let message = format!("`{}` is neither `true` nor `false`", meta.value);
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
        let timeline = made.timeline.as_deref().map(super::digest);
        let incident = super::files_digest(&super::digest(&made.incident), timeline.as_deref());
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

    /// Gives its keys with their values as TOML; absent ones are left out.
    fn keys(&self) -> Vec<(&'static str, String)> {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let word = |line: &Option<Line>| line.as_deref().map(quoted);
        let unknown: Vec<String> = self.unknown.iter().map(|line| quoted(line)).collect();
        let keys = [
            ("written_at", Some(quoted(&self.written_at))),
            ("name", Some(quoted(&self.name))),
            ("form", Some(quoted(self.form.as_str()))),
            ("archived_to", word(&self.archived_to)),
            ("key_learning", self.key_learning.as_deref().map(quoted)),
            ("used", Some(self.used.to_string())),
            ("last_used", self.last_used.map(|day| day.0.to_string())),
            ("pinned", Some(self.pinned.to_string())),
            ("status", word(&self.status)),
            ("schema_version", Some(self.schema_version.to_string())),
            (
                "unknown",
                (!unknown.is_empty()).then(|| format!("[{}]", unknown.join(", "))),
            ),
            ("incident", word(&self.incident)),
            ("entry", word(&self.entry)),
        ];
        let keys = keys.into_iter();
        keys.filter_map(|(key, value)| Some((key, value?)))
            .collect()
    }
}

/// The keys of an entry that have a place of their own.
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

/// Gives what a page shows of each incident's entry.
#[must_use]
pub fn remembered(ledger: &Ledger) -> Vec<MemoryEntrySummary> {
    let rows = ledger.0.iter();
    rows.map(|(id, row)| MemoryEntrySummary {
        id: id.to_string(),
        written_at: row.written_at.to_string(),
        form: row.form.label(),
        used: row.used,
        last_used: row.last_used.map(|day| day.0.to_string()),
        pinned: row.pinned,
        learning: row.key_learning.as_ref().map(ToString::to_string),
    })
    .collect()
}

/// Reads the file.
///
/// # Errors
/// Names every fault of it.
pub fn read(source: &Source) -> Result<Ledger, Vec<Diagnostic>> {
    load::typed(source, schema, strict::toml, &Limits::default())
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

/// Gives the file's text with what is kept of some incidents changed or added.
///
/// Nothing when the text has a layout in which that cannot be done.
#[must_use]
pub fn with(source: Option<&Source>, rows: &[(&str, &Row)]) -> Option<String> {
    let text = source.map_or(HEAD, Source::text);
    let (tree, faults) = Source::new(LEDGER, text).syntax().tree(text);
    let Value::Table(tables) = &tree.value else {
        return None;
    };
    let tables: BTreeMap<&str, &Node> = tables
        .iter()
        .map(|table| (table.key.as_str(), &table.node))
        .collect();
    let (mut edits, mut added) = (Vec::new(), String::new());
    for (id, row) in rows {
        match tables.get(id) {
            Some(table) => edits.extend(changes(text, table, row)?),
            None => {
                let lines: Vec<String> = row.keys().iter().map(assignment).collect();
                added.push_str(&format!("\n[{id}]\n{}", lines.concat()));
            }
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
    // A layout that nobody foresaw must not lose a count.
    let ledger = read(&Source::new(LEDGER, &changed)).ok()?;
    let read: BTreeMap<&str, &Row> = ledger.0.iter().map(|(id, row)| (&**id, row)).collect();
    let kept = rows.iter().all(|(id, row)| read.get(id) == Some(row));
    (kept && faults.is_empty()).then_some(changed)
}

/// Gives the changes of a table's text that make it say a row.
fn changes(text: &str, table: &Node, row: &Row) -> Option<Vec<(usize, usize, String)>> {
    let Value::Table(members) = &table.value else {
        return None;
    };
    let wanted = row.keys();
    let mut edits = Vec::new();
    let mut added = String::new();
    for pair in &wanted {
        match members.iter().find(|member| member.key == pair.0) {
            Some(member) => {
                let span = member.node.span;
                edits.push((span.start, span.end, pair.1.clone()));
            }
            None => added.push_str(&assignment(pair)),
        }
    }
    for member in members {
        if !wanted.iter().any(|(key, _)| *key == member.key) {
            let start = text.get(..member.key_span.start)?.rfind('\n')? + 1;
            let end = next_line(text, member.node.span.end);
            edits.push((start, end, String::new()));
        }
    }
    if !added.is_empty() {
        let last = members.iter().map(|member| member.node.span.end).max()?;
        let end = next_line(text, last);
        let breaks = text.get(..end)?.ends_with('\n');
        edits.push((end, end, if breaks { added } else { format!("\n{added}") }));
    }
    Some(edits)
}

fn assignment(pair: &(&str, String)) -> String {
    format!("{} = {}\n", pair.0, pair.1)
}

fn next_line(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |at| from + at + 1)
}
