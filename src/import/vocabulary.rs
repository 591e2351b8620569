//! The words that stand for keys of the format, those of its own reports and those that others use.

use super::words::folded;

/// Words with the key that each stands for.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// Finds the key that words stand for, whatever their case.
pub(super) fn key(table: Words, words: &str) -> Option<&'static str> {
    let words = folded(words);
    table
        .iter()
        .find(|(word, _)| *word == words)
        .map(|(_, key)| *key)
}

/// How far an incident has come.
pub(super) const STATUS: Words = &[
    ("planned", "planned"),
    ("scheduled", "planned"),
    ("investigating", "investigating"),
    ("open", "investigating"),
    ("ongoing", "investigating"),
    ("active", "investigating"),
    ("identified", "identified"),
    ("monitoring", "monitoring"),
    ("mitigated", "monitoring"),
    ("resolved", "resolved"),
    ("fixed", "resolved"),
    ("stable", "resolved"),
    ("closed", "closed"),
    ("complete", "closed"),
    ("completed", "closed"),
    ("done", "closed"),
    ("final", "closed"),
];

/// What kind of record it is.
pub(super) const KIND: Words = &[
    ("incident", "incident"),
    ("near miss", "near_miss"),
    ("drill", "drill"),
    ("maintenance", "maintenance"),
    ("investigation", "investigation"),
];

/// How bad it was for customers.
pub(super) const LEVEL: Words = &[
    ("none", "none"),
    ("minor", "minor"),
    ("low", "minor"),
    ("moderate", "moderate"),
    ("medium", "moderate"),
    ("major", "major"),
    ("high", "major"),
    ("critical", "critical"),
    ("severe", "critical"),
];

/// Who may read it. What is narrower than usual, and not known here, is the narrowest.
pub(super) const AUDIENCE: Words = &[
    ("public", "public"),
    ("external", "public"),
    ("customers", "customers"),
    ("customer", "customers"),
    ("internal", "internal"),
    ("internal only", "internal"),
    ("internal use only", "internal"),
    ("company", "internal"),
    ("confidential", "confidential"),
    ("restricted", "confidential"),
    ("secret", "confidential"),
    ("private", "confidential"),
];

/// Whether data was lost.
pub(super) const LOSS: Words = &[
    ("no data loss", "none"),
    ("partial data loss", "partial"),
    ("data loss", "total"),
    ("data loss not known", "unknown"),
];

/// Whether data was exposed.
pub(super) const EXPOSURE: Words = &[
    ("no data exposure", "none"),
    ("suspected data exposure", "suspected"),
    ("data exposure", "confirmed"),
    ("data exposure not known", "unknown"),
];

/// How sure a cause is.
pub(super) const CAUSE: Words = &[
    ("unknown", "unknown"),
    ("suspected", "suspected"),
    ("confirmed", "confirmed"),
];

/// How far a fix has come.
pub(super) const FIX: Words = &[
    ("none", "none"),
    ("committed", "committed"),
    ("committed pending deploy", "pending_deploy"),
    ("deployed", "deployed"),
    ("verified", "verified"),
    ("reverted", "reverted"),
];

/// How a self-healing action went.
pub(super) const HEALING: Words = &[
    ("success", "success"),
    ("successful", "success"),
    ("succeeded", "success"),
    ("full success", "success"),
    ("partial success", "partial"),
    ("partial", "partial"),
    ("partially successful", "partial"),
    ("failed", "failed"),
    ("failure", "failed"),
    ("skipped", "skipped"),
    ("not run", "skipped"),
];

/// Where something stands.
pub(super) const PROGRESS: Words = &[
    ("done", "done"),
    ("complete", "done"),
    ("completed", "done"),
    ("closed", "done"),
    ("resolved", "done"),
    ("fixed", "done"),
    ("in progress", "in_progress"),
    ("started", "in_progress"),
    ("ongoing", "in_progress"),
    ("doing", "in_progress"),
    ("wip", "in_progress"),
    ("planned", "planned"),
    ("todo", "planned"),
    ("to do", "planned"),
    ("open", "planned"),
    ("not started", "planned"),
    ("pending", "planned"),
    ("backlog", "planned"),
    ("cancelled", "cancelled"),
    ("canceled", "cancelled"),
    ("wont do", "cancelled"),
    ("wontfix", "cancelled"),
];

/// What a message told.
pub(super) const STAGE: Words = &[
    ("planned", "planned"),
    ("investigating", "investigating"),
    ("identified", "identified"),
    ("monitoring", "monitoring"),
    ("resolved", "resolved"),
    ("closed", "closed"),
    ("postmortem", "postmortem"),
];

/// As what a person signs.
pub(super) const ROLE: Words = &[
    ("incident commander", "commander"),
    ("incident manager", "commander"),
    ("commander", "commander"),
    ("reviewed by", "reviewer"),
    ("reviewer", "reviewer"),
    ("approved by", "approver"),
    ("approver", "approver"),
];

/// Signs of progress.
pub(super) const SIGNS: &[(&str, &str)] = &[
    ("✅", "done"),
    ("⏳", "planned"),
    ("❌", "cancelled"),
    ("[x]", "done"),
    ("[X]", "done"),
    ("[ ]", "planned"),
    ("☑", "done"),
    ("✔", "done"),
    ("☐", "planned"),
    ("🔄", "in_progress"),
];

/// Takes a sign of progress from the front of words.
pub(super) fn sign(words: &str) -> (Option<&'static str>, &str) {
    let words = words.trim_start();
    let found = SIGNS
        .iter()
        .find_map(|(sign, key)| Some((*key, words.strip_prefix(sign)?)));
    match found {
        // The sign may be followed by a letter that asks for its picture.
        Some((key, rest)) => (Some(key), {
            let rest = rest.trim_start_matches('\u{fe0f}');
            rest.strip_prefix(' ').unwrap_or(rest)
        }),
        None => (None, words),
    }
}
