//! The names that the settings give to addresses in texts.

use crate::kind::{Pairs, PersonName};

/// Replaces the email addresses of people whom the settings name: `Paged dana@example.com` names who was paged.
pub(super) fn named(mut text: String, people: &Pairs<PersonName>) -> String {
    if !text.contains('@') {
        return text;
    }
    for (address, name) in people.0.iter().filter(|(handle, _)| is_address(handle)) {
        text = replaced(&text, address, name);
    }
    text
}

/// Returns `true` for a handle that is an email address, not `@name`.
fn is_address(handle: &str) -> bool {
    let parts = handle.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
}

/// Replaces an address where it is whole, whatever its case.
fn replaced(text: &str, address: &str, name: &str) -> String {
    let (lower, address) = (text.to_ascii_lowercase(), address.to_ascii_lowercase());
    let is_part = |c: char| c.is_alphanumeric() || "._%+-@".contains(c);
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in lower.match_indices(&address) {
        let end = at + address.len();
        let before = lower.get(..at).unwrap_or_default();
        let after = lower.get(end..).unwrap_or_default();
        // A full stop ends the sentence.
        let after = after.strip_prefix('.').unwrap_or(after);
        if before.ends_with(is_part) || after.starts_with(is_part) {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(name);
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_a_text_becomes_the_name() {
        let cases = [
            (
                "Paged Dana@Example.com (phone)",
                "Paged Dana Fischer (phone)",
            ),
            ("Paged dana@example.com.", "Paged Dana Fischer."),
            (
                "x.dana@example.com dana@example.com.au",
                "x.dana@example.com dana@example.com.au",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(replaced(text, "dana@example.com", "Dana Fischer"), expected);
        }
        assert!(is_address("dana@example.com") && !is_address("@dana") && !is_address("dana@"));
    }
}
