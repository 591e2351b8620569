//! Computes the parts of the view of the incidents behind the numbers.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::{
    ChartsView, GroupRow, IncidentLink, IncidentRow, MONTHS, MonthView, NamedIncidents, Pages,
    PartView, QUARTERS, QuarterView, SeverityKeyView, Taken, TileView,
};
use crate::config::Config;
use crate::facts::{Summary, counted};
use crate::metrics::availability::Every;
use crate::metrics::grouped::Group;
use crate::metrics::{self, Metrics, Timeliness};
use crate::view::chart;
use crate::view::metrics::{CountView, DistributionView, MetricsView, ShareView};

/// What the parts of the view are made from.
pub(super) struct Source<'a, 'p> {
    /// The incidents that count, newest first.
    pub incidents: Vec<&'a Summary>,
    pub config: &'p Config,
    pub pages: &'p Pages<'p>,
    /// The keys of the response times that an incident has.
    pub keys: Vec<String>,
}

impl<'a> Source<'a, '_> {
    pub fn named(&self, is_behind: impl Fn(&Summary) -> bool) -> NamedIncidents<'a> {
        let behind = self.incidents.iter().copied();
        NamedIncidents::new(behind.filter(|summary| is_behind(summary)), self.config)
    }

    pub fn severities(&self, metrics: &Metrics, view: &MetricsView) -> Vec<SeverityKeyView> {
        let keys = metrics.severities.iter().zip(&view.severities);
        let view = |(key, label): (&Option<String>, &String)| {
            let of = key.as_deref();
            SeverityKeyView {
                label: label.clone(),
                rank: of.and_then(|key| self.config.severity_rank(key)),
                page: of.and_then(|key| Some((*self.pages.severities.get(key)?).to_owned())),
                key: key.clone(),
            }
        };
        keys.map(view).collect()
    }

    pub fn months(&self, view: &MetricsView) -> Vec<MonthView<'a>> {
        let months = view.months.iter().take(MONTHS);
        let view = |count: &CountView| {
            let is_in = |summary: &Summary| {
                (summary.day).is_some_and(|day| Every::Month.name(day) == count.label)
            };
            let page = count
                .label
                .get(..4)
                .and_then(|year| self.pages.years.get(year));
            MonthView {
                named: self.named(is_in),
                page: page.map(|page| (*page).to_owned()),
                count: count.clone(),
            }
        };
        months.map(view).collect()
    }

    pub fn tiles(&self, view: &MetricsView, as_of: NaiveDate) -> Vec<TileView> {
        let since = as_of.checked_sub_months(Months::new(12));
        let recent = self.incidents.iter();
        let recent =
            recent.filter(|one| one.day.is_some_and(|day| Some(day) > since && day <= as_of));
        let recent = recent.count();
        let metric = |key: &str| view.response_times.iter().find(|one| one.key == key);
        let resolve = metric("time_to_resolve").and_then(|metric| metric.spread.as_ref());
        let tile = |label: &str, value: Option<String>, note: Option<String>, anchor| TileView {
            label: label.to_owned(),
            value,
            note,
            anchor,
        };
        let share = |label, share: &ShareView, noun, anchor| {
            let value = share.text.is_some();
            let note = value.then(|| format!("of {}", counted(share.whole, noun)));
            tile(label, value.then(|| share.part.to_string()), note, anchor)
        };
        vec![
            tile(
                "Incidents in the last 12 months",
                Some(recent.to_string()),
                None,
                "incidents",
            ),
            tile(
                "Median time to resolve",
                resolve.map(|spread| spread.median.text.clone()),
                resolve.map(|spread| format!("of {}", counted(spread.incidents, "incident"))),
                "clocks",
            ),
            share(
                "Detected internally",
                &view.detected_internally,
                "incident",
                "found",
            ),
            share(
                "Action items completed on time",
                &view.on_time,
                "action item",
                "actions",
            ),
        ]
    }

    pub fn rows(
        &self,
        groups: &[Group],
        without: &str,
        page: impl Fn(&str) -> Option<(String, String)>,
    ) -> Vec<GroupRow> {
        let row = |group: &Group| {
            let name = group.names.first().cloned().flatten();
            let (label, page) = name.as_deref().and_then(&page).unzip();
            let cells = (self.keys.iter()).map(|key| {
                let mut metrics = group.response_metrics.iter();
                let metric = metrics.find(|metric| *metric.definition.key == **key)?;
                metric.spread.map(DistributionView::new)
            });
            GroupRow {
                label: label.or(name).unwrap_or_else(|| without.to_owned()),
                page,
                incidents: group.incidents,
                cells: cells.collect(),
            }
        };
        groups.iter().map(row).collect()
    }

    pub fn noticed(&self) -> Vec<PartView<'a>> {
        let parts = [
            ("Detected internally", "good", Some(true)),
            ("Reported by customers first", "bad", Some(false)),
            ("Not recorded", "unknown", None),
        ];
        let part = |(label, kind, found)| {
            let is = |summary: &Summary| summary.detected_internally == found;
            PartView {
                label,
                kind,
                count: self.incidents.iter().filter(|summary| is(summary)).count(),
                named: self.named(is),
            }
        };
        parts.into_iter().map(part).collect()
    }

    pub fn actions(&self, as_of: NaiveDate) -> Vec<PartView<'a>> {
        let parts = [
            ("Completed on time", "good", Timeliness::OnTime),
            ("Completed late", "middling", Timeliness::Late),
            ("Overdue", "bad", Timeliness::Overdue),
        ];
        let part = |(label, kind, found)| {
            let of = |summary: &Summary| {
                let items = summary.actions.iter();
                items
                    .filter(|item| Timeliness::judge(item, as_of) == Some(found))
                    .count()
            };
            PartView {
                label,
                kind,
                count: self.incidents.iter().map(|summary| of(summary)).sum(),
                named: self.named(|summary| of(summary) > 0),
            }
        };
        parts.into_iter().map(part).collect()
    }

    pub fn row(&self, summary: &'a Summary) -> IncidentRow<'a> {
        let cells = self
            .keys
            .iter()
            .map(|key| Some(summary.length(key)?.short()));
        IncidentRow {
            link: IncidentLink::new(summary, self.config),
            day: summary.day.map(|day| day.to_string()),
            cells: cells.collect(),
        }
    }

    /// Draws the response times: all on one scale, and one of them by quarter.
    pub fn charts(&self, view: &MetricsView) -> ChartsView<'a> {
        let taken = |summaries: &[&Summary], key: &str| -> Vec<Taken> {
            let taken = summaries.iter();
            taken
                .filter_map(|summary| Taken::new(summary, key, self.config))
                .collect()
        };
        let spreads = view
            .response_times
            .iter()
            .filter_map(|one| one.spread.as_ref());
        let ends = spreads.flat_map(|spread| [spread.min.seconds, spread.max.seconds]);
        let scale = chart::Scale::new(ends);
        let scales = view.response_times.iter().map(|metric| {
            let taken = taken(&self.incidents, &metric.key);
            chart::scale_row(scale.as_ref()?, metric, &taken)
        });
        let resolve = view
            .response_times
            .iter()
            .find(|one| one.key == "time_to_resolve");
        let mut quarters: BTreeMap<String, Vec<&Summary>> = BTreeMap::new();
        for summary in &self.incidents {
            if let Some(day) = summary.day {
                quarters
                    .entry(Every::Quarter.name(day))
                    .or_default()
                    .push(summary);
            }
        }
        let quarter = |(label, summaries): (String, Vec<&Summary>)| {
            let key = resolve.map_or("", |metric| &metric.key);
            let spread = metrics::spread(&summaries, key);
            QuarterView {
                label,
                taken: taken(&summaries, key),
                median_and_p90: spread.map(|one| (one.median.known(), one.p90.known())),
            }
        };
        let quarters = quarters.into_iter().rev().take(QUARTERS);
        let quarters: Vec<QuarterView> = quarters.map(quarter).collect();
        ChartsView {
            scale: scale.as_ref().map(chart::scale_head),
            scales: scales.collect(),
            quarters: resolve.and_then(|metric| chart::quarters(&metric.label, &quarters)),
            months: None,
            noticed: None,
            actions: None,
        }
    }
}
