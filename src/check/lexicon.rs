//! The words that checks look for: the built-in English ones, and those that an archive adds.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Match};

use crate::config::CheckWords;
use crate::kind::Line;

/// The built-in words.
static BUILT_IN: LazyLock<CheckWords> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// A list of words.
pub(super) type List = fn(&CheckWords) -> &Vec<Line>;

/// The part that a word may have in a sentence that states a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An incident, whose duration is that of the incident.
    Incident,
    /// An incident or its cause.
    Problem,
    /// A service that does not work.
    Failing,
    /// A symptom that users notice when a service does not work.
    Trouble,
    /// A word that makes a count that of all who were affected.
    Affected,
    /// Users.
    Users,
    /// Customers.
    Customers,
    /// Accounts.
    Accounts,
    /// Complaints.
    Complaints,
    /// Support tickets.
    Tickets,
    /// The service as a whole.
    WholeServices,
    /// A service of others, or of your own people.
    Others,
    /// Another incident than this one.
    OtherIncidents,
    /// A part of a system that can fail without an incident.
    Components,
    /// Another time than that of the impact.
    Elsewhen,
}

const CLASSES: &[(Class, List)] = &[
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
];

/// The words of an archive, prepared for searches.
pub struct Lexicon<'a> {
    added: &'a CheckWords,
    /// The classes of each word, as bits.
    classes: HashMap<String, u32>,
    placeholders: Option<AhoCorasick>,
    blame: Option<AhoCorasick>,
}

impl<'a> Lexicon<'a> {
    /// Prepares the built-in words and those that an archive adds.
    #[must_use]
    pub fn new(added: &'a CheckWords) -> Self {
        let mut classes: HashMap<String, u32> = HashMap::new();
        for (class, words) in CLASSES {
            for word in list(added, *words) {
                *classes.entry(word.to_lowercase()).or_default() |= bit(*class);
            }
        }
        let search = |words: List| {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true);
            builder.build(list(added, words)).ok()
        };
        Self {
            added,
            classes,
            placeholders: search(|words| &words.placeholders),
            blame: search(|words| &words.blame),
        }
    }

    /// Returns the words of a list.
    pub(super) fn list(&self, words: List) -> impl Iterator<Item = &'a str> {
        list(self.added, words)
    }

    /// Returns `true` if a list has a word, in any case.
    pub(super) fn has(&self, words: List, word: &str) -> bool {
        self.list(words)
            .any(|other| other.eq_ignore_ascii_case(word))
    }

    /// Returns `true` if a lowercase word is of a class.
    #[must_use]
    pub fn is(&self, word: &str, class: Class) -> bool {
        let classes = self.classes.get(word);
        classes.is_some_and(|classes| classes & bit(class) != 0)
    }

    /// Returns the placeholder in a text that is first in the list.
    ///
    /// A single word is one in this case only: a text may be about a list of todos.
    pub(super) fn placeholder(
        &self,
        text: &str,
        is: impl Fn(usize, usize) -> bool,
    ) -> Option<&'a str> {
        let word = |index: usize| self.list(|words| &words.placeholders).nth(index);
        let index = first(self.placeholders.as_ref(), text, |found| {
            let word = word(found.pattern().as_usize());
            let is_exact =
                word.is_some_and(|word| word.contains(' ')) || word == text.get(found.range());
            is_exact && is(found.start(), found.end())
        });
        word(index?)
    }

    /// Returns the phrase of blame in a text that is first in the list.
    pub(super) fn blame(&self, text: &str, is: impl Fn(usize, usize) -> bool) -> Option<&'a str> {
        let index = first(self.blame.as_ref(), text, |found| {
            is(found.start(), found.end())
        })?;
        self.list(|words| &words.blame).nth(index)
    }
}

/// Returns the words of a list: the built-in ones, and those that an archive adds.
pub(super) fn list(added: &CheckWords, list: List) -> impl Iterator<Item = &str> {
    list(&BUILT_IN)
        .iter()
        .chain(list(added))
        .map(|word| &**word)
}

/// Returns the lowest index of a phrase that a text has where a test allows it.
fn first(search: Option<&AhoCorasick>, text: &str, is: impl Fn(&Match) -> bool) -> Option<usize> {
    let found = search?.find_overlapping_iter(text).filter(is);
    found.map(|found| found.pattern().as_usize()).min()
}

const fn bit(class: Class) -> u32 {
    1 << class as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_words_are_read() {
        let words = toml::from_str::<CheckWords>(include_str!("words.toml"));
        assert_eq!(words.map(|words| words.blame.is_empty()), Ok(false));
    }

    #[test]
    fn an_archive_adds_words() {
        let added =
            toml::from_str("incident = [\"Brownfield\"]\nblame = [\"was lazy\"]").expect("words");
        let lexicon = Lexicon::new(&added);
        assert!(lexicon.is("brownfield", Class::Incident) && lexicon.is("outage", Class::Incident));
        assert!(!lexicon.is("brownfield", Class::Users));
        assert_eq!(lexicon.blame("He was Lazy", |_, _| true), Some("was lazy"));
        assert_eq!(
            lexicon.blame("a careless error", |_, _| true),
            Some("careless")
        );
    }
}
