//! Words that are written from right to left are isolated from ours, on every page.

use afterword::archive::Archive;
use afterword::audience::Audience;
use afterword::kind::{Role, Strings};
use afterword::load;

use super::reader::{Piece, read};
use super::{make_public, pages, site_for};
use crate::cases;

/// A word that is written from right to left.
const WORD: &str = "\u{5e9}\u{5dc}\u{5d5}\u{5dd}";

/// An archive that uses every key, with such a word at the start of each text.
fn right_to_left() -> Archive {
    let case = cases::folders().into_iter();
    let mut case = case.filter(|folder| folder.ends_with("every-key"));
    let mut archive = load::archive(&case.next().expect("the case is there")).archive;
    let before = |role, text: &str| match role {
        Role::Text | Role::Person => Some(format!("{WORD} {text}")),
        Role::Code | Role::Event | Role::Value => None,
    };
    for record in &mut archive.records {
        record.incident.rewrite(&before);
        record.timeline.rewrite(&before);
    }
    archive
}

/// Returns the texts of a page that are neither isolated nor in a block with a direction.
fn exposed(html: &str) -> Vec<String> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for piece in read(html) {
        match piece {
            Piece::Open(tag) => {
                for (name, value) in &tag.attributes {
                    if value.contains("<bdi>") {
                        found.push(format!("{name}=\"{value}\""));
                    }
                }
                if !tag.is_void() {
                    let whole = tag.name == "bdi" || tag.name == "title";
                    open.push(whole || tag.get("dir").is_some());
                }
            }
            Piece::Close(_) => drop(open.pop()),
            Piece::Text(text) if text.contains(WORD) && !open.contains(&true) => found.push(text),
            Piece::Text(_) => {}
        }
    }
    found
}

#[test]
fn words_from_right_to_left_are_isolated_on_every_page() {
    let mut archive = right_to_left();
    let internal = site_for(&archive, &[], Audience::Internal);
    archive.records.iter_mut().for_each(make_public);
    let public = site_for(&archive, &[], Audience::Public);
    let mut count = 0;
    for (path, html) in pages(&internal).chain(pages(&public)) {
        assert_eq!(exposed(html), [""; 0], "{path}");
        count += usize::from(html.contains(WORD));
    }
    assert!(count > 20, "{count}");
}
