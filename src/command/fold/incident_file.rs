//! The sides of a merge conflict in an incident's file, joined by what both had before.

use std::collections::BTreeMap;

use anyhow::{anyhow, bail};
use camino::Utf8Path;
use serde_json::Value as Json;

use super::sides::{by_hand, common, two_incidents};
use crate::command::incident;
use crate::edit::join::{Contested, Joined};
use crate::edit::toml::{TomlText, merge, read};
use crate::load::{self, title};
use crate::source::{Path, Segment};

/// Returns the joined text, and a note for each value that is left out and each action item with another number.
///
/// # Errors
/// Returns an error if only a person can join the sides.
pub(super) fn joined(
    root: &Utf8Path,
    id: &str,
    file: &Utf8Path,
    [first, second]: &[String; 2],
) -> anyhow::Result<(String, String)> {
    let before = common(root, file);
    if before.is_none() && title(first) != title(second) {
        bail!(two_incidents(id, file));
    }
    // Where branches were merged both ways, git makes up a text before both sides, with conflicts of its own.
    let common = before.filter(|text| read(text).is_ok());
    let join = |first: &str, second: &str| {
        merge(common.as_deref(), first, second).map_err(|error| {
            let by_hand = by_hand(root, file);
            anyhow!("the sides of the conflict in `{file}` cannot be joined: {error}; {by_hand}")
        })
    };
    let (_, found) = join(first, second)?;
    let [of_first, of_second] = numbers(&found);
    // What refers to an item by its number still means that item.
    let (text, found) = join(
        &renumbered(first, id, &of_first)?,
        &renumbered(second, id, &of_second)?,
    )?;
    let mut notes: String = found
        .contested
        .iter()
        .map(|found| note(found, ""))
        .collect();
    if common.is_none() && !found.one_sided.is_empty() {
        let rows = found.one_sided.iter();
        let rows: Vec<String> = rows
            .map(|(list, row)| match list.segments() {
                [] => format!("`{row}`"),
                _ => format!("`{row}` in `{list}`"),
            })
            .collect();
        notes.push_str(&format!(
            "  git does not know the text before both sides; only on one side, so delete what the other removed: {}\n",
            rows.join(", ")
        ));
    }
    for (side, numbers) in [("first", &of_first), ("second", &of_second)] {
        for (old, new) in numbers {
            notes.push_str(&format!(
                "  action item `{id}-A{old}` of the {side} side is now `{id}-A{new}`\n"
            ));
        }
    }
    notes.push_str(&gone(&found, [first, second], id));
    for (side, numbers) in [(first, &of_first), (second, &of_second)] {
        notes.push_str(&still_named(&found.value, side, id, numbers));
    }
    let others = load::timeline_files(root, id).into_iter();
    let others = others.chain(load::incident_files(root));
    // Which of the two items another file means is known only to its author.
    let is_named = |text: &str| {
        let mut named = named(text, id).into_iter();
        named.any(|number| of_first.contains_key(&number) || of_second.contains_key(&number))
    };
    let naming = incident::naming(root, others.filter(|other| other != file), is_named);
    if !naming.is_empty() {
        notes.push_str(&format!(
            "  these action items are also named in {naming}; check which one is meant\n"
        ));
    }
    Ok((text, notes))
}

/// Describes a value of which one version is left out; `of` says what it belongs to.
pub(super) fn note(contested: &Contested, of: &str) -> String {
    let Contested {
        path,
        row,
        kept,
        left_out,
        is_restriction,
    } = contested;
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "removed".to_owned());
    let path = described(path, row.as_deref());
    if *is_restriction {
        let kept = kept.as_deref().unwrap_or("the default");
        let left_out = left_out.as_deref().unwrap_or("the default");
        format!(
            "  the sides differ in {path}{of}: kept {kept}, which is more restricted than {left_out}\n"
        )
    } else {
        format!(
            "  both sides changed {path}{of}: kept {}, not {}\n",
            value(kept),
            value(left_out)
        )
    }
}

/// Describes the path of a value: by the name of its row, because the index of a row is not that of each side.
fn described(path: &Path, row: Option<&str>) -> String {
    let segments = path.segments();
    let index = segments
        .iter()
        .rposition(|segment| matches!(segment, Segment::Index(_)));
    let (Some(index), Some(row)) = (index, row) else {
        return format!("`{path}`");
    };
    let part = |segments: &[Segment]| {
        let segments = segments.iter().cloned();
        segments.fold(Path::new(), Path::step)
    };
    let (list, inner) = segments.split_at(index);
    let (list, key) = (part(list), part(inner.get(1..).unwrap_or_default()));
    if key.is_root() {
        format!("`{row}` in `{list}`")
    } else {
        format!("`{key}` of `{row}` in `{list}`")
    }
}

/// Lists the action items without an `id` that the other side removed although a side refers to them by their number.
fn gone(joined: &Joined, sides: [&str; 2], id: &str) -> String {
    let list = Path::new().key("action_items");
    let removed = joined.moved.iter();
    let removed = removed.filter(|moved| moved.list == list && moved.index.is_none());
    let lines = removed.flat_map(|moved| {
        let sides = [moved.first, moved.second].into_iter().zip(sides);
        sides.filter_map(|(index, text)| {
            let number = index? + 1;
            named(text, id).contains(&number).then(|| {
                format!(
                    "  action item `{id}-A{number}` was removed by one side, but the other names it: correct what refers to it\n"
                )
            })
        })
    });
    lines.collect()
}

/// Returns the numbers of action items without an `id` that differ from those of the first and of the second side.
fn numbers(joined: &Joined) -> [BTreeMap<usize, usize>; 2] {
    let list = Path::new().key("action_items");
    let has_id = |index: usize| {
        let item = joined.value.get("action_items")?.get(index)?;
        item.get("id").map(Json::is_string)
    };
    let moved = joined.moved.iter().filter(|moved| moved.list == list);
    let mut numbers = [BTreeMap::new(), BTreeMap::new()];
    for moved in moved {
        let Some(index) = moved.index.filter(|index| has_id(*index).is_none()) else {
            continue;
        };
        for (numbers, old) in numbers.iter_mut().zip([moved.first, moved.second]) {
            if let Some(old) = old.filter(|old| *old != index) {
                numbers.insert(old + 1, index + 1);
            }
        }
    }
    numbers
}

/// Returns the text of a side in which each `action` that refers to an item by its number has the new number.
///
/// # Errors
/// Returns an error if the text is not valid TOML.
fn renumbered(text: &str, id: &str, numbers: &BTreeMap<usize, usize>) -> anyhow::Result<String> {
    let mut changed = TomlText::new(text);
    for (path, reference) in texts(&read(text)?, &Path::new()) {
        let number = reference
            .strip_prefix(id)
            .and_then(|rest| rest.strip_prefix("-A"));
        let number = number.and_then(|number| numbers.get(&number.parse().ok()?));
        if let Some(number) = number.filter(|_| is_reference(&path)) {
            changed.set(&path, format!("{id}-A{number}"))?;
        }
    }
    Ok(changed.text().to_owned())
}

/// Lists the texts of a side that name an item by a number that it no longer has: a message as it was sent, a URL, a log
/// excerpt, or prose.
fn still_named(joined: &Json, side: &str, id: &str, numbers: &BTreeMap<usize, usize>) -> String {
    let side = read(side).unwrap_or_default();
    let root = Path::new();
    let of_side = texts(&side, &root);
    let is_of_side = |text: &str| of_side.iter().any(|(_, other)| *other == text);
    let all = texts(joined, &root).into_iter();
    let texts = all.filter(|(path, text)| !is_reference(path) && is_of_side(text));
    let lines = texts.flat_map(|(path, text)| {
        let named = named(text, id).into_iter();
        let changed = named.filter_map(|old| Some((old, numbers.get(&old)?)));
        let line = |(old, new)| {
            format!("  `{path}` still says `{id}-A{old}`, which is now `{id}-A{new}`; correct it unless it is a quotation\n")
        };
        changed.map(line).collect::<Vec<_>>()
    });
    lines.collect()
}

/// Returns each text of a value, with its path.
fn texts<'j>(value: &'j Json, path: &Path) -> Vec<(Path, &'j str)> {
    match value {
        Json::String(text) => vec![(path.clone(), text)],
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let inner = items.flat_map(|(index, item)| texts(item, &path.clone().index(index)));
            inner.collect()
        }
        Json::Object(members) => {
            let members = members.iter();
            let inner =
                members.flat_map(|(key, value)| texts(value, &path.clone().key(key.as_str())));
            inner.collect()
        }
        _ => Vec::new(),
    }
}

/// Returns `true` for the path of a key `action` that may be the ID of an action item; that of an action item is its text.
fn is_reference(path: &Path) -> bool {
    let is = |segment: Option<&Segment>, name: &str| matches!(segment, Some(Segment::Key(key)) if key == name);
    let segments = path.segments();
    is(segments.last(), "action") && !is(segments.first(), "action_items")
}

/// Returns the numbers of the action items that a text names by their generated IDs.
fn named(text: &str, id: &str) -> Vec<usize> {
    let start = format!("{id}-A");
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    let found = text.match_indices(&start).filter_map(|(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at + start.len()..)?);
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = rest.strip_suffix(after)?.parse().ok()?;
        (!before.ends_with(is_part) && !after.starts_with(is_part)).then_some(number)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_ids_name_an_item() {
        let text = "X-1-A1 X-1-A2, X-1-A12 `X-1-A1`: X-1-A1-b AX-1-A1 X-1-A /X-1-A3";
        assert_eq!(named(text, "X-1"), [1, 2, 12, 1, 3]);
    }

    #[test]
    fn only_references_get_another_number() {
        let text = "# X-1-A1\ntitle = \"X-1-A1\"\nsteps = [{ action = \"X-1-A1\" }]\n\n[[action_items]]\naction = \"X-1-A1\"\n";
        let numbers = BTreeMap::from([(1, 2)]);
        let changed = renumbered(text, "X-1", &numbers).expect("valid");
        assert_eq!(
            changed,
            text.replace("{ action = \"X-1-A1\" }", "{ action = \"X-1-A2\" }")
        );
        let said = still_named(&read(&changed).expect("valid"), text, "X-1", &numbers);
        let paths = ["title", "action_items[0].action"];
        for path in paths {
            let line = format!("`{path}` still says `X-1-A1`, which is now `X-1-A2`");
            assert!(said.contains(&line), "{said}");
        }
        assert_eq!(said.lines().count(), paths.len(), "{said}");
    }
}
