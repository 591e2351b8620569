//! Customer messages: as sent, as drafts, and each customer's copy.

use std::fs;
use std::path::Path;
use std::process::Output;

use afterword::view::draft::{CHANNELS, STAGES};

use crate::site::{afterword, case, copy, files, said};

const AS_OF: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

fn comms(archive: &Path, arguments: &[&str]) -> Output {
    let directory = archive.to_str().expect("UTF-8");
    let mut all = vec!["-C", directory, "comms"];
    all.extend(arguments);
    afterword(&all, &[AS_OF])
}

fn is(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// An archive of one incident.
fn archive(incident: &str) -> tempfile::TempDir {
    crate::site::archive(&[("incidents/INC-2026-0007.toml", incident)])
}

const SENT: &str = r#"
title = "Stock counts wrong"
severity = "P2"
classification = "internal"

[times]
started = 2026-03-02T09:00:00Z
ended = 2026-03-02T10:30:00Z

[[messages]]
stage = "resolved"
channel = "email"
sent_at = 2026-03-02T10:40:00Z
subject = "Resolved: stock counts"
body = """
Counts were wrong from 09:00 to 10:30 UTC.  Two  spaces stay, and so does *this*.

    Sorry.
"""

[[impact.customers]]
name = "Nordhafen Kiosk"
users = 61001
measures = { "Orders Held" = 71001 }
contact = "einkauf@nordhafen.example"

[[impact.customers]]
name = "Löwen & Söhne, \"Feinkost\""
users = 61002
measures = { "Orders Held" = 71002, "=Late" = "=1+1" }
contact = "post@loewen.example"

[[impact.customers]]
name = "Quillmarket"
measures = { "Orders Held" = 71003 }

[[impact.customers]]
name = "Others"
accounts = 9
users = 61004
"#;

#[test]
fn a_message_is_printed_as_it_was_sent() {
    let work = archive(SENT);
    let output = comms(work.path(), &["INC-2026-0007", "--stage", "resolved"]);
    assert_eq!(
        printed(&output),
        "Subject: Resolved: stock counts\n\nCounts were wrong from 09:00 to 10:30 UTC.  Two  spaces stay, and so does *this*.\n\n    Sorry.\n"
    );
    assert!(
        said(&output).contains("`resolved` message as sent by email at 2026-03-02 10:40:00 UTC"),
        "{}",
        said(&output)
    );
    // Without a stage, the incident's status is used.
    assert_eq!(comms(work.path(), &["INC-2026-0007"]).stdout, output.stdout);
}

#[test]
fn a_superseded_incident_is_not_the_open_one() {
    let open = "title = \"Old\"\nclassification = \"internal\"\nstatus = \"investigating\"\n";
    let work = archive(open);
    let newer = format!("{open}[analysis]\nsupersedes = [\"INC-2026-0007\"]\n");
    fs::write(work.path().join("incidents/INC-2026-0009.toml"), newer).expect("writable");
    let output = comms(work.path(), &[]);
    assert!(said(&output).contains("INC-2026-0009"), "{}", said(&output));
    assert!(!said(&output).contains("several"), "{}", said(&output));
}

#[test]
fn a_draft_contains_nothing_internal() {
    let folder = case("every-key");
    for stage in STAGES {
        for channel in CHANNELS {
            let output = comms(
                folder.as_std_path(),
                &[
                    "INC-2025-0100",
                    "--stage",
                    stage.as_str(),
                    "--channel",
                    channel,
                ],
            );
            let text = printed(&output);
            let name = format!("{}.{channel}", stage.as_str());
            assert!(
                said(&output).contains("not sent"),
                "{name}: {}",
                said(&output)
            );
            assert!(text.contains("Zq139"), "{name} says what happened: {text}");
            let markers = text.match_indices("Zq").map(|(at, _)| &text[at..at + 5]);
            // The services, which customers have to know, and the texts of `[public]`.
            let known = [
                "Zq004", "Zq139", "Zq140", "Zq141", "Zq142", "Zq157", "Zq158", "Zq174",
            ];
            let leaks: Vec<&str> = markers.filter(|marker| !known.contains(marker)).collect();
            assert!(leaks.is_empty(), "{name}: {leaks:?}");
            // The cause of that incident is only suspected.
            assert!(!text.contains("Zq141"), "{name}: {text}");
            assert!(!text.to_lowercase().contains("outage"), "{name}: {text}");
            assert_eq!(
                text.starts_with("Subject: "),
                *channel != "sms",
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn a_draft_recorded_with_placeholders_is_reported_by_check() {
    let work = archive("title = \"Stock counts wrong\"\n");
    for stage in STAGES {
        for channel in CHANNELS {
            let arguments = [
                "INC-2026-0007",
                "--stage",
                stage.as_str(),
                "--channel",
                channel,
            ];
            let text = printed(&comms(work.path(), &arguments));
            let typed = archive(&format!(
                "title = \"Stock counts wrong\"\n[[messages]]\nstage = \"{}\"\nbody = '''\n{text}'''\n",
                stage.as_str()
            ));
            let output = afterword(&["check", typed.path().to_str().expect("UTF-8")], &[AS_OF]);
            let found = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                found.contains("warning[placeholder]"),
                "{arguments:?}: {found}"
            );
        }
    }
}

const KNOWN: &str = r#"
title = "Stock counts wrong"
severity = "P3"
classification = "internal"
services = ["stock-counts"]

[times]
started = "2026-03-02T09:00:47Z"
impact_started = "2026-03-02T08:59:30Z"
impact_ended = "2026-03-02T09:40:10Z"
ended = "2026-03-02T09:45:22Z"

[public]
title = "Wrong stock counts"
summary = "Some stock counts are wrong."
not_affected = "Orders"
workaround = "none"
cause = "A certificate expired."
measures = ["We watch when certificates expire."]
"#;

#[test]
fn a_draft_has_times_to_the_minute_and_passes_check() {
    let settings = "[organization]\ncontact = \"help@example.com\"\n";
    for stage in STAGES {
        for channel in CHANNELS {
            let work = archive(KNOWN);
            fs::write(work.path().join("afterword.toml"), settings).expect("writable");
            let arguments = ["--stage", stage.as_str(), "--channel", channel];
            let output = comms(work.path(), &[&["INC-2026-0007"], &arguments[..]].concat());
            let text = printed(&output);
            let seconds = ["59:30", "40:10", "second"];
            assert!(
                !seconds.iter().any(|seconds| text.contains(seconds)),
                "{arguments:?}: {text}"
            );
            // From 08:59 to 09:40, as the text says.
            if text.contains("Duration") {
                assert!(text.contains("- Duration: 41 minutes\n"), "{text}");
            }
            let text = text
                .replace("[Fill in: start date", "[Fill in: date")
                .replace("[Fill in: end date", "[Fill in: date")
                .replace(
                    "[Fill in: date, time and time zone]",
                    "2026-03-02 10:00 UTC",
                )
                .replace("[Fill in: link to the report]", "https://example.com/7")
                .replace("[Fill in, once it is true: ", "")
                .replace(".]", ".");
            let stage = stage.as_str();
            let sent = format!(
                "{KNOWN}\n[[messages]]\nstage = \"{stage}\"\nsent_at = 2026-03-02T09:50:00Z\nbody = \"\"\"\n{text}\"\"\"\n"
            );
            let typed = archive(&sent);
            let output = afterword(&["check", typed.path().to_str().expect("UTF-8")], &[AS_OF]);
            let found = String::from_utf8_lossy(&output.stdout).into_owned();
            let problems = found
                .lines()
                .filter(|line| line.starts_with("warning") || line.starts_with("error"))
                // The promised next message does not exist.
                .filter(|line| !line.contains("[promised-update-late]"));
            assert_eq!(
                problems.collect::<Vec<_>>(),
                [""; 0],
                "{arguments:?}: {found}"
            );
        }
    }
}

#[test]
fn each_customer_gets_only_their_own_figures() {
    let work = archive(SENT);
    let out = work.path().join("messages");
    let write = || {
        comms(
            work.path(),
            &["INC-2026-0007", "--out", out.to_str().expect("UTF-8")],
        )
    };
    let output = write();
    assert!(output.status.success(), "{}", said(&output));
    for skipped in [
        "`Others`: skipped: the row covers several accounts",
        "`Quillmarket`: no email: missing `contact`",
    ] {
        assert!(said(&output).contains(skipped), "{}", said(&output));
    }
    let made = files(&out);
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            ".afterword.json",
            "customers.csv",
            "löwen-söhne-feinkost.eml",
            "löwen-söhne-feinkost.txt",
            "nordhafen-kiosk.eml",
            "nordhafen-kiosk.txt",
            "quillmarket.txt",
        ]
    );
    let own = [
        ("nordhafen", ["Nordhafen", "61,001", "71,001", "einkauf@"]),
        ("löwen", ["Löwen", "61,002", "71,002", "post@"]),
        (
            "quillmarket",
            ["Quillmarket", "71,003", "71,003", "Quillmarket"],
        ),
    ];
    for (path, bytes) in made
        .iter()
        .filter(|(path, _)| is(path, "txt") || is(path, "eml"))
    {
        let said = afterword::audit::forms(bytes).concat();
        for (customer, words) in &own {
            for (index, word) in words.iter().enumerate() {
                let is_own = path.starts_with(customer);
                // Only an email contains the recipient's address.
                let wanted = is_own && (index < 3 || is(path, "eml") || word == &"Quillmarket");
                assert_eq!(said.contains(word), wanted, "{path}: `{word}` in {said}");
            }
        }
        assert!(
            !said.contains("Others") && !said.contains("61,004"),
            "{path}"
        );
        assert!(said.contains("Two  spaces stay"), "{path}: {said}");
    }
    let table = String::from_utf8(made["customers.csv"].clone()).expect("UTF-8");
    assert_eq!(
        table,
        "Customer,Contact,Users,Orders Held,'=Late\r\n\
         Nordhafen Kiosk,einkauf@nordhafen.example,61001,\"71,001\",\r\n\
         \"Löwen & Söhne, \"\"Feinkost\"\"\",post@loewen.example,61002,\"71,002\",'=1+1\r\n\
         Quillmarket,,,\"71,003\",\r\n"
    );
    assert!(write().status.success(), "the same again");
    assert_eq!(files(&out), made, "the same bytes");
    let one = comms(
        work.path(),
        &["INC-2026-0007", "--customer", "nordhafen kiosk"],
    );
    assert_eq!(printed(&one).as_bytes(), made["nordhafen-kiosk.txt"]);
}

#[test]
fn a_message_that_names_a_customer_is_not_written_for_others() {
    let work = archive(&SENT.replace("Sorry.", "Sorry, quillmarket."));
    let out = work.path().join("messages");
    for arguments in [
        &["--out", out.to_str().expect("UTF-8")][..],
        &["--customer", "Nordhafen Kiosk"],
    ] {
        let output = comms(work.path(), &[&["INC-2026-0007"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(
            said(&output).contains("names customer `Quillmarket`"),
            "{}",
            said(&output)
        );
        assert!(output.stdout.is_empty());
    }
    assert!(!out.exists(), "nothing is written");
    printed(&comms(
        work.path(),
        &["INC-2026-0007", "--customer", "Quillmarket"],
    ));
}

#[test]
fn messages_to_customers_need_every_file_to_be_readable_and_name_no_customer_of_any_incident() {
    let work = archive(SENT);
    let out = work.path().join("out");
    let to = out.to_str().expect("UTF-8");
    let each = [
        ["INC-2026-0007", "--out", to],
        ["INC-2026-0007", "--customer", "Quillmarket"],
    ];
    let other = work.path().join("incidents/INC-2026-0001.toml");
    let customer = "title = \"Other\"\nclassification = \"internal\"\n[[impact.customers]]\nname = \"Counts\"\n";
    for (text, code, word) in [
        (customer.replace("Counts", "Fabrikam"), 0, ""),
        (
            customer.to_owned(),
            1,
            "confidential term `Counts` (customer name)",
        ),
        (
            format!("bogus = 1\n{customer}"),
            1,
            "incidents/INC-2026-0001.toml",
        ),
    ] {
        fs::write(&other, &text).expect("writable");
        for arguments in &each {
            let output = comms(work.path(), arguments);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{text}: {}",
                said(&output)
            );
            assert!(said(&output).contains(word), "{}", said(&output));
            assert!(
                code == 0 || output.stdout.is_empty() && !out.exists(),
                "{text}"
            );
        }
        let memory = work.path().join("memory.toml");
        fs::write(&memory, "[\"INC-2026-0001\"\n").expect("writable");
        let output = comms(work.path(), &each[0]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("memory.toml"), "{}", said(&output));
        assert!(!out.join("index.csv").exists());
        fs::remove_file(&memory).expect("it is there");
        // A message for review is printed whatever other incidents contain.
        assert!(comms(work.path(), &["INC-2026-0007"]).status.success());
        let _ = fs::remove_dir_all(&out);
    }
}

#[test]
fn invalid_arguments_are_reported() {
    let work = archive(SENT);
    let cases: [(&[&str], &str); 5] = [
        (&["INC-2026-0009"], "incident `INC-2026-0009` not found"),
        (
            &["INC-2026-0007", "--customer", "Nobody"],
            "expected one of `Nordhafen Kiosk`",
        ),
        (
            &["INC-2026-0007", "--customer", "Others"],
            "covers several accounts",
        ),
        (
            &["INC-2026-0007", "--stage", "monitoring", "--channel", "fax"],
            "built-in templates exist for the stages",
        ),
        (&[], "no open incident"),
    ];
    for (arguments, answer) in cases {
        let output = comms(work.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            said(&output).contains(answer),
            "{arguments:?}: {}",
            said(&output)
        );
        assert!(!said(&output).contains("as sent"), "{}", said(&output));
    }
}

#[test]
fn an_email_has_a_sender_and_a_valid_recipient() {
    let incident = SENT
        .replace("\"Quillmarket\"", "\"Nordhafen\"")
        .replace("post@loewen.example", "post@löwen.example");
    let work = archive(&incident);
    let out = work.path().join("messages");
    let write = |contact: &str| {
        let settings = format!("[organization]\ncontact = '{contact}'\n");
        fs::write(work.path().join("afterword.toml"), settings).expect("writable");
        let output = comms(
            work.path(),
            &["INC-2026-0007", "--out", out.to_str().expect("UTF-8")],
        );
        assert!(output.status.success(), "{}", said(&output));
        (said(&output), files(&out))
    };
    let (printed, made) = write("Größe & Co <support@example.com>");
    let mail = String::from_utf8_lossy(&made["nordhafen-kiosk.eml"]);
    let from = "From: =?utf-8?B?R3LDtsOfZSAmIENv?=\r\n <support@example.com>\r\n";
    assert!(mail.starts_with(from), "{mail}");
    assert!(!made.contains_key("löwen-söhne-feinkost.eml"));
    let skipped = "no email: `contact` contains non-ASCII characters";
    assert!(printed.contains(skipped), "{printed}");
    let (printed, made) = write("https://example.com/help");
    assert!(
        printed.contains("`[organization] contact` is not an email address"),
        "{printed}"
    );
    assert!(!String::from_utf8_lossy(&made["nordhafen-kiosk.eml"]).contains("From:"));
}

#[test]
fn a_message_may_name_its_recipient_whose_name_contains_that_of_another() {
    let incident = SENT
        .replace("\"Quillmarket\"", "\"Nordhafen\"")
        .replace("Sorry.", "Sorry, Nordhafen Kiosk.");
    let work = archive(&incident);
    for (customer, is_fine) in [("Nordhafen Kiosk", true), ("Nordhafen", false)] {
        let output = comms(
            work.path(),
            &[
                "INC-2026-0007",
                "--stage",
                "resolved",
                "--customer",
                customer,
            ],
        );
        assert_eq!(
            output.status.success(),
            is_fine,
            "{customer}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_custom_template_overrides_the_built_in_one() {
    let work = tempfile::tempdir().expect("a folder");
    copy(case("every-key").as_std_path(), work.path());
    fs::create_dir_all(work.path().join("templates/comms")).expect("writable");
    let path = work.path().join("templates/comms/identified.fax.txt");
    fs::write(path, "By fax: {{ title }} <{{ stage }}>\n").expect("writable");
    let output = comms(
        work.path(),
        &["INC-2025-0100", "--stage", "identified", "--channel", "fax"],
    );
    assert_eq!(
        printed(&output),
        "By fax: Zq139 public title <identified>\n"
    );
}

const ONGOING: &str = r#"
title = "Parcels not found"
severity = "P2"
classification = "internal"
status = "identified"

[times]
started = 2026-03-02T09:00:00Z

[communication.external]
status_page_interval = "30 minutes"

[[messages]]
stage = "investigating"
channel = "status"
sent_at = 2026-03-02T09:10:00Z
body = "Some parcels cannot be found."

[[messages]]
stage = "identified"
channel = "status"
sent_at = 2026-03-02T09:55:00Z
body = "We know why."
approved_by = "Ilse Roth"

[[messages]]
stage = "identified"
audience = "internal"
sent_at = 2026-03-02T09:58:00Z
body = "For us alone."
"#;

#[test]
fn the_page_of_messages_shows_sent_late_and_next_messages() {
    let work = archive(ONGOING);
    let output = afterword(&["build", work.path().to_str().expect("UTF-8")], &[AS_OF]);
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&work.path().join("site"));
    let page = |path: &str| String::from_utf8(site[path].clone()).expect("UTF-8");
    let own = page("comms/INC-2026-0007.md");
    let expected = [
        "The next message is due 2026-03-02 10:25:00 UTC.",
        "Update interval: 30 minutes.",
        "## Drafts (Not Sent)",
        "### Identified on the status page",
        "### Monitoring on the status page",
        "### Resolved on the status page",
        "## Sent",
        "### Identified, 2026-03-02 09:55:00 UTC",
        "approved by Ilse Roth, 45 minutes after the previous message (late).",
        "We know why.",
        "### Investigating, 2026-03-02 09:10:00 UTC",
        "Some parcels cannot be found.",
    ];
    let mut rest = own.as_str();
    for words in expected {
        let at = rest.find(words);
        rest = &rest[at.unwrap_or_else(|| panic!("`{words}` is not next in {own}"))..];
    }
    assert!(
        !own.contains("For us alone") && !own.contains("### Investigating by"),
        "{own}"
    );
    let all = page("comms/index.md");
    assert!(
        all.contains(
            "Next message: [Parcels not found](INC-2026-0007.md), due 2026-03-02 10:25:00 UTC."
        ),
        "{all}"
    );
    assert_eq!(all.matches("(late)").count(), 1, "{all}");
}

/// Additions to an incident, with the gap before its last message if that is late.
const PACES: &[(&str, Option<&str>)] = &[
    // The stated interval, in time within a minute, and later than that.
    (
        r#"communication.external.status_page_interval = "30 minutes"
messages = [{ stage = "investigating", sent_at = "09:10", body = "B." }, { stage = "identified", sent_at = "09:41", body = "B." }]"#,
        None,
    ),
    (
        r#"communication.external.status_page_interval = "30 minutes"
messages = [{ stage = "investigating", sent_at = "09:10", body = "B." }, { stage = "identified", sent_at = "09:42", body = "B." }]"#,
        Some("32 minutes"),
    ),
    // An approximate time may be ten minutes later.
    (
        r#"communication.external.status_page_interval = "30 minutes"
messages = [{ stage = "investigating", sent_at = "~09:10", body = "B." }, { stage = "identified", sent_at = "09:48", body = "B." }]"#,
        None,
    ),
    // A text promises too, and is stronger than the interval.
    (
        r#"messages = [{ stage = "investigating", sent_at = "09:10", body = "Next update in 20 minutes." }, { stage = "identified", sent_at = "09:42", body = "Update" }]"#,
        Some("32 minutes"),
    ),
    (
        r#"communication.external.status_page_interval = "30 minutes"
messages = [{ stage = "investigating", sent_at = "09:10", body = "Next update in an hour." }, { stage = "identified", sent_at = "09:42", body = "B." }]"#,
        None,
    ),
    (
        r#"messages = [{ stage = "investigating", sent_at = "09:10", next_update_at = "09:30", body = "B." }, { stage = "identified", sent_at = "09:42", body = "Update" }]"#,
        Some("32 minutes"),
    ),
    // A promised update is owed whether the incident has ended or not.
    (
        r#"communication.external.status_page_interval = "30 minutes"
times.ended = "09:20"
messages = [{ stage = "identified", sent_at = "09:10", body = "B." }, { stage = "resolved", sent_at = "20:44", body = "B." }]"#,
        Some("11 hours 34 minutes"),
    ),
];

#[test]
fn an_update_is_late_for_check_and_pages_alike() {
    for (incident, late) in PACES {
        let incident = format!(
            "title = \"Parcels not found\"\ntimes.started = 2026-03-02T09:00:00Z\n{incident}\n"
        );
        let timeline = r#"{ "date": "2026-03-02", "events": [] }"#;
        let work = archive_with(&incident, timeline);
        let directory = work.path().to_str().expect("UTF-8");
        let checked = afterword(&["check", directory], &[AS_OF]);
        let found = String::from_utf8_lossy(&checked.stdout).into_owned();
        let is_named = ["[update-interval-not-kept]", "[promised-update-late]"]
            .iter()
            .any(|code| found.contains(code));
        assert_eq!(is_named, late.is_some(), "{incident}: {found}");
        let output = afterword(&["build", directory], &[AS_OF]);
        assert!(output.status.success(), "{}", said(&output));
        let site = files(&work.path().join("site"));
        for path in ["comms/index.md", "comms/INC-2026-0007.md"] {
            let page = String::from_utf8_lossy(&site[path]).into_owned();
            let expected = late.map_or(0, |_| 1);
            assert_eq!(page.matches("(late)").count(), expected, "{page}");
            assert!(late.is_none_or(|late| page.contains(late)), "{page}");
        }
    }
}

const REOPENED: &str = r#"
title = "Parcels not found"
severity = "P2"
classification = "internal"

[[messages]]
stage = "investigating"
sent_at = 2026-03-02T09:10:00Z
body = "The first text."

[[messages]]
stage = "resolved"
sent_at = 2026-03-02T10:05:00Z
body = "The text from before the relapse."
"#;

const RELAPSE: &str = r#"{ "date": "2026-03-02", "events": [
    { "at": "09:00", "marks": ["started", "impact_started"], "text": "Began" },
    { "at": "09:20", "marks": ["identified"], "text": "Found" },
    { "at": "10:00", "marks": ["impact_ended", "resolved"], "text": "Restarted" },
    { "at": "10:30", "marks": ["impact_started"], "text": "Back" }
] }"#;

/// An archive of one incident with its timeline.
fn archive_with(incident: &str, timeline: &str) -> tempfile::TempDir {
    let work = archive(incident);
    fs::create_dir(work.path().join("timelines")).expect("writable");
    fs::write(work.path().join("timelines/INC-2026-0007.json"), timeline).expect("writable");
    work
}

#[test]
fn a_message_from_before_a_relapse_is_not_the_current_one() {
    let print = |incident: &str, arguments: &[&str]| {
        let work = archive_with(incident, RELAPSE);
        let output = comms(work.path(), &[&["INC-2026-0007"], arguments].concat());
        (printed(&output), said(&output))
    };
    // Impact has started again, and nothing was sent since.
    let (text, origin) = print(REOPENED, &[]);
    assert!(text.starts_with("Subject: Investigating"), "{text}");
    let note =
        "the message sent before the incident was reopened at 2026-03-02 10:30 UTC is out of date";
    assert!(origin.contains(note), "{origin}");
    let (text, _) = print(REOPENED, &["--stage", "resolved"]);
    assert!(text.starts_with("Subject: Resolved"), "{text}");
    // Customers were notified that it is back, whatever the marks are.
    let again = "[[messages]]\nstage = \"investigating\"\nsent_at = 2026-03-02T10:40:00Z\nbody = \"The second text.\"\n";
    let again = format!("{REOPENED}{again}");
    assert_eq!(print(&again, &[]).0, "The second text.\n");
    let unmarked = archive(&again);
    let output = comms(unmarked.path(), &["INC-2026-0007", "--stage", "resolved"]);
    assert!(
        printed(&output).starts_with("Subject: Resolved"),
        "{}",
        said(&output)
    );
    // It has finally ended: the last resolution counts, and none is invented.
    let closed = format!("status = \"closed\"\n{again}");
    let (text, _) = print(&closed, &[]);
    assert!(text.starts_with("Subject: Resolved"), "{text}");
    let last = "[[messages]]\nstage = \"resolved\"\nsent_at = 2026-03-02T11:10:00Z\nbody = \"The last text.\"\n";
    assert_eq!(print(&format!("{closed}{last}"), &[]).0, "The last text.\n");
    // For an incident that has ended, the first message is still the one sent.
    let closed = format!("status = \"closed\"\n{REOPENED}");
    let (text, _) = print(&closed, &["--stage", "investigating"]);
    assert_eq!(text, "The first text.\n");
}

#[test]
fn the_page_of_a_reopened_incident_drafts_the_stages_from_the_first_one() {
    let work = archive_with(REOPENED, RELAPSE);
    let output = afterword(&["build", work.path().to_str().expect("UTF-8")], &[AS_OF]);
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&work.path().join("site"));
    let page = String::from_utf8(site["comms/INC-2026-0007.md"].clone()).expect("UTF-8");
    assert!(page.contains("Investigating by email"), "{page}");
    let found = afterword(&["check", work.path().to_str().expect("UTF-8")], &[AS_OF]);
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(
        found.contains("warning[resolved-message-outdated]"),
        "{found}"
    );
}

#[test]
fn the_copied_text_is_the_recorded_one() {
    let work = archive(SENT);
    let output = afterword(&["build", work.path().to_str().expect("UTF-8")], &[AS_OF]);
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&work.path().join("site"));
    let page = String::from_utf8(site["comms/INC-2026-0007.html"].clone()).expect("UTF-8");
    let copied = "<code data-copy-text>Counts were wrong from 09:00 to 10:30 UTC.  Two  spaces stay, and so does *this*.\n\n    Sorry.\n</code>";
    assert!(page.contains(copied), "{page}");
}

#[test]
fn cancelled_maintenance_is_not_drafted_as_complete() {
    let incident = "title = \"Upgrade\"\nkind = \"maintenance\"\nstatus = \"closed\"\n\
                    [schedule]\nfrom = 2026-11-28T09:00:00Z\nuntil = 2026-11-28T11:00:00Z\n";
    let folder = crate::site::archive(&[("incidents/MNT-1.toml", incident)]);
    let printed = |arguments: &[&str]| crate::site::printed(&folder, arguments);
    let refused = printed(&["comms", "MNT-1"]);
    assert!(
        refused.contains("`MNT-1` is closed, but nothing says that it started"),
        "{refused}"
    );
    assert!(!refused.contains("complete"), "{refused}");
    let recorded = printed(&["comms", "MNT-1", "--record"]);
    assert!(
        recorded.contains("nothing says that it started"),
        "{recorded}"
    );
    // A stage that was asked for is drafted.
    let asked = printed(&["comms", "MNT-1", "--stage", "resolved"]);
    assert!(asked.contains("[Fill in: start date"), "{asked}");
}

#[test]
fn only_incidents_and_maintenance_are_drafted() {
    for (kind, named) in [
        ("drill", "drill"),
        ("near_miss", "near miss"),
        ("investigation", "investigation"),
    ] {
        let incident = format!(
            "title = \"Failover\"\nkind = \"{kind}\"\nclassification = \"public\"\n\
             [times]\nstarted = 2026-06-01T09:00:00Z\nended = 2026-06-01T10:00:00Z\n"
        );
        let folder = crate::site::archive(&[("incidents/X-1.toml", &incident)]);
        let printed = |arguments: &[&str]| crate::site::printed(&folder, arguments);
        for arguments in [&["comms", "X-1"][..], &["comms", "X-1", "--record"]] {
            let refused = printed(arguments);
            let reason = format!("the kind of `X-1` is {named}, and drafts are about incidents");
            assert!(refused.contains(&reason), "{refused}");
        }
        let next = printed(&["comms", "X-1", "--next"]);
        assert!(!next.contains("sorry"), "{next}");
    }
}
