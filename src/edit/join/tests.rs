//! Tests of joining lists and rows.

use serde_json::json;

use super::*;

/// Joins `list` of three values, and returns it with what is contested.
fn joined(common: &Json, first: &Json, second: &Json) -> Result<(Json, Vec<String>), String> {
    let table = |list: &Json| json!({ "list": list });
    let joined = join(
        Some(&table(common)),
        [&table(first), &table(second)],
        Audience::Internal,
    );
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
        // Both removed one, and added others elsewhere.
        (
            json!([{ "action": "A" }, { "action": "B" }]),
            json!([{ "action": "B" }, { "action": "C" }]),
            json!([{ "action": "B" }, { "action": "D" }]),
            json!([{ "action": "B" }, { "action": "C" }, { "action": "D" }]),
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
            { "id": "n", "users": 1 },
        ]),
        &json!([
            { "name": "A", "users": 3, "contact": "x" },
            { "action": "B", "id": "b" },
            { "id": "n", "users": 2 },
        ]),
    )
    .expect("certain");
    let expected = json!([
        { "name": "A", "users": 2, "contact": "x" },
        { "action": "B", "status": "done", "id": "b" },
        { "id": "n", "users": 1 },
    ]);
    assert_eq!(value, expected);
    assert_eq!(contested, ["list[0].users 2 3", "list[2].users 1 2"]);
}

#[test]
fn what_both_added_is_one_row_only_if_it_may_be() {
    let sign = |role: &str, name: &str| json!({ "role": role, "name": name });
    let cases = [
        (
            json!([sign("commander", "Ann")]),
            json!([sign("reviewer", "Ann")]),
            2,
        ),
        (
            json!([sign("commander", "Ann")]),
            json!([sign("commander", "Ann")]),
            1,
        ),
        (
            json!([{ "name": "Bo", "from": "09:17" }]),
            json!([{ "name": "Bo", "from": "09:19" }]),
            2,
        ),
        (
            json!([{ "title": "Query", "code": "a" }]),
            json!([{ "title": "Query", "code": "b" }]),
            2,
        ),
        (
            json!([{ "title": "Query", "code": "a" }]),
            json!([{ "title": "Query", "finding": "b" }]),
            1,
        ),
        (
            json!([{ "id": "q", "title": "a" }]),
            json!([{ "id": "q", "title": "b" }]),
            1,
        ),
    ];
    for (first, second, count) in cases {
        let (list, _) = joined(&json!([]), &first, &second).expect("certain");
        assert_eq!(
            list.as_array().map(Vec::len),
            Some(count),
            "{first} {second}"
        );
    }
}

#[test]
fn a_table_that_one_side_emptied_takes_nothing_with_it() {
    let customers = |rows: &[(&str, u32)]| {
        let rows = rows.iter();
        let rows = rows.map(|(name, users)| json!({ "name": name, "users": users }));
        json!({ "impact": { "customers": rows.collect::<Vec<_>>() } })
    };
    let common = customers(&[("Osei", 85)]);
    let (emptied, added) = (json!({}), customers(&[("Osei", 85), ("Lind", 40)]));
    for (first, second) in [(&emptied, &added), (&added, &emptied)] {
        let joined = join(Some(&common), [first, second], Audience::Internal).expect("certain");
        assert_eq!(joined.value, customers(&[("Lind", 40)]));
        assert_eq!(joined.contested, []);
    }
    let both = join(Some(&common), [&emptied, &emptied], Audience::Internal).expect("certain");
    assert_eq!(both.value, emptied);
    let untouched = join(Some(&common), [&emptied, &common], Audience::Internal).expect("certain");
    assert_eq!(untouched.value, emptied);
    // A value that one side changed is contested alone.
    let summary = |text: &str| json!({ "impact": { "summary": text, "level": "minor" } });
    let joined = join(
        Some(&summary("a")),
        [&emptied, &summary("b")],
        Audience::Internal,
    )
    .expect("certain");
    assert_eq!(joined.value, emptied);
    let paths = joined.contested.iter().map(|found| found.path.to_string());
    assert_eq!(paths.collect::<Vec<_>>(), ["impact.summary"]);
}

#[test]
fn hand_overs_are_in_the_order_of_their_times() {
    let times = |first: Json, second: Json| {
        let table = |from: &Json| json!({ "people": { "command": [{ "name": from.to_string(), "from": from }] } });
        let joined = join(
            Some(&json!({ "people": {} })),
            [&table(&first), &table(&second)],
            Audience::Internal,
        );
        let joined = joined.expect("certain").value;
        let rows = joined["people"]["command"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        rows.iter()
            .map(|row| row["from"].clone())
            .collect::<Vec<_>>()
    };
    let typed = |text: &str| json!({ (crate::kind::TOML_DATETIME): text });
    for (early, late) in [
        (json!("2026-03-10 09:16"), typed("2026-03-10T09:18:00")),
        (typed("2026-03-10T09:20:00"), json!("2026-03-10 09:21:30")),
        (json!("9:21"), json!("10:20")),
        (json!("09:21"), json!("09:21:30")),
    ] {
        for (first, second) in [(&early, &late), (&late, &early)] {
            let sorted = times(first.clone(), second.clone());
            assert_eq!(sorted, [early.clone(), late.clone()]);
        }
    }
    // Which of two is earlier may be unknown.
    for other in [json!("08:00"), json!("2026-03-09 08:00+02:00")] {
        let kept = times(json!("2026-03-10 09:16"), other.clone());
        assert_eq!(kept, [json!("2026-03-10 09:16"), other]);
    }
}

#[test]
fn without_what_both_had_the_items_of_one_side_are_listed() {
    let table = |list: &[&str]| json!({ "list": list });
    let joined = join(
        None,
        [&table(&["b", "c"]), &table(&["a", "b"])],
        Audience::Internal,
    )
    .expect("certain");
    assert_eq!(joined.value, table(&["b", "c", "a"]));
    let named = joined
        .one_sided
        .iter()
        .map(|(list, name)| format!("{list} {name}"));
    assert_eq!(named.collect::<Vec<_>>(), ["list c", "list a"]);
}

#[test]
fn without_what_both_had_the_keys_of_one_side_are_listed() {
    let cause =
        json!({ "title": "Quotes", "root_cause": { "primary": "Weak pool", "problem": "Slow" } });
    let other =
        json!({ "title": "Quotes", "root_cause": { "primary": "Weak pool" }, "severity": "P1" });
    let joined = join(None, [&cause, &other], Audience::Internal).expect("certain");
    let named = { joined.one_sided.iter() }.map(|(table, key)| format!("{table} {key}"));
    assert_eq!(
        named.collect::<Vec<_>>(),
        ["root_cause problem", " severity"]
    );
}

#[test]
fn nothing_becomes_less_restricted() {
    let (public, customers) = (Some("public"), Some("customers"));
    let (internal, confidential) = (Some("internal"), Some("confidential"));
    let event = |audience: Option<&str>, text: &str| match audience {
        Some(audience) => json!({ "visibility": audience, "text": text }),
        None => json!({ "text": text }),
    };
    let cases = [
        (Audience::Internal, None, confidential, None, confidential),
        (
            Audience::Internal,
            internal,
            confidential,
            public,
            confidential,
        ),
        (
            Audience::Internal,
            confidential,
            public,
            confidential,
            confidential,
        ),
        (
            Audience::Internal,
            confidential,
            None,
            confidential,
            confidential,
        ),
        (Audience::Internal, None, public, None, None),
        // An event without a restriction has that of its timeline.
        (Audience::Public, None, customers, None, customers),
        (Audience::Public, None, public, None, public),
        (Audience::Confidential, internal, None, internal, None),
        (Audience::Confidential, None, internal, None, None),
        (Audience::Internal, public, customers, public, customers),
        // A misspelled audience may be any.
        (
            Audience::Internal,
            public,
            Some("confidentail"),
            internal,
            Some("confidentail"),
        ),
    ];
    for (default, common, first, second, expected) in cases {
        for (first, second) in [(first, second), (second, first)] {
            let joined = join(
                Some(&event(common, "a")),
                [&event(first, "b"), &event(second, "a")],
                default,
            );
            let value = joined.expect("certain").value;
            let found = value.get("visibility").cloned();
            assert_eq!(
                found,
                expected.map(Json::from),
                "{default} {first:?} {second:?}"
            );
        }
    }
}

#[test]
fn what_states_no_audience_has_that_of_its_place() {
    let row = |audience: Option<&str>, users: u32| match audience {
        Some(audience) => json!({ "name": "A", "audience": audience, "users": users }),
        None => json!({ "name": "A", "users": users }),
    };
    let (public, customers) = (Some("public"), Some("customers"));
    let (internal, confidential) = (Some("internal"), Some("confidential"));
    let cases = [
        // Everyone who sees the report sees it, so any audience restricts it.
        ("evidence", None, customers, customers),
        ("evidence", None, confidential, confidential),
        ("messages", None, public, None),
        ("messages", None, internal, internal),
        ("redact", None, internal, None),
        ("redact", None, confidential, confidential),
    ];
    for (list, common, changed, expected) in cases {
        for is_first in [true, false] {
            let table = |audience, users| json!({ (list): [row(audience, users)] });
            let (with, without) = (table(changed, 1), table(None, 2));
            let sides = if is_first {
                [&with, &without]
            } else {
                [&without, &with]
            };
            let joined = join(Some(&table(common, 1)), sides, Audience::Internal);
            let value = joined.expect("certain").value;
            let found = value[list][0].get("audience").cloned();
            assert_eq!(found, expected.map(Json::from), "{list} {changed:?}");
        }
    }
}
