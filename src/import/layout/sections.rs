//! Decides which section of the format a heading stands for.

use super::super::block::Part;
use super::super::calendar::{calendar_day, first_of_range, month_day};
use super::super::section::{self, IMPORTERS};
use super::super::vocabulary::WORDS;
use super::super::words::{bare_heading, bracket, folded, unnumbered};
use super::super::zone;
use crate::config::Config;
use crate::incident::Section;

/// Returns the section of a heading, and whether the heading is a subsection in our format.
pub(in super::super) fn section_of(title: &str, config: &Config) -> Option<(Section, bool)> {
    let custom = config
        .import
        .headings
        .0
        .iter()
        .find(|(heading, _)| folded(heading) == folded(title));
    if let Some((_, section)) = custom {
        return Some((*section, false));
    }
    let find = |heading: &str| {
        let native = IMPORTERS
            .iter()
            .find(|importer| folded(importer.title) == heading);
        let native = native.map(|importer| importer.section);
        let section = native.or_else(|| WORDS.sections.exact(heading));
        let section = section.map(|section| (section, false));
        section.or_else(|| Some((WORDS.subsections.exact(heading)?, true)))
    };
    // `Timeline (all times UTC)`, `2. Timeline` and `:clock2: **Timeline** {#timeline}` are timelines too.
    let bare = unnumbered(bracket(bare_heading(title)).0);
    let undated = || find(&folded(unnumbered(before_dates(bare_heading(title))?)));
    // `Timeline for the first period`
    let part_of = || {
        let mut joints = [" for ", " of "].iter();
        let (before, _) = joints.find_map(|joint| bare.split_once(joint))?;
        find(&folded(before)).filter(|(section, _)| *section == Section::Timeline)
    };
    // `Prevention / Follow-ups`
    let joined = || {
        let mut names = section::lessons::several(bare).map(|name| find(&folded(name)));
        let first = names.next()??;
        names.all(|found| found == Some(first)).then_some(first)
    };
    find(&folded(title))
        .or_else(|| find(&folded(bare)))
        .or_else(joined)
        .or_else(part_of)
        .or_else(undated)
}

/// Returns the text before the dates and time zones at the end of a heading: `Timeline for March 4, 2025 (all times UTC)`.
fn before_dates(title: &str) -> Option<&str> {
    let ends = title.match_indices([' ', ',', ':']).map(|(at, _)| at);
    { ends }
        .filter_map(|at| title.split_at_checked(at))
        .find_map(|(before, rest)| is_dates(rest).then_some(before))
}

/// Returns `true` for dates and time zones with nothing but joining words among them.
fn is_dates(text: &str) -> bool {
    let is_sign = |c: char| !c.is_alphanumeric() && c != '+';
    let mut rest = text.trim_start_matches(is_sign);
    let mut is_any = false;
    while !rest.is_empty() {
        let date = calendar_day(rest)
            .or_else(|| first_of_range(rest))
            .map(|(_, rest)| rest)
            .or_else(|| month_day(rest).map(|(.., rest)| rest))
            .or_else(|| zone::leading(rest).map(|(_, rest)| rest));
        is_any |= date.is_some();
        let word = || {
            let end = rest.find(|c: char| !c.is_alphanumeric());
            let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len()))?;
            let is_joint =
                { WORDS.heading_joints.iter() }.any(|joint| *joint == word.to_lowercase());
            is_joint.then_some(after)
        };
        match date.or_else(word) {
            Some(after) if after.len() < rest.len() => rest = after.trim_start_matches(is_sign),
            _ => return false,
        }
    }
    is_any
}

/// Splits the timelines off a summary that has them below it, and the entries off a text that has them below it.
pub(super) fn timelines_apart<'a>(
    part: &Part<'a>,
    config: &Config,
    is_native: bool,
) -> Vec<Part<'a>> {
    let section = |part: &Part| section_of(part.title, config).map(|(section, _)| section);
    let own = section(part);
    if is_native || !matches!(own, None | Some(Section::Summary)) {
        return vec![part.clone()];
    }
    let is_timeline = |part: &Part| own.is_some() && section(part) == Some(Section::Timeline);
    let (timelines, parts) = part.parts.iter().cloned().partition(is_timeline);
    let part = part.with_parts(parts);
    let rows = part.blocks.iter().position(section::timeline::is_rows);
    let part = match rows.filter(|at| *at > 0) {
        Some(at) => part.split_at(at, "Timeline").to_vec(),
        None => vec![part],
    };
    [part, timelines].concat()
}

/// Returns the section of a part whose subparts all belong to the same section.
pub(super) fn within(part: &Part, config: &Config) -> Option<(Section, bool)> {
    let (first, others) = part.parts.split_first()?;
    let found = section_of(first.title, config).filter(|(_, is_subsection)| *is_subsection)?;
    others
        .iter()
        .all(|other| section_of(other.title, config) == Some(found))
        .then_some((found.0, false))
}
