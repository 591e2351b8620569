//! `afterword cause`: records the root cause.

use camino::Utf8Path;

use super::change::{Change, refused};
use super::log::{one_of, value};
use super::terminal::echo;
use super::typed;
use super::{Outcome, incident, root};
use crate::incident::CauseStatus;
use crate::source::Path;
use clap::builder::TypedValueParser;

/// The arguments of `cause`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword cause [OPTIONS] [ID] <TEXT>...")]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident], and the cause in one or two sentences: a condition that
    /// you can change, not a person. It need not be quoted. `-` reads it from standard input.
    #[arg(value_name = "TEXT")]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// How certain the cause is [default: as in the file].
    #[arg(long, value_name = "STATUS", value_parser = one_of(CauseStatus::KEYS).try_map(value::<CauseStatus>))]
    status: Option<CauseStatus>,

    /// Condition that let the cause have impact, or that delayed its detection (repeatable); `-` reads it from
    /// standard input.
    #[arg(long = "factor", value_name = "TEXT")]
    factors: Vec<String>,
}

/// Records the cause.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let found = incident::to_change(&root, arguments.incident.as_deref(), &arguments.words)?;
    let Some((id, words)) = found else {
        return Ok(Outcome::Problems);
    };
    if words.is_empty() && arguments.status.is_none() && arguments.factors.is_empty() {
        return Ok(refused(format!("missing cause of `{id}`")));
    }
    let primary = match words {
        [] => None,
        words => Some(typed::block(&words.join(" "), "cause")?),
    };
    let factors = arguments.factors.iter();
    let factors = factors.map(|factor| typed::block(factor, "factor"));
    let factors: Vec<_> = factors.collect::<Result<_, _>>()?;
    let Some(mut change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let table = Path::new().key("root_cause");
    let mut done = Vec::new();
    if let Some(text) = &primary {
        done.push(format!("cause: {}", text.trim()));
        change.edit(|edited| edited.set(&table.clone().key("primary"), text))?;
    }
    if let Some(status) = arguments.status {
        change.edit(|edited| edited.set(&table.clone().key("status"), status))?;
        done.push(format!("{status:?}").to_lowercase());
    }
    for text in &factors {
        change.edit(|edited| edited.append(&table.clone().key("contributing_factors"), text))?;
        done.push(format!("factor: {}", text.trim()));
    }
    if change.write(&format!("cause {id}"))?.is_none() {
        return Ok(Outcome::Problems);
    }
    echo(&format!("{id}  {}\n", done.join("; ")))?;
    Ok(Outcome::Done)
}
