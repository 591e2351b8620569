//! Tests of joining lists and rows.

use serde_json::json;

use super::*;

/// Joins `list` of three values, and returns it with what is contested.
fn joined(common: &Json, first: &Json, second: &Json) -> Result<(Json, Vec<String>), String> {
    let table = |list: &Json| json!({ "list": list });
    let joined = join(Some(&table(common)), &table(first), &table(second));
    let joined = joined.map_err(|error| error.to_string())?;
    let contested = joined.contested.iter().map(|found| {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        format!(
            "{} {} {}",
            found.path,
            value(&found.kept),
            value(&found.left_out)
        )
    });
    Ok((joined.value["list"].clone(), contested.collect()))
}

#[test]
fn items_are_the_same_by_what_they_are_not_by_where_they_are() {
    let row = |name: &str, users: u32| json!({ "name": name, "users": users });
    let cases = [
        (
            json!(["checkout", "payments"]),
            json!(["api", "checkout", "payments"]),
            json!(["checkout", "payments", "mail"]),
            json!(["api", "checkout", "payments", "mail"]),
        ),
        (
            json!(["checkout", "payments"]),
            json!(["checkout", "aaa"]),
            json!(["payments", "search"]),
            json!(["aaa", "search"]),
        ),
        (
            json!(["a", "b"]),
            json!(["a", "b"]),
            json!(["c", "b", "a"]),
            json!(["c", "b", "a"]),
        ),
        (
            json!([row("A", 1), row("B", 2)]),
            json!([row("X", 9), row("A", 1), row("B", 3)]),
            json!([row("B", 2), row("A", 4), row("Y", 8)]),
            json!([row("X", 9), row("A", 4), row("B", 3), row("Y", 8)]),
        ),
        // A row that one side replaced keeps its place.
        (
            json!([row("A", 1), row("B", 2)]),
            json!([row("A", 1), row("B", 2), row("C", 3)]),
            json!([row("A2", 1), row("B", 2)]),
            json!([row("A2", 1), row("B", 2), row("C", 3)]),
        ),
        // Rows without a name are the same if one value differs, or one was added.
        (
            json!([{ "stage": "a", "channel": "b", "note": "c" }]),
            json!([{ "stage": "a", "channel": "b", "note": "d" }]),
            json!([{ "stage": "a", "channel": "b", "note": "c", "url": "u" }]),
            json!([{ "stage": "a", "channel": "b", "note": "d", "url": "u" }]),
        ),
        (
            json!([]),
            json!([{ "stage": "a", "note": "c" }]),
            json!([{ "stage": "a", "note": "d" }]),
            json!([{ "stage": "a", "note": "c" }, { "stage": "a", "note": "d" }]),
        ),
    ];
    for (common, first, second, expected) in cases {
        let found = joined(&common, &first, &second);
        assert_eq!(found, Ok((expected, Vec::new())), "{first} {second}");
    }
}

#[test]
fn rows_that_may_be_others_are_not_joined() {
    let cases = [
        // One side removed what the other changed.
        (
            json!([{ "action": "A" }, { "action": "B" }]),
            json!([{ "action": "B" }, { "action": "C" }]),
            json!([{ "action": "A", "status": "done" }, { "action": "B" }]),
        ),
        // Both replaced the same row.
        (
            json!([{ "action": "A" }]),
            json!([{ "action": "A!" }]),
            json!([{ "action": "A?" }]),
        ),
        (json!([["A", 1]]), json!([["A", 2]]), json!([["A", 3]])),
    ];
    for (common, first, second) in cases {
        for (first, second) in [(&first, &second), (&second, &first)] {
            let error = joined(&common, first, second).expect_err("uncertain");
            assert!(error.contains("`list`") && error.contains('A'), "{error}");
        }
    }
}

#[test]
fn both_sides_of_a_row_are_joined_key_by_key() {
    let (value, contested) = joined(
        &json!([{ "name": "A", "users": 1 }, { "action": "B" }]),
        &json!([
            { "name": "A", "users": 2 },
            { "action": "B", "status": "done" },
            { "name": "N", "users": 1 },
        ]),
        &json!([
            { "name": "A", "users": 3, "contact": "x" },
            { "action": "B", "id": "b" },
            { "name": "N", "users": 2 },
        ]),
    )
    .expect("certain");
    let expected = json!([
        { "name": "A", "users": 2, "contact": "x" },
        { "action": "B", "status": "done", "id": "b" },
        { "name": "N", "users": 1 },
    ]);
    assert_eq!(value, expected);
    assert_eq!(contested, ["list[0].users 2 3", "list[2].users 1 2"]);
}

#[test]
fn nothing_becomes_less_restricted() {
    let row = |audience: Option<&str>, users: u32| match audience {
        Some(audience) => json!([{ "name": "A", "audience": audience, "users": users }]),
        None => json!([{ "name": "A", "users": users }]),
    };
    let (public, internal, confidential) = (Some("public"), Some("internal"), Some("confidential"));
    let cases = [
        (None, confidential, None, confidential),
        (internal, confidential, public, confidential),
        (confidential, public, confidential, confidential),
        (confidential, None, confidential, confidential),
        (None, public, None, None),
        (public, Some("customers"), public, Some("customers")),
        // A misspelled audience may be any.
        (public, Some("confidentail"), internal, Some("confidentail")),
    ];
    for (common, first, second, expected) in cases {
        for (first, second) in [(first, second), (second, first)] {
            let (list, _) =
                joined(&row(common, 1), &row(first, 1), &row(second, 2)).expect("certain");
            let found = list[0].get("audience").cloned();
            assert_eq!(found, expected.map(Json::from), "{first:?} {second:?}");
        }
    }
}
