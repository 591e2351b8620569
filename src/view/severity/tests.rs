use super::*;
use crate::archive::Record;
use crate::archive::tests::record;
use crate::audience::Audience;
use crate::facts::Facts;
use crate::kind::Identifier;
use crate::moment::Calendar;

/// Prints the severity of an incident with `own` in its file and a change at each time, as an audience sees it.
fn printed(
    own: &str,
    changes: &[(&str, &str)],
    audience: Audience,
    hide: fn(&mut Record),
) -> String {
    let times: Vec<&str> = changes.iter().map(|(at, _)| *at).collect();
    let own = if own.is_empty() {
        String::new()
    } else {
        format!("severity = '{own}'")
    };
    let mut record = record(&own, &[&["14:00 = started"], &times[..]].concat());
    for (event, (_, key)) in record.timeline.events.iter_mut().skip(1).zip(changes) {
        event.severity = Some(Identifier::new(*key).expect("a key"));
    }
    hide(&mut record);
    let config = Config::default();
    let facts = Facts::compute(&record, &config);
    let calendar = Calendar::of_report(&record, &facts, &config, audience);
    let reader = Reader {
        record: &record,
        config: &Config::default(),
        audience,
        calendar,
    };
    over_time(&reader, &config).1.unwrap_or_default()
}

#[test]
fn every_change_is_printed_and_the_most_severe_comes_first() {
    for (own, changes, expected) in [
        ("", &[][..], ""),
        ("P1", &[], "P1 (High)"),
        ("P3", &[("14:20", "P1")], "P1 (High; P3 until 14:20)"),
        ("P1", &[("14:20", "P3")], "P1 (High; P3 from 14:20)"),
        (
            "P3",
            &[("14:50", "P2"), ("14:20", "P1")],
            "P1 (High; P3 until 14:20, P2 from 14:50)",
        ),
        (
            "P3",
            &[("14:20", "P2"), ("14:50", "P0")],
            "P0 (Critical; P3 until 14:20, P2 until 14:50)",
        ),
        (
            "P1",
            &[("14:20", "P3"), ("14:50", "P1")],
            "P1 (High; P3 from 14:20, P1 from 14:50)",
        ),
        (
            "P3",
            &[("2025-01-15 00:10", "P1")],
            "P1 (High; P3 until 2025-01-15 00:10)",
        ),
        ("P3", &[("~14:20", "P1")], "P1 (High; P3 until ~14:20)"),
        (
            "",
            &[("14:20", "P3"), ("14:50", "P1")],
            "P1 (High; P3 until 14:50)",
        ),
        ("P1", &[("14:20", "P1")], "P1 (High)"),
        (
            "SEV1",
            &[("14:20", "P4")],
            "P4 (Informational; SEV1 until 14:20)",
        ),
    ] {
        let found = printed(own, changes, Audience::Internal, |_| ());
        assert_eq!(found, expected, "{own} {changes:?}");
    }
}

#[test]
fn the_time_of_a_hidden_change_is_not_printed() {
    let confidential = |record: &mut Record| {
        for event in record.timeline.events.iter_mut().skip(1) {
            event.visibility = Some(Audience::Confidential);
        }
    };
    let hidden = |record: &mut Record| {
        for event in record.timeline.events.iter_mut().skip(1) {
            event.hidden = true;
        }
    };
    let changes = [("14:20", "P1"), ("14:50", "P2")];
    for (audience, hide, expected) in [
        (
            Audience::Internal,
            confidential as fn(&mut Record),
            "P1 (High; P3 earlier, P2 later)",
        ),
        (
            Audience::Confidential,
            confidential,
            "P1 (High; P3 until 14:20, P2 from 14:50)",
        ),
        (
            Audience::Confidential,
            hidden,
            "P1 (High; P3 earlier, P2 later)",
        ),
    ] {
        assert_eq!(printed("P3", &changes, audience, hide), expected);
    }
}
