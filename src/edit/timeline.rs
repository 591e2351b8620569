//! Prints a timeline, and changes events in the text of one without changing anything else.

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

/// Prints an entry: an event in a file of its own.
#[must_use]
pub fn entry(event: &Event) -> String {
    format!("{}\n", self::event(event))
}

/// Inserts events into the text of a timeline, in the layout of the existing events.
///
/// Each event has the index of the one to insert it before; it is appended if there is none. Returns `None` unless the
/// text is a valid JSON object whose `events`, if any, are a list.
#[must_use]
pub fn insert(text: &str, events: &[(usize, &Event)]) -> Option<String> {
    let source = Source::new("timeline.json", text);
    let lines = source.text();
    let (root, problems) = source.syntax().tree(lines);
    let Tree::Table(members) = &root.value else {
        return None;
    };
    if !problems.is_empty() {
        return None;
    }
    let printed = |events: &mut dyn Iterator<Item = &Event>, separator: &str| {
        let events: Vec<String> = events.map(event).collect();
        events.join(separator)
    };
    let block = || {
        let events = printed(&mut events.iter().map(|(_, event)| *event), ",\n    ");
        format!("[\n    {events}\n  ]")
    };
    let Some(list) = members.iter().find(|member| member.key == "events") else {
        let end = root.span.end.checked_sub(1)?;
        let before = lines.get(..end)?.trim_end();
        let comma = if members.is_empty() { "" } else { "," };
        let new = format!("{comma}\n  \"events\": {}\n", block());
        return spliced(text, Span::new(before.len(), end), &new);
    };
    let Tree::Array(existing) = &list.node.value else {
        return None;
    };
    let Some(last) = existing.last() else {
        return spliced(text, list.node.span, &block());
    };
    let separator = |start: usize| match indentation(lines, start) {
        Some(indent) => format!(",\n{indent}"),
        None => ", ".to_owned(),
    };
    let after = events.iter().filter(|(index, _)| *index >= existing.len());
    let mut after = after.map(|(_, event)| *event).peekable();
    let mut changed = text.to_owned();
    if after.peek().is_some() {
        let separator = separator(last.span.start);
        let new = format!("{separator}{}", printed(&mut after, &separator));
        changed = spliced(&changed, Span::at(last.span.end), &new)?;
    }
    // From the last to the first, so that the spans of the others stay correct.
    for (index, next) in existing.iter().enumerate().rev() {
        let before = events.iter().filter(|(before, _)| *before == index);
        let mut before = before.map(|(_, event)| *event).peekable();
        if before.peek().is_some() {
            let separator = separator(next.span.start);
            let new = format!("{}{separator}", printed(&mut before, &separator));
            changed = spliced(&changed, Span::at(next.span.start), &new)?;
        }
    }
    Some(changed)
}

/// Replaces an event in the text of a timeline, or removes it.
///
/// Returns `None` if the text is not a valid timeline or has no event with that index.
#[must_use]
pub fn replace(text: &str, index: usize, new: Option<&Event>) -> Option<String> {
    let source = Source::new("timeline.json", text);
    let (root, problems) = source.syntax().tree(source.text());
    let list = root.get("events").filter(|_| problems.is_empty())?;
    let Tree::Array(events) = &list.value else {
        return None;
    };
    let found = events.get(index)?;
    if let Some(new) = new {
        return spliced(text, found.span, &event(new));
    }
    let before = index.checked_sub(1).and_then(|before| events.get(before));
    match (before, events.get(index + 1)) {
        (Some(before), _) => spliced(text, Span::new(before.span.end, found.span.end), ""),
        (None, Some(next)) => spliced(text, Span::new(found.span.start, next.span.start), ""),
        (None, None) => spliced(text, list.span, "[]"),
    }
}

/// Returns the text of a timeline with the events that are in files of their own.
///
/// `joined` has all events; `places` says which of them are in the text, and by which index. Without a text, all of them
/// are printed. `None` if the text is not a valid timeline.
#[must_use]
pub fn folded(
    text: Option<&str>,
    joined: &Timeline,
    own_index: impl Fn(usize) -> Option<usize>,
    changed: &[usize],
) -> Option<String> {
    let Some(text) = text else {
        return Some(print(joined));
    };
    let mut text = text.to_owned();
    let mut new = Vec::new();
    let mut next = usize::MAX;
    // From the last to the first, so that the index of the next event of the file is known.
    for (index, event) in joined.events.iter().enumerate().rev() {
        match own_index(index) {
            Some(own) => {
                next = own;
                if changed.contains(&index) {
                    text = replace(&text, own, Some(event))?;
                }
            }
            None => new.push((next, event)),
        }
    }
    new.reverse();
    insert(&text, &new)
}

/// Returns the indentation of a value that starts its line.
fn indentation(text: &str, start: usize) -> Option<&str> {
    let line = text.get(..start)?.rfind('\n')? + 1;
    let indent = text.get(line..start)?;
    indent.trim().is_empty().then_some(indent)
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
        insert(text, &[(index, &event)])
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
    fn an_event_is_replaced_or_removed() {
        let new = "{ \"at\": \"14:32\", \"text\": \"x\" }";
        let event = Event::new(
            "14:32".parse().expect("a time"),
            Line::new("x").expect("a line"),
        );
        let text = "{\r\n  \"events\": [\r\n    {\"at\": 1},\r\n    {\"at\": 2}\r\n  ]\r\n}";
        let cases = [
            (0, Some(&event), text.replace("{\"at\": 1}", new)),
            (0, None, text.replace("{\"at\": 1},\r\n    ", "")),
            (1, None, text.replace(",\r\n    {\"at\": 2}", "")),
        ];
        for (index, event, expected) in cases {
            assert_eq!(replace(text, index, event), Some(expected), "{index}");
        }
        assert_eq!(
            replace("{\"events\": [ {} ]}", 0, None).as_deref(),
            Some("{\"events\": []}")
        );
        assert_eq!(replace(text, 2, None), None);
    }

    #[test]
    fn several_events_are_inserted_at_once() {
        let event = |time: &str| {
            Event::new(
                time.parse().expect("a time"),
                Line::new("x").expect("a line"),
            )
        };
        let [one, two, four] = ["01:00", "02:00", "04:00"].map(event);
        let text = "\u{feff}{\r\n\"events\": [\r\n  {\"at\": \"03:00\"}\r\n]}";
        let new = insert(text, &[(0, &one), (0, &two), (9, &four)]).expect("a timeline");
        let lines: Vec<&str> = new.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "\u{feff}{",
                "\"events\": [",
                "  { \"at\": \"01:00\", \"text\": \"x\" },",
                "  { \"at\": \"02:00\", \"text\": \"x\" },",
                "  {\"at\": \"03:00\"},",
                "  { \"at\": \"04:00\", \"text\": \"x\" }",
                "]}",
            ]
        );
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
