//! `afterword schema`: prints the JSON Schema of an input file, for editors.

use super::{Outcome, print};
use crate::load::schema;

/// The arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Input file: an incident (TOML), a timeline (JSON), an entry of a timeline (JSON), or `afterword.toml`.
    #[arg(value_enum)]
    input: Input,
}

/// An input file with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Input {
    Incident,
    Timeline,
    Entry,
    Config,
}

/// Prints the schema.
///
/// # Errors
/// Returns an error if standard output cannot be written to.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let schema = match arguments.input {
        Input::Incident => schema::incident(),
        Input::Timeline => schema::timeline(),
        Input::Entry => schema::event(),
        Input::Config => schema::config(),
    };
    print(&format!("{schema:#}\n"))?;
    Ok(Outcome::Done)
}
