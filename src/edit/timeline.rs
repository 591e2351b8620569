//! Prints a timeline, and inserts an event into the text of one without changing anything else.

use serde_json::Value;

use super::incident::{datetime, set_entries};
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
    let text = source.text();
    let (root, problems) = source.syntax().tree(text);
    let Tree::Table(members) = &root.value else {
        return None;
    };
    if !problems.is_empty() {
        return None;
    }
    let json = self::event(event);
    let insert = |at: usize, new: &str| -> Option<String> {
        let (before, after) = text.split_at_checked(at)?;
        Some(format!("{before}{new}{after}"))
    };
    let Some(list) = members.iter().find(|member| member.key == "events") else {
        let end = root.span.end.checked_sub(1)?;
        let before = text.get(..end)?.trim_end();
        let comma = if members.is_empty() { "" } else { "," };
        let closed = text.get(end..)?;
        return Some(format!(
            "{before}{comma}\n  \"events\": [\n    {json}\n  ]\n{closed}"
        ));
    };
    let Tree::Array(events) = &list.node.value else {
        return None;
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
    match (events.get(index), events.last()) {
        (Some(next), _) => {
            let start = next.span.start;
            insert(start, &format!("{json}{}", separator(start)))
        }
        (None, Some(last)) => {
            let separator = separator(last.span.start);
            insert(last.span.end, &format!("{separator}{json}"))
        }
        (None, None) => {
            let span = list.node.span;
            let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
            Some(format!("{before}[\n    {json}\n  ]{after}"))
        }
    }
}

/// Prints the events of a timeline in another order, and returns the span that they have in the text.
///
/// `order` has the index of each event, from first to last. What is between the events stays in its place. Returns `None`
/// unless there is one event for each index.
#[must_use]
pub fn reordered(source: &Source, order: &[usize]) -> Option<(Span, String)> {
    let text = source.text();
    let (root, problems) = source.syntax().tree(text);
    let Tree::Table(members) = &root.value else {
        return None;
    };
    let list = members.iter().find(|member| member.key == "events")?;
    let Tree::Array(events) = &list.node.value else {
        return None;
    };
    if !problems.is_empty() || order.len() != events.len() {
        return None;
    }
    let start = events.first()?.span.start;
    let (mut new, mut end) = (String::new(), start);
    for (place, index) in events.iter().zip(order) {
        new.push_str(text.get(end..place.span.start)?);
        new.push_str(events.get(*index)?.span.slice(text));
        end = place.span.end;
    }
    Some((Span::new(start, end), new))
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

    #[test]
    fn events_are_put_in_another_order_and_nothing_else_changes() {
        let source = Source::new("t.json", "{\"events\": [\n  1,\n    2, 3 ]}");
        let (span, events) = reordered(&source, &[2, 0, 1]).expect("events");
        assert_eq!((span.start, span.end), (15, 26));
        assert_eq!(events, "3,\n    1, 2");
        assert_eq!(reordered(&source, &[0, 1]), None);
    }
}
