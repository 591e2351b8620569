use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

/// Returns a conflict between lines, with a common text in the style `diff3`.
fn conflict(first: &str, base: Option<&str>, second: &str) -> String {
    let base = base.map_or_else(String::new, |base| format!("||||||| base\n{base}"));
    format!("<<<<<<< ours\n{first}{base}=======\n{second}>>>>>>> theirs\n")
}

/// Some lines without a marker.
fn lines() -> impl Strategy<Value = String> {
    prop::collection::vec("[a-c<=>|é ]{0,6}\n", 0..4).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::with_cases(256)
    })]

    #[test]
    fn the_sides_of_a_merged_text_are_the_texts_that_were_merged(
        parts in prop::collection::vec((lines(), lines(), prop::option::of(lines()), lines()), 1..4),
        end in lines(),
    ) {
        let (mut merged, mut first, mut second) = (String::new(), String::new(), String::new());
        for (both, ours, base, theirs) in &parts {
            merged += both;
            merged += &conflict(ours, base.as_deref(), theirs);
            first += &format!("{both}{ours}");
            second += &format!("{both}{theirs}");
        }
        merged += &end;
        prop_assert_eq!(sides(&merged), Some([first + &end, second + &end]));
        prop_assert!(has_certain_sides(&merged));
    }

    #[test]
    fn a_resolved_text_has_the_first_sides_where_they_were_and_no_marker(
        parts in prop::collection::vec((lines(), lines(), prop::option::of(lines()), lines()), 1..4),
    ) {
        let merged: String = parts.iter().map(|(both, ours, base, theirs)| {
            both.clone() + &conflict(ours, base.as_deref(), theirs)
        }).collect();
        let (kept, found) = resolved(&merged, Syntax::Json);
        prop_assert_eq!(found.len(), parts.len());
        prop_assert_eq!(kept.len(), merged.len());
        prop_assert_eq!(kept.matches('\n').count(), merged.matches('\n').count());
        prop_assert!(markers(&kept).next().is_none());
        let [first, _] = sides(&merged).expect("conflicts");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(words(&kept), words(&first));
        for (old, new) in merged.bytes().zip(kept.bytes()) {
            prop_assert!(new == old || new == b' ');
        }
    }

    #[test]
    fn a_text_without_markers_is_not_touched(text in lines()) {
        prop_assert!(matches!(resolved(&text, Syntax::Toml), (Cow::Borrowed(_), found) if found.is_empty()));
        prop_assert_eq!(sides(&text), None);
        prop_assert!(has_certain_sides(&text));
    }
}

#[test]
fn a_marker_is_a_line_of_seven_signs_that_a_name_may_follow() {
    for (line, is_marker) in [
        ("<<<<<<<", true),
        ("<<<<<<< HEAD", true),
        ("<<<<<<<<<", true),
        (">>>>>>> a b\r", true),
        ("=======", true),
        ("||||||| 1234", true),
        ("<<<<<<", false),
        ("<<<<<<<HEAD", false),
        (" <<<<<<<", false),
        ("======= Heading", false),
        ("=======a", false),
        ("-------", false),
    ] {
        assert_eq!(markers(line).count(), usize::from(is_marker), "{line}");
    }
}

#[test]
fn sides_are_uncertain_if_a_line_of_a_side_may_be_a_marker() {
    let in_base = conflict("a\n", Some("<<<<<<<<< x\n=========\n>>>>>>>>> y\n"), "b\n");
    for (text, is_certain) in [
        (conflict("a\n", None, "b\n"), true),
        ("a\n=======\nb\n".to_owned(), true),
        // A conflict of an earlier merge has longer markers.
        (in_base, true),
        (conflict("a\n=======\n", None, "b\n"), false),
        (conflict("a\n", None, "=======\nb\n"), false),
        (
            format!("<<<<<<< left\n{}", conflict("a\n", None, "b\n")),
            false,
        ),
        (conflict("a\n", None, "b\n") + ">>>>>>> left\n", false),
        ("<<<<<<< left\na\n".to_owned(), false),
    ] {
        assert_eq!(has_certain_sides(&text), is_certain, "{text}");
    }
}

#[test]
fn each_side_is_named_with_its_lines() {
    for (text, label, related) in [
        (
            conflict("a\nb\n", None, "c\n"),
            "`ours`: lines 2 to 3",
            "`theirs`: line 5",
        ),
        (
            conflict("", None, "c\n"),
            "`ours`: no lines",
            "`theirs`: line 3",
        ),
        (
            conflict("a\n", Some("x\n"), ""),
            "`ours`: line 2",
            "`theirs`: no lines",
        ),
        (
            "<<<<<<<\na\n=======\nb\n>>>>>>>\n".to_owned(),
            "the first side: line 2",
            "the second side: line 4",
        ),
    ] {
        let (_, found) = resolved(&text, Syntax::Toml);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].label, label, "{text}");
        let (span, named) = found[0].related.as_ref().expect("the second side");
        assert_eq!((span.slice(&text), named.as_str()), ("=======", related));
    }
}

#[test]
fn a_conflict_without_a_middle_is_reported_unless_it_may_be_text() {
    let text = "<<<<<<< a\nx = 1\n>>>>>>> b\n";
    let in_string = format!("s = '''\n{text}'''\n");
    let complete = format!("s = '''\n{}'''\n", conflict("a\n", None, "b\n"));
    for (text, expected) in [(text, 1), (&in_string, 0), (&complete, 1)] {
        assert_eq!(resolved(text, Syntax::Toml).1.len(), expected, "{text}");
    }
    let help = resolved(&complete, Syntax::Toml).1.remove(0).help;
    assert!(help.is_some_and(|help| help.ends_with("to keep them as text, indent them")));
}

#[test]
fn markers_that_are_left_over_are_reported_and_the_number_of_reports_is_limited() {
    let (kept, found) = resolved("a = 1\n=======\nb = 2\n", Syntax::Toml);
    assert_eq!(kept, "a = 1\n       \nb = 2\n");
    assert_eq!(found[0].message, "leftover merge conflict marker `=======`");
    let many = conflict("", None, "").repeat(MOST - 1) + &"=======\n".repeat(9);
    assert_eq!(resolved(&many, Syntax::Toml).1.len(), MOST);
}
