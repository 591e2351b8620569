//! Laws of all formats.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use super::*;
use crate::source::Source;

const FILE: &str = "incidents/a.toml";
const TEXT: &str = "title = \"é\"\n\n[impact]\nsummary = 'x'\nusers = 3\n";

fn sources() -> Sources {
    std::iter::once(Source::new(FILE, TEXT)).collect()
}

/// Prints diagnostics in each format.
fn printed(found: &[Diagnostic], sources: &Sources) -> [(&'static str, String); 6] {
    [
        ("text", text::print(found, sources, text::Style::Plain)),
        ("json", json::print(found, sources)),
        ("sarif", sarif::print(found, sources, &[])),
        ("github", github::print(found, sources)),
        ("gitlab", gitlab::print(found, sources)),
        ("junit", junit::print(found, sources, false)),
    ]
}

/// Returns how a format writes a line of a file.
fn place(format: &str, file: &str, line: usize) -> Vec<String> {
    match format {
        "text" | "junit" => vec![format!("{file}:{line}:")],
        "github" => vec![format!("file={file},line={line},")],
        "json" => vec![format!("\"file\":\"{file}\""), format!("\"line\":{line}")],
        "sarif" => vec![
            format!("\"uri\": \"{file}\""),
            format!("\"startLine\": {line}"),
        ],
        _ => vec![format!("\"path\":\"{file}\""), format!("\"begin\":{line}")],
    }
}

fn at(path: Path) -> Diagnostic {
    Diagnostic::error("odd", "it is odd").at(FILE.into(), Locator::Path(path), "here")
}

#[test]
fn every_format_has_the_code_the_message_the_help_and_the_place() {
    let impact = || Path::new().key("impact");
    for (path, line) in [
        (Path::new().key("title"), 1),
        (impact().key("users"), 5),
        // A key that is not there is shown where it belongs.
        (impact().key("none"), 3),
        (impact().key("users").index(3), 5),
    ] {
        let found = [at(path).help("make it even")];
        for (format, printed) in printed(&found, &sources()) {
            for part in place(format, FILE, line) {
                assert!(printed.contains(&part), "{part} in {format}: {printed}");
            }
            for part in ["odd", "it is odd", "make it even"] {
                assert!(printed.contains(part), "{part} in {format}: {printed}");
            }
        }
    }
}

#[test]
fn formats_for_programs_have_the_path_from_where_they_look() {
    for (prefix, shown) in [
        ("", FILE),
        (".", FILE),
        ("./ops/", "ops/incidents/a.toml"),
        ("ops\\reports", "ops/reports/incidents/a.toml"),
    ] {
        let mut sources = sources();
        sources.set_prefix(prefix.into());
        let found = [at(Path::new().key("title"))];
        for (format, printed) in &printed(&found, &sources)[1..] {
            for part in place(format, shown, 1) {
                assert!(printed.contains(&part), "{part} in {format}: {printed}");
            }
        }
    }
}

#[test]
fn a_diagnostic_without_a_file_or_text_is_printed_in_every_format() {
    for found in [
        Diagnostic::warning("odd", "it is odd"),
        Diagnostic::warning("odd", "it is odd").of_file("unread.toml".into()),
        Diagnostic::warning("odd", "it is odd").at(
            "unread.toml".into(),
            Locator::Span(Span::new(5, 9)),
            "",
        ),
    ] {
        let file = found.primary().map(|place| place.file.to_string());
        for (format, printed) in printed(std::slice::from_ref(&found), &sources()) {
            assert!(printed.contains("it is odd"), "{format}: {printed}");
            let file = file.as_deref().unwrap_or_default();
            assert!(printed.contains(file), "{format}: {printed}");
        }
    }
}

#[test]
fn a_warning_is_no_error_in_any_format() {
    let [error, warning] = [Level::Error, Level::Warning].map(|level| {
        let found = Diagnostic::new("odd", level, "it is odd").of_file(FILE.into());
        printed(&[found], &sources())
    });
    let words = [
        ("error[odd]", "warning[odd]"),
        ("\"errors\": 1", "\"errors\": 0"),
        ("\"level\": \"error\"", "\"level\": \"warning\""),
        ("::error ", "::warning "),
        ("\"major\"", "\"minor\""),
        ("<failure", "<system-out"),
    ];
    for ((of_error, of_warning), ((format, error), (_, warning))) in
        words.iter().zip(error.iter().zip(&warning))
    {
        assert!(error.contains(of_error), "{format}: {error}");
        assert!(!warning.contains(of_error), "{format}: {warning}");
        assert!(warning.contains(of_warning), "{format}: {warning}");
    }
}

#[test]
fn a_fingerprint_counts_equal_problems_and_ignores_the_line_and_numbers() {
    let prints = |found: &[Diagnostic]| -> Vec<String> {
        let printed = gitlab::print(found, &sources());
        let list: Value = serde_json::from_str(&printed).expect("JSON");
        let prints = list.as_array().expect("a list").iter();
        let print = |issue: &Value| issue["fingerprint"].as_str().expect("a text").to_owned();
        prints.map(print).collect()
    };
    let said = |message: &str, key: &str| {
        let at = Locator::Path(Path::new().key(key));
        Diagnostic::error("odd", message).at(FILE.into(), at, "")
    };
    let one = prints(&[said("3 days late: `a1`", "title")]);
    assert_eq!(one, prints(&[said("14 days late: `a1`", "impact")]));
    assert_ne!(one, prints(&[said("3 days late: `a2`", "title")]));
    let twice = prints(&[
        said("3 days late: `a1`", "title"),
        said("4 days late: `a1`", "title"),
    ]);
    assert_eq!(twice[..1], one);
    assert_ne!(twice[1], twice[0]);
}

/// A message with characters that formats escape, or that a terminal would act on.
const MESSAGE: &str = "[a-c<>&\"'%,:\\]\n\t\r\u{1b}\u{202e}\u{fffe}é`]{0,12}";

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::with_cases(256)
    })]

    #[test]
    fn whatever_is_said_each_format_stays_valid_and_hides_nothing(
        messages in prop::collection::vec((MESSAGE, prop::option::of(MESSAGE)), 1..4), span in (0..60_usize, 0..9_usize),
    ) {
        let found: Vec<Diagnostic> = messages.iter().map(|(message, help)| {
            let at = Locator::Span(Span::new(span.0, span.0 + span.1));
            let found = Diagnostic::error("odd", message.clone()).at("a,b:c.toml".into(), at, message.clone());
            match help {
                Some(help) => found.help(help.clone()),
                None => found,
            }
        }).collect();
        let text = "a".repeat(70);
        let sources: Sources = std::iter::once(Source::new("a,b:c.toml", &text)).collect();
        for (format, printed) in printed(&found, &sources) {
            let is_hiding = |c: char| c.is_control() && !"\n\t".contains(c) || c == '\u{202e}';
            // JSON escapes control characters, and programs print its texts as they like.
            if !["json", "sarif"].contains(&format) {
                prop_assert!(!printed.contains(is_hiding), "{}: {:?}", format, printed);
            }
            // XML has no code for it.
            prop_assert!(format != "junit" || !printed.contains('\u{fffe}'), "{}", printed);
            let count = match format {
                "github" => printed.lines().count(),
                "junit" => {
                    let document = roxmltree::Document::parse(&printed);
                    let document = document.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    document.descendants().filter(|node| node.has_tag_name("failure")).count()
                }
                "text" => printed.matches("error[odd]").count(),
                _ => {
                    let value: Result<Value, _> = serde_json::from_str(&printed);
                    let value = value.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    let lists = ["", "/diagnostics", "/runs/0/results"];
                    let list = lists.iter().find_map(|path| value.pointer(path)?.as_array());
                    list.map_or(0, Vec::len)
                }
            };
            prop_assert_eq!(count, found.len(), "{}: {}", format, printed);
        }
    }

    #[test]
    fn sorted_diagnostics_are_in_the_order_of_their_places_from_any_order(
        places in prop::collection::vec((0..3_usize, 0..4_usize, any::<bool>()), 0..8), seed in any::<u64>(),
    ) {
        let made = places.iter().enumerate().map(|(index, (file, line, is_error))| {
            let level = if *is_error { Level::Error } else { Level::Warning };
            let file = ["a.toml", "b.toml", "c.toml"][*file];
            let at = Locator::Path(Path::new().key(["a", "b", "c", "d"][*line]));
            Diagnostic::new(["x", "y"][index % 2], level, format!("{index}")).at(file.into(), at, "")
        });
        let sources: Sources = ["a.toml", "b.toml", "c.toml"].iter()
            .map(|file| Source::new(*file, "a = 1\nb = 1\nc = 1\nd = 1\n")).collect();
        let mut found: Vec<Diagnostic> = made.collect();
        let key = |found: &Diagnostic| {
            let place = found.primary().expect("a place");
            (place.file.clone(), sources.of(std::slice::from_ref(found)).span(&place.file, &place.at), found.level, found.code)
        };
        let mut other = found.clone();
        sort(&mut found, &sources);
        prop_assert!(found.is_sorted_by_key(key));
        let turn = usize::try_from(seed % 8).unwrap_or(0).min(other.len());
        other.rotate_left(turn);
        sort(&mut other, &sources);
        let keys = |all: &[Diagnostic]| all.iter().map(key).collect::<Vec<_>>();
        prop_assert_eq!(keys(&found), keys(&other));
    }
}
