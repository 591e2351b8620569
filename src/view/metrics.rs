//! The metrics of an archive as text, each with its definition and the number of incidents behind it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::availability::AvailabilityView;
use super::label;
use super::slug::{UsedNames, slugify};
use crate::config::Config;
use crate::facts::{EndpointSource, Length, ResponseMetricDefinition, counted};
use crate::metrics::{self, Distribution, FEW, Metrics, Share};
use crate::timeline::Point;

/// The data for the templates of the metrics page, except its charts.
#[derive(Debug, Clone, Serialize)]
pub struct MetricsView {
    /// The reference date.
    pub as_of: String,
    /// The summary: `12 incidents and 1 near miss.`
    pub state: String,
    /// The number of incidents.
    pub incidents: usize,
    /// The number of near misses, which are counted separately.
    pub near_misses: usize,
    /// The number of both that have no start time and so appear in no year.
    pub undated: usize,
    /// The number of incidents below which a value is marked as a small sample.
    pub few: usize,
    /// The severities that occur, the most severe first.
    pub severities: Vec<String>,
    /// The years, newest first.
    pub years: Vec<CountView>,
    /// The last months, newest first.
    pub months: Vec<CountView>,
    /// The response metrics.
    pub response_times: Vec<ResponseMetricView>,
    /// The number of durations that are only known as a range.
    pub ranges: usize,
    /// The share of incidents detected internally.
    pub detected_internally: ShareView,
    /// The share of action items completed on time.
    pub on_time: ShareView,
    /// The number of action items completed without a date.
    pub done_without_day: usize,
    /// The self-healing results by playbook.
    pub playbooks: Vec<PlaybookView>,
    /// How much automation helped.
    pub effectiveness: Option<EffectivenessView>,
    /// The availability of each service.
    pub availability: AvailabilityView,
    /// The tags of more than one incident.
    pub repeats: Vec<RepeatView>,
    /// The custom fields that are counted.
    pub fields: Vec<FieldCountView>,
}

/// The number of incidents by the value of a custom field.
#[derive(Debug, Clone, Serialize)]
pub struct FieldCountView {
    /// The key.
    pub key: String,
    /// The label.
    pub label: String,
    /// The anchor.
    pub anchor: String,
    /// The values, most frequent first.
    pub values: Vec<ValueCountView>,
    /// The number of incidents without a value.
    pub not_recorded: usize,
}

/// The number of incidents with a value.
#[derive(Debug, Clone, Serialize)]
pub struct ValueCountView {
    /// The value.
    pub value: String,
    /// The number of incidents.
    pub incidents: usize,
}

/// The number of incidents in a year or month.
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

/// A response metric over all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct ResponseMetricView {
    /// The key.
    pub key: String,
    /// The anchor.
    pub anchor: String,
    /// The name.
    pub label: String,
    /// The definition: `from first customer impact (or start) to mitigation`.
    pub definition: String,
    /// The target.
    pub target: Option<String>,
    /// The distribution; `None` if no incident has a value.
    pub spread: Option<DistributionView>,
    /// The number of incidents in which it is only known as a range, which are not counted.
    pub ranges: usize,
}

/// The distribution of a response metric.
#[derive(Debug, Clone, Serialize)]
pub struct DistributionView {
    /// The number of incidents.
    pub incidents: usize,
    /// Whether the sample is small.
    pub few: bool,
    /// The median.
    pub median: LengthView,
    /// The 90th percentile.
    pub p90: LengthView,
    /// The minimum.
    pub min: LengthView,
    /// The maximum.
    pub max: LengthView,
}

/// A duration in seconds and as text.
#[derive(Debug, Clone, Serialize)]
pub struct LengthView {
    /// The duration in seconds.
    pub seconds: i64,
    /// The duration as text: `44m 35s`.
    pub text: String,
}

/// A share of a total.
#[derive(Debug, Clone, Serialize)]
pub struct ShareView {
    /// The part.
    pub part: usize,
    /// The total.
    pub whole: usize,
    /// The share as text: `7 of 9 (78%)`.
    pub text: Option<String>,
    /// Whether the sample is small.
    pub few: bool,
}

/// The results of a playbook.
#[derive(Debug, Clone, Serialize)]
pub struct PlaybookView {
    /// The name.
    pub name: Option<String>,
    /// The number of runs.
    pub runs: usize,
    /// The number of successful runs.
    pub success: usize,
    /// The number of partly successful runs.
    pub partial: usize,
    /// The number of failed runs.
    pub failed: usize,
    /// The number of runs that were skipped or have no recorded result.
    pub other: usize,
}

/// How much automation helped, in percent, over the incidents that record it.
#[derive(Debug, Clone, Serialize)]
pub struct EffectivenessView {
    /// The number of incidents.
    pub incidents: usize,
    /// Whether the sample is small.
    pub few: bool,
    /// The minimum.
    pub min: u8,
    /// The mean.
    pub mean: u8,
    /// The maximum.
    pub max: u8,
}

/// A tag of more than one incident.
#[derive(Debug, Clone, Serialize)]
pub struct RepeatView {
    /// The tag.
    pub tag: String,
    /// The name of its page.
    pub slug: Option<String>,
    /// The number of incidents.
    pub incidents: usize,
    /// The date of the latest start.
    pub latest: Option<String>,
}

impl MetricsView {
    /// Creates the metrics as of a date; `tags` maps tags to page names.
    #[must_use]
    pub fn new(
        metrics: &Metrics,
        config: &Config,
        tags: &BTreeMap<&str, &str>,
        availability: AvailabilityView,
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
            "availability",
            "quarters",
            "by-severity",
            "by-service",
            "times",
        ]);
        let misses = match metrics.near_misses {
            1 => "1 near miss".to_owned(),
            count => format!("{count} near misses"),
        };
        let response_times: Vec<ResponseMetricView> = metrics
            .response_metrics
            .iter()
            .map(|response_metric| ResponseMetricView {
                anchor: anchors.assign(&slugify(&response_metric.definition.key)),
                definition: definition(&response_metric.definition, config),
                target: config
                    .metrics
                    .iter()
                    .find(|setting| *setting.key == *response_metric.definition.key)
                    .and_then(|setting| setting.target.as_ref())
                    .map(ToString::to_string),
                key: response_metric.definition.key.to_string(),
                label: response_metric.definition.label.to_string(),
                spread: response_metric.spread.map(DistributionView::new),
                ranges: response_metric.ranges,
            })
            .collect();
        let fields = fields(metrics, &mut anchors);
        Self {
            fields,
            as_of: as_of.to_string(),
            state: format!("{} and {misses}.", counted(metrics.incidents, "incident")),
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
            ranges: response_times.iter().map(|metric| metric.ranges).sum(),
            response_times,
            availability,
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
            effectiveness: metrics.effectiveness.map(|found| EffectivenessView {
                incidents: found.incidents,
                few: found.incidents < FEW,
                min: found.min,
                mean: found.mean,
                max: found.max,
            }),
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

fn fields(metrics: &Metrics, anchors: &mut UsedNames) -> Vec<FieldCountView> {
    let view = |field: &metrics::FieldCount| FieldCountView {
        key: field.key.clone(),
        anchor: anchors.assign(&slugify(&field.key)),
        label: field.label.clone(),
        values: field
            .values
            .iter()
            .map(|(value, incidents)| ValueCountView {
                value: value.clone(),
                incidents: *incidents,
            })
            .collect(),
        not_recorded: field.not_recorded,
    };
    metrics.fields.iter().map(view).collect()
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

/// Describes the start and the end of a response metric, with the marks that are used in their absence.
fn definition(response_metric: &ResponseMetricDefinition, config: &Config) -> String {
    let label = |point: &Point| match point {
        Point::Mark(mark) => label::end(EndpointSource::Mark(*mark), config),
        Point::FirstMessage => label::end(EndpointSource::Message(0), config),
    };
    let endpoint = |points: &[Point]| {
        let labels: Vec<String> = points.iter().map(label).collect();
        match labels.split_first() {
            Some((first, [])) => first.clone(),
            Some((first, rest)) => format!("{first} (or {})", rest.join(", or ")),
            None => String::new(),
        }
    };
    let windows = if response_metric.is_impact() {
        "; several windows are added up"
    } else {
        ""
    };
    format!(
        "from {} to {}{windows}",
        endpoint(&response_metric.from),
        endpoint(&response_metric.to)
    )
}

impl DistributionView {
    pub(super) fn new(spread: Distribution) -> Self {
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
