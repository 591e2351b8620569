//! Rules for what gives access: passwords, tokens, keys, codes, cookies.

use regex_lite::Captures;

use super::phone::is_date;
use super::{DIGITS, REMOVED, Rule, part, rule};

mod apart;
mod variables;

/// Returns the rules, each for one way to write it.
pub(super) fn rules() -> Vec<Rule> {
    urls()
        .into_iter()
        .chain(commands())
        .chain(variables::rules())
        .chain(sentences())
        .chain(apart::rules())
        .collect()
}

/// Returns the rules for URLs.
fn urls() -> Vec<Rule> {
    vec![
        // Who logs in, before the host of a URL.
        rule(
            &['@'],
            r"(?i)\b(https?|wss?|ftp|ssh|amqps?|rediss?)://[^\s/@?#<>]+@",
            |found, _| Some(format!("{}://", part(found, 1))),
        ),
        // A link by which whoever has it sets a password or joins.
        rule(
            &['?'],
            r#"(?i)(/(?:reset|password|invite|magic|verify|confirm|unsubscribe)[^\s?"'<>]*\?)[^\s"'<>]+"#,
            |found, _| Some(format!("{}REMOVED", part(found, 1))),
        ),
        // Parameters that give access; Alertmanager writes `&` as `\u0026`.
        rule(
            &['=', '%'],
            r#"(?ix) (?<start> (?: [?&;\#] | \\u0026 | %3F | %26 )
                    (?<name> [\w.-]* (?: token | secret | passw | passcode | pwd | api_?-?key | signature | credential | session ) [\w.-]*
                        | (?<short> key | auth | code | sig | sid | jwt | otp | pass ) )
                    (?: = | %3D ) ) (?<value> [^\s&\#"'<>)|`]+ )"#,
            |found, _| {
                let (name, value) = (named(found, "name"), named(found, "value"));
                let is_certain = found.name("short").is_none() || !is_word(value);
                let is_private = is_certain && !is_about(name) && !is_count(value);
                is_private.then(|| format!("{}REMOVED", part(found, 1)))
            },
        ),
    ]
}

/// Returns the rules for headers and for commands.
fn commands() -> Vec<Rule> {
    vec![
        rule(
            &[':'],
            r#"(?i)\b((?:set-)?cookie:\s*)[^\n'"=]+=[^\n'"]+"#,
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        // Any scheme may follow, such as `Splunk`.
        rule(
            &[':', '='],
            r#"(?i)\b(authorization["'`*]{0,3}\s*[:=]\s*["']?[a-z][\w-]*\s+)([^\s"',]+(?:,\s*\w+=[^\s"',]+)*)"#,
            |found, _| {
                let value = part(found, 2);
                let is_private = value.contains('=') || is_random(value);
                is_private.then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        // `app/secret@host`, as Oracle has it.
        rule(
            &['@'],
            r"(?i)(\b(?:jdbc:oracle:\w+:|sqlplus\s+(?:-\w+\s+)*)[^\s/@]+/)([^\s/@]+)@",
            |found, _| {
                (!is_placeholder(part(found, 2))).then(|| format!("{}{REMOVED}@", part(found, 1)))
            },
        ),
        rule(
            &['<'],
            r"(?i)(<[\w:-]*(?:password|passwd|secret|token|apikey)>)([^<\n]+)",
            |found, _| {
                (!is_placeholder(part(found, 2))).then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        rule(
            &['-'],
            r"(?i)(\s(?:-u|--user|--proxy-user)[ =][^\s:]*[a-z][^\s:]*:)([^\s]+)",
            |found, text| {
                let value = part(found, 2);
                let before = text.get(..found.get(0)?.start())?;
                let near = before.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
                let is_private = !is_word(value) || before.get(near..)?.contains("curl");
                (is_private && !is_placeholder(value))
                    .then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        rule(
            &['-'],
            r"(?i)((?:^|\s)--?(?:password|passwd|pass|token|secret|api-?key|(?:auth|access)-(?:token|key))[ =])([^\s-][^\s]*)",
            |found, _| {
                (!is_placeholder(part(found, 2))).then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
        rule(
            &['-'],
            r"(?i)(\b(?:mysql\w*|mariadb)\b[^\n|;]*?\s-p|\bsshpass\s+-p\s*|\bredis-cli\b[^\n|;]*?\s-a\s+|\bldap\w+\b[^\n|;]*?\s-w\s+|\blogin\b[^\n|;]*?\s-p\s+)([^\s]+)",
            |found, _| {
                let value = part(found, 2);
                (!is_placeholder(value) && !is_count(value))
                    .then(|| format!("{}{REMOVED}", part(found, 1)))
            },
        ),
    ]
}

/// Returns the rules for what people and programs write.
fn sentences() -> Vec<Rule> {
    vec![
        // Several: `passwords: Hunter2, Winter3`.
        rule(
            &[':', '='],
            r"(?i)\b((?:passwords|passcodes|secrets|tokens|credentials|creds|api keys)\s*[:=]\s*)([^\s,;]+(?:,\s*[^\s,;]+)+)",
            |found, _| {
                let values = part(found, 2).split(',').map(str::trim);
                values.clone().any(is_random).then(|| {
                    let shown: Vec<&str> = values
                        .map(|value| if is_random(value) { REMOVED } else { value })
                        .collect();
                    format!("{}{}", part(found, 1), shown.join(", "))
                })
            },
        ),
        // Both are passwords: `changed from Winter1 to Winter2`.
        rule(
            &[' '],
            r"(?i)(\b(?:pass\w*|pwd|pin|secret|token|kennwort)\b[^\n:=]{0,20}?\s(?:from|von)\s+)(\S+)(\s+(?:to|auf)\s+)(\S*[^\s.,;)])",
            |found, _| {
                let is_private = is_strong(part(found, 2)) && is_strong(part(found, 4));
                let (start, middle) = (part(found, 1), part(found, 3));
                is_private.then(|| format!("{start}{REMOVED}{middle}{REMOVED}"))
            },
        ),
        // Several words: `passphrase: correct horse battery staple`.
        rule(
            &[':', '='],
            r"(?i)\b((?:pass|recovery|seed)[ -]?phrase\s*[:=]\s*)(\w+(?:[ -]\w+){2,})",
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        // Groups: `backup code: abcd-efgh`.
        rule(
            &[':', '=', ' '],
            r"(?i)\b((?:backup|emergency|recovery|scratch)[ _-](?:codes?|keys?)\s*(?:[:=]|\bis\b|\bare\b)\s*)((?:[a-z0-9]{4,}(?:-[a-z0-9]{4,})+(?:,\s*)?)+)",
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        rule(
            &['=', ':', '：', ' ', '→', '\'', '%'],
            CREDENTIAL,
            credential,
        ),
        // Codes that are typed once: `Passcode 482913`, `your verification code is 482 913`.
        rule(
            DIGITS,
            r#"(?ix) ( (?: passcode | passwort | password | kennwort | pin | otp | one-time\ code | zugangscode
                        | (?: access | auth | bridge | conference | login | meeting | mfa | 2fa | security | verification ) [\ -] (?: code | pin ) )
                    (?: \s (?: code | number | nr ) \b )? [\s:=(\["'`*\#>：→-]* (?: \b (?: is | was | ist | lautet ) \b (?: \s now \b )? )?
                    [\s:=(\["'`*\#>：→-]+ )
                    (?<code> [0-9]{3} [\ -] [0-9]{3} \b | [0-9]{4,8} (?<end> [^\s"'`,;:)\]<>|&\\]* ) )"#,
            |found, _| {
                let (code, end) = (named(found, "code"), named(found, "end"));
                let is_whole = !end.starts_with(|c: char| c.is_alphanumeric() || c == '_');
                (is_whole && !is_date(code)).then(|| {
                    let stop = if end.ends_with('.') { "." } else { "" };
                    format!("{}{REMOVED}{stop}", part(found, 1))
                })
            },
        ),
        // Only what is dialed ends with `#`.
        rule(
            &['#'],
            r#"(?ix) (\b (?: code | pin ) \b [^0-9\n.]{0,23} [\s:=(\["'`*>：→] ) [0-9]{4,8} \#"#,
            |found, _| Some(format!("{}{REMOVED}", part(found, 1))),
        ),
        rule(
            &[' '],
            r"(?i)\b(bearer[\s:]+|basic\s+)([A-Za-z0-9._~+/=-]{12,})",
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

/// The name of a credential, what it is for, a sign, and the value.
///
/// The value in quotes ends with them, also where a program has escaped them; any other ends with white space
/// or a quote, and [`without_next`] splits what follows it without white space.
const CREDENTIAL: &str = r#"(?ix) (?<start> (?: [\w-]* (?: (?<password> passwords? | passwd | pass[\ -]?phrase | passcode | passwort | kennwort | contraseña | senha
                    | clave | wachtwoord | пароль | hasło | lösenord | パスワード | 密码 | 密碼 | mot\ de\ passe | pwd ) | secret | tokens?
                    | (?: access | account | api | auth | deploy | encryption | integration | license | master | private | recovery | routing | shared
                        | signing | ssh | storage | subscription ) [\ _-]? key
                    | credentials? | creds | sess(?:ion)?_?id ) [\w-]*
                | \b [\w-]*_ (?: pass | pw ) | \b (?: pass | pw | p/w | mdp | pin | otp | sid | jwt | authorization ) )
            [\\"'`*_]{0,8} )
    (?<sign> (?<about> [\ \t]? [(\[] [^()\[\]\n]{1,40} [)\]] | [\ \t] "[^"\n]{1,40}"
                | [\ \t]+ (?: for | of | on | in | at | to | von | vom | für | zu | zum | pour | de | para | da ) (?: [\ \t]+ [\w.@/`-]+ ){1,3} )? [*_`]{0,3}
            [\s\u{a0}\u{3000}]* (?<by> => | := | %3D | = | : | ： | -> | →
                | \b (?: (?: is | was ) \s )? (?: set | changed | reset ) \s to \s
                | \b (?: is | was | ist | lautet ) :
                | \b (?: is\ now | is | was | lautet | ist | est | es | to ) \s | ['’]s \s | \s [-–] \s )
            [\s\u{a0}\u{3000}]* [*_`]{0,3} [\s\u{a0}\u{3000}]*
        | \s+ )
    (?<scheme> (?: bearer | basic | token | digest | geniekey | apikey ) \s+ )?
    (?<value> \\" (?: [^"\\\n] | \\ [^"\\\n] | \\{2,} [^\n] )+ \\" | \\{2,} " [^"\n]+ "
        | " (?: [^"\\\n] | \\ [^\n] )+ " | \\' (?: [^'\\\n] | \\ [^'\\\n] | \\{2,} [^\n] )+ \\'
        | ' (?: [^'\\\n] | \\ [^\n] )+ ' | [^\s"\u{a0}\u{3000}]+ )"#;

/// Replaces the value after the name of a credential, if it is one.
fn credential(found: &Captures, text: &str) -> Option<String> {
    let after = text.get(found.get(0)?.end()..)?;
    let (start, sign, value) = (
        named(found, "start"),
        named(found, "sign"),
        named(found, "value"),
    );
    let is_password = found.name("password").is_some();
    let by = named(found, "by").trim();
    let (value, rest) = without_next(value, is_password, by == "=");
    let bare = value.trim_matches(['"', '\'', '\\', '`']);
    let is_quoted = value.contains(['"', '\'']) && bare.len() < value.len();
    let is_short =
        ["pass", "pw", "p/w", "pwd", "mdp", "pin", "otp"].contains(&start.to_lowercase().as_str());
    let is_private = match by {
        _ if is_about(start) || is_placeholder(bare) => false,
        _ if is_count(bare) && !is_password => false,
        _ if found.name("scheme").is_some() => bare.len() > 5,
        "" if is_short => is_strong(bare),
        "" => (bare.len() > 5 && is_random(bare)) || (is_password && is_strong(bare)),
        "=" | "%3D" if is_short => is_chosen(bare),
        "=" | "%3D" => !is_word(bare) || bare.len() > 11,
        "to" | "-" | "–" => is_password && is_strong(bare),
        // A scheme, of which the value is removed already.
        _ if start.eq_ignore_ascii_case("authorization") && after.starts_with(" [removed]") => {
            false
        }
        "is" | "was" if start.eq_ignore_ascii_case("authorization") => false,
        _ if is_quoted && is_password => bare.len() > 3,
        _ if is_password => is_chosen(bare) || (is_word(bare) && bare.len() > 11),
        _ if is_short && !start.starts_with(['p', 'P']) => is_strong(bare),
        _ if start.eq_ignore_ascii_case("pin") => is_strong(bare),
        // A name such as `db-credentials-v2` is no secret.
        _ => is_random(bare) || is_strong(bare) || (is_word(bare) && bare.len() > 11),
    };
    // The brackets may have another one.
    let about = named(found, "about");
    let inner = about.trim_matches(|c: char| c.is_whitespace() || "()[]\"".contains(c));
    let is_inside = about.trim_start().starts_with(['(', '[', '"']) && is_strong(inner);
    let sign = if is_inside {
        sign.replacen(inner, REMOVED, 1)
    } else {
        sign.to_owned()
    };
    let scheme = named(found, "scheme");
    match (is_private, is_inside) {
        (true, _) => {
            // The code span that begins before the value ends with it.
            let is_code = sign.ends_with('`') && value.ends_with('`');
            let end = if is_code { "`" } else { "" };
            Some(format!("{start}{sign}{scheme}{REMOVED}{end}{rest}"))
        }
        (false, true) => Some(format!("{start}{sign}{scheme}{value}{rest}")),
        (false, false) => None,
    }
}

/// Splits a value from what follows it without white space, such as the next setting or the end of an element.
///
/// A password may have any sign; if it has a comma, the sign before it `has_sign`.
fn without_next(value: &str, is_password: bool, has_sign: bool) -> (&str, &str) {
    let quote = value.trim_start_matches('\\').chars().next();
    if quote.is_some_and(|quote| "\"'".contains(quote) && value.ends_with(quote)) {
        return (value, "");
    }
    let is_setting = |next: &str| {
        next.find(|c: char| !c.is_alphanumeric() && !"_-".contains(c))
            .is_some_and(|end| {
                end > 0 && next.get(end..).unwrap_or_default().starts_with(['=', ':'])
            })
    };
    let mut ends = value.char_indices().filter(|(at, c)| {
        let next = value.get(at + c.len_utf8()..).unwrap_or_default();
        let is_last = next.is_empty() || is_setting(next);
        match c {
            ',' => !(is_password && has_sign) || is_last,
            ';' | '&' => !is_password || is_last,
            '\'' => !is_password || !next.starts_with(char::is_alphanumeric),
            '<' => !is_password || next.starts_with(['/', 'b', 'B']),
            '|' | '>' => !is_password || next.is_empty(),
            '\\' => next.is_empty(),
            _ => false,
        }
    });
    let end = ends.next().map_or(value.len(), |(at, _)| at);
    value.split_at_checked(end).unwrap_or((value, ""))
}

fn named<'a>(found: &Captures<'a>, name: &str) -> &'a str {
    found.name(name).map_or("", |part| part.as_str())
}

/// What a name that ends so says about a credential, instead of being one: `token_type`, `password_file`.
const ABOUT: &[&str] = &[
    "age", "bucket", "count", "expires", "expiry", "file", "id", "length", "limit", "name", "path",
    "policy", "ref", "rotation", "ttl", "type", "uri", "url", "version",
];

/// Returns `true` for the name of a setting that is about a credential, and for a variable of a dashboard.
fn is_about(name: &str) -> bool {
    let name = name.trim_matches(['"', '\'', '`', '*', '?', '&', '#', '%']);
    let lower = name.to_lowercase();
    let is_id =
        lower.ends_with("sessionid") || lower.ends_with("session_id") || lower.ends_with("sessid");
    let ends = |end: &str| {
        lower.strip_suffix(end).is_some_and(|start| {
            let camel = name
                .get(start.len()..)
                .is_some_and(|end| end.starts_with(char::is_uppercase));
            start.ends_with(['_', '-']) || (camel && !start.is_empty())
        })
    };
    !is_id
        && (lower.starts_with("var-")
            || lower.starts_with("max_")
            || ABOUT.iter().any(|end| ends(end)))
}

/// Returns `true` for a number that counts something.
fn is_count(value: &str) -> bool {
    let value = value.trim_end_matches([',', '.', ')']);
    value.len() < 7 && value.chars().all(|c| c.is_ascii_digit())
}

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
    let value = value.trim_end_matches(['.', '!', ')', ':', ',']);
    let letters = value.trim_start_matches(char::is_uppercase);
    let is_cased = letters.chars().all(char::is_lowercase) || letters.is_empty();
    let is_alphabetic = value.chars().all(char::is_alphabetic);
    let is_number = value.chars().all(|c| c.is_ascii_digit() || c == '.');
    (is_alphabetic && is_cased) || (is_number && (value.len() < 4 || value.contains('.')))
}

/// Returns `true` for a value that no person would write as words, not even joined by hyphens as in `db-credentials-v2`.
fn is_random(value: &str) -> bool {
    let value = value.trim_end_matches(['.', ')', ':', ',']);
    let is_plain = |part: &str| {
        let version = part.trim_start_matches(['v', 'V']);
        is_word(part) || version.chars().all(|c| c.is_ascii_digit())
    };
    let parts: Vec<&str> = value.split(['-', '_', '.', '/']).collect();
    let is_joined = parts.len() > 1 && parts.iter().all(|part| is_plain(part));
    value.chars().count() > 3 && !is_word(value) && !is_joined
}

/// Returns `true` for a value that may be a password: one that is random, or words and numbers that are joined, as in `Berlin-2026`.
fn is_chosen(value: &str) -> bool {
    let is_mixed = value.contains(char::is_alphabetic) && value.contains(char::is_numeric);
    is_random(value) || (is_mixed && value.chars().count() > 3 && !is_date(value))
}

/// Returns `true` for a value with letters, digits, and a capital letter or a sign, as people choose passwords.
fn is_strong(value: &str) -> bool {
    let has = |is: fn(char) -> bool| value.contains(is);
    let is_mixed =
        has(char::is_uppercase) || has(|c| !c.is_alphanumeric() && !"-_.:/,)(".contains(c));
    value.chars().count() > 5 && has(char::is_alphabetic) && has(char::is_numeric) && is_mixed
}

#[cfg(test)]
mod tests;
