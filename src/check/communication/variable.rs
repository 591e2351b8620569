//! Variables of a message template that nobody filled in.

use super::place;
use crate::check::{Case, Finding, Findings, words};

/// Names in brackets that stand for a value.
const VARIABLES: &[&str] = &[
    "time",
    "date",
    "name",
    "link",
    "url",
    "eta",
    "customer",
    "customers",
    "customer name",
    "service",
    "services",
    "service name",
    "product",
    "duration",
    "start time",
    "end time",
    "number",
    "reason",
    "company",
    "company name",
    "region",
    "x",
    "xx",
    "n",
];

/// Forms of a time that nobody filled in.
const FORMS: &[&str] = &[
    "HH:MM",
    "hh:mm",
    "XX:XX",
    "xx:xx",
    "__:__",
    "YYYY-MM-DD",
    "DD.MM.",
    "MM/DD",
];

/// Finds a variable of a template in a text.
fn variable(text: &str) -> Option<String> {
    if let Some(form) = FORMS.iter().find(|form| text.contains(*form)) {
        return Some((*form).to_owned());
    }
    let plain = |name: &str| {
        !name.is_empty()
            && name.len() <= 40
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_.- ".contains(c))
    };
    let starts = text.match_indices(['{', '[', '<', '%']);
    starts
        .map(|(at, open)| (at, open, text.get(at + 1..).unwrap_or_default()))
        .find_map(|(at, open, rest)| {
            let close = match open {
                "{" => '}',
                "[" => ']',
                "<" => '>',
                _ => '%',
            };
            let inside = rest.strip_prefix('{').unwrap_or(rest);
            let end = inside.find(close)?;
            let (name, after) = (inside.get(..end)?, inside.get(end + close.len_utf8()..)?);
            let closed = at + 1 + (rest.len() - inside.len()) + end + 1;
            let whole = text
                .get(at..closed + usize::from(rest.len() > inside.len() && after.starts_with('}')));
            let is_variable = match open {
                "{" => plain(name.trim()) && name.trim().starts_with(char::is_alphabetic),
                "%" => name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
                _ => {
                    VARIABLES.contains(&name.to_ascii_lowercase().as_str())
                        && !after.starts_with(['(', '['])
                }
            };
            is_variable.then(|| whole.map(str::to_owned)).flatten()
        })
}

pub(super) fn left(case: &Case, findings: &mut Findings) {
    for (index, message) in case.record.incident.messages.iter().enumerate() {
        for (key, text) in [
            ("subject", message.subject.as_deref()),
            ("body", message.body.as_deref()),
        ] {
            let Some(text) = text else { continue };
            let outside: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
            // What asks to be filled in is named by a check of its own.
            if let Some(found) =
                variable(&outside).filter(|_| words::placeholder(&outside).is_none())
            {
                findings.add(
                    Finding::new(format!("the variable `{found}` was left in a message"))
                        .at(case.file(), place(index).key(key), "")
                        .help("write what it stands for"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_from_what_looks_like_them() {
        let cases = [
            ("Since {{ start_time }} UTC", Some("{{ start_time }}")),
            ("Dear {name},", Some("{name}")),
            ("at ${time} today", Some("{time}")),
            ("at HH:MM UTC", Some("HH:MM")),
            ("in [time] we", Some("[time]")),
            ("by <date>", Some("<date>")),
            ("Dear %CUSTOMER%,", Some("%CUSTOMER%")),
            ("[time](https://example.com)", None),
            ("100% of 5% left", None),
            ("see [1] and {}", None),
            ("{\"a\": 1}", None),
            ("at 14:23", None),
        ];
        for (text, expected) in cases {
            assert_eq!(variable(text).as_deref(), expected, "{text}");
        }
    }
}
