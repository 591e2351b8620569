//! Joins two changed copies of a value by what both had before, such as the sides of a merge conflict.
//!
//! Keys are joined one by one, and lists item by item. What only one copy changed is taken over, and what both added is kept.
//! Where both changed one value, that of the first copy is kept and reported. Nothing becomes less restricted. Where it is
//! uncertain which rows are the same, nothing is joined.

use serde_json::{Map, Value as Json};

use super::incident::datetime;
use crate::audience::Audience;
use crate::source::{Path, Segment};

mod rows;

use rows::{Lists, name, origin};
pub(super) use rows::{is_same, pairs};

/// A value of which one version is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    /// The path of the value.
    pub path: Path,
    /// The name of the row that the value belongs to; `None` if it belongs to none.
    pub row: Option<String>,
    /// The value that is kept, as text; `None` if it was removed.
    pub kept: Option<String>,
    /// The value that is left out, as text; `None` if it was removed.
    pub left_out: Option<String>,
    /// Whether the value says who may read something, so that the more restricted one is kept.
    pub is_restriction: bool,
}

/// An item of a list with another index than in one of the copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The path of the list.
    pub list: Path,
    /// The index in the first copy; `None` if only the second has the item.
    pub first: Option<usize>,
    /// The index in the second copy; `None` if only the first has the item.
    pub second: Option<usize>,
    /// The index in the result; `None` if the item was removed.
    pub index: Option<usize>,
}

/// The result of joining two copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The joined value.
    pub value: Json,
    /// The values of which one version is left out.
    pub contested: Vec<Contested>,
    /// The items that got another index, or none.
    pub moved: Vec<Moved>,
    /// The items and keys that only one copy has, with their lists and tables, if it is not known whether the other one
    /// removed them.
    pub one_sided: Vec<(Path, String)>,
}

/// The reason why two copies cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "both sides changed or removed {rows} in `{list}`, so it is uncertain which rows are the same; keep each row once"
)]
pub struct Uncertain {
    list: Path,
    rows: String,
}

/// Joins two copies; `common` is what both started from, if it is known.
///
/// `visibility` is the audience of an event that states none.
///
/// # Errors
/// Returns an error that names the rows if it is uncertain which rows are the same.
pub fn join(
    common: Option<&Json>,
    [first, second]: [&Json; 2],
    visibility: Audience,
) -> Result<Joined, Uncertain> {
    let mut join = Join {
        has_common: common.is_some(),
        visibility,
        ..Join::default()
    };
    let value = join.value(&Path::new(), common, [Some(first), Some(second)])?;
    Ok(Joined {
        value: value.unwrap_or_default(),
        contested: join.contested,
        moved: join.moved,
        one_sided: join.one_sided,
    })
}

#[derive(Default)]
struct Join {
    has_common: bool,
    /// The audience of an event that states none.
    visibility: Audience,
    /// The names of the rows around the current value, from the outermost on.
    rows: Vec<String>,
    contested: Vec<Contested>,
    moved: Vec<Moved>,
    one_sided: Vec<(Path, String)>,
}

impl Join {
    /// Joins the values at a path; `None` if there is none in the result.
    fn value(
        &mut self,
        path: &Path,
        common: Option<&Json>,
        sides: [Option<&Json>; 2],
    ) -> Result<Option<Json>, Uncertain> {
        let [first, second] = sides;
        if first == second {
            return Ok(first.cloned());
        }
        if let Some(default) = self.restriction(path) {
            let [of_first, of_second] = sides.map(|side| readers(default, side));
            if of_first != of_second {
                return Ok(self.kept(path, common, sides, of_second > of_first, true));
            }
        }
        let none = (Map::new(), Vec::new());
        // A table or list from which one side took everything may be missing.
        let is_emptied = first != common && second != common;
        let joined = if let Some(tables) = pair(sides, is_emptied, table, &none.0) {
            let common = common.and_then(table).unwrap_or(&none.0);
            let joined = self.table(path, common, tables)?;
            (!joined.is_empty()).then_some(Json::Object(joined))
        } else if let Some([first, second]) = pair(sides, is_emptied, Json::as_array, &none.1) {
            let common = common.and_then(Json::as_array).unwrap_or(&none.1);
            let joined = self.list(path, [common, first, second].map(Vec::as_slice))?;
            (!joined.is_empty()).then_some(Json::Array(joined))
        } else {
            return Ok(self.kept(path, common, sides, first == common, false));
        };
        let empty = first.zip(second).map(|(first, _)| match first {
            Json::Object(_) => Json::Object(Map::new()),
            _ => Json::Array(Vec::new()),
        });
        Ok(joined.or(empty))
    }

    /// Returns the audience that may read something without a value at a path that says so; `None` for any other path.
    fn restriction(&self, path: &Path) -> Option<Audience> {
        let mut keys = path.segments().iter().filter_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        });
        let list = keys.clone().next();
        match (keys.next_back()?, list) {
            ("hidden", _) => Some(Audience::Public),
            ("visibility", _) => Some(self.visibility),
            ("classification", _) => Some(Audience::default()),
            ("audience", Some("messages")) => Some(Audience::Customers),
            ("audience", Some("redact")) => Some(Audience::Confidential),
            // Everyone who sees the report, so nothing that is stated is less restricted.
            ("audience", _) => Some(Audience::Public),
            _ => None,
        }
    }

    /// Joins two tables, in the order of the first.
    fn table(
        &mut self,
        path: &Path,
        common: &Map<String, Json>,
        [first, second]: [&Map<String, Json>; 2],
    ) -> Result<Map<String, Json>, Uncertain> {
        let mut joined = Map::new();
        let added = second.keys().filter(|key| !first.contains_key(*key));
        for key in first.keys().chain(added) {
            let inner = path.clone().key(key.as_str());
            let sides = [first.get(key), second.get(key)];
            if !self.has_common && sides.contains(&None) {
                self.one_sided.push((path.clone(), key.clone()));
            }
            let value = self.value(&inner, common.get(key), sides)?;
            joined.extend(value.map(|value| (key.clone(), value)));
        }
        Ok(joined)
    }

    /// Keeps one of two values, and reports the other unless it is that of both before.
    fn kept(
        &mut self,
        path: &Path,
        common: Option<&Json>,
        [first, second]: [Option<&Json>; 2],
        is_second: bool,
        is_restriction: bool,
    ) -> Option<Json> {
        let (kept, left_out) = if is_second {
            (second, first)
        } else {
            (first, second)
        };
        if left_out != common {
            self.contested.push(Contested {
                path: path.clone(),
                row: self.rows.last().cloned(),
                kept: kept.map(shown),
                left_out: left_out.map(shown),
                is_restriction,
            });
        }
        kept.cloned()
    }

    /// Joins two lists, in the order of the first; what the second added is at the end, or where it replaced an item.
    fn list(&mut self, path: &Path, lists: [&[Json]; 3]) -> Result<Vec<Json>, Uncertain> {
        let [common, first, second] = lists;
        let is_row = |item: &Json| item.is_object() || item.is_array();
        let has_rows = lists.iter().copied().flatten().any(is_row);
        if !has_rows && self.has_common && first == common {
            return Ok(second.to_vec());
        }
        let lists = Lists::new(lists, has_unique_names(path));
        let uncertain = lists.uncertain(has_rows);
        if !uncertain.is_empty() {
            return Err(Uncertain {
                list: path.clone(),
                rows: uncertain.join(", "),
            });
        }
        let replaced = lists.replaced();
        let mut joined: Vec<JoinedItem> = Vec::new();
        for (index, item) in first.iter().enumerate() {
            let before = origin(&lists.in_first, index);
            let other = match before {
                Some(before) => lists.in_second.get(before).copied().flatten(),
                None => lists.in_both.get(index).copied().flatten(),
            };
            let replacement = || replaced.get(before?).copied().flatten();
            match (other.and_then(|other| second.get(other)), before) {
                (Some(of_second), before) => {
                    let inner = path.clone().index(joined.len());
                    let before = before.and_then(|before| common.get(before));
                    self.rows.push(name(item));
                    let value = self.value(&inner, before, [Some(item), Some(of_second)])?;
                    self.rows.pop();
                    joined.extend(value.map(|value| (value, Some(index), other)));
                }
                (None, None) => joined.push((item.clone(), Some(index), None)),
                // The second copy removed it.
                (None, Some(_)) => {
                    if let Some(new) = replacement() {
                        joined.extend(second.get(new).map(|item| (item.clone(), None, Some(new))));
                    }
                }
            }
        }
        for index in lists.added_second {
            if !replaced.contains(&Some(index)) {
                let item = second.get(index).cloned();
                joined.extend(item.map(|item| (item, None, Some(index))));
            }
        }
        if *path == Path::new().key("people").key("command") {
            by_time(&mut joined);
        }
        self.note_moved(path, &joined, [first.len(), second.len()]);
        Ok(joined.into_iter().map(|(item, _, _)| item).collect())
    }

    /// Notes which items of a joined list have another index than before, or none, or are of one side only.
    fn note_moved(&mut self, path: &Path, joined: &[JoinedItem], [first, second]: [usize; 2]) {
        let mut add = |first, second, index| {
            self.moved.push(Moved {
                list: path.clone(),
                first,
                second,
                index,
            });
        };
        for (index, (_, first, second)) in joined.iter().enumerate() {
            let mut old = [first, second].into_iter().flatten();
            if old.any(|old| *old != index) {
                add(*first, *second, Some(index));
            }
        }
        for index in (0..first).filter(|index| !joined.iter().any(|item| item.1 == Some(*index))) {
            add(Some(index), None, None);
        }
        for index in (0..second).filter(|index| !joined.iter().any(|item| item.2 == Some(*index))) {
            add(None, Some(index), None);
        }
        if !self.has_common {
            let one_sided = joined
                .iter()
                .filter(|item| item.1.is_none() || item.2.is_none());
            let named = one_sided.map(|(item, ..)| (path.clone(), name(item)));
            self.one_sided.extend(named);
        }
    }
}

/// An item of the result, with its indexes in the first and the second copy.
type JoinedItem = (Json, Option<usize>, Option<usize>);

/// Returns what two values are if both are of a kind, or if one is and the other side has emptied it.
fn pair<'j, T: ?Sized>(
    sides: [Option<&'j Json>; 2],
    is_emptied: bool,
    read: impl Fn(&'j Json) -> Option<&'j T>,
    empty: &'j T,
) -> Option<[&'j T; 2]> {
    match sides {
        [Some(first), Some(second)] => Some([read(first)?, read(second)?]),
        [Some(first), None] if is_emptied => Some([read(first)?, empty]),
        [None, Some(second)] if is_emptied => Some([empty, read(second)?]),
        _ => None,
    }
}

/// Returns a table; a date-time is none.
fn table(value: &Json) -> Option<&Map<String, Json>> {
    let table = value.as_object();
    table.filter(|table| datetime(table).is_none())
}

/// The lists in which two rows with one name are one row: what each counts would be counted twice.
const UNIQUE: &[&str] = &["customers", "services", "action_items"];

fn has_unique_names(list: &Path) -> bool {
    match list.segments().last() {
        Some(Segment::Key(key)) => UNIQUE.contains(&key.as_str()),
        _ => false,
    }
}

/// Sorts hand-overs by their time, if all state one of the same kind.
fn by_time(rows: &mut [JoinedItem]) {
    let times: Vec<Option<(bool, String)>> = rows.iter().map(|(row, ..)| time_of(row)).collect();
    let mut kinds = times
        .iter()
        .map(|time| time.as_ref().map(|(has_day, _)| *has_day));
    let kind = kinds.next().flatten();
    if kind.is_some() && kinds.all(|other| other == kind) {
        rows.sort_by_key(|(row, ..)| time_of(row));
    }
}

/// Returns whether the time of a hand-over has a day, and the time in a form that sorts; `None` if it has an offset or is
/// missing.
fn time_of(row: &Json) -> Option<(bool, String)> {
    let text = shown(row.get("from")?).replace('T', " ");
    let text = text.trim_matches('"');
    let (day, time) = text.rsplit_once(' ').unwrap_or(("", text));
    let mut parts = time.split(':');
    let mut part = || match parts.next() {
        None => Some("00"),
        Some(part) => part
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(part),
    };
    let (hour, minute, second) = (part()?, part()?, part()?);
    Some((
        !day.is_empty(),
        format!("{day} {hour:0>2}:{minute:0>2}:{second:0>2}"),
    ))
}

/// Returns the audience that a value states, or the default without one.
fn readers(default: Audience, value: Option<&Json>) -> Audience {
    match value {
        None => default,
        Some(Json::Bool(false)) => Audience::Public,
        // A value that is not known may be a misspelled one.
        Some(value) => {
            let known = value.as_str().and_then(Audience::named);
            known.unwrap_or(Audience::Confidential)
        }
    }
}

/// Prints a value for a message, as it is written in the file.
fn shown(value: &Json) -> String {
    super::incident::inline(value)
}

#[cfg(test)]
mod tests;
