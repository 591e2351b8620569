//! Whether a report is there as a whole: its last comment, block of code and row of a table end.

/// Finds what the end of the file cuts off: its line, and what it is.
pub(super) fn cut_off(text: &str) -> Option<(usize, &'static str)> {
    let mut fence: Option<(&str, usize)> = None;
    let mut comment: Option<usize> = None;
    let mut before = "";
    let mut last = (0, "");
    for (at, line) in text.lines().enumerate() {
        let bare = line.trim();
        if comment.is_some() {
            comment = comment.filter(|_| !bare.contains("-->"));
        } else if let Some((mark, _)) = fence {
            let rest = bare.trim_start_matches(['`', '~']);
            fence = fence.filter(|_| !(bare.starts_with(mark) && rest.is_empty()));
        } else if line.starts_with("<!--") {
            comment = (!bare.contains("-->")).then_some(at + 1);
        } else {
            // What is indented may be code of its own.
            fence = opened(line).map(|mark| (mark, at + 1));
        }
        if !bare.is_empty() {
            before = last.1;
            last = (at + 1, bare);
        }
    }
    let is_row = |line: &str| line.len() > 1 && line.starts_with('|') && line.ends_with('|');
    let half = is_row(before) && last.1.starts_with('|') && !is_row(last.1);
    comment
        .map(|line| (line, "comment"))
        .or(fence.map(|(_, line)| (line, "block of code")))
        .or(half.then_some((last.0, "row of a table")))
}

/// Gives the mark of a fence that a line opens.
fn opened(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(['`', '~']);
    let mark = line.get(..line.len() - rest.len())?;
    let is_mark = mark.len() >= 3
        && (mark.bytes().all(|byte| byte == b'`') && !rest.contains('`')
            || mark.bytes().all(|byte| byte == b'~'));
    is_mark.then_some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_end_of_a_file_cuts_off_is_named() {
        for (text, expected) in [
            ("# a\n```sh\nls\n```\n", None),
            ("# a\n\n```sh\nls\n", Some((3, "block of code"))),
            ("````\n```\n````\n", None),
            ("````\n```\n", Some((1, "block of code"))),
            ("~~~\n```\n~~~\n", None),
            ("    ```\n", None),
            ("```one line```\n", None),
            ("<!-- a -->\n", None),
            ("a\n<!-- b\n```\n-->\n", None),
            ("a\n<!-- b\nc\n", Some((2, "comment"))),
            ("```\n<!--\n```\n", None),
            ("| a |\n|---|\n| b |\n", None),
            ("| a | b |\n|---|---|\n| c |", None),
            ("| a | b |\n|---|---|\n| c | d", Some((3, "row of a table"))),
            ("a | b\n--|--\nc | d", None),
            ("", None),
        ] {
            assert_eq!(cut_off(text), expected, "{text}");
        }
    }
}
