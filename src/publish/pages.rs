//! The files that cover several incidents: the index, the grouped lists, the metrics, and the assets.
//!
//! They are rendered from the summaries of incidents that the audience may read, and
//! of no others, so that no count, name or date reveals the others.

mod writer;

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::actions;
use super::calendar::ToDos;
use super::entry::Entry;
use super::output::Output;
use super::outputs::Outputs;
use super::status;
use super::write::Content;
use super::{File, FileContent, FileSink, Made, PublishError, Site, json, made};
use crate::archive::Archive;
use crate::audience::Audience;
use crate::cache::{Digest, Hasher, into_inner, locked};
use crate::config::AccentSettings;
use crate::facts::{PackedSummary, Summaries, Summary, counted};
use crate::metrics::Metrics;
use crate::render::{ASSETS, NavigationView, Renderer, TEMPLATES, plain};
use crate::view::action::{ActionsView, Items};
use crate::view::availability::AvailabilityView;
use crate::view::comms::{self, CommsIndexView, LatestMessages};
use crate::view::external::index::{ExternalIndexView, ExternalRowView};
use crate::view::group::{Group, GroupView, Groups};
use crate::view::index::IndexView;
use crate::view::learning::{Learned, LearningsView};
use crate::view::memory::{MemoryEntrySummary, MemoryView};
use crate::view::metrics::MetricsView;
use crate::view::row::{Listing, RowView};
use crate::view::trends::{Pages, TrendsView};
pub use writer::PageReuse;
use writer::PageWriter;

/// The search page, which has no Markdown version.
const SEARCH: &str = "search.html";

/// The data of the templates of the metrics page.
#[derive(Serialize)]
struct MetricsPage<'v> {
    #[serde(flatten)]
    view: &'v MetricsView,
    trends: TrendsView<'v>,
}

/// Returns the texts that every site contains, whatever its incidents: templates, assets, and page names.
pub fn own_texts() -> impl Iterator<Item = &'static str> {
    let templates = TEMPLATES
        .iter()
        .filter(|(path, _)| !path.starts_with("new/"));
    let texts = templates.chain(ASSETS.iter()).map(|(_, text)| *text);
    let pages = navigation(Audience::Internal);
    texts.chain(pages.into_iter().map(|page| page.title))
}

/// Returns the entries of a site's navigation.
pub(super) fn navigation(audience: Audience) -> Vec<NavigationView> {
    let entry = |title, path| NavigationView { title, path };
    let mut entries = vec![entry("Incidents", "index.html")];
    if !audience.is_external() {
        entries.push(entry("Actions", "actions.html"));
        entries.push(entry("Comms", "comms/index.html"));
        entries.push(entry("Metrics", "metrics.html"));
        entries.push(entry("Learnings", "learnings.html"));
    }
    entries.push(entry("Search", SEARCH));
    entries
}

/// The data of the pages that cover several incidents.
pub struct Lists {
    /// The incidents, by ID.
    pub summaries: Vec<PackedSummary>,
    /// The entries of the memory that agents read.
    pub memory: Vec<MemoryEntrySummary>,
    /// The IDs of the incidents whose pages of an earlier build are kept.
    pub stale: Vec<String>,
    /// The reference date for "overdue".
    pub as_of: NaiveDate,
}

impl Lists {
    /// Collects the data of an archive that is in memory.
    #[must_use]
    pub fn new(archive: &Archive, as_of: NaiveDate) -> Self {
        let records = archive.records.par_iter();
        Self {
            summaries: records
                .map(|record| PackedSummary::from(&Summary::from_record(record, &archive.config)))
                .collect(),
            memory: Vec::new(),
            stale: Vec::new(),
            as_of,
        }
    }

    /// Returns the digest of the data; `site` is the digest of settings and templates.
    pub(super) fn key(&self, site: Digest) -> Digest {
        let summaries = self.summaries.iter().map(PackedSummary::digest);
        let summaries: Vec<Digest> = summaries.collect();
        Hasher::default()
            .with(&(site, self.as_of, &self.stale, &self.memory))
            .with(&summaries)
            .finish()
    }
}

impl Site<'_> {
    /// Renders the files that cover several incidents, and passes each to `put`.
    ///
    /// # Errors
    /// Returns an error if a template uses a field that its view lacks, or if `put` returns one.
    pub fn lists(
        &self,
        mut lists: Lists,
        put: FileSink,
        reuse: Option<&PageReuse>,
    ) -> Result<(), PublishError> {
        self.assets().iter().try_for_each(put)?;
        put(&made(SEARCH, self.renderer.bare_page("search", "search")?))?;
        let packed = std::mem::take(&mut lists.summaries);
        let unpacked = packed.into_par_iter().map(|packed| packed.unpack());
        // Into one list of known length, which then is not copied.
        let unpacked: Vec<Option<Summary>> = unpacked.collect();
        let summaries = unpacked.into_iter().collect::<Option<Vec<Summary>>>();
        let summaries = summaries.ok_or(PublishError::Damaged)?;
        let summaries = Summaries::new(summaries, self.audience);
        self.pages(&summaries, &lists, put, reuse)?;
        if summaries.iter().any(Summary::is_damaged) {
            return Err(PublishError::Damaged);
        }
        Ok(())
    }

    fn pages(
        &self,
        summaries: &Summaries,
        lists: &Lists,
        put: FileSink,
        reuse: Option<&PageReuse>,
    ) -> Result<(), PublishError> {
        let as_of = lists.as_of;
        if self.audience.is_external() {
            return self.external_pages(summaries, as_of, put);
        }
        let listing = Listing::new(summaries, self.config, self.audience);
        let writer = PageWriter {
            renderer: &self.renderer,
            put,
            reuse,
            paths: Mutex::default(),
        };
        // First, because their files are the largest, and the memory of these is free again for the other pages.
        self.actions(&writer, &Items::new(&listing.summaries, as_of))?;
        self.internal_pages(writer, &listing, lists)
    }

    /// Renders the pages with owners, tags and services, which external readers may not see.
    fn internal_pages(
        &self,
        writer: PageWriter,
        listing: &Listing,
        lists: &Lists,
    ) -> Result<(), PublishError> {
        let (config, summaries, as_of) = (self.config, &listing.summaries, lists.as_of);
        let groups = Groups::all(listing);
        let index = IndexView::new(listing, &groups, &lists.stale, as_of);
        writer.page("index", "index", index)?;
        let latest = LatestMessages::new(summaries);
        let comms_index = CommsIndexView::new(&latest, summaries, config);
        writer.page("comms", "comms/index", comms_index)?;
        drop(latest);
        let (tags, services) = (slugs(&groups, "tags"), slugs(&groups, "services"));
        let metrics = Metrics::compute(summaries, config, as_of);
        let availability =
            AvailabilityView::new(summaries, config, &services, as_of, self.audience);
        let view = MetricsView::new(&metrics, config, &tags, availability, as_of);
        let pages = Pages {
            services: &services,
            severities: &slugs(&groups, "severities"),
            years: &slugs(&groups, "years"),
        };
        let trends = TrendsView::new(summaries, &metrics, &view, config, &pages, as_of);
        let page = MetricsPage {
            view: &view,
            trends,
        };
        writer.page("metrics", "metrics", page)?;
        (writer.put)(&json("metrics.json", &view)?)?;
        let learned = Learned::new(tags, services);
        writer.groups(&groups, listing, &learned)?;
        let memory = MemoryView::new(&lists.memory, summaries);
        let learned = LearningsView {
            has_memory: !memory.entries.is_empty(),
            ..LearningsView::new(&learned, listing, &metrics, as_of)
        };
        if learned.has_memory {
            writer.page("memory", "memory", memory)?;
        }
        writer.page("learnings", "learnings", learned)?;
        let has_page =
            |summary: &&&Summary| comms::has_page(summary.course.status, summary.messages.len());
        let messages = summaries.iter().filter(has_page);
        let mut paths = into_inner(writer.paths);
        paths.push(SEARCH.to_owned());
        paths.extend(messages.map(|summary| format!("comms/{}.html", summary.id)));
        let entries = summaries
            .iter()
            .map(|summary| entry(summary, &listing.row(summary)));
        let entries: Vec<Entry> = entries.collect();
        let outputs = Outputs {
            renderer: &self.renderer,
            author: config.author(),
            entries: &entries,
            feed: &entries,
            guides: GUIDES,
        };
        outputs.files(&paths, writer.put)
    }

    fn actions(&self, writer: &PageWriter, items: &Items) -> Result<(), PublishError> {
        let site = self.renderer.site();
        let rows = |path: &str, rows: &(dyn Content + Sync)| {
            (writer.put)(&File {
                path: path.to_owned(),
                bytes: FileContent::Rows(rows),
            })
        };
        let table = actions::Table(items);
        rows("actions.csv", &table)?;
        let to_dos = ToDos {
            title: &site.title,
            base_url: site.base_url.as_deref(),
            items,
        };
        rows("actions.ics", &to_dos)?;
        let listed = items.listed();
        let by_owner = ActionsView::by_owner(items, &listed);
        writer.page("actions", "actions/owners", by_owner)?;
        for (page, (owner, items)) in items.owner_pages() {
            let listed = items.listed();
            writer.page(
                "actions",
                &page,
                ActionsView::of_owner(&items, &listed, owner),
            )?;
        }
        let by_incident = ActionsView::by_incident(items, &listed);
        writer.page("actions", "actions/incidents", by_incident)?;
        writer.page("actions", "actions", ActionsView::new(items, &listed))
    }

    fn external_pages(
        &self,
        summaries: &[Summary],
        as_of: NaiveDate,
        put: FileSink,
    ) -> Result<(), PublishError> {
        let shown: Vec<(&str, &Summary)> = summaries
            .iter()
            .filter_map(|summary| Some((self.neighborhood.name(&summary.id)?, summary)))
            .collect();
        let config = self.config;
        let view = ExternalIndexView::new(&shown, config, as_of);
        let rendered = self.renderer.page("external", "index", &view)?;
        let published = status::published(&shown, as_of);
        let entries: Vec<Entry> = view
            .months
            .iter()
            .flat_map(|month| &month.rows)
            .map(external_entry)
            .collect();
        let site = self.renderer.site();
        let outputs = Outputs {
            renderer: &self.renderer,
            author: config.author(),
            entries: &entries,
            feed: &status::entries(&published),
            guides: EXTERNAL_GUIDES,
        };
        put(&made("index.html", rendered.html))?;
        put(&made("index.md", rendered.markdown))?;
        let state = status::status(&published, config, site.base_url.as_deref());
        put(&json("status.json", &state)?)?;
        status::files(&state, &published, &view, config, put)?;
        outputs.files(&["index.html".to_owned(), SEARCH.to_owned()], put)
    }

    fn assets(&self) -> Vec<File<'static>> {
        let own = |path: &str| {
            let mut own = self.own.iter();
            own.find(|own| own.path == path)
                .map(|own| own.text.as_str())
        };
        let logo = self.renderer.site().logo.as_deref();
        let logo = logo.and_then(|path| Some(made(path, own(path)?)));
        let built_in = ASSETS.iter().map(|(path, text)| {
            let text = own(path).unwrap_or(text);
            match &self.config.site.accent {
                Some(accent) if *path == STYLE => made(*path, format!("{text}{}", colors(accent))),
                _ => made(*path, text),
            }
        });
        built_in.chain(logo).collect()
    }
}

/// The path of the style sheet.
const STYLE: &str = "assets/style.css";

/// Returns the rule that sets the accent; print stays black.
fn colors(accent: &AccentSettings) -> String {
    let AccentSettings { light, dark } = accent;
    format!(
        "\n@media screen {{\n  :root {{ --accent: light-dark({}, {}); }}\n}}\n",
        &**light, &**dark
    )
}

/// The pages that a program may start with.
const GUIDES: &[(&str, &str, &str)] = &[
    (
        "Incidents",
        "index.md",
        "current status, and all incidents by year",
    ),
    (
        "Action items",
        "actions.md",
        "open action items with owners and due dates",
    ),
    (
        "Metrics",
        "metrics.md",
        "frequency, response times and detection",
    ),
];

/// The page of an external site that a program may start with.
const EXTERNAL_GUIDES: &[(&str, &str, &str)] = &[(
    "Incidents",
    "index.md",
    "current status, and all incidents by year",
)];

/// Returns the page names of a folder.
fn slugs<'v>(groups: &'v [Groups], folder: &str) -> BTreeMap<&'v str, &'v str> {
    let groups = groups.iter().find(|groups| groups.by.folder == folder);
    groups.map(Groups::slugs).unwrap_or_default()
}

/// Returns the entry of an incident.
fn entry(summary: &Summary, row: &RowView) -> Entry {
    let mut parts: Vec<&str> = Vec::new();
    if !row.is_incident {
        parts.push(&row.kind.label);
    }
    parts.extend(
        row.severity
            .as_ref()
            .map(|severity| severity.label.as_str()),
    );
    parts.push(&row.status.label);
    let (_, duration) = summary.duration();
    let duration = duration.map(|length| length.to_string());
    parts.extend(duration.as_deref());
    let accounts =
        { summary.totals.accounts }.map(|accounts| counted(accounts, "customer account"));
    parts.extend(accounts.as_deref());
    Entry {
        id: summary.id.clone(),
        title: format!("{}: {}", summary.id, plain(&summary.title)),
        path: format!("incidents/{}.html", summary.id),
        day: summary.day,
        updated: summary.updated,
        summary: format!("{}.", plain(&parts.join(", "))),
    }
}

/// Returns the entry of an incident for an external audience.
fn external_entry(row: &ExternalRowView) -> Entry {
    let severity = row
        .severity
        .as_ref()
        .map(|severity| severity.label.as_str());
    let parts: Vec<&str> = severity
        .into_iter()
        .chain([row.status.label.as_str(), &row.duration])
        .collect();
    Entry {
        id: row.id.to_owned(),
        title: plain(row.title.unwrap_or(row.id)),
        path: format!("incidents/{}.html", row.id),
        day: row.date,
        updated: row.updated,
        summary: format!("{}.", plain(&parts.join(", "))),
    }
}
