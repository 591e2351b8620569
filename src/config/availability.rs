//! The targets of services, and how much of its time a degree of impact loses.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::incident::ImpactLevel;
use crate::kind::{Pairs, Percent, Share, name_key};

/// How the availability of services is computed, and what it should be.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AvailabilitySettings {
    /// The target of every service, in percent of the time with at most four decimals.
    #[schemars(example = &"99.9%")]
    pub target: Option<Share>,
    /// The targets of single services, by name.
    #[schemars(example = serde_json::json!({ "checkout": "99.95%" }))]
    #[serde(default)]
    pub targets: Pairs<Share>,
    /// How much of its time each degree of impact loses.
    #[serde(default)]
    pub weights: WeightSettings,
}

/// How much of its time each degree of impact loses, in percent.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightSettings {
    /// The percentage of its time that `minor` impact loses. [default: `100`]
    #[schemars(example = 25)]
    pub minor: Option<Percent>,
    /// The percentage of its time that `moderate` impact loses. [default: `100`]
    #[schemars(example = 50)]
    pub moderate: Option<Percent>,
    /// The percentage of its time that `major` impact loses. [default: `100`]
    #[schemars(example = 75)]
    pub major: Option<Percent>,
    /// The percentage of its time that `critical` impact loses. [default: `100`]
    #[schemars(example = 100)]
    pub critical: Option<Percent>,
}

impl AvailabilitySettings {
    /// Returns the target of a service in millionths: its own, or that of every service.
    #[must_use]
    pub fn target(&self, service: &str) -> Option<u32> {
        let is_same = |name: &str| name_key(name) == name_key(service);
        let own = self.targets.0.iter().find(|(name, _)| is_same(name));
        let target = own.map(|(_, target)| target).or(self.target.as_ref());
        target.map(Share::millionths)
    }

    /// Returns the percentage of its time that a degree of impact loses. No impact loses none, and one that is not
    /// recorded loses all.
    #[must_use]
    pub fn weight(&self, level: Option<ImpactLevel>) -> u8 {
        let weights = &self.weights;
        let weight = match level {
            Some(ImpactLevel::None) => return 0,
            Some(ImpactLevel::Minor) => weights.minor,
            Some(ImpactLevel::Moderate) => weights.moderate,
            Some(ImpactLevel::Major) => weights.major,
            Some(ImpactLevel::Critical) => weights.critical,
            None => None,
        };
        weight.map_or(100, |weight| weight.0)
    }
}
