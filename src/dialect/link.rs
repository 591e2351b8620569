//! Decides where links and images may point.
//!
//! Targets are as CommonMark decoded them, so entities and backslashes hide nothing. Targets that are not known to be
//! harmless are rejected and shown as text.

use super::percent_decoded;

/// The kind of an allowed target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkTarget {
    Web,
    Mail,
    Site,
}

/// Returns `true` if a link may point to `target`: http, https, mailto without a query, or relative.
pub fn allowed(target: &str) -> bool {
    classify(target).is_some()
}

/// Returns `true` if a text may keep `target` on any page: it leads to another host or to an address.
pub fn is_portable(target: &str) -> bool {
    allowed(target) && !is_relative(target)
}

/// Returns `true` if a text may keep `target` on each page that shows the whole text.
pub fn is_portable_or_part(target: &str) -> bool {
    is_portable(target) || (target.starts_with('#') && allowed(target))
}

/// Returns `true` if `target` is allowed and leads to another host.
pub fn is_external(target: &str) -> bool {
    classify(target) == Some(LinkTarget::Web)
}

/// Returns `true` if `target` is allowed and leads to no other host, the only kind for images.
pub fn is_relative(target: &str) -> bool {
    classify(target) == Some(LinkTarget::Site)
}

fn classify(target: &str) -> Option<LinkTarget> {
    // Browsers read a backslash as a slash, so what looks like a path may name a host.
    if target.is_empty() || target.contains('\\') || has_hidden_part(target) {
        return None;
    }
    let (scheme, rest) = match target.find([':', '/', '?', '#']) {
        Some(at) if target.as_bytes().get(at) == Some(&b':') => {
            (target.get(..at)?, target.get(at + 1..)?)
        }
        _ => return is_path(target).then_some(LinkTarget::Site),
    };
    if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") {
        return names_host(rest).then_some(LinkTarget::Web);
    }
    let mail = scheme.eq_ignore_ascii_case("mailto") && is_address(rest);
    mail.then_some(LinkTarget::Mail)
}

/// Returns `true` if readers would not see all of `target`, or a browser would drop a part.
fn has_hidden_part(target: &str) -> bool {
    target.starts_with(' ')
        || target.ends_with(' ')
        || target.chars().any(|c| {
            c.is_control()
                || (c.is_whitespace() && c != ' ')
                || matches!(
                    c,
                    '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                        | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
                )
        })
}

/// Returns `true` if a target without a scheme has none after percent-decoding either.
fn is_path(target: &str) -> bool {
    let decoded = percent_decoded(target);
    let first = decoded
        .split(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .next();
    !target.starts_with("//")
        && !decoded.starts_with(b"//")
        && !first.is_some_and(|first| first.contains(&b':'))
        && !decoded
            .iter()
            .any(|byte| byte.is_ascii_control() || *byte == b'\\')
}

/// Returns `true` if the text after `http:` names a host plainly.
///
/// `https://known.example@other.example` shows one host and opens another, so a user and encoded characters are
/// rejected before the path.
fn names_host(rest: &str) -> bool {
    let Some(rest) = rest.strip_prefix("//") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'))
}

/// Returns `true` if the text after `mailto:` is one address and nothing else.
fn is_address(rest: &str) -> bool {
    let is_allowed = |c: char| c.is_alphanumeric() || "!#$'*+-./^_{|}~@".contains(c);
    rest.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty() && !host.contains('@'))
        && rest.chars().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Targets and their kinds.
    const TARGETS: &[(&str, Option<LinkTarget>)] = &[
        ("https://example.com/a?b=c#d", Some(LinkTarget::Web)),
        ("HTTP://example.com:8080", Some(LinkTarget::Web)),
        ("http://[::1]/x", Some(LinkTarget::Web)),
        ("https://bücher.example/", Some(LinkTarget::Web)),
        ("https://example.com/a@b:c", Some(LinkTarget::Web)),
        ("https://example.com/a%3Ab%20c", Some(LinkTarget::Web)),
        ("mailto:team@example.com", Some(LinkTarget::Mail)),
        ("../timelines/INC-1.json", Some(LinkTarget::Site)),
        ("INC-1.md#root-cause", Some(LinkTarget::Site)),
        ("/absolute/path", Some(LinkTarget::Site)),
        ("#a:b", Some(LinkTarget::Site)),
        ("?q=a:b", Some(LinkTarget::Site)),
        ("a b/100%.txt", Some(LinkTarget::Site)),
        ("./a:b", Some(LinkTarget::Site)),
        ("", None),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        (" javascript:alert(1)", None),
        ("\u{1}javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("javascript%3Aalert(1)", None),
        ("javascript%3aalert(1)", None),
        ("%6Aavascript:alert(1)", None),
        ("vbscript:msgbox", None),
        ("data:text/html,<script>", None),
        ("file:///etc/passwd", None),
        ("ftp://example.com", None),
        ("blob:https://example.com/x", None),
        ("//example.com", None),
        ("///example.com", None),
        ("/\\example.com", None),
        ("\\\\example.com", None),
        ("%5C%5Cexample.com", None),
        ("/%2Fexample.com", None),
        ("%2F/example.com", None),
        ("a%0d%0ab", None),
        ("http:example.com", None),
        ("http:/example.com", None),
        ("http://", None),
        ("http:///path", None),
        ("https://user:word@example.com", None),
        ("https://good.example@bad.example", None),
        ("https://good.example\\@bad.example", None),
        ("https://ex%61mple.com", None),
        ("https://exam ple.com", None),
        ("https://example.com/\u{202E}gpj.exe", None),
        ("https://exam\u{200B}ple.com", None),
        ("mailto:a@example.com?bcc=b@example.com", None),
        ("mailto:a@example.com,b@example.com", None),
        ("mailto:a%0d%0aBcc:b@example.com", None),
        ("mailto:nobody", None),
        ("mailto:", None),
    ];

    #[test]
    fn every_target_is_classified_or_rejected() {
        for (target, expected) in TARGETS {
            assert_eq!(classify(target), *expected, "{target:?}");
            assert_eq!(allowed(target), expected.is_some(), "{target:?}");
            assert_eq!(is_external(target), *expected == Some(LinkTarget::Web));
            assert_eq!(is_relative(target), *expected == Some(LinkTarget::Site));
        }
    }
}
