//! The words with which a message promises the next update.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kind::{Line, Pairs};

/// Words with which a message promises the next update, in addition to the built-in English ones. In a phrase, `|` is
/// between words that may stand in the same place.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PromiseWords {
    /// Phrases for the next update, which has a time: a message whose time is not understood is reported.
    #[schemars(example = ["nächstes|nächste update|information"])]
    pub next: Vec<Line>,
    /// Phrases that announce an update, with a time or without one.
    #[schemars(example = ["wir informieren sie"])]
    pub announcements: Vec<Line>,
    /// Words that announce updates at the start of a sentence, before one of `leads` or `rhythms`: `Updates every hour`.
    #[schemars(example = ["neuigkeiten"])]
    pub starts: Vec<Line>,
    /// Words for how often updates come.
    #[schemars(example = ["stündlich"])]
    pub rhythms: Vec<Line>,
    /// Words that may be between the announcement of an update and its time.
    #[schemars(example = ["folgt", "spätestens"])]
    pub between: Vec<Line>,
    /// Words that lead to a time.
    #[schemars(example = ["um", "bis"])]
    pub leads: Vec<Line>,
    /// Words that make a time approximate.
    #[schemars(example = ["etwa"])]
    pub about: Vec<Line>,
    /// Words of a time that is not exact enough to be due.
    #[schemars(example = ["abends"])]
    pub vague: Vec<Line>,
    /// Words that make a promise none: `we do not plan a next update before 10:00`.
    #[schemars(example = ["nicht", "kein"])]
    pub negations: Vec<Line>,
    /// Words that start another part of a sentence.
    #[schemars(example = ["und", "wenn"])]
    pub clauses: Vec<Line>,
    /// Words for the night after a message, which may end on the next day.
    #[schemars(example = ["nachts"])]
    pub tonight: Vec<Line>,
    /// Words for a day, with the number of days after that of the message.
    #[schemars(example = serde_json::json!({ "heute": 0, "morgen": 1 }))]
    pub days: Pairs<u32>,
}
