//! Joins the two sides of a merge conflict in a TOML file, by what both had before.
//!
//! What only the second side changed is changed in the text of the first one, so that its comments and order stay. Items
//! that both added to a list are all kept. Where both changed one value, that of the first side is kept and reported.

use serde_json::{Map, Value as Json};

use super::{EditError, TomlText};
use crate::source::Path;

/// A value that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    /// The path of the value.
    pub path: Path,
    /// The value of the first side, as JSON, which is kept; `None` if it removed the value.
    pub kept: Option<String>,
    /// The value of the second side, as JSON; `None` if it removed the value.
    pub left_out: Option<String>,
}

/// Joins two sides; `common` is what both started from, if it is known.
///
/// # Errors
/// Returns an error if a text is not valid TOML, or if the first side cannot be changed without other values.
pub fn merge(
    common: Option<&str>,
    first: &str,
    second: &str,
) -> Result<(String, Vec<Contested>), EditError> {
    let read = |text: &str| -> Result<Json, EditError> {
        let table: toml::Table = toml::from_str(text).map_err(|_| EditError::Invalid)?;
        serde_json::to_value(table).map_err(|_| EditError::Invalid)
    };
    let common = common.map(read).transpose()?;
    let mut merge = Merge {
        text: TomlText::new(first),
        contested: Vec::new(),
    };
    let (first, second) = (read(first)?, read(second)?);
    merge.value(&Path::new(), common.as_ref(), Some(&first), Some(&second))?;
    Ok((merge.text.text().to_owned(), merge.contested))
}

struct Merge {
    text: TomlText,
    contested: Vec<Contested>,
}

impl Merge {
    /// Joins the values at a path.
    fn value(
        &mut self,
        path: &Path,
        common: Option<&Json>,
        first: Option<&Json>,
        second: Option<&Json>,
    ) -> Result<(), EditError> {
        if first == second || second == common {
            return Ok(());
        }
        let none = Map::new();
        match (first, second) {
            (Some(Json::Object(_)) | None, Some(Json::Object(second))) if !is_time(second) => {
                let first = first.and_then(Json::as_object).unwrap_or(&none);
                let common = common.and_then(Json::as_object).unwrap_or(&none);
                let added = second.keys().filter(|key| !first.contains_key(*key));
                for key in first.keys().chain(added) {
                    let inner = path.clone().key(key.as_str());
                    self.value(&inner, common.get(key), first.get(key), second.get(key))?;
                }
                Ok(())
            }
            (Some(Json::Array(_)) | None, Some(Json::Array(second))) => {
                let items = |value: Option<&Json>| value.and_then(Json::as_array).cloned();
                let first = items(first).unwrap_or_default();
                self.list(path, &items(common).unwrap_or_default(), &first, second)
            }
            _ if first == common => self.set(path, second),
            _ => {
                self.contest(path, first, second);
                Ok(())
            }
        }
    }

    /// Joins two lists: the items that both had are joined by their position, and those that the second side added are added.
    fn list(
        &mut self,
        path: &Path,
        common: &[Json],
        first: &[Json],
        second: &[Json],
    ) -> Result<(), EditError> {
        if first == common {
            return self.set_list(path, common, second);
        }
        // Without an item of those that both had, the position of the others says nothing.
        let (Some(kept), Some(others)) = (first.get(..common.len()), second.get(..common.len()))
        else {
            let array = |items: &[Json]| Json::Array(items.to_vec());
            self.contest(path, Some(&array(first)), Some(&array(second)));
            return Ok(());
        };
        for (index, common) in common.iter().enumerate() {
            let path = path.clone().index(index);
            match (kept.get(index), others.get(index)) {
                (first, second) if first == second || second == Some(common) => {}
                (first, Some(second)) if first == Some(common) => {
                    self.set_item(&path, common, second)?;
                }
                // An item that both changed may be two items of which each side has another one there.
                (first, second) => self.contest(&path, first, second),
            }
        }
        let added = second.iter().skip(common.len());
        for item in added.filter(|item| !first.contains(item)) {
            self.text.append(path, item)?;
        }
        Ok(())
    }

    /// Sets a list that only the second side changed.
    fn set_list(&mut self, path: &Path, common: &[Json], second: &[Json]) -> Result<(), EditError> {
        if second.len() < common.len() {
            return self.set(path, Some(&Json::Array(second.to_vec())));
        }
        for (index, (common, second)) in common.iter().zip(second).enumerate() {
            self.set_item(&path.clone().index(index), common, second)?;
        }
        for item in second.iter().skip(common.len()) {
            self.text.append(path, item)?;
        }
        Ok(())
    }

    /// Changes an item that the first side has as both had it.
    fn set_item(&mut self, path: &Path, common: &Json, second: &Json) -> Result<(), EditError> {
        match (common, second) {
            (Json::Object(_), Json::Object(_)) => {
                self.value(path, Some(common), Some(common), Some(second))
            }
            _ if common == second => Ok(()),
            _ => self.set(path, Some(second)),
        }
    }

    fn set(&mut self, path: &Path, value: Option<&Json>) -> Result<(), EditError> {
        match value {
            Some(value) => self.text.set(path, value),
            None => self.text.remove(path),
        }
    }

    fn contest(&mut self, path: &Path, first: Option<&Json>, second: Option<&Json>) {
        self.contested.push(Contested {
            path: path.clone(),
            kept: first.map(shown),
            left_out: second.map(shown),
        });
    }
}

/// Returns `true` for a date or a time, which is a table only in JSON.
fn is_time(table: &Map<String, Json>) -> bool {
    super::super::incident::datetime(table).is_some()
}

fn shown(value: &Json) -> String {
    let time = value.as_object().and_then(super::super::incident::datetime);
    time.map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: &str = "\
# head
title = \"Slow\" # short
severity = \"P3\"
services = [\"db\"]

[[impact.customers]] # the first
name = \"Base\"
users = 2

[people]
scribe = \"Ana\"
";

    fn joined(first: &[(&str, &str)], second: &[(&str, &str)]) -> (String, Vec<String>) {
        let side = |changes: &[(&str, &str)]| {
            let mut text = COMMON.to_owned();
            for (old, new) in changes {
                assert!(text.contains(old), "{old}");
                text = text.replacen(old, new, 1);
            }
            text
        };
        let (text, contested) = merge(Some(COMMON), &side(first), &side(second)).expect("valid");
        let contested = contested
            .iter()
            .map(|found| format!("{}: {:?} {:?}", found.path, found.kept, found.left_out));
        (text, contested.collect())
    }

    #[test]
    fn what_each_side_added_is_kept() {
        let row = |name: &str, users: u32| {
            format!("users = 2\n\n[[impact.customers]]\nname = \"{name}\"\nusers = {users}\n")
        };
        let (text, contested) = joined(
            &[
                ("users = 2\n", &row("Acme", 3)),
                ("[\"db\"]", "[\"db\", \"api\"]"),
                ("scribe", "commander = \"Mina\"\nscribe"),
            ],
            &[
                ("users = 2\n", &row("Bolt", 4)),
                ("[\"db\"]", "[\"db\", \"jobs\", \"api\"]"),
                ("\"P3\"", "\"P1\""),
                ("[people]", "[root_cause]\nprimary = \"Full\"\n\n[people]"),
            ],
        );
        assert_eq!(contested, Vec::<String>::new());
        assert_eq!(
            text,
            "\
# head
title = \"Slow\" # short
severity = \"P1\"
services = [\"db\", \"api\", \"jobs\"]

[[impact.customers]] # the first
name = \"Base\"
users = 2

[[impact.customers]]
name = \"Acme\"
users = 3

[[impact.customers]]
name  = \"Bolt\"
users = 4

[people]
commander = \"Mina\"
scribe = \"Ana\"

[root_cause]
primary = \"Full\"
"
        );
    }

    #[test]
    fn what_both_changed_is_reported() {
        let (text, contested) = joined(
            &[
                ("\"P3\"", "\"P2\""),
                ("users = 2", "users = 5"),
                ("\"Ana\"", "\"Bo\""),
            ],
            &[
                ("\"P3\"", "\"P1\""),
                ("users = 2", "users = 6"),
                ("scribe = \"Ana\"\n", ""),
            ],
        );
        assert_eq!(
            contested,
            [
                "severity: Some(\"\\\"P2\\\"\") Some(\"\\\"P1\\\"\")",
                "impact.customers[0]: Some(\"{\\\"name\\\":\\\"Base\\\",\\\"users\\\":5}\") Some(\"{\\\"name\\\":\\\"Base\\\",\\\"users\\\":6}\")",
                "people.scribe: Some(\"\\\"Bo\\\"\") None",
            ]
        );
        assert!(
            text.contains("severity = \"P2\"") && text.contains("users = 5"),
            "{text}"
        );
    }

    #[test]
    fn what_one_side_removed_or_changed_is_so() {
        let (text, contested) = joined(
            &[("title = \"Slow\"", "title = \"Very slow\"")],
            &[("users = 2", "users = 9"), ("services = [\"db\"]\n", "")],
        );
        assert_eq!(contested, Vec::<String>::new());
        let mut expected = COMMON
            .replace("Slow", "Very slow")
            .replace("users = 2", "users = 9");
        expected = expected.replace("services = [\"db\"]\n", "");
        assert_eq!(text, expected);
    }
}
