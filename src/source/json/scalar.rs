//! Reads JSON's strings, numbers and words.

use super::{Abort, Reader};
use crate::source::text::{literal, quoted};
use crate::source::{Fault, SYNTAX, Span, Value};

impl Reader<'_> {
    /// Reads a string. A string in single quotes is read too, and reported.
    pub(super) fn string(&mut self) -> Result<String, Abort> {
        let start = self.at;
        let Some(quote) = self.peek() else {
            return self.lost(Span::at(start), "expected a string", "write `\"text\"`");
        };
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let special = |byte: u8| byte == quote || byte == b'\\' || byte < 0x20;
            let length = rest.bytes().position(special).unwrap_or(rest.len());
            text.push_str(rest.get(..length).unwrap_or_default());
            self.at += length;
            match self.peek() {
                Some(b'\\') => text.push(self.escape()?),
                Some(byte) if byte == quote => break,
                Some(b'\n') | None => {
                    let span = Span::new(start, self.at);
                    let help = "end it with `\"` on the same line; write `\\n` for a line break";
                    return self.lost(span, "this string is not closed", help);
                }
                Some(byte) => {
                    let span = Span::new(self.at, self.at + 1);
                    let fault = Fault::new(SYNTAX, span, format!("control character U+{byte:04X}"))
                        .help(format!("remove it, or write `\\u{byte:04x}`"));
                    self.note(fault)?;
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        if quote == b'\'' {
            let span = Span::new(start, self.at);
            let fault = Fault::new(SYNTAX, span, "JSON strings need double quotes")
                .help(format!("write {}", quoted(&literal(&text))))
                .replace(span, literal(&text));
            self.note(fault)?;
        }
        Ok(text)
    }

    fn escape(&mut self) -> Result<char, Abort> {
        let start = self.at;
        self.at += 1;
        let c = self.peek();
        self.at += self.width();
        let decoded = match c {
            Some(byte @ (b'"' | b'\\' | b'/')) => Some(char::from(byte)),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{c}'),
            Some(b'n') => Some('\n'),
            Some(b'r') => Some('\r'),
            Some(b't') => Some('\t'),
            Some(b'u') => return self.unicode(start),
            _ => None,
        };
        if let Some(decoded) = decoded {
            return Ok(decoded);
        }
        let span = Span::new(start, self.at);
        let message = format!("invalid JSON escape {}", quoted(span.slice(self.text)));
        let fault = Fault::new(SYNTAX, span, message).help("write `\\\\` for a backslash");
        self.note(fault)?;
        Ok('\u{fffd}')
    }

    fn unicode(&mut self, start: usize) -> Result<char, Abort> {
        let mut unit = self.hexadecimal();
        if let Some(high @ 0xd800..0xdc00) = unit
            && self.rest().starts_with("\\u")
        {
            let before_low = self.at;
            self.at += 2;
            match self.hexadecimal() {
                Some(low @ 0xdc00..0xe000) => {
                    unit = Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                }
                _ => self.at = before_low,
            }
        }
        if let Some(decoded) = unit.and_then(char::from_u32) {
            return Ok(decoded);
        }
        let span = Span::new(start, self.at);
        let typed = quoted(span.slice(self.text));
        let fault = match unit {
            Some(_) => Fault::new(SYNTAX, span, format!("{typed} is half a character"))
                .help("write both halves of the surrogate pair, or the character itself"),
            None => Fault::new(SYNTAX, span, format!("invalid JSON escape {typed}"))
                .help("write four hexadecimal digits after `\\u`"),
        };
        self.note(fault)?;
        Ok('\u{fffd}')
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    pub(super) fn number(&mut self) -> Result<Value, Abort> {
        let start = self.at;
        let rest = self.rest();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
        let length = rest
            .bytes()
            .position(|byte| !is_part(byte))
            .unwrap_or(rest.len());
        let typed = rest.get(..length).unwrap_or_default().to_owned();
        self.at += length;
        let span = Span::new(start, self.at);
        if typed == "-Infinity" || typed == "-NaN" {
            self.note(no_such_number(&typed, span))?;
            return Ok(Value::Null);
        }
        if !is_number(&typed) {
            let fault = Fault::new(
                SYNTAX,
                span,
                format!("{} is not a valid JSON number", quoted(&typed)),
            )
            .help(format!("write {} if it is text", quoted(&literal(&typed))));
            self.note(fault)?;
            return Ok(Value::Null);
        }
        let is_whole = !typed.contains(['.', 'e', 'E']) && typed != "-0";
        let whole = typed.parse::<i128>().ok().filter(|_| is_whole);
        if let Some(value) = whole
            && (i64::MIN.into()..=u64::MAX.into()).contains(&value)
        {
            return Ok(Value::Integer(value));
        }
        let value = typed.parse::<f64>().unwrap_or(f64::INFINITY);
        if value.is_infinite() {
            let message = format!("{} is too large for a number", quoted(&typed));
            let fault = Fault::new(SYNTAX, span, message).help("put it in quotes if it is text");
            self.note(fault)?;
        }
        Ok(Value::Float { value, text: typed })
    }

    /// Reads `true`, `false` or `null`; any other word is reported.
    pub(super) fn word(&mut self) -> Result<Value, Abort> {
        let start = self.at;
        let word = self.take_word().to_owned();
        let span = Span::new(start, self.at);
        let fault = match word.as_str() {
            "true" => return Ok(Value::Bool(true)),
            "false" => return Ok(Value::Bool(false)),
            "null" => return Ok(Value::Null),
            "" if self.rest().starts_with(['“', '”', '‘', '’']) => {
                let span = Span::new(start, start + self.width());
                let help = "write straight quotes: `\"text\"`";
                return self.lost(span, "strings need straight quotes", help);
            }
            "" => {
                let span = Span::new(start, start + self.width());
                return self.lost(
                    span,
                    "expected a value",
                    "write a value, such as `\"text\"`",
                );
            }
            "NaN" | "Infinity" | "nan" | "inf" => no_such_number(&word, span),
            "True" | "False" | "None" | "TRUE" | "FALSE" | "NULL" | "undefined" | "nil" => {
                let value = match word.to_lowercase().as_str() {
                    "true" => "true",
                    "false" => "false",
                    _ => "null",
                };
                Fault::new(SYNTAX, span, format!("`{word}` is not a valid JSON value"))
                    .help(format!("write `{value}`"))
                    .replace(span, value)
            }
            _ => Fault::new(
                SYNTAX,
                span,
                format!("the text {} needs quotes", quoted(&word)),
            )
            .help(format!("write {}", quoted(&literal(&word))))
            .replace(span, literal(&word)),
        };
        self.note(fault)?;
        Ok(Value::Null)
    }

    /// Reads letters, digits and the characters that may be between them.
    pub(super) fn take_word(&mut self) -> &str {
        let start = self.at;
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || "_-+.$".contains(c);
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        self.text.get(start..self.at).unwrap_or_default()
    }
}

fn no_such_number(word: &str, span: Span) -> Fault {
    Fault::new(SYNTAX, span, format!("JSON has no number `{word}`")).help("leave the key out")
}

/// Returns `true` if a text is a number by RFC 8259, section 6.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let text = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text.starts_with('0')) {
        return false;
    }
    let mut rest = text.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}
