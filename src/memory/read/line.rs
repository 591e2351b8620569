//! What one line of a memory file is.

/// Gives what stands behind `## M-`.
pub(super) fn header(row: &str) -> Option<&str> {
    row.strip_prefix("##")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .and_then(|rest| rest.trim_start().strip_prefix("M-"))
}

/// Gives what closes a fence that a line opens.
pub fn fence(bare: &str) -> Option<String> {
    let mark = bare.chars().next().filter(|mark| "`~".contains(*mark))?;
    let rest = bare.trim_start_matches(mark);
    let length = bare.len() - rest.len();
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then(|| mark.to_string().repeat(length))
}

/// Reads `- key: value`, whose key is one word.
pub(super) fn key_and_value(bare: &str) -> Option<(&str, &str)> {
    let (key, value) = bare
        .strip_prefix("- ")
        .or_else(|| bare.strip_prefix("* "))?
        .split_once(':')?;
    let word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    (!key.is_empty() && key.chars().all(word)).then(|| (key, value.trim()))
}

/// Reads a line that is one bold title.
pub fn title(row: &str) -> Option<&str> {
    let inside = row.trim_end().strip_prefix("**")?;
    let inside = inside.strip_suffix(':').unwrap_or(inside);
    let inside = inside.strip_suffix("**")?;
    let title = inside.strip_suffix(':').unwrap_or(inside).trim();
    (!title.is_empty() && !inside.contains("**")).then_some(title)
}
