//! Parses durations and intervals as people write them: `1h 30m`, `every 15 min`, `hourly`.

use super::{Kind, NumberWords, StatedDuration, TimeUnit, Tokens};

/// Parses a text that is a duration, in seconds; `None` if it is zero or there is other text.
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    seconds(text).filter(|seconds| *seconds > 0)
}

/// Parses a text that is a duration, in seconds; `None` if there is other text.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    stated_duration(text, NumberWords::english()).map(|stated| stated.seconds)
}

/// Parses a text that is a duration, with its precision; `None` if there is other text.
#[must_use]
pub fn stated_duration(text: &str, words: &NumberWords) -> Option<StatedDuration> {
    let tokens = Tokens::tokenize(text, words);
    match tokens.kind(0) {
        Kind::StatedDuration(duration) if tokens.len() == 1 => Some(duration),
        _ => None,
    }
}

/// Returns the longest interval in a text, in seconds; `None` for a range such as `15-30 minutes`.
#[must_use]
pub fn interval(text: &str) -> Option<i64> {
    let tokens = Tokens::tokenize(text, NumberWords::english());
    let every = |index: usize| tokens.word(index.wrapping_sub(1)) == "every";
    let seconds = |index: usize| match (tokens.kind(index), tokens.word(index)) {
        (Kind::StatedDuration(duration), _) => Some(duration.seconds),
        (_, "hourly") => TimeUnit::Hour.seconds(),
        (_, "daily") => TimeUnit::Day.seconds(),
        (_, word) if every(index) => TimeUnit::in_full(word)?.seconds(),
        _ => None,
    };
    let longest = (0..tokens.len()).filter_map(seconds).max();
    longest.filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_parsed_as_people_write_them() {
        let cases = [
            ("15 minutes", Some(15)),
            ("every 15 min", Some(15)),
            ("15-minute", Some(15)),
            ("every five minutes", Some(5)),
            ("hourly", Some(60)),
            ("every hour", Some(60)),
            ("daily", Some(1_440)),
            ("1h 30m", Some(90)),
            ("1h30m", Some(90)),
            ("1.5 hours", Some(90)),
            ("30 minutes at first, then 2 hours", Some(120)),
            ("2 hours, then 30 minutes", Some(120)),
            ("as needed", None),
            ("half-hourly", None),
            ("15-30 minutes", None),
            ("15–30 minutes", None),
            ("0 minutes", None),
            ("99999999999999999999 minutes", None),
            ("", None),
        ];
        for (text, minutes) in cases {
            assert_eq!(
                interval(text),
                minutes.map(|minutes| minutes * 60),
                "{text}"
            );
        }
    }

    #[test]
    fn a_duration_is_the_whole_text() {
        let cases = [
            ("30 minutes", Some(1_800)),
            ("90s", Some(90)),
            ("1h 30m", Some(5_400)),
            ("2 hours, 6 minutes and 12 seconds", Some(7_572)),
            ("every 30 minutes", None),
            ("30", None),
            ("hourly", None),
            ("0 minutes", None),
            ("", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(duration(text), seconds, "{text}");
        }
    }
}
