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
    let mut parts = value.split(['-', '_', '.', '/']);
    let is_plain = |part: &str| {
        let version = part.trim_start_matches(['v', 'V']);
        is_word(part) || version.chars().all(|c| c.is_ascii_digit())
    };
    let is_mixed = |part: &str| {
        let has = |test: fn(char) -> bool| part.chars().any(test);
        let kinds = [
            has(|c| c.is_ascii_digit()),
            has(char::is_lowercase),
            has(char::is_uppercase),
            has(|c| !c.is_alphanumeric()),
        ];
        kinds.iter().filter(|kind| **kind).count() > 1
    };
    value.chars().count() > 3
        && !is_word(value)
        && (parts.clone().count() == 1 || !parts.all(is_plain))
        && (is_mixed(value) || value.len() > 3)
}

/// Returns `true` for a version such as `3.14.159265`.
fn is_version(number: &str) -> bool {
    let is_dotted = number.chars().all(|c| c.is_ascii_digit() || c == '.') && number.contains('.');
    is_dotted && number.find('.').is_some_and(|at| at < 3)
}

/// Returns `true` for a phone number: an international one, one with the 0 of a national one,
/// or groups such as `555-010-4477`.
fn is_phone(run: &str, before: Option<char>, after: (Option<char>, Option<char>)) -> bool {
    let is_international = run.starts_with(['+', '＋']);
    let glued = if is_international { "" } else { ".-/:=_%" };
    let goes_on = match after {
        (Some('-'), Some(next)) => next.is_alphanumeric(),
        (Some(c), _) => c.is_alphanumeric() || ":/_%".contains(c),
        (None, _) => false,
    };
    if goes_on || before.is_some_and(|c| c.is_alphanumeric() || glued.contains(c)) {
        return false;
    }
    let groups: Vec<&str> = run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|group| !group.is_empty())
        .collect();
    let digits: String = groups.concat();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    // An area code of North America does not begin with 0 or 1.
    let is_american = |groups: &[&str]| {
        groups
            .first()
            .is_some_and(|area| !area.starts_with(['0', '1']))
    };
    match (is_international, zeros) {
        (true, _) if groups.len() == 1 && digits.starts_with('1') => digits.len() == 11,
        (true, _) if groups.len() == 1 => (10..=15).contains(&digits.len()),
        (true, _) => {
            (9..=15).contains(&digits.len()) && lengths.first().is_some_and(|length| *length < 7)
        }
        (false, 2) => (11..=17).contains(&digits.len()) && !is_date(run),
        (false, 1) => {
            (9..=12).contains(&digits.len())
                && !is_date(run)
                && (groups.len() > 1 || digits.len() > 9)
                && lengths.first().is_some_and(|length| *length > 1)
                && !is_series(&groups)
        }
        _ => match lengths.as_slice() {
            [3, 3, 4] => is_american(&groups) && (run.starts_with('(') || !run.contains(' ')),
            [1, 3, 3, 4] => {
                run.starts_with('1') && is_american(groups.get(1..).unwrap_or_default())
            }
            _ => false,
        },
    }
}

/// Returns `true` for groups of two digits that are no French number: more or fewer than five, or counted up.
fn is_series(groups: &[&str]) -> bool {
    let numbers: Vec<u32> = groups
        .iter()
        .filter_map(|group| group.parse().ok())
        .collect();
    let is_counted = numbers
        .windows(2)
        .all(|pair| matches!(pair, [one, two] if *two == one + 1));
    groups.iter().all(|group| group.len() == 2) && (groups.len() != 5 || is_counted)
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
            (
                "getty@tty1.service failed, postgresql@14-main.service too",
                "getty@tty1.service failed, postgresql@14-main.service too",
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
            (
                "shards 01 02 03 04 05 06, chunk 01/02/03/04/05",
                "shards 01 02 03 04 05 06, chunk 01/02/03/04/05",
            ),
            (
                "range 100-200-3000, 200 404 5000 ms, id 223-456-7890-abc",
                "range 100-200-3000, 200 404 5000 ms, id 223-456-7890-abc",
            ),
            (
                "+100000000 rows, +1234567890 bytes, diff +123456789 -12",
                "+100000000 rows, +1234567890 bytes, diff +123456789 -12",
            ),
            (
                "mobile: 1.20.300, mobile 3.14.159265, SMS: 1200000 queued",
                "mobile: 1.20.300, mobile 3.14.159265, SMS: 1200000 queued",
            ),
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
                "DB_PASSWORD=[removed], api key: [removed], token: expired",
            ),
            (
                "the password is Hunter2, or is wrong",
                "the password is [removed], or is wrong",
            ),
            ("the password is wrong", "the password is wrong"),
            (
                "pass=Hunter2!, pw: Hunter2!, export DB_PASS=Hunter2!",
                "pass=[removed], pw: [removed], export DB_PASS=[removed]",
            ),
            (
                "secret_key=abcDEF123456 access_key: abcDEF123456",
                "secret_key=[removed] access_key: [removed]",
            ),
            (
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/x1",
                "aws_secret_access_key = [removed]",
            ),
            (
                "client_secret=abcdefabcdefabcdef, Password: correcthorse",
                "client_secret=[removed], Password: [removed]",
            ),
            (
                "Authorization: token 9f8e7d6c5b4a",
                "Authorization: token [removed]",
            ),
            (
                "Authorization: GenieKey eb243592-faa2-4ba2",
                "Authorization: GenieKey [removed]",
            ),
            (
                "password: \"my pass Word9\", *password*: Hunter2",
                "password: [removed], *password*: [removed]",
            ),
            (
                "password -> Hunter2, password set to Hunter2",
                "password -> [removed], password set to [removed]",
            ),
            (
                "psql --password Hunter2! and curl -u admin:Hunter2!",
                "psql --password [removed] and curl -u admin:[removed]",
            ),
            (
                "pwd Hunter2! credentials: admin/Hunter2!",
                "pwd [removed] credentials: [removed]",
            ),
            (
                "Passcode 482913, OTP 482913, your verification code is 482913",
                "Passcode [removed], OTP [removed], your verification code is [removed]",
            ),
            ("Set-Cookie: sid=9f8e; path=/", "Set-Cookie: [removed]"),
            (
                "contraseña: Secret123, mot de passe : Secret123",
                "contraseña: [removed], mot de passe : [removed]",
            ),
        ]);
    }

    #[test]
    fn what_gives_no_access_stays() {
        assert_redacted(&[
            (
                "token: ${TOKEN}, password: $DB_PASSWORD, password: ********",
                "token: ${TOKEN}, password: $DB_PASSWORD, password: ********",
            ),
            (
                "secret: vault:kv/data/app, Secret: db-credentials-v2 is missing",
                "secret: vault:kv/data/app, Secret: db-credentials-v2 is missing",
            ),
            (
                "api key: 403 Forbidden, authorization: 403, Authorization is OAuth2",
                "api key: 403 Forbidden, authorization: 403, Authorization is OAuth2",
            ),
            (
                "token is OK, the password is Required, pin: 10.0.0.1",
                "token is OK, the password is Required, pin: 10.0.0.1",
            ),
            (
                "bearer authentication-v2-broken, basic understanding-of-DNS",
                "bearer authentication-v2-broken, basic understanding-of-DNS",
            ),
            (
                "https://x.example/?code=500&sig=SIGTERM",
                "https://x.example/?code=500&sig=SIGTERM",
            ),
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
