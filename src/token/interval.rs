//! An interval as people write it: `15 minutes`, `every 15 min`, `hourly`.

use super::{Kind, Tokens};

/// Reads an interval, in seconds; of several, the longest. A range such as `15-30 minutes` is none.
#[must_use]
pub fn interval(text: &str) -> Option<i64> {
    let tokens = Tokens::of(text);
    let every = |place: usize| tokens.word(place.wrapping_sub(1)) == "every";
    let read = |place: usize| match (tokens.kind(place), tokens.word(place)) {
        (Kind::Lapse(lapse), _) => Some(lapse.seconds),
        (_, "hourly") => Some(3_600),
        (_, "hour") if every(place) => Some(3_600),
        (_, "daily") => Some(86_400),
        (_, "day") if every(place) => Some(86_400),
        _ => None,
    };
    let longest = (0..tokens.len()).filter_map(read).max();
    longest.filter(|seconds| *seconds > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_as_people_write_them() {
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
}
