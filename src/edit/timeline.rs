//! Prints a timeline, and inserts an event into the text of one without changing anything else.

use serde_json::Value;

use super::incident::{datetime, set_entries};
use super::spliced;
use crate::source::{Source, Span, Value as Tree};
use crate::timeline::{Event, Timeline};

/// Prints a timeline as a person would write it, with one event per line.
#[must_use]
pub fn print(timeline: &Timeline) -> String {
    let tree = serde_json::to_value(timeline).unwrap_or_default();
    let entries = tree.as_object().into_iter().flat_map(set_entries);
    let mut lines: Vec<String> = entries
        .filter(|(key, _)| *key != "events")
        .map(|(key, value)| format!("  \"{key}\": {}", one_line(value)))
        .collect();
    let events: Vec<String> = timeline.events.iter().map(event).collect();
    lines.push(if events.is_empty() {
        "  \"events\": []".to_owned()
    } else {
        format!("  \"events\": [\n    {}\n  ]", events.join(",\n    "))
    });
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// Prints an event on one line.
#[must_use]
pub fn event(event: &Event) -> String {
    one_line(&serde_json::to_value(event).unwrap_or_default())
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(table) => match datetime(table) {
            Some(text) => Value::from(text).to_string(),
            None => {
                let entries = set_entries(table);
                let entries: Vec<String> = entries
                    .map(|(key, value)| {
                        format!("{}: {}", Value::from(key.as_str()), one_line(value))
                    })
                    .collect();
                format!("{{ {} }}", entries.join(", "))
            }
        },
        other => other.to_string(),
    }
}

/// Inserts an event into a timeline, in the layout of the existing events.
///
/// `index` is that of the event to insert it before; the event is appended if there is none.
/// Returns `None` unless the text is a valid JSON object whose `events`, if any, are a list.
#[must_use]
pub fn insert(source: &Source, index: usize, event: &Event) -> Option<String> {
    insert_all(source, &[(index, event)])
}

/// Inserts several events into a timeline, as [`insert`] does; events with the same index keep their order.
#[must_use]
pub fn insert_all(source: &Source, new: &[(usize, &Event)]) -> Option<String> {
    let text = source.text();
    let (root, problems) = source.syntax().tree(text);
    let Tree::Table(members) = &root.value else {
        return None;
    };
    if !problems.is_empty() {
        return None;
    }
    if new.is_empty() {
        return Some(text.to_owned());
    }
    let jsons = || new.iter().map(|(_, event)| self::event(event));
    let block = || jsons().collect::<Vec<_>>().join(",\n    ");
    let Some(list) = members.iter().find(|member| member.key == "events") else {
        let end = root.span.end.checked_sub(1)?;
        let before = text.get(..end)?.trim_end();
        let comma = if members.is_empty() { "" } else { "," };
        let closed = text.get(end..)?;
        return Some(format!(
            "{before}{comma}\n  \"events\": [\n    {}\n  ]\n{closed}",
            block()
        ));
    };
    let Tree::Array(events) = &list.node.value else {
        return None;
    };
    let Some(last) = events.last() else {
        let span = list.node.span;
        let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
        return Some(format!("{before}[\n    {}\n  ]{after}", block()));
    };
    // The indentation of an event that starts its line.
    let indent = |start: usize| {
        let line = text.get(..start)?.rfind('\n')? + 1;
        text.get(line..start).filter(|text| text.trim().is_empty())
    };
    let separator = |start: usize| match indent(start) {
        Some(indent) => format!(",\n{indent}"),
        None => ", ".to_owned(),
    };
    let mut splices: Vec<(usize, String)> = new
        .iter()
        .zip(jsons())
        .map(|((index, _), json)| match events.get(*index) {
            Some(next) => {
                let start = next.span.start;
                (start, format!("{json}{}", separator(start)))
            }
            None => (
                last.span.end,
                format!("{}{json}", separator(last.span.start)),
            ),
        })
        .collect();
    splices.sort_by_key(|(at, _)| *at);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, piece) in splices {
        out.push_str(text.get(from..at)?);
        out.push_str(&piece);
        from = at;
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// Sets a key of the event at an index, or adds it as the event's last key.
///
/// Returns `None` unless the text is a valid timeline with such an event.
#[must_use]
pub fn set(source: &Source, index: usize, key: &str, value: &Value) -> Option<String> {
    let text = source.text();
    let (root, problems) = source.syntax().tree(text);
    let (Tree::Table(members), true) = (&root.value, problems.is_empty()) else {
        return None;
    };
    let list = members.iter().find(|member| member.key == "events")?;
    let Tree::Array(events) = &list.node.value else {
        return None;
    };
    let event = events.get(index)?;
    let Tree::Table(keys) = &event.value else {
        return None;
    };
    let json = one_line(value);
    let (span, new) = match (keys.iter().find(|member| member.key == key), keys.last()) {
        (Some(member), _) => (member.node.span, json),
        (None, Some(last)) => {
            let end = last.node.span.end;
            let key = Value::from(key);
            (Span { start: end, end }, format!(", {key}: {json}"))
        }
        (None, None) => return None,
    };
    spliced(text, span, &new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Line;

    fn inserted(text: &str, index: usize) -> Option<String> {
        let line = Line::new("a \"quoted\" text").expect("a line");
        let event = Event::new("14:32".parse().expect("a time"), line);
        insert(&Source::new("timelines/X.json", text), index, &event)
    }

    fn appended(text: &str) -> Option<String> {
        inserted(text, usize::MAX)
    }

    #[test]
    fn an_event_is_added_in_the_layout_of_the_file() {
        let new = "{ \"at\": \"14:32\", \"text\": \"a \\\"quoted\\\" text\" }";
        let cases = [
            (
                "{\"events\": []}",
                format!("{{\"events\": [\n    {new}\n  ]}}"),
            ),
            (
                "{\"events\": [{\"at\": \"14:00\"}]}",
                format!("{{\"events\": [{{\"at\": \"14:00\"}}, {new}]}}"),
            ),
            (
                "{\n\t\"events\": [\n\t\t{\"at\": \"15:00\"},\n\t\t{\"at\": \"14:00\"}\n\t],\n\t\"date\": \"2026-01-01\"\n}\n",
                format!(
                    "{{\n\t\"events\": [\n\t\t{{\"at\": \"15:00\"}},\n\t\t{{\"at\": \"14:00\"}},\n\t\t{new}\n\t],\n\t\"date\": \"2026-01-01\"\n}}\n"
                ),
            ),
            (
                "{\n  \"date\": \"2026-01-01\"\n}\n",
                format!("{{\n  \"date\": \"2026-01-01\",\n  \"events\": [\n    {new}\n  ]\n}}\n"),
            ),
            ("{}", format!("{{\n  \"events\": [\n    {new}\n  ]\n}}")),
        ];
        for (text, expected) in cases {
            assert_eq!(appended(text).as_deref(), Some(expected.as_str()), "{text}");
        }
    }

    #[test]
    fn an_event_is_inserted_before_another_one() {
        let new = "{ \"at\": \"14:32\", \"text\": \"a \\\"quoted\\\" text\" }";
        let cases = [
            (
                "{\"events\": [{\"at\": \"14:00\"}, {\"at\": \"15:00\"}]}",
                1,
                format!("{{\"events\": [{{\"at\": \"14:00\"}}, {new}, {{\"at\": \"15:00\"}}]}}"),
            ),
            (
                "{\n\t\"events\": [\n\t\t{\"at\": \"14:00\"},\n\t\t{\"at\": \"15:00\"}\n\t]\n}\n",
                0,
                format!(
                    "{{\n\t\"events\": [\n\t\t{new},\n\t\t{{\"at\": \"14:00\"}},\n\t\t{{\"at\": \"15:00\"}}\n\t]\n}}\n"
                ),
            ),
        ];
        for (text, index, expected) in cases {
            assert_eq!(inserted(text, index), Some(expected), "{text}");
        }
    }

    #[test]
    fn several_events_keep_their_order_and_every_other_byte() {
        let line = |text: &str| Line::new(text).expect("a line");
        let event = |text: &str| Event::new("14:32".parse().expect("a time"), line(text));
        let (one, two, three) = (event("1"), event("2"), event("3"));
        let source = Source::new("X.json", "{\"events\": [{\"at\": \"15:00\"}]}\n");
        let found = insert_all(&source, &[(0, &one), (1, &three), (0, &two)]).expect("a timeline");
        let texts: Vec<&str> = found
            .match_indices("\"text\": \"")
            .filter_map(|(at, start)| found.get(at + start.len()..at + start.len() + 1))
            .collect();
        assert_eq!(texts, ["1", "2", "3"], "{found}");
        assert_eq!(insert_all(&source, &[]).as_deref(), Some(source.text()));
    }

    #[test]
    fn a_key_of_an_event_is_set_in_its_place() {
        let text =
            "{\"events\": [\n  { \"at\": \"14:00\",  \"text\": \"a\" }, { \"at\": \"15:00\" }\n]}";
        let source = Source::new("X.json", text);
        let changed = |index, key: &str, value: Value| set(&source, index, key, &value);
        let marks = || serde_json::json!(["detected"]);
        assert_eq!(
            changed(0, "text", Value::from("b")),
            Some(text.replace("\"a\"", "\"b\""))
        );
        let added = text.replace("15:00\" }", "15:00\", \"marks\": [\"detected\"] }");
        assert_eq!(changed(1, "marks", marks()), Some(added));
        assert_eq!(changed(2, "marks", marks()), None);
    }

    #[test]
    fn an_invalid_timeline_is_not_changed() {
        for text in [
            "",
            "[]",
            "{\"events\": {}}",
            "{\"events\": [}",
            "{\"events\": [], \"events\": []}",
        ] {
            assert_eq!(appended(text), None, "{text}");
        }
    }
}
