//! Detects truncated reports: an unterminated comment, code block or table row at the end.

/// Returns the line and the name of an unterminated element, or `None` if the text is complete.
pub(super) fn unterminated(text: &str) -> Option<(usize, &'static str)> {
    let mut fence: Option<(&str, usize)> = None;
    let mut comment: Option<usize> = None;
    let mut previous = "";
    let mut last = (0, "");
    for (index, line) in text.lines().enumerate() {
        let bare = line.trim();
        if comment.is_some() {
            comment = comment.filter(|_| !bare.contains("-->"));
        } else if let Some((delimiter, _)) = fence {
            let rest = bare.trim_start_matches(['`', '~']);
            fence = fence.filter(|_| !(bare.starts_with(delimiter) && rest.is_empty()));
        } else if line.starts_with("<!--") {
            comment = (!bare.contains("-->")).then_some(index + 1);
        } else {
            // Only an unindented line can open a fence; an indented one may be code itself.
            fence = opened_fence(line).map(|delimiter| (delimiter, index + 1));
        }
        if !bare.is_empty() {
            previous = last.1;
            last = (index + 1, bare);
        }
    }
    let is_row = |line: &str| line.len() > 1 && line.starts_with('|') && line.ends_with('|');
    let partial_row = is_row(previous) && last.1.starts_with('|') && !is_row(last.1);
    comment
        .map(|line| (line, "comment"))
        .or(fence.map(|(_, line)| (line, "code block")))
        .or(partial_row.then_some((last.0, "table row")))
}

/// Returns the delimiter of the fence that a line opens, or `None` if it opens none.
pub(super) fn opened_fence(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(['`', '~']);
    let delimiter = line.get(..line.len() - rest.len())?;
    let is_fence = delimiter.len() >= 3
        && (delimiter.bytes().all(|byte| byte == b'`') && !rest.contains('`')
            || delimiter.bytes().all(|byte| byte == b'~'));
    is_fence.then_some(delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unterminated_element_is_named_with_its_line() {
        for (text, expected) in [
            ("# a\n```sh\nls\n```\n", None),
            ("# a\n\n```sh\nls\n", Some((3, "code block"))),
            ("````\n```\n````\n", None),
            ("````\n```\n", Some((1, "code block"))),
            ("~~~\n```\n~~~\n", None),
            ("    ```\n", None),
            ("```one line```\n", None),
            ("<!-- a -->\n", None),
            ("a\n<!-- b\n```\n-->\n", None),
            ("a\n<!-- b\nc\n", Some((2, "comment"))),
            ("```\n<!--\n```\n", None),
            ("| a |\n|---|\n| b |\n", None),
            ("| a | b |\n|---|---|\n| c |", None),
            ("| a | b |\n|---|---|\n| c | d", Some((3, "table row"))),
            ("a | b\n--|--\nc | d", None),
            ("", None),
        ] {
            assert_eq!(unterminated(text), expected, "{text}");
        }
    }
}
