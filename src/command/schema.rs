//! `afterword schema`: prints the JSON Schema of an input, for editors.

use super::{Outcome, print};
use crate::load::schema;

/// What `schema` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The input: an incident's TOML, a timeline's JSON, or `afterword.toml`.
    #[arg(value_enum)]
    input: Input,
}

/// An input that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Input {
    Incident,
    Timeline,
    Config,
}

/// Prints the schema.
///
/// # Errors
/// Standard output is full.
pub fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let schema = match arguments.input {
        Input::Incident => schema::incident(),
        Input::Timeline => schema::timeline(),
        Input::Config => schema::config(),
    };
    print(&format!("{schema:#}\n"))?;
    Ok(Outcome::Done)
}
