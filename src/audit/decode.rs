//! The texts in a file: as it is, and decoded from the usual encodings.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::plain::plain;

/// The maximum number of nested encodings to decode.
const DEPTH: usize = 3;

/// The maximum decompressed size of a file, in bytes.
const INFLATED: u64 = 64 * 1024 * 1024;

/// The minimum length of base64, which is nine bytes of a name.
const RUN: usize = 12;

/// The minimum length of hexadecimal.
const DIGITS: usize = 8;

/// Returns the texts in a file: first the file itself, then its decoded forms.
///
/// Decodes gzip, base64, hexadecimal and UTF-16, and simplifies each text with [`plain`].
#[must_use]
pub fn forms(bytes: &[u8]) -> Vec<String> {
    let mut forms = Vec::new();
    collect(bytes, DEPTH, &mut forms);
    forms
}

/// Returns bytes as text; nearly all are, and to find that out is ten times as fast as to replace what is not.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn collect(bytes: &[u8], depth: usize, forms: &mut Vec<String>) {
    let text = text(bytes).into_owned();
    let plain = Some(plain(&text)).filter(|plain| *plain != text);
    let inside: Vec<Vec<u8>> = if depth == 0 {
        Vec::new()
    } else {
        let packed = encoded(&text).chain(inflated(bytes));
        packed.chain(from_utf16(bytes)).collect()
    };
    forms.push(text);
    forms.extend(plain);
    for bytes in inside {
        collect(&bytes, depth - 1, forms);
    }
}

fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut inflated = Vec::new();
    // A truncated file is read up to its end.
    let _ = flate2::read::MultiGzDecoder::new(bytes)
        .take(INFLATED)
        .read_to_end(&mut inflated);
    Some(inflated)
}

/// Returns `true` if bytes look like UTF-16: by a byte order mark, or because every other byte of Latin text is zero.
fn is_wide(bytes: &[u8]) -> bool {
    let zeros = || bytes.iter().filter(|byte| **byte == 0).count();
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || (zeros() * 4 > bytes.len())
}

/// Decodes bytes that look like UTF-16, in both byte orders.
fn from_utf16(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let halves = [u16::from_le_bytes, u16::from_be_bytes];
    let halves = halves.into_iter().filter(|_| is_wide(bytes));
    halves.map(|joined| {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| joined(*pair));
        let chars = char::decode_utf16(units);
        let text: String = chars.map(|c| c.unwrap_or('\u{fffd}')).collect();
        text.into_bytes()
    })
}

/// Decodes every run of characters that is base64 or hexadecimal of a readable text.
///
/// A run may be broken into lines, as in email.
fn encoded(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = GeneralPurpose::new(&alphabet::STANDARD, lenient);
    let url_safe = GeneralPurpose::new(&alphabet::URL_SAFE, lenient);
    let is_code = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
    text.split(move |c: char| !is_code(c) && c != '\n' && c != '\r')
        .filter(|run| run.len() >= DIGITS)
        .flat_map(|run| {
            let lines: Vec<&str> = run.split_ascii_whitespace().collect();
            let whole = (lines.len() > 1).then(|| lines.concat());
            let each = lines.into_iter().map(str::to_owned);
            whole
                .into_iter()
                .chain(each.filter(|line| line.len() >= DIGITS))
        })
        .filter_map(move |run| {
            if let Some(decoded) = hexadecimal(&run) {
                return Some(decoded);
            }
            let run = Some(run).filter(|run| run.len() >= RUN)?;
            let engine = if run.contains(['-', '_']) {
                &url_safe
            } else {
                &standard
            };
            let kept = run.len() - usize::from(run.len() % 4 == 1);
            let decoded = engine.decode(run.get(..kept)?).ok()?;
            is_worth_reading(&decoded).then_some(decoded)
        })
}

fn hexadecimal(run: &str) -> Option<Vec<u8>> {
    let digits = run.strip_prefix("0x").unwrap_or(run);
    let pairs = digits.as_bytes().as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16);
    let byte = |[high, low]: &[u8; 2]| u8::try_from(value(*high)? * 16 + value(*low)?).ok();
    let decoded: Option<Vec<u8>> = pairs.0.iter().map(byte).collect();
    decoded.filter(|decoded| pairs.1.is_empty() && is_worth_reading(decoded))
}

/// Returns `true` if decoded bytes are text, or an encoding of text.
fn is_worth_reading(bytes: &[u8]) -> bool {
    let is_odd = |c: char| c.is_control() && !c.is_whitespace();
    std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(is_odd))
        || bytes.starts_with(&[0x1f, 0x8b])
        || is_wide(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::audit::plain::folded;

    fn packed(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory");
        encoder.finish().expect("memory")
    }

    fn wide(text: &str, halves: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(halves).collect()
    }

    fn hexadecimal_of(text: &str) -> Vec<u8> {
        let digits = text.bytes().map(|byte| format!("{byte:02x}"));
        digits.collect::<String>().into_bytes()
    }

    #[test]
    fn a_name_is_found_in_every_encoding() {
        let name = "Ágnes O'Connor_7";
        let code =
            base64::engine::general_purpose::STANDARD.encode(format!("to {name}, with thanks"));
        let (first, second) = code.split_at(20);
        let cases: Vec<Vec<u8>> = vec![
            name.into(),
            "%C3%81gnes%20O%27Connor_7".into(),
            wide(name, u16::to_le_bytes),
            wide(name, u16::to_be_bytes),
            wide(&format!("\u{feff}数{name}"), u16::to_le_bytes),
            hexadecimal_of(name),
            format!(
                "0x{}",
                String::from_utf8_lossy(&hexadecimal_of(name)).to_uppercase()
            )
            .into(),
            base64::engine::general_purpose::STANDARD
                .encode(wide(name, u16::to_le_bytes))
                .into(),
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
            let names = [name.to_owned(), folded(name)];
            let found = forms(&case)
                .iter()
                .any(|form| names.iter().any(|name| form.contains(name)));
            assert!(found, "{:?}", String::from_utf8_lossy(&case));
        }
    }

    #[test]
    fn the_first_form_is_the_file_itself() {
        assert_eq!(forms(b"a %41 b"), ["a %41 b", "a A b"]);
        assert_eq!(forms(b""), [""]);
        assert_eq!(forms(b"100% & \\"), ["100% & \\"]);
    }
}
