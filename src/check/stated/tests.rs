#![expect(clippy::string_slice, reason = "a test cuts where it searched")]
use super::*;
use crate::config::CheckWords;
use crate::token::NumberWords;

mod lengths;

fn found(text: &str) -> Vec<Stated> {
    found_with(text, &CheckWords::default())
}

fn found_with(text: &str, added: &CheckWords) -> Vec<Stated> {
    let subjects = ["Checkout", "Quotes", "Labels", "Exports", "Logins"]
        .into_iter()
        .collect();
    find(text, &Lexicon::new(added), &subjects)
}

#[test]
fn a_text_may_start_with_a_negation() {
    assert_eq!(found("Not down for 2 hours."), []);
}

#[test]
fn an_archive_adds_words_of_grammar() {
    let text = "It consumed 4 minutes until we understood the cause.";
    assert_eq!(found(text), []);
    let added = toml::from_str("grammar.taking = [\"consumed\"]").expect("words");
    let metrics = found_with(text, &added)
        .into_iter()
        .map(|stated| stated.claim);
    let duration = StatedDuration {
        seconds: 240,
        step: 60,
    };
    let expected = Claim::Took(StatedMetric::Identify, StartPoint::Usual, duration);
    assert_eq!(metrics.collect::<Vec<_>>(), [expected]);
}

/// Renders the claims of a text in a short form.
fn shown(text: &str) -> String {
    let claims = found(text).into_iter().map(|stated| {
        let bound = match stated.bound {
            Bound::Exact => "",
            Bound::About => "about ",
            Bound::AtMost => "at most ",
            Bound::AtLeast => "at least ",
            Bound::UpTo => "up to ",
            Bound::MostOf => "most of ",
        };
        match stated.claim {
            Claim::Took(metric, since, duration) => {
                let start = if since == StartPoint::Start {
                    " from start"
                } else {
                    ""
                };
                format!(
                    "{metric:?} {bound}{} to {}{start}",
                    duration.seconds, duration.step
                )
            }
            Claim::Were(noun, scope, value) => {
                let open = match scope {
                    Scope::Said => "",
                    Scope::Open => "?",
                    Scope::Alone => "??",
                };
                format!("{noun:?} {bound}{value}{open}")
            }
            Claim::Lasted(times) => {
                let zone = times.zone.as_ref().map_or("-", |zone| &zone.abbreviation);
                let sure = match times.context {
                    Context::Impact => "",
                    Context::Label => " by label",
                    Context::Bare => "?",
                };
                let span = match times.span {
                    Span::Window(from, to) => {
                        format!("{}-{}", from.format("%H:%M"), to.format("%H:%M"))
                    }
                    Span::Start(at) => format!("start {}", at.format("%H:%M")),
                    Span::End(at) => format!("end {}", at.format("%H:%M")),
                    Span::Since(at) => format!("since {}", at.format("%H:%M")),
                    Span::Reached(metric, at) => format!("{metric:?} at {}", at.format("%H:%M")),
                };
                format!("{bound}{span} {zone}{sure}")
            }
        }
    });
    claims.collect::<Vec<_>>().join("; ")
}

/// Texts with their claims.
const STATED: &[(&str, &str)] = &[
    // At a moment, a lower number may be right; a higher one is not.
    ("By 22:15, 1,100 users had been affected.", "Users 1100?"),
    (
        "Detected at 14:23:47, resolved at 14:55",
        "Detect at 14:23 -",
    ),
    ("Until 22:10, only 500 users were affected.", "Users 500?"),
    (
        "At 22:00 about 900 users were affected.",
        "Users about 900?",
    ),
    ("In the first hour, 700 users were affected.", "Users 700?"),
    ("After ten minutes, 200 users were affected.", "Users 200?"),
    ("When we declared, 40 users were affected.", "Users 40?"),
    ("We first thought that 500 users were affected.", ""),
    (
        "Initially we told customers that 100 users were affected.",
        "",
    ),
    ("The dashboard showed only 300 affected users.", ""),
    ("Support answered 4 tickets within an hour.", ""),
    ("On average, users could not check out for 30 minutes.", ""),
    ("In the 2024 incident, checkout was down for 9 hours.", ""),
    (
        "In spring 2025 the same bug made checkout unavailable for 6 hours.",
        "",
    ),
    ("The team worked on the incident for 6 hours", ""),
    ("For Acme, checkout was unavailable for 80 minutes.", ""),
    ("Writing this report about the incident took 3 days.", ""),
    (
        "Checkout was unavailable for 5 minutes during the restart.",
        "",
    ),
    (
        "With the old cache, checkout was unavailable for 5 minutes every night.",
        "",
    ),
    (
        "From 20:00 to 20:30 EST checkout was tested by QA without errors.",
        "",
    ),
    ("Fast detection (47 seconds)", "Detect 47 to 1"),
    (
        "Quick acknowledgment by on-call (1m 51s)",
        "Acknowledge 111 to 1",
    ),
    (
        "Effective troubleshooting (identified root cause in < 4 minutes)",
        "Identify at most 240 to 60",
    ),
    (
        "12 customers experienced degraded performance",
        "Customers 12",
    ),
    ("Detected within 2 minutes.", "Detect at most 120 to 60"),
    ("The issue was detected in 47 seconds", "Detect 47 to 1"),
    (
        "We detected the issue in under a day, in 47 seconds",
        "Detect at most 86400 to 86400",
    ),
    (
        "It was detected after 47 s and resolved in 32 minutes",
        "Detect 47 to 1; Resolve 1920 to 60",
    ),
    ("Time to detect: 47 seconds", "Detect 47 to 1"),
    ("Detection took 47 seconds", "Detect 47 to 1"),
    ("**Detection** took **47 seconds**", "Detect 47 to 1"),
    ("A 47-second detection", "Detect 47 to 1"),
    (
        "It took four minutes to identify the root cause",
        "Identify 240 to 60",
    ),
    ("It took us 16m 54s to identify it", "Identify 1014 to 1"),
    (
        "Acknowledged in 1m 27s; four people were in the call seven minutes later",
        "Acknowledge 87 to 1",
    ),
    ("The outage lasted 44 minutes", "Last 2640 to 60"),
    (
        "The outage began at 14:23 and lasted 45 minutes.",
        "start 14:23 -; Last 2700 to 60",
    ),
    (
        "the outage, which lasted about 45 minutes, hit 12 customers",
        "Last about 2700 to 60; Customers 12",
    ),
    (
        "Impact lasted for 1 hour, 2 minutes and 19 seconds",
        "Last 3739 to 1",
    ),
    ("Total duration of 1.5 hours", "Last 5400 to 360"),
    ("Duration: 2h 6m 12s", "Last 7572 to 1"),
    (
        "The incident was resolved within 45 minutes.",
        "Resolve at most 2700 to 60",
    ),
    (
        "Mitigated in less than 15 minutes",
        "Mitigate at most 900 to 60",
    ),
    (
        "Mitigated in no more than 15 min",
        "Mitigate at most 900 to 60",
    ),
    (
        "Resolved in 30 minutes or less",
        "Resolve at most 1800 to 60",
    ),
    (
        "Customers were notified after 17 minutes",
        "Notify 1020 to 60",
    ),
    (
        "Customers were notified 17 minutes into the incident",
        "Notify 1020 to 60 from start",
    ),
    (
        "The first notice to customers went out 17 minutes into the incident",
        "Notify 1020 to 60 from start",
    ),
    (
        "identified 4 minutes into the outage",
        "Identify 240 to 60 from start",
    ),
    ("affecting ~1,250 users", "Users about 1250"),
    ("About 1,200 users were affected", "Users about 1200"),
    (
        "1,247 users and 12 customer accounts were affected",
        "Users 1247; Accounts 12",
    ),
    ("more than 1,000 users were affected", "Users at least 1000"),
    ("1,000+ users were affected", "Users at least 1000"),
    ("1.2k users were affected", "Users about 1200"),
    ("Twelve customers were affected", "Customers 12"),
    ("impacted 12 customers in total", "Customers 12"),
    ("320 accounts could not make labels", "Accounts 320?"),
    (
        "More than 1,300 users and 14 customers were affected",
        "Users at least 1300; Customers 14",
    ),
    (
        "It took 17 minutes to notify affected customers",
        "Notify 1020 to 60",
    ),
    ("3 customers saw errors", "Customers 3?"),
    (
        "The outage lasted for approximately 1 day",
        "Last about 86400 to 86400",
    ),
    (
        "Fast diagnosis (~5 minutes to identify root cause)",
        "Identify about 300 to 60",
    ),
    ("We received four complaints", "Complaints 4"),
    ("4 support tickets", "Tickets 4"),
    ("4 tickets were opened", "Tickets 4"),
    (
        "42 documented false signals over two days of investigation",
        "FalseSignals 42",
    ),
    ("It took two weeks and 23 false signals", "FalseSignals 23"),
    (
        "- Detected in 47 seconds\n- Acknowledged in 1m 51s",
        "Detect 47 to 1; Acknowledge 111 to 1",
    ),
    (
        "Identified the root cause\nin 4 minutes",
        "Identify 240 to 60",
    ),
];

/// Texts with times of day of the impact.
const TIMES: &[(&str, &str)] = &[
    (
        "degradation from 14:23-15:08 UTC\n today",
        "14:23-15:08 utc",
    ),
    ("from 14:23 to 15:08", "14:23-15:08 -?"),
    (
        "Between 14:01 and 14:47 CET today, quotes were slow",
        "14:01-14:47 cet",
    ),
    ("2:23 PM – 3:08 PM EST", "14:23-15:08 est?"),
    (
        "slow from about 14:20 until around 15:10 UTC",
        "about 14:20-15:10 utc",
    ),
    (
        "down from 08:00 to 08:44 UTC and again from 09:03 to 09:21 UTC",
        "08:00-08:44 utc; 09:03-09:21 utc?",
    ),
    ("Since 09:20 UTC checkouts fail", "since 09:20 utc"),
    (
        "The outage began at 09:20 and ended at 10:10 UTC",
        "start 09:20 -; end 10:10 utc",
    ),
    ("down from 9:50 am to 1 pm UTC", "09:50-13:00 utc"),
    ("down from 9 to 11 am UTC", "09:00-11:00 utc"),
    ("down between 11 and 1 pm", "11:00-13:00 -"),
    ("down from 1:15 to 2:30 pm EST", "13:15-14:30 est"),
    ("down from 9 a.m. to 1 p.m. UTC.", "09:00-13:00 utc"),
    ("down from 06:50 to 08:00 BRT", "06:50-08:00 brt"),
    (
        "Start: 09:50 UTC\nEnd: 13:00 UTC",
        "start 09:50 utc by label; end 13:00 utc by label",
    ),
    (
        "**Started at**: 10 March, 09:50 UTC",
        "start 09:50 utc by label",
    ),
    (
        "- Impact start: 2026-03-10 09:50\n- Impact end: 2026-03-10 13:00",
        "start 09:50 - by label; end 13:00 - by label",
    ),
    (
        "| Fact | Value |\n|---|---|\n| Start time | 09:50 UTC |",
        "start 09:50 utc by label",
    ),
    ("Next maintenance\n\nStart: 22:00 UTC", ""),
    ("Rebuild\n\nStart: 22:00 UTC", ""),
    (
        "| Phase | Start | End |\n|---|---|---|\n| Copy | 09:50 | 10:10 |",
        "",
    ),
    ("| Copy | Start | 09:50 |", ""),
    ("Restart: 09:50 UTC", ""),
    ("at 14:23 and 15:08", ""),
    ("Support hours are 09:00-17:00", ""),
    ("We deployed the fix from 14:50 to 15:00", ""),
    ("Maintenance will run from 21:00 to 23:00", ""),
    ("down from 14:50 to 15:00 UTC+2", ""),
    ("a ratio of 3:4-5:6", ""),
    ("`14:23-15:08`", ""),
];

#[test]
fn times_of_the_impact_are_found() {
    for (text, expected) in TIMES {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

/// Texts without a claim.
const SILENT: &[&str] = &[
    "Deployed v3.4.7 after 3.4.6 was detected",
    "max 100 connections",
    "a full table scan on 847M rows",
    "Resolved on 2025-01-14 within the day",
    "rose from 0.2% to 8.7%",
    "Set global query timeout: 30 seconds",
    "Deployed hotfix with query timeout (30 seconds)",
    "Mitigated by raising the timeout to 30 seconds",
    "Mitigated by a query timeout (30 seconds)",
    "Identified slow query (182 seconds)",
    "Identified a query that took 182 seconds",
    "Slow queries over 30 seconds were not detected",
    "INC-2025-0023 was detected",
    "Minimal (~$150 in SLA credits) for 12 of 40 customers",
    "Slow API responses (15-45 second delays)",
    "Detection should take less than 30 seconds",
    "We aim to detect within 1 minute",
    "detect and kill queries > 30 seconds",
    "was not acknowledged within 5 minutes",
    "Usually detected within 5 minutes",
    "the alert's interval is 5 minutes, so detection was late",
    "Detected 1m 30s after the first error",
    "Acknowledged 19 minutes after the message arrived",
    "Acknowledged within 1 minute of the page",
    "All tickets were resolved within 2 hours",
    "The replication backlog was resolved in 10 minutes",
    "On-call was notified within 25 seconds",
    "the failover lasted 30 seconds",
    "The failover, which lasted 30 seconds, was expected",
    "`detected in 5 minutes` was printed",
    "```\ndetected in 5 minutes\n```",
    "two customers called support",
    "347 users at GlobalBank were affected",
    "one of our customers was affected",
    "3 more customers were affected than last time",
    "8 engineers and 2 customer success managers",
    "None of our 2,000 customers was affected",
    "closed 12 tickets",
    "one hundred and twelve customers were affected",
    "twenty four minutes until it was resolved",
    "see https://example.com/12 users",
    "The status page followed 10 minutes into the incident",
    "At that hour this is 34 requests a second",
    "18 minutes before the outage was detected",
    "detected 3 of 5 minutes",
    "For some users, the outage lasted 5 minutes longer",
    "Vulnerabilities are mitigated within 3 days of their discovery",
    "support tickets rose until an engineer noticed it 51 minutes into the incident",
    "`worker-3` was identified in 10 minutes",
    "Graphs with 1-minute resolution hid it",
    "A load test of a 30-minute duration",
    "Customers are notified within 72 hours",
    "at first 3 customers were affected",
    "34 users a minute were affected",
    "1 customer success manager was affected",
    "Detected in 120 ms",
    "Detected in 44m users",
    "resolved 10-15 minutes",
    "Resolved in 10 to 15 minutes",
    "",
];

#[test]
fn claims_are_found() {
    let wrong: Vec<_> = STATED
        .iter()
        .filter(|(text, expected)| shown(text) != *expected)
        .collect();
    let found: Vec<_> = wrong.iter().map(|(text, _)| shown(text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?} gave {found:#?}");
}

#[test]
fn numbers_of_other_things_are_not_claims() {
    let loud: Vec<_> = SILENT
        .iter()
        .map(|text| (text, shown(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

#[test]
fn the_span_of_a_claim_is_its_text() {
    let cases = [
        ("Fast detection (47 seconds)", "47 seconds"),
        ("identified root cause in < 4 minutes", "< 4 minutes"),
        (
            "hit more than 1,000 affected users today",
            "more than 1,000 affected users",
        ),
        (
            "résolu: resolved in just under 2 hours 6 minutes.",
            "just under 2 hours 6 minutes",
        ),
        ("resolved in 30 minutes or less", "30 minutes or less"),
    ];
    for (text, expected) in cases {
        let words: Vec<&str> = found(text)
            .into_iter()
            .map(|stated| &text[stated.span])
            .collect();
        assert_eq!(words, [expected], "{text}");
    }
}

#[test]
fn times_of_day_are_read() {
    let cases = [
        ("14:23", Some("14:23:00")),
        ("14:23:47Z", Some("14:23:47")),
        ("2:23 PM", Some("14:23:00")),
        ("12:05 a.m.", Some("00:05:00")),
        ("1 pm", Some("13:00:00")),
        ("9am", Some("09:00:00")),
        ("9 amps", None),
        ("13 pm", None),
        ("24:00", None),
        ("1:2", None),
        ("14:23:47:01", None),
    ];
    for (text, expected) in cases {
        let tokens = Tokens::tokenize(text, NumberWords::english());
        let found = (0..tokens.len()).find_map(|index| match tokens.kind(index) {
            Kind::Time(time) => Some(time.to_string()),
            _ => None,
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        ..proptest::prelude::ProptestConfig::with_cases(300)
    })]

    #[test]
    fn tokens_of_any_text_are_in_order_and_at_character_boundaries(
        text in "([a-z]{1,4}|detected|lasted|took|customers|users|[0-9]{1,4}|[ -~]|[\\n\u{a0}é–…≤`~]|minutes|one|14:23| ){0,40}"
    ) {
        let mut end = 0;
        for stated in found(&text) {
            assert!(text.get(stated.span.clone()).is_some_and(|words| !words.is_empty()));
            assert!(stated.span.start >= end);
            end = stated.span.end;
        }
    }
}
