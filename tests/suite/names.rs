//! Confidential names on an external site: in identifiers, and in timelines that no incident uses.

use std::path::Path;
use std::process::Output;

use crate::site::{afterword, said, write};

/// An internal incident with a customer of one word that is no English word, of one that is, and of two words.
const INTERNAL: &str = "title = \"Shops without stock\"\nclassification = \"internal\"\n\
    [[impact.customers]]\nname = \"Fabrikam\"\n[[impact.customers]]\nname = \"Harvest\"\n\
    [[impact.customers]]\nname = \"Wingtip Toys\"\n";

const PUBLIC: &str = "title = \"Late pages at night again\"\nseverity = \"P2\"\nclassification = \"public\"\n\
    [times]\nstarted = 2026-02-03T08:00:00Z\n[public]\nid = \"2026-late\"\ntitle = \"Late pages\"\nsummary = \"Notified all.\"\n";

fn archive(public: &str) -> tempfile::TempDir {
    crate::site::archive(&[
        ("incidents/INC-2026-0001.toml", public),
        ("incidents/INC-2026-0002.toml", INTERNAL),
    ])
}

fn run(work: &Path, arguments: &[&str]) -> Output {
    let at = ["-C", work.to_str().expect("UTF-8")];
    afterword(
        &[&at, arguments].concat(),
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    )
}

#[test]
fn a_name_of_one_word_is_found_in_lowercase_in_identifiers() {
    for (from, to, is_leak) in [
        ("2026-late", "fabrikam-slow", true),
        (
            "Notified all.",
            "See https://fabrikam.example.com for more.",
            true,
        ),
        ("Notified all.", "Ask help@fabrikam.example.com.", true),
        ("Notified all.", "Ask @fabrikam.", true),
        ("Notified all.", "See `/srv/fabrikam/log`.", true),
        ("Notified all.", "Fabrikam was slow.", true),
        ("Notified all.", "FABRIKAM was slow.", true),
        // A common word.
        ("Notified all.", "Orders of the harvest were slow.", false),
        (
            "Notified all.",
            "Slow for a harvest-time sale; harvest.",
            false,
        ),
        // Names of several words, however they are joined.
        ("Notified all.", "Slow for wingtip toys.", true),
        ("Notified all.", "Slow for Wingtip/Toys.", true),
        ("Notified all.", "Slow for Wingtip\u{2014}Toys.", true),
        ("Notified all.", "Slow for \u{ff37}ingtip Toys.", true),
    ] {
        let work = archive(&PUBLIC.replace(from, to));
        let output = run(work.path(), &["build", "--audience", "public"]);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
        assert_eq!(
            output.status.code(),
            Some(i32::from(is_leak)),
            "{to}: {printed}"
        );
        assert_eq!(
            printed.contains("confidential-term-in-site"),
            is_leak,
            "{to}: {printed}"
        );
    }
}

#[test]
fn a_check_finds_a_lowercase_name_in_the_identifiers_of_its_own_incident() {
    let customer = "[[impact.customers]]\nname = \"Fabrikam\"\n";
    for (to, is_found) in [
        ("See https://fabrikam.example.com.", true),
        ("Slow for Fabrikam.", true),
        ("Slow for fabrikam.", false),
    ] {
        let work = archive(&(PUBLIC.replace("Notified all.", to) + customer));
        let output = run(work.path(), &["check"]);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned() + &said(&output);
        assert_eq!(printed.contains("`Fabrikam`"), is_found, "{to}: {printed}");
    }
}

#[test]
fn an_external_build_needs_every_timeline_to_be_used() {
    let fine = r#"{"events": [], "people": {"a": {"name": "Ann Lee"}}}"#;
    for (path, text) in [
        ("timelines/INC-2026-0009.json", fine),
        (
            "timelines/INC-2026-0009.json",
            r#"{"events": [] "people": {}}"#,
        ),
        (
            "timelines/INC-2026-0009.d/a.json",
            r#"{"at": "2026-02-03 08:00", "text": "Ann Lee"}"#,
        ),
    ] {
        let work = archive(PUBLIC);
        write(work.path(), path, text);
        for arguments in [
            &["build", "--audience", "public", "--keep-going"][..],
            &["actions", "--audience", "public"],
        ] {
            let output = run(work.path(), arguments);
            assert_eq!(output.status.code(), Some(1), "{path}: {}", said(&output));
            let words =
                format!("no incident uses `{path}`, so not all confidential terms are known");
            assert!(said(&output).contains(&words), "{path}: {}", said(&output));
        }
        assert!(!work.path().join("site").exists(), "{path}");
        let output = run(work.path(), &["build"]);
        assert!(output.status.success(), "{path}: {}", said(&output));
    }
}

#[test]
fn each_time_shows_its_zone_if_neither_summary_nor_timeline_announces_it() {
    let work = tempfile::tempdir().expect("a folder");
    let messages = "title = \"Slow\"\nclassification = \"internal\"\n\
        [[messages]]\nstage = \"investigating\"\naudience = \"public\"\nsent_at = \"2026-07-01 11:00\"\nbody = \"Slow.\"\n";
    write(work.path(), "incidents/INC-2026-0001.toml", messages);
    write(
        work.path(),
        "afterword.toml",
        "[site]\ntimezone = \"Europe/Berlin\"\n",
    );
    let text = |work: &Path| {
        let output = run(work, &["show", "INC-2026-0001"]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let shown = text(work.path());
    assert!(shown.contains("CEST"), "{shown}");
    let services = "title = \"Slow\"\nclassification = \"internal\"\n\
        [[impact.services]]\nname = \"checkout\"\nfrom = \"2026-07-01 09:30\"\nuntil = \"2026-07-01 10:30\"\n";
    write(work.path(), "incidents/INC-2026-0001.toml", services);
    let shown = text(work.path());
    assert!(shown.contains("checkout"), "{shown}");
    assert!(shown.contains("CEST"), "{shown}");
    write(work.path(), "incidents/INC-2026-0001.toml", messages);
    write(
        work.path(),
        "timelines/INC-2026-0001.json",
        r#"{"tz": "Europe/Berlin", "date": "2026-07-01", "events": [{"at": "10:50", "marks": ["started"], "text": "Seen"}]}"#,
    );
    let shown = text(work.path());
    assert_eq!(shown.matches("CEST").count(), 1, "{shown}");
}
