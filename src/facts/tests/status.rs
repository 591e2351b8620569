//! The status, and since when an incident is open again.

use super::*;

/// The lines of an incident and its timeline, and the resulting status.
const STATUSES: &[(&str, &[&str], Status)] = &[
    ("", &[], Status::Investigating),
    ("", &["14:23 = started detected"], Status::Investigating),
    (
        "",
        &["14:23 = detected acknowledged"],
        Status::Investigating,
    ),
    (
        "",
        &["14:23 = detected", "14:27 = identified"],
        Status::Identified,
    ),
    ("", &["14:27 = identified mitigated"], Status::Monitoring),
    (
        "",
        &["14:27 = mitigated", "14:55 = impact_ended"],
        Status::Resolved,
    ),
    ("", &["14:55 = resolved"], Status::Resolved),
    // What was before a reopening no longer counts.
    (
        "",
        &[
            "14:20 = identified",
            "14:30 = resolved ended",
            "14:40 = reopened",
        ],
        Status::Investigating,
    ),
    // In one minute, what is recorded later is later.
    (
        "",
        &["14:40 = resolved ended", "14:40 = reopened"],
        Status::Investigating,
    ),
    (
        "",
        &["14:30 = ended", "14:40 = reopened", "14:40 = resolved"],
        Status::Resolved,
    ),
    (
        "",
        &["14:30 = ended", "14:40 = reopened", "14:45 = mitigated"],
        Status::Monitoring,
    ),
    (
        "",
        &["14:30 = ended", "14:40 = reopened", "14:45 = resolved"],
        Status::Resolved,
    ),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:40 = reopened",
        ],
        Status::Investigating,
    ),
    (
        "",
        &["14:30 = ended", "14:40 = reopened", "14:45 = ended"],
        Status::Closed,
    ),
    // Impact that came back is ongoing until it ends again.
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:40 = impact_started",
        ],
        Status::Investigating,
    ),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:35 = identified mitigated",
            "14:40 = impact_started",
        ],
        Status::Investigating,
    ),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:35 = identified resolved ended",
            "14:40 = impact_started",
            "14:45 = mitigated",
        ],
        Status::Monitoring,
    ),
    (
        "",
        &[
            "14:20 = started",
            "14:30 = resolved",
            "14:35 = impact_started",
        ],
        Status::Investigating,
    ),
    (
        "",
        &["14:20 = impact_started", "14:30 = resolved ended"],
        Status::Closed,
    ),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:40 / 14:50 = impact_started impact_ended",
        ],
        Status::Resolved,
    ),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:40 = impact_started",
            "14:45 = resolved",
        ],
        Status::Resolved,
    ),
    (
        "",
        &["14:23:47 = impact_started", "14:23 = impact_ended"],
        Status::Resolved,
    ),
    ("", &["14:55 = impact_ended"], Status::Resolved),
    ("", &["15:08 = ended"], Status::Closed),
    ("", &["15:08 = resolved ended mitigated"], Status::Closed),
    ("times.identified = 14:27:00", &[], Status::Identified),
    (
        "times.ended = 2025-01-14T15:08:00Z",
        &["14:27 = mitigated"],
        Status::Closed,
    ),
    (
        "times.mitigated = { event = 'fix' }",
        &["14:37 = #fix"],
        Status::Monitoring,
    ),
    // A recorded status takes precedence over the marks.
    (
        "status = 'monitoring'",
        &["15:08 = ended"],
        Status::Monitoring,
    ),
    ("status = 'planned'", &[], Status::Planned),
    ("status = 'closed'", &[], Status::Closed),
    // Maintenance is planned until a mark of an event says that it started.
    (
        "kind = 'maintenance'\ntimes = { started = 2025-01-14T14:00:00Z, ended = 2025-01-14T15:00:00Z }",
        &[],
        Status::Planned,
    ),
    (
        "kind = 'maintenance'",
        &["14:00 = started", "15:00 = ended"],
        Status::Closed,
    ),
];

#[test]
fn the_status_is_as_typed_or_as_the_marks_say() {
    for (incident, timeline, expect) in STATUSES {
        let status = facts(incident, timeline).status;
        assert_eq!(status, *expect, "{incident} {timeline:?}");
    }
}

/// The `[fix]` of an investigation with final findings and a confirmed cause, and the resulting status.
const FIXES: &[(&str, Status)] = &[
    ("", Status::Closed),
    ("fix.status = 'deployed'", Status::Closed),
    // `none` means that no fix exists yet.
    ("fix.status = 'none'", Status::Identified),
    ("fix.status = 'pending_deploy'", Status::Identified),
    // Without a status of its own, a fix has that of its rollout.
    (
        "fix.rollout = [{ environment = 'production', status = 'pending_deploy' }]",
        Status::Identified,
    ),
    (
        "fix.rollout = [{ environment = 'production', status = 'verified' }]",
        Status::Closed,
    ),
    (
        "fix.rollout = [{ environment = 'production' }]",
        Status::Identified,
    ),
    (
        "fix.changes = [{ title = 'Limit the pool', url = 'https://code.example.com/1' }]",
        Status::Identified,
    ),
];

#[test]
fn an_investigation_is_closed_when_its_fix_is_deployed() {
    let found =
        "kind = 'investigation'\nanalysis.status = 'final'\nroot_cause.primary = 'A leak'\n";
    for (fix, expect) in FIXES {
        let status = facts(&format!("{found}{fix}"), &[]).status;
        assert_eq!(status, *expect, "{fix}");
    }
}

#[test]
fn an_end_before_impact_that_came_back_is_none_while_the_incident_is_open() {
    let timeline = &[
        "14:20 = started impact_started",
        "14:30 = impact_ended resolved ended",
        "14:40 = impact_started",
    ];
    check(&(
        "",
        timeline,
        &[("duration", "pending"), ("time_to_resolve", "pending")],
    ));
    // A fix that did not hold does not set the end, even if the incident has ended.
    let timeline_without_end = &[
        "14:20 = started impact_started",
        "14:30 = impact_ended resolved",
        "14:40 / 14:50 = impact_started impact_ended",
    ];
    check(&("", timeline_without_end, &[("duration", "30 minutes")]));
    // A recorded `closed` refers to the end that is marked.
    check(&("status = 'closed'", timeline, &[("duration", "10 minutes")]));
}

/// Relapses of incidents without earlier impact marks: only an official start, or none.
const RELAPSES: &[Case] = &[
    (
        "messages = [{ stage = 'resolved', sent_at = '15:05' }]",
        &[
            "14:00 = started",
            "14:05 = detected",
            "15:00 = resolved",
            "16:00 = impact_started",
        ],
        &[
            ("time_to_detect", "5 minutes"),
            ("time_to_notify", "1 hour 5 minutes"),
            ("time_to_resolve", "pending"),
            ("customer_impact", "pending"),
            ("duration", "pending"),
        ],
    ),
    // A message that said so ends an incident as a mark does.
    (
        "messages = [{ stage = 'resolved', sent_at = '15:05' }]",
        &["14:00 = started", "16:00 = impact_started"],
        &[("time_to_notify", "1 hour 5 minutes")],
    ),
    (
        "",
        &[
            "14:05 = detected",
            "15:00 = ended",
            "16:00 / 16:20 = impact_started impact_ended",
        ],
        &[
            ("time_to_detect", "not recorded"),
            ("customer_impact", "20 minutes"),
            ("duration", "not recorded"),
        ],
    ),
    (
        "",
        &[
            "14:00 = started",
            "15:00 = resolved",
            "16:00 / 16:20 = impact_started impact_ended",
            "16:30 = resolved ended",
        ],
        &[
            ("time_to_resolve", "2 hours 20 minutes"),
            ("duration", "2 hours 30 minutes"),
        ],
    ),
    // Detection before impact stays an error while nothing says that the incident had ended.
    (
        "",
        &["14:05 = detected", "16:00 = impact_started"],
        &[("time_to_detect", "invalid")],
    ),
];

#[test]
fn response_times_never_start_at_a_relapse() {
    RELAPSES.iter().for_each(check);
    for (incident, timeline, _) in RELAPSES.iter().take(2) {
        assert_eq!(facts(incident, timeline).status, Status::Investigating);
    }
}

/// Marks and messages, and since when the incident was open again.
const REOPENED: &[(&str, &[&str], Option<&str>)] = &[
    ("", &["14:20 / 14:30 = impact_started impact_ended"], None),
    (
        "",
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "14:40 / 14:50 = impact_started impact_ended",
        ],
        Some("14:40"),
    ),
    (
        "",
        &["14:30 = resolved", "14:40 = impact_started"],
        Some("14:40"),
    ),
    (
        "messages = [{ stage = 'resolved', sent_at = '15:00' }, { stage = 'investigating', sent_at = '14:30' }]",
        &[],
        None,
    ),
    (
        "messages = [{ stage = 'resolved', sent_at = '15:00' }, { stage = 'investigating', sent_at = '15:20' }]",
        &[],
        Some("15:20"),
    ),
    (
        "messages = [{ stage = 'resolved', sent_at = '15:00' }, { stage = 'postmortem', sent_at = '16:00' }]",
        &[],
        None,
    ),
    (
        "messages = [{ stage = 'resolved', sent_at = '15:00' }, { stage = 'identified', sent_at = '15:20', audience = 'internal' }]",
        &[],
        None,
    ),
    (
        "messages = [{ stage = 'resolved', sent_at = '15:00' }, { stage = 'planned', sent_at = '15:20' }]",
        &[],
        None,
    ),
];

#[test]
fn an_incident_is_open_again_since_impact_or_messages_came_back() {
    for (incident, timeline, expect) in REOPENED {
        let reopened = facts(incident, timeline).reopened;
        let shown = reopened.map(|at| at.clock_time(Zone::default()));
        assert_eq!(shown.as_deref(), *expect, "{incident} {timeline:?}");
    }
}

#[test]
fn a_message_from_before_an_incident_was_open_again_is_not_current() {
    let timeline = &[
        "14:20 / 14:30 = impact_started impact_ended",
        "14:40 = impact_started",
    ];
    let open = facts("", timeline);
    let closed = facts("status = 'closed'", timeline);
    let at = |time: &str| record("", &[]).moment(&time.parse().unwrap());
    for (stage, time, while_open, once_closed) in [
        (Stage::Investigating, "14:25", false, true),
        (Stage::Investigating, "14:45", true, true),
        (Stage::Resolved, "14:35", false, false),
        (Stage::Resolved, "14:55", true, true),
    ] {
        assert_eq!(
            open.is_current(stage, at(time)),
            while_open,
            "{stage:?} {time}"
        );
        assert_eq!(
            closed.is_current(stage, at(time)),
            once_closed,
            "{stage:?} {time}"
        );
    }
    assert!(!open.is_current(Stage::Resolved, None));
    assert!(facts("", &[]).is_current(Stage::Resolved, None));
}

/// The timeline of an incident, its duration, and the time from each end to the reopening after it.
const LAST_ENDS: &[(&[&str], &str, &[&str])] = &[
    (
        &[
            "14:20 = started",
            "14:30 = resolved ended",
            "15:00 = reopened",
            "15:10 = ended",
        ],
        "50 minutes",
        &["30 minutes"],
    ),
    (
        &[
            "14:20 = started",
            "14:30 = resolved ended",
            "15:00 = reopened",
        ],
        "pending",
        &["30 minutes"],
    ),
    (
        &[
            "14:20 = started",
            "14:30 = resolved",
            "14:31 = ended",
            "15:00 = reopened",
            "15:05 = ended",
            "16:00 = reopened",
            "16:10 = resolved",
        ],
        "1 hour 50 minutes",
        &["29 minutes", "55 minutes"],
    ),
    // The end of impact is no end of an incident that was reopened after it.
    (
        &[
            "14:20 / 14:30 = impact_started impact_ended",
            "15:00 = reopened",
        ],
        "pending",
        &["30 minutes"],
    ),
    // Without an end there is nothing to reopen.
    (
        &["14:20 = started", "15:00 = reopened", "15:10 = ended"],
        "50 minutes",
        &[],
    ),
];

#[test]
fn an_incident_that_is_open_again_has_no_time_to_resolve() {
    let timeline = &[
        "10:00 = started impact_started",
        "10:30 = impact_ended resolved ended",
        "13:00 = reopened",
    ];
    let found = facts("", timeline);
    let fact = found.response_metrics.iter();
    let fact = fact
        .clone()
        .find(|fact| fact.key == "time_to_resolve")
        .unwrap();
    assert_eq!((fact.state, fact.length), (State::Pending, None));
}

#[test]
fn the_last_end_of_a_reopened_incident_counts() {
    for (timeline, duration, lengths) in LAST_ENDS {
        let facts = facts("", timeline);
        let fact = facts
            .response_metric("duration")
            .expect("a built-in metric");
        assert_eq!(printed(fact), *duration, "{timeline:?}");
        let found = facts.reopenings.iter().map(|reopening| {
            let length = reopening.length.expect("it is after the end");
            length.to_string()
        });
        assert_eq!(found.collect::<Vec<_>>(), *lengths, "{timeline:?}");
    }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn ends_and_reopenings_in_turn_leave_the_last_one(turns in 0..9_usize) {
        let times: Vec<String> = (0..turns).map(|turn| {
            let mark = if turn % 2 == 0 { "ended" } else { "reopened" };
            format!("15:{turn}0 = {mark}")
        }).collect();
        let times: Vec<String> = times.into_iter().take(6).collect();
        let timeline: Vec<&str> = ["14:00 = started"].into_iter().chain(times.iter().map(String::as_str)).collect();
        let facts = facts("", &timeline);
        let turns = times.len();
        let is_ended = turns % 2 == 1;
        prop_assert_eq!(facts.status == Status::Closed, is_ended);
        prop_assert_eq!(facts.ended.is_some(), is_ended);
        prop_assert_eq!(facts.reopenings.len(), turns / 2);
        if is_ended {
            let minutes = 60 + 10 * (i64::try_from(turns).unwrap() - 1);
            let length = facts.response_metric("duration").unwrap().length;
            prop_assert_eq!(length.map(|length| length.seconds), Some(minutes * 60));
        }
    }
}
