//! Writes a message as an email (RFC 5322) that email programs open as a draft.

use super::*;

/// The sender of an email: an address, with an optional name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sender<'a> {
    name: &'a str,
    address: &'a str,
}

impl<'a> Sender<'a> {
    /// Parses `support@example.com` or `Support <support@example.com>`; `None` if the text has no valid email address.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (name, address) = match text.trim().strip_suffix('>') {
            Some(text) => text.rsplit_once('<')?,
            None => ("", text.trim()),
        };
        let is_address = address.is_ascii() && Mail::new(address).is_ok();
        is_address.then(|| Self {
            name: name.trim().trim_matches('"').trim(),
            address,
        })
    }

    /// Returns the sender as the value of a header.
    pub(super) fn header_value(self) -> String {
        let Self { name, address } = self;
        let is_atom = |byte: u8| byte.is_ascii_alphanumeric() || b" -_'".contains(&byte);
        if name.is_empty() {
            return address.to_owned();
        }
        let name = if name.bytes().all(is_atom) && name.len() <= 60 {
            name.to_owned()
        } else {
            encoded(name)
        };
        // The address is on a separate line, so that no line is too long.
        format!("{name}\r\n <{address}>")
    }
}

/// Returns an email that is ready to be sent; the same message gives the same bytes.
pub(super) fn email(
    to: &str,
    subject: Option<&str>,
    body: &str,
    message: &CustomerMessage,
) -> Vec<u8> {
    let mut mail = String::new();
    let mut header = |name: &str, value: &str| mail.push_str(&format!("{name}: {value}\r\n"));
    if let Some(from) = message.from {
        header("From", &from.header_value());
    }
    header("To", to);
    header("Subject", &header_text(subject.unwrap_or_default()));
    if let Some(sent) = message.sent {
        header("Date", &sent.at.to_rfc2822());
    }
    // Email programs open the file as a draft.
    header("X-Unsent", "1");
    header("MIME-Version", "1.0");
    header("Content-Type", "text/plain; charset=utf-8");
    header("Content-Transfer-Encoding", "base64");
    mail.push_str("\r\n");
    let body = STANDARD.encode(body.replace('\n', "\r\n"));
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(76));
        mail.push_str(line);
        mail.push_str("\r\n");
        rest = after;
    }
    mail.into_bytes()
}

/// Encodes text as the value of a header (RFC 2047), so that it cannot start another header.
fn header_text(text: &str) -> String {
    let is_plain = text.len() <= 60
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && !text.contains("=?");
    if is_plain {
        return text.to_owned();
    }
    encoded(text)
}

fn encoded(text: &str) -> String {
    let mut encoded = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        if part.len() + c.len_utf8() > 39 {
            encoded.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&part)));
            part.clear();
        }
        part.push(c);
    }
    encoded.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&part)));
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_cannot_start_another_one() {
        let cases = [
            ("Resolved: slow pages", "Resolved: slow pages"),
            (
                "a\r\nBcc: all@example.com",
                "=?utf-8?B?YQ0KQmNjOiBhbGxAZXhhbXBsZS5jb20=?=",
            ),
            ("größer", "=?utf-8?B?Z3LDtsOfZXI=?="),
            ("=?utf-8?B?YQ==?=", "=?utf-8?B?PT91dGYtOD9CP1lRPT0/PQ==?="),
        ];
        for (text, expected) in cases {
            assert_eq!(header_text(text), expected);
        }
        let long = header_text(&"é".repeat(100));
        assert!(long.split("\r\n ").all(|word| word.len() <= 75), "{long}");
    }
}
