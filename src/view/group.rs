//! Incidents that have something in common: a service, a tag, a severity, a year.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::index::MOST_ROWS;
use super::learning::{Learned, LearnedView};
use super::row::{Listing, RowView};
use super::slug::Slugs;
use super::{count, latest, report};
use crate::config::Config;
use crate::facts::Summary;

/// Something that incidents have in common.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Grouping {
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

/// By what the incidents of a large year are listed; the pages stand beside those of the years.
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

/// All incidents by one thing that they have in common.
#[derive(Debug, Clone, Serialize)]
pub struct Groups<'a> {
    /// What it is.
    pub by: Grouping,
    /// Its values, each with its incidents.
    pub groups: Vec<Group<'a>>,
}

/// The incidents of one service, tag, severity or year.
#[derive(Debug, Clone, Serialize)]
pub struct Group<'a> {
    /// What they have in common.
    pub by: Grouping,
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
    /// How many records it has.
    pub records: usize,
    /// The months of a year that has more than its page lists, the latest first.
    pub months: Vec<Group<'a>>,
    /// The incidents, the latest first.
    #[serde(skip)]
    pub summaries: Vec<&'a Summary>,
}

/// Everything that the templates of the page of a group see.
#[derive(Debug, Clone, Serialize)]
pub struct GroupView<'a, 'v> {
    /// What the incidents have in common.
    #[serde(flatten)]
    pub group: &'v Group<'a>,
    /// How many of how many are listed here, in words, where that is not all.
    pub cut: Option<String>,
    /// The incidents, the latest first.
    pub rows: Vec<RowView<'a>>,
    /// How many of how many reports say here what was learned, in words, where that is not all.
    pub learned_cut: Option<String>,
    /// What was learned, by incident, the latest first; of services and tags alone.
    pub learned: Vec<LearnedView<'a>>,
}

impl<'a, 'v> GroupView<'a, 'v> {
    /// Builds the page of a group. A month lists all that it has, because the other pages lead there.
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
    /// Groups what an audience may read by everything in [`BY`].
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
                // A name that is typed twice in one incident is one name.
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
                count: count(summaries.len(), "record"),
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
            "severity" => groups.sort_by_key(|group| {
                report::severity_rank(config, Some(&group.name)).unwrap_or(usize::MAX)
            }),
            "month" => groups.reverse(),
            "year" => groups.sort_by_key(|group| Reverse(group.name.parse::<i32>().ok())),
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

fn label(by: Grouping, name: &str, config: &Config) -> String {
    if by.folder == "severities" {
        report::severity_text(config, name)
    } else {
        name.to_owned()
    }
}
