//! Marks the tables that are too wide for a sheet of paper, so that the style sheet breaks their words there.
//!
//! A browser breaks no word of a table, and on paper nobody can scroll to what is cut. If it broke words in every table,
//! it would also do so where there is room. The widths are estimates: a table that fits may be marked.

use std::borrow::Cow;

use memchr::{memchr, memmem};

/// The start of a table on a page.
const TABLE: &str = "<div class=\"table\"";
/// The start of one that is too wide.
const WIDE: &str = "<div class=\"table wide\"";
/// The characters that fit on a line of a sheet.
const LINE: usize = 80;
/// Those of a table with a class, which is printed smaller.
const SMALL_LINE: usize = 100;
/// The characters that the gap between two columns is as wide as.
const GAP: usize = 2;

/// Returns a page with its wide tables marked.
pub fn mark_wide_tables(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for at in memmem::find_iter(html.as_bytes(), TABLE) {
        let rest = html.get(at..).unwrap_or_default();
        let end = memmem::find(rest.as_bytes(), b"</table>").unwrap_or(rest.len());
        if is_wide(rest.get(..end).unwrap_or_default()) {
            out.push_str(html.get(copied..at).unwrap_or_default());
            out.push_str(WIDE);
            copied = at + TABLE.len();
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Returns `true` if the longest words of the columns do not fit on a line together.
fn is_wide(table: &str) -> bool {
    let mut columns: Vec<usize> = Vec::new();
    // The number of the open cell in its row, and the length of the open word.
    let (mut cell, mut length) = (0, 0);
    for tag in table.split('<').skip(1) {
        if tag.starts_with('t') {
            length = 0;
        }
        match tag.as_bytes() {
            [b't', b'r', ..] => cell = 0,
            [b't', b'd' | b'h', b' ' | b'>', ..] => {
                cell += 1;
                columns.resize(columns.len().max(cell), 0);
            }
            _ => {}
        }
        let column = cell.checked_sub(1);
        if let Some(longest) = column.and_then(|column| columns.get_mut(column))
            && let Some(end) = memchr(b'>', tag.as_bytes())
        {
            let text = tag.get(end + 1..).unwrap_or_default();
            *longest = (*longest).max(longest_word(text, &mut length));
        }
    }
    let width: usize = columns.iter().map(|longest| longest + GAP).sum();
    let has_class = table.contains("<table class=");
    width > if has_class { SMALL_LINE } else { LINE }
}

/// Returns the length of the longest word of a text, in characters; `length` is that of the word that the text continues.
fn longest_word(text: &str, length: &mut usize) -> usize {
    let mut longest = 0;
    for c in text.chars() {
        match c {
            '>' => {}
            // Lines are also broken after a hyphen, and between the characters of scripts without spaces.
            c if c.is_whitespace() || c == '-' || c > '\u{2E7F}' => *length = 0,
            _ => {
                *length += 1;
                longest = longest.max(*length);
            }
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[&str]) -> String {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("<td data-label=\"a\">{cell}</td>"))
            .collect();
        let cells = cells.concat();
        format!(
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th></tr></thead><tbody><tr>{cells}</tr></tbody></table></div>"
        )
    }

    #[test]
    fn only_a_table_whose_words_do_not_fit_is_wide() {
        let hash = "0123456789abcdef".repeat(8);
        let words = "word ".repeat(100);
        let coded = format!("<code>{hash}</code>");
        let eleven = ["12,345.678"; 11];
        for (cells, expected) in [
            (&["a", hash.as_str()][..], true),
            (&["a", coded.as_str(), "b"], true),
            (&eleven, true),
            (&eleven[..6], false),
            (
                &[
                    "a",
                    words.as_str(),
                    "<time datetime=\"2025-01-14T14:23:47Z\">14:23</time>",
                ],
                false,
            ),
            (&["\u{505c}\u{6b62}".repeat(60).as_str()], false),
        ] {
            let html = format!("<p>x</p>{}", table(cells));
            assert_eq!(
                mark_wide_tables(&html).contains("table wide"),
                expected,
                "{html}"
            );
        }
    }

    #[test]
    fn each_table_is_marked_by_itself() {
        let (narrow, wide) = (table(&["a"]), table(&["a".repeat(90).as_str()]));
        let html = [&*narrow, &wide, &narrow].concat();
        let marked = wide.replace("\"table\"", "\"table wide\"");
        assert_eq!(
            mark_wide_tables(&html),
            [&*narrow, &marked, &narrow].concat()
        );
        assert!(matches!(mark_wide_tables(&narrow), Cow::Borrowed(_)));
    }
}
