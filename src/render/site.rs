//! What templates see that no view of an incident tells them: of the site, and of a new file.

use serde::Serialize;

/// What the templates of every page see of the site.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SiteView {
    /// Its title.
    pub title: String,
    /// Who reads it: `internal`.
    pub audience: &'static str,
    /// Who reads it, in words.
    pub audience_label: &'static str,
    /// Its address on the web, with a slash at its end.
    pub base_url: Option<String>,
    /// The pages that every page leads to, in order.
    pub navigation: Vec<NavigationView>,
}

/// A page that every page leads to.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct NavigationView {
    /// Its name.
    pub title: &'static str,
    /// Its path in the site.
    pub path: &'static str,
}

impl SiteView {
    /// Finds the page of the navigation that a page is or belongs below; the first one by default.
    pub(super) fn section(&self, path: &str) -> &'static str {
        let is_above = |entry: &&NavigationView| {
            let own = entry.path.trim_end_matches(".html");
            let folder = own.strip_suffix("/index").unwrap_or(own);
            let rest = path.strip_prefix(folder);
            path == own || rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let above = self.navigation.iter().find(is_above);
        above
            .or(self.navigation.first())
            .map_or("", |entry| entry.path)
    }
}

/// What the template of a new file sees; the values are written as TOML.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewFileView {
    /// Where the schema lies, from the new file.
    pub schema: String,
    /// What happened.
    pub title: String,
    /// How bad it is.
    pub severity: String,
    /// The timeline's file.
    pub timeline: String,
}
