//! Turns a list in the text of a TOML file into another, item by item, so that the items that stay keep their comments.

use serde_json::Value as Json;

use super::{
    EditError, Header, Splice, TomlText, at, comma_after, end_of, line_end, line_start, member,
    section,
};
use crate::edit::incident::entry;
use crate::edit::join::{is_same, pairs};
use crate::source::{Node, Path, Segment, Span, Value};

impl TomlText {
    /// Turns a list into another: its items in place, or all of it if they are in another order.
    pub(super) fn turn_list(
        &mut self,
        path: &Path,
        from: &[Json],
        to: &[Json],
    ) -> Result<(), EditError> {
        let before = self.clone();
        if let Some(places) = places(from, to).filter(|_| !to.is_empty())
            && self.keep_items(path, from, to, &places).is_ok()
            && self.is_list(path, to)
        {
            return Ok(());
        }
        *self = before;
        if to.iter().any(|item| !item.is_object()) || to.is_empty() || self.is_plain(path) {
            return self.set(path, to);
        }
        self.remove(path)?;
        self.append_all(path, to)
    }

    /// Removes a list: its rows with their comments, or all of it at once.
    pub(super) fn remove_items(&mut self, path: &Path, count: usize) -> Result<(), EditError> {
        let before = self.clone();
        let mut indexes = (0..count).rev();
        let removed = indexes.try_for_each(|index| {
            self.change(path, |text, root| removed(text, at(root, path)?, index))
        });
        if removed.is_ok() && !self.has(path) {
            return Ok(());
        }
        *self = before;
        self.remove(path)
    }

    /// Adds items to the end of a list.
    pub(super) fn append_all(&mut self, path: &Path, items: &[Json]) -> Result<(), EditError> {
        items.iter().try_for_each(|item| self.append(path, item))
    }

    /// Removes the items of a list that do not stay, changes the others, and inserts the new ones.
    fn keep_items(
        &mut self,
        path: &Path,
        from: &[Json],
        to: &[Json],
        places: &[Option<usize>],
    ) -> Result<(), EditError> {
        for (index, place) in places.iter().enumerate().rev() {
            if place.is_none() {
                self.change(path, |text, root| removed(text, at(root, path)?, index))?;
            }
        }
        let kept = from.iter().zip(places);
        let kept = kept.filter_map(|(item, place)| Some((item, (*place)?)));
        for (index, (item, place)) in kept.enumerate() {
            self.turn(&path.clone().index(index), Some(item), to.get(place))?;
        }
        for (index, item) in to.iter().enumerate() {
            if !places.contains(&Some(index)) {
                self.insert(path, index, item)?;
            }
        }
        Ok(())
    }

    /// Adds an item before the one with an index, or to the end if there is none.
    fn insert(&mut self, path: &Path, index: usize, item: &Json) -> Result<(), EditError> {
        let is_there = self.has(&path.clone().index(index));
        if !is_there {
            return self.append(path, item);
        }
        self.change(path, |text, root| {
            let list = at(root, path)?;
            let Value::Array(items) = &list.value else {
                return None;
            };
            let start = items.get(index)?.span.start;
            let line = line_start(text, start);
            let own = text.get(line..start)?;
            if member(root, path)?.has_header() {
                let (_, new) = section(text, end_of(list), path, Header::List, item);
                let new = format!("{}\n\n", new.trim());
                return Some((Span::at(with_comments(text, line)), new));
            }
            let new = entry(item);
            Some(if own.trim().is_empty() {
                let new = format!("{own}{new},\n");
                (Span::at(with_comments(text, line)), new)
            } else {
                (Span::at(start), format!("{new}, "))
            })
        })
    }

    /// Returns `true` if a list has these items.
    fn is_list(&self, path: &Path, items: &[Json]) -> bool {
        let Ok(root) = super::merge::read(&self.text) else {
            return false;
        };
        let mut segments = path.segments().iter();
        let list = segments.try_fold(&root, |value, segment| match segment {
            Segment::Key(key) => value.get(key.as_str()),
            Segment::Index(index) => value.get(*index),
        });
        list.and_then(Json::as_array).map(Vec::as_slice) == Some(items)
    }
}

/// Returns the new index of each item of a list that stays; `None` if they are in another order.
///
/// Between two that stay, as many new items as old ones are the old ones with other values.
fn places(from: &[Json], to: &[Json]) -> Option<Vec<Option<usize>>> {
    let mut places = pairs(from, to, is_same);
    if !places.iter().flatten().is_sorted() {
        return None;
    }
    let kept = places.clone().into_iter().enumerate();
    let kept = kept.filter_map(|(index, place)| Some((index, place?)));
    let (mut old, mut new) = (0, 0);
    for (index, place) in kept.chain([(from.len(), to.len())]) {
        if index - old == place - new {
            let gap = places.iter_mut().skip(old).take(index - old);
            gap.zip(new..).for_each(|(slot, place)| *slot = Some(place));
        }
        (old, new) = (index + 1, place + 1);
    }
    Some(places)
}

/// Removes an item of a list, with the comments beside it and right above it.
fn removed(text: &str, list: &Node, index: usize) -> Option<Splice> {
    let Value::Array(items) = &list.value else {
        return None;
    };
    let item = items.get(index)?;
    let line = line_start(text, item.span.start);
    let own = text.get(line..item.span.start)?;
    let above = with_comments(text, line);
    if text.get(line..)?.trim_start().starts_with("[[") {
        return Some((lines(text, above, end_of(item)), String::new()));
    }
    let close = list.span.end.saturating_sub(1);
    let comma = comma_after(text, item.span.end, close);
    let before = index.checked_sub(1).and_then(|before| items.get(before));
    let starts_line = own.trim().is_empty();
    let span = match (comma, before) {
        (None, Some(before)) if !starts_line => Span::new(before.span.end, item.span.end),
        _ => {
            let end = comma.unwrap_or(item.span.end);
            let rest = text.get(end..line_end(text, end))?;
            let is_last = rest.trim().is_empty() || rest.trim_start().starts_with('#');
            match (starts_line, is_last) {
                (true, true) => lines(text, above, end),
                (true, false) => Span::new(above, end),
                (false, true) => Span::new(item.span.start, end + rest.len()),
                (false, false) => {
                    let blank = rest.len() - rest.trim_start().len();
                    Span::new(item.span.start, end + blank)
                }
            }
        }
    };
    Some((span, String::new()))
}

/// Returns the span of whole lines, with the empty line after them if there is one before them too.
fn lines(text: &str, start: usize, end: usize) -> Span {
    let end = line_end(text, end);
    if end >= text.len() {
        return Span::new(start.saturating_sub(1), end);
    }
    let before = text.get(..start).unwrap_or_default();
    let is_apart = before.is_empty() || before.ends_with("\n\n");
    let has_gap = text
        .get(end..)
        .is_some_and(|after| after.starts_with("\n\n"));
    Span::new(start, end + if is_apart && has_gap { 2 } else { 1 })
}

/// Returns the start of the comments right above a line; a line for editors, such as `#:schema`, is none.
fn with_comments(text: &str, line: usize) -> usize {
    let before = text.get(..line).unwrap_or_default();
    let comments = before.split_inclusive('\n').rev().take_while(|line| {
        let line = line.trim_start();
        line.starts_with('#') && !line.starts_with("#:")
    });
    line - comments.map(str::len).sum::<usize>()
}
