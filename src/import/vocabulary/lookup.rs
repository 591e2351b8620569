//! Looks up what a phrase means.

use std::collections::BTreeMap;

use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, IntoDeserializer};

use super::super::words::{folded, unnumbered};

/// Phrases with their meanings.
#[derive(Debug)]
pub(in super::super) struct Lookup<T>(pub(super) BTreeMap<String, T>);

impl<T> Lookup<T> {
    /// Returns `true` if a text as it is compared has a meaning.
    pub fn has(&self, folded: &str) -> bool {
        self.0.contains_key(folded)
    }
}

impl<T> Default for Lookup<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Copy> Lookup<T> {
    /// Returns the meaning of a text, ignoring case and punctuation.
    pub fn get(&self, text: &str) -> Option<T> {
        self.exact(&folded(text))
    }

    /// Returns the meaning of a text as written.
    pub fn exact(&self, text: &str) -> Option<T> {
        self.0.get(text).copied()
    }

    /// Returns all phrases.
    pub fn phrases(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the meaning of a heading, ignoring a leading number.
    pub fn heading(&self, title: &str) -> Option<T> {
        self.get(title).or_else(|| self.get(unnumbered(title)))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lookup<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut lookup = Self::default();
        for (meaning, phrases) in BTreeMap::<String, Vec<String>>::deserialize(from)? {
            for phrase in phrases {
                let meaning = T::deserialize(meaning.as_str().into_deserializer())?;
                if lookup.0.insert(phrase.clone(), meaning).is_some() {
                    return Err(de::Error::custom(format!("`{phrase}` has two meanings")));
                }
            }
        }
        Ok(lookup)
    }
}
