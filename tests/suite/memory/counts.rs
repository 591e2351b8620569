//! Records uses of entries, and shortens and archives unused entries.

use super::*;

#[test]
fn recording_a_use_changes_no_incident() {
    let work = Work::imported(MEMORY);
    let before = work.files();
    assert_eq!(
        work.good(&["touch", "INC-1234"]),
        "INC-1234  uses: 3, last used: 2026-11-21\n"
    );
    work.good(&["touch", "INC-1234", "--date", "2025-02-01"]);
    work.good(&["pin", "INC-1200"]);
    let mut after = work.files();
    assert_ne!(after.get("memory.toml"), before.get("memory.toml"));
    after.insert("memory.toml".to_owned(), before["memory.toml"].clone());
    assert_eq!(after, before, "nothing else changed");
    let expected = [
        "-- used: 2",
        "-- last_used: 2025-01-18",
        "+- used: 4",
        "+- last_used: 2026-11-21",
        "+- pinned: true",
    ];
    assert_eq!(difference(MEMORY, &work.export()), expected);
    work.good(&["unpin", "INC-1200"]);
    assert!(!work.export().contains("pinned: true"));
    // The format's own tools record uses in the memory file; an export never lowers their count.
    work.change("memory/incidents.md", "- used: 2\n", "- used: 9\n");
    assert!(work.export().contains("- used: 9\n"));
    assert!(work.good(&["touch", "INC-1234"]).contains("uses: 10"));
}

#[test]
fn manual_edits_of_memory_toml_are_kept() {
    let work = Work::imported(MEMORY);
    work.change(
        "memory.toml",
        "used = 2\n",
        "used=2 # twice in one night\n\n# mine\n",
    );
    work.good(&["touch", "INC-1234"]);
    let ledger = work.read("archive-of-ours/memory.toml");
    assert!(
        ledger.contains("used=3 # twice in one night\n\n# mine\n"),
        "{ledger}"
    );
    work.change("memory.toml", "pinned = false", "pined = false");
    let output = work.run(&["touch", "INC-1234"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("memory.toml:1") && said(&output).contains("pinned"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_summarized_entry_has_its_full_text_in_the_archive() {
    let work = Work::imported(MEMORY);
    let before = work.files();
    let dry = work.good(&["summarize", "INC-1234", "--dry-run"]);
    assert_eq!(work.files(), before);
    work.good(&["summarize", "INC-1234"]);
    let memory = work.read("archive-of-ours/memory/incidents.md");
    let short = "## M-2025-01-05T16:00:00Z INC-1234 orders-api-outage (summarized)\n\n- type: incident\n- tags: orders, database\n- used: 2\n- last_used: 2025-01-18\n- pinned: false\n- schema_version: 1\n\n**Summary**\n\nAn outage of orders-api.\n\n**Key Learning**\n\nAdd pool metrics\n\n**Full Details**\n\nSee archive/incidents.md#M-2025-01-05T16:00:00Z";
    assert_eq!(dry.trim_end(), short);
    assert!(memory.contains(&format!("{short}\n\n---\n")), "{memory}");
    let full = entries(MEMORY, |entries| entries[0].as_written().to_owned());
    let archive = work.read("archive-of-ours/memory/archive/incidents.md");
    assert_eq!(archive, format!("{ARCHIVE}\n---\n\n{full}\n"));
    assert_eq!(work.export(), memory, "and it stays so");
    let again = work.run(&["summarize", "INC-1234"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("is already summarized"));
}

#[test]
fn an_entry_whose_full_text_is_missing_is_not_archived() {
    let work = Work::imported(MEMORY);
    work.good(&["summarize", "INC-1234"]);
    for archive in [
        ARCHIVE.to_owned(),
        work.read("archive-of-ours/memory/incidents.md"),
    ] {
        work.write("archive-of-ours/memory/archive/incidents.md", archive);
        let output = work.run(&["archive", "--unused", "1d", "--as-of", "2026-11-21"]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let expected = "the full text of `INC-1234` is not in `memory/archive/incidents.md`";
        assert!(said(&output).contains(expected), "{}", said(&output));
        let memory = work.read("archive-of-ours/memory/incidents.md");
        assert!(
            memory.contains("INC-1234 orders-api-outage (summarized)"),
            "{memory}"
        );
        // The others are archived.
        assert!(
            memory.contains("INC-1200 auth-redis-failover (archived)"),
            "{memory}"
        );
    }
}

#[test]
fn unused_entries_are_archived_unless_they_are_pinned() {
    let work = Work::imported(MEMORY);
    let archive = |as_of: &str| work.good(&["archive", "--unused", "90d", "--as-of", as_of]);
    assert_eq!(archive("2025-01-20"), "nothing to archive\n");
    work.good(&["pin", "INC-1234"]);
    assert_eq!(
        archive("2026-11-21"),
        "INC-1200  archived; the full text is in memory/archive/incidents.md\n"
    );
    let memory = work.export();
    let stub = "INC-1200 auth-redis-failover (archived)\n\n- type: incident\n- tags: auth, redis\n- used: 1\n- last_used: 2024-12-20\n- schema_version: 1\n- status: archived\n- archived_to: archive/incidents.md\n- reason: not used since 2024-12-20\n\n---\n";
    assert!(memory.contains(stub), "{memory}");
    assert!(memory.contains("INC-1234 orders-api-outage\n"), "{memory}");
    assert_eq!(archive("2026-11-21"), "nothing to archive\n");
}

#[test]
fn concurrent_uses_are_all_counted() {
    let work = Work::imported(MEMORY);
    std::thread::scope(|scope| {
        for id in ["INC-1234", "INC-1200", "INC-1234", "INC-1100"] {
            let work = &work;
            scope.spawn(move || (0..3).for_each(|_| drop(work.good(&["touch", id]))));
        }
    });
    let exported = work.export();
    for (id, used) in [("INC-1234", 8), ("INC-1200", 4), ("INC-1100", 3)] {
        let counted = entries(&exported, |entries| {
            let entry = entries.iter().find(|entry| entry.name.starts_with(id));
            entry.and_then(|entry| entry.get("used").map(str::to_owned))
        });
        assert_eq!(counted, Some(used.to_string()), "{id}");
    }
}
