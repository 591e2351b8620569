//! Which clocks there are, and from what to what each runs.

use std::borrow::Cow;

use super::{Endpoint, Endpoints, Fact, State, between, missing};
use crate::config::Config;
use crate::incident::Status;
use crate::moment::Zone;
use crate::timeline::Mark;

/// The name that settings use for the first message sent to customers or the public.
pub const FIRST_MESSAGE: &str = "first_message";

/// A moment that a clock may start or end at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A mark.
    Mark(Mark),
    /// The first message sent to customers or the public.
    FirstMessage,
}

impl From<Mark> for Point {
    fn from(mark: Mark) -> Self {
        Self::Mark(mark)
    }
}

impl Point {
    /// Finds a point by the word that settings use for it.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        if word == FIRST_MESSAGE {
            return Some(Self::FirstMessage);
        }
        Mark::ALL
            .iter()
            .find(|mark| mark.as_str() == word)
            .map(|mark| Self::Mark(*mark))
    }
}

/// A clock as it is defined by default; of several points, the first that is there counts.
pub struct DefaultResponseMetric {
    /// Its key.
    pub key: &'static str,
    /// Its name in reports.
    pub label: &'static str,
    /// Where it starts.
    pub from: &'static [Point],
    /// Where it ends.
    pub to: &'static [Point],
}

use Point::{FirstMessage, Mark as At};

const IMPACT: &[Point] = &[At(Mark::ImpactStarted), At(Mark::Started)];

/// Every clock, in the order of printing.
pub const RESPONSE_METRICS: &[DefaultResponseMetric] = &[
    DefaultResponseMetric {
        key: "duration",
        label: "Duration",
        from: &[
            At(Mark::Started),
            At(Mark::ImpactStarted),
            At(Mark::Detected),
        ],
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

/// A clock as it is defined for an archive.
#[derive(Debug, Clone)]
pub struct ResponseMetricDefinition {
    /// Its key.
    pub key: Cow<'static, str>,
    /// Its name in reports.
    pub label: Cow<'static, str>,
    /// Where it starts; of several points, the first that is there counts.
    pub from: Cow<'static, [Point]>,
    /// Where it ends.
    pub to: Cow<'static, [Point]>,
}

/// Lists the clocks of an archive: the default ones, redefined where its settings do, then its own.
pub fn all(config: &Config) -> impl Iterator<Item = ResponseMetricDefinition> {
    let settings = |key: &str| config.metrics.iter().find(|settings| &*settings.key == key);
    let points = |words: &[crate::kind::Line]| {
        words
            .iter()
            .filter_map(|word| Point::named(word))
            .collect::<Vec<_>>()
    };
    let own_or = move |own: Vec<Point>, default: &'static [Point]| {
        if own.is_empty() {
            Cow::Borrowed(default)
        } else {
            Cow::Owned(own)
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
                    from: own_or(points(&own.from.0), response_metric.from),
                    to: own_or(points(&own.to.0), response_metric.to),
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
        from: points(&own.from.0).into(),
        to: points(&own.to.0).into(),
    }))
}

impl ResponseMetricDefinition {
    /// Says whether it is the customer impact, from its start to its end: the sum of its windows.
    pub(crate) fn is_impact(&self) -> bool {
        self.key == "customer_impact"
            && *self.from == [At(Mark::ImpactStarted)]
            && *self.to == [At(Mark::ImpactEnded)]
    }

    pub(super) fn fact(self, ends: &Endpoints, status: Status, zone: Zone) -> Fact {
        let (from, to): (Option<Endpoint>, Option<Endpoint>) =
            (ends.first(&self.from), ends.first(&self.to));
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
