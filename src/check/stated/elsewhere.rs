//! Decides whether a sentence is about this incident, or about another one, another system, or none at all.

use std::ops::Range;

use super::Reading;
use super::subject::stem;
use crate::check::lexicon::Class;
use crate::token::{DAY, Kind, Languages, TimeUnit, month, weekday};

impl Reading<'_> {
    /// Returns `true` if no number in the sentence around a token is about this incident.
    pub(super) fn is_elsewhere(&self, at: usize) -> bool {
        let sentence = self.sentence(at);
        let is_partial = || sentence.clone().any(|at| self.is_not_all(at));
        if self.names_other(sentence.clone())
            || self.is_general(sentence.clone())
            || self.is_about_work(sentence.clone())
            || is_partial()
        {
            return true;
        }
        // `INC-7 was different. It lasted 6 hours.`
        let continues = self.is(sentence.start, Class::Referring);
        let before = sentence.start.checked_sub(1).filter(|_| continues);
        before.is_some_and(|stop| self.names_other(self.sentence(stop)))
    }

    /// Returns `true` if a sentence names another incident, another system or another time.
    fn names_other(&self, sentence: Range<usize>) -> bool {
        self.is_in_other_place(sentence.start)
            || sentence.into_iter().any(|at| {
                self.is_other_id(at) || self.is_other_incident(at) || self.is_other_time(at)
            })
    }

    /// Returns `true` for the ID of another incident. A host such as `db-2` may be the cause of this one.
    fn is_other_id(&self, at: usize) -> bool {
        let raw = self.raw(at);
        let prefix = raw.split_once('-').map_or(raw, |(prefix, _)| prefix);
        self.is_other_name(at) && prefix.chars().all(char::is_uppercase)
    }

    /// Returns `true` for a name with a hyphen and a number, such as the ID of another incident or a region.
    pub(super) fn is_other_name(&self, at: usize) -> bool {
        let raw = self.raw(at);
        self.kind(at) == Kind::Other
            && raw.starts_with(char::is_alphabetic)
            && raw.contains('-')
            && raw.contains(|c: char| c.is_ascii_digit())
            && !self.is_severity(at)
            && !self.subjects.has(&raw.to_lowercase())
    }

    /// Returns `true` for a severity such as `P1` or `SEV-1`.
    fn is_severity(&self, at: usize) -> bool {
        let raw = self.raw(at).to_lowercase();
        let name = raw.trim_end_matches(|c: char| c.is_ascii_digit());
        let name = name.trim_end_matches('-');
        let is_name = || {
            self.lexicon
                .has(|words| &words.grammar.severity_names, name)
        };
        self.is(at, Class::Severities) || (name.len() < raw.len() && is_name())
    }

    /// Returns `true` for a word for another incident, and for one that has another name: `the Easter incident`.
    fn is_other_incident(&self, at: usize) -> bool {
        // `Earlier that day` is the day of the incident.
        let is_same_day =
            || self.word(at) == "earlier" && matches!(self.word(at + 1), "today" | "that");
        let is_named = || {
            let name = at.wrapping_sub(1);
            self.raw(name).starts_with(char::is_uppercase)
                && !self.is_plain(at)
                && (2..5).any(|back| self.is(at.wrapping_sub(back), Class::BeforeNames))
        };
        // `Incident 7-b` and `the 2024 incident`.
        let is_numbered = || {
            let raw = self.raw(at + 1);
            matches!(self.kind(at.wrapping_sub(1)), Kind::Count(1900..=2199, _))
                || (self.kind(at + 1) == Kind::Other
                    && raw.starts_with(|c: char| c.is_ascii_digit()))
        };
        (self.is(at, Class::OtherIncidents) && !is_same_day())
            || (self.is(at, Class::Incident) && (is_named() || is_numbered()))
    }

    /// Returns `true` for a word or a date that names another time.
    fn is_other_time(&self, at: usize) -> bool {
        let (word, before) = (self.word(at), self.word(at.wrapping_sub(1)));
        let unit = stem(word);
        let is_year = matches!(self.kind(at), Kind::Count(1900..=2199, _));
        let is_month = month(unit, Languages::English).is_some()
            && !matches!(self.kind(at + 1), Kind::Count(1..=31, _));
        // `On Black Friday` is the name of another day.
        let is_named_day = before == "on"
            && self.raw(at).starts_with(char::is_uppercase)
            && weekday(word, Languages::English).is_none()
            && weekday(self.word(at + 1), Languages::English).is_some();
        // `Over the last 12 months` and `year to date` are longer than an incident.
        let is_period = |at: usize| {
            let unit = at + usize::from(matches!(self.kind(at), Kind::Count(..)));
            let is_long = |seconds: i64| seconds >= DAY;
            matches!(self.kind(at), Kind::StatedDuration(length) if is_long(length.seconds))
                || self
                    .lexicon
                    .has(|words| &words.grammar.periods, stem(self.word(unit)))
        };
        word == "ago"
            || (self.is(at, Class::Recent) && is_period(at + 1))
            || (word == "year" && self.word(at + 1) == "to" && self.word(at + 2) == "date")
            || is_named_day
            || (before == "back" && word == "then")
            || (before == "last"
                && (TimeUnit::in_full(unit).is_some() || self.is(at, Class::Seasons)))
            || (before == "this" && self.lexicon.has(|words| &words.grammar.long_periods, word))
            || ((is_year || is_month)
                && (self.is(at.wrapping_sub(1), Class::TimePrepositions)
                    || self.is(at.wrapping_sub(1), Class::Seasons)))
    }

    /// Returns `true` if a sentence starts with the place of another system: `At our supplier, …`.
    ///
    /// After the start, another place may be the cause: `A failure at our supplier made …`.
    fn is_in_other_place(&self, start: usize) -> bool {
        let is_place = |at: usize| matches!(self.word(at), "in" | "on" | "at" | "within" | "for");
        let is_other = |at: usize| {
            let mut words = (at + 1..at + 5).take_while(|at| self.kind(*at) == Kind::Word);
            words.any(|at| self.is(at, Class::Others))
        };
        // `At Contoso, …`, `In Frankfurt, …` and `For Acme, …`.
        let is_named = |at: usize| {
            let is_proper = self.raw(at + 1).starts_with(char::is_uppercase);
            self.is_other_name(at + 1) || (is_proper && !self.has_subject(at + 1))
        };
        let is_at = matches!(self.word(start), "in" | "at" | "for");
        is_place(start) && (is_other(start) || (is_at && is_named(start)))
    }

    /// Returns `true` if a sentence tells how long people worked: `five engineers worked on the incident`.
    fn is_about_work(&self, sentence: Range<usize>) -> bool {
        let is_worked = |at: usize| self.word(at) == "worked" && self.word(at + 1) == "on";
        self.is(sentence.start, Class::Documenting) || sentence.into_iter().any(is_worked)
    }

    /// Returns `true` for a word of a mean, of a habit, or of a step within the incident: `on average`, `every night`,
    /// `during the restart`.
    fn is_not_all(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        match self.word(at) {
            _ if self.is(at, Class::Averages) => true,
            "every" => self.is(at + 1, Class::Recurring),
            "during" if matches!(next, "the" | "a" | "each" | "every") => {
                self.is(at + 2, Class::Steps)
            }
            _ => false,
        }
    }

    /// Returns `true` if a sentence states a condition or a definition.
    fn is_general(&self, sentence: Range<usize>) -> bool {
        let any = |class: Class| sentence.clone().any(|at| self.is(at, class));
        let is_definition = || {
            let is_limit = |at: usize| {
                self.lexicon
                    .has(|words| &words.grammar.limits, self.word(at))
            };
            let mut names = sentence.clone().filter(|at| self.is_severity(*at));
            names.any(|name| (name + 1..sentence.end).any(is_limit))
        };
        let has_finite = || any(Class::Past);
        (any(Class::Conditions) && !self.is_past(sentence.clone()))
            || (is_definition() && !has_finite())
    }

    /// Returns `true` if a sentence tells of the past.
    pub(super) fn is_past(&self, sentence: Range<usize>) -> bool {
        sentence.into_iter().any(|at| {
            let before = at.wrapping_sub(1);
            let is_participle = self.is(before, Class::Present)
                || self.is(before, Class::Articles)
                || self.word(before) == "the";
            self.is(at, Class::Past) || (self.word(at).ends_with("ed") && !is_participle)
        })
    }

    /// Returns `true` for `a` or `an` before an incident that no sentence says has happened: `rehearse an outage`.
    ///
    /// At the start of a clause it does: `An outage of 2 hours`.
    pub(super) fn is_only_imagined(&self, article: usize) -> bool {
        let sentence = self.sentence(article);
        self.is(article, Class::Articles)
            && article > sentence.start
            && !self.starts_after(article.wrapping_sub(1))
            && !self.is_past(sentence)
    }
}
