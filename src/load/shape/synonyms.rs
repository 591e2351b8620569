//! Finds the name in a fixed list that a word most likely means, by its spelling or by its
//! meaning.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::audience::Audience;
use crate::source::{folded, is_misspelling, nearest};

/// Words that people and other tools use, and the names for the same in the input format. A test parses them.
static SYNONYMS: LazyLock<BTreeMap<String, Vec<String>>> =
    LazyLock::new(|| toml::from_str(include_str!("synonyms.toml")).unwrap_or_default());

/// Returns the names that a word most likely means: one, or several with the same meaning.
pub fn meant<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    // `nonpublic` is another audience than `public`.
    let is_negated = |name: &str| {
        let word = folded(word);
        Audience::named(name).is_some() && word != name && word.ends_with(name)
    };
    let near = nearest(word, names.iter().copied()).filter(|(name, _)| !is_negated(name));
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

/// Returns `true` if a word of a fixed list is certain to mean a name, so that it may be replaced unasked.
///
/// Of an audience only case, blanks and dashes may differ: a wrong one publishes what was held back.
pub fn is_certain(word: &str, name: &str) -> bool {
    folded(word) == folded(name) || (Audience::named(name).is_none() && is_misspelling(word, name))
}

/// Returns the names that mean the same as a word.
pub fn synonyms<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    let same = SYNONYMS.get(&folded(word)).into_iter().flatten();
    same.filter_map(|name| names.iter().copied().find(|known| known == name))
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
    fn each_synonym_maps_to_known_names() {
        let mut known = BTreeSet::new();
        for schema in [schema::incident(), schema::timeline(), schema::config()] {
            names(schema, &mut known);
        }
        assert!(SYNONYMS.len() > 50);
        for (word, same) in &*SYNONYMS {
            assert_eq!(folded(word), *word);
            for name in same {
                assert!(known.contains(&**name), "unknown `{name}`");
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
        let audience = Audience::ALL.map(Audience::as_str);
        assert_eq!(meant("external", &audience), ["customers", "public"]);
        assert_eq!(meant("nonpublic", &audience), ["internal"]);
        assert_eq!(meant("unconfidential", &audience), Vec::<&str>::new());
        assert!(is_certain("Public", "public") && is_certain("plannned", "planned"));
        for (word, name) in [
            ("nonpublic", "public"),
            ("publik", "public"),
            ("pubic", "public"),
            ("everyone", "public"),
            ("private", "internal"),
            ("unresolved", "resolved"),
            ("todo", "planned"),
        ] {
            assert!(!is_certain(word, name), "{word}");
        }
    }
}
