//! Removes private data from texts: secrets, what gives access, email addresses and phone numbers.
//!
//! A wrong removal costs a word, a missing one stays in a repository for good: in doubt a value is removed.
//! Dates, times, addresses of machines and versions are not in doubt.

use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

use crate::secret;

mod access;
mod contacts;
mod phone;

/// What replaces a private value.
const REMOVED: &str = "[removed]";

/// Removes secrets, the values of access parameters and passwords, email addresses and phone numbers.
///
/// Adds the number of removed values to `removed`.
pub fn redacted(text: &str, removed: &mut usize) -> String {
    let mut text = without_secrets(text, removed);
    for rule in rules() {
        if text.contains(rule.signs) {
            text = rule.apply(&text, removed);
        }
    }
    text
}

/// A pattern, and what replaces a match.
struct Rule {
    /// The pattern needs one of these characters.
    signs: &'static [char],
    pattern: Regex,
    /// Returns the replacement; `None` if the match, in its text, is not private.
    replace: fn(&Captures, &str) -> Option<String>,
}

impl Rule {
    fn apply(&self, text: &str, removed: &mut usize) -> String {
        let replaced = self.pattern.replace_all(text, |found: &Captures| {
            let whole = found.get(0).map_or("", |whole| whole.as_str());
            match (self.replace)(found, text) {
                Some(replacement) => {
                    *removed += 1;
                    replacement
                }
                None => whole.to_owned(),
            }
        });
        replaced.into_owned()
    }
}

const DIGITS: &[char] = &['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        access::rules()
            .into_iter()
            .chain(contacts::rules())
            .collect()
    })
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles them"
)]
fn rule(
    signs: &'static [char],
    pattern: &str,
    replace: fn(&Captures, &str) -> Option<String>,
) -> Rule {
    Rule {
        signs,
        pattern: Regex::new(pattern).expect("a valid pattern"),
        replace,
    }
}

fn part<'a>(found: &Captures<'a>, index: usize) -> &'a str {
    found.get(index).map_or("", |part| part.as_str())
}

fn without_secrets(text: &str, removed: &mut usize) -> String {
    let mut out = String::new();
    let mut from = 0;
    for found in secret::find(text) {
        if found.at < from {
            continue;
        }
        let rest = text.get(found.at..).unwrap_or_default();
        let is_url = rest.starts_with("://");
        let length = if is_url {
            rest.find('@').map_or(rest.len(), |at| at + 1)
        } else if rest.contains("PRIVATE KEY") && !rest.starts_with("eyJ") {
            let end = rest.find("-----END").and_then(|end| {
                let tail = rest.get(end + 8..)?;
                Some(end + 8 + tail.find("-----").map_or(tail.len(), |dashes| dashes + 5))
            });
            end.unwrap_or(rest.len())
        } else {
            let is_end = |c: char| !c.is_ascii_alphanumeric() && !"-_./+=:@".contains(c);
            rest.find(is_end).unwrap_or(rest.len())
        };
        out.push_str(text.get(from..found.at).unwrap_or_default());
        out.push_str(if is_url { "://" } else { REMOVED });
        from = found.at + length;
        *removed += 1;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
