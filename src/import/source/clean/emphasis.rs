//! Removes the emphasis of the usual markups.

/// Removes the markers, such as `*`, around words; a marker inside a word stays.
pub fn without_emphasis(text: &str, markers: &[&str]) -> String {
    let mut text = text.to_owned();
    for marker in markers {
        let mut out = String::new();
        let mut rest = text.as_str();
        let mut previous = ' ';
        while let Some(c) = rest.chars().next() {
            let opened = rest
                .strip_prefix(marker)
                .filter(|after| !previous.is_alphanumeric() && !after.starts_with(marker));
            if let Some((inner, tail)) = opened.and_then(|after| closed(after, marker)) {
                out.push_str(inner);
                previous = 'a';
                rest = tail;
                continue;
            }
            out.push(c);
            previous = c;
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
        text = out;
    }
    text
}

/// Splits a text at the end of the emphasis that starts it; `None` if its line has no end.
fn closed<'a>(text: &'a str, marker: &str) -> Option<(&'a str, &'a str)> {
    if text.starts_with(char::is_whitespace) {
        return None;
    }
    let (inner, tail) = text.split_once(marker)?;
    // Emphasis ends in the line in which it starts.
    let is_closed = !inner.contains('\n')
        && !inner.ends_with(char::is_whitespace)
        && !tail.starts_with(char::is_alphanumeric);
    is_closed.then_some((inner, tail))
}
