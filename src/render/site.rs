//! Defines the site and the values of a new file, as templates see them.

use serde::Serialize;

/// The site, as the templates of all pages see it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SiteView {
    /// The title.
    pub title: String,
    /// The audience, such as `internal`.
    pub audience: &'static str,
    /// The label of the audience.
    pub audience_label: &'static str,
    /// The URL of the site with a final slash, or `None` if it is not set.
    pub base_url: Option<String>,
    /// The path of the logo in the site.
    pub logo: Option<String>,
    /// The links in the header of sites for customers and the public.
    pub links: Vec<SiteLinkView>,
    /// The pages that every page links to, in order.
    pub navigation: Vec<NavigationView>,
}

/// A link to another site.
#[derive(Debug, Clone, Serialize)]
pub struct SiteLinkView {
    /// The text.
    pub title: String,
    /// The URL.
    pub url: String,
}

/// A page that every page links to.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NavigationView {
    /// The title.
    pub title: &'static str,
    /// The path in the site.
    pub path: &'static str,
}

impl SiteView {
    /// Returns the path of the navigation page that a page is or belongs to, or of the first one.
    pub(super) fn section(&self, path: &str) -> &'static str {
        let is_above = |entry: &&NavigationView| {
            let entry = entry.path.trim_end_matches(".html");
            let folder = entry.strip_suffix("/index").unwrap_or(entry);
            let rest = path.strip_prefix(folder);
            // The memory has what agents read of the learnings.
            let is_memory = (path, entry) == ("memory", "learnings");
            path == entry || is_memory || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let above = self.navigation.iter().find(is_above);
        above
            .or(self.navigation.first())
            .map_or("", |entry| entry.path)
    }
}

/// The values of a new file, which its template writes as TOML.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewFileView {
    /// The path of the schema, relative to the new file.
    pub schema: String,
    /// The title.
    pub title: String,
    /// The severity.
    pub severity: String,
    /// The path of the timeline.
    pub timeline: String,
    /// Whether services are known, so that the template needs no example of them.
    pub has_services: bool,
}
