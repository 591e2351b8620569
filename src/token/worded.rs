//! Parses numbers and durations that are written in words: `twenty-five`, `three quarters of an hour`.

use super::tokenizer::Tokenizer;
use super::words::{NumberWords, has};
use super::{Kind, StatedDuration, TimeUnit, Token};

/// The words that a duration without a number begins with.
const FIRST_WORDS: &[&str] = &["a", "an", "half", "quarter", "one", "three"];

/// Parses a duration such as `three-hour`.
pub(super) fn hyphenated(word: &str, words: &NumberWords) -> Option<StatedDuration> {
    let (count, unit) = word.rsplit_once('-')?;
    let step = TimeUnit::in_full(&unit.to_ascii_lowercase())?.seconds()?;
    let seconds = i64::try_from(words.number(count)?).ok()? * step;
    Some(StatedDuration { seconds, step })
}

/// Returns `false` if a text contains no number: a fast test before it is tokenized.
pub fn may_count(text: &str, words: &NumberWords) -> bool {
    let is_number = |word: &str| words.number(word).is_some() || TimeUnit::in_full(word).is_some();
    text.bytes().any(|byte| byte.is_ascii_digit())
        || text.split(|c: char| !c.is_alphabetic()).any(is_number)
}

impl Tokenizer<'_> {
    /// Parses a duration without a number from its first word on: `half an hour`, `a quarter of an hour`,
    /// `an hour and a half`.
    pub(super) fn in_words(&self) -> Option<(StatedDuration, usize)> {
        let first = self
            .text
            .get(self.at..self.end_of(self.at, char::is_alphabetic))?;
        let begins = FIRST_WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(first));
        if !begins && TimeUnit::singular(first).is_none() {
            return None;
        }
        self.part_of_unit(self.at).or_else(|| self.one_unit())
    }

    /// Returns the next word and the byte position after it; a hyphen ends a word.
    fn next_word(&self, from: usize) -> Option<(&str, usize)> {
        let from = self.end_of(from, |c| c == ' ' || c == '-' || c == '\n');
        let end = self.end_of(from, char::is_alphabetic);
        let word = self.text.get(from..end).filter(|word| !word.is_empty())?;
        Some((word, end))
    }

    fn next_is(&self, from: usize, words: &[&str]) -> Option<usize> {
        let (word, end) = self.next_word(from)?;
        let mut words = words.iter();
        words
            .any(|other| other.eq_ignore_ascii_case(word))
            .then_some(end)
    }

    /// Parses the seconds of a unit in the singular.
    fn unit_at(&self, from: usize) -> Option<(i64, usize)> {
        let (word, end) = self.next_word(from)?;
        Some((TimeUnit::singular(word)?.seconds()?, end))
    }

    /// Parses `half`, `a quarter` or `three quarters`, as a number of quarters.
    fn quarters(&self, from: usize) -> Option<(i64, usize)> {
        let (word, end) = self.next_word(from)?;
        let is = |name: &str| word.eq_ignore_ascii_case(name);
        if is("half") {
            Some((2, end))
        } else if is("quarter") {
            Some((1, end))
        } else if is("a")
            && let Some(end) = self.next_is(end, &["half"])
        {
            Some((2, end))
        } else if is("a") || is("one") {
            Some((1, self.next_is(end, &["quarter"])?))
        } else if is("three") {
            Some((3, self.next_is(end, &["quarters", "quarter"])?))
        } else {
            None
        }
    }

    /// Parses `half an hour`, `a half hour`, `a quarter of an hour` and `three quarters of a day`.
    fn part_of_unit(&self, from: usize) -> Option<(StatedDuration, usize)> {
        let (quarters, end) = self.quarters(from)?;
        let end = self.next_is(end, &["of"]).unwrap_or(end);
        let end = self.next_is(end, &["a", "an"]).unwrap_or(end);
        let (unit, end) = self.unit_at(end)?;
        let step = if quarters == 2 { unit / 2 } else { unit / 4 };
        let seconds = unit / 4 * quarters;
        (step > 0).then_some((StatedDuration { seconds, step }, end))
    }

    /// Parses `an hour`, `an entire day` and `an hour and a half` after a word that measures.
    fn one_unit(&self) -> Option<(StatedDuration, usize)> {
        let word = |back: usize| {
            let index = self.list.len().checked_sub(back)?;
            let token = self.list.get(index)?;
            let word = self.text.get(token.span.clone())?;
            (token.kind == Kind::Word).then_some(word)
        };
        let is = |back, words: &[String]| word(back).is_some_and(|word| has(words, word));
        let is_article = |word: &str| ["a", "an"].iter().any(|one| one.eq_ignore_ascii_case(word));
        // The adjective of `a good hour` is the bound of its duration.
        let (start, back) = match self.next_is(self.at, &["a", "an"]) {
            Some(start) => (start, 1),
            None if is(1, &self.words.whole) && word(2).is_some_and(is_article) => (self.at, 3),
            None => return None,
        };
        let (seconds, end) = self
            .unit_at(start)
            .filter(|_| is(back, &self.words.measuring))?;
        let mut duration = StatedDuration {
            seconds,
            step: seconds,
        };
        let end = self.further(&mut duration, end, 0);
        Some((duration, end))
    }

    /// Parses the part of a unit that follows it, as in `two hours and a quarter`; adds it to the duration and returns the
    /// byte position after it.
    pub(super) fn and_a_part(&self, duration: &mut StatedDuration, from: usize) -> Option<usize> {
        let at = self.next_is(from, &["and"])?;
        if let Some((part, end)) = self.part_of_unit(at) {
            duration.seconds = duration.seconds.checked_add(part.seconds)?;
            duration.step = part.step;
            return Some(end);
        }
        let (quarters, end) = self.quarters(at)?;
        // `Two hours and a quarter of the users`, `two hours and half the users`.
        let is_bare = self.next_is(at, &["half", "quarter"]).is_some();
        let continues = self.next_is(end, &["of", "a", "an", "dozen", "million", "thousand"]);
        if is_bare || continues.is_some() || duration.step % 4 != 0 {
            return None;
        }
        let step = duration.step / if quarters == 2 { 2 } else { 4 };
        duration.seconds = duration.seconds.checked_add(duration.step / 4 * quarters)?;
        duration.step = step;
        Some(end)
    }

    /// Parses the quarters between a number and its unit, as in `two and a half hours`.
    pub(super) fn quarters_of_next(&self, from: usize) -> Option<(i64, usize)> {
        let at = self.next_is(from, &["and"])?;
        let is_bare = self.next_is(at, &["half", "quarter"]).is_some();
        self.quarters(at).filter(|_| !is_bare)
    }

    /// Returns `true` if the previous words form a larger number with this one: `one hundred and twelve`.
    pub(super) fn continues_words(&self) -> bool {
        let word = |back: usize| {
            let index = self.list.len().checked_sub(back);
            let token = index.and_then(|index| self.list.get(index));
            token
                .and_then(|token| self.text.get(token.span.clone()))
                .unwrap_or_default()
        };
        let multiple = |text: &str| self.words.continues(text);
        // `Two dozen` is not a dozen, whatever number an archive calls so.
        let is_count = |token: &Token| matches!(token.kind, Kind::Count(..));
        self.list.last().is_some_and(is_count)
            || multiple(word(1))
            || (word(1).eq_ignore_ascii_case("and") && multiple(word(2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::Tokens;

    #[test]
    fn durations_are_written_in_words() {
        for (text, expected) in [
            ("for a quarter of an hour", Some((900, 900))),
            ("three quarters of an hour", Some((2_700, 900))),
            ("three-quarters of an hour", Some((2_700, 900))),
            ("half an hour", Some((1_800, 1_800))),
            ("a half hour", Some((1_800, 1_800))),
            ("half a day", Some((43_200, 43_200))),
            ("for an hour and a half", Some((5_400, 1_800))),
            ("for an hour and a quarter", Some((4_500, 900))),
            ("for an hour and ten minutes", Some((4_200, 60))),
            ("for an entire day", Some((86_400, 86_400))),
            ("took us an hour", Some((3_600, 3_600))),
            ("two and a half hours", Some((9_000, 1_800))),
            ("two and three quarters hours", Some((9_900, 900))),
            ("two hours and a quarter", Some((8_100, 900))),
            ("2 hours and a quarter of the users", Some((7_200, 3_600))),
            ("2 hours and half the users", Some((7_200, 3_600))),
            ("for two hours and a half dozen users", Some((7_200, 3_600))),
            ("twenty-five minutes", Some((1_500, 60))),
            ("a twenty-minute outage", Some((1_200, 60))),
            ("a quarter of the users", None),
            ("half of all users", None),
            ("34 requests an hour", None),
            ("the hour", None),
            ("a full moon", None),
        ] {
            let tokens = Tokens::tokenize(text, NumberWords::english());
            let found = (0..tokens.len()).find_map(|at| match tokens.kind(at) {
                Kind::StatedDuration(duration) => Some((duration.seconds, duration.step)),
                _ => None,
            });
            assert_eq!(found, expected, "{text}");
        }
    }
}
