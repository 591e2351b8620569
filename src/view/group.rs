//! Incidents that have something in common: a service, a tag, a severity, a year.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::row::{Listing, RowView};
use super::slug::Slugs;
use super::{count, report};
use crate::config::Config;
use crate::facts::Summary;

/// Something that incidents have in common.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct By {
    /// The folder of its pages.
    pub folder: &'static str,
    /// The heading of the list of all: `Services`.
    pub title: &'static str,
    /// What one of them is called: `service`.
    pub noun: &'static str,
    /// What several are called: `services`.
    pub plural: &'static str,
    /// The names that an incident goes by.
    #[serde(skip)]
    pub names: fn(&Summary) -> Vec<String>,
}

/// Everything by which incidents are listed, each with pages of its own.
pub const BY: &[By] = &[
    By {
        folder: "services",
        title: "Services",
        noun: "service",
        plural: "services",
        names: |summary| summary.services.clone(),
    },
    By {
        folder: "tags",
        title: "Tags",
        noun: "tag",
        plural: "tags",
        names: |summary| summary.tags.clone(),
    },
    By {
        folder: "severities",
        title: "Severities",
        noun: "severity",
        plural: "severities",
        names: |summary| summary.severity.iter().cloned().collect(),
    },
    By {
        folder: "years",
        title: "Years",
        noun: "year",
        plural: "years",
        names: |summary| {
            summary
                .day
                .map(|day| day.year().to_string())
                .into_iter()
                .collect()
        },
    },
];

/// All incidents by one thing that they have in common.
#[derive(Debug, Clone, Serialize)]
pub struct Groups<'a, 'v> {
    /// What it is.
    pub by: By,
    /// Its values, each with its incidents.
    pub groups: Vec<Group<'a, 'v>>,
}

/// The incidents of one service, tag, severity or year.
#[derive(Debug, Clone, Serialize)]
pub struct Group<'a, 'v> {
    /// What they have in common.
    pub by: By,
    /// Its name, as typed.
    pub name: String,
    /// Its name, as printed: `P1 (High)`.
    pub label: String,
    /// The name of its page.
    pub slug: String,
    /// How many records it has, in words.
    pub count: String,
    /// The day on which the latest of them started.
    pub latest: Option<String>,
    /// The incidents, the latest first.
    pub rows: Vec<&'v RowView<'a>>,
    /// The same, in small.
    #[serde(skip)]
    pub summaries: Vec<&'a Summary>,
}

impl<'a, 'v> Groups<'a, 'v> {
    /// Groups what an audience may read by everything in [`BY`].
    #[must_use]
    pub fn all(listing: &'v Listing<'a>) -> Vec<Self> {
        BY.iter().map(|by| Self::of(*by, listing)).collect()
    }

    fn of(by: By, listing: &'v Listing<'a>) -> Self {
        let mut found: BTreeMap<String, Vec<&'v (&'a Summary, RowView<'a>)>> = BTreeMap::new();
        for row in &listing.rows {
            for name in (by.names)(row.0) {
                let rows = found.entry(name).or_default();
                // A name that is typed twice in one incident is one name.
                if rows.last().is_none_or(|last| last.0.id != row.0.id) {
                    rows.push(row);
                }
            }
        }
        let slugs = Slugs::of(found.keys().map(String::as_str));
        let mut groups: Vec<Group<'a, 'v>> = found
            .into_iter()
            .map(|(name, rows)| Group {
                by,
                slug: slugs.get(&name).unwrap_or_default().to_owned(),
                label: label(by, &name, listing.config),
                count: count(rows.len(), "record"),
                latest: rows
                    .iter()
                    .find_map(|(summary, _)| summary.day)
                    .map(|day| day.to_string()),
                summaries: rows.iter().map(|(summary, _)| *summary).collect(),
                rows: rows.into_iter().map(|(_, row)| row).collect(),
                name,
            })
            .collect();
        match by.folder {
            "severities" => groups.sort_by_key(|group| {
                report::severity_rank(listing.config, Some(&group.name)).unwrap_or(usize::MAX)
            }),
            "years" => groups.sort_by_key(|group| Reverse(group.name.parse::<i32>().ok())),
            _ => groups.sort_by_cached_key(|group| (group.name.to_lowercase(), group.name.clone())),
        }
        Self { by, groups }
    }

    /// Counts them in words: `4 services`.
    #[must_use]
    pub fn counted(&self) -> String {
        match self.groups.len() {
            1 => format!("1 {}", self.by.noun),
            other => format!("{other} {}", self.by.plural),
        }
    }

    /// Gives the slugs of the names.
    #[must_use]
    pub fn slugs(&self) -> BTreeMap<&str, &str> {
        self.groups
            .iter()
            .map(|group| (group.name.as_str(), group.slug.as_str()))
            .collect()
    }
}

fn label(by: By, name: &str, config: &Config) -> String {
    if by.folder == "severities" {
        report::severity_text(config, name)
    } else {
        name.to_owned()
    }
}
