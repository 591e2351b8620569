//! Lessons from all incidents: learnings, false signals, and incidents on this date in earlier years.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::latest;
use super::recurrence::{RecurrenceView, recurrences};
use super::row::Listing;
use crate::facts::{LessonKind, RuledOutSummary, Summary, counted};
use crate::metrics::Metrics;

/// The maximum number of incidents whose lessons a page lists; each report has its own.
const MOST: usize = 500;

/// The data for the templates of the learnings page.
#[derive(Debug, Clone, Serialize)]
pub struct LearningsView<'a> {
    /// The reference date.
    pub as_of: String,
    /// The summary: `12 lessons and 3 ruled-out signals from 5 reports.`
    pub state: String,
    /// The tags of incidents with lessons.
    pub tags: Vec<LearnedFromView<'a>>,
    /// The services of incidents with lessons.
    pub services: Vec<LearnedFromView<'a>>,
    /// The causes that came back.
    pub recurrences: Vec<RecurrenceView<'a>>,
    /// The incidents on this date in earlier years, newest first.
    pub this_day: Vec<DayView<'a>>,
    /// The reports that the page lists, if that is not all.
    pub cut: Option<String>,
    /// The lessons by incident, newest first.
    pub learned: Vec<LearnedView<'a>>,
    /// Whether the site has a page of the incident memory.
    pub has_memory: bool,
}

/// An incident on this date.
#[derive(Debug, Clone, Serialize)]
pub struct DayView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The date of the start.
    pub day: String,
}

/// The lessons from an incident.
#[derive(Debug, Clone, Serialize)]
pub struct LearnedView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The date of the start.
    pub day: Option<String>,
    /// The tags.
    pub tags: Vec<NamedView<'a>>,
    /// The services.
    pub services: Vec<NamedView<'a>>,
    /// The lessons by heading.
    pub lessons: Vec<LessonGroup>,
    /// The false signals.
    pub ruled_out: Vec<RuledOutView>,
}

/// The lessons under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct LessonGroup {
    /// The heading: `What Could Be Improved`.
    pub title: &'static str,
    /// The lessons; entries.
    pub entries: Vec<String>,
}

/// A name with the name of its page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedView<'a> {
    /// The name.
    pub name: &'a str,
    /// The name of its page.
    pub slug: &'a str,
}

/// A tag or a service with the number of lessons from its incidents.
#[derive(Debug, Clone, Serialize)]
pub struct LearnedFromView<'a> {
    /// The name.
    #[serde(flatten)]
    pub named: NamedView<'a>,
    /// The number of lessons and ruled-out signals.
    pub lessons: usize,
    /// The number of reports that they are from.
    pub reports: usize,
}

/// A false signal.
#[derive(Debug, Clone, Serialize)]
pub struct RuledOutView {
    /// The signal, with its count if more than one: `Others (36)`.
    pub signal: String,
    /// The problem that it looked like.
    pub looked_like: Option<String>,
    /// The reason that it was ruled out.
    pub ruled_out_by: Option<String>,
}

/// The page names by service or tag.
pub type PageNames<'a> = BTreeMap<&'a str, &'a str>;

/// The incidents with lessons, and the page names that they link to.
pub struct Learned<'a> {
    tags: PageNames<'a>,
    services: PageNames<'a>,
}

impl<'a> Learned<'a> {
    /// Creates the list; `tags` and `services` map names to page names.
    #[must_use]
    pub fn new(tags: PageNames<'a>, services: PageNames<'a>) -> Self {
        Self { tags, services }
    }

    /// Returns the lessons from the latest of some incidents, and which reports those are if the list is shortened.
    #[must_use]
    pub fn among(&self, summaries: &[&'a Summary]) -> (Vec<LearnedView<'a>>, Option<String>) {
        let learned = || summaries.iter().filter(|summary| teaches(summary));
        let views = learned().take(MOST).map(|summary| self.view(summary));
        (views.collect(), latest(MOST, learned().count(), "report"))
    }

    fn view(&self, summary: &'a Summary) -> LearnedView<'a> {
        let texts = summary.texts();
        LearnedView {
            id: &summary.id,
            title: &summary.title,
            day: summary.day.map(|day| day.to_string()),
            tags: named(&summary.tags, &self.tags),
            services: named(&summary.services, &self.services),
            ruled_out: texts
                .ruled_out
                .into_iter()
                .map(RuledOutView::from)
                .collect(),
            lessons: lessons(&texts.lessons),
        }
    }
}

/// Returns `true` if an incident is listed with what was learned.
fn teaches(summary: &Summary) -> bool {
    let has_any = summary.lessons + summary.ruled_out > 0;
    // The lessons of a superseded report may be wrong.
    has_any && !summary.is_superseded
}

fn named<'a>(names: &'a [String], pages: &PageNames<'a>) -> Vec<NamedView<'a>> {
    let view = |name: &'a String| {
        let slug = pages.get(name.as_str())?;
        Some(NamedView { name, slug })
    };
    names.iter().filter_map(view).collect()
}

fn lessons(all: &[(LessonKind, String)]) -> Vec<LessonGroup> {
    let kinds = [
        (LessonKind::Learning, "Learnings"),
        (LessonKind::Improve, "What Could Be Improved"),
        (LessonKind::Lucky, "Where We Got Lucky"),
        (LessonKind::WentWell, "What Went Well"),
    ];
    let group = |(kind, title)| LessonGroup {
        title,
        entries: { all.iter().filter(|(lesson, _)| *lesson == kind) }
            .map(|(_, text)| text.clone())
            .collect(),
    };
    let lessons = kinds.into_iter().map(group);
    lessons
        .filter(|lessons| !lessons.entries.is_empty())
        .collect()
}

impl From<RuledOutSummary> for RuledOutView {
    fn from(signal: RuledOutSummary) -> Self {
        Self {
            signal: match signal.count {
                1 => signal.signal,
                count => format!("{} ({count})", signal.signal),
            },
            looked_like: signal.looked_like,
            ruled_out_by: signal.ruled_out_by,
        }
    }
}

impl<'a> LearningsView<'a> {
    /// Creates the learnings page as of a date.
    #[must_use]
    pub fn new(
        learned: &Learned<'a>,
        listing: &Listing<'a>,
        metrics: &Metrics,
        as_of: NaiveDate,
    ) -> Self {
        let shown = listing.summaries.iter().copied();
        let all: Vec<&'a Summary> = shown.filter(|summary| teaches(summary)).collect();
        let lessons: usize = all.iter().map(|summary| summary.lessons).sum();
        let signals: usize = all.iter().map(|summary| summary.ruled_out).sum();
        let (views, cut) = learned.among(&all);
        Self {
            as_of: as_of.to_string(),
            state: if all.is_empty() {
                "No lessons recorded yet.".to_owned()
            } else {
                format!(
                    "{} and {} from {}.",
                    counted(lessons, "lesson"),
                    counted(signals, "ruled-out signal"),
                    counted(all.len(), "report")
                )
            },
            tags: sorted(&all, &learned.tags, |summary| &summary.tags),
            services: sorted(&all, &learned.services, |summary| &summary.services),
            recurrences: recurrences(&listing.summaries, metrics, &learned.tags, as_of),
            this_day: this_day(&listing.summaries, as_of),
            cut,
            learned: views,
            has_memory: false,
        }
    }
}

fn sorted<'a>(
    all: &[&'a Summary],
    pages: &PageNames<'a>,
    names: fn(&Summary) -> &[String],
) -> Vec<LearnedFromView<'a>> {
    let mut found: BTreeMap<NamedView<'a>, (usize, usize)> = BTreeMap::new();
    for summary in all {
        // An incident that repeats a name counts once.
        let names: BTreeSet<NamedView<'a>> = named(names(summary), pages).into_iter().collect();
        for name in names {
            let (lessons, reports) = found.entry(name).or_default();
            *lessons += summary.lessons + summary.ruled_out;
            *reports += 1;
        }
    }
    let view = |(named, (lessons, reports))| LearnedFromView {
        named,
        lessons,
        reports,
    };
    found.into_iter().map(view).collect()
}

fn this_day<'a>(shown: &[&'a Summary], as_of: NaiveDate) -> Vec<DayView<'a>> {
    let same = |day: &NaiveDate| {
        (day.month(), day.day()) == (as_of.month(), as_of.day()) && day.year() < as_of.year()
    };
    let found = shown.iter().filter_map(|summary| {
        let day = summary.day.filter(same)?;
        Some(DayView {
            id: &summary.id,
            title: &summary.title,
            day: day.to_string(),
        })
    });
    found.collect()
}
