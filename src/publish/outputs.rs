//! Entries in, what programs read out: the feed, the index, the sitemap, the guide for language models, and the page
//! for addresses that lead nowhere.
//!
//! It knows nothing of incidents, so it serves every audience alike.

use serde::Serialize;

use super::atom::Feed;
use super::entry::{Entry, address, push_xml, stamp};
use super::{FileSink, PublishError, json, made};
use crate::render::{Renderer, markdown};

/// How many of the latest the page for lost addresses lists.
const LATEST: usize = 5;

/// How many of the latest the feed tells; whoever reads it daily has seen the others.
const MOST_FED: usize = 100;

/// What the outputs are made from.
pub struct Outputs<'a> {
    /// The templates, and what they know of the site.
    pub renderer: &'a Renderer,
    /// Who speaks in the feed.
    pub author: &'a str,
    /// The pages worth telling of, the latest first.
    pub entries: &'a [Entry],
    /// What the feed tells, the latest first.
    pub feed: &'a [Entry],
    /// Pages in Markdown that are good to begin with: title, path, what it is.
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
    /// Makes the files; `pages` are the paths of the pages that are no entries.
    ///
    /// # Errors
    /// A template that asks for what the view does not have, and what `put` gives.
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
        let lost = NotFoundView {
            latest: self
                .entries
                .iter()
                .take(LATEST)
                .map(EntryJson::from)
                .collect(),
        };
        put(&made("404.html", self.renderer.not_found_page(&lost)?))?;
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
        let told = self
            .entries
            .iter()
            .map(|entry| (entry.path.as_str(), entry.updated));
        let mut places: Vec<_> = pages
            .iter()
            .map(|path| (path.as_str(), None))
            .chain(told)
            .map(|(path, updated)| (address(Some(base_url), path), updated))
            .collect();
        places.sort();
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for (place, updated) in places {
            out.push_str("<url><loc>");
            push_xml(&place, &mut out);
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
            "# {}\n\n> Incident reports, for readers of the audience {}. Each page is also there in Markdown, each report in JSON.\n\n## Pages\n\n",
            markdown::text(&site.title),
            site.audience_label
        );
        for (title, path, about) in self.guides {
            out.push_str(&format!(
                "- [{title}]({}): {about}\n",
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
