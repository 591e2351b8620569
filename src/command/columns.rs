//! Prints a table on a terminal.

use crate::diagnostic::visible_line;

/// Renders rows in columns as wide as their longest cell; the last one, which may be long, comes without padding.
pub(super) fn columns<const N: usize>(head: [&str; N], rows: &[[&str; N]]) -> String {
    let rows = std::iter::once(&head).chain(rows);
    aligned(rows.map(|row| row.map(str::to_owned).into()).collect())
}

/// Renders rows, of which the first is the head, as [`columns`] does.
pub(super) fn aligned(mut rows: Vec<Vec<String>>) -> String {
    for cell in rows.iter_mut().flatten() {
        *cell = visible_line(cell).into_owned();
    }
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let padded = row.iter().zip(&widths);
        let padded = padded.map(|(cell, width)| format!("{cell:width$}"));
        let joined = padded.collect::<Vec<_>>().join("  ");
        text.push_str(joined.trim_end());
        text.push('\n');
    }
    text
}
