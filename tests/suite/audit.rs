//! Information that a build does not publish, and that an audit of a built site finds.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::canaries::{ID, said_by};
use crate::site::{afterword, case, copy, files, said};

/// Builds the case for an audience after replacing a text in a file.
fn build_with(file: &str, from: &str, to: &str, settings: &str, audience: &str) -> Output {
    let work = tempfile::tempdir().expect("a folder");
    copy(case("every-key").as_std_path(), work.path());
    fs::write(work.path().join("afterword.toml"), settings).expect("writable");
    let incident = work.path().join(format!("incidents/{ID}.toml"));
    let text = fs::read_to_string(&incident).expect("readable");
    let text = text
        .replace(
            "classification = \"internal\"",
            "classification = \"public\"",
        )
        .replace("report = \"full\"\n", "")
        .replace("accounts = 78101\n", "");
    fs::write(&incident, text).expect("writable");
    let path = work.path().join(file);
    let text = fs::read_to_string(&path).expect("readable");
    assert!(text.contains(from), "`{from}` is in {file}");
    fs::write(&path, text.replace(from, to)).expect("writable");
    let output = afterword(
        &[
            "build",
            work.path().to_str().expect("UTF-8"),
            "--audience",
            audience,
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    let is_there = work.path().join("site/index.html").exists();
    assert_eq!(is_there, output.status.success(), "{}", said(&output));
    output
}

#[test]
fn a_confidential_term_in_a_public_text_stops_the_build() {
    let public = format!("incidents/{ID}.toml");
    let words = [
        ("Zq033 customer", "name"),
        ("Zq008 commander", "name of a person"),
        ("zq008 Commander", "name of a person"),
        ("Zq144 actor", "name of a person"),
        ("zq@example.com", "contact"),
        (ID, "incident ID"),
        ("INC-2025-0102", "incident ID"),
    ];
    for (word, what) in words {
        let to = format!("Zq140 sent to **{word}**, and others");
        let output = build_with(&public, "Zq140 public summary", &to, "", "public");
        assert_eq!(output.status.code(), Some(1), "{word}: {}", said(&output));
        assert!(said(&output).contains(what), "{word}: {}", said(&output));
        assert!(
            said(&output).contains("incidents/zq-public.md:"),
            "{}",
            said(&output)
        );
        let settings = format!("[audit]\nallow = [\"{word}\"]\n");
        let output = build_with(&public, "Zq140 public summary", &to, &settings, "public");
        assert!(
            output.status.success(),
            "{word} is allowed: {}",
            said(&output)
        );
    }
    let fine = build_with(
        &public,
        "Zq140 public summary",
        "Zq140 sent to all customers",
        "",
        "public",
    );
    assert!(fine.status.success(), "{}", said(&fine));
}

#[test]
fn a_secret_stops_the_build_for_every_audience() {
    let key = format!("AKIA{}", "ABCDEFGH12345678");
    let public = format!("incidents/{ID}.toml");
    for audience in ["public", "customers", "internal", "confidential"] {
        let is_external = audience == "public" || audience == "customers";
        // An internal site shows the public texts in drafts, which a merged incident has none of.
        let shown = if is_external {
            "Zq139 public title"
        } else {
            "Zq002 summary"
        };
        let output = build_with(&public, shown, &key, "", audience);
        assert!(!output.status.success(), "{audience}: {}", said(&output));
        // Every secret is reported in one run.
        let both = format!("{key} and ghp_{}", "a1".repeat(18));
        let output = build_with(&public, shown, &both, "", audience);
        assert!(said(&output).contains("`ghp_…`"), "{audience}");
        let output = build_with(&public, "Zq002 summary", &key, "", audience);
        assert_eq!(
            output.status.success(),
            is_external,
            "{audience}: {}",
            said(&output)
        );
    }
}

/// Creates an archive of these incidents and builds it.
fn build_archive(work: &Path, incidents: &[(&str, &str)], arguments: &[&str]) -> Output {
    fs::create_dir_all(work.join("incidents")).expect("writable");
    for (id, text) in incidents {
        fs::write(work.join(format!("incidents/{id}.toml")), text).expect("writable");
    }
    let mut all = vec!["build", work.to_str().expect("UTF-8")];
    all.extend(arguments);
    afterword(&all, &[("SOURCE_DATE_EPOCH", "1795239728")])
}

const SHOWN: &str = "title = \"Late pages at night again\"\nseverity = \"P2\"\nclassification = \"public\"\n\
    [times]\nstarted = 2026-02-03T08:00:00Z\n[public]\ntitle = \"Late pages at night again\"\nsummary = \"Notified all.\"\n";

/// An internal incident with a customer, to which errors are added.
const INTERNAL: &str = "title = \"Shops without stock\"\nclassification = \"internal\"\n\
    [[impact.customers]]\nname = \"Fabrikam Retail\"\n";

#[test]
fn an_external_build_needs_every_file_to_be_readable() {
    let names_customer = SHOWN.replace("Notified all.", "Search was slow for Fabrikam Retail.");
    let timeline = "{\"date\": \"2026-02-03\" \"events\": []}";
    for (path, text) in [
        (
            "incidents/INC-2026-0002.toml",
            format!("bogus = 1\n{INTERNAL}"),
        ),
        (
            "incidents/INC-2026-0002.toml",
            format!("{INTERNAL}name = 2\n"),
        ),
        ("incidents/more/inc-2026-0002.toml", INTERNAL.to_owned()),
        ("timelines/INC-2026-0002.json", timeline.to_owned()),
        ("afterword.toml", "[site]\nbogus = 1\n".to_owned()),
        ("memory.toml", "bogus".to_owned()),
        ("incidents/INC-2026-0003.TOML", INTERNAL.to_owned()),
    ] {
        for audience in ["public", "customers"] {
            let work = tempfile::tempdir().expect("a folder");
            let incidents = [("INC-2026-0001", SHOWN), ("INC-2026-0002", INTERNAL)];
            let arguments = ["--audience", audience, "--keep-going"];
            let made = build_archive(work.path(), &incidents, &arguments);
            assert!(made.status.success(), "{}", said(&made));
            let before = files(&work.path().join("site"));
            let broken = work.path().join(path);
            fs::create_dir_all(broken.parent().expect("a folder")).expect("writable");
            fs::write(broken, &text).expect("writable");
            let mut incidents = vec![("INC-2026-0001", names_customer.as_str())];
            incidents.extend(
                (path != "incidents/INC-2026-0002.toml").then_some(("INC-2026-0002", INTERNAL)),
            );
            let again = build_archive(work.path(), &incidents, &arguments);
            assert_eq!(again.status.code(), Some(1), "{path}: {}", said(&again));
            assert!(said(&again).contains(path), "{path}: {}", said(&again));
            assert!(said(&again).contains("nothing written"), "{}", said(&again));
            assert!(
                files(&work.path().join("site")) == before,
                "{path} for {audience}: something was written"
            );
        }
    }
}

#[test]
fn an_external_build_keeps_going_if_every_file_is_readable() {
    let work = tempfile::tempdir().expect("a folder");
    let backwards = format!(
        "{INTERNAL}[times]\nstarted = 2026-02-03T09:00:00Z\nended = 2026-02-03T08:00:00Z\n"
    );
    let arguments = ["--audience", "public", "--keep-going"];
    let fine = [("INC-2026-0001", SHOWN), ("INC-2026-0002", &backwards)];
    let built = build_archive(work.path(), &fine, &arguments);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    assert!(work.path().join("site/incidents/2026-02-03.html").exists());
    // Its names are known and scanned for.
    let names_customer = SHOWN.replace("Notified all.", "Slow for Fabrikam Retail.");
    let leak = [("INC-2026-0001", names_customer.as_str()), fine[1]];
    let refused = build_archive(work.path(), &leak, &arguments);
    assert!(
        said(&refused).contains("confidential-term-in-site"),
        "{}",
        said(&refused)
    );
}

#[test]
fn an_incident_with_errors_keeps_its_external_id() {
    let backwards = SHOWN.replace("[public]", "ended = 2026-02-03T07:00:00Z\n[public]");
    let second = SHOWN.replace("Notified all.", "Of the second.");
    let work = tempfile::tempdir().expect("a folder");
    let incidents = [
        ("INC-2026-0001", backwards.as_str()),
        ("INC-2026-0002", &second),
    ];
    let arguments = ["--audience", "public", "--keep-going"];
    let built = build_archive(work.path(), &incidents, &arguments);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let site = files(&work.path().join("site"));
    assert!(!site.contains_key("incidents/2026-02-03.md"));
    assert!(site.contains_key("incidents/2026-02-03-2.md"));
}

#[test]
fn settings_that_cannot_be_read_stop_every_build() {
    // They may state that the site is public.
    let work = tempfile::tempdir().expect("a folder");
    let settings = "[site]\naudience = \"public\"\nbogus = 1\n";
    fs::write(work.path().join("afterword.toml"), settings).expect("writable");
    for more in [vec![], vec!["--audience", "internal"]] {
        let arguments = [vec!["--keep-going"], more].concat();
        let built = build_archive(work.path(), &[("INC-2026-0002", INTERNAL)], &arguments);
        assert_eq!(built.status.code(), Some(1), "{}", said(&built));
        assert!(
            said(&built).contains("afterword.toml:3"),
            "{}",
            said(&built)
        );
        assert!(!work.path().join("site").exists());
    }
}

#[test]
fn an_incident_that_becomes_confidential_loses_its_old_pages_even_while_it_has_errors() {
    let work = tempfile::tempdir().expect("a folder");
    let shown = SHOWN.replace("\"public\"", "\"internal\"");
    let made = build_archive(work.path(), &[("INC-2026-0001", &shown)], &[]);
    assert!(made.status.success(), "{}", said(&made));
    let hidden = shown.replace("\"internal\"", "\"\\u0063onfidential\"") + "bogus = 1\n";
    let again = build_archive(
        work.path(),
        &[("INC-2026-0001", &hidden)],
        &["--keep-going"],
    );
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));
    let said = said_by(&files(&work.path().join("site")));
    assert!(!said.contains("Late pages"), "it stays");
}

#[test]
fn output_for_an_external_audience_is_scanned_like_a_site() {
    let work = tempfile::tempdir().expect("a folder");
    let action = |action: &str| {
        let item = format!("[[action_items]]\naction = \"{action}\"\nowner = \"Web team\"\n");
        OPEN.replace("[people]", &format!("{item}[people]"))
    };
    let actions = |incidents: &[(&str, &str)], format: &str| {
        build_archive(
            work.path(),
            incidents,
            &["--audience", "public", "--keep-going"],
        );
        let folder = work.path().to_str().expect("UTF-8");
        afterword(
            &[
                "-C",
                folder,
                "actions",
                "--audience",
                "public",
                "--format",
                format,
            ],
            &[("SOURCE_DATE_EPOCH", "1795239728")],
        )
    };
    let bogus = format!("bogus = 1\n{INTERNAL}");
    for format in ["table", "json", "csv", "ics"] {
        for (text, internal, code, word) in [
            ("Add a limit", INTERNAL, 0, "Add a limit"),
            ("Call Fabrikam Retail", INTERNAL, 1, "`Fabrikam Retail`"),
            ("Add a limit", &bogus, 1, "incidents/INC-2026-0002.toml"),
        ] {
            let shown = action(text);
            let incidents = [
                ("INC-2026-0001", shown.as_str()),
                ("INC-2026-0002", internal),
            ];
            let output = actions(&incidents, format);
            assert_eq!(
                output.status.code(),
                Some(code),
                "{format}: {}",
                said(&output)
            );
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(
                (printed + &said(&output)).contains(word),
                "{}",
                said(&output)
            );
            assert!(
                code == 0 || output.stdout.is_empty(),
                "{format}: something is printed"
            );
        }
    }
}

#[test]
fn overlapping_confidential_terms_are_all_found() {
    let customers = "[[impact.customers]]\nname = \"Acme\"\n[[impact.customers]]\nname = \"Acme Co\"\n\
        [people]\nresponders = [\"Ann Lee\", \"Lee Stone\"]\n";
    let hidden = format!("title = \"Hidden\"\nclassification = \"internal\"\n{customers}");
    for (sentence, word) in [
        ("notified Acme Corp now", "`Acme`"),
        ("notified ACME now", "`Acme`"),
        ("notified Ann Lee Stone", "`Lee Stone`"),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        let shown = SHOWN.replace("Notified all.", sentence);
        let incidents = [
            ("INC-2026-0001", shown.as_str()),
            ("INC-2026-0002", &hidden),
        ];
        let output = build_archive(work.path(), &incidents, &["--audience", "public"]);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{sentence}: {}",
            said(&output)
        );
        assert!(
            said(&output).contains(word),
            "{sentence}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_public_title_is_not_confidential_in_another_incident() {
    let work = tempfile::tempdir().expect("a folder");
    let hidden = "title = \"Late pages at night again\"\nclassification = \"internal\"\n";
    let incidents = [("INC-2026-0001", SHOWN), ("INC-2026-0002", hidden)];
    let output = build_archive(work.path(), &incidents, &["--audience", "public"]);
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn the_audit_of_an_internal_site_finds_confidential_incidents() {
    let work = tempfile::tempdir().expect("a folder");
    let hidden = "title = \"A matter of three words\"\nclassification = \"confidential\"\n";
    let output = build_archive(
        work.path(),
        &[("INC-2026-0002", hidden)],
        &["--audience", "confidential"],
    );
    assert!(output.status.success(), "{}", said(&output));
    let site = work.path().join("site");
    let audit = |audience: &str| {
        let (folder, site) = (
            work.path().to_str().expect("UTF-8"),
            site.to_str().expect("UTF-8"),
        );
        afterword(&["-C", folder, "audit", site, "--audience", audience], &[])
            .status
            .code()
    };
    assert_eq!(audit("internal"), Some(1));
    assert_eq!(audit("confidential"), Some(0));
}

#[test]
fn an_audit_lists_each_term_once() {
    let work = tempfile::tempdir().expect("a folder");
    let ids: Vec<String> = (1..=9)
        .map(|number| format!("INC-2026-000{number}"))
        .collect();
    let incidents: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), INTERNAL)).collect();
    let built = build_archive(work.path(), &incidents, &[]);
    assert!(built.status.success(), "{}", said(&built));
    let folder = work.path().to_str().expect("UTF-8");
    let site = work.path().join("site");
    let audited = afterword(&["-C", folder, "audit", site.to_str().expect("UTF-8")], &[]);
    assert_eq!(audited.status.code(), Some(1));
    let printed = String::from_utf8(audited.stdout).expect("UTF-8");
    let blocks: Vec<&str> = printed.split("\n\n").collect();
    let of_customer: Vec<&&str> = blocks
        .iter()
        .filter(|block| block.contains("`Fabrikam Retail`"))
        .collect();
    let [block] = of_customer.as_slice() else {
        panic!("not one block: {printed}");
    };
    // HTML, Markdown, JSON and the search text of each incident.
    assert!(block.contains(" in 36 files"), "{block}");
    assert!(block.contains("incidents/INC-2026-0001.html:"), "{block}");
    assert!(block.lines().count() < 15, "{block}");
    assert!(
        blocks
            .last()
            .is_some_and(|last| last.starts_with("11 terms in ")),
        "{printed}"
    );
}

/// An open report: `Ann Lee` and `Vero` are seen by the public, the others are not.
const OPEN: &str = "title = \"Late pages\"\nclassification = \"public\"\npublic = { report = \"full\" }\n\
    [people]\nresponders = [\"Ann Lee\"]\n[[impact.customers]]\nname = \"Vero\"\n\
    [[messages]]\nstage = \"resolved\"\naudience = \"customers\"\nbody = \"Ask zoe@example.com, then 10.1.2.3.\"\napproved_by = \"Carl Orff\"\n";

const OPEN_TIMELINE: &str = r#"{"date": "2026-02-03", "people": {"bo": {"name": "Bo Diddley"}}, "events": [
    {"at": "08:00", "text": "Seen", "actor": "Ann Lee", "visibility": "public"},
    {"at": "08:01", "text": "Kept", "actor": "bo"},
    {"at": "08:02", "text": "Kept too", "actor": "Dora Maar"}]}"#;

#[test]
fn terms_that_an_open_report_withholds_stay_confidential() {
    for (sentence, is_leak) in [
        ("Ann Lee told Vero.", false),
        ("Notified Bo Diddley.", true),
        ("Notified Dora Maar.", true),
        ("Notified Carl Orff.", true),
        ("Notified zoe@example.com.", true),
        ("See 10.1.2.3.", true),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(work.path().join("timelines")).expect("writable");
        let timeline = work.path().join("timelines/INC-2026-0002.json");
        fs::write(timeline, OPEN_TIMELINE).expect("writable");
        let shown = SHOWN.replace("Notified all.", sentence);
        let incidents = [("INC-2026-0001", shown.as_str()), ("INC-2026-0002", OPEN)];
        let output = build_archive(work.path(), &incidents, &["--audience", "public"]);
        assert_eq!(
            !output.status.success(),
            is_leak,
            "{sentence}: {}",
            said(&output)
        );
    }
}

#[test]
fn a_name_is_found_in_every_spelling_unless_every_site_contains_it() {
    let hidden = "title = \"Hidden\"\nclassification = \"internal\"\n[[impact.customers]]\nname = \"Élan Group\"\n\
        [[impact.customers]]\nname = \"Search\"\n[[impact.customers]]\nname = \"Summary\"\n[[impact.customers]]\nname = \"佐藤\"\n";
    for (sentence, word) in [
        ("Notified ÉLAN GROUP now.", "Élan Group"),
        ("Notified Élan  Group now.", "Élan Group"),
        ("Notified **Élan** Group now.", "Élan Group"),
        ("Notified É**lan** Group now.", "Élan Group"),
        ("Notified Élan\\nGroup now.", "Élan Group"),
        ("Notified Élan\\u00a0Group now.", "Élan Group"),
        ("Notified &Eacute;lan &#201;lan Group now.", "Élan Group"),
        (
            "See https://example.com/?c=%25C3%2589lan%2520Group.",
            "Élan Group",
        ),
        ("Code c3896c616e2047726f7570 is set.", "Élan Group"),
        ("Code w4lsYW4gR3JvdXA= is set.", "Élan Group"),
        ("Notified E\u{301}lan Group now.", "Élan Group"),
        ("See https://example.com/élan-group/logs.", "Élan Group"),
        ("See https://example.com/?c=%C3%89lan+Group.", "Élan Group"),
        ("昨日佐藤さんに", "佐藤"),
        ("Notified Search now.", "Search"),
        ("Notified all.", ""),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        let shown = SHOWN.replace("Notified all.", sentence);
        let incidents = [("INC-2026-0001", shown.as_str()), ("INC-2026-0002", hidden)];
        let output = build_archive(work.path(), &incidents, &["--audience", "public"]);
        let expected = i32::from(!word.is_empty());
        assert_eq!(
            output.status.code(),
            Some(expected),
            "{sentence}: {}",
            said(&output)
        );
        let named = format!("`{word}`");
        assert!(
            word.is_empty() || said(&output).contains(&named),
            "{sentence}: {}",
            said(&output)
        );
        // A term is reported once per file, and its other forms not at all.
        let file = said(&output).matches("incidents/2026-02-03.md").count();
        assert!(file <= 1, "{sentence}: {}", said(&output));
    }
}
