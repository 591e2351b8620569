//! Writes the files for programs: the feed, the index, the sitemap and the guide for language models; and the
//! *not found* page.
//!
//! The input is entries and not incidents, so all audiences share this code.

use serde::Serialize;

use super::atom::Feed;
use super::entry::{Entry, address, push_xml, stamp};
use super::{FileSink, PublishError, json, made};
use crate::render::{Renderer, markdown};

/// The number of latest entries on the *not found* page.
const LATEST: usize = 5;

/// The maximum number of entries in the feed; a daily reader has seen the older ones.
const MOST_FED: usize = 100;

/// The input of the outputs.
pub struct Outputs<'a> {
    /// The templates, with the site's settings.
    pub renderer: &'a Renderer,
    /// The author of the feed.
    pub author: &'a str,
    /// The entries of the index, latest first.
    pub entries: &'a [Entry],
    /// The entries of the feed, latest first.
    pub feed: &'a [Entry],
    /// Markdown pages to start with: title, path and description.
    pub guides: &'a [(&'a str, &'a str, &'a str)],
}

#[derive(Serialize)]
struct IndexJson<'a> {
    title: &'a str,
    audience: &'a str,
    base_url: Option<&'a str>,
    incidents: Vec<EntryJson<'a>>,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    id: &'a str,
    title: &'a str,
    path: &'a str,
    day: Option<String>,
    updated: Option<String>,
    summary: &'a str,
}

impl<'a> From<&'a Entry> for EntryJson<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            id: &entry.id,
            title: &entry.title,
            path: &entry.path,
            day: entry.day.map(|day| day.to_string()),
            updated: entry.updated.map(stamp),
            summary: &entry.summary,
        }
    }
}

#[derive(Serialize)]
struct NotFoundView<'a> {
    latest: Vec<EntryJson<'a>>,
}

impl Outputs<'_> {
    /// Renders the files; `pages` are the paths of the pages without an entry.
    ///
    /// # Errors
    /// Returns an error if a template uses a field that its view lacks, or if `put` returns one.
    pub fn files(&self, pages: &[String], put: FileSink) -> Result<(), PublishError> {
        let site = self.renderer.site();
        let base_url = site.base_url.as_deref();
        let feed = Feed {
            title: &site.title,
            path: "feed.atom",
            page: "index.html",
            base_url,
            author: self.author,
            entries: self.feed.get(..MOST_FED).unwrap_or(self.feed),
        };
        let (dated, undated): (Vec<_>, Vec<_>) =
            self.entries.iter().partition(|entry| entry.day.is_some());
        let latest = dated.into_iter().chain(undated).take(LATEST);
        let not_found = NotFoundView {
            latest: latest.map(EntryJson::from).collect(),
        };
        put(&made("404.html", self.renderer.not_found_page(&not_found)?))?;
        put(&made("feed.atom", feed.to_xml()))?;
        put(&json("index.json", &self.index())?)?;
        put(&made("llms.txt", self.guide()))?;
        if let Some(base_url) = base_url {
            put(&made("sitemap.xml", self.sitemap(base_url, pages)))?;
        }
        Ok(())
    }

    fn index(&self) -> IndexJson<'_> {
        let site = self.renderer.site();
        IndexJson {
            title: &site.title,
            audience: site.audience,
            base_url: site.base_url.as_deref(),
            incidents: self.entries.iter().map(EntryJson::from).collect(),
        }
    }

    fn sitemap(&self, base_url: &str, pages: &[String]) -> String {
        let entries = self
            .entries
            .iter()
            .map(|entry| (entry.path.as_str(), entry.updated));
        let mut urls: Vec<_> = pages
            .iter()
            .map(|path| (path.as_str(), None))
            .chain(entries)
            .map(|(path, updated)| (address(Some(base_url), path), updated))
            .collect();
        urls.sort();
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for (url, updated) in urls {
            out.push_str("<url><loc>");
            push_xml(&url, &mut out);
            out.push_str("</loc>");
            if let Some(updated) = updated {
                out.extend(["<lastmod>", &stamp(updated), "</lastmod>"]);
            }
            out.push_str("</url>\n");
        }
        out.push_str("</urlset>\n");
        out
    }

    fn guide(&self) -> String {
        let site = self.renderer.site();
        let base_url = site.base_url.as_deref();
        let mut out = format!(
            "# {}\n\n> Incident reports for the audience {}. Every page is also available as Markdown, and every report as JSON.\n\n## Pages\n\n",
            markdown::text(&site.title),
            site.audience_label
        );
        for (title, path, description) in self.guides {
            out.push_str(&format!(
                "- [{title}]({}): {description}\n",
                address(base_url, path)
            ));
        }
        out.push_str("\n## Incidents\n\n");
        for entry in self.entries {
            let path = entry.path.replace(".html", ".md");
            let title = markdown::label(&entry.title);
            let summary = markdown::text(&entry.summary);
            out.push_str(&format!(
                "- [{title}]({}): {summary}\n",
                address(base_url, &path)
            ));
        }
        out
    }
}
