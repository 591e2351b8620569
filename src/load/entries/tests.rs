use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::load::record::LoadedRecord;
use crate::load::tests::{codes, load};

const INCIDENT: (&str, &str) = ("incidents/INC-1.toml", "title = 'Slow'\n");

/// Loads an incident with a timeline and with entries, whose files are named in this order.
fn joined(timeline: Option<&str>, entries: &[String]) -> LoadedRecord {
    let path = |index: usize| format!("timelines/INC-1.d/{index:02}.json");
    let paths: Vec<String> = (0..entries.len()).map(path).collect();
    let timeline = timeline.map(|text| ("timelines/INC-1.json", text));
    let entries = paths.iter().zip(entries);
    let entries = entries.map(|(path, text)| (path.as_str(), text.as_str()));
    let files: Vec<_> = [INCIDENT]
        .into_iter()
        .chain(timeline)
        .chain(entries)
        .collect();
    load(&files)
}

fn event(minute: &u32, text: &str) -> String {
    format!("{{\"at\": \"14:{minute:02}\", \"text\": \"{text}\"}}")
}

/// Returns the text of a timeline with events at these minutes.
fn timeline(minutes: &[u32]) -> String {
    let events = minutes.iter().enumerate();
    let events = events.map(|(index, minute)| event(minute, &format!("own {index}")));
    let events = events.collect::<Vec<_>>().join(", ");
    format!("{{\"date\": \"2025-01-14\", \"events\": [{events}]}}")
}

/// Returns the texts of entries at these minutes.
fn entries(minutes: &[u32]) -> Vec<String> {
    let entries = minutes.iter().enumerate();
    let entries = entries.map(|(index, minute)| event(minute, &format!("entry {index}")));
    entries.collect()
}

/// Returns the minute and the text of each event.
fn events(read: &LoadedRecord) -> Vec<(String, String)> {
    let events = &read.record.as_ref().expect("a record").timeline.events;
    let event = |event: &Event| (event.at.to_string(), event.text.to_string());
    events.iter().map(event).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn each_event_is_kept_once_and_the_timeline_keeps_its_order(
        own in prop::collection::vec(0..20_u32, 0..6), new in prop::collection::vec(0..20_u32, 1..6),
    ) {
        let read = joined(Some(&timeline(&own)), &entries(&new));
        let record = read.record.as_ref().expect("a record");
        let places = &record.source.entries.places;
        let is_own = |place: &&EventPlace| matches!(place, EventPlace::Timeline(_));
        let kept: Vec<EventPlace> = places.iter().filter(is_own).copied().collect();
        let expected: Vec<EventPlace> = (0..own.len()).map(EventPlace::Timeline).collect();
        prop_assert_eq!(kept, expected);
        let found = events(&read);
        prop_assert_eq!(found.len(), own.len() + new.len());
        for (place, (_, text)) in places.iter().zip(&found) {
            match place {
                EventPlace::Timeline(index) => prop_assert_eq!(text, &format!("own {index}")),
                EventPlace::Entry(index) => prop_assert_eq!(text, &format!("entry {index}")),
            }
        }
    }

    #[test]
    fn an_entry_is_after_no_later_event_and_before_the_next_later_one(
        own in prop::collection::vec(0..20_u32, 0..6), new in prop::collection::vec(0..20_u32, 1..6),
    ) {
        let found = events(&joined(Some(&timeline(&own)), &entries(&new)));
        for (index, (at, text)) in found.iter().enumerate() {
            if text.starts_with("entry") {
                prop_assert!(found[..index].iter().all(|(other, _)| other <= at), "{:?}", found);
                prop_assert!(found.get(index + 1).is_none_or(|(other, _)| other >= at), "{:?}", found);
            }
        }
    }

    #[test]
    fn entries_of_different_times_are_joined_the_same_under_any_names(
        own in prop::collection::vec(0..20_u32, 0..6),
        new in prop::collection::btree_set(0..20_u32, 1..6),
        swap in (0..6_usize, 0..6_usize),
    ) {
        let new: Vec<u32> = new.into_iter().collect();
        let mut texts = entries(&new);
        let expected = events(&joined(Some(&timeline(&own)), &texts));
        texts.swap(swap.0 % new.len(), swap.1 % new.len());
        prop_assert_eq!(events(&joined(Some(&timeline(&own)), &texts)), expected);
    }

    #[test]
    fn what_fold_writes_is_the_joined_timeline(
        own in prop::option::of(prop::collection::vec(0..20_u32, 0..6)),
        new in prop::collection::vec(0..20_u32, 1..6),
    ) {
        let own = own.map(|own| timeline(&own));
        let record = joined(own.as_deref(), &entries(&new)).record.expect("a record");
        // Without the file that has the date, times of day mean nothing.
        if let Some(own) = own {
            let folded = folded(Some(&own), &record).expect("a valid timeline");
            let again = joined(Some(&folded), &[]).record.expect("a record");
            prop_assert_eq!(&again.timeline.events, &record.timeline.events);
            prop_assert_eq!(again.source.timeline_digest, record.source.timeline_digest);
        }
    }
}

#[test]
fn entries_of_one_time_are_in_the_order_of_their_names_after_what_the_timeline_has() {
    let read = joined(Some(&timeline(&[5, 5, 6])), &entries(&[5, 5]));
    let texts: Vec<String> = events(&read).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["own 0", "own 1", "entry 0", "entry 1", "own 2"]);
}

#[test]
fn a_timeline_of_entries_only_has_the_day_of_the_first_and_its_incident() {
    let entry = |at: &str| format!("{{\"at\": \"{at}\", \"text\": \"x\"}}");
    let new = [entry("2025-01-14T23:59:00Z"), entry("2025-01-15T00:01:00Z")];
    let read = joined(None, &new);
    assert!(codes(&read).is_empty(), "{:?}", codes(&read));
    let times: Vec<String> = events(&read).into_iter().map(|(at, _)| at).collect();
    assert_eq!(times, ["23:59:00", "2025-01-15 00:01:00"]);
    let timeline = read.record.expect("a record").timeline;
    assert_eq!(timeline.incident.as_deref(), Some("INC-1"));
    assert_eq!(
        timeline.date,
        Some(Day(
            chrono::NaiveDate::from_ymd_opt(2025, 1, 14).expect("a day")
        ))
    );
}

#[test]
fn an_entry_with_an_error_leaves_the_others_and_all_of_the_timeline_unread() {
    for wrong in ["{", "{\"at\": \"noon\", \"text\": \"x\"}", "[]", ""] {
        let mut new = entries(&[1, 2]);
        new.insert(1, wrong.to_owned());
        let read = joined(Some(&timeline(&[3])), &new);
        let texts: Vec<String> = events(&read).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["entry 0", "entry 1", "own 0"], "{wrong}");
        assert!(read.unread.timeline.touches("events[].text"), "{wrong}");
        assert!(!codes(&read).is_empty(), "{wrong}");
        let read = read.record.expect("a record").source.entries.files;
        assert_eq!(read.len(), 2, "{wrong}");
    }
}

#[test]
fn of_a_mark_in_an_entry_and_elsewhere_the_earliest_counts() {
    let marked = |minute: u32, text: &str| {
        let event = event(&minute, text);
        event.replace('}', ", \"marks\": [\"detected\"]}")
    };
    let timeline = |own: &[String]| {
        let events = own.join(", ");
        format!("{{\"date\": \"2025-01-14\", \"events\": [{events}]}}")
    };
    // The events of the timeline, the entries, and those that keep the mark.
    let (a, b) = (marked(5, "a"), marked(7, "b"));
    for (own, new, kept) in [
        (vec![&a], vec![&b], vec!["a"]),
        (vec![&b], vec![&a], vec!["a"]),
        (vec![], vec![&b, &a], vec!["a"]),
        // Two of the timeline's file are for a person.
        (vec![&a, &b], vec![], vec!["a", "b"]),
    ] {
        let owned = |texts: Vec<&String>| texts.into_iter().cloned().collect::<Vec<_>>();
        let mut new = owned(new);
        new.push(event(&9, "unmarked"));
        let read = joined(Some(&timeline(&owned(own))), &new);
        let record = read.record.expect("a record");
        let marked = record
            .timeline
            .events
            .iter()
            .filter(|event| !event.marks.is_empty());
        let marked: Vec<&str> = marked.map(|event| &*event.text).collect();
        assert_eq!(marked, kept);
        let repeated = &record.source.entries.repeated;
        assert_eq!(repeated.len(), usize::from(kept.len() == 1));
        for RepeatedMark { event, kept, .. } in repeated {
            let events = &record.timeline.events;
            assert_eq!((&*events[*event].text, &*events[*kept].text), ("b", "a"));
        }
    }
}
