//! Tests that a build rejects what it must not touch, by name and without a change.

use super::*;

#[test]
fn a_folder_that_cannot_be_the_output_is_refused() {
    let project = Project::new();
    for folder in ["full", "empty", "incidents/deep"] {
        fs::create_dir(project.root.join(folder)).unwrap();
    }
    for file in ["full/note.txt", "a-file"] {
        fs::write(project.root.join(file), "mine").unwrap();
    }
    for (out, part) in [
        (
            ".",
            "is or contains the archive's own folder; choose a folder inside it, such as `site`",
        ),
        ("..", "is or contains the archive's own folder"),
        ("full/..", "is or contains the archive's own folder"),
        ("incidents", "overlaps the input `"),
        ("incidents/", "incidents`; choose a separate folder"),
        (
            "./empty/../incidents/.",
            "incidents`; choose a separate folder",
        ),
        ("incidents/deep", "incidents`; choose a separate folder"),
        ("incidents/new/site", "incidents`; choose a separate folder"),
        ("timelines", "timelines`; choose a separate folder"),
        ("timelines/site", "timelines`; choose a separate folder"),
        ("a-file", "is not a folder; name a folder"),
        ("a-file/", "is not a folder; name a folder"),
        ("a-file/site", "a-file/site`"),
        (
            "missing/../site",
            "has `..` after a folder that does not exist",
        ),
        (
            "full",
            "is not empty and was not created by a build; move its files away or choose another",
        ),
    ] {
        project.refuses(part, |p| p.open_for("public", &p.root.join(out)));
    }
    project
        .open_for("public", &project.root.join("empty"))
        .unwrap();
}

#[cfg(unix)]
#[test]
fn a_link_to_the_output_is_refused_and_one_on_the_way_counts_as_its_target() {
    use std::os::unix::fs::symlink;
    let project = Project::with(&[("a", "1")]);
    let at = |path: &str| project.root.join(path);
    symlink(at("site"), at("link")).unwrap();
    symlink(at("nowhere"), at("broken")).unwrap();
    symlink(at("incidents"), at("door")).unwrap();
    symlink(at("."), at("self")).unwrap();
    for (out, part) in [
        ("link", "is a symbolic link; name the folder it points to"),
        ("link/", "is a symbolic link"),
        ("broken", "is a symbolic link"),
        ("broken/site", "broken"),
        ("door/site", "overlaps the input"),
        ("self/incidents", "overlaps the input"),
    ] {
        project.refuses(part, |p| p.open_for("public", &p.root.join(out)));
    }
    project.open_for("public", &at("self/site")).unwrap();
}

#[test]
fn the_site_of_another_audience_is_refused() {
    let project = Project::with(&[("a", "1")]);
    project.refuses(
        "holds the `public` site; build `internal` into another folder",
        |p| p.open_for("internal", &p.out()),
    );
}

#[test]
fn a_folder_inside_the_site_of_another_audience_is_refused() {
    let project = Project::with(&[("a", "1")]);
    for inside in ["internal", "a-folder/deep", "x/../internal"] {
        let out = project.out().join(inside);
        fs::create_dir_all(project.out().join("x")).unwrap();
        project.refuses(
            "`, which holds the `public` site; choose a folder outside it",
            |p| p.open_for("internal", &out),
        );
    }
    project
        .open_for("internal", &project.root.join("other"))
        .unwrap();
    // A site around another one is refused because its folder is not empty.
    let nested = Project::new();
    let writer = nested
        .open_for("internal", &nested.out().join("internal"))
        .unwrap();
    writer.commit().unwrap();
    nested.refuses("is not empty and was not created by a build", Project::open);
}

#[test]
fn a_damaged_or_newer_list_is_refused() {
    let project = Project::with(&[("a", "1")]);
    for (list, part) in [
        ("<<<<<<< HEAD", ".afterword.json` is damaged: "),
        ("{\"format\": 2}", ".afterword.json` has format 2"),
        (
            "{\"format\":1,\"audience\":\"public\",\"files\":[\"../x\"]}",
            "it lists `../x`",
        ),
    ] {
        fs::write(project.path(".afterword.json"), list).unwrap();
        project.refuses(part, |p| p.build(&[]));
    }
}

#[test]
fn a_name_that_cannot_be_published_is_refused() {
    let project = Project::with(&[("a", "1")]);
    for path in [
        "",
        "/x",
        "../x",
        "x/../y",
        "x//y",
        "x\\y",
        ".afterword.json",
        "x\ny",
    ] {
        project.refuses("cannot publish `", |p| p.build(&[("a", "2"), (path, "1")]));
    }
}

#[test]
fn two_files_that_cannot_both_stand_are_refused_in_either_order() {
    let project = Project::with(&[("old", "1")]);
    for (one, other, part) in [
        (
            "x/A.html",
            "x/a.html",
            "x/A.html` and `x/a.html` differ only in case; rename one",
        ),
        ("É", "é", "`É` and `é` differ only in case"),
        ("X/a", "x/b", "`X` and `x` differ only in case"),
        ("x/Y/a", "x/y/b", "`x/Y` and `x/y` differ only in case"),
        (
            "x",
            "x/y",
            "`x` is both a file and a folder of the site; rename one",
        ),
        ("x", "x/y/z", "`x` is both a file"),
        ("x", "X/y", "`x` is both a file"),
    ] {
        project.refuses(part, |p| p.build(&[(one, "1"), (other, "1")]));
        project.refuses(part, |p| p.build(&[(other, "1"), (one, "1")]));
    }
}

#[test]
fn one_file_with_two_contents_is_refused() {
    let project = Project::with(&[("same", "1"), ("changed", "1")]);
    for path in ["same", "changed", "new", "new/folder"] {
        let part = format!("`{path}` was generated twice with different content");
        for texts in [["1", "2"], ["2", "1"], ["2", "22"], ["22", "2"], ["", "1"]] {
            project.refuses(&part, |p| p.build(&[(path, texts[0]), (path, texts[1])]));
        }
    }
}

#[test]
fn files_of_others_are_not_overwritten() {
    let project = Project::with(&[("a", "1"), ("f/g", "1")]);
    project.add("b", "mine");
    project.add("c/d", "mine");
    project.add("f/own/x", "mine");
    fs::create_dir(project.path("e")).unwrap();
    for (path, named) in [
        ("b", "b"),
        ("b/x", "b"),
        ("c/d", "c/d"),
        ("c", "c/d"),
        ("e", "e"),
        // A file is to replace it, but it contains someone else's folder.
        ("f", "f/own"),
    ] {
        let part = format!("{named}` was not created by a build; move it away");
        project.refuses(&part, |p| p.build(&[("a", "2"), (path, "x")]));
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_output_is_not_followed() {
    use std::os::unix::fs::symlink;
    let project = Project::with(&[("a", "1"), ("b/c", "1"), ("d/e", "1")]);
    project.add("../secret/c", "theirs");
    let replace = |path: &str, target: &str| {
        let path = project.path(path);
        let _ = fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path));
        symlink(project.root.join(target), &path).unwrap();
    };
    replace("a", "secret/c");
    replace("b", "secret");
    replace("new", "nowhere");
    for (files, named) in [
        (&[("a", "x")][..], "a"),
        (&[("b/c", "x")], "b"),
        (&[("b/new/x", "x")], "b"),
        (&[("new", "x")], "new"),
        (&[("new/x", "x")], "new"),
        // Neither for a file that goes away.
        (&[("d/e", "1")], "a"),
    ] {
        let part = format!("{named}` is a symbolic link, which a build does not follow");
        project.refuses(&part, |p| p.build(files));
    }
    project.refuses("is a symbolic link", |p| p.open()?.keep("b/c"));
    fs::remove_file(project.path("a")).unwrap();
    project.refuses("site/b` is a symbolic link", |p| {
        p.build(&[("a", "1"), ("d/e", "1")])
    });
}

#[cfg(unix)]
#[test]
fn the_writers_own_names_are_no_way_out_of_the_output() {
    use std::os::unix::fs::symlink;
    for name in [".afterword.json", ".afterword-stage", ".afterword-lock"] {
        let project = Project::with(&[("a", "1")]);
        let path = project.path(name);
        let _ = fs::remove_file(&path);
        symlink(project.root.join("elsewhere"), &path).unwrap();
        project.refuses(&format!("{name}` is a symbolic link"), |p| {
            p.build(&[("a", "2")])
        });
    }
}

#[cfg(unix)]
#[test]
fn what_is_neither_file_nor_folder_is_refused() {
    let project = Project::with(&[("a", "1")]);
    fs::remove_file(project.path("a")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(project.path("a")).unwrap();
    project.refuses("a` was not created by a build", |p| p.build(&[("a", "2")]));
    project.refuses("a` was not created by a build", |p| {
        p.build(&[("a/b", "2")])
    });
}

#[test]
fn a_missing_foreign_or_generated_file_cannot_be_kept() {
    let project = Project::with(&[("a", "1"), ("gone", "1")]);
    project.add("own", "mine");
    fs::remove_file(project.path("gone")).unwrap();
    for path in ["never", "gone", "own", "a/b"] {
        project.refuses("is not a file of the last build", |p| p.open()?.keep(path));
    }
    for order in [["put", "keep"], ["keep", "put"]] {
        project.refuses("`a` was generated twice", |p| {
            let writer = p.open()?;
            for step in order {
                match step {
                    "put" => drop(writer.put("a", b"2")?),
                    _ => writer.keep("a")?,
                }
            }
            Ok(())
        });
    }
}

#[test]
fn a_site_that_lacks_a_file_is_not_committed() {
    let project = Project::with(&[("a", "1")]);
    project.refuses("the site lacks `a/../b`, which failed", |p| {
        let writer = p.staged(&[("a", "2")])?;
        assert!(writer.put("z/../b", b"").is_err());
        assert!(writer.put("a/../b", b"").is_err());
        writer.commit()
    });
}

#[test]
fn a_second_build_at_once_is_refused_and_the_first_goes_on() {
    let project = Project::new();
    for files in [&[("a", "1")][..], &[("a", "2")]] {
        let first = project.staged(files).unwrap();
        project.refuses("another build is writing to `", Project::open);
        first.commit().unwrap();
        assert_eq!(project.tree(), clean(files));
    }
}

#[test]
fn many_builds_at_once_never_spoil_the_site() {
    let project = Project::new();
    let sites: [Files; 2] = [&[("a/b", "1"), ("c", "1")], &[("a/d", "2"), ("c", "2")]];
    std::thread::scope(|scope| {
        for site in sites {
            let project = &project;
            scope.spawn(move || {
                for _ in 0..40 {
                    match project.build(site) {
                        Ok(_) | Err(WriteError::Busy(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            });
        }
    });
    project.build(sites[0]).unwrap();
    assert_eq!(project.tree(), clean(sites[0]));
}
