//! Texts, positions, paths and trees.

use afterword::source::{ENCODING, Path, Position, Source, Span, Syntax, Value};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

fn decode(bytes: &[u8]) -> Result<String, String> {
    let decoded = Source::decode("a.toml", bytes);
    decoded
        .map(|source| source.text().to_owned())
        .map_err(|fault| {
            assert_eq!(fault.code, ENCODING);
            format!("{} = {}", fault.message, fault.help.unwrap_or_default())
        })
}

#[test]
fn invalid_utf8_is_rejected_with_its_location() {
    for (bytes, expected) in [
        (
            &b"a\n\xe9"[..],
            "not UTF-8 at byte 2 (line 2, column 1) = is it UTF-16 or Latin-1? save the file as UTF-8",
        ),
        (
            b"\xff\xfea\0",
            "not UTF-8 at byte 0 (line 1, column 1) = it starts as UTF-16 does; save the file as UTF-8",
        ),
        (
            b"\xfe\xff\0a",
            "not UTF-8 at byte 0 (line 1, column 1) = it starts as UTF-16 does; save the file as UTF-8",
        ),
        (
            b"a\0 \0",
            "a NUL at byte 1 (line 1, column 2) = is it UTF-16? save the file as UTF-8",
        ),
        (
            b"\x1f\x8b\x08",
            "the file is compressed with gzip = unpack it with `gunzip` first",
        ),
    ] {
        assert_eq!(decode(bytes), Err(expected.to_owned()));
    }
}

#[test]
fn line_endings_and_a_byte_order_mark_make_no_difference() {
    let plain = "a = \"\"\"x\ny\"\"\"\nb = 1\n";
    let saved = format!("\u{feff}{}", plain.replace('\n', "\r\n"));
    assert_eq!(decode(saved.as_bytes()), Ok(plain.to_owned()));
    assert_eq!(decode(plain.as_bytes()), Ok(plain.to_owned()));
}

#[test]
fn positions_count_lines_and_characters_from_one() {
    let source = Source::new("a.toml", "ab\n\u{e9}\u{1f680}c\n");
    for (offset, line, column) in [
        (0, 1, 1),
        (2, 1, 3),
        (3, 2, 1),
        (5, 2, 2),
        (9, 2, 3),
        (10, 2, 4),
        (11, 3, 1),
        (99, 3, 1),
    ] {
        assert_eq!(
            source.position(offset),
            Position { line, column },
            "at {offset}"
        );
    }
    assert_eq!(
        source.position(4),
        source.position(3),
        "inside a character is its start"
    );
    assert_eq!(source.line(2), Span::new(3, 10));
    assert_eq!(source.line(3), Span::new(11, 11));
}

#[test]
fn columns_of_long_lines_count_characters() {
    let source = Source::new("a.json", &format!("é\n{}", "aé".repeat(5000)));
    for characters in [0, 1, 700, 701, 1000, 9999] {
        let offset = 3 + characters / 2 * 3 + characters % 2;
        let expected = Position {
            line: 2,
            column: characters + 1,
        };
        assert_eq!(source.position(offset), expected);
    }
}

#[test]
fn paths_are_shown_as_toml_writes_keys() {
    let path = Path::new()
        .key("technical")
        .key("metrics")
        .key("API p95")
        .index(0);
    assert_eq!(path.to_string(), "technical.metrics.\"API p95\"[0]");
    assert_eq!(
        Path::new().key("a").index(1).key("").key("b-c").to_string(),
        "a[1].\"\".b-c"
    );
    assert_eq!(Path::new().to_string(), "");
}

#[test]
fn places_are_found_by_path_or_at_the_nearest_ancestor() {
    let toml = "a.b = 1\n[x]\ny = {z = [1, 22]}\n[[l]]\nk = 1\n[[l]]\nk = 2\n[l.sub]\nm = 3\n";
    let json = "{\"a\": {\"b\": 1}, \"x\": {\"y\" : {\"z\": [1, 22]}}, \"l\": [{\"k\": 1}, {\"k\": 2, \"k\": 3}]}";
    let path = Path::new;
    let cases = [
        (
            path().key("a").key("b"),
            (Some("b"), "1", 0),
            (Some("\"b\""), "1", 0),
        ),
        (
            path().key("x"),
            (Some("x"), "[x]", 0),
            (Some("\"x\""), "{\"y\" : {\"z\": [1, 22]}}", 0),
        ),
        (
            path().key("x").key("y").key("z").index(1),
            (None, "22", 0),
            (None, "22", 0),
        ),
        (
            path().key("x").key("q").key("r"),
            (Some("x"), "[x]", 2),
            (Some("\"x\""), "{\"y\" : {\"z\": [1, 22]}}", 2),
        ),
        (
            path().key("l").index(1).key("k"),
            (Some("k"), "2", 0),
            (Some("\"k\""), "3", 0),
        ),
        (
            path().key("l").index(0),
            (None, "[[l]]", 0),
            (None, "{\"k\": 1}", 0),
        ),
        (
            path().key("l").index(7),
            (Some("l"), "[[l]]", 1),
            (Some("\"l\""), "[{\"k\": 1}, {\"k\": 2, \"k\": 3}]", 1),
        ),
        (path().key("none"), (None, "", 1), (None, json, 1)),
    ];
    for (path, in_toml, in_json) in cases {
        for (text, syntax, expected) in
            [(toml, Syntax::Toml, in_toml), (json, Syntax::Json, in_json)]
        {
            let found = syntax.tree(text).0.find(&path);
            let shown = (
                found.key.map(|key| key.slice(text)),
                found.value.slice(text),
                found.missing,
            );
            assert_eq!(shown, expected, "{path} in {syntax:?}");
        }
    }
    let (tree, _) = Syntax::Toml.tree(toml);
    assert_eq!(
        tree.find(&path().key("l").index(1)).value.start,
        42,
        "the second header"
    );
    assert_eq!(
        tree.find(&path().key("l").index(1).key("sub").key("m"))
            .missing,
        0
    );
}

#[test]
fn values_keep_what_was_typed() {
    let (tree, _) = Syntax::Toml
        .tree("v = 1.10\nd = 2025-01-14 14:23:00z\nn = 0x10\nbig = 18446744073709551615");
    let Value::Table(members) = tree.value else {
        panic!("no table")
    };
    let values: Vec<Value> = members
        .into_iter()
        .map(|member| member.node.value)
        .collect();
    let expected = vec![
        Value::Float {
            value: 1.1,
            text: "1.10".into(),
        },
        Value::Datetime("2025-01-14T14:23:00Z".into()),
        Value::Integer(16),
        Value::Integer(u64::MAX.into()),
    ];
    assert_eq!(values, expected);
}

/// Returns the content of a tree, without its spans, as JSON.
fn plain(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Integer(value) => serde_json::from_str(&value.to_string()).unwrap(),
        Value::Float { value, .. } => (*value).into(),
        Value::String(text) | Value::Datetime(text) => text.as_ref().into(),
        Value::Array(nodes) => nodes.iter().map(|node| plain(&node.value)).collect(),
        Value::Table(members) => {
            let pair = |member: &afterword::source::Member| {
                (member.key.to_string(), plain(&member.node.value))
            };
            members
                .iter()
                .map(pair)
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>()
            .prop_filter("finite", |value| value.is_finite())
            .prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..5)
                .prop_map(|pairs| pairs.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #![proptest_config(Config {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(5),
        ..Config::default()
    })]

    #[test]
    fn a_json_tree_holds_what_serde_reads(value in json(), indented in any::<bool>()) {
        let text = if indented { format!("{value:#}") } else { value.to_string() };
        let (tree, faults) = Syntax::Json.tree(&text);
        prop_assert_eq!(faults, vec![]);
        prop_assert_eq!(plain(&tree.value), value);
    }

    #[test]
    fn any_text_gives_a_tree_and_faults_inside_it(text in "\\PC{0,40}|[\\[\\]{}\",:=a.\\n'#\\\\0-9 -]{0,60}") {
        for syntax in [Syntax::Toml, Syntax::Json] {
            let (_, faults) = syntax.tree(&text);
            let serde_reads = match syntax {
                Syntax::Toml => toml::from_str::<toml::Table>(&text).is_ok(),
                Syntax::Json => serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            };
            let syntax_faults = faults.iter().filter(|fault| {
                syntax == Syntax::Toml || fault.code != afterword::source::DUPLICATE_KEY
            });
            prop_assert_eq!(syntax_faults.count() == 0, serde_reads, "{:?}", &faults);
            for span in faults.iter().filter_map(|fault| fault.span) {
                prop_assert!(text.get(span.start..span.end).is_some(), "{:?}", &faults);
            }
        }
    }
}
