//! Finds the name in a fixed list that a word most likely means, by its spelling or by its
//! meaning.

use crate::source::{folded, nearest};

/// Words that people and other tools use, and the name for the same in the input format.
const SYNONYMS: &[(&str, &[&str])] = &[
    // Values.
    ("ack", &["acknowledged"]),
    ("acked", &["acknowledged"]),
    ("acknowledged", &["ack"]),
    ("actions", &["action_items"]),
    ("active", &["investigating", "in_progress"]),
    ("alert", &["detected"]),
    ("alerted", &["detected"]),
    ("all", &["public", "total"]),
    ("cause", &["root_cause"]),
    ("closed", &["done"]),
    ("comms", &["communication"]),
    ("complete", &["done", "total"]),
    ("completed", &["done"]),
    ("deny", &["error"]),
    ("deployment", &["deploy"]),
    ("disabled", &["off"]),
    ("doing", &["in_progress"]),
    ("done", &["resolved", "success"]),
    ("draft", &["provisional"]),
    ("dropped", &["cancelled"]),
    ("everyone", &["public"]),
    ("exercise", &["drill"]),
    ("external", &["customers", "public"]),
    ("failure", &["failed"]),
    ("false", &["none", "off"]),
    ("finished", &["done", "closed"]),
    ("fix", &["mitigation"]),
    ("fixed", &["resolved", "done"]),
    ("game_day", &["drill"]),
    ("high", &["major"]),
    ("ic", &["commander"]),
    ("ignore", &["off"]),
    ("incident_commander", &["commander"]),
    ("investigation", &["diagnosis"]),
    ("likely", &["suspected"]),
    ("low", &["minor"]),
    ("medium", &["moderate"]),
    ("merged", &["committed"]),
    ("mitigated", &["monitoring"]),
    ("mitigation", &["mitigated"]),
    ("new", &["planned", "investigating"]),
    ("no", &["none", "off"]),
    ("none", &["off"]),
    ("not_started", &["planned"]),
    ("notified", &["customer_notified"]),
    ("ok", &["success"]),
    ("ongoing", &["in_progress", "investigating"]),
    ("open", &["planned", "investigating"]),
    ("outage", &["incident"]),
    ("page", &["paged"]),
    ("passed", &["success"]),
    ("pending", &["planned"]),
    ("post_mortem", &["postmortem"]),
    ("private", &["internal"]),
    ("probable", &["suspected"]),
    ("proven", &["confirmed"]),
    ("released", &["deployed"]),
    ("resolved", &["done"]),
    ("restricted", &["confidential"]),
    ("rolled_back", &["reverted"]),
    ("scheduled", &["planned"]),
    ("secret", &["confidential"]),
    ("some", &["partial"]),
    ("start", &["started"]),
    ("succeeded", &["success"]),
    ("successful", &["success"]),
    ("todo", &["planned"]),
    ("to_do", &["planned"]),
    ("warn", &["warning"]),
    ("wip", &["in_progress"]),
    ("wont_do", &["cancelled"]),
    ("wontfix", &["cancelled"]),
    // Keys.
    ("assigned_to", &["owner"]),
    ("assignee", &["owner"]),
    ("author", &["actor"]),
    ("by", &["actor"]),
    ("category", &["kind"]),
    ("day", &["date"]),
    ("deadline", &["due"]),
    ("description", &["text", "action", "summary"]),
    ("details", &["body", "notes"]),
    ("due_date", &["due"]),
    ("end", &["ended"]),
    ("entries", &["events"]),
    ("env", &["environment"]),
    ("href", &["url"]),
    ("key_queries", &["evidence"]),
    ("labels", &["tags"]),
    ("link", &["url"]),
    ("message", &["text", "body"]),
    ("name", &["title"]),
    ("queries", &["evidence"]),
    ("query", &["code", "evidence"]),
    ("sent", &["sent_at"]),
    ("sev", &["severity"]),
    ("state", &["status"]),
    ("task", &["action"]),
    ("time", &["at", "sent_at"]),
    ("timeline", &["events"]),
    ("timestamp", &["at", "sent_at"]),
    ("timezone", &["tz"]),
    ("title", &["action", "text"]),
    ("ts", &["at"]),
    ("tz", &["timezone"]),
    ("uri", &["url"]),
    ("when", &["at", "sent_at"]),
    ("who", &["actor", "owner", "name"]),
];

/// Returns the names that a word most likely means: one, or several with the same meaning.
pub fn meant<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    let near = nearest(word, names.iter().copied());
    if let Some((name, 0)) = near {
        return vec![name];
    }
    let same = synonyms(word, names);
    if same.is_empty() {
        near.map(|(name, _)| name).into_iter().collect()
    } else {
        same
    }
}

/// Returns the names that mean the same as a word.
pub fn synonyms<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    let word = folded(word);
    let row = SYNONYMS.iter().find(|(other, _)| *other == word);
    let same = row.map_or(&[][..], |(_, same)| same);
    same.iter()
        .filter_map(|name| names.iter().copied().find(|known| known == name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::schema;
    use std::collections::BTreeSet;

    /// Collects the keys and the enum values of a schema.
    fn names<'a>(schema: &'a serde_json::Value, found: &mut BTreeSet<&'a str>) {
        match schema {
            serde_json::Value::Object(map) => {
                for (key, value) in map {
                    found.insert(key);
                    names(value, found);
                }
            }
            serde_json::Value::Array(values) => {
                for value in values {
                    names(value, found);
                }
            }
            serde_json::Value::String(text) => drop(found.insert(text)),
            _ => {}
        }
    }

    #[test]
    fn each_synonym_is_listed_once_and_maps_to_known_names() {
        let mut known = BTreeSet::new();
        for schema in [schema::incident(), schema::timeline(), schema::config()] {
            names(schema, &mut known);
        }
        let mut seen = BTreeSet::new();
        for (word, same) in SYNONYMS {
            assert_eq!(folded(word), *word);
            assert!(seen.insert(word), "{word} is listed twice");
            for name in *same {
                assert!(known.contains(name), "unknown `{name}`");
            }
        }
    }

    #[test]
    fn a_word_means_the_same_name_however_it_is_spelled() {
        let status = ["done", "in_progress", "planned", "cancelled"];
        for (word, expected) in [
            ("Done", &["done"][..]),
            ("In Progress", &["in_progress"]),
            ("in-progress", &["in_progress"]),
            ("canceled", &["cancelled"]),
            ("completed", &["done"]),
            ("TODO", &["planned"]),
            ("blocked", &[]),
        ] {
            assert_eq!(meant(word, &status), expected, "{word}");
        }
        let audience = ["public", "customers", "internal", "confidential"];
        assert_eq!(meant("external", &audience), ["customers", "public"]);
    }
}
