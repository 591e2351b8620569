//! `afterword metrics`: prints the response times of incidents in groups.

use anyhow::bail;
use camino::Utf8Path;
use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::columns::aligned;
use super::summaries;
use super::{Outcome, print};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Length;
use crate::metrics::ResponseMetric;
use crate::metrics::grouped::{self, By, Group};
use crate::publish::csv::Csv;
use crate::source;

/// The arguments of `metrics`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Group the incidents by `severity`, `quarter`, `service` or a field of `[fields]` that is `counted`, separated by
    /// commas; an incident is in the group of each of its services.
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    by: Vec<String>,

    /// Count only incidents that started on this date or later, such as `2026-03-31` or `-30d`.
    #[arg(long, value_name = "DATE", value_parser = super::past_day, allow_hyphen_values = true)]
    since: Option<NaiveDate>,

    /// Also print the mean, which few long incidents dominate.
    #[arg(long)]
    mean: bool,

    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// Count only incidents that this audience may see: `internal` or `confidential`.
    #[arg(long, value_name = "AUDIENCE", value_parser = summaries::audience, default_value = "internal")]
    audience: Audience,
}

/// An output format for numbers over all incidents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    Table,
    Json,
    Csv,
}

/// The properties by which every archive can group incidents.
const KEYS: &[(&str, By)] = &[
    ("severity", By::Severity),
    ("quarter", By::Quarter),
    ("service", By::Service),
];

/// Returns the grouping of a name, or why there is none.
fn by(name: &str, config: &Config) -> Result<By, String> {
    if let Some((_, by)) = KEYS.iter().find(|(key, _)| *key == name) {
        return Ok(by.clone());
    }
    let counted = config.fields.0.iter().filter(|(_, field)| field.counted);
    let counted: Vec<&str> = counted.map(|(key, _)| &**key).collect();
    if counted.contains(&name) {
        return Ok(By::Field(name.to_owned()));
    }
    let known: Vec<&str> = KEYS.iter().map(|(key, _)| *key).chain(counted).collect();
    let near = source::did_you_mean(name, known.iter().copied());
    let help = near.unwrap_or_else(|| format!("expected one of {}", known.join(", ")));
    Err(format!("unknown grouping `{name}`: {help}"))
}

/// Prints the response times.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let rules = [
        "site.timezone",
        "site.severities",
        "severity",
        "metrics",
        "fields",
    ];
    let Some(loaded) = summaries::counted(directory, arguments.audience, &rules)? else {
        return Ok(Outcome::Problems);
    };
    let mut heads: Vec<&str> = Vec::new();
    for key in &arguments.by {
        if !heads.contains(&key.as_str()) {
            heads.push(key);
        }
    }
    let keys = heads.iter().map(|name| by(name, &loaded.config));
    let keys: Vec<By> = match keys.collect() {
        Ok(keys) => keys,
        Err(problem) => bail!(problem),
    };
    let groups = grouped::groups(&loaded.shown(), &loaded.config, &keys, arguments.since);
    let text = match arguments.format {
        Format::Table => table(&heads, &groups, arguments.mean),
        Format::Csv => csv(&heads, &groups, arguments.mean),
        Format::Json => {
            let groups = groups
                .iter()
                .map(|group| json(&heads, group, arguments.mean));
            let since = arguments.since.map(|day| day.to_string());
            let printed = serde_json::json!({
                "since": since,
                "by": heads,
                "groups": groups.collect::<Vec<_>>(),
            });
            serde_json::to_string_pretty(&printed)? + "\n"
        }
    };
    print(&text)?;
    Ok(loaded.outcome())
}

/// Returns each group with each of its response times that is known.
fn known(groups: &[Group]) -> impl Iterator<Item = (&Group, &ResponseMetric)> {
    groups.iter().flat_map(|group| {
        let known = group
            .response_metrics
            .iter()
            .filter(|metric| metric.spread.is_some());
        known.map(move |metric| (group, metric))
    })
}

fn names(group: &Group) -> Vec<String> {
    let names = group.names.iter();
    names
        .map(|name| name.clone().unwrap_or_else(|| "-".to_owned()))
        .collect()
}

fn table(heads: &[&str], groups: &[Group], mean: bool) -> String {
    let mut head: Vec<String> = heads.iter().map(|head| head.to_uppercase()).collect();
    head.extend(["METRIC", "N", "MEDIAN", "P90"].map(ToOwned::to_owned));
    head.extend(mean.then(|| "MEAN".to_owned()));
    head.push(String::new());
    let rows = known(groups).filter_map(|(group, metric)| {
        let spread = metric.spread?;
        let mut row = names(group);
        row.push(metric.definition.label.to_string());
        row.push(spread.count.to_string());
        row.extend([spread.median, spread.p90].map(Length::short));
        row.extend(mean.then(|| spread.mean.short()));
        row.push(if spread.is_few() {
            "few".to_owned()
        } else {
            String::new()
        });
        Some(row)
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if rows.is_empty() {
        return "no response times\n".to_owned();
    }
    aligned(std::iter::once(head).chain(rows).collect())
}

fn csv(heads: &[&str], groups: &[Group], mean: bool) -> String {
    let mut head = heads.to_vec();
    head.extend(["metric", "n", "median_seconds", "p90_seconds"]);
    head.extend(mean.then_some("mean_seconds"));
    head.push("few");
    let mut table = Csv::new(&head);
    for (group, metric) in known(groups) {
        let Some(spread) = metric.spread else {
            continue;
        };
        let names = group.names.iter();
        let mut row: Vec<String> = names.map(|name| name.clone().unwrap_or_default()).collect();
        row.push(metric.definition.key.to_string());
        row.push(spread.count.to_string());
        row.extend([spread.median, spread.p90].map(|length| length.known().to_string()));
        row.extend(mean.then(|| spread.mean.known().to_string()));
        row.push(if spread.is_few() { "few" } else { "" }.to_owned());
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        table.row(&row);
    }
    table.finish()
}

fn json(heads: &[&str], group: &Group, mean: bool) -> Map<String, Value> {
    let names = heads.iter().zip(&group.names);
    let mut object: Map<String, Value> = names
        .map(|(head, name)| ((*head).to_owned(), Value::from(name.clone())))
        .collect();
    object.insert("incidents".to_owned(), group.incidents.into());
    let metrics = group.response_metrics.iter().map(|metric| {
        let spread = metric.spread;
        let seconds = |length: Option<Length>| length.map(Length::known);
        let mut found = serde_json::json!({
            "key": metric.definition.key,
            "label": metric.definition.label,
            "n": spread.map_or(0, |spread| spread.count),
            "ranges": metric.ranges,
            "median_seconds": seconds(spread.map(|spread| spread.median)),
            "p90_seconds": seconds(spread.map(|spread| spread.p90)),
            "few": spread.is_none_or(|spread| spread.is_few()),
        });
        if mean && let Some(found) = found.as_object_mut() {
            let mean = seconds(spread.map(|spread| spread.mean));
            found.insert("mean_seconds".to_owned(), mean.into());
        }
        found
    });
    object.insert("response_times".to_owned(), metrics.collect());
    object
}
