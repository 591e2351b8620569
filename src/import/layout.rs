//! Detects the layout of a report: its title, its sections, and the date and time zone of its times.

use camino::Utf8Path;
use chrono::NaiveDate;

use super::block::{self, Block, Kind, Part, parts};
use super::calendar::{calendar_day, days};
use super::draft::{Draft, Note};
use super::moment::{Full, Times};
use super::section::{self, IMPORTERS};
use super::vocabulary::{FootLabel, SummaryLabel, WORDS};
use super::words::{bare_heading, folded, labelled, plain_label};
use super::zone::{self, Named};
use super::{ImportError, Settings};
use crate::config::Config;
use crate::incident::Section;
use crate::kind::Id;

mod above;
mod front;
mod sections;
mod title;
mod when;
mod zones;

pub(super) use front::{is_front_matter, is_title_key};

use above::{is_plain_pairs, is_prose, joined_facts};
use front::{day_of_incident, day_of_mark, front_matter};
pub(super) use sections::section_of;
use sections::{timelines_apart, within};
use title::{bare_title, id_in, id_in_name, stated_id, title};
use when::{Dated, anchor};
use zones::Zones;

/// A report split into its sections and the blocks around them.
pub(super) struct Layout<'a> {
    pub id: Id,
    pub title: String,
    /// Whether it is the layout of our own reports.
    pub is_native: bool,
    /// The lines of the front matter, with their numbers.
    front: Vec<(usize, String)>,
    /// The blocks between the title and the first section, such as banners.
    before: Vec<Block<'a>>,
    sections: Vec<Part<'a>>,
    /// The blocks after the last rule.
    foot: Vec<Block<'a>>,
    /// A time with a date, preferably the start, and its time zone.
    anchor: Option<Full<'a>>,
    /// The date of the report, if no time states it.
    day: Option<NaiveDate>,
    /// The first date of the report.
    first_day: Option<NaiveDate>,
    /// The line that names this date, if it does not state it for all times.
    day_line: Option<usize>,
    /// The time zones that it states.
    zones: Zones,
}

impl<'a> Layout<'a> {
    /// Detects the layout of a report.
    ///
    /// # Errors
    /// Returns an error if the text has no sections or no incident ID.
    pub fn detect(
        text: &'a str,
        blocks: &[Block<'a>],
        path: &Utf8Path,
        settings: &Settings,
    ) -> Result<Self, ImportError> {
        let error = |message: &str, help| ImportError {
            line: None,
            message: message.to_owned(),
            help,
        };
        let (front, blocks) = front_matter(text, blocks);
        let (above, title, rest) = title(&front, blocks);
        let (rest, foot) = split_foot(rest);
        let levels = rest.iter().filter_map(|block| match block.kind {
            Kind::Heading(level) => Some(level),
            _ => None,
        });
        let is_alone = blocks.is_empty() && front::is_report(&front);
        let Some(level) = levels.min().or(is_alone.then_some(2)) else {
            return Err(match title {
                Some(_) => error(
                    "not an incident report: found a title but no sections",
                    "add sections such as `## Timeline`",
                ),
                None => error(
                    "not an incident report: missing heading `# Incident Report: ID`",
                    "start the report with a heading",
                ),
            });
        };
        let (before, sections) = parts(text, rest, level);
        if !is_alone && sections.iter().all(|part| part.body.trim().is_empty()) {
            return Err(error(
                "not an incident report: all sections are empty",
                "add content to sections such as `## Timeline`",
            ));
        }
        let heading = title.map(|block| block::heading(block)).unwrap_or_default();
        let published = front::value(&front, SummaryLabel::Date).and_then(calendar_day);
        let dated = Dated {
            text: block::span(text, blocks),
            title: if heading.is_empty() {
                front::value(&front, SummaryLabel::Title).unwrap_or_default()
            } else {
                heading
            },
            published: published.map(|(day, _)| day),
            marked: day_of_mark(&front),
            blocks,
        };
        let is_native = heading
            .strip_prefix("Incident Report: ")
            .is_some_and(|id| Id::new(id.trim()).is_ok())
            && sections.iter().any(|part| part.title == "Incident Summary");
        let stated = day_of_incident(&front).or_else(|| dated.stated());
        let implied = || dated.implied().filter(|_| !is_native);
        let found = stated.map(|day| (day, false)).or_else(implied);
        let names = |line: &str| days(line).any(|day| found == Some((day, true)));
        let day_line = text.lines().position(names);
        let day = found.map(|(day, _)| day);
        let given = settings.id.map(|id| {
            let help = "use letters, digits and `-`, at most 64 characters";
            Id::new(id).map_err(|_| error(&format!("invalid ID `{id}`"), help))
        });
        let stem = path.file_stem().unwrap_or_default();
        let id = given.transpose()?.or_else(|| stated_id(text));
        let id = id.or_else(|| id_in_name(stem)).or_else(|| id_in(heading));
        let Some(id) = id.or_else(|| Id::new(stem).ok()) else {
            return Err(ImportError {
                line: title.map(|block| block.line),
                message: super::NO_ID.to_owned(),
                help: "pass one with `--id INC-2025-0023`",
            });
        };
        Ok(Self {
            is_native,
            title: bare_title(bare_heading(heading), &id),
            id,
            front,
            day,
            first_day: super::first_day(text),
            day_line: day_line.map(|index| index + 1),
            zones: Zones::find(
                text,
                &sections,
                blocks.first().map_or(1, |block| block.line),
            ),
            // Import blocks above the title like those below it.
            before: [above, &before].concat(),
            sections,
            foot: foot.to_vec(),
            anchor: anchor(block::span(text, blocks), rest),
        })
    }

    /// Returns the time zone of the report's times and the date that they start on.
    ///
    /// # Errors
    /// Returns an error if the report states a time zone that is unknown or may be several.
    pub fn times(
        &self,
        config: &Config,
        settings: &Settings,
        draft: &mut Draft,
    ) -> Result<Times, ImportError> {
        let site = settings.zone.or(config.site.timezone).unwrap_or_default();
        let anchored = self.anchor.and_then(|found| found.written.day);
        if let (None, Some(day), Some(line)) = (anchored, self.day, self.day_line) {
            draft.time_notes.push(Note {
                line: Some(line),
                text: format!(
                    "no date of the incident is stated; times without a date read as of {day}"
                ),
            });
        }
        let day = anchored.or(self.day).or(settings.day);
        let near = day.or(self.first_day).map(|day| {
            let time = self
                .anchor
                .and_then(|found| found.written.time)
                .map(|time| time.at);
            day.and_time(time.unwrap_or_default()).and_utc()
        });
        let anchor = self.anchor.and_then(|found| found.zone);
        let named = |found: &'_ Option<(String, usize)>| found.clone();
        let name = named(&self.zones.all)
            .map(|(name, line)| (name, Some(line)))
            .or_else(|| anchor.map(|name| (name.to_owned(), None)))
            .or_else(|| {
                let found = named(&self.zones.labelled)
                    .or_else(|| named(&self.zones.entries))
                    .or_else(|| named(&self.zones.above))
                    .or_else(|| named(&self.zones.prose))
                    .or_else(|| named(&self.zones.in_words));
                found.map(|(name, line)| (name, Some(line)))
            });
        if let (None, None, Some((name, line))) = (&name, settings.zone, &self.zones.unread) {
            return Err(unclear_zone(name, *line));
        }
        let name = name.as_ref().map(|(name, line)| (name.as_str(), *line));
        // An abbreviation of several time zones may be explained elsewhere.
        let name = name.map(|(name, line)| match zone::named(name, near) {
            Some(Named::Several(_)) => { self.zones.in_full(name) }
                .map_or((name, line), |(name, line)| (name.as_str(), Some(*line))),
            _ => (name, line),
        });
        let Some((name, line)) = name else {
            if !self.is_native {
                let from = if settings.zone.is_some() {
                    "`--tz`"
                } else {
                    "the archive; pass `--tz` if they are in another one"
                };
                draft.time_notes.push(Note {
                    line: None,
                    text: format!(
                        "no time zone is stated; times read as {site}, the time zone of {from}"
                    ),
                });
            }
            return Ok(Times {
                zone: site,
                day,
                given: settings.zone,
            });
        };
        // Several time zones share an abbreviation; prefer the site's.
        let is_site = near.is_some_and(|near| site.abbreviation(near) == name);
        let zone = match (zone::named(name, near), settings.zone) {
            _ if is_site => site,
            (Some(Named::One(zone)), _) => zone,
            (_, Some(given)) => given,
            (_, None) => return Err(unclear_zone(name, line.unwrap_or(1))),
        };
        if !self.is_native {
            draft.note(line, format!("times read as {zone}, stated as `{name}`"));
        }
        if let Some(note) = near
            .and_then(|near| zone::mismatch(name, zone, near))
            .filter(|_| !self.is_native)
        {
            draft.note(line, note);
        }
        Ok(Times {
            zone,
            day,
            given: settings.zone,
        })
    }

    /// Returns the only section without a meaning that has known ones below it: `## Postmortem`.
    fn whole_report(&self, config: &Config) -> Option<&Part<'a>> {
        let is_known = |part: &Part| section_of(part.title, config).is_some();
        let is_whole = |part: &&Part| {
            let is_title = !is_known(part) && within(part, config).is_none();
            is_title && part.parts.iter().any(is_known)
        };
        let mut found = self.sections.iter().filter(is_whole);
        let first = found.next().filter(|_| found.next().is_none())?;
        (!self.is_native).then_some(first)
    }

    /// Returns the sections: those below a title without a meaning, and timelines apart from the text above them.
    fn sections(&self, config: &Config, draft: &mut Draft) -> Vec<Part<'a>> {
        let whole = self.whole_report(config);
        if let Some(part) = whole {
            let note = format!(
                "`{}` read as the title of the sections below it",
                part.title
            );
            draft.note(part.line, note);
        }
        let sections = { self.sections.iter() }.flat_map(|part| match whole {
            Some(whole) if part.line == whole.line => part.opened("Summary"),
            _ => vec![part.clone()],
        });
        let apart = |part: Part<'a>| timelines_apart(&part, config, self.is_native);
        sections.flat_map(apart).collect()
    }

    /// Imports what is above the first section.
    fn heading(&self, draft: &mut Draft) {
        let mut intro: Vec<Block> = Vec::new();
        for block in &self.before {
            if section::banners(draft, block) {
            } else if let Some(facts) = joined_facts(block).filter(|_| !self.is_native) {
                for (line, text) in facts {
                    match labelled(text).or_else(|| plain_label(text)) {
                        Some(found) if section::summary::fact(draft, line, found) => {}
                        _ => draft.keep_unmapped("Heading", line, text),
                    }
                }
            } else if block.kind == Kind::Paragraph && section::timeline::is_preface(block) {
                draft.note(
                    block.line,
                    format!(
                        "read as the date or time zone of all times: `{}`",
                        block.text
                    ),
                );
            } else if block.kind == Kind::Paragraph
                && block.text.lines().any(|line| labelled(line).is_some())
            {
                section::facts(draft, "Heading", block);
            } else if is_plain_pairs(block) {
                for (index, line) in block.text.lines().enumerate() {
                    section::summary::pair(draft, "Heading", block.line + index, line);
                }
            } else if section::pairs(draft, "Heading", block) {
            } else if !self.is_native && (is_prose(block) || !intro.is_empty()) {
                intro.push(*block);
            } else {
                draft.keep_unmapped_block("Heading", block);
            }
        }
        section::summary::intro(draft, &intro);
    }

    /// Imports all sections, in the order of [`IMPORTERS`].
    pub fn import(&self, config: &Config, draft: &mut Draft) {
        front::import(draft, &self.front, &self.title);
        self.heading(draft);
        let sections = self.sections(config, draft);
        let found: Vec<Option<(Section, bool)>> = { sections.iter() }
            .map(|part| {
                let found = section_of(part.title, config).or_else(|| within(part, config));
                let is_story = matches!(found, None | Some((Section::Summary, _)));
                // A list of times is a timeline whatever its heading; a heading that is a time belongs to one.
                match found {
                    _ if is_story && !self.is_native && section::timeline::is_log(part) => {
                        Some((Section::Timeline, false))
                    }
                    None if section::timeline::is_time(part.title) => {
                        Some((Section::Timeline, true))
                    }
                    // Below the first heading, they are those of the incident.
                    None if !self.is_native
                        && self
                            .sections
                            .first()
                            .is_some_and(|first| first.line == part.line)
                        && section::summary::is_facts(part, &draft.labels) =>
                    {
                        Some((Section::Summary, false))
                    }
                    None if !self.is_native && section::lessons::is_actions_by_form(part) => {
                        Some((Section::Lessons, true))
                    }
                    Some((Section::Resolution, _))
                        if !self.is_native && section::lessons::has_groups_by_status(part) =>
                    {
                        Some((Section::Lessons, true))
                    }
                    found => found,
                }
            })
            .collect();
        for importer in IMPORTERS {
            for (part, found) in sections.iter().zip(&found) {
                match found {
                    Some((section, is_subsection)) if *section == importer.section => {
                        if *is_subsection || folded(part.title) != folded(importer.title) {
                            draft.note(
                                part.line,
                                format!("section `{}` read as `{}`", part.title, importer.title),
                            );
                        }
                        let part = &section::summary::without_fields(draft, part);
                        if *is_subsection {
                            (importer.import)(draft, &part.nested_under(importer.title));
                        } else {
                            (importer.import)(draft, part);
                        }
                    }
                    _ => {}
                }
            }
        }
        for (part, _) in sections
            .iter()
            .zip(&found)
            .filter(|(_, found)| found.is_none())
        {
            if self.is_native || !section::summary::fact_heading(draft, part) {
                section::custom(draft, part);
            }
        }
        for block in &self.foot {
            if block.kind != Kind::Rule && !section::foot(draft, block) {
                draft.keep_unmapped_block("Foot", block);
            }
        }
    }
}

/// Returns the error for a time zone that is unknown or may be several.
pub(super) fn unclear_zone(name: &str, line: usize) -> ImportError {
    let message = match zone::named(name, None) {
        Some(Named::Several(zones)) => {
            let zones: Vec<String> = zones.iter().map(ToString::to_string).collect();
            let zones = zones.join(", ");
            format!("`{name}` may be one of several time zones: {zones}")
        }
        _ => format!("unknown time zone `{name}`"),
    };
    ImportError {
        line: Some(line),
        message,
        help: "pass the time zone of the report with `--tz`, such as `--tz Europe/Berlin` or `--tz=-07:00`",
    }
}

pub(super) fn lines<'a, 'b>(
    blocks: impl IntoIterator<Item = &'b Block<'a>>,
) -> impl Iterator<Item = &'a str>
where
    'a: 'b,
{
    blocks
        .into_iter()
        .filter(|block| block.kind == Kind::Paragraph)
        .flat_map(|block| block.text.lines())
}

/// Splits off the classification and retention at the end.
fn split_foot<'b, 'a>(blocks: &'b [Block<'a>]) -> (&'b [Block<'a>], &'b [Block<'a>]) {
    let rule = blocks.iter().rposition(|block| block.kind == Kind::Rule);
    let is_foot = |rule: &usize| {
        let first = blocks
            .get(rule + 1)
            .and_then(|block| block.text.lines().next())
            .and_then(labelled);
        let label = first.and_then(|found| WORDS.labels.foot.get(found.label));
        matches!(
            label,
            Some(FootLabel::Classification | FootLabel::Retention)
        )
    };
    blocks.split_at(rule.filter(is_foot).unwrap_or(blocks.len()))
}
