//! The severity of an incident over time.

use serde::Serialize;

use super::{MomentView, NOT_RECORDED, Reader, Word};
use crate::archive::SeverityChange;
use crate::config::Config;

/// A severity that an incident had from a time on.
#[derive(Debug, Clone, Serialize)]
pub struct SeverityView<'a> {
    /// The severity: `P1 (High)`.
    pub severity: Word<'a>,
    /// The time from which it holds; `None` for the one at the start, or if the reader does not see its event.
    pub from: Option<MomentView>,
}

impl<'a> Word<'a> {
    pub(super) fn severity(config: &Config, key: &'a str) -> Self {
        Self::new(key, config.severity_text(key))
    }
}

/// Returns the severities of an incident in order of time, and the text that names them all:
/// `P1 (High; P3 until 03:05)`. A remark comes last.
pub(super) fn over_time<'a>(
    reader: &Reader<'a>,
    config: &Config,
) -> (Vec<SeverityView<'a>>, Option<String>) {
    let mut changes = reader.record.severities();
    changes.dedup_by_key(|change| change.severity);
    let Some(peak) = reader.record.peak(config) else {
        let note = reader.record.incident.severity_note.as_deref();
        return (
            Vec::new(),
            note.map(|note| format!("{NOT_RECORDED} ({note})")),
        );
    };
    if reader.audience.is_external() {
        changes.retain(|change| change.severity == peak.severity);
        changes.dedup_by_key(|change| change.severity);
    }
    let text = text(reader, config, &changes, peak.severity);
    let view = |change: &SeverityChange<'a>| SeverityView {
        severity: Word::severity(config, change.severity),
        from: seen(reader, change),
    };
    (changes.iter().map(view).collect(), Some(text))
}

/// Returns the time of a change; `None` at the start, or if the reader does not see the event.
fn seen(reader: &Reader, change: &SeverityChange) -> Option<MomentView> {
    let (index, moment) = change.event?;
    let event = reader.record.timeline.events.get(index)?;
    let is_shown = reader.record.shows(event, reader.audience);
    is_shown.then(|| reader.calendar.moment(moment))
}

fn text(reader: &Reader, config: &Config, changes: &[SeverityChange], peak: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut is_reached = false;
    for (index, change) in changes.iter().enumerate() {
        let key = change.severity;
        if is_reached {
            parts.push(match time(reader, change) {
                Some(time) => format!("{key} from {time}"),
                None => format!("{key} later"),
            });
        } else if key == peak {
            is_reached = true;
        } else {
            let next = changes.get(index + 1).and_then(|next| time(reader, next));
            parts.push(match next {
                Some(time) => format!("{key} until {time}"),
                None => format!("{key} earlier"),
            });
        }
    }
    parts = parts
        .into_iter()
        .reduce(|all, part| all + ", " + &part)
        .into_iter()
        .collect();
    parts.extend(
        reader
            .record
            .incident
            .severity_note
            .as_deref()
            .map(str::to_owned),
    );
    let text = config.severity_text(peak);
    match text.strip_suffix(')') {
        _ if parts.is_empty() => text,
        Some(labelled) => format!("{labelled}; {})", parts.join("; ")),
        None => format!("{text} ({})", parts.join("; ")),
    }
}

/// Prints the time of a change, with the date if it is not that of the start.
fn time(reader: &Reader, change: &SeverityChange) -> Option<String> {
    let (_, moment) = change.event?;
    seen(reader, change)?;
    Some(reader.calendar.dated(&moment))
}

#[cfg(test)]
mod tests;
