//! The command-line interface: the commands, and how a command is run.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command::terminal::Terminal;
use crate::command::{
    self, actions, affects, assign, audit, availability, build, cause, check, comms, completions,
    explain, fold, import, init, list, log, man, memory, metrics, new, rename, schema, severity,
    show, sign_off, status, undo,
};

/// Generate incident reports from TOML files and JSON timelines.
#[derive(Debug, Parser)]
#[command(name = "afterword", version = env!("AFTERWORD_VERSION"))]
pub struct Cli {
    /// Use the archive in DIR or its nearest parent directory.
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    directory: Option<Utf8PathBuf>,

    #[command(flatten)]
    terminal: Terminal,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a new archive.
    Init(init::Arguments),
    /// Create an incident and its timeline.
    New(new::Arguments),
    /// Add an event to an incident's timeline.
    Log(log::Arguments),
    /// List incidents.
    List(list::Arguments),
    /// Print or change the status of an incident.
    Status(status::Arguments),
    /// Change the severity of an incident.
    Severity(severity::Arguments),
    /// Name the commander or another person of an incident.
    Assign(assign::Arguments),
    /// Record affected customers and services.
    Affects(affects::Arguments),
    /// Record the root cause.
    Cause(cause::Arguments),
    /// Sign a report.
    SignOff(sign_off::Arguments),
    /// Take back the last change that a command made.
    Undo(undo::Arguments),
    /// Join the entries of an incident's timeline in one file, and the sides of merge conflicts.
    Fold(fold::Arguments),
    /// Give an incident another ID.
    Rename(rename::Arguments),
    /// Import incidents from existing documents.
    Import(import::Arguments),
    /// Build the static site.
    Build(build::Arguments),
    /// Print a customer message, as sent or as a draft.
    Comms(comms::Arguments),
    /// Scan a built site for information its audience must not see.
    Audit(audit::Arguments),
    /// Check the archive for errors and warnings.
    Check(check::Arguments),
    /// Explain a check and how to fix what it reports.
    Explain(explain::Arguments),
    /// Print the JSON Schema of an input file.
    Schema(schema::Arguments),
    /// Print a report.
    Show(show::Arguments),
    /// Manage the incident memory that AI agents read.
    Memory(memory::Arguments),
    /// List open action items, or change those of an incident.
    Actions(actions::Arguments),
    /// Print response times by severity, quarter or service.
    Metrics(metrics::Arguments),
    /// Print the availability of each service by quarter or month.
    Availability(availability::Arguments),
    /// Print the completions of commands, options and IDs for a shell.
    Completions(completions::Arguments),
    /// Write the manual pages.
    Man(man::Arguments),
}

/// Returns the definition of the command line, with the completion of IDs.
#[must_use]
pub fn definition() -> clap::Command {
    completions::with_ids(Cli::command())
}

/// Reads the arguments; help and errors obey `--color` too.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reader of the command line"
)]
fn parsed() -> Result<Cli, clap::Error> {
    let command = Cli::command().color(command::terminal::color(std::env::args_os()));
    let mut matches = command.try_get_matches()?;
    if let Some(message) = split_text(&matches) {
        return Err(Cli::command().error(ErrorKind::TooManyValues, message));
    }
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))
}

/// The options whose value may have several words.
const WORDED: &[&str] = &[
    "actor", "because", "customer", "factors", "name", "owner", "services", "text", "title",
];

/// Describes a text that an option with a value of several words has split in two, as in `log Restarted --actor Ana Reyes`.
///
/// The text would get the rest of the value. `None` if the text is in one part, apart from an ID in front.
fn split_text(matches: &clap::ArgMatches) -> Option<String> {
    let mut matches = matches;
    while let Some((_, inner)) = matches.subcommand() {
        matches = inner;
    }
    let known = |id: &&&str| matches.try_contains_id(id).unwrap_or_default();
    let text = ["words", "title"].iter().find(|id| {
        let typed = matches.try_get_raw(id).ok().flatten();
        known(id) && typed.is_some_and(|words| words.len() > 1)
    })?;
    let words: Vec<String> = matches
        .get_raw(text)?
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let at: Vec<usize> = matches.indices_of(text)?.collect();
    let options = WORDED.iter().filter(|id| *id != text).filter(known);
    let values: Vec<(&str, usize)> = options
        .flat_map(|id| {
            matches
                .indices_of(id)
                .into_iter()
                .flatten()
                .map(move |at| (*id, at))
        })
        .collect();
    let is_id = |word: &String| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(is_plain)
    };
    let mut parts = at.windows(2).enumerate();
    parts.find_map(|(index, pair)| {
        let [before, after] = pair else {
            return None;
        };
        let (option, _) = values.iter().find(|(_, at)| before < at && at + 1 == *after)?;
        let (first, rest) = words.split_at_checked(index + 1)?;
        let is_only_an_id = matches!(first, [only] if is_id(only));
        (!is_only_an_id).then(|| {
            format!(
                "`{}` comes after the value of `--{}`, and `{}` before it; put a value of several words in quotes",
                rest.join(" "),
                option.trim_end_matches('s').replace('_', "-"),
                first.join(" ")
            )
        })
    })
}

/// Runs the command given by the arguments and returns the exit code.
///
/// The code is 0 on success, 1 if the input or the command line has problems, and 2 if the system fails: a file cannot be
/// read or written.
#[must_use]
pub fn run() -> ExitCode {
    match completions::answer(definition) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return command::finish(Err(error)),
    }
    let cli = match parsed() {
        Ok(cli) => cli,
        Err(error) => return command::usage(&error),
    };
    cli.terminal.set();
    let directory = cli.directory.as_deref();
    let result = match &cli.command {
        Command::Init(arguments) => init::run(directory, arguments),
        Command::New(arguments) => new::run(directory, arguments),
        Command::Log(arguments) => log::run(directory, arguments),
        Command::List(arguments) => list::run(directory, arguments),
        Command::Status(arguments) => status::run(directory, arguments),
        Command::Severity(arguments) => severity::run(directory, arguments),
        Command::Assign(arguments) => assign::run(directory, arguments),
        Command::Affects(arguments) => affects::run(directory, arguments),
        Command::Cause(arguments) => cause::run(directory, arguments),
        Command::SignOff(arguments) => sign_off::run(directory, arguments),
        Command::Undo(arguments) => undo::run(directory, arguments),
        Command::Fold(arguments) => fold::run(directory, arguments),
        Command::Rename(arguments) => rename::run(directory, arguments),
        Command::Import(arguments) => import::run(directory, arguments),
        Command::Build(arguments) => build::run(directory, arguments),
        Command::Audit(arguments) => audit::run(directory, arguments),
        Command::Check(arguments) => check::run(directory, arguments),
        Command::Comms(arguments) => comms::run(directory, arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments, definition()),
        Command::Show(arguments) => show::run(directory, arguments),
        Command::Memory(arguments) => memory::run(directory, arguments),
        Command::Actions(arguments) => actions::run(directory, arguments),
        Command::Metrics(arguments) => metrics::run(directory, arguments),
        Command::Availability(arguments) => availability::run(directory, arguments),
    };
    command::finish(result)
}
