//! The parts of JSON Schema that the product's types may use, and the strict reader.

use super::model::{FORMATS, INCIDENT, Incident, Kind, Pairs, TIMELINE, Timeline};
use afterword::load::shape::walk;
use afterword::load::strict;
use afterword::source::Syntax;
use serde_json::json;

/// Checks a JSON text and prints each problem as `code path: message = help`.
fn faults(schema: serde_json::Value, text: &str) -> Vec<String> {
    let (node, faults) = Syntax::Json.tree(text);
    assert!(faults.is_empty(), "{faults:?}");
    let found = walk(&schema, &node, "a.json".into(), FORMATS);
    let show = |diagnostic: afterword::diagnostic::Diagnostic| {
        let path = diagnostic
            .primary()
            .and_then(|location| location.at.path())
            .unwrap()
            .to_string();
        format!(
            "{} {path}: {} = {}",
            diagnostic.code,
            diagnostic.message,
            diagnostic.help.unwrap_or_default()
        )
    };
    found.into_iter().map(show).collect()
}

#[test]
fn lengths_and_bounds_of_a_schema_are_kept() {
    let schema = json!({ "properties": {
        "text": { "type": "string", "minLength": 2, "maxLength": 3 },
        "list": { "type": "array", "minItems": 1, "items": { "type": "number", "minimum": 0, "maximum": 1.5 } },
        "pair": { "type": "array", "minItems": 2, "maxItems": 2, "items": [{ "type": "string" }, { "type": "integer", "format": "int8" }] },
    } });
    assert!(
        faults(
            schema.clone(),
            r#"{"text": "éé", "list": [0, 1.5], "pair": ["x", -128]}"#
        )
        .is_empty()
    );
    let expected = [
        "out-of-range text: the number of characters, 4, is out of range = write from 2 to 3 characters",
        "out-of-range list: the number of entries, 0, is out of range = write at least 1 entries",
        "out-of-range pair[1]: `128` is out of range = write a number, from -128 to 127",
    ];
    assert_eq!(
        faults(
            schema.clone(),
            r#"{"text": "éééé", "list": [], "pair": ["x", 128]}"#
        ),
        expected
    );
    let expected = ["out-of-range list[0]: `1.6` is out of range = write a number, from 0 to 1.5"];
    assert_eq!(faults(schema, r#"{"list": [1.6]}"#), expected);
}

#[test]
fn the_best_fitting_branch_reports_the_problems() {
    let schema = json!({ "items": { "anyOf": [
        { "type": "string" },
        { "$ref": "#/definitions/Link" },
        { "allOf": [{ "$ref": "#/definitions/Step" }], "description": "a step" },
        { "type": "null" },
    ] }, "definitions": {
        "Link": { "type": "object", "properties": { "title": { "type": "string" }, "url": { "type": "string" } }, "required": ["title", "url"], "additionalProperties": false },
        "Step": { "type": "object", "properties": { "text": { "type": "string" }, "done": { "type": "boolean" } }, "additionalProperties": false },
    } });
    assert!(
        faults(
            schema.clone(),
            r#"["x", null, {"title": "a", "url": "b"}, {"text": "x"}, {}]"#
        )
        .is_empty()
    );
    let expected = [
        "unknown-key [0].dnoe: unknown key `dnoe` = did you mean `done`?",
        "missing-key [1]: missing key `url` = write `\"url\": \"…\"`",
        "wrong-type [2]: expected a string or an object, found an integer = write `\"3\"`",
    ];
    assert_eq!(
        faults(
            schema,
            r#"[{"text": "x", "dnoe": true}, {"title": "a"}, 3]"#
        ),
        expected
    );
}

#[test]
fn a_schema_that_refers_to_itself_is_walked_as_deep_as_the_file() {
    let schema = json!({ "$ref": "#/definitions/Tree", "definitions": {
        "Tree": { "type": "object", "properties": { "next": { "$ref": "#/definitions/Tree" } }, "additionalProperties": false },
        "Loop": { "$ref": "#/definitions/Loop" },
    } });
    let expected = ["unknown-key next.next.nxt: unknown key `nxt` = did you mean `next`?"];
    assert_eq!(
        faults(schema, r#"{"next": {"next": {"nxt": {}}}}"#),
        expected
    );
}

#[test]
fn a_missing_key_is_not_reported_beside_its_misspelling() {
    let schema = json!({ "title": "Config", "type": "object", "properties": { "title": { "type": "string" } }, "required": ["title"], "additionalProperties": false });
    let expected = ["unknown-key titel: unknown key `titel` = did you mean `title`?"];
    assert_eq!(faults(schema.clone(), r#"{"titel": "x"}"#), expected);
    let expected = ["unknown-key titel: unknown key `titel` = its keys are `title`"];
    assert_eq!(faults(schema, r#"{"titel": "x", "title": "y"}"#), expected);
}

#[test]
fn a_list_is_not_read_as_a_struct_nor_a_table_as_an_enum_nor_a_date_as_a_map() {
    type Read = fn(&str) -> (bool, bool);
    fn toml<T: serde::de::DeserializeOwned>(text: &str) -> (bool, bool) {
        (
            toml::from_str::<T>(text).is_ok(),
            strict::text::<T>(text, Syntax::Toml).is_ok(),
        )
    }
    fn json<T: serde::de::DeserializeOwned>(text: &str) -> (bool, bool) {
        (
            serde_json::from_str::<T>(text).is_ok(),
            strict::text::<T>(text, Syntax::Json).is_ok(),
        )
    }
    for (read, text, expected) in [
        (toml::<Incident> as Read, INCIDENT, (true, true)),
        (
            toml::<Incident>,
            "title = \"x\"\ncommunication = [{channel = \"c\"}]",
            (true, false),
        ),
        (
            toml::<Incident>,
            "title = \"x\"\nimpact = []",
            (true, false),
        ),
        (
            toml::<Incident>,
            "title = \"x\"\nkind = {drill = {}}",
            (true, false),
        ),
        (
            toml::<Pairs<Pairs<String>>>,
            "a = 2025-01-14",
            (true, false),
        ),
        (json::<Timeline>, TIMELINE, (true, true)),
        (json::<Timeline>, r"[null, null, {}, []]", (true, false)),
        (json::<Kind>, r#"{"drill": null}"#, (true, false)),
        (json::<Kind>, r#""drill""#, (true, true)),
        (json::<Kind>, r#""drill" x"#, (false, false)),
    ] {
        assert_eq!(
            read(text),
            expected,
            "serde's own answer and the strict one for {text}"
        );
    }
}
