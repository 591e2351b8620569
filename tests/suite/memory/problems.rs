//! Invalid memory files, and the problems that `memory check` reports.

use afterword::memory::check::RULES;

use super::*;

#[test]
fn an_invalid_memory_is_rejected_and_nothing_is_written() {
    let truncated = |after: &str| MEMORY.split_once(after).expect(after).0.to_owned() + after;
    let big = "x".repeat((16 << 20) + 1);
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            b"\x7fELF\x02\x01\x01\x00\x00".to_vec(),
            "a NUL at byte 7 (line 1, column 8)",
        ),
        (b"\x1f\x8b\x08".to_vec(), "compressed with gzip"),
        (b"\xff\xfeA\x00".to_vec(), "UTF-16"),
        (b"# Notes\n\nNothing.\n".to_vec(), "no entries found"),
        (
            big.into_bytes(),
            "the file is 16777217 bytes, over the limit of 16777216",
        ),
        (
            truncated("2025-01-05T16:0").into_bytes(),
            "incidents.md:7:1",
        ),
        (
            truncated("- tags: orders").into_bytes(),
            "missing key `schema_version`; the file may be truncated",
        ),
        (
            truncated("schema_version: 1\n").into_bytes(),
            "the entry is empty; the file may be truncated",
        ),
        (
            format!("{}```\nx", truncated("**Root Cause**\n")).into_bytes(),
            "unterminated code block; the file may be truncated",
        ),
        (
            truncated("**Root C").into_bytes(),
            "unterminated bold text or code on the last line; the file may be truncated",
        ),
        (
            truncated("`['orders'] ").into_bytes(),
            "unterminated bold text or code on the last line; the file may be truncated",
        ),
        (
            format!("<!-- Example:\n{MEMORY}").into_bytes(),
            "unterminated comment; the file may be truncated",
        ),
        (
            MEMORY.replace("used: 2\n", "used: often\n").into_bytes(),
            "invalid count `often`",
        ),
        (
            MEMORY
                .replace("used: 2025-01-18", "used: 2025-02-30")
                .into_bytes(),
            "incidents.md:12:1",
        ),
        (
            MEMORY
                .replace("Connection leak", "Connection\u{202e}leak")
                .into_bytes(),
            "U+202E",
        ),
        (
            MEMORY.replace("INC-1234 orders", "Con orders").into_bytes(),
            "no valid incident ID in `Con orders-api-outage`",
        ),
        (
            MEMORY
                .replace("M-2024-12-15T10:00:00Z", "M-2024-13-15T10:00:00Z")
                .into_bytes(),
            "invalid entry timestamp `2024-13-15T10:00:00Z`",
        ),
    ];
    for (memory, words) in cases {
        let work = Work::new("");
        work.write("incidents.md", &memory);
        let before = work.files();
        let output = work.run(&["import", "incidents.md"]);
        let printed = said(&output);
        assert!(
            !output.status.success() && printed.contains(words),
            "{words}: {printed}"
        );
        assert!(
            printed.contains("incidents.md") && printed.contains("nothing written"),
            "{words}: {printed}"
        );
        assert_eq!(work.files(), before, "{words}");
    }
}

#[test]
fn a_memory_truncated_anywhere_is_parsed_or_rejected() {
    for end in (0..MEMORY.len()).filter(|end| MEMORY.is_char_boundary(*end)) {
        let text = &MEMORY[..end];
        let file = Verbatim::new("incidents.md".as_ref(), text);
        if let Ok(entries) = read::entries(&file)
            && let Some(entry) = entries.last()
        {
            {
                assert!(text.contains(entry.as_written()));
                assert!(
                    afterword::memory::incident::from_entry(entry, "INC-1", None).is_ok(),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn no_file_is_overwritten() {
    let work = Work::imported(MEMORY);
    let before = work.files();
    work.write("incidents.md", MEMORY.replace("Connection leak", "A leak"));
    let other = work.run(&["import", "incidents.md"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(
        said(&other).contains("`memory/incidents.md` exists and differs"),
        "{}",
        said(&other)
    );
    assert_eq!(work.files(), before);

    let work = Work::new(MEMORY);
    work.write(
        "archive-of-ours/incidents/inc-1200.toml",
        "title = \"Mine\"\n",
    );
    let before = work.files();
    let taken = work.run(&["import", "incidents.md"]);
    assert!(
        said(&taken).contains("incident `INC-1200` already exists"),
        "{}",
        said(&taken)
    );
    assert_eq!(work.files(), before);
}

#[test]
fn each_problem_of_a_memory_is_reported() {
    let long = format!("{MEMORY}{}", "word\n".repeat(401));
    let duplicate = format!(
        "{MEMORY}\n{}",
        entries(MEMORY, |entries| entries[0].as_written().to_owned()).replace("01-05T", "01-06T")
    );
    let cases: Vec<(&str, &str, String)> = vec![
        (
            "memory-edited",
            "memory/incidents.md:",
            MEMORY.replace("Connection leak", "A leak"),
        ),
        (
            "memory-truncated",
            "memory/incidents.md:",
            format!("{MEMORY}\n<!-- open\n"),
        ),
        (
            "memory-empty-tags",
            "memory/incidents.md:10:",
            MEMORY.replace("tags: orders, database", "tags:"),
        ),
        (
            "memory-header",
            "memory/incidents.md:7:",
            MEMORY.replace("M-2025-01-05T16:00:00Z", "M-today"),
        ),
        ("memory-long", "memory/incidents.md", long),
        (
            "memory-two-word-name",
            "memory/incidents.md:7:",
            MEMORY.to_owned(),
        ),
        (
            "memory-missing-key",
            "memory/incidents.md:7:",
            MEMORY.replacen("- schema_version: 1\n", "", 1),
        ),
        (
            "memory-not-imported",
            "memory/incidents.md:7:",
            MEMORY.replace("2025-01-05T16:00:00Z", "2025-01-05T17:00:00Z"),
        ),
        (
            "memory-secret",
            "memory/incidents.md:",
            MEMORY.replace(
                "Connection leak",
                &format!("{}{}", "AKIA", "ABCDEFGHIJKLMNOP"),
            ),
        ),
        (
            "memory-invisible-character",
            "memory/incidents.md:",
            MEMORY.replace("Connection leak", "Connection\u{200b}leak"),
        ),
        ("memory-duplicate", "memory/incidents.md:", duplicate),
        (
            "memory-type",
            "memory/incidents.md:7:",
            MEMORY.replacen("type: incident", "type: fact", 1),
        ),
    ];
    let mut seen: Vec<&str> = cases.iter().map(|(code, ..)| *code).collect();
    for (code, location, memory) in &cases {
        let work = Work::imported(MEMORY);
        work.write("archive-of-ours/memory/incidents.md", memory);
        let checked = said(&work.run(&["check"]));
        assert!(
            checked.contains(&format!("[{code}]")) && checked.contains(location),
            "{code}: {checked}"
        );
    }
    let work = Work::imported(MEMORY);
    fs::remove_file(work.path("archive-of-ours/memory/archive/incidents.md")).expect("it is there");
    fs::remove_file(work.path("archive-of-ours/incidents/INC-1200.toml")).expect("it is there");
    let checked = said(&work.run(&["check"]));
    for (code, location) in [
        ("memory-incident-missing", "memory.toml:"),
        ("memory-without-full-text", "memory/incidents.md:"),
    ] {
        assert!(
            checked.contains(&format!("[{code}]")) && checked.contains(location),
            "{code}: {checked}"
        );
        seen.push(code);
    }
    let taken = Work::new(MEMORY);
    taken.write(
        "archive-of-ours/incidents/INC-1234.toml",
        "title = \"Mine\"\n",
    );
    let imported = said(&taken.run(&["import", "incidents.md"]));
    assert!(imported.contains("[memory-import]"), "{imported}");
    seen.push("memory-import");
    // The module `secrecy` covers this code.
    seen.push("memory-confidential");
    seen.sort_unstable();
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(seen, rules);
}

#[test]
fn a_memory_that_the_format_s_own_tools_support_has_no_problems() {
    let good = MEMORY
        .replace("Z INC-1234 orders", "Z INC-1234-orders")
        .replace("Z INC-1200 auth", "Z INC-1200-auth")
        .replace("Z INC-1100 dns", "Z INC-1100-dns");
    let work = Work::new(&good);
    work.write(
        "archive/incidents.md",
        ARCHIVE
            .replace("Z INC-1100 dns", "Z INC-1100-dns")
            .replace("Z INC-1200 auth", "Z INC-1200-auth"),
    );
    work.good(&["import", "incidents.md"]);
    assert_eq!(
        work.good(&["check", "--deny-warnings"]),
        "checked 3 entries: no problems found\n"
    );
}

#[test]
fn each_check_code_of_a_memory_is_explained() {
    for rule in RULES {
        let explained = afterword(&["explain", rule.code], &[]);
        assert!(explained.status.success(), "{}", rule.code);
    }
}
