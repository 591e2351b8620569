//! Tests builds that succeed.

use std::cell::Cell;

use super::*;

#[test]
fn a_first_build_creates_the_folder_the_files_and_a_manifest() {
    let project = Project::new();
    let out = project.root.join("deep/down/site");
    let writer = project.open_for("public", &out).unwrap();
    writer.put("b/c.html", b"c").unwrap();
    writer.put("a.html", b"a").unwrap();
    let written = writer.commit().unwrap();
    assert_eq!(
        written,
        Written {
            written: 2,
            ..Written::default()
        }
    );
    let list = "{\n  \"format\": 1,\n  \"audience\": \"public\",\n  \"files\": [\n    \
                \"a.html\",\n    \"b/c.html\"\n  ]\n}\n";
    let expected = [
        (".afterword.json", list),
        ("a.html", "a"),
        ("b/c.html", "c"),
    ];
    assert_eq!(
        tree(&out),
        expected.map(|(p, t)| (p.to_owned(), t.to_owned())).into()
    );
}

#[test]
fn a_build_has_the_result_of_a_clean_build_and_counts_changes() {
    let cases: &[(Files, Files, [usize; 3])] = &[
        (
            &[("a", "1"), ("b", "1")],
            &[("a", "1"), ("b", "1")],
            [0, 2, 0],
        ),
        (
            &[("a", "1"), ("b", "1")],
            &[("a", "2"), ("b", "1")],
            [1, 1, 0],
        ),
        (&[("a", "1")], &[("a", "longer"), ("b", "")], [2, 0, 0]),
        (&[("a/b/c", "1"), ("a/d", "1")], &[("a/d", "1")], [0, 1, 1]),
        (&[("a/b/c", "1")], &[], [0, 0, 1]),
        (&[("a/b/c", "1")], &[("a/e/c", "1")], [1, 0, 1]),
        // A file becomes a folder, and the reverse.
        (
            &[("a", "1"), ("z", "1")],
            &[("a/b/c", "2"), ("z", "1")],
            [1, 1, 1],
        ),
        (&[("a/b/c", "1"), ("a/d", "1")], &[("a", "2")], [1, 0, 2]),
        (
            &[("a/b/c", "1")],
            &[("a/b", "2"), ("a/c/b", "3")],
            [2, 0, 1],
        ),
        // The case of a file, and of a folder, changes.
        (&[("a", "1")], &[("A", "1")], [1, 0, 1]),
        (
            &[("a/b", "1"), ("a/c", "1")],
            &[("A/b", "1"), ("A/c", "2")],
            [2, 0, 2],
        ),
    ];
    for &(old, new, [written, unchanged, removed]) in cases {
        let project = Project::with(old);
        let found = project.build(new).unwrap();
        assert_eq!(
            found,
            Written {
                written,
                unchanged,
                removed
            },
            "{old:?} {new:?}"
        );
        assert_eq!(project.tree(), clean(new), "{old:?} {new:?}");
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let project = Project::with(&[("a/b", "1"), ("c", "1")]);
    project.add("CNAME", "example.org");
    project.add("a/own", "mine");
    fs::create_dir(project.path("empty")).unwrap();
    project.build(&[("c", "2")]).unwrap();
    let mut expected = clean(&[("c", "2")]);
    for (path, text) in [("CNAME", "example.org"), ("a/own", "mine"), ("empty/", "")] {
        expected.insert(path.to_owned(), text.to_owned());
    }
    assert_eq!(project.tree(), expected);
}

#[test]
fn a_build_that_is_given_up_leaves_the_old_site_and_no_new_folder() {
    let project = Project::with(&[("a", "1"), ("b", "1")]);
    let before = tree(&project.root);
    drop(project.staged(&[("a", "2"), ("c/d", "1")]).unwrap());
    let elsewhere = project
        .open_for("public", &project.root.join("new/deep/site"))
        .unwrap();
    elsewhere.put("c/d", b"1").unwrap();
    drop(elsewhere);
    assert_eq!(tree(&project.root), before);
}

#[test]
fn nothing_is_seen_before_the_commit() {
    let project = Project::with(&[("a", "1")]);
    let writer = project
        .staged(&[("a", "2"), ("b", "1"), ("c/d", "1")])
        .unwrap();
    let mut seen = project.tree();
    seen.retain(|path, _| !path.starts_with(".afterword-"));
    assert_eq!(seen, clean(&[("a", "1")]));
    writer.commit().unwrap();
}

#[test]
fn an_unchanged_file_is_not_written_again() {
    let project = Project::with(&[("a", "1"), ("b", "1")]);
    let handles = ["a", ".afterword.json"].map(|file| {
        let path = project.path(file);
        (same_file::Handle::from_path(&path).unwrap(), path)
    });
    project.build(&[("a", "1"), ("b", "2")]).unwrap();
    for (handle, path) in handles {
        assert!(
            same_file::Handle::from_path(&path).unwrap() == handle,
            "{path}"
        );
    }
}

#[test]
fn a_damaged_or_missing_file_is_written_again() {
    let files: Files = &[("a", "1"), ("b/c", "1"), ("d/e", "1")];
    let project = Project::with(files);
    fs::write(project.path("a"), "").unwrap();
    fs::remove_dir_all(project.path("b")).unwrap();
    fs::remove_file(project.path("d/e")).unwrap();
    assert_eq!(project.build(files).unwrap().written, 3);
    assert_eq!(project.tree(), clean(files));
}

#[test]
fn a_removed_file_that_somebody_replaced_is_left_alone() {
    let project = Project::with(&[("a", "1"), ("b/c", "1")]);
    fs::remove_file(project.path("a")).unwrap();
    project.add("a/own", "mine");
    fs::remove_dir_all(project.path("b")).unwrap();
    project.add("b", "mine");
    assert_eq!(project.build(&[]).unwrap(), Written::default());
    let mut expected = clean(&[]);
    expected.extend([("a/own", "mine"), ("b", "mine")].map(|(p, t)| (p.into(), t.into())));
    assert_eq!(project.tree(), expected);
}

#[test]
fn an_unlisted_file_is_ours_if_it_is_the_same() {
    // As after the merge of two branches, each with the site of its own incident.
    let project = Project::with(&[("a", "1")]);
    project.add("b/c", "1");
    let files: Files = &[("a", "1"), ("b/c", "1")];
    assert_eq!(project.build(files).unwrap().unchanged, 2);
    assert_eq!(project.tree(), clean(files));
}

#[test]
fn a_manifest_with_other_line_ends_is_read_and_replaced() {
    let project = Project::with(&[("a", "1"), ("b", "1")]);
    let list = fs::read_to_string(project.path(".afterword.json")).unwrap();
    fs::write(project.path(".afterword.json"), list.replace('\n', "\r\n")).unwrap();
    project.build(&[("a", "1")]).unwrap();
    assert_eq!(project.tree(), clean(&[("a", "1")]));
}

#[test]
fn a_kept_file_stays_and_is_listed() {
    let project = Project::with(&[("a", "1"), ("b", "1"), ("c", "1")]);
    let writer = project.open().unwrap();
    assert!(writer.previous().iter().eq(["a", "b", "c"]));
    writer.put("a", b"2").unwrap();
    writer.keep("b").unwrap();
    writer.keep("b").unwrap();
    let written = writer.commit().unwrap();
    assert_eq!(
        written,
        Written {
            written: 1,
            unchanged: 1,
            removed: 1
        }
    );
    assert_eq!(project.tree(), clean(&[("a", "2"), ("b", "1")]));
}

#[test]
fn the_same_file_may_come_twice() {
    let files: Files = &[("a", "1"), ("b", "2"), ("c/d", "3")];
    let project = Project::with(&[("a", "1"), ("b", "1")]);
    let twice = [files, files].concat();
    assert_eq!(project.build(&twice).unwrap().written, 2);
    assert_eq!(project.tree(), clean(files));
}

#[test]
fn threads_have_the_result_of_one_thread() {
    let names: Vec<String> = (0..60)
        .map(|n| format!("{}/{}/{n}", n % 3, n % 7))
        .collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "text")).collect();
    let project = Project::with(&[("0/0/0", "old"), ("1/old", "old")]);
    let writer = project.open().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            // Every thread brings every file, so that they meet.
            scope.spawn(|| {
                for (p, t) in &files {
                    writer.put(p, t.as_bytes()).unwrap();
                }
            });
        }
    });
    assert_eq!(writer.commit().unwrap().written, 60);
    assert_eq!(project.tree(), clean(&files));
}

#[cfg(unix)]
#[test]
fn everybody_may_read_the_files_of_a_build() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::with(&[("a/b", "1"), ("c", "1"), ("d", "1")]);
    project
        .build(&[("a/b", "1"), ("a/e", "1"), ("c", "2")])
        .unwrap();
    let mode = |path: &str| {
        fs::metadata(project.path(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    for (path, expected) in [
        ("", 0o755),
        ("a", 0o755),
        ("a/b", 0o644),
        ("a/e", 0o644),
        ("c", 0o644),
        (".afterword.json", 0o644),
    ] {
        assert_eq!(mode(path), expected, "{path}");
    }
    let _writer = project.open().unwrap();
    assert_eq!(mode(STAGE), 0o700);
}

/// Rows of which the number of readings is counted.
struct Rows(Cell<usize>);

impl Content for Rows {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.0.set(self.0.get() + 1);
        buffered(take, |out| {
            (0..20_000).try_for_each(|row| writeln!(out, "row {row}"))
        })
    }
}

#[test]
fn a_content_in_pieces_is_read_once_and_its_file_stays_if_it_is_the_same() {
    let project = Project::with(&[]);
    let put = || {
        let (writer, rows) = (project.open().unwrap(), Rows(Cell::new(0)));
        writer.put_content("rows.csv", &rows).unwrap();
        let mut pieces = Vec::new();
        let keep = &mut |piece: &[u8]| {
            pieces.push(piece.to_owned());
            Ok(())
        };
        let times = rows.0.get();
        rows.pieces(keep).unwrap();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.ends_with(b"\n")));
        (writer.commit().unwrap(), times, pieces.concat())
    };
    let (written, times, whole) = put();
    assert_eq!((written.written, times), (1, 1));
    assert_eq!(fs::read(project.path("rows.csv")).unwrap(), whole);
    let (written, times, _) = put();
    assert_eq!((written.unchanged, times), (1, 1));
    for other in [&whole[..whole.len() - 1], &[&whole[..], b"x"].concat()] {
        fs::write(project.path("rows.csv"), other).unwrap();
        let (written, times, _) = put();
        assert_eq!((written.written, times), (1, 1));
        assert_eq!(fs::read(project.path("rows.csv")).unwrap(), whole);
    }
}
