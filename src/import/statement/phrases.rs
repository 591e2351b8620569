//! Lists of words and phrases.

use std::collections::BTreeSet;

/// Words, and phrases of several words, in the form used for lookups.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Phrases {
    words: BTreeSet<String>,
    /// The phrases, each with a space before and after it.
    phrases: Vec<String>,
}

impl From<Vec<String>> for Phrases {
    fn from(list: Vec<String>) -> Self {
        let (words, phrases): (Vec<String>, Vec<String>) =
            list.into_iter().partition(|text| !text.contains(' '));
        Self {
            words: words.into_iter().collect(),
            phrases: phrases.iter().map(|text| format!(" {text} ")).collect(),
        }
    }
}

impl Phrases {
    /// Returns `true` for a word of the list.
    pub fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Returns `true` if a folded text contains a word or a phrase of the list.
    pub fn is_in(&self, text: &str) -> bool {
        text.split(' ').any(|word| self.has(word)) || {
            let text = format!(" {text} ");
            self.phrases.iter().any(|phrase| text.contains(phrase))
        }
    }

    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        { self.words.iter() }
            .chain(&self.phrases)
            .map(|text| text.trim())
    }
}
