//! Replaces the labels of `[import.labels]` by those that the import knows, and writes labels beside their values.

use super::super::words::{folded, labelled, plain_label};
use super::{Line, code_lines};
use crate::config::ReportLabel;
use crate::facts::labelled::Labels;
use crate::import::draft::Note;
use crate::import::moment::full;
use crate::import::vocabulary::WORDS;
use crate::kind::Pairs;

/// Replaces labels; returns a note for each line with one.
pub(super) fn rename(lines: &mut [Line], labels: &Pairs<ReportLabel>) -> Vec<Note> {
    if labels.0.is_empty() {
        return Vec::new();
    }
    let code = code_lines(lines);
    let mut notes = Vec::new();
    for ((number, line), _) in lines
        .iter_mut()
        .zip(&code)
        .filter(|(_, is_code)| !**is_code)
    {
        let Some(label) = label(line) else {
            continue;
        };
        let wanted = folded(label);
        let Some((_, meaning)) = { labels.0.iter() }.find(|(known, _)| folded(known) == wanted)
        else {
            continue;
        };
        notes.push(Note {
            line: Some(*number),
            text: format!("label `{label}` read as `{}`", meaning.text()),
        });
        *line = line.replacen(label, meaning.text(), 1);
    }
    notes
}

/// Returns the label of a line, an item, a quote, a row or a setting of front matter.
fn label(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['>', '-', '+', '*', ' ']);
    let line = if bare.contains("**") && line.contains("**") && !bare.starts_with("**") {
        // The asterisks of a bold label are not those of an item.
        line.get(line.find("**")?..)?
    } else {
        bare
    };
    if let Some(row) = line.trim().strip_prefix('|') {
        let (label, _) = row.split_once('|')?;
        let label = label.trim().trim_matches('*');
        return Some(label.strip_suffix(':').unwrap_or(label)).filter(|label| !label.is_empty());
    }
    let found = labelled(line).or_else(|| plain_label(line))?;
    Some(found.label).filter(|label| !label.is_empty())
}

/// Writes labels that are above their values beside them: `Started`, and `Mar 4, 2025, 04:45 AM UTC` below it.
///
/// Only of two pairs in a row, one of which has a time or a duration, it is known that they are labels.
pub(super) fn beside_values(lines: &mut [Line], durations: &Labels) {
    let is_heading = |line: &Line| line.1.starts_with("## ");
    let end = lines.iter().position(is_heading).unwrap_or(lines.len());
    let texts = lines.iter().take(end).enumerate();
    let texts: Vec<(usize, String)> = texts
        .map(|(at, (_, line))| (at, line.trim().to_owned()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let mut rest = texts.as_slice();
    while !rest.is_empty() {
        let pairs: Vec<[&(usize, String); 2]> = { rest.chunks_exact(2) }
            .map_while(|pair| match pair {
                [label, value] => value_label(&label.1, durations).map(|_| [label, value]),
                _ => None,
            })
            .collect();
        let is_certain =
            |[label, value]: &[&(usize, String); 2]| is_measured(&label.1, &value.1, durations);
        let is_run = pairs.len() > 1 && pairs.iter().any(is_certain);
        for [label, value] in pairs.iter().filter(|_| is_run) {
            let name = value_label(&label.1, durations).unwrap_or_default();
            if let Some((_, line)) = lines.get_mut(label.0) {
                *line = format!("**{name}:** {}", value.1);
            }
            if let Some((_, line)) = lines.get_mut(value.0) {
                line.clear();
            }
        }
        let count = if is_run { 2 * pairs.len() } else { 1 };
        rest = rest.get(count..).unwrap_or_default();
    }
}

/// Returns the label of a fact that is alone in its line, in bold or not.
fn value_label<'t>(line: &'t str, durations: &Labels) -> Option<&'t str> {
    let bare = line.trim_matches(['*', '_', ':', ' ']);
    // An item, or a label with its value: `- **Time to repair**: 5h 3m`.
    if !bare.starts_with(char::is_alphanumeric) || bare.contains([':', '*', '|']) {
        return None;
    }
    let known = folded(bare);
    let is_known = WORDS.labels.summary.has(&known) || WORDS.labels.marks.has(&known);
    (is_known || durations.parse(&format!("{bare}: 1 min")).is_some()).then_some(bare)
}

/// Returns `true` for a time, and for the value of a duration.
fn is_measured(label: &str, value: &str, durations: &Labels) -> bool {
    let label = label.trim_matches(['*', '_', ':', ' ']);
    full(value).is_some() || durations.parse(&format!("{label}: {value}")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Line as Text;

    #[test]
    fn labels_above_their_values_are_written_beside_them() {
        for (text, expected) in [
            (
                "# A\n\nStarted\n2025-03-04 04:45 UTC\nResolved\n2025-03-04 05:23 UTC\nDuration\n38m\n\nText",
                "# A\n\n**Started:** 2025-03-04 04:45 UTC\n\n**Resolved:** 2025-03-04 05:23 UTC\n\n**Duration:** 38m\n\n\nText",
            ),
            (
                "**Duration**\n\n2h 49m\n\n**Severity**\n\nMinor",
                "**Duration:** 2h 49m\n\n\n\n**Severity:** Minor\n\n",
            ),
            (
                "- **Time to repair**: 5h 3m\n\n- **Time to resolve**: 7h 43m\n\n- **Impact**: None",
                "- **Time to repair**: 5h 3m\n\n- **Time to resolve**: 7h 43m\n\n- **Impact**: None",
            ),
            (
                "Severity\nMinor\nStatus\nResolved",
                "Severity\nMinor\nStatus\nResolved",
            ),
            (
                "Resolved\n2025-03-04 05:23 UTC\nIt works.",
                "Resolved\n2025-03-04 05:23 UTC\nIt works.",
            ),
        ] {
            let lines = text.split('\n').map(|line| (1, line.to_owned()));
            let mut lines: Vec<Line> = lines.collect();
            beside_values(&mut lines, &Labels::default());
            let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
            assert_eq!(lines.join("\n"), expected);
        }
    }

    #[test]
    fn labels_are_replaced_wherever_they_are() {
        let labels = Pairs(vec![(
            Text::new("Gesamtausfall").expect("a label"),
            ReportLabel::Duration,
        )]);
        let renamed = |line: &str| {
            let mut lines = vec![(7, line.to_owned())];
            let notes = rename(&mut lines, &labels);
            (lines.remove(0).1, notes.len())
        };
        for (line, expected) in [
            ("Gesamtausfall: 45 min", "Duration: 45 min"),
            ("**Gesamtausfall:** 45 min", "**Duration:** 45 min"),
            ("- **Gesamtausfall**: 45 min", "- **Duration**: 45 min"),
            ("* gesamtausfall: 45 min", "* Duration: 45 min"),
            ("> **Gesamtausfall:** 45 min", "> **Duration:** 45 min"),
            ("| Gesamtausfall | 45 min |", "| Duration | 45 min |"),
            (
                "| **Gesamtausfall:** | 45 min |",
                "| **Duration:** | 45 min |",
            ),
        ] {
            assert_eq!(renamed(line), (expected.to_owned(), 1), "{line}");
        }
        for line in [
            "Gesamtausfall",
            "Der Gesamtausfall: 45 min",
            "## Gesamtausfall",
            "",
        ] {
            assert_eq!(renamed(line), (line.to_owned(), 0), "{line}");
        }
    }
}
