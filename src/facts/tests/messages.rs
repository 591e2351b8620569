//! The first message that customers got.

use super::*;

/// The incident, its timeline, and the time and source of the first notification.
const NOTIFIED: &[(&str, &[&str], &str, &str)] = &[
    (
        "messages = [{ stage = 'identified', sent_at = 14:40:00 }]",
        &["14:23 = impact_started"],
        "17 minutes",
        "message 0",
    ),
    (
        "messages = [{ stage = 'identified', event = 'sent' }]",
        &["14:23 = impact_started", "14:40 = #sent"],
        "17 minutes",
        "message 0 @1",
    ),
    (
        "messages = [{ stage = 'identified', sent_at = { event = 'sent' } }]",
        &["14:23 = impact_started", "14:40 = #sent"],
        "17 minutes",
        "message 0 @1",
    ),
    // `sent_at` takes precedence over `event`, and has no index in the timeline.
    (
        "messages = [{ stage = 'identified', sent_at = 14:41:00, event = 'sent' }]",
        &["14:23 = impact_started", "14:40 = #sent"],
        "18 minutes",
        "message 0",
    ),
    // The first is the earliest, not the first in the file.
    (
        "messages = [{ stage = 'resolved', sent_at = 15:00:00 }, { stage = 'identified', sent_at = 14:40:00 }]",
        &["14:23 = impact_started"],
        "17 minutes",
        "message 1",
    ),
    // Internal messages and messages without a time do not count.
    (
        "messages = [{ stage = 'identified', audience = 'internal', sent_at = 14:30:00 }, { stage = 'identified' }, { stage = 'resolved', audience = 'public', sent_at = 15:00:00 }]",
        &["14:23 = impact_started"],
        "37 minutes",
        "message 2",
    ),
    (
        "messages = [{ stage = 'identified', audience = 'confidential', sent_at = 14:30:00 }]",
        &["14:23 = impact_started"],
        "pending",
        "nothing",
    ),
    (
        "messages = [{ stage = 'identified', event = 'nobody' }]",
        &["14:23 = impact_started"],
        "pending",
        "nothing",
    ),
    // An announcement of planned work is no notice, before the start or after it.
    (
        "messages = [{ stage = 'planned', sent_at = 13:00:00 }, { stage = 'identified', sent_at = 14:40:00 }]",
        &["14:23 = impact_started"],
        "17 minutes",
        "message 1",
    ),
    (
        "kind = 'maintenance'\nmessages = [{ stage = 'planned', sent_at = 13:00:00 }]",
        &["14:23 = impact_started", "14:45 = customer_notified"],
        "22 minutes",
        "customer_notified @1",
    ),
    // The mark counts only if no message does.
    (
        "",
        &["14:23 = impact_started", "14:45 = customer_notified"],
        "22 minutes",
        "customer_notified @1",
    ),
    (
        "messages = [{ stage = 'identified', audience = 'internal', sent_at = 14:30:00 }]",
        &["14:23 = impact_started", "14:45 = customer_notified"],
        "22 minutes",
        "customer_notified @1",
    ),
    (
        "messages = [{ stage = 'identified', sent_at = 14:50:00 }]",
        &["14:23 = impact_started", "14:45 = customer_notified"],
        "27 minutes",
        "message 0",
    ),
    (
        "messages = [{ stage = 'identified', sent_at = 14:20:00 }]",
        &["14:23 = impact_started"],
        "invalid",
        "message 0",
    ),
];

#[test]
fn customers_hear_first_by_the_first_message_to_them() {
    for (incident, timeline, words, by) in NOTIFIED {
        let facts = facts(incident, timeline);
        let fact = facts.response_metric("time_to_notify").unwrap();
        let event = fact.to.and_then(|to| to.event);
        let event = event.map_or_else(String::new, |event| format!(" @{event}"));
        let found = (printed(fact), format!("{}{event}", name(fact.to)));
        assert_eq!(
            found,
            ((*words).to_owned(), (*by).to_owned()),
            "{incident} {timeline:?}"
        );
    }
}

#[test]
fn a_message_has_no_gap_to_an_announcement() {
    let stages = ["planned", "planned", "identified", "resolved"];
    let times = ["10:00", "12:00", "14:40", "15:00"];
    let messages = stages.iter().zip(times);
    let messages: Vec<String> = messages
        .map(|(stage, at)| format!("{{ stage = '{stage}', sent_at = '{at}' }}"))
        .collect();
    let incident = format!("messages = [{}]", messages.join(", "));
    let record = record(&incident, &["14:23 = impact_started"]);
    let gaps = updates(&record, &Config::default()).into_iter();
    let gaps = gaps.map(|update| update.gap.map(|gap| gap.to_string()));
    let gaps: Vec<Option<String>> = gaps.collect();
    let expected = [None, Some("2 hours"), None, Some("20 minutes")];
    assert_eq!(gaps, expected.map(|gap| gap.map(str::to_owned)));
}
