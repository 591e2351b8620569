//! Writes the kinds of values as a person types them.
//!
//! Only the printer of input files serializes the model: what a template sees is a view.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Cell, Checked, Day, Either, OneOrMany, Pairs, Percent, TOML_DATETIME, When};
use crate::moment::{Written, Zone};

/// Returns `true` if a value is the one that a missing key stands for.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl<const FORMAT: usize> Serialize for Checked<FORMAT> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

/// Serializes a text that TOML can write as a date-time, in the form in which the TOML library passes it.
fn datetime<S: Serializer>(text: &str, to: S) -> Result<S::Ok, S::Error> {
    let mut table = to.serialize_map(Some(1))?;
    table.serialize_entry(TOML_DATETIME, text)?;
    table.end()
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        datetime(&self.0.to_string(), to)
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut text = self.to_string();
        if self.offset.is_some() {
            text = text.replace(' ', "T");
        }
        // A TOML date-time has a date, and a time has seconds.
        let is_whole = self.day.is_some() && self.time.is_none_or(|time| time.seconds);
        if is_whole && !self.about && self.latest.is_none() {
            datetime(&text, to)
        } else {
            to.serialize_str(&text)
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Written(written) => written.serialize(to),
            Self::Event(id) => {
                let mut table = to.serialize_map(Some(1))?;
                table.serialize_entry("event", id)?;
                table.end()
            }
        }
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(self.0)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Line(line) => line.serialize(to),
            Self::Count(count) => to.serialize_i64(*count),
        }
    }
}

impl<T: Serialize> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut table = to.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            table.serialize_entry(key, value)?;
        }
        table.end()
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if let [only] = self.0.as_slice() {
            return only.serialize(to);
        }
        to.collect_seq(&self.0)
    }
}

impl<S: Serialize, T: Serialize> Serialize for Either<S, T> {
    fn serialize<W: Serializer>(&self, to: W) -> Result<W::Ok, W::Error> {
        match self {
            Self::Short(short) => short.serialize(to),
            Self::Table(table) => table.serialize(to),
        }
    }
}
