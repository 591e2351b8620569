//! The sides of a merge conflict in an incident's file, joined by what both had before.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use camino::Utf8Path;
use serde_json::Value as Json;

use super::sides::{common, two_incidents};
use crate::command::incident;
use crate::edit::join::{Contested, Joined};
use crate::edit::toml::merge;
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
    let common = common(root, file);
    if common.is_none() && title(first) != title(second) {
        bail!(two_incidents(id, file));
    }
    let join = |first: &str, second: &str| {
        merge(common.as_deref(), first, second).with_context(|| {
            format!("the sides of the conflict in `{file}` cannot be joined; resolve it by hand")
        })
    };
    let (_, found) = join(first, second)?;
    let [of_first, of_second] = numbers(&found);
    // What refers to an item by its number still means that item.
    let (text, found) = join(
        &renumbered(first, id, &of_first),
        &renumbered(second, id, &of_second),
    )?;
    let mut notes: String = found
        .contested
        .iter()
        .map(|found| note(found, ""))
        .collect();
    if common.is_none() && !found.one_sided.is_empty() {
        let rows = found.one_sided.iter();
        let rows: Vec<String> = rows
            .map(|(list, row)| format!("`{row}` in `{list}`"))
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
    let gone = gone(&found, [first, second], id);
    notes.push_str(&gone);
    let others = load::timeline_files(root, id).into_iter();
    let others = others.chain(load::incident_files(root));
    // Which of the two items another file means is known only to its author.
    let is_named = |text: &str| {
        let mut numbers = [&of_first, &of_second].into_iter();
        numbers.any(|numbers| renumbered(text, id, numbers) != text)
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
            let numbers = BTreeMap::from([(number, 0)]);
            (renumbered(text, id, &numbers) != text).then(|| {
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

/// Returns a text in which the generated IDs of action items have other numbers.
fn renumbered(text: &str, id: &str, numbers: &BTreeMap<usize, usize>) -> String {
    let start = format!("{id}-A");
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    let mut parts = text.split(start.as_str());
    let mut changed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_start = !changed.ends_with(is_part);
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let new = number.parse().ok().and_then(|number| numbers.get(&number));
        changed.push_str(&start);
        match new.filter(|_| is_start && !rest.starts_with(is_part)) {
            Some(new) => changed.push_str(&format!("{new}{rest}")),
            None => changed.push_str(part),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_ids_get_another_number() {
        let numbers = BTreeMap::from([(1, 2), (2, 3)]);
        let text = "X-1-A1 X-1-A2, X-1-A12 `X-1-A1`: X-1-A1-b AX-1-A1 X-1-A X-1-A3";
        assert_eq!(
            renumbered(text, "X-1", &numbers),
            "X-1-A2 X-1-A3, X-1-A12 `X-1-A2`: X-1-A1-b AX-1-A1 X-1-A X-1-A3"
        );
    }
}
