//! Dates, times and time zones in an input file: text, or a TOML date-time.

use std::borrow::Cow;
use std::fmt;

use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{EVENT, EventId, FORMATS, MOMENT, TOML_DATETIME};
use crate::moment::{Written, Zone, parse_day};

/// Reads a text, or the text of a TOML date-time.
struct TextOrDatetime;

impl<'de> Visitor<'de> for TextOrDatetime {
    type Value = String;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a date-time or a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        match map.next_key::<String>()? {
            Some(key) if key == TOML_DATETIME => map.next_value(),
            _ => Err(de::Error::custom("expected a date-time or a string")),
        }
    }
}

/// A date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = from.deserialize_any(TextOrDatetime)?;
        parse_day(&text).map(Self).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TextOrDatetime)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// A time in an incident: a recorded time, or that of a timeline event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// A time as it was typed.
    Written(Written),
    /// `{ event = "ID" }`.
    Event(EventId),
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = When;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a date-time, a string, or `{ event = \"ID\" }`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                text.parse().map(When::Written).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<When, A::Error> {
                let when = match map.next_key::<String>()?.as_deref() {
                    Some(TOML_DATETIME) => When::Written(
                        map.next_value::<String>()?
                            .parse()
                            .map_err(de::Error::custom)?,
                    ),
                    Some("event") => When::Event(map.next_value()?),
                    Some(other) => return Err(de::Error::unknown_field(other, &["event"])),
                    None => return Err(de::Error::missing_field("event")),
                };
                match map.next_key::<String>()? {
                    Some(other) => {
                        map.next_value::<IgnoredAny>()?;
                        Err(de::Error::unknown_field(&other, &["event"]))
                    }
                    None => Ok(when),
                }
            }
        }
        from.deserialize_any(Either)
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A date-time, a time of day on the timeline's date, or an event of the timeline.",
            "anyOf": [
                { "type": "string", "format": FORMATS[MOMENT].name },
                {
                    "type": "object",
                    "properties": { "event": { "type": "string", "format": FORMATS[EVENT].name, "description": "The id of an event of the timeline." } },
                    "required": ["event"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(de::Error::custom)
    }
}
