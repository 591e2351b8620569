//! Writes what other markups say by headings in Markdown: `AsciiDoc`, wikis, `<details>`, and a title alone in its line.

use super::{Line, bold_label, code_lines, front, headings, is_entry, plain_heading};
use crate::config::Config;
use crate::import::layout::section_of;
use crate::import::vocabulary::WORDS;
use crate::import::words::{folded, labelled, plain_label};

/// What a line of markup says to readers.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Markup<'l> {
    /// Nothing: `</details>`, `{toc}`.
    Empty,
    /// The title of the text below it: `<summary>Timeline</summary>`.
    Title(&'l str),
}

/// Parses a line that is nothing but a tag or a macro.
pub(in super::super) fn markup(line: &str) -> Option<Markup<'_>> {
    let bare = line.trim();
    if let Some(inner) = bare
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        let (name, rest) = inner.split_once(':').unwrap_or((inner, ""));
        let is_macro = WORDS.macros.iter().any(|known| known == name);
        let mut options = rest.split('|');
        let title = options.find_map(|option| option.strip_prefix("title="));
        return is_macro.then(|| title.map_or(Markup::Empty, Markup::Title));
    }
    let bare = bare.strip_prefix("<details>").unwrap_or(bare).trim();
    let bare = bare.strip_suffix("</details>").unwrap_or(bare).trim();
    if bare.is_empty() && bare.len() < line.trim().len() || bare == "<details open>" {
        return Some(Markup::Empty);
    }
    let title = bare.strip_prefix("<summary>")?.strip_suffix("</summary>")?;
    let title = ["<b>", "</b>", "<strong>", "</strong>"]
        .iter()
        .fold(title, |title, tag| {
            title.trim_start_matches(tag).trim_end_matches(tag)
        });
    Some(Markup::Title(title.trim()))
}

/// Writes the headings, labels and heads of tables of other markups in Markdown.
pub(super) fn in_markdown(lines: Vec<Line>, config: &Config) -> Vec<Line> {
    let known = headings(&lines);
    let levels = known.iter().skip(1).map(|(_, level)| *level);
    let marks = "#".repeat(levels.min().unwrap_or(2).max(2));
    let code = code_lines(&lines);
    let is_asciidoc = known.is_empty() && lines.iter().any(|(_, line)| line.starts_with("= "));
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for ((number, line), is_code) in lines.into_iter().zip(code) {
        let is_in_table = out.last().is_some_and(|(_, line)| line.starts_with('|'));
        let mut push = |line: String| out.push((number, line));
        match markup(&line).filter(|_| !is_code) {
            Some(Markup::Empty) => push(String::new()),
            Some(Markup::Title(title)) if section_of(title, config).is_some() => {
                push(format!("{marks} {title}"));
            }
            Some(Markup::Title(title)) => push(format!("**{title}**")),
            None if is_code || !known.is_empty() => push(line),
            None => match (heading(&line), table_head(&line)) {
                (Some(heading), _) => push(heading),
                (_, Some(row)) if is_in_table => push(row),
                (_, Some(row)) => {
                    let columns = row.matches('|').count().saturating_sub(1);
                    push(row);
                    push(format!("|{}", "---|".repeat(columns)));
                }
                _ => push(match line.split_once(":: ").filter(|_| is_asciidoc) {
                    Some((label, value)) => format!("- **{label}**: {value}"),
                    None => line,
                }),
            },
        }
    }
    title(&mut out, config);
    out
}

/// Joins the rows of tables that are broken before their last `|`.
pub(super) fn join_rows(lines: &mut Vec<Line>) {
    let mut code = code_lines(lines).into_iter();
    let mut is_open = false;
    let mut ends: Vec<usize> = Vec::new();
    for (index, (_, line)) in lines.iter().enumerate() {
        let bare = line.trim();
        let is_code = code.next().unwrap_or_default();
        if is_open && bare == "|" {
            ends.push(index);
        }
        is_open = !is_code && bare.starts_with('|') && !bare.ends_with('|');
    }
    for index in ends.into_iter().rev() {
        lines.remove(index);
        if let Some((_, row)) = index.checked_sub(1).and_then(|at| lines.get_mut(at)) {
            row.push_str(" |");
        }
    }
}

/// Parses a heading of `AsciiDoc`, `== Timeline`, or of a wiki, `== Timeline ==` and `h2. Timeline`.
fn heading(line: &str) -> Option<String> {
    let bare = line.trim_end();
    let text = bare.trim_start_matches('=');
    let (level, text) = match (bare.len() - text.len(), bare.strip_prefix('h')) {
        (0, Some(rest)) => {
            let (level, text) = rest.split_once(". ")?;
            (level.parse().ok()?, text)
        }
        (level, _) => (level, text.strip_prefix(' ')?.trim_end_matches('=')),
    };
    let text = text.trim();
    ((1..=6).contains(&level) && !text.is_empty()).then(|| format!("{} {text}", "#".repeat(level)))
}

/// Parses the head of a table of a wiki: `||Time||Event||`.
fn table_head(line: &str) -> Option<String> {
    let inner = line.trim().strip_prefix("||")?;
    let inner = inner.strip_suffix("||").unwrap_or(inner);
    let cells: Vec<&str> = inner.split("||").map(str::trim).collect();
    Some(format!("| {} |", cells.join(" | ")))
}

/// Writes the first line of a report without headings as its title.
fn title(lines: &mut [Line], config: &Config) {
    let is_underline = |line: &str| line.len() > 2 && line.trim_matches(['=', '-']).is_empty();
    let has_title = !headings(lines).is_empty()
        || front::end(lines) > 0
        || lines.iter().any(|(_, line)| is_underline(line));
    let first = lines.iter().position(|(_, line)| !line.trim().is_empty());
    let Some((_, [line, rest @ ..])) = first.and_then(|at| lines.split_at_mut_checked(at)) else {
        return;
    };
    let is_alone = rest.first().is_some_and(|(_, next)| next.trim().is_empty());
    let text = line.1.trim();
    let is_prose =
        text.ends_with('.') || text.len() > 120 || !text.starts_with(char::is_alphanumeric);
    let plain = Some(text)
        .filter(|_| !is_prose && plain_label(text).is_none_or(|found| !is_fact(found.label)));
    let Some(text) = bold_label(&line.1)
        .or(plain)
        .filter(|_| is_alone && !has_title)
    else {
        return;
    };
    if is_report(rest, config) {
        line.1 = format!("# {text}");
    }
}

/// Returns `true` for the label of a fact at the top of a report.
fn is_fact(label: &str) -> bool {
    let label = folded(label);
    WORDS.labels.summary.has(&label) || WORDS.labels.marks.has(&label)
}

/// Returns `true` if lines have a label or a heading of a report, or times.
fn is_report(lines: &[Line], config: &Config) -> bool {
    let is_known = |line: &str| {
        let label = labelled(line).or_else(|| plain_label(line));
        let heading = bold_label(line).or_else(|| plain_heading(line, config));
        label.is_some_and(|found| is_fact(found.label))
            || heading.is_some_and(|heading| section_of(heading, config).is_some())
    };
    lines.iter().any(|(_, line)| is_known(line))
        || lines.iter().filter(|(_, line)| is_entry(line)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let lines = text.split('\n').enumerate();
        let lines = lines.map(|(index, line)| (index + 1, line.to_owned()));
        let out = in_markdown(lines.collect(), &Config::default());
        let out: Vec<String> = out.into_iter().map(|(_, line)| line).collect();
        assert_eq!(out.join("\n"), expected);
    }

    #[test]
    fn headings_of_other_markups_become_those_of_markdown() {
        check(
            "= Spooler\n\n== Facts\n\nStart:: 2025-03-04 09:00\n\n=== Why",
            "# Spooler\n\n## Facts\n\n- **Start**: 2025-03-04 09:00\n\n### Why",
        );
        check("= Spooler =\n\n== Timeline ==", "# Spooler\n\n## Timeline");
        check(
            "h1. Spooler\n\nh2. Timeline\n\n||Time||Event||\n|09:00|x|",
            "# Spooler\n\n## Timeline\n\n| Time | Event |\n|---|---|\n|09:00|x|",
        );
        check("# A\n\n= b\n\nh2. c", "# A\n\n= b\n\nh2. c");
    }

    #[test]
    fn the_title_of_a_folded_part_is_a_heading_if_it_is_that_of_a_section() {
        check(
            "# A\n\n<details>\n<summary><b>Timeline (UTC)</b></summary>\n\nx\n\n</details>",
            "# A\n\n\n## Timeline (UTC)\n\nx\n\n",
        );
        check("# A\n\n<details><summary>Log</summary>", "# A\n\n**Log**");
        check(
            "# A\n\n{toc}\n{panel:title=Summary}\n{x}",
            "# A\n\n\n## Summary\n{x}",
        );
    }

    #[test]
    fn the_first_line_of_a_report_without_headings_is_its_title() {
        for text in ["**Spooler down**", "Spooler down"] {
            check(
                &format!("{text}\n\nSeverity: P1"),
                "# Spooler down\n\nSeverity: P1",
            );
        }
        for text in [
            "Spooler down\n\nWe slept.",
            "Severity: P1\n\nDate: 2025-03-04",
            "Spooler down\n---\n\nSeverity: P1",
        ] {
            check(text, text);
        }
    }
}
