//! Writes the part of a Markdown link that stands behind its words.

use super::edit::Rewriter;
use std::borrow::Cow;

/// Gives `target` as the destination of a link, to stand between `(` and `)`.
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

/// Gives what follows the words of a link, from the bracket that closes them.
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
