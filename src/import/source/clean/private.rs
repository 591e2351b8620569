//! Removes private data from texts: secrets, what gives access, email addresses and phone numbers.
//!
//! A wrong removal costs a word, a missing one stays in a repository for good: in doubt a value is removed.
//! Dates, times, addresses of machines and versions are not in doubt.

use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

use crate::secret;

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

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles them"
)]
fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let rule = |signs, pattern: &str, replace| Rule {
            signs,
            pattern: Regex::new(pattern).expect("a valid pattern"),
            replace,
        };
        vec![
            // Who logs in, before the host of a URL.
            rule(&['@'], r"(?i)\b(https?|wss?|ftp|amqps?|rediss?)://[^\s/@?#<>]+@", |found, _| {
                Some(format!("{}://", part(found, 1)))
            }),
            // Parameters of a URL that give access; Alertmanager writes `&` as `\u0026`.
            rule(
                &['=', '%'],
                r#"(?ix) (?<start> (?: [?&;\#] | \\u0026 | %3F | %26 )
                    (?: [\w.-]* (?: token | secret | passw | passcode | pwd | api_?-?key | signature | credential | session ) [\w.-]*
                        | key | auth | code | sig | sid | jwt | otp | pass )
                    (?: = | %3D ) ) [^\s&\#"'<>)|`]+"#,
                |found, _| Some(format!("{}REMOVED", part(found, 1))),
            ),
            rule(
                &['=', ':', ' '],
                r#"(?ix) (?<start> (?: passwords? | passwd | passphrase | passcode | passwort | kennwort | pwd | secret | token
                        | api[\ _-]?key | authorization | \bpin ) ["']? \s* (?: [=:] | \s(?:is|lautet)\s ) \s* (?: (?:bearer|basic)\s+ )? ["']? )
                    (?<value> [^\s"',;&|<>]+ )"#,
                |found, _| {
                    let value = part(found, 2);
                    // A word is no password: `token: expired`. An address after `://` is none either.
                    let is_word = value.chars().all(|c| c.is_ascii_lowercase() || c == '.');
                    let is_removed = value.contains("REMOVED") || value.contains("[removed");
                    (!is_word && !is_removed && !value.starts_with("//"))
                        .then(|| format!("{}{REMOVED}", part(found, 1)))
                },
            ),
            rule(&[' '], r"(?i)\b((?:bearer|basic)\s+)([A-Za-z0-9._~+/=-]{12,})", |found, _| {
                let is_word = part(found, 2).chars().all(|c| c.is_ascii_lowercase());
                (!is_word).then(|| format!("{}{REMOVED}", part(found, 1)))
            }),
            rule(
                &['@', '＠', '%', '&', '(', '['],
                r#"(?ix) (?<local> [^\s@＠<>()\[\]{},;:"'`|=/?&\\]+ ) (?: @ | ＠ | %40 | &\#64; | \s?[(\[]at[)\]]\s? )
                    (?<domain> [\w\u{80}-\u{10ffff}-]+ (?: (?: \. | \s?[(\[](?:dot|punkt)[)\]]\s? ) [\w\u{80}-\u{10ffff}-]+ )+ )"#,
                |found, _| {
                    let (local, domain) = (part(found, 1), part(found, 2));
                    let top = domain.rsplit(['.', ')', ']']).next().unwrap_or_default().trim();
                    let is_address = top.chars().count() >= 2 && top.chars().all(char::is_alphabetic);
                    // Every user of a code host logs in as this one.
                    (is_address && local != "git").then(|| REMOVED.to_owned())
                },
            ),
            rule(
                DIGITS,
                r"(?ix) (?<start> wa\.me/ | \b (?: tel | sms | callto | whatsapp | phone | mobile | handy | telefon | fax ) [.:=]{0,2} [\s/]{0,2} )
                    (?<number> [+(]? [0-9] [0-9\ ().\x2f\u{a0}\u{2010}-\u{2013}-]{4,24} [0-9] ) \b",
                |found, _| {
                    let digits = part(found, 2).chars().filter(char::is_ascii_digit).count();
                    let is_number = (6..=15).contains(&digits) && !is_date(part(found, 2));
                    is_number.then(|| format!("{}{REMOVED}", part(found, 1)))
                },
            ),
            rule(
                DIGITS,
                r"[+(]{0,2}[0-9][0-9 ().\x2f\u{a0}\u{2010}-\u{2013}-]{7,24}[0-9]",
                |found, text| {
                    let whole = found.get(0)?;
                    let before = text.get(..whole.start())?.chars().next_back();
                    let after = text.get(whole.end()..)?.chars().next();
                    is_phone(whole.as_str(), before, after).then(|| REMOVED.to_owned())
                },
            ),
        ]
    })
}

fn part<'a>(found: &Captures<'a>, index: usize) -> &'a str {
    found.get(index).map_or("", |part| part.as_str())
}

/// Returns `true` for a phone number: an international one, one with the 0 of a national one,
/// or groups such as `555-010-4477`.
fn is_phone(run: &str, before: Option<char>, after: Option<char>) -> bool {
    let is_international = run.starts_with('+');
    let glued = if is_international { "" } else { ".-/:=_%" };
    if before.is_some_and(|c| c.is_alphanumeric() || glued.contains(c))
        || after.is_some_and(|c| c.is_alphanumeric() || ":/_%".contains(c))
    {
        return false;
    }
    let groups: Vec<&str> = run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    let digits: String = groups.concat();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    match (is_international, zeros) {
        (true, _) => (9..=15).contains(&digits.len()),
        (false, 2) => (11..=17).contains(&digits.len()) && !is_date(run),
        (false, 1) => {
            (9..=12).contains(&digits.len())
                && !is_date(run)
                && (groups.len() > 1 || digits.len() > 9)
                && lengths.first().is_some_and(|length| *length > 1)
        }
        _ => matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4]),
    }
}

/// Returns `true` for digits that begin with a date, as in `02.03.2026 14`, or with an address such as `010.1.2.3`.
fn is_date(run: &str) -> bool {
    let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).collect();
    let is_day = |group: &str| (1..=2).contains(&group.len());
    let is_year =
        |group: &str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    match groups.as_slice() {
        [day, month, year, ..] if is_day(day) && is_day(month) && is_year(year) => true,
        [year, month, day, ..] if is_year(year) && is_day(month) && is_day(day) => true,
        parts => {
            parts.len() == 4
                && run.matches('.').count() == 3
                && parts.iter().all(|part| part.len() < 4)
        }
    }
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
mod tests {
    use super::*;

    fn assert_redacted(cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            let mut removed = 0;
            assert_eq!(redacted(text, &mut removed), *expected, "{text}");
            assert_eq!(removed > 0, text != expected, "{text}");
        }
    }

    #[test]
    fn email_addresses_are_removed() {
        assert_redacted(&[
            ("Mail dana@example.com.", "Mail [removed]."),
            ("<dana.reyes+ops@mail.example.co.uk>", "<[removed]>"),
            (
                "mailto:dana@example.com?subject=x",
                "mailto:[removed]?subject=x",
            ),
            (
                "https://example.com/u/dana%40example.com/x",
                "https://example.com/u/[removed]/x",
            ),
            ("?user=dana%40example.com&a=1", "?user=[removed]&a=1"),
            ("dana＠example.com", "[removed]"),
            ("dana&#64;example.com", "[removed]"),
            (
                "dana [at] example.com, zoë (at) bücher (dot) example",
                "[removed], [removed]",
            ),
            (
                "from root@db-1, @dana and git@example.com:team/x",
                "from root@db-1, @dana and git@example.com:team/x",
            ),
            ("pkg@1.2.3 of @scope/pkg@2.0", "pkg@1.2.3 of @scope/pkg@2.0"),
        ]);
    }

    #[test]
    fn phone_numbers_are_removed() {
        assert_redacted(&[
            ("call +1 (555) 010-4477 now", "call [removed] now"),
            (
                "call 555-010-4477 or (555) 010-4477",
                "call [removed] or [removed]",
            ),
            (
                "tel:+491701234567 and tel:5550104477",
                "tel:[removed] and tel:[removed]",
            ),
            ("Phone:+49 170 1234567", "Phone:[removed]"),
            ("0049 170 1234567, 00491701234567", "[removed], [removed]"),
            ("Bridge: 020 7946 0958.", "Bridge: [removed]."),
            ("030/9018200 or 0170-1234567", "[removed] or [removed]"),
            ("01 23 45 67 89", "[removed]"),
            ("(030) 901 820 11", "[removed]"),
            ("+44\u{a0}20\u{a0}7946\u{a0}0958", "[removed]"),
            ("https://wa.me/491701234567", "https://wa.me/[removed]"),
            (
                "Tel. 901820, mobile: 170 1234567",
                "Tel. [removed], mobile: [removed]",
            ),
            // These are no phone numbers.
            (
                "at 2026-03-02 14:43:05 +0200",
                "at 2026-03-02 14:43:05 +0200",
            ),
            (
                "02.03.2026 14 hosts, 02/03/2026 0915",
                "02.03.2026 14 hosts, 02/03/2026 0915",
            ),
            (
                "10.20.30.4040 and 1536478514.897649",
                "10.20.30.4040 and 1536478514.897649",
            ),
            (
                "010.001.002.003 and 0.123456789",
                "010.001.002.003 and 0.123456789",
            ),
            (
                "order-0123456789 of v0.12.3456789",
                "order-0123456789 of v0.12.3456789",
            ),
            (
                "https://example.com/0049170123456/x",
                "https://example.com/0049170123456/x",
            ),
            (
                "mobile: 12 users, phone 5 rings",
                "mobile: 12 users, phone 5 rings",
            ),
        ]);
    }

    #[test]
    fn what_gives_access_is_removed() {
        let token = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5");
        assert_redacted(&[
            (
                &format!("token {token}, rotated"),
                "token [removed], rotated",
            ),
            (
                "DB_PASSWORD=s3cr3tP4ss, api key: \"9f8e7d6c\", token: expired",
                "DB_PASSWORD=[removed], api key: \"[removed]\", token: expired",
            ),
            (
                "the password is Hunter2, or is wrong",
                "the password is [removed], or is wrong",
            ),
            ("the password is wrong", "the password is wrong"),
            ("Passcode: 482913", "Passcode: [removed]"),
            (
                "Authorization: Bearer 9f8e7d6c5b4a3f2e",
                "Authorization: Bearer [removed]",
            ),
            (
                "curl -H 'X-Y: Basic ZGFuYTpodW50ZXIy'",
                "curl -H 'X-Y: Basic [removed]'",
            ),
            ("basic troubleshooting", "basic troubleshooting"),
            (
                "https://example.com/x?a=1&token=abc&b=2",
                "https://example.com/x?a=1&token=REMOVED&b=2",
            ),
            (
                "https://zoom.example/j/89?pwd=Zk9x",
                "https://zoom.example/j/89?pwd=REMOVED",
            ),
            (
                "https://x.example/?X-Goog-Signature=ab12",
                "https://x.example/?X-Goog-Signature=REMOVED",
            ),
            (
                "?next=https%3A%2F%2Fx.example%3Fauth_token%3Dab1",
                "?next=https%3A%2F%2Fx.example%3Fauth_token%3DREMOVED",
            ),
            (
                "https://x.example/?from=1&to=2&tab=key",
                "https://x.example/?from=1&to=2&tab=key",
            ),
            (
                "postgres://app:hunter2@db.example.com/x",
                "postgres://db.example.com/x",
            ),
            (
                "https://9f8e7d6c@sentry.example/1",
                "https://sentry.example/1",
            ),
            (
                "https://discord.com/api/webhooks/1122334455/aBcDeF1234567890",
                "https://[removed]",
            ),
            (
                "https://hooks.zapier.com/hooks/catch/123456/abc12de/",
                "https://[removed]",
            ),
            (
                "https://acme.webhook.office.com/webhookb2/1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b@1f2e/IncomingWebhook/9a8b/1f2e",
                "https://acme.[removed]",
            ),
            (
                "https://api.telegram.org/bot123456789:AAF1b2c3d4e5/sendMessage",
                "https://[removed]",
            ),
            (
                "https://events.pagerduty.com/integration/9f8e7d6c5b4a39281706/enqueue",
                "https://[removed]",
            ),
        ]);
    }
}
