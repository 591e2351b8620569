//! The lists of words that tell what a number in a sentence is, and sets of these lists.

use super::List;

/// A list of words for the numbers that a text states, by its name in `[words]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Incident,
    Problem,
    Failing,
    Trouble,
    Affected,
    Users,
    Customers,
    Accounts,
    Complaints,
    Tickets,
    WholeServices,
    Others,
    OtherIncidents,
    Components,
    Elsewhen,
    Detect,
    Acknowledge,
    Identify,
    Mitigate,
    Resolve,
    Notify,
    Last,
    FalseSignals,
    HealingActions,
    ActionItems,
    StartLabels,
    EndLabels,
    Overviews,
    People,
    Conjunctions,
    Pronouns,
    Descriptions,
    Conditions,
    Past,
    Present,
    Auxiliaries,
    Habitual,
    Some,
    Single,
    Unreal,
    UnrealResponses,
    UnrealImpact,
    UnrealCounts,
    NotYet,
    Expectations,
    TimePrepositions,
    Seasons,
    About,
    Compared,
    NotAfterResponses,
    Linking,
    Noticing,
    Continuing,
    Served,
    Qualities,
    Bringing,
    Disrupting,
    Working,
    Usable,
    Requests,
    Activities,
    Recovering,
    Back,
    Restored,
    Seen,
    Actors,
    Responders,
    Fillers,
    Introducing,
    ResponseAdjectives,
    Causes,
    Informing,
    Uninformed,
    News,
    CountAdjectives,
    BeforeParts,
    AfterParts,
    Opened,
    Ran,
    Agreed,
    OfPages,
    OfResponders,
    OfCauses,
    Alerts,
    Coming,
    Steps,
    Recurring,
    Documenting,
    Estimating,
    Articles,
    Determiners,
    Relatives,
    Modals,
    AtMost,
    AtLeast,
    Fewer,
    More,
    OrFewer,
    OrMore,
    Exactly,
    Softening,
    Spanning,
    Until,
    Through,
    Sequence,
    Ended,
    Fails,
    Staying,
    Lowering,
    Lacking,
    Complaining,
    AfterComplaints,
    Automation,
    Actions,
    AfterOne,
    Following,
    Measured,
    Beginnings,
    Began,
    Broke,
    Public,
    Returning,
    Recovered,
    Quick,
    Managing,
    Referring,
    Severities,
    BeforeNames,
    Recent,
    Averages,
    Shortly,
    Investigating,
    Taking,
    Waiting,
    Sending,
    Particles,
    NotFirst,
}

/// A set of lists: those that a word is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Classes([u64; 3]);

impl Classes {
    /// Adds a class.
    pub(super) fn add(&mut self, class: Class) {
        let (block, bit) = place(class);
        if let Some(bits) = self.0.get_mut(block) {
            *bits |= bit;
        }
    }

    /// Returns `true` if the set includes a class.
    pub fn includes(self, class: Class) -> bool {
        let (block, bit) = place(class);
        self.0.get(block).is_some_and(|bits| bits & bit != 0)
    }

    /// Returns `true` if the set has no class.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// Returns the block of a set that holds a class, and its bit in it.
const fn place(class: Class) -> (usize, u64) {
    let at = class as usize;
    (at / 64, 1 << (at % 64))
}

/// The lists of words for numbers.
pub(super) const CLASSES: &[(Class, List)] = &[
    (Class::Incident, |words| &words.incident),
    (Class::Problem, |words| &words.problem),
    (Class::Failing, |words| &words.failing),
    (Class::Trouble, |words| &words.trouble),
    (Class::Affected, |words| &words.affected),
    (Class::Users, |words| &words.users),
    (Class::Customers, |words| &words.customers),
    (Class::Accounts, |words| &words.accounts),
    (Class::Complaints, |words| &words.complaints),
    (Class::Tickets, |words| &words.tickets),
    (Class::WholeServices, |words| &words.whole_services),
    (Class::Others, |words| &words.others),
    (Class::OtherIncidents, |words| &words.other_incidents),
    (Class::Components, |words| &words.components),
    (Class::Elsewhen, |words| &words.elsewhen),
    (Class::Detect, |words| &words.detect),
    (Class::Acknowledge, |words| &words.acknowledge),
    (Class::Identify, |words| &words.identify),
    (Class::Mitigate, |words| &words.mitigate),
    (Class::Resolve, |words| &words.resolve),
    (Class::Notify, |words| &words.notify),
    (Class::Last, |words| &words.last),
    (Class::FalseSignals, |words| &words.false_signals),
    (Class::HealingActions, |words| &words.healing_actions),
    (Class::ActionItems, |words| &words.action_items),
    (Class::StartLabels, |words| &words.start_labels),
    (Class::EndLabels, |words| &words.end_labels),
    (Class::Overviews, |words| &words.overviews),
    (Class::People, |words| &words.people),
    (Class::Conjunctions, |words| &words.grammar.conjunctions),
    (Class::Pronouns, |words| &words.grammar.pronouns),
    (Class::Descriptions, |words| &words.grammar.descriptions),
    (Class::Conditions, |words| &words.grammar.conditions),
    (Class::Past, |words| &words.grammar.past),
    (Class::Present, |words| &words.grammar.present),
    (Class::Auxiliaries, |words| &words.grammar.auxiliaries),
    (Class::Habitual, |words| &words.grammar.habitual),
    (Class::Some, |words| &words.grammar.some),
    (Class::Single, |words| &words.grammar.single),
    (Class::Unreal, |words| &words.grammar.unreal),
    (Class::UnrealResponses, |words| {
        &words.grammar.unreal_responses
    }),
    (Class::UnrealImpact, |words| &words.grammar.unreal_impact),
    (Class::UnrealCounts, |words| &words.grammar.unreal_counts),
    (Class::NotYet, |words| &words.grammar.not_yet),
    (Class::Expectations, |words| &words.grammar.expectations),
    (Class::TimePrepositions, |words| {
        &words.grammar.time_prepositions
    }),
    (Class::Seasons, |words| &words.grammar.seasons),
    (Class::About, |words| &words.grammar.about),
    (Class::Compared, |words| &words.grammar.compared),
    (Class::NotAfterResponses, |words| {
        &words.grammar.not_after_responses
    }),
    (Class::Linking, |words| &words.grammar.linking),
    (Class::Noticing, |words| &words.grammar.noticing),
    (Class::Continuing, |words| &words.grammar.continuing),
    (Class::Served, |words| &words.grammar.served),
    (Class::Qualities, |words| &words.grammar.qualities),
    (Class::Bringing, |words| &words.grammar.bringing),
    (Class::Disrupting, |words| &words.grammar.disrupting),
    (Class::Working, |words| &words.grammar.working),
    (Class::Usable, |words| &words.grammar.usable),
    (Class::Requests, |words| &words.grammar.requests),
    (Class::Activities, |words| &words.grammar.activities),
    (Class::Recovering, |words| &words.grammar.recovering),
    (Class::Back, |words| &words.grammar.back),
    (Class::Restored, |words| &words.grammar.restored),
    (Class::Seen, |words| &words.grammar.seen),
    (Class::Actors, |words| &words.grammar.actors),
    (Class::Responders, |words| &words.grammar.responders),
    (Class::Fillers, |words| &words.grammar.fillers),
    (Class::Introducing, |words| &words.grammar.introducing),
    (Class::ResponseAdjectives, |words| {
        &words.grammar.response_adjectives
    }),
    (Class::Causes, |words| &words.grammar.causes),
    (Class::Informing, |words| &words.grammar.informing),
    (Class::Uninformed, |words| &words.grammar.uninformed),
    (Class::News, |words| &words.grammar.news),
    (Class::CountAdjectives, |words| {
        &words.grammar.count_adjectives
    }),
    (Class::BeforeParts, |words| &words.grammar.before_parts),
    (Class::AfterParts, |words| &words.grammar.after_parts),
    (Class::Opened, |words| &words.grammar.opened),
    (Class::Ran, |words| &words.grammar.ran),
    (Class::Agreed, |words| &words.grammar.agreed),
    (Class::OfPages, |words| &words.grammar.of_pages),
    (Class::OfResponders, |words| &words.grammar.of_responders),
    (Class::OfCauses, |words| &words.grammar.of_causes),
    (Class::Alerts, |words| &words.grammar.alerts),
    (Class::Coming, |words| &words.grammar.coming),
    (Class::Estimating, |words| &words.grammar.estimating),
    (Class::Documenting, |words| &words.grammar.documenting),
    (Class::Recurring, |words| &words.grammar.recurring),
    (Class::Steps, |words| &words.grammar.steps),
    (Class::Articles, |words| &words.grammar.articles),
    (Class::Determiners, |words| &words.grammar.determiners),
    (Class::Relatives, |words| &words.grammar.relatives),
    (Class::Modals, |words| &words.grammar.modals),
    (Class::AtMost, |words| &words.grammar.at_most),
    (Class::AtLeast, |words| &words.grammar.at_least),
    (Class::Fewer, |words| &words.grammar.fewer),
    (Class::More, |words| &words.grammar.more),
    (Class::OrFewer, |words| &words.grammar.or_fewer),
    (Class::OrMore, |words| &words.grammar.or_more),
    (Class::Exactly, |words| &words.grammar.exactly),
    (Class::Softening, |words| &words.grammar.softening),
    (Class::Spanning, |words| &words.grammar.spanning),
    (Class::Until, |words| &words.grammar.until),
    (Class::Through, |words| &words.grammar.through),
    (Class::Sequence, |words| &words.grammar.sequence),
    (Class::Ended, |words| &words.grammar.ended),
    (Class::Fails, |words| &words.grammar.fails),
    (Class::Staying, |words| &words.grammar.staying),
    (Class::Lowering, |words| &words.grammar.lowering),
    (Class::Lacking, |words| &words.grammar.lacking),
    (Class::Complaining, |words| &words.grammar.complaining),
    (Class::AfterComplaints, |words| {
        &words.grammar.after_complaints
    }),
    (Class::Automation, |words| &words.grammar.automation),
    (Class::Actions, |words| &words.grammar.actions),
    (Class::AfterOne, |words| &words.grammar.after_one),
    (Class::Following, |words| &words.grammar.following),
    (Class::Measured, |words| &words.grammar.measured),
    (Class::Beginnings, |words| &words.grammar.beginnings),
    (Class::Began, |words| &words.grammar.began),
    (Class::Broke, |words| &words.grammar.broke),
    (Class::Public, |words| &words.grammar.public),
    (Class::Returning, |words| &words.grammar.returning),
    (Class::Recovered, |words| &words.grammar.recovered),
    (Class::Quick, |words| &words.grammar.quick),
    (Class::Managing, |words| &words.grammar.managing),
    (Class::Referring, |words| &words.grammar.referring),
    (Class::Severities, |words| &words.grammar.severities),
    (Class::BeforeNames, |words| &words.grammar.before_names),
    (Class::Recent, |words| &words.grammar.recent),
    (Class::Averages, |words| &words.grammar.averages),
    (Class::Shortly, |words| &words.grammar.shortly),
    (Class::Investigating, |words| &words.grammar.investigating),
    (Class::Taking, |words| &words.grammar.taking),
    (Class::Waiting, |words| &words.grammar.waiting),
    (Class::Sending, |words| &words.grammar.sending),
    (Class::Particles, |words| &words.grammar.particles),
    (Class::NotFirst, |words| &words.grammar.not_first),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_a_bit_of_its_own() {
        for (class, _) in CLASSES {
            let mut classes = Classes::default();
            assert!(classes.is_empty() && !classes.includes(*class));
            classes.add(*class);
            let found = CLASSES.iter().filter(|(other, _)| classes.includes(*other));
            let found: Vec<_> = found.map(|(other, _)| *other).collect();
            assert_eq!(found, [*class]);
        }
    }
}
