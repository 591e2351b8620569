//! Rewrites the front matter of a page, which is in YAML or TOML.

use super::super::layout::{is_front_matter, is_title_key};
use super::Line;

/// Returns the number of lines of the front matter.
pub(super) fn end(lines: &[Line]) -> usize {
    let Some((_, first)) = lines
        .first()
        .filter(|(_, line)| matches!(line.trim_end(), "---" | "+++"))
    else {
        return 0;
    };
    let rest = || lines.iter().skip(1).map(|(_, line)| line.as_str());
    let Some(count) = rest().position(|line| line.trim_end() == first.trim_end()) else {
        return 0;
    };
    let is_front = first.starts_with('+') || is_front_matter(rest().take(count));
    if is_front { count + 2 } else { 0 }
}

/// Returns `true` if the front matter has the title of the page.
pub(super) fn has_title(lines: &[Line]) -> bool {
    let mut front = lines.iter().take(end(lines));
    front.any(|(_, line)| is_title_key(line))
}

/// Removes the blank lines above the front matter, and writes TOML as YAML.
pub(super) fn normalize(lines: &mut Vec<Line>) {
    let blank = { lines.iter() }.take_while(|(_, line)| line.trim().is_empty());
    let blank = blank.count();
    let below = lines.get(blank..).unwrap_or_default();
    if end(below) > 0 {
        lines.drain(..blank);
    }
    let is_toml = lines.first().is_some_and(|(_, line)| line.starts_with('+'));
    let end = end(lines);
    for (_, line) in lines.iter_mut().take(end).filter(|_| is_toml) {
        if line.trim_end() == "+++" {
            "---".clone_into(line);
        } else if let Some((key, value)) = line.split_once('=') {
            *line = format!("{}: {}", key.trim(), value.trim());
        } else if line.starts_with('[') {
            // The name of a table is kept as a comment.
            line.insert_str(0, "# ");
        }
    }
}
