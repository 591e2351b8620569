//! The kinds of values in the input: small types that are right by construction.
//!
//! Each refuses what its kind forbids, with a message that says what to write
//! instead, and names its rule in the JSON Schema as `format`. The same rules
//! stand in [`FORMATS`] for the walk that reports every fault of a file, so
//! that serde and the walk cannot disagree.

#![expect(
    clippy::indexing_slicing,
    reason = "places in `FORMATS` are constants, and a test walks them"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::moment::{Written, Zone, parse_day};

mod rules;

/// The key under which the TOML library hands over a date-time.
pub(crate) const TOML_DATETIME: &str = "$__toml_private_datetime";

/// A rule for strings: its name in the schema, and its test.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The schema's `format`.
    pub name: &'static str,
    /// Says what is wrong with a text, if anything.
    ///
    /// Of a TOML date-time it gets the form that serde sees, with a `T` and a `Z`.
    pub check: fn(&str) -> Result<(), String>,
    /// Whether a TOML date-time may stand in place of the string.
    pub datetime: Datetime,
    /// What to write instead.
    pub help: &'static str,
}

/// Whether a TOML date-time may stand where a string is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datetime {
    /// It may; its text is checked by the same rule.
    Accepted,
    /// It may not.
    Refused,
}

const LINE: usize = 0;
const BLOCK: usize = 1;
const ID: usize = 2;
const URL: usize = 3;
const MAIL: usize = 4;
const PATH: usize = 5;
const PERIOD: usize = 6;
const DAY: usize = 7;
const MOMENT: usize = 8;
const ZONE: usize = 9;

/// Every rule for strings, by the name that it has in the schema.
pub const FORMATS: &[Format] = &[
    Format {
        name: "line",
        check: rules::line,
        datetime: Datetime::Refused,
        help: "write one line of visible characters",
    },
    Format {
        name: "block",
        check: rules::block,
        datetime: Datetime::Refused,
        help: "remove the invisible character",
    },
    Format {
        name: "incident-id",
        check: rules::id,
        datetime: Datetime::Refused,
        help: "use letters, digits and `-`, at most 64, such as `INC-2025-0023`",
    },
    Format {
        name: "web-address",
        check: rules::url,
        datetime: Datetime::Refused,
        help: "write it as `https://example.com/page`",
    },
    Format {
        name: "mail-address",
        check: rules::mail,
        datetime: Datetime::Refused,
        help: "write it as `name@example.com`",
    },
    Format {
        name: "archive-path",
        check: rules::path,
        datetime: Datetime::Refused,
        help: "name a file from the folder of this one, such as `../logs/api.log`",
    },
    Format {
        name: "period",
        check: rules::period,
        datetime: Datetime::Refused,
        help: "write `7 years`, `18 months`, `90 days` or `indefinite`",
    },
    Format {
        name: "day",
        check: |text| parse_day(text).map(drop),
        datetime: Datetime::Accepted,
        help: "write it as `2025-01-14`",
    },
    Format {
        name: "moment",
        check: |text| text.parse::<Written>().map(drop),
        datetime: Datetime::Accepted,
        help: "write `14:23`, `2025-01-14 14:23:47`, `2025-01-14T14:23:47Z` or a day; `~` in front for about",
    },
    Format {
        name: "time-zone",
        check: |text| text.parse::<Zone>().map(drop),
        datetime: Datetime::Refused,
        help: "write `UTC`, `+02:00` or an IANA name such as `Europe/Berlin`",
    },
];

/// A string that keeps one of the [`FORMATS`], named by its place in them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Checked<const FORMAT: usize>(String);

/// One line of inline Markdown.
pub type Line = Checked<LINE>;
/// Text of one line or several: block Markdown, code, or a message.
pub type Block = Checked<BLOCK>;
/// An incident's id: letters, digits and `-`, at most 64 bytes.
pub type Id = Checked<ID>;
/// A web address: `http` or `https`, without user or password.
pub type Url = Checked<URL>;
/// An e-mail address.
pub type Mail = Checked<MAIL>;
/// A path to a file of the archive, relative to the file that names it.
pub type FilePath = Checked<PATH>;
/// A span of the calendar: `7 years`, `18 months`, `90 days`, `indefinite`.
pub type Period = Checked<PERIOD>;

impl<const FORMAT: usize> Checked<FORMAT> {
    /// Makes the value from a text that keeps its rule.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn new(text: impl Into<String>) -> Result<Self, String> {
        let text = text.into();
        (FORMATS[FORMAT].check)(&text).map(|()| Self(text))
    }
}

impl<const FORMAT: usize> Deref for Checked<FORMAT> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const FORMAT: usize> fmt::Display for Checked<FORMAT> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl<'de, const FORMAT: usize> Deserialize<'de> for Checked<FORMAT> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(from)?).map_err(de::Error::custom)
    }
}

impl<const FORMAT: usize> JsonSchema for Checked<FORMAT> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        FORMATS[FORMAT].name.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        string_of(FORMAT)
    }
}

fn string_of(format: usize) -> Schema {
    json_schema!({ "type": "string", "format": FORMATS[format].name })
}

impl Period {
    /// Adds the period to a day; nothing for `indefinite` or past the calendar's end.
    ///
    /// A day that the month reached lacks becomes that month's last: 29 February
    /// and seven years is 28 February.
    #[must_use]
    pub fn after(&self, day: NaiveDate) -> Option<NaiveDate> {
        let (count, unit) = rules::parse_period(self).ok()??;
        let end = match unit {
            rules::Unit::Days => day.checked_add_signed(TimeDelta::try_days(i64::from(count))?),
            rules::Unit::Months => day.checked_add_months(Months::new(count)),
        };
        end.filter(|end| end.year() <= LAST_YEAR)
    }
}

/// The last year that a day can be written in.
const LAST_YEAR: i32 = 9999;

/// Reads a text, or a TOML date-time as its text.
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

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = from.deserialize_any(TextOrDatetime)?;
        parse_day(&text).map(Self).map_err(de::Error::custom)
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        string_of(DAY)
    }
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TextOrDatetime)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for Written {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Written".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        string_of(MOMENT)
    }
}

/// A time in an incident: written down, or that of an event of its timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// As typed.
    Written(Written),
    /// `{ event = "ID" }`.
    Event(String),
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
                    "properties": { "event": { "type": "string", "description": "The id of an event of the timeline." } },
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

impl JsonSchema for Zone {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        string_of(ZONE)
    }
}

/// A table whose keys the author chooses, in the order in which they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs<T>(pub Vec<(Line, T)>);

impl<T> Default for Pairs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Pairs<T> {
    /// Finds the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&T> {
        self.0
            .iter()
            .find(|(name, _)| &**name == key)
            .map(|(_, value)| value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Table<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Table<T> {
            type Value = Pairs<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a table")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Pairs(Vec::new());
                while let Some(key) = map.next_key::<Line>()? {
                    pairs.0.push((key, map.next_value()?));
                }
                let mut keys = BTreeSet::new();
                match pairs.0.iter().find(|(key, _)| !keys.insert(key)) {
                    Some((key, _)) => Err(de::Error::custom(format!("duplicate key `{key}`"))),
                    None => Ok(pairs),
                }
            }
        }
        from.deserialize_map(Table(PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for Pairs<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Table_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({
            "type": "object",
            "additionalProperties": value,
            "propertyNames": { "format": FORMATS[LINE].name }
        })
    }
}

/// A value of a table cell: a line, or a number, which is printed with separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// As typed.
    Line(Line),
    /// A whole number.
    Count(i64),
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Cell;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string or a whole number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Cell, E> {
                Line::new(text).map(Cell::Line).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, count: i64) -> Result<Cell, E> {
                Ok(Cell::Count(count))
            }

            fn visit_u64<E: de::Error>(self, count: u64) -> Result<Cell, E> {
                i64::try_from(count).map(Cell::Count).map_err(E::custom)
            }
        }
        from.deserialize_any(Either)
    }
}

impl JsonSchema for Cell {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "format": FORMATS[LINE].name },
            { "type": "integer", "format": "int64" }
        ] })
    }
}

/// One value or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de> Deserialize<'de> for OneOrMany<Line> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = OneOrMany<Line>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string or a list of strings")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Line::new(text)
                    .map(|line| OneOrMany(vec![line]))
                    .map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut lines = Vec::new();
                while let Some(line) = list.next_element()? {
                    lines.push(line);
                }
                Ok(OneOrMany(lines))
            }
        }
        from.deserialize_any(Either)
    }
}

impl JsonSchema for OneOrMany<Line> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "LineOrLines".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "format": FORMATS[LINE].name },
            { "type": "array", "items": { "type": "string", "format": FORMATS[LINE].name } }
        ] })
    }
}

/// A short form (a string), or a table that says more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Either<S, T> {
    /// The string.
    Short(S),
    /// The table.
    Table(T),
}

impl<'de, S: Deserialize<'de>, T: Deserialize<'de>> Deserialize<'de> for Either<S, T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Form<S, T>(PhantomData<(S, T)>);
        impl<'de, S: Deserialize<'de>, T: Deserialize<'de>> Visitor<'de> for Form<S, T> {
            type Value = Either<S, T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string or a table")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                S::deserialize(StrDeserializer::new(text)).map(Either::Short)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Either::Table)
            }
        }
        from.deserialize_any(Form(PhantomData))
    }
}

impl<S: JsonSchema, T: JsonSchema> JsonSchema for Either<S, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}_or_{}", S::schema_name(), T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (short, table) = (
            generator.subschema_for::<S>(),
            generator.subschema_for::<T>(),
        );
        json_schema!({ "anyOf": [short, table] })
    }
}

/// A share in percent, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u8);

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u8::deserialize(from)? {
            percent @ 0..=100 => Ok(Self(percent)),
            other => Err(de::Error::custom(format!(
                "`{other}` is more than 100 percent"
            ))),
        }
    }
}

impl JsonSchema for Percent {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 100 })
    }
}

#[cfg(test)]
mod tests;
