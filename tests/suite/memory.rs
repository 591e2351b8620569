//! Imports and exports the incident memory that AI agents read, without losing any of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use afterword::load::Verbatim;
use afterword::memory::read::{self, Entry};

use crate::site::{afterword, case, files, said};

mod counts;
mod export;
mod law;
mod links;
mod page;
mod problems;
mod secrecy;

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

/// Two entries as in the format's template, and an archived one.
const MEMORY: &str = include_str!("memory/incidents.md");
const ARCHIVE: &str = include_str!("memory/archive.md");

/// Returns a text with one space before each `=` of TOML.
fn unaligned(text: &str) -> String {
    let line = |line: &str| match line.split_once(" = ") {
        Some((key, value)) => format!("{} = {value}", key.trim_end()),
        None => line.to_owned(),
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// An archive with a memory file next to it.
struct Work(tempfile::TempDir);

impl Work {
    fn new(memory: &str) -> Self {
        let work = Self(tempfile::tempdir().expect("a folder"));
        work.write("archive-of-ours/afterword.toml", "");
        work.write("incidents.md", memory);
        work.write("archive/incidents.md", ARCHIVE);
        work
    }

    /// Creates an archive that has imported the memory.
    fn imported(memory: &str) -> Self {
        let work = Self::new(memory);
        work.good(&["import", "incidents.md"]);
        work
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect(path)
    }

    fn change(&self, path: &str, from: &str, to: &str) {
        let path = format!("archive-of-ours/{path}");
        let text = unaligned(&self.read(&path));
        assert!(text.contains(from), "{path}: {text}");
        self.write(&path, text.replace(from, to));
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = files(&self.path("archive-of-ours"));
        files.retain(|path, _| !path.starts_with(".afterword/"));
        files
    }

    /// Runs `memory`; arguments that end in `.md` are paths next to the archive.
    fn run(&self, arguments: &[&str]) -> Output {
        let root = self.path("archive-of-ours");
        let root = root.to_str().expect("UTF-8").to_owned();
        let arguments = arguments.iter().map(|argument| {
            if Path::new(argument)
                .extension()
                .is_some_and(|extension| extension == "md")
            {
                self.path(argument).to_str().expect("UTF-8").to_owned()
            } else {
                (*argument).to_owned()
            }
        });
        let arguments: Vec<String> = ["-C".to_owned(), root, "memory".to_owned()]
            .into_iter()
            .chain(arguments)
            .collect();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        afterword(&arguments, &[NOW])
    }

    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn export(&self) -> String {
        self.good(&["export"])
    }
}

/// Returns the lines that only one text has, prefixed with `-` or `+`.
fn difference(old: &str, new: &str) -> Vec<String> {
    let only = |one: &str, other: &str, side: char| -> Vec<String> {
        let other: Vec<&str> = other.lines().collect();
        let lines = one.lines().filter(|line| !other.contains(line));
        lines.map(|line| format!("{side}{line}")).collect()
    };
    [only(old, new, '-'), only(new, old, '+')].concat()
}

fn entries<T>(text: &str, with: impl FnOnce(Vec<Entry>) -> T) -> T {
    let file = Verbatim::new("incidents.md".as_ref(), text);
    with(read::entries(&file).expect("entries"))
}

#[test]
fn a_memory_that_is_imported_and_exported_is_unchanged_byte_for_byte() {
    let no_blank_lines = MEMORY.replace("\n\n", "\n");
    let cases = [
        ("as it is", MEMORY.to_owned()),
        ("CRLF", MEMORY.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{MEMORY}")),
        ("no blank lines", no_blank_lines),
        ("no line end", MEMORY.trim_end().to_owned()),
        ("many blank lines", MEMORY.replace("\n\n", "\n\n\n \n")),
        ("one word", MEMORY.replace("INC-1234 orders", "INC-1234-orders")),
        (
            "unknown keys and sections",
            MEMORY
                .replace("- pinned: false\n", "- origin: agent 7\n- pinned: false\n")
                .replace("**Root Cause**", "Loose words.\n\n**Dead Ends**\n\n- DNS: fine\n\n**Root Cause**"),
        ),
        (
            "code that looks like entries",
            MEMORY.replace(
                "**Root Cause**\n",
                "**Root Cause**\n\n```md\n## M-2020-01-01T00:00:00Z no-entry\n<!-- no comment\n**Impact**\n```\n",
            ),
        ),
        (
            "words between entries",
            MEMORY.replace("\n---\n", "\n---\n\n## Playbooks\n\n- type: none\n\n<!-- seen -->\n\n---\n"),
        ),
        ("what a template would obey", MEMORY.replace("Connection leak", "{{ 7 * 7 }} <script> leak")),
    ];
    for (name, memory) in cases {
        let work = Work::imported(&memory);
        assert_eq!(work.export(), memory, "{name}");
        assert_eq!(
            work.read("archive-of-ours/memory/incidents.md"),
            memory,
            "{name}"
        );
        assert!(
            work.files().contains_key("incidents/INC-1234.toml"),
            "{name}"
        );
        assert!(
            work.good(&["import", "incidents.md"]).is_empty(),
            "{name}: no new entries"
        );
        let root = work.path("archive-of-ours");
        let checked = afterword(&["check", root.to_str().expect("UTF-8")], &[NOW]);
        assert!(
            checked.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&checked.stdout)
        );
    }
}

#[test]
fn the_template_of_the_format_survives_the_round_trip_with_and_without_its_comment() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds/incidents-memory.md");
    let Ok(seed) = fs::read_to_string(seed) else {
        return;
    };
    let bare = seed.replace("<!-- Example:\n\n", "").replace("\n-->", "");
    for (memory, arguments) in [
        (&seed, &["import", "incidents.md", "--examples"][..]),
        (&bare, &["import", "incidents.md"]),
    ] {
        let work = Work::new(memory);
        fs::remove_dir_all(work.path("archive")).expect("it is there");
        work.good(arguments);
        assert_eq!(&work.export(), memory);
        work.change("incidents/INC-1200.toml", "3-minute", "4-minute");
        assert_eq!(
            work.export(),
            memory.replace("3-minute auth", "4-minute auth"),
            "that entry alone"
        );
    }
    let work = Work::new(&seed);
    let output = work.run(&["import", "incidents.md"]);
    assert!(said(&output).contains(
        "incidents.md:9: skipped `INC-1234 orders-api-outage`: it is an example in a comment"
    ));
    assert_eq!(
        work.files().keys().collect::<Vec<_>>(),
        [
            "afterword.toml",
            "memory/archive/incidents.md",
            "memory/incidents.md"
        ]
    );
}

#[test]
fn all_content_of_an_entry_is_mapped_to_the_incident() {
    let work = Work::new(MEMORY);
    work.good(&["import", "incidents.md", "--date", "2025-01-04"]);
    let imported = unaligned(&work.read("archive-of-ours/incidents/INC-1234.toml"))
        + &work.read("archive-of-ours/timelines/INC-1234.json");
    for words in [
        "title = \"Orders api outage\"",
        "users = 2500",
        "users_estimated = true",
        "revenue = \"~$50k in lost orders\"",
        "\"name\": \"none\"",
        "source = \"Logs\"",
        "url = \"https://logs.example/query?id=7\"",
        r#"code = "['orders'] | where message has \"pool\" | count""#,
        "status = \"done\"",
        "{ \"at\": \"23:50\", \"marks\": [\"started\"], \"text\": \"PagerDuty alert: error rate >5%\" }",
        "{ \"at\": \"2025-01-05 00:10\", \"marks\": [\"ended\"], \"text\": \"Restarted pods\", \"body\": \"twice, since the first did not help\" }",
        "title = \"Handover\"",
    ] {
        assert!(
            imported.contains(words) || words.contains("none"),
            "{words} is not in\n{imported}"
        );
    }
    assert!(!imported.contains("approx"), "the date is known");
    let archived = work.read("archive-of-ours/incidents/INC-1100.toml");
    assert!(
        archived.contains("The full story of the archive."),
        "{archived}"
    );
    let ledger = unaligned(&work.read("archive-of-ours/memory.toml"));
    for words in [
        "form = \"archived\"",
        "archived_to = \"archive/incidents.md\"",
        "unknown = [\"- reason: unused\"]",
        "used = 2",
    ] {
        assert!(ledger.contains(words), "{words} is not in\n{ledger}");
    }
}

#[test]
fn only_the_entry_that_an_agent_added_is_imported() {
    let work = Work::imported(MEMORY);
    let new = "## M-2026-01-01T00:00:00Z cache-stampede\n\n- type: incident\n- tags: cache\n- schema_version: 1\n\n**Summary**\n\nNew.\n\n---\n\n";
    let path = "archive-of-ours/memory/incidents.md";
    let text = work.read(path).replacen("## M-", &format!("{new}## M-"), 1);
    work.write(path, &text);
    let before = work.files();
    assert_eq!(
        work.good(&["import", path]),
        "created incidents/cache-stampede.toml\nwrote memory.toml\n"
    );
    for (path, bytes) in &before {
        assert!(
            path == "memory.toml" || work.files().get(path) == Some(bytes),
            "{path}"
        );
    }
    assert_eq!(work.export(), text);
}

#[test]
fn duplicate_and_unknown_content_of_an_entry_is_kept_in_the_incident() {
    let memory = MEMORY
        .replace("(20 min)", "(20 min, half of it at night)")
        .replace(
            "- Revenue impact",
            "- Affected: The warehouse too\n- Revenue impact",
        )
        .replace("**Root Cause**", "- somebody slept\n\n**Root Cause**")
        .replace(
            "**Handover**",
            "**Root Cause**\n\nAlso a slow disk.\n\n**Handover**",
        )
        .replace("See archive/incidents.md#M-2024-12", "Ask Ana. #M-2024-12")
        .replace(" (summarized)", "");
    let work = Work::imported(&memory);
    let imported = work.read("archive-of-ours/incidents/INC-1234.toml");
    for words in [
        "half of it at night",
        "The warehouse too",
        "somebody slept",
        "a slow disk",
    ] {
        assert!(imported.contains(words), "{words} is not in\n{imported}");
    }
    assert!(
        work.read("archive-of-ours/incidents/INC-1200.toml")
            .contains("Ask Ana.")
    );
    assert_eq!(work.export(), memory);
}
