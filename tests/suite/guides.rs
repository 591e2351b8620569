//! The guides of `docs/`, read as a user would: every example is tried, every table is complete.

use std::collections::BTreeSet;
use std::fs;

use afterword::facts::{Point, RESPONSE_METRICS};
use afterword::moment::Written;
use afterword::timeline::Mark;

mod reader;

use reader::{Guide, blocks};

fn guide(name: &str) -> String {
    let path = format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(path).expect("the guide is there")
}

fn faults(name: &str) -> Vec<String> {
    let mut guide_read = Guide::new();
    let mut faults = Vec::new();
    for (line, info, text) in blocks(&guide(name)) {
        if let Err(fault) = guide_read.take(&info, &text) {
            faults.push(format!("docs/{name}:{line}: {fault}"));
        }
    }
    faults
}

/// The words in backticks of a guide's table rows, cell by cell, below a heading.
fn table(name: &str, heading: &str) -> Vec<Vec<Vec<String>>> {
    let text = guide(name);
    let (_, below) = text.split_once(heading).expect("the heading is there");
    let words = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let rows = below.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|row| row.split('|').skip(1).map(words).collect())
        .collect()
}

/// All words of the first cells of a table.
fn named(name: &str, heading: &str) -> BTreeSet<String> {
    let rows = table(name, heading);
    rows.into_iter()
        .filter_map(|row| row.into_iter().next())
        .flatten()
        .collect()
}

/// The keys of a JSON object.
fn keys(value: &serde_json::Value) -> BTreeSet<String> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect()
}

#[test]
fn each_block_of_the_guide_to_writing_does_what_it_says() {
    let faults = faults("writing-an-incident.md");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn each_block_of_the_guide_to_templates_does_what_it_says() {
    let faults = faults("templates.md");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn each_block_of_the_guide_to_check_does_what_it_says() {
    let faults = faults("check-json.md");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn each_block_of_the_guide_to_the_memory_does_what_it_says() {
    let faults = faults("memory.md");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let rules = afterword::memory::check::RULES.iter();
    let rows = rules.map(|rule| format!("| `{}` | {} |", rule.code, rule.summary));
    let text = guide("memory.md");
    let listed = text.lines().filter(|line| line.starts_with("| `memory-"));
    assert!(
        listed.eq(rows),
        "the table of codes is not that of the program"
    );
}

#[test]
fn a_block_that_is_wrong_is_named() {
    for (info, text) in [
        ("toml", "title = \"Says nothing of itself\""),
        ("toml incident", "titel = \"Checkout errors\""),
        ("toml fragment", "[impact]\nlevel = \"dreadful\""),
        ("toml fragment refused", "tags = [\"nothing is wrong\"]"),
        (
            "json timeline",
            "{\"events\": [{\"at\": \"14:23\", \"text\": \"no day\"}]}",
        ),
        ("toml config", "[site]\ntimezone = \"Mars/Olympus\""),
        ("jinja template section/summary.md", "{{ nothing }}"),
        ("md shown", "**Severity**: P1 (High)"),
        ("console", "$ afterword show NONE"),
        (
            "console",
            "$ afterword check\nchecked 2 incidents: no problems found",
        ),
        ("console", "afterword check"),
        ("yaml workflow", "- run: afterword check --format pdf"),
    ] {
        assert!(Guide::new().take(info, text).is_err(), "{info}: {text}");
    }
}

#[test]
fn the_tables_of_marks_name_every_mark_and_the_ends_of_every_clock() {
    let marks: BTreeSet<String> = Mark::ALL
        .iter()
        .map(|mark| mark.as_str().to_owned())
        .collect();
    assert_eq!(named("writing-an-incident.md", "### The marks"), marks);
    let words = |points: &[Point]| -> Vec<String> {
        let word = |point: &Point| match point {
            Point::Mark(mark) => mark.as_str().to_owned(),
            Point::FirstMessage => "first_message".to_owned(),
        };
        points.iter().map(word).collect()
    };
    let rows = table("writing-an-incident.md", "### The clocks");
    assert_eq!(rows.len(), RESPONSE_METRICS.len());
    for (row, clock) in rows.iter().zip(RESPONSE_METRICS) {
        let expected = [
            vec![clock.key.to_owned()],
            words(clock.from),
            words(clock.to),
        ];
        assert_eq!(row.get(..3), Some(&expected[..]));
    }
}

#[test]
fn each_form_of_a_time_that_the_guide_names_is_read() {
    let forms = named("writing-an-incident.md", "## Times");
    assert!(forms.len() >= 8, "{forms:?}");
    for form in forms {
        assert!(form.parse::<Written>().is_ok(), "{form}");
    }
}

#[test]
fn the_guide_to_templates_names_every_key_template_and_filter() {
    let (_, printed) = Guide::new().run(&["show", "INC-2026-0042", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        named("templates.md", "## What a template sees"),
        keys(&report)
    );
    let templates = afterword::render::TEMPLATES
        .iter()
        .map(|(path, _)| (*path).to_owned());
    assert_eq!(
        named("templates.md", "### Every template"),
        templates.collect()
    );
    // The template engine does not list its filters; the source that registers them does.
    let source = include_str!("../../src/render/filter.rs").replace(char::is_whitespace, "");
    let filters = source.split("register_filter(\"").skip(1);
    let filters = filters.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
    assert_eq!(named("templates.md", "## Filters"), filters.collect());
}

#[test]
fn the_guide_to_check_names_every_key_of_a_diagnostic() {
    let (_, printed) = Guide::new().run(&["check", "--format", "json"]);
    let none: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(named("check-json.md", "### The document"), keys(&none));
    let guide = Guide::new();
    guide.write(&guide.incident(), "title = \"No severity\"\n");
    let (_, printed) = guide.run(&["check", "--format", "json"]);
    let some: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        named("check-json.md", "### A diagnostic"),
        keys(&some["diagnostics"][0])
    );
}
