//! No export makes the program panic, and nothing of it gets through that must not.

use serde_json::{Value, json};

use super::{archive, described, incident, plan, samples};
use afterword::import::source::merge::Options;
use afterword::import::source::{self, ExportFile, Settings};
use afterword::kind::{Block, Line};

/// Returns the JSON pointers of all values.
fn pointers(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(table) => {
            for (key, inner) in table {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(inner, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, inner) in list.iter().enumerate() {
                pointers(inner, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Removes the value at a pointer.
fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else {
        return;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(table)) => {
            table.remove(&key.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(list)) => {
            list.remove(key.parse().expect("an index"));
        }
        _ => {}
    }
}

#[test]
fn no_changed_or_missing_value_makes_it_panic() {
    let (_folder, root) = archive();
    let loaded = incident(&root);
    let strange = [
        Value::Null,
        json!(""),
        json!("é`<@|#&*_~\u{202e}`"),
        json!(-1),
        json!(1e300),
        json!("99999999999999999999.9999999999999"),
        json!([]),
        json!([[]]),
        json!({}),
        json!(true),
    ];
    let mut runs = 0;
    for (name, files) in samples() {
        let Some(value) = files
            .first()
            .and_then(|file| serde_json::from_str::<Value>(&file.text).ok())
        else {
            continue;
        };
        let mut found = Vec::new();
        pointers(&value, "", &mut found);
        for (index, pointer) in found.iter().enumerate() {
            let mut removed = value.clone();
            remove(&mut removed, pointer);
            let mut changed = vec![removed];
            // Each place gets some of the values, and each value comes to each sample.
            for offset in 0..2 {
                let mut other = value.clone();
                *other.pointer_mut(pointer).expect("it is there") =
                    strange[(index * 2 + offset) % strange.len()].clone();
                changed.push(other);
            }
            for value in changed {
                let file = ExportFile {
                    path: name.clone(),
                    text: value.to_string(),
                };
                let exports = source::read(&[file], &Settings::default());
                let again = exports
                    .found
                    .iter()
                    .map(|found| found.drafts.len())
                    .sum::<usize>();
                assert!(again < 100);
                plan(&loaded, exports, &Options::default());
                runs += 1;
            }
        }
    }
    assert!(runs > 2_000, "{runs}");
}

#[test]
fn hostile_text_is_stored_as_visible_data_without_private_values() {
    let (_folder, root) = archive();
    let token = format!("ghp_{}", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5");
    let attack = format!(
        " a\u{0}\u{202e}b\u{200b} @dana #12 | x | <script>alert(1)</script> {{{{ y }}}} [l](javascript:alert(1)) dana@example.com +1 555 010 4477 {token} https://u:p4ssw@h.example/?token=abc&x=1\n# Heading\n- list\n| c |"
    );
    for (name, files) in samples() {
        let attacked: Vec<ExportFile> = files
            .iter()
            .filter_map(|file| {
                let value: Value = serde_json::from_str(&file.text).ok()?;
                let mut found = Vec::new();
                pointers(&value, "", &mut found);
                let mut value = value;
                for pointer in found {
                    let keys = [
                        "summary",
                        "text",
                        "message",
                        "body",
                        "content",
                        "note",
                        "description",
                        "name",
                        "title",
                        "log",
                        "event",
                        "fallback",
                        "html_url",
                        "url",
                        "permalink",
                    ];
                    let key = pointer.rsplit('/').next().unwrap_or_default().to_owned();
                    if let Some(Value::String(text)) = value.pointer_mut(&pointer)
                        && keys.contains(&key.as_str())
                    {
                        text.push_str(&attack);
                    }
                }
                Some(ExportFile {
                    path: file.path.clone(),
                    text: value.to_string(),
                })
            })
            .collect();
        let exports = source::read(&attacked, &Settings::default());
        let plan = plan(
            &incident(&root),
            exports,
            &Options {
                all: true,
                ..Options::default()
            },
        );
        for placed in &plan.placed {
            let event = &placed.event;
            Line::new(&*event.text).expect("a line");
            let text = serde_json::to_string(event).expect("JSON");
            for private in ["dana@example.com", "555 010", &token, "p4ssw", "token=abc"] {
                assert!(!text.contains(private), "{name}: {private} in {text}");
            }
            assert!(!event.text.contains(" @dana"), "{name}: {}", event.text);
            if let Some(body) = &event.body {
                Block::new(&**body).expect("a block");
                assert!(
                    !body.contains(" @dana") && !body.contains(" #12"),
                    "{name}: {body}"
                );
            }
        }
    }
}

#[test]
fn many_messages_are_bounded_and_the_limit_is_named() {
    let (_folder, root) = archive();
    let loaded = incident(&root);
    let message = |index: usize| json!({ "type": "message", "user": "U1", "text": "x", "ts": format!("1772461427.{index:06}") });
    let messages: Vec<Value> = (0..20_000).map(message).collect();
    let file = |text: String| ExportFile {
        path: "day.json".to_owned(),
        text,
    };
    let exports = source::read(
        &[file(Value::from(messages.clone()).to_string())],
        &Settings::default(),
    );
    let plan = plan(&loaded, exports, &Options::default());
    assert_eq!((plan.placed.len(), plan.counts["Slack"].found), (0, 20_000));
    let files: Vec<ExportFile> = (0..11)
        .map(|_| file(Value::from(messages.clone()).to_string()))
        .collect();
    let exports = source::read(&files, &Settings::default());
    let reason = &exports.rejected[0].reason;
    assert!(reason.contains("more than 200000 events"), "{reason}");
    assert!(described(&exports, &super::Plan::default()).contains("rejected"));
}

#[test]
fn deep_json_is_rejected() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let exports = source::read(
        &[ExportFile {
            path: "deep.json".to_owned(),
            text,
        }],
        &Settings::default(),
    );
    assert!(
        exports.rejected[0].reason.starts_with("invalid JSON"),
        "{exports:?}"
    );
}

#[test]
fn a_long_export_is_read_once() {
    // Each of these took minutes when every part was compared with all others.
    let count = 20_000;
    let time = "2026-03-02T14:30:00Z";
    let warnings: Vec<Value> = (0..count)
        .map(|index| {
            json!({
                "metadata": { "uid": format!("u{index}") },
                "involvedObject": { "kind": "Service", "name": format!("shop.{index}.x") },
                "reason": "Unhealthy", "type": "Warning", "message": "down", "firstTimestamp": time,
            })
        })
        .collect();
    let updates: Vec<Value> = (0..count)
        .map(|index| json!({ "id": format!("s{index}"), "status": "monitoring", "body": "x", "display_at": time }))
        .collect();
    let message = format!("Resolved: {}", "a".repeat(1_000_000));
    let exports = [
        (json!(warnings), count),
        (
            json!({ "name": "Down", "incident_updates": updates }),
            count,
        ),
        (
            json!([{ "ts": "1772461440.000100", "user": "U1", "text": message }]),
            1,
        ),
    ];
    for (value, expected) in exports {
        let file = ExportFile {
            path: "export.json".to_owned(),
            text: value.to_string(),
        };
        let found = source::read(&[file], &Settings::default()).found;
        let events: usize = found.iter().map(|found| found.drafts.len()).sum();
        assert_eq!(events, expected);
    }
}
