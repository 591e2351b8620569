//! Custom marks, and the response times between marks.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Config;
use crate::kind::{Line, OneOrMany};
use crate::timeline::{AnyMark, Mark, Point};

/// A response time that is measured differently, or in addition to the built-in ones.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricSettings {
    /// The key of a built-in response time, such as `time_to_detect`, or a new key.
    #[schemars(example = &"time_to_declare")]
    pub key: Line,
    /// The name in reports.
    #[schemars(example = &"Time to Declare")]
    pub label: Option<Line>,
    /// The mark at which it starts, or `first_message`. If several are listed, the first recorded one is used.
    #[schemars(example = &"detected")]
    #[serde(default)]
    pub from: OneOrMany<Point>,
    /// The mark at which it ends, or `first_message`. If several are listed, the first recorded one is used.
    #[schemars(example = ["declared", "acknowledged"])]
    #[serde(default)]
    pub to: OneOrMany<Point>,
    /// The target, printed with the metric.
    #[schemars(example = &"10 minutes")]
    pub target: Option<Line>,
}

/// A custom mark.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSettings {
    /// The name in reports. [default: the name of the mark]
    #[schemars(example = &"Regulator Notified")]
    pub label: Option<Line>,
    /// The marks that it must not precede, such as `detected`; `check` reports an event that does.
    #[schemars(example = &"detected", with = "OneOrMany<AnyMark>")]
    #[serde(default)]
    pub after: OneOrMany<Mark>,
    /// The marks that it must not follow.
    #[schemars(example = &"ended", with = "OneOrMany<AnyMark>")]
    #[serde(default)]
    pub before: OneOrMany<Mark>,
}

impl Config {
    /// Returns the names of the custom marks.
    pub fn mark_names(&self) -> impl Iterator<Item = &str> {
        self.marks.0.iter().map(|(name, _)| &**name)
    }

    /// Returns the name in reports of a custom mark; `None` without a label.
    #[must_use]
    pub fn mark_label(&self, mark: Mark) -> Option<&str> {
        self.marks.get(mark.as_str())?.label.as_deref()
    }
}
