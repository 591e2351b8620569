//! Finds the date that a report states once for all its times.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind};
use super::super::calendar::{self, calendar_day, days_at, month_day};
use super::super::moment::{self, Full, full};
use super::super::numeric_date;
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{folded, labelled, plain_label};
use super::super::year::nearest;
use super::title::{is_label, labels};
use super::{lines, section, section_of};
use crate::config::Config;
use crate::incident::Section;

/// Returns the time that determines a report's date and time zone: its start, or else its first full time.
pub(super) fn anchor<'a>(text: &'a str, blocks: &[Block<'a>]) -> Option<Full<'a>> {
    let times = || {
        let bold = lines(blocks).filter_map(labelled);
        let bold = bold.map(|found| (folded(found.label), found.value));
        let all = bold.chain(labels(text));
        all.filter_map(|(label, value)| {
            Some((label, full(value).or_else(|| moment::start_of_span(value))?))
        })
    };
    let start = times()
        .find(|(label, _)| {
            is_label(label, SummaryLabel::Start) || is_label(label, SummaryLabel::Window)
        })
        .map(|(_, found)| found);
    let end = || {
        times()
            .map(|(_, found)| found)
            .find(|found| found.zone.is_some())
    };
    match start {
        // A date has no time zone; take it from another time.
        Some(start) if start.zone.is_none() => Some(Full {
            zone: end().and_then(|end| end.zone),
            ..start
        }),
        Some(start) => Some(start),
        // The end states the time zone, but not the date that the report starts on.
        None => end().map(|end| Full {
            written: moment::without_date(end.written),
            ..end
        }),
    }
}

/// Where the date of a report's times may be.
pub(super) struct Dated<'b, 'a> {
    /// The text below the front matter.
    pub text: &'a str,
    pub title: &'b str,
    /// The date in the front matter.
    pub published: Option<NaiveDate>,
    /// The date of a mark in the front matter.
    pub marked: Option<NaiveDate>,
    pub blocks: &'b [Block<'a>],
}

impl<'a> Dated<'_, 'a> {
    /// Returns the date of a report without a full time that it states: by a label, in the title or in the line
    /// about all times, in this order.
    pub fn stated(&self) -> Option<NaiveDate> {
        self.labelled(SummaryLabel::Date)
            .or_else(|| calendar::days(self.title).next())
            .or_else(|| day_of_month(self.title, self.published()))
            .or_else(|| numeric_date::find(self.title))
            .or_else(|| self.paragraphs().find_map(section::timeline::preface_day))
    }

    /// Returns the date that other text of the report implies: a line with nothing else, a heading or a sentence.
    ///
    /// The front matter of a page and the header of an email have the date on which the text was written, so
    /// they are last.
    ///
    /// Returns whether it is one of the last two.
    pub fn implied(&self) -> Option<(NaiveDate, bool)> {
        let mut headings = self.unsigned().filter(is_heading);
        let clear = { self.paragraphs() }
            .filter(|block| !self.is_below_title(block))
            .find_map(|block| section::timeline::bare_date(block.text))
            .or_else(|| headings.find_map(|block| calendar::days(block::heading(block)).next()));
        let vague = || {
            let texts = { self.paragraphs() }.filter(|block| !self.is_below_title(block));
            day_in_text(texts, self.published())
                .or_else(|| self.published())
                .or_else(|| self.day_in_entries())
                .or(self.marked)
        };
        clear
            .map(|day| (day, false))
            .or_else(|| Some((vague()?, true)))
    }

    /// Returns the only date of a report whose entries have it behind their times.
    fn day_in_entries(&self) -> Option<NaiveDate> {
        let mut lines = self.unsigned().flat_map(|block| block.text.lines());
        let is_markup = |c: char| "-*+|#>[ ".contains(c);
        let is_dated = |line: &str| calendar_day(line.trim_start_matches(is_markup)).is_some();
        let has_day_lines = lines.any(is_dated);
        day_in_text(self.unsigned(), None).filter(|_| !has_day_lines)
    }

    /// Returns the date on which the text was published.
    fn published(&self) -> Option<NaiveDate> {
        let below_title = || {
            let mut paragraphs = self.paragraphs();
            let first = paragraphs.find(|block| self.is_below_title(block))?;
            section::timeline::bare_date(first.text)
        };
        self.published
            .or_else(|| self.labelled(SummaryLabel::Published))
            .or_else(below_title)
    }

    /// Returns `true` for the first text below the title, where a page has the date of writing.
    fn is_below_title(&self, block: &Block) -> bool {
        let mut blocks = self.blocks.iter();
        let first = blocks.next();
        let below = first.filter(|first| !is_heading(first)).or(blocks.next());
        below.is_some_and(|below| below.line == block.line)
    }

    /// Returns the lines of the sign-off, whose date is that of the document.
    fn signed(&self) -> Range<usize> {
        let is_sign_off = |block: &&Block| {
            section_of(block::heading(block), &Config::default()) == Some((Section::SignOff, false))
        };
        let mut headings = self.blocks.iter().filter(is_heading);
        let start = headings.find(is_sign_off).map(|block| block.line);
        let end = headings.next().map(|block| block.line);
        start.unwrap_or(usize::MAX)..end.unwrap_or(usize::MAX)
    }

    fn unsigned(&self) -> impl Iterator<Item = &Block<'a>> {
        let signed = self.signed();
        let blocks = self.blocks.iter();
        blocks.filter(move |block| !signed.contains(&block.line))
    }

    fn paragraphs(&self) -> impl Iterator<Item = &Block<'a>> {
        self.unsigned()
            .filter(|block| block.kind == Kind::Paragraph)
    }

    /// Returns the first date with a label of this meaning.
    fn labelled(&self, wanted: SummaryLabel) -> Option<NaiveDate> {
        let first = self.blocks.first().map_or(1, |block| block.line);
        let above = self.text.split_inclusive('\n');
        let count = self.signed().start.saturating_sub(first);
        let above = above.take(count).map(str::len).sum();
        let above = self.text.get(..above).unwrap_or(self.text);
        let bold = lines(self.unsigned()).filter_map(labelled);
        let bold = bold.map(|found| (folded(found.label), found.value));
        let mut values = bold.chain(labels(above));
        values.find_map(|(label, value)| {
            let (day, _) = calendar_day(value)?;
            is_label(&label, wanted).then_some(day)
        })
    }
}

fn is_heading(block: &&Block) -> bool {
    matches!(block.kind, Kind::Heading(_))
}

/// Returns the dates in a text that it does not call those of writing, of a meeting or of a version.
fn days(text: &str) -> impl Iterator<Item = NaiveDate> {
    let is_other = |at: usize| {
        let before = folded(text.get(..at).unwrap_or_default());
        let mut words = before.rsplit(' ').take(4);
        words.any(|word| WORDS.writing.iter().any(|other| other == word))
    };
    { days_at(text) }
        .filter(move |(at, _)| !is_other(*at))
        .map(|(_, day)| day)
}

/// Returns the first date of a text, which may lack the year if a date is known that it is near.
fn day_of_month(text: &str, near: Option<NaiveDate>) -> Option<NaiveDate> {
    let short = || {
        let near = near?;
        let mut last = ' ';
        let starts = text.char_indices().filter(|(_, c)| {
            let is_start = !last.is_alphanumeric() && (c.is_uppercase() || c.is_ascii_digit());
            last = *c;
            is_start
        });
        let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        starts.into_iter().find_map(|at| {
            let (month, day, rest) = month_day(text.get(at..)?)?;
            nearest(month, day, near).filter(|_| !rest.starts_with(char::is_alphanumeric))
        })
    };
    days(text).next().or_else(short)
}

/// Returns the date in the paragraphs of a report, if they name one.
///
/// Of several, the first is meant in a report that was published in the month after it.
fn day_in_text<'a, 'b: 'a>(
    paragraphs: impl Iterator<Item = &'a Block<'b>>,
    published: Option<NaiveDate>,
) -> Option<NaiveDate> {
    let is_published = |line: &str| {
        let found = labelled(line).or_else(|| plain_label(line));
        found.is_some_and(|found| is_label(&folded(found.label), SummaryLabel::Published))
    };
    let lines = paragraphs.flat_map(|block| block.text.lines());
    let mut lines = lines.filter(|line| !is_published(line));
    let Some(published) = published else {
        let days: BTreeSet<NaiveDate> = lines.flat_map(days).collect();
        return days.first().copied().filter(|_| days.len() == 1);
    };
    let age = |day: NaiveDate| (published - day).num_days();
    let is_recent = |day: &NaiveDate| (0..=31).contains(&age(*day));
    lines.find_map(|line| day_of_month(line, Some(published)).filter(is_recent))
}
