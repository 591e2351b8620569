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
    assert_eq!(
        html.matches("<img").count(),
        2,
        "the second URL is that of a published file"
    );
}

#[test]
fn an_external_site_has_no_files_and_no_links_to_them() {
    let work = tempfile::tempdir().expect("a folder");
    let site = work.path().join("site");
    build(case("linked-files").as_std_path(), "public", &site);
    assert_eq!(published(&site), [""; 0]);
    let html = page(&site, "INC-2026-0002");
    assert!(
        !html.contains("<img") && html.contains("](../pictures/q.png)"),
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
