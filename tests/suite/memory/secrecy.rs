//! What became confidential after it was written into the memory.

use super::*;

/// The three ways in which an incident stands in a memory, and what of each is nowhere else.
const TOLD: &[(&str, &str)] = &[
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
fn an_incident_that_became_confidential_is_named_where_the_memory_tells_of_it() {
    for (id, _) in TOLD {
        let work = confidential(id);
        let output = work.run(&["check"]);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{id}: {told}");
        for words in [
            format!("error[memory-confidential]: `{id}` is confidential"),
            "afterword memory export --out memory/incidents.md".to_owned(),
        ] {
            assert!(told.contains(&words), "{id}: {words}: {told}");
        }
        let line = |file: &str| {
            let text = work.read(&format!("archive-of-ours/{file}"));
            let at = text
                .lines()
                .position(|line| line.contains(&format!(" {id} ")));
            at.map(|at| format!("{file}:{}:1", at + 1))
        };
        let places: Vec<String> = ["memory/incidents.md", "memory/archive/incidents.md"]
            .into_iter()
            .filter_map(line)
            .collect();
        assert!(!places.is_empty(), "{id}");
        for place in places {
            assert!(told.contains(&place), "{id}: {place}: {told}");
        }
    }
}

#[test]
fn an_export_takes_out_of_the_memory_and_its_archive_what_became_confidential() {
    for (id, words) in TOLD {
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
        let told = said(&work.run(&["check"]));
        assert!(!told.contains("memory-confidential"), "{id}: {told}");
        // A copy that was given out before gives the entry up too.
        work.good(&["export", "--out", "shared.md"]);
        assert!(!work.read("shared.md").contains(id), "{id}");
        for (other, _) in TOLD.iter().filter(|(other, _)| other != id) {
            assert!(printed.contains(other), "{other} stays");
        }
    }
}

#[test]
fn nothing_is_counted_or_written_of_a_confidential_incident() {
    let work = confidential("INC-1234");
    let before = work.files();
    for arguments in [
        &["touch", "INC-1234"][..],
        &["pin", "INC-1234"],
        &["unpin", "INC-1234"],
        &["summarize", "INC-1234"],
    ] {
        let output = work.run(arguments);
        let told = said(&output);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            told.contains("`INC-1234` is confidential"),
            "{arguments:?}: {told}"
        );
    }
    assert_eq!(work.files(), before);
    let archived = work.good(&["archive", "--unused", "90d", "--as-of", "2026-11-21"]);
    assert!(
        !archived.contains("INC-1234") && archived.contains("INC-1200"),
        "{archived}"
    );
    // Not even where the memory is brought in once more.
    fs::remove_file(work.path("archive-of-ours/memory/incidents.md")).expect("it is there");
    let before = work.files();
    let again = work.run(&["import", "incidents.md"]);
    let told = said(&again);
    assert!(
        told.contains("incidents.md:7:1") && told.contains("memory-confidential"),
        "{told}"
    );
    assert_eq!(work.files(), before);
}

#[test]
fn a_copy_by_hand_is_known_by_the_id_that_its_name_begins_with() {
    let entry = |name: &str| {
        format!(
            "## M-2026-01-01T00:00:00Z {name}\n\n- type: incident\n- tags: x\n- schema_version: 1\n\n**Summary**\n\nWords.\n\n---\n\n"
        )
    };
    for (name, is_told) in [
        ("INC-1234", true),
        ("inc-1234-orders", true),
        ("INC-1234 orders (archived)", true),
        ("INC-12345-other", false),
        ("about-INC-1234", false),
    ] {
        let work = confidential("INC-1234");
        work.write("archive-of-ours/memory/incidents.md", entry(name));
        let told = said(&work.run(&["check"]));
        assert_eq!(
            told.contains("memory-confidential"),
            is_told,
            "{name}: {told}"
        );
        assert_eq!(work.export().contains(name), !is_told, "{name}");
    }
}

#[test]
fn an_event_that_became_confidential_is_named_where_the_memory_tells_it() {
    let work = Work::imported(MEMORY);
    work.change(
        "timelines/INC-1234.json",
        "\"text\": \"Restarted pods\"",
        "\"visibility\": \"confidential\", \"text\": \"Restarted pods\"",
    );
    let told = said(&work.run(&["check"]));
    let line = MEMORY
        .lines()
        .position(|line| line.contains("Restarted pods"));
    let place = format!("memory/incidents.md:{}:1", line.expect("it is there") + 1);
    assert!(
        told.contains("this event is confidential") && told.contains(&place),
        "{told}"
    );
    assert!(!work.export().contains("Restarted pods"));
}

#[test]
fn a_memory_beside_an_incident_that_cannot_be_read_is_not_passed() {
    let work = Work::imported(MEMORY);
    work.change("incidents/INC-1234.toml", "title =", "titel =");
    let output = work.run(&["check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("may be one that must not be told of"));
}
