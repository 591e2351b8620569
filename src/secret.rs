//! Finds possible secrets: tokens of common providers, private keys, passwords in URLs.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Prefixes of tokens, with the minimum number of characters after the prefix.
const TOKENS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("glrt-", 20),
    ("glsa_", 20),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxe-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("hooks.slack.com/services/", 20),
    ("hooks.slack.com/workflows/", 20),
    ("hooks.slack.com/triggers/", 20),
    ("discord.com/api/webhooks/", 20),
    ("discordapp.com/api/webhooks/", 20),
    ("hooks.zapier.com/hooks/catch/", 10),
    ("webhook.office.com/webhookb2/", 20),
    ("outlook.office.com/webhook/", 20),
    ("api.telegram.org/bot", 9),
    ("events.pagerduty.com/integration/", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("whsec_", 24),
    ("sk-proj-", 30),
    ("sk-ant-", 30),
    ("AIza", 30),
    ("ya29.", 30),
    ("npm_", 30),
    ("pypi-", 40),
    ("SG.", 40),
    ("hvs.", 24),
    ("dop_v1_", 40),
    ("shpat_", 24),
    ("dapi", 32),
    ("hf_", 30),
    ("lin_api_", 30),
    ("NRAK-", 20),
    ("ATATT3", 40),
    ("AccountKey=", 40),
];

/// Other strings that occur in secrets.
const OTHERS: &[&str] = &["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "eyJ", "://"];

/// A possible secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its prefix, which does not disclose the secret.
    pub start: String,
    /// The byte offset of its start.
    pub at: usize,
}

/// Returns all possible secrets, in the order of the text.
pub fn find(text: &str) -> impl Iterator<Item = Secret> {
    patterns().find_iter(text).filter_map(move |found| {
        let at = found.start();
        let start = match TOKENS.get(found.pattern().as_usize()) {
            Some((prefix, minimum)) => token(text, at, prefix, *minimum),
            None => match text.get(at..found.end()) {
                Some("eyJ") => web_token(text, at),
                Some("://") => password(text, at),
                _ => Some("-----BEGIN … PRIVATE KEY-----".to_owned()),
            },
        };
        start.map(|start| Secret { start, at })
    })
}

#[expect(
    clippy::expect_used,
    reason = "an automaton of a few dozen short patterns can always be built"
)]
fn patterns() -> &'static AhoCorasick {
    static PATTERNS: OnceLock<AhoCorasick> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let tokens = TOKENS.iter().map(|(prefix, _)| *prefix);
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(tokens.chain(OTHERS.iter().copied()))
            .expect("short patterns")
    })
}

/// Returns the prefix of a token that starts a word and is long enough.
fn token(text: &str, at: usize, prefix: &str, minimum: usize) -> Option<String> {
    let previous = text.get(..at)?.chars().next_back();
    let rest = text.get(at + prefix.len()..)?;
    let chars: Vec<char> = rest
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_./+".contains(*c))
        .take(minimum)
        .collect();
    let starts_word = !previous.is_some_and(|c| c.is_ascii_alphanumeric());
    // Only lowercase characters are probably words, as in `npm_config_registry`.
    let is_random = chars
        .iter()
        .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    (starts_word && is_random && chars.len() == minimum).then(|| format!("{prefix}…"))
}

/// Returns the prefix of a JSON web token: three parts of at least eight characters.
fn web_token(text: &str, at: usize) -> Option<String> {
    let token = text
        .get(at..)?
        .split(|c: char| c.is_whitespace() || "\"'`<>)".contains(c))
        .next()?;
    // The token may be at the end of a sentence.
    let mut parts = token.trim_end_matches(['.', ',', ';', ':']).split('.');
    let long = |part: Option<&str>| part.is_some_and(|part| part.len() >= 8);
    (long(parts.next()) && long(parts.next()) && long(parts.next()) && parts.next().is_none())
        .then(|| "eyJ…".to_owned())
}

/// Returns a placeholder for a password in a URL.
fn password(text: &str, at: usize) -> Option<String> {
    let authority = text
        .get(at + 3..)?
        .split(|c: char| c.is_whitespace() || "/\"'`><?#".contains(c))
        .next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!is_placeholder(password)).then(|| "://…:…@".to_owned())
}

/// Returns `true` if the text is a placeholder for a password: `****`, `$PASSWORD`, `%s`, `password`.
fn is_placeholder(password: &str) -> bool {
    let is_repeated = |c: char| password.chars().all(|other| other == c);
    let words = ["password", "passwd", "pass", "secret", "%s"];
    password.starts_with(['*', '<', '$', '[', '{', '…'])
        || password.chars().next().is_none_or(is_repeated)
        || words.iter().any(|word| password.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_distinguished_from_similar_text() {
        let key = format!("AKIA{}", "ABCDEFGH12345678");
        let longer = format!("xAKIA{}", "ABCDEFGH12345678");
        let token = format!(
            "{}.{}.{}",
            "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "abcdefghijklmnop"
        );
        let ending = format!("It was {token}.");
        let hook = format!(
            "https://hooks.slack.com/{}",
            "services/T00000000/B00000000/abcdefgh"
        );
        let cases = [
            (key.as_str(), true),
            (longer.as_str(), false),
            (token.as_str(), true),
            (hook.as_str(), true),
            ("postgres://app:hunter2@db.example.com/x", true),
            ("-----BEGIN RSA PRIVATE KEY-----", true),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", true),
            (ending.as_str(), true),
            ("npm_config_globally_ignored_optional_dependencies=1", false),
            ("postgres://user:password@localhost/db", false),
            ("postgres://app:xxxxx@db or app:%s@db", false),
            ("http://h:80\tor a@example.com", false),
            ("postgres://app:****@db.example.com/x", false),
            ("postgres://app:<password>@db.example.com/x", false),
            ("https://example.com:443/a@b", false),
            ("AKIA is how such keys begin", false),
            ("xoxb- tokens were rotated", false),
            ("é://é:é", false),
        ];
        for (text, expected) in cases {
            assert_eq!(find(text).next().is_some(), expected, "{text}");
        }
    }

    #[test]
    fn every_secret_is_found_at_its_start() {
        let key = format!("AKIA{}", "ABCDEFGH12345678");
        let text = format!("é {key} and {key}");
        let offsets: Vec<usize> = find(&text).map(|secret| secret.at).collect();
        assert_eq!(offsets, [3, 28]);
    }
}
