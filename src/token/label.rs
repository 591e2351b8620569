//! Parses labels with values, and folds texts for lookups.

/// A line such as `**Label**: value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled<'a> {
    /// The label.
    pub label: &'a str,
    /// The value.
    pub value: &'a str,
    /// Whether a colon follows the label.
    pub colon: bool,
}

/// Parses a bold label and the value after it; the colon may be inside or after the bold text.
#[must_use]
pub fn labelled(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim();
    let bold = |delimiter| line.strip_prefix(delimiter)?.split_once(delimiter);
    // A label may contain bold text itself; then the colon marks its end.
    let nested = || {
        let (inner, _) = line.strip_prefix("**")?.split_once("**:")?;
        let rest = line.get(inner.len() + 4..)?;
        let is_label = inner.starts_with('*') || !inner.contains("** ") && !inner.contains(" **");
        is_label.then_some((inner, rest))
    };
    let (inner, rest) = match nested() {
        Some(found) => found,
        None => bold("**").or_else(|| bold("__"))?,
    };
    let (label, colon) = match inner.trim_end().strip_suffix(':') {
        Some(label) => (label, true),
        None => (inner, false),
    };
    let (value, colon) = match rest.trim_start().strip_prefix(':') {
        Some(value) if !colon => (value, true),
        _ => (rest, colon),
    };
    let has_text = !label.trim().is_empty() && !label.starts_with(' ');
    (has_text && (colon || rest.trim().is_empty())).then(|| Labelled {
        label: label.trim(),
        value: value.trim(),
        colon,
    })
}

/// Parses `label: value` without markup; the label must be short.
#[must_use]
pub fn plain_label(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim();
    // Most lines have no colon. A wide one is not ASCII.
    if !line.bytes().any(|byte| byte == b':' || !byte.is_ascii()) {
        return None;
    }
    // Japanese has a wide colon, or no space after it.
    let is_wide = |c: char| matches!(c, '\u{3040}'..='\u{9fff}');
    let unspaced = || {
        let found = line.split_once('：').or_else(|| line.split_once(':'));
        found.filter(|(label, _)| label.contains(is_wide))
    };
    let (label, value) = line.split_once(": ").or_else(unspaced)?;
    let is_short = label.split(' ').count() <= 4 && !label.contains(['.', '`', '*', '[', '|']);
    (is_short && !label.is_empty()).then(|| Labelled {
        label: label.trim_end(),
        value: value.trim(),
        colon: true,
    })
}

/// Returns a text in the form used for lookups: lowercase chars and digits, single spaces.
#[must_use]
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’') && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_may_have_its_colon_inside_or_after_the_bold_text() {
        let read = |line| labelled(line).map(|found| (found.label, found.value, found.colon));
        assert_eq!(read("**Title**: A  "), Some(("Title", "A", true)));
        assert_eq!(read("**Title:** A"), Some(("Title", "A", true)));
        assert_eq!(
            read("****Old** title**: A"),
            Some(("**Old** title", "A", true))
        );
        assert_eq!(read("**Database**:"), Some(("Database", "", true)));
        assert_eq!(read("**No Data Loss**"), Some(("No Data Loss", "", false)));
        for line in [
            "Title: A",
            "**14:23:47** - Alert fired",
            "****: x",
            "**bold** word: x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
