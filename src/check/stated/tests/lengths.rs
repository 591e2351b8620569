//! Durations of the whole, and those that may be of a part.

use super::{found, shown};

#[test]
fn the_duration_of_the_incident_is_found_in_more_sentences() {
    for (text, expected) in [
        (
            "The incident lasted for a total of 105 minutes.",
            "Last 6300 to 60",
        ),
        (
            "The incident began at 14:00 and ended at 15:15, lasting 105 minutes.",
            "start 14:00 -; end 15:15 -; Last 6300 to 60",
        ),
        (
            "It took 18 minutes until the first alert.",
            "Detect 1080 to 60",
        ),
        ("Time to detection was 18 minutes.", "Detect 1080 to 60"),
        (
            "The total duration of the incident was 2:15 hours.",
            "Last 8100 to 60",
        ),
        ("The overall outage was 3 hours long.", "Last 10800 to 3600"),
        (
            "For 44 minutes, editors and readers received errors.",
            "Last 2640 to 60",
        ),
        ("Packet loss for 2 minutes caused failures", ""),
        ("The acute phase of the incident lasted 40 minutes.", ""),
        ("The first wave lasted 44 minutes.", ""),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

/// Texts whose durations may be those of a part.
const PARTS: &[&str] = &[
    "Latency improves for 3 minutes",
    "Errors spiked for 6 minutes at the start of the incident.",
    "Slowness was seen for 5 minutes",
    "We had 75 minutes of downtime and 10 minutes of degraded performance.",
    "The outage lasted 12 minutes in the EU.",
];

#[test]
fn the_duration_of_a_symptom_or_in_a_place_may_be_that_of_a_part() {
    for text in PARTS {
        let found = found(text);
        assert!(!found.iter().any(|stated| !stated.is_part), "{text}");
    }
}
