//! Takes the fenced blocks of a guide, one by one, into an archive of their own.
//!
//! The words behind a block's language say what it is: `incident [ID]`, `fragment` (added to
//! a smallest incident), `timeline [ID]`, `config`, `template PATH` and `file PATH` are written
//! and must load, or must not where `refused` is added; `shown` must stand in the report; the
//! commands of `console` and `workflow` are run. Any other block is a failure, so that no
//! example goes untested by accident.

use std::fs;
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use tempfile::TempDir;

/// What a fragment is added to, and what stands where a guide has written nothing yet.
const SMALLEST: &str =
    "title = \"Checkout errors\"\nseverity = \"P2\"\nclassification = \"internal\"\n\n";

/// 2026-04-01: the guides must not age.
const TODAY: &str = "1775001600";

/// The fenced blocks of a guide: the line of each, its info string, its text.
pub fn blocks(text: &str) -> Vec<(usize, String, String)> {
    let mut found = Vec::new();
    let mut open = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let line = text[..range.start].lines().count() + 1;
                found.push((line, info.into_string(), String::new()));
                open = true;
            }
            Event::Text(piece) if open => {
                found.last_mut().expect("it is open").2.push_str(&piece);
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            _ => {}
        }
    }
    found
}

/// A guide that is being read, with the archive that its blocks have made so far.
pub struct Guide {
    archive: TempDir,
    id: String,
}

impl Guide {
    pub fn new() -> Self {
        let archive = tempfile::tempdir().expect("a folder");
        let id = "INC-2026-0042".to_owned();
        let guide = Self { archive, id };
        guide.write(&guide.incident(), SMALLEST);
        guide
    }

    pub fn incident(&self) -> String {
        format!("incidents/{}.toml", self.id)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.archive.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    /// Runs the program in the archive: the code it exits with, and all that it prints.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_afterword"))
            .args(arguments)
            .current_dir(self.archive.path())
            .env_clear()
            .env("SOURCE_DATE_EPOCH", TODAY)
            .output()
            .expect("the program runs");
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).expect("UTF-8");
        (output.status.code().expect("no signal"), printed)
    }

    /// Takes the next block: what is wrong with it, if anything.
    pub fn take(&mut self, info: &str, text: &str) -> Result<(), String> {
        let words: Vec<&str> = info.split(' ').collect();
        let rest = words.get(2..).unwrap_or_default();
        let named = rest.iter().find(|word| **word != "refused");
        let kind = words.get(1).copied().unwrap_or(info);
        if let (Some(id), "incident" | "timeline") = (named, kind) {
            self.id = (*id).to_owned();
        }
        let incident = self.incident();
        match (kind, named) {
            ("incident", _) => self.write(&incident, text),
            ("fragment", None) => self.write(&incident, &format!("{SMALLEST}{text}")),
            ("timeline", _) => {
                self.write(&incident, SMALLEST);
                self.write(&format!("timelines/{}.json", self.id), text);
            }
            ("config", None) => self.write("afterword.toml", text),
            ("template", Some(path)) => self.write(&format!("templates/{path}"), text),
            ("file", Some(path)) => self.write(path, text),
            ("shown", None) => return agree(text, &self.run(&["show", &self.id]).1),
            ("workflow", None) => return self.workflow(text),
            ("console", None) => return self.console(text),
            _ => return Err(format!("`{info}` does not say what the block is")),
        }
        self.load(rest.contains(&"refused"))
    }

    /// Checks the archive and renders the incident, which works unless the block says `refused`.
    fn load(&self, refused: bool) -> Result<(), String> {
        let (check, faults) = self.run(&["check"]);
        let (show, report) = self.run(&["show", &self.id]);
        match (refused, check + show) {
            (true, 0) => Err("nothing is wrong with it".to_owned()),
            (false, 1..) => Err(format!("{faults}{report}")),
            _ => Ok(()),
        }
    }

    /// Runs `$ afterword …` lines. `$ echo $?` gives the last code, which is 0 where nobody asks.
    fn console(&self, text: &str) -> Result<(), String> {
        let mut last = 0;
        let text = format!("\n{text}");
        if !text.starts_with("\n$ ") {
            return Err("it begins with no command".to_owned());
        }
        for step in text.split("\n$ ").skip(1) {
            let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
            let words: Vec<&str> = command.split_whitespace().collect();
            let printed = match words.as_slice() {
                ["echo", "$?"] => format!("{}\n", std::mem::take(&mut last)),
                ["afterword", arguments @ ..] if last == 0 => {
                    let (code, printed) = self.run(arguments);
                    last = code;
                    printed
                }
                _ => return Err(format!("`{command}` cannot run here (last code {last})")),
            };
            if !expected.is_empty() {
                agree(expected, &printed)?;
            }
        }
        (last == 0)
            .then_some(())
            .ok_or(format!("it exits with {last}"))
    }

    /// Runs the commands of a workflow, which may find faults but must be well formed.
    fn workflow(&self, text: &str) -> Result<(), String> {
        let mut commands = text.split("run: afterword ").skip(1).peekable();
        if commands.peek().is_none() {
            return Err("it has no command".to_owned());
        }
        for rest in commands {
            let command = rest.lines().next().unwrap_or_default();
            let command = command.split(" > ").next().unwrap_or_default();
            let (code, printed) = self.run(&command.split_whitespace().collect::<Vec<_>>());
            if code > 1 {
                return Err(format!("`{command}` exits with {code}:\n{printed}"));
            }
        }
        Ok(())
    }
}

/// Says whether a text holds what a guide shows of it: line for line, `...` for anything between.
fn agree(shown: &str, found: &str) -> Result<(), String> {
    let trimmed = |text: &str| -> String {
        text.lines()
            .flat_map(|line| ["\n", line.trim_end()])
            .collect::<String>()
            + "\n"
    };
    let (shown, whole) = (trimmed(shown), trimmed(found));
    let mut rest = whole.as_str();
    for part in shown
        .split("\n...\n")
        .filter(|part| !part.trim().is_empty())
    {
        let part = format!("\n{}\n", part.trim_matches('\n'));
        let place = rest
            .find(&part)
            .ok_or_else(|| format!("{part}\nis not in\n{found}"))?;
        rest = &rest[place + part.len() - 1..];
    }
    Ok(())
}
