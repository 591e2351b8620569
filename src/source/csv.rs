//! Reads a table of comma-separated values (RFC 4180), with the span of each cell.
//!
//! The first line names the columns. Its separator is the one of the whole table: spreadsheets write a semicolon where
//! a comma separates decimals.

use std::borrow::Cow;

use csv_core::{ReadFieldResult, ReaderBuilder};

use super::{SYNTAX, SourceError, Span};

/// The separators that a table may have.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A table: the names of its columns, and its rows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table<'a> {
    /// The cells of the first line.
    pub header: Vec<TableCell<'a>>,
    /// The cells of each further line that is not empty.
    pub rows: Vec<Vec<TableCell<'a>>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCell<'a> {
    /// The text, without quotes and without blanks around it.
    pub text: Cow<'a, str>,
    /// The span, with the quotes.
    pub span: Span,
}

impl<'a> Table<'a> {
    /// Reads a table.
    ///
    /// # Errors
    /// Returns an error for the first quote that is in a wrong place or not closed: what follows it is a guess.
    pub fn parse(text: &'a str) -> Result<Self, SourceError> {
        let mut lines = lines(text)?.into_iter();
        let header = lines.next().unwrap_or_default();
        let is_row = |row: &Vec<TableCell>| row.iter().any(|cell| !cell.text.is_empty());
        let rows = lines.filter(is_row).collect();
        Ok(Self { header, rows })
    }

    /// Returns an error for each row with more or fewer cells than there are columns.
    pub fn ragged(&self) -> impl Iterator<Item = SourceError> {
        let columns = self.header.len();
        self.rows.iter().filter_map(move |row| ragged(columns, row))
    }

    /// Returns the index of the column with a name, in any case.
    pub fn column(&self, name: &str) -> Option<usize> {
        let mut header = self.header.iter();
        header.position(|cell| cell.text.to_lowercase() == name.to_lowercase())
    }
}

/// Reads the cells of each line that is not empty; the empty text has none.
fn lines(text: &str) -> Result<Vec<Vec<TableCell<'_>>>, SourceError> {
    let separator = separator(text);
    let mut reader = ReaderBuilder::new().delimiter(separator as u8).build();
    // No cell is longer than the text.
    let mut unquoted = vec![0; text.len() + 1];
    let (mut lines, mut line, mut at) = (Vec::new(), Vec::new(), 0);
    loop {
        let input = text.get(at..).unwrap_or_default().as_bytes();
        let (result, read, written) = reader.read_field(input, &mut unquoted);
        // At the end of the text a cell without a line break is complete only once the reader sees that nothing follows.
        let (result, written) = match result {
            ReadFieldResult::InputEmpty => {
                let (result, _, more) =
                    reader.read_field(&[], unquoted.get_mut(written..).unwrap_or_default());
                (result, written + more)
            }
            result => (result, written),
        };
        let ReadFieldResult::Field { record_end } = result else {
            return Ok(lines);
        };
        let consumed = Span::new(at, at + read);
        at = consumed.end;
        let value = unquoted.get(..written).unwrap_or_default();
        line.push(cell(text, consumed, separator, value)?);
        if record_end {
            lines.push(std::mem::take(&mut line));
        }
    }
}

/// Returns a cell, given the bytes that were consumed for it and its value without quotes.
fn cell<'a>(
    text: &'a str,
    consumed: Span,
    separator: char,
    value: &[u8],
) -> Result<TableCell<'a>, SourceError> {
    let whole = consumed.slice(text);
    let before = whole.len() - whole.trim_start_matches('\n').len();
    let typed = whole.trim_start_matches('\n');
    let typed = typed.strip_suffix([separator, '\n']).unwrap_or(typed);
    let start = consumed.start + before;
    let span = Span::new(start, start + typed.len());
    let Some(quoted) = typed.strip_prefix('"') else {
        if typed.trim_start().starts_with('"') {
            let message = "blanks before the opening quote";
            return Err(SourceError::new(SYNTAX, span, message).help("remove them"));
        }
        let text = Cow::Borrowed(typed.trim());
        return Ok(TableCell { text, span });
    };
    let open = Span::new(start, start + 1);
    if typed.matches('"').count() % 2 == 1 {
        return Err(SourceError::new(SYNTAX, open, "the quote is not closed")
            .help("close it; write a quote inside a quoted cell twice: `\"\"`"));
    }
    if !quoted.ends_with('"') {
        return Err(
            SourceError::new(SYNTAX, span, "text after the closing quote")
                .help("write a quote inside a quoted cell twice: `\"\"`"),
        );
    }
    let value = String::from_utf8_lossy(value);
    let text = Cow::Owned(value.trim().to_owned());
    Ok(TableCell { text, span })
}

/// Returns the separator that occurs most often in the first line, outside quotes.
fn separator(text: &str) -> char {
    let first = text.trim_start_matches('\n');
    let mut counts = [0; SEPARATORS.len()];
    let mut is_quoted = false;
    for c in first.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' if !is_quoted => break,
            c if !is_quoted => {
                let counts = SEPARATORS.iter().zip(&mut counts);
                for (_, count) in counts.filter(|(separator, _)| **separator == c) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    let counted = SEPARATORS.into_iter().zip(counts);
    // Of equal counts the first counts: a line without any separator has the comma.
    let most = counted.reduce(|most, next| if next.1 > most.1 { next } else { most });
    most.map_or(',', |(separator, _)| separator)
}

/// Reports a row with more or fewer cells than there are columns.
fn ragged(columns: usize, row: &[TableCell]) -> Option<SourceError> {
    let (first, last) = (row.first()?, row.last()?);
    let found = row.len();
    let cells = if found == 1 { "cell" } else { "cells" };
    let message = format!("the row has {found} {cells}, but the first line has {columns}");
    let span = match row.get(columns) {
        Some(extra) => Span::new(extra.span.start, last.span.end),
        None => Span::new(first.span.start, last.span.end),
    };
    let help =
        "put a cell in quotes if it contains the separator; leave a cell empty if it is not known";
    (found != columns).then(|| SourceError::new(SYNTAX, span, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the cells of a table, each as its text and as it is typed.
    fn cells(text: &str) -> Vec<Vec<(String, &str)>> {
        let table = Table::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        let typed = |cell: TableCell| (cell.text.into_owned(), cell.span.slice(text));
        let lines = std::iter::once(table.header).chain(table.rows);
        lines
            .map(|line| line.into_iter().map(typed).collect())
            .collect()
    }

    fn texts(text: &str) -> Vec<Vec<String>> {
        let line = |line: Vec<(String, &str)>| line.into_iter().map(|(text, _)| text).collect();
        cells(text).into_iter().map(line).collect()
    }

    #[test]
    fn the_first_line_says_what_separates_cells() {
        for text in [
            "name,users\nAcme,3\n",
            "name;users\nAcme;3",
            "name\tusers\n\nAcme\t3\n\n",
            "\nname , users\n Acme, 3 \n,\n",
            "\"name\",\"users\"\n\"Acme\",\"3\"",
        ] {
            assert_eq!(texts(text), [["name", "users"], ["Acme", "3"]], "{text:?}");
        }
        assert_eq!(texts("name\nAcme; Berlin\n"), [["name"], ["Acme; Berlin"]]);
        let separators_in_quotes = "\"a,b,c\";users\nx;1";
        assert_eq!(
            texts(separators_in_quotes),
            [["a,b,c", "users"], ["x", "1"]]
        );
        assert_eq!(Table::parse(""), Ok(Table::default()));
    }

    #[test]
    fn a_quoted_cell_has_separators_quotes_and_line_breaks() {
        let text = "name,users\n\"Acme, \"\"Inc\"\"\",1\n\"Two\nlines\",\"\"\nüber,4";
        assert_eq!(
            cells(text),
            [
                [("name".into(), "name"), ("users".into(), "users")],
                [
                    ("Acme, \"Inc\"".into(), "\"Acme, \"\"Inc\"\"\""),
                    ("1".into(), "1")
                ],
                [
                    ("Two\nlines".into(), "\"Two\nlines\""),
                    (String::new(), "\"\"")
                ],
                [("über".into(), "über"), ("4".into(), "4")],
            ]
        );
    }

    #[test]
    fn a_table_that_is_not_one_is_rejected_at_its_cell() {
        for (text, expected) in [
            (
                "name,users\n\"Acme,1\nB,2\n",
                ("the quote is not closed", "\""),
            ),
            (
                "name\n\"Acme\" Inc\n",
                ("text after the closing quote", "\"Acme\" Inc"),
            ),
            ("a\n \"b\"\n", ("blanks before the opening quote", " \"b\"")),
            (
                "a,b\n1\n",
                ("the row has 1 cell, but the first line has 2", "1"),
            ),
            (
                "a,b\n1,2,3,4\n",
                ("the row has 4 cells, but the first line has 2", "3,4"),
            ),
        ] {
            let errors: Vec<SourceError> = match Table::parse(text) {
                Ok(table) => table.ragged().collect(),
                Err(error) => vec![error],
            };
            let found: Vec<(&str, &str)> = errors
                .iter()
                .map(|error| (&*error.message, error.span.unwrap_or_default().slice(text)))
                .collect();
            assert_eq!(found, [expected], "{text:?}");
        }
    }
}
