//! The values that are read from TOML and JSON, and the messages for invalid ones.

use std::fmt::Debug;

use serde::de::DeserializeOwned;

use super::*;

/// A table with one key, `at`.
#[derive(Debug, serde::Deserialize)]
struct At<T> {
    at: T,
}

fn toml_value<T: DeserializeOwned>(value: &str) -> Result<T, String> {
    let read = toml::from_str::<At<T>>(&format!("at = {value}"));
    read.map(|table| table.at)
        .map_err(|error| error.message().to_owned())
}

fn json_value<T: DeserializeOwned>(value: &str) -> Result<T, String> {
    serde_json::from_str(value).map_err(|error| error.to_string())
}

/// Compares the value, printed, with the expected text; `! …` is a part of a message.
#[track_caller]
fn check<T>(value: &str, read: Result<T, String>, print: impl Fn(T) -> String, expect: &str) {
    match (read, expect.strip_prefix("! ")) {
        (Ok(value), None) => assert_eq!(print(value), expect),
        (Err(message), Some(part)) => assert!(message.contains(part), "{value}: {message}"),
        (Ok(found), Some(_)) => panic!("{value} was read as {}", print(found)),
        (Err(message), None) => panic!("{value}: {message}"),
    }
}

/// TOML values for a time in an incident, and how they are read.
const WHENS: &[(&str, &str)] = &[
    ("2025-01-14T14:23:47Z", "2025-01-14 14:23:47Z"),
    ("2025-01-14t14:23:47z", "2025-01-14 14:23:47Z"),
    (
        "2025-01-14 14:23:47.25+01:00",
        "2025-01-14 14:23:47.250+01:00",
    ),
    ("2025-01-14T14:23:47-00:00", "2025-01-14 14:23:47Z"),
    ("2025-01-14T14:23:47", "2025-01-14 14:23:47"),
    ("2025-01-14 14:23:47", "2025-01-14 14:23:47"),
    ("2025-01-14", "2025-01-14"),
    ("14:23:47", "14:23:47"),
    // TOML 1.1 allows times without seconds; they have minute precision.
    ("14:23", "14:23"),
    ("2025-01-14 14:23", "2025-01-14 14:23"),
    ("2025-01-14T14:23+01:00", "2025-01-14 14:23+01:00"),
    ("\"~14:23\"", "~14:23"),
    ("'2025-01-14 14:23'", "2025-01-14 14:23"),
    ("{ event = \"queries-killed\" }", "event queries-killed"),
    (
        "{ event = \"slack:1736864627.000200\" }",
        "event slack:1736864627.000200",
    ),
    ("\"soon\"", "! `soon` is not a time"),
    (
        "\"2025-02-30\"",
        "! `2025-02-30` is not a date in the calendar",
    ),
    ("2016-12-31T23:59:60Z", "! leap second"),
    (
        "{ evnt = \"x\" }",
        "! unknown field `evnt`, expected `event`",
    ),
    (
        "{ event = \"x\", at = 14:23:00 }",
        "! unknown field `at`, expected `event`",
    ),
    (
        "{ event = 5 }",
        "! invalid type: integer `5`, expected a string",
    ),
    ("{}", "! missing field `event`"),
    (
        "5",
        "! invalid type: integer `5`, expected a date-time, a string, or `{ event = \"ID\" }`",
    ),
    (
        "true",
        "! invalid type: boolean `true`, expected a date-time",
    ),
    ("[]", "! invalid type: sequence, expected a date-time"),
];

#[test]
fn a_time_is_a_date_time_a_text_or_an_event() {
    for (value, expect) in WHENS {
        let print = |when| match when {
            When::Written(written) => written.to_string(),
            When::Event(id) => format!("event {id}"),
        };
        check(value, toml_value(value), print, expect);
    }
}

/// TOML values for a date.
const DAYS: &[(&str, &str)] = &[
    ("2025-01-14", "2025-01-14"),
    ("\"2025-01-14\"", "2025-01-14"),
    (
        "2025-01-14T10:00:00Z",
        "! `2025-01-14T10:00:00Z` is not a date",
    ),
    ("2025-01-14T10:00", "! `2025-01-14T10:00` is not a date"),
    ("10:00:00", "! `10:00:00` is not a date"),
    ("\"~2025-01-14\"", "! is not a date"),
    (
        "20250114",
        "! invalid type: integer `20250114`, expected a date-time or a string",
    ),
    ("{ day = 1 }", "! expected a date-time or a string"),
];

#[test]
fn a_day_is_a_date_or_its_text() {
    for (value, expect) in DAYS {
        check(
            value,
            toml_value(value),
            |day: Day| day.0.to_string(),
            expect,
        );
    }
}

#[test]
fn a_time_of_an_event_is_a_text_in_json() {
    let print = |written: Written| written.to_string();
    check("at", json_value("\"~14:23\""), print, "~14:23");
    check(
        "at",
        json_value("1423"),
        print,
        "! invalid type: integer `1423`",
    );
    check(
        "at",
        json_value("\"24:00\""),
        print,
        "! `24:00` is not a time of day",
    );
    check(
        "at",
        json_value("null"),
        print,
        "! expected a date-time or a string",
    );
    check(
        "at",
        json_value("{\"a\": 1}"),
        print,
        "! expected a date-time or a string",
    );
}

fn print_pairs<T: Debug>(pairs: Pairs<T>) -> String {
    let pairs = pairs
        .0
        .iter()
        .map(|(key, value)| format!("{key}={value:?}"));
    pairs.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_table_keeps_its_order_and_refuses_a_key_twice() {
    let read = |text| json_value::<Pairs<u32>>(text);
    check(
        "in order",
        read(r#"{"b": 2, "a": 1, "c": 3}"#),
        print_pairs,
        "b=2 a=1 c=3",
    );
    check("empty", read("{}"), print_pairs, "");
    check(
        "twice",
        read(r#"{"a": 1, "b": 2, "a": 3}"#),
        print_pairs,
        "! duplicate key `a`",
    );
    check(
        "escaped",
        read(r#"{"a": 1, "\u0061": 3}"#),
        print_pairs,
        "! duplicate key `a`",
    );
    check("case", read(r#"{"a": 1, "A": 3}"#), print_pairs, "a=1 A=3");
    check(
        "key",
        read(r#"{"a\nb": 1}"#),
        print_pairs,
        "! expected a single line",
    );
    check(
        "value",
        read(r#"{"a": "x"}"#),
        print_pairs,
        "! invalid type: string",
    );
    check("list", read("[1]"), print_pairs, "! expected a table");
    let toml = toml_value::<Pairs<u32>>("{ z = 1, \"Max Delay\" = 2, a = 3 }");
    check("TOML", toml, print_pairs, "z=1 Max Delay=2 a=3");
}

#[test]
fn a_key_twice_is_found_among_many() {
    let key = |key: usize| format!("\"{key}\": 1");
    let many: Vec<String> = (0..20_000).map(key).collect();
    let read = |last: String| json_value::<Pairs<u32>>(&format!("{{{},{last}}}", many.join(",")));
    let count = |pairs: Pairs<u32>| pairs.0.len().to_string();
    check("once", read(key(20_000)), count, "20001");
    check("twice", read(key(777)), count, "! duplicate key `777`");
}

#[test]
fn a_key_of_a_table_is_found_by_its_text() {
    let pairs: Pairs<u32> = json_value(r#"{"b": 2, "a": 1}"#).unwrap();
    assert_eq!(
        (pairs.get("a"), pairs.get("b"), pairs.get("c")),
        (Some(&1), Some(&2), None)
    );
}

/// TOML values for a cell.
const CELLS: &[(&str, &str)] = &[
    ("\"45s\"", "Line 45s"),
    ("\"\"", "Line "),
    ("1247", "Count 1247"),
    ("-5", "Count -5"),
    ("9223372036854775807", "Count 9223372036854775807"),
    (
        "1.5",
        "! invalid type: floating point `1.5`, expected a string or a whole number",
    ),
    ("true", "! expected a string or a whole number"),
    ("\"a\\nb\"", "! expected a single line"),
];

#[test]
fn a_cell_is_a_line_or_a_whole_number() {
    let print = |cell: Cell| match cell {
        Cell::Line(line) => format!("Line {line}"),
        Cell::Count(count) => format!("Count {count}"),
    };
    for (value, expect) in CELLS {
        check(value, toml_value(value), print, expect);
    }
}

/// TOML values for a percentage.
const PERCENTS: &[(&str, &str)] = &[
    ("0", "0"),
    ("60", "60"),
    ("100", "100"),
    ("101", "! `101` is more than 100 percent"),
    ("300", "! invalid value: integer `300`"),
    ("-1", "! invalid value: integer `-1`"),
    ("60.5", "! invalid type: floating point `60.5`"),
    ("\"60\"", "! invalid type: string"),
];

#[test]
fn a_share_is_from_0_to_100() {
    for (value, expect) in PERCENTS {
        check(
            value,
            toml_value(value),
            |percent: Percent| percent.0.to_string(),
            expect,
        );
    }
}

/// TOML values for one line or a list.
const LINES: &[(&str, &str)] = &[
    ("\"production\"", "production"),
    ("[\"a\", \"b\"]", "a, b"),
    ("[]", ""),
    ("\"a\\nb\"", "! expected a single line"),
    ("[\"a\", \"b\\u200B\"]", "! invisible character U+200B"),
    (
        "[\"a\", 1]",
        "! invalid type: integer `1`, expected a string",
    ),
    ("1", "! expected a string or a list of strings"),
];

#[test]
fn one_line_may_stand_for_a_list_of_one() {
    let print = |lines: OneOrMany<Line>| {
        lines
            .0
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (value, expect) in LINES {
        check(value, toml_value(value), print, expect);
    }
}

/// The table that a short form is short for.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: Line,
    title: Option<Line>,
}

/// TOML values for a name or a table with more details.
const NAMES: &[(&str, &str)] = &[
    ("\"Sarah\"", "Sarah"),
    ("{ name = \"Sarah\" }", "Sarah, None"),
    (
        "{ name = \"Sarah\", title = \"SRE\" }",
        "Sarah, Some(\"SRE\")",
    ),
    ("\"a\\nb\"", "! expected a single line"),
    ("{ title = \"SRE\" }", "! missing field `name`"),
    (
        "{ name = \"Sarah\", role = \"x\" }",
        "! unknown field `role`, expected `name` or `title`",
    ),
    ("{ name = \"a\\nb\" }", "! expected a single line"),
    (
        "[\"Sarah\"]",
        "! invalid type: sequence, expected a string or a table",
    ),
    (
        "5",
        "! invalid type: integer `5`, expected a string or a table",
    ),
];

#[test]
fn a_short_form_is_a_text_and_the_long_one_a_table() {
    let print = |either: Either<Line, Named>| match either {
        Either::Short(name) => name.to_string(),
        Either::Table(Named { name, title }) => format!("{name}, {:?}", title.as_deref()),
    };
    for (value, expect) in NAMES {
        check(value, toml_value(value), print, expect);
    }
}

#[test]
fn a_text_keeps_its_rule_when_it_is_read() {
    let id = |value| toml_value::<Id>(value);
    check("right", id("\"INC-1\""), |id| id.to_string(), "INC-1");
    check(
        "wrong",
        id("\"INC 1\""),
        |id| id.to_string(),
        "! an ID cannot contain ` `",
    );
    let zone = |value| toml_value::<Zone>(value);
    check(
        "right",
        zone("\"Europe/Berlin\""),
        |zone| zone.to_string(),
        "Europe/Berlin",
    );
    check(
        "wrong",
        zone("\"Mars\""),
        |zone| zone.to_string(),
        "! `Mars` is not a time zone",
    );
}
