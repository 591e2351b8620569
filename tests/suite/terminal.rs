//! What a terminal adds: completion, questions, and an editor.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::session::Clone;
use crate::site::{afterword, said};

const ID: &str = "INC-2026-0001";

#[test]
fn bash_completes_ids_of_incidents_and_action_items() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Widen the pool"]);
    clone.run(&["affects", "--customer", "Acme", "--service", "checkout"]);
    clone.run(&["assign", "scribe", "Mina"]);
    clone.run(&["actions", "move", "A1", "--owner", "Platform"]);
    let completed = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let script = format!(
            "source <(\"$0\" completions bash)\nCOMP_WORDS=({})\nCOMP_CWORD={}\nCOMP_TYPE=9\n_clap_complete_afterword afterword \"{}\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            line.replace("''", "\"\""),
            words.len() - 1,
            words.last().expect("a word"),
        );
        let binary = env!("CARGO_BIN_EXE_afterword");
        let path = std::path::Path::new(binary).parent().expect("a folder");
        let path = format!(
            "{}:{}",
            path.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let output = Command::new("bash")
            .args(["-c", &script, binary])
            .env("PATH", path)
            .current_dir(clone.file("incidents"))
            .output()
            .expect("bash runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    for (line, expected) in [
        ("afterword show INC", ID),
        ("afterword log INC", ID),
        ("afterword log --incident 0001", ID),
        ("afterword actions done INC-2026-0001-", "INC-2026-0001-A1"),
        ("afterword status ident", "identified"),
        ("afterword severity P", "P1"),
        ("afterword assign comm", "commander"),
        ("afterword check INC", ID),
        ("afterword check IN", "INC-2026-0001.toml"),
        ("afterword list --service che", "checkout"),
        ("afterword new --service che", "checkout"),
        ("afterword affects --service che", "checkout"),
        ("afterword affects --customer ac", "Acme"),
        ("afterword assign commander Mi", "Mina"),
        ("afterword actions add --owner pl", "Platform"),
        ("afterword sign-off --name mi", "Mina"),
        ("afterword rename INC", ID),
        ("afterword comms --channel em", "email"),
        ("afterword explain action-wi", "action-without-owner"),
        ("afterword build --out ../inci", "../incidents"),
        ("afterword -C ../inci", "../incidents"),
        ("afterword audit ../inci", "../incidents"),
        (
            "afterword check ../incidents/INC",
            "../incidents/INC-2026-0001.toml",
        ),
        ("afterword import report INC-2026", "INC-2026-0001.toml"),
    ] {
        let found = completed(line);
        assert!(found.contains(expected), "{line}: {found}");
    }
    assert!(!completed(&format!("afterword log {ID} INC")).contains(ID));
    clone.run(&["new", "Other", "--severity", "P3", "--id", "INC-2026-0002"]);
    clone.run(&["actions", "add", "--incident", "INC-2026-0002", "Test it"]);
    let found = completed(&format!("afterword actions done {ID} INC"));
    assert!(
        found.contains("INC-2026-0001-A1") && !found.contains("INC-2026-0002-A1"),
        "{found}"
    );
}

/// Runs a command on a terminal, and types each answer once its question is there; `None` without the program `script`.
fn on_a_terminal(clone: &Clone, arguments: &str, typed: &[(&str, &[u8])]) -> Option<(i32, String)> {
    let line = format!(
        "'{}' -C '{}' {arguments}",
        env!("CARGO_BIN_EXE_afterword"),
        clone.path()
    );
    let script = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("SOURCE_DATE_EPOCH", clone.now.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut script) = script else {
        return None;
    };
    let mut keyboard = script.stdin.take().expect("piped");
    let mut screen = script.stdout.take().expect("piped");
    let (mut shown, mut seen, mut answers) = (String::new(), 0, typed.iter());
    let mut next = answers.next();
    let mut part = [0; 1024];
    loop {
        let count = screen.read(&mut part).unwrap_or_default();
        if count == 0 {
            break;
        }
        shown.push_str(&String::from_utf8_lossy(&part[..count]));
        while let Some((question, answer)) = next
            && let Some(at) = shown[seen..].find(question)
        {
            seen += at + question.len();
            keyboard.write_all(answer).expect("it reads");
            next = answers.next();
        }
    }
    let status = script.wait().expect("it ends");
    Some((status.code().unwrap_or(-1), shown))
}

#[test]
fn help_has_colors_as_all_output_has() {
    for (value, has_colors) in [("0", false), ("1", true)] {
        let output = afterword(&["--help"], &[("CLICOLOR_FORCE", value)]);
        assert_eq!(output.stdout.contains(&0x1b), has_colors, "{value}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("UTF-8");
    let pages = afterword(&["man", folder, "-C", folder], &[]);
    assert_eq!(pages.status.code(), Some(0), "{}", said(&pages));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_printed_is_a_failure() {
    let full = std::fs::File::create("/dev/full").expect("it is there");
    let status = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .arg("--help")
        .stdout(full)
        .stderr(Stdio::null())
        .status();
    assert_eq!(status.expect("it runs").code(), Some(2));
}

#[test]
fn new_asks_on_a_terminal_for_what_is_not_given() {
    let clone = Clone::empty();
    clone.run(&["init", clone.path()]);
    let typed: &[(&str, &[u8])] = &[
        ("Severity, one of", b"P9\n"),
        ("Severity, one of", b"\n"),
        ("Severity, one of", b"p2\n"),
        ("(may be empty): ", b"checkout, search\n"),
    ];
    let Some((code, text)) = on_a_terminal(&clone, "new Slow", typed) else {
        return;
    };
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("unknown severity `P9`"), "{text}");
    assert_eq!(text.matches("Severity, one of").count(), 3, "{text}");
    let file = clone.read("incidents/INC-2026-0001.toml");
    assert!(
        file.contains("\"P2\"") && file.contains("[\"checkout\", \"search\"]"),
        "{file}"
    );
    let before = clone.files();
    for answer in [b"\x04" as &[u8], b"\x03"] {
        let typed = [("Severity, one of", answer)];
        let (code, text) = on_a_terminal(&clone, "new Again", &typed).expect("as above");
        assert!(code == 1 || code == 130, "{code}: {text}");
        assert_eq!(clone.files(), before, "{text}");
    }
    let (code, text) =
        on_a_terminal(&clone, "new Third --severity P3 --service api", &[]).expect("as above");
    assert!(code == 0 && !text.contains("one of"), "{text}");
    // Without a terminal it never waits.
    let said = clone.fails(&["new", "Fourth"]);
    assert!(said.contains("missing `--severity`"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_message_is_edited_by_a_program_with_quotes_in_its_name() {
    let clone = Clone::with_incident("P2");
    clone.write("my editor.sh", "printf 'All is well\\n' > \"$1\"\n");
    let script = clone.file("my editor.sh");
    let with = |editor: &str| {
        let now = clone.now.to_string();
        let arguments = ["-C", clone.path(), "comms", "--record", "--edit"];
        let environment = [
            ("SOURCE_DATE_EPOCH", now.as_str()),
            ("VISUAL", ""),
            ("EDITOR", editor),
        ];
        afterword(&arguments, &environment)
    };
    let before = clone.files();
    for editor in ["false", "truncate -s 0", "no-such-editor"] {
        let failed = with(editor);
        assert_eq!(failed.status.code(), Some(1), "{editor}: {}", said(&failed));
        assert_eq!(clone.files(), before, "{editor}");
    }
    let edited = with(&format!("sh \"{}\"", script.display()));
    assert!(edited.status.success(), "{}", said(&edited));
    assert!(
        clone
            .read("incidents/INC-2026-0001.toml")
            .contains("All is well")
    );
}
