//! Makes characters visible that a terminal would interpret or hide.
//!
//! Input may contain escape sequences, and characters that reverse or hide the text after them.
//! They are shown as `<U+202E>`, so that a person sees them and a terminal does not act on them.

use crate::source::is_hidden;
use std::borrow::Cow;
use std::fmt::Write;

pub fn push(text: &mut String, character: char) {
    if is_hidden(character) {
        // Writing to a string cannot fail.
        let _ = write!(text, "<U+{:04X}>", u32::from(character));
    } else {
        text.push(character);
    }
}

/// Returns a text of several lines that is safe to print.
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    text.chars()
        .for_each(|character| push(&mut shown, character));
    Cow::Owned(shown)
}

/// Returns a text that is safe to print on one line.
pub fn line(text: &str) -> Cow<'_, str> {
    match lines(text) {
        shown if shown.contains(['\n', '\t']) => {
            Cow::Owned(shown.replace('\n', "<U+000A>").replace('\t', "<U+0009>"))
        }
        shown => shown,
    }
}
