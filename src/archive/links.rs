//! The links in the texts of an incident, and where those lead that stay in the archive.

use std::borrow::Cow;
use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};

use super::{Record, ReferredFile, resolve};
use crate::dialect::{self, LinkTarget, link};
use crate::kind::{Role, Step, Strings, Visit};

/// A link or an image in a text of an incident.
#[derive(Debug)]
pub struct TextLink<'a, 's> {
    /// The file whose folder the target is relative to.
    pub from: &'a Utf8Path,
    /// The file that contains the text or names the file with it.
    pub file: &'a Utf8Path,
    /// The key path in that file.
    pub steps: &'s [Step<'a>],
    /// The target.
    pub target: &'s LinkTarget,
}

/// The place to which a link leads that names no other host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalTarget {
    /// The report of an incident.
    Report {
        /// The incident's ID.
        id: String,
        /// The extension of the report's file: `html`, `json` or `md`.
        extension: &'static str,
    },
    /// A page that every internal site has, by its path.
    Page(&'static str),
    /// A file of the archive, by its path.
    File(Utf8PathBuf),
    /// A page that no site has, or a path from the root of a host.
    Nowhere,
    /// A path that leaves the archive.
    Outside,
}

/// The anchors on the pages of a report.
#[derive(Debug, Default)]
pub struct ReportAnchors {
    /// Those on the page for internal readers.
    pub internal: BTreeSet<String>,
    /// Those on the page for external readers; none if they may not read the report.
    pub external: BTreeSet<String>,
}

/// The pages that every internal site has.
const PAGES: &[&str] = &[
    "actions.html",
    "actions.md",
    "actions/incidents.html",
    "actions/incidents.md",
    "actions/owners.html",
    "actions/owners.md",
    "comms/index.html",
    "comms/index.md",
    "index.html",
    "index.md",
    "learnings.html",
    "learnings.md",
    "metrics.html",
    "metrics.md",
    "search.html",
];

/// Returns the path of a page that every internal site has, or `None` if there is none at `path`.
#[must_use]
pub fn page(path: &str) -> Option<&'static str> {
    PAGES.iter().copied().find(|page| *page == path)
}

/// Returns a path as a part of a URL: characters that would start another part are percent-encoded.
#[must_use]
pub fn url_path(path: &str) -> String {
    let mut url = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' | '%' | '#' | '?' | '"' | '<' | '>' | '\\' | '`' | '|' | '\0'..='\x1f' | '\x7f' => {
                url.push_str(&format!("%{:02X}", u32::from(c)));
            }
            other => url.push(other),
        }
    }
    url
}

/// Returns the path of a part of a URL; the opposite of [`url_path`].
#[must_use]
pub fn path_in_url(url: &str) -> String {
    String::from_utf8_lossy(&dialect::percent_decoded(url)).into_owned()
}

/// Returns where a link in a text of the file `from` leads; `None` if it leads to another host or to a part of the page.
#[must_use]
pub fn local_target(from: &Utf8Path, target: &str) -> Option<LocalTarget> {
    let written = dialect::local_path(target)?;
    if written.starts_with('/') {
        return Some(LocalTarget::Nowhere);
    }
    let Some(path) = resolve(from, &written) else {
        return Some(LocalTarget::Outside);
    };
    if path.as_str().is_empty() {
        return Some(LocalTarget::Nowhere);
    }
    let known = ["html", "json", "md"];
    let extension = known.iter().find(|known| path.extension() == Some(known));
    // Reports link to each other by their names, wherever their sources are.
    let is_named = !written.contains('/') && extension != Some(&"json");
    Some(match (extension, path.file_stem()) {
        (Some(extension), Some(id)) if is_named || path.starts_with("incidents") => {
            LocalTarget::Report {
                id: id.to_owned(),
                extension,
            }
        }
        _ => match page(path.as_str()) {
            Some(page) => LocalTarget::Page(page),
            None if extension == Some(&"html") => LocalTarget::Nowhere,
            None => LocalTarget::File(path),
        },
    })
}

/// Returns a text as pages other than the report of its incident show it.
#[must_use]
pub fn words(text: &str) -> Cow<'_, str> {
    dialect::with_words(text, &link::is_portable).map_or(Cow::Borrowed(text), Cow::Owned)
}

impl TextLink<'_, '_> {
    /// Returns where the link leads; `None` if it leads to another host or to a part of the page.
    #[must_use]
    pub fn place(&self) -> Option<LocalTarget> {
        local_target(self.from, &self.target.url)
    }
}

impl Record {
    /// Calls a function with each link and image in the texts that its report shows as Markdown.
    pub fn each_link<'a>(&'a self, mut see: impl FnMut(&TextLink<'a, '_>)) {
        let mut look = |from: &'a Utf8Path, file: &'a Utf8Path, steps: &[Step<'a>], text: &str| {
            for target in dialect::targets(text) {
                see(&TextLink {
                    from,
                    file,
                    steps,
                    target: &target,
                });
            }
        };
        let own = self.source.incident.as_path();
        Visit::strings(&self.incident, &mut |steps, role, text| match steps {
            // The texts of messages are plain, and those below `public` are for sites without files.
            [Step::Key("allow" | "public"), ..]
            | [Step::Key("messages"), _, Step::Key("subject" | "body")] => {}
            _ if role == Role::Text => look(own, own, steps, text),
            _ => {}
        });
        let file = self.source.timeline.as_deref().unwrap_or(own);
        let events = &self.timeline.events;
        let is_shown = |index: usize| events.get(index).is_some_and(|event| !event.hidden);
        Visit::strings(&self.timeline, &mut |steps, _, text| match *steps {
            [Step::Key("events"), Step::Index(index), Step::Key("body")] if is_shown(index) => {
                look(own, file, steps, text);
            }
            _ => {}
        });
        let report = self
            .incident
            .report
            .as_ref()
            .and_then(|path| self.resolve(path));
        let report = report.and_then(|path| self.files.get_key_value(&path));
        if let Some((path, ReferredFile::Text(text))) = report {
            look(path, own, &[Step::Key("report")], text);
        }
    }

    /// Returns the record with its texts as pages other than its report show them: with the words of local links.
    #[must_use]
    pub fn for_lists(&self) -> Cow<'_, Self> {
        self.with_words(&link::is_portable)
    }

    /// Returns the record, as an external audience sees it, as its site shows it: without files.
    ///
    /// Of links to other places in the archive the texts have the words, so that no path of the archive is revealed;
    /// `has_report` tells whether a report has a page under its ID.
    #[must_use]
    pub fn for_external(&self, has_report: &dyn Fn(&str) -> bool) -> Self {
        let from = &self.source.incident;
        let keeps = |target: &str| {
            link::is_portable_or_part(target)
                || matches!(local_target(from, target), Some(LocalTarget::Report { id, .. }) if has_report(&id))
        };
        let mut record = self.with_words(&keeps).into_owned();
        for file in record.files.values_mut() {
            *file = match std::mem::replace(file, ReferredFile::Missing) {
                ReferredFile::Text(text) | ReferredFile::Quoted(text) => ReferredFile::Quoted(text),
                ReferredFile::Opaque(_) | ReferredFile::Missing => ReferredFile::Missing,
            };
        }
        record.drop_customers_file();
        record
    }

    /// Returns the record with the words of each link whose target is not kept.
    fn with_words(&self, keeps: &dyn Fn(&str) -> bool) -> Cow<'_, Self> {
        let words = |role: Role, text: &str| match role {
            Role::Text => dialect::with_words(text, keeps),
            _ => None,
        };
        let mut is_changed = false;
        let mut look = |_: &[Step], role, text: &str| is_changed |= words(role, text).is_some();
        Visit::strings(&self.incident, &mut look);
        Visit::strings(&self.timeline, &mut look);
        let report = self.incident.report.as_ref();
        let report = report.and_then(|path| self.resolve(path));
        let written = report.and_then(|path| Some((self.files.get(&path)?, path)));
        let written = written.and_then(|(file, path)| match file {
            ReferredFile::Text(text) => {
                Some((path, ReferredFile::Text(dialect::with_words(text, keeps)?)))
            }
            ReferredFile::Quoted(text) => Some((
                path,
                ReferredFile::Quoted(dialect::with_words(text, keeps)?),
            )),
            ReferredFile::Opaque(_) | ReferredFile::Missing => None,
        });
        if !is_changed && written.is_none() {
            return Cow::Borrowed(self);
        }
        let mut record = self.clone();
        record.incident.rewrite(&words);
        record.timeline.rewrite(&words);
        record.files.extend(written);
        Cow::Owned(record)
    }
}
