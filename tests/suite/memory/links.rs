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
