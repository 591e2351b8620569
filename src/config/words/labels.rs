//! The labels by which texts state durations.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kind::Line;

/// Labels by which texts state durations, by what ends the duration, in addition to the built-in ones: `Time to detect: 12
/// minutes`. The words of a label may be in any order.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LabelWords {
    /// Labels of the duration until the detection.
    #[schemars(example = ["Zeit bis zur Feststellung"])]
    pub detect: Vec<Line>,
    /// Labels of the duration until the acknowledgement.
    #[schemars(example = ["Zeit bis zur Bestätigung"])]
    pub acknowledge: Vec<Line>,
    /// Labels of the duration until the cause was identified.
    #[schemars(example = ["Zeit bis zur Diagnose"])]
    pub identify: Vec<Line>,
    /// Labels of the duration until the mitigation.
    #[schemars(example = ["Zeit bis zur Eindämmung"])]
    pub mitigate: Vec<Line>,
    /// Labels of the duration until the resolution.
    #[schemars(example = ["Zeit bis zum Abschluss"])]
    pub resolve: Vec<Line>,
    /// Labels of the duration until the recovery, which may be the mitigation or the end.
    #[schemars(example = ["Zeit bis zur Reparatur"])]
    pub recover: Vec<Line>,
    /// Labels of the duration from start to end.
    #[schemars(example = ["Zeitraum"])]
    pub whole: Vec<Line>,
    /// Labels of the duration from start to end, or of the time for which users were affected.
    #[schemars(example = ["Beeinträchtigung"])]
    pub impact: Vec<Line>,
}
