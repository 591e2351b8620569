//! Converts a memory entry to an incident with a timeline.
//!
//! Content without a matching key is kept as written in a custom section, with a note. Nothing
//! is guessed except the date, which entries lack: if the user passes none, it is that of the
//! entry's timestamp, and all times are marked as approximate.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::EntryForm;
use super::print::{FACTORS, NO_TAG, PROBLEM};
use super::read::{Entry, Section};
use crate::audience::Audience;
use crate::edit;
use crate::incident::{
    ActionItem, CauseStatus, Incident, Progress, Section as Part, Status, Subsection,
};
use crate::kind::{Block, Day, Id, Line};
use crate::moment::{Written, Zone, parse_day};
use crate::timeline::Timeline;
use crate::view::slug::Slugs;

mod impact;
mod query;
mod timeline;

use timeline::DatedEvent;
pub(super) use timeline::next_date;

/// The result of converting an entry.
#[derive(Debug, Clone)]
pub struct ConvertedEntry {
    /// The incident.
    pub incident: Incident,
    /// The timeline; `None` if it is not needed.
    pub timeline: Option<Timeline>,
    /// The notes for the person who imports, each with its line.
    pub notes: Vec<(usize, String)>,
}

impl ConvertedEntry {
    /// Returns the text of the incident file.
    #[must_use]
    pub fn incident_text(&self) -> String {
        edit::incident::print(&self.incident)
    }

    /// Returns the text of the timeline file, if there is one.
    #[must_use]
    pub fn timeline_text(&self) -> Option<String> {
        self.timeline.as_ref().map(edit::timeline::print)
    }
}

/// Returns the incident ID for the name of an entry, with `-` for characters that an ID cannot have.
///
/// # Errors
/// Returns an error if the name contains no valid ID.
pub fn id(name: &str) -> Result<Id, String> {
    let (id, _) = super::id_and_slug(name);
    let slugify = |c: char| {
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    let id: String = id.chars().map(slugify).take(60).collect();
    Id::new(id.trim_matches('-'))
}

/// Converts an entry, or the full text of a shortened one, to an incident.
///
/// `day` is the date of the incident, if it is known.
///
/// # Errors
/// Returns an error if the incident would be invalid.
pub fn from_entry(
    entry: &Entry,
    id: &str,
    day: Option<NaiveDate>,
) -> Result<ConvertedEntry, String> {
    let stamped = entry.stamp.get(..10).unwrap_or_default();
    let mut draft = Draft {
        day: day.map_or_else(|| parse_day(stamped), Ok)?,
        approximate: day.is_none(),
        ..Draft::default()
    };
    draft.import(entry)?;
    draft.finish(entry, id)
}

/// Returns a title for the name of an entry: `orders-api-outage` becomes `Orders api outage`.
fn title(name: &str) -> String {
    let (id, slug) = super::id_and_slug(name);
    let words = if slug.is_empty() { id } else { slug };
    let words = words.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Untitled".to_owned(),
    }
}

/// Returns `true` if a text of one line is the title from which the name of an entry was made.
fn is_title(text: &str, name: &str) -> bool {
    let (id, slug) = super::id_and_slug(name);
    let slug = if slug.is_empty() { id } else { slug };
    let slugs = Slugs::from_names([text]);
    let of_text = slugs.get(text).unwrap_or_default();
    !text.contains('\n') && (of_text == slug || super::without_numbers(of_text) == slug)
}

#[derive(Default)]
struct Draft {
    day: NaiveDate,
    /// Whether the date is only that of the entry's timestamp.
    approximate: bool,
    zone: Option<Zone>,
    incident: Incident,
    events: Vec<DatedEvent>,
    /// The start, the end and their line.
    span: Option<(Written, Written, usize)>,
    notes: Vec<(usize, String)>,
}

impl Draft {
    fn import(&mut self, entry: &Entry) -> Result<(), String> {
        // Import the impact first: it may state the date, which the timeline needs.
        if let Some(section) = entry.section("Impact") {
            self.impact(entry, section)?;
        }
        let mut seen = BTreeSet::new();
        for section in &entry.sections {
            let text = entry.section_text(section);
            match section.title.as_str() {
                // A repeated section is kept as a custom section.
                title if !seen.insert(title) => self.custom(section, text)?,
                "Summary" if text.is_empty() => {}
                "Summary" => self.incident.summary = Some(Block::new(text)?),
                "Impact" => {}
                "Timeline" => self.timeline(entry, section)?,
                "Root Cause" if text.is_empty() => {}
                "Root Cause" => self.root_cause(&text)?,
                "Key Queries" => self.queries(entry, section)?,
                "Learnings" => {
                    let (items, unmapped) = items(entry, section);
                    for (_, item) in items {
                        self.learning(item)?;
                    }
                    self.keep_unmapped(section, Part::Lessons, &unmapped)?;
                }
                "Key Learning" if text.is_empty() => {}
                "Key Learning" => self.learning(text)?,
                "Action Items" => self.actions(entry, section)?,
                // The pointer to the memory archive is not part of the incident.
                "Full Details" if super::pointer(&text).is_some() => {}
                _ => self.custom(section, text)?,
            }
        }
        self.set_start_and_end();
        Ok(())
    }

    /// Imports a root cause: the primary cause, then the problem, then the list of what contributed to it.
    fn root_cause(&mut self, text: &str) -> Result<(), String> {
        let cause = self.incident.root_cause.get_or_insert_default();
        let (text, factors) = part(text, FACTORS)
            .and_then(|(before, factors)| Some((before, list_items(factors)?)))
            .unwrap_or((text, Vec::new()));
        for factor in factors {
            cause.contributing_factors.push(Block::new(factor)?);
        }
        let (text, problem) = match part(text, PROBLEM) {
            Some((before, problem)) if !problem.is_empty() => (before, Some(problem)),
            _ => (text, None),
        };
        cause.problem = problem.map(Block::new).transpose()?;
        let guesses = [CauseStatus::Suspected, CauseStatus::Unknown];
        let guess = guesses.into_iter().find_map(|status| {
            let text = text.strip_prefix(status.label())?;
            Some((status, text.strip_prefix(": ")?))
        });
        let (status, text) = guess.unwrap_or((CauseStatus::Confirmed, text));
        cause.status = status;
        if !text.is_empty() {
            cause.primary = Some(Block::new(text)?);
        }
        Ok(())
    }

    fn learning(&mut self, text: String) -> Result<(), String> {
        let lessons = self.incident.lessons.get_or_insert_default();
        lessons.learnings.push(Block::new(text)?);
        Ok(())
    }

    /// Keeps a section without a matching key as a custom section.
    fn custom(&mut self, section: &Section, text: String) -> Result<(), String> {
        if text.is_empty() {
            return Ok(());
        }
        let title = Some(section.title.as_str()).filter(|title| !title.is_empty());
        let title = title.unwrap_or("Notes");
        let note = format!("section `{title}` has no matching key; kept as a custom section");
        self.notes.push((section.line, note));
        self.subsection(None, title, text)
    }

    fn subsection(
        &mut self,
        section: Option<Part>,
        title: &str,
        body: String,
    ) -> Result<(), String> {
        self.incident.sections.push(Subsection {
            section,
            title: Line::new(title)?,
            body: Some(Block::new(body)?),
            audience: None,
        });
        Ok(())
    }

    /// Keeps lines without a matching key as a subsection of the report section `parent`.
    fn keep_unmapped(
        &mut self,
        section: &Section,
        parent: Part,
        lines: &[(usize, String)],
    ) -> Result<(), String> {
        let Some((line, _)) = lines.first() else {
            return Ok(());
        };
        let body: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        self.notes.push((
            *line,
            format!(
                "section `{}` has content without a matching key; kept as a subsection",
                section.title
            ),
        ));
        let title = format!("{} (as typed)", section.title);
        self.subsection(Some(parent), &title, body.join("\n"))
    }

    fn actions(&mut self, entry: &Entry, section: &Section) -> Result<(), String> {
        let (items, unmapped) = items(entry, section);
        for (_, item) in items {
            let item = item.replace('\n', " ");
            let after = |checkbox: &str| item.strip_prefix(checkbox).map(str::trim);
            let done = after("[x]").or_else(|| after("[X]"));
            let action = done.or_else(|| after("[ ]")).unwrap_or(&item);
            if action.is_empty() {
                continue;
            }
            self.incident.action_items.push(ActionItem {
                action: Line::new(action)?,
                status: done.map(|_| Progress::Done),
                ..ActionItem::default()
            });
        }
        self.keep_unmapped(section, Part::Lessons, &unmapped)
    }

    fn finish(self, entry: &Entry, id: &str) -> Result<ConvertedEntry, String> {
        let mut incident = self.incident;
        incident.title = Line::new(title(entry.name))?;
        // An entry must have text, so the summary of an incident without one is its title.
        if let Some(summary) = incident
            .summary
            .take_if(|summary| is_title(summary, entry.name))
        {
            incident.title = Line::new(&*summary)?;
        }
        incident.status = Some(Status::Closed);
        incident.classification = Some(Audience::Internal);
        incident.tags = tags(entry)
            .into_iter()
            .filter(|tag| *tag != NO_TAG)
            .map(Line::new)
            .collect::<Result<_, _>>()?;
        let has_times = incident.times != Default::default();
        let zone = self.zone.filter(|zone| *zone != Zone::default());
        let is_needed = !self.events.is_empty() || (has_times && zone.is_some());
        let events = self.events.into_iter().map(|dated| dated.event);
        let timeline = Timeline {
            incident: Some(Id::new(id)?),
            date: Some(Day(self.day)),
            tz: zone,
            events: events.collect(),
            ..Timeline::default()
        };
        Ok(ConvertedEntry {
            incident,
            timeline: is_needed.then_some(timeline),
            notes: self.notes,
        })
    }
}

/// Returns the tags of an entry.
#[must_use]
pub fn tags<'a>(entry: &Entry<'a>) -> Vec<&'a str> {
    let tags = entry.get("tags").unwrap_or_default().split(',');
    tags.map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

/// Returns the key learning of a summarized entry.
#[must_use]
pub fn key_learning(entry: &Entry) -> Option<String> {
    let section = entry.section("Key Learning")?;
    Some(entry.section_text(section))
        .filter(|text| entry.form == EntryForm::Summarized && !text.is_empty())
}

/// Lines with their numbers.
type Numbered = Vec<(usize, String)>;

/// Splits a text before a paragraph that starts with a label.
fn part<'t>(text: &'t str, label: &str) -> Option<(&'t str, &'t str)> {
    let (before, part) = match text.strip_prefix(label) {
        Some(part) => ("", part),
        None => text.split_once(&format!("\n\n{label}"))?,
    };
    Some((before.trim_end(), part.trim()))
}

/// Returns the items of a text that is a list and nothing else.
fn list_items(text: &str) -> Option<Vec<String>> {
    let lines = text.lines().enumerate();
    let (items, others) = items_of(lines);
    let is_list = others.is_empty() && !items.is_empty();
    is_list.then(|| items.into_iter().map(|(_, item)| item).collect())
}

/// Returns the items of a list, including their continuation lines, and the lines outside of items.
fn items(entry: &Entry, section: &Section) -> (Numbered, Numbered) {
    items_of(entry.lines(section))
}

fn items_of<'t>(lines: impl Iterator<Item = (usize, &'t str)>) -> (Numbered, Numbered) {
    let (mut items, mut others): (Numbered, Numbered) = (Vec::new(), Vec::new());
    let mut blank = 0;
    for (line, row) in lines {
        if row.trim().is_empty() {
            blank += 1;
            continue;
        }
        // Blank lines separate the paragraphs of an item.
        let blank = std::mem::take(&mut blank);
        let item = row.strip_prefix("- ").or_else(|| row.strip_prefix("* "));
        match (item, items.last_mut()) {
            (Some(item), _) if item.trim().is_empty() => {}
            (Some(item), _) => items.push((line, item.trim().to_owned())),
            (None, Some((_, item))) if row.starts_with([' ', '\t']) => {
                item.push_str(&"\n".repeat(blank + 1));
                item.push_str(row.strip_prefix("  ").unwrap_or(row));
            }
            _ => others.push((line, row.to_owned())),
        }
    }
    (items, others)
}
