//! Turns a code block into escaped HTML whose tokens carry a class.
//!
//! One pass over the bytes, steered by a row of the language table. It marks
//! tokens and never judges them: whatever it does not know stays plain, and the
//! text between the tags is always the input. Spans neither nest nor cross a line
//! end, so a page may style or number single lines.

mod languages;

#[cfg(test)]
mod tests;

use std::ops::Range;

use languages::{Class, End, Escape, Extent, Keys, Language, Mark, OpensAt};

/// Names a language in one word, from that word or an alias of it in any case.
///
/// Only these words may stand in the `class` of a code block. `None` for a
/// language that the table lacks, whose code is shown plain.
pub fn known(language: &str) -> Option<&'static str> {
    languages::find(language)?.names.first().copied()
}

/// Appends `code` as escaped HTML, with `<span class="hl-…">` around its tokens.
///
/// The classes are `hl-c` comment, `hl-s` string, `hl-n` number, `hl-k` keyword,
/// `hl-t` type, constant or builtin, `hl-p` key or property, and in a diff `hl-i`
/// for an inserted and `hl-d` for a deleted line. Code of an unknown language is
/// only escaped.
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
            html.push_str(class.class_suffix());
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

/// Cuts at token ends, which are always ends of characters: a byte of a
/// multi-byte character is either inside a word or inside a marked stretch.
fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

struct Token {
    class: Class,
    range: Range<usize>,
}

/// The classed tokens of a text, in order; what lies between them is plain.
struct Tokens<'a> {
    code: &'a [u8],
    language: &'static Language,
    at: usize,
    /// True while only blanks precede `at` on its line. Kept, since looking back
    /// for it would cost the square of a long line.
    leads_line: bool,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while let Some(&byte) = self.code.get(self.at) {
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
        Tokens {
            code: code.as_bytes(),
            language,
            at: 0,
            leads_line: true,
        }
    }

    /// Reads what starts at `start` with `byte`: its end, and its class if it has one.
    fn token(&self, start: usize, byte: u8) -> (usize, Option<Class>) {
        let (end, class) = if is_blank(byte) || is_line_end(byte) {
            return (start + 1, None);
        } else if let Some((end, class)) = self.marked(start) {
            (end, Some(class))
        } else if byte.is_ascii_digit() {
            let class = self.language.numbers.map(|_| Class::Number);
            (self.number_end(start), class)
        } else if is_word_byte(byte) {
            let end = self.word_end(start);
            let word = self.code.get(start..end).unwrap_or_default();
            (end, self.language.class_of(word))
        } else {
            return (start + 1, None);
        };
        if class != Some(Class::Comment) && self.is_key(end) {
            return (end, Some(Class::Property));
        }
        (end, class)
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.code.get(from..).unwrap_or_default()
    }

    /// Counts the bytes from `from` on that `belongs` accepts, and gives their end.
    fn run(&self, from: usize, belongs: impl Fn(u8) -> bool) -> usize {
        from + (self.rest(from).iter())
            .take_while(|byte| belongs(**byte))
            .count()
    }

    /// Reads the first mark of the language that opens at `start`: its end and class.
    fn marked(&self, start: usize) -> Option<(usize, Class)> {
        let rest = self.rest(start);
        self.language.marks.iter().find_map(|mark| {
            let opens = rest.starts_with(mark.open.as_bytes()) && self.stands(mark.place, start);
            let end = opens.then(|| self.mark_end(mark, start + mark.open.len()))??;
            Some((end, mark.class))
        })
    }

    fn stands(&self, place: OpensAt, start: usize) -> bool {
        let before = start.checked_sub(1).and_then(|at| self.code.get(at));
        let before = before.copied().unwrap_or(b'\n');
        match place {
            OpensAt::Anywhere => true,
            OpensAt::Apart => !self.continues_word(before),
            OpensAt::AfterBlank => is_blank(before) || is_line_end(before),
            OpensAt::AfterEquals => before == b'=',
            OpensAt::LeadsLine => self.leads_line,
            OpensAt::Column => is_line_end(before),
        }
    }

    /// Finds where a mark that opened just before `from` ends; `None` if it is none.
    fn mark_end(&self, mark: &Mark, from: usize) -> Option<usize> {
        match mark.end {
            End::Line => Some(self.run(from, |byte| !is_line_end(byte))),
            End::Word => Some(self.word_end(from)).filter(|end| *end > from),
            End::Character => self.character_end(from),
            End::Close(close, escape, reach) => Some(self.closed(from, close, escape, reach)),
        }
    }

    /// Finds the end of a closed stretch; an unclosed one takes all in its reach.
    fn closed(&self, from: usize, close: &str, escape: Escape, reach: Extent) -> usize {
        let mut at = from;
        while let Some(&byte) = self.code.get(at) {
            if reach == Extent::Line && is_line_end(byte) {
                return at;
            }
            if self.rest(at).starts_with(close.as_bytes()) {
                return at + close.len();
            }
            at += 1;
            // The escaped byte is skipped, but a line end still has to be seen.
            let escapes = byte == b'\\' && escape == Escape::Backslash;
            at += usize::from(escapes && !self.rest(at).first().is_some_and(|b| is_line_end(*b)));
        }
        self.code.len()
    }

    /// Finds the end of a quoted character or short escape such as `\u{1F600}`.
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

    /// Finds the end of a number with its suffix, as in `0xFF`, `1_000u64`, `2.5e-3` or `1h30m`.
    fn number_end(&self, start: usize) -> usize {
        let joints = self.language.numbers.unwrap_or_default().as_bytes();
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

    /// Tells from what follows a token whether it is a key.
    fn is_key(&self, end: usize) -> bool {
        let next = self.rest(end);
        let spaced = self.rest(self.run(end, is_blank));
        match self.language.keys {
            Keys::None => false,
            Keys::Colon => spaced.starts_with(b":"),
            Keys::ColonBlank => {
                matches!(next, [b':'] | [b':', b' ' | b'\t' | b'\r' | b'\n', ..])
            }
            Keys::Assigned => is_assignment(next),
            Keys::Equals => is_assignment(spaced),
            Keys::Label => {
                is_assignment(spaced) || matches!(spaced, [b'!', b'=' | b'~', b'"' | b'`', ..])
            }
            Keys::LeadsLine => {
                let sign = matches!(spaced, [b'=' | b':', ..] | [b'?' | b'+' | b'!', b'=', ..]);
                self.leads_line && sign
            }
        }
    }
}

fn is_assignment(next: &[u8]) -> bool {
    next.starts_with(b"=") && !matches!(next, [_, b'=' | b'>', ..])
}

/// Tells a byte of a word; every byte of a non-ASCII character is one.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Tells either half of a line end: HTML reads a lone `\r` as one too.
fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
