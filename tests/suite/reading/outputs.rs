//! The formats that diagnostics are printed in.

use afterword::diagnostic::{Diagnostic, Locator, Rule, Sources, github, json, sarif, sort, text};
use afterword::source::{Path, Source, Span};
use camino::Utf8Path;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

const FILE: &str = "incidents/a b.toml";

fn sources() -> Sources {
    let other = "[\n  1,\n  2\n]\n";
    let mut text = "title = \"é\"\nlist = 3\n".to_owned();
    text.push_str(&"# \n".repeat(60));
    text.push_str("[far]\nx = 1\n");
    [Source::new(FILE, &text), Source::new("b.json", other)]
        .into_iter()
        .collect()
}

fn diagnostics() -> Vec<Diagnostic> {
    let file = Utf8Path::new(FILE);
    let title = Path::new().key("title");
    vec![
        Diagnostic::warning("about-b", "`x`: 100%, or\u{1b}[31m not").at(
            "b.json".into(),
            Locator::Path(Path::new()),
            "all of it",
        ),
        Diagnostic::error("about-a", "a title of one character")
            .at(file, Locator::Path(title.clone()), "this")
            .at(
                file,
                Locator::Key(Path::new().key("list").key("none")),
                "and this",
            )
            .at(
                file,
                Locator::Key(Path::new().key("far").key("x")),
                "far away",
            )
            .at(
                "b.json".into(),
                Locator::Path(Path::new().index(1)),
                "elsewhere",
            )
            .at(
                "c.toml".into(),
                Locator::Span(Span::new(3, 4)),
                "not loaded",
            )
            .help("write more,\nor less")
            .suggest(file, Locator::Path(title), "\"…\""),
        Diagnostic::error("whole-file", "the file is odd").at(file, Locator::File, ""),
        Diagnostic::error("nowhere", "nothing is anywhere"),
    ]
}

#[test]
fn an_excerpt_prints_the_first_problems_with_each_code_and_counts_all() {
    let wrong = |number| Diagnostic::error("unknown-key", format!("unknown key `{number}`"));
    let mut found: Vec<Diagnostic> = (0..104).map(wrong).collect();
    found.push(Diagnostic::warning("about-b", "odd"));
    let printed = text::excerpt(&found, &sources(), text::Style::Plain);
    assert_eq!(printed.matches("error[unknown-key]").count(), 100);
    let end = "warning[about-b]: odd\n\nand 4 more of `unknown-key`\n\
               104 errors and 1 warning; print all with `afterword check --all`\n";
    assert!(printed.ends_with(end), "{printed}");
    let few = &found[4..];
    let all = text::print(few, &sources(), text::Style::Plain);
    assert_eq!(text::excerpt(few, &sources(), text::Style::Plain), all);
}

#[test]
fn texts_are_read_for_the_files_that_problems_point_into_and_no_others() {
    let read = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = read.clone();
    let mut sources = Sources::new();
    sources.fetch_with(move |path| {
        noted.lock().unwrap().push(path.to_string());
        Some(Source::new(path, "title = 1\n"))
    });
    let at = |file: &str, at| Diagnostic::error("odd", "odd").at(file.into(), at, "here");
    let title = || Locator::Path(Path::new().key("title"));
    let mut found = vec![
        at("b.toml", title()),
        at("c.toml", Locator::File),
        at("a.toml", title()),
    ];
    sort(&mut found, &sources);
    assert_eq!(*read.lock().unwrap(), ["a.toml", "b.toml"]);
    let printed = text::print(&found, &sources, text::Style::Plain);
    assert!(
        printed.contains("1 | title = 1") && printed.contains("c.toml"),
        "{printed}"
    );
}

#[test]
fn text_shows_every_location_and_the_totals() {
    let expected = "\
error[about-a]: a title of one character
  --> incidents/a b.toml:1:9
   |
 1 | title = \"é\"
   |         ^^^ this
 2 | list = 3
   | ---- and this
   |
  ::: incidents/a b.toml:64:1
   |
64 | x = 1
   | - far away
   |
  ::: b.json:3:3
   |
 3 |   2
   |   - elsewhere
   |
  ::: c.toml
   = help: write more,
           or less

error[whole-file]: the file is odd
 --> incidents/a b.toml

error[nowhere]: nothing is anywhere

warning[about-b]: `x`: 100%, or<U+001B>[31m not
 --> b.json:1:1
  |
1 | [
  | ^ all of it

3 errors and 1 warning in 2 files
";
    let [b, a, whole, nowhere] = <[Diagnostic; 4]>::try_from(diagnostics()).unwrap();
    let printed = text::print(&[a, whole, nowhere, b], &sources(), text::Style::Plain);
    assert_eq!(printed, expected, "\n{printed}");
    assert_eq!(text::print(&[], &sources(), text::Style::Plain), "");
}

#[test]
fn a_related_location_without_a_label_is_listed_without_a_snippet() {
    let diagnostic = Diagnostic::error("about-a", "a title of one character")
        .at(
            Utf8Path::new(FILE),
            Locator::Path(Path::new().key("title")),
            "",
        )
        .at("b.json".into(), Locator::Path(Path::new().index(1)), "")
        .at(
            Utf8Path::new(FILE),
            Locator::Key(Path::new().key("far").key("x")),
            "",
        )
        .help("write more");
    let expected = "\
error[about-a]: a title of one character
 --> incidents/a b.toml:1:9
  |
1 | title = \"é\"
  |         ^^^
  |
 ::: b.json:3:3
 ::: incidents/a b.toml:64:1
  = help: write more

1 error in 1 file
";
    let printed = text::print(&[diagnostic], &sources(), text::Style::Plain);
    assert_eq!(printed, expected, "\n{printed}");
}

#[test]
fn colours_change_nothing_but_the_colours() {
    let source = Source::new(
        "a.toml",
        &format!("a = [{}\u{202e}, 1]\n", "'x', ".repeat(200)),
    );
    let at = source.text().len() - 4;
    let diagnostic = Diagnostic::error("code", "message").at(
        "a.toml".into(),
        Locator::Span(Span::new(at, at + 1)),
        "here",
    );
    let sources = Sources::from_iter([source]);
    let plain = text::print(
        std::slice::from_ref(&diagnostic),
        &sources,
        text::Style::Plain,
    );
    let coloured = text::print(&[diagnostic], &sources, text::Style::Coloured);
    assert!(plain.contains("a.toml:1:1008"), "{plain}");
    assert!(plain.contains("<U+202E>"), "{plain}");
    let mut stripped = String::new();
    for (index, part) in coloured.split("\u{1b}[").enumerate() {
        let part = if index == 0 {
            part
        } else {
            part.split_once('m').unwrap().1
        };
        stripped.push_str(part);
    }
    assert_ne!(coloured, plain);
    assert_eq!(stripped, plain);
}

#[test]
fn a_long_line_is_cut_between_characters_and_keeps_its_column() {
    let source = Source::new(
        "a.toml",
        &format!("{}x{}\n", "é".repeat(301), "🚀".repeat(301)),
    );
    let at = Locator::Span(Span::new(602, 603));
    let diagnostic = Diagnostic::error("code", "message").at("a.toml".into(), at, "here");
    let sources = Sources::from_iter([source]);
    let printed = text::print(&[diagnostic], &sources, text::Style::Plain);
    assert!(printed.contains("a.toml:1:302\n"), "{printed}");
    let line = printed
        .lines()
        .find(|line| line.starts_with("1 |"))
        .unwrap();
    assert!(line.contains("éxé") || line.contains("éx🚀"), "{line}");
    assert_eq!(line.matches('🚀').count(), 30, "{line}");
    assert_eq!(line.matches('é').count(), 60, "{line}");
}

#[test]
fn the_order_depends_on_files_and_positions_only() {
    let mut sorted = diagnostics();
    sort(&mut sorted, &sources());
    let codes: Vec<&str> = sorted.iter().map(|diagnostic| diagnostic.code).collect();
    assert_eq!(codes, ["nowhere", "about-b", "whole-file", "about-a"]);
    let mut reversed = diagnostics();
    reversed.reverse();
    sort(&mut reversed, &sources());
    assert_eq!(reversed, sorted);
}

#[test]
fn json_has_every_location_in_numbers() {
    let printed = json::print(&diagnostics()[1..2], &sources());
    let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let first = &value["diagnostics"][0];
    assert_eq!(value["errors"], 1);
    let keys: Vec<&String> = first.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "code",
            "level",
            "message",
            "help",
            "file",
            "line",
            "column",
            "end_line",
            "end_column",
            "path",
            "label",
            "related",
            "suggestion"
        ]
    );
    assert_eq!(first["file"], FILE);
    assert_eq!(
        (&first["line"], &first["column"], &first["end_column"]),
        (&1.into(), &9.into(), &12.into())
    );
    assert_eq!(first["path"], "title");
    assert_eq!(first["related"][1]["line"], 64);
    assert_eq!(first["related"][3]["line"], serde_json::Value::Null);
    assert_eq!(first["suggestion"]["replacement"], "\"…\"");
    assert_eq!(first["suggestion"]["end_column"], 12);
}

#[test]
fn github_commands_are_escaped() {
    let expected = "\
::warning file=b.json,line=1,endLine=4,title=about-b::`x`: 100%25, or<U+001B>[31m not
::error file=incidents/a b.toml,line=1,endLine=1,col=9,endColumn=12,title=about-a::a title of one character%0Ahelp: write more,%0Aor less
::error file=incidents/a b.toml,title=whole-file::the file is odd
::error title=nowhere::nothing is anywhere
";
    assert_eq!(github::print(&diagnostics(), &sources()), expected);
    let odd = Diagnostic::error("x", "a\r\nb").at("a,b:c%.toml".into(), Locator::File, "");
    assert_eq!(
        github::print(&[odd], &sources()),
        "::error file=a%2Cb%3Ac%25.toml,title=x::a<U+000D><U+000A>b\n"
    );
}

#[test]
fn sarif_has_rules_locations_and_fixes() {
    const RULES: &[Rule] = &[
        Rule {
            code: "about-b",
            summary: "b",
            help: "B.",
        },
        Rule {
            code: "about-a",
            summary: "a",
            help: "A.",
        },
    ];
    let printed = sarif::print(&diagnostics(), &sources(), RULES);
    if let Some(file) = std::env::var_os("SARIF_OUT") {
        std::fs::write(file, &printed).unwrap();
    }
    let value: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"][1]["id"], "about-a");
    let result = &run["results"][1];
    assert_eq!(result["ruleIndex"], 1);
    let location = &result["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "incidents/a%20b.toml");
    assert_eq!(location["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(location["region"]["endColumn"], 12);
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 4);
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "\"…\"");
    assert_eq!(run["results"][3].get("locations"), None);
}

proptest! {
    #![proptest_config(Config {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    })]

    #[test]
    fn any_locations_in_any_text_can_be_printed(
        lines in prop::collection::vec("[ -~é🚀\\t\u{1b}\u{202e}]{0,300}|\\PC{0,20}", 0..50),
        spans in prop::collection::vec((0..3000_usize, 0..3000_usize), 1..4),
        label in "\\PC{0,5}|\u{1b}\\[31m\n",
    ) {
        let text = lines.join("\n");
        let source = Source::new("a\u{1b}.toml", &text);
        let diagnostic = spans.iter().fold(Diagnostic::error("code", label.clone()), |all, (start, end)| {
            all.at("a\u{1b}.toml".into(), Locator::Span(Span::new(*start, *end)), label.clone())
        });
        let diagnostics = [diagnostic.help(label)];
        let first = source.position(spans[0].0);
        let sources = Sources::from_iter([source]);
        let printed = text::print(&diagnostics, &sources, text::Style::Plain);
        let header = format!("a<U+001B>.toml:{}:{}\n", first.line, first.column);
        prop_assert!(printed.contains(&header), "no {} in {}", header, printed);
        let hidden = printed.find(['\u{1b}', '\u{202e}']);
        prop_assert_eq!(hidden, None);
        json::print(&diagnostics, &sources);
        github::print(&diagnostics, &sources);
        sarif::print(&diagnostics, &sources, &[]);
    }
}
