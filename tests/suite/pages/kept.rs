//! Interactive parts of pages: messages to copy, the phases of a timeline, and search results.

use std::collections::BTreeSet;

use super::reader::{Piece, Tag, read};
use super::{Files, NIGHT, SITES, SMALLEST, pages, site, written};

/// Returns the text directly inside each element that has an attribute, with its tag.
fn with<'p>(pieces: &'p [Piece], attribute: &str) -> Vec<(&'p Tag, String)> {
    let opens = pieces
        .iter()
        .enumerate()
        .filter_map(|(position, piece)| match piece {
            Piece::Open(tag) => tag.get(attribute).map(|_| (position, tag)),
            Piece::Close(_) | Piece::Text(_) => None,
        });
    opens
        .map(|(position, tag)| match pieces.get(position + 1) {
            Some(Piece::Text(text)) => (tag, text.clone()),
            _ => (tag, String::new()),
        })
        .collect()
}

/// Lists the messages that a page keeps to be copied, each as its file would hold it.
fn messages(html: &str) -> Vec<String> {
    let pieces = read(html);
    let blocks: Vec<usize> = (0..pieces.len())
        .filter(
            |position| matches!(&pieces[*position], Piece::Open(tag) if tag.get("data-copy").is_some()),
        )
        .chain([pieces.len()])
        .collect();
    let message = |ends: &[usize]| {
        let block = &pieces[ends[0]..ends[1]];
        let body = &with(block, "data-copy-text")[0].1;
        let body = body.strip_suffix('\n').unwrap_or(body);
        match with(block, "data-copy-subject").first() {
            Some((_, subject)) => format!("Subject: {subject}\n\n{body}\n"),
            None => format!("{body}\n"),
        }
    };
    let copied = blocks.windows(2).map(message);
    copied.chain(sent_outside(&pieces)).collect()
}

/// Lists the messages of an external page, each as its file would hold it.
fn sent_outside(pieces: &[Piece]) -> Vec<String> {
    let texts = pieces.split(|piece| matches!(piece, Piece::Open(tag) if tag.name == "h3"));
    let message = |part: &[Piece]| {
        let is = |piece: &Piece, name: &str, class: Option<&str>| matches!(piece, Piece::Open(tag) if tag.name == name && tag.get("class") == class);
        let after = |name: &str, class: Option<&str>| {
            let position = part.iter().position(|piece| is(piece, name, class))?;
            match part.get(position + 1) {
                Some(Piece::Text(text)) => Some(text.clone()),
                _ => None,
            }
        };
        let body = after("p", Some("text"))?;
        Some(match after("strong", None) {
            Some(subject) => format!("Subject: {subject}\n\n{body}\n"),
            None => format!("{body}\n"),
        })
    };
    texts.filter_map(message).collect()
}

#[test]
fn a_report_keeps_each_of_its_messages_exactly() {
    let mut compared = 0;
    for (name, files) in &*SITES {
        for (path, html) in pages(files).filter(|(path, _)| path.starts_with("incidents/")) {
            let start = path.replace("incidents/", "comms/").replace(".html", "-");
            let sent = files.iter().filter(|(path, _)| {
                let position = path.strip_prefix(&start);
                // Of `2026-01-14-2-01-resolved` the incident is `2026-01-14-2`.
                position.is_some_and(|position| {
                    let (number, stage) = position.split_once('-').unwrap_or_default();
                    number.len() == 2 && stage.starts_with(char::is_alphabetic)
                })
            });
            let mut sent: Vec<&str> = sent.filter_map(|(_, text)| text.as_deref()).collect();
            let mut kept = messages(html);
            sent.sort_unstable();
            kept.sort_unstable();
            assert_eq!(kept, sent, "{name} {path}");
            compared += kept.len();
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn the_strip_shows_the_phases_to_scale() {
    let files = site(&written(NIGHT), &[]);
    let html = files["incidents/INC-2025-0002.html"]
        .as_deref()
        .expect("it is made");
    let pieces = read(html);
    let strips = with(&pieces, "aria-label");
    let names: Vec<&str> = strips
        .iter()
        .filter(|(tag, _)| tag.name == "svg")
        .filter_map(|(tag, _)| tag.get("aria-label"))
        .collect();
    assert_eq!(
        names,
        ["Unnoticed 0 seconds; Mitigating 50 minutes 1 second; Recovering 29 minutes 59 seconds"]
    );
    // A phase that took no time is only listed.
    let rects = pieces.iter().filter_map(|piece| match piece {
        Piece::Open(tag) if tag.name == "rect" => {
            Some((tag.get("class")?, tag.get("x")?, tag.get("width")?))
        }
        _ => None,
    });
    let rects: Vec<(&str, &str, &str)> = rects.collect();
    assert_eq!(
        rects,
        [
            ("fixing", "0.0%", "62.2%"),
            ("recovering", "62.5%", "37.2%")
        ]
    );
    let smallest = site(&written(SMALLEST), &[]);
    assert!(pages(&smallest).all(|(_, html)| !html.contains("class=\"strip\"")));
}

/// Reads the addresses of the sections that the search may lead to, from its scripts.
fn targets(files: &Files) -> BTreeSet<(String, String)> {
    let scripts = files
        .iter()
        .filter(|(path, _)| path.starts_with("search/pages/"));
    let mut targets = BTreeSet::new();
    for (path, script) in scripts {
        let json = script
            .as_deref()
            .and_then(|script| script.strip_prefix("afterword.page(")?.strip_suffix(")\n"));
        let page: serde_json::Value = serde_json::from_str(json.expect("a call")).expect("JSON");
        let name = path.strip_prefix("search/pages/");
        let name = name.and_then(|name| name.strip_suffix(".js"));
        let target = format!("{}.html", name.expect("a script"));
        for section in page["sections"].as_array().expect("a list") {
            let id = section[0].as_str().expect("text");
            targets.insert((target.clone(), id.to_owned()));
        }
    }
    targets
}

#[test]
fn the_search_links_to_sections_that_exist() {
    let mut followed = 0;
    for (name, files) in &*SITES {
        let found = targets(files);
        for (path, id) in &found {
            let html = files[path].as_deref().expect("pages are made");
            assert!(
                id.is_empty() || html.contains(&format!(" id=\"{id}\"")),
                "{name} {path}#{id}"
            );
            followed += 1;
        }
        let reports = pages(files).filter(|(path, _)| path.starts_with("incidents/"));
        for (path, _) in reports {
            assert!(found.iter().any(|(page, _)| page == path), "{name} {path}");
        }
    }
    assert!(followed > 100, "{followed}");
}
