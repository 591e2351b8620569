use super::*;

#[test]
fn only_a_header_takes_the_lines_below_with_it() {
    for (line, names, is_header) in [
        ("[impact", Some("impact"), true),
        ("impact]", Some("impact"), true),
        ("[[action_items] x", Some("action_items"), true),
        ("impact:", Some("impact"), true),
        ("[impact]:", Some("impact"), true),
        ("[impact] = 'x'", Some("impact"), true),
        ("[impact] summary = 'x'", None, true),
        ("services: ['a', 'b']", Some("services"), false),
        ("services = ['a'", Some("services"), false),
        ("title: Slow", Some("title"), false),
        ("a.b = c d", Some("a.b"), false),
        ("what happened = x", Some("what_happened"), false),
        ("// [impact] = 1", None, false),
        ("= 'no key'", None, false),
    ] {
        let text = format!("x = 1\n{line}\ny = 2\n[z]\n");
        let broken = BrokenLine::new(&text, 6, 0).expect("a line");
        let found = broken.names(&text).map(|names| names.join("."));
        let found = found.filter(|_| !broken.is_comment);
        assert_eq!(found.as_deref(), names, "{line}");
        let end = if is_header { "y = 2" } else { line };
        assert!(broken.span.slice(&text).ends_with(end), "{line}");
    }
}

#[test]
fn a_replacement_has_the_length_of_its_line_and_no_error() {
    for line in [
        "[impact\nx = 1",
        "title: Slow",
        "a = b c",
        "// a note",
        "é ü = '",
    ] {
        let broken = BrokenLine::new(line, 0, 12).expect("a line");
        let length = broken.span.end - broken.span.start;
        assert_eq!(broken.replacement.len(), length);
        let (tree, wrong) = Syntax::Toml.tree(&broken.replacement);
        assert!(wrong.is_empty(), "{line}");
        assert_eq!(tree.get("12").is_some(), !broken.key.is_empty(), "{line}");
    }
}

#[test]
fn a_line_of_a_long_text_and_one_that_is_too_short_cannot_be_replaced() {
    for (line, number) in [("a = \"\"\"", 0), ("'''", 0), ("a", 0), ("a b", 10)] {
        assert!(BrokenLine::new(line, 0, number).is_none(), "{line}");
    }
}

#[test]
fn a_value_is_without_blanks_and_comment() {
    for (line, value) in [
        ("a =  b c  # x", Some("b c")),
        ("a=b#c", Some("b#c")),
        ("a = ", Some("")),
        ("a b", None),
    ] {
        let span = value_of(line, Span::new(0, line.len()));
        assert_eq!(span.map(|span| span.slice(line)), value, "{line}");
    }
}
