//! Tables for spreadsheets, in which no cell is a formula.

/// A table in the form of RFC 4180.
#[derive(Debug, Default)]
pub struct Table {
    text: String,
}

impl Table {
    /// Begins a table with its headings.
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>) -> Self {
        let mut table = Self::default();
        table.row(headings);
        table
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            self.cell(cell);
        }
        self.text.push_str("\r\n");
    }

    /// Gives the bytes of the file.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Writes a cell; an apostrophe keeps a spreadsheet from reading it as a formula.
    fn cell(&mut self, cell: &str) {
        let is_formula = cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
            || cell.starts_with(['\t', '\r', '\n']);
        self.text.push('"');
        if is_formula {
            self.text.push('\'');
        }
        self.text.push_str(&cell.replace('"', "\"\""));
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        let cases = [
            (
                "plain, with \"quotes\"",
                "\"plain, with \"\"quotes\"\"\"\r\n",
            ),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"\r\n"),
            (" +1", "\"' +1\"\r\n"),
            ("\tx", "\"'\tx\"\r\n"),
            ("＝1", "\"'＝1\"\r\n"),
            ("a\nb", "\"a\nb\"\r\n"),
            ("45s", "\"45s\"\r\n"),
        ];
        for (cell, expected) in cases {
            assert_eq!(Table::new([cell]).finish(), expected.as_bytes());
        }
    }
}
