//! The memory page of the internal site, with each entry at its timestamp.

use super::*;

impl Work {
    /// Builds the site for an audience; returns its files and the output of `audit`.
    fn built(&self, audience: &str) -> (BTreeMap<String, String>, String) {
        let root = self.path("archive-of-ours");
        let root = root.to_str().expect("UTF-8");
        let out = self.path(&format!("site-{audience}"));
        let out = out.to_str().expect("UTF-8");
        let arguments = ["build", root, "--audience", audience, "--out", out];
        let output = afterword(&arguments, &[NOW]);
        assert!(output.status.success(), "{}", said(&output));
        let audited = afterword(&["-C", root, "audit", out, "--audience", audience], &[NOW]);
        let texts = files(Path::new(out)).into_iter();
        let texts = texts.map(|(path, bytes)| (path, String::from_utf8_lossy(&bytes).into_owned()));
        (texts.collect(), said(&audited))
    }
}

#[test]
fn each_entry_is_on_the_memory_page_at_its_timestamp() {
    let work = Work::imported(MEMORY);
    work.good(&["touch", "INC-1234"]);
    work.good(&[
        "summarize",
        "INC-1234",
        "--learning",
        "Watch | the <b>pool</b>",
    ]);
    let (site, _) = work.built("internal");
    let page = &site["memory.html"];
    for words in [
        r#"<tr id="M-2025-01-05T16:00:00Z"><th scope="row"><a class="id" href="incidents/INC-1234.html">INC-1234</a> Orders api outage</th>"#,
        r#"<tr id="M-2024-12-15T10:00:00Z">"#,
        "Watch | the &lt;b&gt;pool&lt;/b&gt;",
        r#"<td data-label="Form">Summarized</td><td data-label="Uses" class="num">3</td><td data-label="Last Used">2026-11-21</td>"#,
        r#"<td data-label="Form">Archived</td>"#,
    ] {
        assert!(page.contains(words), "{words} is not in\n{page}");
    }
    assert!(
        site["memory.md"].contains("Watch \\| the"),
        "{}",
        site["memory.md"]
    );
    assert!(site["learnings.html"].contains(r#"<a href="memory.html">"#));
}

#[test]
fn the_memory_page_discloses_nothing_to_the_wrong_audience() {
    let work = Work::imported(MEMORY);
    work.change(
        "incidents/INC-1234.toml",
        "classification = \"internal\"",
        "classification = \"confidential\"",
    );
    let (site, audited) = work.built("internal");
    let page = &site["memory.html"];
    assert!(
        page.contains("INC-1200") && !page.contains("INC-1234"),
        "{page}"
    );
    assert!(!page.contains("2025-01-05T16:00:00Z"), "{page}");
    assert!(!audited.contains("error"), "{audited}");
    let (site, _) = work.built("public");
    let names: Vec<&String> = site.keys().filter(|path| path.contains("memory")).collect();
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn an_archive_without_a_memory_has_no_memory_page() {
    let work = Work::imported(MEMORY);
    fs::remove_file(work.path("archive-of-ours/memory.toml")).expect("it is there");
    let (site, _) = work.built("internal");
    assert!(!site.contains_key("memory.html") && !site["learnings.html"].contains("memory"));
}

#[test]
fn a_problem_in_memory_toml_is_reported_by_check() {
    let work = Work::imported(MEMORY);
    work.change("memory.toml", "pinned = false", "pined = false");
    let root = work.path("archive-of-ours");
    let output = afterword(&["check", root.to_str().expect("UTF-8")], &[NOW]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        printed.contains("memory.toml:9:1") && printed.contains("pined"),
        "{printed}"
    );
}
