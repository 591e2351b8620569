//! Escapes text for HTML.

#![expect(clippy::indexing_slicing, reason = "a table of 256 answers every byte")]

/// The bytes that text does not contain unescaped.
const SPECIAL: [bool; 256] = table(b"&<>\"\x7F\xC2\xEF", 0x20);

/// The bytes that may be markup of Markdown or HTML.
const MARKUP: [bool; 256] = table(b"&<>\"\x7F\xC2\xEF\\`*_~[]!", 0x20);

/// The bytes of a target that are not percent-encoded.
const TARGET: [bool; 256] = table(
    b"-._~:/?#[]@!$()*+,;=%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    0,
);

/// Returns a table of `bytes`, and of those below `controls`.
const fn table(bytes: &[u8], controls: usize) -> [bool; 256] {
    let mut table = [false; 256];
    let mut rest = bytes;
    while let [byte, after @ ..] = rest {
        table[*byte as usize] = true;
        rest = after;
    }
    let mut control = 0;
    while control < controls {
        table[control] = true;
        control += 1;
    }
    table
}

/// Returns `true` if a line is the same in Markdown, in HTML and on the screen.
pub(super) fn is_plain(line: &str) -> bool {
    !line.bytes().any(|byte| MARKUP[usize::from(byte)])
}

/// Appends `text` as the content of an element.
///
/// Characters that HTML forbids become `U+FFFD`.
pub fn push_text(text: &str, out: &mut String) {
    push(text, "\"", out);
}

/// Appends `text` as the value of an attribute in double quotes.
pub fn push_attribute(text: &str, out: &mut String) {
    push(text, "&quot;", out);
}

/// Appends a target as the value of an attribute, percent-encoded where URLs must be.
pub(super) fn push_target(target: &str, out: &mut String) {
    for byte in target.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            _ if TARGET[usize::from(byte)] => out.push(char::from(byte)),
            _ => {
                let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half & 15)]);
                out.extend(['%', digit(byte >> 4), digit(byte)]);
            }
        }
    }
}

fn push(text: &str, quote: &str, out: &mut String) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !SPECIAL[usize::from(byte)] {
            continue;
        }
        let mut length = 1;
        let with = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => quote,
            b'\t' | b'\n' => continue,
            0xC2 | 0xEF => {
                let c = text.get(at..).and_then(|rest| rest.chars().next());
                match c {
                    Some(c) if is_forbidden(c) => length = c.len_utf8(),
                    _ => continue,
                }
                "\u{FFFD}"
            }
            _ => "\u{FFFD}",
        };
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push_str(with);
        copied = at + length;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

/// Returns `true` for a control character and for a noncharacter.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_keep_every_character_that_html_allows() {
        let text = "a<b> & \"c\" '\u{e9}\u{a0}\u{ff01}\t\n\u{0}\u{1b}\u{7f}\u{85}\u{ffff}";
        let mut out = String::new();
        push_text(text, &mut out);
        let end = "'\u{e9}\u{a0}\u{ff01}\t\n\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}";
        assert_eq!(out, format!("a&lt;b&gt; &amp; \"c\" {end}"));
        out.clear();
        push_attribute(text, &mut out);
        assert_eq!(out, format!("a&lt;b&gt; &amp; &quot;c&quot; {end}"));
    }

    #[test]
    fn a_target_is_percent_encoded() {
        let mut out = String::new();
        push_target("a b/\u{e9}?c=d&e='\"<%20#f", &mut out);
        assert_eq!(out, "a%20b/%C3%A9?c=d&amp;e=%27%22%3C%20#f");
    }
}
