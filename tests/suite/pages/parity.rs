//! A page and its Markdown have the same text: their alphanumeric characters are equal, in order, section by section.
//!
//! Additions of a page are marked and skipped: elements with `data-added`, and the titles that alerts have on a page. The folded rows of the summary follow its
//! text on a page, and precede it in Markdown. The marking is in the header and the footer of a page.

use std::panic::catch_unwind;

use afterword::archive::OwnTemplate;
use afterword::render::html::{Page, anchor_headings, fragment};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::reader::{Piece, read};
use super::{Files, NIGHT, SITES, pages, site, written};

/// The alphanumeric characters of a part of a report, under its heading.
type Parts = Vec<String>;

fn push(text: &str, parts: &mut Parts) {
    let characters = text.chars().filter(|c| c.is_alphanumeric());
    if let Some(part) = parts.last_mut() {
        part.extend(characters);
    }
}

/// Reads the parts of a report from its Markdown; the first is the text before all sections.
fn of_markdown(markdown: &str) -> Parts {
    let dialect = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut parts = vec![String::new()];
    let mut images: Vec<CowStr> = Vec::new();
    let mut is_title = false;
    for event in Parser::new_ext(markdown, dialect) {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => is_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => is_title = false,
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => parts.push(String::new()),
            Event::Start(Tag::Image { dest_url, .. }) => images.push(dest_url),
            // An external image is not loaded, so its URL is shown.
            Event::End(TagEnd::Image) => {
                if let Some(target) = images.pop().filter(|target| target.contains("://")) {
                    push(&target, &mut parts);
                }
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text)
                if !is_title =>
            {
                push(&text, &mut parts);
            }
            _ => {}
        }
    }
    parts
}

/// Reads the parts of a report from its page.
fn of_page(html: &str) -> Parts {
    let mut parts = vec![String::new()];
    // The number of open elements since the one that is skipped, and since the one that is read.
    let (mut skipped, mut inside) = (0, 0);
    // The text before the folded rows, without its heading, and the number of open elements around these.
    let mut story: Option<(String, usize)> = None;
    for piece in read(html) {
        match piece {
            Piece::Open(tag) => {
                let depth = usize::from(!tag.is_void());
                let added = tag.get("data-added").is_some()
                    || tag.classes().any(|class| class == "alert-title");
                let begins = tag
                    .classes()
                    .any(|class| class == "alert" || class == "body");
                if skipped > 0 || added {
                    skipped += depth;
                } else if inside > 0 || begins {
                    if tag.classes().any(|class| class == "record") {
                        let heading = "IncidentSummary";
                        let part = parts.last_mut().expect("the summary");
                        story = Some((part.split_off(heading.len()), inside));
                    }
                    inside += depth;
                    if tag.name == "h2" {
                        parts.push(String::new());
                    }
                    push(tag.get("alt").unwrap_or_default(), &mut parts);
                }
            }
            Piece::Close(_) if skipped > 0 => skipped -= 1,
            Piece::Close(_) => {
                inside = usize::saturating_sub(inside, 1);
                if let Some((text, _)) = story.take_if(|(_, around)| *around == inside) {
                    push(&text, &mut parts);
                }
            }
            Piece::Text(text) if skipped == 0 && inside > 0 => push(&text, &mut parts),
            Piece::Text(_) => {}
        }
    }
    parts
}

/// Describes where a page and its Markdown differ.
fn difference(markdown: &str, html: &str) -> Option<String> {
    let markdown: String = markdown
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("**Marking**: "))
        .collect();
    let (expected, found) = (of_markdown(&markdown), of_page(html));
    for (expected, found) in expected.iter().zip(&found) {
        if expected != found {
            let same = expected
                .chars()
                .zip(found.chars())
                .take_while(|(left, right)| left == right)
                .count();
            let from = |text: &str| {
                text.chars()
                    .skip(same.saturating_sub(30))
                    .take(90)
                    .collect::<String>()
            };
            return Some(format!(
                "Markdown: {}\npage:     {}",
                from(expected),
                from(found)
            ));
        }
    }
    (expected.len() != found.len()).then(|| format!("{} parts and {}", expected.len(), found.len()))
}

/// Returns the path, the Markdown and the page of each report of a site.
fn reports(files: &Files) -> Vec<(String, String, String)> {
    let reports = pages(files).filter(|(path, _)| path.starts_with("incidents/"));
    reports
        .map(|(path, html)| {
            let markdown = files[&path.replace(".html", ".md")]
                .clone()
                .expect("it is made");
            (path.to_owned(), markdown, html.to_owned())
        })
        .collect()
}

#[test]
fn a_page_has_the_text_of_its_markdown() {
    let mut compared = 0;
    for (name, files) in &*SITES {
        for (path, markdown, html) in reports(files) {
            if let Some(difference) = difference(&markdown, &html) {
                panic!("{name} {path}\n{difference}");
            }
            compared += 1;
        }
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn every_other_page_has_the_text_of_its_markdown() {
    let mut compared = 0;
    for (name, files) in &*SITES {
        let others = pages(files).filter(|(path, _)| !path.starts_with("incidents/"));
        for (path, html) in others.filter(|(path, _)| !["404.html", "search.html"].contains(path)) {
            let markdown = files[&path.replace(".html", ".md")].as_deref();
            if let Some(difference) = difference(markdown.expect("it is made"), html) {
                panic!("{name} {path}\n{difference}");
            }
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn lists_in_markdown_have_no_doubled_blank_lines_and_no_trailing_spaces() {
    for (name, files) in &*SITES {
        let lists = files.iter().filter(|(path, _)| {
            let is_report = path.starts_with("incidents/") || path.starts_with("comms/INC");
            camino::Utf8Path::new(path).extension() == Some("md") && !is_report
        });
        for (path, text) in lists {
            let text = text.as_deref().expect("it is made");
            let found = text.lines().find(|line| line.ends_with(' '));
            assert_eq!(found, None, "{name} {path}");
            assert!(!text.contains("\n\n\n"), "{name} {path}\n{text}");
        }
    }
}

#[test]
fn a_difference_between_page_and_markdown_is_found() {
    let (_, markdown, html) = reports(&site(&written(NIGHT), &[])).remove(0);
    assert_eq!(difference(&markdown, &html), None);
    for (from, to) in [
        ("Pager went off", "Pager went"),
        ("<dt>Status</dt>", "<dt>State</dt>"),
        ("is superseded by", "is by"),
        ("<h2 ", "<h3 "),
        ("<p class=\"gap\" data-added>", "<p class=\"gap\">"),
        ("Do nothing", "Do nothing more"),
    ] {
        let changed = html.replacen(from, to, 1);
        assert_ne!(changed, html, "{from}");
        let seen = catch_unwind(|| difference(&markdown, &changed).is_some());
        assert!(seen.unwrap_or(true), "{from}");
    }
}

/// Lists the ids of a page's headings below its title, and those that it reserves for its timeline.
fn ids(html: &str) -> (Vec<String>, Vec<String>) {
    let (mut headings, mut reserved) = (Vec::new(), Vec::new());
    let pieces = read(html);
    let body = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Open(tag) if tag.get("class") == Some("body")));
    for next in pieces.windows(3).skip(body.expect("a report has a body")) {
        let [Piece::Open(tag), _, text] = next else {
            continue;
        };
        let is_day = matches!(text, Piece::Open(text) if text.name == "time");
        match tag.name.as_str() {
            "h2" | "h3" | "h4" | "h5" | "h6" if !is_day => {
                headings.extend(tag.get("id").map(str::to_owned));
            }
            _ => reserved.extend(tag.get("id").map(str::to_owned)),
        }
    }
    (headings, reserved)
}

#[test]
fn headings_have_the_ids_that_the_markdown_would_give_them() {
    for (name, files) in &*SITES {
        for (path, markdown, html) in reports(files) {
            let (found, reserved) = ids(&html);
            let mut page = Page::default();
            for id in ["content", "incident-report"]
                .into_iter()
                .chain(reserved.iter().map(String::as_str))
            {
                assert_eq!(page.reserve(id), id, "{name} {path}");
            }
            // An external report may have no section.
            if let Some((_, sections)) = markdown.split_once("\n## ") {
                anchor_headings(&fragment(&format!("## {sections}")), &mut page);
            }
            let expected: Vec<&str> = page
                .headings()
                .iter()
                .map(|heading| heading.id.as_str())
                .collect();
            assert_eq!(found, expected, "{name} {path}");
        }
    }
}

#[test]
fn a_custom_markdown_section_also_replaces_its_html() {
    let own = [OwnTemplate {
        path: "section/impact.md".to_owned(),
        text: "## Impact Analysis\n\nSee the *ledger*.".to_owned(),
    }];
    let (_, markdown, html) = reports(&site(&written(NIGHT), &own)).remove(0);
    assert!(markdown.contains("See the *ledger*.") && html.contains("See the <em>ledger</em>."));
    assert_eq!(difference(&markdown, &html), None);
}
