use super::*;
use crate::archive::tests::record;
use crate::config::Config;
use crate::facts::Facts;

/// Returns the windows of the services of an incident as `SERVICE FROM UNTIL LENGTH`.
fn windows(incident: &str, timeline: &[&str]) -> Vec<String> {
    let facts = Facts::compute(&record(incident, timeline), &Config::default());
    let time = |bound: Option<Bound>| match bound {
        Some(bound) => bound.moment.at.format("%H:%M").to_string(),
        None => "-".to_owned(),
    };
    let printed = facts.services.iter().map(|window| {
        let length = match (window.state, window.length) {
            (State::Recorded, Some(length)) => length.to_string(),
            (state, _) => format!("{state:?}"),
        };
        format!(
            "{} {} {} {length}",
            window.service,
            time(window.from),
            time(window.until)
        )
    });
    printed.collect()
}

#[test]
fn a_window_takes_the_times_that_it_lacks_from_the_impact() {
    let twice = &[
        "10:00 = impact_started",
        "10:10 = impact_ended",
        "10:30 = impact_started #again",
        "10:50 = impact_ended #over",
    ];
    let reopened = &[
        "10:00 = started",
        "11:00 = ended",
        "12:00 = reopened",
        "12:30 = ended",
    ];
    let plain = "[[impact.services]]\nname = 'api'\n";
    for (incident, timeline, expected) in [
        (
            plain,
            &twice[..],
            &["api 10:00 10:10 10 minutes", "api 10:30 10:50 20 minutes"][..],
        ),
        (plain, &twice[..1], &["api 10:00 - Pending"]),
        (
            plain,
            &["10:00 = started", "10:40 = ended"],
            &["api 10:00 10:40 40 minutes"],
        ),
        (plain, &["09:00"], &["api - - Pending"]),
        (
            plain,
            reopened,
            &["api 10:00 11:00 1 hour", "api 12:00 12:30 30 minutes"],
        ),
        (
            plain,
            &reopened[..3],
            &["api 10:00 11:00 1 hour", "api 12:00 - Pending"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nfrom = '10:30'\n",
            reopened,
            &["api 10:30 11:00 30 minutes", "api 12:00 12:30 30 minutes"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nuntil = '12:10'\n",
            reopened,
            &["api 10:00 11:00 1 hour", "api 12:00 12:10 10 minutes"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nfrom = '12:05'\n",
            reopened,
            &["api 12:05 12:30 25 minutes"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nfrom = { event = 'again' }\n",
            twice,
            &["api 10:30 10:50 20 minutes"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nuntil = 2025-01-14T10:05:00Z\n",
            twice,
            &["api 10:00 10:05 5 minutes"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nfrom = { event = 'over' }\nuntil = { event = 'again' }\n",
            twice,
            &["api 10:50 10:30 Invalid"],
        ),
        (
            "status = 'closed'\n[[impact.services]]\nname = 'api'\nfrom = '10:00'\n",
            &["09:00"],
            &["api 10:00 - NotRecorded"],
        ),
        (
            "[[impact.services]]\nname = 'api'\nfrom = '10:00'\nuntil = '10:20'\n\
             [[impact.services]]\nname = 'web'\nfrom = '2025-01-14'\nuntil = '2025-01-16'\n",
            twice,
            &["api 10:00 10:20 20 minutes", "web 00:00 00:00 about 2 days"],
        ),
    ] {
        assert_eq!(windows(incident, timeline), expected, "{incident}");
    }
}

#[test]
fn windows_that_overlap_count_once() {
    let incident = |windows: &[(&str, &str)]| {
        let entries = windows.iter().map(|(from, until)| {
            format!("[[impact.services]]\nname = 'api'\nfrom = '{from}'\nuntil = '{until}'\n")
        });
        entries.collect::<String>()
    };
    for (windows, expected) in [
        (&[("10:00", "10:20"), ("10:30", "10:40")][..], "30 minutes"),
        (&[("10:00", "10:20"), ("10:10", "10:40")], "40 minutes"),
        (&[("10:30", "10:40"), ("10:00", "10:50")], "50 minutes"),
        (&[("10:00", "10:20"), ("10:20", "10:40")], "40 minutes"),
        (&[("10:00", "10:20"), ("10:00", "10:20")], "20 minutes"),
        (
            &[("10:00..10:10", "10:30"), ("11:00", "11:10..11:20")],
            "30 to 50 minutes",
        ),
        (
            &[("10:00", "10:20..10:40"), ("10:30", "10:50")],
            "40 to 50 minutes",
        ),
        (
            &[("10:00..10:20", "10:10"), ("10:00..10:20", "10:15")],
            "up to 15 minutes",
        ),
    ] {
        let facts = Facts::compute(&record(&incident(windows), &["09:00"]), &Config::default());
        let length = together(facts.services.iter(), Zone::default()).expect("all are closed");
        assert_eq!(length.to_string(), expected, "{windows:?}");
    }
}
