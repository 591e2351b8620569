//! Splits the text of an event into sentences, and these into words.

use super::{CUES, GRAMMAR};
use crate::import::words::folded;

/// A word of a sentence, or what separates two of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The word in the form used for lookups; two words for `on call`.
    pub text: String,
    pub kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A word that raises no doubt, which a name of a thing may contain.
    Plain,
    /// A word that only a pattern that names it may contain.
    Other,
    /// The name of a person or a team; it is a plain word, too.
    Name,
    /// A colon, or a dash.
    Colon,
    /// A comma, a bracket or a conjunction.
    Comma,
}

impl Token {
    pub const fn is_separator(&self) -> bool {
        matches!(self.kind, TokenKind::Colon | TokenKind::Comma)
    }

    /// Returns `true` for a word that the name of a thing may contain.
    pub const fn is_plain(&self) -> bool {
        matches!(self.kind, TokenKind::Plain | TokenKind::Name)
    }

    pub fn is_number(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Returns `true` for a word such as `v42`.
    pub fn has_digit(&self) -> bool {
        !self.is_number() && self.text.bytes().any(|byte| byte.is_ascii_digit())
    }

    fn separator(kind: TokenKind) -> Self {
        let text = String::new();
        Self { text, kind }
    }

    fn word(text: &str, is_capital: bool) -> Self {
        let is_doubtful = CUES.raises_doubt(text);
        let is_letters = text.chars().all(char::is_alphabetic);
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let is_outsider = CUES.outsiders.has(text);
        let is_other = is_doubtful || is_outsider || is_number || CUES.not_plain.has(text);
        let is_person = !is_other && !CUES.not_names.has(text);
        let kind = match is_capital && is_letters && is_person {
            true => TokenKind::Name,
            false if is_other => TokenKind::Other,
            false => TokenKind::Plain,
        };
        let text = text.to_owned();
        Self { text, kind }
    }
}

/// Splits a text into sentences, each with its last character.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.trim().is_empty() {
            return None;
        }
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            let next = at + c.len_utf8();
            let is_end = matches!(c, '!' | '?' | ';' | '\n' | '。' | '？')
                || c == '.'
                    && rest
                        .get(next..)
                        .is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
            if is_end {
                end = next;
                break;
            }
        }
        let (sentence, after) = rest.split_at(end);
        rest = after;
        Some(sentence.trim())
    })
}

/// Splits a sentence into words and separators, without those at its start and its end.
pub(super) fn tokens(sentence: &str) -> Vec<Token> {
    let spaced = sentence.replace("...", ",").replace('…', ",");
    let spaced = spaced.replace([',', '(', ')'], " , ");
    let mut out: Vec<Token> = Vec::new();
    for part in spaced.split_whitespace() {
        let lower = part.to_lowercase();
        match lower.as_str() {
            "-" | "–" | "—" | "--" | "---" | "→" | "->" | "=>" => {
                separate(&mut out, TokenKind::Colon);
            }
            "," | "&" | "/" => separate(&mut out, TokenKind::Comma),
            word if GRAMMAR.conjunctions.iter().any(|known| known == word) => {
                separate(&mut out, TokenKind::Comma);
            }
            _ => {
                let is_capital = part.starts_with(|c: char| c.is_uppercase() || c == '@');
                for word in folded(part).split(' ').filter(|word| !word.is_empty()) {
                    push(&mut out, word, is_capital);
                }
                if part.ends_with(':') {
                    separate(&mut out, TokenKind::Colon);
                }
            }
        }
    }
    out.truncate(out.len() - usize::from(out.last().is_some_and(Token::is_separator)));
    out
}

/// Adds a separator, unless one was added before.
fn separate(out: &mut Vec<Token>, kind: TokenKind) {
    if out.last().is_some_and(|last| !last.is_separator()) {
        out.push(Token::separator(kind));
    }
}

/// Adds a word, or joins it with the one before: `on call`.
fn push(out: &mut Vec<Token>, word: &str, is_capital: bool) {
    if let Some(last) = out.last_mut() {
        let pair = format!("{} {word}", last.text);
        if GRAMMAR.joined.contains(&pair) {
            *last = Token::word(&pair, false);
            return;
        }
    }
    out.push(Token::word(word, is_capital));
}

/// Adds a colon to words in capitals at the start of a text, which are its label: `INCIDENT ENDS Reached the criterion`.
pub(super) fn with_label(text: &str) -> String {
    let is_capital =
        |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let words: Vec<&str> = text.split(' ').collect();
    let count = words.iter().take_while(|word| is_capital(word)).count();
    let (label, rest) = words.split_at(count);
    let is_text = rest
        .first()
        .is_some_and(|word| word.starts_with(char::is_alphabetic));
    if count < 2 || !is_text {
        return text.to_owned();
    }
    format!("{}: {}", label.join(" "), rest.join(" "))
}

/// Removes what is quoted or code: it names something, and states nothing.
pub(super) fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<char> = None;
    for c in text.chars() {
        match (open, c) {
            (Some(end), c) if c == end => open = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '“') => {
                // ``Alert: `QueueStuck` fired`` is `Alert fired`.
                if out.ends_with(": ") {
                    out.truncate(out.len() - 2);
                    out.push(' ');
                }
                open = Some(if c == '“' { '”' } else { c });
            }
            (None, c) => out.push(c),
        }
    }
    // An unclosed quote hides nothing.
    if open.is_some() { text.to_owned() } else { out }
}
