//! Imports the key queries: the rows of the table, in which a pipe is written `\|`, and the
//! blocks below it.

use super::{Draft, Entry, Part, Section};
use crate::archive::path_in_url;
use crate::incident::Evidence;
use crate::kind::{Block, Code, FilePath, Identifier, Line, Url};
use crate::memory::print::{BELOW, LABEL, NO_FINDING, finding};
use crate::memory::read::fence;
use crate::view::NOT_RECORDED;

impl Draft {
    pub(super) fn queries(&mut self, entry: &Entry, section: &Section) -> Result<(), String> {
        let mut unmapped = Vec::new();
        let mut blocks: Vec<QueryBlock> = Vec::new();
        let mut open: Option<String> = None;
        for (line, text) in entry.lines(section) {
            let bare = text.trim();
            match &open {
                Some(closing) if bare == closing => open = None,
                Some(_) => {}
                None => open = fence(bare).filter(|_| !blocks.is_empty()),
            }
            let name = text.strip_prefix(LABEL).filter(|_| open.is_none());
            if let Some(name) = name {
                blocks.push(QueryBlock {
                    name: name.trim(),
                    lines: vec![(line, text)],
                });
            } else if let Some(block) = blocks.last_mut() {
                block.lines.push((line, text));
            } else if !bare.is_empty() {
                self.query(line, text, &mut unmapped)?;
            }
        }
        for block in blocks {
            if !self.complete(&block)? {
                let lines = block
                    .lines
                    .iter()
                    .map(|(line, text)| (*line, (*text).to_owned()));
                unmapped.extend(lines);
            }
        }
        self.keep_unmapped(section, Part::Technical, &unmapped)
    }

    /// Imports a line of the table.
    fn query(
        &mut self,
        line: usize,
        text: &str,
        unmapped: &mut Vec<(usize, String)>,
    ) -> Result<(), String> {
        let (finding, code, links) = match row(text) {
            Row::Head => return Ok(()),
            Row::Query {
                finding,
                code,
                links,
            } => (finding, code, links),
            Row::Other => {
                unmapped.push((line, text.to_owned()));
                return Ok(());
            }
        };
        let (title, finding) = match finding.strip_suffix(NO_FINDING) {
            Some(title) => (Some(title.to_owned()), None),
            None => (
                None,
                Some(finding).filter(|finding| finding != NOT_RECORDED),
            ),
        };
        let code = Some(code).filter(|code| !code.is_empty());
        let mut evidence = Evidence {
            title: title.map(Line::new).transpose()?,
            finding: finding.map(Line::new).transpose()?,
            code: code.map(Code::new).transpose()?,
            ..Evidence::default()
        };
        let mut is_known = true;
        for (label, target) in links {
            let source = label.strip_prefix("View in ");
            match (Url::new(target.as_str()), file(&target)) {
                (Ok(url), _) => evidence.url = Some(url),
                (_, Some(file)) => evidence.file = Some(file),
                _ => {
                    is_known = false;
                    continue;
                }
            }
            if let Some(source) = source {
                evidence.source = Some(Line::new(source)?);
            }
        }
        if !is_known {
            unmapped.push((line, text.to_owned()));
        }
        self.incident.evidence.push(evidence);
        Ok(())
    }

    /// Adds the block of a query to its row; returns `false` if there is no such row.
    fn complete(&mut self, block: &QueryBlock) -> Result<bool, String> {
        let is_row = |evidence: &&mut Evidence| {
            finding(evidence) == block.name && evidence.code.as_deref() == Some(BELOW)
        };
        let Some(evidence) = self.incident.evidence.iter_mut().find(is_row) else {
            return Ok(false);
        };
        let lines: Vec<&str> = block.lines.iter().skip(1).map(|(_, text)| *text).collect();
        let text = lines.join("\n");
        let (warning, code) = last_fence(text.trim());
        evidence.code = None;
        if let Some((language, code)) = code {
            evidence.language = Some(language)
                .filter(|language| !language.is_empty())
                .map(Identifier::new)
                .transpose()?;
            evidence.code = Some(Code::new(code)?);
        }
        if !warning.is_empty() {
            evidence.warning = Some(Block::new(warning)?);
        }
        Ok(true)
    }
}

/// The text of a query below the table.
struct QueryBlock<'a> {
    /// The finding.
    name: &'a str,
    /// Its lines with their numbers, the first with the finding.
    lines: Vec<(usize, &'a str)>,
}

/// Splits a text before the fenced code at its end; returns the code with its language.
fn last_fence(text: &str) -> (&str, Option<(&str, String)>) {
    let mut open: Option<(String, usize)> = None;
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        match &open {
            Some((closing, start)) if bare == closing => {
                found = Some((*start, at + line.len()));
                open = None;
            }
            Some(_) => {}
            None => open = fence(bare).map(|closing| (closing, at)),
        }
        at += line.len();
    }
    let split = found.filter(|(_, end)| *end == text.len());
    let code = split.and_then(|(start, _)| {
        let (head, rest) = text.get(start..)?.split_once('\n')?;
        let code = rest.rsplit_once('\n').map_or("", |(code, _)| code);
        let language = head.trim_start_matches(['`', '~']).trim();
        Some((text.get(..start)?.trim(), (language, format!("{code}\n"))))
    });
    match code {
        Some((before, code)) if !code.1.trim().is_empty() => (before, Some(code)),
        _ => (text, None),
    }
}

/// Returns the file that a link in the memory leads to.
fn file(target: &str) -> Option<FilePath> {
    FilePath::new(path_in_url(target)).ok()
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Row {
    /// The header row, or the rule below it.
    Head,
    /// A query.
    Query {
        /// The finding.
        finding: String,
        /// The code.
        code: String,
        /// The labels and targets of the links.
        links: Vec<(String, String)>,
    },
    /// A line that is not recognized.
    Other,
}

/// Parses a line of the table.
fn row(row: &str) -> Row {
    let bare = row.trim();
    let Some(inner) = bare
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    else {
        return Row::Other;
    };
    let cells = cells(inner);
    let is_rule = |cell: &String| cell.contains('-') && cell.trim_matches(['-', ':']).is_empty();
    if cells.iter().all(is_rule) {
        return Row::Head;
    }
    match cells.as_slice() {
        [finding, query, ..] if finding == "Finding" && query == "Query" => Row::Head,
        [finding, query, rest @ ..] if !finding.is_empty() && rest.len() <= 1 => {
            match links(rest.first().map_or("", String::as_str)) {
                Some(links) => Row::Query {
                    finding: finding.clone(),
                    code: code(query).to_owned(),
                    links,
                },
                None => Row::Other,
            }
        }
        _ => Row::Other,
    }
}

/// Returns the labels and targets of a cell with links; `None` if it has anything else.
fn links(cell: &str) -> Option<Vec<(String, String)>> {
    let mut links = Vec::new();
    let mut rest = cell;
    while !rest.is_empty() {
        let (label, after) = rest.strip_prefix('[')?.split_once("](")?;
        let (target, after) = after.split_once(')')?;
        links.push((label.replace("\\]", "]"), target.to_owned()));
        rest = match after.strip_prefix(", ") {
            Some(next) if !next.is_empty() => next,
            _ if after.is_empty() => after,
            _ => return None,
        };
    }
    Some(links)
}

/// Splits a row at its unescaped pipes.
fn cells(inner: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                cell.push('|');
                chars.next();
            }
            '|' => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Strips the backticks from a code span.
fn code(cell: &str) -> &str {
    let ticks = cell.len() - cell.trim_start_matches('`').len();
    let fence = cell.get(..ticks).unwrap_or_default();
    let inner = cell
        .strip_prefix(fence)
        .and_then(|rest| rest.strip_suffix(fence));
    match inner {
        Some(inner) if ticks > 0 && !inner.is_empty() => {
            let unpadded = inner
                .strip_prefix(' ')
                .and_then(|inner| inner.strip_suffix(' '));
            unpadded.filter(|_| ticks > 1).unwrap_or(inner)
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_in_a_query_is_part_of_it() {
        let parsed = row(r"| Pool | `['a'] \| where x` | [View in Axiom](https://a.example/q) |");
        assert_eq!(
            parsed,
            Row::Query {
                finding: "Pool".to_owned(),
                code: "['a'] | where x".to_owned(),
                links: vec![("View in Axiom".to_owned(), "https://a.example/q".to_owned())],
            }
        );
        for (line, expected) in [
            ("| Finding | Query | Link |", Row::Head),
            ("|---|:--|---|", Row::Head),
            ("| cut", Row::Other),
            ("|", Row::Other),
            ("| a | b | not a link |", Row::Other),
        ] {
            assert_eq!(row(line), expected, "{line}");
        }
        assert_eq!(code("`` a ` b ``"), "a ` b");
        assert_eq!(code("```"), "```");
    }
}
