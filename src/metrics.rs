//! Computes the numbers of an archive that a team reviews over time.
//!
//! Pure: summaries in, counts and distributions out. Near misses are counted separately from
//! incidents; drills, maintenance, investigations and superseded reports are not counted. Nothing
//! is estimated: each measure states the number of incidents for which it is known.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};

use crate::config::{Config, FieldSettings};
use crate::facts::{self, ActionSummary, Length, ResponseMetricDefinition, Summary};
use crate::incident::{HealingResult, Kind};
use crate::kind::Line;

pub mod availability;
pub mod grouped;
pub mod waiting;

/// The number of months that are listed one by one, up to the reference date.
pub const MONTHS: u32 = 24;

/// The number of incidents below which a measure is marked as a small sample.
pub const FEW: usize = 5;

/// The numbers of an archive.
#[derive(Debug, Clone)]
pub struct Metrics {
    /// The number of incidents.
    pub incidents: usize,
    /// The number of near misses.
    pub near_misses: usize,
    /// The number of both without a start time, which appear in no year or month.
    pub undated: usize,
    /// The severities that occur, most severe first; `None`, for those without one, is last.
    pub severities: Vec<Option<String>>,
    /// The years with incidents or near misses, in order.
    pub years: Vec<Count>,
    /// The last months up to the reference date, in order, including those without incidents.
    pub months: Vec<Count>,
    /// The response times, in the order of the reports.
    pub response_metrics: Vec<ResponseMetric>,
    /// The incidents that were detected internally, of those that record it.
    pub detected_internally: Share,
    /// The action items that were completed on time, of those that were due.
    pub on_time: Share,
    /// The number of action items that were completed without a date, so that they cannot be judged.
    pub done_without_day: usize,
    /// The results of automation, by playbook.
    pub playbooks: Vec<Playbook>,
    /// How much automation helped, over the incidents that record it.
    pub effectiveness: Option<Effectiveness>,
    /// The tags that several incidents share, most frequent first.
    pub repeats: Vec<Repeat>,
    /// The custom fields that are counted and that any incident records.
    pub fields: Vec<FieldCount>,
}

/// The number of incidents by the value of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldCount {
    /// The key of the field.
    pub key: String,
    /// The label of the field.
    pub label: String,
    /// The values with the number of incidents that have each, most frequent first; an incident counts for each
    /// value of a list.
    pub values: Vec<(String, usize)>,
    /// The number of incidents without a value.
    pub not_recorded: usize,
}

/// The number of incidents in a year or month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The first day.
    pub first: NaiveDate,
    /// Incidents by severity, in the order of [`Metrics::severities`].
    pub by_severity: Vec<usize>,
    /// All incidents.
    pub incidents: usize,
    /// Near misses, which are not among them.
    pub near_misses: usize,
}

/// A response time over all incidents.
#[derive(Debug, Clone)]
pub struct ResponseMetric {
    /// The definition of the response time.
    pub definition: ResponseMetricDefinition,
    /// The distribution; `None` if no incident recorded it.
    pub spread: Option<Distribution>,
    /// The number of incidents in which it is only known as a range. They are not in the distribution.
    pub ranges: usize,
}

impl ResponseMetric {
    /// Computes a response time over some incidents.
    fn over(incidents: &[&Summary], definition: ResponseMetricDefinition) -> Self {
        let lengths = incidents
            .iter()
            .filter_map(|summary| summary.length(&definition.key));
        Self {
            spread: spread(incidents, &definition.key),
            ranges: lengths.filter(|length| length.range().is_some()).count(),
            definition,
        }
    }
}

/// The distribution of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distribution {
    /// The number of durations.
    pub count: usize,
    /// The shortest.
    pub min: Length,
    /// The median; of two in the middle, the duration halfway between them.
    pub median: Length,
    /// The 90th percentile: the shortest that nine in ten do not exceed.
    pub p90: Length,
    /// The longest.
    pub max: Length,
    /// The mean.
    pub mean: Length,
}

/// A part of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The part.
    pub part: usize,
    /// The total.
    pub whole: usize,
}

/// Whether an action item that was due was completed on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// It was completed on its due date or before.
    OnTime,
    /// It was completed after its due date.
    Late,
    /// It is open after its due date.
    Overdue,
}

/// The results of a playbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playbook {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The number of runs that helped.
    pub success: usize,
    /// The number of runs that helped in part.
    pub partial: usize,
    /// The number of runs that did not help.
    pub failed: usize,
    /// The number of runs that were skipped or have no recorded result.
    pub other: usize,
}

/// How much automation helped, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effectiveness {
    /// The number of incidents that record it.
    pub incidents: usize,
    /// The lowest.
    pub min: u8,
    /// The mean, rounded.
    pub mean: u8,
    /// The highest.
    pub max: u8,
}

/// A tag that several incidents share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The tag.
    pub tag: String,
    /// The number of incidents that have it.
    pub incidents: usize,
    /// The start date of the latest of them.
    pub latest: Option<NaiveDate>,
}

impl Metrics {
    /// Computes the numbers of the given incidents as of a date. Pass only those that the audience may read.
    #[must_use]
    pub fn compute(shown: &[&Summary], config: &Config, as_of: NaiveDate) -> Self {
        let incidents = counted(shown, Kind::Incident);
        let near_misses = counted(shown, Kind::NearMiss);
        let severities = severities(&incidents, config);
        let years: BTreeSet<i32> = incidents
            .iter()
            .chain(&near_misses)
            .filter_map(|summary| Some(summary.day?.year()))
            .collect();
        let count = |first: NaiveDate, months: u32| {
            let end = first.checked_add_months(Months::new(months));
            let within = |summary: &&&Summary| {
                summary
                    .day
                    .is_some_and(|day| day >= first && end.is_none_or(|end| day < end))
            };
            let found: Vec<&&Summary> = incidents.iter().filter(within).collect();
            Count {
                first,
                by_severity: severities
                    .iter()
                    .map(|severity| {
                        let of = found.iter().filter(|summary| summary.severity == *severity);
                        of.count()
                    })
                    .collect(),
                incidents: found.len(),
                near_misses: near_misses.iter().filter(within).count(),
            }
        };
        let undated = |all: &[&Summary]| all.iter().filter(|one| one.day.is_none()).count();
        Self {
            undated: undated(&incidents) + undated(&near_misses),
            years: years
                .into_iter()
                .filter_map(|year| Some(count(NaiveDate::from_ymd_opt(year, 1, 1)?, 12)))
                .collect(),
            months: months(as_of).map(|first| count(first, 1)).collect(),
            response_metrics: facts::definitions(config)
                .map(|definition| ResponseMetric::over(&incidents, definition))
                .collect(),
            detected_internally: detected_internally(&incidents),
            on_time: on_time(&incidents, as_of),
            done_without_day: incidents
                .iter()
                .flat_map(|summary| summary.actions.iter())
                .filter(|item| item.is_done() && item.done_on.is_none() && item.due.is_some())
                .count(),
            playbooks: playbooks(&incidents),
            effectiveness: effectiveness(&incidents),
            repeats: repeats(&incidents),
            fields: fields(&incidents, config),
            incidents: incidents.len(),
            near_misses: near_misses.len(),
            severities,
        }
    }
}

/// Returns the incidents of a kind that count: those that no other report supersedes.
#[must_use]
pub fn counted<'a>(shown: &[&'a Summary], kind: Kind) -> Vec<&'a Summary> {
    let shown = shown.iter().copied();
    shown
        .filter(|summary| summary.kind == kind && !summary.is_superseded)
        .collect()
}

/// Returns the distribution of a response time over some incidents, or `None` if none recorded it.
///
/// A duration that is only known as a range does not count: where it would be in the order is not known.
#[must_use]
pub fn spread(incidents: &[&Summary], key: &str) -> Option<Distribution> {
    let lengths = incidents.iter().filter_map(|summary| summary.length(key));
    let exact = lengths.filter(|length| length.range().is_none());
    Distribution::from_lengths(exact.collect())
}

impl Distribution {
    /// Returns the distribution of durations, or `None` if there are none.
    #[must_use]
    pub fn from_lengths(mut lengths: Vec<Length>) -> Option<Self> {
        lengths.sort_by_key(|length| (length.known(), length.unit, length.about));
        let count = lengths.len();
        let at = |rank: usize| lengths.get(rank).copied();
        let (low, high) = (at(count.checked_sub(1)? / 2)?, at(count / 2)?);
        Some(Self {
            count,
            min: at(0)?,
            median: low.midpoint(high),
            // The nearest rank: the smallest duration with nine in ten at or below it.
            p90: at((count * 9).div_ceil(10).checked_sub(1)?)?,
            max: at(count - 1)?,
            mean: mean(&lengths)?,
        })
    }
}

/// Returns the mean of durations, known to the coarsest unit of them.
fn mean(lengths: &[Length]) -> Option<Length> {
    let sum = lengths.iter().copied().reduce(Length::plus)?;
    let count = i64::try_from(lengths.len()).ok()?;
    Some(Length {
        seconds: sum.seconds / count,
        ..sum
    })
}

impl Share {
    /// Returns the share in whole percent, rounded; `None` if the total is zero.
    #[must_use]
    pub fn percent(self) -> Option<usize> {
        (self.part * 200 + self.whole).checked_div(self.whole * 2)
    }
}

fn severities(incidents: &[&Summary], config: &Config) -> Vec<Option<String>> {
    let used: BTreeSet<Option<&str>> = incidents
        .iter()
        .map(|summary| summary.severity.as_deref())
        .collect();
    let known: Vec<String> = config.severities().into_iter().map(|one| one.key).collect();
    let unknown = used
        .iter()
        .flatten()
        .filter(|key| !known.iter().any(|known| known == *key))
        .map(|key| Some((*key).to_owned()));
    let known = known
        .iter()
        .filter(|key| used.contains(&Some(key.as_str())))
        .map(|key| Some(key.clone()));
    known
        .chain(unknown)
        .chain(used.contains(&None).then_some(None))
        .collect()
}

/// Returns the first days of the last months up to a date, in order.
fn months(as_of: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let last = as_of.with_day(1).unwrap_or(as_of);
    (0..MONTHS)
        .rev()
        .filter_map(move |back| last.checked_sub_months(Months::new(back)))
}

fn detected_internally(incidents: &[&Summary]) -> Share {
    let recorded = incidents
        .iter()
        .filter_map(|summary| summary.detected_internally);
    recorded.fold(Share::default(), |share, internally| Share {
        part: share.part + usize::from(internally),
        whole: share.whole + 1,
    })
}

fn on_time(incidents: &[&Summary], as_of: NaiveDate) -> Share {
    let items = incidents.iter().flat_map(|summary| summary.actions.iter());
    let judged = items.filter_map(|item| Timeliness::judge(&item, as_of));
    judged.fold(Share::default(), |share, judged| Share {
        part: share.part + usize::from(judged == Timeliness::OnTime),
        whole: share.whole + 1,
    })
}

impl Timeliness {
    /// Judges an action item as of a date; `None` if it has no due date, is not due yet, or was completed on no date.
    #[must_use]
    pub fn judge(item: &ActionSummary, as_of: NaiveDate) -> Option<Self> {
        let due = item.due?;
        match item.done_on {
            Some(done) if item.is_done() && done <= due => Some(Self::OnTime),
            Some(_) if item.is_done() => Some(Self::Late),
            _ if item.is_open() && due < as_of => Some(Self::Overdue),
            _ => None,
        }
    }
}

fn playbooks(incidents: &[&Summary]) -> Vec<Playbook> {
    let mut found: BTreeMap<(bool, Option<&str>), Playbook> = BTreeMap::new();
    for tried in incidents.iter().flat_map(|summary| &summary.healing) {
        let name = tried.playbook.as_deref();
        let playbook = found
            .entry((name.is_none(), name))
            .or_insert_with(|| Playbook {
                name: name.map(ToOwned::to_owned),
                success: 0,
                partial: 0,
                failed: 0,
                other: 0,
            });
        match tried.result {
            Some(HealingResult::Success) => playbook.success += 1,
            Some(HealingResult::Partial) => playbook.partial += 1,
            Some(HealingResult::Failed) => playbook.failed += 1,
            Some(HealingResult::Skipped) | None => playbook.other += 1,
        }
    }
    found.into_values().collect()
}

fn effectiveness(incidents: &[&Summary]) -> Option<Effectiveness> {
    let known = || incidents.iter().filter_map(|one| one.effectiveness);
    let (count, sum) = (known().count(), known().map(usize::from).sum::<usize>());
    let mean = (2 * sum + count).checked_div(2 * count)?;
    Some(Effectiveness {
        incidents: count,
        min: known().min()?,
        mean: u8::try_from(mean).ok()?,
        max: known().max()?,
    })
}

fn fields(incidents: &[&Summary], config: &Config) -> Vec<FieldCount> {
    let counted = config.fields.0.iter().filter(|(_, field)| field.counted);
    let count = |(key, field): &(Line, FieldSettings)| {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for summary in incidents {
            let values: BTreeSet<&str> = summary.field(key).iter().map(String::as_str).collect();
            for value in values {
                *found.entry(value).or_default() += 1;
            }
        }
        let mut values: Vec<(String, usize)> = found
            .into_iter()
            .map(|(value, count)| (value.to_owned(), count))
            .collect();
        values.sort_by_key(|(_, count)| Reverse(*count));
        FieldCount {
            key: key.to_string(),
            label: field.label.as_ref().unwrap_or(key).to_string(),
            not_recorded: incidents
                .iter()
                .filter(|one| one.field(key).is_empty())
                .count(),
            values,
        }
    };
    counted
        .map(count)
        .filter(|field| !field.values.is_empty())
        .collect()
}

fn repeats(incidents: &[&Summary]) -> Vec<Repeat> {
    let mut found: BTreeMap<&str, BTreeSet<(Option<NaiveDate>, &str)>> = BTreeMap::new();
    for summary in incidents {
        for tag in &summary.tags {
            let same = found.entry(tag).or_default();
            same.insert((summary.day, summary.id.as_str()));
        }
    }
    let mut repeats: Vec<Repeat> = found
        .into_iter()
        .filter(|(_, same)| same.len() > 1)
        .map(|(tag, same)| Repeat {
            tag: tag.to_owned(),
            incidents: same.len(),
            latest: same.last().and_then(|(day, _)| *day),
        })
        .collect();
    repeats.sort_by(|left, right| {
        let order = |repeat: &Repeat| (repeat.incidents, repeat.latest);
        order(right)
            .cmp(&order(left))
            .then_with(|| left.tag.cmp(&right.tag))
    });
    repeats
}

#[cfg(test)]
mod tests;
