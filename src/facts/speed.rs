//! How much faster a query became, from the times that it took before and after a change.

use super::separated;
use crate::token::{self, Languages, TimeUnit};

/// How much faster or slower something became.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed {
    /// The time before, divided by the time after.
    pub factor: f64,
    /// Whether the times are limits, so that the factor is at least this one.
    pub is_least: bool,
    /// Whether a time is approximate.
    pub is_about: bool,
}

/// A stated time: its seconds, and whether it took at least, at most or exactly so long.
struct Taken {
    seconds: f64,
    limit: Option<Limit>,
    is_about: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Limit {
    Least,
    Most,
}

impl Speed {
    /// Compares two stated times; `None` if one has no number or no unit, is zero, or is a limit to the wrong side.
    #[must_use]
    pub fn between(before: &str, after: &str) -> Option<Self> {
        let (before, after) = (Taken::parse(before)?, Taken::parse(after)?);
        let is_known = before.limit != Some(Limit::Most) && after.limit != Some(Limit::Least);
        let factor = before.seconds / after.seconds;
        (is_known && factor.is_finite() && factor > 0.0)
            .then_some(Self {
                factor,
                is_least: before.limit.is_some() || after.limit.is_some(),
                is_about: before.is_about || after.is_about,
            })
            // Of a factor below 1 that may be higher, nothing is known.
            .filter(|speed| !speed.is_least || speed.factor >= 1.1)
    }

    /// Returns the text: `150x faster`, `at least 1.5x faster`, `2x slower`, `no faster`.
    #[must_use]
    pub fn text(self) -> String {
        let least = match (self.is_least, self.is_about) {
            (true, true) => "at least about ",
            (true, false) => "at least ",
            (false, true) => "about ",
            (false, false) => "",
        };
        match (factor(self.factor), factor(1.0 / self.factor)) {
            (faster, _) if self.factor > 1.0 && faster != "1" => {
                format!("{least}{faster}x faster")
            }
            (_, slower) if self.factor < 1.0 && slower != "1" && !self.is_least => {
                format!("{least}{slower}x slower")
            }
            _ => "no faster".to_owned(),
        }
    }
}

/// Returns `true` if a text states a time that can be compared.
#[must_use]
pub fn is_time(text: &str) -> bool {
    Taken::parse(text).is_some()
}

/// Prints a factor with two digits at least, never more than it is.
#[expect(clippy::cast_possible_truncation, reason = "a factor is small")]
fn factor(factor: f64) -> String {
    // A quotient such as 1.2 / 0.4 is a little less than its value.
    let factor = factor * (1.0 + 1e-9);
    if factor >= 10.0 {
        return separated(factor as i64);
    }
    let tenths = (factor * 10.0) as i64;
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

impl Taken {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let limits = [
            (">", Limit::Least),
            ("\u{2265}", Limit::Least),
            ("over ", Limit::Least),
            ("more than ", Limit::Least),
            ("at least ", Limit::Least),
            ("<", Limit::Most),
            ("\u{2264}", Limit::Most),
            ("under ", Limit::Most),
            ("less than ", Limit::Most),
            ("at most ", Limit::Most),
        ];
        let bound = limits.into_iter().find_map(|(start, limit)| {
            let rest = text.strip_prefix(start)?;
            Some((rest.trim_start_matches('='), Some(limit)))
        });
        let (rest, limit) = bound.unwrap_or((&text, None));
        let bounded = rest.trim();
        let rest = ["~", "about ", "around "]
            .iter()
            .fold(bounded, |rest, start| {
                rest.strip_prefix(start).unwrap_or(rest)
            });
        let is_about = rest != bounded;
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let (unit, limit) = match unit.strip_prefix('+') {
            Some(unit) => (unit, limit.or(Some(Limit::Least))),
            None => (unit, limit),
        };
        // A comma may separate thousands or decimals; only groups of three digits after others are thousands.
        let mut groups = number.split('.').next().unwrap_or_default().split(',');
        let first = groups.next().unwrap_or_default();
        let has_groups = number.contains(',');
        let is_first = matches!(first.len(), 1..=3) && !first.starts_with('0');
        if has_groups && !(is_first && groups.all(|group| group.len() == 3)) {
            return None;
        }
        let number: f64 = number.replace(',', "").parse().ok()?;
        let seconds = match unit.trim() {
            "ns" => number / 1e9,
            "us" | "\u{b5}s" | "\u{3bc}s" => number / 1e6,
            "ms" | "msec" | "millisecond" | "milliseconds" => number / 1e3,
            unit => match TimeUnit::named(unit, Languages::English).and_then(TimeUnit::seconds) {
                #[expect(clippy::cast_precision_loss, reason = "a unit is short")]
                Some(seconds) => number * seconds as f64,
                #[expect(clippy::cast_precision_loss, reason = "a duration is short")]
                None => token::duration(rest)? as f64,
            },
        };
        (seconds > 0.0).then_some(Self {
            seconds,
            limit,
            is_about,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_improvement_is_the_quotient_of_the_times() {
        for (before, after, expected) in [
            ("120 seconds", "0.8 seconds", Some("150x faster")),
            ("120+ seconds", "0.8 seconds", Some("at least 150x faster")),
            ("2 minutes", "<1s", Some("at least 120x faster")),
            ("1.2s", "400 ms", Some("3x faster")),
            ("1m 30s", "60 s", Some("1.5x faster")),
            ("11,400 ms", "180 ms", Some("63x faster")),
            ("180 ms", "360ms", Some("2x slower")),
            ("1 s", "1 s", Some("no faster")),
            ("1.01 s", "1 s", Some("no faster")),
            ("~2 s", "500 \u{b5}s", Some("about 4,000x faster")),
            ("120 s", "0,8 seconds", None),
            ("1+ seconds", "2 seconds", None),
            ("2 s", "<2 s", None),
            ("120", "0.8 seconds", None),
            ("<2 s", "1 s", None),
            ("2 s", ">1 s", None),
            ("2 s", "0 s", None),
            ("soon", "1 s", None),
        ] {
            let found = Speed::between(before, after).map(Speed::text);
            assert_eq!(found.as_deref(), expected, "{before} to {after}");
        }
    }
}
