//! Joins the two sides of a merge conflict in a TOML file, by what both had before.
//!
//! What is taken over from the second side is changed in the text of the first one, so that its comments and order stay.

use serde_json::Value as Json;

use super::{EditError, TomlText};
use crate::audience::Audience;
use crate::edit::incident::datetime;
use crate::edit::join::{Joined, Uncertain, join};
use crate::source::Path;

/// The reason why two sides cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The text of the first side cannot be changed.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// It is uncertain which rows are the same.
    #[error(transparent)]
    Uncertain(#[from] Uncertain),
}

/// Joins two sides, and returns the text with what was joined; `common` is what both started from, if it is known.
///
/// # Errors
/// Returns an error if a text is not valid TOML, if the first side cannot be changed without other values, or if it is
/// uncertain which rows are the same.
pub fn merge(
    common: Option<&str>,
    first: &str,
    second: &str,
) -> Result<(String, Joined), MergeError> {
    let common = common.map(read).transpose()?;
    let (before, second) = (read(first)?, read(second)?);
    let joined = join(common.as_ref(), [&before, &second], Audience::default())?;
    let mut text = TomlText::new(first);
    text.turn(&Path::new(), Some(&before), Some(&joined.value))?;
    if read(text.text())? != joined.value {
        return Err(EditError::NoPlace(Path::new()).into());
    }
    Ok((text.text().to_owned(), joined))
}

/// Reads a text, in which CRLF is a line break.
///
/// # Errors
/// Returns an error if the text is not valid TOML.
pub fn read(text: &str) -> Result<Json, EditError> {
    let table: toml::Table =
        toml::from_str(&text.replace("\r\n", "\n")).map_err(|_| EditError::Invalid)?;
    serde_json::to_value(table).map_err(|_| EditError::Invalid)
}

impl TomlText {
    /// Turns the value at a path into another, and changes only what differs.
    pub(super) fn turn(
        &mut self,
        path: &Path,
        from: Option<&Json>,
        to: Option<&Json>,
    ) -> Result<(), EditError> {
        let is_table = |value: &Json| {
            let table = value.as_object();
            table.is_some_and(|table| datetime(table).is_none() && !table.is_empty())
        };
        match (from, to) {
            _ if from == to => Ok(()),
            (Some(Json::Array(items)), None) => self.remove_items(path, items.len()),
            (_, None) => self.remove(path),
            (from, Some(new)) if is_table(new) && from.is_none_or(is_table) => {
                let old = from.and_then(Json::as_object).into_iter().flatten();
                let new_keys = new.as_object().into_iter().flatten();
                for (key, value) in old {
                    self.turn(&path.clone().key(key.as_str()), Some(value), new.get(key))?;
                }
                for (key, value) in new_keys {
                    if from.is_none_or(|from| from.get(key).is_none()) {
                        self.turn(&path.clone().key(key.as_str()), None, Some(value))?;
                    }
                }
                Ok(())
            }
            (None, Some(Json::Array(items))) if !items.is_empty() => self.append_all(path, items),
            (Some(Json::Array(from)), Some(Json::Array(to))) => self.turn_list(path, from, to),
            (_, Some(new)) => self.set(path, new),
        }
    }
}

#[cfg(test)]
mod tests;
