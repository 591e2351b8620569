//! The kinds of values in the input: types that cannot hold an invalid value.
//!
//! Each rejects invalid text with a message that says what is expected, and names its rule in the
//! JSON Schema as `format`. The walk that reports all problems of a file applies the same rules
//! from [`FORMATS`], so that serde and the walk cannot disagree.

#![expect(
    clippy::indexing_slicing,
    reason = "indexes into `FORMATS` are constants, and a test walks them"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};

use crate::moment::{Written, Zone, parse_day};

mod choice;
mod form;
mod print;
mod rules;
mod time;
mod walk;

pub(crate) use choice::{All, Choice, Keys, Spelling, spelling};
pub use form::{Cell, Either, OneOrMany, Pairs};
pub(crate) use print::is_default;
pub(crate) use rules::{is_visible, may_be_in_url};
pub use time::{Day, When};
pub use walk::{Rewrite, Role, Step, Strings, Visit};
pub(crate) use walk::{Table, key_of};

/// The key under which the TOML library passes a date-time.
pub(crate) const TOML_DATETIME: &str = "$__toml_private_datetime";

/// A rule for strings: its name in the schema, and the function that applies it.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The `format` in the schema.
    pub name: &'static str,
    /// Returns an error with the reason if a text is invalid.
    ///
    /// A TOML date-time is passed in the form that serde sees, with a `T` and a `Z`.
    pub check: fn(&str) -> Result<(), String>,
    /// Whether a TOML date-time is accepted instead of a string.
    pub datetime: Datetime,
    /// What strings of this kind are for.
    pub role: Role,
    /// The help: what to write instead.
    pub help: &'static str,
}

/// Whether a TOML date-time is accepted where a string is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Datetime {
    /// It is accepted, and its text is checked by the same rule.
    Accepted,
    /// It is rejected.
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
const DURATION: usize = 10;
const CODE: usize = 11;
const PERSON: usize = 12;
const EVENT: usize = 13;
const IDENTIFIER: usize = 14;
const CELL: usize = 15;
const SHARE: usize = 16;
const LIGHT: usize = 17;
const DARK: usize = 18;
const MARK: usize = 19;
const ID_PATTERN: usize = 20;

const ONE_LINE: &str = "write one line of visible characters";
const VISIBLE: &str = "remove the invisible character";

const fn format(
    name: &'static str,
    check: fn(&str) -> Result<(), String>,
    role: Role,
    help: &'static str,
) -> Format {
    Format {
        name,
        check,
        datetime: Datetime::Refused,
        role,
        help,
    }
}

const fn date_format(
    name: &'static str,
    check: fn(&str) -> Result<(), String>,
    help: &'static str,
) -> Format {
    Format {
        datetime: Datetime::Accepted,
        ..format(name, check, Role::Value, help)
    }
}

/// All rules for strings.
pub const FORMATS: &[Format] = &[
    format("line", rules::line, Role::Text, ONE_LINE),
    format("block", rules::block, Role::Text, VISIBLE),
    format(
        "incident-id",
        rules::id,
        Role::Value,
        "use letters, digits and `-`, at most 64 characters, such as `INC-2025-0023`",
    ),
    format(
        "web-address",
        rules::url,
        Role::Value,
        "write it as `https://example.com/page`",
    ),
    format(
        "mail-address",
        rules::mail,
        Role::Value,
        "write it as `name@example.com`",
    ),
    format(
        "archive-path",
        rules::path,
        Role::Value,
        "write a path relative to this file, such as `../logs/api.log`",
    ),
    format(
        "period",
        rules::period,
        Role::Value,
        "write `7 years`, `18 months`, `90 days` or `indefinite`",
    ),
    date_format(
        "day",
        |text| parse_day(text).map(drop),
        "write it as `2025-01-14`",
    ),
    date_format(
        "moment",
        |text| text.parse::<Written>().map(drop),
        "write `14:23`, `2025-01-14 14:23:47`, `2025-01-14T14:23:47Z` or a date; add a leading `~` if it is approximate, or write a range such as `2025-01-10..2025-01-14`",
    ),
    format(
        "time-zone",
        |text| text.parse::<Zone>().map(drop),
        Role::Value,
        "write `UTC`, `+02:00` or an IANA name such as `Europe/Berlin`",
    ),
    format(
        "time-span",
        rules::duration,
        Role::Value,
        "write `30 minutes` or `1h 30m`",
    ),
    format("code", rules::block, Role::Code, VISIBLE),
    format("person-name", rules::line, Role::Person, ONE_LINE),
    format("event-id", rules::line, Role::Event, ONE_LINE),
    format("identifier", rules::line, Role::Value, ONE_LINE),
    format("cell", rules::cell, Role::Text, ONE_LINE),
    format(
        "share",
        rules::share,
        Role::Value,
        "write a percentage of at most 100 with at most four decimals, such as `99.95%`",
    ),
    format(
        "color-on-light",
        rules::color_on_light,
        Role::Value,
        "write a dark color such as `#7a1f5c`",
    ),
    format(
        "color-on-dark",
        rules::color_on_dark,
        Role::Value,
        "write a light color such as `#f2a7d3`",
    ),
    format(
        "mark",
        rules::mark_name,
        Role::Value,
        "write a name of letters, digits and `_`, such as `regulator_notified`",
    ),
    format(
        "id-pattern",
        rules::id_pattern,
        Role::Value,
        "write letters, digits and `-`, with `YYYY` for the year, and one `N` at the end for each digit of the number, as in `INC-YYYY-NNNN`",
    ),
];

/// A string that is valid by one of the [`FORMATS`], given by its index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Checked<const FORMAT: usize>(String);

/// One line of inline Markdown.
pub type Line = Checked<LINE>;
/// The text of a table cell, in one line; may be empty.
pub type CellText = Checked<CELL>;
/// Text of one or more lines: block Markdown, or a message.
pub type Block = Checked<BLOCK>;
/// Code, or the lines of a log.
pub type Code = Checked<CODE>;
/// The name of a person, in one line.
pub type PersonName = Checked<PERSON>;
/// The ID of a timeline event that is referred to.
pub type EventId = Checked<EVENT>;
/// A word that programs compare, such as a key or the ID of an action item: no text for readers.
pub type Identifier = Checked<IDENTIFIER>;
/// The name of a mark: letters, digits and `_`, at most 64 bytes.
pub type MarkName = Checked<MARK>;
/// The pattern of new incident IDs: `INC-YYYY-NNNN`.
pub type IdPattern = Checked<ID_PATTERN>;
/// An incident's ID: letters, digits and `-`, at most 64 bytes.
pub type Id = Checked<ID>;
/// A URL with `http` or `https`, without user or password.
pub type Url = Checked<URL>;
/// An email address.
pub type Mail = Checked<MAIL>;
/// A path to a file of the archive, relative to the file that contains it.
pub type FilePath = Checked<PATH>;
/// A calendar period: `7 years`, `18 months`, `90 days`, `indefinite`.
pub type Period = Checked<PERIOD>;
/// A color of text that can be read on the light background of pages: `#7a1f5c`.
pub type LightColor = Checked<LIGHT>;
/// A color of text that can be read on the dark background of pages: `#f2a7d3`.
pub type DarkColor = Checked<DARK>;
/// A part of a whole in percent: `99.95%`.
pub type Share = Checked<SHARE>;
/// A duration: `30 minutes`, `1h 30m`.
pub type Duration = Checked<DURATION>;

impl<const FORMAT: usize> Checked<FORMAT> {
    /// Creates the value from a text that is valid by its rule.
    ///
    /// # Errors
    /// Returns an error with the reason if the text is invalid.
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

/// Gives a type the schema of the strings of a format.
macro_rules! schema_of {
    ($Type:ty, $format:ident) => {
        impl JsonSchema for $Type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                FORMATS[$format].name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                string_of($format)
            }
        }
    };
}

schema_of!(Day, DAY);
schema_of!(Written, MOMENT);
schema_of!(Zone, ZONE);

/// Returns a text that is kept for the whole run, such as the name of a mark: one of a few that are repeated often.
#[must_use]
pub(crate) fn interned(text: &str) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(same) = known.get(text) {
        return same;
    }
    let kept: &'static str = text.to_owned().leak();
    known.insert(kept);
    kept
}

/// The name of the format of custom marks, of which a schema cannot know which an archive has.
pub(crate) const CUSTOM_MARK: &str = FORMATS[MARK].name;

/// The name of a custom mark.
pub(crate) fn custom_mark() -> Schema {
    string_of(MARK)
}

fn string_of(format: usize) -> Schema {
    json_schema!({ "type": "string", "format": FORMATS[format].name })
}

impl Period {
    /// Adds the period to a date; `None` for `indefinite` or past the last year of the calendar.
    ///
    /// A date that the month does not have becomes the last day of that month: 29 February plus
    /// seven years is 28 February.
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

impl Share {
    /// Returns the share in millionths: 999,500 for `99.95%`.
    #[must_use]
    pub fn millionths(&self) -> u32 {
        rules::millionths(self).unwrap_or_default()
    }
}

impl Duration {
    /// Returns the duration in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        crate::token::duration(self).unwrap_or_default()
    }
}

/// Returns a name without the differences that make no other name: case and spaces.
#[must_use]
pub fn name_key(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The last year of a date that can be written.
const LAST_YEAR: i32 = 9999;

/// A percentage from 0 to 100.
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
