//! Parses numbers with their units, and times of day.

use chrono::{NaiveTime, Timelike};

use super::tokenizer::Tokenizer;
use super::{Bound, ClockStyle, ClockTime, Kind, Languages, StatedDuration, Token};

/// A decimal number.
pub(super) struct Decimal {
    pub(super) thousandths: u64,
    pub(super) decimals: u32,
    /// The byte position after the number.
    pub(super) end: usize,
}

/// The words between the units of a duration: in English, and in other languages.
const AND: (&[&str], &[&str]) = (&["and "], &["und ", "et ", "y ", "e ", "& "]);

impl Tokenizer<'_> {
    fn is_in_any_language(&self) -> bool {
        self.words.languages == Languages::All
    }

    pub(super) fn number(&mut self) -> Option<()> {
        let glued = self
            .before()
            .is_some_and(|c| c.is_alphanumeric() || "$€£¥#@/\\.+-–—−".contains(c));
        let after_time = matches!(
            self.list.as_slice(),
            [
                ..,
                Token {
                    kind: Kind::Time(_),
                    ..
                },
                Token {
                    kind: Kind::Dash,
                    ..
                }
            ]
        );
        if let Some((time, end)) = self.time_of_day().filter(|_| !glued || after_time) {
            return self.push(Kind::Time(time), end);
        }
        match self.decimal(self.at).filter(|_| !glued) {
            Some(decimal) => self.counted(decimal),
            None => self.other(),
        }
    }

    /// Adds a number and the characters attached to it as [`Kind::Other`].
    fn other(&mut self) -> Option<()> {
        let end = self.end_of(self.at, |c| c.is_alphanumeric() || ".,:/-–—_%".contains(c));
        let trimmed = self
            .text
            .get(self.at..end)
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ':'])
            .len();
        self.push(Kind::Other, self.at + trimmed.max(1))
    }

    /// Parses a time of day. The last full stop of `a.m.` also ends a sentence.
    fn time_of_day(&self) -> Option<(NaiveTime, usize)> {
        let text = self.text.get(self.at..)?;
        let found = ClockTime::read(text, ClockStyle::Prose)?;
        let (typed, rest) = text.split_at_checked(found.end)?;
        let rest = rest.trim_start();
        let is_zone = rest.starts_with(char::is_uppercase)
            && rest.chars().nth(1).is_some_and(char::is_uppercase);
        let continues =
            is_zone || rest.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        let is_stop = typed.ends_with('.') && !continues;
        let end = self.at + found.end - usize::from(is_stop);
        Some((found.at.with_nanosecond(0)?, end))
    }

    /// Parses `12`, `1,247` and `8.7`, and `1,5` in other languages; `None` for versions, ranges, dates and numbers that are too large.
    fn decimal(&self, at: usize) -> Option<Decimal> {
        let digits = |from: usize| self.end_of(from, |c| c.is_ascii_digit());
        let mut end = digits(at);
        let mut whole: String = self.text.get(at..end)?.to_owned();
        while self.c(end) == Some(',') && digits(end + 1) == end + 4 && whole.len() <= 9 {
            whole.push_str(self.text.get(end + 1..end + 4)?);
            end += 4;
        }
        let mut fraction = "";
        let is_point = |c: char| c == '.' || c == ',' && self.is_in_any_language();
        if self.c(end).is_some_and(is_point) && self.is_digit(end + 1) {
            let after = digits(end + 1);
            fraction = self.text.get(end + 1..after)?;
            end = after;
        }
        let next = self.c(end);
        let joined = next.is_some_and(|c| ".,:/-–—".contains(c));
        let on = next.map_or(end, |c| end + c.len_utf8());
        if whole.is_empty()
            || whole.len() > 12
            || fraction.len() > 3
            || (joined && self.is_digit(on))
        {
            return None;
        }
        let thousandths = format!("{whole}{fraction:0<3}").parse().ok()?;
        Some(Decimal {
            thousandths,
            decimals: u32::try_from(fraction.len()).ok()?,
            end,
        })
    }

    /// Parses the unit after a number: its seconds, and the byte position after it.
    fn unit_after(&self, end: usize) -> Option<(i64, usize)> {
        let seconds = |word: &str| self.words.unit(word)?.seconds();
        let glued = self.end_of(end, char::is_alphabetic);
        if glued > end {
            let word = self.text.get(end..glued)?;
            // `5M` is five million.
            let unit = match word.len() {
                1 => seconds(word),
                _ => seconds(&word.to_lowercase()),
            };
            return Some((unit?, self.after_unit(glued)));
        }
        let hyphen = self.c(end) == Some('-');
        let from = if hyphen {
            end + 1
        } else {
            self.end_of(end, char::is_whitespace)
        };
        let word_end = self.end_of(from, char::is_alphabetic);
        let word = self.text.get(from..word_end)?;
        let blank_lines = self.text.get(end..from)?.matches('\n').count() > 1;
        // `5 m` may be meters, and `3 d` is ambiguous.
        let long_enough = word.len() > 1 || matches!(word, "h" | "s" | "j");
        (from > end && long_enough && !blank_lines)
            .then_some((seconds(&word.to_lowercase())?, self.after_unit(word_end)))
    }

    /// Skips the full stop of a shortened unit, with which an English sentence may end.
    fn after_unit(&self, end: usize) -> usize {
        let is_stop = self.has_other_units() && self.c(end) == Some('.');
        let next = self.c(end + 1);
        end + usize::from(is_stop && next.is_none_or(|c| c.is_whitespace() || c == ','))
    }

    /// Returns `true` if units may be in other languages than English, which shorten and join them in other ways.
    fn has_other_units(&self) -> bool {
        self.is_in_any_language() || !self.words.units.is_empty()
    }

    /// Adds a number as a duration, a count, or [`Kind::Other`].
    pub(super) fn counted(&mut self, decimal: Decimal) -> Option<()> {
        if self.continues_words() {
            return self.push(Kind::Other, decimal.end);
        }
        let parts = match decimal.decimals {
            0 => self.quarters_of_next(decimal.end),
            _ => None,
        };
        let parts = parts.filter(|(_, end)| self.unit_after(*end).is_some());
        let (quarters, number_end) = parts.unwrap_or((0, decimal.end));
        let plus = self.c(number_end) == Some('+');
        let end = if plus { number_end + 1 } else { number_end };
        if let Some((seconds, after)) = self.unit_after(end) {
            let step = match quarters {
                0 => seconds / 10_i64.pow(decimal.decimals),
                2 => seconds / 2,
                _ => seconds / 4,
            };
            let length = i64::try_from(decimal.thousandths)
                .ok()
                .and_then(|count| count.checked_add(quarters * 250)?.checked_mul(seconds));
            let Some(length) = length.filter(|_| step > 0) else {
                return self.other();
            };
            let mut duration = StatedDuration {
                seconds: length / 1_000,
                step,
            };
            let end = match quarters {
                0 => self.further(&mut duration, after, decimal.decimals),
                _ => after,
            };
            if self
                .c(end)
                .is_some_and(|c| c.is_alphanumeric() || "/%_".contains(c))
                || plus
            {
                return self.other();
            }
            return self.push(Kind::StatedDuration(duration), end);
        }
        let thousands = self
            .text
            .get(end..end + 1)
            .is_some_and(|c| c.eq_ignore_ascii_case("k"));
        let (value, after) = if thousands {
            (decimal.thousandths, end + 1)
        } else {
            (decimal.thousandths / 1_000, end)
        };
        let ends = self
            .c(after)
            .is_none_or(|c| !c.is_alphanumeric() && !"%‰°_-/\\@".contains(c));
        if !ends || (decimal.decimals > 0 && !thousands) {
            return self.other();
        }
        let bound = match () {
            () if plus => Bound::AtLeast,
            () if thousands => Bound::About,
            () => Bound::Exact,
        };
        self.push(Kind::Count(value, bound), after)
    }

    /// Parses smaller units that follow, as in `2 hours, 6 minutes and 12 seconds`.
    ///
    /// Adds them to the duration and returns the byte position after them.
    pub(super) fn further(
        &self,
        duration: &mut StatedDuration,
        from: usize,
        decimals: u32,
    ) -> usize {
        let mut end = from;
        // Nothing follows a fraction: `1.5 hours 20 minutes` is two durations.
        if decimals > 0 {
            return end;
        }
        loop {
            let mut at = self.end_of(end, |c| c == ',' || c.is_whitespace());
            let others = self.has_other_units().then_some(AND.1);
            let mut words = { AND.0.iter() }.chain(others.unwrap_or_default());
            let is_next = |word: &str| {
                let next = self.text.get(at..at + word.len());
                next.is_some_and(|next| next.eq_ignore_ascii_case(word))
            };
            if let Some(word) = words.find(|word| is_next(word)) {
                at += word.len();
            }
            let word = self.end_of(at, |c| c.is_alphabetic() || c == '-');
            let word = self
                .text
                .get(at..word)
                .and_then(|text| Some((self.words.number(text)?, word)));
            let decimal = match word {
                Some((value, end)) => Some(Decimal {
                    thousandths: value * 1_000,
                    decimals: 0,
                    end,
                }),
                None => self
                    .decimal(at)
                    .filter(|decimal| decimal.decimals == 0 && self.is_digit(at)),
            };
            let part = decimal
                .and_then(|decimal| Some((decimal.thousandths, self.unit_after(decimal.end)?)));
            let Some((thousandths, (seconds, after))) =
                part.filter(|(_, (seconds, _))| *seconds < duration.step)
            else {
                break;
            };
            let Some(more) = i64::try_from(thousandths / 1_000)
                .ok()
                .and_then(|count| count.checked_mul(seconds))
            else {
                break;
            };
            *duration = StatedDuration {
                seconds: duration.seconds.saturating_add(more),
                step: seconds,
            };
            end = after;
        }
        self.and_a_part(duration, end).unwrap_or(end)
    }
}
