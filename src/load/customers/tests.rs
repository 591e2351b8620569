use super::*;
use crate::load::tests::{codes, load};

/// Returns the rows of a file, or the message and the help of each problem.
fn read(text: &str) -> Result<Vec<Customer>, Vec<String>> {
    let limits = Limits {
        entries: 3,
        ..Limits::default()
    };
    let table = Table::parse(text).map_err(|error| vec![error.message])?;
    let said = |error: SourceError| match error.help {
        Some(help) => format!("{}: {help}", error.message),
        None => error.message,
    };
    let read = rows(&table, &limits).map(|(rows, _)| rows);
    read.map_err(|errors| errors.into_iter().map(said).collect())
}

#[test]
fn rows_are_the_same_in_any_order_of_columns_and_case_of_their_names() {
    let row = |columns: &[usize]| {
        let names = [
            "Name",
            "accounts",
            "USERS",
            "contact",
            "Complaints",
            "Delay",
        ];
        let cells = ["Acme", "2", "", "a@example.com", "0", "45s"];
        let line = |cells: [&str; 6]| {
            let cells = columns.iter().map(|column| cells[*column]);
            cells.collect::<Vec<_>>().join(",")
        };
        read(&format!("{}\n{}\n", line(names), line(cells)))
    };
    let expected = row(&[0, 1, 2, 3, 4, 5]).expect("valid");
    assert_eq!(expected[0].accounts, Some(2));
    assert_eq!((expected[0].users, expected[0].complaints), (None, Some(0)));
    for order in [[5, 4, 3, 2, 1, 0], [1, 0, 3, 2, 5, 4], [2, 5, 0, 4, 1, 3]] {
        assert_eq!(row(&order).as_ref(), Ok(&expected), "{order:?}");
    }
}

#[test]
fn a_measure_is_a_number_only_if_nothing_is_lost() {
    for (cell, is_number) in [
        ("0", true),
        ("120", true),
        ("007", false),
        ("1.5", false),
        ("-3", false),
        ("45s", false),
        ("99999999999999999999999", false),
    ] {
        let value = measure(CellText::new(cell).expect("a text"));
        assert_eq!(matches!(value, Cell::Count(_)), is_number, "{cell}");
    }
}

#[test]
fn with_a_single_error_no_row_is_kept_and_each_error_has_its_remedy() {
    for (text, expected) in [
        (
            "name,users\nA,1.204\n",
            "expected a whole number, found `1.204`: write `1204`, without separators or words",
        ),
        (
            "name,users\nA,1\nB,\u{661}\n",
            "expected a whole number, found `\u{661}`: write the digits only, or leave the cell empty if it is not known",
        ),
        (
            "name,users\nA,4294967296\n",
            "`4294967296` is too large: write the digits only, or leave the cell empty if it is not known",
        ),
        (
            "name,users\n,1\n",
            "the row has no name: name the customer, or remove the row",
        ),
        (
            "users\n1\n",
            "the first line has no column `name`: name the columns there: `name`, `accounts`, `users`, `contact`, `complaints`",
        ),
        (
            "company\nA\n",
            "unknown column `company`: write `name`, or another name if it is a measure",
        ),
        (
            "name,user\nA,1\n",
            "unknown column `user`: write `users`, or another name if it is a measure",
        ),
        (
            "name,Name\nA,B\n",
            "duplicate column `Name`: remove or rename one of them",
        ),
        (
            "name,\nA,1\n",
            "the column of this value has no name: name the column in the first line",
        ),
        (
            "name\nA\nB\nC\nD\n",
            "the file has 4 rows, over the limit of 3: raise `[limits] entries` in `afterword.toml` if the file is correct",
        ),
    ] {
        assert_eq!(read(text), Err(vec![expected.to_owned()]), "{text}");
    }
}

#[test]
fn a_name_near_a_column_that_the_table_has_is_a_measure() {
    for text in [
        "name,users,user\nA,1,2\n",
        "name,company\nA,B\n",
        "name,\nA,\n",
    ] {
        assert!(read(text).is_ok(), "{text}");
    }
}

#[test]
fn errors_are_in_the_order_of_the_file_and_cut_after_the_first_ones() {
    let rows: String = (0..MOST + 3).map(|_| "A,x\n").collect();
    let incident = "title = 'Slow'\n[impact]\ncustomers_file = 'c.csv'\n";
    let read = load(&[
        ("incidents/INC-1.toml", incident),
        ("incidents/c.csv", &format!("name,users\n{rows}")),
    ]);
    assert_eq!(codes(&read), [CODE; MOST + 1]);
    let last = read.problems.diagnostics.last().expect("one");
    assert_eq!(last.message, "the file has 3 further problems");
    let first = read.problems.diagnostics[0].primary().expect("a place");
    assert_eq!(first.at, Locator::Span(Span::new(13, 14)));
}

#[test]
fn a_path_is_relative_to_the_incident_before_the_archive() {
    let incident = "title = 'Slow'\n[impact]\ncustomers_file = 'c.csv'\n";
    let incident = ("incidents/INC-1.toml", incident);
    let near = ("incidents/c.csv", "name\nNear\n");
    let far = ("c.csv", "name\nFar\n");
    for (files, expected) in [
        (vec![incident, near, far], Some("Near")),
        (vec![incident, far], Some("Far")),
        (vec![incident], None),
    ] {
        let read = load(&files);
        assert_eq!(codes(&read).is_empty(), expected.is_some());
        let record = read.record.expect("a record");
        let rows = record.customers_file.iter().flat_map(|file| &file.rows);
        let names: Vec<&str> = rows.map(|row| &*row.name).collect();
        assert_eq!(names, expected.into_iter().collect::<Vec<_>>());
        // A file that appears there later is another one.
        assert!(record.files.contains_key(Utf8Path::new("incidents/c.csv")));
    }
}
