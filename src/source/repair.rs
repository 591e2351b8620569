//! Repairs characters that were typed or pasted instead of those of the syntax.
//!
//! Each is reported, and the rest is parsed as if the right character had been typed. No other
//! byte moves, so that the locations of later errors match the file.

mod token;
mod typed;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::character::{Lookalike, ascii, described, is_hidden, lookalike};
use super::text::{literal, quoted};
use super::toml::lexer::{Kind, Token, tokens};
use super::{SYNTAX, SourceError, Span, Syntax};
use token::next_token;
pub use typed::Typed;

/// Replaces lookalike and hidden characters outside strings and comments, and reports them.
pub fn repaired(text: &str, syntax: Syntax) -> (Typed<'_>, Vec<SourceError>) {
    if !text.contains(|character| lookalike(character).is_some()) {
        return (Typed::plain(text), Vec::new());
    }
    let mut repair = Repair {
        text,
        syntax,
        bytes: text.as_bytes().to_vec(),
        words: Vec::new(),
        found: Vec::new(),
        unclosed: 0,
    };
    let mut at = 0;
    while let Some(token) = next_token(text, at, syntax) {
        at = match token.kind {
            Kind::Word => repair.word(token.span),
            Kind::Text | Kind::OpenText => repair.string(token),
            _ => token.span.end,
        };
    }
    let Repair {
        bytes,
        words,
        found,
        ..
    } = repair;
    match String::from_utf8(bytes) {
        Ok(repaired) => {
            let repaired = Cow::Owned(repaired);
            (
                Typed {
                    text,
                    repaired,
                    words,
                },
                found,
            )
        }
        Err(_) => (Typed::plain(text), Vec::new()),
    }
}

/// Returns the replacement of a character in a word, or `None` if the character is hidden.
fn written_as(character: char) -> Option<char> {
    match lookalike(character) {
        None | Some(Lookalike::Quote) => Some(character),
        Some(Lookalike::Hidden) => None,
        Some(Lookalike::Blank(ascii) | Lookalike::Sign(ascii)) => Some(ascii),
    }
}

/// Merges the errors of the parser and of the repair, in the order of the file.
///
/// A lookalike inside the span of a parser error, such as a key or a text without quotes, is part
/// of that error. The same blank or hidden character is reported once, with its count.
pub fn joined(
    typed: &Typed,
    repaired: Vec<SourceError>,
    mut parsed: Vec<SourceError>,
) -> Vec<SourceError> {
    if repaired.is_empty() {
        return parsed;
    }
    for error in &mut parsed {
        error.span = error.span.map(|span| typed.original_span(span));
        for (span, _) in error.related.iter_mut().chain(&mut error.replacement) {
            *span = typed.original_span(*span);
        }
    }
    let spans: Vec<Span> = parsed.iter().filter_map(|error| error.span).collect();
    let mut all: Vec<SourceError> = Vec::new();
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for error in repaired {
        let is_part = |outer: &Span| error.span.is_some_and(|span| outer.contains(span));
        if spans.iter().any(is_part) {
            continue;
        }
        // Errors with different replacements are reported each time.
        let may_join = error
            .replacement
            .as_ref()
            .is_some_and(|(_, new)| new.trim().is_empty());
        match counts.get_mut(&error.message).filter(|_| may_join) {
            Some((_, count)) => *count += 1,
            None => {
                counts.insert(error.message.clone(), (all.len(), 1));
                all.push(error);
            }
        }
    }
    for (index, count) in counts.into_values().filter(|(_, count)| *count > 1) {
        if let Some(error) = all.get_mut(index) {
            error.label = if count < MOST.0 {
                format!("the first of {count} in this file")
            } else {
                "the first of many in this file".to_owned()
            };
        }
    }
    all.extend(parsed);
    all.sort_by_key(|error| error.span);
    all.truncate(MOST.1);
    all
}

/// The maximum number of such characters that are counted in a file, and of errors that are reported.
const MOST: (usize, usize) = (1_000, 5);

struct Repair<'a> {
    text: &'a str,
    syntax: Syntax,
    bytes: Vec<u8>,
    words: Vec<(Span, String)>,
    found: Vec<SourceError>,
    /// The offset up to which no string that starts with another quote ends, so that no line is searched twice.
    unclosed: usize,
}

impl Repair<'_> {
    fn report(&mut self, error: SourceError) {
        if self.found.len() < MOST.0 {
            self.found.push(error);
        }
    }

    /// Repairs a word and the strings that start in it, and returns the offset after them.
    fn word(&mut self, mut span: Span) -> usize {
        // The rest of a word is a word, and must not be searched for its end again.
        loop {
            let mut end = self.string_or_word(span);
            let rest = self.text.get(end..span.end).unwrap_or_default();
            if rest.is_empty() || rest.starts_with('#') {
                return end;
            }
            if self.syntax == Syntax::Toml
                && rest.starts_with(['"', '\''])
                && let Some(token) = next_token(self.text, end, self.syntax)
                && matches!(token.kind, Kind::Text | Kind::OpenText)
            {
                end = self.string(token);
            }
            if end >= span.end {
                return end;
            }
            span = Span::new(end, span.end);
        }
    }

    /// Repairs a word, or the string that starts in it, and returns the offset after it.
    fn string_or_word(&mut self, span: Span) -> usize {
        let word = span.slice(self.text);
        let start = word.len() - without_edge(word).len();
        let first = word.get(start..).and_then(|word| word.chars().next());
        match first.filter(|first| lookalike(*first) == Some(Lookalike::Quote)) {
            Some(quote) => {
                let start = span.start + start;
                self.plain(Span::new(span.start, start));
                let end = self.long(start).or_else(|| self.quoted(start, quote));
                end.unwrap_or_else(|| {
                    // The rest of the word is in the string that is not closed.
                    self.plain(Span::new(start + quote.len_utf8(), span.end));
                    span.end
                })
            }
            None => {
                let span = Span::new(span.start, span.start + syntax_length(word));
                self.plain(span);
                span.end
            }
        }
    }

    /// Repairs a word without quotes around it.
    fn plain(&mut self, span: Span) {
        let word = span.slice(self.text);
        let written: String = word.chars().filter_map(written_as).collect();
        if written == word {
            return;
        }
        let mut run: Option<(char, Span)> = None;
        for (at, character) in word.char_indices() {
            let here = Span::new(span.start + at, span.start + at + character.len_utf8());
            let is_unseen = matches!(
                lookalike(character),
                Some(Lookalike::Blank(_) | Lookalike::Hidden)
            );
            run = match run {
                Some((first, before)) if first == character => {
                    Some((first, Span::new(before.start, here.end)))
                }
                before => {
                    if let Some((first, run)) = before {
                        self.report(unseen(first, run));
                    }
                    is_unseen.then_some((character, here))
                }
            };
        }
        if let Some((first, run)) = run {
            self.report(unseen(first, run));
        }
        let is_sign = |character: &char| matches!(lookalike(*character), Some(Lookalike::Sign(_)));
        if let Some(sign) = word.chars().find(is_sign) {
            let trimmed = without_edge(word);
            let start = span.start + (word.len() - trimmed.len());
            let length = trimmed.trim_end_matches(is_edge).len();
            let word_span = Span::new(start, start + length);
            let right = written.trim();
            let message = format!(
                "{} instead of `{}`",
                described(sign),
                ascii(&sign.to_string())
            );
            self.report(SourceError::new(SYNTAX, word_span, message).write(word_span, right));
        }
        self.write(span, &written);
        self.words.push((span, written));
    }

    /// Repairs a string of several lines between three other quotes, and returns the offset after it.
    fn long(&mut self, start: usize) -> Option<usize> {
        let is_quote =
            |character: char| character == '"' || lookalike(character) == Some(Lookalike::Quote);
        let three = |text: &str| {
            let three = text
                .chars()
                .take_while(|character| is_quote(*character))
                .take(3);
            let lengths: Vec<usize> = three.map(char::len_utf8).collect();
            (lengths.len() == 3).then(|| lengths.iter().sum::<usize>())
        };
        let rest = self.text.get(start..)?;
        let open = Span::new(start, start + three(rest)?);
        let rest = self.text.get(open.end..)?;
        let (at, length) = rest
            .char_indices()
            .find_map(|(at, _)| Some((at, three(rest.get(at..)?)?)))?;
        let close = Span::new(open.end + at, open.end + at + length);
        let first = open.slice(self.text).chars().next().unwrap_or_default();
        let message = format!("{} instead of `\"`", described(first));
        self.report(
            SourceError::new(SYNTAX, open, message)
                .help("write `\"\"\"` before and after the text")
                .related(close, "the text ends here"),
        );
        self.write(open, "\"\"\"");
        self.write(close, "\"\"\"");
        Some(close.end)
    }

    /// Repairs a string that starts with another quote, and returns the offset after it; `None` if it is not closed.
    fn quoted(&mut self, start: usize, quote: char) -> Option<usize> {
        let inner = start + quote.len_utf8();
        let is_searched = start < self.unclosed;
        let line = match self.text.get(inner..).filter(|_| !is_searched) {
            Some(rest) => rest.split('\n').next().unwrap_or_default(),
            None => "",
        };
        let mut ends = line.char_indices().filter(|(_, character)| {
            *character == '"' || lookalike(*character) == Some(Lookalike::Quote)
        });
        let is_end = |(at, end): &(usize, char)| {
            follows_value(line.get(at + end.len_utf8()..).unwrap_or_default())
        };
        let Some((length, end)) = ends.find(is_end) else {
            self.unclosed = self.unclosed.max(inner + line.len());
            let span = Span::new(start, inner);
            self.report(
                SourceError::new(
                    SYNTAX,
                    span,
                    format!("{} instead of `\"`", described(quote)),
                )
                .help("write straight quotes around a text: `\"text\"`"),
            );
            self.write(span, "\"");
            return None;
        };
        let content = line.get(..length).unwrap_or_default();
        let string_span = Span::new(start, inner + length + end.len_utf8());
        let message = format!("{} instead of `\"`", described(quote));
        self.report(
            SourceError::new(SYNTAX, string_span, message).write(string_span, literal(content)),
        );
        let pad = quote.len_utf8() - 1;
        self.write(Span::new(start, inner), &format!("{}\"", " ".repeat(pad)));
        // Only the location matters: a text with an error is not read further.
        let inside = content.replace('"', "'").replace('\\', "/");
        self.write(Span::new(inner, inner + length), &inside);
        self.write(Span::new(inner + length, string_span.end), "\"");
        Some(string_span.end)
    }

    /// Repairs a string whose closing quote differs from its opening quote, and returns the offset after it.
    fn string(&mut self, token: Token) -> usize {
        let span = token.span;
        let string = span.slice(self.text);
        let after = self.text.get(span.end..).unwrap_or_default();
        let is_open = token.kind == Kind::OpenText || !follows_value(after);
        let quote = string.get(..1).unwrap_or_default();
        if !is_open || string.starts_with(&quote.repeat(3)) {
            return span.end;
        }
        let ends = string.char_indices().filter(|(at, character)| {
            let rest = string.get(at + character.len_utf8()..).unwrap_or_default();
            lookalike(*character) == Some(Lookalike::Quote) && follows_value(rest)
        });
        let mut ends: Vec<(usize, char)> = ends.collect();
        let last = if token.kind == Kind::OpenText {
            ends.pop()
        } else {
            ends.into_iter().next()
        };
        let Some((at, end)) = last else {
            return span.end;
        };
        let string_span = Span::new(span.start, span.start + at + end.len_utf8());
        let content = string.get(1..at).unwrap_or_default();
        let message = format!(
            "{} instead of `{quote}` at the end of a string",
            described(end)
        );
        let right = format!("{quote}{content}{quote}");
        let error = SourceError::new(SYNTAX, string_span, message)
            .help(format!("write {}", quoted(&right)));
        self.report(error.replace(string_span, &right));
        self.write(Span::new(span.start + at, string_span.end), quote);
        string_span.end
    }

    /// Overwrites a longer text, and pads with spaces.
    fn write(&mut self, span: Span, text: &str) {
        let mut new = text.bytes().chain(std::iter::repeat(b' '));
        for byte in self
            .bytes
            .get_mut(span.start..span.end)
            .into_iter()
            .flatten()
        {
            *byte = new.next().unwrap_or(b' ');
        }
    }
}

/// Reports a run of one character that is a space or invisible.
fn unseen(character: char, span: Span) -> SourceError {
    let (message, help, right) = match lookalike(character) {
        Some(Lookalike::Blank('\n')) => (
            "instead of a line break",
            "replace it with a line break",
            "\n",
        ),
        Some(Lookalike::Blank(_)) => ("instead of a space", "replace it with a space", " "),
        _ => ("outside a string", "remove it", ""),
    };
    let count = (span.end - span.start) / character.len_utf8();
    SourceError::new(SYNTAX, span, format!("{} {message}", described(character)))
        .help(help)
        .replace(span, right.repeat(count))
}

/// Returns `true` if a character at the edge of a word does not belong to the word.
fn is_edge(character: char) -> bool {
    matches!(
        lookalike(character),
        Some(Lookalike::Blank(_) | Lookalike::Hidden)
    )
}

/// Returns the length of a word up to a string or comment that follows a wrong blank: what is in these is no syntax.
fn syntax_length(word: &str) -> usize {
    let mut follows_edge = false;
    let mut starts = word.char_indices().filter(|(_, character)| {
        let is_start = follows_edge && "\"'#".contains(*character);
        follows_edge = is_edge(*character);
        is_start
    });
    starts.next().map_or(word.len(), |(at, _)| at)
}

fn without_edge(word: &str) -> &str {
    word.trim_start_matches(is_edge)
}

/// Returns `true` if a text can follow a value or a key.
fn follows_value(rest: &str) -> bool {
    let is_blank =
        |character: char| character != '\n' && (character.is_whitespace() || is_hidden(character));
    match rest.trim_start_matches(is_blank).chars().next() {
        None | Some('\n') => true,
        Some(next) => {
            ",:=]}#;.".contains(next) || matches!(lookalike(next), Some(Lookalike::Sign(_)))
        }
    }
}

#[cfg(test)]
mod tests;
