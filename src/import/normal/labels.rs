//! Replaces the labels of `[import.labels]` by those that the import knows.

use super::super::words::{folded, labelled, plain_label};
use super::{Line, code_lines};
use crate::config::ReportLabel;
use crate::import::draft::Note;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::Line as Text;

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
