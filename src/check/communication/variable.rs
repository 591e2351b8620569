//! Finds unfilled template variables in messages.

use super::message_texts;
use crate::check::lexicon::Lexicon;
use crate::check::{Case, Finding, Findings, wording};

/// Returns the first unfilled variable in a text.
fn variable(text: &str, lexicon: &Lexicon) -> Option<String> {
    let mut forms = lexicon.list(|words| &words.date_forms);
    if let Some(form) = forms.find(|form| text.contains(form)) {
        return Some(form.to_owned());
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
            let content = rest.strip_prefix('{').unwrap_or(rest);
            let end = content.find(close)?;
            let (name, after) = (content.get(..end)?, content.get(end + close.len_utf8()..)?);
            let closed = at + 1 + (rest.len() - content.len()) + end + 1;
            let whole = text.get(
                at..closed + usize::from(rest.len() > content.len() && after.starts_with('}')),
            );
            let is_variable = match open {
                "{" => plain(name.trim()) && name.trim().starts_with(char::is_alphabetic),
                "%" => name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
                _ => lexicon.has(|words| &words.variables, name) && !after.starts_with(['(', '[']),
            };
            is_variable.then(|| whole.map(str::to_owned)).flatten()
        })
}

pub(super) fn unfilled(case: &Case, findings: &mut Findings) {
    for (.., text) in message_texts(case) {
        let prose = wording::without_code(text.text);
        // The check `placeholder` reports instructions such as `[Link to …]`.
        let is_placeholder = || wording::placeholder(&prose, case.lexicon).is_some();
        if let Some(found) = variable(&prose, case.lexicon).filter(|_| !is_placeholder()) {
            findings.add(
                Finding::new(format!("unfilled variable `{found}` in a message"))
                    .at(text.file, text.path(), "")
                    .help("replace it with its value"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unfilled_variables_are_found() {
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
        let none = crate::config::CheckWords::default();
        let lexicon = Lexicon::new(&none);
        for (text, expected) in cases {
            assert_eq!(variable(text, &lexicon).as_deref(), expected, "{text}");
        }
    }
}
