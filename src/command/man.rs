//! `afterword man`: writes the manual pages.

use anyhow::Context;
use camino::Utf8PathBuf;

use super::Outcome;
use super::terminal::remark;
use crate::edit;

/// The arguments of `man`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Directory to write `afterword.1` and a page for each command to.
    #[arg(value_name = "DIR")]
    out: Utf8PathBuf,
}

/// Writes the pages; a page that is there already is replaced.
///
/// # Errors
/// Returns an error if the directory cannot be written to.
pub fn run(arguments: &Arguments, mut command: clap::Command) -> anyhow::Result<Outcome> {
    command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    collect(&command, command.get_name().to_owned(), &mut pages)?;
    for (name, page) in &pages {
        let path = arguments.out.join(format!("{name}.1"));
        let written = if path.exists() {
            edit::replace(&path, page)
        } else {
            edit::create(&path, page)
        };
        written.with_context(|| format!("cannot write `{path}`"))?;
    }
    remark(&format!(
        "wrote {} pages into `{}`",
        pages.len(),
        arguments.out
    ));
    Ok(Outcome::Done)
}

/// Collects the page of a command and of its subcommands, each with its name.
fn collect(
    command: &clap::Command,
    name: String,
    pages: &mut Vec<(String, String)>,
) -> anyhow::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .render(&mut page)
        .context("cannot render a page")?;
    pages.push((name.clone(), String::from_utf8_lossy(&page).into_owned()));
    for inner in command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
    {
        collect(inner, format!("{name}-{}", inner.get_name()), pages)?;
    }
    Ok(())
}
