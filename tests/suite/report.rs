//! Reports print every key, and their spacing is regular.

use std::collections::BTreeMap;

use afterword::archive::Record;
use afterword::audience::Audience;
use afterword::load::{self, schema};
use afterword::publish::Site;
use afterword::render::TEMPLATES;
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

const ID: &str = "INC-2025-0100";

fn every_key() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/every-key")
}

/// Groups the documents of a schema by type, including nested types.
pub fn by_type<'a>(
    root: &'a Value,
    schema: &'a Value,
    documents: &[&'a Value],
    found: &mut Types<'a>,
) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        found.entry(name).or_default().extend(documents);
        by_type(root, &root["definitions"][name], documents, found);
    }
    for branch in ["anyOf", "oneOf", "allOf"]
        .iter()
        .filter_map(|key| schema[*key].as_array())
        .flatten()
    {
        by_type(root, branch, documents, found);
    }
    if schema["items"].is_object() {
        let items: Vec<&Value> = documents
            .iter()
            .filter_map(|document| document.as_array())
            .flatten()
            .collect();
        by_type(root, &schema["items"], &items, found);
    }
    if schema["additionalProperties"].is_object() {
        let tables = documents.iter().filter_map(|document| document.as_object());
        let values: Vec<&Value> = tables.flat_map(|table| table.values()).collect();
        by_type(root, &schema["additionalProperties"], &values, found);
    }
    for (key, value) in schema["properties"].as_object().into_iter().flatten() {
        let values: Vec<&Value> = documents
            .iter()
            .filter_map(|document| document.get(key))
            .collect();
        by_type(root, value, &values, found);
    }
}

pub type Types<'a> = BTreeMap<&'a str, Vec<&'a Value>>;

/// Names the keys of a schema's types that none of the documents has.
pub fn unused(root: &Value, document: &Value) -> Vec<String> {
    let mut found = Types::from([("", vec![document])]);
    by_type(root, root, &[document], &mut found);
    let mut missing = Vec::new();
    for (name, documents) in found {
        let schema = if name.is_empty() {
            root
        } else {
            &root["definitions"][name]
        };
        let keys = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key);
        let absent =
            keys.filter(|key| documents.iter().all(|document| document.get(key).is_none()));
        missing.extend(absent.map(|key| format!("{name}.{key}")));
    }
    missing
}

#[test]
fn the_every_key_case_uses_every_key() {
    let read =
        |path: &str| std::fs::read_to_string(every_key().join(path)).expect("the case is there");
    let incident: toml::Value =
        toml::from_str(&read(&format!("incidents/{ID}.toml"))).expect("TOML");
    let incident = serde_json::to_value(incident).expect("JSON");
    let timeline: Value =
        serde_json::from_str(&read(&format!("timelines/{ID}.json"))).expect("JSON");
    let mut missing = unused(schema::incident(), &incident);
    missing.extend(unused(schema::timeline(), &timeline));
    assert!(
        missing.is_empty(),
        "tests/cases/every-key does not use {missing:#?}"
    );
}

/// Keys whose values no internal report prints, and why.
const NOT_PRINTED: &[(&str, &str)] = &[
    ("reason of an excuse", "excuses are for authors"),
    ("extra", "handed to the user's own templates"),
    ("public", "printed outside only"),
    ("role of actor", "for readers of the file"),
    ("alias", "for imports"),
    ("comment", "for authors"),
    ("hidden event", "never printed"),
    ("event comment", "for authors"),
    ("confidential event", "narrower than the report"),
    (
        "other text",
        "readers who may not see the phrase see it instead, tested in restricted.rs",
    ),
];

#[test]
fn every_printable_key_is_printed() {
    let loaded = load::archive(&every_key());
    let site = Site::new(&loaded.archive, &[], Audience::Internal).expect("well formed");
    let record = loaded
        .archive
        .records
        .iter()
        .find(|record| record.id == ID)
        .expect("it loads");
    let report = site
        .with_report(record, |report| site.renderer().report(report))
        .expect("it renders");
    let incident = std::fs::read_to_string(every_key().join(format!("incidents/{ID}.toml")))
        .expect("readable");
    let timeline = std::fs::read_to_string(every_key().join(format!("timelines/{ID}.json")))
        .expect("readable");
    let mut missing = Vec::new();
    for text in [&incident, &timeline] {
        for (at, _) in text.match_indices("Zq") {
            let Some((marker, rest)) = text[at..].split_at_checked(5) else {
                continue;
            };
            let value = rest
                .split(['"', '\'', '/'])
                .next()
                .unwrap_or_default()
                .trim();
            let excused = NOT_PRINTED.iter().any(|(key, _)| value.starts_with(key));
            let printed = report.markdown.contains(marker) || report.html.contains(marker);
            if printed == excused {
                missing.push(format!(
                    "{marker} {value}: {}",
                    if printed { "printed" } else { "not printed" }
                ));
            }
        }
    }
    let values = [
        "77,00",
        "78,101",
        "78,102",
        "78,103",
        "78,104",
        "78,105",
        "78,106",
        "78,107",
        "78,108",
        "61%",
        "7 years",
        "zq@example.com",
        "15:00:01",
        "16:00:11",
        "2025-01-20",
        "2025-02-16",
        "2025-02-17",
        "2025-01-21",
        "2025-01-22",
        "2025-01-23",
        "10:00:19",
        "10:00:20",
        "10:00:21",
        "11:00:18",
        "15:10",
        "15:40:15",
        "15:05:13",
        "Near Miss",
        "P1 (High; P2 from 15:45:28; Zq180 severity note)",
        "Merged",
        "Moderate",
        "Partial Data Loss",
        "Suspected Data Exposure",
        "Suspected",
        "Cancelled",
        "Provisional",
        "Verified since",
        "evidence/log.txt",
        "evidence/run.json",
        "picture.png",
        "ZqLogText",
    ];
    // Users and accounts where there is a customer table are not counted, as a check says.
    missing.extend(
        values
            .iter()
            .skip(1)
            .filter(|value| !report.markdown.contains(**value))
            .map(ToString::to_string),
    );
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_legal_hold_suspends_the_retention() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/retention");
    let loaded = load::archive(&folder);
    let site = Site::new(&loaded.archive, &[], Audience::Internal).expect("well formed");
    let printed: Vec<_> = loaded
        .archive
        .records
        .iter()
        .map(|record| {
            let html = site
                .with_report(record, |report| site.renderer().report(report))
                .expect("it renders")
                .html;
            let (_, after) = html
                .split_once("<dt>Retain Until</dt><dd>")
                .expect("printed");
            after.split('<').next().map(str::to_owned)
        })
        .collect();
    let expected = ["2024-01-10", "held", "2028-01-10"].map(|text| Some(text.to_owned()));
    assert_eq!(printed, expected);
}

/// The other forms of a value that is printed in one of them.
const FORMS: &[&str] = &[
    "anchor", "brief", "day", "iso", "key", "minutes", "name", "seconds", "short", "sign", "time",
];

/// Values that the Markdown shows elsewhere, with another meaning: a key path, and how templates write it.
///
/// Some of the facts are printed in the sections, none of them as a table.
const ELSEWHERE: &[(&str, &str)] = &[
    ("governance.retain_until", "governance.retain_until"),
    ("impact.customers.totals", "customers.totals"),
    ("timeline.entries.kind", "entry.kind"),
];

/// Returns `true` for a value of [`ELSEWHERE`] that templates of pages print, and none of Markdown.
fn is_only_in_html(path: &str) -> bool {
    let known = ELSEWHERE.iter().find(|(known, _)| *known == path);
    known.is_some_and(|(_, expression)| {
        let prints = |extension: &str| {
            let mut templates = TEMPLATES.iter();
            let is_kind = |name: &str| name.starts_with("section/") || name.starts_with("report/");
            templates.any(|(name, text)| {
                is_kind(name) && name.ends_with(extension) && text.contains(expression)
            })
        };
        prints(".html") && !prints(".md")
    })
}

/// Returns the key paths of which no value is in the Markdown, and whether the page shows one.
fn not_in_markdown(report: &Value, markdown: &str, page: &str) -> BTreeMap<String, bool> {
    fn leaves<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Array(items) => {
                for item in items {
                    leaves(item, found);
                }
            }
            Value::Object(map) => {
                for value in map.values() {
                    leaves(value, found);
                }
            }
            Value::Null | Value::Bool(_) => {}
            leaf => found.push(leaf),
        }
    }
    let is_in = |text: &str, leaf: &Value| match leaf {
        Value::String(leaf) => text.contains(leaf.lines().next().unwrap_or_default().trim()),
        leaf => text.contains(&leaf.to_string()),
    };
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), vec![report])];
    while let Some((path, values)) = open.pop() {
        let mut texts = Vec::new();
        for value in &values {
            leaves(value, &mut texts);
        }
        if texts.is_empty() {
            continue;
        }
        let is_whole = ["facts", "timeline.strip"].contains(&path.as_str());
        if is_whole || is_only_in_html(&path) || !texts.iter().any(|leaf| is_in(markdown, leaf)) {
            found.insert(path, texts.iter().any(|leaf| is_in(page, leaf)));
            continue;
        }
        let items = values.iter().flat_map(|value| match value {
            Value::Array(items) => items.iter().collect(),
            value => vec![*value],
        });
        let mut keys: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for map in items.filter_map(Value::as_object) {
            for (key, value) in map {
                keys.entry(key).or_default().push(value);
            }
        }
        let dot = if path.is_empty() { "" } else { "." };
        let has = |key: &str| keys.contains_key(key);
        let is_form = |key: &str| {
            (FORMS.contains(&key) && (has("text") || has("label")))
                || (key == "text" && has("brief"))
                || has(&format!("{key}_text"))
                || key.ends_with("_iso")
                || key.ends_with("_words")
        };
        let keys = keys.iter().filter(|(key, _)| !is_form(key));
        open.extend(keys.map(|(key, values)| (format!("{path}{dot}{key}"), values.clone())));
    }
    found
}

#[test]
fn the_docs_list_what_only_the_page_and_the_json_of_a_report_have() {
    let loaded = load::archive(&every_key());
    let site = Site::new(&loaded.archive, &[], Audience::Internal).expect("well formed");
    let mut record = loaded.archive.records[0].clone();
    // Under a legal hold, the retention has no end.
    record.incident.governance.legal_hold = None;
    let (json, rendered) = site.with_report(&record, |report| {
        let rendered = site.renderer().report(report).expect("it renders");
        (serde_json::to_value(report).expect("JSON"), rendered)
    });
    let markdown = rendered.markdown.replace('\\', "");
    let found = not_in_markdown(&json, &markdown, &rendered.html);
    let found: Vec<String> = found
        .iter()
        .map(|(path, is_shown)| format!("| `{path}` | {} |", if *is_shown { "yes" } else { "no" }))
        .collect();
    let docs = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/site.md");
    let docs = std::fs::read_to_string(docs).expect("readable");
    let (_, table) = docs
        .split_once("| key | on the page | content |\n|---|---|---|\n")
        .expect("the table");
    let rows = table.lines().take_while(|line| line.starts_with('|'));
    let listed: Vec<String> = rows
        .map(|row| row.split('|').take(3).collect::<Vec<_>>().join("|") + "|")
        .collect();
    assert_eq!(listed, found, "{}", found.join("\n"));
}

/// Removes from an incident every part whose bit is not set.
fn thinned(record: &Record, bits: u32) -> Record {
    let mut record = record.clone();
    let incident = &mut record.incident;
    let mut bit = 0;
    let mut keep = || {
        bit += 1;
        bits >> (bit - 1) & 1 == 1
    };
    let keeps: Vec<bool> = (0..24).map(|_| keep()).collect();
    let parts: &mut [&mut dyn FnMut(&mut afterword::incident::Incident)] = &mut [
        &mut |incident| incident.summary = None,
        &mut |incident| incident.root_cause = None,
        &mut |incident| incident.analysis = None,
        &mut |incident| incident.detection = None,
        &mut |incident| incident.impact = None,
        &mut |incident| incident.resolution = None,
        &mut |incident| incident.fix = None,
        &mut |incident| incident.self_healing = None,
        &mut |incident| incident.communication = None,
        &mut |incident| incident.messages.clear(),
        &mut |incident| incident.lessons = None,
        &mut |incident| incident.action_items.clear(),
        &mut |incident| incident.technical.metrics.0.clear(),
        &mut |incident| incident.technical.deployment = None,
        &mut |incident| incident.sections.clear(),
        &mut |incident| incident.tables.clear(),
        &mut |incident| incident.references.clear(),
        &mut |incident| incident.sign_off = None,
        &mut |incident| incident.governance = Default::default(),
        &mut |incident| incident.evidence.clear(),
        &mut |incident| incident.evidence.truncate(1),
        &mut |incident| incident.people = Default::default(),
        &mut |incident| {
            incident
                .impact
                .iter_mut()
                .for_each(|impact| impact.customers.clear());
        },
    ];
    for (part, keep) in parts.iter_mut().zip(&keeps) {
        if !keep {
            part(incident);
        }
    }
    if !keeps.last().copied().unwrap_or_default() {
        record.timeline.events.clear();
    }
    record
}

/// Describes the first error in the spacing of a report, or returns `None`.
fn spacing(markdown: &str) -> Option<String> {
    let lines: Vec<&str> = markdown.lines().collect();
    let mut fence = None;
    for (index, line) in lines.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .and_then(|index| lines.get(index))
            .copied()
            .unwrap_or_default();
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if ticks >= open => fence = None,
            Some(_) => continue,
            None if ticks >= 3 => fence = Some(ticks),
            None => {}
        }
        let wrong = match () {
            () if line.is_empty() && before.is_empty() && index > 0 => "two blank lines",
            () if line.starts_with('#') && index > 0 && !before.is_empty() => {
                "no blank line before a heading"
            }
            () if line.starts_with("## ")
                && *line != "## References"
                && lines.get(index + 1).is_some_and(|next| !next.is_empty()) =>
            {
                "no blank line after a section's heading"
            }
            () if line.starts_with('#')
                && lines
                    .get(index + 1)
                    .is_none_or(|next| next.starts_with("## ")) =>
            {
                "a heading without a text"
            }
            () if line.starts_with("**") && before.starts_with("**") && !before.ends_with("  ") => {
                "two labels without a line break"
            }
            () => continue,
        };
        return Some(format!("line {}: {wrong}: {line:?}", index + 1));
    }
    let end = markdown.ends_with('\n') && !markdown.ends_with("\n\n");
    (!end).then(|| "it does not end in one line break".to_owned())
}

#[test]
fn the_spacing_is_right_whichever_keys_are_missing() {
    let loaded = load::archive(&every_key());
    let site = Site::new(&loaded.archive, &[], Audience::Internal).expect("well formed");
    let record = loaded
        .archive
        .records
        .iter()
        .find(|record| record.id == ID)
        .expect("it loads");
    // Each part alone, each part missing, and a walk through the combinations by a linear congruence.
    let ones = (0..24).map(|bit| 1_u32 << bit);
    let zeros = (0..24).map(|bit| !(1_u32 << bit));
    let mut state = 2_463_534_242_u32;
    let mixed = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 4
    });
    for bits in ones
        .chain(zeros)
        .chain([0, u32::MAX])
        .chain(mixed.take(300))
    {
        let thin = thinned(record, bits);
        let markdown = site
            .with_report(&thin, |report| site.renderer().markdown(report))
            .expect("it renders");
        if let Some(wrong) = spacing(&markdown) {
            panic!("with the parts {bits:#026b}: {wrong}\n{markdown}");
        }
    }
}

#[test]
fn values_are_never_evaluated_as_templates() {
    let mut record = load::archive(&every_key()).archive.records.remove(0);
    let hostile = "{{ 7919 * 7907 }} {% include \"x\" %} {{ get_env(name=\"HOME\") }} {# gone #}";
    record.incident.title = afterword::kind::Line::new(hostile).expect("a line");
    record.incident.summary = Some(afterword::kind::Block::new(hostile).expect("a block"));
    let archive = afterword::archive::Archive {
        records: vec![record],
        ..Default::default()
    };
    let site = Site::new(&archive, &[], Audience::Internal).expect("well formed");
    let report = site
        .with_report(&archive.records[0], |report| site.renderer().report(report))
        .expect("it renders");
    assert_eq!(
        report.markdown.matches(hostile).count(),
        2,
        "{}",
        report.markdown
    );
    assert!(!report.html.contains("62615533"));
}

#[test]
fn a_heading_keeps_a_last_word_of_number_signs() {
    let incident = "title = \"Slow\"\n[[sections]]\ntitle = \"Moved to C #\"\nbody = \"Done.\"\n";
    let folder = crate::site::archive(&[("incidents/INC-2026-0001.toml", incident)]);
    let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
    let loaded = load::archive(root);
    let site = Site::new(&loaded.archive, &[], Audience::Internal).expect("templates");
    let [record] = loaded.archive.records.as_slice() else {
        panic!("{:?}", loaded.diagnostics);
    };
    let markdown = site.with_report(record, |report| site.renderer().markdown(report));
    assert!(
        markdown
            .expect("a report")
            .contains("\n## Moved to C \\#\n")
    );
}
