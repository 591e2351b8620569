//! What looks like a secret: tokens of the common providers, private keys, passwords in addresses.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Beginnings of tokens, with how many letters and digits must follow.
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
    ("glsa_", 20),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxe-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("hooks.slack.com/services/", 20),
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

/// What else begins a secret.
const OTHERS: &[&str] = &["PRIVATE KEY-----", "PRIVATE KEY BLOCK-----", "eyJ", "://"];

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its first letters, which give nothing away.
    pub start: String,
    /// Where it begins, in bytes.
    pub at: usize,
}

/// Finds everything that looks like a secret, in the order of the text.
pub fn find(text: &str) -> impl Iterator<Item = Secret> {
    starts().find_iter(text).filter_map(move |found| {
        let at = found.start();
        let start = match TOKENS.get(found.pattern().as_usize()) {
            Some((start, least)) => token(text, at, start, *least),
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
    reason = "a few dozen short words always make one"
)]
fn starts() -> &'static AhoCorasick {
    static STARTS: OnceLock<AhoCorasick> = OnceLock::new();
    STARTS.get_or_init(|| {
        let tokens = TOKENS.iter().map(|(start, _)| *start);
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(tokens.chain(OTHERS.iter().copied()))
            .expect("short words")
    })
}

/// Finds a token that begins a word and is long enough.
fn token(text: &str, at: usize, start: &str, least: usize) -> Option<String> {
    let before = text.get(..at)?.chars().next_back();
    let follows = text.get(at + start.len()..)?;
    let letters: Vec<char> = follows
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_./+".contains(*c))
        .take(least)
        .collect();
    let begins = !before.is_some_and(|c| c.is_ascii_alphanumeric());
    // Small letters alone are words, as in `npm_config_registry`.
    let is_random = letters
        .iter()
        .any(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    (begins && is_random && letters.len() == least).then(|| format!("{start}…"))
}

/// Finds a JSON web token: three parts of some length.
fn web_token(text: &str, at: usize) -> Option<String> {
    let token = text
        .get(at..)?
        .split(|c: char| c.is_whitespace() || "\"'`<>)".contains(c))
        .next()?;
    // It may end a sentence.
    let mut parts = token.trim_end_matches(['.', ',', ';', ':']).split('.');
    let long = |part: Option<&str>| part.is_some_and(|part| part.len() >= 8);
    (long(parts.next()) && long(parts.next()) && long(parts.next()) && parts.next().is_none())
        .then(|| "eyJ…".to_owned())
}

/// Finds a password in an address.
fn password(text: &str, at: usize) -> Option<String> {
    let authority = text
        .get(at + 3..)?
        .split(|c: char| c.is_whitespace() || "/\"'`><?#".contains(c))
        .next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!is_hidden(password)).then(|| "://…:…@".to_owned())
}

/// Says whether something stands in the place of a password: `****`, `$PASSWORD`, `%s`, `password`.
fn is_hidden(password: &str) -> bool {
    let is_one_letter = |c: char| password.chars().all(|other| other == c);
    let words = ["password", "passwd", "pass", "secret", "%s"];
    password.starts_with(['*', '<', '$', '[', '{', '…'])
        || password.chars().next().is_none_or(is_one_letter)
        || words.iter().any(|word| password.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_from_what_looks_like_them() {
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
    fn every_secret_of_a_text_is_found_where_it_begins() {
        let key = format!("AKIA{}", "ABCDEFGH12345678");
        let text = format!("é {key} and {key}");
        let places: Vec<usize> = find(&text).map(|secret| secret.at).collect();
        assert_eq!(places, [3, 28]);
    }
}
