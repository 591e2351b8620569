//! Releases: what is built, how it is installed, and the container.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use super::{BASH, Runner, all, list, repository, string, text, yaml};

#[cfg(target_os = "linux")]
#[test]
fn a_release_is_installed_only_with_its_checksum() {
    let target = match std::env::consts::ARCH {
        "aarch64" => "aarch64-unknown-linux-musl",
        _ => "x86_64-unknown-linux-musl",
    };
    let mut runner = Runner::new("every-key");
    // Instead of the client of the code host: copies what was asked for from a folder of releases.
    let gh = "#!/bin/sh\nset -e\n[ \"$1 $2 $3 $4 $5\" = \"release download v9 --repo code.example.com/us/tool\" ] || exit 4\nwhile [ $# -gt 0 ]; do case \"$1\" in --dir) to=$2; shift;; --pattern) cp \"$RELEASED/$2\" \"$to/\"; shift;; esac; shift; done\n";
    let bin = runner.at("bin");
    fs::create_dir(&bin).expect("writable");
    fs::write(bin.join("gh"), gh).expect("writable");
    runner.path.insert(0, bin);
    let released = runner.at("released");
    fs::create_dir(&released).expect("writable");
    let pack = format!(
        "chmod +x '{bin}/gh'; cd '{released}' && mkdir p && printf '#!/bin/sh\\necho \"afterword 9\"\\n' > p/afterword && chmod +x p/afterword && tar -czf afterword-{target}.tar.gz -C p . && sha256sum afterword-* > SHA256SUMS",
        bin = runner.at("bin").display(),
        released = released.display(),
    );
    let none = BTreeMap::new();
    let packed = runner.run(BASH, &pack, &none);
    assert!(packed.status.success(), "{}", all(&packed));
    let environment: BTreeMap<String, String> = [
        ("RELEASES", "https://code.example.com/us/tool"),
        ("VERSION", "v9"),
        ("RELEASED", released.to_str().expect("UTF-8")),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    let install = repository().join("ci/install");
    let install = |folder: &str| {
        let to = runner.at(folder);
        let script = format!("'{}' '{}'", install.display(), to.display());
        (
            runner.run(BASH, &script, &environment),
            to.join("afterword"),
        )
    };
    let (output, program) = install("good");
    assert!(output.status.success(), "{}", all(&output));
    assert_eq!(
        all(&Command::new(program).output().expect("it runs")),
        "afterword 9\n"
    );

    fs::write(
        released.join(format!("afterword-{target}.tar.gz")),
        "other bytes",
    )
    .expect("writable");
    let (output, program) = install("bad");
    assert!(!output.status.success());
    assert!(
        all(&output).contains("nothing installed"),
        "{}",
        all(&output)
    );
    assert!(!program.exists());
}

#[test]
fn a_release_has_a_program_for_each_system_that_can_install_it() {
    yaml(".github/workflows/release.yml", |documents| {
        let jobs = &documents[0]["jobs"];
        let built = list(&jobs["build"]["strategy"]["matrix"], "include");
        let mut built: Vec<&str> = built
            .iter()
            .filter_map(|row| string(row, "target"))
            .collect();
        let install = text("ci/install");
        let mut installed: Vec<&str> = install
            .lines()
            .filter_map(|line| line.split_once("target=")?.1.strip_suffix(" ;;"))
            .collect();
        built.sort_unstable();
        installed.sort_unstable();
        assert_eq!(built, installed);
        for (name, job) in jobs.as_mapping().expect("jobs") {
            for step in list(job, "steps") {
                let Some(script) = string(step, "run") else {
                    assert!(string(step, "uses").is_some());
                    continue;
                };
                assert!(
                    !script.contains("${{"),
                    "{name:?}: an expression in a script can be code"
                );
                let parsed = Command::new("bash")
                    .args(["-n", "-c", script])
                    .output()
                    .expect("bash");
                assert!(parsed.status.success(), "{script}: {}", all(&parsed));
            }
        }
    });
    yaml(".github/workflows/ci.yml", |documents| {
        let steps = list(&documents[0]["jobs"]["verify"], "steps");
        assert!(
            steps
                .iter()
                .any(|step| string(step, "run") == Some(".ci/run"))
        );
    });
}

#[test]
fn the_container_is_one_program_without_a_privileged_user() {
    let file = text("Containerfile");
    let lines: Vec<Vec<&str>> = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split(' ').collect())
        .collect();
    let stages: Vec<&[Vec<&str>]> = lines
        .split_inclusive(|line| line[0] == "ENTRYPOINT")
        .collect();
    let last = stages[0]
        .iter()
        .rposition(|line| line[0] == "FROM")
        .expect("a stage");
    let words: Vec<&str> = lines[last..].iter().map(|line| line[0]).collect();
    assert_eq!(words, ["FROM", "COPY", "USER", "WORKDIR", "ENTRYPOINT"]);
    assert_eq!(lines[last], ["FROM", "scratch", "AS", "afterword"]);
    for user in lines.iter().filter(|line| line[0] == "USER") {
        assert_eq!(user[1], "65532:65532");
    }
    assert_eq!(
        lines.iter().filter(|line| line[0] == "FROM").count(),
        lines.iter().filter(|line| line[0] == "USER").count()
    );
}
