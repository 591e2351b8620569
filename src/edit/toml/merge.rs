//! Joins the two sides of a merge conflict in a TOML file, by what both had before.
//!
//! What is taken over from the second side is changed in the text of the first one, so that its comments and order stay.

use serde_json::Value as Json;

use super::{EditError, TomlText, at, end_of, line_end, line_start};
use crate::edit::incident::datetime;
use crate::edit::join::{Joined, Uncertain, is_same, join, pairs};
use crate::edit::spliced;
use crate::source::{Path, Segment, Source, Span, Syntax, Value};

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
    let joined = join(common.as_ref(), &before, &second)?;
    let mut text = TomlText::new(first);
    text.turn(&Path::new(), Some(&before), Some(&joined.value))?;
    if read(text.text())? != joined.value {
        return Err(EditError::NoPlace(Path::new()).into());
    }
    Ok((text.text().to_owned(), joined))
}

fn read(text: &str) -> Result<Json, EditError> {
    let table: toml::Table = toml::from_str(text).map_err(|_| EditError::Invalid)?;
    serde_json::to_value(table).map_err(|_| EditError::Invalid)
}

impl TomlText {
    /// Turns the value at a path into another, and changes only what differs.
    fn turn(
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

    /// Turns a list into another: its items in place, or all of it if others come between them.
    fn turn_list(&mut self, path: &Path, from: &[Json], to: &[Json]) -> Result<(), EditError> {
        let mut places = pairs(from, to, is_same);
        let is_in_place =
            |(index, place): (usize, &Option<usize>)| place.is_none_or(|place| place == index);
        if from.len() == to.len() && places.iter().enumerate().all(is_in_place) {
            places = (0..to.len()).map(Some).collect();
        }
        // The items that stay are the first ones of the new list.
        let is_plain = places
            .iter()
            .flatten()
            .copied()
            .eq(0..places.iter().flatten().count());
        let before = self.clone();
        if is_plain && !to.is_empty() && self.keep_items(path, from, to, &places).is_ok() {
            return Ok(());
        }
        *self = before;
        if to.iter().any(|item| !item.is_object()) || to.is_empty() || self.is_plain(path) {
            return self.set(path, to);
        }
        self.remove(path)?;
        self.append_all(path, to)
    }

    /// Removes the items of a list that do not stay, changes the others, and adds the new ones.
    fn keep_items(
        &mut self,
        path: &Path,
        from: &[Json],
        to: &[Json],
        places: &[Option<usize>],
    ) -> Result<(), EditError> {
        let mut kept = 0;
        let no_place = || EditError::NoPlace(path.clone());
        for (index, place) in places.iter().enumerate().rev() {
            if place.is_none() {
                self.remove_item(path, index).ok_or_else(no_place)?;
            }
        }
        for (item, place) in from.iter().zip(places) {
            if let Some(place) = place {
                self.turn(&path.clone().index(kept), Some(item), to.get(*place))?;
                kept += 1;
            }
        }
        self.append_all(path, to.get(kept..).unwrap_or_default())
    }

    fn append_all(&mut self, path: &Path, items: &[Json]) -> Result<(), EditError> {
        items.iter().try_for_each(|item| self.append(path, item))
    }

    /// Removes an item of a list, and nothing else; `None` if that is not possible.
    fn remove_item(&mut self, path: &Path, index: usize) -> Option<()> {
        let source = Source::new("", &self.text);
        let (root, _) = Syntax::Toml.tree(source.text());
        let list = at(&root, path)?;
        let Value::Array(items) = &list.value else {
            return None;
        };
        let (item, next) = (items.get(index)?, items.get(index + 1));
        let text = source.text();
        let is_section = text
            .get(line_start(text, item.span.start)..)?
            .trim_start()
            .starts_with("[[");
        let span = if is_section {
            let (start, end) = (
                line_start(text, item.span.start),
                line_end(text, end_of(item)),
            );
            if end < text.len() {
                Span::new(start, end + 1)
            } else {
                Span::new(start.saturating_sub(1), end)
            }
        } else {
            match (
                index.checked_sub(1).and_then(|before| items.get(before)),
                next,
            ) {
                (Some(before), _) => Span::new(before.span.end, item.span.end),
                (None, Some(next)) => Span::new(item.span.start, next.span.start),
                (None, None) => return None,
            }
        };
        let changed = spliced(&self.text, span, "")?;
        let mut expected = read(&self.text).ok()?;
        let mut keys = path.segments().iter();
        let list = keys.try_fold(&mut expected, |value, segment| match segment {
            Segment::Key(key) => value.get_mut(key.as_str()),
            Segment::Index(index) => value.get_mut(*index),
        });
        list?.as_array_mut()?.remove(index);
        if read(&changed).ok()? != expected {
            return None;
        }
        self.text = changed;
        Some(())
    }
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
        let (text, joined) = merge(Some(COMMON), &side(first), &side(second)).expect("valid");
        let contested = joined
            .contested
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
                "impact.customers[0].users: Some(\"5\") Some(\"6\")",
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

    #[test]
    fn a_removed_row_takes_no_other_with_it() {
        const ROWS: &str = "\
# first
[[action_items]] # one
action = \"One\"

# two
[[action_items]]
action = \"Two\" # of two

[[action_items]]
action = \"Three\"
";
        let first = ROWS.replace("\"Three\"", "\"Three\"\nstatus = \"done\"");
        let second = ROWS.replace("[[action_items]] # one\naction = \"One\"\n", "");
        let (text, joined) = merge(Some(ROWS), &first, &second).expect("valid");
        assert_eq!(
            text,
            first.replace("[[action_items]] # one\naction = \"One\"\n", "")
        );
        assert_eq!(joined.contested, []);
        let (text, _) = merge(Some(ROWS), &second, &first).expect("valid");
        assert!(
            text.contains("\"Two\" # of two") && !text.contains("One"),
            "{text}"
        );
        let list = "tags = [\n  \"a\", # of a\n  \"b\",\n  \"c\", # of c\n]\n";
        let (text, _) = merge(
            Some(list),
            &list.replace("  \"c\",", "  \"d\",\n  \"c\","),
            &list.replace("  \"b\",\n", ""),
        )
        .expect("valid");
        assert!(
            text.contains("\"d\",\n  \"c\", # of c") && !text.contains("\"b\""),
            "{text}"
        );
    }
}
