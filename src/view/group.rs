//! Incidents grouped by service, tag, severity and year.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::index::MOST_ROWS;
use super::latest;
use super::learning::{Learned, LearnedView};
use super::row::{Listing, RowView};
use super::slug::Slugs;
use crate::config::Config;
use crate::facts::{Summary, counted};

/// A property that incidents are grouped by.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Grouping {
    /// The folder of its pages.
    pub folder: &'static str,
    /// The heading of the list of groups: `Services`.
    pub title: &'static str,
    /// The singular noun: `service`.
    pub noun: &'static str,
    /// The plural noun: `services`.
    pub plural: &'static str,
    /// The groups of an incident.
    #[serde(skip)]
    pub names: fn(&Summary) -> Vec<String>,
}

/// The groupings that have pages.
pub const BY: &[Grouping] = &[
    Grouping {
        folder: "services",
        title: "Services",
        noun: "service",
        plural: "services",
        names: |summary| summary.services.clone(),
    },
    Grouping {
        folder: "tags",
        title: "Tags",
        noun: "tag",
        plural: "tags",
        names: |summary| summary.tags.clone(),
    },
    Grouping {
        folder: "severities",
        title: "Severities",
        noun: "severity",
        plural: "severities",
        names: |summary| summary.severity.iter().cloned().collect(),
    },
    Grouping {
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

/// The grouping of a large year by month; its pages are in the folder of the years.
const BY_MONTH: Grouping = Grouping {
    folder: "years",
    title: "Years",
    noun: "month",
    plural: "months",
    names: |summary| {
        let month = summary.day.map(|day| day.format("%Y-%m").to_string());
        month.into_iter().collect()
    },
};

/// All groups of one grouping.
#[derive(Debug, Clone, Serialize)]
pub struct Groups<'a> {
    /// The grouping.
    pub by: Grouping,
    /// The groups.
    pub groups: Vec<Group<'a>>,
}

/// The incidents of one service, tag, severity or year.
#[derive(Debug, Clone, Serialize)]
pub struct Group<'a> {
    /// The grouping.
    pub by: Grouping,
    /// The name as written.
    pub name: String,
    /// The printed label: `P1 (High)`.
    pub label: String,
    /// The name of its page.
    pub slug: String,
    /// The number of records as text.
    pub count: String,
    /// The date of the latest start.
    pub latest: Option<String>,
    /// The number of records.
    pub records: usize,
    /// The months of a year that has more records than its page lists, newest first.
    pub months: Vec<Group<'a>>,
    /// The incidents, newest first.
    #[serde(skip)]
    pub summaries: Vec<&'a Summary>,
}

/// The data for the templates of a group's page.
#[derive(Debug, Clone, Serialize)]
pub struct GroupView<'a, 'v> {
    /// The group.
    #[serde(flatten)]
    pub group: &'v Group<'a>,
    /// The records that the page lists, if that is not all.
    pub cut: Option<String>,
    /// The incidents, newest first.
    pub rows: Vec<RowView<'a>>,
    /// The reports whose learnings the page lists, if that is not all.
    pub learned_cut: Option<String>,
    /// The learnings by incident, newest first; for services and tags only.
    pub learned: Vec<LearnedView<'a>>,
}

impl<'a, 'v> GroupView<'a, 'v> {
    /// Creates the page of a group. A month lists all of its records, because the other pages link to it for the rest.
    #[must_use]
    pub fn new(group: &'v Group<'a>, listing: &Listing<'a>, learned: &Learned<'a>) -> Self {
        let most = match group.by.noun {
            "month" => usize::MAX,
            _ => MOST_ROWS,
        };
        let (learned, learned_cut) = match group.by.folder {
            "tags" | "services" => learned.among(&group.summaries),
            _ => Default::default(),
        };
        let shown = group.summaries.iter().take(most);
        Self {
            group,
            cut: latest(most, group.records, "record"),
            rows: shown.map(|summary| listing.row(summary)).collect(),
            learned_cut,
            learned,
        }
    }
}

impl<'a> Groups<'a> {
    /// Groups the incidents that an audience may read by every grouping in [`BY`].
    #[must_use]
    pub fn all(listing: &Listing<'a>) -> Vec<Self> {
        let by = |by: &Grouping| Self::new(*by, &listing.summaries, listing.config);
        BY.iter().map(by).collect()
    }

    fn new(by: Grouping, shown: &[&'a Summary], config: &Config) -> Self {
        let mut found: BTreeMap<String, Vec<&'a Summary>> = BTreeMap::new();
        for summary in shown {
            for name in (by.names)(summary) {
                let same = found.entry(name).or_default();
                // An incident that repeats a name counts once.
                if same.last().is_none_or(|last| last.id != summary.id) {
                    same.push(summary);
                }
            }
        }
        let slugs = Slugs::from_names(found.keys().map(String::as_str));
        let mut groups: Vec<Group<'a>> = found
            .into_iter()
            .map(|(name, summaries)| Group {
                by,
                slug: slugs.get(&name).unwrap_or_default().to_owned(),
                label: label(by, &name, config),
                count: counted(summaries.len(), "record"),
                latest: summaries
                    .iter()
                    .find_map(|summary| summary.day)
                    .map(|day| day.to_string()),
                records: summaries.len(),
                months: match by.noun {
                    "year" if summaries.len() > MOST_ROWS => {
                        Self::new(BY_MONTH, &summaries, config).groups
                    }
                    _ => Vec::new(),
                },
                summaries,
                name,
            })
            .collect();
        match by.noun {
            "severity" => {
                groups.sort_by_key(|group| config.severity_rank(&group.name).unwrap_or(usize::MAX));
            }
            "month" => groups.reverse(),
            "year" => groups.sort_by_key(|group| Reverse(group.name.parse::<i32>().ok())),
            _ => groups.sort_by_cached_key(|group| (group.name.to_lowercase(), group.name.clone())),
        }
        Self { by, groups }
    }

    /// Returns the number of groups as text: `4 services`.
    #[must_use]
    pub fn counted(&self) -> String {
        match self.groups.len() {
            1 => format!("1 {}", self.by.noun),
            other => format!("{other} {}", self.by.plural),
        }
    }

    /// Returns the slugs by name.
    #[must_use]
    pub fn slugs(&self) -> BTreeMap<&str, &str> {
        self.groups
            .iter()
            .map(|group| (group.name.as_str(), group.slug.as_str()))
            .collect()
    }
}

fn label(by: Grouping, name: &str, config: &Config) -> String {
    if by.folder == "severities" {
        config.severity_text(name)
    } else {
        name.to_owned()
    }
}
