//! What was learned over all incidents: lessons, signals that were false, and what happened on this day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::row::Listing;
use super::{count, latest};
use crate::facts::{LessonKind, RuledOutSummary, Summary};
use crate::metrics;

/// Of how many incidents a page lists what was learned; each report has its own.
const MOST: usize = 500;

/// Everything that the templates of the page of learnings see.
#[derive(Debug, Clone, Serialize)]
pub struct LearningsView<'a> {
    /// The day that "this day" means.
    pub as_of: String,
    /// How much was learned, in words.
    pub state: String,
    /// The tags of what was learned.
    pub tags: Vec<NamedView<'a>>,
    /// The services of what was learned.
    pub services: Vec<NamedView<'a>>,
    /// The incidents of this day in earlier years, the latest first.
    pub this_day: Vec<DayView<'a>>,
    /// How many of how many incidents are listed, in words, where that is not all.
    pub cut: Option<String>,
    /// What was learned, by incident, the latest first.
    pub learned: Vec<LearnedView<'a>>,
    /// Whether there is a page of the memory that agents read.
    pub has_memory: bool,
}

/// An incident on a day.
#[derive(Debug, Clone, Serialize)]
pub struct DayView<'a> {
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// The day it started.
    pub day: String,
}

/// What was learned of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct LearnedView<'a> {
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// The day it started.
    pub day: Option<String>,
    /// Its tags.
    pub tags: Vec<NamedView<'a>>,
    /// Its services.
    pub services: Vec<NamedView<'a>>,
    /// The lessons, by what they are about.
    pub lessons: Vec<LessonsOf<'a>>,
    /// The false signals.
    pub ruled_out: Vec<RuledOutView<'a>>,
}

/// The lessons about one thing.
#[derive(Debug, Clone, Serialize)]
pub struct LessonsOf<'a> {
    /// What they are about: `What Could Be Improved`.
    pub title: &'static str,
    /// The lessons; entries.
    pub entries: Vec<&'a str>,
}

/// A name with the name of its page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NamedView<'a> {
    /// The name.
    pub name: &'a str,
    /// The name of its page.
    pub slug: &'a str,
}

/// A false signal.
#[derive(Debug, Clone, Serialize)]
pub struct RuledOutView<'a> {
    /// What was seen, with how often where that was more than once: `Others (36)`.
    pub signal: String,
    /// What it looked like.
    pub looked_like: Option<&'a str>,
    /// Why it was not that.
    pub ruled_out_by: Option<&'a str>,
}

/// The names of pages, by what they are of.
pub type PageNames<'a> = BTreeMap<&'a str, &'a str>;

/// The incidents of which something was learned, with the names of the pages that they lead to.
pub struct Learned<'a> {
    tags: PageNames<'a>,
    services: PageNames<'a>,
    /// What another report takes the place of may have learned the wrong thing.
    superseded: BTreeSet<&'a str>,
}

impl<'a> Learned<'a> {
    /// Prepares the list; `tags` and `services` are the names of their pages.
    #[must_use]
    pub fn new(listing: &Listing<'a>, tags: PageNames<'a>, services: PageNames<'a>) -> Self {
        Self {
            tags,
            services,
            superseded: metrics::superseded(&listing.summaries),
        }
    }

    /// Lists what was learned of the latest of some incidents, and says in words how many that are of how many, where
    /// it is not all.
    #[must_use]
    pub fn among(&self, summaries: &[&'a Summary]) -> (Vec<LearnedView<'a>>, Option<String>) {
        let learned = || summaries.iter().filter(|summary| self.has(summary));
        let views = learned().take(MOST).map(|summary| self.view(summary));
        (views.collect(), latest(MOST, learned().count(), "report"))
    }

    fn has(&self, summary: &Summary) -> bool {
        let some = !summary.lessons.is_empty() || !summary.ruled_out.is_empty();
        some && !self.superseded.contains(summary.id.as_str())
    }

    fn view(&self, summary: &'a Summary) -> LearnedView<'a> {
        LearnedView {
            id: &summary.id,
            title: &summary.title,
            day: summary.day.map(|day| day.to_string()),
            tags: named(&summary.tags, &self.tags),
            services: named(&summary.services, &self.services),
            lessons: lessons(summary),
            ruled_out: summary.ruled_out.iter().map(RuledOutView::new).collect(),
        }
    }
}

fn named<'a>(names: &'a [String], pages: &PageNames<'a>) -> Vec<NamedView<'a>> {
    let view = |name: &'a String| {
        let slug = pages.get(name.as_str())?;
        Some(NamedView { name, slug })
    };
    names.iter().filter_map(view).collect()
}

fn lessons(summary: &Summary) -> Vec<LessonsOf<'_>> {
    let kinds = [
        (LessonKind::Learning, "Learnings"),
        (LessonKind::Improve, "What Could Be Improved"),
        (LessonKind::Lucky, "Where We Got Lucky"),
    ];
    let of = |(kind, title)| LessonsOf {
        title,
        entries: summary
            .lessons
            .iter()
            .filter(|(own, _)| *own == kind)
            .map(|(_, text)| text.as_str())
            .collect(),
    };
    let lessons = kinds.into_iter().map(of);
    lessons
        .filter(|lessons| !lessons.entries.is_empty())
        .collect()
}

impl<'a> RuledOutView<'a> {
    fn new(signal: &'a RuledOutSummary) -> Self {
        Self {
            signal: match signal.count {
                1 => signal.signal.clone(),
                count => format!("{} ({count})", signal.signal),
            },
            looked_like: signal.looked_like.as_deref(),
            ruled_out_by: signal.ruled_out_by.as_deref(),
        }
    }
}

impl<'a> LearningsView<'a> {
    /// Lists what was learned, as of a day.
    #[must_use]
    pub fn new(learned: &Learned<'a>, listing: &Listing<'a>, as_of: NaiveDate) -> Self {
        let shown = listing.summaries.iter().copied();
        let all: Vec<&'a Summary> = shown.filter(|one| learned.has(one)).collect();
        let lessons: usize = all.iter().map(|summary| summary.lessons.len()).sum();
        let signals: usize = all.iter().map(|summary| summary.ruled_out.len()).sum();
        let (views, cut) = learned.among(&all);
        Self {
            as_of: as_of.to_string(),
            state: if all.is_empty() {
                "No lessons are recorded yet.".to_owned()
            } else {
                format!(
                    "{} and {} of {}.",
                    count(lessons, "lesson"),
                    count(signals, "ruled-out signal"),
                    count(all.len(), "report")
                )
            },
            tags: sorted(&all, &learned.tags, |summary| &summary.tags),
            services: sorted(&all, &learned.services, |summary| &summary.services),
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
) -> Vec<NamedView<'a>> {
    let found = all.iter().flat_map(|summary| named(names(summary), pages));
    let found: BTreeSet<NamedView<'a>> = found.collect();
    found.into_iter().collect()
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
