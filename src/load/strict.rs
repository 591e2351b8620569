//! Deserializes the tree of a file, and rejects what serde's derives accept beyond the type's schema.
//!
//! A derived struct also reads a list, field by field in order, and a derived enum also reads a
//! table with one key. `[[communication]]` instead of `[communication]` would be read, with its
//! first table as the first field, and silently be wrong. Here a struct must be a table and an
//! enum a string. The content of an untagged enum cannot be checked, because serde buffers it: a
//! type that is text or a table needs a manual `Deserialize`.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};

use crate::kind::TOML_DATETIME;
use crate::source::{Limits, Member, Node, Syntax, Value};

/// Reads a text.
///
/// # Errors
/// Returns the first error of the text.
pub fn text<T: DeserializeOwned>(text: &str, syntax: Syntax) -> Result<T, String> {
    let (tree, errors) = syntax.parse(text, &Limits::default());
    match errors.into_iter().next() {
        Some(error) => Err(error.message),
        None => self::tree(&tree),
    }
}

/// Reads a tree. It reads exactly what the walk along the type's schema passes.
///
/// # Errors
/// Returns the reason if the tree does not match the type.
pub(super) fn tree<T: DeserializeOwned>(tree: &Node) -> Result<T, String> {
    T::deserialize(tree).map_err(|error| error.to_string())
}

impl<'de> IntoDeserializer<'de> for &'de Node<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Node<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => visitor.visit_i64(value),
                (Err(_), Ok(value)) => visitor.visit_u64(value),
                (Err(_), Err(_)) => Err(Error::custom("the number is too large")),
            },
            Value::Float { value, .. } => visitor.visit_f64(*value),
            Value::String(text) => visitor.visit_borrowed_str(text),
            // As the `toml` crate passes it.
            Value::Datetime(text) => {
                let pair = std::iter::once((TOML_DATETIME, text.as_ref()));
                visitor.visit_map(MapDeserializer::new(pair))
            }
            Value::Array(nodes) => {
                let mut list = SeqDeserializer::new(nodes.iter());
                let value = visitor.visit_seq(&mut list)?;
                list.end().map(|()| value)
            }
            Value::Table(members) => {
                let pair = |member: &'de Member<'_>| (member.key.as_ref(), &member.node);
                let mut table = MapDeserializer::new(members.iter().map(pair));
                let value = visitor.visit_map(&mut table)?;
                table.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Table(_) => self.deserialize_any(visitor),
            _ => Err(Error::custom("expected a table")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match &self.value {
            Value::String(name) => visitor.visit_enum(name.as_ref().into_deserializer()),
            _ => Err(Error::custom("expected a string")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string
        bytes byte_buf unit unit_struct seq tuple tuple_struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Level {
        High,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Item {
        name: String,
        level: Option<Level>,
    }

    fn json<T: DeserializeOwned>(typed: &str) -> Option<T> {
        text(typed, Syntax::Json).ok()
    }

    #[test]
    fn a_struct_is_a_table_and_an_enum_is_a_string() {
        let name = "a".to_owned();
        let level = Some(Level::High);
        assert_eq!(
            json(r#"{"name": "a", "level": "high"}"#),
            Some(Item { name, level })
        );
        assert!(json::<Item>(r#"["a", "high"]"#).is_none());
        assert!(json::<Item>(r#"{"name": "a", "level": {"high": null}}"#).is_none());
        assert!(json::<Vec<Item>>(r#"[{"name": "a", "level": null}]"#).is_some());
    }

    #[test]
    fn a_tuple_has_no_further_items() {
        assert_eq!(json("[1, 2]"), Some((1, 2)));
        assert_eq!(json::<(u8, u8)>("[1, 2, 3]"), None);
    }

    #[test]
    fn a_number_is_read_if_its_type_holds_it() {
        assert_eq!(json("18446744073709551615"), Some(u64::MAX));
        assert_eq!(json::<i64>("18446744073709551615"), None);
        assert_eq!(json::<u8>("256"), None);
        assert_eq!(json::<u8>("1.0"), None);
        assert_eq!(json("3"), Some(3.0));
    }

    #[test]
    fn a_date_of_toml_is_no_text_and_no_map() {
        type Map<T> = std::collections::BTreeMap<String, T>;
        let typed = "day = 2025-01-14";
        assert!(text::<Map<String>>(typed, Syntax::Toml).is_err());
        assert!(text::<Map<Map<String>>>(typed, Syntax::Toml).is_err());
        assert!(text::<Map<crate::kind::Day>>(typed, Syntax::Toml).is_ok());
    }
}
