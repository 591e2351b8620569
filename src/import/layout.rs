//! Which layout a report has: its title, its sections, the day and the zone of its times.

use camino::Utf8Path;
use chrono::NaiveDate;

use super::block::{self, Block, Kind, Part, parts};
use super::draft::Draft;
use super::headings::{INSIDE, SECTIONS};
use super::moment::{self, Full, Times};
use super::section::{self, READERS};
use super::words::{bracket, folded, labelled, plain_label, unnumbered};
use super::{ImportError, Settings, is_id};
use crate::config::Config;
use crate::incident::Section;

mod title;
mod when;

use title::{id_in, stated_id, title, title_words};
use when::{anchor, anchor_day, spoken_zone};

/// A report cut into what stands around its sections, and these.
pub(super) struct Layout<'a> {
    pub id: String,
    pub title: String,
    /// Whether it is the layout of our own reports.
    pub own: bool,
    /// The lines of a table of settings at the top, between two rules.
    front: Vec<(usize, String)>,
    /// Banners, and what else stands under the heading.
    before: Vec<Block<'a>>,
    sections: Vec<Part<'a>>,
    /// What stands behind the last rule.
    foot: Vec<Block<'a>>,
    /// A time of the report with day and zone, the start's where there is one.
    anchor: Option<Full<'a>>,
    /// The day that it is about, where no time says.
    day: Option<NaiveDate>,
    /// The word for the zone of its times, where none of them has one.
    zone: Option<String>,
}

impl<'a> Layout<'a> {
    /// Finds the layout.
    pub fn detect(
        text: &'a str,
        blocks: &[Block<'a>],
        path: &Utf8Path,
        settings: &Settings,
    ) -> Result<Self, ImportError> {
        let refuse = |message: &str, help| ImportError {
            line: None,
            message: message.to_owned(),
            help,
        };
        let (front, blocks) = front(text, blocks);
        let (above, title, rest) = title(blocks);
        let (rest, foot) = cut_foot(rest);
        let levels = rest.iter().filter_map(|block| match block.kind {
            Kind::Heading(level) => Some(level),
            _ => None,
        });
        let Some(level) = levels.min() else {
            return Err(match title {
                Some(_) => refuse(
                    "there is no report in it: a heading, and no section under it",
                    "a report has sections such as `## Timeline`",
                ),
                None => refuse(
                    "there is no report in it: no heading `# Incident Report: ID`",
                    "a report begins with a heading",
                ),
            });
        };
        let (before, sections) = parts(text, rest, level);
        if sections.iter().all(|part| part.body.trim().is_empty()) {
            return Err(refuse(
                "there is no report in it: headings, and nothing under them",
                "a report has sections such as `## Timeline`",
            ));
        }
        let words = title.map(|block| block::heading(block)).unwrap_or_default();
        if let Some(id) = settings.id.filter(|id| !is_id(id)) {
            return Err(refuse(
                &format!("`{id}` is no id"),
                "use letters, digits and `-`, at most 64",
            ));
        }
        let id = settings
            .id
            .or_else(|| id_in(words))
            .or_else(|| stated_id(text));
        let Some(id) = id.or_else(|| path.file_stem().filter(|stem| is_id(stem))) else {
            return Err(ImportError {
                line: title.map(|block| block.line),
                message: format!("`{words}` names no id"),
                help: "say which with `--id INC-2025-0023`",
            });
        };
        Ok(Self {
            id: id.to_owned(),
            own: words.starts_with("Incident Report: ")
                && sections.iter().any(|part| part.title == "Incident Summary"),
            title: title_words(words, id),
            front,
            day: anchor_day(text, words, rest),
            zone: spoken_zone(text, &sections),
            // What stands above the title is read as what stands below it.
            before: [above, &before].concat(),
            sections,
            foot: foot.to_vec(),
            anchor: anchor(text, rest),
        })
    }

    /// Gives the zone of the report's times, and the day that they count from.
    pub fn times(&self, config: &Config, settings: &Settings) -> Times {
        let site = settings.zone.or(config.site.timezone).unwrap_or_default();
        let day = self
            .anchor
            .and_then(|found| found.written.day)
            .or(self.day)
            .or(settings.day);
        let near = day.map(|day| {
            let time = self
                .anchor
                .and_then(|found| found.written.time)
                .map(|time| time.at);
            day.and_time(time.unwrap_or_default()).and_utc()
        });
        let word = self
            .anchor
            .and_then(|found| found.zone)
            .or(self.zone.as_deref());
        // The site's own zone is as good as any that has the word.
        let same = |word: &str| near.is_some_and(|near| site.abbreviation(near) == word);
        let zone = match word {
            Some(word) if !same(word) => moment::zone(word, near).unwrap_or(site),
            _ => site,
        };
        Times { zone, day }
    }

    /// Reads the sections in the order that they need.
    pub fn read(&self, config: &Config, draft: &mut Draft) {
        for (line, text) in &self.front {
            section::summary::pair(draft, "Front Matter", *line, text);
        }
        for block in &self.before {
            if section::banners(draft, block) {
            } else if let Some(facts) = joined_facts(block).filter(|_| !self.own) {
                for (line, text) in facts {
                    match labelled(text).or_else(|| plain_label(text)) {
                        Some(found) if section::summary::fact(draft, line, found) => {}
                        _ => draft.leave("Heading", line, text),
                    }
                }
            } else if block.kind == Kind::Paragraph && section::timeline::is_preface(block) {
                draft.note(block.line, "read as the day or the zone of all times");
            } else if block.kind == Kind::Paragraph
                && block.text.lines().any(|line| labelled(line).is_some())
            {
                section::facts(draft, "Heading", block);
            } else if is_plain_pairs(block) {
                for (at, line) in block.text.lines().enumerate() {
                    section::summary::pair(draft, "Heading", block.line + at, line);
                }
            } else if !section::pairs(draft, "Heading", block) {
                draft.leave_block("Heading", block);
            }
        }
        let found: Vec<Option<(Section, bool)>> = self
            .sections
            .iter()
            .map(|part| which(part.title, config).or_else(|| within(part, config)))
            .collect();
        for reader in READERS {
            for (part, found) in self.sections.iter().zip(&found) {
                match found {
                    Some((section, inside)) if *section == reader.section => {
                        if *inside || folded(part.title) != folded(reader.title) {
                            draft.note(
                                part.line,
                                format!("`{}` is read as {}", part.title, reader.title),
                            );
                        }
                        if *inside {
                            (reader.read)(draft, &part.inside(reader.title));
                        } else {
                            (reader.read)(draft, part);
                        }
                    }
                    _ => {}
                }
            }
        }
        for (part, _) in self
            .sections
            .iter()
            .zip(&found)
            .filter(|(_, found)| found.is_none())
        {
            section::own(draft, part);
        }
        for block in &self.foot {
            if block.kind != Kind::Rule && !section::foot(draft, block) {
                draft.leave_block("Foot", block);
            }
        }
    }
}

/// Says whether a paragraph is lines of a short label, a colon and a value.
fn is_plain_pairs(block: &Block) -> bool {
    let is_pair = |line: &str| plain_label(line).is_some();
    block.kind == Kind::Paragraph && block.text.lines().all(is_pair)
}

/// Reads labelled facts, several on a line: `> **Severity**: P1 · **Lead**: Noor`, `_Status: Draft_ | _Severity: P1_`.
fn joined_facts<'a>(block: &Block<'a>) -> Option<Vec<(usize, &'a str)>> {
    let lines = block.text.lines().enumerate().flat_map(|(at, line)| {
        let line = line.trim_start_matches(['>', ' ']);
        let facts = line.split(" · ").flat_map(|part| part.split(" | "));
        facts.map(move |fact| (block.line + at, fact.trim().trim_matches('_')))
    });
    let facts: Vec<_> = lines.filter(|(_, fact)| !fact.is_empty()).collect();
    let is_fact = |fact: &str| labelled(fact).or_else(|| plain_label(fact)).is_some();
    let all = facts.iter().all(|(_, fact)| is_fact(fact));
    let several = facts.len() > block.text.lines().count() || block.kind == Kind::Quote;
    (matches!(block.kind, Kind::Quote | Kind::Paragraph) && several && all).then_some(facts)
}

/// Finds the section that a heading stands for, and whether it stands inside of it here.
pub(super) fn which(title: &str, config: &Config) -> Option<(Section, bool)> {
    let own = config
        .import
        .headings
        .0
        .iter()
        .find(|(words, _)| folded(words) == folded(title));
    if let Some((_, section)) = own {
        return Some((*section, false));
    }
    let find = |words: &str| {
        let reader = READERS
            .iter()
            .find(|reader| folded(reader.title) == words)
            .map(|reader| (reader.section, false));
        let other = || {
            SECTIONS
                .iter()
                .find(|(title, _)| *title == words)
                .map(|(_, section)| (*section, false))
        };
        let inside = || {
            INSIDE
                .iter()
                .find(|(title, _)| *title == words)
                .map(|(_, section)| (*section, true))
        };
        reader.or_else(other).or_else(inside)
    };
    // `Timeline (all times UTC)` and `2. Timeline` are the timeline too.
    let bare = unnumbered(bracket(title).0);
    find(&folded(title)).or_else(|| find(&folded(bare)))
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

/// Finds the section of a part whose own parts are all of one.
fn within(part: &Part, config: &Config) -> Option<(Section, bool)> {
    let (first, others) = part.parts.split_first()?;
    let found = which(first.title, config).filter(|(_, inside)| *inside)?;
    others
        .iter()
        .all(|other| which(other.title, config) == Some(found))
        .then_some((found.0, false))
}

/// Cuts the settings between two rules from the top.
fn front<'a, 'b>(
    text: &'a str,
    blocks: &'b [Block<'a>],
) -> (Vec<(usize, String)>, &'b [Block<'a>]) {
    let Some(inner) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---"))
        .map(|(inner, _)| inner)
    else {
        return (Vec::new(), blocks);
    };
    if inner.lines().any(|line| {
        !line.trim().is_empty() && !line.contains(':') && !line.trim_start().starts_with('-')
    }) {
        return (Vec::new(), blocks);
    }
    let count = inner.lines().count();
    let behind = blocks
        .iter()
        .position(|block| block.line > count + 2)
        .unwrap_or(blocks.len());
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in inner.lines().enumerate() {
        let entry = line.trim_start().strip_prefix("- ");
        match (entry, lines.last_mut()) {
            // The entries of a list belong to the key above.
            (Some(entry), Some((_, key))) => {
                let mark = if key.ends_with(':') { " " } else { ", " };
                key.extend([mark, entry.trim()]);
            }
            _ if line.trim().is_empty() => {}
            _ => lines.push((at + 2, line.trim_end().to_owned())),
        }
    }
    (lines, blocks.get(behind..).unwrap_or_default())
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
