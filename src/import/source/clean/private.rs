//! Removes private data from texts: secrets, what gives access, email addresses and phone numbers.
//!
//! A wrong removal costs a word, a missing one stays in a repository for good: in doubt a value is removed.
//! Dates, times, addresses of machines and versions are not in doubt.

use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

use crate::secret;

mod phone;

use phone::{is_date, is_phone, is_version};

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
    RULES.get_or_init(|| access().into_iter().chain(contacts()).collect())
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

/// Returns the rules for what gives access.
fn access() -> Vec<Rule> {
    vec![
        // Who logs in, before the host of a URL.
        rule(
            &['@'],
            r"(?i)\b(https?|wss?|ftp|amqps?|rediss?)://[^\s/@?#<>]+@",
            |found, _| Some(format!("{}://", part(found, 1))),
        ),
        // Parameters of a URL that give access; Alertmanager writes `&` as `\u0026`.
        rule(
            &['=', '%'],
            r#"(?ix) (?<start> (?: [?&;\#] | \\u0026 | %3F | %26 )
                    (?: [\w.-]* (?: token | secret | passw | passcode | pwd | api_?-?key | signature | credential | session ) [\w.-]*
                        | (?<short> key | auth | code | sig | sid | jwt | otp | pass ) )
                    (?: = | %3D ) ) (?<value> [^\s&\#"'<>)|`]+ )"#,
            |found, _| {
                let value = found.name("value").map_or("", |value| value.as_str());
                let is_certain = found.name("short").is_none() || !is_word(value);
                is_certain.then(|| format!("{}REMOVED", part(found, 1)))
            },
        ),
        rule(
            &[':'],
            r#"(?i)\b((?:set-)?cookie:\s*)[^\n'"]+"#,
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        // Codes that are typed once: `Passcode 482913`, `your verification code is 482913`.
        rule(
            DIGITS,
            r"(?i)\b((?:passcode|passwort|password|pin|otp|one-time code|verification code)[^0-9\n.]{1,8})([0-9]{4,8})\b",
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        rule(
            &['-'],
            r"(?i)((?:--?(?:password|passwd|pass|token|secret)[ =]|\s-u\s+[^\s:]+:))([^\s]+)",
            |found, _| {
                (!is_placeholder(part(found, 2))).then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        rule(
            &['=', ':', ' ', '→'],
            r#"(?ix) (?<start> (?: [\w-]* (?: passwords? | passwd | passphrase | passcode | passwort | kennwort | contraseña | senha | mot\ de\ passe
                            | pwd | secret | token | (?:api|access|private)[\ _-]?key | credentials? ) [\w-]*
                        | \b [\w-]*_pass | \b pass | \b pw | \b sid | \b sessionid | \b authorization )
                    ["'`*_]{0,3} ) (?<sign> \s* (?: = | : | -> | → | \b (?: is | was | lautet | set\ to | changed\ to ) \s ) \s* | \s+ )
                    (?<scheme> (?: bearer | basic | token | digest | geniekey | apikey ) \s+ )?
                    (?<value> "[^"\n]+" | '[^'\n]+' | [^\s"',;&|<>]+ )"#,
            |found, _| {
                let group = |name| found.name(name).map_or("", |part| part.as_str());
                let (start, sign, value) = (group("start"), group("sign"), group("value"));
                let bare = value.trim_matches(['"', '\'']);
                let is_quoted = bare.len() < value.len();
                let is_private = match sign.trim() {
                    _ if is_placeholder(bare) => false,
                    _ if found.name("scheme").is_some() => bare.len() > 5,
                    "" => bare.len() > 5 && is_random(bare) && !start.eq_ignore_ascii_case("pass"),
                    "=" => !is_word(bare) || bare.len() > 11,
                    "is" | "was" if start.eq_ignore_ascii_case("authorization") => false,
                    _ if is_quoted => bare.len() > 3,
                    _ => is_random(bare) || (is_word(bare) && bare.len() > 11),
                };
                is_private.then(|| format!("{start}{sign}{}{REMOVED}", group("scheme")))
            },
        ),
        rule(
            &[' '],
            r"(?i)\b(bearer\s+|basic\s+)([A-Za-z0-9._~+/=-]{12,})",
            |found, _| {
                let (scheme, value) = (part(found, 1), part(found, 2));
                let is_long = value.len() > 15
                    && scheme.to_ascii_lowercase().starts_with("bearer")
                    && !value.contains('-');
                (is_random(value) || is_long).then(|| format!("{scheme}{REMOVED}"))
            },
        ),
    ]
}

/// Returns the rules for email addresses and phone numbers.
fn contacts() -> Vec<Rule> {
    vec![
        rule(
            &['@', '＠', '%', '&', '(', '['],
            r#"(?ix) (?<local> [^\s@＠<>()\[\]{},;:"'`|=/?&\\]+ ) (?: @ | ＠ | %40 | &\#64; | \s?[(\[]at[)\]]\s? )
                    (?<domain> [\w\u{80}-\u{10ffff}-]+ (?: (?: \. | \s?[(\[](?:dot|punkt)[)\]]\s? ) [\w\u{80}-\u{10ffff}-]+ )+ )"#,
            |found, _| {
                let (local, domain) = (part(found, 1), part(found, 2));
                let top = domain
                    .rsplit(['.', ')', ']'])
                    .next()
                    .unwrap_or_default()
                    .trim();
                let is_address = top.chars().count() >= 2
                    && top.chars().all(char::is_alphabetic)
                    && !UNITS.contains(&top);
                // Every user of a code host logs in as this one.
                (is_address && local != "git").then(|| REMOVED.to_owned())
            },
        ),
        // The form of Opsgenie.
        rule(&['['], r"\[[0-9]{1,3}-[0-9]{6,12}\]", |_, _| {
            Some(REMOVED.to_owned())
        }),
        rule(
            DIGITS,
            r"(?ix) (?<start> wa\.me/ | \b sms: | \b callto: | \b (?: tel | whatsapp | phone | mobile | cell | handy | telefon | fax )
                        (?: \s number )? (?: \s is )? [.:=]{0,2} [\s/]{0,2} | \b call \s (?: me \s | us \s )? (?: at | on ) \s )
                    (?<number> [+(]? [0-9] [0-9\ ().\x2f\u{a0}\u{2010}-\u{2013}-]{4,24} [0-9] ) \b",
            |found, _| {
                let number = part(found, 2);
                let digits = number.chars().filter(char::is_ascii_digit).count();
                let is_number =
                    (6..=15).contains(&digits) && !is_date(number) && !is_version(number);
                is_number.then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        // A number, and what a phone dials after it.
        rule(
            DIGITS,
            r"([+＋(]{0,2}[0-9][0-9 ().\x2f\u{a0}\u{2010}-\u{2013}-]{7,24}[0-9])(?:,+\*?[0-9]+[#*]*)*",
            |found, text| {
                let whole = found.get(0)?;
                let before = text.get(..whole.start())?.chars().next_back();
                let mut after = text.get(whole.end()..)?.chars();
                let after = (after.next(), after.next());
                is_phone(part(found, 1), before, after).then(|| REMOVED.to_owned())
            },
        ),
    ]
}

fn part<'a>(found: &Captures<'a>, index: usize) -> &'a str {
    found.get(index).map_or("", |part| part.as_str())
}

/// The ends of names of systemd units, as in `getty@tty1.service`.
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
];

/// Returns `true` for the name of a secret in place of one: `$DB_PASSWORD`, `****`, `vault:kv/app`, and for a URL.
fn is_placeholder(value: &str) -> bool {
    let is_repeated = value.chars().all(|c| "*.xX•…".contains(c));
    is_repeated
        || value.starts_with(['$', '<', '{', '*', '['])
        || value.starts_with("//")
        || value.starts_with("vault:")
        || value.starts_with("arn:")
        || value.contains("REMOVED")
        || value.contains("[removed")
}

/// Returns `true` for a plain word, a short number, or an address of a machine.
fn is_word(value: &str) -> bool {
    let value = value.trim_end_matches(['.', '!', ')', ':']);
    let letters = value.trim_start_matches(char::is_uppercase);
    let is_cased = letters.chars().all(char::is_lowercase) || letters.is_empty();
    let is_alphabetic = value.chars().all(char::is_alphabetic);
    let is_number = value.chars().all(|c| c.is_ascii_digit() || c == '.');
    (is_alphabetic && is_cased) || (is_number && (value.len() < 4 || value.contains('.')))
}

/// Returns `true` for a value that no person would write as words, not even joined by hyphens as in `db-credentials-v2`.
fn is_random(value: &str) -> bool {
    let is_plain = |part: &str| {
        let version = part.trim_start_matches(['v', 'V']);
        is_word(part) || version.chars().all(|c| c.is_ascii_digit())
    };
    let parts: Vec<&str> = value.split(['-', '_', '.', '/']).collect();
    let is_joined = parts.len() > 1 && parts.iter().all(|part| is_plain(part));
    value.chars().count() > 3 && !is_word(value) && !is_joined
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
