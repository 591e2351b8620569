//! Converts a code block to escaped HTML whose tokens have a class.
//!
//! One pass over the bytes, directed by a row of the table of languages. Whatever the lexer does not know stays plain,
//! and the text between the tags is always the input. Spans neither nest nor cross the end of a line, so a page may
//! style or number single lines.

mod languages;

#[cfg(test)]
mod tests;

use std::ops::Range;

use languages::{Class, End, Keys, Language, Mark, OpensAt};

/// Returns the name of a language from that name or an alias in any case, or `None` if its code is shown plain.
///
/// Only these names may occur in the `class` of a code block.
pub fn known(language: &str) -> Option<&'static str> {
    languages::find(language)?.names.first().map(String::as_str)
}

/// Appends `code` as escaped HTML, with `<span class="hl-…">` around its tokens.
///
/// The classes are `hl-c` comment, `hl-s` string, `hl-n` number, `hl-k` keyword, `hl-t` type, constant or builtin,
/// `hl-p` key or property, and in a diff `hl-i` inserted and `hl-d` deleted line. Code of an unknown language is only
/// escaped.
pub fn highlight(code: &str, language: &str, html: &mut String) {
    let mut done = 0;
    if let Some(language) = languages::find(language) {
        for token in Tokens::new(code, language) {
            push_escaped(slice(code, done..token.range.start), html);
            push_spans(slice(code, token.range.clone()), token.class, html);
            done = token.range.end;
        }
    }
    push_escaped(slice(code, done..code.len()), html);
}

fn push_spans(text: &str, class: Class, html: &mut String) {
    for piece in text.split_inclusive(['\n', '\r']) {
        let line = piece.trim_end_matches(['\n', '\r']);
        if !line.is_empty() {
            html.push_str("<span class=\"hl-");
            html.push_str(class.suffix());
            html.push_str("\">");
            push_escaped(line, html);
            html.push_str("</span>");
        }
        html.push_str(slice(piece, line.len()..piece.len()));
    }
}

fn push_escaped(text: &str, html: &mut String) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => continue,
        };
        html.push_str(slice(text, done..at));
        html.push_str(entity);
        done = at + 1;
    }
    html.push_str(slice(text, done..text.len()));
}

/// Returns a part of `text`. Tokens end where characters do: all bytes of a character are in one word or mark.
fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

struct Token {
    class: Class,
    range: Range<usize>,
}

/// The tokens of a text that have a class, in order; the text between them is plain.
struct Tokens<'a> {
    code: &'a str,
    language: &'static Language,
    at: usize,
    /// Whether only blanks precede `at` on its line. Looking back instead would take quadratic time in a long line.
    leads_line: bool,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while let Some(&byte) = self.rest(self.at).first() {
            let start = self.at;
            let (end, class) = self.token(start, byte);
            self.at = end;
            self.leads_line = is_line_end(byte) || self.leads_line && is_blank(byte);
            if let Some(class) = class {
                let range = start..end;
                return Some(Token { class, range });
            }
        }
        None
    }
}

impl<'a> Tokens<'a> {
    fn new(code: &'a str, language: &'static Language) -> Self {
        Self {
            code,
            language,
            at: 0,
            leads_line: true,
        }
    }

    /// Returns the end of what starts at `start` with `byte`, and its class if it has one.
    fn token(&self, start: usize, byte: u8) -> (usize, Option<Class>) {
        let (end, class) = if is_blank(byte) || is_line_end(byte) {
            return (start + 1, None);
        } else if let Some((end, class)) = self.marked(start) {
            (end, Some(class))
        } else if byte.is_ascii_digit() {
            let class = self.language.numbers.as_ref().map(|_| Class::Number);
            (self.number_end(start), class)
        } else if is_word_byte(byte) {
            let end = self.word_end(start);
            (end, self.language.class_of(slice(self.code, start..end)))
        } else {
            return (start + 1, None);
        };
        if class != Some(Class::Comment) && self.is_key(end) {
            return (end, Some(Class::Property));
        }
        (end, class)
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.code.as_bytes().get(from..).unwrap_or_default()
    }

    /// Returns the end of the bytes from `from` that `belongs` accepts.
    fn run(&self, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
        from + (self.rest(from).iter())
            .take_while(|byte| belongs(**byte))
            .count()
    }

    /// Returns the end and class of the first mark of the language that opens at `start`.
    fn marked(&self, start: usize) -> Option<(usize, Class)> {
        let rest = self.rest(start);
        self.language.marks.iter().find_map(|mark| {
            let opens = rest.starts_with(mark.open.as_bytes()) && self.may_open(mark.at, start);
            let end = opens.then(|| self.mark_end(mark, start + mark.open.len()))??;
            Some((end, mark.class))
        })
    }

    fn may_open(&self, at: OpensAt, start: usize) -> bool {
        let before = start
            .checked_sub(1)
            .and_then(|index| self.rest(index).first());
        let before = before.copied().unwrap_or(b'\n');
        match at {
            OpensAt::Anywhere => true,
            OpensAt::Apart => !self.continues_word(before),
            OpensAt::AfterBlank => is_blank(before) || is_line_end(before),
            OpensAt::AfterEquals => before == b'=',
            OpensAt::LineStart => self.leads_line,
            OpensAt::Column => is_line_end(before),
        }
    }

    /// Returns the end of a mark that opened just before `from`, or `None` if the rest does not match.
    fn mark_end(&self, mark: &Mark, from: usize) -> Option<usize> {
        match mark.end {
            _ if let Some(close) = &mark.close => Some(self.closed(mark, close, from)),
            End::Line => Some(self.run(from, |byte| !is_line_end(byte))),
            End::Word => Some(self.word_end(from)).filter(|end| *end > from),
            End::Character => self.character_end(from),
        }
    }

    /// Returns the end of a mark that `close` ends; without it the mark ends with the line or the text.
    fn closed(&self, mark: &Mark, close: &str, from: usize) -> usize {
        let mut at = from;
        while let Some(&byte) = self.rest(at).first() {
            if !mark.multiline && is_line_end(byte) {
                return at;
            }
            if self.rest(at).starts_with(close.as_bytes()) {
                return at + close.len();
            }
            at += 1;
            // Skip the escaped byte, unless the line ends with it.
            let escapes = byte == b'\\' && mark.escapes;
            at += usize::from(escapes && !self.rest(at).first().is_some_and(|b| is_line_end(*b)));
        }
        self.code.len()
    }

    /// Returns the end of a quoted character or short escape such as `\u{1F600}`.
    fn character_end(&self, from: usize) -> Option<usize> {
        const LONGEST: usize = 12;
        let rest = self.rest(from);
        let length = match rest {
            [b'\\', escaped, tail @ ..] if !is_line_end(*escaped) => {
                let belongs = |byte: &&u8| matches!(byte, b'{' | b'}') || is_word_byte(**byte);
                2 + tail.iter().take(LONGEST).take_while(belongs).count()
            }
            [b'\\' | b'\n' | b'\r', ..] | [] => return None,
            [0..0x80, ..] => 1,
            [0x80..0xE0, ..] => 2,
            [0xE0..0xF0, ..] => 3,
            [0xF0..=0xFF, ..] => 4,
        };
        (rest.get(length) == Some(&b'\'')).then_some(from + length + 1)
    }

    fn continues_word(&self, byte: u8) -> bool {
        is_word_byte(byte) || self.language.joins.as_bytes().contains(&byte)
    }

    fn word_end(&self, from: usize) -> usize {
        self.run(from, |byte| self.continues_word(byte))
    }

    /// Returns the end of a number with its suffix, as in `0xFF`, `1_000u64`, `2.5e-3` or `1h30m`.
    fn number_end(&self, start: usize) -> usize {
        let joints = self
            .language
            .numbers
            .as_deref()
            .unwrap_or_default()
            .as_bytes();
        let mut end = self.word_end(start);
        while let [before, joint, after, ..] = self.rest(end - 1) {
            let exponent = matches!(before, b'e' | b'E') && matches!(joint, b'+' | b'-');
            if !after.is_ascii_digit() || !(exponent || joints.contains(joint)) {
                break;
            }
            end = self.word_end(end + 1);
        }
        end
    }

    /// Returns `true` if what follows a token makes it a key.
    fn is_key(&self, end: usize) -> bool {
        let next = self.rest(end);
        let spaced = self.rest(self.run(end, is_blank));
        match self.language.keys {
            None => false,
            Some(Keys::Colon) => spaced.starts_with(b":"),
            Some(Keys::ColonBlank) => {
                matches!(next, [b':'] | [b':', b' ' | b'\t' | b'\r' | b'\n', ..])
            }
            Some(Keys::Assigned) => is_assignment(next),
            Some(Keys::Equals) => is_assignment(spaced),
            Some(Keys::Label) => {
                is_assignment(spaced) || matches!(spaced, [b'!', b'=' | b'~', b'"' | b'`', ..])
            }
            Some(Keys::LineStart) => {
                let sign = matches!(spaced, [b'=' | b':', ..] | [b'?' | b'+' | b'!', b'=', ..]);
                self.leads_line && sign
            }
        }
    }
}

fn is_assignment(next: &[u8]) -> bool {
    next.starts_with(b"=") && !matches!(next, [_, b'=' | b'>', ..])
}

/// Returns `true` for a byte of a word, which every byte of a non-ASCII character is.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns `true` for either byte of a line end; HTML takes a lone `\r` for one too.
fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
