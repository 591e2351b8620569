//! The contents of a page, and the titles of the entries of its timeline.

use super::*;

#[derive(Serialize)]
pub(super) struct ContentsEntry<'a> {
    id: &'a str,
    title: &'a str,
}

/// Returns the entries of a page's table of contents.
pub(super) fn contents(page: &html::Page) -> Vec<ContentsEntry<'_>> {
    let tops = page.headings().iter().filter(|heading| heading.level == 2);
    tops.map(|heading| ContentsEntry {
        id: &heading.id,
        title: &heading.text,
    })
    .collect()
}

/// Returns the events of a timeline for the search, with their dates if there are several.
pub(super) fn entries<'t>(timeline: &'t TimelineView) -> Vec<Entry<'t>> {
    let times = || timeline.entries.iter().map(|entry| &entry.at);
    let has_several = times().filter(|at| at.day.is_some()).count() > 1;
    let mut day = "";
    let entry = |entry: &'t EntryView| {
        let at = &entry.at;
        day = at.day.as_ref().map_or(day, |day| &day.text);
        let title = if has_several && !at.time.contains(day) {
            entry_title(&format!("{day} {}", at.time))
        } else {
            entry_title(&at.time)
        };
        Entry {
            id: &entry.anchor,
            time: &at.text,
            title,
        }
    };
    timeline.entries.iter().map(entry).collect()
}

pub(super) fn entry_title(time: &str) -> String {
    format!("Timeline, {time}")
}
