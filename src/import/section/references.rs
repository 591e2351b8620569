//! References: where to read on.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::words::{labelled, link, one_line};
use super::{subsection, tail};
use crate::kind::Url;

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
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
    tail(draft, "references", part.title, &kept);
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
                Some((words, url)) if words == url && Url::new(url.as_str()).is_ok() => {
                    add("url", &url);
                }
                Some((words, target))
                    if target == format!("{words}.md") && draft.ids.contains(&words) =>
                {
                    add("incident", &words);
                }
                Some((words, target)) if target == format!("../{words}") => {
                    match draft.file(&words) {
                        Some(file) => add("file", &file),
                        None => {
                            add("text", found.value);
                            draft.note(line, format!("`{words}` is not in the archive, so the link is kept as typed; put the file there and write `file` instead of `text`"));
                        }
                    }
                }
                _ => add("text", found.value),
            }
        }
        // A link alone has its words for a title.
        None => match link(text).filter(|(_, url)| Url::new(url.as_str()).is_ok()) {
            Some((words, url)) => {
                add("title", &words);
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
