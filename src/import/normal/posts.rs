//! Writes posts with a time of day alone in its line as the rows of a timeline, the oldest first.

use std::ops::Range;

use chrono::NaiveTime;

use super::{Line, code_lines, entry_time, is_timeline, timeline_heading};
use crate::config::Config;
use crate::import::vocabulary::WORDS;

/// Writes the posts of the first part that has several as a timeline.
///
/// A part that ends with a time has the times below the posts. Where the first of these starts is not known, so it
/// stays in the text.
pub(super) fn in_rows(lines: Vec<Line>, config: &Config) -> Vec<Line> {
    let Some((posts, end)) = parts(&lines, config).find_map(|part| {
        let end = part.end;
        Some((posts(&lines, part)?, end))
    }) else {
        return lines;
    };
    let start = posts.first().map_or(end, |post| post.start);
    let number = lines.get(start).map_or(1, |(number, _)| *number);
    let mut out: Vec<Line> = lines.get(..start).unwrap_or_default().to_vec();
    out.extend(timeline_heading(number));
    let is_newest_first = posts.first().map(|post| post.at) > posts.last().map(|post| post.at);
    let mut rows: Vec<Vec<Line>> = { posts.iter() }.map(|post| post.row(&lines)).collect();
    if is_newest_first {
        rows.reverse();
    }
    out.extend(rows.into_iter().flatten());
    out.extend(lines.into_iter().skip(end));
    out
}

/// A post with its time.
struct Post {
    at: NaiveTime,
    /// The time as written.
    time: String,
    /// The index of its first line, which may be its time.
    start: usize,
    /// The indexes of the lines of its text.
    text: Range<usize>,
}

impl Post {
    /// Returns the post as an item of a list.
    fn row(&self, lines: &[Line]) -> Vec<Line> {
        let text = lines.get(self.text.clone()).unwrap_or_default();
        let lines = text.iter().enumerate().map(|(index, (number, line))| {
            let line = match index {
                0 => format!("- {} - {}", self.time, line.trim()),
                _ => format!("  {line}").trim_end().to_owned(),
            };
            (*number, line)
        });
        let end = text.last().map(|(number, _)| (*number, String::new()));
        lines.chain(end).collect()
    }
}

/// Returns the lines below each heading that is not that of a timeline, and those above the first one.
fn parts<'l>(lines: &'l [Line], config: &'l Config) -> impl Iterator<Item = Range<usize>> + 'l {
    let is_heading =
        |index: &usize| { lines.get(*index) }.is_some_and(|line| line.1.starts_with('#'));
    let ends: Vec<usize> = (0..lines.len())
        .filter(is_heading)
        .chain([lines.len()])
        .collect();
    let starts = [0]
        .into_iter()
        .chain(ends.clone().into_iter().map(|end| end + 1));
    let parts: Vec<Range<usize>> = starts.zip(ends).map(|(start, end)| start..end).collect();
    parts.into_iter().filter(|part| {
        let heading = part.start.checked_sub(1).and_then(|at| lines.get(at));
        !heading.is_some_and(|(_, line)| is_timeline(line, config))
    })
}

/// Returns the posts of a part; `None` if it has fewer than two, or one without a text.
fn posts(lines: &[Line], part: Range<usize>) -> Option<Vec<Post>> {
    let code = code_lines(lines);
    let is_blank = |at: Option<usize>| {
        let line = at.and_then(|at| lines.get(at));
        line.is_none_or(|(_, line)| line.trim().is_empty() || line.starts_with('#'))
    };
    let times: Vec<(usize, NaiveTime, String)> = { part.clone() }
        .filter(|at| code.get(*at) == Some(&false))
        .filter(|at| is_blank(at.checked_sub(1)) && is_blank(Some(at + 1)))
        .filter_map(|at| {
            let (time, text) = time(&lines.get(at)?.1)?;
            Some((at, time, text.to_owned()))
        })
        .collect();
    let first = times.first().filter(|_| times.len() > 1)?.0;
    let last_text = part.clone().rev().find(|at| !is_blank(Some(*at)));
    let is_below = last_text == times.last().map(|(at, ..)| *at);
    let ends = times.iter().skip(1).map(|(at, ..)| *at).chain([part.end]);
    let starts = [first].into_iter().chain(times.iter().map(|(at, ..)| *at));
    let texts: Vec<Range<usize>> = if is_below {
        { starts.skip(1).zip(times.iter().skip(1)) }
            .map(|(start, (at, ..))| start + 1..*at)
            .collect()
    } else {
        { times.iter().zip(ends) }
            .map(|((at, ..), end)| at + 1..end)
            .collect()
    };
    let times = times.into_iter().skip(usize::from(is_below));
    { times.zip(texts) }
        .map(|((_, at, time), text)| {
            let start = text.clone().find(|at| !is_blank(Some(*at)))?;
            let end = text.clone().rev().find(|at| !is_blank(Some(*at)))? + 1;
            Some(Post {
                at,
                time,
                start: if is_below { start } else { text.start - 1 },
                text: start..end,
            })
        })
        .collect()
}

/// Parses a line that is nothing but a time of day: `5:26 PM PST`.
fn time(line: &str) -> Option<(NaiveTime, &str)> {
    let bare = line.trim();
    let mut notes = WORDS.time_notes.iter();
    let bare = notes
        .find_map(|note| bare.strip_suffix(note.as_str()))
        .unwrap_or(bare);
    let (written, _, rest) = entry_time::single_time(bare)?;
    let time = written.time.filter(|_| written.day.is_none())?;
    rest.trim().is_empty().then_some((time.at, bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> String {
        let lines = text.split('\n').enumerate();
        let lines = lines.map(|(index, line)| (index + 1, line.to_owned()));
        let lines = in_rows(lines.collect(), &Config::default());
        let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
        lines.join("\n")
    }

    #[test]
    fn posts_become_rows() {
        assert_eq!(
            rows(
                "# A\n\nIt is over.\n\n5:26 PM PST\n\nIt is better.\n\nWe\nwatch.\n\n12:13 PM PST・See in your timezone\n\nIt is bad.\n\n10:04 AM PST\n"
            ),
            "# A\n\nIt is over.\n\n5:26 PM PST\n\n\n## Timeline\n\n- 10:04 AM PST - It is bad.\n\n- 12:13 PM PST - It is better.\n\n  We\n  watch.\n",
        );
        assert_eq!(
            rows("# A\n\n11:25 PST\n\nAlert fired\n\n11:40 PST\n\nFixed\n\n## B"),
            "# A\n\n\n## Timeline\n\n- 11:25 PST - Alert fired\n\n- 11:40 PST - Fixed\n\n## B",
        );
    }

    #[test]
    fn other_times_stay_as_they_are() {
        for text in [
            "# A\n\nIt is over.\n\n5:26 PM PST\n",
            "# A\n\n## Timeline\n\n11:25\n\nAlert fired\n\n11:40\n\nFixed",
            "# A\n\n11:25\nAlert fired\n11:40\nFixed",
            "# A\n\n11:25\n\n11:40\n\nFixed",
        ] {
            assert_eq!(rows(text), text);
        }
    }
}
