//! The report of a build: its problems, and the line that summarizes it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::cache::Digest;
use crate::command::format::Printing;
use crate::command::{eprint, print};
use crate::diagnostic::{self, Diagnostic, Level, Sources, text};
use crate::facts::counted;
use crate::publish::Published;

/// How a build reports warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warnings {
    /// As a number.
    Counted,
    /// All of them, as was asked for.
    Printed,
    /// As a number, although all were requested: the log of an external build may be as public as its site, and
    /// warnings quote internal sentences and names.
    Withheld,
}

/// The problems of a build as they are printed: the errors in full, and the warnings as far as they may be.
#[derive(Serialize, Deserialize)]
pub struct Problems {
    /// For people, on standard error.
    pub text: String,
    /// For programs, on standard output.
    pub document: String,
}

impl Problems {
    pub fn new(
        diagnostics: &[Diagnostic],
        sources: &Sources,
        warnings: Warnings,
        printing: &Printing,
        style: text::Style,
    ) -> Self {
        let is_printed = |diagnostic: &&Diagnostic| {
            warnings == Warnings::Printed || diagnostic.level == Level::Error
        };
        let mut printed: Vec<Diagnostic> = diagnostics.iter().filter(is_printed).cloned().collect();
        diagnostic::sort(&mut printed, sources);
        let document = printing.document(&printed, sources, false);
        let mut text = match printed.as_slice() {
            printed @ [_, ..] if document.is_none() => text::excerpt(printed, sources, style),
            _ => String::new(),
        };
        let count = diagnostics.len() - printed.len();
        if count > 0 {
            let count = counted(count, "warning");
            let withheld = match warnings {
                Warnings::Withheld => " (not printed for an external site)",
                Warnings::Counted | Warnings::Printed => "",
            };
            text.push_str(&format!(
                "{count}{withheld}; run `afterword check` for details\n"
            ));
        }
        Self {
            text,
            document: document.unwrap_or_default(),
        }
    }

    pub fn print(&self) -> anyhow::Result<()> {
        eprint(&self.text);
        print(&self.document)
    }
}

/// The result of a build.
#[derive(Serialize, Deserialize)]
pub struct Built {
    pub problems: Problems,
    pub published: Published,
    /// The digest of the files of the site.
    pub site: Digest,
}

impl Built {
    /// Returns the line that summarizes the build.
    pub fn summary(&self, target: &Target, took: Duration) -> String {
        let Target { out, audience, .. } = target;
        let published = &self.published;
        let files = &published.files;
        let mut text = format!(
            "built {} on {} into `{out}` in {} ms ({} written, {} unchanged, {} removed)",
            counted(published.reports, "report"),
            counted(published.pages, "page"),
            took.as_millis(),
            files.written,
            files.unchanged,
            files.removed,
        );
        if published.reused > 0 {
            let reused = counted(published.reused, "report");
            text.push_str(&format!("; {reused} from the cache"));
        }
        if published.withheld > 0 {
            text.push_str(&format!(
                "; {} withheld from the `{audience}` audience",
                counted(published.withheld, "incident")
            ));
        }
        text
    }
}
