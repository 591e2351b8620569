//! `afterword audit`: scans a built site for information that its audience must not see.

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};

use super::format::Printing;
use super::terminal::{echo, remark};
use super::{
    AudienceArg, Outcome, Unread, UnreadFiles, eprint_line, print, report, root, style, unreadable,
};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Found, Words};
use crate::config::Config;
use crate::diagnostic::{self, text};
use crate::facts::counted;
use crate::load::{self, Loaded};
use crate::publish;

/// The arguments of `audit`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Site directory.
    site: Utf8PathBuf,

    /// Audience of the site.
    #[arg(long, value_enum, default_value_t = AudienceArg::Public)]
    audience: AudienceArg,

    #[command(flatten)]
    printing: Printing,
}

/// Scans the site.
///
/// # Errors
/// Returns an error if the archive cannot be found or the site cannot be read.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let mut loaded = load::settings(&root);
    let audience = Audience::from(arguments.audience);
    let words = every_incident(&root, &mut loaded, |record, config| {
        Words::from_record(record, audience, config)
    });
    let Ok(words) = words else {
        return Ok(Outcome::Problems);
    };
    let site = &arguments.site;
    let mut scanned = Audit::new(&loaded.archive.config, words, publish::own_texts())
        .folder(site)
        .with_context(|| format!("cannot scan `{site}`"))?;
    if scanned.files == 0 {
        anyhow::bail!("no files found in `{site}`");
    }
    let found = &mut scanned.found;
    if let Some(document) = document(found, site, &arguments.printing) {
        print(&document)?;
        return Ok(if found.is_empty() {
            Outcome::Done
        } else {
            Outcome::Problems
        });
    }
    if found.is_empty() {
        echo(&format!(
            "scanned {} for the `{audience}` audience: no confidential terms or secrets found\n",
            counted(scanned.files, "file")
        ))?;
        return Ok(Outcome::Done);
    }
    remark(&format!(
        "scanned for what the `{audience}` audience must not see; use `--audience` for another audience"
    ));
    print(&printed(found, style(std::io::stdout())))?;
    Ok(Outcome::Problems)
}

/// Prints the findings in the files of a site for programs; returns `None` for text.
pub fn document(found: &mut Found, site: &Utf8Path, printing: &Printing) -> Option<String> {
    found.set_prefix(&printing.prefix(site));
    let listed = found.listed();
    printing.document(&listed.diagnostics, listed.sources, false)
}

/// Prints the findings of a scan to standard error.
pub fn report_found(found: &Found) {
    eprint_line(printed(found, style(std::io::stderr())).trim_end());
}

fn printed(found: &Found, style: text::Style) -> String {
    let listed = found.listed();
    let blocks = text::blocks(&listed.diagnostics, listed.sources, style);
    format!("{blocks}{}\n", listed.count)
}

/// Scans a text before external readers get it, and prints the findings.
///
/// Returns `true` if nothing was found.
pub fn is_clean(audit: &Audit, name: &Utf8Path, text: &str) -> bool {
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

/// Reads every incident of an archive whose settings are loaded.
///
/// # Errors
/// Returns the files that cannot be read, of the settings too; their errors are printed.
pub fn every_incident<T: Send>(
    root: &Utf8Path,
    loaded: &mut Loaded,
    keep: impl Fn(&Record, &Config) -> T + Sync,
) -> Result<Vec<T>, UnreadFiles> {
    let config = &loaded.archive.config;
    let read = load::inputs(root).each(config, |record| keep(&record, config));
    let mut errors = std::mem::take(&mut loaded.diagnostics);
    errors.extend(read.diagnostics);
    errors.extend(
        super::check::memory(root.into(), loaded)
            .err()
            .into_iter()
            .flatten(),
    );
    errors.retain(|found| Unread::from_diagnostic(found).is_some());
    if errors.is_empty() {
        return Ok(read.kept);
    }
    diagnostic::sort(&mut errors, &loaded.sources);
    report(&errors, &loaded.sources);
    Err(unreadable(&errors))
}
