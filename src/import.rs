//! Converts a Markdown report to an incident file and a timeline, plus a list of unmapped content.
//!
//! It reads the sections that the report templates print and stores no number that the
//! product computes; it stores marks instead. Nothing is written to disk here. [`proof`]
//! loads the result like any other input and compares its report with the original, so
//! that every difference is reported.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::diagnostic::Sources;
use crate::edit;
use crate::facts::labelled::Labels;
use crate::incident::Status;
use crate::kind::{Day, is_visible};
use crate::load::{INCIDENTS, TIMELINES};
use crate::moment::{Moment, Zone};
use crate::source::Source;
use crate::timeline::{Event, Mark, Timeline};
use chrono::NaiveDate;

mod block;
mod calendar;
mod day_name;
mod draft;
mod entry_time;
mod layout;
mod lengths;
mod marks;
mod moment;
mod normal;
mod numeric_date;
mod open;
pub mod proof;
mod section;
pub mod source;
mod statement;
mod truncation;
mod vocabulary;
mod words;
mod year;
mod zone;

pub use draft::Note;
pub use marks::Proposal;

use draft::Draft;

/// The options of an import.
#[derive(Debug, Clone, Default)]
pub struct Settings<'a> {
    /// The incident ID to use instead of the one in the report.
    pub id: Option<&'a str>,
    /// The date for times without one, used if the report states none.
    pub day: Option<NaiveDate>,
    /// The time zone, used if the report states none.
    pub zone: Option<Zone>,
    /// The linked files that exist in the archive, as paths relative to its root.
    pub files: BTreeSet<String>,
    /// The IDs of the archive's incidents.
    pub ids: BTreeSet<String>,
}

/// The result of importing a report.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The incident's ID.
    pub id: String,
    /// The text of the incident file.
    pub incident: String,
    /// The text of the timeline file; `None` without events.
    pub timeline: Option<String>,
    /// Whether the report has the layout of our own reports and can be reproduced line by line.
    pub is_native: bool,
    /// Whether the report of this incident depends on other incidents.
    pub related: bool,
    /// The marks that were found, each with the reason.
    pub marks: Vec<Proposal>,
    /// The notes for the person who imports.
    pub notes: Vec<Note>,
    /// The content without a matching key, which is kept in a custom section.
    pub unmapped: Vec<Note>,
}

impl Imported {
    /// Returns the files to create, as pairs of path in the archive and text.
    pub fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let timeline = self.timeline.as_deref();
        let timeline = timeline.map(|text| (format!("{TIMELINES}/{}.json", self.id), text));
        let incident = (
            format!("{INCIDENTS}/{}.toml", self.id),
            self.incident.as_str(),
        );
        timeline.into_iter().chain([incident])
    }

    /// Returns `true` if a note names the number that a message is about: ``text says `12 minutes` ``.
    #[must_use]
    pub fn has_noted(&self, message: &str) -> bool {
        let number = message.split('`').nth(1).unwrap_or_default();
        let notes = self.notes.iter().map(|note| note.text.as_str());
        { notes }.any(|text| text.starts_with(lengths::DIFFERS) && text.contains(number))
    }

    /// Returns the text of the notes, the unmapped content and the incident file.
    ///
    /// A note names the values of the file that no report prints.
    #[must_use]
    pub fn kept(&self) -> String {
        let notes = self.notes.iter().chain(&self.unmapped);
        let notes: Vec<&str> = notes.map(|note| note.text.as_str()).collect();
        format!("{}\n{}", notes.join("\n"), self.incident)
    }

    /// Returns the files as sources for diagnostics.
    #[must_use]
    pub fn sources(&self) -> Sources {
        self.files()
            .map(|(path, text)| Source::new(path, text))
            .collect()
    }
}

/// The reason why a text cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ImportError {
    /// The line of the problem, from 1.
    pub line: Option<usize>,
    /// The problem.
    pub message: String,
    /// The fix.
    pub help: &'static str,
}

/// The message of the error for a report without an incident ID.
pub const NO_ID: &str = "the report states no incident ID";

/// Returns the first full date of a report.
#[must_use]
pub fn first_day(text: &str) -> Option<NaiveDate> {
    year::first_day(text)
}

/// The title of the custom section for unmapped content.
pub const UNMAPPED_TITLE: &str = "Unmapped Content";

/// Returns the files that a report links to, as paths relative to the archive's root.
#[must_use]
pub fn linked_files(text: &str) -> BTreeSet<String> {
    let targets = text
        .split("](../")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| words::unescaped(target))
        .collect()
}

/// Imports a report.
///
/// # Errors
/// Returns an error if the text is not a report, is truncated, or states no ID or date.
pub fn report(
    source: &Source,
    config: &Config,
    settings: &Settings,
) -> Result<Imported, ImportError> {
    let mut draft = Draft {
        files: settings.files.clone(),
        ids: settings.ids.clone(),
        labels: Labels::new(&config.words),
        ..Draft::default()
    };
    draft.fields = config.fields.clone();
    draft.severities = config
        .severities()
        .into_iter()
        .map(|severity| (severity.key, severity.label))
        .collect();
    let text = without_invisible(source.text(), &mut draft);
    let text = numeric_date::expand(text, settings.day, &mut draft);
    let is_own =
        text.starts_with("# Incident Report: ") && text.contains("\n## Incident Summary\n");
    let text = if is_own {
        text
    } else {
        year::expand(text, settings.day, &mut draft)
    };
    if let Some((line, kind)) = truncation::unterminated(&text) {
        return Err(ImportError {
            line: Some(line),
            message: format!("unterminated {kind}; the file may be truncated"),
            help: "close it, or use the complete file",
        });
    }
    let normal = normal::normalize(&text, config, &draft.labels, is_own);
    import(source, config, settings, draft, &normal).map_err(|error| ImportError {
        line: error.line.map(|line| normal.lines.of(line)),
        ..error
    })
}

/// Imports a report whose layout is normal.
fn import(
    source: &Source,
    config: &Config,
    settings: &Settings,
    mut draft: Draft,
    normal: &normal::Normal,
) -> Result<Imported, ImportError> {
    let text = normal.text.as_str();
    let early = std::mem::take(&mut draft.notes);
    draft.lines = normal.lines.clone();
    let blocks = block::blocks(text);
    let layout = layout::Layout::detect(text, &blocks, source.path(), settings)?;
    draft.id = layout.id.clone();
    draft.is_native = layout.is_native;
    draft.times = layout.times(config, settings, &mut draft)?;
    layout.import(config, &mut draft);
    if let Some((line, name)) = draft.unclear_zone {
        return Err(layout::unclear_zone(&name, line));
    }
    let ambiguous = early
        .iter()
        .find(|note| note.text.starts_with(numeric_date::AMBIGUOUS));
    if let (Some(_), Some(note)) = (draft.without_date, ambiguous) {
        let (message, _) = note.text.split_once(';').unwrap_or((&note.text, ""));
        return Err(ImportError {
            line: note.line,
            message: message.to_owned(),
            help: "pass the date of the incident, such as `--date 2025-01-14`",
        });
    }
    if let Some(line) = draft.without_date {
        return Err(ImportError {
            line: Some(line),
            message: "this time has no date, and the report does not state one".to_owned(),
            help: "pass `--date 2025-01-14`",
        });
    }
    draft.facts.is_several =
        !draft.is_native && statement::are_several(&layout.title, text.lines());
    let marks = marks::find(&mut draft);
    let has_times =
        !(draft.events.is_empty() && draft.facts.labelled.is_empty() && marks.is_empty());
    let notes = std::mem::take(&mut draft.time_notes);
    draft.notes.extend(notes.into_iter().filter(|_| has_times));
    section::use_priority(&mut draft);
    section::set_severity_changes(&mut draft);
    let title = draft.title.take();
    draft.incident.title = title.unwrap_or_else(|| words::line(&layout.title));
    if draft.incident.status.is_none() {
        match open::said_open(&draft, &layout.title, text) {
            Some(open) if !draft.is_native => {
                let says = |line: &str| words::folded(line).contains(&open.phrase);
                let line = text.lines().position(says).map(|index| index + 1);
                draft.incident.status = open.status;
                draft.note(
                    line,
                    format!("read as not over, because it says `{}`", open.phrase),
                );
            }
            Some(_) => {}
            // A report is written when the incident is over, unless it says otherwise.
            None if !draft.facts.open => {
                if let Some((line, value)) = open::unknown_status(&draft) {
                    let text = format!("unknown status `{value}`; read as closed");
                    draft.note(line, text);
                }
                draft.incident.status = Some(Status::Closed);
            }
            None => {}
        }
    }
    let site = config.site.timezone.unwrap_or_default();
    draft.incident.timezone = Some(draft.times.zone).filter(|zone| *zone != site);
    keep_unused(&mut draft, &marks);
    note_unprinted(&mut draft);
    if !draft.is_native {
        lengths::compare(&mut draft, text);
    }
    let unmapped = keep_unmapped(&mut draft);
    let in_source = |note: Note| Note {
        line: note.line.map(|line| normal.lines.of(line)),
        ..note
    };
    let unmapped = unmapped.into_iter().map(in_source).collect();
    draft.notes = std::mem::take(&mut draft.notes)
        .into_iter()
        .map(in_source)
        .chain(early)
        .chain(normal.labels.iter().cloned())
        .collect();
    draft.notes.sort_by_key(|note| note.line);
    let marks = marks
        .into_iter()
        .map(|found| Proposal {
            line: found.line.map(|line| normal.lines.of(line)),
            ..found
        })
        .collect();
    Ok(Imported {
        id: draft.id.to_string(),
        incident: edit::incident::print(&draft.incident),
        timeline: timeline(&draft).as_ref().map(edit::timeline::print),
        is_native: layout.is_native,
        related: draft.related,
        marks,
        notes: draft.notes,
        unmapped,
    })
}

/// Keeps facts that were read for the times of a report that has none.
fn keep_unused(draft: &mut Draft, marks: &[Proposal]) {
    let has = |mark: Mark| marks.iter().any(|found| found.mark == mark);
    let has_start = has(Mark::Started) || has(Mark::ImpactStarted);
    let has_end = has(Mark::Ended) || has(Mark::Resolved) || has(Mark::ImpactEnded);
    // The comparison names a duration that differs, if it can read it.
    let is_read = |length: &draft::Stated<String>| {
        let stated = draft.labels.parse(&length.value);
        stated.is_some_and(|stated| stated.is_comparable())
    };
    let is_compared = draft.is_native || draft.facts.length.as_ref().is_some_and(is_read);
    let is_computed = has_start && has_end && is_compared && !draft.facts.is_several;
    let has_day = !draft.events.is_empty() || has_start;
    for (fact, is_used) in [
        (draft.facts.date.take(), has_day),
        (draft.facts.length.take(), is_computed),
    ] {
        if let Some(fact) = fact.filter(|_| !is_used) {
            draft.keep_unmapped("Facts", fact.line, &fact.value);
        }
    }
}

/// Names the values that the report does not print.
fn note_unprinted(draft: &mut Draft) {
    if draft.is_native {
        return;
    }
    let incident = &draft.incident;
    let lists = [
        ("environment", &incident.environment.0),
        ("services", &incident.services),
        ("teams", &incident.teams),
        ("tags", &incident.tags),
    ];
    let notes: Vec<String> = { lists.into_iter() }
        .filter(|(_, list)| !list.is_empty())
        .map(|(key, list)| {
            let values: Vec<&str> = list.iter().map(|value| &**value).collect();
            let values = values.join("`, `");
            format!("in the incident file as `{key}`, but not printed in the report: `{values}`")
        })
        .collect();
    for note in notes {
        draft.note(None, note);
    }
}

/// Removes invisible characters, which no input of an archive may contain.
fn without_invisible(text: &str, draft: &mut Draft) -> String {
    let text = text.replace('\r', "\n");
    let hidden = |c: char| !is_visible(c);
    if !text.contains(hidden) {
        return text;
    }
    for (index, line) in text.lines().enumerate() {
        if let Some(c) = line.chars().find(|c| hidden(*c)) {
            draft.note(
                index + 1,
                format!("removed the invisible character U+{:04X}", u32::from(c)),
            );
        }
    }
    text.replace(hidden, "")
}

/// Adds a custom section with the unmapped content, grouped by its original sections.
fn keep_unmapped(draft: &mut Draft) -> Vec<Note> {
    let mut unmapped = std::mem::take(&mut draft.unmapped);
    unmapped.sort_by_key(|content| content.line);
    let mut body = String::new();
    let mut section = String::new();
    for content in &unmapped {
        if content.section != section {
            section.clone_from(&content.section);
            body.push_str(&format!("### {section}\n\n"));
        }
        body.push_str(&content.text);
        body.push_str("\n\n");
    }
    if !body.is_empty() {
        section::push_section(draft, None, UNMAPPED_TITLE, &body);
    }
    let note = |content: draft::Unmapped| Note {
        line: Some(content.line).filter(|line| *line > 0),
        text: format!("{}: {}", content.section, telling_line(&content.text)),
    };
    unmapped.into_iter().map(note).collect()
}

/// Returns the line that says what a text is: not the head of its table, and not the fence of its code.
fn telling_line(text: &str) -> &str {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let is_rule = |line: &str| line.starts_with('|') && !line.contains(char::is_alphanumeric);
    let is_fence = first.starts_with("```") || first.starts_with("~~~");
    let is_tag = first.starts_with('<') && first.ends_with('>') && !first.contains("</");
    let second = lines
        .next()
        .filter(|_| first.starts_with('|') || is_fence || is_tag);
    match second {
        Some(second) if is_rule(second) => lines.next().unwrap_or(first),
        Some(second) if is_fence || is_tag => second.trim_start(),
        _ => first,
    }
}

/// Returns the timeline; `None` without events.
fn timeline(draft: &Draft) -> Option<Timeline> {
    let day = draft.times.day.filter(|_| !draft.events.is_empty())?;
    let shortest = |moment: &Moment| draft.times.time_defaults().shortest(moment);
    let events = draft.events.iter().map(|entry| Event {
        at: shortest(&entry.start),
        until: entry.end.as_ref().map(shortest),
        kind: entry.cue.kind,
        automated: entry.cue.automated,
        ..entry.event.clone()
    });
    Some(Timeline {
        incident: Some(draft.id.clone()),
        date: Some(Day(day)),
        tz: Some(draft.times.zone).filter(|zone| *zone != Zone::default()),
        events: events.collect(),
        ..Timeline::default()
    })
}
