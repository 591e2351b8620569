//! The files that are of no one incident: the index, what is listed by what, and the assets.
//!
//! They are made from summaries of the incidents that the audience may read and
//! of no others, so that no count, name or day of the others can show.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::actions;
use super::calendar::calendar;
use super::entry::Entry;
use super::outputs::Outputs;
use super::status;
use super::{Bytes, File, PublishError, Site};
use crate::audience::Audience;
use crate::facts::{Summary, counted};
use crate::metrics::Metrics;
use crate::render::{ASSETS, NavigationView, plain};
use crate::view::action::{self, ActionRow, ActionsView};
use crate::view::chart::ChartsView;
use crate::view::comms::{self, CommsIndexView};
use crate::view::group::{Group, Groups};
use crate::view::index::IndexView;
use crate::view::learning::{self, LearnedView, LearningsView};
use crate::view::metrics::MetricsView;
use crate::view::outside::index::{OutsideIndexView, OutsideRowView};
use crate::view::row::{Listing, RowView};

/// The page that searches all others; it has no Markdown.
const SEARCH: &str = "search.html";

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
    Comms(CommsIndexView<'v>),
    Groups(&'v Groups<'v, 'v>),
    Group {
        #[serde(flatten)]
        group: &'v Group<'v, 'v>,
        learned: Vec<&'v LearnedView<'v>>,
    },
    Learnings(LearningsView<'v, 'v>),
}

/// Lists the pages that every page of a site for an audience leads to.
pub(super) fn navigation(audience: Audience) -> Vec<NavigationView> {
    let entry = |title, path| NavigationView { title, path };
    let mut entries = vec![entry("Incidents", "index.html")];
    if audience >= Audience::Internal {
        entries.push(entry("Actions", "actions.html"));
        entries.push(entry("Comms", "comms/index.html"));
        entries.push(entry("Metrics", "metrics.html"));
        entries.push(entry("Learnings", "learnings.html"));
    }
    entries.push(entry("Search", SEARCH));
    entries
}

impl Site<'_> {
    /// Makes the files that are of no one incident; what is overdue in them is so as of a day.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn common(&self, as_of: NaiveDate) -> Result<Vec<File>, PublishError> {
        let mut files = self.assets();
        files.push(made(SEARCH, self.renderer.bare_page("search", "search")?));
        files.extend(if self.audience.is_outside() {
            self.outside_pages()?
        } else {
            self.inside_pages(as_of)?
        });
        Ok(files)
    }

    /// Makes the pages that name owners, tags and services, which nobody outside may see.
    fn inside_pages(&self, as_of: NaiveDate) -> Result<Vec<File>, PublishError> {
        let config = self.config;
        let listing = Listing::of(&self.summaries, config, self.audience);
        let summaries = listing.summaries();
        let groups = Groups::all(&listing);
        let index = IndexView::of(&listing, &groups, as_of);
        let rows = action::rows(&summaries, as_of);
        let metrics = Metrics::of(&summaries, config, as_of);
        let (tags, services) = (slugs(&groups, "tags"), slugs(&groups, "services"));
        let metrics = MetricsView::of(&metrics, config, &tags, as_of);
        let learned = learning::all(&listing, &tags, &services);
        let mut pages = vec![page("index", "index", PageView::Index(&index))];
        pages.push(page(
            "comms",
            "comms/index",
            PageView::Comms(CommsIndexView::of(&summaries, config)),
        ));
        pages.extend(listed(&groups, &learned));
        pages.extend([
            page(
                "actions",
                "actions",
                PageView::Actions(ActionsView::of(&rows, as_of)),
            ),
            page(
                "actions",
                "actions/owners",
                PageView::Actions(ActionsView::by_owner(&rows, as_of)),
            ),
            page(
                "actions",
                "actions/incidents",
                PageView::Actions(ActionsView::by_incident(&rows, as_of)),
            ),
            page(
                "metrics",
                "metrics",
                PageView::Metrics {
                    charts: ChartsView::of(&metrics),
                    view: &metrics,
                },
            ),
            page(
                "learnings",
                "learnings",
                PageView::Learnings(LearningsView::of(&learned, &listing, as_of)),
            ),
        ]);
        let rendered: Vec<Result<[File; 2], PublishError>> =
            pages.par_iter().map(|page| self.page(page)).collect();
        let mut files = Vec::new();
        for pair in rendered {
            files.extend(pair?);
        }
        let all: Vec<&ActionRow> = rows.iter().collect();
        files.extend([
            made("actions.csv", actions::csv(&all)),
            made("actions.ics", self.calendar(&all)),
            json("metrics.json", &metrics)?,
        ]);
        let entries: Vec<Entry> = listing.rows.iter().map(entry).collect();
        let outputs = Outputs {
            renderer: &self.renderer,
            author: config
                .organization
                .name
                .as_deref()
                .unwrap_or(config.title()),
            entries: &entries,
            feed: &entries,
            guides: GUIDES,
        };
        let paths = pages.iter().map(|page| format!("{}.html", page.path));
        let paths: Vec<String> = paths
            .chain([SEARCH.to_owned()])
            .chain(
                summaries
                    .iter()
                    .filter(|summary| comms::has_page(summary))
                    .map(|summary| format!("comms/{}.html", summary.id)),
            )
            .collect();
        files.extend(outputs.files(&paths)?);
        Ok(files)
    }

    fn outside_pages(&self) -> Result<Vec<File>, PublishError> {
        let shown: Vec<(&str, &Summary)> = self
            .readable()
            .filter_map(|summary| Some((self.names.get(&summary.id)?.as_str(), summary)))
            .collect();
        let config = self.config;
        let view = OutsideIndexView::of(&shown, config);
        let rendered = self.renderer.page("outside", "index", &view)?;
        let told = status::told(&shown);
        let entries: Vec<Entry> = view
            .years
            .iter()
            .flat_map(|year| &year.rows)
            .map(outside_entry)
            .collect();
        let site = self.renderer.site();
        let outputs = Outputs {
            renderer: &self.renderer,
            author: config
                .organization
                .name
                .as_deref()
                .unwrap_or(config.title()),
            entries: &entries,
            feed: &status::entries(&told),
            guides: OUTSIDE_GUIDES,
        };
        let mut files = vec![
            made("index.html", rendered.html),
            made("index.md", rendered.markdown),
            json(
                "status.json",
                &status::status(&told, config, site.base_url.as_deref()),
            )?,
        ];
        files.extend(outputs.files(&["index.html".to_owned(), SEARCH.to_owned()])?);
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

/// The pages that a program may begin with.
const GUIDES: &[(&str, &str, &str)] = &[
    (
        "Incidents",
        "index.md",
        "how things stand, and every incident by year",
    ),
    (
        "Action items",
        "actions.md",
        "what is still to be done, by whom, until when",
    ),
    (
        "Metrics",
        "metrics.md",
        "how often, how long, and how it was found",
    ),
];

/// The page that a program outside may begin with.
const OUTSIDE_GUIDES: &[(&str, &str, &str)] = &[(
    "Incidents",
    "index.md",
    "how things stand, and every incident by year",
)];

/// Lists the pages of incidents that have something in common.
fn listed<'v>(groups: &'v [Groups<'v, 'v>], learned: &'v [LearnedView<'v>]) -> Vec<Page<'v>> {
    let mut pages = Vec::new();
    let learned: BTreeMap<&str, &LearnedView> = learned.iter().map(|one| (one.id, one)).collect();
    for groups in groups.iter().filter(|groups| !groups.groups.is_empty()) {
        let folder = groups.by.folder;
        let path = format!("{folder}/index");
        pages.push(page("groups", path, PageView::Groups(groups)));
        for group in &groups.groups {
            let path = format!("{folder}/{}", group.slug);
            let of = |summary: &&Summary| learned.get(summary.id.as_str()).copied();
            let learned = match folder {
                "tags" | "services" => group.summaries.iter().filter_map(of).collect(),
                _ => Vec::new(),
            };
            pages.push(page("group", path, PageView::Group { group, learned }));
        }
    }
    pages
}

/// Gives the names of the pages of a folder.
fn slugs<'v>(groups: &'v [Groups<'v, 'v>], folder: &str) -> BTreeMap<&'v str, &'v str> {
    let groups = groups.iter().find(|groups| groups.by.folder == folder);
    groups.map(Groups::slugs).unwrap_or_default()
}

/// Tells of an incident in one line.
fn entry((summary, row): &(&Summary, RowView)) -> Entry {
    let mut words: Vec<&str> = Vec::new();
    if !row.is_incident {
        words.push(&row.kind.label);
    }
    words.extend(
        row.severity
            .as_ref()
            .map(|severity| severity.label.as_str()),
    );
    words.push(&row.status.label);
    let duration = summary.facts.clock("duration").and_then(|fact| fact.length);
    let duration = duration.map(|length| length.to_string());
    words.extend(duration.as_deref());
    let accounts = summary.totals().accounts.map(|accounts| {
        counted(
            i64::try_from(accounts).unwrap_or(i64::MAX),
            "customer account",
        )
    });
    words.extend(accounts.as_deref());
    Entry {
        id: summary.id.clone(),
        title: format!("{}: {}", summary.id, plain(&summary.title)),
        path: format!("incidents/{}.html", summary.id),
        day: summary.day,
        updated: summary.updated,
        summary: format!("{}.", plain(&words.join(", "))),
    }
}

/// Tells those outside of an incident in one line.
fn outside_entry(row: &OutsideRowView) -> Entry {
    let severity = row
        .severity
        .as_ref()
        .map(|severity| severity.label.as_str());
    let words: Vec<&str> = severity
        .into_iter()
        .chain([row.status.label.as_str(), &row.duration])
        .collect();
    Entry {
        id: row.id.to_owned(),
        title: plain(row.title.unwrap_or(row.id)),
        path: format!("incidents/{}.html", row.id),
        day: row.date,
        updated: row.updated,
        summary: format!("{}.", plain(&words.join(", "))),
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
pub(super) fn json(path: &str, value: &impl Serialize) -> Result<File, PublishError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| PublishError::Json {
        id: path.to_owned(),
        error,
    })?;
    Ok(made(path, text + "\n"))
}

pub(super) fn made(path: &str, text: impl Into<Vec<u8>>) -> File {
    File {
        path: path.to_owned(),
        bytes: Bytes::Made(text.into()),
    }
}
