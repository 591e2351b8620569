//! Parses the details after an action: `Ask before a delete (@lee, by 2025-02-14)`, `- owner: Kim - OPS-91`.

use chrono::{Datelike, NaiveDate};

use super::super::super::calendar::month_day;
use super::super::super::vocabulary::{ActionLabel, WORDS};
use super::super::super::words::{block, bracket, folded, line, web_link};
use super::day;
use crate::incident::ActionItem;
use crate::kind::{Day, Url};

/// Moves owner, due date, ticket and priority from the end of an action to `row`.
///
/// `near` is the day of the incident, for dates without a year. Returns the text of the action.
pub(super) fn details<'t>(text: &'t str, row: &mut ActionItem, near: Option<NaiveDate>) -> &'t str {
    let mut rest = text.trim();
    loop {
        let in_brackets = match bracket(rest) {
            (before, Some(note)) => Some((before, note)),
            _ => None,
        };
        let at_dash = || {
            [" - ", " – ", " — "]
                .iter()
                .find_map(|separator| rest.rsplit_once(separator))
        };
        let found = in_brackets
            .or_else(at_dash)
            .and_then(|(before, note)| Some((before.trim_end(), read(note, row, near)?)))
            .or_else(|| after_colon(rest, row, near))
            .or_else(|| trailing(rest, row, near));
        match found {
            Some((before, extended)) if !before.is_empty() => {
                *row = extended;
                rest = before;
            }
            _ => return rest,
        }
    }
}

/// Reads an owner and a date after a colon: `Check the logs: Lena Ort, 2025-03-20`.
fn after_colon<'t>(
    text: &'t str,
    row: &ActionItem,
    near: Option<NaiveDate>,
) -> Option<(&'t str, ActionItem)> {
    let (before, note) = text.rsplit_once(": ")?;
    let last = before.rsplit(' ').next().unwrap_or_default();
    let extended = read(note, row, near)?;
    let has_both = row.owner.0.is_empty() && !extended.owner.0.is_empty() && extended.due.is_some();
    let is_label = WORDS.labels.action.get(last).is_some();
    (has_both && !is_label).then_some((before, extended))
}

/// Returns a row with the details of a note, or `None` if it has other text.
fn read(note: &str, row: &ActionItem, near: Option<NaiveDate>) -> Option<ActionItem> {
    let mut extended = row.clone();
    let parts = split(note);
    let parts = parts.iter().map(|part| part.trim());
    let unread: Vec<&str> = parts
        .filter(|part| !set_detail(part, &mut extended, near))
        .collect();
    match unread.as_slice() {
        [] => Some(extended),
        // A name beside the date is the owner.
        [name] if is_name(name) && row.due.is_none() && extended.due.is_some() => {
            let is_free = extended.owner.0.is_empty();
            extended.owner.0.push(line(name));
            is_free.then_some(extended)
        }
        _ => None,
    }
}

/// Reads the owner and the date at the end of a text without punctuation: `Docs @lena bis 2025-03-20`.
fn trailing<'t>(
    text: &'t str,
    row: &ActionItem,
    near: Option<NaiveDate>,
) -> Option<(&'t str, ActionItem)> {
    let (before, note) = text.rsplit_once(" @")?;
    let (handle, date) = note.split_once(' ')?;
    let last = before.rsplit(' ').next().map(folded)?;
    // `Talk to @lena by Friday` names whom to talk to.
    let is_object = WORDS.before_names.contains(&last);
    let is_stated = has_due_word(date) && row.owner.0.is_empty() && !is_object;
    let due = due_day(date, near).filter(|_| is_stated && row.due.is_none())?;
    let mut extended = row.clone();
    extended
        .owner
        .0
        .push(line(&format!("@{}", handle.trim_end_matches(','))));
    extended.due = Some(due);
    Some((before.trim_end(), extended))
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

/// Returns `true` for one to three capitalized words without digits, or for the name of a team.
fn is_name(text: &str) -> bool {
    let is_part = |word: &str| {
        word.chars()
            .all(|c| c.is_alphabetic() || ".-'’".contains(c))
    };
    let mut words = text.split(' ');
    let is_capitalized = words
        .clone()
        .all(|word| word.starts_with(char::is_uppercase));
    let is_team = words
        .clone()
        .any(|word| WORDS.team_words.contains(&folded(word)));
    words.clone().count() < 4 && words.all(is_part) && (is_capitalized || is_team)
}

/// Returns the word before a due date with the length of the text after it.
fn due_word(text: &str) -> Option<(&'static str, usize)> {
    let lower = text.to_lowercase();
    let found = WORDS.due_words.iter().filter_map(|word| {
        let after = lower
            .strip_prefix(word.as_str())?
            .strip_prefix([' ', ':'])?;
        Some((word.as_str(), after.trim_start().len()))
    });
    found.min_by_key(|(_, length)| *length)
}

fn has_due_word(text: &str) -> bool {
    due_word(text).is_some()
}

/// Returns the date of a text such as `bis 20.03.2025`, `avant le 7 mars` or `due: March 22, 2025`.
fn due_day(text: &str, near: Option<NaiveDate>) -> Option<Day> {
    let found = due_word(text);
    let bare = found.and_then(|(_, length)| text.get(text.len().checked_sub(length)?..));
    let bare = bare.unwrap_or(text);
    let bare = bare.strip_suffix("まで").unwrap_or(bare).trim();
    let is_english =
        found.is_none_or(|(word, _)| WORDS.english_due_words.iter().any(|other| other == word));
    let short = || {
        let near = near.filter(|_| found.is_some())?;
        let (month, day, rest) = month_day(bare)?;
        let day = after(month, day, near)?;
        rest.trim().is_empty().then_some(Day(day))
    };
    day(bare)
        .or_else(|| numeric(bare, is_english, near.filter(|_| found.is_some())))
        .or_else(short)
}

/// Parses `20.03.2025`, `20.3.` and, after a word that is not English, `20/03/2025`.
fn numeric(text: &str, is_english: bool, near: Option<NaiveDate>) -> Option<Day> {
    let separator = ['.', '/'].into_iter().find(|c| text.contains(*c))?;
    let parts: Vec<&str> = text.trim_end_matches('.').split(separator).collect();
    let number = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse().ok())?;
    let (first, second, year) = match parts.as_slice() {
        [first, second, year] if year.len() == 4 => (first, second, Some(year.parse().ok()?)),
        [first, second] => (first, second, None),
        _ => return None,
    };
    let (first, second): (u32, u32) = (number(first)?, number(second)?);
    // In English, the order is only known from a number above twelve.
    let (month, day) = match separator {
        '/' if is_english && second > 12 => (first, second),
        '/' if is_english && first <= 12 => return None,
        _ => (second, first),
    };
    let day = match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day)?,
        None => after(month, day, near?)?,
    };
    Some(Day(day))
}

/// Returns the first date with this month and day from the day of the incident on.
fn after(month: u32, day: u32, near: NaiveDate) -> Option<NaiveDate> {
    let years = [near.year(), near.year() + 1];
    let mut dates =
        { years.into_iter() }.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    dates.find(|date| *date >= near)
}

/// Sets one detail; returns `false` if it is not recognized or is set already.
fn set_detail(part: &str, row: &mut ActionItem, near: Option<NaiveDate>) -> bool {
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
    let due = due_day(value, near);
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

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut row = ActionItem::default();
        let near = NaiveDate::from_ymd_opt(2025, 3, 4);
        let action = details(text, &mut row, near).to_owned();
        let incident = Incident {
            action_items: vec![row],
            ..Incident::default()
        };
        let printed = print(&incident);
        let rest = printed.split("[[action_items]]\n").nth(1);
        let keys = rest.unwrap_or_default().lines();
        let keys = keys
            .filter(|line| !line.starts_with("action "))
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let found: Vec<String> = [action].into_iter().chain(keys).collect();
        assert_eq!(found.join(" | "), expected);
    }

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
            check(text, expected);
        }
    }

    #[test]
    fn owners_and_dates_are_read_as_other_languages_write_them() {
        for (text, expected) in [
            (
                "Neu einrichten (@lena, bis 20.03.2025)",
                "Neu einrichten | owner = \"@lena\" | due = 2025-03-20",
            ),
            (
                "Neu einrichten (Team, bis 20. März)",
                "Neu einrichten | owner = \"Team\" | due = 2025-03-20",
            ),
            (
                "Prüfen (Lena Ort; OPS-17; fällig 2.1.)",
                "Prüfen | owner = \"Lena Ort\" | due = 2026-01-02 | notes = \"Ticket: OPS-17\"",
            ),
            (
                "Revoir (@lena, avant le 07/03/2025)",
                "Revoir | owner = \"@lena\" | due = 2025-03-07",
            ),
            (
                "Revoir (équipe réseau, avant le 21 mars)",
                "Revoir | owner = \"équipe réseau\" | due = 2025-03-21",
            ),
            (
                "Docs @lena bis 21.03.2025",
                "Docs | owner = \"@lena\" | due = 2025-03-21",
            ),
            (
                "Write docs (by 03/21/2025)",
                "Write docs | due = 2025-03-21",
            ),
            ("Write docs (by 03/04/2025)", "Write docs (by 03/04/2025)"),
            ("Talk to @lena by 2025-03-21", "Talk to @lena by 2025-03-21"),
            ("Ask @lena about 2025-03-21", "Ask @lena about 2025-03-21"),
            (
                "Check logs: Lena Ort, 2025-03-21",
                "Check logs | owner = \"Lena Ort\" | due = 2025-03-21",
            ),
            (
                "Reproduce OPS-17: it fails on 2025-03-21",
                "Reproduce OPS-17: it fails on 2025-03-21",
            ),
        ] {
            check(text, expected);
        }
    }
}
