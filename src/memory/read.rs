//! A memory file in; its entries out, each with its bytes and lines, and every fault of its form.
//!
//! Line ends, blank lines and what stands between entries are nobody's: they are passed over
//! and stay. What stands inside an HTML comment is an example, what stands in a fence is code.

use std::ops::Range;

use chrono::NaiveDateTime;

use super::EntryForm;
use crate::diagnostic::{Diagnostic, Locator};
use crate::kind::Line;
use crate::load::Verbatim;
use crate::moment::quoted;
use crate::source::Source;

mod line;

pub(super) use line::{fence, title};
use line::{header, incomplete, key_and_value};

/// One entry of a memory file.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The text of the file that it stands in.
    text: &'a str,
    /// Its bytes, from its header to its last word.
    pub span: Range<usize>,
    /// The line of its header, from 1.
    pub line: usize,
    /// When it was written, as typed: `2025-01-05T16:00:00Z`.
    pub stamp: &'a str,
    /// What stands behind the stamp: `INC-1234 orders-api-outage`.
    pub name: &'a str,
    /// How much it tells.
    pub form: EntryForm,
    /// Whether it stands inside a comment.
    pub example: bool,
    /// Its `- key: value` lines.
    pub metadata: Vec<Meta<'a>>,
    /// What it tells, by its bold titles; words in front of them have none.
    pub sections: Vec<Section>,
}

/// One `- key: value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta<'a> {
    /// The bytes of the line, without its end.
    pub span: Range<usize>,
    /// The line.
    pub line: usize,
    /// What is in front of the colon.
    pub key: &'a str,
    /// What is behind it; may be empty.
    pub value: &'a str,
}

/// A part of an entry under one bold title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The title; empty for words that have none.
    pub title: String,
    /// Its bytes with the title.
    pub span: Range<usize>,
    /// Its line.
    pub line: usize,
    /// Where its words begin, behind the title.
    body: (usize, usize),
}

impl<'a> Entry<'a> {
    /// Gives the bytes of the entry.
    #[must_use]
    pub fn as_written(&self) -> &'a str {
        self.text.get(self.span.clone()).unwrap_or_default()
    }

    /// Finds the value of a `- key: value` line.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let found = self.metadata.iter().find(|meta| meta.key == key)?;
        Some(found.value).filter(|value| !value.is_empty())
    }

    /// Gives the lines of a section's words with their numbers, without blank ones at its ends.
    pub fn lines(&self, section: &Section) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let (start, line) = section.body;
        let body = self.text.get(start..section.span.end).unwrap_or_default();
        let rows = body.split('\n').enumerate();
        let rows = rows.map(move |(at, row)| (line + at, row.trim_end_matches('\r')));
        rows.skip_while(|(_, row)| row.trim().is_empty())
    }

    /// Gives the words of a section with LF line ends.
    #[must_use]
    pub fn words(&self, section: &Section) -> String {
        let lines: Vec<&str> = self.lines(section).map(|(_, line)| line).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Finds a section by its title.
    #[must_use]
    pub fn section(&self, title: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.title == title)
    }

    /// Gives the digest of what it tells, apart from what is counted about it.
    #[must_use]
    pub fn digest(&self) -> String {
        let start = self.sections.first();
        let start = start.map_or(self.span.end, |section| section.span.start);
        super::digest(self.text.get(start..self.span.end).unwrap_or_default())
    }

    /// Says whether two entries are the same one.
    #[must_use]
    pub fn is(&self, stamp: &str, name: &str) -> bool {
        self.stamp == stamp && self.name == name
    }
}

/// Gives an error at a line of a file.
pub fn error(source: &Source, line: usize, code: &'static str, message: String) -> Diagnostic {
    let span = Locator::Span(source.line(line));
    Diagnostic::error(code, message).at(source.path(), span, "")
}

/// Finds the entries of a file.
///
/// # Errors
/// Every fault of the file's form.
pub fn entries(file: &Verbatim) -> Result<Vec<Entry<'_>>, Vec<Diagnostic>> {
    let mut reader = Reader {
        source: &file.source,
        text: &file.text,
        entries: Vec::new(),
        open: None,
        in_metadata: false,
        comment: None,
        fence: None,
        faults: Vec::new(),
    };
    let mut start = 0;
    for (at, whole) in file.text.split_inclusive('\n').enumerate() {
        let row = whole.trim_end_matches('\n').trim_end_matches('\r');
        let row = if at == 0 {
            row.trim_start_matches('\u{feff}')
        } else {
            row
        };
        reader.row(Row {
            line: at + 1,
            start,
            end: start + whole.trim_end_matches(['\n', '\r']).len(),
            next: start + whole.len(),
            text: row,
        });
        start += whole.len();
    }
    reader.finish()
}

/// A line of the file.
#[derive(Clone, Copy)]
struct Row<'a> {
    line: usize,
    start: usize,
    /// Without its line end.
    end: usize,
    next: usize,
    text: &'a str,
}

/// What an open comment takes from the entry that it stands behind.
struct Comment {
    line: usize,
    start: usize,
    /// The end of the entry before it.
    end: usize,
}

struct Reader<'a> {
    source: &'a Source,
    text: &'a str,
    entries: Vec<Entry<'a>>,
    open: Option<Entry<'a>>,
    in_metadata: bool,
    comment: Option<Comment>,
    /// What closes the open fence, and its line.
    fence: Option<(String, usize)>,
    faults: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn row(&mut self, row: Row<'a>) {
        let bare = row.text.trim();
        if self.comment.is_some() {
            if bare.contains("-->") {
                self.comment = None;
                self.fence = None;
                if self.open.as_ref().is_some_and(|entry| entry.example) {
                    self.close();
                }
                return;
            }
        } else if self.fence.is_none() && row.text.starts_with("<!--") {
            if !bare.contains("-->") {
                let end = self.open.as_ref().map_or(row.start, |entry| entry.span.end);
                self.comment = Some(Comment {
                    line: row.line,
                    start: row.start,
                    end,
                });
            }
            return;
        }
        if let Some((closing, _)) = &self.fence {
            if bare.starts_with(closing.as_str()) && bare.trim_start_matches(['`', '~']).is_empty()
            {
                self.fence = None;
            }
            self.feed(row, bare, true);
            return;
        }
        if let Some(fence) = fence(bare.strip_prefix("- ").unwrap_or(bare)) {
            self.fence = Some((fence, row.line));
            self.feed(row, bare, true);
            return;
        }
        if let Some(rest) = header(row.text) {
            self.header(row, rest);
        } else if row.text.starts_with("# ") || row.text.starts_with("## ") {
            self.close();
        } else {
            self.feed(row, bare, false);
        }
    }

    fn header(&mut self, row: Row<'a>, rest: &'a str) {
        if let (Some(comment), Some(entry)) = (&self.comment, &mut self.open)
            && !entry.example
        {
            // The entry ended where the comment began: what stands in it is not the entry's.
            entry.span.end = comment.end;
            entry
                .sections
                .retain(|section| section.span.start < comment.start);
            for section in &mut entry.sections {
                section.span.end = section.span.end.min(comment.end);
            }
        }
        self.close();
        let (stamp, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let help = "write `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`";
        if NaiveDateTime::parse_from_str(stamp, "%Y-%m-%dT%H:%M:%SZ").is_err() || stamp.len() != 20
        {
            let message = format!("{} is not the moment of an entry", quoted(stamp));
            let fault = error(self.source, row.line, "memory-header", message);
            self.faults.push(fault.help(help));
            return;
        }
        let rest = rest.trim();
        let (name, form) = [EntryForm::Summarized, EntryForm::Archived]
            .into_iter()
            .find_map(|form| Some((rest.strip_suffix(form.ending().trim())?.trim_end(), form)))
            .unwrap_or((rest, EntryForm::Full));
        if name.is_empty() {
            let message = "the entry has no name".to_owned();
            let fault = error(self.source, row.line, "memory-header", message);
            self.faults.push(fault.help(help));
            return;
        }
        self.visible(row);
        self.in_metadata = true;
        self.open = Some(Entry {
            text: self.text,
            span: row.start..row.end,
            line: row.line,
            stamp,
            name,
            form,
            example: self.comment.is_some(),
            metadata: Vec::new(),
            sections: Vec::new(),
        });
    }

    fn feed(&mut self, row: Row<'a>, bare: &'a str, code: bool) {
        if bare.is_empty() || self.open.is_none() {
            return;
        }
        self.visible(row);
        let in_metadata = self.in_metadata && !code;
        let Some(entry) = &mut self.open else { return };
        // A rule parts entries, unless the entry goes on behind it.
        if bare != "---" {
            entry.span.end = row.end;
        }
        if in_metadata && let Some((key, value)) = key_and_value(bare) {
            entry.metadata.push(Meta {
                span: row.start..row.end,
                line: row.line,
                key,
                value,
            });
            return;
        }
        self.in_metadata = false;
        match title(row.text).filter(|_| !code) {
            Some(title) => entry.sections.push(Section {
                title: title.to_owned(),
                span: row.start..row.end,
                line: row.line,
                body: (row.next, row.line + 1),
            }),
            None if bare == "---" => {}
            None => match entry.sections.last_mut() {
                Some(section) => section.span.end = row.end,
                None => entry.sections.push(Section {
                    title: String::new(),
                    span: row.start..row.end,
                    line: row.line,
                    body: (row.start, row.line),
                }),
            },
        }
    }

    fn visible(&mut self, row: Row<'a>) {
        if let Err(reason) = Line::new(row.text) {
            let fault = error(self.source, row.line, "memory-invisible-character", reason);
            self.faults.push(fault.help("remove it"));
        }
    }

    fn close(&mut self) {
        if let Some(mut entry) = self.open.take() {
            for section in &mut entry.sections {
                section.body.0 = section.body.0.min(section.span.end);
            }
            self.entries.push(entry);
        }
    }

    fn finish(mut self) -> Result<Vec<Entry<'a>>, Vec<Diagnostic>> {
        let open = [
            self.comment
                .as_ref()
                .map(|comment| ("comment", comment.line)),
            self.fence
                .as_ref()
                .map(|(_, line)| ("block of code", *line)),
        ];
        for (what, line) in open.into_iter().flatten() {
            let message = format!("this {what} is not closed; is the file cut off?");
            let fault = error(self.source, line, "memory-truncated", message);
            self.faults
                .push(fault.help("end it, or take the whole file"));
        }
        self.close();
        let last = self.text.rsplit('\n').next().unwrap_or_default();
        let is_open = |mark: &str| last.matches(mark).count() % 2 == 1;
        if is_open("**") || is_open("`") {
            let line = self.text.split('\n').count();
            let message = "the last line opens what it does not close; is the file cut off?";
            let fault = error(self.source, line, "memory-truncated", message.to_owned());
            self.faults
                .push(fault.help("close it, or take the whole file"));
        }
        for entry in &self.entries {
            if let Some(fault) = incomplete(self.source, entry) {
                self.faults.push(fault);
            }
        }
        if self.faults.is_empty() {
            Ok(self.entries)
        } else {
            Err(self.faults)
        }
    }
}
