//! Tests builds that are killed or fail.

use super::commit::{Part, Step, perform, undo};
use super::*;

/// An old site and a new one, between which every kind of step occurs.
const CHANGES: &[(Files, Files)] = &[
    (&[], &[("a", "2"), ("b/c/d", "2"), ("b/e", "2")]),
    (
        &[
            ("same", "1"),
            ("changed", "1"),
            ("gone", "1"),
            ("x/y/z", "1"),
        ],
        &[
            ("same", "1"),
            ("changed", "2"),
            ("new", "2"),
            ("n/e/w", "2"),
        ],
    ),
    (
        &[("a", "1"), ("b/c", "1"), ("b/d", "1")],
        &[("a/x/y", "2"), ("b", "2")],
    ),
    (
        &[("a/b", "1"), ("c", "1")],
        &[("A/b", "2"), ("C", "1"), ("a2", "2")],
    ),
    (&[("a/b/c", "1"), ("a/d/e", "1"), ("f", "1")], &[]),
];

/// The files of someone else in the output.
const OWN: &[(&str, &str)] = &[("CNAME", "mine"), ("own/folder/x", "mine")];

/// Returns a step that fails, because nothing is staged for it.
pub(super) fn impossible(writer: &Writer) -> Step {
    let file = locked(&writer.names).claim("never", None).unwrap();
    Step::Place(Part { file, length: 5 })
}

/// Builds `old`, adds somebody's files, and stages `new`.
fn between(old: Files, new: Files) -> (Project, Writer, Vec<Step>) {
    let project = Project::with(old);
    for (path, text) in OWN {
        project.add(path, text);
    }
    let writer = project.staged(new).unwrap();
    let steps = writer.plan().unwrap().0;
    (project, writer, steps)
}

fn steps_of(old: Files, new: Files) -> usize {
    between(old, new).2.len()
}

fn expected(new: Files) -> Tree {
    let own = OWN
        .iter()
        .map(|(path, text)| (path.to_string(), text.to_string()));
    clean(new).into_iter().chain(own).collect()
}

/// Asserts that each file of the site is complete: an old one or a new one.
fn assert_complete(tree: &Tree, old: Files, new: Files) {
    for (path, text) in tree
        .iter()
        .filter(|(path, _)| !path.starts_with(".afterword"))
    {
        let mut known = old.iter().chain(new).chain(OWN);
        let is_complete = known.any(|(p, t)| p == path && t == text);
        assert!(is_complete || path.ends_with('/'), "{path}: {text}");
    }
}

#[test]
fn after_a_kill_at_any_step_files_are_complete_and_the_next_build_completes() {
    for &(old, new) in CHANGES {
        let expected = expected(new);
        for count in 0..=steps_of(old, new) {
            let (project, writer, mut steps) = between(old, new);
            steps.truncate(count);
            perform(&writer, steps).unwrap();
            writer.die();
            assert_complete(&project.tree(), old, new);
            // A failed build in between forgets nothing.
            drop(project.staged(&[("x", "3")]).unwrap());
            assert_complete(&project.tree(), old, new);
            project.build(new).unwrap();
            assert_eq!(
                project.tree(),
                expected,
                "{old:?} {new:?} killed after {count}"
            );
        }
    }
}

#[test]
fn after_a_kill_at_any_step_a_build_of_another_site_completes() {
    for &(old, new) in CHANGES {
        let expected = expected(old);
        for count in 0..=steps_of(old, new) {
            let (project, writer, mut steps) = between(old, new);
            steps.truncate(count);
            perform(&writer, steps).unwrap();
            writer.die();
            project.build(old).unwrap();
            assert_eq!(
                project.tree(),
                expected,
                "{old:?} {new:?} killed after {count}"
            );
        }
    }
}

#[test]
fn after_a_failure_at_any_step_the_old_site_is_as_it_was() {
    for &(old, new) in CHANGES {
        let before = expected(old);
        for count in 0..=steps_of(old, new) {
            let (project, writer, mut steps) = between(old, new);
            steps.insert(count, impossible(&writer));
            let message = perform(&writer, steps).unwrap_err().to_string();
            assert!(
                message.contains("cannot write `") && message.contains("site/never`"),
                "{message}"
            );
            drop(writer);
            assert_eq!(project.tree(), before, "{old:?} {new:?} failed at {count}");
        }
    }
}

#[test]
fn a_kill_before_the_commit_leaves_the_old_site() {
    let (old, new): (Files, Files) = (&[("a", "1")], &[("a", "2"), ("b", "2"), ("c/d", "2")]);
    for count in 0..=new.len() {
        let project = Project::with(old);
        project.staged(&new[..count]).unwrap().die();
        assert_complete(&project.tree(), old, &[]);
        project.build(new).unwrap();
        assert_eq!(project.tree(), clean(new));
    }
}

#[test]
fn a_kill_in_a_first_build_leaves_a_folder_that_is_still_ours() {
    for audience in ["public", "internal"] {
        let project = Project::new();
        project.staged(&[("a", "1")]).unwrap().die();
        // Nothing of the killed build can be seen, so any audience may take the folder.
        project
            .open_for(audience, &project.out())
            .unwrap()
            .commit()
            .unwrap();
        assert_eq!(project.tree().len(), 1);
    }
}

#[test]
fn after_a_kill_at_any_step_of_a_first_build_the_next_one_completes() {
    let (first, next): (Files, Files) = (&[("a", "1"), ("b/c", "1")], &[("b/d", "2")]);
    for count in 0.. {
        let project = Project::new();
        let writer = project.staged(first).unwrap();
        let mut steps = writer.plan().unwrap().0;
        if count > steps.len() {
            break;
        }
        steps.truncate(count);
        perform(&writer, steps).unwrap();
        writer.die();
        drop(project.staged(next).unwrap());
        project.build(next).unwrap();
        assert_eq!(project.tree(), clean(next), "killed after {count}");
    }
}

#[test]
fn a_folder_that_somebody_removes_meanwhile_is_created_and_removed_after_a_failure() {
    for fails in [false, true] {
        let project = Project::with(&[]);
        let before = project.tree();
        fs::create_dir(project.path("x")).unwrap();
        let new: Files = &[("x/y", "2")];
        let writer = project.staged(new).unwrap();
        fs::remove_dir(project.path("x")).unwrap();
        let (mut steps, _) = writer.plan().unwrap();
        if fails {
            steps.push(impossible(&writer));
        }
        assert_eq!(perform(&writer, steps).is_err(), fails);
        drop(writer);
        assert_eq!(project.tree(), if fails { before } else { clean(new) });
    }
}

#[test]
fn the_site_of_a_killed_build_is_refused_to_another_audience() {
    let project = Project::new();
    let writer = project.staged(&[("a", "1"), ("b", "1")]).unwrap();
    let mut steps = writer.plan().unwrap().0;
    steps.pop();
    perform(&writer, steps).unwrap();
    writer.die();
    let message = project
        .open_for("internal", &project.out())
        .err()
        .unwrap()
        .to_string();
    assert!(
        message.contains("holds the `public` site; build `internal` into"),
        "{message}"
    );
    project.build(&[("a", "1")]).unwrap();
    assert_eq!(project.tree(), clean(&[("a", "1")]));
}

#[test]
fn half_a_list_that_a_kill_left_in_the_stage_counts_for_nothing() {
    let files: Files = &[("a", "1"), ("b", "2")];
    let (project, writer, mut steps) = between(&[("a", "1")], files);
    steps.pop();
    perform(&writer, steps).unwrap();
    writer.die();
    for name in ["announced", "published", "0", "17"] {
        fs::write(project.path(STAGE).join(name), "{\"for").unwrap();
    }
    project.build(files).unwrap();
    assert_eq!(project.tree(), expected(files));
}

#[test]
fn a_folder_that_somebody_creates_meanwhile_stops_the_commit_and_is_left_alone() {
    let project = Project::with(&[("a", "1"), ("gone/x", "1")]);
    let mut before = project.tree();
    let writer = project
        .staged(&[("a", "2"), ("b", "2"), ("c/d", "2")])
        .unwrap();
    project.add("c/own", "mine");
    let message = writer.commit().unwrap_err().to_string();
    assert!(
        message.contains("site/c/own` was not created by a build"),
        "{message}"
    );
    before.insert("c/own".to_owned(), "mine".to_owned());
    assert_eq!(project.tree(), before);
}

#[test]
fn what_cannot_be_restored_is_named_and_stays_listed_until_the_next_build() {
    let new: Files = &[("a", "2"), ("b/c", "2"), ("d", "2")];
    let (project, writer, steps) = between(&[("d", "1")], new);
    let done = steps.into_iter();
    let done: Vec<Step> = done.filter(|step| step.perform(&writer).unwrap()).collect();
    // Moving `b` back fails; everything else is restored, except the manifest.
    fs::remove_dir_all(project.path("b")).unwrap();
    let cause = WriteError::io("write", Utf8Path::new("site/x"))(io::Error::other("full"));
    let message = undo(&writer, done, cause).to_string();
    for part in [
        "cannot write `site/x`: full; cannot restore `",
        "site/b`: ",
        "; build again to complete the site",
    ] {
        assert!(message.contains(part), "{message}");
    }
    drop(writer);
    assert!(!project.path("a").exists());
    assert_eq!(project.tree()["d"], "1");
    for path in ["a", "b/c", "d"] {
        assert!(
            project.open().unwrap().previous().find(path).is_some(),
            "{path}"
        );
    }
    project.build(&[("a", "3")]).unwrap();
    assert_eq!(project.tree(), expected(&[("a", "3")]));
}
