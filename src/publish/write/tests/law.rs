//! Tests that the last of several builds has the result of a clean build, whatever happened to the others.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::commit::perform;
use super::crash::impossible;
use super::*;

const PATHS: &[&str] = &[
    "a", "A", "b", "a/x", "a/y", "A/x", "b/x/y", "b/x/Y", "b/x", "c/d/e", "c/d", "c/f", "ab",
];

const OWN: (&str, &str) = ("own/note", "mine");

/// The end of a build, with the index of a step modulo their number.
#[derive(Clone, Debug)]
enum End {
    Commit,
    GivenUp,
    Killed(usize),
    Failed(usize),
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        2 => Just(End::Commit),
        1 => Just(End::GivenUp),
        3 => (0..40usize).prop_map(End::Killed),
        2 => (0..40usize).prop_map(End::Failed),
    ]
}

/// Some paths without conflicts, each with one of three texts.
fn files() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let file = (
        prop::sample::select(PATHS),
        prop::sample::select(&["1", "2", "33"][..]),
    );
    prop::collection::vec(file, 0..8).prop_map(|files| {
        let mut taken: Vec<(&str, &str)> = Vec::new();
        for (path, text) in files {
            if taken.iter().all(|(other, _)| are_compatible(path, other)) {
                taken.push((path, text));
            }
        }
        taken
    })
}

fn are_compatible(one: &str, other: &str) -> bool {
    let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    for (a, b) in parts(one).iter().zip(&parts(other)) {
        if a != b {
            return a.to_lowercase() != b.to_lowercase();
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(12),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_last_build_has_the_result_of_a_clean_build(
        builds in prop::collection::vec((files(), end()), 1..5),
        last in files(),
    ) {
        let project = Project::with(&[]);
        project.add(OWN.0, OWN.1);
        for (files, end) in &builds {
            let writer = project.staged(files).unwrap();
            let before = project.tree();
            match *end {
                End::Commit => {
                    writer.commit().unwrap();
                }
                End::GivenUp => drop(writer),
                End::Killed(at) => {
                    let mut steps = writer.plan().unwrap().0;
                    steps.truncate(at % (steps.len() + 1));
                    perform(&writer, steps).unwrap();
                    writer.die();
                }
                End::Failed(at) => {
                    let mut steps = writer.plan().unwrap().0;
                    steps.insert(at % (steps.len() + 1), impossible(&writer));
                    prop_assert!(perform(&writer, steps).is_err());
                    drop(writer);
                    let mut before = before;
                    before.retain(|path, _| !path.starts_with(".afterword-"));
                    prop_assert_eq!(project.tree(), before);
                }
            }
        }
        project.build(&last).unwrap();
        let mut expected = clean(&last);
        expected.insert(OWN.0.to_owned(), OWN.1.to_owned());
        prop_assert_eq!(project.tree(), expected);
    }
}
