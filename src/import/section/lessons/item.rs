//! Parses the details after an action: `Ask before a delete (@lee, by 2025-02-14)`, `- owner: Kim - OPS-91`.

use super::super::super::vocabulary::{ActionLabel, WORDS};
use super::super::super::words::{block, bracket, line, web_link};
use super::day;
use crate::incident::ActionItem;
use crate::kind::{Day, Url};

/// Moves owner, due date, ticket and priority from the end of an action to `row`.
///
/// Returns the text of the action.
pub(super) fn details<'t>(text: &'t str, row: &mut ActionItem) -> &'t str {
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
        let parts = split(note);
        let parts = parts.iter().map(|part| part.trim());
        let unread: Vec<&str> = parts
            .filter(|part| !set_detail(part, &mut extended))
            .collect();
        match unread.as_slice() {
            _ if before.is_empty() => return rest,
            [] => {}
            // A name beside the date is the owner.
            [name] if is_name(name) && row.due.is_none() && extended.due.is_some() => {
                if !extended.owner.0.is_empty() {
                    return rest;
                }
                extended.owner.0.push(line(name));
            }
            _ => return rest,
        }
        *row = extended;
        rest = before;
    }
}

/// Splits a note at its commas, but for that of a date such as `March 22, 2025`.
fn split(note: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in note.split([',', ';']) {
        let is_year =
            part.trim().len() == 4 && part.trim().bytes().all(|byte| byte.is_ascii_digit());
        match parts.last_mut().filter(|_| is_year) {
            Some(date) => {
                date.push(',');
                date.push_str(part);
            }
            None => parts.push(part.to_owned()),
        }
    }
    parts
}

/// Returns `true` for one to three capitalized words without digits.
fn is_name(text: &str) -> bool {
    let is_part = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || ".-'’".contains(c))
    };
    text.split(' ').count() < 4 && text.split(' ').all(is_part)
}

/// Returns the date of a text such as `bis 2025-03-20` or `due: March 22, 2025`.
fn due_day(text: &str) -> Option<Day> {
    let lower = text.to_lowercase();
    let after = { WORDS.due_words.iter() }
        .filter_map(|word| lower.strip_prefix(word.as_str())?.strip_prefix([' ', ':']))
        .min_by_key(|after| after.len())
        .map(|after| after.trim_start().len());
    let bare = after.and_then(|length| text.get(text.len().checked_sub(length)?..));
    let bare = bare.unwrap_or(text);
    day(bare.strip_suffix("まで").unwrap_or(bare).trim())
}

/// Sets one detail; returns `false` if it is not recognized or is set already.
fn set_detail(part: &str, row: &mut ActionItem) -> bool {
    let labelled = part
        .split_once(':')
        .filter(|(label, _)| !label.contains('['));
    let (label, value) = match labelled {
        Some((label, value)) => match WORDS.labels.action.get(label) {
            Some(label) => (Some(label), value.trim()),
            None => return false,
        },
        None => (None, part),
    };
    let due = due_day(value);
    let is_handle = value.starts_with('@') && !value.contains(' ');
    let is_stated = !value.is_empty();
    match label {
        Some(ActionLabel::Owner) if is_stated && row.owner.0.is_empty() => {
            row.owner.0.push(line(value));
            true
        }
        None if is_handle => {
            row.owner.0.push(line(value));
            true
        }
        Some(ActionLabel::Due) | None if due.is_some() => {
            due.is_some_and(|due| is_new(&mut row.due, due))
        }
        Some(ActionLabel::Priority) if is_stated => is_new(&mut row.priority, line(value)),
        None if is_priority(value) => is_new(&mut row.priority, line(value)),
        Some(ActionLabel::Ticket) | None => {
            let url = web_link(value).map(|(_, url)| url);
            match url.or_else(|| Url::new(value).ok()) {
                Some(url) => is_new(&mut row.url, url),
                None if is_ticket(value) => {
                    is_new(&mut row.notes, block(&format!("Ticket: {value}")))
                }
                None => false,
            }
        }
        _ => false,
    }
}

/// Sets a value; returns `false` if it was set already.
fn is_new<T>(place: &mut Option<T>, value: T) -> bool {
    place.replace(value).is_none()
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
    use crate::edit::incident::print;
    use crate::incident::Incident;

    #[test]
    fn details_after_an_action_are_used_only_if_all_are_recognized() {
        for (text, expected) in [
            (
                "Ask first (@lee, by 2025-02-14)",
                "Ask first | owner = \"@lee\" | due = 2025-02-14",
            ),
            (
                "Move it - owner: @pat - TICKET-91",
                "Move it | owner = \"@pat\" | notes = \"Ticket: TICKET-91\"",
            ),
            (
                "Ask (owner: Dana K., due: 15 Oct 2025)",
                "Ask | owner = \"Dana K.\" | due = 2025-10-15",
            ),
            (
                "Fix [OPS-1](https://t.example/1) (P1)",
                "Fix [OPS-1](https://t.example/1) | priority = \"P1\"",
            ),
            (
                "Fix it ([OPS-1](https://t.example/1))",
                "Fix it | url = \"https://t.example/1\"",
            ),
            (
                "Keep words (in brackets) and dashes - all of them",
                "Keep words (in brackets) and dashes - all of them",
            ),
            (
                "Neu einrichten (@lena, bis 2025-03-20)",
                "Neu einrichten | owner = \"@lena\" | due = 2025-03-20",
            ),
            (
                "Revisar (@lena, hasta el 25 de marzo de 2025)",
                "Revisar | owner = \"@lena\" | due = 2025-03-25",
            ),
            (
                "Check it (@omar, by March 22, 2025)",
                "Check it | owner = \"@omar\" | due = 2025-03-22",
            ),
            (
                "更新する (@lena, 2025-03-29まで)",
                "更新する | owner = \"@lena\" | due = 2025-03-29",
            ),
            (
                "Fix (@lena, @omar, due 2025-03-21)",
                "Fix | owner = [\"@lena\", \"@omar\"] | due = 2025-03-21",
            ),
            (
                "Check (Lena Ort, 2025-03-23)",
                "Check | owner = \"Lena Ort\" | due = 2025-03-23",
            ),
            ("Check (Lena, Omar)", "Check (Lena, Omar)"),
            (
                "Check (after the move, 2025-03-23)",
                "Check (after the move, 2025-03-23)",
            ),
            ("Tell them (@lee, soon)", "Tell them (@lee, soon)"),
            ("(@lee)", "(@lee)"),
        ] {
            let mut row = ActionItem::default();
            let action = details(text, &mut row).to_owned();
            let incident = Incident {
                action_items: vec![row],
                ..Incident::default()
            };
            let printed = print(&incident);
            let rest = printed
                .split("[[action_items]]\n")
                .nth(1)
                .unwrap_or_default();
            let keys = rest.lines().filter(|line| !line.starts_with("action "));
            let keys = keys.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            let found: Vec<String> = [action].into_iter().chain(keys).collect();
            assert_eq!(found.join(" | "), expected);
        }
    }
}
