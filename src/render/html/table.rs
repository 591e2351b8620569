//! Writes a table once it is complete: whether a column has only numbers is known after its last cell.

use super::escape::push_attribute;
use super::headings::TABLE;
use pulldown_cmark::Alignment;

/// A cell as HTML and as plain text.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) html: String,
    pub(super) text: String,
}

/// The cells of a table.
#[derive(Debug)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn new(alignments: Vec<Alignment>) -> Self {
        Self {
            alignments,
            rows: Vec::new(),
        }
    }

    /// Starts the next row; the first one is the head.
    pub(super) fn start_row(&mut self) {
        self.rows.push(Vec::with_capacity(self.alignments.len()));
    }

    /// Appends a cell to the last row.
    pub(super) fn push(&mut self, cell: Cell) {
        if let Some(row) = self.rows.last_mut() {
            row.push(cell);
        }
    }

    /// Appends the table's HTML.
    pub(super) fn write(&self, out: &mut String) {
        let Some((head, body)) = self.rows.split_first() else {
            return;
        };
        let classes: Vec<_> = (0..head.len())
            .map(|column| self.class(column, body))
            .collect();
        let class = |column: usize| classes.get(column).copied().unwrap_or_default();
        out.extend([TABLE, "<table><thead><tr>"]);
        for (column, cell) in head.iter().enumerate() {
            out.extend(["<th scope=\"col\"", class(column), ">", &cell.html, "</th>"]);
        }
        out.push_str("</tr></thead>");
        if !body.is_empty() {
            out.push_str("<tbody>\n");
            for row in body {
                write_row(row, head, class, out);
            }
            out.push_str("</tbody>");
        }
        out.push_str("</table></div>\n");
    }

    /// Returns the class attribute of a column's cells.
    fn class(&self, column: usize, body: &[Vec<Cell>]) -> &'static str {
        let mut cells = body.iter().filter_map(|row| row.get(column));
        let numbers = !body.is_empty() && cells.all(|cell| is_number(&cell.text));
        match (self.alignments.get(column), numbers) {
            (None | Some(Alignment::None), false) => "",
            (None | Some(Alignment::None), true) => " class=\"num\"",
            (Some(Alignment::Left), false) => " class=\"left\"",
            (Some(Alignment::Left), true) => " class=\"num left\"",
            (Some(Alignment::Center), false) => " class=\"center\"",
            (Some(Alignment::Center), true) => " class=\"num center\"",
            (Some(Alignment::Right), false) => " class=\"right\"",
            (Some(Alignment::Right), true) => " class=\"num right\"",
        }
    }
}

fn write_row(row: &[Cell], head: &[Cell], class: impl Fn(usize) -> &'static str, out: &mut String) {
    out.push_str("<tr>");
    for (column, cell) in row.iter().enumerate() {
        if column == 0 {
            out.extend(["<th scope=\"row\"", class(column), ">", &cell.html, "</th>"]);
            continue;
        }
        out.push_str("<td data-label=\"");
        push_attribute(head.get(column).map_or("", |head| &head.text), out);
        out.extend(["\"", class(column), ">", &cell.html, "</td>"]);
    }
    out.push_str("</tr>\n");
}

/// Returns `true` if a cell is a quantity: `1,247`, `45s`, `18-25s`, `$1,200`, `~8.7%`, `< 10 ms`.
///
/// Dates and words with digits are not quantities.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    let amount = text.trim_start_matches([
        '~', '<', '>', '\u{2264}', '\u{2265}', '+', '-', '\u{2212}', ' ',
    ]);
    let amount = amount
        .strip_prefix(['$', '\u{20ac}', '\u{a3}', '\u{a5}'])
        .unwrap_or(amount);
    let Some(rest) = after_digits(amount) else {
        return false;
    };
    let rest = match rest.strip_prefix(['-', '\u{2013}']) {
        Some(to) => match after_digits(to) {
            Some(rest) => rest,
            None => return false,
        },
        None => rest,
    };
    let unit = rest.strip_prefix(' ').unwrap_or(rest);
    matches!(unit, "%" | "\u{20ac}" | "+")
        || (unit.len() <= 3 && unit.chars().all(char::is_alphabetic))
}

/// Returns the text after the number at its start, or `None` if it has none.
fn after_digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
    let number = text.get(..text.len() - rest.len())?;
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit());
    is_number.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_dates_are_no_numbers() {
        for number in [
            "347",
            "1,247",
            "45s",
            "18-25s",
            "$1,200",
            "8.7%",
            "~5",
            "< 10 ms",
            "18\u{2013}25 GB",
            "-3",
        ] {
            assert!(is_number(number), "{number}");
        }
        for word in [
            "",
            "2025-01-14",
            "AI-2025-001",
            "14:23",
            "not recorded",
            "v3.4.7",
            "3 nodes",
            "P1",
            "-",
            "1.",
        ] {
            assert!(!is_number(word), "{word}");
        }
    }
}
