//! What an audience reads of incidents agrees with the copy that it sees: facts, lists, metrics and messages.

use std::fs;

use crate::canaries::said_by;
use crate::site::{self, built, printed, text};

const CONFIG: &str = "[site]\ntitle = \"Ledgers\"\nbase_url = \"https://example.com\"\nas_of = 2025-05-01\n[fields.cost_centre]\naudience = \"confidential\"\ncounted = true\n";

fn archive(texts: &[(&str, &str)]) -> tempfile::TempDir {
    site::archive(&[texts, &[("afterword.toml", CONFIG)]].concat())
}

#[test]
fn nothing_says_into_which_hidden_incident_one_was_merged() {
    let public = "severity = \"P2\"\nservices = [\"Api\"]\ntimes = { started = 2025-03-20T10:00:00Z }\npublic = { title = \"Slow\", summary = \"Slow.\", components = [\"Api\"] }\n";
    for (target, readers) in [
        ("confidential", "internal"),
        ("confidential", "customers"),
        ("confidential", "public"),
        ("internal", "customers"),
        ("internal", "public"),
        ("customers", "public"),
    ] {
        let hidden = format!(
            "title = \"Hush title\"\nclassification = \"{target}\"\nsummary = \"Hush summary\"\nseverity = \"P1\"\nservices = [\"Hush service\"]\npublic = {{ title = \"Hush public\", summary = \"Hush text\" }}\n"
        );
        let merged = format!(
            "title = \"Slow\"\nclassification = \"public\"\nmerged_into = \"INC-2025-7710\"\n{public}"
        );
        let split = format!(
            "title = \"Slower\"\nclassification = \"public\"\nsplit_from = \"INC-2025-7710\"\n{public}"
        );
        let work = archive(&[
            ("incidents/INC-2025-7710.toml", &hidden),
            ("incidents/INC-2025-0002.toml", &merged),
            ("incidents/INC-2025-0003.toml", &split),
        ]);
        let site = said_by(&built(&work, readers)).to_lowercase();
        for word in ["hush", "7710"] {
            assert!(!site.contains(word), "{word}: {target} for {readers}");
        }
        assert!(site.contains("merged"), "{target} for {readers}");
    }
}

/// A part of each kind that may be for some readers only.
const PARTS: &str = r#"
[[evidence]]
title = "Zq01"
code = "Zq02"
finding = "Zq03"
group = "Zq04"
warning = "Zq05"
audience = "confidential"
[evidence_groups.Zq04]
warning = "Zq06"
[[sections]]
title = "Zq07"
body = "Zq08"
audience = "confidential"
[[tables]]
title = "Zq09"
columns = ["Zq10"]
rows = [["Zq11"]]
audience = "confidential"
[[technical.query_analysis]]
title = "Zq12"
before = { time = "3 s", code = "Zq13", plan = "Zq14" }
finding = "Zq15"
audience = "confidential"
[[action_items]]
id = "Zq16"
action = "Zq17"
owner = ["Zq18", "Zq19"]
due = 2025-04-01
notes = "Zq20"
audience = "confidential"
[resolution]
immediate = [{ text = "Zq21", audience = "confidential" }, { action = "Zq16" }]
short_term = [{ text = "Zq22", audience = "confidential" }]
long_term = [{ text = "Zq23", audience = "confidential" }]
[[resolution.phases]]
title = "Later"
items = [{ text = "Zq24", audience = "confidential" }]
[fix]
status = "deployed"
changes = [{ title = "Zq25", url = "https://example.com/zq26" }]
rollout = [{ environment = "Zq27", status = "deployed", results = ["Zq28"] }]
audience = "confidential"
[[references]]
title = "Zq29"
url = "https://example.com/zq30"
audience = "confidential"
[[messages]]
stage = "resolved"
audience = "confidential"
sent_at = 2025-03-20T12:00:00Z
subject = "Zq31"
body = "Zq32"
[extra]
cost_centre = "Zq33"
"#;

#[test]
fn each_restricted_part_is_only_for_its_readers() {
    let canary = |number: usize| format!("zq{number:02}");
    for (full, readers) in [
        (false, "internal"),
        (false, "customers"),
        (false, "public"),
        (true, "customers"),
        (true, "public"),
    ] {
        let head = "title = \"Slow\"\nclassification = \"public\"\nseverity = \"P2\"\ntimes = { started = 2025-03-20T10:00:00Z, ended = 2025-03-20T11:00:00Z }\n";
        let report = if full {
            "report = \"full\"\n"
        } else {
            "title = \"Slow\"\nsummary = \"Slow.\"\n"
        };
        let text = format!("{head}{PARTS}[public]\n{report}");
        let work = archive(&[("incidents/INC-2025-0002.toml", &text)]);
        let whole = said_by(&built(&work, "confidential")).to_lowercase();
        let seen = said_by(&built(&work, readers)).to_lowercase();
        for number in 1..=33 {
            let canary = canary(number);
            // A group of evidence is not printed, only what it warns of.
            assert!(
                number == 4 || whole.contains(&canary),
                "{canary} is not on any page"
            );
            assert!(
                !seen.contains(&canary),
                "{canary} for {readers}, full: {full}"
            );
        }
    }
}

#[test]
fn a_draft_on_an_internal_page_is_redacted_for_customers_too() {
    let text = "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P2\"\ntimes = { started = 2025-03-20T10:00:00Z }\nredact = [{ text = \"Lars Novak\" }, { text = \"Mill Bank\", audience = \"internal\" }, { text = \"Pay Gate\", audience = \"customers\" }]\nsummary = \"Lars Novak\"\nservices = [\"Mill Bank\", \"Pay Gate\"]\n[[messages]]\nstage = \"investigating\"\nchannel = \"status\"\naudience = \"public\"\nsent_at = 2025-03-20T10:10:00Z\nbody = \"We look into it.\"\n[[messages]]\nstage = \"investigating\"\nchannel = \"email\"\nsent_at = 2025-03-20T10:12:00Z\nbody = \"We look into it.\"\n";
    let work = archive(&[("incidents/INC-2025-0002.toml", text)]);
    let page = text_of_drafts(&text_page(&work));
    assert!(!page.contains("Mill Bank"), "{page}");
    assert!(page.contains("[redacted], Pay Gate"), "{page}");
    assert!(page.contains("[redacted], [redacted]"), "{page}");
    let status = printed(
        &work,
        &["comms", "INC-2025-0002", "--channel", "status", "--draft"],
    );
    assert!(!status.contains("Pay Gate"), "{status}");
}

fn text_page(work: &tempfile::TempDir) -> String {
    text(&built(work, "internal"), "comms/INC-2025-0002.md")
}

fn text_of_drafts(page: &str) -> String {
    let (_, drafts) = page.split_once("## Drafts").expect("drafts");
    drafts
        .split("## Sent")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn redacted_services_are_not_joined() {
    let incident = |name: &str, day: u8| {
        format!(
            "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P2\"\nservices = [\"{name}\", \"api\"]\nredact = [{{ text = \"{name}\" }}]\ntimes = {{ started = 2025-03-{day}T10:00:00Z, ended = 2025-03-{day}T11:00:00Z }}\n[self_healing]\nactions = [{{ name = \"Restart\", playbook = \"{name}\", result = \"success\" }}]\n"
        )
    };
    let work = archive(&[
        ("incidents/INC-2025-0002.toml", &incident("alpha", 20)),
        ("incidents/INC-2025-0003.toml", &incident("beta", 21)),
    ]);
    let site = built(&work, "internal");
    let report = text(&site, "incidents/INC-2025-0002.html");
    assert!(
        report.contains("[redacted]") && !report.contains("alpha"),
        "{report}"
    );
    for path in ["metrics.json", "index.md", "services/index.md"] {
        assert!(!text(&site, path).contains("redacted"), "{path}");
    }
    let pages = { site.keys() }.filter_map(|path| path.strip_prefix("services/"));
    let pages: Vec<&str> = pages
        .filter_map(|page| page.strip_suffix(".html"))
        .collect();
    assert_eq!(pages, ["api", "index"]);
    assert!(
        report.contains("services/api.html"),
        "the other service has its page"
    );
}

#[test]
fn a_time_that_is_not_shown_cannot_be_computed_from_a_service() {
    let incident = "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P2\"\ntimes = { started = 2025-03-20T09:00:00Z, ended = 2025-03-20T10:00:00Z }\n[[impact.services]]\nname = \"api\"\nfrom = { event = \"hush\" }\nuntil = 2025-03-20T09:31:00Z\n[[impact.services]]\nname = \"api\"\nfrom = 2025-03-20T09:40:00Z\nuntil = 2025-03-20T09:50:00Z\n";
    let timeline = "{\"date\": \"2025-03-20\", \"events\": [{\"at\": \"09:11:17\", \"id\": \"hush\", \"text\": \"Quiet\", \"visibility\": \"confidential\"}]}";
    let work = archive(&[
        ("incidents/INC-2025-0002.toml", incident),
        ("timelines/INC-2025-0002.json", timeline),
    ]);
    let site = built(&work, "internal");
    let metrics: serde_json::Value =
        serde_json::from_str(&text(&site, "metrics.json")).expect("JSON");
    let api = &metrics["availability"]["services"][0];
    assert_eq!(api["quarters"][1]["lost_seconds"], 600, "{api}");
    assert_eq!(api["not_counted"], 1);
    let report = text(&site, "incidents/INC-2025-0002.md");
    assert!(
        report.contains("| not shown here | 09:31:00 | not shown here |"),
        "{report}"
    );
    assert!(
        report.contains("**api**: not shown here in 2 windows"),
        "{report}"
    );
    let whole = built(&work, "confidential");
    let metrics: serde_json::Value =
        serde_json::from_str(&text(&whole, "metrics.json")).expect("JSON");
    // 19m43s and 10m.
    assert_eq!(
        metrics["availability"]["services"][0]["quarters"][1]["lost_seconds"],
        1783
    );
    let table = printed(&work, &["availability", "--format", "csv"]);
    assert!(table.contains(",600,"), "{table}");
    let table = printed(&work, &["availability"]);
    let note =
        "api: 1 incident whose start or end is not recorded or not shown here is not counted\n";
    assert!(table.ends_with(note), "{table}");
}

#[test]
fn the_status_is_the_same_for_readers_who_do_not_see_the_fix() {
    let incident = "title = \"Slow\"\nkind = \"investigation\"\nclassification = \"internal\"\n[root_cause]\nprimary = \"A leak\"\n[analysis]\nstatus = \"final\"\n[fix]\nstatus = \"pending_deploy\"\naudience = \"confidential\"\nchanges = [{ title = \"Hush\", url = \"https://example.com/x\" }]\n";
    let work = archive(&[("incidents/RCA-2025-0002.toml", incident)]);
    for readers in ["internal", "confidential"] {
        let report = text(&built(&work, readers), "incidents/RCA-2025-0002.md");
        assert!(
            report.contains("**Status**: Identified"),
            "{readers}: {report}"
        );
    }
}

#[test]
fn a_memory_forgets_a_phrase_that_is_redacted_later() {
    let incident = |redact: &str| {
        format!(
            "title = \"Outage at Quolm Bakery\"\nclassification = \"internal\"\nseverity = \"P2\"\nstatus = \"closed\"\ntimes = {{ started = 2025-03-20T10:00:00Z, ended = 2025-03-20T11:00:00Z }}\nsummary = \"Quolm Bakery waited.\"\n{redact}"
        )
    };
    let path = "incidents/INC-2025-0002.toml";
    let work = archive(&[(path, &incident(""))]);
    let memory = work.path().join("memory/incidents.md");
    fs::create_dir(work.path().join("memory")).expect("writable");
    let export = ["memory", "export", "--out", memory.to_str().expect("UTF-8")];
    printed(&work, &export);
    let added = "\n**Notes**\n\nThey of quolm-bakery rang.\n";
    let before = fs::read_to_string(&memory).expect("exported");
    assert!(
        before.contains("INC-2025-0002-outage-at-quolm-bakery"),
        "{before}"
    );
    fs::write(&memory, before.trim_end().to_owned() + "\n" + added).expect("writable");
    fs::write(
        work.path().join(path),
        incident("redact = [{ text = \"Quolm Bakery\", with = \"a shop\" }]\n"),
    )
    .expect("writable");
    let found = printed(&work, &["memory", "check"]);
    assert!(
        found.contains("the incident redacts a phrase of this line"),
        "{found}"
    );
    printed(&work, &export);
    let after = fs::read_to_string(&memory).expect("exported");
    assert!(!after.to_lowercase().contains("quolm"), "{after}");
    assert!(
        after.contains("INC-2025-0002-outage-at-redacted"),
        "{after}"
    );
    assert!(after.contains("They of a shop rang."), "{after}");
    let ledger = fs::read_to_string(work.path().join("memory.toml")).expect("written");
    assert!(!ledger.contains("quolm"), "{ledger}");
    let found = printed(&work, &["memory", "check"]);
    assert!(!found.contains("memory-confidential"), "{found}");
    printed(&work, &export);
    assert_eq!(fs::read_to_string(&memory).expect("exported"), after);
}
