//! The command line: its types are its reference.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use clap::{Parser, Subcommand};

use crate::command::{
    self, actions, audit, build, check, comms, explain, import, init, log, memory, new, schema,
    show,
};

/// Incident reports from plain files: TOML and timeline JSON in, the full report out.
#[derive(Debug, Parser)]
#[command(name = "afterword", version)]
pub struct Cli {
    /// Work on the archive in this folder, or in its nearest parent that is one.
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    directory: Option<Utf8PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lay out a new archive.
    Init(init::Arguments),
    /// Start a new incident: its file and its timeline.
    New(new::Arguments),
    /// Add an event to the timeline of an incident.
    Log(log::Arguments),
    /// Turn what other tools and people have written into incidents.
    Import(import::Arguments),
    /// Publish all reports as a site of static files.
    Build(build::Arguments),
    /// Print a message to customers, as it was sent or as a draft.
    Comms(comms::Arguments),
    /// Search a built site for what its readers must not see.
    Audit(audit::Arguments),
    /// Name every fault of every file.
    Check(check::Arguments),
    /// Say what a check finds, and what to write instead.
    Explain(explain::Arguments),
    /// Print the JSON Schema of an input, for editors.
    Schema(schema::Arguments),
    /// Print one report.
    Show(show::Arguments),
    /// Keep the Markdown memory of incidents that agents read.
    Memory(memory::Arguments),
    /// List the action items that are still to be done.
    Actions(actions::Arguments),
}

/// Runs the command that the arguments name, and gives the code to exit with.
///
/// 0 when all is well, 1 when the input has faults, 2 when the command line, the
/// output or a file system is at fault.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let directory = cli.directory.as_deref();
    let result = match &cli.command {
        Command::Init(arguments) => init::run(directory, arguments),
        Command::New(arguments) => new::run(directory, arguments),
        Command::Log(arguments) => log::run(directory, arguments),
        Command::Import(arguments) => import::run(directory, arguments),
        Command::Build(arguments) => build::run(directory, arguments),
        Command::Audit(arguments) => audit::run(directory, arguments),
        Command::Check(arguments) => check::run(directory, arguments),
        Command::Comms(arguments) => comms::run(directory, arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Show(arguments) => show::run(directory, arguments),
        Command::Memory(arguments) => memory::run(directory, arguments),
        Command::Actions(arguments) => actions::run(directory, arguments),
    };
    command::finish(result)
}
