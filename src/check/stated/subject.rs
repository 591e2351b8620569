//! Decides whether a number is about this incident and what it affected, or about something else.

use std::collections::HashSet;

use super::Reading;
use crate::archive::Record;
use crate::check::lexicon::Class;
use crate::token::Kind;

/// The names of what an incident affected, as its title, its services and its effects say.
#[derive(Debug, Default)]
pub(crate) struct Subjects(HashSet<String>);

impl Subjects {
    /// Collects the names that an incident has, with its ID.
    pub(crate) fn of(record: &Record) -> Self {
        let incident = &record.incident;
        let effects = incident.impact.iter().flat_map(|impact| &impact.effects);
        let services = incident.services.iter().map(|service| &**service);
        let names = services.chain(effects.map(|effect| &*effect.name));
        names.chain([&*incident.title, &*record.id]).collect()
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(root(word))
    }
}

impl<'t> FromIterator<&'t str> for Subjects {
    fn from_iter<I: IntoIterator<Item = &'t str>>(texts: I) -> Self {
        let is_end = |c: char| !c.is_alphanumeric() && c != '-';
        let words = texts.into_iter().flat_map(|text| text.split(is_end));
        let words = words.map(str::to_lowercase);
        Self(words.map(|word| root(&word).to_owned()).collect())
    }
}

/// Returns what the names of a thing and of its use share: `print` of `printers` and `printing`.
fn root(word: &str) -> &str {
    let stem = stem(word);
    let mut endings = ["ing", "er"].into_iter();
    let bare = endings.find_map(|ending| stem.strip_suffix(ending));
    bare.filter(|bare| bare.len() > 3).unwrap_or(stem)
}

/// Returns a word without the ending of the plural or the genitive.
pub(super) fn stem(word: &str) -> &str {
    word.trim_end_matches(['s', '\'', '’'])
}

impl Reading<'_> {
    /// Returns `true` if the noun at an index names whom or what the incident affected.
    ///
    /// A clause without a noun has the subject of the incident.
    pub(super) fn is_own(&self, at: usize) -> bool {
        match self.kind(at) {
            Kind::Word => {}
            // `One checkout in three`.
            Kind::Count(..) if matches!(self.word(at.wrapping_sub(1)), "in" | "of") => {
                return self.is_own(at.wrapping_sub(2));
            }
            // `Packet loss for 2 minutes caused failures.`
            Kind::StatedDuration(_) => return false,
            _ => return true,
        }
        if self.is(at, Class::Conjunctions) {
            let mut before = self.sentence(at).start..at;
            return before.any(|at| self.kind(at) == Kind::Word && self.is_named(at));
        }
        self.is_named(at)
    }

    /// Returns `true` if a word is in the names of what the incident affected.
    pub(super) fn has_subject(&self, at: usize) -> bool {
        self.subjects.has(self.word(at))
    }

    fn is_named(&self, at: usize) -> bool {
        let is = |class: Class| self.is(at, class);
        if is(Class::Others) || !self.is_plain(at) {
            return false;
        }
        if is(Class::Users) || is(Class::Customers) || is(Class::Accounts) {
            let before = at.wrapping_sub(1);
            let is_one = matches!(self.kind(before), Kind::Count(1, _))
                || self.is(before, Class::Articles)
                || matches!(self.word(before), "each" | "every" | "single" | "this");
            return !is_one;
        }
        let is_general = is(Class::WholeServices) || is(Class::Incident) || is(Class::Trouble);
        let is_request = || is(Class::Requests) && self.has_subject(at.wrapping_sub(1));
        is_general
            || is(Class::Pronouns)
            // `The backlog of orders was stuck`.
            || (is(Class::Activities) && self.word(at.wrapping_sub(1)) != "of")
            || self.has_subject(at)
            || is_request()
    }

    /// Returns `true` for what people do with a service, if the incident does not name it as affected.
    pub(super) fn is_activity(&self, at: usize) -> bool {
        self.is(at, Class::Activities) && !self.has_subject(at)
    }

    /// Returns `true` if the word before a noun does not make it the name of something else.
    pub(super) fn is_plain(&self, at: usize) -> bool {
        let before = at.wrapping_sub(1);
        let word = self.word(before);
        let is = |class: Class| self.is(before, class);
        if is(Class::Others) || is(Class::Components) {
            return false;
        }
        self.kind(before) != Kind::Word
            || is(Class::Descriptions)
            || is(Class::Conjunctions)
            || is(Class::Users)
            || is(Class::Customers)
            || is(Class::WholeServices)
            || is(Class::Bringing)
            || is(Class::Some)
            || self.subjects.has(word)
            || word.ends_with("ed")
            || word.ends_with("ly")
    }

    /// Returns `true` unless a noun is followed by what the incident did not affect: `an outage of the wiki`.
    pub(super) fn is_of_own(&self, noun: usize) -> bool {
        if !matches!(self.word(noun + 1), "of" | "in" | "from") {
            return true;
        }
        let mut object = noun + 2;
        while self.is(object, Class::Descriptions) {
            object += 1;
        }
        self.kind(object) != Kind::Word || self.is_own(object) || self.is_own(object + 1)
    }
}
