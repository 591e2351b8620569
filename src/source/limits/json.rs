//! Counts levels, entries and string lengths of a JSON text.

use super::{Counter, Excess, Limits};
use crate::source::Span;

pub fn check(text: &str, limits: &Limits) -> Result<(), Excess> {
    let mut counter = Counter::new(limits);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let span = Span::new(at, at + 1);
        at += 1;
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                counter.string(Span::new(span.start, at))?;
            }
            b'[' | b'{' => {
                counter.token(span)?;
                counter.open(counter.inner_depth() + 1, span)?;
            }
            b']' | b'}' => {
                counter.open.pop();
            }
            b',' => {
                counter.token(span)?;
                counter.entry(span)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the end of a string whose opening quote is just before `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}
