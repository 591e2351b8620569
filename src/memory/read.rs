//! Parses a memory file into entries with their spans and lines, and reports all syntax problems.
//!
//! Line endings, blank lines and text between entries are skipped and preserved. An entry in an
//! HTML comment is an example, and text in a fence is code.

use std::ops::Range;

use chrono::NaiveDateTime;

use super::EntryForm;
use crate::diagnostic::{Diagnostic, Locator};
use crate::kind::Line;
use crate::load::Verbatim;
use crate::source::{Source, quoted};

mod line;

pub(super) use line::{fence, title};
use line::{incomplete, key_and_value, parse_header};

/// One entry of a memory file.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The text of the file.
    text: &'a str,
    /// Its bytes, from its header to the end of its text.
    pub span: Range<usize>,
    /// The line of its header, from 1.
    pub line: usize,
    /// Its timestamp, as written: `2025-01-05T16:00:00Z`.
    pub stamp: &'a str,
    /// The name after the timestamp: `INC-1234 orders-api-outage`.
    pub name: &'a str,
    /// Its form.
    pub form: EntryForm,
    /// Whether it is inside a comment.
    pub example: bool,
    /// Its `- key: value` lines.
    pub metadata: Vec<Meta<'a>>,
    /// Its sections; text before the first bold title is a section with an empty title.
    pub sections: Vec<Section>,
}

/// One `- key: value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta<'a> {
    /// The bytes of the line, without the line ending.
    pub span: Range<usize>,
    /// The line number, from 1.
    pub line: usize,
    /// The text before the colon.
    pub key: &'a str,
    /// The text after the colon; may be empty.
    pub value: &'a str,
}

/// A section of an entry with a bold title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The title; empty for text without one.
    pub title: String,
    /// Its bytes, including the title.
    pub span: Range<usize>,
    /// The line number of its title, from 1.
    pub line: usize,
    /// The byte offset and the line at which its text starts, after the title.
    body: (usize, usize),
}

impl<'a> Entry<'a> {
    /// Returns the text of the entry, as written.
    #[must_use]
    pub fn as_written(&self) -> &'a str {
        self.text.get(self.span.clone()).unwrap_or_default()
    }

    /// Returns the bytes of its name.
    #[must_use]
    pub fn name_span(&self) -> Range<usize> {
        let at = self.as_written().find(self.name).unwrap_or_default();
        let start = self.span.start + at;
        start..start + self.name.len()
    }

    /// Returns the value of a `- key: value` line, or `None` if it is missing or empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let found = self.metadata.iter().find(|meta| meta.key == key)?;
        Some(found.value).filter(|value| !value.is_empty())
    }

    /// Returns the lines of a section's text with their numbers, without leading blank lines.
    pub fn lines(&self, section: &Section) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        let (start, line) = section.body;
        let body = self.text.get(start..section.span.end).unwrap_or_default();
        let rows = body.split('\n').enumerate();
        let rows = rows.map(move |(at, row)| (line + at, row.trim_end_matches('\r')));
        rows.skip_while(|(_, row)| row.trim().is_empty())
    }

    /// Returns the text of a section with LF line endings.
    #[must_use]
    pub fn section_text(&self, section: &Section) -> String {
        let lines: Vec<&str> = self.lines(section).map(|(_, line)| line).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Returns the section with a title.
    #[must_use]
    pub fn section(&self, title: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.title == title)
    }

    /// Returns the digest of the entry's text, without its `- key: value` lines.
    #[must_use]
    pub fn digest(&self) -> String {
        let start = self.sections.first();
        let start = start.map_or(self.span.end, |section| section.span.start);
        super::digest(self.text.get(start..self.span.end).unwrap_or_default())
    }

    /// Returns `true` if the entry has this timestamp and name.
    #[must_use]
    pub fn matches(&self, stamp: &str, name: &str) -> bool {
        self.stamp == stamp && self.name == name
    }
}

/// Creates an error at a line of a file.
pub fn error(source: &Source, line: usize, code: &'static str, message: String) -> Diagnostic {
    let span = Locator::Span(source.line(line));
    Diagnostic::error(code, message).at(source.path(), span, "")
}

/// Parses the entries of a file.
///
/// # Errors
/// Returns all syntax problems of the file.
pub fn entries(file: &Verbatim) -> Result<Vec<Entry<'_>>, Vec<Diagnostic>> {
    let mut reader = Reader {
        source: &file.source,
        text: &file.text,
        entries: Vec::new(),
        open: None,
        in_metadata: false,
        comment: None,
        fence: None,
        problems: Vec::new(),
    };
    let mut start = 0;
    for (index, line) in file.text.split_inclusive('\n').enumerate() {
        let row = line.trim_end_matches('\n').trim_end_matches('\r');
        let row = if index == 0 {
            row.trim_start_matches('\u{feff}')
        } else {
            row
        };
        reader.row(Row {
            line: index + 1,
            start,
            end: start + line.trim_end_matches(['\n', '\r']).len(),
            next: start + line.len(),
            text: row,
        });
        start += line.len();
    }
    reader.finish()
}

/// A line of the file.
#[derive(Clone, Copy)]
struct Row<'a> {
    line: usize,
    start: usize,
    /// The end without the line ending.
    end: usize,
    next: usize,
    text: &'a str,
}

/// An open comment.
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
    /// The delimiter that closes the open fence, and the line of the fence.
    fence: Option<(String, usize)>,
    problems: Vec<Diagnostic>,
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
        if let Some(rest) = parse_header(row.text) {
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
            // The previous entry ends before the comment.
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
        let help = "use `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`";
        if NaiveDateTime::parse_from_str(stamp, "%Y-%m-%dT%H:%M:%SZ").is_err() || stamp.len() != 20
        {
            let message = format!("invalid entry timestamp {}", quoted(stamp));
            let problem = error(self.source, row.line, "memory-header", message);
            self.problems.push(problem.help(help));
            return;
        }
        let rest = rest.trim();
        let (name, form) = [EntryForm::Summarized, EntryForm::Archived]
            .into_iter()
            .find_map(|form| Some((rest.strip_suffix(form.suffix().trim())?.trim_end(), form)))
            .unwrap_or((rest, EntryForm::Full));
        if name.is_empty() {
            let message = "missing entry name".to_owned();
            let problem = error(self.source, row.line, "memory-header", message);
            self.problems.push(problem.help(help));
            return;
        }
        self.check_visible(row);
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
        self.check_visible(row);
        let in_metadata = self.in_metadata && !code;
        let Some(entry) = &mut self.open else { return };
        // A rule ends the entry, unless more text of the entry follows.
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

    fn check_visible(&mut self, row: Row<'a>) {
        if let Err(reason) = Line::new(row.text) {
            let problem = error(self.source, row.line, "memory-invisible-character", reason);
            self.problems.push(problem.help("remove it"));
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
            self.fence.as_ref().map(|(_, line)| ("code block", *line)),
        ];
        for (kind, line) in open.into_iter().flatten() {
            let message = format!("unterminated {kind}; the file may be truncated");
            let problem = error(self.source, line, "memory-truncated", message);
            self.problems
                .push(problem.help("close it, or use the complete file"));
        }
        self.close();
        let last = self.text.rsplit('\n').next().unwrap_or_default();
        let is_open = |delimiter: &str| last.matches(delimiter).count() % 2 == 1;
        if is_open("**") || is_open("`") {
            let line = self.text.split('\n').count();
            let message =
                "unterminated bold text or code on the last line; the file may be truncated";
            let problem = error(self.source, line, "memory-truncated", message.to_owned());
            self.problems
                .push(problem.help("close it, or use the complete file"));
        }
        for entry in &self.entries {
            if let Some(problem) = incomplete(self.source, entry) {
                self.problems.push(problem);
            }
        }
        if self.problems.is_empty() {
            Ok(self.entries)
        } else {
            Err(self.problems)
        }
    }
}
