//! Converts text to the form that a reader sees: unescaped, without tags, with single spaces and normalized characters.

use std::borrow::Cow;

use super::accent;

/// The maximum number of nested escapes to undo.
const ROUNDS: usize = 4;

/// The maximum length of a character reference's name, in bytes.
const NAME: usize = 14;

/// The maximum length of a tag, in bytes.
const TAG: usize = 8192;

/// Elements that may be inside a word without separating it.
const INSIDE_WORDS: &[&str] = &[
    "a", "abbr", "b", "code", "em", "font", "i", "kbd", "mark", "s", "small", "span", "strong",
    "sub", "sup", "time", "u", "wbr",
];

/// Returns a text as a reader sees it, followed by the content of its tags.
pub(super) fn plain(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match unescaped(&text) {
            Some(undone) => text = Cow::Owned(undone),
            None => break,
        }
    }
    flat(&text)
}

/// Normalizes spaces and characters, as [`plain`] does.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push(text, &mut out);
    out.truncate(out.trim_end().len());
    out
}

/// Removes tags, and appends the content of those with attributes or comments.
fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut contents = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        push(before, &mut out);
        rest = match inside(tag) {
            Some(inside) => {
                if !is_inside_words(inside) {
                    push(" ", &mut out);
                }
                if inside.contains(['=', '-']) {
                    contents.push(inside);
                }
                tag.get(inside.len() + 2..).unwrap_or_default()
            }
            None => {
                push("<", &mut out);
                tag.get(1..).unwrap_or_default()
            }
        };
    }
    push(rest, &mut out);
    for inside in contents {
        push(" ", &mut out);
        push(inside, &mut out);
    }
    out
}

/// Returns the text between `<` and `>` of the tag at the start of a text, or `None` if there is no tag.
fn inside(tag: &str) -> Option<&str> {
    let bytes = tag.as_bytes().get(1..)?;
    let is_start = |byte: &u8| byte.is_ascii_alphabetic() || b"/!?".contains(byte);
    bytes.first().filter(|byte| is_start(byte))?;
    let end = bytes.iter().take(TAG).position(|byte| *byte == b'>')?;
    tag.get(1..=end)
}

fn is_inside_words(tag: &str) -> bool {
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric());
    let name = name.into_iter().next().unwrap_or_default();
    let is_it = |known: &&str| name.eq_ignore_ascii_case(known);
    INSIDE_WORDS.iter().any(is_it)
}

/// Appends a text with single spaces and normalized characters.
///
/// ASCII keeps its case, which distinguishes a name from a common word.
fn push(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '!'..='~' => out.push(c),
            _ if c.is_whitespace() || c.is_control() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            // Invisible characters: soft hyphens, joiners, and controls of direction and variation.
            '\u{ad}'
            | '\u{34f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' => {}
            // A combining character applies to the one before it.
            '\u{300}'..='\u{36f}' => {
                let bare = out.chars().next_back();
                match bare.and_then(|bare| accent::composed(bare, c)) {
                    Some(composed) => {
                        out.pop();
                        out.push(composed);
                    }
                    None => out.push(c),
                }
            }
            '\u{2018}' | '\u{2019}' | '\u{2bc}' => out.push('\''),
            '\u{2010}' | '\u{2011}' => out.push('-'),
            // Full-width ASCII.
            '\u{ff01}'..='\u{ff5e}' => out.extend(char::from_u32(u32::from(c) - 0xfee0)),
            // Converting to uppercase first makes `ß` and `ẞ`, `σ` and `ς` equal.
            _ => {
                let capital = c.to_lowercase().flat_map(char::to_uppercase);
                out.extend(capital.flat_map(char::to_lowercase));
            }
        }
    }
}

/// Decodes percent encoding, quoted-printable, character references and backslashes; `None` if there are none.
fn unescaped(text: &str) -> Option<String> {
    let is_sign = |byte: &u8| matches!(byte, b'%' | b'&' | b'\\' | b'=');
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(ahead) = text.as_bytes().get(at..)?.iter().position(is_sign) {
        at += ahead;
        let escape = text.get(at..)?;
        let undone = match escape.as_bytes().first() {
            Some(b'&') => reference(escape),
            Some(b'\\') => backslash(escape),
            _ => bytes(escape),
        };
        if let Some((decoded, length)) = undone {
            out.push_str(text.get(kept..at)?);
            out.push_str(&decoded);
            at += length;
            kept = at;
        } else {
            at += 1;
        }
    }
    if kept == 0 {
        return None;
    }
    out.push_str(text.get(kept..)?);
    Some(out)
}

/// A decoded escape, with the length of the escape in bytes.
type Undone = Option<(String, usize)>;

/// Decodes consecutive `%41` or `=41`; `None` if they are not valid UTF-8.
fn bytes(escape: &str) -> Undone {
    let sign = escape.get(..1)?;
    if sign == "=" {
        // A soft line break of quoted-printable.
        let end = ["\r\n", "\n"]
            .iter()
            .find(|end| escape.get(1..).is_some_and(|rest| rest.starts_with(**end)));
        if let Some(end) = end {
            return Some((String::new(), 1 + end.len()));
        }
    }
    let mut read = Vec::new();
    let mut rest = escape;
    while let Some(digits) = rest.strip_prefix(sign).and_then(|rest| rest.get(..2)) {
        let Some(byte) = hexadecimal(digits).and_then(|byte| u8::try_from(byte).ok()) else {
            break;
        };
        read.push(byte);
        rest = rest.get(3..)?;
    }
    let valid = match std::str::from_utf8(&read) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(read.get(..error.valid_up_to())?).ok()?,
    };
    (!valid.is_empty()).then(|| (valid.to_owned(), 3 * valid.len()))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let is_one = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_one.then(|| u32::from_str_radix(digits, 16).ok())?
}

fn reference(escape: &str) -> Undone {
    let name = escape.get(1..)?;
    let (sign, is_digit): (usize, fn(&u8) -> bool) = match name.as_bytes() {
        [b'#', b'x' | b'X', ..] => (2, u8::is_ascii_hexdigit),
        [b'#', ..] => (1, u8::is_ascii_digit),
        _ => (0, u8::is_ascii_alphabetic),
    };
    let rest = name.as_bytes().get(sign..)?;
    let length = sign
        + rest
            .iter()
            .take(NAME)
            .take_while(|byte| is_digit(byte))
            .count();
    let (name, rest) = name.split_at_checked(length)?;
    let is_closed = rest.starts_with(';');
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" | "NewLine" => ' ',
        "shy" | "zwnj" | "zwj" | "ZeroWidthSpace" => '\u{ad}',
        "lsquo" | "rsquo" => '\'',
        "hyphen" | "dash" => '-',
        "commat" => '@',
        "period" => '.',
        "lowbar" => '_',
        "num" => '#',
        _ => {
            let code = |number: &str| {
                char::from_u32(match number.strip_prefix(['x', 'X']) {
                    Some(digits) => hexadecimal(digits)?,
                    None => number.parse().ok()?,
                })
            };
            match name.strip_prefix('#') {
                Some(number) => code(number)?,
                None => accent::named(name)?,
            }
        }
    };
    // Browsers accept a numeric reference without a semicolon, too.
    (is_closed || sign > 0).then(|| (c.to_string(), 1 + length + usize::from(is_closed)))
}

fn backslash(escape: &str) -> Undone {
    let rest = escape.get(1..)?;
    let c = rest.chars().next()?;
    let code = |digits: Option<&str>| hexadecimal(digits?);
    match c {
        'n' | 'r' | 't' | '\n' => Some((" ".to_owned(), 2)),
        'u' if rest.starts_with("u{") => {
            let end = rest.bytes().take(NAME).position(|byte| byte == b'}')?;
            let c = char::from_u32(code(rest.get(2..end))?)?;
            Some((c.to_string(), end + 2))
        }
        'u' => {
            let first = code(rest.get(1..5))?;
            if let Some(c) = char::from_u32(first) {
                return Some((c.to_string(), 6));
            }
            let second = code(
                rest.get(5..)?
                    .strip_prefix("\\u")
                    .and_then(|rest| rest.get(..4)),
            )?;
            let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            Some((String::from_utf16(&pair).ok()?, 12))
        }
        'x' => Some((char::from_u32(code(rest.get(1..3))?)?.to_string(), 4)),
        _ if c.is_ascii_punctuation() => Some((c.to_string(), 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let name = "Ágnes O'Connor_7";
        let cases = [
            "ÁGNES O'Connor_7",
            "Ágnes  O’Connor_7",
            "Ágnes\r\n   O'Connor_7",
            "Ágnes\u{a0}O'Connor_7",
            "Ágnes\u{200b} O'Con\u{ad}nor_7",
            "<b>Ág</b>nes <em class=\"x\">O'Connor</em>_7",
            "Ágnes<br>O'Connor_7",
            "<td>Ágnes</td>\n<td>O'Connor_7</td>",
            "<a title=\"Ágnes O&#x27;Connor_7\">him</a>",
            "<!-- Ágnes O'Connor_7 -->",
            "&#193;gnes O&#x27;Connor&lowbar;7",
            "&#193gnes&nbsp;O&apos;Connor&#95;7",
            "&amp;#193;gnes O&amp;amp;#39;Connor_7",
            "%C3%81gnes%20O%27Connor_7",
            "%25C3%2581gnes%2520O%2527Connor_7",
            "=C3=81gnes O'Con=\r\nnor_7",
            r"\u00c1gnes O'Connor_7",
            r"\u{c1}gnes\nO\x27Connor\_7",
            r"\\u00c1gnes O\\'Connor_7",
            "A\u{301}gnes O'Connor_7",
            "&Aacute;gnes&Tab;O&rsquo;Con&shy;nor_7",
            "&lt;b&gt;Ág&lt;/b&gt;nes O'Connor_7",
        ];
        for case in cases {
            let found = plain(case).to_lowercase().contains(&name.to_lowercase());
            assert!(found, "{case}: {}", plain(case));
        }
    }

    #[test]
    fn other_text_is_unchanged() {
        for text in [
            "100% & \\ =",
            "a < b > c",
            "50%Acme",
            "=AC me",
            "&Acme; &#xZZ;",
            "<",
            "%",
            "\\u12",
        ] {
            assert_eq!(plain(text), text);
        }
        assert_eq!(plain("Groß ΣΊΣΥΦΟΣ"), plain("Groẞ Σίσυφος"));
        assert_eq!(plain(r"\ud83d\ude00"), "😀");
    }
}
