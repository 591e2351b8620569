//! Writes the header of an email as front matter, so that its subject is the title and its date that of the text.

use super::{Line, headings};
use crate::import::vocabulary::WORDS;
use crate::import::words::folded;

/// Writes the header of an email without headings as front matter.
pub(super) fn header(lines: &mut Vec<Line>) {
    let is_pair = |line: &str| {
        let label = line.split_once(": ").map(|(label, _)| label);
        label.is_some_and(|label| !label.is_empty() && !label.contains(' '))
    };
    let is_subject = |line: &str| {
        let label = line.split_once(": ").map(|(label, _)| folded(label));
        label.is_some_and(|label| WORDS.subject.contains(&label))
    };
    let first = lines.iter().take_while(|(_, line)| line.trim().is_empty());
    let start = first.count();
    let header = lines.iter().skip(start);
    let count = header.take_while(|(_, line)| is_pair(line)).count();
    let end = start + count;
    let header = lines.get(start..end).unwrap_or_default();
    let has_subject = header.iter().any(|(_, line)| is_subject(line));
    if count < 2 || !has_subject || !headings(lines).is_empty() {
        return;
    }
    for (_, line) in lines.iter_mut().take(end).skip(start) {
        if is_subject(line)
            && let Some((_, subject)) = line.split_once(": ")
        {
            *line = format!("title: {}", subject.trim());
        }
    }
    let rule = |number: usize| (number, "---".to_owned());
    let last = lines
        .get(end.saturating_sub(1))
        .map_or(1, |(number, _)| *number);
    lines.insert(end, rule(last));
    lines.splice(..start, [rule(1)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let lines = text.split('\n').enumerate();
        let mut lines = lines
            .map(|(index, line)| (index + 1, line.to_owned()))
            .collect();
        header(&mut lines);
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        lines.join("\n")
    }

    #[test]
    fn a_header_with_a_subject_becomes_front_matter() {
        assert_eq!(
            written("From: ines@example.org\nSubject: Mirror down\nDate: 30 Jan 2025\n\nHi all,"),
            "---\nFrom: ines@example.org\ntitle: Mirror down\nDate: 30 Jan 2025\n---\n\nHi all,"
        );
        for text in [
            "Date: 30 Jan 2025\nSeverity: 1\n\nHi all,",
            "Subject: one line alone\n\nHi all,",
            "# Title\n\nFrom: ines@example.org\nSubject: x",
            "We wrote: it\nSubject: x",
        ] {
            assert_eq!(written(text), text);
        }
    }
}
