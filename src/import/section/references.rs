//! Imports the section References.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::words::{labelled, link, one_line};
use super::{remainder, subsection};
use crate::kind::Url;

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let mut kept: Vec<Block> = Vec::new();
    for block in &part.blocks {
        let items = if block.kind == Kind::List {
            block::items(block)
        } else {
            Vec::new()
        };
        if items.is_empty() || items.iter().any(|item| item.text.contains('\n')) {
            kept.push(*block);
            continue;
        }
        for item in items {
            reference(draft, item.line, &item.text);
        }
    }
    remainder(draft, "references", part.title, &kept);
    for inner in &part.parts {
        subsection(draft, "references", inner);
    }
}

fn reference(draft: &mut Draft, line: usize, text: &str) {
    let mut entry = Map::new();
    let mut add = |key: &str, value: &str| {
        entry.insert(key.to_owned(), value.into());
    };
    match labelled(text).filter(|found| found.colon) {
        Some(found) => {
            add("title", found.label);
            match link(found.value) {
                _ if found.value == "not recorded" => {}
                Some((title, url)) if title == url && Url::new(url.as_str()).is_ok() => {
                    add("url", &url);
                }
                Some((title, target))
                    if target == format!("{title}.md") && draft.ids.contains(&title) =>
                {
                    add("incident", &title);
                }
                Some((path, target)) if target == format!("../{path}") => match draft.file(&path) {
                    Some(file) => add("file", &file),
                    None => {
                        add("text", found.value);
                        draft.note(line, format!("file `{path}` not found in the archive, so the link is kept as text; to link it, add the file and set `file` instead of `text`"));
                    }
                },
                _ => add("text", found.value),
            }
        }
        // The text of a bare link becomes the title.
        None => match link(text).filter(|(_, url)| Url::new(url.as_str()).is_ok()) {
            Some((title, url)) => {
                add("title", &title);
                add("url", &url);
            }
            None => {
                add("title", "Reference");
                add("text", &one_line(text));
            }
        },
    }
    draft.push("references", Value::Object(entry));
}
