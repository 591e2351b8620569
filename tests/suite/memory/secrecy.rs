//! Incidents and events that become confidential after they were written to the memory.

use super::*;

/// An incident of each entry form, with text that only its entry contains.
const ENTRIES: &[(&str, &str)] = &[
    ("INC-1234", "Connection leak"),
    ("INC-1200", "auth-redis-failover"),
    ("INC-1100", "The full story of the archive."),
];

/// An archive with the memory of three incidents, one of which became confidential.
fn confidential(id: &str) -> Work {
    let work = Work::imported(MEMORY);
    work.change(
        &format!("incidents/{id}.toml"),
        "classification = \"internal\"",
        "classification = \"confidential\"",
    );
    work
}

#[test]
fn a_confidential_incident_is_reported_wherever_the_memory_contains_it() {
    for (id, _) in ENTRIES {
        let work = confidential(id);
        let output = work.run(&["check"]);
        let printed = said(&output);
        assert_eq!(output.status.code(), Some(1), "{id}: {printed}");
        for words in [
            format!("error[memory-confidential]: `{id}` is confidential"),
            "afterword memory export --out memory/incidents.md".to_owned(),
        ] {
            assert!(printed.contains(&words), "{id}: {words}: {printed}");
        }
        let line = |file: &str| {
            let text = work.read(&format!("archive-of-ours/{file}"));
            let index = text
                .lines()
                .position(|line| line.contains(&format!(" {id} ")));
            index.map(|index| format!("{file}:{}:1", index + 1))
        };
        let locations: Vec<String> = ["memory/incidents.md", "memory/archive/incidents.md"]
            .into_iter()
            .filter_map(line)
            .collect();
        assert!(!locations.is_empty(), "{id}");
        for location in locations {
            assert!(printed.contains(&location), "{id}: {location}: {printed}");
        }
    }
}

#[test]
fn an_export_removes_confidential_incidents_from_the_memory_and_its_archive() {
    for (id, words) in ENTRIES {
        let work = confidential(id);
        let printed = work.export();
        assert!(
            !printed.contains(id) && !printed.contains(words),
            "{id}: {printed}"
        );
        work.write("shared.md", MEMORY);
        work.good(&["export", "--out", "archive-of-ours/memory/incidents.md"]);
        for file in ["memory/incidents.md", "memory/archive/incidents.md"] {
            let text = work.read(&format!("archive-of-ours/{file}"));
            assert!(
                !text.contains(id) && !text.contains(words),
                "{id}: {file}: {text}"
            );
        }
        let checked = said(&work.run(&["check"]));
        assert!(!checked.contains("memory-confidential"), "{id}: {checked}");
        // The entry is removed from an earlier copy too.
        work.good(&["export", "--out", "shared.md"]);
        assert!(!work.read("shared.md").contains(id), "{id}");
        for (other, _) in ENTRIES.iter().filter(|(other, _)| other != id) {
            assert!(printed.contains(other), "{other} stays");
        }
    }
}

#[test]
fn no_command_changes_the_entry_of_a_confidential_incident() {
    let work = confidential("INC-1234");
    let before = work.files();
    for arguments in [
        &["touch", "INC-1234"][..],
        &["pin", "INC-1234"],
        &["unpin", "INC-1234"],
        &["summarize", "INC-1234"],
    ] {
        let output = work.run(arguments);
        let printed = said(&output);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            printed.contains("`INC-1234` is confidential"),
            "{arguments:?}: {printed}"
        );
    }
    assert_eq!(work.files(), before);
    let archived = work.good(&["archive", "--unused", "90d", "--as-of", "2026-11-21"]);
    assert!(
        !archived.contains("INC-1234") && archived.contains("INC-1200"),
        "{archived}"
    );
    // Importing the memory again does not bring the entry back.
    fs::remove_file(work.path("archive-of-ours/memory/incidents.md")).expect("it is there");
    let before = work.files();
    let again = work.run(&["import", "incidents.md"]);
    let printed = said(&again);
    assert!(
        printed.contains("incidents.md:7:1") && printed.contains("memory-confidential"),
        "{printed}"
    );
    assert_eq!(work.files(), before);
}

#[test]
fn a_manual_copy_is_recognized_by_the_id_at_the_start_of_its_name() {
    let entry = |name: &str| {
        format!(
            "## M-2026-01-01T00:00:00Z {name}\n\n- type: incident\n- tags: x\n- schema_version: 1\n\n**Summary**\n\nWords.\n\n---\n\n"
        )
    };
    for (name, is_confidential) in [
        ("INC-1234", true),
        ("inc-1234-orders", true),
        ("INC-1234 orders (archived)", true),
        ("INC-12345-other", false),
        ("about-INC-1234", false),
    ] {
        let work = confidential("INC-1234");
        work.write("archive-of-ours/memory/incidents.md", entry(name));
        let checked = said(&work.run(&["check"]));
        assert_eq!(
            checked.contains("memory-confidential"),
            is_confidential,
            "{name}: {checked}"
        );
        assert_eq!(work.export().contains(name), !is_confidential, "{name}");
    }
}

#[test]
fn a_confidential_event_is_reported_where_the_memory_contains_it() {
    let work = Work::imported(MEMORY);
    work.change(
        "timelines/INC-1234.json",
        "\"text\": \"Restarted pods\"",
        "\"visibility\": \"confidential\", \"text\": \"Restarted pods\"",
    );
    let checked = said(&work.run(&["check"]));
    let line = MEMORY
        .lines()
        .position(|line| line.contains("Restarted pods"));
    let location = format!("memory/incidents.md:{}:1", line.expect("it exists") + 1);
    assert!(
        checked.contains("this text is confidential") && checked.contains(&location),
        "{checked}"
    );
    assert!(!work.export().contains("Restarted pods"));
}

#[test]
fn a_part_that_became_confidential_is_reported_in_the_archive() {
    let work = Work::imported(MEMORY);
    work.good(&["summarize", "INC-1234"]);
    let incident = work.read("archive-of-ours/incidents/INC-1234.toml");
    assert!(!said(&work.run(&["check"])).contains("memory-confidential"));
    let marked = incident
        .replace("[[evidence]]", "[[evidence]]\naudience = \"confidential\"")
        .replace(
            "[[action_items]]",
            "[[action_items]]\naudience = \"confidential\"",
        );
    work.write("archive-of-ours/incidents/INC-1234.toml", marked);
    work.export();
    let checked = said(&work.run(&["check"]));
    let archive = work.read("archive-of-ours/memory/archive/incidents.md");
    for text in ["Pool exhausted", "Fix the leak"] {
        let line = archive.lines().position(|line| line.contains(text));
        let location = format!("memory/archive/incidents.md:{}:1", line.expect(text) + 1);
        assert!(checked.contains(&location), "{text}: {checked}");
    }
}

#[test]
fn a_check_of_the_memory_fails_if_an_incident_cannot_be_read() {
    let work = Work::imported(MEMORY);
    work.change("incidents/INC-1234.toml", "title =", "titel =");
    let output = work.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("may be confidential"));
}
