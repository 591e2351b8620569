//! Which items of two versions of a list are the same.
//!
//! Items are the same if they are equal, or if they are rows with the same name.

use serde_json::{Map, Value as Json};

use super::shown;

/// Three versions of a list, and which of their items are the same.
pub(super) struct Lists<'a> {
    common: &'a [Json],
    first: &'a [Json],
    second: &'a [Json],
    /// The index in the first copy of each item that both had before.
    pub(super) in_first: Vec<Option<usize>>,
    /// The index in the second copy of each item that both had before.
    pub(super) in_second: Vec<Option<usize>>,
    /// The index in the second copy of each item of the first that both added.
    pub(super) in_both: Vec<Option<usize>>,
    /// The indexes of the items that only the second copy added.
    pub(super) added_second: Vec<usize>,
}

impl<'a> Lists<'a> {
    /// Pairs the items; `is_unique` says that two rows with one name are one row, whatever else they say.
    pub(super) fn new([common, first, second]: [&'a [Json]; 3], is_unique: bool) -> Self {
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
        let is_one = if is_unique { has_same_name } else { agrees };
        let new_first = only_new(&in_first, first);
        let mut in_both = pairs(&new_first, &only_new(&in_second, second), is_one);
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
    pub(super) fn uncertain(&self, has_rows: bool) -> Vec<String> {
        let is_added = |(index, both): (usize, &Option<usize>)| {
            both.is_none() && origin(&self.in_first, index).is_none()
        };
        let has_added_first = self.in_both.iter().enumerate().any(is_added);
        let both_added = has_added_first && !self.added_second.is_empty();
        let is_replaced = |index: usize| {
            let in_first = has_new(&self.in_first, self.first.len(), index);
            in_first && has_new(&self.in_second, self.second.len(), index)
        };
        let sides = self.in_first.iter().zip(&self.in_second).enumerate();
        let uncertain = self
            .common
            .iter()
            .zip(sides)
            .filter(|(item, (index, sides))| {
                let is_changed = |side: &[Json], index: usize| side.get(index) != Some(*item);
                match *sides {
                    (None, None) => has_rows && both_added && is_replaced(*index),
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
    pub(super) fn replaced(&self) -> Vec<Option<usize>> {
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

/// Returns `true` if a version of a list has new items where it no longer has one.
fn has_new(pairs: &[Option<usize>], length: usize, removed: usize) -> bool {
    let before = pairs.iter().take(removed).flatten().next_back();
    let after = pairs.iter().skip(removed).flatten().next();
    before.map_or(0, |before| before + 1) < after.copied().unwrap_or(length)
}

/// Returns the index of the item that has another index in a second list.
pub(super) fn origin(pairs: &[Option<usize>], index: usize) -> Option<usize> {
    pairs.iter().position(|paired| *paired == Some(index))
}

/// Returns for each item the index of the same item in another list, if exactly one is the same.
pub(in crate::edit) fn pairs(
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
pub(in crate::edit) fn is_same(before: &Json, after: &Json) -> bool {
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

/// Returns `true` for two rows with the same name that do not contradict each other, or with the same ID.
fn agrees(left: &Json, right: &Json) -> bool {
    let Some((left_row, right_row)) = left.as_object().zip(right.as_object()) else {
        return false;
    };
    let has_id = left_row.contains_key("id") && left_row.get("id") == right_row.get("id");
    let is_alike = |(key, value)| right_row.get(key).is_none_or(|other| other == value);
    has_same_name(left, right) && (has_id || left_row.iter().all(is_alike))
}

/// Returns whether two rows have the same name; `None` if they have no key in common that names them.
fn same_name(left: &Map<String, Json>, right: &Map<String, Json>) -> Option<bool> {
    let mut names = NAMES.iter();
    names.find_map(|key| Some(left.get(*key)? == right.get(*key)?))
}

/// Returns what a row is called in a message.
pub(super) fn name(row: &Json) -> String {
    let mut names = NAMES.iter().filter_map(|key| row.get(*key));
    match names.next().unwrap_or(row) {
        Json::String(name) => name.clone(),
        other => shown(other),
    }
}
