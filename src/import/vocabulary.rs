//! The texts for the format's values, in our reports and in those of others.

use super::words::folded;

/// Folded texts with their values.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// Returns the value of a text, ignoring case and punctuation.
pub(super) fn key(table: Words, words: &str) -> Option<&'static str> {
    let words = folded(words);
    table
        .iter()
        .find(|(word, _)| *word == words)
        .map(|(_, key)| *key)
}

/// The statuses of an incident.
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

/// The kinds of a record.
pub(super) const KIND: Words = &[
    ("incident", "incident"),
    ("near miss", "near_miss"),
    ("drill", "drill"),
    ("maintenance", "maintenance"),
    ("investigation", "investigation"),
];

/// The impact levels.
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

/// The audiences. Terms that are more restricted than `internal` map to `confidential`.
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

/// The extents of data loss.
pub(super) const LOSS: Words = &[
    ("no data loss", "none"),
    ("partial data loss", "partial"),
    ("data loss", "total"),
    ("data loss not known", "unknown"),
];

/// The extents of data exposure.
pub(super) const EXPOSURE: Words = &[
    ("no data exposure", "none"),
    ("suspected data exposure", "suspected"),
    ("data exposure", "confirmed"),
    ("data exposure not known", "unknown"),
];

/// The certainties of a root cause.
pub(super) const CAUSE: Words = &[
    ("unknown", "unknown"),
    ("suspected", "suspected"),
    ("confirmed", "confirmed"),
];

/// The statuses of a fix.
pub(super) const FIX: Words = &[
    ("none", "none"),
    ("committed", "committed"),
    ("committed pending deploy", "pending_deploy"),
    ("deployed", "deployed"),
    ("verified", "verified"),
    ("reverted", "reverted"),
];

/// The results of a self-healing action.
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

/// The statuses of action items and steps.
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

/// The stages of a message.
pub(super) const STAGE: Words = &[
    ("planned", "planned"),
    ("investigating", "investigating"),
    ("identified", "identified"),
    ("monitoring", "monitoring"),
    ("resolved", "resolved"),
    ("closed", "closed"),
    ("postmortem", "postmortem"),
];

/// The roles of a signature.
pub(super) const ROLE: Words = &[
    ("incident commander", "commander"),
    ("incident manager", "commander"),
    ("commander", "commander"),
    ("reviewed by", "reviewer"),
    ("reviewer", "reviewer"),
    ("approved by", "approver"),
    ("approver", "approver"),
];

/// The status icons and checkboxes.
pub(super) const ICONS: &[(&str, &str)] = &[
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

/// Strips a status icon or checkbox from the start of a text; returns its status and the rest.
pub(super) fn strip_icon(text: &str) -> (Option<&'static str>, &str) {
    let text = text.trim_start();
    let found = ICONS
        .iter()
        .find_map(|(icon, key)| Some((*key, text.strip_prefix(icon)?)));
    match found {
        // An emoji may be followed by a variation selector.
        Some((key, rest)) => (Some(key), {
            let rest = rest.trim_start_matches('\u{fe0f}');
            rest.strip_prefix(' ').unwrap_or(rest)
        }),
        None => (None, text),
    }
}
