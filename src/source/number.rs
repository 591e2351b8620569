//! Parses numbers as people write them: with separators, a unit, or a sign.

/// Returns the digits of a whole number that has separators, as in `1,240` or `1 240 000`.
pub fn without_separators(text: &str) -> Option<String> {
    let (sign, digits) = match text.trim().strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.trim()),
    };
    let separator = digits
        .chars()
        .find(|character| !character.is_ascii_digit())?;
    let is_separator = ",.'’_".contains(separator) || separator.is_whitespace();
    let mut groups = digits.split(separator);
    let is_group = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups
        .next()
        .filter(|first| (1..=3).contains(&first.len()))?;
    let rest: Vec<&str> = groups.collect();
    let fits = is_group(first) && rest.iter().all(|group| group.len() == 3 && is_group(group));
    (is_separator && fits && first != "0").then(|| format!("{sign}{first}{}", rest.concat()))
}

/// Returns the one whole number of a text, as in `about 1,200 users`, `60%` or `1.2k`.
pub fn only(text: &str) -> Option<String> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let is_part =
        |character: char| character.is_ascii_digit() || ",.'’_\u{a0}\u{202f}".contains(character);
    let length = rest
        .find(|character| !is_part(character))
        .unwrap_or(rest.len());
    let (number, after) = rest.split_at_checked(length)?;
    let number = number.trim_end_matches(|character: char| !character.is_ascii_digit());
    if after.contains(|character: char| character.is_ascii_digit())
        || text.get(..start)?.ends_with('-')
    {
        return None;
    }
    let thousands = match after.chars().next() {
        Some('k' | 'K') if after.trim().len() == 1 => 3,
        // A lowercase `m` may also mean minutes.
        Some('M') if after.trim().len() == 1 => 6,
        Some(next) if next.is_alphabetic() => return None,
        _ => 0,
    };
    if thousands == 0 {
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let plain = number.trim_start_matches('0');
        let plain = if plain.is_empty() { "0" } else { plain };
        return without_separators(number).or_else(|| is_plain.then(|| plain.to_owned()));
    }
    let (integer, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(integer) && digits(fraction) && fraction.len() <= thousands).then(|| {
        format!(
            "{integer}{fraction}{}",
            "0".repeat(thousands - fraction.len())
        )
    })
}

/// Parses a whole number that may have separators between its thousands, as in `1,240`, `1_240` or `1 240`.
///
/// # Errors
/// Returns the number that a text such as `1k` or `about 1,200` has, which may be less exact, or `None`.
pub fn whole(text: &str) -> Result<u32, Option<String>> {
    let text = text.trim();
    // `1.240` may be a decimal.
    let separated = without_separators(text).filter(|_| !text.contains('.'));
    let digits = separated.as_deref().unwrap_or(text);
    digits.parse().map_err(|_| only(digits))
}

/// Returns `true` if a text is only digits with separators: neither a bound, as in `8+` or `over 8`, nor an estimate.
pub fn is_exact(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || ",.'’_".contains(c) || c.is_whitespace();
    text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_separators_between_thousands_are_removed() {
        for (typed, digits) in [
            ("1,240", "1240"),
            ("1.240.000", "1240000"),
            ("12 400", "12400"),
            ("1'240", "1240"),
            ("1\u{202f}240", "1240"),
            ("-1,240", "-1240"),
        ] {
            assert_eq!(
                without_separators(typed).as_deref(),
                Some(digits),
                "{typed}"
            );
        }
        for typed in [
            "1240",
            "1,24",
            "1,2400",
            "0.600",
            "1,240.5",
            "1,240 users",
            "",
            "a,240",
            "14:230",
        ] {
            assert_eq!(without_separators(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_whole_number_may_have_separators_but_no_other_text() {
        for typed in ["1240", "1,240", "1_240", "1 240", " 1'240 "] {
            assert_eq!(whole(typed), Ok(1240), "{typed}");
        }
        for (typed, meant) in [
            ("1.240", Some("1240")),
            ("1k", Some("1000")),
            ("~1240", Some("1240")),
            ("1240 users", Some("1240")),
            ("1,24", None),
            ("many", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(whole(typed), Err(meant.map(str::to_owned)), "{typed}");
        }
    }

    #[test]
    fn the_only_number_of_a_text_is_found() {
        for (typed, number) in [
            ("~1200", "1200"),
            ("about 1,200 users", "1200"),
            ("60%", "60"),
            ("60 %", "60"),
            (">1000", "1000"),
            ("1.2k", "1200"),
            ("12K", "12000"),
            ("2M", "2000000"),
        ] {
            assert_eq!(only(typed).as_deref(), Some(number), "{typed}");
        }
        for typed in [
            "none", "10 of 20", "v2beta", "-5", "1.5", "5ms", "5m", "1.2345k", "5kg",
        ] {
            assert_eq!(only(typed), None, "{typed}");
        }
    }
}
