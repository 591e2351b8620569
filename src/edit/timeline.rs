//! Inserts an event into the text of a timeline without changing anything else.

use serde_json::{Map, Value};

use crate::source::{Source, Value as Tree};

/// An event to add; `None` values are not written.
#[derive(Debug, Clone, Default)]
pub struct NewEvent<'a> {
    /// The time, in a notation that timelines accept.
    pub at: &'a str,
    /// The kind.
    pub kind: Option<&'a str>,
    /// The marks.
    pub marks: &'a [String],
    /// The description.
    pub text: &'a str,
    /// The person or system that acted.
    pub actor: Option<&'a str>,
    /// The audience that the event is restricted to.
    pub visibility: Option<&'a str>,
}

impl NewEvent<'_> {
    /// Formats the event on one line, as a person would write it.
    #[must_use]
    pub fn json(&self) -> String {
        let mut event = Map::new();
        let mut add = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                event.insert(key.to_owned(), value.into());
            }
        };
        add("at", Some(self.at));
        add("kind", self.kind);
        add("actor", self.actor);
        add("visibility", self.visibility);
        if !self.marks.is_empty() {
            event.insert("marks".to_owned(), self.marks.to_vec().into());
        }
        event.insert("text".to_owned(), self.text.into());
        one_line(&event)
    }
}

/// Formats an event on one line, as a person would write it.
#[must_use]
pub fn one_line(event: &Map<String, Value>) -> String {
    let parts = event
        .iter()
        .map(|(key, value)| format!("\"{key}\": {}", spaced(value)));
    format!("{{ {} }}", parts.collect::<Vec<_>>().join(", "))
}

fn spaced(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(spaced).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) => one_line(object),
        other => other.to_string(),
    }
}

/// Formats a new timeline with its first events.
#[must_use]
pub fn new(incident: &str, day: &str, zone: Option<&str>, events: &[NewEvent]) -> String {
    let events: Vec<String> = events.iter().map(NewEvent::json).collect();
    from_lines(incident, day, zone, &events)
}

/// Formats a new timeline from events that are formatted already.
#[must_use]
pub fn from_lines(incident: &str, day: &str, zone: Option<&str>, events: &[String]) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let zone = zone
        .map(|zone| format!("  \"tz\": {},\n", quoted(zone)))
        .unwrap_or_default();
    let events: Vec<String> = events.iter().map(|event| format!("    {event}")).collect();
    format!(
        "{{\n  \"incident\": {},\n  \"date\": {},\n{zone}  \"events\": [\n{}\n  ]\n}}\n",
        quoted(incident),
        quoted(day),
        events.join(",\n")
    )
}

/// Inserts an event into a timeline, in the layout of the existing events.
///
/// `index` is that of the event to insert it before; the event is appended if there is none.
/// Returns `None` unless the text is a valid JSON object whose `events`, if any, are a list.
#[must_use]
pub fn insert(source: &Source, index: usize, event: &NewEvent) -> Option<String> {
    let text = source.text();
    let (root, problems) = source.syntax().tree(text);
    let Tree::Table(members) = &root.value else {
        return None;
    };
    if !problems.is_empty() {
        return None;
    }
    let json = event.json();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(text: &str, index: usize) -> Option<String> {
        let event = NewEvent {
            at: "14:32",
            text: "a \"quoted\" text",
            ..NewEvent::default()
        };
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
}
