//! Parses JSON's numbers and words, and reports any other unquoted text.

use serde::de::IgnoredAny;

use super::{Abort, Reader};
use crate::source::{Node, SYNTAX, SourceError, Span, Syntax, Value, bare, number};

impl<'t> Reader<'t, '_, '_> {
    pub(super) fn number(&mut self) -> Result<Value<'t>, Abort> {
        let start = self.at;
        let rest = self.rest();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
        let length = rest
            .bytes()
            .position(|byte| !is_part(byte))
            .unwrap_or(rest.len());
        let typed = rest.get(..length).unwrap_or_default();
        let span = Span::new(start, start + length);
        if typed == "-Infinity" || typed == "-NaN" {
            self.at = span.end;
            self.report(no_such_number(typed, span))?;
            return Ok(Value::Null);
        }
        let value_span = self.bare(start);
        let is_ended = rest.get(length..).is_some_and(|after| {
            after.is_empty() || after.starts_with([' ', '\t', '\r', '\n', ',', ']', '}', '/'])
        });
        let is_number = serde_json::from_str::<IgnoredAny>(typed).is_ok();
        let is_parted = number::without_separators(value_span.slice(self.text)).is_some();
        if !is_number || !is_ended || is_parted {
            return self.unquoted(value_span);
        }
        self.at = span.end;
        let is_integer = !typed.contains(['.', 'e', 'E']) && typed != "-0";
        let integer = typed.parse::<i128>().ok().filter(|_| is_integer);
        if let Some(value) = integer
            && (i64::MIN.into()..=u64::MAX.into()).contains(&value)
        {
            return Ok(Value::Integer(value));
        }
        let value = typed.parse::<f64>().unwrap_or(f64::INFINITY);
        if value.is_infinite() {
            self.report(SourceError::too_large(typed, span))?;
        }
        let text = typed.into();
        Ok(Value::Float { value, text })
    }

    /// Reads `true`, `false` or `null`; anything else without quotes is an error.
    pub(super) fn word(&mut self) -> Result<Value<'t>, Abort> {
        let start = self.at;
        let word = self.take_word();
        self.at = start;
        let span = Span::new(start, start + word.len());
        let known = match word {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        if let Some(value) = known {
            self.at = span.end;
            return Ok(value);
        }
        let error = match word {
            "NaN" | "Infinity" | "nan" | "inf" => no_such_number(word, span),
            "True" | "False" | "TRUE" | "FALSE" => {
                let value = word.to_lowercase();
                SourceError::new(SYNTAX, span, format!("`{word}` is not a valid JSON value"))
                    .write(span, value)
            }
            "None" | "NULL" | "Null" | "undefined" | "nil" => {
                SourceError::new(SYNTAX, span, format!("`{word}` is not a valid JSON value"))
                    .help("leave the key out, or write `null`")
            }
            _ => return self.unquoted(self.bare(start)),
        };
        self.at = span.end;
        self.report(error)?;
        Ok(Value::Null)
    }

    /// Finds the end of an unquoted value: a comma, a bracket, or the end of the line.
    fn bare(&self, start: usize) -> Span {
        let rest = self.text.get(start..).unwrap_or_default();
        let end = rest.find([',', ']', '}', '\n']).unwrap_or(rest.len());
        let value = rest.get(..end).unwrap_or_default().trim_end();
        let comment = [" //", " #", " /*"]
            .iter()
            .filter_map(|sign| value.find(sign))
            .min();
        let value = value
            .get(..comment.unwrap_or(value.len()))
            .unwrap_or_default()
            .trim_end();
        let length = match value.find('"') {
            // A quote only at the end belongs to a string whose opening quote is missing.
            Some(quote) if quote + 1 < value.len() => {
                value.get(..quote).unwrap_or_default().trim_end().len()
            }
            _ => value.len(),
        };
        Span::new(start, start + length)
    }

    /// Reports an unquoted value, and continues after it.
    fn unquoted(&mut self, span: Span) -> Result<Value<'t>, Abort> {
        let value = self.typed.slice(span).to_owned();
        if value.is_empty() {
            let span = Span::new(span.start, span.start + self.width());
            return self.abort(
                span,
                "expected a value",
                "write a value, such as `\"text\"`",
            );
        }
        self.at = span.end;
        let is_whole = is_followed_by_member(self.rest());
        self.report(unquoted(&value, span).certain_if(is_whole))?;
        Ok(Value::Null)
    }

    /// Joins the groups of a number that has commas between its thousands, in a table.
    ///
    /// In a table a comma comes before a key, which cannot start with a digit. Returns `true` if such
    /// groups were found and reported.
    pub(super) fn separated(&mut self, node: &Node<'t>) -> Result<bool, Abort> {
        if !matches!(node.value, Value::Integer(_)) || self.peek() != Some(b',') {
            return Ok(false);
        }
        let rest = self.rest();
        let is_part = |character: char| character == ',' || character.is_ascii_digit();
        let length = rest
            .find(|character| !is_part(character))
            .unwrap_or(rest.len());
        let length = rest
            .get(..length)
            .unwrap_or_default()
            .trim_end_matches(',')
            .len();
        let span = Span::new(node.span.start, self.at + length);
        let typed = span.slice(self.text).to_owned();
        if number::without_separators(&typed).is_none() {
            return Ok(false);
        }
        self.at = span.end;
        self.report(unquoted(&typed, span))?;
        Ok(true)
    }

    /// Reads letters, digits and the characters that may join them.
    pub(super) fn take_word(&mut self) -> &'t str {
        let start = self.at;
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || "_-+.$".contains(c);
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        self.text.get(start..self.at).unwrap_or_default()
    }
}

/// Returns `true` if the text after a value starts as that of a complete value does, and not as more words of a text.
fn is_followed_by_member(rest: &str) -> bool {
    let rest = rest.trim_start();
    match rest.strip_prefix(',') {
        Some(next) => next.trim_start().starts_with(['"', '{', '}', ']']),
        None => rest.starts_with(['}', ']']),
    }
}

fn unquoted(value: &str, span: Span) -> SourceError {
    bare::known(value, span, Syntax::Json)
        .or_else(|| bare::number_like(value, span))
        .unwrap_or_else(|| bare::text(value, span))
}

fn no_such_number(word: &str, span: Span) -> SourceError {
    SourceError::new(SYNTAX, span, format!("JSON has no number `{word}`"))
        .help("write a number, or leave the key out")
}
