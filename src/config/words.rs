//! The words that checks look for, which an archive may add to.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::kind::{Line, Pairs};

mod grammar;
mod labels;
mod promises;

pub use grammar::Grammar;
pub use labels::LabelWords;
pub use promises::PromiseWords;

/// Words of your texts that checks look for, in addition to the built-in English ones. Case is ignored unless stated
/// otherwise; write both the singular and the plural.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckWords {
    /// Words that are placeholders. Their case matters.
    #[schemars(example = ["NNN", "to-do"])]
    pub placeholders: Vec<Line>,
    /// How the text in brackets starts if it says what to fill in, such as `link to`.
    #[schemars(example = ["please"])]
    pub instructions: Vec<Line>,
    /// Words in capitals and brackets that are no placeholders, such as `WARNING`. Their case matters.
    #[schemars(example = ["SECURITY"])]
    pub tags: Vec<Line>,
    /// Names in brackets that are unfilled variables of a message, such as `customer name`.
    #[schemars(example = ["account manager"])]
    pub variables: Vec<Line>,
    /// Forms of a date or a time in a message that nobody has filled in. Their case matters.
    #[schemars(example = ["TT.MM."])]
    pub date_forms: Vec<Line>,
    /// Phrases that assign blame, or how they start.
    #[schemars(example = ["was too lazy"])]
    pub blame: Vec<Line>,
    /// Phrases that apologize, or parts of them.
    #[schemars(example = ["let you down"])]
    pub apology: Vec<Line>,
    /// Phrases that say how to reach you, or parts of them.
    #[schemars(example = ["account manager"])]
    pub contact: Vec<Line>,
    /// Common words of the language of your messages: a message with two of them should have an apology and contact details.
    #[schemars(example = ["wir"])]
    pub common: Vec<Line>,
    /// The user names of email addresses that belong to a role rather than a person, such as `billing`.
    #[schemars(example = ["dispatch"])]
    pub role_addresses: Vec<Line>,
    /// The last parts of host names in your internal network, such as `internal`.
    #[schemars(example = ["ferrowick"])]
    pub internal_domains: Vec<Line>,
    /// Words in the names of rows that stand for several customers, such as `tenants`: these names are not confidential.
    #[schemars(example = ["schools"])]
    pub groups: Vec<Line>,
    /// Words after a number in the name of a row, which then is so many accounts: `Acme (8 accounts)`.
    #[schemars(example = ["schools"])]
    pub account_names: Vec<Line>,
    /// Words before one of `account_names` in the name of a row that is nothing but a number: `8 more accounts`.
    #[schemars(example = ["extra"])]
    pub additional: Vec<Line>,
    /// Legal forms at the end of the names of companies, such as `GmbH`: the name is confidential without it too.
    #[schemars(example = ["SpA"])]
    pub legal_forms: Vec<Line>,
    /// Small words within names of persons, such as `van`.
    #[schemars(example = ["ap"])]
    pub name_particles: Vec<Line>,
    /// Parts of the names of teams, so that they are not taken for names of persons; ends in scripts without spaces.
    #[schemars(example = ["squad"])]
    pub teams: Vec<Line>,
    /// Words for an incident, whose duration is that of the incident, such as `outage`.
    #[schemars(example = ["brownout"])]
    pub incident: Vec<Line>,
    /// Words for an incident or its cause, which can be detected and resolved, such as `issue`.
    #[schemars(example = ["defect"])]
    pub problem: Vec<Line>,
    /// Words for a service that does not work, such as `unavailable`.
    #[schemars(example = ["borked"])]
    pub failing: Vec<Line>,
    /// What users notice when a service does not work, such as `timeouts`.
    #[schemars(example = ["staleness"])]
    pub trouble: Vec<Line>,
    /// Words that say that a count is of all who were affected.
    #[schemars(example = ["inconvenienced"])]
    pub affected: Vec<Line>,
    /// Words for the users that `users` counts.
    #[schemars(example = ["riders", "rider"])]
    pub users: Vec<Line>,
    /// Words for the customers that the customer table counts.
    #[schemars(example = ["shops", "shop"])]
    pub customers: Vec<Line>,
    /// Words for accounts.
    #[schemars(example = ["workspaces", "workspace"])]
    pub accounts: Vec<Line>,
    /// Words for complaints.
    #[schemars(example = ["grievances", "grievance"])]
    pub complaints: Vec<Line>,
    /// Words for support tickets.
    #[schemars(example = ["cases", "case"])]
    pub tickets: Vec<Line>,
    /// Words for all that you offer, which are down for everyone if they are down, such as `the website`.
    #[schemars(example = ["store"])]
    pub whole_services: Vec<Line>,
    /// Words between such a word and `down`: `the website was completely down`.
    #[schemars(example = ["entirely"])]
    pub before_down: Vec<Line>,
    /// Words near `outage` that limit it.
    #[schemars(example = ["sporadic"])]
    pub limited: Vec<Line>,
    /// Words for services of others, and for those that only your own people use, such as `provider` and `dashboard`.
    #[schemars(example = ["ferncloud"])]
    pub others: Vec<Line>,
    /// Words of sentences about another incident, or one that did not happen, such as `previous` and `drill`.
    #[schemars(example = ["wargame"])]
    pub other_incidents: Vec<Line>,
    /// Parts of your systems that can fail without an incident, such as `replica`.
    #[schemars(example = ["indexer"])]
    pub components: Vec<Line>,
    /// Words of sentences about other times than that of the impact, such as `maintenance` and `deployed`.
    #[schemars(example = ["rehearsal"])]
    pub elsewhen: Vec<Line>,
    /// Words that say that an incident was detected, in any form, such as `detect`, `detected` and `detection`.
    #[schemars(example = ["discovered"])]
    pub detect: Vec<Line>,
    /// Words that say that a page was acknowledged, in any form.
    #[schemars(example = ["confirmed"])]
    pub acknowledge: Vec<Line>,
    /// Words that say that the cause was identified, in any form.
    #[schemars(example = ["pinpointed"])]
    pub identify: Vec<Line>,
    /// Words that say that the impact was mitigated, in any form.
    #[schemars(example = ["contained"])]
    pub mitigate: Vec<Line>,
    /// Words that say that an incident was resolved, in any form.
    #[schemars(example = ["remedied"])]
    pub resolve: Vec<Line>,
    /// Words that say that customers were notified, in any form.
    #[schemars(example = ["alerted"])]
    pub notify: Vec<Line>,
    /// Words that say how long an incident lasted, in any form.
    #[schemars(example = ["dragged"])]
    pub last: Vec<Line>,
    /// Words for the false signals of an investigation.
    #[schemars(example = ["red herrings"])]
    pub false_signals: Vec<Line>,
    /// Words for actions of automation.
    #[schemars(example = ["auto-repairs"])]
    pub healing_actions: Vec<Line>,
    /// Words for action items.
    #[schemars(example = ["follow-ups"])]
    pub action_items: Vec<Line>,
    /// Labels of the start of an incident: `Start: 09:50 UTC`.
    #[schemars(example = ["kickoff"])]
    pub start_labels: Vec<Line>,
    /// Labels of the end of an incident: `End: 11:00 UTC`.
    #[schemars(example = ["all clear"])]
    pub end_labels: Vec<Line>,
    /// Titles of sections that are about the incident as a whole, such as `Summary`.
    #[schemars(example = ["at a glance"])]
    pub overviews: Vec<Line>,
    /// Words for persons that are users if something did not work for them: `9,000 people could not log in`.
    #[schemars(example = ["passengers", "passenger"])]
    pub people: Vec<Line>,
    /// First words of an action item that names a topic rather than a task, such as `better`.
    #[schemars(example = ["nicer"])]
    pub topics: Vec<Line>,
    /// Words that end in `-ing` but name no topic, so that an action item may start with one.
    #[schemars(example = ["sibling"])]
    pub not_gerunds: Vec<Line>,
    /// Abbreviations of time zones, with their offset from UTC in minutes.
    #[schemars(example = serde_json::json!({ "brt": -180 }))]
    pub zones: Pairs<i32>,
    /// Words for numbers, with the number, such as `dozen = 12`.
    #[schemars(example = serde_json::json!({ "dozen": 12 }))]
    pub numbers: Pairs<u32>,
    /// Words for units of time after a number, such as `Minuten`.
    pub units: UnitWords,
    /// Labels by which texts state durations, in addition to the built-in ones.
    pub labels: LabelWords,
    /// Words with which a message promises the next update, in addition to the built-in English ones.
    pub promises: PromiseWords,
    /// Words of grammar that tell what a number in a sentence is, in addition to the built-in English ones.
    pub grammar: Grammar,
}

/// Words for units of time after a number, in addition to the built-in English ones.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnitWords {
    /// Words for seconds.
    #[schemars(example = ["Sekunden", "Sekunde"])]
    pub seconds: Vec<Line>,
    /// Words for minutes.
    #[schemars(example = ["Minuten", "Minute"])]
    pub minutes: Vec<Line>,
    /// Words for hours.
    #[schemars(example = ["Stunden", "Stunde"])]
    pub hours: Vec<Line>,
    /// Words for days.
    #[schemars(example = ["Tage", "Tagen", "Tag"])]
    pub days: Vec<Line>,
}
