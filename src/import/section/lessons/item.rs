//! Parses the details after an action: `Ask before a delete (@lee, by 2025-02-14)`, `- owner: Kim - OPS-91`.

use chrono::{Datelike, NaiveDate};

use super::super::super::calendar::month_day;
use super::super::super::vocabulary::{ActionLabel, WORDS, strip_icon};
use super::super::super::words::{block, bracket, folded, line, one_line, unbroken, web_link};
use super::table::{day, leading_status};
use crate::incident::{ActionItem, Progress};
use crate::kind::{Day, Url};

/// Moves owner, due date, ticket and priority from the end of an action to `row`.
///
/// `near` is the day of the incident, for dates without a year. Returns the text of the action.
pub(super) fn details<'t>(text: &'t str, row: &mut ActionItem, near: Option<NaiveDate>) -> &'t str {
    let mut rest = text.trim();
    if let Some((handle, action)) = leading_handle(rest) {
        row.owner.0.push(line(handle));
        rest = action;
    }
    loop {
        let in_brackets = match bracket(rest) {
            (before, Some(note)) => Some((before, note)),
            _ => rest
                .strip_suffix('）')
                .and_then(|rest| rest.rsplit_once('（')),
        };
        let in_square = || rest.strip_suffix(']')?.rsplit_once(" [");
        let found = in_brackets
            .or_else(in_square)
            .or_else(|| at_dash(rest))
            .and_then(|(before, note)| Some((before.trim_end(), read(note, row, near)?)))
            .or_else(|| between_dashes(rest, row, near))
            .or_else(|| labelled_sentence(rest, row, near))
            .or_else(|| after_colon(rest, row, near))
            .or_else(|| status_after_colon(rest, row))
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

/// Strips the status before or after an action: `[DONE] Add an alert`, `(done) Add an alert`, `DONE: add an alert`,
/// `~~Add an alert~~`, `Add an alert ✅`.
pub(super) fn status(text: &str) -> (Option<Progress>, &str) {
    let text = text.trim();
    let struck = { text.strip_prefix("~~") }.and_then(|rest| rest.strip_suffix("~~"));
    if let Some(struck) = struck.filter(|struck| !struck.contains("~~")) {
        return (Some(Progress::Done), struck);
    }
    let bare = text.trim_start_matches('*');
    let in_brackets = { bare.strip_prefix('[') }
        .and_then(|inner| inner.split_once(']'))
        .or_else(|| bare.strip_prefix('(')?.split_once(')'));
    let in_front = in_brackets.or_else(|| bare.split_once(':'));
    let in_front = in_front.and_then(|(word, rest)| {
        let is_label = in_brackets.is_some() || word.chars().all(char::is_uppercase);
        let status = WORDS.values.progress.get(word).filter(|_| is_label)?;
        Some((Some(status), rest.trim_start_matches(['*', ':', ' '])))
    });
    let behind = || {
        let mut icons = WORDS.icons.phrases();
        icons.find_map(|icon| {
            let before = text.strip_suffix(icon)?;
            Some((WORDS.icons.exact(icon), before.trim_end()))
        })
    };
    in_front.or_else(behind).unwrap_or((None, text))
}

/// Parses the owner before an action: `@lena: Check the logs`.
fn leading_handle(text: &str) -> Option<(&str, &str)> {
    let (handle, action) = text.split_once(": ")?;
    let is_handle = handle.starts_with('@') && handle.len() > 1 && !handle.contains(' ');
    is_handle.then_some((handle, action.trim_start()))
}

/// Reads the label at the end of an action: `Check the logs. **Owner:** Lena. **Due:** 2025-03-20.`
fn labelled_sentence<'t>(
    text: &'t str,
    row: &ActionItem,
    near: Option<NaiveDate>,
) -> Option<(&'t str, ActionItem)> {
    let ends = [". ", "; "]
        .into_iter()
        .filter_map(|end| text.rfind(end))
        .max()?;
    let (before, note) = text.split_at_checked(ends + 1)?;
    let note = note.trim().trim_end_matches('.').replace("**", "");
    let (label, _) = note.split_once(':')?;
    WORDS.labels.action.get(label)?;
    let before = before.trim_end_matches(';').trim_end();
    Some((before, read(&note, row, near)?))
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

/// Splits a text at its last dash.
fn at_dash(text: &str) -> Option<(&str, &str)> {
    let separators = [" - ", " -- ", " – ", " — "].iter();
    let last = separators.filter_map(|separator| text.rsplit_once(separator));
    last.max_by_key(|(before, _)| before.len())
}

/// Reads a status and a name after two dashes: `Add a probe — done — Rita`.
fn between_dashes<'t>(
    text: &'t str,
    row: &ActionItem,
    near: Option<NaiveDate>,
) -> Option<(&'t str, ActionItem)> {
    let (before, last) = at_dash(text)?;
    let (before, first) = at_dash(before)?;
    WORDS.values.progress.get(first)?;
    Some((before, read(&format!("{first}, {last}"), row, near)?))
}

/// Reads a status after a colon: `Double the cache: done`. `Set the default state: open` states none.
fn status_after_colon<'t>(text: &'t str, row: &ActionItem) -> Option<(&'t str, ActionItem)> {
    let (before, value) = text.rsplit_once(':')?;
    let status = WORDS.values.progress.get(value)?;
    let last = before.split_whitespace().next_back().unwrap_or_default();
    let is_label = WORDS.labels.action.get(last).is_some() || status == Progress::Planned;
    let extended = ActionItem {
        status: Some(status),
        ..row.clone()
    };
    (!is_label && row.status.is_none()).then_some((before.trim_end(), extended))
}

/// Returns a row with the details of a note, or `None` if it has other text.
fn read(note: &str, row: &ActionItem, near: Option<NaiveDate>) -> Option<ActionItem> {
    let mut extended = row.clone();
    let (icon, note) = strip_icon(note.trim());
    extended.status = row.status.or(icon);
    let parts = split(note);
    let parts = parts.iter().map(|part| part.trim());
    let unread: Vec<&str> = { parts.filter(|part| icon.is_none() || !part.is_empty()) }
        .filter(|part| !set_detail(part, &mut extended, near))
        .collect();
    match unread.as_slice() {
        [] => Some(extended),
        // A name beside a date or a status is the owner.
        [name] if is_name(name) && (extended.due != row.due || extended.status != row.status) => {
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
    for part in note.split([',', ';', '、']) {
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
        .split_once([':', '：'])
        .filter(|(label, _)| !label.contains('['));
    let (label, value) = match labelled {
        Some((label, value)) => match WORDS.labels.action.get(label) {
            Some(label) => (Some(label), value.trim()),
            None => return false,
        },
        None => (None, part),
    };
    if label.is_none() && row.status.is_none() && set_done(value, row) {
        return true;
    }
    let due = due_day(value, near);
    let is_handle = value.starts_with('@') && !value.contains(' ');
    let is_stated = !value.is_empty();
    match label {
        Some(ActionLabel::Owner) if is_stated && row.owner.0.is_empty() => {
            row.owner.0.push(line(value));
            true
        }
        None if row.status.is_none() && WORDS.values.progress.get(value).is_some() => {
            row.status = WORDS.values.progress.get(value);
            true
        }
        Some(ActionLabel::Status) => { WORDS.values.progress.get(value) }
            .is_some_and(|status| is_new(&mut row.status, status)),
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

/// Sets a status with its day: `Done 2025-03-04`; returns `false` for any other text.
fn set_done(value: &str, row: &mut ActionItem) -> bool {
    let Some((status, remark)) = leading_status(value) else {
        return false;
    };
    let day = day(remark.strip_prefix("on ").unwrap_or(remark));
    let is_done = status == Progress::Done && day.is_some();
    if is_done {
        row.status = Some(status);
        row.done_on = day;
    }
    is_done
}

/// Sets a value; returns `false` if it was set already.
fn is_new<T>(place: &mut Option<T>, value: T) -> bool {
    place.replace(value).is_none()
}

fn is_priority(word: &str) -> bool {
    word.strip_prefix('P')
        .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns `true` for a ticket or a link with a text after it: `#91: Add an alert`.
pub(super) fn has_text_after_ticket(cell: &str) -> bool {
    let is_other = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let words = cell.split_whitespace().skip(1);
    web_link(cell).is_none() && words.filter(|word| is_other(word)).count() > 1
}

/// Splits an item after its first paragraph, whose lines are joined.
///
/// A line in bold is an action of its own, and a list, a quote or code below it belongs to the notes.
pub(super) fn first_paragraph(text: &str) -> (String, &str) {
    let is_block = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = number.len() < line.len() && number.starts_with(['.', ')']);
        let signs = ["- ", "* ", "+ ", "> ", "|", "```", "~~~", "#", "<"];
        line.is_empty() || is_numbered || signs.iter().any(|sign| line.starts_with(sign))
    };
    let is_label = |line: &str| {
        let label = line.trim_matches(['*', ' ']).split_once(':');
        label.is_some_and(|(label, _)| WORDS.labels.action.get(label).is_some())
    };
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    let mut end = first.len();
    let mut last = first.trim_end_matches('\n');
    if unemphasized(last.trim()) == last.trim() {
        for line in lines {
            if unbroken(last).len() < last.len() || is_block(line) || is_label(line) {
                break;
            }
            end += line.len();
            last = line.trim_end_matches('\n');
        }
    }
    let (first, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (one_line(first), rest)
}

/// Strips the asterisks of a text that is all in bold.
pub(super) fn unemphasized(text: &str) -> &str {
    let inner = text
        .strip_prefix("**")
        .and_then(|rest| rest.strip_suffix("**"));
    inner.filter(|inner| !inner.contains('*')).unwrap_or(text)
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
mod tests;
