//! Metrics count incidents only, each once, and each value has its own n.

use serde_json::Value;

use super::{Written, site, written, written_as};

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
fn each_number_names_the_incidents_behind_it() {
    let files = site(&written(KINDS), &[]);
    let page = files["metrics.md"].as_deref().expect("it is made");
    let one = "[INC-1](incidents/INC-1.md)";
    let two = "[INC-2](incidents/INC-2.md)";
    for line in [
        "- Incidents in the last 12 months: 2".to_owned(),
        "- Median time to resolve: not recorded".to_owned(),
        "- Detected internally: 1 of 2 incidents".to_owned(),
        "- Action items completed on time: 1 of 3 action items".to_owned(),
        format!("| 2026-01 | 0 | 1 | 0 | 1 | 1 | {one} |"),
        format!("| 2025-12 | 1 | 0 | 0 | 1 | 0 | {two} |"),
        format!("| Detected internally | 1 | {one} |"),
        format!("| Reported by customers first | 1 | {two} |"),
        "| Not recorded | 1 | [INC-3](incidents/INC-3.md) |".to_owned(),
        format!("| Completed on time | 1 | {one} |"),
        format!("| Completed late | 1 | {two} |"),
        format!("| Overdue | 1 | {one} |"),
        format!("| [dns](tags/dns.md) | 2 | 2026-01-02 | {one}, {two} |"),
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(!page.contains("INC-4") && !page.contains("DR-7"), "{page}");
}

#[test]
fn response_times_are_grouped_by_quarter_severity_and_service() {
    let files = site(&written(KINDS), &[]);
    let page = files["metrics.md"].as_deref().expect("it is made");
    for (heading, first) in [
        (
            "### Response times by quarter",
            "| [2026-Q1](years/2026.md) | 1 |",
        ),
        (
            "### Response times by severity",
            "| [P0 (Critical)](severities/p0.md) | 1 |",
        ),
        (
            "### Response times by service",
            "| Services not recorded | 3 |",
        ),
        (
            "### Response times by incident",
            "| [INC-3](incidents/INC-3.md) | – | – |",
        ),
    ] {
        let (_, table) = page.split_once(heading).expect(heading);
        let row = table.lines().nth(4).expect("a row");
        assert!(row.starts_with(first), "{row}");
    }
    // Of one value there is no percentile.
    assert!(page.contains("| 10m, n=1, small |"), "{page}");
    assert!(page.contains("| 20m, p90 30m, n=2, small |"), "{page}");
}

/// Incidents of one month.
fn many(count: usize) -> Vec<(String, String)> {
    let incident = |number| {
        let text = format!(
            "title = \"One\"\nseverity = \"P2\"\n[times]\nstarted = 2026-01-02T10:00:00Z\nresolved = 2026-01-02T10:{:02}:00Z\n",
            number % 60
        );
        (format!("incidents/INC-{number}.toml"), text)
    };
    (1..=count).map(incident).collect()
}

#[test]
fn a_chart_draws_a_few_incidents_one_by_one_and_many_as_a_bar() {
    for (count, blocks, dots) in [(2, 2, 1), (6, 6, 1), (7, 0, 1), (13, 0, 0)] {
        let files = many(count);
        let texts = files.iter();
        let archive = written_as(texts.map(|(path, text)| (path.as_str(), text.as_str())));
        let files = site(&archive, &[]);
        let page = files["metrics.html"].as_deref().expect("it is made");
        let (_, chart) = page
            .split_once("aria-label=\"Incidents by month and severity\"")
            .expect("a chart");
        let (chart, _) = chart.split_once("</svg>").expect("its end");
        assert_eq!(chart.matches("<a href=\"incidents/INC-").count(), blocks);
        assert_eq!(chart.matches("class=\"rank-2\"").count(), blocks.max(1));
        assert_eq!(page.contains("<circle"), dots > 0, "{count}");
        assert_eq!(page.contains("class=\"range\""), dots == 0, "{count}");
    }
    let files = many(13);
    let texts = files.iter();
    let archive = written_as(texts.map(|(path, text)| (path.as_str(), text.as_str())));
    let files = site(&archive, &[]);
    let page = files["metrics.md"].as_deref().expect("it is made");
    assert!(page.contains(" and 1 more |"), "{page}");
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
