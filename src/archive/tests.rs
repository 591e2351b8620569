use super::*;

mod marks;

/// Records of small archives, built from a short notation.
///
/// An event is a line `AT / UNTIL = MARK MARK #ID`, of which only `AT` is required. Lines before
/// the events may set `date …` (`-` for none, otherwise 14 January 2025) and `tz …`.
#[track_caller]
pub fn record(incident: &str, timeline: &[&str]) -> Record {
    let mut head = vec![("date", "2025-01-14")];
    let mut events = Vec::new();
    for line in timeline {
        match line.split_once(' ') {
            Some(("date", "-")) => head.clear(),
            Some((key @ ("date" | "tz"), value)) => {
                head.retain(|(other, _)| *other != key);
                head.push((key, value));
            }
            _ => events.push(event(line)),
        }
    }
    let mut json = serde_json::json!({ "events": events });
    for (key, value) in head {
        json[key] = value.into();
    }
    let incident: Incident = toml::from_str(&format!("title = \"Slow\"\n{incident}"))
        .unwrap_or_else(|error| panic!("{error}"));
    Record {
        id: "INC-1".to_owned(),
        incident,
        timeline: serde_json::from_value(json).unwrap_or_else(|error| panic!("{error}")),
        source: RecordSource {
            incident: "incidents/INC-1.toml".into(),
            ..RecordSource::default()
        },
        files: BTreeMap::new(),
        customers_file: None,
        withheld: Withheld::default(),
    }
}

fn event(line: &str) -> serde_json::Value {
    let (time, words) = line.split_once('=').unwrap_or((line, ""));
    let (at, until) = match time.split_once('/') {
        Some((at, until)) => (at, Some(until.trim())),
        None => (time, None),
    };
    let (ids, marks): (Vec<&str>, Vec<&str>) = words
        .split_whitespace()
        .partition(|word| word.starts_with('#'));
    let mut event = serde_json::json!({ "at": at.trim(), "text": "x", "marks": marks });
    if let Some(until) = until {
        event["until"] = until.into();
    }
    if let Some(id) = ids.first() {
        event["id"] = id.trim_start_matches('#').into();
    }
    event
}

/// A path in an incident of `incidents/`, and the path that it resolves to.
const PATHS: &[(&str, Option<&str>)] = &[
    ("a.json", Some("incidents/a.json")),
    ("./a.json", Some("incidents/a.json")),
    ("b//a.json", Some("incidents/b/a.json")),
    ("../runs/a.json", Some("runs/a.json")),
    ("b/../../runs/./a.json", Some("runs/a.json")),
    ("..", Some("")),
    ("../..", None),
    ("../../etc/passwd", None),
    ("b/../../../incidents/a.json", None),
];

#[test]
fn a_path_leads_to_a_file_of_the_archive_or_nowhere() {
    let record = record("", &[]);
    for (path, expect) in PATHS {
        let found = record.resolve(&FilePath::new(*path).unwrap());
        assert_eq!(found.as_deref(), expect.map(Utf8Path::new), "{path}");
    }
}

#[test]
fn a_path_starts_at_the_folder_of_its_incident() {
    let mut record = record("", &[]);
    let path = FilePath::new("../../runs/a.json").unwrap();
    record.source.incident = "incidents/2025/INC-1.toml".into();
    assert_eq!(
        record.resolve(&path).as_deref(),
        Some(Utf8Path::new("runs/a.json"))
    );
    record.source.incident = "INC-1.toml".into();
    assert_eq!(record.resolve(&path), None);
}

#[test]
fn an_action_item_has_its_own_id_or_one_by_its_index() {
    let items = "action_items = [{ action = 'Add' }, { action = 'Fix', id = 'OPS-7' }, { action = 'Test' }]";
    let record = record(items, &[]);
    let ids: Vec<String> = (0..3).map(|index| record.action_id(index)).collect();
    assert_eq!(ids, ["INC-1-A1", "OPS-7", "INC-1-A3"]);
}

#[test]
fn the_zone_is_the_incidents_or_the_sites_or_utc() {
    let zone = |incident: &str, site: &str| {
        let config: Config = toml::from_str(site).unwrap();
        record(incident, &["tz America/New_York"])
            .zone(&config)
            .to_string()
    };
    let site = "site.timezone = 'Europe/Berlin'";
    assert_eq!(zone("timezone = '+02:00'", site), "+02:00");
    assert_eq!(zone("", site), "Europe/Berlin");
    assert_eq!(
        zone("", ""),
        "UTC",
        "the timeline's zone is for reading only"
    );
}

#[test]
fn an_event_is_seen_by_its_own_circle_or_the_timelines() {
    let mut record = record("", &["14:23", "14:24"]);
    let seen = |record: &Record| {
        record
            .timeline
            .events
            .iter()
            .map(|event| record.event_audience(event))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(&record), [Audience::Internal, Audience::Internal]);
    record.timeline.events[1].visibility = Some(Audience::Confidential);
    record.timeline.visibility = Some(Audience::Public);
    assert_eq!(seen(&record), [Audience::Public, Audience::Confidential]);
}

#[test]
fn a_time_is_as_typed_or_that_of_its_event() {
    let record = record(
        "",
        &["14:29:42 / 14:31:10 = #pool", "~14:40 = #sent", "14:41 = "],
    );
    let printed = |at: Option<&str>, event: Option<&str>| {
        let at = at.map(|at| match at.strip_prefix('#') {
            Some(id) => When::Event(EventId::new(id).expect("an ID")),
            None => When::Written(at.parse().unwrap()),
        });
        let event = event.map(|id| EventId::new(id).unwrap());
        record
            .when(at.as_ref(), event.as_ref())
            .map(|moment| moment.in_full(Zone::default()))
    };
    assert_eq!(
        printed(Some("15:00"), None).as_deref(),
        Some("2025-01-14 15:00 UTC")
    );
    assert_eq!(
        printed(Some("#pool"), None).as_deref(),
        Some("2025-01-14 14:29:42 UTC")
    );
    assert_eq!(
        printed(None, Some("sent")).as_deref(),
        Some("~2025-01-14 14:40 UTC")
    );
    assert_eq!(
        printed(Some("15:00"), Some("sent")).as_deref(),
        Some("2025-01-14 15:00 UTC")
    );
    assert_eq!(printed(Some("#nobody"), None), None);
    assert_eq!(printed(None, Some("nobody")), None);
    assert_eq!(printed(None, None), None);
}
