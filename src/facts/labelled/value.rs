//! Reads the value of a labelled duration, in the notations and languages of reports.

use super::{Labels, WORDS};
use crate::facts::Length;
use crate::token::{self, Bound, DAY, HOUR, MINUTE, NumberWords, StatedDuration, TimeUnit};

/// The duration that a value states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatedLength {
    /// Its readings, in seconds: `1:44` may be hours and minutes, or minutes and seconds.
    readings: Vec<i64>,
    bound: Bound,
    /// The precision, in seconds.
    step: i64,
}

impl StatedLength {
    /// Reads a value; returns `None` unless it is one duration of the whole incident.
    pub fn read(value: &str, words: &NumberWords) -> Option<Self> {
        let value = value.trim_matches(['*', '`', ' ', '.']);
        let (bare, remark) = match value.split_once(['(', '（']) {
            Some((bare, rest)) => (bare, rest.strip_suffix([')', '）'])?),
            None => (value, ""),
        };
        if !is_remark(remark, words) {
            return None;
        }
        let (bound, bare) = bounded(bare.trim());
        let bound = if is_about(value) { Bound::About } else { bound };
        // `90+ minutes`
        let least = bare.replacen('+', "", 1);
        let is_least = bare.split_once('+').is_some_and(|(number, rest)| {
            number.ends_with(char::is_alphanumeric) && !rest.contains(|c: char| c.is_ascii_digit())
        });
        let (bound, bare) = if is_least {
            (Bound::AtLeast, least.as_str())
        } else {
            (bound, bare)
        };
        // `45 minutes. Nobody noticed.`
        let sentence = bare.split(". ").next().unwrap_or_default();
        let first = sentence.split([',', ';']).next().unwrap_or_default();
        let has_one = !bare
            .get(first.len()..)
            .is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()));
        let part = || duration(first, words).filter(|_| has_one);
        let (readings, step) = match clock(bare, words) {
            Some(readings) => (readings, 0),
            None => {
                let stated = duration(bare, words).or_else(part)?;
                (vec![stated.seconds], rounding(stated))
            }
        };
        Some(Self {
            readings,
            bound,
            step,
        })
    }

    /// Returns the seconds of its first reading.
    pub fn typed(&self) -> i64 {
        self.readings.first().copied().unwrap_or_default()
    }

    /// Returns `true` if a computed duration agrees with one of its readings.
    pub fn fits(&self, computed: Length) -> bool {
        let computed = computed.known();
        let is_near = |typed: i64, tolerance: i64| apart(typed, computed) <= tolerance;
        self.readings.iter().any(|typed| {
            let rounding = 60.max(self.step);
            match self.bound {
                Bound::AtMost | Bound::UpTo => computed <= typed + 60,
                Bound::AtLeast | Bound::MostOf => computed + 60 >= *typed,
                Bound::About => is_near(*typed, rounding.max(typed / 10 + 300)),
                Bound::Exact => is_near(*typed, rounding),
            }
        })
    }
}

impl Labels {
    /// Returns `true` unless a value is one duration and another than a computed one.
    #[must_use]
    pub fn fits(&self, value: &str, computed: Length) -> bool {
        StatedLength::read(value, &self.words).is_none_or(|value| value.fits(computed))
    }

    /// Returns `true` for one duration with the words of its bound, and nothing else.
    #[must_use]
    pub fn is_length(&self, value: &str) -> bool {
        self.seconds(bounded(value).1).is_some()
    }

    /// Parses a duration such as `44 minutes 35 seconds`, `1m 51s`, `1,5 Stunden` or `45分`; returns seconds.
    #[must_use]
    pub fn seconds(&self, text: &str) -> Option<i64> {
        duration(text, &self.words).map(|stated| stated.seconds)
    }

    /// Returns `true` if the parts of a value state a duration: `20 minutes (web), 3 hours (API)`.
    pub(super) fn is_divided(&self, value: &str) -> bool {
        let ends = [",", ";", "+", "(", " for ", " per "];
        let mut parts = vec![value];
        for end in ends {
            parts = parts.into_iter().flat_map(|part| part.split(end)).collect();
        }
        let mut durations = parts.iter().map(|part| self.seconds(part.trim()));
        parts.len() > 1 && durations.any(|seconds| seconds.is_some())
    }
}

fn is_about(value: &str) -> bool {
    let lower = value.to_lowercase();
    let mut words = WORDS.about.iter();
    words.any(|word| lower.contains(word.as_str()))
}

/// Strips the signs and the words of a bound: `less than 2 hours`, `~ 40 min`.
fn bounded(text: &str) -> (Bound, &str) {
    let lower = text.to_lowercase();
    let lists = [
        (Bound::AtMost, &WORDS.at_most),
        (Bound::AtLeast, &WORDS.at_least),
        (Bound::About, &WORDS.about),
    ];
    let begins = |word: &str| {
        let is_sign = !word.ends_with(char::is_alphabetic) || word.ends_with('約');
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| is_sign || rest.starts_with(' '))
    };
    let each = lists
        .into_iter()
        .flat_map(|(bound, words)| words.iter().map(move |word| (bound, word)));
    let longest = each
        .filter(|(_, word)| begins(word))
        .max_by_key(|(_, word)| word.len());
    match longest.and_then(|(bound, word)| Some((bound, text.get(word.len()..)?))) {
        Some((bound, rest)) => (bound, bounded(rest.trim_start()).1),
        None => (Bound::Exact, text),
    }
}

/// Returns `true` for a remark that does not say that the duration is another one: a length, times, `in total`.
fn is_remark(text: &str, units: &NumberWords) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '.')));
    duration(bounded(text).1, units).is_some()
        || words.all(|word| {
            let lower = word.to_lowercase();
            let is_zone = (3..=4).contains(&word.len()) && word.ends_with('T') && lower != word;
            let is_time = word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':');
            let is_known = [&WORDS.remarks, &WORDS.about]
                .iter()
                .any(|list| list.contains(&lower));
            word.is_empty() || is_zone || is_time || is_known
        })
}

/// Returns the seconds between a stated and a computed duration.
///
/// A half is rounded up: `2 hours` may be 1 hour 30 minutes, but not 2 hours 30 minutes.
fn apart(stated: i64, computed: i64) -> i64 {
    let seconds = computed - stated;
    if seconds < 0 { -seconds - 1 } else { seconds }
}

/// Parses `1:44` and `2:30:00`.
fn clock(text: &str, words: &NumberWords) -> Option<Vec<i64>> {
    // `1:45 h` names its unit too.
    let bare = text.trim_end_matches(char::is_alphabetic);
    let unit = text.get(bare.len()..).unwrap_or_default().to_lowercase();
    let is_hours = words.unit(&unit) == Some(TimeUnit::Hour);
    if let Some(bare) = Some(bare.trim_end()).filter(|bare| is_hours && bare.contains(':')) {
        return clock(bare, words).map(|readings| readings.into_iter().take(1).collect());
    }
    let number = |part: &str| -> Option<i64> {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_digit());
        is_number.then(|| part.parse().ok())?
    };
    let parts: Option<Vec<i64>> = text.split(':').map(number).collect();
    match parts?.as_slice() {
        [first, last] => Some(vec![first * HOUR + last * MINUTE, first * MINUTE + last]),
        [hours, minutes, seconds] => Some(vec![hours * HOUR + minutes * MINUTE + seconds]),
        _ => None,
    }
}

fn duration(text: &str, words: &NumberWords) -> Option<StatedDuration> {
    let text = in_units(text.trim().trim_start_matches("about "));
    let text = text.trim_start_matches(['~', '<', ' ']);
    token::stated_duration(text, words)
}

/// Returns by how many seconds a stated duration may be rounded: `2 hours` may be 1 hour 31 minutes.
fn rounding(stated: StatedDuration) -> i64 {
    match stated.step {
        step if step > HOUR => DAY / 2 - 1,
        step if step > MINUTE => HOUR / 2 - 1,
        _ => 0,
    }
}

/// Writes the units that a notation leaves out: `2h30` and `2 h 30` as `2h 30m`, `PT1H30M` as `1h30m`.
fn in_units(text: &str) -> String {
    if let Some(iso) = text.strip_prefix("PT") {
        return iso.to_lowercase();
    }
    let text = text
        .replace(" 1/2", ".5")
        .replace('½', ".5")
        .replace(['\u{a0}', '\u{202f}'], " ");
    match text.rsplit_once(['h', 'H']) {
        Some((hours, minutes)) => {
            let (hours, minutes) = (hours.trim_end(), minutes.trim_start());
            let is_short = (1..=2).contains(&minutes.len());
            let is_number = is_short && minutes.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && hours.ends_with(|c: char| c.is_ascii_digit()) {
                format!("{hours}h {minutes}m")
            } else {
                text
            }
        }
        None => text,
    }
}
