//! Files that attack a reader: each gives an error that names the limit, or a plain result, in
//! bounded time and without deep recursion.

use afterword::load::shape::walk;
use afterword::source::{LIMIT, Limits, SourceError, Syntax};

/// Returns the error of a text that exceeds a limit, which hides all others.
fn excess(text: &str, syntax: Syntax, limits: &Limits) -> Option<SourceError> {
    let (_, faults) = syntax.parse(text, limits);
    let fault = faults.iter().find(|fault| fault.code == LIMIT)?;
    assert_eq!(faults.len(), 1, "{faults:?}");
    Some(fault.clone())
}

/// Returns the limit that a text exceeds, if any.
fn option(text: &str, syntax: Syntax) -> Option<&'static str> {
    let fault = excess(text, syntax, &Limits::default())?;
    let help = fault.help.clone().unwrap_or_default();
    ["file_bytes", "depth", "string_bytes", "entries"]
        .into_iter()
        .find(|name| help.contains(&format!("`[limits] {name}`")))
}

#[test]
fn toml_that_is_too_deep_is_rejected_with_the_limit() {
    let deep = 10_000;
    let many = 100_000;
    for text in [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}1{}", "[".repeat(deep), "]".repeat(deep)),
        format!("a = {}", "{a = ".repeat(deep)),
        format!("a = {}1{}", "{a.b = ".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(many)),
        format!("[{}a]", "a.".repeat(many)),
        format!("[[{}a]]", "a . ".repeat(many)),
        format!("a = {{{}a = 1}}", "a.".repeat(many)),
        format!("[{}a]\n{}b = [[[]]]", "a.".repeat(31), "b.".repeat(31)),
    ] {
        assert_eq!(option(&text, Syntax::Toml), Some("depth"), "{text:.40}");
    }
}

#[test]
fn json_that_is_too_deep_is_rejected_with_the_limit() {
    for open in ["[", "{\"a\":", "[{\"a\":"] {
        let text = open.repeat(10_000);
        assert_eq!(option(&text, Syntax::Json), Some("depth"));
    }
}

#[test]
fn the_deepest_files_that_are_allowed_are_read_without_trouble() {
    let depth = Limits::default().depth;
    let parts = vec!["a"; depth];
    let toml = [
        format!("a = {}{}", "[".repeat(depth), "]".repeat(depth)),
        format!("a = {}1{}", "{a = ".repeat(depth), "}".repeat(depth)),
        format!("{} = 1", parts.join(".")),
        format!("[{}]\nb = 1", parts.join(".")),
        format!("[[{}]]\nb = 1", vec!["a"; depth / 2].join(".")),
    ];
    let json = [
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
    ];
    let anything = serde_json::Value::Bool(true);
    let texts = toml.iter().map(|text| (text, Syntax::Toml));
    for (text, syntax) in texts.chain(json.iter().map(|text| (text, Syntax::Json))) {
        assert_eq!(option(text, syntax), None, "{text}");
        let (node, faults) = syntax.tree(text);
        assert!(faults.is_empty(), "{text}: {faults:?}");
        assert!(walk(&anything, &node, "a".into(), &[]).is_empty());
        match syntax {
            Syntax::Toml => drop(toml::from_str::<toml::Table>(text).unwrap()),
            Syntax::Json => drop(serde_json::from_str::<serde_json::Value>(text).unwrap()),
        }
    }
}

/// Parsers only run after the limits; these texts would stop them otherwise.
#[test]
fn the_parsers_do_not_overflow_their_stacks_either() {
    let deep = 10_000;
    for text in [
        format!("a = {}", "[".repeat(deep)),
        format!("a = {}1{}", "{a = ".repeat(deep), "}".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[{}a]\nb = 1", "a.".repeat(deep)),
    ] {
        assert!(toml::from_str::<toml::Table>(&text).is_err(), "{text:.20}");
        assert!(!Syntax::Toml.tree(&text).1.is_empty(), "{text:.20}");
    }
    for text in ["[".repeat(deep), "{\"a\":".repeat(deep)] {
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
        assert!(!Syntax::Json.tree(&text).1.is_empty());
    }
}

#[test]
fn long_lists_and_tables_are_rejected_with_the_limit() {
    let keys = |form: fn(usize) -> String| (0..110_000).map(form).collect::<String>();
    for text in [
        format!("a = [{}]", "1,".repeat(150_000)),
        format!("a = [{}]", "[],".repeat(100_002)),
        keys(|key| format!("k{key} = 1\n")),
        format!("a = {{{}}}", keys(|key| format!("k{key} = 1,"))),
        "[[a]]\n".repeat(100_001),
    ] {
        assert_eq!(option(&text, Syntax::Toml), Some("entries"), "{text:.40}");
    }
    for text in [
        format!("[{}1]", "1,".repeat(150_000)),
        format!("{{{}\"z\":1}}", keys(|key| format!("\"k{key}\":1,"))),
    ] {
        assert_eq!(option(&text, Syntax::Json), Some("entries"), "{text:.40}");
    }
}

#[test]
fn files_of_many_parts_are_rejected_for_any_kind_of_part() {
    let limits = Limits {
        entries: 1000,
        ..Limits::default()
    };
    for part in ["\n", "x ", "]", "= ", ".", "# x\n", "'' ", "a = 1\n[b]\n"] {
        let fault = excess(&part.repeat(30_000), Syntax::Toml, &limits);
        assert!(fault.is_some(), "{part:?}");
    }
    let list = format!("[{}1],", "1,".repeat(900));
    let text = format!("[{}1]", list.repeat(30));
    assert!(excess(&text, Syntax::Json, &limits).is_some());
}

#[test]
fn lists_up_to_the_limit_are_allowed() {
    let text = format!("a = [{}]", "1,".repeat(99_999));
    assert_eq!(option(&text, Syntax::Toml), None);
    let text = format!("[{}1]", "1,".repeat(99_999));
    assert_eq!(option(&text, Syntax::Json), None);
}

#[test]
fn long_strings_and_files_are_rejected_with_the_limit() {
    let long = "x".repeat(70_000);
    for text in [
        format!("a = \"{long}\""),
        format!("a = '{long}'"),
        format!("a = \"\"\"\n{long}\"\"\""),
        format!("a = '''{long}'''"),
        format!("\"{long}\" = 1"),
    ] {
        assert_eq!(
            option(&text, Syntax::Toml),
            Some("string_bytes"),
            "{text:.20}"
        );
    }
    assert_eq!(
        option(&format!("[\"{long}\"]"), Syntax::Json),
        Some("string_bytes")
    );
    let huge = " ".repeat((16 << 20) + 1);
    assert_eq!(option(&huge, Syntax::Toml), Some("file_bytes"));
    assert_eq!(option(&huge, Syntax::Json), Some("file_bytes"));
}

#[test]
fn brackets_and_quotes_inside_strings_and_comments_do_not_count() {
    let brackets = "[".repeat(200);
    for text in [
        format!("a = \"{brackets}\" # {brackets}"),
        format!("a = '{brackets}'"),
        format!(
            "a = \"\"\"{brackets} \\\" \"\" {brackets}\"\"\"\nb = '''{brackets} '' {brackets}'''''"
        ),
        format!("a = \"\\\\\" # {brackets}\n"),
        "a = \"x\"\"\"\"\"\"".to_owned(),
    ] {
        assert_eq!(option(&text, Syntax::Toml), None, "{text}");
    }
    let text = format!("[\"{brackets} \\\" {brackets} \\\\\"]");
    assert_eq!(option(&text, Syntax::Json), None);
}

#[test]
fn a_file_full_of_errors_reports_only_a_few() {
    for line in [
        "]\n",
        "a b\n",
        "= 1\n",
        "a = \n",
        "[\n",
        "\"\n",
        "a = 1 2\n",
        "ａ = １\n",
        "a\u{a0}= “b”\n",
        "a = 'b” \n",
    ] {
        let text = line.repeat(5_000);
        let (_, faults) = Syntax::Toml.tree(&text);
        assert!(
            (1..=6).contains(&faults.len()),
            "{line:?} gives {}",
            faults.len()
        );
        let text = "] ".repeat(5_000);
        assert!(!Syntax::Toml.tree(&text).1.is_empty());
    }
    for part in ["[,", "{,", "// x\n", "'a' ", "NaN ", "1 "] {
        let (_, faults) = Syntax::Json.tree(&format!("[{}", part.repeat(5_000)));
        assert!(
            (1..=6).contains(&faults.len()),
            "{part:?} gives {}",
            faults.len()
        );
    }
}
