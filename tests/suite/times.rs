//! A printed time names one moment, on every page.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::site::{afterword, case, files, said};

/// Builds the case for an audience, and returns its files as text.
fn built(audience: &str) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().expect("a folder");
    let out = out.path().join("site");
    let output = afterword(
        &[
            "build",
            case("printed-times").as_str(),
            "--audience",
            audience,
            "--out",
            out.to_str().expect("UTF-8"),
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert!(output.status.success(), "{}", said(&output));
    let files = files(Path::new(&out)).into_iter();
    files
        .map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
        .collect()
}

#[track_caller]
fn says(site: &BTreeMap<String, String>, path: &str, words: &[&str]) {
    let text = site.get(path).unwrap_or_else(|| panic!("{path} is there"));
    for word in words {
        assert!(text.contains(word), "{path} says `{word}`\n{text}");
    }
}

#[track_caller]
fn is_silent(site: &BTreeMap<String, String>, path: &str, words: &[&str]) {
    for word in words {
        assert!(!site[path].contains(word), "{path} does not say `{word}`");
    }
}

#[test]
fn where_the_offset_changes_each_time_shows_its_zone() {
    let site = built("internal");
    says(
        &site,
        "incidents/INC-2025-0001.html",
        &[
            "Times are in <span data-zone>Europe/Berlin</span>, each with its abbreviation",
            ">02:50:10 CEST</time>",
            ">02:10:00 CET</time>",
            ">02:20 CET</time>–<time datetime=\"2025-10-26T01:30Z\">02:30 CET</time>",
            // The phases, with the date after the first day.
            ">23:40 CEST</time>",
            ">2025-10-26 02:50:10 CEST</time>",
            ">2025-11-05 10:00 CET</time>",
        ],
    );
    is_silent(&site, "incidents/INC-2025-0001.html", &["All times are"]);
    let report: Value = serde_json::from_str(&site["incidents/INC-2025-0001.json"]).expect("JSON");
    let times: Vec<&str> = report["timeline"]["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter_map(|entry| entry["clock"].as_str())
        .collect();
    assert!(
        times
            .iter()
            .all(|time| time.ends_with(" CEST") || time.ends_with(" CET")),
        "{times:?}"
    );
    assert_eq!(
        report["resolution"]["phases"][0]["steps"][0]["time"],
        "2025-10-26 02:50 CET"
    );

    let outside = built("public");
    for path in ["incidents/2025-10-25.md", "incidents/2025-10-25.html"] {
        says(&outside, path, &["02:50:10 CEST", "02:10:00 CET"]);
        is_silent(&outside, path, &["All times are"]);
    }
}

#[test]
fn a_timeline_says_day_and_zone_where_the_summary_does_not() {
    let (inside, outside) = (built("internal"), built("public"));
    for (site, path) in [
        (&inside, "incidents/INC-2025-0002.md"),
        (&inside, "incidents/INC-2025-0002.html"),
        (&outside, "incidents/not-dated.md"),
        (&outside, "incidents/not-dated.html"),
    ] {
        says(site, path, &["2025-01-14"]);
        let text = &site[path];
        assert!(
            text.contains("All times are CET.")
                || text.contains("All times are <span data-zone>CET</span>."),
            "{text}"
        );
    }
    is_silent(&inside, "incidents/INC-2025-0001.md", &["All times are"]);
}

#[test]
fn fractions_are_printed_where_they_tell_two_events_apart() {
    let site = built("internal");
    for path in [
        "incidents/INC-2025-0002.html",
        "incidents/INC-2025-0002.md",
        "timelines/INC-2025-0002.json",
    ] {
        says(&site, path, &["10:00.120", "10:00.950", "10:01"]);
        is_silent(&site, path, &["10:01.5"]);
    }
}
