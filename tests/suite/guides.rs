//! The guides of `docs/`: each example is tried as a user would, and the tables are complete.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::thread;

use afterword::facts::RESPONSE_METRICS;
use afterword::moment::Written;
use afterword::timeline::{Mark, Point};
use camino::Utf8Path;

pub mod reader;

use reader::{Failure, Guide, Start, blocks};

/// The pages whose blocks are tried, and what each starts from.
const TRIED: &[(&str, Start)] = &[
    ("README.md", Start::Folder),
    ("docs/audiences.md", Start::Archive),
    ("docs/check-json.md", Start::Incident),
    ("docs/ci.md", Start::Incident),
    ("docs/configuration.md", Start::Incident),
    ("docs/getting-started.md", Start::Folder),
    ("docs/importing-timelines.md", Start::Incident),
    ("docs/incident-day.md", Start::Archive),
    ("docs/investigations.md", Start::Incident),
    ("docs/memory.md", Start::Incident),
    ("docs/moving-in.md", Start::Archive),
    ("docs/site.md", Start::Incident),
    ("docs/templates.md", Start::Incident),
    ("docs/theming.md", Start::Incident),
    ("docs/timeline.md", Start::Incident),
    ("docs/troubleshooting.md", Start::Incident),
    ("docs/upgrade.md", Start::Incident),
    ("docs/week-after.md", Start::Archive),
    ("docs/writing-an-incident.md", Start::Incident),
];

/// The pages without examples to try: two are generated, and one reports measurements.
const NOT_TRIED: &[&str] = &["docs/checks.md", "docs/cli.md", "docs/performance.md"];

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(path: &str) -> String {
    fs::read_to_string(repository().join(path)).expect("the page is there")
}

fn guide(name: &str) -> String {
    page(&format!("docs/{name}"))
}

/// Edits a page; the lock keeps another test from editing it at the same time.
fn edit(path: &str, change: impl FnOnce(String) -> String) {
    static LOCK: Mutex<()> = Mutex::new(());
    let _lock = LOCK.lock().expect("no panic");
    fs::write(repository().join(path), change(page(path))).expect("writable");
}

fn is_blessed() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Tries the blocks of a page, and returns what failed.
///
/// With `BLESS` set, output that differs is replaced by what the program prints now.
fn failures(path: &str, start: Start) -> Vec<String> {
    let mut guide = Guide::new(start);
    let (mut failures, mut changes) = (Vec::new(), Vec::new());
    for block in blocks(&page(path)) {
        match guide.take(&block.info, &block.text) {
            Ok(()) => {}
            Err(Failure {
                current: Some(current),
                ..
            }) if is_blessed() => changes.push((block.text, current)),
            Err(failure) => failures.push(format!("{path}:{}: {}", block.line, failure.message)),
        }
    }
    if !changes.is_empty() {
        edit(path, |page| {
            let replace = |page: String, (old, new): &(String, String)| page.replacen(old, new, 1);
            changes.iter().fold(page, replace)
        });
    }
    failures
}

#[test]
fn each_block_of_each_guide_does_what_it_says() {
    let failures: Vec<String> = thread::scope(|scope| {
        let pages: Vec<_> = TRIED
            .iter()
            .map(|(path, start)| scope.spawn(|| failures(path, *start)))
            .collect();
        let pages = pages.into_iter();
        pages
            .flat_map(|page| page.join().expect("no panic"))
            .collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_page_is_tried_or_has_nothing_to_try() {
    let listed = TRIED.iter().map(|(path, _)| *path);
    let listed: BTreeSet<String> = listed
        .chain(NOT_TRIED.iter().copied())
        .filter(|path| path.starts_with("docs/"))
        .map(str::to_owned)
        .collect();
    let folder = repository().join("docs").read_dir_utf8().expect("docs");
    let found = folder.map(|entry| entry.expect("readable").into_path());
    let found: BTreeSet<String> = found
        .filter(|path| path.extension() == Some("md"))
        .filter_map(|path| Some(format!("docs/{}", path.file_name()?)))
        .collect();
    assert_eq!(found, listed);
    let readme = page("README.md");
    for path in found {
        assert!(
            readme.contains(&format!("]({path})")),
            "README.md does not list {path}"
        );
    }
}

/// Returns the words in backticks of the table after a heading, by row and cell.
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

/// Returns the words in backticks of the first column of a table.
fn named(name: &str, heading: &str) -> BTreeSet<String> {
    let rows = table(name, heading);
    rows.into_iter()
        .filter_map(|row| row.into_iter().next())
        .flatten()
        .collect()
}

/// Returns the keys of a JSON object.
fn keys(value: &serde_json::Value) -> BTreeSet<String> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect()
}

#[test]
fn the_guide_to_the_memory_lists_its_checks() {
    let rules = afterword::memory::check::RULES.iter();
    let rows = rules.map(|rule| format!("| `{}` | {} |\n", rule.code, rule.summary));
    let rows: String = rows.collect();
    let split = |text: &str| {
        let start = text.find("| `memory-").expect("the table");
        let end = text[start..]
            .find("\n\n")
            .map_or(text.len(), |end| start + end + 1);
        (start, end)
    };
    if is_blessed() {
        edit("docs/memory.md", |mut text| {
            let (start, end) = split(&text);
            text.replace_range(start..end, &rows);
            text
        });
    }
    let text = guide("memory.md");
    let (start, end) = split(&text);
    assert_eq!(text[start..end], rows);
}

#[test]
fn a_block_that_is_wrong_fails() {
    for (info, text) in [
        ("toml", "title = \"Not annotated\""),
        ("toml incident", "titel = \"Checkout errors\""),
        ("toml fragment", "[impact]\nlevel = \"dreadful\""),
        ("toml fragment invalid", "tags = [\"valid\"]"),
        (
            "json timeline",
            "{\"events\": [{\"at\": \"14:23\", \"text\": \"no day\"}]}",
        ),
        ("toml config", "[site]\ntimezone = \"Mars/Olympus\""),
        ("jinja template section/summary.md", "{{ nothing }}"),
        ("md shown", "**Severity**: P1 (High)"),
        ("console", "$ afterword show NONE"),
        ("console", "$ afterword check\nchecked 2 incidents"),
        (
            "console",
            "$ afterword explain unknown-event\n...\nno such line",
        ),
        ("console", "afterword check"),
        ("yaml workflow", "- run: afterword check --format pdf"),
    ] {
        assert!(
            Guide::new(Start::Incident).take(info, text).is_err(),
            "{info}: {text}"
        );
    }
}

#[test]
fn the_tables_list_every_mark_and_response_time() {
    let marks: BTreeSet<String> = Mark::ALL
        .iter()
        .map(|mark| mark.as_str().to_owned())
        .collect();
    assert_eq!(named("timeline.md", "## Marks"), marks);
    let words = |points: &[Point]| -> Vec<String> {
        let word = |point: &Point| match point {
            Point::Mark(mark) => mark.as_str().to_owned(),
            Point::FirstMessage => "first_message".to_owned(),
        };
        points.iter().map(word).collect()
    };
    let rows = table("timeline.md", "## Response times");
    assert_eq!(rows.len(), RESPONSE_METRICS.len());
    for (row, metric) in rows.iter().zip(RESPONSE_METRICS) {
        let expected = [
            vec![metric.key.to_owned()],
            words(metric.from),
            words(metric.to),
        ];
        assert_eq!(row.get(..3), Some(&expected[..]));
    }
}

#[test]
fn each_form_of_a_time_in_the_guide_is_accepted() {
    let forms = named("timeline.md", "## Times");
    assert!(forms.len() >= 8, "{forms:?}");
    for form in forms {
        assert!(form.parse::<Written>().is_ok(), "{form}");
    }
}

#[test]
fn the_guide_to_templates_lists_every_key_template_and_filter() {
    let (_, printed) =
        Guide::new(Start::Incident).run(&["show", "INC-2026-0042", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(named("templates.md", "## Template data"), keys(&report));
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
fn the_guide_to_check_lists_every_key_of_a_diagnostic() {
    let (_, printed) = Guide::new(Start::Incident).run(&["check", "--format", "json"]);
    let none: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(named("check-json.md", "### The document"), keys(&none));
    let guide = Guide::new(Start::Incident);
    guide.write(&guide.incident(), "title = \"No severity\"\n");
    let (_, printed) = guide.run(&["check", "--format", "json"]);
    let some: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        named("check-json.md", "### A diagnostic"),
        keys(&some["diagnostics"][0])
    );
}
