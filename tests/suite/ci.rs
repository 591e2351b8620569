//! The files for CI systems: each is parsed, and its commands are run as the system would.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use saphyr::{LoadableYamlNode, Yaml};

use crate::site::{case, copy};

mod release;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(repository().join(path)).expect("the file is there")
}

/// Calls a function with the documents of a YAML file.
fn yaml<T>(path: &str, read: impl FnOnce(&[Yaml]) -> T) -> T {
    let text = text(path);
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    read(&documents)
}

fn list<'y>(node: &'y Yaml, key: &str) -> Vec<&'y Yaml<'y>> {
    let list = node.as_mapping_get(key).and_then(Yaml::as_vec);
    list.into_iter().flatten().collect()
}

fn string<'y>(node: &'y Yaml, key: &str) -> Option<&'y str> {
    node.as_mapping_get(key).and_then(Yaml::as_str)
}

/// The keys and texts of a mapping.
fn texts(node: &Yaml, key: &str) -> BTreeMap<String, String> {
    let mapping = node.as_mapping_get(key).and_then(Yaml::as_mapping);
    let entries = mapping.into_iter().flatten();
    let entries = entries
        .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value.as_str()?.to_owned())));
    entries.collect()
}

/// A machine that runs the commands of a CI system in a repository with an archive, with this program installed.
struct Runner {
    folder: tempfile::TempDir,
    path: Vec<PathBuf>,
}

impl Runner {
    fn new(archive: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        copy(
            case(archive).as_std_path(),
            &folder.path().join("repository/ops"),
        );
        let open = "title = \"Slow\"\nseverity = \"P3\"\nclassification = \"internal\"\n\n[[action_items]]\naction = \"Check\"\ndue = 2026-01-01\n";
        let file = folder
            .path()
            .join("repository/ops/incidents/INC-2026-0900.toml");
        fs::write(file, open).expect("writable");
        fs::create_dir(folder.path().join("repository/.git")).expect("writable");
        fs::create_dir(folder.path().join("temporary")).expect("writable");
        let program = Path::new(env!("CARGO_BIN_EXE_afterword"));
        let bin = program.parent().expect("a folder").to_path_buf();
        Self {
            folder,
            path: vec![bin],
        }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Runs a script in the repository.
    fn run(&self, shell: &[&str], script: &str, environment: &BTreeMap<String, String>) -> Output {
        let system = std::env::var("PATH").expect("a path");
        let path = self
            .path
            .iter()
            .map(|folder| folder.to_str().expect("UTF-8"));
        let path = path.chain([system.as_str()]).collect::<Vec<_>>().join(":");
        let mut command = Command::new(shell[0]);
        command
            .args(&shell[1..])
            .arg(script)
            .current_dir(self.at("repository"))
            .env_clear()
            .envs(environment)
            .env("PATH", path)
            .env("SOURCE_DATE_EPOCH", "1795239728");
        command.output().expect("a shell")
    }
}

fn all(output: &Output) -> String {
    let parts = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    parts.concat()
}

const BASH: &[&str] = &["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];

/// Runs the steps of the action, and returns the name and the output of each that has a command.
fn action(runner: &mut Runner, given: &[(&str, &str)]) -> Vec<(String, Output)> {
    yaml("action.yml", |documents| {
        let action = &documents[0];
        let declared = action["inputs"].as_mapping().expect("inputs");
        let mut inputs: BTreeMap<&str, &str> = declared
            .iter()
            .map(|(name, input)| {
                (
                    name.as_str().expect("a name"),
                    string(input, "default").unwrap_or_default(),
                )
            })
            .collect();
        for (name, value) in given {
            assert!(inputs.insert(name, value).is_some(), "no input `{name}`");
        }
        let value = |expression: &str| {
            let name = expression.strip_prefix("inputs.")?;
            inputs.get(name).map(|value| (*value).to_owned())
        };
        let holds = |condition: &str| {
            condition.split("&&").all(|part| match part.trim() {
                "!cancelled()" => true,
                part => {
                    let (left, right) = part.split_once(" == ").expect("a comparison");
                    value(left).expect("an input") == right.trim_matches('\'')
                }
            })
        };
        let mut ran = Vec::new();
        let mut failed = false;
        for step in list(&action["runs"], "steps") {
            let condition = string(step, "if").map(expression);
            let always = condition
                .as_deref()
                .is_some_and(|text| text.contains("!cancelled()"));
            if (failed && !always) || !condition.is_none_or(|condition| holds(&condition)) {
                continue;
            }
            let name = string(step, "name").expect("a name").to_owned();
            let Some(script) = string(step, "run") else {
                assert!(string(step, "uses").is_some(), "{name}");
                continue;
            };
            assert!(
                !script.contains("${{"),
                "{name}: an input in a script can be code"
            );
            let mut environment: BTreeMap<String, String> = texts(step, "env")
                .into_iter()
                .map(|(key, text)| (key, value(&expression(&text)).unwrap_or_default()))
                .collect();
            for (key, path) in [
                ("GITHUB_PATH", "temporary/path"),
                ("GITHUB_STEP_SUMMARY", "temporary/summary"),
                ("RUNNER_TEMP", "temporary"),
            ] {
                environment.insert(
                    key.to_owned(),
                    runner.at(path).to_str().expect("UTF-8").to_owned(),
                );
            }
            let here = repository().to_str().expect("UTF-8");
            environment.insert("GITHUB_ACTION_PATH".to_owned(), here.to_owned());
            let output = runner.run(BASH, script, &environment);
            failed |= !output.status.success();
            let added = fs::read_to_string(runner.at("temporary/path")).unwrap_or_default();
            runner.path.splice(0..0, added.lines().map(PathBuf::from));
            ran.push((name, output));
        }
        ran
    })
}

/// Returns the expression inside `${{ … }}`.
fn expression(text: &str) -> String {
    let inner = text
        .trim()
        .strip_prefix("${{")
        .and_then(|text| text.strip_suffix("}}"));
    inner.unwrap_or(text).trim().to_owned()
}

const INPUTS: &[(&str, &str)] = &[
    ("directory", "ops"),
    ("binary", env!("CARGO_BIN_EXE_afterword")),
];

#[test]
fn the_action_checks_lists_and_builds() {
    let mut runner = Runner::new("every-key");
    let steps = action(&mut runner, INPUTS);
    let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Install", "Check", "Summary", "Build"]);
    for (name, output) in &steps {
        assert!(output.status.success(), "{name}: {}", all(output));
    }
    let check = all(&steps[1].1);
    assert!(check.contains("file=ops/incidents/"), "{check}");
    let summary = fs::read_to_string(runner.at("temporary/summary")).expect("a summary");
    assert!(
        summary.contains("## Open action items")
            && summary.matches("INC-2026-0900-A1").count() == 2,
        "{summary}"
    );
    assert!(runner.at("repository/_site/index.html").is_file());
}

#[test]
fn an_error_fails_the_action_and_the_summary_is_still_written() {
    let mut runner = Runner::new("every-key");
    fs::write(
        runner.at("repository/ops/incidents/INC-2030-0001.toml"),
        "titel = 1\n",
    )
    .expect("writable");
    let steps = action(&mut runner, INPUTS);
    let ends: Vec<(&str, bool)> = steps
        .iter()
        .map(|(name, output)| (name.as_str(), output.status.success()))
        .collect();
    assert_eq!(
        ends,
        [("Install", true), ("Check", false), ("Summary", true)]
    );
    assert!(all(&steps[1].1).contains("::error file=ops/incidents/INC-2030-0001.toml"));
    let summary = fs::read_to_string(runner.at("temporary/summary")).expect("a summary");
    assert!(summary.contains("incomplete: some incidents"), "{summary}");
    let denied = [INPUTS, &[("deny-warnings", "true")]].concat();
    let steps = action(&mut Runner::new("every-key"), &denied);
    assert!(!steps[1].1.status.success());
}

#[test]
fn an_overdue_item_fails_the_action_after_the_site_is_uploaded() {
    let overdue = [INPUTS, &[("overdue", "true"), ("upload", "true")]].concat();
    let mut runner = Runner::new("every-key");
    let steps = action(&mut runner, &overdue);
    let (name, output) = steps.last().expect("a step");
    assert_eq!(
        (name.as_str(), output.status.code()),
        ("Overdue action items", Some(1))
    );
    assert!(runner.at("repository/_site/index.html").is_file());
    let text = text("action.yml");
    assert!(text.find("upload-pages-artifact") < text.find("--overdue --fail"));
}

#[test]
fn the_component_for_gitlab_checks_and_builds() {
    let runner = Runner::new("every-key");
    yaml("templates/afterword/template.yml", |documents| {
        let [head, jobs] = documents else {
            panic!("an interface and its jobs");
        };
        let declared = head["spec"]["inputs"].as_mapping().expect("inputs");
        let value = |name: &str| match name {
            "archive" => "ops".to_owned(),
            "audience" => "internal".to_owned(),
            "image" => "an-image".to_owned(),
            _ => String::new(),
        };
        let mut artifacts = Vec::new();
        for (name, job) in jobs.as_mapping().expect("jobs") {
            let name = name.as_str().expect("a name");
            for line in list(job, "script") {
                let mut line = line.as_str().expect("a command").to_owned();
                for (input, _) in declared {
                    let input = input.as_str().expect("a name");
                    line = line.replace(&format!("$[[ inputs.{input} ]]"), &value(input));
                }
                assert!(!line.contains("$[["), "{name}: {line}");
                let output = runner.run(&["sh", "-c"], &line, &BTreeMap::new());
                // An overdue item fails its job on purpose.
                let is_expected = output.status.success() || name == "afterword-overdue";
                assert!(is_expected, "{name}: {line}: {}", all(&output));
            }
            let Some(kept) = job.as_mapping_get("artifacts") else {
                continue;
            };
            artifacts.extend(texts(kept, "reports").into_values());
            artifacts.extend(
                list(kept, "paths")
                    .into_iter()
                    .filter_map(Yaml::as_str)
                    .map(str::to_owned),
            );
        }
        assert_eq!(artifacts.len(), 3, "{artifacts:?}");
        for artifact in artifacts {
            let path = runner.at("repository").join(&artifact);
            assert!(path.exists(), "{artifact}");
            if path.extension().is_some_and(|end| end == "json") {
                let report = fs::read_to_string(path).expect("readable");
                let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
                let file = report[0]["location"]["path"].as_str().expect("a path");
                assert!(file.starts_with("ops/"), "{file}");
            }
        }
    });
}

#[test]
fn the_hooks_run_for_every_commit() {
    yaml(".pre-commit-hooks.yaml", |documents| {
        let hooks = documents[0].as_vec().expect("a list");
        assert_eq!(hooks.len(), 2);
        for hook in hooks {
            // A commit that only deletes has no files to match.
            assert_eq!(hook["always_run"].as_bool(), Some(true));
            assert_eq!(hook["pass_filenames"].as_bool(), Some(false));
            assert!(string(hook, "files").is_none());
            let runner = Runner::new("every-key");
            let entry = format!("cd ops && {}", string(hook, "entry").expect("a command"));
            let output = runner.run(BASH, &entry, &BTreeMap::new());
            assert!(output.status.success(), "{}", all(&output));
            fs::write(
                runner.at("repository/ops/incidents/INC-2030-0001.toml"),
                "titel = 1\n",
            )
            .expect("writable");
            assert!(!runner.run(BASH, &entry, &BTreeMap::new()).status.success());
        }
    });
}

/// What git does to the line ends of a clone must not change the site.
#[test]
fn a_committed_site_is_current_in_every_clone() {
    let runner = Runner::new("every-key");
    let script = "export HOME=$PWD GIT_CONFIG_NOSYSTEM=1
git config --global user.name a && git config --global user.email a@example.com
afterword init --sample archive && cd archive
git init -q && afterword build && afterword build --check
git add -A && git commit -qm a
for crlf in true input false; do
  git -c core.autocrlf=$crlf clone -q . ../clone-$crlf
  (cd ../clone-$crlf && afterword build --check)
done";
    let output = runner.run(BASH, script, &BTreeMap::new());
    assert!(output.status.success(), "{}", all(&output));
}

#[test]
fn the_script_for_other_servers_publishes_what_it_scanned() {
    let runner = Runner::new("every-key");
    let script = repository().join("ci/publish");
    let run = |more: &[(&str, &str)]| {
        let environment = [("ARCHIVE", "ops"), ("OUT", "out")].iter().chain(more);
        let environment = environment.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        runner.run(
            &["sh"],
            script.to_str().expect("UTF-8"),
            &environment.collect(),
        )
    };
    let output = run(&[]);
    assert!(output.status.success(), "{}", all(&output));
    assert!(runner.at("repository/out/index.html").is_file());
    fs::write(
        runner.at("repository/ops/incidents/INC-2030-0001.toml"),
        "titel = 1\n",
    )
    .expect("writable");
    assert!(!run(&[]).status.success());
}
