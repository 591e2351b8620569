//! `afterword completions`: prints what a shell needs to complete commands, options and IDs.
//!
//! The shell calls the program for each completion, so IDs are those of the archive it is in.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use clap::ValueHint;
use clap_complete::engine::{PathCompleter, ValueCompleter};
use clap_complete::env::{CompleteEnv, Shells};
use clap_complete::{ArgValueCompleter, CompletionCandidate};

use super::assign::ROLES;
use super::status::STATUSES;
use super::{Outcome, Today, explain, print, root, summaries, vocabulary};
use crate::archive::Record;
use crate::audience::Audience;
use crate::facts::Summary;
use crate::incident::ActionItem;
use crate::kind::{Role, Visit};
use crate::load;
use crate::view::action::{self, ActionRow, Urgency};

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

/// The names of values that are paths of files.
const FILES: &[&str] = &["FILE", "PATH", "ALERT", "RESULTS"];

/// Adds the completion of IDs, of paths, and of the words that may follow them, to each option and argument that takes them.
#[must_use]
pub fn with_ids(command: clap::Command) -> clap::Command {
    let command_name = command.get_name().to_owned();
    let command = command.mut_args(|arg| {
        let is = |part: &str| {
            let mut names = arg.get_value_names().unwrap_or_default().iter();
            names.any(|name| name.contains(part))
        };
        let is_incident = is("INCIDENT") || (arg.get_id() == "id" && arg.is_positional());
        let completer = match arg.get_id().as_str() {
            _ if is_incident => completer(incidents),
            "words" if is("ACTION") => {
                completer(|typed: &OsStr| [actions(typed), first_id(typed)].concat())
            }
            "words" if is("STATUS") => completer(|typed: &OsStr| {
                [words(typed, STATUSES.iter().copied()), first_id(typed)].concat()
            }),
            "words" if is("ROLE") => completer(|typed: &OsStr| {
                let roles = || ROLES.iter().map(|(role, _)| *role);
                let is_role = |word: OsString| roles().any(|role| word == role);
                if words_before(typed).any(is_role) {
                    return people(typed);
                }
                [words(typed, roles()), first_id(typed)].concat()
            }),
            "words" if is("KEY") => {
                completer(|typed: &OsStr| [severities(typed), first_id(typed)].concat())
            }
            "severity" => completer(severities),
            "services" | "service" => completer(|typed: &OsStr| used(typed, vocabulary::services)),
            "channel" => completer(|typed: &OsStr| used(typed, vocabulary::channels)),
            "customer" => completer(customers),
            "owner" | "approved_by" | "actor" => completer(people),
            "name" if command_name == "sign-off" => completer(people),
            "code" if command_name == "explain" => completer(|typed: &OsStr| {
                words(typed, explain::rules().iter().map(|rule| rule.code))
            }),
            "paths" if command_name == "check" => incidents_and_paths(),
            "words" => completer(first_id),
            _ if is("DIR") || is("SITE") => return arg.value_hint(ValueHint::DirPath),
            _ if FILES.iter().any(|name| is(name)) => return arg.value_hint(ValueHint::AnyPath),
            _ => return arg,
        };
        arg.add(completer)
    });
    command.mut_subcommands(with_ids)
}

fn completer(words: impl Fn(&OsStr) -> Vec<String> + Send + Sync + 'static) -> ArgValueCompleter {
    ArgValueCompleter::new(move |typed: &OsStr| {
        let found = words(typed).into_iter();
        found.map(CompletionCandidate::new).collect()
    })
}

/// Returns IDs as [`incidents`] does, and the paths of files.
fn incidents_and_paths() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let ids = incidents(typed).into_iter().map(CompletionCandidate::new);
        ids.chain(PathCompleter::any().complete(typed)).collect()
    })
}

/// Returns the names of a kind that the archive uses and that start with a text.
fn used(typed: &OsStr, names: impl Fn(&Utf8Path) -> anyhow::Result<Vec<String>>) -> Vec<String> {
    let names = archive().and_then(|root| names(&root).ok());
    words(typed, names.unwrap_or_default().iter().map(String::as_str))
}

/// Returns the customers of all incidents that start with a text.
fn customers(typed: &OsStr) -> Vec<String> {
    let Some(root) = archive() else {
        return Vec::new();
    };
    of_records(&root, |record| {
        let rows = record.customers();
        words(typed, rows.map(|customer| &*customer.name))
    })
}

/// Returns the people of all incidents whose names start with a text, with the owners of action items.
fn people(typed: &OsStr) -> Vec<String> {
    let Some(root) = archive() else {
        return Vec::new();
    };
    of_records(&root, |record| {
        let mut names: Vec<&str> = Vec::new();
        let mut see = |role, text| {
            if role == Role::Person {
                names.push(text);
            }
        };
        Visit::strings(&record.incident, &mut |_, role, text| see(role, text));
        let items = record.incident.action_items.iter();
        names.extend(items.flat_map(ActionItem::owners));
        words(typed, names.into_iter())
    })
}

/// Collects names of all incidents, of which each is in memory only while it is looked at.
fn of_records(root: &Utf8Path, names: impl Fn(&Record) -> Vec<String> + Sync) -> Vec<String> {
    let config = load::settings(root).archive.config;
    let read = load::inputs(root).each(&config, |record| names(&record));
    let mut names = read.kept.concat();
    names.sort_unstable();
    names.dedup();
    names
}

/// Returns the IDs of incidents as [`incidents`] does, unless the command line names an incident already.
fn first_id(typed: &OsStr) -> Vec<String> {
    let Some(root) = archive() else {
        return Vec::new();
    };
    let is_option = || words_before(typed).any(|word| word == "--incident");
    if is_option() || named(&root, typed).is_some() {
        Vec::new()
    } else {
        incidents(typed)
    }
}

/// Returns the words of the command line apart from the one to complete.
fn words_before(typed: &OsStr) -> impl Iterator<Item = OsString> {
    let line = std::env::args_os().skip_while(|argument| argument != "--");
    line.filter(move |word| word != typed)
}

/// Returns the ID of the incident that the command line names.
fn named(root: &Utf8Path, typed: &OsStr) -> Option<String> {
    let ids = load::taken_ids(root);
    let mut named = words_before(typed).filter_map(|word| word.into_string().ok());
    named.find(|word| ids.iter().any(|id| id == word))
}

/// Returns the IDs of open action items that start or end with a text, of the incident that the command line names if it
/// names one.
fn actions(typed: &OsStr) -> Vec<String> {
    let Some(root) = archive() else {
        return Vec::new();
    };
    let incident = named(&root, typed);
    let typed = lowercase(typed).unwrap_or_default();
    let read = summaries::read(&root, Audience::Confidential).ok();
    let summaries = read.iter().flat_map(|(_, read)| read.summaries.iter());
    let summaries: Vec<&Summary> = summaries.collect();
    let Ok(today) = read.as_ref().map_or(Ok(None), |(loaded, _)| {
        Today::resolve(None, &loaded.archive.config).map(Some)
    }) else {
        return Vec::new();
    };
    let rows = today
        .map(|today| action::rows(&summaries, today.0))
        .unwrap_or_default();
    let open = rows.iter().filter(|row| row.urgency != Urgency::Closed);
    let is_of = |row: &&&ActionRow| incident.as_ref().is_none_or(|id| row.incident == id);
    let found = open.filter(|row| is_of(&row) && is_meant(row.id, &typed));
    found.map(|row| row.id.to_owned()).collect()
}

/// Returns the severities of the archive that start with a text.
fn severities(typed: &OsStr) -> Vec<String> {
    let Some(root) = archive() else {
        return Vec::new();
    };
    let known = load::settings(&root).archive.config.severities();
    words(typed, known.iter().map(|severity| severity.key.as_str()))
}

fn words<'a>(typed: &OsStr, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let typed = lowercase(typed).unwrap_or_default();
    let found = known.filter(|word| word.to_ascii_lowercase().starts_with(&typed));
    found.map(str::to_owned).collect()
}

fn lowercase(typed: &OsStr) -> Option<String> {
    typed.to_str().map(str::to_ascii_lowercase)
}

/// Returns the archive of the command line to complete.
fn archive() -> Option<Utf8PathBuf> {
    root(directory(std::env::args_os()).as_deref()).ok()
}

/// Returns `true` if an ID starts with a text, or ends with one that is not empty.
fn is_meant(id: &str, typed: &str) -> bool {
    let id = id.to_ascii_lowercase();
    id.starts_with(typed) || (!typed.is_empty() && id.ends_with(typed))
}

/// Returns the IDs that start or end with a text; all of them for none.
fn incidents(typed: &OsStr) -> Vec<String> {
    let (Some(typed), Some(root)) = (lowercase(typed), archive()) else {
        return Vec::new();
    };
    let ids = load::taken_ids(&root).into_iter();
    let mut ids: Vec<String> = ids.filter(|id| is_meant(id, &typed)).collect();
    // The newest are the likeliest.
    ids.sort_by(|left, right| right.cmp(left));
    ids
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
