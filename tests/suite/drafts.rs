//! Drafts of messages say what is recorded, and bracket everything else.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, files, said};

const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

/// The start of an incident; what a case adds follows.
const LABELS: &str = r#"title = "Label queue stuck"
severity = "P2"
classification = "internal"
services = ["label-printing", "checkout"]
public = { title = "Labels late", summary = "Labels are printed late.", not_affected = "Orders", workaround = "none" }
"#;

fn archive(incident: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    fs::create_dir(work.path().join("incidents")).expect("writable");
    fs::write(work.path().join("incidents/INC-2026-0007.toml"), incident).expect("writable");
    let settings = "[organization]\ncontact = \"help@example.com\"\n";
    fs::write(work.path().join("afterword.toml"), settings).expect("writable");
    work
}

fn comms(archive: &Path, arguments: &[&str]) -> Output {
    let at = archive.to_str().expect("UTF-8");
    let all = [&["-C", at, "comms", "INC-2026-0007"], arguments].concat();
    afterword(&all, &[NOW])
}

fn draft(incident: &str, stage: &str, channel: &str) -> String {
    let work = archive(&format!("{LABELS}{incident}"));
    let output = comms(
        work.path(),
        &["--draft", "--stage", stage, "--channel", channel],
    );
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What is recorded, a stage, and what its draft must and must not contain.
type Claim = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

/// Maintenance in progress, which started later than it was scheduled.
const RUNNING: &str = "kind = \"maintenance\"\nstatus = \"investigating\"\ntimes = { started = 2026-03-02T09:05:00Z }\n\
    schedule = { from = 2026-03-02T09:00:00Z, until = 2026-03-02T10:00:00Z }";

const CLAIMS: &[Claim] = &[
    (
        "times.started = 2026-03-02T09:00:00Z",
        "investigating",
        &[
            "We are investigating the cause.",
            "- Started: 2026-03-02 09:00 UTC",
        ],
        &["once it is true", "Ended"],
    ),
    (
        "times.started = 2026-03-02T09:00:00Z",
        "identified",
        &["[Fill in, once it is true: We have identified the cause and are working on a fix.]"],
        &[],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, identified = 2026-03-02T09:20:00Z }",
        "identified",
        &["\nWe have identified the cause and are working on a fix.\n"],
        &["once it is true"],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, identified = 2026-03-02T09:20:00Z }",
        "investigating",
        &["[Fill in, once it is true: We are investigating the cause.]"],
        &[],
    ),
    // Nothing says that there is a mitigation, or that users have recovered.
    (
        "times.started = 2026-03-02T09:00:00Z",
        "monitoring",
        &[
            "[Fill in, once it is true: A mitigation is in place and we are monitoring the results.]",
            "You may still see problems",
        ],
        &["should be over", "The service has recovered", "Ended"],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, mitigated = 2026-03-02T09:30:00Z }",
        "monitoring",
        &["\nA mitigation is in place and we are monitoring the results. You may still see"],
        &["once it is true", "Ended"],
    ),
    // The times of the impact, not the official ones.
    (
        "status = \"monitoring\"\ntimes = { started = 2026-03-02T09:00:00Z, impact_started = 2026-03-02T08:50:00Z, \
         impact_ended = 2026-03-02T09:30:00Z }",
        "monitoring",
        &[
            "monitoring the results. The service has recovered.",
            "- Started: 2026-03-02 08:50 UTC\n- Ended: 2026-03-02 09:30 UTC\n- Duration: 40 minutes\n",
        ],
        &["once it is true", "may still"],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, mitigated = 2026-03-02T09:30:00Z }",
        "resolved",
        &[
            "[Fill in, once it is true: This incident has been resolved.]",
            "- Ended: [Fill in: end date, time and time zone]\n- Duration: [Fill in: duration]",
        ],
        &[],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, ended = 2026-03-02T10:00:00Z, impact_started = 2026-03-02T08:50:00Z, \
         impact_ended = 2026-03-02T09:30:00Z }",
        "resolved",
        &[
            "\nThis incident has been resolved.\n",
            "- Ended: 2026-03-02 09:30 UTC\n- Duration: 40 minutes\n",
        ],
        &["10:00", "once it is true"],
    ),
    (
        "times = { started = 2026-03-02T09:00:00Z, resolved = 2026-03-02T09:40:00Z }",
        "closed",
        &["[Fill in, once it is true: This incident is closed.]"],
        &[],
    ),
    // A fix before impact came back is not a mitigation of it.
    (
        "times = { started = 2026-03-02T09:00:00Z, mitigated = 2026-03-02T09:30:00Z }\n\
         messages = [{ stage = \"resolved\", sent_at = 2026-03-02T09:40:00Z }, { stage = \"investigating\", sent_at = 2026-03-02T10:00:00Z }]\n\
         status = \"investigating\"",
        "monitoring",
        &["[Fill in, once it is true: A mitigation"],
        &[],
    ),
    // Planned work.
    (
        "kind = \"maintenance\"\nstatus = \"planned\"\ntimes = { started = 2026-12-02T09:00:00Z, ended = 2026-12-02T10:00:00Z }",
        "planned",
        &[
            "Subject: Scheduled maintenance: Labels late\n",
            "\nWe have scheduled maintenance.\n",
            "- Planned start: 2026-12-02 09:00 UTC\n- Planned end: 2026-12-02 10:00 UTC\n",
        ],
        &["once it is true", "Update:"],
    ),
    (
        RUNNING,
        "planned",
        &["- Planned start: 2026-03-02 09:00 UTC\n- Planned end: 2026-03-02 10:00 UTC\n"],
        &["09:05"],
    ),
    (
        RUNNING,
        "investigating",
        &["- Started: 2026-03-02 09:05 UTC\n- Planned end: 2026-03-02 10:00 UTC\n"],
        &["09:00"],
    ),
    (
        "kind = \"maintenance\"\nstatus = \"investigating\"\ntimes = { started = 2026-03-02T09:00:00Z, ended = 2026-03-02T10:00:00Z }",
        "investigating",
        &[
            "Subject: Maintenance in progress: Labels late\n",
            "\nScheduled maintenance is in progress.\n",
            "- Started: 2026-03-02 09:00 UTC\n- Planned end: 2026-03-02 10:00 UTC\n",
        ],
        &["cause", "Ended", "once it is true"],
    ),
    (
        "kind = \"maintenance\"\nstatus = \"planned\"\ntimes.started = 2026-12-02T09:00:00Z",
        "investigating",
        &["[Fill in, once it is true: Scheduled maintenance is in progress.]"],
        &["cause"],
    ),
    (
        "kind = \"maintenance\"\nstatus = \"investigating\"\ntimes = { started = 2026-03-02T09:00:00Z, ended = 2026-03-02T10:00:00Z }",
        "resolved",
        &[
            "[Fill in, once it is true: The scheduled maintenance is complete.]",
            "- Ended: [Fill in",
        ],
        &["10:00", "sorry"],
    ),
    (
        "times.started = 2026-03-02T09:00:00Z",
        "planned",
        &[
            "[Fill in, once it is true: We have scheduled maintenance.]",
            "- Planned start: [Fill in",
        ],
        &["09:00"],
    ),
    (
        "[impact]\nservices = [{ name = \"Login\" }, { name = \"Search\" }]",
        "investigating",
        &["- Affected services: label-printing, checkout, Login, Search\n"],
        &["[Fill in: affected services]"],
    ),
];

#[test]
fn a_draft_says_only_what_is_recorded() {
    for (incident, stage, contains, lacks) in CLAIMS {
        let text = draft(incident, stage, "email");
        for words in *contains {
            assert!(
                text.contains(words),
                "{incident}\n{stage} lacks `{words}`:\n{text}"
            );
        }
        for words in *lacks {
            assert!(
                !text.contains(words),
                "{incident}\n{stage} has `{words}`:\n{text}"
            );
        }
        // Each channel says the same of it.
        for channel in ["status", "sms"] {
            let other = draft(incident, stage, channel);
            assert_eq!(
                text.contains("once it is true"),
                other.contains("once it is true"),
                "{incident}\n{stage} {channel}:\n{other}"
            );
        }
    }
}

const UPDATES: &str = r#"times.started = 2026-03-02T09:00:00Z
communication.external.status_page_interval = "every 30 minutes"
messages = [
  { stage = "planned", channel = "status", sent_at = 2026-03-02T09:05:00Z },
  { stage = "investigating", channel = "status", sent_at = 2026-03-02T09:10:00Z, body = "Late." },
  { stage = "investigating", channel = "email", sent_at = 2026-03-02T09:12:00Z, body = "Late." },
  { stage = "identified", channel = "status", sent_at = 2026-03-02T09:40:00Z, body = "Known." },
  { stage = "identified", channel = "sms", audience = "internal", sent_at = 2026-03-02T09:45:00Z, body = "Known." },
]
"#;

#[test]
fn a_draft_is_filled_with_what_is_known() {
    let text = draft(UPDATES, "identified", "status");
    assert_eq!(
        text,
        "Subject: Labels late\n\nLabels are printed late.\n\nWe have identified the cause and are working on a fix.\n\n\
         - Update number: 3\n- Started: 2026-03-02 09:00 UTC\n- Affected services: label-printing, checkout\n\
         - Not affected: Orders\n- Workaround: none\n- Next update: within 30 minutes\n\n\
         Questions? Contact help@example.com\n"
    );
    assert!(draft(UPDATES, "monitoring", "email").contains("- Update number: 2\n"));
    assert!(draft(UPDATES, "monitoring", "sms").contains("(update 1, started 09:00 UTC)"));
    let windows = "times.started = 2026-03-02T09:00:00Z";
    let work = archive(&format!("{LABELS}{windows}"));
    fs::create_dir(work.path().join("timelines")).expect("writable");
    let timeline = r#"{"date": "2026-03-02", "events": [
        {"at": "09:05", "until": "09:15", "marks": ["impact_started", "impact_ended"], "text": "First"},
        {"at": "09:30", "until": "09:50", "marks": ["impact_started", "impact_ended"], "text": "Second"}]}"#;
    fs::write(work.path().join("timelines/INC-2026-0007.json"), timeline).expect("writable");
    for (channel, expected) in [
        (
            "email",
            "- Affected: 2026-03-02 09:05 to 09:15 UTC (10 minutes)\n\
             - Affected: 2026-03-02 09:30 to 09:50 UTC (20 minutes)\n- Total: 30 minutes\n",
        ),
        ("sms", "09:50 UTC (20 minutes); 30 minutes in total)"),
    ] {
        let output = comms(work.path(), &["--stage", "resolved", "--channel", channel]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_draft_is_for_the_channel_that_was_used_last() {
    let work = archive(&format!("{LABELS}{UPDATES}"));
    let output = comms(work.path(), &["--stage", "monitoring"]);
    assert!(
        said(&output).contains("`monitoring` draft for the status page (not sent)"),
        "{}",
        said(&output)
    );
    // The page of its messages begins with that one.
    let at = work.path().to_str().expect("UTF-8");
    let built = afterword(&["build", at], &[NOW]);
    assert!(built.status.success(), "{}", said(&built));
    let page = &files(&work.path().join("site"))["comms/INC-2026-0007.md"];
    let page = String::from_utf8(page.clone()).expect("UTF-8");
    let first = page.find("### Monitoring on the status page\n");
    assert!(
        first.is_some() && first < page.find("### Monitoring by email\n"),
        "{page}"
    );
    // A copy for a customer is an email, and so is a draft if no channel with a template was used.
    let other = UPDATES.replace(
        "\"status\", sent_at = 2026-03-02T09:40",
        "\"fax\", sent_at = 2026-03-02T09:40",
    );
    let work = archive(&format!("{LABELS}{other}"));
    let output = comms(work.path(), &["--stage", "monitoring"]);
    assert!(
        said(&output).contains("draft for email"),
        "{}",
        said(&output)
    );
}
