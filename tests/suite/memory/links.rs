//! Links of an exported memory to files of the archive.

use super::*;

#[test]
fn a_link_of_an_export_leads_to_its_file_from_wherever_the_file_is() {
    let work = Work::new("");
    work.write(
        "archive-of-ours/incidents/INC-2.toml",
        "title = \"Errors\"\nclassification = \"internal\"\n[times]\nended = 2025-01-05T15:00:00Z\n\
         [[evidence]]\nfinding = \"Log\"\nfile = \"../logs/a #1.log\"\n",
    );
    work.write("archive-of-ours/logs/a #1.log", "ok\n");
    for out in [
        "archive-of-ours/memory/incidents.md",
        "archive-of-ours/top.md",
        "archive-of-ours/shared/own.md",
        "archive-of-ours/shared/deep/er/own.md",
        "beside.md",
        "else/where/own.md",
    ] {
        let path = work.path(out);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        work.good(&["export", "--out", out]);
        let text = work.read(out);
        let link = text
            .split("](")
            .nth(1)
            .and_then(|rest| rest.split(')').next());
        let target = afterword::archive::path_in_url(link.expect("a link"));
        let file = path.parent().expect("a folder").join(&target);
        assert!(file.exists(), "{out}: {target}");
    }
}

#[test]
fn a_shortened_entry_of_an_export_names_the_memory_archive_from_wherever_the_file_is() {
    let work = Work::imported(MEMORY);
    let folder = work.path("archive-of-ours/memory/archive");
    fs::create_dir_all(&folder).expect("writable");
    let folder = folder.canonicalize().expect("it is there");
    for out in [
        "archive-of-ours/top.md",
        "archive-of-ours/memory/own.md",
        "beside.md",
        "else/where/own.md",
    ] {
        let path = work.path(out);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        work.good(&["export", "--out", out]);
        let text = work.read(out);
        for start in ["**Full Details**\n\nSee ", "- archived_to: "] {
            let named = text.split(start).nth(1).expect("a pointer");
            let named = named.split(['#', '\n']).next().expect("a path");
            let file = path.parent().expect("a folder").join(named);
            let parent = file.parent().expect("a folder").canonicalize();
            assert_eq!(parent.ok().as_ref(), Some(&folder), "{out}: {named}");
        }
        // The pointer is no part of an incident.
        let other = tempfile::tempdir().expect("a folder");
        let at = other.path().to_str().expect("UTF-8");
        fs::create_dir(other.path().join("incidents")).expect("writable");
        let from = path.to_str().expect("UTF-8");
        afterword(&["-C", at, "memory", "import", from], &[]);
        for (name, bytes) in files(&other.path().join("incidents")) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("archive/incidents.md"), "{name}: {text}");
        }
    }
}
