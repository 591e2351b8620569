//! The response times, and the start and end of each.

use std::borrow::Cow;

use super::{Endpoint, Endpoints, Fact, State, between, missing};
use crate::config::Config;
use crate::incident::Status;
use crate::kind::OneOrMany;
use crate::moment::Zone;
use crate::timeline::{Mark, Point};

/// A built-in response time. If several points are listed, the first recorded one is used.
pub struct DefaultResponseMetric {
    /// The key.
    pub key: &'static str,
    /// The name in reports.
    pub label: &'static str,
    /// The start.
    pub from: &'static [Point],
    /// The end.
    pub to: &'static [Point],
}

use Point::{FirstMessage, Mark as At};

const IMPACT: &[Point] = &[At(Mark::ImpactStarted), At(Mark::Started)];

/// All built-in response times, in the order of printing.
pub const RESPONSE_METRICS: &[DefaultResponseMetric] = &[
    DefaultResponseMetric {
        key: "duration",
        label: "Duration",
        from: &[At(Mark::Started), At(Mark::ImpactStarted)],
        to: &[At(Mark::Ended), At(Mark::Resolved), At(Mark::ImpactEnded)],
    },
    DefaultResponseMetric {
        key: "customer_impact",
        label: "Customer Impact",
        from: &[At(Mark::ImpactStarted)],
        to: &[At(Mark::ImpactEnded)],
    },
    DefaultResponseMetric {
        key: "time_to_detect",
        label: "Time to Detect",
        from: IMPACT,
        to: &[At(Mark::Detected)],
    },
    DefaultResponseMetric {
        key: "time_to_acknowledge",
        label: "Time to Acknowledge",
        from: &[At(Mark::Detected)],
        to: &[At(Mark::Acknowledged)],
    },
    DefaultResponseMetric {
        key: "page_to_acknowledge",
        label: "Page to Acknowledge",
        from: &[At(Mark::Paged)],
        to: &[At(Mark::Acknowledged)],
    },
    DefaultResponseMetric {
        key: "time_to_identify",
        label: "Time to Identify",
        from: &[At(Mark::Detected)],
        to: &[At(Mark::Identified)],
    },
    DefaultResponseMetric {
        key: "time_to_mitigate",
        label: "Time to Mitigate",
        from: IMPACT,
        to: &[At(Mark::Mitigated)],
    },
    DefaultResponseMetric {
        key: "time_to_resolve",
        label: "Time to Resolve",
        from: IMPACT,
        to: &[At(Mark::ImpactEnded), At(Mark::Resolved), At(Mark::Ended)],
    },
    DefaultResponseMetric {
        key: "time_to_notify",
        label: "Time to Notify Customers",
        from: IMPACT,
        to: &[FirstMessage, At(Mark::CustomerNotified)],
    },
];

/// A response time as it is defined for an archive.
#[derive(Debug, Clone)]
pub struct ResponseMetricDefinition {
    /// The key.
    pub key: Cow<'static, str>,
    /// The name in reports.
    pub label: Cow<'static, str>,
    /// The start. If several points are listed, the first recorded one is used.
    pub from: Cow<'static, [Point]>,
    /// The end.
    pub to: Cow<'static, [Point]>,
}

/// Returns the response times of an archive: the built-in ones, as its settings redefine them, then its custom ones.
pub fn all(config: &Config) -> impl Iterator<Item = ResponseMetricDefinition> {
    let settings = |key: &str| config.metrics.iter().find(|settings| &*settings.key == key);
    let own_or = |own: &OneOrMany<Point>, default: &'static [Point]| {
        if own.0.is_empty() {
            Cow::Borrowed(default)
        } else {
            Cow::Owned(own.0.clone())
        }
    };
    let defaults =
        RESPONSE_METRICS
            .iter()
            .map(move |response_metric| match settings(response_metric.key) {
                None => ResponseMetricDefinition {
                    key: Cow::Borrowed(response_metric.key),
                    label: Cow::Borrowed(response_metric.label),
                    from: Cow::Borrowed(response_metric.from),
                    to: Cow::Borrowed(response_metric.to),
                },
                Some(own) => ResponseMetricDefinition {
                    key: Cow::Borrowed(response_metric.key),
                    label: own
                        .label
                        .as_ref()
                        .map_or(Cow::Borrowed(response_metric.label), |label| {
                            label.to_string().into()
                        }),
                    from: own_or(&own.from, response_metric.from),
                    to: own_or(&own.to, response_metric.to),
                },
            });
    let own = config.metrics.iter().filter(|own| {
        RESPONSE_METRICS
            .iter()
            .all(|response_metric| response_metric.key != &*own.key)
    });
    defaults.chain(own.map(move |own| ResponseMetricDefinition {
        key: own.key.to_string().into(),
        label: own.label.as_ref().unwrap_or(&own.key).to_string().into(),
        from: own.from.0.clone().into(),
        to: own.to.0.clone().into(),
    }))
}

impl ResponseMetricDefinition {
    /// Returns `true` for the customer impact from its start to its end, which is the sum of its windows.
    pub(crate) fn is_impact(&self) -> bool {
        self.key == "customer_impact"
            && *self.from == [At(Mark::ImpactStarted)]
            && *self.to == [At(Mark::ImpactEnded)]
    }

    pub(super) fn fact(self, ends: &Endpoints, status: Status, zone: Zone) -> Fact {
        let (from, to): (Option<Endpoint>, Option<Endpoint>) =
            (ends.first(&self.from), ends.first(&self.to));
        // While an incident is open again, no end before it resolved it.
        let is_resolution = [Mark::Resolved, Mark::Ended]
            .iter()
            .any(|mark| self.to.contains(&At(*mark)));
        let to =
            to.filter(|end| !(is_resolution && status.is_open() && ends.is_reopened_after(end)));
        let (state, length) = match (from, to) {
            (Some(from), Some(to)) => match between(&from.moment, &to.moment, zone) {
                Some(length) => (State::Recorded, Some(length)),
                None => (State::Invalid, None),
            },
            _ => (missing(status), None),
        };
        Fact {
            key: self.key,
            label: self.label,
            state,
            length,
            from,
            to,
        }
    }
}
