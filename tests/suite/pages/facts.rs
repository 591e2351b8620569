//! The facts of a report on its page: the six beside the text, the response times, and the band of phases agree.

use super::{Written, site, written};

/// An open incident: two times of one minute, and impact before the alert.
const OPEN: &[Written] = &[
    (
        "incidents/INC-1.toml",
        "title = \"Tides late\"\nstatus = \"identified\"\n[times]\nimpact_started = 2025-01-14T10:00:05Z\n",
    ),
    (
        "timelines/INC-1.json",
        r#"{"date": "2025-01-14", "events": [
            {"at": "10:00:52", "marks": ["started", "detected"], "text": "Alert"},
            {"at": "10:20:00", "marks": ["identified"], "text": "Cause found"}]}"#,
    ),
    ("incidents/INC-2.toml", "title = \"Just reported\"\n"),
    (
        "incidents/MNT-1.toml",
        "title = \"Move\"\nkind = \"maintenance\"\nstatus = \"planned\"\n[schedule]\n\
         from = 2027-02-03T08:00:00Z\nuntil = 2027-02-03T10:00:00Z\n",
    ),
];

/// Returns the page of an incident, with line breaks as spaces.
fn page(id: &str) -> String {
    let files = site(&written(OPEN), &[]);
    let html = files[&format!("incidents/{id}.html")].as_deref();
    html.expect("it is made").replace('\n', " ")
}

#[test]
fn only_response_times_that_have_started_are_listed() {
    let html = page("INC-1");
    let (_, clocks) = html.split_once("class=\"clocks\"").expect("response times");
    let (clocks, _) = clocks.split_once("</details>").expect("it ends");
    for (label, text) in [
        ("Time to Detect", "47 seconds"),
        ("Time to Mitigate", "ongoing"),
    ] {
        let row = format!("{label}</th><td data-label=\"Duration\">{text}</td>");
        assert!(clocks.contains(&row), "{row} in {clocks}");
    }
    assert!(!clocks.contains("pending"), "{clocks}");
    assert!(!clocks.contains("Page to Acknowledge"), "{clocks}");
    for id in ["INC-2", "MNT-1"] {
        assert!(!page(id).contains("class=\"clocks\""), "{id}");
    }
}

#[test]
fn two_times_of_one_minute_show_their_seconds() {
    let html = page("INC-1");
    let (_, fact) = html.split_once("<dt>Time to Detect</dt>").expect("a fact");
    let (fact, _) = fact.split_once("</dd>").expect("it ends");
    assert!(fact.contains(">10:00:05</time> to <a"), "{fact}");
    assert!(fact.contains(">10:00:52</time>"), "{fact}");
}

#[test]
fn the_band_agrees_with_the_time_to_detect() {
    let html = page("INC-1");
    assert!(
        html.contains(
            "aria-label=\"Unnoticed 47 seconds; Finding the Cause 19 minutes 8 seconds\""
        ),
        "{html}"
    );
}

#[test]
fn a_planned_window_is_stated_once() {
    let html = page("MNT-1");
    let (_, top) = html.split_once("<article").expect("a report");
    let (top, _) = top.split_once("<section").expect("a summary");
    assert_eq!(
        top.matches("2027-02-03 08:00 to 10:00 UTC").count(),
        1,
        "{top}"
    );
    assert!(top.contains("Scheduled for 2027-02-03"), "{top}");
}
