//! Writes comma-separated values (RFC 4180) that no spreadsheet interprets as formulas.

/// A CSV table under construction.
#[derive(Debug, Clone, Default)]
pub struct Csv(String);

impl Csv {
    /// Creates a table with column names.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        let mut table = Self::default();
        table.row(columns);
        table
    }

    /// Appends a row; an empty cell has no value.
    pub fn row(&mut self, cells: &[&str]) {
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                self.0.push(',');
            }
            push(cell, &mut self.0);
        }
        self.0.push_str("\r\n");
    }

    /// Returns the table as text.
    #[must_use]
    pub fn finish(self) -> String {
        self.0
    }
}

fn push(cell: &str, out: &mut String) {
    // A leading apostrophe marks a cell as text in every spreadsheet; quotes alone do not.
    let guard = if begins_formula(cell) { "'" } else { "" };
    let quoted = cell.contains([',', ';', '"', '\'', '\n', '\r', '\t']);
    if !quoted {
        out.extend([guard, cell]);
        return;
    }
    out.extend(["\"", guard]);
    for part in cell.split_inclusive('"') {
        out.push_str(part);
        if part.ends_with('"') {
            out.push('"');
        }
    }
    out.push('"');
}

/// Returns `true` if a spreadsheet might read a cell as a formula, also after leading invisible characters.
fn begins_formula(cell: &str) -> bool {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
    };
    if is_number(cell) {
        return false;
    }
    let shown = cell.trim_start_matches(unseen);
    // Japanese spreadsheets read the full-width forms like the ASCII ones.
    shown.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '−'])
        || cell.starts_with(['\t', '\r', '\n'])
}

/// Returns `true` for a number as the tables print it: `-900`, `99.95`.
fn is_number(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = cell.strip_prefix('-').unwrap_or(cell);
    match number.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(number),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Cells, each with its expected output.
    const CELLS: &[(&str, &str)] = &[
        ("", ""),
        ("plain", "plain"),
        ("a, b", "\"a, b\""),
        ("say \"no\"", "\"say \"\"no\"\"\""),
        ("two\nlines", "\"two\nlines\""),
        ("2025-01-14", "2025-01-14"),
        ("=1+1", "'=1+1"),
        ("+44 20", "'+44 20"),
        ("-2", "-2"),
        ("-12.50", "-12.50"),
        ("-2+3", "'-2+3"),
        ("-", "'-"),
        ("-1.", "'-1."),
        ("@sum(A1)", "'@sum(A1)"),
        ("  =1", "'  =1"),
        ("\u{FEFF}=1", "'\u{FEFF}=1"),
        ("\t=1", "\"'\t=1\""),
        ("\r=1", "\"'\r=1\""),
        ("＝1", "'＝1"),
        ("=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\""),
        (
            "=HYPERLINK(\"http://x\",\"y\")",
            "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
        ),
        ("a=b", "a=b"),
    ];

    #[test]
    fn a_cell_is_text_whatever_it_starts_with() {
        for (cell, written) in CELLS {
            let mut table = Csv::new(&["x"]);
            table.row(&[cell, "end"]);
            assert_eq!(
                table.finish(),
                format!("x\r\n{written},end\r\n"),
                "{cell:?}"
            );
        }
    }

    /// Parses a table by the rules of RFC 4180.
    fn read(text: &str) -> Vec<Vec<String>> {
        let (mut rows, mut row, mut cell, mut inside) =
            (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if inside && chars.peek() == Some(&'"') => cell.extend(chars.next()),
                '"' => inside = !inside,
                ',' if !inside => row.push(std::mem::take(&mut cell)),
                '\r' if !inside && chars.peek() == Some(&'\n') => {
                    chars.next();
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                c => cell.push(c),
            }
        }
        assert!(!inside && row.is_empty() && cell.is_empty());
        rows
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_table_round_trips(cells in prop::collection::vec("[ -~\n\r\t=@＝]{0,12}", 1..5)) {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let mut table = Csv::new(&["a"]);
            table.row(&cells);
            let rows = read(&table.finish());
            prop_assert_eq!(rows.len(), 2);
            for (found, cell) in rows[1].iter().zip(&cells) {
                let unguarded = if begins_formula(cell) { found.strip_prefix('\'') } else { Some(found.as_str()) };
                prop_assert_eq!(unguarded, Some(*cell));
                prop_assert!(!begins_formula(found));
            }
        }
    }
}
