//! Response times that settings redefine, and custom ones.

use super::*;

const TIMELINE: &[&str] = &[
    "14:20 = impact_started",
    "14:23 = detected",
    "14:25 = declared paged",
    "14:27 = identified",
    "14:55 = impact_ended",
    "15:00 = resolved",
];

/// The settings, a response time, and its label, duration, start and end.
const DEFINITIONS: &[(&str, &str, &str)] = &[
    (
        "",
        "time_to_resolve",
        "Time to Resolve: 35 minutes, impact_started → impact_ended",
    ),
    (
        "[[metrics]]\nkey = 'time_to_resolve'\nto = 'resolved'",
        "time_to_resolve",
        "Time to Resolve: 40 minutes, impact_started → resolved",
    ),
    (
        "[[metrics]]\nkey = 'time_to_identify'\nlabel = 'Diagnosis'\nfrom = ['impact_started', 'detected']",
        "time_to_identify",
        "Diagnosis: 7 minutes, impact_started → identified",
    ),
    (
        "[[metrics]]\nkey = 'time_to_detect'\nfrom = ['started', 'impact_started']\nto = ['paged', 'detected']",
        "time_to_detect",
        "Time to Detect: 5 minutes, impact_started → paged",
    ),
    (
        "[[metrics]]\nkey = 'time_to_declare'\nfrom = 'detected'\nto = 'declared'",
        "time_to_declare",
        "time_to_declare: 2 minutes, detected → declared",
    ),
    (
        "[[metrics]]\nkey = 'time_to_declare'\nlabel = 'Time to Declare'\nfrom = 'detected'\nto = 'declared'",
        "time_to_declare",
        "Time to Declare: 2 minutes, detected → declared",
    ),
    (
        "[[metrics]]\nkey = 'notified'\nfrom = 'declared'\nto = ['first_message', 'resolved']",
        "notified",
        "notified: 15 minutes, declared → message 0",
    ),
    (
        "[[metrics]]\nkey = 'taken'\nfrom = 'paged'\nto = 'acknowledged'",
        "taken",
        "taken: not recorded, paged → nothing",
    ),
];

#[test]
fn settings_redefine_response_times_and_custom_ones_come_last() {
    let messages = "messages = [{ stage = 'identified', sent_at = 14:40:00 }]";
    for (config, key, expect) in DEFINITIONS {
        let config: Config = toml::from_str(config).unwrap();
        let facts = Facts::compute(&record(messages, TIMELINE), &config);
        let fact = facts.response_metric(key).unwrap();
        let found = format!(
            "{}: {}, {} → {}",
            fact.label,
            printed(fact),
            name(fact.from),
            name(fact.to)
        );
        assert_eq!(found, *expect);
        let known = RESPONSE_METRICS
            .iter()
            .map(|response_metric| response_metric.key);
        let new = known.clone().all(|known| known != *key).then_some(*key);
        let keys: Vec<&str> = facts
            .response_metrics
            .iter()
            .map(|fact| &*fact.key)
            .collect();
        assert_eq!(keys, known.chain(new).collect::<Vec<_>>());
    }
}

#[test]
fn every_point_has_a_word() {
    let words = Mark::ALL
        .iter()
        .map(|mark| mark.as_str())
        .chain([Point::FIRST_MESSAGE]);
    for word in words {
        let config = format!("[[metrics]]\nkey = 'own'\nfrom = '{word}'\nto = '{word}'");
        let config: Config = toml::from_str(&config).unwrap();
        let times = match word {
            Point::FIRST_MESSAGE => {
                "messages = [{ stage = 'identified', sent_at = 14:40:00 }]".to_owned()
            }
            mark => format!("times.{mark} = 14:40:00"),
        };
        let facts = Facts::compute(&record(&times, &[]), &config);
        assert_eq!(
            facts.response_metric("own").map(printed).as_deref(),
            Some("0 seconds"),
            "{word}"
        );
    }
}

/// Settings for the customer impact, and the resulting value for two windows.
const IMPACTS: &[(&str, &str)] = &[
    ("", "Customer Impact: 12 minutes"),
    ("label = 'Outage'", "Outage: 12 minutes"),
    ("to = 'impact_ended'", "Customer Impact: 12 minutes"),
    ("to = 'resolved'", "Customer Impact: 40 minutes"),
    ("from = 'detected'", "Customer Impact: 29 minutes"),
];

#[test]
fn impact_that_settings_define_otherwise_is_not_the_sum_of_its_windows() {
    let timeline = &[
        "14:20 / 14:30 = impact_started impact_ended",
        "14:23 = detected",
        "14:50 / 14:52 = impact_started impact_ended",
        "15:00 = resolved",
    ];
    for (settings, expect) in IMPACTS {
        let config = format!("[[metrics]]\nkey = 'customer_impact'\n{settings}");
        let facts = Facts::compute(&record("", timeline), &toml::from_str(&config).unwrap());
        let fact = facts.response_metric("customer_impact").unwrap();
        assert_eq!(
            format!("{}: {}", fact.label, printed(fact)),
            *expect,
            "{settings}"
        );
        assert_eq!(facts.windows.len(), 2);
    }
}
