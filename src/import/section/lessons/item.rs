//! Parses the details after an action: `Ask before a delete (@lee, by 2025-02-14)`, `- owner: Kim - OPS-91`.

use serde_json::{Map, Value};

use super::super::super::entry_time::calendar_day;
use super::super::super::toml::date;
use super::super::super::words::{bracket, folded, link};
use crate::kind::Url;

/// Moves owner, due date, ticket and priority from the end of an action to `row`.
///
/// Returns the text of the action.
pub(super) fn details<'t>(text: &'t str, row: &mut Map<String, Value>) -> &'t str {
    let mut rest = text.trim();
    loop {
        let (before, note) = match bracket(rest) {
            (before, Some(note)) => (before, note),
            _ => match [" - ", " – ", " — "]
                .iter()
                .find_map(|separator| rest.rsplit_once(separator))
            {
                Some((before, note)) => (before.trim_end(), note),
                None => return rest,
            },
        };
        let mut extended = row.clone();
        let mut parts = note.split([',', ';']).map(str::trim);
        if before.is_empty() || !parts.all(|part| set_detail(part, &mut extended)) {
            return rest;
        }
        *row = extended;
        rest = before;
    }
}

/// Sets one detail; returns `false` if it is not recognized or is set already.
fn set_detail(part: &str, row: &mut Map<String, Value>) -> bool {
    let (label, value) = match part
        .split_once(':')
        .filter(|(label, _)| !label.contains('['))
    {
        Some((label, value)) => (folded(label), value.trim()),
        None => (String::new(), part),
    };
    let day = |value: &str| {
        let (day, rest) = calendar_day(value)?;
        rest.trim().is_empty().then(|| date(&day.to_string()))
    };
    let bare = ["due ", "by ", "until "]
        .iter()
        .find_map(|prefix| value.strip_prefix(prefix));
    let is_handle = value.starts_with('@') && !value.contains(' ');
    let (key, value) = match label.as_str() {
        "owner" | "assignee" | "who" | "dri" if !value.is_empty() => ("owner", value.into()),
        "" if is_handle => ("owner", value.into()),
        "due" | "due date" | "deadline" | "by" | "eta" | ""
            if day(bare.unwrap_or(value)).is_some() =>
        {
            ("due", day(bare.unwrap_or(value)).unwrap_or_default())
        }
        "priority" | "prio" if !value.is_empty() => ("priority", value.into()),
        "" if is_priority(value) => ("priority", value.into()),
        "ticket" | "issue" | "bug" | "jira" | "" => match link(value) {
            Some((_, url)) if Url::new(url.as_str()).is_ok() => ("url", url.into()),
            _ if Url::new(value).is_ok() => ("url", value.into()),
            _ if is_ticket(value) => ("notes", format!("Ticket: {value}").into()),
            _ => return false,
        },
        _ => return false,
    };
    row.insert(key.to_owned(), value).is_none()
}

fn is_priority(word: &str) -> bool {
    word.strip_prefix('P')
        .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns `true` if a word is a ticket ID: `OPS-91`, `#91`.
pub(super) fn is_ticket(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (project, number) = word.split_once('-').unwrap_or_default();
    let is_key = project.starts_with(|c: char| c.is_ascii_uppercase())
        && project
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let bare_number = word.strip_prefix('#').or_else(|| word.strip_prefix("Bug "));
    is_key && digits(number) || bare_number.is_some_and(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_after_an_action_are_used_only_if_all_are_recognized() {
        for (text, expected) in [
            (
                "Ask first (@lee, by 2025-02-14)",
                r#"Ask first {"owner":"@lee","due":{"$__toml_private_datetime":"2025-02-14"}}"#,
            ),
            (
                "Move it - owner: @pat - TICKET-91",
                r#"Move it {"notes":"Ticket: TICKET-91","owner":"@pat"}"#,
            ),
            (
                "Ask (owner: Dana K., due: 15 Oct 2025)",
                r#"Ask {"owner":"Dana K.","due":{"$__toml_private_datetime":"2025-10-15"}}"#,
            ),
            (
                "Fix [OPS-1](https://t.example/1) (P1)",
                r#"Fix [OPS-1](https://t.example/1) {"priority":"P1"}"#,
            ),
            (
                "Fix it ([OPS-1](https://t.example/1))",
                r#"Fix it {"url":"https://t.example/1"}"#,
            ),
            (
                "Keep words (in brackets) and dashes - all of them",
                "Keep words (in brackets) and dashes - all of them {}",
            ),
            ("Tell them (@lee, soon)", "Tell them (@lee, soon) {}"),
            ("(@lee)", "(@lee) {}"),
        ] {
            let mut row = Map::new();
            let action = details(text, &mut row);
            assert_eq!(format!("{action} {}", Value::Object(row)), expected);
        }
    }
}
