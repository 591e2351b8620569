//! The messages for texts with syntax errors in TOML or JSON.

use afterword::source::{SourceError, Syntax};

/// Prints errors as `text at the span: message [replacement]`.
fn faults(text: &str, syntax: Syntax) -> Vec<String> {
    let (_, faults) = syntax.tree(text);
    let show = |fault: SourceError| {
        let found = fault.span.unwrap_or_default().slice(text);
        let replaced = fault.replacement.map(|(_, text)| format!(" [{text}]"));
        format!("{found}: {}{}", fault.message, replaced.unwrap_or_default())
    };
    faults.into_iter().map(show).collect()
}

#[track_caller]
fn check(syntax: Syntax, cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(faults(text, syntax), *expected, "in {text:?}");
    }
}

#[test]
fn slips_in_toml_are_named() {
    check(
        Syntax::Toml,
        &[
            ("a = 1\nb = \"x\" # y\n", &[]),
            ("a = ", &[": missing value"]),
            ("a = # b", &[": missing value"]),
            ("a = b", &["b: the text `b` needs quotes [\"b\"]"]),
            (
                "a = 5 minutes # x",
                &["5 minutes: the text `5 minutes` needs quotes"],
            ),
            ("a = yes", &["yes: invalid value `yes`"]),
            ("a = True", &["True: invalid value `True` [true]"]),
            ("a = null", &["null: TOML has no `null`"]),
            (
                "a = “x”",
                &["“x”: curly quote `“` (U+201C) instead of `\"` [\"x\"]"],
            ),
            ("a = [1 2]", &["1 2: missing comma between values"]),
            ("a = [\"x\" \"y\"]", &[": missing comma between values"]),
            ("a = [1,,2]", &[",: extra comma"]),
            (
                "a : 1",
                &[":: TOML has `=` between a key and its value [=]"],
            ),
            (
                "a: 1",
                &[":: TOML has `=` between a key and its value [ =]"],
            ),
            ("a b = 1", &["a b: spaces in a key"]),
            ("a", &[": expected `=` after the key"]),
            ("= 1", &[": missing key"]),
            (
                "größe = 1",
                &["größe: the key `größe` needs quotes [\"größe\"]"],
            ),
            ("a = \"x", &["\"x: this string is not closed"]),
            ("a = 'x", &["'x: this string is not closed"]),
            ("a = \"x\\\"", &["\\\": this string is not closed"]),
            (
                "a = \"\"\"x\nb = 1\n",
                &["\"\"\": this string is never closed"],
            ),
            ("a = \"C:\\Users\"", &["\\U: invalid TOML escape `\\U`"]),
            (
                "a = \"\\ud800\"",
                &["\\ud800: invalid TOML escape `\\ud800`"],
            ),
            ("a = \"\u{7}\"", &["\u{7}: control character U+0007"]),
            ("# \u{7}", &["\u{7}: control character U+0007"]),
            (
                "a = \"say \"hi\"\"",
                &["\"say \"hi\"\": unescaped quote inside a string [\"say \\\"hi\\\"\"]"],
            ),
            ("a = 2025-02-30", &["2025-02-30: invalid date `2025-02-30`"]),
            ("a = 25:00", &["25:00: invalid time `25:00`"]),
            ("a = 007", &["007: invalid number `007`"]),
            ("a = 1e999", &["1e999: `1e999` is too large for a number"]),
            (
                "a = 18446744073709551616",
                &["18446744073709551616: `18446744073709551616` is too large for a number"],
            ),
            ("[a\nb = 1", &["[a: this header is not closed [[a]]"]),
            ("]", &[": `]` without a matching `[`"]),
        ],
    );
}

#[test]
fn a_bracket_that_is_never_closed_hides_its_echoes() {
    let text = "a = [1\nb = 2\n[c]\nd = 3\n";
    check(Syntax::Toml, &[(text, &["[: this list is never closed"])]);
    let text = "x = y\na = {b = 1\nc = 2\n";
    let expected = [
        "y: the text `y` needs quotes [\"y\"]",
        "{: this table is never closed",
    ];
    check(Syntax::Toml, &[(text, &expected)]);
}

/// Pieces of texts that the parsers, and what reads on behind a mistake, trip over.
const PIECES: &[&str] = &[
    "\n",
    " ",
    "=",
    ":",
    ",",
    ";",
    ".",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "`",
    "\\",
    "#",
    "//",
    "/*",
    "--",
    "\"\"\"",
    "'''",
    "a",
    "b c",
    "é",
    "１２",
    "＝",
    "，",
    "“",
    "”",
    "’",
    "「",
    "–",
    "\u{2212}",
    "\u{a0}",
    "\u{3000}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{7f}",
    "1",
    "1,240",
    "0912",
    "9:12",
    "2025-01-14",
    "14.01.2025",
    "UTC",
    "true",
    "null",
    "60%",
    "...",
    "\n<<<<<<< a\n",
    "\n||||||| b\n",
    "\n=======\n",
    "\n>>>>>>> c\n",
    "\n---\n",
    "- x",
    "```",
];

#[test]
fn whatever_is_typed_each_fault_has_a_place_in_it_and_a_remedy() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    let config = Config {
        cases: 3000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(23),
        ..Config::default()
    };
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..24);
    let run = TestRunner::new(config).run(&pieces, |pieces| {
        let text = pieces.concat();
        for syntax in [Syntax::Toml, Syntax::Json] {
            for fault in syntax.tree(&text).1 {
                let related = fault.related.iter().map(|(span, _)| *span);
                let replaced = fault.replacement.iter().map(|(span, _)| *span);
                for span in fault.span.into_iter().chain(related).chain(replaced) {
                    prop_assert!(
                        text.get(span.start..span.end).is_some(),
                        "{text:?} {fault:?}"
                    );
                }
                prop_assert!(fault.help.is_some(), "{text:?} {fault:?}");
                prop_assert!(fault.span.is_some(), "{text:?} {fault:?}");
            }
        }
        Ok(())
    });
    run.unwrap();
}

#[test]
fn every_line_of_toml_with_a_slip_is_named_up_to_five() {
    assert_eq!(
        faults("a = b\nc = d\ne = 1\nf = g\n", Syntax::Toml).len(),
        3
    );
    assert_eq!(faults(&"a = b\n".repeat(50), Syntax::Toml).len(), 5);
}

#[test]
fn a_duplicate_key_is_reported_with_the_first_one() {
    let first = |text: &str, syntax: Syntax| {
        let (_, faults) = syntax.tree(text);
        let fault = faults.into_iter().next().unwrap();
        assert_eq!(fault.code, afterword::source::DUPLICATE_KEY);
        let second = fault.span.unwrap();
        (
            fault.related.map(|(span, _)| (span.start, span.end)),
            (second.start, second.end),
        )
    };
    for (text, one, two) in [
        ("a = 1\na = 2", (0, 1), (6, 7)),
        ("[x]\na = 1\n[y]\na = 2\nb = 1\nb = 3", (20, 21), (26, 27)),
        ("[[p]]\na = 1\n[[p]]\na = 2\na = 3", (18, 19), (24, 25)),
        ("[p]\nq.z = 1\nq.z = 2", (6, 7), (14, 15)),
        ("a = {b = 1, b = 2}", (5, 6), (12, 13)),
        ("[x]\n[y]\n[x]", (0, 3), (9, 10)),
    ] {
        assert_eq!(first(text, Syntax::Toml), (Some(one), two), "{text}");
    }
    assert_eq!(
        first("{\"a\": 1, \"\\u0061\": 2}", Syntax::Json),
        (Some((1, 4)), (9, 17))
    );
}

#[test]
fn slips_in_json_are_named_and_read_over() {
    check(
        Syntax::Json,
        &[
            (
                "{\"a\": [1, -2.5e3, true, null, \"\\n\\ud83d\\ude80\"]}",
                &[],
            ),
            ("", &[": the file is empty"]),
            ("{\"a\": 1,}", &[",: trailing comma []"]),
            ("[1,]", &[",: trailing comma []"]),
            ("[1,,2]", &[",: extra comma"]),
            (
                "{\"a\": 1 \"b\": 2}",
                &[": missing comma between values [,]"],
            ),
            (
                "{'a': 1}",
                &["'a': JSON strings need double quotes [\"a\"]"],
            ),
            ("{a: 1}", &["a: the key `a` needs quotes [\"a\"]"]),
            (
                "{\"a\" = 1}",
                &["=: JSON has `:` between a key and its value [:]"],
            ),
            ("{\"a\"}", &[": expected `:` after the key"]),
            ("{\"a\": }", &["}: expected a value"]),
            ("{\"a\": x y}", &["x y: the text `x y` needs quotes"]),
            (
                "[NaN, -Infinity]",
                &[
                    "NaN: JSON has no number `NaN`",
                    "-Infinity: JSON has no number `-Infinity`",
                ],
            ),
            (
                "[True, None]",
                &[
                    "True: `True` is not a valid JSON value [true]",
                    "None: `None` is not a valid JSON value",
                ],
            ),
            (
                "[01, 1., +1]",
                &[
                    "01: invalid number `01`",
                    "1.: invalid number `1.`",
                    "+1: invalid number `+1`",
                ],
            ),
            ("[1e999]", &["1e999: `1e999` is too large for a number"]),
            (
                "// x\n{} /* y */",
                &[
                    "// x: JSON has no comments",
                    "/* y */: JSON has no comments",
                ],
            ),
            ("{} x", &["x: unexpected text after the end"]),
            ("[\"\\ud800\"]", &["\\ud800: `\\ud800` is half a character"]),
            (
                "{\"\\udc00\": 1}",
                &["\\udc00: `\\udc00` is half a character"],
            ),
            (
                "[\"\\q\\u12\"]",
                &[
                    "\\q: invalid JSON escape `\\q`",
                    "\\u: invalid JSON escape `\\u`",
                ],
            ),
            ("[\"a\tb\"]", &["\t: control character U+0009"]),
            ("[\"a\nb\"]", &["\"a\nb\": line break inside a string"]),
            ("[\"a", &["\"a: this string is not closed"]),
            ("[1, 2", &["[: this list is not closed"]),
            ("{\"a\": [1}", &["[: this list is not closed"]),
            (
                "[“x”]",
                &["“x”: curly quote `“` (U+201C) instead of `\"` [\"x\"]"],
            ),
        ],
    );
}
