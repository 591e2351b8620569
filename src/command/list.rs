//! `afterword list`: lists the incidents, newest first.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use camino::Utf8Path;
use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::columns::columns;
use super::summaries::ListedArchive;
use super::terminal::remark;
use super::{Outcome, or_meant, print, root, unread_line};
use crate::audience::Audience;
use crate::facts::Summary;
use crate::kind::{Role, Visit};
use crate::load::{self, Loaded};
use crate::source;
use crate::view::row::{Listing, RowView};

/// The arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Show only open incidents.
    #[arg(long)]
    open: bool,

    /// Show only incidents of these severities, such as `P1,P2`.
    #[arg(long, value_name = "SEVERITY", value_delimiter = ',')]
    severity: Vec<String>,

    /// Show only incidents that affected this service; give the option again for another.
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,

    /// Show only incidents with this tag; give the option again for another.
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,

    /// Show only incidents with this value of a field that is `counted`, as in `--field region=EU`; give the option again
    /// for another.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    field: Vec<(String, String)>,

    /// Show only incidents that started on this date or later, such as `2026-03-31` or `-30d`.
    #[arg(long, value_name = "DATE", value_parser = super::past_day, allow_hyphen_values = true)]
    since: Option<NaiveDate>,

    /// Show only incidents whose texts contain each of these words, as in `--text "pool timeout"`.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,

    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// An output format for incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Table,
    Json,
}

#[derive(Serialize)]
struct Listed<'a> {
    incidents: Vec<ListedIncident<'a>>,
    /// The IDs of incidents that cannot be read, so that it is unknown whether they belong to the list.
    unreadable: &'a BTreeSet<String>,
}

#[derive(Serialize)]
struct ListedIncident<'a> {
    id: &'a str,
    title: &'a str,
    kind: &'a str,
    severity: Option<&'a str>,
    status: &'a str,
    /// Whether its times are contradicted, so that its status and start may be wrong.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    has_errors: bool,
    classification: &'static str,
    started: Option<String>,
    services: &'a [String],
    tags: &'a [String],
    open_actions: usize,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'a str, &'a [String]>,
    file: &'a Utf8Path,
    timeline: Option<&'a Utf8Path>,
}

/// Prints the incidents.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let ListedArchive {
        loaded,
        summaries,
        broken,
        contradicted,
        errors,
    } = ListedArchive::read(&root, Audience::Confidential)?;
    let config = &loaded.archive.config;
    let listing = Listing::new(&summaries, config, Audience::Confidential);
    let counted = config.fields.0.iter().filter(|(_, field)| field.counted);
    let counted: Vec<&str> = counted.map(|(key, _)| &**key).collect();
    if let Some((key, _)) = (arguments.field.iter()).find(|(key, _)| !counted.contains(&&**key)) {
        let near = source::did_you_mean(key, counted);
        let help =
            near.unwrap_or_else(|| "set `counted = true` in its `[fields]` table".to_owned());
        bail!("no field `{key}` is counted: {help}");
    }
    arguments.note_unknown(&listing);
    let wanted = listing.summaries.par_iter().copied();
    let wanted: Vec<&Summary> = wanted
        .filter(|summary| arguments.wants(summary))
        .filter(|summary| match &arguments.text {
            Some(text) => contains(&root, &loaded, &listing.row(summary), summary, text),
            None => true,
        })
        .collect();
    let text = match arguments.format {
        Format::Table => table(&listing, &wanted, &contradicted) + &unread_line(&broken),
        Format::Json => json(&listing, &wanted, &broken, &contradicted)? + "\n",
    };
    print(&text)?;
    Ok(if errors {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

impl Arguments {
    fn wants(&self, summary: &Summary) -> bool {
        let is_open = summary.course.status.is_open() && !summary.is_superseded;
        let has = |wanted: &[String], own: &[String]| {
            let is = |wanted: &String| own.iter().any(|own| same(own, wanted));
            wanted.is_empty() || wanted.iter().any(is)
        };
        let severity: Vec<String> = summary.severity.iter().cloned().collect();
        let since = |since: NaiveDate| summary.day.is_some_and(|day| day >= since);
        (is_open || !self.open)
            && has(&self.severity, &severity)
            && has(&self.service, &summary.services)
            && has(&self.tag, &summary.tags)
            && self
                .fields()
                .iter()
                .all(|(key, values)| has(values, summary.field(key)))
            && self.since.is_none_or(since)
    }

    /// Returns the wanted values of each field.
    fn fields(&self) -> BTreeMap<&str, Vec<String>> {
        let mut fields: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (key, value) in &self.field {
            fields.entry(key).or_default().push(value.clone());
        }
        fields
    }

    /// Prints a note for each value that no incident has, so that a mistyped name does not look like good news.
    fn note_unknown(&self, listing: &Listing) {
        let all = || listing.summaries.iter();
        let severities: Vec<&str> = all()
            .filter_map(|summary| summary.severity.as_deref())
            .collect();
        let services = all().flat_map(|summary| &summary.services);
        let tags = all().flat_map(|summary| &summary.tags);
        note_unknown("severity", &self.severity, severities.into_iter());
        note_unknown("service", &self.service, services.map(String::as_str));
        note_unknown("tag", &self.tag, tags.map(String::as_str));
        for (key, values) in self.fields() {
            let known = all().flat_map(|summary| summary.field(key));
            note_unknown(key, &values, known.map(String::as_str));
        }
    }
}

/// Parses a field and its value.
fn field(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = parts.ok_or("write a field and its value, as in `region=EU`")?;
    Ok((key.to_owned(), value.to_owned()))
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn note_unknown<'a>(what: &str, wanted: &[String], known: impl Iterator<Item = &'a str>) {
    if wanted.is_empty() {
        return;
    }
    let known: BTreeSet<&str> = known.collect();
    for wanted in wanted {
        if !known.iter().any(|known| same(known, wanted)) {
            let near = or_meant(wanted, known.iter().copied());
            remark(&format!(
                "note: no incident has the {what} `{wanted}`{near}"
            ));
        }
    }
}

/// Returns `true` if the list row or the texts of an incident contain each word of a text, in any case.
fn contains(
    root: &Utf8Path,
    loaded: &Loaded,
    row: &RowView,
    summary: &Summary,
    text: &str,
) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let mut missing: Vec<&str> = words.iter().map(String::as_str).collect();
    missing.retain(|word| !row.filter.contains(word));
    if missing.is_empty() {
        return true;
    }
    // Most incidents have none of the words anywhere in their files, so few are loaded.
    let source = &summary.source;
    let files = [Some(&source.incident), source.timeline.as_ref()];
    let bytes = files.into_iter().flatten();
    let bytes = bytes.filter_map(|path| load::referred_file(root, path).ok());
    let all: Vec<u8> = bytes.flatten().collect();
    let raw = String::from_utf8_lossy(&all).to_lowercase();
    // An escaped character may be a part of any word.
    let may_contain = |word: &&str| raw.contains(word) || raw.contains("\\u");
    if !missing.iter().all(may_contain) {
        return false;
    }
    let rules = load::Rules::new(&loaded.archive.config);
    let Some(record) = load::again(root, &rules, source) else {
        return false;
    };
    let mut see = |role: Role, text: &str| {
        if role != Role::Event {
            let text = text.to_lowercase();
            missing.retain(|word| !text.contains(word));
        }
    };
    Visit::strings(&record.incident, &mut |_, role, text| see(role, text));
    Visit::strings(&record.timeline, &mut |_, role, text| see(role, text));
    missing.is_empty()
}

/// What the table has for the status and the duration of an incident whose facts do not hold.
const CONTRADICTED: &str = "invalid";

fn table(listing: &Listing, wanted: &[&Summary], contradicted: &BTreeSet<String>) -> String {
    if wanted.is_empty() {
        return "no incidents\n".to_owned();
    }
    let rows: Vec<RowView> = wanted.iter().map(|summary| listing.row(summary)).collect();
    let cells: Vec<[&str; 6]> = rows
        .iter()
        .map(|row| {
            let severity = row.severity.as_ref();
            let (status, duration) = if contradicted.contains(row.id) {
                (CONTRADICTED, CONTRADICTED)
            } else {
                (&*row.status.label, &*row.duration)
            };
            [
                row.id,
                severity.map_or("-", |severity| severity.key),
                status,
                row.day.as_deref().unwrap_or("-"),
                duration,
                row.title,
            ]
        })
        .collect();
    columns(
        ["ID", "SEVERITY", "STATUS", "STARTED", "DURATION", "TITLE"],
        &cells,
    )
}

fn json(
    listing: &Listing,
    wanted: &[&Summary],
    unreadable: &BTreeSet<String>,
    contradicted: &BTreeSet<String>,
) -> anyhow::Result<String> {
    let rows: Vec<RowView> = wanted.iter().map(|summary| listing.row(summary)).collect();
    let incidents = rows
        .iter()
        .zip(wanted)
        .map(|(row, summary)| ListedIncident {
            id: row.id,
            title: row.title,
            kind: row.kind.key,
            severity: summary.severity.as_deref(),
            status: row.status.key,
            has_errors: contradicted.contains(row.id),
            classification: summary.audience.as_str(),
            started: summary.started.map(|moment| moment.iso()),
            services: &summary.services,
            tags: &summary.tags,
            open_actions: summary.open_actions(),
            fields: summary
                .fields
                .iter()
                .map(|(key, values)| (key.as_str(), values.as_slice()))
                .collect(),
            file: &summary.source.incident,
            timeline: summary.source.timeline.as_deref(),
        });
    let incidents = incidents.collect();
    let listed = Listed {
        incidents,
        unreadable,
    };
    Ok(serde_json::to_string_pretty(&listed)?)
}
