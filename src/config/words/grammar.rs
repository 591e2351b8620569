//! The words of English grammar that tell what a number in a sentence is.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kind::Line;

/// Words of grammar that tell what a number in a sentence is, in addition to the built-in English ones.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Grammar {
    /// Words that start another clause.
    #[schemars(example = ["albeit"])]
    pub conjunctions: Vec<Line>,
    /// Words for people and things that a sentence before has named.
    #[schemars(example = ["folks"])]
    pub pronouns: Vec<Line>,
    /// Words before a noun that do not make it the name of something else: `our whole platform`.
    #[schemars(example = ["beloved"])]
    pub descriptions: Vec<Line>,
    /// Words of sentences that state a condition.
    #[schemars(example = ["provided"])]
    pub conditions: Vec<Line>,
    /// Verbs in the past that do not end in `-ed`.
    #[schemars(example = ["strove"])]
    pub past: Vec<Line>,
    /// Auxiliary verbs of the present, in which no duration is stated.
    #[schemars(example = ["remains"])]
    pub present: Vec<Line>,
    /// Auxiliary verbs and adverbs before a verb.
    #[schemars(example = ["ended"])]
    pub auxiliaries: Vec<Line>,
    /// Verbs that say what something does whenever it happens: `a restart takes the site down for 2 minutes`.
    #[schemars(example = ["triggers"])]
    pub habitual: Vec<Line>,
    /// Words for some of the users or of the time, whose impact may be shorter than the whole.
    #[schemars(example = ["numerous"])]
    pub some: Vec<Line>,
    /// Words for single users or services, whose impact is not that of all.
    #[schemars(example = ["isolated"])]
    pub single: Vec<Line>,
    /// Words of clauses about what did not happen or was not measured.
    #[schemars(example = ["ideally"])]
    pub unreal: Vec<Line>,
    /// More such words, for durations of a response.
    #[schemars(example = ["allegedly"])]
    pub unreal_responses: Vec<Line>,
    /// More such words, for the duration of the impact.
    #[schemars(example = ["allegedly"])]
    pub unreal_impact: Vec<Line>,
    /// Words of clauses that count a part of a total, or something other than this incident.
    #[schemars(example = ["allegedly"])]
    pub unreal_counts: Vec<Line>,
    /// Words before a clause or a number about what has not happened, or not in this way.
    #[schemars(example = ["upcoming"])]
    pub not_yet: Vec<Line>,
    /// Words of sentences whose times are expected or wished for.
    #[schemars(example = ["hopefully"])]
    pub expectations: Vec<Line>,
    /// Words before a month or a year that a sentence is about.
    #[schemars(example = ["throughout"])]
    pub time_prepositions: Vec<Line>,
    /// Words after `last` that name another time.
    #[schemars(example = ["holiday"])]
    pub seasons: Vec<Line>,
    /// Words that make a number approximate.
    #[schemars(example = ["approaching"])]
    pub about: Vec<Line>,
    /// Words that form a larger number with the next number word, such as `hundred`.
    #[schemars(example = ["score"])]
    pub multiples: Vec<Line>,
    /// Words before `an hour` as a duration, and not as in `34 requests an hour`.
    #[schemars(example = ["lasts"])]
    pub measuring: Vec<Line>,
    /// Words between `an` and `hour` that do not change how long it is.
    #[schemars(example = ["long"])]
    pub whole: Vec<Line>,
    /// Words after a duration that compare it or give it another start.
    #[schemars(example = ["thereafter"])]
    pub compared: Vec<Line>,
    /// More such words, for durations of a response.
    #[schemars(example = ["thereafter"])]
    pub not_after_responses: Vec<Line>,
    /// Words between `outage` and its duration.
    #[schemars(example = ["consumed"])]
    pub linking: Vec<Line>,
    /// Verbs by which people meet trouble: `users saw errors`.
    #[schemars(example = ["witnessed"])]
    pub noticing: Vec<Line>,
    /// Verbs by which trouble continues: `errors ran for 2 hours`.
    #[schemars(example = ["lingered"])]
    pub continuing: Vec<Line>,
    /// Verbs for what people do with a service: `nobody could pay`.
    #[schemars(example = ["subscribe"])]
    pub served: Vec<Line>,
    /// Adjectives of trouble: `40 minutes of elevated error rates`.
    #[schemars(example = ["sporadic"])]
    pub qualities: Vec<Line>,
    /// Verbs whose object then does not work, or works again: `the release took checkout down`.
    #[schemars(example = ["forced"])]
    pub bringing: Vec<Line>,
    /// Verbs whose object does not work: `a deploy blocked the checkout`.
    #[schemars(example = ["crippled"])]
    pub disrupting: Vec<Line>,
    /// Verbs for what a service does: `checkout did not load`.
    #[schemars(example = ["sync"])]
    pub working: Vec<Line>,
    /// Adjectives of a service that works: `checkout was not available`.
    #[schemars(example = ["responsive"])]
    pub usable: Vec<Line>,
    /// Parts of a service that fail: `every checkout request`.
    #[schemars(example = ["transactions"])]
    pub requests: Vec<Line>,
    /// Words for what people do with a service, which fails for some or for all: `purchases failed`.
    #[schemars(example = ["renewals"])]
    pub activities: Vec<Line>,
    /// Words for the end of an incident.
    #[schemars(example = ["restoration"])]
    pub recovering: Vec<Line>,
    /// Words after a verb that say that something works again: `came back up`.
    #[schemars(example = ["alive"])]
    pub back: Vec<Line>,
    /// Words for what is restored when an incident is resolved.
    #[schemars(example = ["connectivity"])]
    pub restored: Vec<Line>,
    /// Words for detection, if their subject detects incidents: users notice one later, or never.
    #[schemars(example = ["picked"])]
    pub seen: Vec<Line>,
    /// Words for things that respond or alert, before the word of a response.
    #[schemars(example = ["pager"])]
    pub actors: Vec<Line>,
    /// Words for the people who respond.
    #[schemars(example = ["sysadmin"])]
    pub responders: Vec<Line>,
    /// Words that may be between the word of a response and its duration or its object.
    #[schemars(example = ["entire"])]
    pub fillers: Vec<Line>,
    /// Words that introduce a duration.
    #[schemars(example = ["needed"])]
    pub introducing: Vec<Line>,
    /// Words before the noun of a response: `fast detection`.
    #[schemars(example = ["timely"])]
    pub response_adjectives: Vec<Line>,
    /// Words for what is found when the cause is identified.
    #[schemars(example = ["culprit"])]
    pub causes: Vec<Line>,
    /// Words that say that customers were notified.
    #[schemars(example = ["texted"])]
    pub informing: Vec<Line>,
    /// Phrases that say that customers were not notified.
    #[schemars(example = ["without a word"])]
    pub uninformed: Vec<Line>,
    /// Words for what customers receive.
    #[schemars(example = ["bulletin"])]
    pub news: Vec<Line>,
    /// Words between a number and its noun that do not change what it counts.
    #[schemars(example = ["paying"])]
    pub count_adjectives: Vec<Line>,
    /// Words before a number that make it a part of a total.
    #[schemars(example = ["barely"])]
    pub before_parts: Vec<Line>,
    /// Words after a noun that make its number a part of a total.
    #[schemars(example = ["near"])]
    pub after_parts: Vec<Line>,
    /// Verbs for support tickets.
    #[schemars(example = ["submitted"])]
    pub opened: Vec<Line>,
    /// Verbs for actions of automation.
    #[schemars(example = ["launched"])]
    pub ran: Vec<Line>,
    /// Verbs for action items.
    #[schemars(example = ["adopted"])]
    pub agreed: Vec<Line>,
    /// Verbs of responses to a page, which else are of anything: `answered the page`.
    #[schemars(example = ["took"])]
    pub of_pages: Vec<Line>,
    /// Verbs of responses if their subject responds: `the team responded in 5 minutes`.
    #[schemars(example = ["mobilized"])]
    pub of_responders: Vec<Line>,
    /// Verbs by which a cause is identified, which else are of anything: `found the cause`.
    #[schemars(example = ["discovered"])]
    pub of_causes: Vec<Line>,
    /// Words for what tells responders of an incident.
    #[schemars(example = ["siren"])]
    pub alerts: Vec<Line>,
    /// Verbs by which a first alert or message arrives.
    #[schemars(example = ["surfaced"])]
    pub coming: Vec<Line>,
    /// Words of sentences whose count is an estimate, an earlier statement or the number on a screen.
    #[schemars(example = ["reckoned"])]
    pub estimating: Vec<Line>,
    /// Words for the work after an incident: `writing this report took 3 days`.
    #[schemars(example = ["auditing"])]
    pub documenting: Vec<Line>,
    /// Words after `every` for what recurs: `every night`.
    #[schemars(example = ["evening"])]
    pub recurring: Vec<Line>,
    /// Words for steps within an incident, whose impact may be shorter: `during the restart`.
    #[schemars(example = ["cutover"])]
    pub steps: Vec<Line>,
}
