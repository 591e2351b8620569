//! Prints data as JSON whose changes are readable: one line for each element of a list and each key of the whole.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
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

/// Prints the data of a template as programs read it: each time once, and no keys without a value.
///
/// A time is a map with `iso` and `about` beside the forms that templates print. Programs get a text as in the input, in
/// ISO 8601, with `~` before an approximate time.
///
/// # Errors
/// Returns an error if the data has no form in JSON.
pub(super) fn for_programs(data: &Value) -> serde_json::Result<String> {
    let mut printer = ForPrograms {
        printed: String::with_capacity(CAPACITY),
        depth: 0,
        is_own: false,
    };
    printer.value(data)?;
    printer.printed.push('\n');
    Ok(printer.printed)
}

/// The text printed so far, laid out as by [`Lines`].
struct ForPrograms {
    printed: String,
    depth: usize,
    /// Whether it is below `extra`: the user's own, whatever its keys mean.
    is_own: bool,
}

impl ForPrograms {
    fn value(&mut self, value: &Value) -> serde_json::Result<()> {
        if let Some(text) = value.as_str() {
            push_string(text, &mut self.printed);
        } else if let Some(list) = value.as_array() {
            self.list(list)?;
        } else if let Some(map) = value.as_map() {
            match time(map).filter(|_| !self.is_own) {
                Some(time) => push_string(&time, &mut self.printed),
                None => self.map(map)?,
            }
        } else {
            self.printed.push_str(&serde_json::to_string(value)?);
        }
        Ok(())
    }

    fn list(&mut self, list: &[Value]) -> serde_json::Result<()> {
        self.depth += 1;
        for (index, element) in list.iter().enumerate() {
            self.printed
                .push_str(if index == 0 { "[\n" } else { ",\n" });
            self.value(element)?;
        }
        self.printed
            .push_str(if list.is_empty() { "[]" } else { "\n]" });
        self.depth -= 1;
        Ok(())
    }

    fn map(&mut self, map: &Map) -> serde_json::Result<()> {
        let line = if self.depth == 0 { "\n" } else { "" };
        self.depth += 1;
        let was_own = self.is_own;
        let mut before = "{";
        for (key, value) in map {
            let name = key
                .as_str()
                .map_or_else(|| key.to_string().into(), Cow::from);
            self.is_own = was_own || name == "extra";
            let is_empty = value.is_none() || value.as_array().is_some_and(<[Value]>::is_empty);
            if is_empty && !self.is_own {
                continue;
            }
            self.printed.extend([before, line]);
            push_string(&name, &mut self.printed);
            self.printed.push(':');
            self.value(value)?;
            before = ",";
        }
        self.is_own = was_own;
        self.depth -= 1;
        self.printed.push_str(match before {
            "{" => "{}",
            _ if self.depth == 0 => "\n}",
            _ => "}",
        });
        Ok(())
    }
}

/// Appends a text as a string of JSON.
pub fn push_string(text: &str, out: &mut String) {
    // Without an early exit, many bytes are compared at once.
    let is_plain = |all, byte| all && byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().fold(true, is_plain) {
        out.extend(["\"", text, "\""]);
    } else {
        // A string always has a form in JSON.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
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
        let printed = for_programs(&value).expect("JSON");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&printed).expect("JSON"),
            expected
        );
    }
}
