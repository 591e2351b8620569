//! Links to a part of the same report, in its Markdown: code hosts name the anchors of headings in another way than pages.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::html::Page;
use crate::dialect::DIALECT;

/// Returns the Markdown of a report with each link to a heading as code hosts need it.
///
/// In a text, the anchor is that of the page: `#what-went-well`. A code host keeps the space before an emoji, as in
/// `#what-went-well-`, and numbers equal headings from 1.
pub(super) fn for_hosts(markdown: String) -> String {
    if !markdown.contains("](#") {
        return markdown;
    }
    let anchors = host_anchors(&markdown);
    let mut edits = Vec::new();
    for (event, range) in Parser::new_ext(&markdown, DIALECT).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else {
            continue;
        };
        let Some(host) = dest_url.strip_prefix('#').and_then(|own| anchors.get(own)) else {
            continue;
        };
        let link = markdown.get(range.clone()).unwrap_or_default();
        if let Some(at) = link.rfind(&format!("]({dest_url}")) {
            let start = range.start + at + "](#".len();
            edits.push((start..start + dest_url.len() - 1, host));
        }
    }
    let mut changed = markdown;
    for (range, host) in edits.into_iter().rev() {
        changed.replace_range(range, host);
    }
    changed
}

/// Returns the anchor of each heading on a code host by that on the page, where they differ.
fn host_anchors(markdown: &str) -> BTreeMap<String, String> {
    let mut page = Page::default();
    for id in ["content", "incident-report"] {
        page.reserve(id);
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeMap::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, DIALECT) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(level)) => {
                let text = heading.take().unwrap_or_default();
                let slug = host_slug(&text);
                let count = counts.entry(slug.clone()).or_default();
                let host = match *count {
                    0 => Cow::Borrowed(&slug),
                    count => Cow::Owned(format!("{slug}-{count}")),
                };
                *count += 1;
                let own = match level {
                    HeadingLevel::H1 => "incident-report".to_owned(),
                    _ => page.reserve(&text),
                };
                if own != **host {
                    anchors.insert(own, host.into_owned());
                }
            }
            _ => {}
        }
    }
    anchors
}

/// Returns the anchor of a heading on a code host, before it is made unique.
///
/// Letters, digits, marks, `_` and `-` are kept, in lowercase; spaces become `-`, and everything else is dropped.
fn host_slug(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}');
    let kept = text.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => (c.is_alphanumeric() || is_mark(c)).then_some(c),
    });
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_anchors_of_code_hosts() {
        for (text, slug) in [
            ("Root Cause", "root-cause"),
            ("What Went Well \u{2705}", "what-went-well-"),
            (
                "What Could Be Improved \u{26a0}\u{fe0f}",
                "what-could-be-improved-\u{fe0f}",
            ),
            ("Fixes (Within 24 hours)", "fixes-within-24-hours"),
            ("A & B", "a--b"),
            ("max_connections", "max_connections"),
        ] {
            assert_eq!(host_slug(text), slug, "{text}");
        }
    }

    #[test]
    fn links_to_headings_lead_to_them_on_code_hosts() {
        for (link, expected) in [
            ("[a](#what-went-well)", "[a](#what-went-well-)"),
            (
                "[*a* b](#what-went-well \"t\")",
                "[*a* b](#what-went-well- \"t\")",
            ),
            ("[a](#same-2) [b](#same)", "[a](#same-1) [b](#same)"),
            ("[a](#incident-report)", "[a](#report-a)"),
            ("[a](#root-cause)", "[a](#root-cause)"),
            ("[a](#nowhere)", "[a](#nowhere)"),
            ("`[a](#what-went-well)`", "`[a](#what-went-well)`"),
            (
                "[a](other.md#what-went-well)",
                "[a](other.md#what-went-well)",
            ),
        ] {
            let markdown = |link: &str| {
                format!(
                    "# Report: A\n\n{link}\n\n## What Went Well \u{2705}\n\n## Same\n\n## Same\n\n## Root Cause\n"
                )
            };
            assert_eq!(for_hosts(markdown(link)), markdown(expected));
        }
    }
}
