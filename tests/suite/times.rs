//! A printed time names one moment, and recurring impact is listed window by window, on every page and in every draft.

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
fn says(site: &BTreeMap<String, String>, path: &str, texts: &[&str]) {
    let page = site.get(path).unwrap_or_else(|| panic!("{path} is there"));
    for text in texts {
        assert!(page.contains(text), "{path} says `{text}`\n{page}");
    }
}

#[track_caller]
fn is_silent(site: &BTreeMap<String, String>, path: &str, texts: &[&str]) {
    for text in texts {
        assert!(!site[path].contains(text), "{path} does not say `{text}`");
    }
}

#[test]
fn each_time_shows_its_zone_if_the_offset_changes() {
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
        .filter_map(|entry| entry["at"].as_str())
        .collect();
    assert!(
        times.is_sorted() && times.iter().all(|time| time.ends_with('Z')),
        "{times:?}"
    );
    assert_eq!(
        report["resolution"]["phases"][0]["steps"][0]["time"],
        "2025-10-26 02:50 CET"
    );

    let outside = built("public");
    for path in ["incidents/2025-10-25.md", "incidents/2025-10-25.html"] {
        says(&outside, path, &["02:50 CEST", "02:10 CET"]);
        is_silent(&outside, path, &["All times are"]);
    }
}

#[test]
fn a_timeline_names_date_and_zone_if_the_summary_does_not() {
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
    is_silent(&inside, "incidents/INC-2025-0003.md", &["All times are"]);
}

#[test]
fn fractions_are_printed_if_they_distinguish_two_events() {
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

/// The windows of `INC-2025-0003`, each with how long it was.
const WINDOWS: [(&str, &str); 3] = [
    ("2025-01-14 09:55 UTC", "2025-01-14 10:10 UTC"),
    ("2025-01-14 17:00 UTC", "2025-01-14 17:15 UTC"),
    ("2025-01-15 00:55 UTC", "2025-01-15 01:10 UTC"),
];

#[test]
fn several_windows_of_impact_are_listed_with_their_total() {
    let (inside, outside) = (built("internal"), built("public"));
    for (site, path) in [
        (&inside, "incidents/INC-2025-0003.md"),
        (&inside, "incidents/INC-2025-0003.html"),
        (&inside, "incidents/INC-2025-0003.json"),
        (&outside, "incidents/2025-01-14.md"),
        (&outside, "incidents/2025-01-14.html"),
        (&outside, "incidents/2025-01-14.json"),
    ] {
        for time in WINDOWS.into_iter().flat_map(|(from, to)| [from, to]) {
            // Programs get each time once, in ISO 8601.
            let iso = time.replacen(' ', "T", 1).replace(" UTC", "Z");
            let is_json = Path::new(path).extension() == Some("json".as_ref());
            let shown: &str = if is_json { &iso } else { time };
            // An external report has the date and the zone of each window once.
            if is_json || path.contains("INC-") {
                says(site, path, &[shown]);
            }
        }
        // The first sentence, where there is one; the Markdown for readers inside has none.
        let lead = if path == "incidents/INC-2025-0003.md" {
            "3 (45 minutes in total)"
        } else {
            "45 minutes of impact in 3 windows"
        };
        says(site, path, &[lead]);
    }
    says(
        &outside,
        "incidents/2025-01-14.md",
        &[
            "- 2025-01-14 09:55 to 10:10 UTC (15 minutes)\n",
            "- 2025-01-15 00:55 to 01:10 UTC (15 minutes)\n",
        ],
    );
    says(
        &outside,
        "incidents/2025-01-14.html",
        &[
            ">2025-01-14 09:55</time> to <time datetime=\"2025-01-14T10:10Z\">10:10 UTC</time> (15 minutes)",
        ],
    );
    // The line of phases has each window; the table of response times links to the list.
    let page = &inside["incidents/INC-2025-0003.html"];
    assert_eq!(page.matches("<rect class=\"impact\"").count(), 3);
    says(
        &inside,
        "incidents/INC-2025-0003.html",
        &[">3 windows</span>", ">listed below</span>"],
    );
    // One window is described by start and end only.
    for path in ["incidents/INC-2025-0001.md", "incidents/INC-2025-0001.html"] {
        is_silent(&inside, path, &["Impact Window"]);
    }
    says(&inside, "metrics.md", &["several windows are added up"]);
}

#[test]
fn an_open_window_has_no_total_yet() {
    let site = built("internal");
    says(
        &site,
        "incidents/INC-2025-0004.md",
        &[
            "(total pending)",
            "(about 15 minutes)",
            "2025-01-14 17:00 UTC (end pending)",
        ],
    );
    says(
        &site,
        "incidents/INC-2025-0004.html",
        &["Ongoing since ~2025-01-14 09:55 UTC, 2 windows of impact so far"],
    );
    is_silent(&site, "incidents/INC-2025-0004.md", &["in total"]);
}

#[test]
fn drafts_list_the_windows_instead_of_one_long_span() {
    let draft = |id: &str, stage: &str, channel: &str| {
        let output = afterword(
            &[
                "-C",
                case("printed-times").as_str(),
                "comms",
                id,
                "--draft",
                "--stage",
                stage,
                "--channel",
                channel,
            ],
            &[],
        );
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for stage in [
        "investigating",
        "identified",
        "monitoring",
        "resolved",
        "postmortem",
    ] {
        for channel in ["email", "status", "sms"] {
            let text = draft("INC-2025-0003", stage, channel);
            let of = format!("{stage} by {channel}\n{text}");
            if (stage, channel) != ("postmortem", "sms") {
                for window in [
                    "2025-01-14 09:55 to 10:10 UTC (15 minutes)",
                    "2025-01-14 17:00 to 17:15 UTC (15 minutes)",
                    "2025-01-15 00:55 to 01:10 UTC (15 minutes)",
                ] {
                    assert!(text.contains(window), "{of}");
                }
            }
            if matches!(stage, "resolved" | "postmortem") {
                assert!(text.contains("45 minutes"), "{of}");
            }
            assert!(!text.contains("15 hours"), "{of}");
        }
    }
    let open = draft("INC-2025-0004", "investigating", "email");
    assert!(
        open.contains("- Affected: since 2025-01-14 17:00 UTC"),
        "{open}"
    );
    let early = draft("INC-2025-0004", "resolved", "email");
    assert!(
        early.contains("- Affected: 2025-01-14 17:00 UTC to [Fill in"),
        "{early}"
    );
}
