//! Measures on the sentences of `tests/*.toml` which stated numbers the checks find.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::Record;
use crate::archive::tests::record;
use crate::check::Checker;
use crate::config::Config;
use crate::facts::Facts;
use crate::kind::{Block, Line};

type Sentences = BTreeMap<String, Vec<String>>;

#[derive(serde::Deserialize)]
struct Corpus {
    differs: Sentences,
    agrees: Sentences,
    unrelated: Sentences,
}

/// The incident that the sentences are about.
const INCIDENT: &str = r#"
services = ["Checkout", "Card payments", "Login", "API", "Shop"]
summary = "-"

[root_cause]
primary = "-"
problem = "-"

[impact]
summary = "-"

[[impact.effects]]
name = "Errors"
text = "-"

[[impact.customers]]
name = "Nordhafen"
users = 347
complaints = 4

[[impact.customers]]
name = "Others"
accounts = 11
users = 900

[impact.business]
support_tickets = 4

[self_healing]
actions = [{ name = "Restart" }]

[analysis]
ruled_out = [{ signal = "Lock waits", count = 8 }]

[lessons]
learnings = ["-"]

[public]
summary = "-"

[[action_items]]
action = "-"

[[action_items]]
action = "Add an alert"

[[action_items]]
action = "Test the rollback"

[[messages]]
stage = "investigating"
sent_at = "10:05"
body = "-"

[[messages]]
stage = "resolved"
sent_at = "11:10"
body = "-"

[[sections]]
title = "Details"
body = "-"

[[evidence]]
title = "Lock waits"
finding = "-"
"#;

const TIMELINE: &[&str] = &[
    "date 2026-03-10",
    "09:50 = impact_started started",
    "09:52 = detected",
    "09:52 = paged",
    "09:55 = acknowledged",
    "10:20 = identified",
    "10:45 = mitigated",
    "11:00 = impact_ended resolved ended",
];

/// Returns `true` if a check finds a wrong number in a sentence at a place of the incident.
fn is_found(place: &str, sentence: &str) -> bool {
    let mut record = record(INCIDENT, TIMELINE);
    write(&mut record, place, sentence);
    has_finding(&record)
}

/// Writes a sentence at a place of an incident.
fn write(record: &mut Record, place: &str, sentence: &str) {
    let line = || Line::new(sentence).expect("a line");
    let block = || Some(Block::new(sentence).expect("a block"));
    let incident = &mut record.incident;
    let (cause, impact) = (incident.root_cause.as_mut(), incident.impact.as_mut());
    match place {
        "title" => incident.title = line(),
        "summary" => incident.summary = block(),
        "root_cause.primary" => cause.expect("there").primary = block(),
        "root_cause.problem" => cause.expect("there").problem = block(),
        "impact.summary" => impact.expect("there").summary = Some(line()),
        "impact.effects" => impact.expect("there").effects[0].text = line(),
        "lessons" => {
            incident.lessons.as_mut().expect("there").learnings = block().into_iter().collect();
        }
        "sections" => incident.sections[0].body = block(),
        "action" => incident.action_items[0].action = line(),
        "investigating" => incident.messages[0].body = block(),
        "resolved" => incident.messages[1].body = block(),
        "public.summary" => incident.public.as_mut().expect("there").summary = block(),
        "evidence.finding" => incident.evidence[0].finding = Some(line()),
        "events" => record.timeline.events[1].text = line(),
        other => panic!("unknown place {other}"),
    }
}

/// Returns `true` if a check finds a wrong number in an incident.
fn has_finding(record: &Record) -> bool {
    !findings(record).is_empty()
}

/// Returns the messages about numbers in an incident.
fn findings(record: &Record) -> Vec<String> {
    findings_with(record, &Config::default())
}

fn findings_with(record: &Record, config: &Config) -> Vec<String> {
    let facts = Facts::compute(record, config);
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day");
    let checker = Checker::new(config, as_of, ["INC-1"].into_iter());
    let codes = ["stated-number-differs", "impact-window-differs"];
    let found = checker.incident(record, &facts).diagnostics.into_iter();
    let found = found.filter(|diagnostic| codes.contains(&diagnostic.code));
    found.map(|diagnostic| diagnostic.message).collect()
}

/// Returns the sentences that a test of them and of their places is true for.
fn those(sentences: &Sentences, is: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let each = sentences.iter();
    let each = each.flat_map(|(place, list)| list.iter().map(move |sentence| (place, sentence)));
    let those = each.filter(|(place, sentence)| is(place, sentence));
    those
        .map(|(place, sentence)| format!("{place}: {sentence}"))
        .collect()
}

/// The sentences, and the least share of wrong numbers among them that must be found, in percent.
const CORPORA: &[(&str, usize)] = &[
    (include_str!("tests/sentences.toml"), 95),
    (include_str!("tests/in_words.toml"), 80),
    (include_str!("tests/elsewhere.toml"), 90),
    (include_str!("tests/held_out.toml"), 95),
    (include_str!("tests/plain.toml"), 95),
    (include_str!("tests/marks.toml"), 95),
];

fn corpora() -> impl Iterator<Item = (Corpus, usize)> {
    let read = |text: &str| toml::from_str(text).expect("a corpus");
    CORPORA
        .iter()
        .map(move |(text, least)| (read(text), *least))
}

#[test]
fn no_right_or_unrelated_number_is_reported() {
    for (corpus, _) in corpora() {
        let mut wrong = BTreeSet::new();
        for sentences in [&corpus.agrees, &corpus.unrelated] {
            wrong.extend(those(sentences, is_found));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn most_wrong_numbers_are_reported() {
    for (corpus, least) in corpora() {
        let differs = &corpus.differs;
        let all = those(differs, |_, _| true).len();
        let missed = those(differs, |place, sentence| !is_found(place, sentence));
        let recall = (all - missed.len()) * 100 / all;
        println!("recall {recall}% of {all}; missed {missed:#?}");
        assert!(recall >= least, "{recall}% of {all}; missed: {missed:#?}");
    }
}

#[test]
fn a_label_is_read_where_the_section_is_about_the_incident() {
    let body = "Start: 08:50 UTC\nEnd: 11:00 UTC";
    for (title, expected) in [
        ("Details", true),
        ("The Outage", true),
        ("Summary of the Incident", true),
        ("Database Copy", false),
        ("Details of the Copy", false),
    ] {
        let mut record = record(INCIDENT, TIMELINE);
        record.incident.sections[0].title = Line::new(title).expect("a line");
        write(&mut record, "sections", body);
        assert_eq!(has_finding(&record), expected, "{title}");
    }
}

#[test]
fn an_archive_adds_words_phrases_numbers_and_time_zones() {
    let config = r#"
        [words]
        users = ["pay stations"]
        others = ["k8s"]
        numbers = { veertig = 40 }
        zones = { brt = -180 }
        grammar.responders = ["night shift"]
    "#;
    let config: Config = toml::from_str(config).expect("settings");
    for (sentence, known, added) in [
        ("9,000 pay stations were affected.", false, true),
        ("Our k8s was down for 4 hours.", true, false),
        ("Veertig customers were affected.", false, true),
        ("Two veertig customers were affected.", false, false),
        ("Checkout was down from 06:50 to 08:00 BRT.", false, false),
        ("Checkout was down from 05:50 to 08:00 BRT.", false, true),
        ("The night shift responded in 40 minutes.", false, true),
    ] {
        let mut record = record(INCIDENT, TIMELINE);
        write(&mut record, "summary", sentence);
        let found =
            [&Config::default(), &config].map(|config| findings_with(&record, config).len());
        assert_eq!(found.map(|count| count > 0), [known, added], "{sentence}");
    }
}

#[test]
fn a_time_without_a_zone_may_be_in_that_of_the_timeline() {
    let timeline = [
        "date 2026-03-10",
        "tz Europe/Berlin",
        "09:10 = impact_started started",
        "09:31 = impact_ended ended",
    ];
    for (times, expected) in [
        ("09:10 and 09:31", false),
        ("08:10 and 08:31", false),
        ("09:10 and 09:31 CET", false),
        ("08:10 and 08:31 UTC", false),
        ("09:10 and 09:31 UTC", true),
        ("10:10 and 10:31", true),
    ] {
        let mut record = record(INCIDENT, &timeline);
        let text = format!("Between {times}, your checkouts failed.");
        record.incident.messages[1].body = Some(Block::new(text).expect("a block"));
        assert_eq!(has_finding(&record), expected, "{times}");
    }
}

#[test]
fn texts_about_the_impact_state_no_official_duration() {
    let timeline = [
        "date 2026-03-10",
        "09:50 = impact_started started",
        "11:00 = impact_ended resolved",
        "13:50 = ended",
    ];
    let of_incident = [
        ("summary", "The incident lasted 4 hours.", false),
        ("summary", "Total customer impact was 4 hours.", true),
        ("impact.summary", "Users saw errors for 4 hours", true),
        ("resolved", "You could not pay for 4 hours.", true),
        (
            "public.summary",
            "Checkout was unavailable for 4 hours.",
            true,
        ),
        (
            "public.summary",
            "Checkout was unavailable from 09:50 to 13:50 UTC.",
            true,
        ),
        (
            "public.summary",
            "Checkout was unavailable for 70 minutes.",
            false,
        ),
        (
            "summary",
            "The outage lasted from 09:50 to 13:50 UTC.",
            false,
        ),
    ];
    for (place, sentence, expected) in of_incident {
        let mut record = record(INCIDENT, &timeline);
        write(&mut record, place, sentence);
        assert_eq!(has_finding(&record), expected, "{place}: {sentence}");
    }
}

#[test]
fn a_finding_calls_impact_only_what_is_impact() {
    let timeline = [
        "date 2026-03-10",
        "09:50 = impact_started started",
        "11:00 = impact_ended resolved",
        "11:20 = ended",
    ];
    let mut record = record(INCIDENT, &timeline);
    write(
        &mut record,
        "summary",
        "Checkout was unavailable from 09:50 to 13:00 UTC.",
    );
    let found = findings(&record);
    let [message] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert!(
        message.contains("impact lasted from")
            && message.contains("11:00")
            && !message.contains("11:20"),
        "{message}"
    );
}
