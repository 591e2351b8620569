//! `afterword init`: lays out a new archive, and overwrites nothing.

use std::io;

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};

use super::{Outcome, print};
use crate::edit;
use crate::load::{CONFIG, schema};
use crate::render::TEMPLATES;

/// What `init` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of the archive; the current one when absent.
    #[arg(value_name = "DIR")]
    archive: Option<Utf8PathBuf>,

    /// Add a first incident to look at.
    #[arg(long)]
    sample: bool,
}

const IGNORE: &str = "# What `afterword build` stages while it runs, and what it keeps for the next one\n.afterword-*\n.afterword/\n";

const ATTRIBUTES: &str = "# Line ends as they are written, on every machine\n\
                          *.toml text eol=lf\n*.json text eol=lf\n*.md text eol=lf\n\
                          # Made by `afterword build`\nsite/** text eol=lf linguist-generated\n";

const SAMPLE: &str = r#"#:schema ../schema/incident.json

title          = "Slow checkout"
severity       = "P3"
classification = "internal"
services       = ["checkout"]

[impact]
level   = "minor"
summary = "checkout slow for some"
type    = "Slow responses"

[root_cause]
primary = "A report that runs every hour locked the table of orders."
contributing_factors = ["The report and the checkout use the same database"]

[lessons]
went_well = ["The alert fired before anybody complained"]

[[action_items]]
action = "Run the report on the replica"
owner  = "Data"
due    = 2030-01-31
type   = "prevent"
"#;

const SAMPLE_TIMELINE: &str = r#"{
  "incident": "INC-2025-0001",
  "date": "2025-01-14",
  "events": [
    { "at": "14:00:05", "kind": "alert", "marks": ["started", "impact_started", "detected"], "text": "Alert fired: checkout slower than 2 s" },
    { "at": "14:03:40", "kind": "ack", "marks": ["acknowledged"], "text": "On-call began to look" },
    { "at": "14:09:15", "kind": "diagnosis", "marks": ["identified"], "text": "Hourly report holds a lock on `orders`" },
    { "at": "14:11:02", "kind": "mitigation", "marks": ["mitigated"], "text": "Report cancelled" },
    { "at": "14:15:30", "kind": "verified", "marks": ["impact_ended", "ended"], "text": "Checkout well again" }
  ]
}
"#;

/// Writes a word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:".contains(c);
    if word.chars().all(plain) && !word.starts_with('-') {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Lays out the archive.
///
/// # Errors
/// A file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = arguments
        .archive
        .as_deref()
        .or(directory)
        .unwrap_or(Utf8Path::new("."));
    let config = TEMPLATES
        .iter()
        .find(|(path, _)| *path == "new/afterword.toml")
        .map(|(_, text)| *text);
    let config = config.ok_or_else(|| anyhow!("the program lacks the template of `{CONFIG}`"))?;
    let schemas = [
        ("schema/incident.json", schema::incident()),
        ("schema/timeline.json", schema::timeline()),
        ("schema/config.json", schema::config()),
    ];
    let mut files: Vec<(&str, String)> = vec![
        (CONFIG, config.to_owned()),
        (".gitignore", IGNORE.to_owned()),
        (".gitattributes", ATTRIBUTES.to_owned()),
        ("incidents/.gitkeep", String::new()),
        ("timelines/.gitkeep", String::new()),
    ];
    files.extend(
        schemas
            .iter()
            .map(|(path, schema)| (*path, format!("{schema:#}\n"))),
    );
    if arguments.sample {
        files.push(("incidents/INC-2025-0001.toml", SAMPLE.to_owned()));
        files.push(("timelines/INC-2025-0001.json", SAMPLE_TIMELINE.to_owned()));
    }
    let mut said = String::new();
    for (path, text) in files {
        let word = match edit::create(&root.join(path), &text) {
            Ok(()) => "made",
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => "kept, as it was there",
            Err(error) => {
                return Err(error).with_context(|| format!("cannot write `{}`", root.join(path)));
            }
        };
        said.push_str(&format!("  {path}  {word}\n"));
    }
    // Whoever said `-C` goes on to say it.
    let enter = arguments.archive.as_deref().filter(|folder| *folder != ".");
    let enter = enter.map(|folder| format!("cd {}\n       ", quoted(folder.as_str())));
    let enter = enter.unwrap_or_default();
    print(&format!(
        "{said}\nnext:  {enter}afterword new \"what happened\" --severity P2\n       afterword build, then open site/index.html\n"
    ))?;
    Ok(Outcome::Done)
}
