//! What an investigation or a migration records beyond an incident: remarks, an objective, changes of metrics, analyzed
//! queries, tables by environment, and warnings for a group of evidence.

use std::fs;

use crate::site::{afterword, files, said};

const MIGRATION: &str = r#"
title = "Primary of the order database moves to new nodes"
kind = "maintenance"
classification = "internal"
severity = "P3"
severity_note = "self-recovering, no data loss"
status = "monitoring"
status_note = "decommissioning is pending"
objective = "Move the primary to new nodes in each environment, with `3` replicas."
environment = ["staging", "production"]
times = { started = 2025-03-03T03:33:00Z }

[self_healing]
effectiveness = 60

[evidence_groups.queries]
warning = "Run these in a transaction that is rolled back."

[[evidence]]
title = "First"
code = "select 1"
group = "queries"

[[evidence]]
title = "A log"
code = "ready"

[[evidence]]
title = "Second"
code = "select 2"
group = "queries"

[[tables]]
title = "Instances"
environment = "staging"
columns = ["Instance", "Node"]
rows = [["orders-1", "a"]]

[[tables]]
title = "Instances"
environment = "production"
columns = ["Instance", "Node"]
rows = [["orders-2", "b"]]

[[tables]]
title = "Nodes"
environment = "production"
columns = ["Node"]
rows = [["b"]]

[technical.metrics]
"order-api" = [
  { name = "Memory", before = "700 MiB", after = "162 MiB", limit = "368 MiB" },
  { name = "Restarts", value = "4", before = "0", after = "0", normal = "0" },
  { name = "Queue", value = "90", limit = "100", normal = "3" },
]

[[technical.query_analysis]]
title = "Orders of a month"
change = "adding an index"
before = { time = "120+ seconds", code = "select * from orders", plan = "Seq Scan" }
after = { time = "0.8 seconds", plan = "Index Scan" }
finding = "The index covers the order."
"#;

const REPORT: &str = "\
**Severity**: P3 (Low; self-recovering, no data loss)  
**Status**: Monitoring (decommissioning is pending)  
**Objective**: Move the primary to new nodes in each environment, with `3` replicas.  
";

const TECHNICAL: &str = "\
### System Metrics During Maintenance

**order-api**:
- Queue: 90 (limit: 100, normal: 3)

### System Metrics Before and After

**order-api**:

| Metric | Before | During | After | Limit | Normal |
|--------|--------|--------|-------|-------|--------|
| Memory | 700 MiB | not recorded | 162 MiB | 368 MiB | not recorded |
| Restarts | 0 | 4 | 0 | not recorded | 0 |

### Query Analysis

**Orders of a month** (before, 120+ seconds):
```sql
select * from orders
```

**Query Plan** (before):
```
Seq Scan
```

**Orders of a month** (after adding an index, 0.8 seconds)

**Query Plan** (after):
```
Index Scan
```

**Performance Improvement**: at least 150x faster

**Finding**: The index covers the order.

> [!WARNING]
> Run these in a transaction that is rolled back.

**First**: 
```
select 1
```

**Second**: 
```
select 2
```

**A log**: 
```
ready
```

### Instances

**staging**:

| Instance | Node |
|----------|------|
| orders-1 | a |

**production**:

| Instance | Node |
|----------|------|
| orders-2 | b |

### Nodes

**production**:

| Node |
|------|
| b |
";

fn archive() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    write("afterword.toml", "[site]\nas_of = 2025-05-01\n");
    write("incidents/MNT-2025-0007.toml", MIGRATION);
    for (id, percent) in [("INC-2025-0001", 60), ("INC-2025-0002", 25)] {
        let text = format!(
            "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P3\"\nself_healing.effectiveness = {percent}\n"
        );
        write(&format!("incidents/{id}.toml"), &text);
    }
    work
}

fn run(folder: &std::path::Path, arguments: &[&str]) -> String {
    let mut all = vec!["-C", folder.to_str().expect("UTF-8")];
    all.extend(arguments);
    let output = afterword(&all, &[]);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_report_shows_the_remarks_changes_and_queries() {
    let work = archive();
    let report = run(work.path(), &["show", "MNT-2025-0007"]);
    assert!(report.contains(REPORT), "{report}");
    assert!(report.contains(TECHNICAL), "{report}");
    let json = run(work.path(), &["show", "MNT-2025-0007", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let query = &json["technical"]["queries"][0];
    assert_eq!(query["improvement"], "at least 150x faster");
    assert_eq!(
        json["summary"]["objective"].as_str().map(str::len),
        Some(69)
    );
    let page = run(work.path(), &["show", "MNT-2025-0007", "--format", "html"]);
    for shown in [
        "at least 150x faster",
        "<dt>Objective</dt>",
        "Monitoring (decommissioning is pending)",
        "162 MiB",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
}

#[test]
fn an_imported_report_keeps_them() {
    let work = archive();
    let report = run(work.path(), &["show", "MNT-2025-0007"]);
    let path = work.path().join("MNT-2025-0017.md");
    fs::write(&path, report.replace("MNT-2025-0007", "MNT-2025-0017")).expect("writable");
    run(
        work.path(),
        &["import", "report", path.to_str().expect("UTF-8")],
    );
    let read = fs::read_to_string(work.path().join("incidents/MNT-2025-0017.toml"));
    let read = read.expect("it is there");
    for kept in [
        "severity_note  = \"self-recovering, no data loss\"",
        "status_note    = \"decommissioning is pending\"",
        "objective      = \"Move the primary",
        "before = \"700 MiB\", after = \"162 MiB\", limit = \"368 MiB\"",
        "name = \"Queue\", value = \"90\", limit = \"100\", normal = \"3\"",
    ] {
        assert!(read.contains(kept), "{kept}\n{read}");
    }
    let again = run(work.path(), &["show", "MNT-2025-0017"]);
    assert_eq!(again.replace("MNT-2025-0017", "MNT-2025-0007"), report);
}

#[test]
fn effectiveness_is_joined_over_incidents() {
    let work = archive();
    let out = work.path().join("out");
    let folder = work.path().to_str().expect("UTF-8");
    let output = afterword(
        &["build", folder, "--out", out.to_str().expect("UTF-8")],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&out);
    let text = |path: &str| String::from_utf8_lossy(&site[path]).into_owned();
    let shown =
        "Mean effectiveness: **43%** over 2 incidents that record it (25% to 60%) (small sample).";
    assert!(text("metrics.md").contains(shown), "{}", text("metrics.md"));
    assert!(text("metrics.html").contains("<strong>43%</strong> over 2 incidents"));
    let json: serde_json::Value = serde_json::from_str(&text("metrics.json")).expect("JSON");
    assert_eq!(json["effectiveness"]["mean"], 43);
}
