//! The files that are of no one incident: the index, what is listed by what, and the assets.
//!
//! They are made from summaries of the incidents that the audience may read and
//! of no others, so that no count, name or day of the others can show.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::actions;
use super::calendar::calendar;
use super::entry::Entry;
use super::output::Output;
use super::outputs::Outputs;
use super::status;
use super::{File, FileSink, PublishError, Site, json, made};
use crate::archive::Archive;
use crate::audience::Audience;
use crate::cache::{Digest, Hasher};
use crate::facts::{PackedSummary, Summary, counted};
use crate::metrics::Metrics;
use crate::render::{ASSETS, NavigationView, Renderer, TEMPLATES, plain};
use crate::view::action::{ActionsView, Items};
use crate::view::chart::ChartsView;
use crate::view::comms::{self, CommsIndexView};
use crate::view::external::index::{ExternalIndexView, ExternalRowView};
use crate::view::group::{Group, GroupView, Groups};
use crate::view::index::IndexView;
use crate::view::learning::{Learned, LearningsView};
use crate::view::memory::{MemoryEntrySummary, MemoryView};
use crate::view::metrics::MetricsView;
use crate::view::row::{Listing, RowView};

/// The page that searches all others; it has no Markdown.
const SEARCH: &str = "search.html";

/// A page that lists more than this is rendered by itself, because its context takes ten times its text.
const LARGE: usize = 200;

/// Renders pages and hands each over at once, so that no list of their bytes exists.
struct PageWriter<'p> {
    renderer: &'p Renderer,
    put: FileSink<'p>,
    reuse: Option<&'p PageReuse<'p>>,
    /// The paths of the pages so far.
    paths: Mutex<Vec<String>>,
}

/// Uses the pages of an earlier build again whose view is the same.
pub struct PageReuse<'p> {
    /// What stands for the templates and settings.
    site: Digest,
    output: &'p Output<'p>,
    /// What stands for what each page of this build is made from.
    made: Mutex<BTreeMap<String, Digest>>,
}

/// What the templates of the page of metrics see.
#[derive(Serialize)]
struct MetricsPage<'v> {
    #[serde(flatten)]
    view: &'v MetricsView,
    charts: ChartsView,
}

/// Lists what every site is made of, whatever incidents it has: templates, assets, and the names of its pages.
pub fn own_texts() -> impl Iterator<Item = &'static str> {
    let templates = TEMPLATES
        .iter()
        .filter(|(path, _)| !path.starts_with("new/"));
    let texts = templates.chain(ASSETS).map(|(_, text)| *text);
    let pages = navigation(Audience::Internal);
    texts.chain(pages.into_iter().map(|page| page.title))
}

/// Lists the pages that every page of a site for an audience leads to.
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

/// What the pages of several incidents are made from.
pub struct Lists {
    /// The incidents, by ID.
    pub summaries: Vec<PackedSummary>,
    /// What is kept of the memory that agents read.
    pub memory: Vec<MemoryEntrySummary>,
    /// The IDs of the incidents whose pages are those of an earlier build.
    pub kept: Vec<String>,
    /// The day against which the pages say what is overdue.
    pub as_of: NaiveDate,
}

impl Lists {
    /// Collects what the lists of an archive that is in memory are made from.
    #[must_use]
    pub fn new(archive: &Archive, as_of: NaiveDate) -> Self {
        let records = archive.records.par_iter();
        Self {
            summaries: records
                .map(|record| PackedSummary::from(&Summary::from_record(record, &archive.config)))
                .collect(),
            memory: Vec::new(),
            kept: Vec::new(),
            as_of,
        }
    }

    /// Returns what stands for all that the lists depend on; `site` stands for settings and templates.
    pub(super) fn key(&self, site: Digest) -> Digest {
        let summaries = self.summaries.iter().map(PackedSummary::digest);
        let summaries: Vec<Digest> = summaries.collect();
        Hasher::default()
            .with(&(site, self.as_of, &self.kept, &self.memory))
            .with(&summaries)
            .finish()
    }
}

impl Site<'_> {
    /// Makes the files that are of no one incident, and hands each to `put`.
    ///
    /// # Errors
    /// Returns an error if a template asks for what the view does not have, and the errors of `put`.
    pub fn lists(
        &self,
        lists: &Lists,
        put: FileSink,
        reuse: Option<&PageReuse>,
    ) -> Result<(), PublishError> {
        self.assets().iter().try_for_each(put)?;
        put(&made(SEARCH, self.renderer.bare_page("search", "search")?))?;
        let packed = lists.summaries.par_iter();
        let summaries: Option<Vec<Summary>> = packed.map(PackedSummary::unpack).collect();
        let summaries = summaries.ok_or(PublishError::Damaged)?;
        if self.audience.is_external() {
            self.external_pages(&summaries, put)
        } else {
            self.inside_pages(&summaries, lists, put, reuse)
        }
    }

    /// Makes the pages that name owners, tags and services, which nobody outside may see.
    fn inside_pages(
        &self,
        summaries: &[Summary],
        lists: &Lists,
        put: FileSink,
        reuse: Option<&PageReuse>,
    ) -> Result<(), PublishError> {
        let (config, as_of) = (self.config, lists.as_of);
        let listing = Listing::new(summaries, config, self.audience);
        let summaries = &listing.summaries;
        let press = PageWriter {
            renderer: &self.renderer,
            put,
            reuse,
            paths: Mutex::default(),
        };
        // First, because no table is larger, and the memory of the other pages comes on top of nothing then.
        self.actions(&press, &Items::new(summaries, as_of))?;
        let groups = Groups::all(&listing);
        let index = IndexView::new(&listing, &groups, &lists.kept, as_of);
        press.page("index", "index", index)?;
        let told = CommsIndexView::new(summaries, config);
        press.page("comms", "comms/index", told)?;
        let (tags, services) = (slugs(&groups, "tags"), slugs(&groups, "services"));
        let metrics = Metrics::compute(summaries, config, as_of);
        let metrics = MetricsView::new(&metrics, config, &tags, as_of);
        let learned = Learned::new(&listing, tags, services);
        press.groups(&groups, &listing, &learned)?;
        let memory = MemoryView::new(&lists.memory, summaries);
        let learned = LearningsView {
            has_memory: !memory.entries.is_empty(),
            ..LearningsView::new(&learned, &listing, as_of)
        };
        if learned.has_memory {
            press.page("memory", "memory", memory)?;
        }
        press.page("learnings", "learnings", learned)?;
        let page = MetricsPage {
            charts: ChartsView::new(&metrics),
            view: &metrics,
        };
        press.page("metrics", "metrics", page)?;
        put(&json("metrics.json", &metrics)?)?;
        let messages = summaries.iter().filter(|summary| comms::has_page(summary));
        let mut paths = press
            .paths
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        paths.push(SEARCH.to_owned());
        paths.extend(messages.map(|summary| format!("comms/{}.html", summary.id)));
        let entries = summaries
            .iter()
            .map(|summary| entry(summary, &listing.row(summary)));
        let entries: Vec<Entry> = entries.collect();
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
        outputs.files(&paths, put)
    }

    fn actions(&self, press: &PageWriter, items: &Items) -> Result<(), PublishError> {
        let site = self.renderer.site();
        (press.put)(&made("actions.csv", actions::csv(items.rows())))?;
        let calendar = calendar(&site.title, site.base_url.as_deref(), items.rows());
        (press.put)(&made("actions.ics", calendar))?;
        let listed = items.listed();
        let by_owner = ActionsView::by_owner(items, &listed);
        press.page("actions", "actions/owners", by_owner)?;
        let by_incident = ActionsView::by_incident(items, &listed);
        press.page("actions", "actions/incidents", by_incident)?;
        press.page("actions", "actions", ActionsView::new(items, &listed))
    }

    fn external_pages(&self, summaries: &[Summary], put: FileSink) -> Result<(), PublishError> {
        let shown: Vec<(&str, &Summary)> = summaries
            .iter()
            .filter_map(|summary| Some((self.neighborhood.name(&summary.id)?, summary)))
            .collect();
        let config = self.config;
        let view = ExternalIndexView::new(&shown, config);
        let rendered = self.renderer.page("external", "index", &view)?;
        let told = status::told(&shown);
        let entries: Vec<Entry> = view
            .years
            .iter()
            .flat_map(|year| &year.rows)
            .map(external_entry)
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
        put(&made("index.html", rendered.html))?;
        put(&made("index.md", rendered.markdown))?;
        let state = status::status(&told, config, site.base_url.as_deref());
        put(&json("status.json", &state)?)?;
        outputs.files(&["index.html".to_owned(), SEARCH.to_owned()], put)
    }

    fn assets(&self) -> Vec<File> {
        let own = |path: &str| {
            let mut own = self.own.iter();
            own.find(|own| own.path == path)
                .map(|own| own.text.as_str())
        };
        ASSETS
            .iter()
            .map(|(path, text)| made(*path, own(path).unwrap_or(text)))
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

impl<'p> PageReuse<'p> {
    /// Prepares it; `site` stands for the templates and settings.
    pub(super) fn new(site: Digest, output: &'p Output<'p>) -> Self {
        Self {
            site,
            output,
            made: Mutex::default(),
        }
    }

    /// Returns what stands for what each page of this build is made from.
    pub(super) fn into_made(self) -> BTreeMap<String, Digest> {
        self.made
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Uses the files of a page again; returns whether an earlier build made them from the same view.
    fn page(
        &self,
        template: &str,
        path: &str,
        view: &impl Serialize,
    ) -> Result<bool, PublishError> {
        let key = Hasher::default().with(&template).with(&path).with(view);
        let files = ["html", "md"].map(|ending| format!("{path}.{ending}"));
        self.files(path, key.finish(), &files)
    }

    /// Uses files again; returns whether an earlier build made them from the same, which `key` stands for.
    pub(super) fn files(
        &self,
        path: &str,
        key: Digest,
        files: &[String],
    ) -> Result<bool, PublishError> {
        let key = Hasher::default().with(&(self.site, key)).finish();
        let mut all = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(path.to_owned(), key);
        drop(all);
        let earlier = &self.output.earlier.record;
        let known = earlier
            .pages
            .get(path)
            .or_else(|| earlier.words_files.get(path));
        let known = known == Some(&key);
        Ok(known && self.output.reuse(files)?)
    }
}

impl PageWriter<'_> {
    fn page(&self, template: &str, path: &str, view: impl Serialize) -> Result<(), PublishError> {
        let html = format!("{path}.html");
        let reuse = |reuse: &PageReuse| reuse.page(template, path, &view);
        if !self.reuse.map_or(Ok(false), reuse)? {
            let rendered = self.renderer.page(template, path, view)?;
            (self.put)(&made(&html, rendered.html))?;
            (self.put)(&made(format!("{path}.md"), rendered.markdown))?;
        }
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.push(html);
        Ok(())
    }

    /// Makes the pages of incidents that have something in common.
    fn groups<'a>(
        &self,
        all: &[Groups<'a>],
        listing: &Listing<'a>,
        learned: &Learned<'a>,
    ) -> Result<(), PublishError> {
        for groups in all.iter().filter(|groups| !groups.groups.is_empty()) {
            let path = format!("{}/index", groups.by.folder);
            self.page("groups", &path, groups)?;
        }
        let page = |group: &&Group<'a>| {
            let path = format!("{}/{}", group.by.folder, group.slug);
            self.page("group", &path, GroupView::new(group, listing, learned))
        };
        let groups = all.iter().flat_map(|groups| &groups.groups);
        let every = groups.flat_map(|group| group.months.iter().chain([group]));
        let (large, small): (Vec<_>, Vec<_>) = every.partition(|group| group.records > LARGE);
        let made: Vec<Result<(), PublishError>> = small.par_iter().map(page).collect();
        made.into_iter().collect::<Result<(), PublishError>>()?;
        large.iter().try_for_each(page)
    }
}

/// Gives the names of the pages of a folder.
fn slugs<'v>(groups: &'v [Groups], folder: &str) -> BTreeMap<&'v str, &'v str> {
    let groups = groups.iter().find(|groups| groups.by.folder == folder);
    groups.map(Groups::slugs).unwrap_or_default()
}

/// Tells of an incident in one line.
fn entry(summary: &Summary, row: &RowView) -> Entry {
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
    let duration = summary
        .facts
        .response_metric("duration")
        .and_then(|fact| fact.length);
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
fn external_entry(row: &ExternalRowView) -> Entry {
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
