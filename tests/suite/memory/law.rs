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
                withheld: Default::default(),
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

/// Texts of an incident, and texts that look like parts of an entry.
const TEXTS: &[&str] = &[
    "A leak",
    "First.\n\nSecond.",
    "One\ntwo\n\n\nthree",
    "A list:\n\n- a\n- b\n\nand more",
    "Run:\n\n    make all\n\nthen wait",
    "Problem: none",
    "A leak\n\nProblem: none",
    "Suspected: a leak",
    "Contributing factors:\n\n- a",
    "not recorded",
    "`a | b` [c](d)",
];

/// Texts of one line, and some that look like parts of an entry.
const LINES_OF_TEXT: &[&str] = &[
    "Errors",
    "not recorded",
    "7 errors - and more",
    "a | b",
    "incident",
];

/// The date of the incidents, without which an import marks their times as approximate.
const DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2025, 1, 5).expect("a date");

/// Returns the incident of an entry, as an import makes it, with its row.
fn imported(entry: &Entry) -> (Record, Row) {
    let id = incident::id(entry.name).expect("an ID");
    let converted = incident::from_entry(entry, &id, Some(DAY)).expect("an incident");
    let row = Row::from_entry(entry, &converted).expect("a row");
    let record = Record {
        id: id.to_string(),
        incident: converted.incident,
        timeline: converted.timeline.unwrap_or_default(),
        source: RecordSource::default(),
        files: BTreeMap::new(),
        customers_file: None,
        withheld: Default::default(),
    };
    (record, row)
}

/// Exports an incident to an empty memory.
fn exported(record: &Record, row: &Row) -> String {
    let config = Config::default();
    let id = afterword::kind::Line::new(&*record.id).expect("a line");
    let mut ledger = Ledger::default();
    ledger.0.push((id, row.clone()));
    let export = Export {
        config: &config,
        ledger: &ledger,
        style: Style::default(),
    };
    export.file("", &[], vec![export.part(&[], record)]).text
}

/// What an entry has of an incident.
fn content(record: &Record) -> impl PartialEq + std::fmt::Debug {
    let incident = record.incident.clone();
    let evidence: Vec<_> = incident
        .evidence
        .into_iter()
        .map(|piece| {
            (
                piece.title.filter(|_| piece.finding.is_none()),
                piece.finding,
                piece.warning,
            )
        })
        .collect();
    let events = record.timeline.events.iter();
    let events: Vec<_> = events
        .map(|event| (event.text.clone(), event.body.clone()))
        .collect();
    (
        (incident.title, incident.summary, incident.tags),
        incident.root_cause,
        incident.lessons,
        evidence,
        events,
        incident.sections,
    )
}

fn hand_written() -> impl Strategy<Value = Record> {
    let text = || prop::option::of(prop::sample::select(TEXTS));
    let texts = || prop::collection::vec(prop::sample::select(TEXTS), 0..3);
    let line = || prop::sample::select(LINES_OF_TEXT);
    let evidence = prop::collection::vec(
        (prop::option::of(line()), prop::option::of(line()), text()),
        0..3,
    );
    let events = prop::collection::vec((line(), text()), 0..3);
    let cause = (
        prop::sample::select(&["confirmed", "suspected", "unknown"][..]),
        text(),
        text(),
        texts(),
    );
    (line(), text(), cause, texts(), evidence, events).prop_map(
        |(title, summary, (status, primary, problem, factors), learnings, evidence, events)| {
            let quoted = |text: &str| serde_json::to_string(text).expect("a string");
            let mut toml = format!(
                "title = {}\nstatus = \"closed\"\nclassification = \"internal\"\n",
                quoted(title)
            );
            let mut set = |key: &str, value: Option<&str>| {
                if let Some(value) = value {
                    toml += &format!("{key} = {}\n", quoted(value));
                }
            };
            set("summary", summary);
            // A status is only printed in front of a cause.
            set("root_cause.status", primary.map(|_| status));
            set("root_cause.primary", primary);
            set("root_cause.problem", problem);
            if !factors.is_empty() {
                toml += &format!("root_cause.contributing_factors = {factors:?}\n");
            }
            if !learnings.is_empty() {
                toml += &format!("lessons.learnings = {learnings:?}\n");
            }
            toml += "[times]\nstarted = 2025-01-05T14:30:00Z\nended = 2025-01-05T15:00:00Z\n";
            for (title, finding, warning) in evidence {
                toml += "[[evidence]]\ncode = \"SELECT 1\"\n";
                for (key, value) in [("title", title), ("finding", finding), ("warning", warning)] {
                    if let Some(value) = value {
                        toml += &format!("{key} = {}\n", quoted(value));
                    }
                }
            }
            let events: Vec<String> = events
                .iter()
                .enumerate()
                .map(|(index, (text, body))| {
                    let body = body.map(|body| format!(", \"body\": {}", quoted(body)));
                    let body = body.unwrap_or_default();
                    format!(
                        "{{ \"at\": \"14:4{index}\", \"text\": {}{body} }}",
                        quoted(text)
                    )
                })
                .collect();
            let json = format!(
                "{{ \"date\": \"2025-01-05\", \"events\": [{}] }}",
                events.join(", ")
            );
            Record {
                id: "INC-2".to_owned(),
                incident: strict::text(&toml, Syntax::Toml).expect("an incident"),
                timeline: strict::text(&json, Syntax::Json).expect("a timeline"),
                source: RecordSource::default(),
                files: BTreeMap::new(),
                customers_file: None,
                withheld: Default::default(),
            }
        },
    )
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn an_export_is_imported_without_anything_invented_or_merged(record in hand_written()) {
        let row = Row::new(&record, &Config::default(), Style::default()).expect("a row");
        let first = exported(&record, &row);
        let file = Verbatim::new("incidents.md".as_ref(), &first);
        let entries = read::entries(&file).expect("a memory");
        let (again, row) = imported(entries.first().expect("an entry"));
        let second = exported(&again, &row);
        prop_assert_eq!(&second, &first);
        // What the export of the first could not say, such as a title beside a finding, the second lacks.
        let file = Verbatim::new("incidents.md".as_ref(), &second);
        let entries = read::entries(&file).expect("a memory");
        let (third, _) = imported(entries.first().expect("an entry"));
        prop_assert_eq!(format!("{:?}", content(&third)), format!("{:?}", content(&again)));
        let plain = |record: &Record| {
            let lessons = record.incident.lessons.as_ref();
            let count = lessons.map_or(0, |lessons| lessons.learnings.len());
            let cause = record.incident.root_cause.as_ref();
            let factors = cause.map_or(0, |cause| cause.contributing_factors.len());
            let problem = cause.is_some_and(|cause| cause.problem.is_some());
            let primary = cause.is_some_and(|cause| cause.primary.is_some());
            let evidence = record.incident.evidence.iter();
            let evidence: Vec<_> = evidence.map(|piece| (piece.finding.clone().filter(|text| **text != *"not recorded"), piece.warning.clone())).collect();
            (count, factors, problem, primary, evidence, record.timeline.events.len(), record.incident.sections.len())
        };
        prop_assert_eq!(format!("{:?}", plain(&again)), format!("{:?}", plain(&record)));
        prop_assert_eq!(&again.incident.lessons, &record.incident.lessons);
        let body = |record: &Record| record.timeline.events.iter().map(|event| event.body.clone()).collect::<Vec<_>>();
        prop_assert_eq!(body(&again), body(&record));
        // An entry has no title of its own; it stands in for a missing summary.
        if record.incident.summary.is_none() {
            prop_assert_eq!(&again.incident.title, &record.incident.title);
            prop_assert_eq!(&again.incident.summary, &None);
        }
    }
}
