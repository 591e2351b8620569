//! What holds of every memory, whatever lines it has.

use afterword::archive::{Record, RecordSource};
use afterword::config::Config;
use afterword::load::strict;
use afterword::memory::export::Export;
use afterword::memory::incident;
use afterword::memory::ledger::{Ledger, Row, Style, with};
use proptest::prelude::*;

use super::*;
use crate::markdown_reading::config;

/// Lines that a memory is made of, and lines that are nearly such.
const LINES: &[&str] = &[
    "",
    "  ",
    "---",
    "<!-- one line -->",
    "# Incidents",
    "## Playbooks",
    "- used: 2",
    "- last_used: 2025-01-18",
    "- pinned: true",
    "- used:",
    "- origin: agent",
    "**Summary**",
    "**Impact**",
    "**Timeline**:",
    "**Root Cause:**",
    "**Key Queries**",
    "**Learnings**",
    "**Key Learning**",
    "**Action Items**",
    "**Full Details**",
    "**Handover**",
    "Words **in** `code` | {{ 7 }}",
    "- Duration: 23:50 - 00:10 UTC (20 min)",
    "- Duration: ~14:30 – 15:00 (1 h)",
    "- Duration: 2025-01-05 14:30 - 2025-01-07 15:00 Europe/Berlin",
    "- Duration: 14:30 - 15:00 PST",
    "- Affected: All (~2,500 users)",
    "- Affected: (7 users)",
    "- Revenue impact: ~$50k",
    "- Severity: P1",
    "- 23:50 - Alert",
    "- ~00:10:05 - Restarted: \"pods\"",
    "- 2025-01-07 09:00Z — Done",
    "- 25:99 - No time",
    "  a further line",
    "| Finding | Query | Link |",
    "|---------|-------|------|",
    r"| Pool | `a \| b` | [View in Logs](https://logs.example/q) |",
    r"| Pool | ``a ` b`` | |",
    "| cut",
    "- [x] Fix it",
    "- [ ] Add a test",
    "* A star",
];

/// Lines that open what may not be closed, or are no entry.
const RARE: &[&str] = &[
    "-->",
    "<!-- Example:",
    "```",
    "- ~~~ code",
    "## M-today INC-1",
    "## M-2025-01-05T16:00:00Z",
];

/// What stands in front of an entry's lines.
const ENTRY: &str = "- type: incident\n- tags: a, b\n- schema_version: 1\n";

fn memory() -> impl Strategy<Value = String> {
    let line = prop_oneof![40 => prop::sample::select(LINES), 1 => prop::sample::select(RARE)];
    let entry = (0..3_usize, prop::collection::vec(line, 0..24));
    let form = ["", " (summarized)", " (archived)"];
    prop::collection::vec(entry, 1..4).prop_map(move |entries| {
        let entries = entries.iter().enumerate().map(|(place, (shape, lines))| {
            let (ending, lines) = (form[*shape], lines.join("\n"));
            format!(
                "## M-2025-01-0{}T16:00:00Z INC-{place} slow{ending}\n{ENTRY}{lines}\n",
                place + 1
            )
        });
        entries.collect()
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn an_incident_that_says_what_its_entry_says_changes_nothing(text in memory(), crlf: bool) {
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let file = Verbatim::new("incidents.md".as_ref(), &text);
        let Ok(entries) = read::entries(&file) else { return Ok(()) };
        let (mut ledger, mut records) = (Ledger::default(), Vec::new());
        let mut end = 0;
        for entry in &entries {
            prop_assert!(entry.span.start >= end && entry.as_written().starts_with("## M-"));
            end = entry.span.end;
            let id = incident::id(entry.name).expect("an id");
            let made = incident::from_entry(entry, &id, None);
            prop_assert!(made.is_ok(), "{made:?}\n{text}");
            let Ok(made) = made else { continue };
            let Ok(row) = Row::from_entry(entry, &made) else { continue };
            let timeline = made.timeline.as_deref().map(|text| strict::json(text).expect("a timeline"));
            records.push(Record {
                id: id.to_string(),
                incident: strict::toml(&made.incident).expect("an incident"),
                timeline: timeline.unwrap_or_default(),
                source: RecordSource::default(),
                files: BTreeMap::new(),
            });
            // Without a digest every section is compared.
            let row = Row { incident: None, ..row };
            let kept = with(None, &[(&id, &row)]);
            prop_assert!(kept.is_some(), "{row:?}");
            ledger.0.push((afterword::kind::Line::new(&*id).expect("a line"), row));
        }
        let config = Config::default();
        let export = Export { config: &config, ledger: &ledger, style: Style::default() };
        let parts = records.iter().map(|record| export.part(&entries, record));
        let exported = export.file(&text, &entries, parts.collect());
        prop_assert_eq!(exported.text, text);
    }
}
