//! Joins two changed copies of a value by what both had before, such as the sides of a merge conflict.
//!
//! Keys are joined one by one. Items of a list are the same if they are equal, or if they are rows with the same name. What
//! only one copy changed is taken over, and what both added is kept. Where both changed one value, that of the first copy is
//! kept and reported. Nothing becomes less restricted. Where it is uncertain which rows are the same, nothing is joined.

use serde_json::{Map, Value as Json};

use super::incident::datetime;
use crate::audience::Audience;
use crate::source::{Path, Segment};

/// A value of which one version is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contested {
    /// The path of the value.
    pub path: Path,
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
    /// The index in the result.
    pub index: usize,
}

/// The result of joining two copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// The joined value.
    pub value: Json,
    /// The values of which one version is left out.
    pub contested: Vec<Contested>,
    /// The items that got another index.
    pub moved: Vec<Moved>,
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
/// # Errors
/// Returns an error that names the rows if it is uncertain which rows are the same.
pub fn join(common: Option<&Json>, first: &Json, second: &Json) -> Result<Joined, Uncertain> {
    let mut join = Join::default();
    let value = join.value(&Path::new(), common, Some(first), Some(second))?;
    Ok(Joined {
        value: value.unwrap_or_default(),
        contested: join.contested,
        moved: join.moved,
    })
}

#[derive(Default)]
struct Join {
    contested: Vec<Contested>,
    moved: Vec<Moved>,
}

impl Join {
    /// Joins the values at a path; `None` if there is none in the result.
    fn value(
        &mut self,
        path: &Path,
        common: Option<&Json>,
        first: Option<&Json>,
        second: Option<&Json>,
    ) -> Result<Option<Json>, Uncertain> {
        if first == second {
            return Ok(first.cloned());
        }
        if let Some(default) = restriction(path) {
            let is_second = stricter(default, first, second);
            return Ok(self.kept(path, common, [first, second], is_second, true));
        }
        match (first, second) {
            (Some(Json::Object(first)), Some(Json::Object(second)))
                if datetime(first).is_none() && datetime(second).is_none() =>
            {
                let none = Map::new();
                let common = common.and_then(Json::as_object).unwrap_or(&none);
                let mut joined = Map::new();
                let added = second.keys().filter(|key| !first.contains_key(*key));
                for key in first.keys().chain(added) {
                    let inner = path.clone().key(key.as_str());
                    let value =
                        self.value(&inner, common.get(key), first.get(key), second.get(key))?;
                    joined.extend(value.map(|value| (key.clone(), value)));
                }
                Ok(Some(Json::Object(joined)))
            }
            (Some(Json::Array(_)), Some(Json::Array(_))) => self
                .list(path, [common, first, second].map(items))
                .map(Some),
            // A list of which nothing is left may be missing.
            (Some(Json::Array(_)), None) | (None, Some(Json::Array(_)))
                if first != common && second != common =>
            {
                self.list(path, [common, first, second].map(items))
                    .map(Some)
            }
            _ => {
                let is_second = first == common;
                Ok(self.kept(path, common, [first, second], is_second, false))
            }
        }
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
                kept: kept.map(shown),
                left_out: left_out.map(shown),
                is_restriction,
            });
        }
        kept.cloned()
    }

    /// Joins two lists, in the order of the first; what the second added is at the end, or where it replaced an item.
    fn list(&mut self, path: &Path, lists: [&[Json]; 3]) -> Result<Json, Uncertain> {
        let [common, first, second] = lists;
        let is_row = |item: &Json| item.is_object() || item.is_array();
        let has_rows = lists.iter().copied().flatten().any(is_row);
        if !has_rows && first == common {
            return Ok(Json::Array(second.to_vec()));
        }
        let lists = Lists::new(lists);
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
                    let value = self.value(&inner, before, Some(item), Some(of_second))?;
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
        for (index, (_, first, second)) in joined.iter().enumerate() {
            let mut old = [first, second].into_iter().flatten();
            if old.any(|old| *old != index) {
                self.moved.push(Moved {
                    list: path.clone(),
                    first: *first,
                    second: *second,
                    index,
                });
            }
        }
        let items = joined.into_iter().map(|(item, _, _)| item);
        Ok(Json::Array(items.collect()))
    }
}

/// An item of the result, with its indexes in the first and the second copy.
type JoinedItem = (Json, Option<usize>, Option<usize>);

/// Three versions of a list, and which of their items are the same.
struct Lists<'a> {
    common: &'a [Json],
    first: &'a [Json],
    second: &'a [Json],
    /// The index in the first copy of each item that both had before.
    in_first: Vec<Option<usize>>,
    /// The index in the second copy of each item that both had before.
    in_second: Vec<Option<usize>>,
    /// The index in the second copy of each item of the first that both added.
    in_both: Vec<Option<usize>>,
    /// The indexes of the items that only the second copy added.
    added_second: Vec<usize>,
}

impl<'a> Lists<'a> {
    fn new([common, first, second]: [&'a [Json]; 3]) -> Self {
        let in_first = pairs(common, first, is_same);
        let in_second = pairs(common, second, is_same);
        let only_new = |pairs: &[Option<usize>], items: &[Json]| -> Vec<Json> {
            let items = items.iter().enumerate();
            let new = |index| origin(pairs, index).is_none();
            let items =
                items.map(|(index, item)| if new(index) { item.clone() } else { Json::Null });
            items.collect()
        };
        // What both added is the same only by its name: two similar rows may well be two.
        let new_first = only_new(&in_first, first);
        let mut in_both = pairs(&new_first, &only_new(&in_second, second), has_same_name);
        for (slot, item) in in_both.iter_mut().zip(&new_first) {
            *slot = slot.filter(|_| !item.is_null());
        }
        let is_added = |index: &usize| {
            origin(&in_second, *index).is_none() && origin(&in_both, *index).is_none()
        };
        Self {
            added_second: (0..second.len()).filter(is_added).collect(),
            common,
            first,
            second,
            in_first,
            in_second,
            in_both,
        }
    }

    /// Returns the names of the rows of which it is uncertain what became of them.
    fn uncertain(&self, has_rows: bool) -> Vec<String> {
        let is_added = |(index, both): (usize, &Option<usize>)| {
            both.is_none() && origin(&self.in_first, index).is_none()
        };
        let has_added_first = self.in_both.iter().enumerate().any(is_added);
        let both_added = has_added_first && !self.added_second.is_empty();
        let sides = self.in_first.iter().zip(&self.in_second);
        let uncertain = self.common.iter().zip(sides).filter(|(item, sides)| {
            let is_changed = |side: &[Json], index: usize| side.get(index) != Some(*item);
            match *sides {
                (None, None) => has_rows && both_added,
                (Some(index), None) => is_changed(self.first, *index),
                (None, Some(index)) => is_changed(self.second, *index),
                (Some(_), Some(_)) => false,
            }
        });
        uncertain
            .map(|(item, _)| format!("`{}`", name(item)))
            .collect()
    }

    /// Returns for each item that both had before the index of the one that the second copy has instead of it.
    fn replaced(&self) -> Vec<Option<usize>> {
        let mut replaced = vec![None; self.common.len()];
        let mut next = 0;
        for index in 0..self.second.len() {
            if let Some(common) = origin(&self.in_second, index) {
                next = common + 1;
            } else if self.added_second.contains(&index)
                && self.in_second.get(next).is_some_and(Option::is_none)
                && self.in_first.get(next).is_some_and(Option::is_some)
            {
                if let Some(slot) = replaced.get_mut(next) {
                    *slot = Some(index);
                }
                next += 1;
            }
        }
        replaced
    }
}

/// Returns the index of the item that has another index in a second list.
fn origin(pairs: &[Option<usize>], index: usize) -> Option<usize> {
    pairs.iter().position(|paired| *paired == Some(index))
}

/// Returns the items of a list, of which a missing one has none.
fn items(value: Option<&Json>) -> &[Json] {
    let items = value.and_then(Json::as_array);
    items.map_or(&[], Vec::as_slice)
}

/// Sorts hand-overs by their time, if all are written alike.
fn by_time(rows: &mut [JoinedItem]) {
    let time = |row: &Json| row.get("from").map(shown);
    let lengths = rows
        .iter()
        .filter_map(|(row, _, _)| time(row))
        .map(|time| time.len());
    let lengths: std::collections::BTreeSet<usize> = lengths.collect();
    if lengths.len() < 2 {
        rows.sort_by_key(|(row, _, _)| time(row));
    }
}

/// Returns for each item the index of the same item in another list, if exactly one is the same.
pub(super) fn pairs(
    from: &[Json],
    to: &[Json],
    is_same: fn(&Json, &Json) -> bool,
) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; from.len()];
    let mut is_free = vec![true; to.len()];
    for (slot, item) in found.iter_mut().zip(from) {
        let mut free = to.iter().zip(is_free.iter_mut()).enumerate();
        if let Some((index, (_, free))) = free.find(|(_, (other, free))| **free && *other == item) {
            *free = false;
            *slot = Some(index);
        }
    }
    let left: Vec<usize> = (0..from.len())
        .filter(|index| found.get(*index).is_some_and(Option::is_none))
        .collect();
    for (index, other) in to.iter().enumerate() {
        if is_free.get(index) != Some(&true) {
            continue;
        }
        let same = |item: &&usize| from.get(**item).is_some_and(|item| is_same(item, other));
        let same: Vec<&usize> = left.iter().filter(same).collect();
        let [only] = same.as_slice() else {
            continue;
        };
        let others = to.iter().zip(&is_free).filter(|(other, free)| {
            **free && from.get(**only).is_some_and(|item| is_same(item, other))
        });
        if others.count() == 1
            && let Some(slot) = found.get_mut(**only)
        {
            *slot = Some(index);
        }
    }
    found
}

/// The keys that name a row; the first that two rows have says whether they are the same.
const NAMES: &[&str] = &["id", "name", "action", "title", "text", "check"];

/// Returns `true` for two versions of one row: they have the same name, or without names differ in one value.
pub(super) fn is_same(before: &Json, after: &Json) -> bool {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else {
        return false;
    };
    match same_name(before, after) {
        Some(is_same) => is_same,
        None => {
            let kept = before
                .iter()
                .filter(|(key, value)| after.get(*key) == Some(*value));
            let kept = kept.count();
            let has_keys = before.keys().all(|key| after.contains_key(key));
            has_keys && (kept == before.len() || kept >= 2 && kept + 1 == before.len())
        }
    }
}

fn has_same_name(left: &Json, right: &Json) -> bool {
    let tables = left.as_object().zip(right.as_object());
    tables.and_then(|(left, right)| same_name(left, right)) == Some(true)
}

/// Returns whether two rows have the same name; `None` if they have no key in common that names them.
fn same_name(left: &Map<String, Json>, right: &Map<String, Json>) -> Option<bool> {
    let mut names = NAMES.iter();
    names.find_map(|key| Some(left.get(*key)? == right.get(*key)?))
}

/// Returns what a row is called in a message.
fn name(row: &Json) -> String {
    let mut names = NAMES.iter().filter_map(|key| row.get(*key));
    match names.next().unwrap_or(row) {
        Json::String(name) => name.clone(),
        other => shown(other),
    }
}

/// Returns the audience that may read something without a value at a path that says so; `None` for any other path.
fn restriction(path: &Path) -> Option<Audience> {
    let mut keys = path.segments().iter().filter_map(|segment| match segment {
        Segment::Key(key) => Some(key.as_str()),
        Segment::Index(_) => None,
    });
    let list = keys.clone().next();
    match (keys.next_back()?, list) {
        ("hidden", _) => Some(Audience::Public),
        ("audience", Some("messages")) => Some(Audience::Customers),
        ("audience", Some("redact")) => Some(Audience::Confidential),
        ("audience" | "classification" | "visibility", _) => Some(Audience::Internal),
        _ => None,
    }
}

/// Returns `true` if the second value is more restricted than the first.
fn stricter(default: Audience, first: Option<&Json>, second: Option<&Json>) -> bool {
    let rank = |value: Option<&Json>| match value {
        None => default,
        Some(Json::Bool(false)) => Audience::Public,
        // A value that is not known may be a misspelled one.
        Some(value) => {
            let known = value.as_str().and_then(Audience::named);
            known.unwrap_or(Audience::Confidential)
        }
    };
    let (of_first, of_second) = (rank(first), rank(second));
    of_second > of_first || of_second == of_first && first.is_none()
}

/// Prints a value for a message, as it is written in the file.
fn shown(value: &Json) -> String {
    super::incident::inline(value)
}

#[cfg(test)]
mod tests;
