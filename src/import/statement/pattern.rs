//! Patterns of words, as `statements.toml` writes them.

use super::token::{Token, TokenKind};
use super::{CUES, GRAMMAR};

/// A pattern of words.
#[derive(Debug, serde::Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern(Vec<Item>);

#[derive(Debug)]
struct Item {
    what: What,
    may_be_missing: bool,
}

#[derive(Debug)]
enum What {
    /// One of several words.
    Word(Vec<Choice>),
    /// A rule of the grammar.
    Rule(String),
    /// Several words.
    Rest(Rest),
}

#[derive(Debug)]
enum Choice {
    Word(String),
    Number,
    HasDigit,
    Plain,
    Name,
    Colon,
}

/// What several words may be.
#[derive(Debug, Clone, Copy)]
enum Rest {
    /// Words that raise no doubt, up to the next separator.
    Plain,
    /// A description, which may be of something that fails.
    Description,
    /// A description of an alert, which may be of something that is missing.
    Alert,
    /// A description with a word for what monitoring detects.
    Symptom,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self(text.split(' ').map(Item::parse).collect())
    }
}

impl Item {
    fn parse(text: &str) -> Self {
        let bare = text.strip_suffix('?').unwrap_or(text);
        let rule = bare
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        let what = match (rule, bare) {
            (Some(rule), _) => What::Rule(rule.to_owned()),
            (None, "...") => What::Rest(Rest::Plain),
            (None, "*") => What::Rest(Rest::Description),
            (None, "+") => What::Rest(Rest::Alert),
            (None, "$") => What::Rest(Rest::Symptom),
            (None, words) => What::Word(words.split('|').map(Choice::parse).collect()),
        };
        Self {
            what,
            may_be_missing: bare.len() < text.len(),
        }
    }
}

impl Choice {
    fn parse(text: &str) -> Self {
        match text {
            "#" => Self::Number,
            "%" => Self::HasDigit,
            "_" => Self::Plain,
            "@" => Self::Name,
            ":" => Self::Colon,
            word => Self::Word(word.replace('-', " ")),
        }
    }

    fn fits(&self, token: &Token) -> bool {
        match self {
            Self::Number => token.is_number(),
            Self::HasDigit => token.has_digit(),
            Self::Plain => token.is_plain(),
            Self::Name => token.kind == TokenKind::Name,
            Self::Colon => token.kind == TokenKind::Colon,
            Self::Word(word) => !token.is_separator() && token.text == *word,
        }
    }
}

impl Rest {
    /// Returns `true` if words may be this rest.
    fn fits(self, words: &[Token]) -> bool {
        match self {
            Self::Plain => !words.iter().any(Token::is_separator) && is_plain(words),
            Self::Description => is_description(words),
            Self::Alert => !is_elsewhere(words),
            Self::Symptom => is_description(words) && CUES.symptoms.is_in(&joined(words)),
        }
    }
}

/// Returns the words of a part of a sentence as one text.
pub(super) fn joined(words: &[Token]) -> String {
    let words = words.iter().filter(|word| !word.is_separator());
    words
        .map(|word| word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns `true` if words raise no doubt, and do not say that something goes on.
pub(super) fn is_plain(words: &[Token]) -> bool {
    let text = joined(words);
    !CUES.raises_doubt(&text) && !CUES.goes_on.is_in(&text)
}

/// Returns `true` if words describe what they follow; this may be something that fails.
pub(super) fn is_description(words: &[Token]) -> bool {
    !is_elsewhere(words) && !starts_with_denial(words)
}

/// Returns `true` if words have an opinion, or are about a test or another system.
fn is_elsewhere(words: &[Token]) -> bool {
    let text = joined(words);
    CUES.unsure.is_in(&text) || CUES.elsewhere.is_in(&text)
}

/// Returns `true` if one of the first two words denies what the words follow.
pub(super) fn starts_with_denial(words: &[Token]) -> bool {
    CUES.negations
        .is_in(&joined(words.get(..2).unwrap_or(words)))
}

impl Pattern {
    /// Returns the ends of the parts of a sentence that start with the first word and that the pattern covers.
    pub fn ends(&self, words: &[Token]) -> Vec<usize> {
        let mut found = Vec::new();
        ends(&self.0, words, 0, &mut found);
        found
    }
}

/// Adds the ends of what the items cover from a word on.
fn ends(items: &[Item], words: &[Token], at: usize, found: &mut Vec<usize>) {
    let Some((item, items)) = items.split_first() else {
        if !found.contains(&at) {
            found.push(at);
        }
        return;
    };
    if item.may_be_missing {
        ends(items, words, at, found);
    }
    let rest = words.get(at..).unwrap_or_default();
    match &item.what {
        What::Word(choices) => {
            let first = rest.first();
            if first.is_some_and(|token| choices.iter().any(|choice| choice.fits(token))) {
                ends(items, words, at + 1, found);
            }
        }
        What::Rule(name) => {
            let mut inner = Vec::new();
            for pattern in GRAMMAR.rules.get(name).into_iter().flatten() {
                ends(&pattern.0, words, at, &mut inner);
            }
            for end in inner {
                ends(items, words, end, found);
            }
        }
        What::Rest(kind) => {
            let stops =
                (1..=rest.len()).filter(|end| rest.get(*end).is_none_or(Token::is_separator));
            for end in stops {
                if rest.get(..end).is_some_and(|words| kind.fits(words)) {
                    ends(items, words, at + end, found);
                }
            }
        }
    }
}
