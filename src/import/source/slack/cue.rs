//! What a message states by its first words, and what a reaction makes of it.

use crate::import::source::{Draft, Item, Reading};
use crate::import::statement::{is_denied, is_doubted, is_no_alarm};
use crate::timeline::{EventKind, Mark};

/// The first words of messages that state a change, and what they mean.
const CUES: &[(&str, EventKind)] = &[
    ("alert", EventKind::Alert),
    ("paging ", EventKind::Page),
    ("paged ", EventKind::Page),
    ("ack", EventKind::Ack),
    ("identified", EventKind::Diagnosis),
    ("root cause analysis", EventKind::Note),
    ("root cause", EventKind::Diagnosis),
    ("cause:", EventKind::Diagnosis),
    ("found the cause", EventKind::Diagnosis),
    ("mitigat", EventKind::Mitigation),
    ("rolled back", EventKind::Mitigation),
    ("rolling back", EventKind::Mitigation),
    ("rollback", EventKind::Mitigation),
    ("reverted", EventKind::Mitigation),
    ("manual intervention", EventKind::Mitigation),
    ("deploy", EventKind::Deploy),
    ("monitoring", EventKind::Monitoring),
    ("verified", EventKind::Verified),
    ("recovered", EventKind::Verified),
    ("all clear", EventKind::Verified),
    ("resolved", EventKind::Closed),
    ("incident closed", EventKind::Closed),
    ("status:", EventKind::Note),
    ("status update", EventKind::Communication),
    ("severity", EventKind::Note),
    ("decision:", EventKind::Action),
];

/// Reactions that say what a message is, if the settings say nothing else.
const REACTIONS: &[(&str, EventKind)] = &[
    ("white_check_mark", EventKind::Verified),
    ("heavy_check_mark", EventKind::Verified),
    ("rotating_light", EventKind::Alert),
    ("fire_extinguisher", EventKind::Mitigation),
    ("rewind", EventKind::Mitigation),
    ("rocket", EventKind::Deploy),
    ("mag", EventKind::Diagnosis),
];

/// What a message states by its first words.
pub(super) struct Cue {
    /// Whether the words are a command, or those of a message that changes the incident.
    pub is_relevant: bool,
    /// The type of event; `None` if the message states none, or denies it.
    pub kind: Option<EventKind>,
    is_resolved: bool,
}

/// Returns what a message states.
///
/// A quote is what another message says: `> Resolved`, `"Resolved" is too early`.
pub(super) fn cue(text: &str) -> Cue {
    let is_decoration = |c: char| !c.is_alphanumeric() && c != '/';
    let own = text.lines().find(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('>')
    });
    let start = own.unwrap_or_default().trim_start_matches(is_decoration);
    let before = own.unwrap_or_default().strip_suffix(start);
    let is_quoted = before.is_some_and(|before| before.contains(['"', '“', '„', '«', '‘', '`']));
    let start = start.to_lowercase();
    let found = CUES.iter().find(|(words, _)| start.starts_with(words));
    let found = found.filter(|_| !is_quoted).map(|(_, kind)| *kind);
    Cue {
        is_relevant: start.starts_with('/') || found.is_some(),
        kind: found.filter(|kind| is_stated(&start, *kind)),
        is_resolved: start.starts_with("resolved"),
    }
}

/// Returns `true` if a line states a change of this type.
///
/// What follows the colon of an alert or a deployment describes it: `alert: payments failed`.
fn is_stated(line: &str, kind: EventKind) -> bool {
    let label = line.split(':').next().unwrap_or_default();
    match kind {
        EventKind::Alert => !is_doubted(label) && !is_no_alarm(label),
        EventKind::Page => !is_doubted(label),
        EventKind::Monitoring => {
            let mut words = line.split(|c: char| !c.is_alphanumeric());
            !is_denied(line) && !words.any(|word| matches!(word, "down" | "broken"))
        }
        EventKind::Ack
        | EventKind::Diagnosis
        | EventKind::Mitigation
        | EventKind::Verified
        | EventKind::Closed => !is_doubted(line),
        _ => !is_denied(label),
    }
}

impl Cue {
    /// Proposes the mark that the message states.
    pub(super) fn mark(&self, draft: Draft) -> Draft {
        match self.kind {
            Some(EventKind::Alert) => draft.marking(Mark::Detected, "the first alert"),
            Some(EventKind::Ack) => draft.marking(Mark::Acknowledged, "the first acknowledgement"),
            Some(EventKind::Diagnosis) => {
                draft.marking(Mark::Identified, "the message says that the cause is known")
            }
            Some(EventKind::Mitigation) => draft.marking(Mark::Mitigated, "the message says so"),
            Some(EventKind::Verified) => {
                draft.marking(Mark::ImpactEnded, "the message says that all is well")
            }
            Some(EventKind::Closed) if self.is_resolved => {
                draft.marking(Mark::Resolved, "the message says so")
            }
            Some(EventKind::Closed) => draft.marking(Mark::Ended, "the message says so"),
            _ => draft,
        }
    }
}

/// Returns the type of event that a reaction makes of a message; `None` if no reaction does.
pub(super) fn reacted(item: Item, reading: &Reading) -> Option<EventKind> {
    let set = &reading.settings.config.slack.reactions;
    item.list("reactions").find_map(|reaction| {
        // A skin tone follows the name.
        let name = reaction.text("name")?.split("::").next()?;
        let usual = || REACTIONS.iter().find(|(other, _)| *other == name);
        let set = set
            .0
            .iter()
            .find(|(set, _)| set.trim_matches(':') == name)
            .map(|(_, kind)| *kind);
        set.or_else(|| Some(usual()?.1))
    })
}
