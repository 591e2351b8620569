//! The forms in which a file can say something: as it is, and behind the usual encodings.

use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// How many encodings inside each other are undone.
const DEPTH: usize = 3;

/// How large a compressed file may become, in bytes.
const INFLATED: u64 = 64 * 1024 * 1024;

/// The shortest run of letters that is taken for base64.
const RUN: usize = 16;

/// Lists the texts that a file holds: first as it stands, then decoded.
///
/// Undone are gzip, base64, percent signs, character references of HTML, and the
/// backslashes of JSON and Markdown.
#[must_use]
pub fn forms(bytes: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    collect(bytes, DEPTH, &mut forms);
    forms
}

fn collect(bytes: &[u8], depth: usize, forms: &mut Vec<String>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let unescaped = unescaped(&text);
    let inside = if depth == 0 {
        Vec::new()
    } else {
        encoded(&text).chain(inflated(bytes)).collect()
    };
    forms.push(text);
    forms.extend(unescaped);
    for bytes in inside {
        collect(&bytes, depth - 1, forms);
    }
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut inflated = Vec::new();
    // What is broken at its end is read up to there.
    let _ = flate2::read::MultiGzDecoder::new(bytes)
        .take(INFLATED)
        .read_to_end(&mut inflated);
    Some(inflated)
}

/// Decodes every run of letters that could be base64 and gives text.
///
/// A run may be broken into lines, as in mail.
fn encoded(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = GeneralPurpose::new(&alphabet::STANDARD, lenient);
    let for_addresses = GeneralPurpose::new(&alphabet::URL_SAFE, lenient);
    let is_code = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
    text.split(move |letter: char| !is_code(letter) && letter != '\n' && letter != '\r')
        .filter(|run| run.len() >= RUN)
        .flat_map(|run| {
            let lines: Vec<&str> = run.split_ascii_whitespace().collect();
            let whole = (lines.len() > 1).then(|| lines.concat());
            let each = lines.into_iter().map(str::to_owned);
            whole
                .into_iter()
                .chain(each.filter(|line| line.len() >= RUN))
        })
        .filter_map(move |run| {
            let engine = if run.contains(['-', '_']) {
                &for_addresses
            } else {
                &standard
            };
            let kept = run.len() - usize::from(run.len() % 4 == 1);
            let decoded = engine.decode(run.get(..kept)?).ok()?;
            let is_text = std::str::from_utf8(&decoded).is_ok_and(|text| {
                !text.contains(|letter: char| letter.is_control() && !letter.is_whitespace())
            });
            (is_text || decoded.starts_with(&[0x1f, 0x8b])).then_some(decoded)
        })
}

/// Undoes percent signs, character references and backslashes; nothing where there are none.
fn unescaped(text: &str) -> Option<String> {
    if !text.contains(['%', '&', '\\']) {
        return None;
    }
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['%', '&', '\\']) {
        let (before, escape) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        let read = match escape.as_bytes().first() {
            Some(b'%') => percent(escape, &mut out),
            Some(b'&') => reference(escape, &mut out),
            _ => backslash(escape, &mut out),
        };
        rest = read.unwrap_or_else(|| {
            let (sign, after) = escape.split_at(1);
            out.extend_from_slice(sign.as_bytes());
            after
        });
    }
    out.extend_from_slice(rest.as_bytes());
    Some(String::from_utf8_lossy(&out).into_owned())
}

fn percent<'t>(escape: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let (digits, rest) = escape.get(1..)?.split_at_checked(2)?;
    out.push(u8::from_str_radix(digits, 16).ok()?);
    Some(rest)
}

fn reference<'t>(escape: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let (name, rest) = escape.get(1..)?.split_once(';')?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "commat" => '@',
        "period" => '.',
        "lowbar" => '_',
        "num" => '#',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    Some(rest)
}

fn backslash<'t>(escape: &'t str, out: &mut Vec<u8>) -> Option<&'t str> {
    let rest = escape.get(1..)?;
    let letter = rest.chars().next()?;
    let after = rest.get(letter.len_utf8()..)?;
    let (code, after) = match letter {
        'n' | 'r' | 't' => (u32::from(' '), after),
        'u' => {
            let (digits, after) = after.split_at_checked(4)?;
            (u32::from_str_radix(digits, 16).ok()?, after)
        }
        'x' => {
            let (digits, after) = after.split_at_checked(2)?;
            (u32::from_str_radix(digits, 16).ok()?, after)
        }
        _ if letter.is_ascii_punctuation() => (u32::from(letter), after),
        _ => return None,
    };
    out.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes());
    Some(after)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    }

    #[test]
    fn a_name_is_found_behind_every_encoding() {
        let name = "Ágnes O'Connor_7";
        let code =
            base64::engine::general_purpose::STANDARD.encode(format!("to {name}, with thanks"));
        let (first, second) = code.split_at(20);
        let cases: Vec<Vec<u8>> = vec![
            name.into(),
            "&#193;gnes O&#x27;Connor&lowbar;7".into(),
            "%C3%81gnes%20O%27Connor_7".into(),
            r"\u00c1gnes O'Connor_7".into(),
            r"Ágnes O\'Connor\_7".into(),
            code.clone().into(),
            format!("data:text/plain;base64,{code}").into(),
            format!("{first}\r\n{second}").into(),
            packed(name),
            packed(&code),
            base64::engine::general_purpose::URL_SAFE_NO_PAD
                .encode(packed(name))
                .into(),
        ];
        for case in cases {
            let found = forms(&case).iter().any(|form| form.contains(name));
            assert!(found, "{:?}", String::from_utf8_lossy(&case));
        }
    }

    #[test]
    fn the_first_form_is_the_file_as_it_stands() {
        assert_eq!(forms(b"a %41 b"), ["a %41 b", "a A b"]);
        assert_eq!(forms(b""), [""]);
        assert_eq!(forms(b"100% & \\"), ["100% & \\", "100% & \\"]);
    }
}
