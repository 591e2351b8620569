//! The customers file: its rows count as typed rows do, and no external reader sees them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::site::{afterword, files, said, write};

const ID: &str = "INC-2026-0001";

/// The rows of the tests, as a CSV file and as TOML.
const CSV: &str = "name,accounts,users,contact,complaints,Max Delay\nAcme,,1200,it@acme.example,2,45s\nBerg & Söhne,3,,,,9\n";
const TYPED: &str = r#"
[[impact.customers]]
name = "Acme"
users = 1200
contact = "it@acme.example"
complaints = 2
measures = { "Max Delay" = "45s" }

[[impact.customers]]
name = "Berg & Söhne"
accounts = 3
measures = { "Max Delay" = 9 }
"#;

/// Creates an archive with one public incident; `impact` is appended to its file.
fn archive(impact: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let head = "title = \"Exports timed out\"\nclassification = \"public\"\n[public]\nid = \"2026-03\"\ntitle = \"Slow exports\"\nsummary = \"Exports were slow.\"\n";
    write(
        folder.path(),
        &format!("incidents/{ID}.toml"),
        format!("{head}{impact}"),
    );
    folder
}

/// Creates an archive with a customers file.
fn with_file(csv: &str) -> tempfile::TempDir {
    let folder = archive("[impact]\ncustomers_file = \"../customers/a.csv\"\n");
    write(folder.path(), "customers/a.csv", csv);
    folder
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let at = root.to_str().expect("UTF-8");
    let now = ("SOURCE_DATE_EPOCH", "1795239728");
    afterword(&[&["-C", at], arguments].concat(), &[now])
}

/// Builds the site for an audience.
fn built(root: &Path, audience: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let out = root.join(format!("out-{audience}"));
    let out = out.to_str().expect("UTF-8");
    let output = run(root, &["build", "--audience", audience, "--out", out]);
    assert!(output.status.success(), "{}", said(&output));
    files(Path::new(out))
}

/// Returns the view of the impact in the JSON of the report.
fn impact(root: &Path) -> Value {
    let site = built(root, "internal");
    let json = &site[&format!("incidents/{ID}.json")];
    let report: Value = serde_json::from_slice(json).expect("JSON");
    report["impact"].clone()
}

#[test]
fn rows_of_a_file_count_as_typed_rows_do() {
    let typed = impact(archive(TYPED).path());
    assert_eq!(typed["customers"]["totals"]["users"], 1200);
    let bom_and_crlf = format!("\u{feff}{}", CSV.replace('\n', "\r\n"));
    for csv in [CSV, &bom_and_crlf, &CSV.replace(',', ";")] {
        let mut read = impact(with_file(csv).path());
        assert_eq!(read["user"]["list"]["file"]["href"], "../customers/a.csv");
        let user = read["user"].as_object_mut().expect("a table");
        user.remove("list");
        assert_eq!(read, typed, "{csv:?}");
    }
}

#[test]
fn a_report_shows_the_largest_rows_of_a_file_and_all_typed_ones() {
    let rows = (0..30).map(|index| format!("Shop {index:02},{}\n", index % 28));
    let folder = with_file(&format!("name,users\n{}", rows.collect::<String>()));
    let path = folder.path().join(format!("incidents/{ID}.toml"));
    let text = fs::read_to_string(&path).expect("readable");
    fs::write(
        &path,
        text + "[[impact.customers]]\nname = \"Typed\"\nusers = 0\n",
    )
    .expect("writable");
    let impact = impact(folder.path());
    let names = impact["customers"]["rows"].as_array().expect("rows").iter();
    let names: Vec<&str> = names.filter_map(|row| row["name"].as_str()).collect();
    let largest = (8..28).rev().map(|index| format!("Shop {index:02}"));
    let expected: Vec<String> = std::iter::once("Typed".to_owned()).chain(largest).collect();
    assert_eq!(names, expected);
    assert_eq!(impact["user"]["list"]["more"], "10 more customers");
    assert_eq!(impact["customers"]["totals"]["users"], 379);
}

#[test]
fn no_external_reader_sees_a_row_or_the_file() {
    let folder = with_file(CSV);
    let internal = built(folder.path(), "internal");
    assert_eq!(internal["customers/a.csv"], CSV.as_bytes());
    let path = folder.path().join(format!("incidents/{ID}.toml"));
    let text = fs::read_to_string(&path).expect("readable");
    for text in [
        text.clone(),
        text.replace("[public]\n", "[public]\nreport = \"full\"\n"),
    ] {
        fs::write(&path, text).expect("writable");
        for (path, bytes) in built(folder.path(), "public") {
            let text = String::from_utf8_lossy(&bytes);
            for word in ["Acme", "acme", "Berg", "Max Delay", "customers/a", "a.csv"] {
                assert!(
                    !text.contains(word) && !path.contains(word),
                    "{word} in {path}"
                );
            }
        }
    }
    // A name in a text for them is found, as that of a typed row is.
    let text = fs::read_to_string(&path).expect("readable");
    fs::write(
        &path,
        text.replace("Exports were slow.", "Acme was slow.")
            .replace("report = \"full\"\n", ""),
    )
    .expect("writable");
    let out = folder.path().join("out");
    let output = run(
        folder.path(),
        &[
            "build",
            "--audience",
            "public",
            "--out",
            out.to_str().expect("UTF-8"),
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(!out.exists());
}

#[test]
fn nothing_is_published_externally_while_the_file_cannot_be_read() {
    for csv in [Some("name,users\nAcme,3,4\n"), None] {
        let folder = with_file(CSV);
        let path = folder.path().join("customers/a.csv");
        match csv {
            Some(csv) => fs::write(&path, csv).expect("writable"),
            None => fs::remove_file(&path).expect("writable"),
        }
        let out = folder.path().join("out");
        for keep_going in [&[][..], &["--keep-going"]] {
            let build = [
                "build",
                "--audience",
                "public",
                "--out",
                out.to_str().expect("UTF-8"),
            ];
            let output = run(folder.path(), &[&build[..], keep_going].concat());
            assert_eq!(output.status.code(), Some(1), "{}", said(&output));
            assert!(!out.exists());
        }
        let messages = run(
            folder.path(),
            &["comms", ID, "--out", out.to_str().expect("UTF-8")],
        );
        assert_eq!(messages.status.code(), Some(1), "{}", said(&messages));
        assert!(!out.exists());
    }
}

#[test]
fn a_change_of_the_file_is_seen_with_a_cache() {
    let folder = archive("[impact]\ncustomers_file = \"customers/a.csv\"\n");
    write(folder.path(), "customers/a.csv", CSV);
    let users = || impact(folder.path())["customers"]["totals"]["users"].clone();
    assert_eq!((users(), users()), (1200.into(), 1200.into()));
    write(
        folder.path(),
        "customers/a.csv",
        CSV.replace("1200", "1300"),
    );
    assert_eq!(users(), 1300);
    // A path relative to the incident's file comes first.
    write(
        folder.path(),
        "incidents/customers/a.csv",
        CSV.replace("1200", "1400"),
    );
    assert_eq!(users(), 1400);
    fs::remove_file(folder.path().join("incidents/customers/a.csv")).expect("writable");
    assert_eq!(users(), 1300);
}

#[test]
fn each_row_gets_a_message_of_its_own() {
    let csv = "name,users,contact\nAcme,5,a@acme.example\nACME,6,\nacme!,7,\n\"a/../b\",8,\nTen shops,9,x@example.com\n";
    let folder = with_file(csv);
    let out = folder.path().join("messages");
    let output = run(
        folder.path(),
        &["comms", ID, "--out", out.to_str().expect("UTF-8")],
    );
    assert!(output.status.success(), "{}", said(&output));
    let written = files(&out);
    let texts: Vec<&Vec<u8>> = written
        .iter()
        .filter(|(path, _)| path.ends_with("txt"))
        .map(|(_, text)| text)
        .collect();
    assert_eq!(texts.len(), 5, "{:?}", written.keys());
    let users = texts.iter().map(|text| {
        let text = String::from_utf8_lossy(text);
        let users = (5..10).filter(|users| text.contains(&format!("Users affected: {users}")));
        users.collect::<Vec<_>>()
    });
    let users: BTreeSet<Vec<i32>> = users.collect();
    assert_eq!(users, (5..10).map(|users| vec![users]).collect());
}

#[test]
fn a_conflict_of_rows_is_for_a_person() {
    let both = "name,users\nAcme,5\n<<<<<<< HEAD\nBolt,6\n=======\nCold,7\n>>>>>>> other\n";
    let output = run(with_file(both).path(), &["check"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let help = "keep the rows of both sides, each customer once, and delete the marker lines";
    assert!(printed.contains(help), "{printed}");
}
