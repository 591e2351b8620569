use super::*;

/// Returns what a file of another format is said to be, and the place of that.
fn said(text: &str, syntax: Syntax) -> Option<(String, &str)> {
    let error = error(text, syntax)?;
    assert!(error.help.is_some(), "{text}");
    let place = error.span.expect("a place");
    Some((error.message, place.slice(text)))
}

#[test]
fn a_file_is_what_its_first_lines_are_in_whatever_extension_it_has() {
    let (toml, json) = (Syntax::Toml, Syntax::Json);
    for (text, syntax, expected) in [
        ("{\"a\": 1}", toml, Some("this file is JSON, not TOML")),
        (
            "+++\na = 1\n+++\n# A\n",
            toml,
            Some("this file is Markdown, not TOML"),
        ),
        ("```toml\na = 1\n```\n", toml, Some("this file is not TOML")),
        ("---\na: 1\n", toml, Some("this file is YAML, not TOML")),
        ("a: 1\nb:\n", toml, Some("this file is YAML, not TOML")),
        (
            "It failed.\nThen it worked.\n",
            toml,
            Some("this file is not TOML"),
        ),
        // A single line, and a file with an assignment, has a slip.
        ("a: 1\n", toml, None),
        ("a: 1\nb = 2\n", toml, None),
        ("a: 1\n[b]\n", toml, None),
        ("", toml, None),
        ("# only a comment\n\n", toml, None),
        ("a = 1\n", json, Some("this file is TOML, not JSON")),
        ("[a]\nb = 1\n", json, Some("this file is TOML, not JSON")),
        ("a: 1\n", json, Some("this file is YAML, not JSON")),
        ("---\na: 1\n", json, Some("this file is YAML, not JSON")),
        (
            "{\"a\": 1}\n{\"a\": 2}\n",
            json,
            Some("this file is JSON Lines, not JSON"),
        ),
        ("```json\n{}\n```\n", json, Some("this file is not JSON")),
        (
            "It failed.\nThen it worked.\n",
            json,
            Some("this file is not JSON"),
        ),
        ("{\"a\": 1\n{\"a\": 2}\n", json, None),
        ("{a: 1}\n", json, None),
        ("[1, 2\n", json, None),
        ("/* x */ {}\n", json, None),
        ("var a = {\n", json, Some("this file is not JSON")),
        ("-1.2.3\n", json, None),
        ("True\n", json, None),
    ] {
        let found = said(text, syntax).map(|(message, _)| message);
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn the_place_is_the_first_line_that_is_no_comment() {
    let text = "\n# a note\n  a: 1\nb: 2\n";
    assert_eq!(
        said(text, Syntax::Toml).map(|(_, place)| place),
        Some("a: 1")
    );
    let text = "// a note\n\n\ta = 1  \n";
    assert_eq!(
        said(text, Syntax::Json).map(|(_, place)| place),
        Some("a = 1")
    );
}
