//! `metrics` and `availability` print numbers over all incidents.

use std::fs;

use serde_json::Value;

use crate::site::{afterword, said};

/// Creates an archive of six incidents, one of which another supersedes, and one maintenance.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["incidents", "timelines"] {
        fs::create_dir(folder.path().join(name)).expect("writable");
    }
    let write = |path: String, text: String| {
        fs::write(folder.path().join(path), text).expect("writable");
    };
    write(
        "afterword.toml".to_owned(),
        "[availability]\ntarget = \"99.9%\"\ntargets = { web = \"99%\" }\n".to_owned(),
    );
    for (id, day, minutes, severity, services, more) in [
        ("INC-1", "2026-01-10", 10, "P1", "\"api\", \"web\"", ""),
        ("INC-2", "2026-02-10", 20, "P2", "\"API\"", ""),
        ("INC-3", "2026-04-10", 30, "P2", "\"api\"", ""),
        ("INC-4", "2026-04-11", 40, "P2", "", ""),
        (
            "INC-5",
            "2026-04-12",
            50,
            "P1",
            "\"api\"",
            "kind = \"maintenance\"\n",
        ),
        ("INC-6", "2026-04-13", 55, "P1", "\"api\"", ""),
        (
            "INC-7",
            "2026-04-14",
            5,
            "P3",
            "",
            "[analysis]\nsupersedes = [\"INC-6\"]\n",
        ),
    ] {
        write(
            format!("incidents/{id}.toml"),
            format!(
                "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"{severity}\"\nservices = [{services}]\n{more}"
            ),
        );
        write(
            format!("timelines/{id}.json"),
            format!(
                r#"{{ "date": "{day}", "events": [
                    {{ "at": "10:00", "marks": ["impact_started"], "text": "Slow" }},
                    {{ "at": "10:{minutes:02}", "marks": ["impact_ended", "ended"], "text": "Well again" }} ] }}"#
            ),
        );
    }
    folder
}

fn run(arguments: &[&str]) -> String {
    let folder = archive();
    let at = folder.path().to_str().expect("UTF-8");
    let output = afterword(&[&["-C", at], arguments].concat(), &[]);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn response_times_are_grouped() {
    let csv = run(&[
        "metrics",
        "--by",
        "severity,quarter",
        "--format",
        "csv",
        "--mean",
    ]);
    let impact: Vec<&str> = csv
        .lines()
        .filter(|line| line.contains(",customer_impact,"))
        .collect();
    assert_eq!(
        csv.lines().next(),
        Some("severity,quarter,metric,n,median_seconds,p90_seconds,mean_seconds,few")
    );
    assert_eq!(
        impact,
        [
            "P1,2026-Q1,customer_impact,1,600,600,600,few",
            "P2,2026-Q1,customer_impact,1,1200,1200,1200,few",
            "P2,2026-Q2,customer_impact,2,2100,2400,2100,few",
            "P3,2026-Q2,customer_impact,1,300,300,300,few",
        ]
    );
    let csv = run(&[
        "metrics",
        "--by",
        "service",
        "--since",
        "2026-02-01",
        "--format",
        "csv",
    ]);
    let impact: Vec<&str> = csv
        .lines()
        .filter(|line| line.contains(",customer_impact,"))
        .collect();
    let expected = [
        "API,customer_impact,2,1500,1800,few",
        ",customer_impact,2,1320,2400,few",
    ];
    assert_eq!(
        impact, expected,
        "an incident without a service is in a group of its own"
    );
    let json: Value = serde_json::from_str(&run(&["metrics", "--format", "json"])).expect("JSON");
    let group = &json["groups"][0];
    assert_eq!(group["incidents"], 5);
    let impact = group["response_times"].as_array().expect("a list");
    let impact = impact
        .iter()
        .find(|metric| metric["key"] == "customer_impact");
    let impact = impact.expect("the impact");
    assert_eq!((&impact["n"], &impact["few"]), (&5.into(), &false.into()));
    assert_eq!(impact["median_seconds"], 1_200);
    assert!(impact.get("mean_seconds").is_none());
    assert!(run(&["metrics"]).contains("Customer Impact"));
}

#[test]
fn availability_has_its_target_and_budget() {
    let csv = run(&["availability", "--format", "csv", "--as-of", "2026-05-01"]);
    let days = |days: i64, lost: i64| {
        let seconds = days * 86_400;
        let share = (seconds - lost) * 1_000_000 / seconds;
        format!("{}.{:04}", share / 10_000, share % 10_000)
    };
    let bare = |text: String| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    let quarter = |service: &str,
                   name: &str,
                   passed: i64,
                   whole: i64,
                   lost: i64,
                   n: u32,
                   target: &str,
                   per_mille: i64| {
        let budget = whole * 86_400 * per_mille / 1_000 - lost;
        let share = bare(days(passed, lost));
        format!(
            "{service},{name},{share},{},{lost},{n},0,{target},{budget}",
            passed * 86_400
        )
    };
    let expected = [
        "service,period,availability_percent,seconds,lost_seconds,incidents,not_counted,target_percent,budget_seconds"
            .to_owned(),
        quarter("api", "2026-Q1", 90, 90, 1_800, 2, "99.9", 1),
        quarter("api", "2026-Q2", 30, 91, 1_800, 1, "99.9", 1),
        quarter("web", "2026-Q1", 90, 90, 600, 1, "99", 10),
        quarter("web", "2026-Q2", 30, 91, 0, 0, "99", 10),
    ];
    assert_eq!(csv.lines().collect::<Vec<_>>(), expected);
    let json = run(&[
        "availability",
        "--by",
        "month",
        "--service",
        "API",
        "--since",
        "2026-04-02",
        "--format",
        "json",
        "--as-of",
        "2026-05-01",
    ]);
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let services = json["services"].as_array().expect("a list");
    assert_eq!(services.len(), 1);
    assert_eq!(services[0]["periods"].as_array().map(Vec::len), Some(1));
    assert_eq!(services[0]["periods"][0]["period"], "2026-04");
}

#[test]
fn an_external_audience_sees_no_numbers_over_all_incidents() {
    let folder = archive();
    let at = folder.path().to_str().expect("UTF-8");
    for command in ["metrics", "availability"] {
        let output = afterword(&["-C", at, command, "--audience", "public"], &[]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    }
}
