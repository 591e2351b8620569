//! The links of a report's texts that lead to other files of the site.

use std::borrow::Cow;
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::Relations;
use super::parts::href;
use crate::archive::{
    LocalTarget, PictureSize, Record, ReferredFile, local_target, page, path_in_url, url_path,
};
use crate::audience::Audience;

/// The files of the site to which the texts of a report may link.
#[derive(Debug, Clone, Default)]
pub struct LocalLinks {
    /// The file that contains the texts.
    from: Utf8PathBuf,
    /// The URL of each published file of the archive, relative to the report.
    files: BTreeMap<Utf8PathBuf, String>,
    /// The sizes of pictures, by URL.
    pictures: BTreeMap<String, PictureSize>,
    /// The name of the report of each incident that the audience may read, by ID.
    reports: BTreeMap<String, String>,
    has_pages: bool,
}

impl LocalLinks {
    pub(crate) fn new(record: &Record, relations: &Relations, audience: Audience) -> Self {
        let files = record.files.keys().filter_map(|path| {
            let target = record.published(path)?;
            Some((path.clone(), href(&target)))
        });
        let pictures = record.files.iter().filter_map(|(path, file)| match file {
            ReferredFile::Opaque(size) => Some((href(&record.published(path)?), (*size)?)),
            _ => None,
        });
        let related = relations.incidents.iter();
        let reports = related.filter_map(|(id, other)| Some((id.clone(), other.id.clone()?)));
        Self {
            from: record.source.incident.clone(),
            files: files.collect(),
            pictures: pictures.collect(),
            reports: reports
                .chain([(record.id.clone(), record.id.clone())])
                .collect(),
            has_pages: !audience.is_external(),
        }
    }

    /// Returns the same links for the texts of another file.
    #[must_use]
    pub fn seen_from(&self, from: &Utf8Path) -> Self {
        Self {
            from: from.to_owned(),
            ..self.clone()
        }
    }

    /// Returns the size of the picture at a URL, if it is known.
    #[must_use]
    pub fn picture_size(&self, href: &str) -> Option<PictureSize> {
        self.pictures.get(href).copied()
    }

    /// Returns the target of a link as the report must write it, or `None` if the site has nothing there.
    #[must_use]
    pub fn href<'t>(&self, target: &'t str) -> Option<Cow<'t, str>> {
        let (path, end) =
            target.split_at_checked(target.find(['?', '#']).unwrap_or(target.len()))?;
        let Some(place) = local_target(&self.from, target).filter(|_| !self.is_href(path)) else {
            return Some(Cow::Borrowed(target));
        };
        let href = match place {
            LocalTarget::Report { id, extension } => {
                format!("{}.{extension}", self.reports.get(&id)?)
            }
            LocalTarget::Page(page) => self.has_pages.then(|| format!("../{page}"))?,
            LocalTarget::File(path) => self.files.get(&path)?.clone(),
            LocalTarget::Nowhere | LocalTarget::Outside => return None,
        };
        Some(Cow::Owned(href + end))
    }

    /// Returns `true` for a path that leads to what [`href`](Self::href) returns, such as that itself: a text is reviewed
    /// again after each change.
    fn is_href(&self, path: &str) -> bool {
        // `a b.txt` and `a%20b.txt` are one file, but `100%.txt` is not `100%25.txt`.
        let encoded = is_encoded(path).then(|| url_path(&path_in_url(path)));
        let is_same = |href: &String| *href == path || encoded.as_ref() == Some(href);
        let is_report = || {
            let name = path.rsplit_once('.');
            let name = name.filter(|(_, extension)| ["html", "json", "md"].contains(extension));
            name.is_some_and(|(name, _)| self.reports.values().any(|known| known == name))
        };
        let is_page = || path.strip_prefix("../").and_then(page).is_some() && self.has_pages;
        self.files.values().any(is_same) || is_page() || is_report()
    }
}

/// Returns `true` if each `%` of a path starts an encoded byte.
fn is_encoded(path: &str) -> bool {
    path.split('%').skip(1).all(|part| {
        let code = part.get(..2);
        code.is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}
