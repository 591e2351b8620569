//! `afterword show`: prints a report.

use camino::Utf8Path;

use super::terminal::remark;
use super::{Outcome, incident, print, root};
use crate::audience::Audience;
use crate::publish::Site;

/// The arguments of `show`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Incident, by its ID, the start or end of its ID, or its file [default: the only current incident].
    #[arg(value_name = "INCIDENT")]
    id: Option<String>,

    /// Output format; `json` is the data that templates receive.
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

/// An output format for a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Markdown,
    Html,
    Json,
}

/// Prints the report.
///
/// # Errors
/// Returns an error if the incident is not found or a template is invalid.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some(id) = incident::to_read(&root, arguments.id.as_deref())? else {
        return Ok(Outcome::Problems);
    };
    let (loaded, errors) = incident::reported(&root, &id)?;
    let Some(record) = loaded
        .archive
        .records
        .iter()
        .find(|record| record.id == id)
        .filter(|_| !errors)
    else {
        return Ok(Outcome::Problems);
    };
    if incident::has_false_facts(&loaded, record)? {
        return Ok(Outcome::Problems);
    }
    // A confidential report is printed, because the user can read its file anyway.
    if record.audience() == Audience::Confidential {
        remark(&format!("note: `{id}` is confidential"));
    }
    let site = Site::new(&loaded.archive, &loaded.templates, Audience::Confidential)?;
    let text = site.with_report(record, |report| -> anyhow::Result<String> {
        Ok(match arguments.format {
            Format::Markdown => site.renderer().markdown(report)?,
            Format::Html => site.renderer().report(report)?.html,
            Format::Json => serde_json::to_string_pretty(report)? + "\n",
        })
    })?;
    print(&text)?;
    Ok(Outcome::Done)
}
