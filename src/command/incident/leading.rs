//! The ID of an incident with which the text of an event starts.

/// The minimum number of letters and digits of an ID that is also read without the signs between its parts.
const WITHOUT_SIGNS: usize = 8;

/// The minimum number of digits in front of a text that may be the short form of an ID.
const SHORT: usize = 3;

/// Returns the ID of the archive with which a text starts, whatever is written around and between its parts:
/// `[INC-2026-0001]`, `INC 2026 0001: errors`, `incidents/INC-2026-0001.toml`, `2026-0001 errors`.
pub(super) fn id<'i>(ids: &'i [String], text: &str) -> Option<&'i str> {
    let text = text.trim_start();
    let word = text.split_whitespace().next()?;
    let name = word.rfind(['/', '\\']).and_then(|at| text.get(at + 1..));
    let name = name.unwrap_or(text);
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    let starts = |id: &&String| {
        // `2026-0001` names an incident, and `0001` may be any number.
        let number = id.split_once('-').map(|(_, number)| number);
        let number = number.filter(|number| number.contains('-'));
        is_start(name, id) || number.is_some_and(|number| is_start(name, number))
    };
    let longest = ids.iter().filter(starts).max_by_key(|id| id.len());
    longest.map(String::as_str)
}

/// Returns `true` if a text starts with an ID as a whole word; signs between its parts make no difference.
fn is_start(text: &str, id: &str) -> bool {
    let is_letter = |c: &char| c.is_ascii_alphanumeric();
    let is_long = id.chars().filter(is_letter).count() >= WITHOUT_SIGNS;
    let is_sign = |c: char| match c {
        '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' => true,
        _ => is_long && (c.is_whitespace() || matches!(c, '.' | '/' | '#')),
    };
    let mut rest = text;
    for part in id.split(|c: char| !c.is_ascii_alphanumeric()) {
        let unsigned = rest.trim_start_matches(is_sign);
        if rest.len() == unsigned.len() && rest.len() < text.len() && !is_long {
            return false;
        }
        match unsigned.split_at_checked(part.len()) {
            Some((start, after)) if start.eq_ignore_ascii_case(part) => rest = after,
            _ => return false,
        }
    }
    let continues = rest.strip_prefix(['-', '_']).unwrap_or(rest);
    !continues.starts_with(char::is_alphanumeric)
}

/// Returns the number with which a text starts: `0141` in `#0141: errors`.
pub(super) fn number(words: &[String]) -> Option<&str> {
    let first = words.first()?;
    let token = first.split_whitespace().next()?;
    let token = token.trim_matches(|c: char| !c.is_alphanumeric());
    let is_whole = token.len() == first.len();
    let is_number = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && (is_whole || token.len() >= SHORT)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_in_front_is_found_however_it_is_written() {
        let ids = ["INC-2025-0141", "INC-2025-014", "A-1"].map(str::to_owned);
        for text in [
            "INC-2025-0141",
            "inc-2025-0141: errors",
            "[INC-2025-0141] errors",
            "incidents/2025/INC-2025-0141.toml",
            "INC_2025_0141 errors",
            "INC20250141 errors",
            "INC 2025 0141 errors",
            "INC\u{2013}2025\u{2013}0141 errors",
            "2025-0141 errors",
            "#2025-0141: errors",
        ] {
            assert_eq!(id(&ids, text), Some("INC-2025-0141"), "{text}");
        }
        assert_eq!(id(&ids, "a_1: errors"), Some("A-1"));
        for text in [
            "errors as in INC-2025-0141",
            "INC-2025-01412",
            "INC-2025-0141-b",
            "0141 errors",
            "a 1 hour outage",
            "A1 is down",
            "",
        ] {
            assert_eq!(id(&ids, text), None, "{text}");
        }
    }

    #[test]
    fn a_number_in_front_may_be_a_short_id() {
        for (text, expect) in [
            ("0141", Some("0141")),
            ("41", Some("41")),
            ("0141: errors", Some("0141")),
            ("#0141 errors", Some("0141")),
            ("41 errors", None),
            ("0141st error", None),
            ("errors", None),
        ] {
            assert_eq!(number(&[text.to_owned()]), expect, "{text}");
        }
    }
}
