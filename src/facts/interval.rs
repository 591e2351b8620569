//! An interval as people write it: `15 minutes`, `every 15 min`, `hourly`.

/// A part of a text: a number, a word, or a dash between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Number(i64),
    Word(&'a str),
    Dash,
}

/// Reads an interval, in seconds; of several, the longest. A range such as `15-30 minutes` is none.
#[must_use]
pub fn interval(text: &str) -> Option<i64> {
    let parts = parts(text);
    let mut longest: Option<i64> = None;
    // The length that the parts right before this one make, as in `1h 30m`.
    let mut running: Option<(i64, i64)> = None;
    let mut place = 0;
    while let Some(part) = parts.get(place) {
        let before = place.checked_sub(1).and_then(|place| parts.get(place));
        let next = parts.get(place + 1);
        let found = match (part, next) {
            (Part::Number(count), Some(Part::Word(word))) if before != Some(&Part::Dash) => {
                unit(word).and_then(|unit| Some((count.checked_mul(unit)?, unit)))
            }
            _ => None,
        };
        place += if found.is_some() { 2 } else { 1 };
        running = match (found, running) {
            (Some((length, unit)), Some((sum, last))) if unit < last => {
                Some((sum.saturating_add(length), unit))
            }
            (Some(found), _) => Some(found),
            (None, _) => None,
        };
        let named = match (part, before) {
            (Part::Word("hourly"), _) | (Part::Word("hour"), Some(Part::Word("every"))) => {
                Some(3_600)
            }
            (Part::Word("daily"), _) | (Part::Word("day"), Some(Part::Word("every"))) => {
                Some(86_400)
            }
            _ => running.map(|(sum, _)| sum),
        };
        longest = longest.max(named);
    }
    longest.filter(|seconds| *seconds > 0)
}

fn unit(word: &str) -> Option<i64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    })
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| match first {
            '0'..='9' => c.is_ascii_digit(),
            _ if first.is_alphabetic() => c.is_alphabetic(),
            _ => false,
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end.max(first.len_utf8()));
        match first {
            '0'..='9' => parts.push(word.parse().map_or(Part::Word(word), Part::Number)),
            '-' | '–' if matches!(parts.last(), Some(Part::Number(_))) => parts.push(Part::Dash),
            _ if first.is_alphabetic() => parts.push(Part::Word(word)),
            _ => {}
        }
        rest = after;
    }
    // `15-minute` has a dash that is no range.
    let between = |place: usize, parts: &[Part]| {
        parts.get(place) == Some(&Part::Dash)
            && !matches!(parts.get(place + 1), Some(Part::Number(_)))
    };
    let kept: Vec<usize> = (0..parts.len())
        .filter(|place| !between(*place, &parts))
        .collect();
    kept.into_iter()
        .filter_map(|place| parts.get(place).copied())
        .collect()
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
            ("hourly", Some(60)),
            ("every hour", Some(60)),
            ("daily", Some(1_440)),
            ("1h 30m", Some(90)),
            ("1h30m", Some(90)),
            ("30 minutes at first, then 2 hours", Some(120)),
            ("2 hours, then 30 minutes", Some(120)),
            ("as needed", None),
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
