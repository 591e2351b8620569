//! The files that are of no one incident: the index, what is listed by what, and the assets.
//!
//! They are made from summaries of the incidents that the audience may read and
//! of no others, so that no count, name or day of the others can show.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::actions;
use super::calendar::calendar;
use super::{Bytes, File, PublishError, Site};
use crate::audience::Audience;
use crate::metrics::Metrics;
use crate::render::{ASSETS, NavigationView};
use crate::view::action::{self, ActionRow, ActionsView};
use crate::view::chart::ChartsView;
use crate::view::group::{Group, Groups};
use crate::view::index::IndexView;
use crate::view::metrics::MetricsView;
use crate::view::row::Listing;

/// A page: its template, its path without an ending, and what it shows.
struct Page<'v> {
    template: &'static str,
    path: String,
    view: PageView<'v>,
}

/// What a page shows.
#[derive(Serialize)]
#[serde(untagged)]
enum PageView<'v> {
    Index(&'v IndexView<'v, 'v>),
    Actions(ActionsView<'v, 'v>),
    Metrics {
        #[serde(flatten)]
        view: &'v MetricsView,
        charts: ChartsView,
    },
    Groups(&'v Groups<'v, 'v>),
    Group(&'v Group<'v, 'v>),
}

/// Lists the pages that every page of a site for an audience leads to.
pub(super) fn navigation(audience: Audience) -> Vec<NavigationView> {
    let entry = |title, path| NavigationView { title, path };
    let mut entries = vec![entry("Incidents", "index.html")];
    if audience >= Audience::Internal {
        entries.push(entry("Actions", "actions.html"));
        // `comms/index.html` belongs here.
        entries.push(entry("Metrics", "metrics.html"));
    }
    entries
}

impl Site<'_> {
    /// Makes the files that are of no one incident; what is overdue in them is so as of a day.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn common(&self, as_of: NaiveDate) -> Result<Vec<File>, PublishError> {
        let listing = Listing::of(&self.summaries, &self.archive.config, self.audience);
        let groups = Groups::all(&listing);
        let index = IndexView::of(&listing, &groups, as_of);
        let mut pages = vec![page("index", "index", PageView::Index(&index))];
        for groups in &groups {
            let folder = groups.by.folder;
            if !groups.groups.is_empty() {
                let path = format!("{folder}/index");
                pages.push(page("groups", path, PageView::Groups(groups)));
            }
            for group in &groups.groups {
                let path = format!("{folder}/{}", group.slug);
                pages.push(page("group", path, PageView::Group(group)));
            }
        }
        let summaries = listing.summaries();
        let rows = action::rows(&summaries, as_of);
        let by_urgency = ActionsView::of(&rows, as_of);
        let by_owner = ActionsView::by_owner(&rows, as_of);
        let by_incident = ActionsView::by_incident(&rows, as_of);
        pages.extend([
            page("actions", "actions", PageView::Actions(by_urgency)),
            page("actions", "actions/owners", PageView::Actions(by_owner)),
            page(
                "actions",
                "actions/incidents",
                PageView::Actions(by_incident),
            ),
        ]);
        let metrics = Metrics::of(&summaries, &self.archive.config, as_of);
        let tags = groups.iter().find(|groups| groups.by.folder == "tags");
        let tags = tags.map(Groups::slugs).unwrap_or_default();
        let metrics = MetricsView::of(&metrics, &self.archive.config, &tags, as_of);
        let view = PageView::Metrics {
            charts: ChartsView::of(&metrics),
            view: &metrics,
        };
        pages.push(page("metrics", "metrics", view));
        let rendered: Vec<Result<[File; 2], PublishError>> =
            pages.par_iter().map(|page| self.page(page)).collect();
        let mut files = self.assets();
        let all: Vec<&ActionRow> = rows.iter().collect();
        files.extend([
            made("actions.csv", actions::csv(&all)),
            made("actions.ics", self.calendar(&all)),
            json("metrics.json", &metrics)?,
        ]);
        for pair in rendered {
            files.extend(pair?);
        }
        Ok(files)
    }

    fn page(&self, page: &Page) -> Result<[File; 2], PublishError> {
        let Page {
            template,
            path,
            view,
        } = page;
        let rendered = self.renderer.page(template, path, view)?;
        Ok([
            made(&format!("{path}.html"), rendered.html),
            made(&format!("{path}.md"), rendered.markdown),
        ])
    }

    fn calendar(&self, rows: &[&ActionRow]) -> String {
        let site = self.renderer.site();
        calendar(&site.title, site.base_url.as_deref(), rows)
    }

    fn assets(&self) -> Vec<File> {
        let own = |path: &str| {
            let mut own = self.own.iter();
            own.find(|own| own.path == path)
                .map(|own| own.text.as_str())
        };
        ASSETS
            .iter()
            .map(|(path, text)| made(path, own(path).unwrap_or(text)))
            .collect()
    }
}

fn page<'v>(template: &'static str, path: impl Into<String>, view: PageView<'v>) -> Page<'v> {
    Page {
        template,
        path: path.into(),
        view,
    }
}

/// Makes a file of JSON.
fn json(path: &str, value: &impl Serialize) -> Result<File, PublishError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| PublishError::Json {
        id: path.to_owned(),
        error,
    })?;
    Ok(made(path, text + "\n"))
}

fn made(path: &str, text: impl Into<Vec<u8>>) -> File {
    File {
        path: path.to_owned(),
        bytes: Bytes::Made(text.into()),
    }
}
