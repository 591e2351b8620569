//! Reads the fenced blocks of a guide in order and tries each one in a temporary archive.
//!
//! The words after a block's language say what it is:
//!
//! - `incident [ID]`, `timeline [ID]`: the files of an incident; a timeline resets its incident
//!   to the smallest one
//! - `fragment`: lines to add to the smallest incident
//! - `config`, `template PATH`, `file PATH`: other files of the archive; `append PATH` adds lines
//! - `shown [ID]`: an excerpt of the report
//! - `console [TIME]`: commands with their output, run at the pinned time: `afterword`, `cat`,
//!   and `cp` into a folder that may be new
//! - `workflow`: a CI file or script whose `afterword` commands run; `sh` alone: commands of others
//!
//! Files must load without errors, or with errors if `invalid` is added. Any other block is a
//! failure, so that no example goes untested by accident. In an excerpt, a line `...` stands for
//! any number of lines.

use std::fs;
use std::process::Command;

use chrono::DateTime;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use tempfile::TempDir;

/// The incident to which fragments are added.
const SMALLEST: &str =
    "title = \"Checkout errors\"\nseverity = \"P2\"\nclassification = \"internal\"\n\n";

/// 2026-04-01, so that the guides do not age.
const TODAY: i64 = 1_775_001_600;

/// A fenced block of a guide.
pub struct Block {
    /// The line of its fence, from 1.
    pub line: usize,
    /// The words after the fence.
    pub info: String,
    /// The lines inside.
    pub text: String,
}

/// Returns the fenced blocks of a guide.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut is_open = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                found.push(Block {
                    line: text[..range.start].lines().count() + 1,
                    info: info.into_string(),
                    text: String::new(),
                });
                is_open = true;
            }
            Event::Text(piece) if is_open => {
                found.last_mut().expect("it is open").text.push_str(&piece);
            }
            Event::End(TagEnd::CodeBlock) => is_open = false,
            _ => {}
        }
    }
    found
}

/// A block that does not do what it says.
#[derive(Debug)]
pub struct Failure {
    /// What was expected, and what was found.
    pub message: String,
    /// The block with the output that the program prints now, if that is all that differs.
    pub current: Option<String>,
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        let current = None;
        Self { message, current }
    }
}

/// What the blocks of a guide start from.
#[derive(Clone, Copy)]
pub enum Start {
    /// An empty folder.
    Folder,
    /// An archive as `init` creates it.
    Archive,
    /// An archive with the smallest incident.
    Incident,
}

/// A guide with the archive that its blocks have created so far.
pub struct Guide {
    archive: TempDir,
    id: Option<String>,
    now: i64,
}

impl Guide {
    pub fn new(start: Start) -> Self {
        let archive = tempfile::tempdir().expect("a folder");
        let mut guide = Self {
            archive,
            id: None,
            now: TODAY,
        };
        match start {
            Start::Folder => {}
            Start::Archive => assert_eq!(guide.run(&["init"]).0, 0),
            Start::Incident => {
                guide.id = Some("INC-2026-0042".to_owned());
                guide.write(&guide.incident(), SMALLEST);
            }
        }
        guide
    }

    pub fn incident(&self) -> String {
        format!(
            "incidents/{}.toml",
            self.id.as_deref().expect("an incident")
        )
    }

    pub fn write(&self, path: &str, text: &str) {
        crate::site::write(self.archive.path(), path, text);
    }

    /// Runs the program in the archive, and returns its exit status and all that it prints.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_afterword"))
            .args(arguments)
            .current_dir(self.archive.path())
            .env_clear()
            .env("SOURCE_DATE_EPOCH", self.now.to_string())
            .output()
            .expect("the program runs");
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8(printed).expect("UTF-8");
        (output.status.code().expect("no signal"), printed)
    }

    /// Tries the next block.
    pub fn take(&mut self, info: &str, text: &str) -> Result<(), Failure> {
        let words: Vec<&str> = info.split(' ').collect();
        // A console needs no second word to say what it is.
        let (kind, rest) = match words.as_slice() {
            ["console", rest @ ..] => ("console", rest),
            [_, kind, rest @ ..] => (*kind, rest),
            _ => (info, [].as_slice()),
        };
        let named = rest.iter().find(|word| **word != "invalid");
        if let (Some(id), "incident" | "timeline" | "shown") = (named, kind) {
            self.id = Some((*id).to_owned());
        }
        match (kind, named) {
            ("incident", _) => self.write(&self.incident(), text),
            ("fragment", None) => self.write(&self.incident(), &format!("{SMALLEST}{text}")),
            ("timeline", _) => {
                self.write(&self.incident(), SMALLEST);
                let id = self.id.as_deref().expect("an incident");
                self.write(&format!("timelines/{id}.json"), text);
            }
            ("config", None) => {
                let logo = "templates/assets/logo.svg";
                if text.contains(logo) && !self.archive.path().join(logo).exists() {
                    self.write(logo, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n");
                }
                self.write("afterword.toml", text);
            }
            ("template", Some(path)) => self.write(&format!("templates/{path}"), text),
            ("file", Some(path)) => self.write(path, text),
            ("shown", _) => {
                let id = self.id.as_deref().expect("an incident");
                let found = self.run(&["show", id]).1;
                return excerpt(text, &found).map_err(|message| Failure {
                    message,
                    current: Some(refreshed(text, &found, false)),
                });
            }
            // Commands of other programs; those of this one belong into a console.
            ("sh", None) if !text.contains("afterword ") => return Ok(()),
            ("append", Some(path)) => {
                let path = self.archive.path().join(path);
                let old =
                    fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
                fs::write(path, old + text).expect("writable");
            }
            ("workflow", None) => return Ok(self.workflow(text)?),
            ("console", time) => {
                if let Some(time) = time {
                    let time = DateTime::parse_from_rfc3339(time).map_err(|e| e.to_string())?;
                    self.now = time.timestamp();
                }
                return self.console(text);
            }
            _ => return Err(format!("`{info}` does not say what the block is").into()),
        }
        Ok(self.load(rest.contains(&"invalid"))?)
    }

    /// Checks the archive and renders the incident, which must fail if the block is invalid.
    fn load(&self, is_invalid: bool) -> Result<(), String> {
        let (check, problems) = self.run(&["check"]);
        let (show, report) = match &self.id {
            Some(id) => self.run(&["show", id]),
            None => (0, String::new()),
        };
        match (is_invalid, check + show) {
            (true, 0) => Err("no error was found in it".to_owned()),
            (false, 1..) => Err(format!("{problems}{report}")),
            _ => Ok(()),
        }
    }

    /// Runs commands and compares their output, if the block shows it.
    ///
    /// `$ echo $?` prints the last exit status, which must be 0 unless it is printed.
    fn console(&self, text: &str) -> Result<(), Failure> {
        let mut status = 0;
        let mut last = String::new();
        let mut differs = None;
        let mut current = String::new();
        let steps = format!("\n{text}");
        if !steps.starts_with("\n$ ") {
            return Err("it does not start with a command".to_owned().into());
        }
        for step in steps.split("\n$ ").skip(1) {
            let (command, expected) = step.split_once('\n').unwrap_or((step, ""));
            let words = words(command);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let found = match words.as_slice() {
                ["echo", "$?"] => format!("{}\n", std::mem::take(&mut status)),
                ["afterword", arguments @ ..] if status == 0 => {
                    let (code, printed) = self.run(arguments);
                    status = code;
                    last.clone_from(&printed);
                    printed
                }
                ["cat", path] if status == 0 => {
                    let path = self.archive.path().join(path);
                    fs::read_to_string(&path)
                        .map_err(|error| format!("{}: {error}", path.display()))?
                }
                ["cp", from, to] if status == 0 => {
                    let [from, to] = [from, to].map(|path| self.archive.path().join(path));
                    fs::create_dir_all(to.parent().expect("a folder")).expect("writable");
                    fs::copy(from, to).map_err(|error| format!("`{command}`: {error}"))?;
                    String::new()
                }
                _ => return Err(format!("`{command}` cannot run here (status {status})").into()),
            };
            current.push_str(&format!("$ {command}\n"));
            if expected.is_empty() {
                continue;
            }
            match whole(expected, &found) {
                Ok(()) => current.push_str(&format!("{}\n", expected.trim_end_matches('\n'))),
                Err(message) => {
                    differs.get_or_insert(format!("`{command}`: {message}"));
                    current.push_str(&refreshed(expected, &found, true));
                }
            }
        }
        if status != 0 {
            return Err(format!("the last command exits with {status}:\n{last}").into());
        }
        let current = Some(current);
        differs.map_or(Ok(()), |message| Err(Failure { message, current }))
    }

    /// Runs the commands of a CI file, which may report problems but must be well formed.
    fn workflow(&self, text: &str) -> Result<(), String> {
        let commands = text.lines().filter_map(|line| {
            let line = line.trim_start().trim_start_matches("- ");
            let line = line.strip_prefix("run: ").unwrap_or(line);
            line.strip_prefix("afterword ")
        });
        // The commands of the action are run by a test of its own.
        let mut count = text.matches("uses: OWNER/afterword@").count();
        for command in commands {
            let command = command.split(" > ").next().unwrap_or_default();
            let words = words(command);
            let (code, printed) = self.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
            let is_usage = printed.contains("For more information, try '--help'");
            if code > 1 || is_usage {
                return Err(format!("`{command}` exits with {code}:\n{printed}"));
            }
            count += 1;
        }
        (count > 0)
            .then_some(())
            .ok_or("it has no command".to_owned())
    }
}

/// Splits a command into words, with double quotes as in a shell.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('"').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn lines(text: &str) -> Vec<&str> {
    text.trim_end().lines().map(str::trim_end).collect()
}

/// Compares an excerpt with a text: each part of it must occur, in order.
fn excerpt(shown: &str, found: &str) -> Result<(), String> {
    whole(&format!("...\n{}\n...", shown.trim_end()), found)
}

/// Compares all of a text, in which `...` stands for any number of lines.
fn whole(shown: &str, found: &str) -> Result<(), String> {
    let (shown, text) = (lines(shown), lines(found));
    let parts: Vec<&[&str]> = shown.split(|line| *line == "...").collect();
    let mut rest = text.as_slice();
    let last = parts.len() - 1;
    for (index, part) in parts.iter().enumerate() {
        let start = match index {
            // A part at one end of the excerpt is at this end of the text.
            0 => rest.starts_with(part).then_some(0),
            _ if index == last => rest.ends_with(part).then(|| rest.len() - part.len()),
            _ if part.is_empty() => Some(0),
            _ => rest.windows(part.len()).position(|window| window == *part),
        };
        let start = start.ok_or_else(|| format!("\n{}\nis not in\n{found}", part.join("\n")))?;
        rest = &rest[start + part.len()..];
    }
    if parts.len() == 1 && !rest.is_empty() {
        return Err(format!("the output goes on:\n{}", rest.join("\n")));
    }
    Ok(())
}

/// Replaces each part of an excerpt by the lines of a text that are most like it.
fn refreshed(shown: &str, found: &str, is_whole: bool) -> String {
    let (shown, text) = (lines(shown), lines(found));
    let parts: Vec<&[&str]> = shown.split(|line| *line == "...").collect();
    if is_whole && parts.len() == 1 {
        return format!("{}\n", text.join("\n"));
    }
    let last = parts.len() - 1;
    let mut rest = text.as_slice();
    let mut current: Vec<String> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let most = rest.len().saturating_sub(part.len());
        let start = match index {
            0 if is_whole => 0,
            _ if is_whole && index == last => most,
            _ => (0..=most)
                .rev()
                .max_by_key(|start| likeness(part, &rest[*start..]))
                .unwrap_or(0),
        };
        let end = (start + part.len()).min(rest.len());
        current.push(rest[start..end].join("\n"));
        rest = &rest[end..];
    }
    format!("{}\n", current.join("\n...\n").trim_matches('\n'))
}

/// Counts the words that the lines of a part share with those of a text.
fn likeness(part: &[&str], text: &[&str]) -> usize {
    let shared = |(left, right): (&&str, &&str)| {
        let right: Vec<&str> = right.split_whitespace().collect();
        left.split_whitespace()
            .filter(|word| right.contains(word))
            .count()
    };
    part.iter().zip(text).map(shared).sum()
}
