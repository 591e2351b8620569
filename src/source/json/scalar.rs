//! Parses JSON's strings, including those with wrong or missing quotes.

use std::borrow::Cow;

use super::{Abort, Reader, within};
use crate::source::text::{literal, quoted};
use crate::source::{SYNTAX, SourceError, Span};

impl<'t> Reader<'t, '_, '_> {
    /// Reads a string. A string in single quotes is read too, and reported.
    pub(super) fn string(&mut self) -> Result<Cow<'t, str>, Abort> {
        let start = self.at;
        let Some(quote) = self.peek() else {
            return self.abort(Span::at(start), "expected a string", "write `\"text\"`");
        };
        self.at += 1;
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let special = |byte: u8| byte == quote || byte == b'\\' || byte < 0x20;
            let length = rest.bytes().position(special).unwrap_or(rest.len());
            text += rest.get(..length).unwrap_or_default();
            self.at += length;
            match self.peek() {
                Some(b'\\') => text.to_mut().push(self.escape()?),
                Some(byte) if byte == quote => break,
                Some(b'\n') | None => return self.not_ended(start, text),
                Some(byte) => {
                    let span = Span::new(self.at, self.at + 1);
                    let escape = match byte {
                        b'\t' => "\\t".to_owned(),
                        b'\r' => "\\r".to_owned(),
                        _ => format!("\\u{byte:04x}"),
                    };
                    let error =
                        SourceError::new(SYNTAX, span, format!("control character U+{byte:04X}"))
                            .help(format!("remove it, or write `{escape}`"));
                    self.report(error)?;
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        within(self.budget.string(Span::new(start, self.at)))?;
        if quote == b'"' && self.is_ended_early() {
            return self.resume_string(start, text);
        }
        if quote == b'\'' {
            let span = Span::new(start, self.at);
            let error = SourceError::new(SYNTAX, span, "JSON strings need double quotes")
                .write(span, literal(&text));
            self.report(error)?;
        }
        Ok(text)
    }

    /// Reports a string that does not end on its line, and continues after it if possible.
    fn not_ended(&mut self, start: usize, text: Cow<'t, str>) -> Result<Cow<'t, str>, Abort> {
        let span = Span::new(start, self.at);
        let string = span.slice(self.text).trim_end();
        if let Some(before) = string.strip_suffix([',', ':']) {
            return self.closed_before(start, start + before.len());
        }
        let rest = self.rest();
        let next = rest
            .find('"')
            .map(|at| (at, rest.get(at + 1..).unwrap_or_default()));
        if let Some((end, after)) = next
            && is_after_value(after)
        {
            self.at += end + 1;
            let span = Span::new(start, self.at);
            let error = SourceError::new(SYNTAX, span, "line break inside a string");
            self.report(error.help("write it on one line, with `\\n` for each line break"))?;
            return Ok(text);
        }
        let help = "end it with `\"` on the same line; write `\\n` for a line break";
        self.abort(span, "this string is not closed", help)
    }

    /// Reports a string whose closing quote is missing before a comma or colon, and continues there.
    fn closed_before(&mut self, start: usize, end: usize) -> Result<Cow<'t, str>, Abort> {
        let span = Span::new(start, end);
        let right = format!("{}\"", self.typed.slice(span));
        let error = SourceError::new(SYNTAX, span, "this string is not closed").write(span, right);
        self.report(error)?;
        self.at = end;
        Ok(self.text.get(start + 1..end).unwrap_or_default().into())
    }

    /// Returns `true` if the next character cannot follow a string.
    fn is_ended_early(&self) -> bool {
        let next = self.rest().chars().next();
        next.is_some_and(|next| next.is_alphanumeric() || "\"_'$".contains(next))
    }

    /// Continues where an unescaped or missing quote ended a string too early.
    fn resume_string(&mut self, start: usize, text: Cow<'t, str>) -> Result<Cow<'t, str>, Abort> {
        let ended = Span::new(start, self.at);
        if ended.slice(self.text) == "\"\"" && self.peek() == Some(b'"') {
            let inner = self.at + 1;
            let rest = self.text.get(inner..).unwrap_or_default();
            let end = rest
                .find("\"\"\"")
                .map_or(self.text.len(), |end| inner + end + 3);
            self.at = end;
            let error = SourceError::new(
                SYNTAX,
                Span::new(start, inner),
                "`\"\"\"` is not valid in JSON",
            )
            .help("write the text on one line between `\"`, with `\\n` for each line break");
            self.report(error)?;
            return Ok(text);
        }
        let content = Span::new(start + 1, self.at - 1).slice(self.text);
        let before = content.trim_end();
        if let Some(before) = before.strip_suffix([',', ':']) {
            return self.closed_before(start, start + 1 + before.len());
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        let is_end =
            |(at, _): &(usize, &str)| is_after_value(line.get(at + 1..).unwrap_or_default());
        let Some((end, _)) = line.match_indices('"').find(is_end) else {
            return Ok(text);
        };
        let string_span = Span::new(start, self.at + end + 1);
        let inner = self.typed.slice(Span::new(start + 1, string_span.end - 1));
        let error = SourceError::new(SYNTAX, string_span, "unescaped quote inside a string")
            .write(string_span, literal(inner));
        let inner = inner.to_owned();
        self.report(error)?;
        self.at = string_span.end;
        Ok(inner.into())
    }

    fn escape(&mut self) -> Result<char, Abort> {
        let (start, rest) = (self.at, self.rest());
        // `\n` has two bytes, `\u00e9` has six, and a pair of surrogates has twelve.
        for length in [2, 6, 12] {
            let escape = rest.get(..length).unwrap_or_default();
            if let Ok(decoded) = serde_json::from_str(&format!("\"{escape}\"")) {
                self.at += length;
                return Ok(decoded);
            }
        }
        let digits = rest.strip_prefix("\\u").and_then(|rest| rest.get(..4));
        let is_half = digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        self.at += 1;
        self.at += if is_half { 5 } else { self.width() };
        let span = Span::new(start, self.at);
        let escape = quoted(span.slice(self.text));
        let (message, help) = if is_half {
            let help = "write both halves of the surrogate pair, or the character itself";
            (format!("{escape} is half a character"), help)
        } else {
            let help = match rest.as_bytes().get(1) {
                Some(b'u') => {
                    "write `\\\\` for a backslash, or four hexadecimal digits after `\\u`"
                }
                Some(b'\'') => "write `'`: it needs no backslash",
                _ => "write `\\\\` for a backslash",
            };
            (format!("invalid JSON escape {escape}"), help)
        };
        self.report(SourceError::new(SYNTAX, span, message).help(help))?;
        Ok('\u{fffd}')
    }
}

/// Returns `true` if a text can follow a value or a key.
fn is_after_value(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t']);
    rest.is_empty() || rest.starts_with([',', ':', ']', '}', '\n'])
}
