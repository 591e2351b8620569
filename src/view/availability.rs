//! The availability of services as text, with the formula that it is computed by.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::short;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Summary;
use crate::incident::ImpactLevel;
use crate::metrics::availability::{self, Every, PeriodAvailability, ServiceAvailability, WHOLE};

/// The number of quarters that the metrics page lists for each service.
const QUARTERS: usize = 4;
/// The number of months that `metrics.json` lists for each service.
const MONTHS: usize = 24;

/// The availability of each service.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AvailabilityView {
    /// The services, by name.
    pub services: Vec<ServiceAvailabilityView>,
    /// The degrees of impact that lose a part of their time: `minor counts 25%`.
    pub weights: Vec<String>,
    /// Whether a service has a target.
    pub has_target: bool,
}

/// The availability of a service.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceAvailabilityView {
    /// The service.
    pub service: String,
    /// The name of its page.
    pub slug: Option<String>,
    /// The target: `99.9%`.
    pub target: Option<String>,
    /// The number of incidents that are not counted, because their start or end is not recorded or not seen.
    pub not_counted: usize,
    /// The last quarters, newest first.
    pub quarters: Vec<PeriodView>,
    /// The last months, newest first.
    pub months: Vec<PeriodView>,
}

/// The availability of a service in a period.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodView {
    /// The period: `2025-Q1`, `2025-01`.
    pub period: String,
    /// The availability in percent, rounded down to four decimals.
    pub percent: Option<f64>,
    /// The same as text: `99.9653%`.
    pub text: Option<String>,
    /// The number of incidents.
    pub incidents: usize,
    /// The seconds of the period up to the reference date.
    pub seconds: i64,
    /// The seconds lost, each by the weight of its degree.
    pub lost_seconds: i64,
    /// The same as text: `44m 35s`.
    pub lost: String,
    /// The seconds that the target of the whole period still allows to lose; negative if it is missed.
    pub budget_seconds: Option<i64>,
    /// The same as text: `12m 30s left`, `missed by 5m`.
    pub budget: Option<String>,
}

impl AvailabilityView {
    /// Computes the availability of each service up to a date, for an audience; `slugs` maps services to page names.
    #[must_use]
    pub fn new(
        shown: &[&Summary],
        config: &Config,
        slugs: &BTreeMap<&str, &str>,
        as_of: NaiveDate,
        audience: Audience,
    ) -> Self {
        let of = |every| availability::availability(shown, config, every, as_of, audience);
        let services = of(Every::Quarter).into_iter().zip(of(Every::Month));
        let services: Vec<ServiceAvailabilityView> = services
            .map(|(quarters, months)| ServiceAvailabilityView {
                slug: slugs
                    .get(quarters.service.as_str())
                    .map(ToString::to_string),
                target: quarters.target.map(percent),
                not_counted: quarters.unknown,
                quarters: latest(&quarters, QUARTERS),
                months: latest(&months, MONTHS),
                service: quarters.service,
            })
            .collect();
        Self {
            has_target: services.iter().any(|service| service.target.is_some()),
            weights: weights(config),
            services,
        }
    }
}

/// Returns the last periods of a service, newest first.
fn latest(service: &ServiceAvailability, most: usize) -> Vec<PeriodView> {
    let periods = service.periods.iter().rev().take(most);
    periods
        .map(|period| PeriodView::new(period, service.target))
        .collect()
}

impl PeriodView {
    /// Creates the view of a period.
    #[must_use]
    pub fn new(period: &PeriodAvailability, target: Option<u32>) -> Self {
        let share = period.share();
        let lost = period.lost / 100;
        let budget = target.map(|target| period.budget(target));
        Self {
            period: period.span.name(),
            percent: share.map(|share| f64::from(i32::try_from(share).unwrap_or(0)) / 10_000.0),
            text: share.map(|share| percent(u32::try_from(share).unwrap_or(0))),
            incidents: period.incidents,
            seconds: period.span.seconds(),
            lost_seconds: lost,
            lost: short(lost),
            budget_seconds: budget,
            budget: budget.map(|seconds| match seconds {
                ..0 => format!("missed by {}", short(-seconds)),
                _ => format!("{} left", short(seconds)),
            }),
        }
    }
}

/// Prints millionths as percent: `99.9653%`, `99.9%`, `100%`.
#[must_use]
pub fn percent(millionths: u32) -> String {
    let text = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Describes the degrees of impact of which not all time is lost.
fn weights(config: &Config) -> Vec<String> {
    let weighed = ImpactLevel::ALL.into_iter().filter_map(|level| {
        let weight = config.availability.weight(Some(level));
        let name = level.as_str();
        (i64::from(weight) * 10_000 < WHOLE).then(|| format!("`{name}` counts {weight}%"))
    });
    weighed.collect()
}
