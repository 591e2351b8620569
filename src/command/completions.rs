//! `afterword completions`: prints what a shell needs to complete commands, options and IDs.
//!
//! The shell calls the program for each completion, so IDs are those of the archive it is in.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use camino::Utf8PathBuf;
use clap_complete::env::{CompleteEnv, Shells};
use clap_complete::{ArgValueCompleter, CompletionCandidate};

use super::{Outcome, print, root};
use crate::load;

/// The environment variable by which a shell asks for completions.
pub const VARIABLE: &str = "AFTERWORD_COMPLETE";

/// The arguments of `completions`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Shell to complete in.
    #[arg(value_enum)]
    shell: ShellName,
}

/// A shell whose completions can be extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ShellName {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Elvish,
}

impl ShellName {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Elvish => "elvish",
        }
    }
}

/// Prints the script for a shell.
///
/// # Errors
/// Returns an error if standard output cannot be written to.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let name = arguments.shell.name();
    let shells = Shells::builtins();
    let shell = shells
        .completer(name)
        .ok_or_else(|| anyhow!("unknown shell `{name}`"))?;
    let mut script = Vec::new();
    shell
        .write_registration(VARIABLE, "afterword", "afterword", "afterword", &mut script)
        .context("cannot write the script")?;
    print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}

/// Answers a shell that asks for completions; returns `false` if none does.
///
/// # Errors
/// Returns an error if the variable names an unknown shell, or standard output cannot be written to.
pub fn answer(command: fn() -> clap::Command) -> anyhow::Result<bool> {
    let directory = std::env::current_dir().ok();
    let asked = CompleteEnv::with_factory(command).var(VARIABLE);
    asked
        .try_complete(std::env::args_os(), directory.as_deref())
        .context("cannot complete")
}

/// Adds the completion of IDs to each option and argument that takes one.
#[must_use]
pub fn with_ids(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| {
        let names = arg.get_value_names().unwrap_or_default();
        let is_id = names.iter().any(|name| name.contains("INCIDENT")) || arg.get_id() == "id";
        if is_id {
            arg.add(ArgValueCompleter::new(incidents))
        } else {
            arg
        }
    });
    command.mut_subcommands(with_ids)
}

/// Returns the IDs that start or end with a text; all of them for none.
fn incidents(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str().map(str::to_ascii_lowercase) else {
        return Vec::new();
    };
    let Ok(root) = root(directory(std::env::args_os()).as_deref()) else {
        return Vec::new();
    };
    let ids = load::taken_ids(&root).into_iter();
    let mut ids: Vec<String> = ids
        .filter(|id| {
            let id = id.to_ascii_lowercase();
            id.starts_with(&typed) || (!typed.is_empty() && id.ends_with(&typed))
        })
        .collect();
    // The newest are the likeliest.
    ids.sort_by(|left, right| right.cmp(left));
    ids.into_iter().map(CompletionCandidate::new).collect()
}

/// Returns the directory that the command line to complete gives with `-C`.
fn directory(arguments: impl Iterator<Item = OsString>) -> Option<Utf8PathBuf> {
    let mut arguments = arguments.skip_while(|argument| argument != "--");
    let path = loop {
        let argument = arguments.next()?;
        let text = argument.to_str()?;
        if text == "-C" || text == "--directory" {
            break arguments.next()?;
        }
        if let Some(path) = text
            .strip_prefix("--directory=")
            .or(text.strip_prefix("-C"))
        {
            break path.into();
        }
    };
    Utf8PathBuf::from_path_buf(PathBuf::from(path)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_is_that_of_the_line_to_complete() {
        let found = |line: &str| directory(line.split(' ').map(OsString::from));
        for (line, expected) in [
            ("afterword -C x -- afterword show INC", None),
            ("afterword -- afterword -C a/b show INC", Some("a/b")),
            ("afterword -- afterword -Ca/b show", Some("a/b")),
            ("afterword -- afterword show --directory a/b", Some("a/b")),
            ("afterword -- afterword show --directory=a/b", Some("a/b")),
            ("afterword -- afterword show -C", None),
        ] {
            assert_eq!(
                found(line).as_ref().map(|path| path.as_str()),
                expected,
                "{line}"
            );
        }
    }
}
