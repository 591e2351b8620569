//! Imports the section References.

use super::super::block::Part;
use super::super::draft::Draft;
use super::super::words::{labelled, line, link, web_link};
use super::{each_block, list_items, remainder, subsections};
use crate::archive::path_in_url;
use crate::incident::{Reference, Section};
use crate::kind::Id;

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let items = rest.first().map(list_items).unwrap_or_default();
        if items.iter().any(|item| item.text.contains('\n')) {
            return 0;
        }
        for item in &items {
            let reference = reference(draft, item.line, &item.text);
            draft.incident.references.push(reference);
        }
        usize::from(!items.is_empty())
    });
    remainder(draft, Section::References, part.title, &kept);
    subsections(draft, Section::References, &part.parts);
}

fn reference(draft: &mut Draft, number: usize, text: &str) -> Reference {
    let mut reference = Reference::default();
    let Some(found) = labelled(text).filter(|found| found.colon) else {
        // The text of a bare link becomes the title.
        match web_link(text) {
            Some((title, url)) => {
                reference.title = line(&title);
                reference.url = Some(url);
            }
            None => {
                reference.title = line("Reference");
                reference.text = Some(line(text));
            }
        }
        return reference;
    };
    reference.title = line(found.label);
    match link(found.value) {
        _ if found.value == "not recorded" => {}
        Some((title, _)) if web_link(found.value).is_some_and(|(_, url)| *url == *title) => {
            reference.url = web_link(found.value).map(|(_, url)| url);
        }
        Some((title, target)) if target == format!("{title}.md") && draft.ids.contains(&title) => {
            reference.incident = Id::new(title).ok();
        }
        Some((path, target)) if path_in_url(&target) == format!("../{path}") => {
            reference.file = draft.file(&path);
            if reference.file.is_none() {
                reference.text = Some(line(found.value));
                draft.note(number, format!("file `{path}` not found in the archive, so the link is kept as text; to link it, add the file and set `file` instead of `text`"));
            }
        }
        _ => reference.text = Some(line(found.value)),
    }
    reference
}
