//! Rules for values that stand apart from the name of what they give access to: after other words, before it, or in a command.
//!
//! A value that stands apart has to look like a password: names of systems, tickets and dates stay.

use regex_lite::Captures;

use super::super::{DIGITS, REMOVED, Rule, rule};
use super::{is_count, is_placeholder, is_random, is_strong, is_word, named};

/// Returns the rules, each for one way to write it.
pub(super) fn rules() -> Vec<Rule> {
    words().into_iter().chain(commands()).collect()
}

/// Returns the rules for sentences.
fn words() -> Vec<Rule> {
    vec![
        // `password has been set to X`, `password reset: X`, `| password | X |`, `identified by 'X'`.
        rule(
            &[' ', '\n', '|', ',', ':', '`'],
            r#"(?ix) (?<start> \b (?: passwords? | passwd | passwort | kennwort | pass[\ -]?phrase | pwd | requirepass | identified\ by | auth ) \b
                    (?: [\s,|:\[(`"'*=>→-]+
                        (?: again | are | auf | be | been | changed | has | have | is | ist | it | jetzt | lautet | must | new | neu | now | reset
                            | set | should | to | was | wurde ) \b ){0,5}
                    [\s,|:\[(`"'*=>→-]+ ) (?<value> [^\s"'`|\])]+ )"#,
            apart,
        ),
        // `X is the password`, `use X as password`.
        rule(
            &[' '],
            r#"(?ix) (?<value> [^\s"'`]+ ) (?<end> ["'`]? \s+ (?: is | was | as | ist | als ) \s+ (?: \w+ \s+ ){0,2}?
                    (?: password | passwort | kennwort | passphrase ) \b )"#,
            |found, text| {
                let after = text.get(found.get(0)?.end()..)?;
                let next = after.trim_start().split(|c: char| !c.is_alphanumeric());
                let is_name = !after.starts_with([' ', '-', '_'])
                    || ["for", "of", "on", "in", "to", "now", "and", "für", ""]
                        .contains(&next.into_iter().next().unwrap_or_default());
                (is_name && is_apart(named(found, "value")))
                    .then(|| format!("{REMOVED}{}", named(found, "end")))
            },
        ),
        // `login with admin/X`, `creds are admin / X`.
        rule(
            &['/'],
            r"(?i)(?<start>\b(?:log(?:ged)?[ -]?in|login|user(?:name)?|account|creds|credentials|zugangsdaten)[: ]\s*(?:(?:are|is|with|as|mit|sind)\s+)?[^\s/]+\s*/\s*)(?<value>[^\s/,;]+)",
            apart,
        ),
        // `token ci: X`.
        rule(
            &[':', '='],
            r"(?i)(?<start>\b(?:token|secret|api[ -]?key)\s+[\w-]+\s*[:=]\s*)(?<value>[a-z0-9_+/=-]{16,})",
            |found, _| {
                let value = named(found, "value");
                let is_mixed =
                    value.contains(char::is_alphabetic) && value.contains(char::is_numeric);
                (is_mixed && is_random(value)).then(|| removed(found))
            },
        ),
        rule(&['='], r"(?<start>\bkey=)(?<value>[A-Za-z0-9]{12,})", apart),
        // `passphrase is correct-horse-battery`.
        rule(
            &['-'],
            r"(?i)(?<start>\b(?:pass|recovery|seed)[ -]?phrase\s+(?:is|was|ist|lautet)\s+)(?<value>\w+(?:-\w+){2,})",
            |found, _| Some(removed(found)),
        ),
        // `your code is 482913`.
        rule(
            DIGITS,
            r"(?i)(?<start>\b(?:your|use|enter|type|ihr|dein|mit)\s+code\s*(?:is|ist|lautet|:)?\s*)(?<value>[0-9]{3}[ -]?[0-9]{3})\b",
            |found, _| Some(removed(found)),
        ),
        // Only what is dialed ends with `#`.
        rule(
            &['#'],
            r"(?i)(?<start>\b(?:(?:conference|meeting)\s+id|dial-?in|einwahl)\b[^0-9\n.]{0,23}[\s:=(])(?<value>[0-9](?: ?[0-9]){3,12})#",
            |found, _| Some(removed(found)),
        ),
    ]
}

/// Returns the rules for commands.
fn commands() -> Vec<Rule> {
    vec![
        // `/login NAME X`.
        rule(
            &['/', '@'],
            r"(?i)(?<start>(?:^|\s)(?:/?(?:login|auth)\s+[^\s@]+@\S+|/(?:login|auth)\s+[^\s@]+)\s+)(?<value>\S+)",
            apart,
        ),
        // `http -a NAME:X`.
        rule(
            &['-'],
            r"(?i)(?<start>\s(?:-a|--auth)[ =][^\s:]*[a-z][^\s:]*:)(?<value>\S+)",
            |found, _| {
                let value = named(found, "value");
                let is_private = !is_word(value) && !is_count(value) && !is_placeholder(value);
                is_private.then(|| removed(found))
            },
        ),
        rule(
            &['-'],
            r"(?<start>(?:^|\s)-p\s+)(?<value>[^\s/:.=]+)(?:\s|$)",
            |found, text| {
                let found_at = found.get(0)?;
                let space = text.get(found_at.start()..found_at.end())?;
                let end = if space.ends_with(char::is_whitespace) {
                    " "
                } else {
                    ""
                };
                is_apart(named(found, "value")).then(|| removed(found) + end)
            },
        ),
        rule(
            &['='],
            r"(?i)(?<start>\bvault\s+(?:kv\s+(?:put|patch)|write)\s[^\n=]*\s[\w-]+=)(?<value>[^\n`|;]+)",
            |found, _| Some(removed(found)),
        ),
    ]
}

fn apart(found: &Captures, _: &str) -> Option<String> {
    is_apart(named(found, "value")).then(|| removed(found))
}

fn removed(found: &Captures) -> String {
    format!("{}{REMOVED}", named(found, "start"))
}

/// Returns `true` for a value that is a password also without its name next to it: neither an ID in capitals such as
/// `INC-2026-0001`, nor a date, nor a name such as `OAuth2`, `SHA256` or `v2`.
fn is_apart(value: &str) -> bool {
    let is_id = !value.contains(char::is_lowercase) && value.contains('-');
    let is_date = value.starts_with(|c: char| c.is_ascii_digit()) && value.contains('-');
    let number = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_name = value.len() - number.len() < 4
        && !number.is_empty()
        && number.chars().all(char::is_alphabetic);
    is_strong(value) && !is_id && !is_date && !is_name && !is_placeholder(value)
}
