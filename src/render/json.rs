//! Prints data as JSON whose changes are readable: one line for each element of a list and each key of the whole.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;
use tera::{Map, Value};

/// The bytes for which room is made at first: about those of a short report.
const CAPACITY: usize = 16 << 10;

/// Prints a value.
///
/// # Errors
/// Returns an error if the value has no form in JSON, such as a map with keys that are not text.
pub fn lines(value: &(impl Serialize + ?Sized)) -> serde_json::Result<String> {
    let mut printed = Vec::with_capacity(CAPACITY);
    let mut serializer = serde_json::Serializer::with_formatter(&mut printed, Lines::default());
    value.serialize(&mut serializer)?;
    printed.push(b'\n');
    // JSON is UTF-8.
    Ok(String::from_utf8(printed).unwrap_or_default())
}

/// The data of a template as programs read it: each time once, and no keys without a value.
///
/// A time is a map with `iso` and `about` beside the forms that templates print. Programs get a text as in the input, in
/// ISO 8601, with `~` before an approximate time.
pub(super) struct ForPrograms<'v>(pub &'v Value);

impl Serialize for ForPrograms<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(list) = self.0.as_array() {
            return serializer.collect_seq(list.iter().map(ForPrograms));
        }
        let Some(map) = self.0.as_map() else {
            return self.0.serialize(serializer);
        };
        if let Some(time) = time(map) {
            return serializer.serialize_str(&time);
        }
        let mut printed = serializer.serialize_map(None)?;
        for (key, value) in map {
            if key.as_str() == Some("extra") {
                // The user's own, whatever its keys mean.
                printed.serialize_entry(key, value)?;
            } else if !value.is_none() && value.as_array().is_none_or(|list| !list.is_empty()) {
                printed.serialize_entry(key, &ForPrograms(value))?;
            }
        }
        printed.end()
    }
}

/// Returns the time that a map is, by its first two keys.
fn time(map: &Map) -> Option<Cow<'_, str>> {
    let mut values = map.iter();
    let mut value = |name| {
        let (key, value) = values.next()?;
        (key.as_str() == Some(name)).then_some(value)
    };
    let iso = value("iso")?.as_str()?;
    let is_approximate = value("about")?.as_bool()?;
    Some(if is_approximate {
        format!("~{iso}").into()
    } else {
        iso.into()
    })
}

/// Writes each element of a list and each key of the outermost map on a line.
#[derive(Default)]
struct Lines {
    depth: usize,
    has_value: bool,
}

impl Lines {
    fn open<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        writer.write_all(bracket)
    }

    fn close<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        self.has_value = true;
        writer.write_all(bracket)
    }
}

impl Formatter for Lines {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let end: &[u8] = if self.has_value { b"\n]" } else { b"]" };
        self.close(writer, end)
    }

    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"\n" } else { b",\n" })
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let is_whole = self.depth == 1 && self.has_value;
        let end: &[u8] = if is_whole { b"\n}" } else { b"}" };
        self.close(writer, end)
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b"," })?;
        writer.write_all(if self.depth == 1 { b"\n" } else { b"" })
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_element_is_on_a_line() {
        let value = json!({"a": [], "b": [1, [2], {"c": {}, "d": [{}]}], "e": {"f": "g\nh"}});
        let expected = "{\n\"a\":[],\n\"b\":[\n1,\n[\n2\n],\n{\"c\":{},\"d\":[\n{}\n]}\n],\n\"e\":{\"f\":\"g\\nh\"}\n}\n";
        assert_eq!(lines(&value).expect("JSON"), expected);
        assert_eq!(lines(&json!({})).expect("JSON"), "{}\n");
        let read: serde_json::Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(read, value);
    }

    #[test]
    fn programs_read_each_time_once_and_no_key_without_a_value() {
        let value = Value::from_serializable(&json!({
            "at": {"iso": "2025-01-14T14:23Z", "about": true, "text": "~2025-01-14 14:23 UTC"},
            "sent": {"iso": "2025-01-14", "about": false, "day": "2025-01-14"},
            "own": {"iso": "written by the user"},
            "extra": {"iso": "", "about": true, "list": []}, "none": null, "list": [], "no": false, "zero": 0, "text": "",
        }));
        let expected = json!({
            "at": "~2025-01-14T14:23Z", "sent": "2025-01-14", "own": {"iso": "written by the user"},
            "extra": {"iso": "", "about": true, "list": []}, "no": false, "zero": 0, "text": "",
        });
        let printed = lines(&ForPrograms(&value)).expect("JSON");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&printed).expect("JSON"),
            expected
        );
    }
}
