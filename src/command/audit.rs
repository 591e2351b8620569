//! `afterword audit`: looks through a built site for what its readers must not see.

use std::collections::BTreeSet;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};

use super::{AudienceArg, Outcome, eprint_line, print, report, root, style, unreadable};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Found, Words};
use crate::diagnostic::{self, Level, text};
use crate::facts::counted;
use crate::load::{self, Loaded};
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
    let words = every_incident(&root, &mut loaded, |record| {
        Words::from_record(record, audience)
    });
    let Ok(words) = words else {
        return Ok(Outcome::Faults);
    };
    let site = &arguments.site;
    let searched = Audit::new(&loaded.archive.config, words, publish::own_texts())
        .folder(site)
        .with_context(|| format!("cannot search `{site}`"))?;
    if searched.files == 0 {
        anyhow::bail!("there is no file in `{site}`");
    }
    if searched.found.is_empty() {
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
    print(&printed(&searched.found, style(std::io::stdout())))?;
    Ok(Outcome::Faults)
}

/// Prints what a search found to standard error.
pub fn report_found(found: &Found) {
    eprint_line(printed(found, style(std::io::stderr())).trim_end());
}

fn printed(found: &Found, style: text::Style) -> String {
    let listed = found.listed();
    let blocks = text::blocks(&listed.diagnostics, listed.sources, style);
    format!("{blocks}{}\n", listed.count)
}

/// Prepares the search of a site before it is put in place.
///
/// For external readers every incident is looked through once more, so that none has to stay in memory.
///
/// # Errors
/// Returns the files that cannot be read; their errors are printed.
pub fn prepared(
    root: &Utf8Path,
    loaded: &mut Loaded,
    audience: Audience,
) -> Result<Audit, BTreeSet<Utf8PathBuf>> {
    let words = if audience.is_external() {
        every_incident(root, loaded, |record| Words::from_record(record, audience))?
    } else {
        Vec::new()
    };
    Ok(Audit::new(
        &loaded.archive.config,
        words,
        publish::own_texts(),
    ))
}

/// Searches a text for external readers, which is no file yet; prints what it must not say, and says whether it is fit.
pub fn searched(audit: &Audit, name: &Utf8Path, text: &str) -> bool {
    let mut found = Found::default();
    found.add(name, text.as_bytes(), audit.file(name, text.as_bytes()));
    if !found.is_empty() {
        report_found(&found);
        eprint_line(
            "nothing written: the text contains information that its audience must not see",
        );
    }
    found.is_empty()
}

/// Reads every incident of an archive whose settings were loaded.
///
/// # Errors
/// Returns the files that cannot be read, of the settings too; their errors are printed.
pub fn every_incident<T: Send>(
    root: &Utf8Path,
    loaded: &mut Loaded,
    keep: impl Fn(&Record) -> T + Sync,
) -> Result<Vec<T>, BTreeSet<Utf8PathBuf>> {
    let read = load::inputs(root).each(&loaded.archive.config, |record| keep(&record));
    let mut errors = std::mem::take(&mut loaded.diagnostics);
    errors.extend(read.diagnostics);
    errors.retain(|fault| fault.level == Level::Error);
    if errors.is_empty() {
        return Ok(read.kept);
    }
    for source in read.sources {
        loaded.sources.add(source);
    }
    diagnostic::sort(&mut errors, &loaded.sources);
    report(&errors, &loaded.sources);
    Err(unreadable(&errors))
}
