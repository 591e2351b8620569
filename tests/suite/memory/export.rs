//! The changes of an export when incidents change.

use super::*;

#[test]
fn a_changed_incident_changes_only_its_entry() {
    let work = Work::imported(MEMORY);
    let cases: [(&str, &str, &str, &[&str]); 5] = [
        (
            "timelines/INC-1234.json",
            "Restarted pods",
            "Restarted all pods",
            &["-- 00:10 - Restarted pods", "+- 00:10 - Restarted all pods"],
        ),
        (
            "incidents/INC-1234.toml",
            "action = \"Add a test\"",
            "action = \"Add a test\"\nstatus = \"done\"",
            &["-- [ ] Add a test", "+- [x] Add a test"],
        ),
        (
            "incidents/INC-1234.toml",
            "\"database\"",
            "\"databases\"",
            &["-- tags: orders, database", "+- tags: orders, databases"],
        ),
        (
            "incidents/INC-1234.toml",
            "users = 2500",
            "users = 3000",
            &[
                "-- Duration: 23:50 - 00:10 UTC (20 min)",
                "-- Affected: All checkout attempts (~2,500 users)",
                "+- Duration: 23:50 - 00:10 UTC (20m)",
                "+- Affected: All checkout attempts (~3,000 users)",
            ],
        ),
        (
            "incidents/INC-1200.toml",
            "title = \"Auth redis failover\"",
            "title = \"Auth redis failover\" # said twice",
            &[],
        ),
    ];
    for (path, from, to, expected) in cases {
        let before = work.export();
        work.change(path, from, to);
        let after = work.export();
        assert_eq!(difference(&before, &after), expected, "{path}: {to}");
    }
}

#[test]
fn a_hand_written_incident_is_exported_with_its_whole_cause_and_its_code() {
    let work = Work::new("");
    work.write(
        "archive-of-ours/incidents/INC-2.toml",
        r#"
title = "Errors"
classification = "internal"
[times]
started = 2025-01-05T14:30:00Z
ended = 2025-01-05T15:00:00Z
[root_cause]
primary = "A leak"
problem = "Connections ran out"
contributing_factors = ["No limit", "No alert"]
[[evidence]]
title = "Open connections"
code = "SELECT 1 | 2"
[[evidence]]
title = "Graph"
file = "../graph.png"
"#,
    );
    let text = work.export();
    let expected = "**Root Cause**\n\nA leak\n\nProblem: Connections ran out\n\nContributing factors:\n\n- No limit\n- No alert\n\n\
        **Key Queries**\n\n| Finding | Query | Link |\n|---------|-------|------|\n\
        | Open connections (finding not recorded) | `SELECT 1 \\| 2` |  |\n\
        | Graph (finding not recorded) |  | [graph.png](../graph.png) |\n";
    assert!(text.contains(expected), "{text}");
    work.write("own.md", text);
    work.good(&["export", "--out", "own.md"]);
}

#[test]
fn code_of_several_lines_and_links_are_exported_and_read_again() {
    let work = Work::new("");
    work.write(
        "archive-of-ours/incidents/INC-2.toml",
        r#"
title = "Errors"
classification = "internal"
[times]
started = 2025-01-05T14:30:00Z
ended = 2025-01-05T15:00:00Z
[[evidence]]
finding = "Long calls"
language = "sql"
source = "Warehouse"
url = "https://example.com/q?a=(1)"
file = "../runs/long calls (1).csv"
warning = "Reads the whole table.\n\nRun it on the replica."
code = """
SELECT id -- the caller
FROM calls # all
WHERE note = '```' // or '## M-2020-01-01T00:00:00Z x'
"""
[[evidence]]
title = "Dashboard"
source = "Grafana"
url = "https://example.com/d"
[[evidence]]
title = "Dump"
source = "psql"
file = "../dump.txt"
[[evidence]]
finding = "Delete the queue"
code = "rabbitmqctl purge_queue q"
warning = "It cannot be undone."
"#,
    );
    let text = work.export();
    let expected = "**Key Queries**\n\n| Finding | Query | Link |\n|---------|-------|------|\n\
        | Long calls | below | [View in Warehouse](https://example.com/q?a=%281%29), [long calls (1).csv](../runs/long%20calls%20%281%29.csv) |\n\
        | Dashboard (finding not recorded) |  | [View in Grafana](https://example.com/d) |\n\
        | Dump (finding not recorded) |  | [View in psql](../dump.txt) |\n\
        | Delete the queue | below |  |\n\n\
        Query: Long calls\n\nReads the whole table.\n\nRun it on the replica.\n\n\
        ````sql\nSELECT id -- the caller\nFROM calls # all\nWHERE note = '```' // or '## M-2020-01-01T00:00:00Z x'\n````\n\n\
        Query: Delete the queue\n\nIt cannot be undone.\n\n```\nrabbitmqctl purge_queue q\n```\n";
    assert!(text.contains(expected), "{text}");
    let again = Work::imported(&text);
    assert_eq!(again.export(), text);
    let incident = unaligned(&again.read("archive-of-ours/incidents/INC-2.toml"));
    for line in [
        "language = \"sql\"",
        "file = \"../runs/long calls (1).csv\"",
        "WHERE note = '```' // or '## M-2020-01-01T00:00:00Z x'",
        "Run it on the replica.",
        "file = \"../dump.txt\"",
    ] {
        assert!(incident.contains(line), "{line}: {incident}");
    }
}

#[test]
fn a_cause_that_is_not_confirmed_is_exported_as_a_guess() {
    for (status, expected) in [
        ("suspected", "**Root Cause**\n\nSuspected: A leak\n"),
        ("unknown", "**Root Cause**\n\nUnknown: A leak\n"),
        ("confirmed", "**Root Cause**\n\nA leak\n"),
    ] {
        let work = Work::new("");
        let incident = format!(
            "title = \"Errors\"\n[times]\nstarted = 2025-01-05T14:30:00Z\nended = 2025-01-05T15:00:00Z\n[root_cause]\nstatus = \"{status}\"\nprimary = \"A leak\"\n"
        );
        work.write("archive-of-ours/incidents/INC-2.toml", incident);
        let text = work.export();
        assert!(text.contains(expected), "{text}");
        let again = Work::imported(&text);
        assert_eq!(again.export(), text);
    }
}

#[test]
fn a_section_is_removed_and_added_with_its_content_in_the_incident() {
    let work = Work::imported(MEMORY);
    work.change(
        "incidents/INC-1234.toml",
        "learnings = [",
        "could_improve = [",
    );
    let without = work.export();
    assert!(
        !without.contains("**Learnings**") && without.contains("**Action Items**"),
        "{without}"
    );
    assert!(!without.contains("\n\n\n"), "{without}");
    work.change(
        "incidents/INC-1234.toml",
        "could_improve = [",
        "learnings = [",
    );
    let again = work.export();
    assert_eq!(again, MEMORY, "the section is back at its old position");
}

#[test]
fn a_new_incident_is_inserted_first_and_a_confidential_one_is_skipped() {
    let work = Work::imported(MEMORY);
    let incident = "title = \"Sign-in slow\"\nseverity = \"P2\"\nservices = [\"auth\"]\nsummary = '''\nFirst.\n\n## M-2020-01-01T00:00:00Z no-entry\n<!-- no comment\n**Impact**\n```\nopen'''\n[times]\nstarted = 2026-03-01T10:00:00Z\nended = 2026-03-01T10:44:35Z\n";
    work.write("archive-of-ours/incidents/INC-2026-0001.toml", incident);
    work.write(
        "archive-of-ours/incidents/INC-2026-0002.toml",
        "title = \"It goes on\"\n",
    );
    let exported = work.export();
    let entry = "## M-2026-03-01T10:44:35Z INC-2026-0001-sign-in-slow\n\n- type: incident\n- tags: auth\n- used: 0\n- pinned: false\n- schema_version: 1\n\n**Summary**\n\nFirst.\n\n\\## M-2020-01-01T00:00:00Z no-entry\n\\<!-- no comment\n\\**Impact**\n```\nopen\n```\n\n**Impact**\n\n- Duration: 10:00:00 - 10:44:35 UTC (44m 35s)\n\n---\n\n";
    let at = MEMORY.find("## M-").expect("an entry");
    assert_eq!(
        exported,
        format!("{}{entry}{}", &MEMORY[..at], &MEMORY[at..])
    );
    assert_eq!(entries(&exported, |entries| entries.len()), 4);
    let two = work.good(&["export", "--style", "two-word"]);
    assert!(two.contains("Z INC-2026-0001 sign-in-slow\n"), "{two}");
    let confidential = format!("classification = \"confidential\"\n{incident}");
    work.write("archive-of-ours/incidents/INC-2026-0001.toml", confidential);
    assert_eq!(work.export(), MEMORY);
    work.change(
        "incidents/INC-1234.toml",
        "\"internal\"",
        "\"confidential\"",
    );
    let output = work.run(&["export"]);
    let exported = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(
        !exported.contains("orders") && exported.contains("INC-1200"),
        "{exported}"
    );
    assert!(said(&output).contains("skipped `INC-1234`: it is confidential"));
}

#[test]
fn an_archive_without_a_memory_gets_one() {
    let work = Work::new("");
    work.write(
        "archive-of-ours/incidents/INC-2026-0001.toml",
        "title = \"Sign-in slow\"\n[times]\nended = 2026-03-01T10:44:35Z\n",
    );
    let exported = work.export();
    assert!(exported.starts_with("# Incidents\n\n"), "{exported}");
    assert!(
        exported.contains("\n- tags: incident\n"),
        "never empty: {exported}"
    );
    assert_eq!(entries(&exported, |entries| entries.len()), 1);
    work.good(&["touch", "INC-2026-0001", "--date", "2026-04-01"]);
    assert!(
        work.export()
            .contains("\n- used: 1\n- last_used: 2026-04-01\n")
    );
}

#[test]
fn an_export_to_a_file_loses_no_entry_of_it() {
    let work = Work::imported(MEMORY);
    work.good(&["export", "--out", "out.md"]);
    // It is in another folder, so the memory archive has another path.
    let there = "archive-of-ours/memory/archive/incidents.md";
    let moved = MEMORY.replace("archive/incidents.md", there);
    assert_eq!(work.read("out.md"), moved);
    work.good(&["touch", "INC-1234"]);
    work.good(&["export", "--out", "out.md"]);
    assert!(work.read("out.md").contains("- used: 3\n"));
    let more = work.read("out.md")
        + "\n## M-2026-01-01T00:00:00Z written-since\n\n- type: incident\n- tags: a\n- schema_version: 1\n\n**Summary**\n\nNew.\n";
    for (text, words) in [
        (
            more.as_str(),
            "entry `written-since` is not in the archive's memory",
        ),
        ("# Notes\n", "is not a memory file"),
    ] {
        work.write("out.md", text);
        let output = work.run(&["export", "--out", "out.md"]);
        assert!(said(&output).contains(words), "{}", said(&output));
        assert_eq!(work.read("out.md"), text);
    }
    work.change(
        "timelines/INC-1234.json",
        "Restarted pods",
        "Restarted all pods",
    );
    let exported = work.export();
    work.good(&["export", "--out", "archive-of-ours/memory/incidents.md"]);
    assert_eq!(work.read("archive-of-ours/memory/incidents.md"), exported);
    assert_eq!(work.export(), exported);
    let checked = work.run(&["check"]);
    assert!(
        !said(&checked).contains("memory-edited"),
        "{}",
        said(&checked)
    );
}

#[test]
fn hostile_text_in_an_incident_does_not_break_its_entry() {
    let texts = [
        "## M-2020-01-01T00:00:00Z no-entry",
        "**Impact**",
        "- tags: other",
        "---",
        "<!-- a comment",
        "-->",
        "``` code",
        "~~~",
        "| a | b |",
        "a `tick` and ``two``",
        "\\| a pipe \\",
        "{{ 7 * 7 }}",
        "] and ) and \"quotes\"",
        "[x] done",
        "ends in a backtick`",
    ];
    let work = Work::new("");
    for (index, text) in texts.iter().enumerate() {
        let quoted = serde_json::Value::from(*text).to_string();
        let prose = format!("First.\n\n{text}\n{text}\n\nLast.");
        let prose = serde_json::Value::from(prose).to_string();
        let incident = format!(
            "title = {quoted}\nsummary = {prose}\ntags = [{quoted}]\n[times]\nended = 2026-03-01T10:44:35Z\n\
             [impact]\nsummary = {quoted}\nbusiness.revenue = {quoted}\n[root_cause]\nprimary = {prose}\n\
             [lessons]\nlearnings = [{prose}, {quoted}]\n[[evidence]]\ntitle = \"Log\"\nfinding = {quoted}\n\
             code = {prose}\nsource = {quoted}\nurl = \"https://logs.example/q?(a)\"\n\
             [[action_items]]\naction = {quoted}\n"
        );
        let timeline = format!(
            "{{\"date\": \"2026-03-01\", \"events\": [\
             {{\"at\": \"10:00\", \"marks\": [\"started\"], \"text\": {quoted}, \"body\": {prose}}},\
             {{\"at\": \"10:44\", \"text\": {quoted}}}]}}"
        );
        let path = |folder: &str, extension: &str| {
            format!("archive-of-ours/{folder}/INC-2026-00{index:02}.{extension}")
        };
        work.write(&path("incidents", "toml"), incident);
        work.write(&path("timelines", "json"), timeline);
    }
    let exported = work.export();
    let keys = ["type", "tags", "used", "pinned", "schema_version"];
    let titles = [
        "Summary",
        "Impact",
        "Timeline",
        "Root Cause",
        "Key Queries",
        "Learnings",
        "Action Items",
    ];
    entries(&exported, |entries| {
        assert_eq!(entries.len(), texts.len(), "{exported}");
        for entry in entries {
            let found: Vec<&str> = entry.metadata.iter().map(|meta| meta.key).collect();
            assert_eq!(found, keys, "{}", entry.as_written());
            let sections = entry.sections.iter();
            let found: Vec<&str> = sections.map(|section| section.title.as_str()).collect();
            assert_eq!(found, titles, "{}", entry.as_written());
        }
    });
    // Another archive imports the memory and exports the same bytes.
    let other = Work::imported(&exported);
    assert_eq!(other.export(), exported);
    for (index, text) in texts
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.starts_with('['))
    {
        let incident = other.read(&format!(
            "archive-of-ours/incidents/INC-2026-00{index:02}.toml"
        ));
        let incident: toml::Table = toml::from_str(&incident).expect("TOML");
        let found = (
            incident["action_items"][0]["action"].as_str(),
            incident["impact"]["business"]["revenue"].as_str(),
            incident["evidence"][0]["finding"].as_str(),
            incident["lessons"]["learnings"][1].as_str(),
        );
        assert_eq!([found.0, found.1, found.2], [Some(*text); 3]);
        assert!(found.3.is_some_and(|learning| learning.contains(text)));
    }
}

#[test]
fn the_times_of_an_entry_survive_the_round_trip() {
    // Start, end, an event between them, and the duration in the entry.
    let cases = [
        (
            "2026-03-01 10:00",
            "2026-03-01 10:44",
            "2026-03-01 10:20",
            "10:00 - 10:44 UTC (44m)",
        ),
        (
            "2026-03-01 10:00:05",
            "2026-03-01 10:44:30",
            "2026-03-01 10:20",
            "10:00:05 - 10:44:30 UTC (44m 25s)",
        ),
        (
            "2026-03-01 23:50",
            "2026-03-02 00:10",
            "2026-03-01 23:55",
            "23:50 - 00:10 UTC (20m)",
        ),
        (
            "2026-03-01 10:00",
            "2026-03-03 10:44",
            "2026-03-02 11:00",
            "2026-03-01 10:00 - 2026-03-03 10:44 UTC (2d 44m)",
        ),
        (
            "2026-03-01 10:00",
            "2026-03-02 11:00",
            "2026-03-02 09:00",
            "2026-03-01 10:00 - 2026-03-02 11:00 UTC (1d 1h)",
        ),
        (
            "~2026-03-01 10:00",
            "2026-03-01 10:44",
            "2026-03-01 10:20",
            "~10:00 - 10:44 UTC (~44m)",
        ),
        (
            "2026-03-01",
            "2026-03-02",
            "2026-03-01 12:00",
            "2026-03-01 - 2026-03-02 UTC (~1d)",
        ),
    ];
    for (started, ended, event, expected) in cases {
        let work = Work::new("");
        let incident =
            format!("title = \"Slow\"\n[times]\nstarted = \"{started}\"\nended = \"{ended}\"\n");
        let timeline = format!("{{\"events\": [{{\"at\": \"{event}\", \"text\": \"Looked\"}}]}}");
        work.write("archive-of-ours/incidents/INC-2026-0001.toml", incident);
        work.write("archive-of-ours/timelines/INC-2026-0001.json", timeline);
        let exported = work.export();
        assert!(
            exported.contains(&format!("- Duration: {expected}\n")),
            "{exported}"
        );
        let other = Work::new(&exported);
        other.good(&["import", "incidents.md", "--date", "2026-03-01"]);
        // Without a memory file, the export prints the entry from the imported incident.
        fs::remove_dir_all(other.path("archive-of-ours/memory")).expect("it is there");
        assert_eq!(other.export(), exported, "{started} to {ended}");
    }
}

#[test]
fn a_local_time_that_occurs_twice_keeps_its_offset() {
    let work = Work::new(MEMORY);
    work.write(
        "archive-of-ours/incidents/INC-7.toml",
        "title = \"Queue stuck\"\nclassification = \"internal\"\ntimezone = \"Europe/Berlin\"\n",
    );
    work.write(
        "archive-of-ours/timelines/INC-7.json",
        r#"{"date": "2025-10-26", "tz": "Europe/Berlin", "events": [
            {"at": "01:30", "text": "Queue grows"},
            {"at": "2025-10-26T02:50+02:00", "marks": ["started"], "text": "Alert"},
            {"at": "2025-10-26T02:50+01:00", "marks": ["ended"], "text": "Queue empty"}
        ]}"#,
    );
    let export = work.export();
    for line in [
        "- Duration: 2025-10-26 02:50+02:00 - 2025-10-26 02:50+01:00 Europe/Berlin (1h)",
        "- 01:30 - Queue grows",
        "- 2025-10-26 02:50+02:00 - Alert",
        "- 2025-10-26 02:50+01:00 - Queue empty",
    ] {
        assert!(
            export.lines().any(|other| other == line),
            "{line}\n{export}"
        );
    }
    assert_eq!(Work::imported(&export).export(), export);
}

#[test]
fn several_impact_windows_are_listed_with_their_total() {
    let work = Work::new(MEMORY);
    for file in [
        "incidents/INC-2025-0003.toml",
        "timelines/INC-2025-0003.json",
    ] {
        let text = fs::read(case("printed-times").join(file)).expect("the case is there");
        work.write(&format!("archive-of-ours/{file}"), text);
    }
    let export = work.export();
    let line = "- Impact windows: 2025-01-14 09:55 to 10:10 UTC, 2025-01-14 17:00 to 17:15 UTC, 2025-01-15 00:55 to 01:10 UTC (45m)";
    assert!(export.lines().any(|other| other == line), "{export}");
    assert_eq!(Work::imported(&export).export(), export);
}

#[test]
fn an_impact_window_that_differs_from_the_official_times_is_listed() {
    let work = Work::new(MEMORY);
    let file = "archive-of-ours/incidents/INC-2025-0003.toml";
    let incident = |ended: &str| {
        format!(
            "title = \"Labels late\"\nseverity = \"P2\"\nclassification = \"internal\"\n[times]\n\
             started = 2025-01-14T10:00:00Z\nimpact_started = 2025-01-14T10:00:00Z\n\
             impact_ended = 2025-01-14T10:15:00Z\nended = {ended}\n"
        )
    };
    let line = "- Impact windows: 2025-01-14 10:00:00 to 10:15:00 UTC (15m)";
    for (ended, expected) in [("2025-01-14T15:00:00Z", 1), ("2025-01-14T10:15:00Z", 0)] {
        work.write(file, incident(ended));
        let export = work.export();
        let count = export.lines().filter(|other| *other == line).count();
        assert_eq!(count, expected, "{export}");
    }
}
