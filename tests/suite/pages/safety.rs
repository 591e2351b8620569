//! A page holds the elements of its templates and no others, and everything it refers to is there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use super::reader::{Piece, Tag, read};
use super::{Files, SITES, SMALLEST, pages, site, written};

/// Every element that the main part of a page may hold, with its attributes and classes.
const ALLOWED: &[(&str, &[&str], &[&str])] = &[
    ("a", &["href", "rel", "aria-label"], &["id"]),
    ("article", &[], &["report"]),
    ("aside", &["aria-label"], &["rail"]),
    ("b", &[], &[]),
    ("blockquote", &[], &[]),
    ("br", &[], &[]),
    ("caption", &["data-added"], &["hidden"]),
    ("circle", &["cx", "cy", "r"], RANKS),
    ("code", &["data-copy-text"], LANGUAGES),
    ("dd", &[], &["id", "none"]),
    ("del", &[], &[]),
    (
        "details",
        &["data-added", "data-filter"],
        &["clocks", "contents", "folded", "record"],
    ),
    (
        "div",
        &[
            "role",
            "tabindex",
            "aria-label",
            "data-added",
            "data-copy",
            "data-copy-latest",
            "data-copy-name",
            "data-controls",
            "data-search",
        ],
        &[
            "alert",
            "alert-caution",
            "alert-note",
            "alert-warning",
            "body",
            "controls",
            "draft",
            "folds",
            "message",
            "search",
            "sent",
            "story",
            "strip",
            "columns",
            "table",
            "what",
            "wide",
        ],
    ),
    ("dl", &[], &["facts", "rows", "tiles"]),
    ("dt", &[], &[]),
    ("em", &[], &[]),
    ("footer", &[], &["governance"]),
    ("h1", &["id"], &[]),
    ("h2", &["id"], &[]),
    ("mark", &[], &[]),
    ("h3", &["id", "data-added"], &[]),
    ("h4", &["id"], &[]),
    ("header", &[], &["top"]),
    ("img", &["src", "alt", "width", "height", "loading"], &[]),
    (
        "li",
        &[
            "id",
            "data-filter",
            "data-incident",
            "data-severity",
            "data-status",
            "data-timeline-entry",
        ],
        &[
            "wide",
            "mark-acknowledged",
            "mark-partner_told",
            "mark-plugins_notified",
            "mark-regulator_notified",
            "mark-reopened",
            "mark-customer_notified",
            "mark-declared",
            "mark-detected",
            "mark-ended",
            "mark-identified",
            "mark-impact_ended",
            "mark-impact_started",
            "mark-mitigated",
            "mark-paged",
            "mark-resolved",
            "mark-started",
            "progress-done",
            "progress-in_progress",
            "progress-planned",
            "progress-cancelled",
        ],
    ),
    ("line", &["x1", "y1", "x2", "y2"], &[]),
    ("nav", &["aria-label", "data-toc"], &[]),
    ("ol", &["start"], &["entries", "phases", "steps"]),
    (
        "p",
        &["data-added", "data-controls", "dir"],
        &[
            "alert-title",
            "breadcrumb",
            "by",
            "counts",
            "downloads",
            "gap",
            "glance",
            "hint",
            "lead",
            "line",
            "more",
            "side",
            "subject",
            "text",
            "title",
            "when",
        ],
    ),
    ("pre", &["dir", "tabindex"], &["code"]),
    (
        "section",
        &[
            "data-section",
            "data-added",
            "aria-label",
            "aria-labelledby",
        ],
        &["coming", "draft", "now"],
    ),
    ("small", &["data-added"], &[]),
    ("span", &["data-added", "data-zone"], SPANS),
    ("strong", &["data-added", "data-copy-subject"], &[]),
    ("summary", &["data-added"], &[]),
    (
        "rect",
        &["x", "y", "width", "height", "rx"],
        &[
            "bar",
            "good",
            "middle",
            "middling",
            "unknown",
            "rank-0",
            "rank-1",
            "rank-2",
            "rank-3",
            "rank-4",
            "range",
            "rule",
            "impact",
            "unnoticed",
            "cause",
            "fixing",
            "recovering",
            "ongoing",
            "bad",
        ],
    ),
    (
        "svg",
        &["role", "aria-label", "data-added", "width", "height"],
        &["chart"],
    ),
    (
        "table",
        &["aria-label", "id"],
        &["actions", "clocks", "grid", "times"],
    ),
    ("tbody", &[], &[]),
    (
        "td",
        &["data-added", "data-label"],
        &["num", "left", "center", "right"],
    ),
    ("text", &["x", "y"], &["end"]),
    ("tfoot", &["data-added"], &[]),
    (
        "th",
        &["data-added", "scope"],
        &["num", "left", "center", "right", "id"],
    ),
    ("thead", &[], &[]),
    ("time", &["datetime", "data-ago", "data-due"], &[]),
    ("title", &[], &[]),
    ("tr", &["id"], &[]),
    ("ul", &[], &["messages", "records"]),
];

const RANKS: &[&str] = &["rank-0", "rank-1", "rank-2", "rank-3", "rank-4"];

const LANGUAGES: &[&str] = &[
    "language-diff",
    "language-hcl",
    "language-json",
    "language-promql",
    "language-shell",
    "language-sql",
    "language-text",
    "language-yaml",
];

const SPANS: &[&str] = &[
    "bad",
    "good",
    "middling",
    "unknown",
    "cause",
    "counts",
    "echo",
    "fixing",
    "hidden",
    "id",
    "key",
    "lead",
    "none",
    "offset",
    "ongoing",
    "recovering",
    "services",
    "sev",
    "status",
    "tag",
    "unnoticed",
    "up",
    "rank-0",
    "rank-1",
    "rank-2",
    "rank-3",
    "rank-4",
    "status-planned",
    "status-investigating",
    "status-identified",
    "status-monitoring",
    "status-resolved",
    "status-closed",
    "status-merged",
    "status-superseded",
    "progress-done",
    "progress-in_progress",
    "progress-planned",
    "progress-cancelled",
    "hl-c",
    "hl-s",
    "hl-n",
    "hl-k",
    "hl-t",
    "hl-p",
    "hl-i",
    "hl-d",
];

fn sanitizer() -> Builder<'static> {
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let mut builder = Builder::empty();
    builder
        .tags(ALLOWED.iter().map(|(tag, ..)| *tag).collect())
        .tag_attributes(
            ALLOWED
                .iter()
                .map(|(tag, attributes, _)| (*tag, set(attributes)))
                .collect(),
        )
        .allowed_classes(
            ALLOWED
                .iter()
                .filter(|(.., classes)| !classes.is_empty())
                .map(|(tag, _, classes)| (*tag, set(classes)))
                .collect::<HashMap<_, _>>(),
        )
        .url_schemes(set(&["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
}

/// Returns the content of the main element of a page.
fn main_part(html: &str) -> &str {
    let (_, rest) = html
        .split_once("<main id=\"content\">")
        .expect("a page has a main part");
    rest.split_once("</main>").expect("it ends").0
}

fn tags(html: &str) -> Vec<Tag> {
    let tag = |piece| match piece {
        Piece::Open(tag) => Some(tag),
        Piece::Close(_) | Piece::Text(_) => None,
    };
    read(html).into_iter().filter_map(tag).collect()
}

#[test]
fn a_sanitizer_with_the_known_elements_changes_nothing() {
    let sanitizer = sanitizer();
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, files) in &*SITES {
        for (path, html) in pages(files) {
            let main = main_part(html);
            let before = read(main);
            let cleaned = sanitizer.clean(main).to_string();
            for (expected, found) in before.iter().zip(&read(&cleaned)) {
                assert_eq!(found, expected, "{name} {path}");
            }
            assert_eq!(before.len(), read(&cleaned).len(), "{name} {path}");
            for tag in tags(main) {
                used.insert((tag.name.clone(), String::new()));
                for (attribute, _) in tag.attributes {
                    used.insert((tag.name.clone(), attribute));
                }
            }
        }
    }
    let mut unused = Vec::new();
    for (tag, attributes, classes) in ALLOWED {
        let class = (!classes.is_empty()).then_some(&"class");
        for attribute in attributes.iter().chain(class).chain([&""]) {
            if !used.contains(&((*tag).to_owned(), (*attribute).to_owned())) {
                unused.push(format!("<{tag} {attribute}>"));
            }
        }
    }
    assert!(unused.is_empty(), "on no page: {unused:?}");
}

#[test]
fn the_sanitizer_would_object() {
    let sanitizer = sanitizer();
    for bad in [
        "<script></script>",
        "<p onclick=\"x\">y</p>",
        "<p class=\"x\">y</p>",
        "<a href=\"javascript:x\">y</a>",
        "<p style=\"x\">y</p>",
        "<form></form>",
    ] {
        assert_ne!(sanitizer.clean(bad).to_string(), bad);
    }
}

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'";

#[test]
fn a_page_has_no_inline_script_or_style_and_unique_ids() {
    for (name, files) in &*SITES {
        for (path, html) in pages(files) {
            let at = format!("{name} {path}");
            let (mut ids, mut titles) = (BTreeSet::new(), 0);
            let tags = tags(html);
            assert_eq!(
                tags.first().and_then(|tag| tag.get("lang")),
                Some("en"),
                "{at}"
            );
            for tag in &tags {
                assert!(
                    !["style", "iframe", "object", "embed", "base", "form"].contains(&&*tag.name),
                    "{at}: {tag:?}"
                );
                // Scripts are files of the site, and a page contains no inline script.
                assert!(
                    tag.name != "script"
                        || tag.get("src").is_some_and(|src| src.contains("assets/"))
                            && tag.get("defer").is_some(),
                    "{at}: {tag:?}"
                );
                for (attribute, _) in &tag.attributes {
                    assert!(
                        !attribute.starts_with("on") && attribute != "style",
                        "{at}: {tag:?}"
                    );
                }
                if let Some(id) = tag.get("id") {
                    assert!(
                        !id.is_empty() && !id.contains(char::is_whitespace),
                        "{at}: {id:?}"
                    );
                    assert!(ids.insert(id.to_owned()), "{at}: {id} twice");
                }
                titles += usize::from(tag.name == "h1");
            }
            assert_eq!(titles, 1, "{at}");
            let policy = tags
                .iter()
                .find(|tag| tag.get("http-equiv") == Some("Content-Security-Policy"));
            assert_eq!(
                policy.and_then(|tag| tag.get("content")),
                Some(POLICY),
                "{at}"
            );
        }
    }
}

#[test]
fn everything_a_page_loads_or_links_to_exists() {
    for (name, files) in &*SITES {
        let ids = ids(files);
        let mut followed = 0;
        for (path, html) in pages(files) {
            for tag in tags(html) {
                let loaded = tag.name == "img"
                    || (tag.name == "link" && tag.get("rel") != Some("canonical"));
                for target in [tag.get("href"), tag.get("src")].into_iter().flatten() {
                    let leaves = ["http:", "https:", "mailto:"]
                        .iter()
                        .any(|scheme| target.starts_with(scheme));
                    assert!(!(leaves && loaded), "{name} {path} loads {target}");
                    if !leaves {
                        follow(path, target, files, &ids)
                            .unwrap_or_else(|lost| panic!("{name} {path}: {target}: {lost}"));
                        followed += 1;
                    }
                }
            }
        }
        assert!(followed > 0, "{name}");
    }
}

/// Lists the ids of each page.
fn ids(files: &Files) -> BTreeMap<String, BTreeSet<String>> {
    let ids = |html| {
        tags(html)
            .iter()
            .filter_map(|tag| tag.get("id").map(ToOwned::to_owned))
            .collect()
    };
    pages(files)
        .map(|(path, html)| (path.to_owned(), ids(html)))
        .collect()
}

/// Follows a link of a page, and says what is not there.
fn follow(
    page: &str,
    target: &str,
    files: &Files,
    ids: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(), String> {
    let (file, fragment) = target
        .split_once('#')
        .map_or((target, None), |(file, id)| (file, Some(id)));
    let mut path: Vec<&str> = page.split('/').collect();
    if !file.is_empty() {
        path.pop();
    }
    for part in file.split('/').filter(|part| !part.is_empty()) {
        match part {
            ".." => path.pop().map(drop).ok_or("above the site")?,
            part => path.push(part),
        }
    }
    let path = path.join("/");
    if !files.contains_key(&path) {
        return Err(format!("no file {path}"));
    }
    let known = |id: &str| {
        ids.get(&path)
            .is_some_and(|ids| ids.contains(&percent_decoded(id)))
    };
    fragment
        .is_none_or(known)
        .then_some(())
        .ok_or_else(|| "no such id".to_owned())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = std::str::from_utf8(after.get(..2).unwrap_or_default());
        match code.ok().and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_broken_link_is_found() {
    let files = site(&written(SMALLEST), &[]);
    let ids = ids(&files);
    let from = "incidents/INC-2025-0004.html";
    for (target, there) in [
        ("../index.html", true),
        ("#incident-summary", true),
        ("../incidents/INC-2025-0004.html#content", true),
        ("#nowhere", false),
        ("INC-2025-0005.html", false),
        ("../../index.html", false),
    ] {
        assert_eq!(
            follow(from, target, &files, &ids).is_ok(),
            there,
            "{target}"
        );
    }
}
