//! Writes the dated updates of a status page as a timeline, the oldest first.

use super::{Line, entry_time, is_timeline, timeline_heading};
use crate::config::Config;
use crate::import::calendar::month_day;
use crate::import::vocabulary::WORDS;
use crate::import::words::folded;

/// An update: the line of its stage, its text and its time.
struct Update {
    line: usize,
    stage: String,
    text: String,
    time: String,
    /// Whether the line with the time says that it was posted then.
    is_posted: bool,
    /// Whether it is a postmortem, which is a report on its own.
    is_report: bool,
    /// The indexes of its lines.
    from: usize,
    until: usize,
}

impl Update {
    /// Returns `true` for a stage that only planned work has.
    fn is_maintenance(&self) -> bool {
        is_one_of(&WORDS.maintenance_stages, &self.stage)
    }

    /// Returns its entry in a timeline.
    fn entry(&self) -> Line {
        let Self {
            line,
            stage,
            text,
            time,
            ..
        } = self;
        (*line, format!("- {time} - {stage}: {text}"))
    }
}

fn is_one_of(stages: &[String], stage: &str) -> bool {
    stages.contains(&folded(stage))
}

/// Writes updates, each a stage with a text and a line with the time, as a timeline.
///
/// A postmortem among them is the report itself, and its own rows belong to the same timeline. A single update counts
/// only in the form of a status page, `Posted Mar 4, 2025 - 14:05 UTC`.
pub(super) fn in_order(lines: Vec<Line>, config: &Config) -> Vec<Line> {
    let found = one_block(&lines, find(&lines));
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return lines;
    };
    let mut updates: Vec<&Update> = found.iter().filter(|update| !update.is_report).collect();
    if updates.is_empty() || found.len() < 2 && !first.is_posted {
        return lines;
    }
    if is_newest_first(&updates) {
        updates.reverse();
    }
    let before = lines.get(..first.from).unwrap_or_default();
    let mut out = before.to_vec();
    if updates.iter().any(|update| update.is_maintenance()) {
        out.push((first.line, "**Kind**: Maintenance".to_owned()));
    }
    let entries = updates.iter().map(|update| update.entry());
    match found.iter().find(|update| update.is_report) {
        Some(report) => out.extend(with_entries(report, &lines, entries.collect(), config)),
        None => {
            let mut above = before.iter().rev();
            let heading = above.find(|(_, line)| !line.trim().is_empty());
            if !heading.is_some_and(|(_, line)| is_timeline(line, config)) {
                out.extend(timeline_heading(first.line));
            }
            out.extend(entries);
        }
    }
    out.push((last.line, String::new()));
    out.extend(lines.iter().skip(last.until).cloned());
    out
}

/// Returns the longest run of updates with nothing but blank lines between them.
fn one_block(lines: &[Line], updates: Vec<Update>) -> Vec<Update> {
    let mut longest: Vec<Update> = Vec::new();
    let mut run: Vec<Update> = Vec::new();
    for update in updates {
        let until = run.last().map_or(update.from, |last| last.until);
        let between = lines.get(until..update.from).unwrap_or_default();
        if between.iter().any(|(_, line)| !line.trim().is_empty()) {
            let ended = std::mem::take(&mut run);
            longest = if ended.len() > longest.len() {
                ended
            } else {
                longest
            };
        }
        run.push(update);
    }
    if run.len() > longest.len() {
        run
    } else {
        longest
    }
}

/// Returns `true` unless the times rise.
fn is_newest_first(updates: &[&Update]) -> bool {
    let key = |update: &&&Update| {
        let (written, ..) = entry_time::single_time(&update.time)?;
        Some((written.day, written.time.map(|time| time.at)))
    };
    let (first, last) = (updates.first(), updates.last());
    first.as_ref().and_then(key) >= last.as_ref().and_then(key)
}

/// Returns the sections of a postmortem, with the updates at the end of its timeline.
fn with_entries(report: &Update, lines: &[Line], entries: Vec<Line>, config: &Config) -> Vec<Line> {
    let body = lines.get(report.from + 1..report.until).unwrap_or_default();
    let mut out = super::sections(body.to_vec(), config);
    let Some(at) = (out.iter()).position(|(_, line)| is_timeline(line, config)) else {
        out.extend(timeline_heading(report.line));
        out.extend(entries);
        return out;
    };
    let after = out.iter().skip(at + 1);
    let end = { after }.position(|(_, line)| line.starts_with("## "));
    let rest = out.split_off(end.map_or(out.len(), |end| at + 1 + end));
    out.push((report.line, String::new()));
    out.extend(entries);
    out.extend(rest);
    out
}

fn find(lines: &[Line]) -> Vec<Update> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        let update = timed_update(rest, at).or_else(|| update(rest, at));
        at = update.as_ref().map_or(at + 1, |update| update.until);
        found.extend(update);
    }
    found
}

/// Returns the update at the start of lines that names its stage and its time on one line.
fn timed_update(lines: &[Line], from: usize) -> Option<Update> {
    let ((number, line), rest) = lines.split_first()?;
    let starts = |line: &str| timed_stage(line).is_some() || stage_and_time(line).is_some();
    let is_text = |line: &&Line| !line.1.trim().is_empty() && !starts(&line.1);
    let (stage, time, text, count) = if let Some((stage, time, text)) = timed_stage(line) {
        let more = rest.iter().take_while(is_text).count();
        (stage, time, text, more)
    } else {
        let (stage, time) = stage_and_time(line)?;
        // The text is indented below it, with blank lines among its paragraphs.
        let is_below = |line: &&Line| line.1.trim().is_empty() || line.1.starts_with([' ', '\t']);
        let below = rest.iter().take_while(is_below).filter(is_text).count();
        let is_indented = |line: &&Line| is_below(line) && !starts(&line.1);
        let more = rest.iter().take_while(is_indented).count();
        // Without a text it is a fact.
        (stage, time, "", (below > 0).then_some(more)?)
    };
    let texts = [text.to_owned()]
        .into_iter()
        .chain(parts(rest.get(..count).unwrap_or_default()));
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    Some(Update {
        line: *number,
        stage: stage.to_owned(),
        text: texts.join(" "),
        time,
        is_posted: false,
        is_report: false,
        from,
        until: from + 1 + count,
    })
}

/// Returns the update at the start of lines, whose time is below its text, or below its stage and above its text.
fn update(lines: &[Line], from: usize) -> Option<Update> {
    let ((number, line), rest) = lines.split_first()?;
    let (stage, text) = stage(line)?;
    // `Update: Jobs are moving again.` below a stage is its text.
    let first = rest.iter().position(|(_, line)| !line.trim().is_empty());
    let is_text = |index: usize, (same, more): (&str, &str)| {
        let is_same = folded(same) == folded(stage);
        is_same && text.is_empty() && first == Some(index) && !more.is_empty()
    };
    let end = { rest.iter().enumerate() }.position(|(index, (_, line))| {
        let next = self::stage(line).filter(|found| !is_text(index, *found));
        next.is_some() || line.starts_with('#')
    });
    let body = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    let mut lines = body.iter().enumerate();
    let (index, (_, time_line)) = lines.find(|(_, (_, line))| time(line).is_some())?;
    let before = parts(body.get(..index).unwrap_or_default());
    let is_above = text.is_empty() && before.is_empty();
    let after = body.get(index + 1..).unwrap_or_default();
    let after = after.get(..if is_above { after.len() } else { 0 });
    let after = after.unwrap_or_default();
    let mut texts = vec![text.to_owned()];
    texts.extend(before);
    texts.extend(parts(after));
    texts.retain(|text| !text.is_empty());
    Some(Update {
        line: *number,
        stage: stage.to_owned(),
        text: texts.join(" "),
        time: time(time_line)?,
        is_posted: is_time_of_update(time_line),
        // `Postmortem - Read details` is a link to one.
        is_report: text.is_empty() && is_one_of(&WORDS.report_stages, stage),
        from,
        until: from + 1 + index + 1 + after.len(),
    })
}

/// Returns the lines that are not blank.
fn parts(lines: &[Line]) -> Vec<String> {
    let lines = lines.iter().map(|(_, line)| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
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
    is_one_of(&WORDS.update_stages, name).then(|| {
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

/// Parses an item that starts with its stage and its time: `1. **resolved** Aug 27, 2025, 05:23 AM UTC`.
fn stage_and_time(line: &str) -> Option<(&str, String)> {
    let item = line.trim_end();
    let bare = item.trim_start_matches(|found: char| found.is_ascii_digit());
    let bare = ["- ", "* ", "+ ", ". ", ") "]
        .iter()
        .find_map(|marker| bare.strip_prefix(marker))?;
    let bare = bare.trim_start();
    let (name, rest) = match bare.strip_prefix("**") {
        Some(bold) => bold.split_once("**")?,
        None => bare.split_at_checked(bare.find(|found: char| found.is_ascii_digit())?)?,
    };
    // A stage before a time that starts with a month is followed by it.
    let words = name.split(' ').scan(0, |end, word| {
        *end += word.len() + 1;
        Some(*end - 1)
    });
    let ends: Vec<usize> = words.collect();
    let (stage, date) = { ends.into_iter().rev() }
        .filter_map(|end| name.split_at_checked(end))
        .find(|(stage, _)| is_one_of(&WORDS.update_stages, stage))?;
    Some((stage.trim(), time(&format!("{date}{rest}"))?))
}

/// Parses a line that is nothing but a time with its date.
///
/// Without a year it is a time without a date, so that the import asks for one.
fn time(line: &str) -> Option<String> {
    let bare = line.trim().trim_matches(['*', '_', '(', ')', ' ']);
    let joined = posted(bare).unwrap_or(bare).replacen(" - ", " ", 1);
    let is_time = |text: &str, has_day: bool| {
        entry_time::single_time(text).is_some_and(|(written, _, rest)| {
            written.day.is_some() == has_day && written.time.is_some() && rest.trim().is_empty()
        })
    };
    if is_time(&joined, true) {
        return Some(joined);
    }
    let (.., after) = month_day(&joined)?;
    let day = joined.strip_suffix(after)?;
    let clock = after.trim_start_matches([',', ' ']);
    let clock = clock.strip_prefix("at ").unwrap_or(clock);
    is_time(clock, false).then(|| format!("{clock} ({day})"))
}

/// Returns the time of `Posted Mar 4, 2025 - 14:05 UTC`, also with the age that a browser copies: `Posted 2 years ago. …`.
fn posted(line: &str) -> Option<&str> {
    let mut starts = ["Posted at ", "Posted "].iter();
    let posted = starts.find_map(|start| line.strip_prefix(start))?;
    let aged = posted.split_once(" ago. ");
    let is_age = |age: &str| age.split(' ').count() < 4;
    Some(
        aged.filter(|(age, _)| is_age(age))
            .map_or(posted, |(_, rest)| rest),
    )
}

/// Returns `true` for the line with the time of an update.
pub(in crate::import) fn is_time_of_update(line: &str) -> bool {
    posted(line.trim()).is_some() && time(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(text: &str) -> Vec<(usize, String)> {
        let lines = text.split('\n').enumerate();
        let lines = lines.map(|(index, line)| (index + 1, line.to_owned()));
        in_order(lines.collect(), &Config::default())
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
        let is_timeline = |line: &&(usize, String)| is_timeline(&line.1, &Config::default());
        assert_eq!(lines.iter().filter(is_timeline).count(), 1, "{text}");
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
    fn updates_may_be_items_and_in_their_order() {
        check(
            "# Slow\n\n## Parts\n\nAPI\n\n## Updates\n\n1. **identified** Mar 4, 2025, 01:20 PM UTC\n\n   A disk is full.\n\n2. **resolved** Mar 4, 2025, 02:05 PM UTC\n\n   It is over.",
            &[
                (
                    9,
                    "- Mar 4, 2025, 01:20 PM UTC - identified: A disk is full.",
                ),
                (13, "- Mar 4, 2025, 02:05 PM UTC - resolved: It is over."),
            ],
        );
        check(
            "# Slow\n\n**Update**\n\nUpdate: It works.\n\nPosted Mar 4, 2025 - 14:05 UTC\n\n**Identified**\n\nA disk.\n\nPosted Mar 4, 2025 - 13:05 UTC",
            &[
                (9, "- Mar 4, 2025 13:05 UTC - Identified: A disk."),
                (3, "- Mar 4, 2025 14:05 UTC - Update: Update: It works."),
            ],
        );
        check(
            "# Slow\n\n**Monitoring**\n\nIt works.\n\nPosted 2 years ago. Mar 4, 2025 - 14:05 UTC",
            &[(3, "- Mar 4, 2025 14:05 UTC - Monitoring: It works.")],
        );
    }

    #[test]
    fn a_postmortem_is_the_report_and_its_rows_are_of_the_same_timeline() {
        let text = "# Slow\n\n**Postmortem**\n\nA disk was full:\n\n- 13:10 UTC: Alert fired\n- 13:20 UTC: Disk replaced\n\nPosted Mar 9, 2025 - 10:00 UTC\n\n**Resolved**\n\nIt is over.\n\nPosted Mar 4, 2025 - 14:05 UTC";
        let lines: Vec<String> = ordered(text).into_iter().map(|(_, line)| line).collect();
        let expected = "# Slow\n\n\n\n## Summary\n\nA disk was full:\n\n\n## Timeline\n\n- 13:10 UTC: Alert fired\n- 13:20 UTC: Disk replaced\n\nPosted Mar 9, 2025 - 10:00 UTC\n\n- Mar 4, 2025 14:05 UTC - Resolved: It is over.\n";
        assert_eq!(lines.join("\n"), expected);
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
