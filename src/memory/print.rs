//! Prints the memory entry of an incident, for the audience `internal`.
//!
//! Times are in the time zone of the timeline, so that they can be imported again. Prose is
//! printed as written, except that lines that look like memory syntax are escaped.

use super::incident::next_date;
use super::ledger::Row;
use super::read::{fence, title};
use super::{ARCHIVED_TO, EntryForm};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Endpoint, Facts, Totals, Window, between, separated};
use crate::incident::{CauseStatus, Progress, RootCause};
use crate::moment::{Calendar, Moment, Precision, Zone};

mod queries;

pub(super) use queries::{BELOW, LABEL, NO_FINDING, finding};

/// Returns the non-empty sections of an incident's entry, in order.
#[must_use]
pub fn sections(record: &Record, config: &Config, row: &Row) -> Vec<(&'static str, String)> {
    let incident = &record.incident;
    // An entry must have text, so the title replaces a missing summary.
    let summary = prose(incident.summary.as_deref().unwrap_or(&incident.title));
    let sections = match row.form {
        EntryForm::Archived => Vec::new(),
        EntryForm::Summarized => vec![
            ("Summary", summary),
            (
                "Key Learning",
                prose(&learning(record, row).unwrap_or_default()),
            ),
            (
                "Full Details",
                format!("See {ARCHIVED_TO}#M-{}", &*row.written_at),
            ),
        ],
        EntryForm::Full => {
            let cause = incident.root_cause.as_ref();
            let lessons = incident.lessons.iter();
            let learnings = lessons.flat_map(|lessons| &lessons.learnings);
            vec![
                ("Summary", summary),
                ("Impact", impact(record, config)),
                ("Timeline", timeline(record)),
                ("Root Cause", cause.map(root_cause).unwrap_or_default()),
                ("Key Queries", queries::print(record)),
                ("Learnings", list(learnings.map(|learning| prose(learning)))),
                ("Action Items", list(actions(record))),
            ]
        }
    };
    let sections = sections.into_iter();
    sections.filter(|(_, text)| !text.is_empty()).collect()
}

/// Returns the key learning: that of `memory.toml`, or else the incident's first learning.
#[must_use]
pub fn learning(record: &Record, row: &Row) -> Option<String> {
    let kept = row.key_learning.as_deref();
    let lessons = record.incident.lessons.as_ref();
    let first = lessons.and_then(|lessons| lessons.learnings.first());
    kept.or_else(|| first.map(|learning| &**learning))
        .map(str::to_owned)
}

/// Prints the entry of an incident.
#[must_use]
pub fn entry(record: &Record, config: &Config, row: &Row) -> String {
    let mut lines = vec![header(row), String::new()];
    lines.push("- type: incident".to_owned());
    lines.push(format!("- tags: {}", tags(record).join(", ")));
    if let Some(status) = &row.status {
        lines.push(format!("- status: {status}"));
    }
    lines.push(format!("- used: {}", row.used));
    if let Some(day) = row.last_used {
        lines.push(format!("- last_used: {}", day.0));
    }
    lines.push(format!("- pinned: {}", row.pinned));
    lines.push(format!("- schema_version: {}", row.schema_version));
    lines.extend(row.unknown.iter().map(ToString::to_string));
    for (title, text) in sections(record, config, row) {
        lines.push(format!("\n{}", section(title, &text)));
    }
    lines.join("\n")
}

/// Prints the header of an entry.
pub(super) fn header(row: &Row) -> String {
    format!(
        "## M-{} {}{}",
        &*row.written_at,
        &*row.name,
        row.form.suffix()
    )
}

/// Prints one section.
pub(super) fn section(title: &str, text: &str) -> String {
    format!("**{title}**\n\n{text}")
}

/// The tag of an entry whose incident has neither tags nor services.
pub(super) const NO_TAG: &str = "incident";

/// Returns the tags of an incident, or else its services, or else the word `incident`.
///
/// The list is never empty: the format's own tools read an empty `tags:` line together with the
/// line below it.
pub(super) fn tags(record: &Record) -> Vec<&str> {
    let incident = &record.incident;
    let tags = [&incident.tags, &incident.services]
        .into_iter()
        .find(|list| !list.is_empty());
    match tags {
        Some(tags) => tags.iter().map(|tag| &**tag).collect(),
        None => vec![NO_TAG],
    }
}

fn impact(record: &Record, config: &Config) -> String {
    let facts = Facts::compute(record, config);
    let zone = record.time_defaults().zone;
    let mut lines = Vec::new();
    if let (Some(from), Some(to)) = (&facts.started, &facts.ended) {
        let (from, to) = (as_stated(record, from), as_stated(record, to));
        let length = between(&from, &to, zone);
        let time_of_day = |moment: &Moment| zone.wall_clock(moment.at).time();
        // Dates can be omitted if both times are on one day, or the second is after midnight.
        let days = (to.day(zone) - from.day(zone)).num_days();
        let omit_dates = days == i64::from(time_of_day(&to) < time_of_day(&from));
        let endpoint = |moment: &Moment| match moment.precision {
            _ if moment.latest.is_some() => moment.written(zone).to_string(),
            Precision::Day(day) => day.to_string(),
            _ if omit_dates && !zone.repeats(moment.at) => moment.clock_time(zone),
            _ => with_date(moment, &moment.clock_time(zone), zone),
        };
        let length = length.map(|length| format!(" ({})", length.short()));
        lines.push(format!(
            "- Duration: {} - {} {}{}",
            endpoint(&from),
            endpoint(&to),
            zone,
            length.unwrap_or_default()
        ));
    }
    let impact = record.incident.impact.as_ref();
    let summary = impact.and_then(|impact| impact.summary.as_deref());
    match (summary, users(&facts.totals)) {
        (Some(summary), Some(users)) => lines.push(format!("- Affected: {summary} ({users})")),
        (Some(only), None) => lines.push(format!("- Affected: {only}")),
        (None, Some(only)) => lines.push(format!("- Affected: {only}")),
        (None, None) => {}
    }
    let business = impact.and_then(|impact| impact.business.as_ref());
    if let Some(revenue) = business.and_then(|business| business.revenue.as_ref()) {
        lines.push(format!("- Revenue impact: {revenue}"));
    }
    let effects = impact.map_or(&[][..], |impact| &impact.effects);
    lines.extend(
        effects
            .iter()
            .map(|effect| format!("- {}: {}", effect.name, effect.text)),
    );
    // An import reads this line as an effect, so it is where the effects are.
    let windows = windows(record, &facts, zone);
    lines.extend(windows.map(|windows| format!("- Impact windows: {windows}")));
    lines.join("\n")
}

/// Returns a time with its date, and with its UTC offset if its local time occurs twice: `~2025-01-15 00:04`.
fn with_date(moment: &Moment, time: &str, zone: Zone) -> String {
    let about = if moment.about { "~" } else { "" };
    let (day, time) = (moment.day(zone), time.trim_start_matches('~'));
    if zone.repeats(moment.at) {
        format!("{about}{day} {time}{}", zone.offset(moment.at))
    } else {
        format!("{about}{day} {time}")
    }
}

/// Lists the impact windows with their total; `None` if the official times say the same or a window is not internal.
fn windows(record: &Record, facts: &Facts, zone: Zone) -> Option<String> {
    let is_visible = |end: &Endpoint| end.is_seen(record, Audience::Internal);
    let at = |end: Option<Endpoint>| end.map(|end| end.moment);
    let is_official = |window: &Window| {
        at(facts.started) == Some(window.from.moment) && at(facts.ended) == at(window.to)
    };
    if facts.windows.len() < 2 && facts.windows.iter().all(is_official) {
        return None;
    }
    let all = facts.windows.iter();
    let ends = all.flat_map(|window| [Some(window.from), window.to]);
    let ends: Vec<Endpoint> = ends.flatten().collect();
    let calendar = Calendar::from_times(zone, None, ends.iter().map(|end| end.moment));
    let span = |window: &Window| match window.to {
        Some(to) => calendar.span(&window.from.moment, &to.moment),
        None => format!("since {}", calendar.full(&window.from.moment)),
    };
    let spans: Vec<String> = facts.windows.iter().map(span).collect();
    let total = facts.impact().1;
    let total = total.map(|length| format!(" ({})", length.short()));
    let line = format!("{}{}", spans.join(", "), total.unwrap_or_default());
    ends.iter().all(is_visible).then_some(line)
}

/// Returns the time of a start or end without the event's `approx`.
///
/// An import sets `approx` because entries have no date. Only a `~` that was written in the
/// entry must be printed again.
fn as_stated(record: &Record, endpoint: &Endpoint) -> Moment {
    let event = endpoint
        .event
        .and_then(|index| record.timeline.events.get(index));
    Moment {
        about: event.map_or(endpoint.moment.about, |event| event.at.about),
        ..endpoint.moment
    }
}

fn users(totals: &Totals) -> Option<String> {
    let users = i64::try_from(totals.users?).ok()?;
    let sign = match (totals.at_least, totals.estimated) {
        (true, _) => "at least ",
        (false, true) => "~",
        (false, false) => "",
    };
    Some(format!("{sign}{} users", separated(users)))
}

fn timeline(record: &Record) -> String {
    let zone = record.time_defaults().zone;
    let events = record.timeline.events.iter();
    let visible = events
        .filter(|event| !event.hidden && Audience::Internal.may_read(record.event_audience(event)));
    // `record.moment` ignores the event's `approx`, as `as_stated` does.
    let timed = visible.filter_map(|event| Some((record.moment(&event.at)?, event)));
    let mut timed: Vec<_> = timed.collect();
    timed.sort_by_key(|(moment, _)| moment.order());
    let mut previous = None;
    let lines = timed.iter().map(|(moment, event)| {
        let day = moment.day(zone);
        let time = moment.short_time(zone);
        let time_of_day = zone.wall_clock(moment.at).time();
        let implied = previous.map_or(day, |(day, time)| next_date(day, time, time_of_day));
        previous = Some((day, time_of_day));
        let time = match moment.precision {
            _ if moment.latest.is_some() => moment.written(zone).to_string(),
            Precision::Day(_) => day.to_string(),
            _ if implied == day && !zone.repeats(moment.at) => time,
            _ => with_date(moment, &time, zone),
        };
        let body = event
            .body
            .as_deref()
            .map(|body| format!("\n{}", prose(body)));
        let body = body.unwrap_or_default().replace('\n', "\n  ");
        format!("- {time} - {}{body}", event.text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The text before the problem in a root cause.
pub(super) const PROBLEM: &str = "Problem: ";
/// The line before the contributing factors in a root cause.
pub(super) const FACTORS: &str = "Contributing factors:";

/// Prints the primary cause, how it led to the impact, and what contributed to it.
fn root_cause(cause: &RootCause) -> String {
    // A guess must not read as a finding.
    let primary = cause.primary.as_deref().map(|primary| match cause.status {
        CauseStatus::Confirmed => cause_text(primary),
        status => format!("{}: {}", status.label(), cause_text(primary)),
    });
    let problem = cause.problem.as_deref();
    let problem = problem.map(|problem| format!("{PROBLEM}{}", cause_text(problem)));
    let factors = list(
        cause
            .contributing_factors
            .iter()
            .map(|factor| prose(factor)),
    );
    let factors = (!factors.is_empty()).then(|| format!("{FACTORS}\n\n{factors}"));
    let parts: Vec<String> = [primary, problem, factors].into_iter().flatten().collect();
    parts.join("\n\n")
}

/// Prints a text of a root cause, in which a paragraph that starts like one of its parts is escaped.
fn cause_text(text: &str) -> String {
    let guesses = [CauseStatus::Suspected, CauseStatus::Unknown];
    let guesses = guesses.map(CauseStatus::label);
    let labels = [PROBLEM, FACTORS].map(|label| label.trim_end_matches([':', ' ']));
    let escaped = |line: &str| {
        let mut labels = guesses.iter().chain(&labels);
        labels.find_map(|label| {
            let rest = line.strip_prefix(label)?.strip_prefix(':')?;
            Some(format!("{label}\\:{rest}"))
        })
    };
    let lines = prose(text);
    let mut after_blank = true;
    let lines = lines.split('\n').map(|line| {
        let starts = std::mem::replace(&mut after_blank, line.trim().is_empty());
        let escaped = starts.then(|| escaped(line)).flatten();
        escaped.unwrap_or_else(|| line.to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Prints the action items, without cancelled ones.
fn actions(record: &Record) -> impl Iterator<Item = String> {
    record.incident.action_items.iter().filter_map(|item| {
        let checkbox = match item.status {
            Some(Progress::Cancelled) => return None,
            Some(Progress::Done) => "x",
            _ => " ",
        };
        Some(format!("[{checkbox}] {}", item.action))
    })
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items
        .map(|item| format!("- {}", item.replace('\n', "\n  ")))
        .collect();
    items.join("\n")
}

/// Prints prose, escaping lines that look like a header, a title or a comment of the file.
fn prose(text: &str) -> String {
    let mut open: Option<String> = None;
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let bare = line.trim();
        let closes = |fence: &String| {
            bare.starts_with(fence.as_str()) && bare.trim_start_matches(['`', '~']).is_empty()
        };
        match &open {
            Some(fence) if closes(fence) => open = None,
            Some(_) => {}
            None => open = fence(bare),
        }
        let is_syntax =
            line.starts_with(['#']) || line.starts_with("<!--") || title(line).is_some();
        let escape = if open.is_none() && is_syntax {
            "\\"
        } else {
            ""
        };
        lines.push(format!("{escape}{line}"));
    }
    lines.extend(open);
    lines.join("\n")
}
