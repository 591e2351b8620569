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
    /// Words between `an` and `hour`, or before a duration, that do not change how long it is.
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
    /// Indefinite articles, before a thing that may be any of its kind.
    #[schemars(example = ["some"])]
    pub articles: Vec<Line>,
    /// Words before a noun that a response is about: `the first alert`.
    #[schemars(example = ["her"])]
    pub determiners: Vec<Line>,
    /// Words that start a clause about the noun before them: `an outage, which lasted 2 hours`.
    #[schemars(example = ["whatever"])]
    pub relatives: Vec<Line>,
    /// Verbs for what may have happened: `you may have seen errors`.
    #[schemars(example = ["would"])]
    pub modals: Vec<Line>,
    /// Words before a number that is the most: `under 2 hours`.
    #[schemars(example = ["inside"])]
    pub at_most: Vec<Line>,
    /// Words before a number that is the least: `over 2 hours`.
    #[schemars(example = ["beyond"])]
    pub at_least: Vec<Line>,
    /// Words before `than` and a number that is the most.
    #[schemars(example = ["lower"])]
    pub fewer: Vec<Line>,
    /// Words before `than` and a number that is the least.
    #[schemars(example = ["higher"])]
    pub more: Vec<Line>,
    /// Words after `or` that make the number before it the most.
    #[schemars(example = ["below"])]
    pub or_fewer: Vec<Line>,
    /// Words after `or` that make the number before it the least.
    #[schemars(example = ["above"])]
    pub or_more: Vec<Line>,
    /// Words before a number that do not change it.
    #[schemars(example = ["merely"])]
    pub exactly: Vec<Line>,
    /// Words before those that make a number a bound or approximate: `well over 2 hours`.
    #[schemars(example = ["somewhat"])]
    pub softening: Vec<Line>,
    /// Words before a duration that something had: `down for 2 hours`.
    #[schemars(example = ["spanning"])]
    pub spanning: Vec<Line>,
    /// Words between a duration and its end: `it took an hour until we noticed`.
    #[schemars(example = ["pending"])]
    pub until: Vec<Line>,
    /// Words between two times of day: `from 9:50 to 11:00`.
    #[schemars(example = ["thru"])]
    pub through: Vec<Line>,
    /// Words of sentences that order durations: `for 50 minutes, then slow for 20 minutes`.
    #[schemars(example = ["subsequently"])]
    pub sequence: Vec<Line>,
    /// Words for an incident that has ended.
    #[schemars(example = ["ceased"])]
    pub ended: Vec<Line>,
    /// Verbs of the present for something that does not work: `Checkout fails (3 hours)`.
    #[schemars(example = ["breaks"])]
    pub fails: Vec<Line>,
    /// Verbs before the state of what does not work: `stayed down`.
    #[schemars(example = ["lay"])]
    pub staying: Vec<Line>,
    /// Words before `down` that make it no failure: `shut down`.
    #[schemars(example = ["winding"])]
    pub lowering: Vec<Line>,
    /// More words for trouble, beside a count of users: `12 customers were without access`.
    #[schemars(example = ["glitch"])]
    pub lacking: Vec<Line>,
    /// Verbs by which customers complain: `7 customers complained`.
    #[schemars(example = ["grumbled"])]
    pub complaining: Vec<Line>,
    /// Words after `complained` that do not make the count a part: `complained about errors`.
    #[schemars(example = ["regarding"])]
    pub after_complaints: Vec<Line>,
    /// Words for automation, whose actions are counted.
    #[schemars(example = ["autopilot"])]
    pub automation: Vec<Line>,
    /// Words for actions, which are those of automation if the sentence names it.
    #[schemars(example = ["intervention"])]
    pub actions: Vec<Line>,
    /// Verbs after one thing that is counted: `1 customer experienced errors`.
    #[schemars(example = ["saw"])]
    pub after_one: Vec<Line>,
    /// Words at the start of a sentence that measures a recovery from an action: `After the restart`.
    #[schemars(example = ["upon"])]
    pub following: Vec<Line>,
    /// Words before a duration that is written as on a clock: `downtime: 00:35:00`.
    #[schemars(example = ["length"])]
    pub measured: Vec<Line>,
    /// Nouns for the start of an incident: `12 minutes after the onset`.
    #[schemars(example = ["outset"])]
    pub beginnings: Vec<Line>,
    /// Verbs by which an incident starts: `the outage began at 9:50`.
    #[schemars(example = ["emerged"])]
    pub began: Vec<Line>,
    /// Verbs by which a problem starts, after which a duration is counted: `5 minutes after it broke`.
    #[schemars(example = ["crashed"])]
    pub broke: Vec<Line>,
    /// Words for all who are notified, beside those of users and customers.
    #[schemars(example = ["press"])]
    pub public: Vec<Line>,
    /// Verbs before a word that says that something works again: `came back`.
    #[schemars(example = ["got"])]
    pub returning: Vec<Line>,
    /// Verbs for what works again: `checkout recovered`.
    #[schemars(example = ["revived"])]
    pub recovered: Vec<Line>,
    /// Adjectives before a duration and its response: `a fast 47-second detection`.
    #[schemars(example = ["speedy"])]
    pub quick: Vec<Line>,
    /// Words before `to` and the verb of a response: `we managed to detect`.
    #[schemars(example = ["able"])]
    pub managing: Vec<Line>,
    /// Words at the start of a sentence that is about what the one before is about.
    #[schemars(example = ["hers"])]
    pub referring: Vec<Line>,
    /// Words for the severity of an incident.
    #[schemars(example = ["criticality"])]
    pub severities: Vec<Line>,
    /// How names of severities start, before a number: `SEV-1`.
    #[schemars(example = ["level"])]
    pub severity_names: Vec<Line>,
    /// Words after a severity in a sentence that defines it: `P1 is any outage`.
    #[schemars(example = ["beyond"])]
    pub limits: Vec<Line>,
    /// Words before the name of another incident: `like the Easter incident`.
    #[schemars(example = ["versus"])]
    pub before_names: Vec<Line>,
    /// Words before a period that is longer than an incident: `over the last 12 months`.
    #[schemars(example = ["previous"])]
    pub recent: Vec<Line>,
    /// Words for periods after one of `recent`, in the singular.
    #[schemars(example = ["semester"])]
    pub periods: Vec<Line>,
    /// Words after `this` for periods that are longer than an incident: `this year`.
    #[schemars(example = ["season"])]
    pub long_periods: Vec<Line>,
    /// Words of sentences that state a mean.
    #[schemars(example = ["averaging"])]
    pub averages: Vec<Line>,
    /// Words that make a time of day approximate, beside those of numbers: `shortly before 9:50`.
    #[schemars(example = ["immediately"])]
    pub shortly: Vec<Line>,
    /// Words of clauses that say since when people have known a problem: `investigating since 9:50`.
    #[schemars(example = ["examining"])]
    pub investigating: Vec<Line>,
    /// Verbs before the duration of a response: `it took 4 minutes until`.
    #[schemars(example = ["consumed"])]
    pub taking: Vec<Line>,
    /// Verbs for customers without a message: `waited 50 minutes for an update`.
    #[schemars(example = ["sat"])]
    pub waiting: Vec<Line>,
    /// Verbs by which a message is sent: `took 20 minutes to send the first update`.
    #[schemars(example = ["share"])]
    pub sending: Vec<Line>,
    /// Words after the verb by which a first alert or message arrives: `went off`.
    #[schemars(example = ["through"])]
    pub particles: Vec<Line>,
    /// Words of sentences about messages after the first.
    #[schemars(example = ["third"])]
    pub not_first: Vec<Line>,
}
