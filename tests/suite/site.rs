//! The guarantees of a build: reproducible bytes, no partial output, no foreign files touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use afterword::audience::Audience;
use afterword::audit::Audit;
use afterword::cache::Cache;
use afterword::load;
use afterword::progress::Progress;
use afterword::publish::write::{self, OutputSpec};
use afterword::publish::{self, Earlier, Incidents, Lists, Site};
use camino::{Utf8Path, Utf8PathBuf};

pub fn case(name: &str) -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name)
}

pub fn afterword(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterword"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied());
    command.output().expect("the program runs")
}

/// Returns the files of a folder with their bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .expect("below")
                    .to_string_lossy()
                    .replace('\\', "/");
                found.insert(name, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

pub fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, bytes).expect("writable");
    }
}

/// Writes a file of a folder, and the folders above it.
pub fn write(folder: impl AsRef<Path>, path: &str, text: impl AsRef<[u8]>) {
    let path = folder.as_ref().join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    fs::write(path, text).expect("writable");
}

/// Returns a new folder with these files.
pub fn archive(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        write(folder.path(), path, text);
    }
    folder
}

/// Builds the site of an archive for an audience, and returns its files.
pub fn built(work: &tempfile::TempDir, readers: &str) -> BTreeMap<String, Vec<u8>> {
    let out = work.path().join(format!("out-{readers}"));
    let folder = work.path().to_str().expect("UTF-8");
    let out_path = out.to_str().expect("UTF-8");
    let arguments = ["build", folder, "--audience", readers, "--out", out_path];
    let output = afterword(&arguments, &[]);
    assert!(output.status.success(), "{}", said(&output));
    files(&out)
}

/// Returns a file of a site as text.
pub fn text(site: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    let bytes = site.get(path).unwrap_or_else(|| panic!("{path}"));
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command in an archive, and returns all that it printed.
pub fn printed(work: &tempfile::TempDir, arguments: &[&str]) -> String {
    let folder = work.path().to_str().expect("UTF-8");
    let output = afterword(&[&["-C", folder], arguments].concat(), &[]);
    said(&output) + &String::from_utf8_lossy(&output.stdout)
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn builds_are_reproducible_in_any_environment() {
    let work = tempfile::tempdir().expect("a folder");
    let elsewhere = work.path().join("a much longer name of a folder");
    copy(case("every-key").as_std_path(), &elsewhere);
    let environments: [&[(&str, &str)]; 4] = [
        &[("RAYON_NUM_THREADS", "1")],
        &[("RAYON_NUM_THREADS", "2"), ("TZ", "Asia/Tokyo")],
        &[
            ("RAYON_NUM_THREADS", "7"),
            ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
        ],
        &[("HOME", ""), ("PATH", ""), ("TZ", "America/New_York")],
    ];
    let mut sites = Vec::new();
    for (number, environment) in environments.iter().enumerate() {
        let out = work.path().join(format!("out-{number}"));
        let from = if number % 2 == 0 {
            case("every-key").into_std_path_buf()
        } else {
            elsewhere.clone()
        };
        let built = afterword(
            &[
                "build",
                &from.to_string_lossy(),
                "--out",
                &out.to_string_lossy(),
            ],
            environment,
        );
        assert!(built.status.success(), "{}", said(&built));
        sites.push(files(&out));
    }
    for site in &sites[1..] {
        assert_eq!(
            site.keys().collect::<Vec<_>>(),
            sites[0].keys().collect::<Vec<_>>()
        );
        assert!(*site == sites[0], "two builds differ");
    }
}

#[test]
fn a_failing_build_leaves_the_old_site_and_a_foreign_file_survives() {
    let work = tempfile::tempdir().expect("a folder");
    let (archive, out) = (work.path().join("archive"), work.path().join("site"));
    copy(case("clean").as_std_path(), &archive);
    let build = |more: &[&str]| {
        let mut arguments = vec![
            "build",
            archive.to_str().expect("UTF-8"),
            "--out",
            out.to_str().expect("UTF-8"),
        ];
        arguments.extend(more);
        afterword(&arguments, &[])
    };
    assert!(build(&[]).status.success());
    fs::write(out.join("CNAME"), "incidents.example.com\n").expect("writable");
    let before = files(&out);
    let broken = archive.join("incidents/INC-2025-0002.toml");
    fs::write(
        &broken,
        "title = \"Another\"\nclasification = \"internal\"\n",
    )
    .expect("writable");
    let failed = build(&[]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        said(&failed).contains("incidents/INC-2025-0002.toml:2:1"),
        "{}",
        said(&failed)
    );
    assert!(
        said(&failed).contains("did you mean `classification`"),
        "{}",
        said(&failed)
    );
    assert!(files(&out) == before, "a failed build changed the site");
    let kept = build(&["--keep-going"]);
    assert_eq!(kept.status.code(), Some(1), "{}", said(&kept));
    assert!(files(&out) == before);
    fs::remove_file(&broken).expect("removable");
    fs::remove_file(archive.join("incidents/INC-2025-0001.toml")).expect("removable");
    assert!(build(&[]).status.success());
    let after = files(&out);
    assert!(
        !after.contains_key("incidents/INC-2025-0001.html"),
        "a removed incident stays published"
    );
    assert!(after.contains_key("CNAME"));
}

#[test]
fn an_incident_with_errors_keeps_its_stale_pages() {
    let work = tempfile::tempdir().expect("a folder");
    let (archive, out) = (work.path().join("archive"), work.path().join("site"));
    copy(case("clean").as_std_path(), &archive);
    let arguments = [
        "build",
        archive.to_str().expect("UTF-8"),
        "--out",
        out.to_str().expect("UTF-8"),
        "--keep-going",
    ];
    assert!(afterword(&arguments, &[]).status.success());
    let old = files(&out);
    fs::write(archive.join("incidents/INC-2025-0001.toml"), "title = 1\n").expect("writable");
    fs::write(
        archive.join("incidents/INC-2025-0003.toml"),
        "title = \"New\"\nclassification = \"internal\"\n",
    )
    .expect("writable");
    let built = afterword(&arguments, &[]);
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    let new = files(&out);
    assert_eq!(
        new.get("incidents/INC-2025-0001.html"),
        old.get("incidents/INC-2025-0001.html")
    );
    assert!(new.contains_key("incidents/INC-2025-0003.html"));
}

#[test]
fn the_index_lists_stale_pages_only_to_their_audience() {
    let work = tempfile::tempdir().expect("a folder");
    for (number, (broken, audience, named)) in [
        ("title = 1\n", "internal", true),
        (
            "title = 1\nclassification = \"confidential\"\n",
            "internal",
            false,
        ),
        ("title = 1\n", "public", false),
        ("title = 1\n", "confidential", true),
    ]
    .into_iter()
    .enumerate()
    {
        let archive = work.path().join(format!("archive-{number}"));
        let out = work.path().join(format!("site-{number}"));
        copy(case("clean").as_std_path(), &archive);
        let incident = archive.join("incidents/INC-2025-0001.toml");
        let new = archive.join("incidents/INC-2025-0002.toml");
        let whole = format!(
            "title = \"Slow\"\nclassification = \"{audience}\"\n[public]\ntitle = \"Slow\"\nsummary = \"It was.\"\n"
        );
        fs::write(&incident, whole).expect("writable");
        let archive = archive.to_str().expect("UTF-8");
        let out_text = out.to_str().expect("UTF-8");
        let arguments = [
            "build",
            archive,
            "--out",
            out_text,
            "--keep-going",
            "--audience",
            audience,
        ];
        let built = afterword(&arguments, &[]);
        assert!(built.status.success(), "{}", said(&built));
        fs::write(&incident, broken).expect("writable");
        fs::write(&new, "title = 2\n").expect("writable");
        assert_eq!(afterword(&arguments, &[]).status.code(), Some(1));
        let site = files(&out);
        for (page, link) in [("index.html", ".html\""), ("index.md", ".md)")] {
            let text = String::from_utf8_lossy(&site[page]).into_owned();
            let link = format!("incidents/INC-2025-0001{link}");
            assert_eq!(text.contains(&link), named, "{number}: {text}");
            assert_eq!(text.contains("Not Updated"), named, "{number}: {text}");
            assert!(!text.contains("INC-2025-0002"), "it never had a page");
        }
    }
}

/// Creates and builds an internal archive of two incidents, of which the first refers to the second.
fn archive_with_site() -> (
    tempfile::TempDir,
    impl Fn(&str, &str) -> BTreeMap<String, Vec<u8>>,
) {
    let work = tempfile::tempdir().expect("a folder");
    let root = work.path().to_path_buf();
    let build = move |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
        let folder = root.to_str().expect("UTF-8");
        afterword(&["build", folder, "--keep-going"], &[]);
        files(&root.join("site"))
    };
    build("incidents/INC-2026-0002.toml", SECOND);
    build("incidents/INC-2026-0001.toml", FIRST);
    let site = build("timelines/INC-2026-0001.json", TIMELINE);
    assert!(site.contains_key(PAGE));
    (work, build)
}

const PAGE: &str = "incidents/INC-2026-0001.html";

const FIRST: &str = "title = \"Pages late\"\nclassification = \"internal\"\ntags = [\"dns\"]\n\
    [analysis]\nincidents = [\"INC-2026-0002\"]\n";

const SECOND: &str = "title = \"Names wrong\"\nclassification = \"internal\"\n";

const TIMELINE: &str = r#"{"date": "2026-02-03", "events": [{"at": "08:00", "text": "Seen"}]}"#;

const TOML_FILE: &str = "incidents/INC-2026-0001.toml";
const JSON_FILE: &str = "timelines/INC-2026-0001.json";

/// Broken files of an incident with a page of an earlier build, and whether the page stays.
const STALE: &[(&str, &str, bool)] = &[
    (TOML_FILE, "title = 1\n", true),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nbogus = 1\n",
        true,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"public\"\nbogus = 1\n",
        true,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"\\u0063onfidential\"\nbogus = 1\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = 'confidential'\nbogus = 1\n",
        false,
    ),
    // The program cannot read these classifications, but the author may have meant a more restricted one.
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"Confidential\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"secret\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = [\"internal\"]\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclasification = \"secret\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\n[public]\nclassification = \"confidential\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nclassification = \"internal\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nsummary = \"\"\"\n",
        false,
    ),
    (
        TOML_FILE,
        "<<<<<<< ours\nclassification = \"internal\"\n=======\n>>>>>>> theirs\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\ntimeline = \"none.json\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nbogus = 1\n[[messages]]\nstage = \"resolved\"\naudience = \"confidential\"\nbody = \"Done\"\n",
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "bogus": 1, "events": []}"#,
        true,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "events": [{"at": "08:00", "text": "Seen", "visiblity": "con\u0066idential"}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "events": [{"at": "08:00" "text": "Seen"}]}"#,
        false,
    ),
    // A value that restricts a part, but names no audience, may have been meant to restrict it.
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "events": [{"at": "08:00", "text": "Seen", "visibility": "confidental"}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "visibility": "confidental", "events": [{"at": "08:00", "text": "Seen"}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "bogus": 1, "events": [{"at": "08:00", "text": "Seen", "hidden": true}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "events": [{"at": "08:00", "text": "Seen", "hiden": true}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "events": [{"at": "08:00", "text": "Seen", "hidden": "yes"}]}"#,
        false,
    ),
    (
        JSON_FILE,
        r#"{"date": "2026-02-03", "bogus": 1, "events": [{"at": "08:00", "text": "Seen", "hidden": false}]}"#,
        true,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\n[[references]]\ntitle = \"Log\"\naudience = \"confidental\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nbogus = 1\n[[redact]]\ntext = \"Lars Novak\"\n",
        false,
    ),
    (
        TOML_FILE,
        "title = \"A\"\nclassification = \"internal\"\nbogus = 1\n[[redact]]\ntext = \"Lars Novak\"\naudience = \"internal\"\n",
        true,
    ),
];

#[test]
fn a_stale_page_is_kept_only_if_its_audience_is_known() {
    for (path, text, stays) in STALE {
        let (_work, build) = archive_with_site();
        assert_eq!(build(path, text).contains_key(PAGE), *stays, "{text}");
    }
}

#[test]
fn a_stale_page_that_names_a_removed_incident_is_removed() {
    let (_work, build) = archive_with_site();
    let broken = FIRST.replace("tags", "tugs");
    assert!(build("incidents/INC-2026-0001.toml", &broken).contains_key(PAGE));
    let hidden = SECOND.replace("internal", "confidential");
    let site = build("incidents/INC-2026-0002.toml", &hidden);
    assert!(site.contains_key("index.html") && !site.contains_key(PAGE));
    for (path, bytes) in site {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("INC-2026-000"), "{path}: {text}");
    }
}

#[test]
fn a_build_counts_its_warnings_and_prints_them_on_request_for_an_internal_site_alone() {
    let work = tempfile::tempdir().expect("a folder");
    fs::create_dir(work.path().join("incidents")).expect("writable");
    let warned = "title = \"Shops late\"\nclassification = \"internal\"\nseverity = \"P3\"\n\
        [[impact.customers]]\nname = \"Fabrikam Retail\"\nusers = 3\n\
        [[messages]]\nstage = \"monitoring\"\nsent_at = 2026-02-03T08:00:00Z\nbody = \"Fabrikam Retail waits.\"\n";
    let incident = |id: &str| work.path().join(format!("incidents/{id}.toml"));
    fs::write(incident("INC-2026-0001"), warned).expect("writable");
    let folder = work.path().to_str().expect("UTF-8");
    let build = |audience: &str, more: &[&str]| {
        let out = work.path().join(audience);
        let out = out.to_str().expect("UTF-8");
        let arguments = [
            "build",
            folder,
            "--out",
            out,
            "--audience",
            audience,
            "--keep-going",
        ];
        afterword(
            &[&arguments, more].concat(),
            &[("SOURCE_DATE_EPOCH", "1795239728")],
        )
    };
    let checked = afterword(&["check", folder], &[("SOURCE_DATE_EPOCH", "1795239728")]);
    let checked = String::from_utf8(checked.stdout).expect("UTF-8");
    let count = checked.matches("\nwarning[").count() + 1;
    assert!(
        count > 1 && checked.contains("Fabrikam Retail waits"),
        "{checked}"
    );
    for broken in [false, true] {
        if broken {
            let backwards = "title = \"Backwards\"\nclassification = \"internal\"\nseverity = \"P3\"\n\
                [times]\nstarted = 2026-02-03T09:00:00Z\nended = 2026-02-03T08:00:00Z\n";
            fs::write(incident("INC-2026-0002"), backwards).expect("writable");
        }
        for audience in ["public", "customers", "internal", "confidential"] {
            let is_external = ["public", "customers"].contains(&audience);
            for more in [[].as_slice(), &["--warnings"]] {
                let built = build(audience, more);
                let said = said(&built);
                let is_printed = !more.is_empty() && !is_external;
                assert_eq!(built.status.success(), !broken, "{said}");
                assert_eq!(
                    said.contains("Fabrikam"),
                    is_printed,
                    "{audience} {more:?}: {said}"
                );
                assert_eq!(
                    said.matches("warning[").count(),
                    if is_printed { count } else { 0 }
                );
                let line = said
                    .lines()
                    .filter(|line| line.ends_with("; run `afterword check` for details"));
                let line: Vec<&str> = line.collect();
                assert_eq!(line.len(), usize::from(!is_printed), "{said}");
                assert!(
                    is_printed || line[0].starts_with(&format!("{count} warnings")),
                    "{said}"
                );
                assert_eq!(
                    said.contains("error[") && said.contains("INC-2026-0002.toml:"),
                    broken,
                    "{said}"
                );
            }
        }
    }
}

#[test]
fn a_foreign_output_directory_is_rejected() {
    let work = tempfile::tempdir().expect("a folder");
    fs::write(work.path().join("precious.txt"), "mine").expect("writable");
    let archive = case("clean");
    let rejected = afterword(
        &[
            "build",
            archive.as_str(),
            "--out",
            work.path().to_str().expect("UTF-8"),
        ],
        &[],
    );
    assert_eq!(rejected.status.code(), Some(1), "{}", said(&rejected));
    assert_eq!(files(work.path()).len(), 1);
    let inside = archive.join("incidents");
    let rejected = afterword(&["build", archive.as_str(), "--out", inside.as_str()], &[]);
    assert_eq!(rejected.status.code(), Some(1), "{}", said(&rejected));
}

#[test]
fn an_incident_is_shown_despite_errors_in_another() {
    let work = tempfile::tempdir().expect("a folder");
    copy(case("clean").as_std_path(), work.path());
    fs::write(
        work.path().join("incidents/INC-2025-0002.toml"),
        "title = [",
    )
    .expect("writable");
    let folder = work.path().to_str().expect("UTF-8");
    let shown = afterword(&["-C", folder, "show", "INC-2025-0001"], &[]);
    assert!(shown.status.success(), "{}", said(&shown));
    assert!(
        String::from_utf8_lossy(&shown.stdout).starts_with("# Incident Report: INC-2025-0001\n")
    );
    let broken = afterword(&["-C", folder, "show", "INC-2025-0002"], &[]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        said(&broken).contains("incidents/INC-2025-0002.toml:1:"),
        "{}",
        said(&broken)
    );
    let absent = afterword(&["-C", folder, "show", "INC-2025-0009"], &[]);
    assert_eq!(absent.status.code(), Some(1));
}

#[test]
fn confidential_incidents_are_counted_and_not_shown() {
    let work = tempfile::tempdir().expect("a folder");
    copy(case("clean").as_std_path(), work.path());
    let secret = "title = \"Zqsecret\"\nclassification = \"confidential\"\n";
    fs::write(work.path().join("incidents/ZQ-2025-0007.toml"), secret).expect("writable");
    let built = afterword(&["build", work.path().to_str().expect("UTF-8")], &[]);
    assert!(built.status.success(), "{}", said(&built));
    assert!(
        said(&built).contains("1 incident withheld from the `internal` audience"),
        "{}",
        said(&built)
    );
    for (name, bytes) in files(&work.path().join("site")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !name.contains("ZQ-2025-0007")
                && !text.contains("ZQ-2025-0007")
                && !text.contains("Zqsecret"),
            "{name}"
        );
    }
}

#[test]
fn the_committed_site_is_current() {
    let repository = Utf8Path::new(env!("CARGO_MANIFEST_DIR"));
    let work = tempfile::tempdir().expect("a folder");
    let out = work.path().join("site");
    let built = afterword(
        &[
            "build",
            repository.as_str(),
            "--out",
            &out.to_string_lossy(),
        ],
        &[],
    );
    assert!(built.status.success(), "{}", said(&built));
    let (committed, made) = (files(repository.join("site").as_std_path()), files(&out));
    let names: Vec<&String> = made.keys().chain(committed.keys()).collect();
    let differ: Vec<&&String> = names
        .iter()
        .filter(|name| committed.get(**name) != made.get(**name))
        .collect();
    assert!(
        differ.is_empty(),
        "`site/` is not current, build it: {differ:?}"
    );
}

#[test]
fn an_incident_that_changes_while_its_site_is_built_stops_the_build() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(folder.path())
        .expect("UTF-8")
        .join("in");
    copy(case("every-key").as_std_path(), root.as_std_path());
    let archive = load::archive(&root).archive;
    let out = root.join("site");
    let build = || {
        let site = Site::new(&archive, &[], Audience::Internal).expect("well formed");
        let output = OutputSpec {
            out: &out,
            audience: "internal",
            project: &root,
            inputs: &[],
        };
        let writer = write::open(&output).expect("the output is free");
        let audit = Audit::new(&archive.config, [], []);
        let lists = Lists::new(&archive, chrono::NaiveDate::MAX);
        let cache = Cache::none();
        let earlier = Earlier::read(&cache, "", writer.previous(), None);
        let output = publish::Output::new(&root, writer, &audit, earlier);
        let published = site.publish(
            Incidents::default(),
            lists,
            output,
            &cache,
            &Progress::default(),
        );
        published.map(drop).map_err(|error| error.to_string())
    };
    let changed = "changed during the build; run the build again";
    for path in [
        "timelines/INC-2025-0100.json",
        "incidents/INC-2025-0100.toml",
    ] {
        let typed = fs::read(root.join(path)).expect("readable");
        fs::write(root.join(path), [&typed[..], b"\n"].concat()).expect("writable");
        let error = build().expect_err("it changed");
        assert!(error.ends_with(changed), "{path}: {error}");
        assert!(!out.join("index.html").exists(), "{path}: it was built");
        fs::remove_file(root.join(path)).expect("it is there");
        let error = build().expect_err("it is gone");
        assert!(error.ends_with(changed), "{path}: {error}");
        fs::write(root.join(path), typed).expect("writable");
    }
    assert_eq!(build(), Ok(()));
}

#[test]
fn every_template_error_is_reported_with_its_location() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = work.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    };
    write(
        "incidents/INC-2026-0001.toml",
        "title = \"One\"\nclassification = \"internal\"\nseverity = \"P3\"\n",
    );
    write(
        "templates/section/summary.md",
        "## Summary\n\n{{ title | nofilter }}\n",
    );
    write(
        "templates/section/timeline.md",
        "## Timeline\n{% if timeline %}\n",
    );
    write(
        "templates/section/lessons.md",
        "## Lessons, which are well formed\n{% include \"section/ours.md\" %}\n",
    );
    write("templates/section/ours.md", "Ours\n");
    write("templates/section/tmeline.md", "Nobody reads this\n");
    let directory = work.path().to_str().expect("UTF-8");
    let output = afterword(
        &["check", directory],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert_eq!(output.status.code(), Some(1));
    let found = String::from_utf8_lossy(&output.stdout);
    for location in [
        "templates/section/summary.md:3:12",
        "templates/section/timeline.md:3:1",
    ] {
        assert!(found.contains(location), "{location} in {found}");
    }
    assert_eq!(
        found.matches("error[invalid-template]").count(),
        2,
        "{found}"
    );
    assert_eq!(found.matches("[template-unused]").count(), 1, "{found}");
    assert!(found.contains("did you mean `section/timeline.md`?"));
    let built = afterword(
        &["build", directory],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert_eq!(built.status.code(), Some(1), "{}", said(&built));
    assert!(!work.path().join("site").exists(), "nothing is written");
}
