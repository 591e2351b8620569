//! Prints a table on a terminal.

use crate::diagnostic::visible_line;

/// Renders rows in columns as wide as their longest cell; the last one, which may be long, comes without padding.
pub(super) fn columns<const N: usize>(head: [&str; N], rows: &[[&str; N]]) -> String {
    let rows = rows
        .iter()
        .map(|row| row.map(|cell| visible_line(cell).into_owned()));
    let lines: Vec<[String; N]> = std::iter::once(head.map(str::to_owned))
        .chain(rows)
        .collect();
    let mut widths = [0; N];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        let padded = widths.iter().zip(line);
        let padded: Vec<String> = padded
            .map(|(width, cell)| format!("{cell:width$}"))
            .collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}
