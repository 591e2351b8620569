//! Files that texts link to are published where they are shown, and only there.

use std::fs;
use std::path::Path;

use crate::site::{afterword, case, copy, files, said};

fn build(root: &Path, audience: &str, out: &Path) {
    let arguments = ["build", "--audience", audience, "--out"];
    let (root, out) = (root.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let output = afterword(&[&["-C", root], &arguments[..], &[out]].concat(), &[]);
    assert!(output.status.success(), "{}", said(&output));
}

fn published(site: &Path) -> Vec<String> {
    let paths = files(site).into_keys();
    paths
        .filter(|path| {
            path.starts_with("logs/") || path.starts_with("pictures/") || path.contains("top.png")
        })
        .collect()
}

fn page(site: &Path, id: &str) -> String {
    fs::read_to_string(site.join(format!("incidents/{id}.html"))).expect("the page is there")
}

#[test]
fn a_file_is_published_if_something_that_is_shown_links_to_it() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, site) = (work.path().join("archive"), work.path().join("site"));
    copy(case("linked-files").as_std_path(), &root);
    build(&root, "internal", &site);
    let expected = [
        "logs/x.log",
        "pictures/d.svg",
        "pictures/q-2.png",
        "pictures/q.png",
    ];
    assert_eq!(published(&site), expected);
    let html = page(&site, "INC-2026-0001");
    for shown in [
        "<img src=\"../pictures/q.png\" alt=\"Queue depth\"",
        "<img src=\"../pictures/q-2.png\"",
        "<a href=\"../logs/x.log\" title=\"The log\">log</a>",
        "<a href=\"../logs/x.log\">the log</a>",
        "<a href=\"../pictures/d.svg\">Drawing</a>",
        "<a href=\"https://example.com/a.png\" rel=\"noopener noreferrer\">Elsewhere</a>",
        ">https://example.com/b.png</a>",
        "<a href=\"INC-2026-0002.html\">a report</a>",
        "](../pictures/none.png)",
    ] {
        assert!(html.contains(shown), "{shown} in {html}");
    }
    assert_eq!(html.matches("<img").count(), 2);
    assert!(page(&site, "INC-2026-0002").contains("<img src=\"../pictures/q.png\""));
}

#[test]
fn a_link_is_relative_to_the_file_of_its_incident() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, site) = (work.path().join("archive"), work.path().join("site"));
    copy(case("linked-files").as_std_path(), &root);
    fs::create_dir_all(root.join("incidents/2026")).expect("writable");
    let text = "title = \"Nested\"\nclassification = \"internal\"\nsummary = \"![q](../../pictures/q%2D2.png) ![r](../pictures/q.png) [log](../../logs/x.log#L1)\"\n";
    fs::write(root.join("incidents/2026/INC-2026-0009.toml"), text).expect("writable");
    build(&root, "internal", &site);
    let html = page(&site, "INC-2026-0009");
    assert!(
        html.contains("<img src=\"../pictures/q-2.png\" alt=\"q\""),
        "{html}"
    );
    assert!(
        html.contains("<a href=\"../logs/x.log#L1\">log</a>"),
        "{html}"
    );
    // The second path is that of a published file as a page writes it, but leads elsewhere in the archive.
    assert_eq!(html.matches("<img").count(), 1, "{html}");
    assert!(html.contains("](../pictures/q.png)"), "{html}");
}

/// File names, and how a text may write the link to each.
const NAMES: &[(&str, &[&str])] = &[
    ("plain.log", &["../logs/plain.log", "../logs/%70lain.log"]),
    ("a b.log", &["../logs/a%20b.log", "<../logs/a b.log>"]),
    ("a#b.log", &["../logs/a%23b.log"]),
    ("a?b.log", &["../logs/a%3Fb.log", "../logs/a%3fb.log"]),
    ("100%.log", &["../logs/100%25.log", "../logs/100%.log"]),
    ("a%41.log", &["../logs/a%2541.log"]),
    ("(a).log", &["../logs/(a).log", "../logs/%28a%29.log"]),
    ("ü.log", &["../logs/ü.log", "../logs/%C3%BC.log"]),
];

/// Returns the path to which a browser goes from a page in `incidents/`.
fn followed(href: &str) -> String {
    let path = href.split(['#', '?']).next().unwrap_or_default();
    afterword::archive::path_in_url(&path.replace("&amp;", "&"))
}

#[test]
fn a_link_leads_to_its_file_whatever_the_name_is() {
    for (name, targets) in NAMES {
        for target in *targets {
            let work = tempfile::tempdir().expect("a folder");
            let (root, site) = (work.path().join("archive"), work.path().join("site"));
            fs::create_dir_all(root.join("incidents")).expect("writable");
            fs::create_dir_all(root.join("logs")).expect("writable");
            fs::write(root.join("logs").join(name), "ok\n").expect("writable");
            let text = format!(
                "title = \"Names\"\nclassification = \"internal\"\nsummary = \"**b** [prose]({target})\"\n\
                 lessons.went_well = [\"**b** [line]({target})\"]\n[[evidence]]\nfile = \"../logs/{name}\"\n"
            );
            fs::write(root.join("incidents/INC-2026-0001.toml"), text).expect("writable");
            build(&root, "internal", &site);
            assert!(site.join("logs").join(name).exists(), "{name}");
            let html = page(&site, "INC-2026-0001");
            assert!(html.contains("<strong>b</strong>"), "{target}: {html}");
            let mut links = html.split("<a href=\"../logs/").skip(1);
            let links: Vec<String> = links
                .by_ref()
                .filter_map(|rest| Some(followed(rest.split_once('"')?.0)))
                .collect();
            assert_eq!(links, [*name; 3], "{target}: {html}");
            let markdown = site.join("incidents/INC-2026-0001.md");
            let markdown = fs::read_to_string(markdown).expect("the report is there");
            assert_eq!(
                markdown.matches("](").count() - markdown.matches("](#").count(),
                3,
                "{markdown}"
            );
        }
    }
}

#[test]
fn an_external_site_has_no_files_and_no_links_to_them() {
    let work = tempfile::tempdir().expect("a folder");
    let site = work.path().join("site");
    build(case("linked-files").as_std_path(), "public", &site);
    assert_eq!(published(&site), [""; 0]);
    let html = page(&site, "INC-2026-0002");
    assert!(
        !html.contains("<img") && !html.contains("pictures"),
        "{html}"
    );
}

#[test]
fn a_cached_report_shows_a_file_that_was_added_later() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, site) = (work.path().join("archive"), work.path().join("site"));
    copy(case("linked-files").as_std_path(), &root);
    build(&root, "internal", &site);
    fs::copy(root.join("pictures/q.png"), root.join("pictures/none.png")).expect("writable");
    build(&root, "internal", &site);
    assert!(page(&site, "INC-2026-0001").contains("<img src=\"../pictures/none.png\""));
    fs::remove_file(root.join("pictures/none.png")).expect("removable");
    build(&root, "internal", &site);
    assert!(page(&site, "INC-2026-0001").contains("](../pictures/none.png)"));
    assert!(!site.join("pictures/none.png").exists());
}

/// An archive whose texts link to a file, to reports and to other sites.
fn linking(root: &Path) {
    let incident = r#"title = "Exports ![t](../pics/q.png) timed out"
classification = "public"
summary = "![q](../pics/q.png) [![in](https://e.example/z.png)](../logs/a.log) ![a [b](https://c.example) c](https://d.example/x.png) [gone](INC-9.html) [rca](INC-2.html#timeline) [abs](/abs) [m](../metrics.html)"
lessons.learnings = ["![q](../pics/q.png) [rca](INC-2.html) [w](https://w.example)"]
action_items = [{ action = "Read [log](../logs/a.log)", owner = "Ana", due = 2026-03-01 }]
[public]
title = "Exports [slow](../logs/a.log)"
summary = "![q](../pics/q.png) [rca](INC-2.md)"
measures = ["Read [log](../logs/a.log)"]
[[messages]]
stage = "resolved"
sent_at = 2026-02-01T10:00:00Z
audience = "public"
subject = "[Over](../logs/a.log)"
body = "All [good](../logs/a.log)."
[times]
started = 2026-02-01T09:00:00Z
ended = 2026-02-01T09:30:00Z
"#;
    let analysis = r#"title = "Analysis of exports"
kind = "investigation"
classification = "public"
analysis.incidents = ["INC-1"]
summary = "[Log](../logs/a.log) of [the incident](INC-1.md), [below](#references)"
[public]
report = "full"
title = "Analysis"
summary = "An analysis."
"#;
    let event = r#"{"date": "2026-02-01", "events": [{"at": "09:00", "text": "Stop", "visibility": "public", "body": "![q](../pics/q.png)"}]}"#;
    let newer = "title = \"Newer\"\nkind = \"investigation\"\nclassification = \"public\"\n[analysis]\nincidents = [\"INC-1\"]\n\
                 supersedes = [\"INC-2\"]\n[public]\ntitle = \"The newer one\"\nsummary = \"New.\"\n";
    for (path, text) in [
        ("incidents/INC-1.toml", incident),
        ("incidents/INC-2.toml", analysis),
        ("incidents/INC-3.toml", newer),
        ("timelines/INC-1.json", event),
        ("pics/q.png", "picture"),
        ("logs/a.log", "log"),
    ] {
        crate::site::write(root, path, text);
    }
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x07\0\0\0\x05";
    fs::write(root.join("pics/q.png"), picture).expect("writable");
}

#[test]
fn a_page_has_the_size_of_each_picture_that_it_loads() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, site) = (work.path().join("archive"), work.path().join("site"));
    let pictures: &[(&str, &[u8], &str)] = &[
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\0\0\0\0\x05",
            " width=\"1024\" height=\"5\"",
        ),
        (
            "b.gif",
            b"GIF89a\x07\0\x05\0\0\0\0",
            " width=\"7\" height=\"5\"",
        ),
        (
            "c.jpg",
            b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x05\0\x07\x01",
            " width=\"7\" height=\"5\"",
        ),
        (
            "d.webp",
            b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x06\0\0\x04\0\0",
            " width=\"7\" height=\"5\"",
        ),
        (
            "e.png",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\x05",
            "",
        ),
        ("f.png", b"\x89PNG\r\n\x1a\n\0", ""),
        ("g.avif", b"picture", ""),
    ];
    for folder in ["incidents", "pics"] {
        fs::create_dir_all(root.join(folder)).expect("writable");
    }
    let mut summary = String::new();
    for (name, bytes, _) in pictures {
        fs::write(root.join("pics").join(name), bytes).expect("writable");
        summary.push_str(&format!("![{name}](../pics/{name}) "));
    }
    let incident = format!("title = \"Pictures\"\nsummary = \"{}\"\n", summary.trim());
    fs::write(root.join("incidents/INC-1.toml"), incident).expect("writable");
    build(&root, "internal", &site);
    let html = page(&site, "INC-1");
    for (name, _, size) in pictures {
        let shown = format!("<img src=\"../pics/{name}\" alt=\"{name}\"{size} loading=\"lazy\">");
        assert!(html.contains(&shown), "{shown} in {html}");
    }
}

fn texts(site: &Path) -> impl Iterator<Item = (String, String)> {
    let files = files(site).into_iter();
    files.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()))
}

#[test]
fn other_pages_and_external_sites_show_the_words_of_local_links() {
    let work = tempfile::tempdir().expect("a folder");
    let (root, site) = (work.path().join("archive"), work.path().join("site"));
    linking(&root);
    build(&root, "internal", &site);
    let own = [
        "incidents/INC-1",
        "incidents/INC-2",
        "timelines/INC-1",
        "comms/INC-1",
        "search/pages/incidents/INC-",
    ];
    for (path, text) in texts(&site) {
        let is_own = own.iter().any(|own| path.starts_with(own));
        for target in ["(../pics", "\"../pics", "a.log", "INC-9"] {
            assert!(
                is_own || path.starts_with('.') || !text.contains(target),
                "{target} in {path}: {text}"
            );
        }
    }
    let learnings = fs::read_to_string(site.join("learnings.md")).expect("the page is there");
    assert!(
        learnings.contains("1. q rca [w](https://w.example)\n"),
        "{learnings}"
    );
    let actions = fs::read_to_string(site.join("actions.csv")).expect("the file is there");
    assert!(actions.contains("Read log,"), "{actions}");
    let html = page(&site, "INC-1");
    for shown in [
        "<img src=\"../pics/q.png\" alt=\"q\" width=\"7\" height=\"5\" loading=\"lazy\"> <a href=\"../logs/a.log\">in</a> <a href=\"https://d.example/x.png\" rel=\"noopener noreferrer\">a b c</a>",
        " [gone](INC-9.html) <a href=\"INC-2.html#timeline\">rca</a> [abs](/abs) <a href=\"../metrics.html\">m</a>",
        ">INC-2</a> (superseded), <a class=\"id\" href=\"INC-3.html\">",
    ] {
        assert!(html.contains(shown), "{shown} in {html}");
    }
    for audience in ["public", "customers"] {
        let site = work.path().join(audience);
        build(&root, audience, &site);
        for (path, text) in texts(&site) {
            for target in ["pics", "a.log", "INC-9"] {
                assert!(!text.contains(target), "{target} in {path}: {text}");
            }
        }
        let report =
            fs::read_to_string(site.join("incidents/2026-02-01.md")).expect("the page is there");
        let links = "**Investigations**: [Analysis of exports](INC-2.md) (superseded), [The newer one](not-dated.md)\n";
        assert!(report.contains(links), "{report}");
        assert!(report.contains("q [rca](INC-2.md)\n"), "{report}");
        let full = fs::read_to_string(site.join("incidents/INC-2.md")).expect("the page is there");
        assert!(
            full.contains("Log of the incident, [below](#references)"),
            "{full}"
        );
        assert!(
            full.contains("**Incidents**: [Exports slow](2026-02-01.md)"),
            "{full}"
        );
    }
}
