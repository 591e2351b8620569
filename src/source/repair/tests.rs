use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::source::Value;

#[test]
fn a_long_line_of_opening_quotes_is_repaired() {
    for typed in [
        "\u{201c}a ",
        "\u{201c}",
        "\u{201c}a,\u{a0}",
        "\u{2018}b\u{a0}",
        "'\u{201c} ",
        "\u{a0}'",
        "\u{a0}''",
    ] {
        let line = format!("title = {}\n", typed.repeat(50_000));
        for syntax in [Syntax::Toml, Syntax::Json] {
            let (typed, found) = repaired(&line, syntax);
            assert_eq!(typed.repaired().len(), line.len());
            assert!(found.len() <= MOST.0);
        }
    }
}

#[test]
fn what_was_pasted_instead_of_syntax_is_replaced_without_moving_a_byte() {
    // The text, what parsers see, and what each report replaces by what.
    let quoted = "a = \"\u{201c}b\u{a0}\u{201d}\"\n";
    let long = "a = '''\n\u{201c}\n'''\n";
    for (text, seen, changes) in [
        ("a = 1\n", "a = 1\n", vec![]),
        ("a\u{a0}= 1\n", "a  = 1\n", vec![("\u{a0}", " ")]),
        (
            "a\u{a0}\u{a0}= 1\n",
            "a    = 1\n",
            vec![("\u{a0}\u{a0}", "  ")],
        ),
        ("\u{200b}a = 1\n", "a    = 1\n", vec![("\u{200b}", "")]),
        ("a = \u{2212}1\n", "a = -1  \n", vec![("\u{2212}1", "-1")]),
        (
            "a = \u{201c}b\u{201d}\n",
            "a =   \"b\"  \n",
            vec![("\u{201c}b\u{201d}", "\"b\"")],
        ),
        (
            "a = \"b\u{201d}\n",
            "a = \"b\"  \n",
            vec![("\"b\u{201d}", "\"b\"")],
        ),
        // In a text and in a comment any character may be meant.
        (quoted, quoted, vec![]),
        (
            "a =\u{a0}\"b\u{2013}c \u{a0}d\"\u{a0}# \u{2013}\n",
            "a =  \"b\u{2013}c \u{a0}d\"  # \u{2013}\n",
            vec![("\u{a0}", " "), ("\u{a0}", " ")],
        ),
        ("# \u{201c}b\u{a0}\n", "# \u{201c}b\u{a0}\n", vec![]),
        (long, long, vec![]),
    ] {
        let (typed, found) = repaired(text, Syntax::Toml);
        assert_eq!(typed.repaired(), seen, "{text}");
        let replaced = found.iter().filter_map(|error| error.replacement.as_ref());
        let replaced = replaced.map(|(span, new)| (span.slice(text), new.as_str()));
        assert_eq!(replaced.collect::<Vec<_>>(), changes, "{text}");
    }
}

#[test]
fn a_quote_that_is_not_closed_is_reported_alone() {
    let text = "a = \u{201c}b\nc = 1\n";
    let (typed, found) = repaired(text, Syntax::Toml);
    assert_eq!(typed.repaired(), "a = \"  b\nc = 1\n");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span.map(|span| span.slice(text)), Some("\u{201c}"));
    assert_eq!(found[0].replacement, None);
}

#[test]
fn three_quotes_open_a_text_of_several_lines() {
    let text = "a = \u{201c}\u{201c}\u{201c}\nb\n\u{201d}\u{201d}\u{201d}\nc = 1\n";
    let (typed, found) = repaired(text, Syntax::Toml);
    let seen = "a = \"\"\"      \nb\n\"\"\"      \nc = 1\n";
    assert_eq!(typed.repaired(), seen);
    assert_eq!(found.len(), 1);
}

#[test]
fn a_character_that_is_part_of_another_error_is_not_reported_again() {
    let text = "a b\u{a0}c = 1\u{2003}\n";
    let (typed, found) = repaired(text, Syntax::Toml);
    assert_eq!(found.len(), 2);
    let whole = SourceError::new(SYNTAX, Span::new(0, 5), "a key of several words");
    let all = joined(&typed, found, vec![whole]);
    let spans: Vec<_> = all.iter().filter_map(|error| error.span).collect();
    let parts: Vec<_> = spans.iter().map(|span| span.slice(text)).collect();
    assert_eq!(parts, ["a b\u{a0}c", "\u{2003}"]);
}

#[test]
fn one_blank_in_many_places_is_reported_once_with_its_count() {
    for (count, label) in [
        (1, ""),
        (3, "the first of 3 in this file"),
        (MOST.0 + 5, "the first of many in this file"),
    ] {
        let text = "a\u{a0}= 1\n".repeat(count);
        let (typed, found) = repaired(&text, Syntax::Toml);
        let all = joined(&typed, found, Vec::new());
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].label, label);
    }
    // What is written instead differs each time.
    let text = "a = \u{2212}1\n".repeat(MOST.1 + 2);
    let (typed, found) = repaired(&text, Syntax::Toml);
    assert_eq!(joined(&typed, found, Vec::new()).len(), MOST.1);
}

/// Texts of syntax, and of characters that look like it.
const TEXT: &str =
    "([a\\[\\]{}=:,#\"'\n ]|\u{a0}|\u{201c}|\u{201d}|\u{2019}|\u{200b}|\u{2212}|\u{ff1d}|é){0,24}";

/// Blanks, some of which nobody can see.
const BLANKS: &str = "(\u{a0}|\u{200b}|\u{3000}| ){0,3}";

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::with_cases(512)
    })]

    #[test]
    fn no_line_moves_and_each_report_is_in_the_text(text in TEXT, is_json in any::<bool>()) {
        let syntax = if is_json { Syntax::Json } else { Syntax::Toml };
        let (typed, found) = repaired(&text, syntax);
        prop_assert_eq!(typed.repaired().len(), text.len());
        for (at, byte) in text.bytes().enumerate() {
            prop_assert!(byte != b'\n' || typed.repaired().as_bytes()[at] == b'\n');
        }
        prop_assert_eq!(found.is_empty(), typed.repaired() == text);
        for error in &found {
            let span = error.span.expect("a place");
            prop_assert!(text.get(span.start..span.end).is_some_and(|part| !part.is_empty()));
        }
        for start in 0..text.len() {
            for end in start..text.len() {
                let span = typed.original_span(Span::new(start, end));
                prop_assert!(text.get(span.start..span.end).is_some());
            }
        }
    }

    #[test]
    fn a_file_with_all_repairs_applied_is_valid(
        blanks in prop::collection::vec(BLANKS, 3),
        quotes in prop::sample::select(vec![("\u{201c}", "\u{201d}"), ("\u{201e}", "\u{201c}"), ("\"", "\"")]),
        word in "[a-zé ]{0,5}",
    ) {
        let (open, close) = quotes;
        let text = format!("a{}={}{open}{word}{close}{}\n", blanks[0], blanks[1], blanks[2]);
        let (_, mut found) = repaired(&text, Syntax::Toml);
        found.sort_by_key(|error| std::cmp::Reverse(error.span));
        let mut written = text.clone();
        for error in found {
            let (span, new) = error.replacement.expect("a repair");
            written.replace_range(span.start..span.end, &new);
        }
        let (tree, wrong) = Syntax::Toml.tree(&written);
        prop_assert!(wrong.is_empty(), "{:?}", written);
        let value = tree.get("a").map(|node| &node.value);
        prop_assert_eq!(value, Some(&Value::String(word.as_str().into())));
    }
}
