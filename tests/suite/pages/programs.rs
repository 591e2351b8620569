//! The files of a site for programs (feed, index, sitemap, guide) are complete and well formed.

use std::collections::BTreeSet;

use super::reader::{Piece, Tag, read};
use super::{Files, SITES, SMALLEST, Written, pages, site, written, written_as};

/// An archive whose site has an address below a folder of its host.
const ADDRESSED: &[Written] = &[
    (
        "afterword.toml",
        "[site]\ntitle = \"R & \\\"D\\\" <reports>\"\nbase_url = \"https://example.com/our/reports\"\n",
    ),
    (
        "incidents/INC-2025-0001.toml",
        "title = \"A **bold** <b>title</b> & `code`\"\nseverity = \"P1\"\n[times]\nstarted = 2025-01-14T10:00:00Z\nended = 2025-01-14T10:44:35Z\n",
    ),
    (
        "incidents/INC-2025-0002.toml",
        "title = \"Later\"\nservices = [\"Größe\"]\n[times]\nstarted = 2025-02-01T10:00:00Z\n[sign_off]\ndate = 2025-02-20\n",
    ),
    (
        "incidents/INC-2025-0003.toml",
        "title = \"Zqtitle\"\nclassification = \"confidential\"\nservices = [\"Zqservice\"]\ntags = [\"Zqtag\"]\n\
         [times]\nstarted = 2025-03-03T10:00:00Z\n[lessons]\nlearnings = [\"Zqlesson\"]\n\
         [[action_items]]\naction = \"Zqaction\"\nowner = \"Zqowner\"\n",
    ),
];

fn text<'a>(files: &'a Files, path: &str) -> &'a str {
    files[path].as_deref().expect("it is made")
}

/// Reads XML; its empty elements are those that HTML has too.
fn xml(text: &str) -> Vec<Piece> {
    let (prolog, body) = text.split_once("?>\n").expect("XML says that it is");
    assert_eq!(prolog, "<?xml version=\"1.0\" encoding=\"utf-8\"");
    read(&body.replace("\"/>", "\">"))
}

/// Returns the texts of the elements with a name, in order.
fn texts(pieces: &[Piece], name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (piece, next) in pieces.iter().zip(&pieces[1..]) {
        match (piece, next) {
            (Piece::Open(tag), Piece::Text(text)) if tag.name == name => found.push(text.clone()),
            (Piece::Open(tag), _) if tag.name == name => found.push(String::new()),
            _ => {}
        }
    }
    found
}

fn links(pieces: &[Piece], relation: &str) -> Vec<String> {
    let tag = |piece: &Piece| match piece {
        Piece::Open(tag) if tag.name == "link" => Some(tag.clone()),
        _ => None,
    };
    pieces
        .iter()
        .filter_map(tag)
        .filter(|tag: &Tag| tag.get("rel") == Some(relation))
        .map(|tag| tag.get("href").expect("a target").to_owned())
        .collect()
}

#[test]
fn the_feed_lists_every_incident_and_no_other() {
    let files = site(&written(ADDRESSED), &[]);
    let feed = xml(text(&files, "feed.atom"));
    assert_eq!(
        texts(&feed, "title"),
        [
            "R & \"D\" <reports>",
            "INC-2025-0002: Later",
            "INC-2025-0001: A bold <b>title</b> & code"
        ]
    );
    assert_eq!(
        texts(&feed, "updated"),
        [
            "2025-02-20T00:00:00Z",
            "2025-02-20T00:00:00Z",
            "2025-01-14T10:44:35Z"
        ]
    );
    assert_eq!(
        texts(&feed, "summary"),
        [
            "Investigating.",
            "P1 (High), Closed, 44 minutes 35 seconds."
        ]
    );
    assert_eq!(
        links(&feed, "self"),
        ["https://example.com/our/reports/feed.atom"]
    );
    assert_eq!(
        links(&feed, "alternate"),
        [
            "https://example.com/our/reports/",
            "https://example.com/our/reports/incidents/INC-2025-0002.html",
            "https://example.com/our/reports/incidents/INC-2025-0001.html"
        ]
    );
}

#[test]
fn each_entry_of_a_feed_has_the_required_elements_and_a_unique_id() {
    let mut entries = 0;
    for (name, files) in &*SITES {
        let feed = xml(text(files, "feed.atom"));
        let count = texts(&feed, "entry").len();
        for required in ["title", "id", "updated"] {
            let found = texts(&feed, required);
            assert_eq!(found.len(), count + 1, "{name} {required}");
            assert!(
                found.iter().all(|text| !text.is_empty()),
                "{name} {required}"
            );
        }
        assert_eq!(texts(&feed, "name").len(), 1, "{name}");
        let ids: BTreeSet<String> = texts(&feed, "id").into_iter().collect();
        assert_eq!(ids.len(), count + 1, "{name}");
        for id in ids {
            let number = id.strip_prefix("urn:uuid:").expect("a URN");
            let lengths: Vec<usize> = number.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{name} {number}");
            assert_eq!(&number[14..15], "8", "{name} {number}");
            assert!("89ab".contains(&number[19..20]), "{name} {number}");
        }
        entries += count;
    }
    assert!(entries > 20, "{entries}");
}

#[test]
fn the_sitemap_lists_every_page_once_and_only_where_it_has_an_address() {
    let files = site(&written(ADDRESSED), &[]);
    let urls = texts(&xml(text(&files, "sitemap.xml")), "loc");
    let pages = pages(&files)
        .map(|(path, _)| path)
        .filter(|path| *path != "404.html");
    let mut expected: Vec<String> = pages
        .map(|path| {
            let folder = path.strip_suffix("index.html").unwrap_or(path);
            format!("https://example.com/our/reports/{folder}")
        })
        .collect();
    expected.sort();
    assert_eq!(urls, expected);
    assert!(!site(&written(SMALLEST), &[]).contains_key("sitemap.xml"));
}

#[test]
fn the_index_for_programs_matches_the_feed() {
    let files = site(&written(ADDRESSED), &[]);
    let index: serde_json::Value = serde_json::from_str(text(&files, "index.json")).expect("JSON");
    assert_eq!(index["audience"], "internal");
    let first = &index["incidents"][1];
    assert_eq!(first["id"], "INC-2025-0001");
    assert_eq!(first["path"], "incidents/INC-2025-0001.html");
    assert_eq!(
        (&first["day"], &first["updated"]),
        (&"2025-01-14".into(), &"2025-01-14T10:44:35Z".into())
    );
    assert_eq!(index["incidents"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_links_of_the_404_page_work_from_any_folder() {
    let files = site(&written(ADDRESSED), &[]);
    let page = text(&files, "404.html");
    for target in [
        "index.html",
        "assets/style.css",
        "feed.atom",
        "incidents/INC-2025-0002.html",
    ] {
        assert!(
            page.contains(&format!("href=\"/our/reports/{target}\"")),
            "{target}"
        );
    }
    assert!(!page.contains("canonical"));
}

#[test]
fn the_404_page_lists_incidents_without_a_start_last() {
    let files = site(&written_as(ADDRESSED.iter().chain(SMALLEST).copied()), &[]);
    let page = text(&files, "404.html");
    let position = |id: &str| page.find(id).expect("it is listed");
    assert!(
        position("INC-2025-0001") < position("INC-2025-0004"),
        "{page}"
    );
}

#[test]
fn the_guide_links_to_files_that_exist() {
    let mut followed = 0;
    for (name, files) in &*SITES {
        let guide = text(files, "llms.txt");
        for link in guide.split("](").skip(1) {
            let target = link.split(')').next().unwrap_or_default();
            let path = target
                .strip_prefix("https://incidents.example.com/")
                .unwrap_or(target);
            assert!(files.contains_key(path), "{name}: {target}");
            followed += 1;
        }
    }
    assert!(followed > 50, "{followed}");
}

#[test]
fn no_file_contains_anything_of_a_hidden_incident() {
    let files = site(&written(ADDRESSED), &[]);
    for (path, text) in &files {
        let text = text.as_deref().unwrap_or_default();
        for secret in ["Zq", "zq", "INC-2025-0003", "2025-03-03"] {
            assert!(
                !path.contains(secret) && !text.contains(secret),
                "{path}: {secret}"
            );
        }
    }
    let shown = site(&written(&ADDRESSED[..3]), &[]);
    assert!(shown == files, "a hidden incident changes the site");
}
