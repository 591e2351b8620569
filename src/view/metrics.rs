//! The numbers of an archive in words, each with what it means and of how many incidents it is known.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::slug::{UsedNames, slugify};
use super::{count, label};
use crate::config::Config;
use crate::facts::{EndpointSource, Length, Point, ResponseMetricDefinition};
use crate::metrics::{self, Distribution, FEW, Metrics, Share};

/// Everything that the templates of the metrics page see, but for its charts.
#[derive(Debug, Clone, Serialize)]
pub struct MetricsView {
    /// The day they are measured against.
    pub as_of: String,
    /// How many incidents they are of, in words.
    pub state: String,
    /// How many incidents count.
    pub incidents: usize,
    /// How many near misses there were, which are counted apart.
    pub near_misses: usize,
    /// How many of both stand in no year, since their start is not recorded.
    pub undated: usize,
    /// With fewer incidents than this, a measure says little.
    pub few: usize,
    /// The severities that occur, the most severe first.
    pub severities: Vec<String>,
    /// The years, the latest first.
    pub years: Vec<CountView>,
    /// The last months, the latest first.
    pub months: Vec<CountView>,
    /// The clocks.
    pub response_times: Vec<ResponseMetricView>,
    /// Whether any clock has a target.
    pub has_target: bool,
    /// How many incidents we found ourselves.
    pub detected_internally: ShareView,
    /// How many action items were done in time.
    pub on_time: ShareView,
    /// How many are done without a day.
    pub done_without_day: usize,
    /// What the systems did by themselves.
    pub playbooks: Vec<PlaybookView>,
    /// The tags that several incidents share.
    pub repeats: Vec<RepeatView>,
}

/// How many incidents there were in a time.
#[derive(Debug, Clone, Serialize)]
pub struct CountView {
    /// The year or month: `2025`, `2025-01`.
    pub label: String,
    /// Incidents by severity, in the order of the severities.
    pub by_severity: Vec<usize>,
    /// All incidents.
    pub incidents: usize,
    /// Near misses.
    pub near_misses: usize,
}

/// A clock over all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct ResponseMetricView {
    /// Its key.
    pub key: String,
    /// Its anchor.
    pub anchor: String,
    /// Its name.
    pub label: String,
    /// From what to what it runs, in words.
    pub definition: String,
    /// What it should stay under.
    pub target: Option<String>,
    /// How long it was; absent where no incident has it.
    pub spread: Option<DistributionView>,
}

/// How the lengths of a clock are spread.
#[derive(Debug, Clone, Serialize)]
pub struct DistributionView {
    /// Of how many incidents.
    pub incidents: usize,
    /// Whether these are few.
    pub few: bool,
    /// The middle.
    pub median: LengthView,
    /// What nine in ten do not exceed.
    pub p90: LengthView,
    /// The shortest.
    pub min: LengthView,
    /// The longest.
    pub max: LengthView,
}

/// A length in seconds and in words.
#[derive(Debug, Clone, Serialize)]
pub struct LengthView {
    /// In seconds.
    pub seconds: i64,
    /// In words: `44m 35s`.
    pub text: String,
}

/// A part of a whole.
#[derive(Debug, Clone, Serialize)]
pub struct ShareView {
    /// The part.
    pub part: usize,
    /// The whole.
    pub whole: usize,
    /// In words: `7 of 9 (78%)`.
    pub text: Option<String>,
    /// Whether the whole is small.
    pub few: bool,
}

/// How a playbook did.
#[derive(Debug, Clone, Serialize)]
pub struct PlaybookView {
    /// Its name.
    pub name: Option<String>,
    /// How often it was tried.
    pub runs: usize,
    /// How often it helped.
    pub success: usize,
    /// How often it helped in part.
    pub partial: usize,
    /// How often it did not help.
    pub failed: usize,
    /// How often it did not run, or nobody recorded how it went.
    pub other: usize,
}

/// A tag that several incidents share.
#[derive(Debug, Clone, Serialize)]
pub struct RepeatView {
    /// The tag.
    pub tag: String,
    /// The name of its page.
    pub slug: Option<String>,
    /// How many incidents have it.
    pub incidents: usize,
    /// When the latest of them started.
    pub latest: Option<String>,
}

impl MetricsView {
    /// Says what the numbers are, as of a day; `tags` are the names of the pages of tags.
    #[must_use]
    pub fn new(
        metrics: &Metrics,
        config: &Config,
        tags: &BTreeMap<&str, &str>,
        as_of: NaiveDate,
    ) -> Self {
        let mut anchors = UsedNames::from_names(&[
            "content",
            "metrics",
            "incidents",
            "clocks",
            "found",
            "actions",
            "playbooks",
            "causes",
            "chart-months",
            "chart-months-how",
            "chart-clocks",
            "chart-clocks-how",
        ]);
        let misses = match metrics.near_misses {
            1 => "1 near miss".to_owned(),
            count => format!("{count} near misses"),
        };
        let response_times: Vec<ResponseMetricView> = metrics
            .response_metrics
            .iter()
            .map(|response_metric| ResponseMetricView {
                anchor: anchors.give(&slugify(&response_metric.definition.key)),
                definition: definition(&response_metric.definition),
                target: config
                    .metrics
                    .iter()
                    .find(|own| *own.key == *response_metric.definition.key)
                    .and_then(|own| own.target.as_ref())
                    .map(ToString::to_string),
                key: response_metric.definition.key.to_string(),
                label: response_metric.definition.label.to_string(),
                spread: response_metric.spread.map(DistributionView::new),
            })
            .collect();
        Self {
            as_of: as_of.to_string(),
            state: format!(
                "{} and {misses} are counted.",
                count(metrics.incidents, "incident")
            ),
            incidents: metrics.incidents,
            near_misses: metrics.near_misses,
            undated: metrics.undated,
            few: FEW,
            severities: metrics
                .severities
                .iter()
                .map(|key| key.clone().unwrap_or_else(|| "No Severity".to_owned()))
                .collect(),
            years: counts(&metrics.years, |first| first.year().to_string()),
            months: counts(&metrics.months, |first| first.format("%Y-%m").to_string()),
            has_target: response_times
                .iter()
                .any(|response_metric| response_metric.target.is_some()),
            response_times,
            detected_internally: ShareView::new(metrics.detected_internally),
            on_time: ShareView::new(metrics.on_time),
            done_without_day: metrics.done_without_day,
            playbooks: metrics
                .playbooks
                .iter()
                .map(|playbook| PlaybookView {
                    name: playbook.name.clone(),
                    runs: playbook.success + playbook.partial + playbook.failed + playbook.other,
                    success: playbook.success,
                    partial: playbook.partial,
                    failed: playbook.failed,
                    other: playbook.other,
                })
                .collect(),
            repeats: metrics
                .repeats
                .iter()
                .map(|repeat| RepeatView {
                    slug: tags.get(repeat.tag.as_str()).map(ToString::to_string),
                    tag: repeat.tag.clone(),
                    incidents: repeat.incidents,
                    latest: repeat.latest.map(|day| day.to_string()),
                })
                .collect(),
        }
    }
}

fn counts(counts: &[metrics::Count], label: impl Fn(NaiveDate) -> String) -> Vec<CountView> {
    let view = |count: &metrics::Count| CountView {
        label: label(count.first),
        by_severity: count.by_severity.clone(),
        incidents: count.incidents,
        near_misses: count.near_misses,
    };
    counts.iter().rev().map(view).collect()
}

/// Says from what to what a clock runs.
fn definition(response_metric: &ResponseMetricDefinition) -> String {
    let words = |points: &[Point]| {
        let word = |point: &Point| match point {
            Point::Mark(mark) => label::end(EndpointSource::Mark(*mark)),
            Point::FirstMessage => label::end(EndpointSource::Message(0)),
        };
        let words: Vec<&str> = points.iter().map(word).collect();
        words.join(", else ")
    };
    let from = words(&response_metric.from);
    let comma = if response_metric.from.len() > 1 {
        ","
    } else {
        ""
    };
    let windows = if response_metric.is_impact() {
        "; several windows are added up"
    } else {
        ""
    };
    format!(
        "from {from}{comma} to {}{windows}",
        words(&response_metric.to)
    )
}

impl DistributionView {
    fn new(spread: Distribution) -> Self {
        let length = |length: Length| LengthView {
            seconds: length.known(),
            text: length.short(),
        };
        Self {
            incidents: spread.count,
            few: spread.count < FEW,
            median: length(spread.median),
            p90: length(spread.p90),
            min: length(spread.min),
            max: length(spread.max),
        }
    }
}

impl ShareView {
    fn new(share: Share) -> Self {
        let text = |percent| format!("{} of {} ({percent}%)", share.part, share.whole);
        Self {
            part: share.part,
            whole: share.whole,
            text: share.percent().map(text),
            few: share.whole < FEW,
        }
    }
}
