//! Writes the dated updates of a status page as a timeline, the oldest first.

use super::Line;
use super::entry_time;
use crate::import::vocabulary::WORDS;
use crate::import::words::folded;

/// An update: the line of its stage, its text and its time.
struct Update {
    line: usize,
    stage: String,
    text: String,
    time: String,
    /// The indexes of its lines.
    from: usize,
    until: usize,
}

/// Writes at least two updates, each a stage with a text and a line with the time, as a timeline.
pub(super) fn in_order(lines: Vec<Line>) -> Vec<Line> {
    let updates = find(&lines);
    let (Some(first), Some(last)) = (updates.first(), updates.last()) else {
        return lines;
    };
    if updates.len() < 2 {
        return lines;
    }
    let is_in_one_block = updates.windows(2).all(|pair| match pair {
        [update, next] => {
            lines
                .get(update.until..next.from)
                .unwrap_or_default()
                .iter()
        }
        .all(|(_, line)| line.trim().is_empty()),
        _ => true,
    });
    if !is_in_one_block {
        return lines;
    }
    let mut out: Vec<Line> = lines.iter().take(first.from).cloned().collect();
    for heading in ["", "## Timeline", ""] {
        out.push((first.line, heading.to_owned()));
    }
    let entry = |update: &Update| {
        let text = format!("- {} - {}: {}", update.time, update.stage, update.text);
        (update.line, text)
    };
    out.extend(updates.iter().rev().map(entry));
    out.push((last.line, String::new()));
    out.extend(lines.iter().skip(last.until).cloned());
    out
}

fn find(lines: &[Line]) -> Vec<Update> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((number, line)) = lines.get(at) {
        if let Some((stage, time, text)) = timed_stage(line) {
            let rest = lines.get(at + 1..).unwrap_or_default();
            let more: Vec<&str> = { rest.iter() }
                .map(|(_, line)| line.trim())
                .take_while(|line| !line.is_empty() && timed_stage(line).is_none())
                .collect();
            let texts = [text].into_iter().chain(more.iter().copied());
            found.push(Update {
                line: *number,
                stage: stage.to_owned(),
                text: texts.collect::<Vec<_>>().join(" "),
                time,
                from: at,
                until: at + 1 + more.len(),
            });
            at += 1 + more.len();
            continue;
        }
        let Some((stage, text)) = stage(line) else {
            at += 1;
            continue;
        };
        let rest = lines.get(at + 1..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|(_, line)| self::stage(line).is_some() || line.starts_with('#'));
        let body = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let Some((index, time)) =
            ({ body.iter().enumerate() }).find_map(|(index, (_, line))| Some((index, time(line)?)))
        else {
            at += 1;
            continue;
        };
        let parts = |lines: &[Line]| -> Vec<String> {
            let lines = lines.iter().map(|(_, line)| line.trim().to_owned());
            lines.filter(|line| !line.is_empty()).collect()
        };
        // The time is below the text, or below the stage and above the text.
        let before = parts(body.get(..index).unwrap_or_default());
        let is_above = text.is_empty() && before.is_empty();
        let after = body.get(index + 1..).unwrap_or_default();
        let length = if is_above { after.len() } else { 0 };
        let mut texts: Vec<String> = Some(text.to_owned())
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        texts.extend(before);
        texts.extend(parts(after.get(..length).unwrap_or_default()));
        let until = at + 1 + index + 1 + length;
        found.push(Update {
            line: *number,
            stage: stage.to_owned(),
            text: texts.join(" "),
            time,
            from: at,
            until,
        });
        at = until;
    }
    found
}

/// Parses the start of an update: `**Resolved** - This incident has been resolved.`, `## Resolved`.
fn stage(line: &str) -> Option<(&str, &str)> {
    let bare = line.trim().trim_start_matches(['#', ' ']);
    let (name, text) = match bare
        .strip_prefix("**")
        .and_then(|rest| rest.split_once("**"))
    {
        Some((name, text)) => (name.trim_end_matches(':'), text),
        None => [" - ", " – ", " — ", ": "]
            .iter()
            .find_map(|dash| bare.split_once(dash))
            .unwrap_or((bare, "")),
    };
    let is_known = { WORDS.update_stages.iter() }.any(|known| *known == folded(name));
    is_known.then(|| {
        (
            name,
            text.trim_start_matches([' ', ':', '-', '–', '—']).trim(),
        )
    })
}

/// Parses an update that names its time first: `**Update (11:10 PM MDT, March 18, 2025):** All is well.`
fn timed_stage(line: &str) -> Option<(&str, String, &str)> {
    let (name, text) = line.trim().strip_prefix("**")?.split_once("**")?;
    let (stage, rest) = name.split_once(['(', '['])?;
    let (written, _) = rest.rsplit_once([')', ']'])?;
    let (clock, day) = written.split_once(", ").unwrap_or((written, ""));
    let time = time(written).or_else(|| time(&format!("{day} {clock}")))?;
    Some((
        stage.trim(),
        time,
        text.trim_start_matches([' ', ':']).trim(),
    ))
}

/// Parses a line that is nothing but a time with its date.
fn time(line: &str) -> Option<String> {
    let bare = line.trim().trim_matches(['*', '_', '(', ')']);
    let bare = bare.strip_prefix("Posted ").unwrap_or(bare);
    let joined = bare.replacen(" - ", " ", 1);
    let (written, _, rest) = entry_time::single_time(&joined)?;
    (written.day.is_some() && written.time.is_some() && rest.trim().is_empty())
        .then(|| joined.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(text: &str) -> Vec<(usize, String)> {
        let lines = text.split('\n').enumerate();
        in_order(
            lines
                .map(|(index, line)| (index + 1, line.to_owned()))
                .collect(),
        )
    }

    /// Checks the entries of the timeline that updates become, each with its line.
    #[track_caller]
    fn check(text: &str, expected: &[(usize, &str)]) {
        let lines = ordered(text);
        let entries = lines.iter().filter(|(_, line)| line.starts_with("- "));
        let entries: Vec<(usize, &str)> = { entries }
            .map(|(number, line)| (*number, line.as_str()))
            .collect();
        assert_eq!(entries, expected, "{text}");
        assert!(lines.iter().any(|(_, line)| line == "## Timeline"));
    }

    #[test]
    fn the_newest_update_comes_last() {
        check(
            "# Slow\n\n**Resolved** - It is over.\nMar 4, 2025 - 14:05 UTC\n\n**Identified** - A disk is full.\nMar 4, 2025 - 13:20 UTC",
            &[
                (6, "- Mar 4, 2025 13:20 UTC - Identified: A disk is full."),
                (3, "- Mar 4, 2025 14:05 UTC - Resolved: It is over."),
            ],
        );
    }

    #[test]
    fn an_update_may_have_its_time_above_the_text_or_beside_the_stage() {
        check(
            "## Resolved\n\n2025-05-02 16:40 UTC\n\nIt is over.\n\n## Identified\n\n2025-05-02 15:30 UTC\n\nA disk is full.",
            &[
                (7, "- 2025-05-02 15:30 UTC - Identified: A disk is full."),
                (1, "- 2025-05-02 16:40 UTC - Resolved: It is over."),
            ],
        );
        check(
            "**Update (11:10 PM MDT, March 18, 2025):** It is over.\nAll is well.\n\n**First post (2025-03-18 21:20 MDT):** Packets are lost.",
            &[
                (4, "- 2025-03-18 21:20 MDT - First post: Packets are lost."),
                (
                    1,
                    "- 11:10 PM MDT, March 18, 2025 - Update: It is over. All is well.",
                ),
            ],
        );
    }

    #[test]
    fn one_update_and_updates_with_text_among_them_stay_as_they_are() {
        for text in [
            "**Resolved** - It is over.\nMar 4, 2025 - 14:05 UTC",
            "**Resolved** - It is over.\nMar 4, 2025 - 14:05 UTC\n\nNo more.\n\n**Identified** - A disk.\nMar 4, 2025 - 13:20 UTC",
            "**Resolved** - It is over.\n\n**Identified** - A disk is full.",
        ] {
            let lines: Vec<String> = ordered(text).into_iter().map(|(_, line)| line).collect();
            assert_eq!(lines.join("\n"), text);
        }
    }
}
