//! Rules for email addresses and phone numbers.

use super::phone::{is_date, is_phone, is_version};
use super::{DIGITS, REMOVED, Rule, part, rule};

/// Returns the rules, each for one way to write it.
pub(super) fn rules() -> Vec<Rule> {
    vec![
        rule(
            &['@', '＠', '%', '&', '(', '[', '{'],
            r#"(?ix) (?<local> "[^"@\n]{1,64}" | [^\s@＠<>()\[\]{},;:"'`|=/?&\\]+ ) (?: \s?[@＠]\s? | %40 | &\#64; | &commat; | \s?[(\[{]at[)\]}]\s? )
                    (?<domain> [\w\u{80}-\u{10ffff}-]+ (?: (?: \. | \s?[(\[{](?:dot|punkt)[)\]}]\s? ) [\w\u{80}-\u{10ffff}-]+ )+ )"#,
            |found, _| is_address(part(found, 1), part(found, 2)).then(|| REMOVED.to_owned()),
        ),
        // `dana at example dot com`
        rule(
            &[' '],
            r"(?i)\b[\w.+-]+\s+at\s+[\w-]+(?:\s+dot\s+[\w-]+)+\b",
            |_, _| Some(REMOVED.to_owned()),
        ),
        // The form of Opsgenie.
        rule(&['['], r"\[[0-9]{1,3}-[0-9]{7,12}\]", |_, _| {
            Some(REMOVED.to_owned())
        }),
        rule(
            DIGITS,
            r"(?ix) (?<start> wa\.me/ | \b sms: | \b callto: | \b (?: tel | tél | whatsapp | phone | mobile | mobil | móvil | movil | cell | handy | telefon
                            | teléfono | fax )
                        (?: \s number )? (?: \s is )? [.:=]{0,2} [\s/]{0,2} | \b call \s (?: me \s | us \s )? (?: at | on ) \s )
                    (?<number> [+(]? [0-9] [0-9+\ ().\x2f\u{a0}\u{2010}-\u{2013}-]{4,48} [0-9] ) \b",
            |found, _| {
                let is_number = |number: &str| {
                    let digits = number.chars().filter(char::is_ascii_digit).count();
                    (6..=15).contains(&digits) && !is_date(number) && !is_version(number)
                };
                let shown = without_numbers(part(found, 2), &is_number)?;
                Some(format!("{}{shown}", part(found, 1)))
            },
        ),
        // A number without any form, which only the words before it tell from a count.
        rule(
            DIGITS,
            r"(?ix) ( \b (?: call | ring | dial | reach | text | contact ) \s (?: (?: me | us | him | her | them ) \b [\s:]* )? (?: (?: at | on ) \s )?
                    | \b sms \s (?: to \s )? | \b (?: my | his | her | their | your | contact ) \s number (?: \s is | : ) \s ) ( [2-9] [0-9]{8,11} | [1-9] [0-9]{1,4} [\ /-] [0-9]{6,8} ) \b",
            |found, text| {
                let whole = found.get(0)?;
                let after = text.get(whole.end()..)?;
                (!is_counted(after)).then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        // A number, and what a phone dials after it.
        rule(
            DIGITS,
            r"([+＋(]{0,2}[0-9][0-9+ ().\x2f\u{a0}\u{2010}-\u{2013}-]{7,48}[0-9])(?:,+\*?[0-9]+[#*]*)*",
            |found, text| {
                let whole = found.get(0)?;
                let (before, after) = (text.get(..whole.start())?, text.get(whole.end()..)?);
                if is_labelled(before) {
                    return None;
                }
                let is_counting = is_counted(after);
                let mut next = after.chars();
                let next = (next.next(), next.next());
                let last = before.chars().next_back();
                let run = part(found, 1);
                let is_number = |number: &str| {
                    let last = last.filter(|_| run.starts_with(number));
                    let is_end = run.ends_with(number);
                    let next = if is_end { next } else { (Some(' '), None) };
                    !(is_end && is_counting) && is_phone(number, last, next)
                };
                without_numbers(run, &is_number)
            },
        ),
        // A number without any form, next to another one.
        rule(
            &['['],
            r"(?i)(\[removed\]\s?(?:/|\b(?:or|oder|ou)\b)\s?)([2-9][0-9]{8,11})\b",
            |found, text| {
                let after = text.get(found.get(0)?.end()..)?;
                (!is_counted(after)).then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
    ]
}

/// Returns a run of digits without the numbers in it: one, or several, also next to a date, a time or a count.
fn without_numbers(run: &str, is_number: &dyn Fn(&str) -> bool) -> Option<String> {
    if is_number(run) {
        return Some(REMOVED.to_owned());
    }
    if let Some((first, between, rest)) = parted(run) {
        let [one, two] = [first, rest].map(|part| without_numbers(part, is_number));
        (one.is_some() || two.is_some()).then_some(())?;
        let [one, two] = [
            one.unwrap_or(first.to_owned()),
            two.unwrap_or(rest.to_owned()),
        ];
        return Some(format!("{one}{between}{two}"));
    }
    // The digits of `14:30` that are next to the number.
    let is_time = |part: &str| part.len() < 3 && part.chars().all(|c| c.is_ascii_digit());
    let is_other = |part: &str| is_date(part) || is_time(part);
    let mut blanks = run.match_indices(' ');
    blanks.find_map(|(at, _)| {
        let (first, rest) = (run.get(..at)?, run.get(at + 1..)?);
        if is_other(rest.trim()) && is_number(first) {
            Some(format!("{REMOVED} {rest}"))
        } else if is_other(first) && is_number(rest) {
            Some(format!("{first} {REMOVED}"))
        } else {
            None
        }
    })
}

/// Splits a run of digits where another number begins: after ` / `, and at a `+` after a space.
fn parted(run: &str) -> Option<(&str, &str, &str)> {
    if let Some((first, rest)) = run.split_once(" / ") {
        return Some((first, " / ", rest));
    }
    let at = [" +", " (+"].iter().find_map(|sign| run.find(sign))?;
    Some((run.get(..at)?, " ", run.get(at + 1..)?))
}

/// The ends of names that are no addresses: of systemd units, as in `getty@tty1.service`, and of hosts inside a cluster.
const UNITS: &[&str] = &[
    "automount",
    "device",
    "mount",
    "path",
    "scope",
    "service",
    "slice",
    "socket",
    "swap",
    "target",
    "timer",
    "cluster.local",
];

/// Users of machines who are no persons.
const MACHINES: &[&str] = &[
    "git", "root", "ubuntu", "ec2-user", "centos", "core", "www-data", "nobody", "postgres",
];

/// Returns `true` for an email address, not for a user of a machine, a version or a unit of systemd.
fn is_address(local: &str, domain: &str) -> bool {
    let top = domain
        .rsplit(['.', ')', ']', '}'])
        .next()
        .unwrap_or_default()
        .trim();
    // `nginx@1.25.alpine` is a version.
    let is_number = |label: &str| label.chars().all(|c| c.is_ascii_digit());
    let is_versioned = domain.split('.').take(2).all(is_number);
    let is_unit = UNITS
        .iter()
        .any(|unit| top == *unit || domain.ends_with(unit));
    top.chars().count() >= 2
        && top.chars().all(char::is_alphabetic)
        && local.contains(char::is_alphanumeric)
        && !is_unit
        && !is_versioned
        && !MACHINES.contains(&local)
}

/// Words before numbers that are no phone numbers.
const LABELS: &[&str] = &[
    "build",
    "code",
    "error",
    "errors",
    "id",
    "ids",
    "line",
    "lines",
    "offset",
    "order",
    "partition",
    "pid",
    "port",
    "ports",
    "range",
    "request",
    "row",
    "rows",
    "shard",
    "shards",
    "status",
    "step",
    "steps",
    "trace",
    "version",
];

/// Words after numbers that count something.
const UNITS_OF_COUNTS: &[&str] = &[
    "bytes",
    "connections",
    "errors",
    "events",
    "failed",
    "items",
    "kb",
    "lines",
    "mb",
    "messages",
    "ms",
    "ns",
    "queued",
    "records",
    "requests",
    "rows",
    "seconds",
    "sent",
    "times",
    "users",
];

/// Returns `true` if the word before a number says that it is no phone number.
fn is_labelled(before: &str) -> bool {
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || ":#=(".contains(c));
    let start = before
        .rfind(|c: char| !c.is_alphabetic())
        .and_then(|at| Some(at + before.get(at..)?.chars().next()?.len_utf8()));
    let word = before.get(start.unwrap_or(0)..).unwrap_or_default();
    LABELS.contains(&word.to_lowercase().as_str())
}

/// Returns `true` if the word after a number says what it counts.
fn is_counted(after: &str) -> bool {
    // What follows a number without a space may be as long as the text.
    let Some(after) = after.strip_prefix(' ') else {
        return false;
    };
    let word = after.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(|c: char| !c.is_alphabetic());
    UNITS_OF_COUNTS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests;
