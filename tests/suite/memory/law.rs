//! Property tests for memories of arbitrary lines.

use afterword::archive::{Record, RecordSource};
use afterword::config::Config;
use afterword::incident::Incident;
use afterword::load::strict;
use afterword::memory::export::Export;
use afterword::memory::incident;
use afterword::memory::ledger::{Ledger, Row, Style, updated};
use afterword::source::Syntax;
use afterword::timeline::Timeline;
use proptest::prelude::*;

use super::*;
use crate::markdown_reading::config;

/// Lines of a memory, and similar but invalid lines.
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

/// Lines that start an unterminated element or an invalid entry.
const RARE: &[&str] = &[
    "-->",
    "<!-- Example:",
    "```",
    "- ~~~ code",
    "## M-today INC-1",
    "## M-2025-01-05T16:00:00Z",
];

/// The first lines of an entry.
const ENTRY: &str = "- type: incident\n- tags: a, b\n- schema_version: 1\n";

fn memory() -> impl Strategy<Value = String> {
    let line = prop_oneof![40 => prop::sample::select(LINES), 1 => prop::sample::select(RARE)];
    let entry = (0..3_usize, prop::collection::vec(line, 0..24));
    let suffixes = ["", " (summarized)", " (archived)"];
    prop::collection::vec(entry, 1..4).prop_map(move |entries| {
        let entries = entries.iter().enumerate().map(|(index, (form, lines))| {
            let (suffix, lines) = (suffixes[*form], lines.join("\n"));
            format!(
                "## M-2025-01-0{}T16:00:00Z INC-{index} slow{suffix}\n{ENTRY}{lines}\n",
                index + 1
            )
        });
        entries.collect()
    })
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn an_incident_that_matches_its_entry_does_not_change_it(text in memory(), crlf: bool) {
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let file = Verbatim::new("incidents.md".as_ref(), &text);
        let Ok(entries) = read::entries(&file) else { return Ok(()) };
        let (mut ledger, mut records) = (Ledger::default(), Vec::new());
        let mut end = 0;
        for entry in &entries {
            prop_assert!(entry.span.start >= end && entry.as_written().starts_with("## M-"));
            end = entry.span.end;
            let id = incident::id(entry.name).expect("an id");
            let converted = incident::from_entry(entry, &id, None);
            prop_assert!(converted.is_ok(), "{converted:?}\n{text}");
            let Ok(converted) = converted else { continue };
            let Ok(row) = Row::from_entry(entry, &converted) else { continue };
            // The files say what was converted.
            let incident: Incident = strict::text(&converted.incident_text(), Syntax::Toml).expect("an incident");
            prop_assert_eq!(&incident, &converted.incident);
            let timeline: Option<Timeline> = converted.timeline_text().map(|text| strict::text(&text, Syntax::Json).expect("a timeline"));
            prop_assert_eq!(&timeline, &converted.timeline);
            records.push(Record {
                id: id.to_string(),
                incident: converted.incident,
                timeline: timeline.unwrap_or_default(),
                source: RecordSource::default(),
                files: BTreeMap::new(),
                customers_file: None,
            });
            // Without a digest, every section is compared.
            let row = Row { incident: None, ..row };
            let ledger_text = updated(None, &[(&id, &row)]);
            prop_assert!(ledger_text.is_some(), "{row:?}");
            ledger.0.push((afterword::kind::Line::new(&*id).expect("a line"), row));
        }
        let config = Config::default();
        let export = Export { config: &config, ledger: &ledger, style: Style::default() };
        let parts = records.iter().map(|record| export.part(&entries, record));
        let exported = export.file(&text, &entries, parts.collect());
        prop_assert_eq!(exported.text, text);
    }
}
