//! Which layout a report has, and which of its parts is which section.

use camino::Utf8Path;

use super::block::{self, Block, Kind, Part, parts};
use super::draft::Draft;
use super::moment::{self, Full, Times, full};
use super::section::{self, READERS};
use super::words::{folded, labelled};
use super::{Refusal, Settings, is_heading, is_id};
use crate::config::Config;

/// A report cut into what stands around its sections, and these.
pub(super) struct Layout<'a> {
    pub id: String,
    pub title: String,
    /// Banners, and what else stands under the heading.
    before: Vec<Block<'a>>,
    sections: Vec<Part<'a>>,
    /// What stands behind the last rule.
    foot: Vec<Block<'a>>,
    /// A time of the report with day and zone, the start's where there is one.
    anchor: Option<Full<'a>>,
}

/// What the heading of a report begins with.
const HEADING: &str = "Incident Report: ";

impl<'a> Layout<'a> {
    /// Finds the layout.
    pub fn of(
        text: &'a str,
        blocks: &[Block<'a>],
        path: &Utf8Path,
        settings: &Settings,
    ) -> Result<Self, Refusal> {
        let refuse = |message: &str, help| Refusal {
            line: None,
            message: message.to_owned(),
            help,
        };
        let place = blocks.iter().position(|block| is_heading(block, 1));
        let Some((place, heading)) = place.and_then(|place| Some((place, blocks.get(place)?)))
        else {
            return Err(refuse(
                "there is no report in it: no heading `# Incident Report: ID`",
                "a report begins with a heading",
            ));
        };
        if let Some(id) = settings.id.filter(|id| !is_id(id)) {
            return Err(refuse(
                &format!("`{id}` is no id"),
                "use letters, digits and `-`, at most 64",
            ));
        }
        let words = block::heading(heading);
        let id = settings
            .id
            .or_else(|| words.strip_prefix(HEADING).map(str::trim))
            .filter(|id| is_id(id));
        let Some(id) = id.or_else(|| path.file_stem().filter(|stem| is_id(stem))) else {
            return Err(Refusal {
                line: Some(heading.line),
                message: format!("`{words}` names no id"),
                help: "say which with `--id INC-2025-0023`",
            });
        };
        let rest = blocks.get(place + 1..).unwrap_or_default();
        let (rest, foot) = cut_foot(rest);
        let (mut before, sections) = parts(text, rest, 2);
        let mut above = blocks.get(..place).unwrap_or_default().to_vec();
        above.append(&mut before);
        if sections.iter().all(|part| part.body.trim().is_empty()) {
            return Err(refuse(
                "there is no report in it: a heading, and no section under it",
                "a report has sections such as `## Timeline`",
            ));
        }
        Ok(Self {
            id: id.to_owned(),
            title: words.to_owned(),
            before: above,
            sections,
            foot: foot.to_vec(),
            anchor: anchor(rest),
        })
    }

    /// Gives the zone of the report's times, and the day that they count from.
    pub fn times(&self, config: &Config, settings: &Settings) -> Times {
        let site = settings.zone.or(config.site.timezone).unwrap_or_default();
        let near = self.anchor.and_then(|found| {
            Some(
                found
                    .written
                    .day?
                    .and_time(found.written.time?.at)
                    .and_utc(),
            )
        });
        let word = self.anchor.and_then(|found| found.zone);
        // The site's own zone is as good as any that has the word.
        let same = |word: &str| near.is_some_and(|near| site.abbreviation(near) == word);
        let zone = match word {
            Some(word) if !same(word) => moment::zone(word, near).unwrap_or(site),
            _ => site,
        };
        let day = self.anchor.and_then(|found| found.written.day);
        Times {
            zone,
            day: day.or(settings.day),
        }
    }

    /// Reads the sections in the order that they need.
    pub fn read(&self, draft: &mut Draft) {
        for block in &self.before {
            if !section::banners(draft, block) {
                draft.leave_block("Heading", block);
            }
        }
        let mut read = vec![false; self.sections.len()];
        for reader in READERS {
            let found = self
                .sections
                .iter()
                .position(|part| folded(part.title) == folded(reader.title));
            if let Some((part, done)) =
                found.and_then(|place| Some((self.sections.get(place)?, read.get_mut(place)?)))
            {
                (reader.read)(draft, part);
                *done = true;
            }
        }
        for (part, _) in self.sections.iter().zip(&read).filter(|(_, done)| !**done) {
            section::own(draft, part);
        }
        for block in &self.foot {
            if block.kind != Kind::Rule && !section::foot(draft, block) {
                draft.leave_block("Foot", block);
            }
        }
    }
}

/// Cuts classification and retention from the end.
fn cut_foot<'b, 'a>(blocks: &'b [Block<'a>]) -> (&'b [Block<'a>], &'b [Block<'a>]) {
    let place = blocks.iter().rposition(|block| block.kind == Kind::Rule);
    let is_foot = |place: &usize| {
        let first = blocks
            .get(place + 1)
            .and_then(|block| block.text.lines().next())
            .and_then(labelled);
        first.is_some_and(|found| {
            matches!(folded(found.label).as_str(), "classification" | "retention")
        })
    };
    blocks.split_at(place.filter(is_foot).unwrap_or(blocks.len()))
}

/// Finds the time that says which day and zone a report is about: its start, else its first in full.
fn anchor<'a>(blocks: &[Block<'a>]) -> Option<Full<'a>> {
    let lines = || {
        blocks
            .iter()
            .filter(|block| block.kind == Kind::Paragraph)
            .flat_map(|block| block.text.lines())
    };
    let times = || {
        lines()
            .filter_map(labelled)
            .filter_map(|found| Some((folded(found.label), full(found.value)?)))
    };
    let start = times()
        .find(|(label, _)| label == "start time")
        .map(|(_, found)| found);
    let end = || {
        times()
            .map(|(_, found)| found)
            .find(|found| found.zone.is_some())
    };
    match start {
        // A day alone has no zone; another time may tell.
        Some(start) if start.zone.is_none() => Some(Full {
            zone: end().and_then(|end| end.zone),
            ..start
        }),
        Some(start) => Some(start),
        // The end says the zone, not the day that the report counts from.
        None => end().map(|end| Full {
            written: moment::day_of(end.written),
            ..end
        }),
    }
}
