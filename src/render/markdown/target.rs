//! Writes the targets of Markdown links.

use super::edit::Rewriter;
use std::borrow::Cow;

/// Returns `target` as the destination of a link, between `(` and `)`.
pub fn destination(target: &str) -> Cow<'_, str> {
    let mut out = Rewriter::new(target);
    for (at, byte) in target.bytes().enumerate() {
        match byte {
            0..=b' ' | 0x7F => out.replace(at..at + 1, &format!("%{byte:02X}")),
            b'(' | b')' | b'<' | b'>' | b'\\' | b'&' | b'|' => out.backslash(at),
            _ => {}
        }
    }
    out.finish()
}

/// Returns the end of a link, from the bracket that closes its text.
pub(super) fn tail(target: &str, title: &str) -> String {
    let mut tail = format!("]({}", destination(target));
    if !title.is_empty() {
        tail.push_str(" \"");
        for c in title.chars() {
            match c {
                '"' | '\\' | '&' | '|' | '<' => tail.extend(['\\', c]),
                '\n' | '\r' => tail.push(' '),
                _ => tail.push(c),
            }
        }
        tail.push('"');
    }
    tail.push(')');
    tail
}
