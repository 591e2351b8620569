//! `afterword audit`: looks through a built site for what its readers must not see.

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};

use super::{AudienceArg, Outcome, eprint_line, print, report, root, style};
use crate::audience::Audience;
use crate::audit::{Audit, Words};
use crate::diagnostic::{self, Level, text};
use crate::facts::counted;
use crate::load;
use crate::publish;

/// What `audit` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of the site.
    site: Utf8PathBuf,

    /// Who reads the site.
    #[arg(long, value_enum, default_value_t = AudienceArg::Public)]
    audience: AudienceArg,
}

/// Searches the site.
///
/// # Errors
/// The archive cannot be found, or the site cannot be read.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let mut loaded = load::settings(&root);
    let audience = Audience::from(arguments.audience);
    let read = load::inputs(&root).each(&loaded.archive.config, |record| {
        Words::from_record(&record, audience)
    });
    let mut faults = std::mem::take(&mut loaded.diagnostics);
    faults.extend(read.diagnostics);
    faults.retain(|fault| fault.level == Level::Error);
    if !faults.is_empty() {
        // What is private in a file that cannot be read is not known.
        for source in read.sources {
            loaded.sources.add(source);
        }
        diagnostic::sort(&mut faults, &loaded.sources);
        report(&faults, &loaded.sources);
        return Ok(Outcome::Faults);
    }
    let site = &arguments.site;
    let mut searched = Audit::new(&loaded.archive.config, read.kept, publish::own_texts())
        .folder(site)
        .with_context(|| format!("cannot search `{site}`"))?;
    if searched.files == 0 {
        anyhow::bail!("there is no file in `{site}`");
    }
    diagnostic::sort(&mut searched.diagnostics, &searched.sources);
    if searched.diagnostics.is_empty() {
        let files = i64::try_from(searched.files).unwrap_or(i64::MAX);
        print(&format!(
            "searched {}: nothing that the audience `{audience}` must not see\n",
            counted(files, "file")
        ))?;
        return Ok(Outcome::Done);
    }
    eprint_line(&format!(
        "searched for what the audience `{audience}` must not see; `--audience` names another"
    ));
    print(&text::print(
        &searched.diagnostics,
        &searched.sources,
        style(std::io::stdout()),
    ))?;
    Ok(Outcome::Faults)
}
