//! What is behind the numbers of the metrics page: the incidents of each month and part, the response times by quarter,
//! severity and service, and those of each incident.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::chart::{self, ChartView};
use super::latest;
use super::metrics::{CountView, DistributionView, MetricsView};
use crate::config::Config;
use crate::facts::{Summary, separated};
use crate::incident::Kind;
use crate::metrics::grouped::{By, groups};
use crate::metrics::{Metrics, counted};

mod source;

use source::Source;

/// The number of months that the page shows; `metrics.json` has more.
const MONTHS: usize = 12;
/// The maximum number of incidents that are named beside a number.
const MOST_NAMED: usize = 12;
/// The maximum number of groups in a table.
const MOST_GROUPS: usize = 30;
/// The number of quarters in the table and the chart.
const QUARTERS: usize = 8;
/// The maximum number of incidents that are listed with their response times.
const MOST_LISTED: usize = 200;

/// The page names by service, severity and year.
pub struct Pages<'p> {
    /// Those of services.
    pub services: &'p BTreeMap<&'p str, &'p str>,
    /// Those of severities.
    pub severities: &'p BTreeMap<&'p str, &'p str>,
    /// Those of years.
    pub years: &'p BTreeMap<&'p str, &'p str>,
}

/// What is behind the numbers of the metrics page.
#[derive(Debug, Clone, Serialize)]
pub struct TrendsView<'a> {
    /// The key figures.
    pub tiles: Vec<TileView>,
    /// The severities that occur, the most severe first.
    pub severities: Vec<SeverityKeyView>,
    /// The last months, newest first.
    pub months: Vec<MonthView<'a>>,
    /// The response times that an incident has, which are the columns of the tables.
    pub columns: Vec<String>,
    /// The response times by quarter of the start, newest first.
    pub quarters: Vec<GroupRow>,
    /// The response times by severity.
    pub by_severity: Vec<GroupRow>,
    /// The response times by service, those with most incidents first.
    pub by_service: Vec<GroupRow>,
    /// The services that the table lists, if that is not all.
    pub services_cut: Option<String>,
    /// Who noticed the incidents first.
    pub noticed: Vec<PartView<'a>>,
    /// The action items by when they were completed.
    pub actions: Vec<PartView<'a>>,
    /// The incidents of each tag that several share, in the order of the repeats.
    pub repeats: Vec<NamedIncidents<'a>>,
    /// The response times of each incident, newest first.
    pub incidents: Vec<IncidentRow<'a>>,
    /// The incidents that the table lists, if that is not all.
    pub incidents_cut: Option<String>,
    /// The charts.
    pub charts: ChartsView<'a>,
}

/// The charts of the metrics page; `None` for a chart without data.
#[derive(Debug, Clone, Serialize)]
pub struct ChartsView<'a> {
    /// The incidents by month.
    pub months: Option<ChartView<'a>>,
    /// A response time by quarter.
    pub quarters: Option<ChartView<'a>>,
    /// The head of the column that shows all response times on one scale.
    pub scale: Option<ChartView<'a>>,
    /// The response times on that scale.
    pub scales: Vec<Option<ChartView<'a>>>,
    /// Who noticed the incidents first.
    pub noticed: Option<ChartView<'a>>,
    /// The action items by when they were completed.
    pub actions: Option<ChartView<'a>>,
}

/// A key figure.
#[derive(Debug, Clone, Serialize)]
pub struct TileView {
    /// The name.
    pub label: String,
    /// The value; `None` if it is not recorded.
    pub value: Option<String>,
    /// The number of incidents or action items that it is based on.
    pub note: Option<String>,
    /// The anchor of its section.
    pub anchor: &'static str,
}

/// A severity as a key of a chart.
#[derive(Debug, Clone, Serialize)]
pub struct SeverityKeyView {
    /// The printed name.
    pub label: String,
    /// The rank, where 0 is the most severe.
    pub rank: Option<usize>,
    /// The name of its page.
    pub page: Option<String>,
    /// Its key; `None` for incidents without a severity.
    #[serde(skip)]
    pub(super) key: Option<String>,
}

/// An incident behind a number.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentLink<'a> {
    /// The ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The severity.
    pub severity: Option<&'a str>,
    /// The rank of the severity, where 0 is the most severe.
    pub rank: Option<usize>,
}

/// The incidents behind a number, newest first.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NamedIncidents<'a> {
    /// The incidents that are named.
    pub links: Vec<IncidentLink<'a>>,
    /// The number of others.
    pub more: Option<String>,
}

/// The incidents of a month.
#[derive(Debug, Clone, Serialize)]
pub struct MonthView<'a> {
    /// Their numbers.
    #[serde(flatten)]
    pub count: CountView,
    /// The incidents.
    pub named: NamedIncidents<'a>,
    /// The name of the page of its year.
    pub page: Option<String>,
}

/// The response times of a group of incidents.
#[derive(Debug, Clone, Serialize)]
pub struct GroupRow {
    /// The quarter, severity or service.
    pub label: String,
    /// The path of its page, without the extension.
    pub page: Option<String>,
    /// The number of incidents.
    pub incidents: usize,
    /// The response times, in the order of the columns.
    pub cells: Vec<Option<DistributionView>>,
}

/// A part of a total, with the incidents behind it.
#[derive(Debug, Clone, Serialize)]
pub struct PartView<'a> {
    /// The name.
    pub label: &'static str,
    /// The class of its color.
    pub kind: &'static str,
    /// The number.
    pub count: usize,
    /// The incidents.
    pub named: NamedIncidents<'a>,
}

/// The response times of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct IncidentRow<'a> {
    /// The incident.
    pub link: IncidentLink<'a>,
    /// The date of the start.
    pub day: Option<String>,
    /// The response times, in the order of the columns.
    pub cells: Vec<Option<String>>,
}

/// A response time of an incident, for a chart.
pub(super) struct Taken {
    id: String,
    text: String,
    pub(super) seconds: i64,
    pub(super) rank: Option<usize>,
}

/// A response time in a quarter, for a chart.
pub(super) struct QuarterView {
    pub(super) label: String,
    pub(super) taken: Vec<Taken>,
    pub(super) median_and_p90: Option<(i64, i64)>,
}

impl Taken {
    fn new(summary: &Summary, key: &str, config: &Config) -> Option<Self> {
        let length = summary.length(key)?;
        Some(Self {
            id: summary.id.clone(),
            text: length.short(),
            seconds: length.known(),
            rank: summary.severity_rank(config),
        })
    }

    /// Returns the tooltip: `INC-2025-0141: 46m`.
    pub(super) fn title(&self) -> String {
        format!("{}: {}", self.id, self.text)
    }
}

impl<'a> IncidentLink<'a> {
    fn new(summary: &'a Summary, config: &Config) -> Self {
        Self {
            id: &summary.id,
            title: &summary.title,
            severity: summary.severity.as_deref(),
            rank: summary.severity_rank(config),
        }
    }
}

impl<'a> NamedIncidents<'a> {
    fn new(all: impl Iterator<Item = &'a Summary>, config: &Config) -> Self {
        let all: Vec<&'a Summary> = all.collect();
        let named = all.iter().take(MOST_NAMED);
        Self {
            links: named
                .map(|summary| IncidentLink::new(summary, config))
                .collect(),
            more: all
                .len()
                .checked_sub(MOST_NAMED)
                .filter(|more| *more > 0)
                .map(|more| format!("{} more", separated(more))),
        }
    }
}

impl<'a> TrendsView<'a> {
    /// Creates the view of the incidents that an audience may read, newest first.
    #[must_use]
    pub fn new(
        shown: &[&'a Summary],
        metrics: &Metrics,
        view: &MetricsView,
        config: &Config,
        pages: &Pages,
        as_of: NaiveDate,
    ) -> Self {
        let known = view
            .response_times
            .iter()
            .filter(|one| one.spread.is_some());
        let source = Source {
            incidents: counted(shown, Kind::Incident),
            config,
            pages,
            keys: known.clone().map(|metric| metric.key.clone()).collect(),
        };
        let severities = source.severities(metrics, view);
        let months = source.months(view);
        let (noticed, actions) = (source.noticed(), source.actions(as_of));
        let all_services = groups(shown, config, &[By::Service], None);
        let services = all_services.len();
        let listed = source.incidents.iter().take(MOST_LISTED);
        let charts = ChartsView {
            months: chart::months(&months, &severities),
            noticed: chart::parts("Who noticed first", &noticed),
            actions: chart::parts("Action items on time", &actions),
            ..source.charts(view)
        };
        let mut quarters = groups(shown, config, &[By::Quarter], None);
        quarters.sort_by(|left, right| right.names.cmp(&left.names));
        quarters.truncate(QUARTERS);
        let mut by_service = all_services;
        by_service.sort_by_key(|group| std::cmp::Reverse(group.incidents));
        by_service.truncate(MOST_GROUPS);
        Self {
            tiles: source.tiles(view, as_of),
            columns: known.map(|metric| metric.label.clone()).collect(),
            quarters: source.rows(&quarters, "Start not recorded", |quarter| {
                let year = pages.years.get(quarter.get(..4)?)?;
                Some((quarter.to_owned(), format!("years/{year}")))
            }),
            by_severity: source.rows(
                &groups(shown, config, &[By::Severity], None),
                "No Severity",
                |key| {
                    let page = pages.severities.get(key)?;
                    Some((config.severity_text(key), format!("severities/{page}")))
                },
            ),
            by_service: source.rows(&by_service, "Services not recorded", |service| {
                let page = pages.services.get(service)?;
                Some((service.to_owned(), format!("services/{page}")))
            }),
            services_cut: (services > MOST_GROUPS)
                .then(|| format!("the {MOST_GROUPS} of {services} services with most incidents")),
            repeats: (metrics.repeats.iter())
                .map(|repeat| source.named(|summary| summary.tags.contains(&repeat.tag)))
                .collect(),
            incidents: listed.map(|summary| source.row(summary)).collect(),
            incidents_cut: latest(MOST_LISTED, source.incidents.len(), "incident"),
            severities,
            months,
            noticed,
            actions,
            charts,
        }
    }
}
