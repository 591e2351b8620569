//! Reads the customers file of an incident: a CSV file with a row for each customer.
//!
//! Its rows follow the same rules as the rows of `[[impact.customers]]`. With a single error none of them is kept,
//! because every total would be wrong.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::files::Files;
use super::input::{Problems, sha256};
use super::record::unread;
use crate::archive::{self, CustomersFile, Record, ReferredFile};
use crate::diagnostic::{Diagnostic, Locator};
use crate::incident::Customer;
use crate::kind::{Cell, CellText, FilePath, Line, Mail};
use crate::source::csv::{Table, TableCell};
use crate::source::{Limits, Path, Source, SourceError, Span, nearest, number, quoted};

/// The code of all problems with a customers file.
const CODE: &str = "customers-file";

/// The maximum number of problems to report for one file.
const MOST: usize = 50;

/// The columns with a meaning; all others are measures.
const COLUMNS: [&str; 5] = ["name", "accounts", "users", "contact", "complaints"];

/// Names that exports use for the column `name`.
const NAMES: [&str; 6] = [
    "customer",
    "customer name",
    "account name",
    "company",
    "client",
    "tenant",
];

/// Adds the customers file of an incident to its record; returns `false` if it could not be read.
pub(super) fn add(
    files: Files,
    record: &mut Record,
    limits: &Limits,
    problems: &mut Problems,
) -> bool {
    let impact = record.incident.impact.as_ref();
    let Some(given) = impact.and_then(|impact| impact.customers_file.clone()) else {
        return true;
    };
    let key = || Locator::Path(Path::new().key("impact").key("customers_file"));
    // Both paths decide which file is read, even the one that does not exist.
    let candidates = candidates(record, &given);
    for path in &candidates {
        let file = unread(files, path);
        record.files.entry(path.clone()).or_insert(file);
    }
    let is_there = |path: &&Utf8PathBuf| record.files.get(*path) != Some(&ReferredFile::Missing);
    let Some(path) = candidates.iter().find(is_there) else {
        let message = format!("customers file `{given}` not found in the archive");
        problems.add(
            Diagnostic::error(CODE, message)
                .at(&record.source.incident, key(), "")
                .help("write a path relative to this file, such as `../customers/INC-2025-0023.csv`, or to the archive; symbolic links are not followed"),
        );
        return false;
    };
    match read(files, path, limits) {
        Ok((file, bytes)) => {
            record.source.bytes += bytes;
            record.customers_file = Some(file);
            true
        }
        Err(invalid) => {
            let (mut errors, source) = *invalid;
            let more = errors.len().saturating_sub(MOST);
            errors.truncate(MOST);
            if more > 0 {
                let message = format!("the file has {more} further problems");
                errors.push(SourceError::of_file(CODE, message));
            }
            for error in errors {
                problems.add(Diagnostic::in_file(
                    path,
                    SourceError {
                        code: CODE,
                        ..error
                    },
                ));
            }
            problems.sources.extend(source);
            false
        }
    }
}

/// Returns the files that a path may mean: relative to the incident's file, then relative to the archive.
fn candidates(record: &Record, given: &FilePath) -> Vec<Utf8PathBuf> {
    let from_archive = archive::resolve(Utf8Path::new(""), given);
    let found = record.resolve(given).into_iter().chain(from_archive);
    let mut candidates: Vec<Utf8PathBuf> = found.collect();
    candidates.dedup();
    candidates
}

/// The errors of a file, and its text if it is known.
type Invalid = Box<(Vec<SourceError>, Option<Source>)>;

/// Reads a file into its customers; returns its size in bytes, too.
fn read(files: Files, path: &Utf8Path, limits: &Limits) -> Result<(CustomersFile, u64), Invalid> {
    let of_file = |error: SourceError| Box::new((vec![error], None));
    let bytes = files
        .read(path, limits.file_bytes as u64)
        .map_err(|error| of_file(SourceError::of_file(CODE, error.to_string())))?;
    let source = Source::decode(path, &bytes).map_err(|error| of_file(*error))?;
    let read = match source.conflict() {
        Some(conflict) => Err(vec![conflict.help(
            "keep the rows of both sides, each customer once, and delete the marker lines",
        )]),
        None => Table::parse(source.text())
            .map_err(|error| vec![error])
            .and_then(|table| rows(&table, limits)),
    };
    match read {
        Ok((rows, names)) => {
            let file = CustomersFile {
                path: path.to_owned(),
                rows,
                names,
                digest: sha256(&bytes),
            };
            Ok((file, bytes.len() as u64))
        }
        Err(errors) => Err(Box::new((errors, Some(source)))),
    }
}

/// A column with its meaning.
enum Column {
    Name,
    Accounts,
    Users,
    Contact,
    Complaints,
    Measure(Line),
    /// A column without a name or a value, as spreadsheets leave at the right.
    Empty,
}

type Rows = (Vec<Customer>, Vec<Span>);

fn rows(table: &Table, limits: &Limits) -> Result<Rows, Vec<SourceError>> {
    let columns = columns(table)?;
    if table.rows.len() > limits.entries {
        let message = format!(
            "the file has {} rows, over the limit of {}",
            table.rows.len(),
            limits.entries
        );
        let help = "raise `[limits] entries` in `afterword.toml` if the file is correct";
        return Err(vec![SourceError::of_file(CODE, message).help(help)]);
    }
    let mut errors: Vec<SourceError> = table.ragged().collect();
    let (mut rows, mut names) = (Vec::new(), Vec::new());
    for cells in &table.rows {
        let mut row = Customer::default();
        for (column, cell) in columns.iter().zip(cells) {
            if let Column::Name = column {
                names.push(cell.span);
            }
            if let Err(error) = fill(&mut row, column, cell) {
                errors.push(error);
            }
        }
        rows.push(row);
    }
    errors.sort_by_key(|error| error.span);
    if errors.is_empty() {
        Ok((rows, names))
    } else {
        Err(errors)
    }
}

/// Returns the meaning of each column.
fn columns(table: &Table) -> Result<Vec<Column>, Vec<SourceError>> {
    let mut errors = Vec::new();
    let mut seen: HashMap<String, Span> = HashMap::new();
    let mut columns = Vec::new();
    for (index, cell) in table.header.iter().enumerate() {
        let name = cell.text.to_lowercase();
        if name.is_empty() {
            let value = table.rows.iter().filter_map(|row| row.get(index));
            if let Some(value) = value.into_iter().find(|cell| !cell.text.is_empty()) {
                let error =
                    SourceError::new(CODE, value.span, "the column of this value has no name");
                errors.push(error.help("name the column in the first line"));
            }
            columns.push(Column::Empty);
            continue;
        }
        if let Some(first) = seen.insert(name.clone(), cell.span) {
            let message = format!("duplicate column {}", quoted(&cell.text));
            let error = SourceError::new(CODE, cell.span, message);
            errors.push(
                error
                    .related(first, "first one")
                    .help("remove or rename one of them"),
            );
        }
        columns.push(match name.as_str() {
            "name" => Column::Name,
            "accounts" => Column::Accounts,
            "users" => Column::Users,
            "contact" => Column::Contact,
            "complaints" => Column::Complaints,
            _ => {
                errors.extend(misspelled(table, cell));
                match Line::new(&*cell.text) {
                    Ok(name) => Column::Measure(name),
                    Err(reason) => {
                        errors.push(SourceError::new(CODE, cell.span, reason));
                        Column::Empty
                    }
                }
            }
        });
    }
    if table.column("name").is_none() && errors.is_empty() {
        let first = table
            .header
            .first()
            .map(|cell| cell.span)
            .unwrap_or_default();
        errors.push(
            SourceError::new(CODE, first, "the first line has no column `name`").help(format!(
                "name the columns there: {}",
                COLUMNS.map(|name| format!("`{name}`")).join(", ")
            )),
        );
    }
    if errors.is_empty() {
        Ok(columns)
    } else {
        Err(errors)
    }
}

/// Reports a column whose name is like one that has a meaning and is not in the table.
///
/// As a measure, the numbers of a column `user` would be in no total.
fn misspelled(table: &Table, cell: &TableCell) -> Option<SourceError> {
    let missing = COLUMNS
        .into_iter()
        .filter(|name| table.column(name).is_none());
    let missing: Vec<&str> = missing.collect();
    let is_name = NAMES.contains(&cell.text.to_lowercase().as_str()) && missing.contains(&"name");
    let meant = if is_name {
        "name"
    } else {
        nearest(&cell.text, missing).map(|(name, _)| name)?
    };
    let message = format!("unknown column {}", quoted(&cell.text));
    let error = SourceError::new(CODE, cell.span, message);
    Some(error.help(format!(
        "write `{meant}`, or another name if it is a measure"
    )))
}

/// Sets the value of one column.
fn fill(row: &mut Customer, column: &Column, cell: &TableCell) -> Result<(), SourceError> {
    let error = |message: String| SourceError::new(CODE, cell.span, message);
    let text = &*cell.text;
    if let Column::Name = column {
        if text.is_empty() {
            let message = "the row has no name".to_owned();
            return Err(error(message).help("name the customer, or remove the row"));
        }
        row.name =
            Line::new(text).map_err(|reason| error(reason).help("write the name in one line"))?;
        return Ok(());
    }
    if text.is_empty() {
        return Ok(());
    }
    match column {
        Column::Accounts => row.accounts = Some(count(cell)?),
        Column::Users => row.users = Some(count(cell)?),
        Column::Complaints => row.complaints = Some(count(cell)?),
        Column::Contact => {
            let help = "write one address, as in `name@example.com`";
            row.contact = Some(Mail::new(text).map_err(|reason| error(reason).help(help))?);
        }
        Column::Measure(name) => {
            let value = CellText::new(text).map_err(error)?;
            row.measures.0.push((name.clone(), measure(value)));
        }
        Column::Name | Column::Empty => {}
    }
    Ok(())
}

/// Returns the value of a measure: a whole number as typed in TOML, or a line.
fn measure(value: CellText) -> Cell {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    // `007` is a code.
    let is_number = is_number && (value.len() == 1 || !value.starts_with('0'));
    match value.parse() {
        Ok(count) if is_number => Cell::Count(count),
        _ => Cell::Line(value),
    }
}

/// Parses a whole number.
///
/// `1.204` is a number with a separator in one country and with a decimal in another, so it is not guessed.
fn count(cell: &TableCell) -> Result<u32, SourceError> {
    let text = &*cell.text;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(count) = text.parse().ok().filter(|_| is_plain) {
        return Ok(count);
    }
    let message = if is_plain {
        format!("{} is too large", quoted(text))
    } else {
        format!("expected a whole number, found {}", quoted(text))
    };
    let error = SourceError::new(CODE, cell.span, message);
    Err(match number::only(text).filter(|_| !is_plain) {
        Some(digits) => error.help(format!("write `{digits}`, without separators or words")),
        None => error.help("write the digits only, or leave the cell empty if it is not known"),
    })
}

#[cfg(test)]
mod tests;
