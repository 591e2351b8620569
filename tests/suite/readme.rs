//! The README: its sample is free of problems, and its links lead somewhere.

use std::fs;

use camino::Utf8Path;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::guides::reader::{Guide, Start, blocks};

fn readme() -> String {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn the_sample_of_the_readme_has_no_problems() {
    let guide = Guide::new(Start::Archive);
    for block in blocks(&readme()) {
        if let Some((_, path)) = block.info.split_once(" file ") {
            guide.write(path, &block.text);
        }
    }
    let (status, printed) = guide.run(&["check", "--deny-warnings", "--as-of", "2025-02-10"]);
    assert_eq!(status, 0, "{printed}");
    let (_, report) = guide.run(&["show", "INC-2025-0001"]);
    assert!(
        report.contains("**Duration**: 11 minutes 11 seconds"),
        "{report}"
    );
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.to_owned(), root.join("docs")];
    let entries = folders
        .iter()
        .flat_map(|folder| folder.read_dir_utf8().expect("readable"));
    let paths = entries.map(|entry| entry.expect("readable").path().to_owned());
    for path in paths.filter(|path| path.extension() == Some("md")) {
        let text = fs::read_to_string(&path).expect("UTF-8");
        for target in links(&text).filter(|target| !target.starts_with("https://")) {
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let file = match file {
                "" => path.clone(),
                file => path.parent().expect("a folder").join(file),
            };
            let text = fs::read_to_string(&file);
            assert!(file.exists(), "{path}: {target}");
            assert!(
                anchor.is_empty()
                    || text.is_ok_and(|text| anchors(&text).iter().any(|one| one == anchor)),
                "{path}: {target} names no heading"
            );
        }
    }
}

/// Returns the targets of the links and images of a page.
fn links(text: &str) -> impl Iterator<Item = String> {
    Parser::new(text).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
            Some(dest_url.into_string())
        }
        _ => None,
    })
}

/// Returns the anchors that code hosts give to the headings of a page.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut is_heading = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                anchors.push(String::new());
                is_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Text(text) | Event::Code(text) if is_heading => {
                let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
                let text = text.to_lowercase().chars().filter(kept).collect::<String>();
                let anchor = anchors.last_mut().expect("a heading");
                anchor.push_str(&text.replace(' ', "-"));
            }
            _ => {}
        }
    }
    anchors
}
