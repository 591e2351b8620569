//! Names of companies without their legal form, and the terms that are not confidential.

use std::collections::HashSet;

use super::has;
use crate::config::{CheckWords, Config};

/// Returns the name of a company without its legal form, as people write it; `None` if it has none.
pub(super) fn without_legal_form<'n>(name: &'n str, known: &CheckWords) -> Option<&'n str> {
    let end =
        |name: &'n str| name.trim_end_matches(|c: char| c.is_whitespace() || ",.&".contains(c));
    let full = end(name);
    let mut rest = full;
    while let Some((before, last)) = rest.rsplit_once(char::is_whitespace) {
        if !has(known, |words| &words.legal_forms, &last.replace('.', "")) {
            break;
        }
        rest = end(before);
    }
    (rest.len() < full.len() && !rest.is_empty()).then_some(rest)
}

/// Returns the terms that are not confidential, in lowercase: those of `[audit] allow`, also without a legal form, and the
/// organization.
#[must_use]
pub fn allowed(config: &Config) -> HashSet<String> {
    let organization = &config.organization;
    let known = [&organization.name, &organization.contact];
    let allowed = config.audit.allow.iter().chain(known.into_iter().flatten());
    let allowed = allowed.flat_map(|word| {
        let short = without_legal_form(word, &config.words);
        std::iter::once(&**word).chain(short)
    });
    allowed.map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_known_without_its_legal_form() {
        for (name, expected) in [
            ("Nordwind Logistik AG", Some("Nordwind Logistik")),
            ("Globex Ltd.", Some("Globex")),
            ("Acme, Inc.", Some("Acme")),
            ("Brandt GmbH & Co. KG", Some("Brandt")),
            ("Tansen S.A.", Some("Tansen")),
            ("Nordwind Logistik", None),
            ("Limited", None),
            ("AG", None),
        ] {
            let found = without_legal_form(name, &CheckWords::default());
            assert_eq!(found, expected, "{name}");
        }
    }
}
