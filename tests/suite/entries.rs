//! Entries in files of their own: of an incident with errors, of two clones, and back again.

use std::fs;

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";

/// Runs a command that is carried out, and returns its note about the errors of the incident.
fn noted(clone: &Clone, arguments: &[&str]) -> String {
    let done = clone.output(arguments);
    let note = said(&done);
    assert!(done.status.success(), "{arguments:?}: {note}");
    assert!(
        note.contains("counts once that is fixed"),
        "{arguments:?}: {note}"
    );
    note
}

/// Returns the path and the text of the only entry.
fn entry(clone: &Clone) -> (String, String) {
    let [name] = clone.entries().try_into().expect("one entry");
    let path = format!("timelines/{ID}.d/{name}");
    let text = clone.read(&path);
    (path, text)
}

/// Makes an error in the text of a file.
type Break<'a> = &'a dyn Fn(&str) -> String;

#[test]
fn an_event_of_an_incident_with_errors_is_recorded() {
    let conflict = |text: &str| format!("<<<<<<< HEAD\n{text}=======\n{text}\n>>>>>>> other\n");
    let (toml, json) = (
        format!("incidents/{ID}.toml"),
        format!("timelines/{ID}.json"),
    );
    let broken: [(&str, Break, &str); 6] = [
        (
            &toml,
            &|text| format!("{text}\nservices = [\n"),
            "incidents/",
        ),
        (&toml, &|text| format!("staus = 3\n{text}"), "incidents/"),
        (&toml, &conflict, "incidents/"),
        (&toml, &|_| "\u{0}\u{1}".to_owned(), "incidents/"),
        (&json, &conflict, "timelines/"),
        (&json, &|text| text.replace(']', ""), "timelines/"),
    ];
    for (path, break_it, named) in broken {
        for crlf in [false, true] {
            let clone = Clone::with_incident("P2");
            let good = clone.read(path);
            let good = if crlf {
                good.replace('\n', "\r\n")
            } else {
                good
            };
            clone.write(path, &break_it(&good));
            let before = clone.files();
            // Without an ID it is not certain which incident is meant.
            let refused = clone.fails(&["log", "Restarted the workers"]);
            let advice = format!("use `afterword log {ID} TEXT`");
            assert!(refused.contains(&advice), "{refused}");
            for (arguments, expected) in [
                (
                    &["log", ID, "Restarted", "--mark", "mitigated"][..],
                    "\"marks\": [\"mitigated\"], \"text\": \"Restarted\"",
                ),
                (
                    &["status", ID, "identified"],
                    "\"kind\": \"diagnosis\", \"marks\": [\"identified\"]",
                ),
                (
                    &["severity", ID, "p1", "--because", "all fail"],
                    "\"severity\": \"P1\", \"text\": \"Severity set to P1: all fail\"",
                ),
                (
                    &["log", "--incident", "0001", "x", "--at", "5:40"],
                    "\"at\": \"2026-11-21T05:40Z\"",
                ),
            ] {
                let note = noted(&clone, arguments);
                assert!(note.contains(&format!("note: `{named}")), "{note}");
                let (_, text) = entry(&clone);
                assert!(text.contains(expected), "{arguments:?}: {text}");
                clone.run(&["undo"]);
                assert!(before == clone.files(), "{arguments:?}");
            }
            noted(&clone, &["log", ID, "Kept all the same"]);
            clone.write(path, &good);
            assert!(
                clone
                    .run(&["show", ID])
                    .contains("**05:42:08** - Kept all the same")
            );
            // What needs more than the ID is refused.
            clone.write(path, &break_it(&good));
            for arguments in [
                &["affects", ID, "--users", "3"][..],
                &["log", ID, "--move", "started", "--at", "5:30"],
                &["status", ID, "investigating"],
                &["status", ID, "closed", "--fold"],
                &["log", ID, "x", "--at", "23:59"],
                &["log", ID, "[Fill in: what]"],
            ] {
                clone.fails(arguments);
            }
        }
    }
}

#[test]
fn the_entry_of_an_incident_with_errors_is_where_its_timeline_is() {
    let clone = Clone::with_incident("P2");
    let (toml, json) = (
        format!("incidents/{ID}.toml"),
        format!("timelines/{ID}.json"),
    );
    let moved = format!("timelines/2026/{ID}.json");
    clone.write(&moved, &clone.read(&json));
    fs::remove_file(clone.file(&json)).expect("it is there");
    let line = format!("timeline = \"../{moved}\"\n");
    let text = line.clone() + &clone.read(&toml);
    clone.write(&toml, &format!("{text}\nservices = [\n"));
    noted(&clone, &["log", ID, "In its folder"]);
    assert!(clone.entries().is_empty());
    clone.write(&toml, &text);
    assert!(clone.run(&["show", ID]).contains("In its folder"));
    // The sides of a conflict name two timelines.
    let other = line.replace("2026/", "");
    clone.write(
        &toml,
        &format!("<<<<<<< a\n{line}=======\n{other}>>>>>>> b\n{text}"),
    );
    let said = clone.fails(&["log", ID, "Where?"]);
    assert!(said.contains("its timeline may be"), "{said}");
}

#[test]
fn a_time_of_an_incident_with_errors_is_in_its_zone_if_that_is_known() {
    let clone = Clone::with_incident("P2");
    let json = format!("timelines/{ID}.json");
    let text = clone
        .read(&json)
        .replacen('{', "{\n  \"tz\": \"Asia/Tokyo\",", 1);
    clone.write(&json, &text.replace(']', ""));
    noted(&clone, &["log", ID, "Noon", "--at", "12:00"]);
    assert!(entry(&clone).1.contains("\"at\": \"2026-11-21T03:00Z\""));
    clone.run(&["undo"]);
    let other = text.replace("Asia/Tokyo", "Asia/Seoul");
    clone.write(
        &json,
        &format!("<<<<<<< a\n{text}=======\n{other}>>>>>>> b\n"),
    );
    let said = clone.fails(&["log", ID, "Noon", "--at", "12:00"]);
    assert!(said.contains("the time zone of"), "{said}");
    noted(
        &clone,
        &["log", ID, "Noon", "--at", "2026-11-21T12:00+09:00"],
    );
    noted(&clone, &["log", ID, "Just before", "--at", "-5m"]);
}

#[test]
fn a_moved_mark_leaves_the_other_marks_of_every_clone() {
    let one = Clone::with_incident("P2");
    let two = Clone::of(&one);
    for (clone, at) in [(&one, "5:32"), (&two, "5:33")] {
        clone.run(&[
            "log",
            "Alert",
            "--mark",
            "acknowledged,detected",
            "--at",
            at,
        ]);
        clone.commit();
    }
    one.merge(&two);
    one.run(&["log", "--move", "detected", "--at", "5:31:30"]);
    let marks = |clone: &Clone| {
        let mut found: Vec<String> = clone.entries();
        found = found
            .iter()
            .map(|name| clone.read(&format!("timelines/{ID}.d/{name}")))
            .map(|text| text.split("\"text\"").next().unwrap_or_default().to_owned())
            .collect();
        found
    };
    assert_eq!(
        marks(&one),
        [
            "{ \"at\": \"2026-11-21 05:31:30\", \"marks\": [\"detected\"], ",
            "{ \"at\": \"2026-11-21 05:32\", \"marks\": [\"acknowledged\"], ",
            "{ \"at\": \"2026-11-21 05:33\", \"marks\": [\"acknowledged\"], ",
        ]
    );
    let checked = one.run(&["check"]);
    assert!(
        checked.contains("`acknowledged` is set twice")
            && !checked.contains("`detected` is set twice"),
        "{checked}"
    );
}

#[test]
fn a_mark_that_an_earlier_entry_has_too_stays_where_it_is() {
    let one = Clone::with_incident("P2");
    let two = Clone::of(&one);
    one.run(&["log", "Seen", "--mark", "acknowledged", "--at", "5:32"]);
    two.run(&[
        "log",
        "Alert",
        "--mark",
        "acknowledged,detected",
        "--at",
        "5:33",
    ]);
    for clone in [&one, &two] {
        clone.commit();
    }
    one.merge(&two);
    // The record has only `detected` on the second one.
    one.run(&["log", "--move", "detected", "--at", "5:31:30"]);
    let texts: Vec<String> = (one.entries().iter())
        .map(|name| one.read(&format!("timelines/{ID}.d/{name}")))
        .collect();
    assert_eq!(
        texts,
        [
            "{ \"at\": \"2026-11-21 05:31:30\", \"marks\": [\"detected\"], \"text\": \"Detected\" }\n",
            "{ \"at\": \"2026-11-21 05:32\", \"marks\": [\"acknowledged\"], \"text\": \"Seen\" }\n",
            "{ \"at\": \"2026-11-21 05:33\", \"marks\": [\"acknowledged\"], \"text\": \"Alert\" }\n",
        ]
    );
}

#[test]
fn the_same_text_in_the_same_second_is_kept_twice() {
    let one = Clone::with_incident("P2");
    let two = Clone::of(&one);
    for clone in [&one, &two] {
        clone.run(&["log", "Restarted the workers"]);
        clone.commit();
    }
    one.merge(&two);
    assert_eq!(one.entries().len(), 2);
    let checked = one.run(&["check"]);
    assert!(
        checked.contains("two events say `Restarted the workers` within a minute"),
        "{checked}"
    );
    // Joined, they are still named.
    one.run(&["fold"]);
    let checked = one.run(&["check"]);
    assert!(
        checked.contains("two events say `Restarted the workers` within a minute"),
        "{checked}"
    );
}

/// Two clones of one archive with an entry each, of which both have the first.
fn two_clones() -> (Clone, Clone) {
    let mut one = Clone::with_incident("P2");
    one.run(&["log", "known", "to", "both"]);
    one.commit();
    let mut other = Clone::of(&one);
    one.now += 60;
    other.now += 120;
    (one, other)
}

#[test]
fn clones_that_fold_the_same_entries_merge() {
    let (one, other) = two_clones();
    one.run(&["fold"]);
    other.run(&["fold"]);
    let timeline = "timelines/INC-2026-0001.json";
    assert_eq!(one.read(timeline), other.read(timeline));
    one.commit();
    other.commit();
    other.merge(&one);
    assert_eq!(one.read(timeline), other.read(timeline));
}

#[test]
fn a_clone_that_folds_merges_with_one_that_logs() {
    let (one, other) = two_clones();
    one.run(&["fold"]);
    one.commit();
    other.run(&["log", "meanwhile"]);
    other.commit();
    other.merge(&one);
    let report = other.run(&["show", ID]);
    assert!(
        report.contains("known to both") && report.contains("meanwhile"),
        "{report}"
    );
    other.run(&["fold"]);
    assert_eq!(other.output(&["check"]).status.code(), Some(0));
}

#[test]
fn clones_that_fold_different_entries_are_joined_by_fold() {
    let (one, other) = two_clones();
    for (clone, text) in [(&one, "from one"), (&other, "from the other")] {
        clone.run(&["log", text, "--mark", "detected"]);
        clone.run(&["fold"]);
        clone.commit();
    }
    let pulled = other.git_output(&["pull", "-q", "--no-rebase", "--no-edit", one.path(), "main"]);
    assert!(!pulled.status.success(), "the same lines were changed");
    let checked = other.output(&["check"]).stdout;
    let checked = String::from_utf8_lossy(&checked);
    assert!(
        checked.contains(&format!("run `afterword fold {ID}`")),
        "{checked}"
    );
    let joined = other.run(&["fold", ID]);
    let first = format!("{ID}  joined both sides of the merge conflict in `timelines/{ID}.json`\n");
    assert!(
        joined.starts_with(&first) && joined.contains("`detected` is marked at"),
        "{joined}"
    );
    other.commit();
    let text = other.read("timelines/INC-2026-0001.json");
    let order = ["known to both", "from one", "from the other"].map(|part| text.find(part));
    assert!(
        order.is_sorted() && order.iter().all(Option::is_some),
        "{text}"
    );
    assert_eq!(text.matches("known to both").count(), 1, "{text}");
    // The earliest keeps the mark, as among entries.
    assert_eq!(text.matches("detected").count(), 1, "{text}");
    let first = text.lines().find(|line| line.contains("from one"));
    assert!(
        first.is_some_and(|line| line.contains("detected")),
        "{text}"
    );
    assert_eq!(other.output(&["check"]).status.code(), Some(0));
}

/// Imports one event of a table, with what the export has changed since.
fn import(clone: &Clone, text: &str) {
    clone.write(
        "rows.csv",
        &format!("id,at,text\n7,2026-11-21T05:34:00Z,{text}\n"),
    );
    let rows = clone.file("rows.csv");
    let rows = rows.to_str().expect("UTF-8");
    clone.run(&["import", "timeline", rows, "--incident", ID, "--update"]);
}

#[test]
fn an_import_changes_nothing_but_what_the_export_changed() {
    let clone = Clone::with_incident("P2");
    import(&clone, "Alert fired");
    let timeline = format!("timelines/{ID}.json");
    let text = clone.read(&timeline);
    let marked = text.replace(
        "\"text\": \"Alert fired\"",
        "\"marks\": [\"detected\"], \"text\": \"Alert fired\"",
    );
    assert_ne!(text, marked);
    clone.write(&timeline, &marked);
    // An earlier entry of another clone has the same mark.
    let entry = format!("timelines/{ID}.d/20261121T053300Z-001-0.json");
    let earlier =
        "{ \"at\": \"2026-11-21 05:33\", \"marks\": [\"detected\"], \"text\": \"Called\" }\n";
    clone.write(&entry, earlier);
    import(&clone, "Alert fired again");
    let text = clone.read(&timeline);
    let line = text.lines().find(|line| line.contains("Alert fired again"));
    assert!(line.is_some_and(|line| line.contains("detected")), "{text}");

    // A time that a person corrected stays.
    let clone = Clone::with_incident("P2");
    let moved = "{ \"at\": \"2026-11-21 05:32\", \"id\": \"table:7\", \"edited\": [\"at\"], \"text\": \"Alert fired\" }\n";
    clone.write(&entry, moved);
    import(&clone, "Alert fired again");
    let text = clone.read(&entry);
    assert!(text.contains("05:32") && text.contains("again"), "{text}");
}

#[test]
fn a_timeline_that_was_moved_says_how_its_incident_finds_it() {
    let clone = Clone::with_incident("P2");
    clone.run(&["fold", ID]);
    let moved = format!("timelines/2026/{ID}.json");
    let own = format!("timelines/{ID}.json");
    clone.write(&moved, &clone.read(&own));
    fs::remove_file(clone.file(&own)).expect("it is there");
    let checked = clone.run(&["check"]);
    let line = format!("timeline = \"../{moved}\"");
    assert!(
        checked.contains(&format!("set `{line}` in `incidents/{ID}.toml`")),
        "{checked}"
    );
    let path = format!("incidents/{ID}.toml");
    clone.write(&path, &format!("{line}\n{}", clone.read(&path)));
    assert!(!clone.run(&["check"]).contains("timeline-without-incident"));
}

#[cfg(unix)]
#[test]
fn an_entry_whose_name_is_not_text_is_reported_once_where_it_is() {
    use std::os::unix::ffi::OsStringExt;
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "An entry"]);
    let name = std::ffi::OsString::from_vec(b"x\xff.json".to_vec());
    let path = clone.file(&format!("timelines/{ID}.d")).join(name);
    // Some file systems have names of text only.
    if fs::write(path, "{}").is_err() {
        return;
    }
    let checked = clone.output(&["check"]).stdout;
    let checked = String::from_utf8_lossy(&checked);
    let place = format!(" --> timelines/{ID}.d/x");
    assert_eq!(checked.matches(&place).count(), 1, "{checked}");
    assert_eq!(checked.matches("error[unreadable]").count(), 1, "{checked}");
}
