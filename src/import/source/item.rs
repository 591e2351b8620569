//! Access to a JSON value of an export: a missing key, `null` and an empty text are all `None`.

use serde_json::Value;

/// A value of an export.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a>(pub &'a Value);

impl<'a> Item<'a> {
    /// Returns the value at a path such as `agent.summary`; `None` if it is missing or `null`.
    #[must_use]
    pub fn get(self, path: &str) -> Option<Self> {
        let mut value = self.0;
        for key in path.split('.') {
            value = value.get(key)?;
        }
        (!value.is_null()).then_some(Self(value))
    }

    /// Returns `true` if there is a value at the path.
    #[must_use]
    pub fn has(self, path: &str) -> bool {
        self.get(path).is_some()
    }

    /// Returns `true` if the key is there, even with `null`.
    #[must_use]
    pub fn has_key(self, key: &str) -> bool {
        self.0.get(key).is_some()
    }

    /// Returns `true` if there is a list at the path.
    #[must_use]
    pub fn has_list(self, path: &str) -> bool {
        self.get(path).is_some_and(|item| item.0.is_array())
    }

    /// Returns the text at a path; `None` if it is blank or no string.
    #[must_use]
    pub fn text(self, path: &str) -> Option<&'a str> {
        let text = self.get(path)?.0.as_str()?;
        (!text.trim().is_empty()).then_some(text)
    }

    /// Returns the first text that is there.
    #[must_use]
    pub fn first(self, paths: &[&str]) -> Option<&'a str> {
        paths.iter().find_map(|path| self.text(path))
    }

    /// Returns a text, a number or a boolean as text.
    #[must_use]
    pub fn word(self, path: &str) -> Option<String> {
        match self.get(path)?.0 {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(set) => Some(set.to_string()),
            _ => None,
        }
    }

    /// Returns the first text, number or boolean that is there, as text.
    #[must_use]
    pub fn first_word(self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.word(path))
    }

    /// Returns `true` if the text at a path is this one; case makes no difference.
    #[must_use]
    pub fn is(self, path: &str, text: &str) -> bool {
        self.text(path)
            .is_some_and(|found| found.trim().eq_ignore_ascii_case(text))
    }

    /// Returns `true` if a boolean is set.
    #[must_use]
    pub fn is_set(self, path: &str) -> bool {
        self.word(path).is_some_and(|word| word == "true")
    }

    /// Returns the elements of the list at a path.
    pub fn list(self, path: &str) -> impl Iterator<Item = Self> + use<'a> {
        let list = self.get(path).and_then(|item| item.0.as_array());
        list.into_iter().flatten().map(Self)
    }

    /// Returns the elements of this list.
    pub fn elements(self) -> impl Iterator<Item = Self> + use<'a> {
        self.0.as_array().into_iter().flatten().map(Self)
    }

    /// Returns the entries of the table at a path.
    pub fn entries(self, path: &str) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let table = self.get(path).and_then(|item| item.0.as_object());
        table
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), Self(value)))
    }

    /// Returns the values of this table.
    pub fn members(self) -> impl Iterator<Item = Self> + use<'a> {
        let table = self.0.as_object();
        table.into_iter().flat_map(|table| table.values()).map(Self)
    }
}
