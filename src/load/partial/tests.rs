use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde::Serialize;

use super::*;
use crate::incident::Incident;
use crate::load::schema as schemas;
use crate::timeline::Timeline;

const INCIDENT: &str = "\
title = 'Checkout fails'
severity = 'P2'
services = ['rates', 'cache']
summary = 'No quotes'
[detection]
source = 'alert'
[impact]
summary = 'Quotes were slow'
[[action_items]]
action = 'Add a test'
owner = 'Ada'
[[action_items]]
action = 'Remove the cache'
priority = 'high'
[[references]]
title = 'Chat'
url = 'https://chat.example.com'
";

const TIMELINE: &str = r#"{
"date": "2025-01-14",
"tz": "UTC",
"events": [
{"at": "14:00", "text": "It fails", "marks": ["started"]},
{"at": "14:05", "text": "A page", "id": "page"}
]}"#;

fn incident(text: &str) -> Partial<Incident> {
    let schema = schemas::incident;
    let source = Source::new("incidents/a.toml", text);
    read(&source, &schema, &Limits::default(), &|_| true)
}

fn timeline(text: &str) -> Partial<Timeline> {
    let schema = schemas::timeline;
    let source = Source::new("timelines/a.json", text);
    read(&source, &schema, &Limits::default(), &|_| true)
}

/// Returns the keys of a value that are set, as a file has them.
fn json(value: &impl Serialize) -> Json {
    fn written(value: Json) -> Json {
        match value {
            Json::Object(mut table) => match table.remove(kind::TOML_DATETIME) {
                Some(time) => time,
                None => {
                    let set = table.into_iter().filter(|(_, value)| !value.is_null());
                    set.map(|(key, value)| (key, written(value))).collect()
                }
            },
            Json::Array(list) => list.into_iter().map(written).collect(),
            other => other,
        }
    }
    written(serde_json::to_value(value).expect("a value"))
}

/// Returns `true` if a value is what is left of another when some of its parts are removed.
fn is_part(part: &Json, whole: &Json) -> bool {
    match (part, whole) {
        (Json::Object(part), Json::Object(whole)) => part
            .iter()
            .all(|(key, part)| whole.get(key).is_some_and(|whole| is_part(part, whole))),
        (Json::Array(part), Json::Array(whole)) => {
            let mut whole = whole.iter();
            part.iter()
                .all(|part| whole.any(|whole| is_part(part, whole)))
        }
        (part, whole) => part == whole,
    }
}

/// Checks what must hold of every text that was made from a valid one by errors in it.
fn check<T: DeserializeOwned + Serialize>(
    text: &str,
    read: &Partial<T>,
    whole: &Json,
    schema: &Json,
) {
    assert!(!read.diagnostics.is_empty(), "no problem: {text}");
    let kept = json(read.value.as_ref().expect("an empty file can be read"));
    let printed = kept.to_string();
    let (tree, _) = Syntax::Json.tree(&printed);
    let wrong = shape::problems(schema, &tree, "kept.json".into(), kind::FORMATS);
    assert!(wrong.is_empty(), "{printed} of {text}");
    for (key, part) in kept.as_object().into_iter().flatten() {
        let is_filled = part == "unread" && read.unread.touches(key);
        let is_kept = whole.get(key).is_some_and(|whole| is_part(part, whole));
        assert!(is_kept || is_filled, "`{key}` is invented: {text}");
    }
    for (key, whole) in whole.as_object().into_iter().flatten() {
        let is_same = kept.get(key) == Some(whole);
        let is_unread = read.unread.touches(key);
        assert!(is_same || is_unread, "`{key}` counts as read: {text}");
    }
}

/// The ways in which a line of a TOML file can be wrong.
const WAYS: usize = 8;

/// Returns a line with an error, or `None` if it cannot have this one.
fn broken(line: &str, way: usize) -> Option<String> {
    let (key, value) = line.split_once(" = ").unwrap_or((line, ""));
    let is_header = value.is_empty();
    let text = match (is_header, way) {
        (_, 0) => format!("{key} nonsense"),
        (_, 1) => format!("{key} = \"not closed"),
        (true, 2) => line.trim_end_matches(']').to_owned(),
        (true, 3) => line.replace(|c: char| c.is_alphabetic(), "q"),
        (false, 2) => format!("{key} = two words"),
        (false, 3) => format!("qqqqqqq = {value}"),
        (false, 4) => format!("{key} = {{ wrong = 1 }}"),
        (false, 5) => format!("{line}\n{line}"),
        (false, 6) => format!("{key}: {value}"),
        (false, 7) => format!("{key} = ["),
        _ => return None,
    };
    Some(text)
}

/// Returns the incident with some lines broken, or `None` if none is.
fn broken_incident(changes: &[(usize, usize)]) -> Option<String> {
    let mut lines: Vec<String> = INCIDENT.lines().map(str::to_owned).collect();
    let mut is_broken = false;
    for (at, way) in changes {
        let line = INCIDENT.lines().nth(*at)?;
        if let Some(new) = broken(line, *way) {
            lines[*at] = new;
            is_broken = true;
        }
    }
    is_broken.then(|| lines.join("\n") + "\n")
}

#[test]
fn a_file_without_errors_is_kept_whole() {
    let read = incident(INCIDENT);
    let whole = strict::text::<Incident>(INCIDENT, Syntax::Toml).expect("valid");
    assert_eq!(read.value, Some(whole));
    assert!(read.diagnostics.is_empty() && read.unread.is_empty());
    let read = timeline(TIMELINE);
    let whole = strict::text::<Timeline>(TIMELINE, Syntax::Json).expect("valid");
    assert_eq!(read.value, Some(whole));
    assert!(read.diagnostics.is_empty() && read.unread.is_empty());
}

#[test]
fn an_error_in_any_line_loses_only_what_counts_as_unread() {
    let whole = json(&incident(INCIDENT).value);
    for at in 0..INCIDENT.lines().count() {
        for way in 0..WAYS {
            if let Some(text) = broken_incident(&[(at, way)]) {
                check(&text, &incident(&text), &whole, schemas::incident());
            }
        }
    }
}

#[test]
fn an_invalid_value_of_a_timeline_loses_only_what_counts_as_unread() {
    let whole = json(&timeline(TIMELINE).value);
    for (right, wrong) in [
        ("\"14:00\"", "\"noon\""),
        ("\"14:05\"", "5"),
        ("\"UTC\"", "\"Mars\""),
        ("\"2025-01-14\"", "[]"),
        ("\"at\": \"14:00\", ", ""),
        ("[\"started\"]", "[\"started\", 1]"),
        ("{\"at\": \"14:05\"", "\"x\", {\"at\": \"14:05\""),
        ("\"page\"", "\"page\", \"id\": \"other\""),
        ("\"events\"", "\"evnts\""),
        ("\"text\": \"A page\"", "\"txt\": \"A page\""),
    ] {
        let text = TIMELINE.replace(right, wrong);
        assert_ne!(text, TIMELINE);
        check(&text, &timeline(&text), &whole, schemas::timeline());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::with_cases(128)
    })]

    #[test]
    fn several_errors_lose_only_what_counts_as_unread(
        changes in prop::collection::vec((0..INCIDENT.lines().count(), 0..WAYS), 2..5),
    ) {
        if let Some(text) = broken_incident(&changes) {
            let whole = json(&incident(INCIDENT).value);
            check(&text, &incident(&text), &whole, schemas::incident());
        }
    }

    #[test]
    fn any_text_is_read_and_never_both_whole_and_wrong(
        from in 0..INCIDENT.len(), to in 0..INCIDENT.len(), with in "[\\[\\]={}'\"#\n a.]{0,4}",
    ) {
        let mut text = INCIDENT.to_owned();
        text.replace_range(from.min(to)..from.max(to), &with);
        let read = incident(&text);
        let is_valid = strict::text::<Incident>(&text, Syntax::Toml).is_ok();
        prop_assert!(read.value.is_some());
        prop_assert_eq!(read.diagnostics.is_empty(), is_valid, "{}", text);
        prop_assert!(read.unread.is_empty() || !is_valid);
    }
}

#[test]
fn a_table_that_lacks_a_required_key_is_removed_but_the_file_is_kept() {
    let read = incident("severity = 'P1'\n[[action_items]]\nowner = 'Ada'\n");
    let value = read.value.expect("a value");
    assert_eq!(&*value.title, "unread");
    assert!(value.severity.is_some() && value.action_items.is_empty());
    assert!(read.unread.touches("title") && read.unread.touches("action_items"));
    assert!(!read.unread.touches("severity"));
}

#[test]
fn of_duplicate_keys_neither_is_kept() {
    let value = incident("title = 'a'\nseverity = 'P1'\nseverity = 'P2'\n").value;
    assert_eq!(value.expect("a value").severity, None);
}

#[test]
fn of_a_text_whose_meaning_is_unknown_nothing_is_kept() {
    let conflict =
        "title = 'a'\n<<<<<<< ours\nseverity = 'P1'\n=======\nseverity = 'P2'\n>>>>>>> theirs\n";
    let unknown: Vec<String> = (0..=MOST).map(|key| format!("q{key} = 1\n")).collect();
    let unknown = unknown.concat();
    for text in [
        conflict.to_owned(),
        format!("title = 'a'\n{unknown}"),
        "title = 'a'\nsummary = '''\nseverity = 'P1'\n".to_owned(),
    ] {
        let read = incident(&text);
        assert!(!read.diagnostics.is_empty());
        assert!(
            read.unread.touches("title") && read.unread.touches("services"),
            "{text}"
        );
        assert_eq!(&*read.value.expect("a value").title, "unread");
    }
    let read = timeline("{\"date\": \"2025-01-14\", \"events\": [}");
    assert!(read.unread.touches("date") && read.value.expect("a value").date.is_none());
}

#[test]
fn what_follows_a_broken_header_is_not_read_as_part_of_the_table_before() {
    let text = "title = 'a'\n[impact]\nsummary = 'x'\n[[action_items\naction = 'b'\n[detection]\nsource = 'alert'\n";
    let read = incident(text);
    let value = read.value.expect("a value");
    assert!(value.impact.is_some() && value.detection.is_some());
    assert!(value.action_items.is_empty() && read.unread.touches("action_items"));
    assert!(!read.unread.touches("impact") && !read.unread.touches("detection"));
}

#[test]
fn text_gets_quotes_only_where_the_key_accepts_text() {
    let expected = |text: &str| {
        let found = incident(text).diagnostics.remove(0);
        (found.code, found.suggestion.is_some())
    };
    assert_eq!(expected("title = Checkout fails\n"), ("syntax", false));
    assert_eq!(
        expected("title = 'a'\nservices = rates cache\n"),
        (WRONG_TYPE, false)
    );
}
