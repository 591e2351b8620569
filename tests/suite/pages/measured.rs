//! Metrics count incidents only, each once, and each value has its own n.

use std::collections::BTreeMap;

use afterword::facts::Summary;
use afterword::metrics::Metrics;
use afterword::view::availability::AvailabilityView;
use afterword::view::chart::ChartsView;
use afterword::view::metrics::MetricsView;
use serde_json::Value;

use super::{Written, as_of, site, written};

/// One of each kind, some of them superseded; the reference date is 31 January 2026.
const KINDS: &[Written] = &[
    (
        "afterword.toml",
        "[[metrics]]\nkey = \"time_to_declare\"\nlabel = \"Time to Declare\"\nfrom = \"detected\"\nto = \"declared\"\ntarget = \"10 minutes\"\n",
    ),
    (
        "incidents/INC-1.toml",
        "title = \"A\"\nseverity = \"P2\"\ntags = [\"dns\", \"dns\"]\n[detection]\ninternal = true\n[times]\n\
         started = 2026-01-02T10:00:00Z\ndetected = 2026-01-02T10:01:00Z\ndeclared = 2026-01-02T10:05:00Z\nmitigated = 2026-01-02T10:10:00Z\n\
         [[action_items]]\naction = \"In time\"\nstatus = \"done\"\ndue = 2026-01-10\ndone_on = 2026-01-10\n\
         [[action_items]]\naction = \"Overdue\"\ndue = 2026-01-30\n\
         [[action_items]]\naction = \"Not yet\"\ndue = 2026-01-31\n\
         [[action_items]]\naction = \"Some day\"\nstatus = \"done\"\ndue = 2026-01-10\n",
    ),
    (
        "incidents/INC-2.toml",
        "title = \"B\"\nseverity = \"P0\"\ntags = [\"dns\", \"disk\"]\n[detection]\ninternal = false\n[times]\n\
         started = 2025-12-31T23:59:59Z\nmitigated = 2026-01-01T00:29:59Z\n\
         [[action_items]]\naction = \"Late\"\nstatus = \"done\"\ndue = 2026-01-10\ndone_on = 2026-01-11\n\
         [self_healing]\nactions = [{ name = \"restart\", playbook = \"web-restart\", result = \"success\" },\n\
         { name = \"restart\", playbook = \"web-restart\", result = \"failed\" }, { name = \"hand\", result = \"skipped\" }]\n",
    ),
    (
        "incidents/INC-3.toml",
        "title = \"No start\"\ntags = [\"disk\"]\n",
    ),
    (
        "incidents/INC-4.toml",
        "title = \"Replaced\"\nseverity = \"P1\"\ntags = [\"disk\"]\n[times]\nstarted = 2026-01-03T10:00:00Z\nmitigated = 2026-01-03T20:00:00Z\n",
    ),
    (
        "incidents/RCA-5.toml",
        "title = \"Explained\"\nkind = \"investigation\"\ntags = [\"dns\"]\n[times]\nstarted = 2026-01-04T10:00:00Z\n[analysis]\nsupersedes = [\"INC-4\"]\n",
    ),
    (
        "incidents/NM-6.toml",
        "title = \"Nearly\"\nkind = \"near_miss\"\ntags = [\"dns\"]\n[times]\nstarted = 2026-01-05T10:00:00Z\nmitigated = 2026-01-05T12:00:00Z\n",
    ),
    (
        "incidents/DR-7.toml",
        "title = \"Exercise\"\nkind = \"drill\"\n[times]\nstarted = 2026-01-06T10:00:00Z\nmitigated = 2026-01-06T12:00:00Z\n",
    ),
    (
        "incidents/MN-8.toml",
        "title = \"Work\"\nkind = \"maintenance\"\n[times]\nstarted = 2026-01-07T10:00:00Z\n",
    ),
];

fn metrics(files: &[Written]) -> Value {
    let files = site(&written(files), &[]);
    serde_json::from_str(files["metrics.json"].as_deref().expect("made")).expect("JSON")
}

#[test]
fn only_incidents_and_near_misses_are_counted() {
    let all = metrics(KINDS);
    assert_eq!(all["as_of"], "2026-01-31");
    assert_eq!(
        (&all["incidents"], &all["near_misses"], &all["undated"]),
        (&3.into(), &1.into(), &1.into())
    );
    assert_eq!(
        all["severities"],
        serde_json::json!(["P0", "P2", "No Severity"])
    );
    let expected = serde_json::json!([
        {"label": "2026", "by_severity": [0, 1, 0], "incidents": 1, "near_misses": 1},
        {"label": "2025", "by_severity": [1, 0, 0], "incidents": 1, "near_misses": 0},
    ]);
    assert_eq!(all["years"], expected);
    let months = all["months"].as_array().expect("a list");
    assert_eq!(
        (months.len(), &months[0]["label"], &months[23]["label"]),
        (24, &"2026-01".into(), &"2024-02".into())
    );
    assert_eq!(
        months[1],
        serde_json::json!({"label": "2025-12", "by_severity": [1, 0, 0], "incidents": 1, "near_misses": 0})
    );
}

#[test]
fn each_metric_states_its_number_of_incidents() {
    let all = metrics(KINDS);
    let metric = |key: &str| {
        let metrics = all["response_times"].as_array().expect("a list");
        metrics
            .iter()
            .find(|metric| metric["key"] == key)
            .expect("it is there")
            .clone()
    };
    let mitigate = metric("time_to_mitigate");
    assert_eq!(
        mitigate["definition"],
        "from first customer impact (or start) to mitigation"
    );
    assert_eq!(mitigate["spread"]["incidents"], 2);
    assert_eq!(mitigate["spread"]["few"], true);
    assert_eq!(
        mitigate["spread"]["median"],
        serde_json::json!({"seconds": 1200, "text": "20m"})
    );
    assert_eq!(mitigate["spread"]["p90"]["seconds"], 1800);
    let declare = metric("time_to_declare");
    assert_eq!(
        (&declare["label"], &declare["target"]),
        (&"Time to Declare".into(), &"10 minutes".into())
    );
    assert_eq!(declare["definition"], "from detection to declaration");
    assert_eq!(declare["spread"]["incidents"], 1);
    assert_eq!(metric("time_to_identify")["spread"], Value::Null);
}

#[test]
fn shares_count_only_what_is_recorded() {
    let all = metrics(KINDS);
    assert_eq!(all["detected_internally"]["text"], "1 of 2 (50%)");
    assert_eq!(all["on_time"]["text"], "1 of 3 (33%)");
    assert_eq!(all["done_without_day"], 1);
    let playbooks = serde_json::json!([
        {"name": "web-restart", "runs": 2, "success": 1, "partial": 0, "failed": 1, "other": 0},
        {"name": null, "runs": 1, "success": 0, "partial": 0, "failed": 0, "other": 1},
    ]);
    assert_eq!(all["playbooks"], playbooks);
    let repeats = serde_json::json!([
        {"tag": "dns", "slug": "dns", "incidents": 2, "latest": "2026-01-02"},
        {"tag": "disk", "slug": "disk", "incidents": 2, "latest": "2025-12-31"},
    ]);
    assert_eq!(all["repeats"], repeats);
}

#[test]
fn each_chart_has_a_caption() {
    let files = site(&written(KINDS), &[]);
    let page = files["metrics.html"].as_deref().expect("it is made");
    for text in ["Incidents per month", "The marker is the median"] {
        let (_, after) = page.split_once("<figcaption").expect("a caption");
        assert!(after.contains(text), "{text}");
    }
}

#[test]
fn the_labels_of_a_chart_are_within_it() {
    let archive = written(&[(
        "incidents/INC-1.toml",
        "title = \"A\"\n[times]\nstarted = 2026-01-02T10:00:00Z\n",
    )]);
    let config = &archive.config;
    let one = Summary::from_record(&archive.records[0], config);
    for many in [1, 10, 1_000] {
        let shown = vec![&one; many];
        let metrics = Metrics::compute(&shown, config, as_of());
        let view = MetricsView::new(
            &metrics,
            config,
            &BTreeMap::new(),
            AvailabilityView::default(),
            as_of(),
        );
        let chart = ChartsView::new(&view).months.expect("there are incidents");
        let number = chart
            .labels
            .iter()
            .find(|label| label.text == many.to_string());
        let number = number.expect("it says how high the highest bar is");
        let width = 8 * i64::try_from(number.text.len()).expect("short");
        assert!(number.end && number.x >= width, "{number:?}");
    }
}

#[test]
fn without_incidents_there_are_no_metrics() {
    let none = metrics(&[]);
    assert_eq!(none["state"], "0 incidents and 0 near misses.");
    assert_eq!(
        (
            &none["detected_internally"]["text"],
            &none["on_time"]["text"]
        ),
        (&Value::Null, &Value::Null)
    );
}
