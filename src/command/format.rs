//! The output formats of problems, for people and for programs.

use std::fs;

use camino::{Utf8Path, Utf8PathBuf};

use crate::diagnostic::{Diagnostic, Sources, github, gitlab, json, junit, sarif};

/// The options of commands that print problems.
#[derive(Debug, Clone, clap::Args)]
pub struct Printing {
    /// Output format of the problems.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Path to print before file names, for programs that run elsewhere [default: in `sarif`, `github`, `gitlab` and `junit` the folder of the archive in its git repository, otherwise none].
    #[arg(long, value_name = "DIR")]
    path_prefix: Option<Utf8PathBuf>,
}

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text for people.
    Text,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub workflow commands, for annotations.
    Github,
    /// A GitLab Code Quality report.
    Gitlab,
    /// A `JUnit` report, for test results.
    Junit,
}

impl Printing {
    /// Returns `true` if the problems are printed for people.
    pub fn is_text(&self) -> bool {
        matches!(self.format, Format::Text)
    }

    /// Returns the path before the file names of an archive.
    pub fn prefix(&self, root: &Utf8Path) -> Utf8PathBuf {
        match (&self.path_prefix, self.format) {
            (Some(prefix), _) => prefix.clone(),
            (None, Format::Text | Format::Json) => Utf8PathBuf::new(),
            (None, _) => in_repository(root).unwrap_or_default(),
        }
    }

    /// Prints diagnostics for programs; returns `None` for text, which is for people.
    ///
    /// The document is complete if there are no diagnostics, too.
    pub fn document(
        &self,
        diagnostics: &[Diagnostic],
        sources: &Sources,
        deny_warnings: bool,
    ) -> Option<String> {
        Some(match self.format {
            Format::Text => return None,
            Format::Json => json::print(diagnostics, sources),
            Format::Sarif => sarif::print(diagnostics, sources, &super::explain::rules()),
            Format::Github => github::print(diagnostics, sources),
            Format::Gitlab => gitlab::print(diagnostics, sources),
            Format::Junit => junit::print(diagnostics, sources, deny_warnings),
        })
    }
}

/// Returns a folder relative to the root of the git repository that it is in.
fn in_repository(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    let folder = folder.canonicalize_utf8().ok()?;
    // A work tree or a submodule has a file of this name.
    let is_root = |folder: &&Utf8Path| fs::symlink_metadata(folder.join(".git")).is_ok();
    let root = folder.ancestors().find(is_root)?;
    Some(folder.strip_prefix(root).ok()?.to_path_buf())
}
