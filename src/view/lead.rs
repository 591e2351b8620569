//! The first sentence of a report: type of impact, duration, who was affected, and data loss or exposure.

use super::window::{self, WindowsView};
use super::{Reader, impact, label};
use crate::facts::{Facts, State, capitalized};
use crate::incident::{Exposure, Impact, ImpactLevel, Status};

/// Summarizes the recorded facts of an incident in one sentence, or returns `None` if there are none.
pub(super) fn compose(impact: Option<&Impact>, facts: &Facts, reader: &Reader) -> Option<String> {
    let &Reader {
        record,
        audience,
        ref calendar,
        ..
    } = reader;
    let windows = WindowsView::new(record, facts, calendar, audience);
    let impact_parts = [
        length(facts, reader),
        windows.map(|windows| windows.described()),
        affected(impact, facts),
    ];
    let impact_parts: Vec<String> = impact_parts.into_iter().flatten().collect();
    let data = data(impact);
    let harm = impact.and_then(|impact| impact.harm.as_deref());
    // The sentence is plain text, so one with markup is left to its section.
    let harm = harm.filter(|harm| !harm.contains(['`', '*', '_', '[', '<', '\\', '&']));
    let harm = harm.map(|harm| harm.trim_end_matches('.'));
    let impact_parts = match (harm, impact_parts.join(", ")) {
        (Some(harm), parts) if parts.is_empty() => harm.to_owned(),
        (Some(harm), parts) => format!("{harm}: {parts}"),
        (None, parts) => parts,
    };
    let parts = [impact_parts, data.join(", ")];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", capitalized(&parts.join("; "))))
}

fn length(facts: &Facts, reader: &Reader) -> Option<String> {
    let calendar = &reader.calendar;
    let duration = facts.response_metric("duration")?;
    match (duration.state, duration.length) {
        (State::Recorded, Some(length)) => Some(length.to_string() + &window::reopened(facts)),
        (State::Pending, _) => {
            let start = facts.started?.moment;
            Some(match (facts.status, facts.ended) {
                (Status::Planned, end) => {
                    let end = end.map(|end| end.moment);
                    format!("scheduled for {}", calendar.coarse_span(&start, end))
                }
                _ => format!(
                    "ongoing since {}{}",
                    calendar.full(&start),
                    planned_end(facts, reader)
                ),
            })
        }
        _ => None,
    }
}

/// Returns when work in progress is planned to end, after a comma.
fn planned_end(facts: &Facts, reader: &Reader) -> String {
    let scheduled = window::scheduled(reader.record, facts, reader.audience);
    let until = scheduled.and_then(|(_, until)| until);
    until.map_or_else(String::new, |until| {
        format!(
            ", planned until {}",
            reader.calendar.coarse_span(&until, None)
        )
    })
}

fn affected(impact: Option<&Impact>, facts: &Facts) -> Option<String> {
    let level = impact.and_then(|impact| impact.level);
    let users = impact::users(&facts.totals);
    let accounts = impact::accounts(&facts.totals);
    let who = match (users, accounts) {
        (Some(users), Some(accounts)) => Some(format!("{users} across {accounts}")),
        (users, accounts) => users.or(accounts),
    };
    match (level, who) {
        (Some(ImpactLevel::None), None) => Some("no customer impact".to_owned()),
        (Some(level), who) => {
            let level = level.as_str();
            let level = if level == "none" { "no" } else { level };
            Some(match who {
                Some(who) => format!("{level} impact for {who}"),
                None => format!("{level} impact"),
            })
        }
        (None, who) => who.map(|who| format!("{who} affected")),
    }
}

/// Returns the labels of data loss and data exposure, without "no data exposure".
fn data(impact: Option<&Impact>) -> Vec<String> {
    let loss = impact
        .and_then(|impact| impact.data_loss)
        .map(|loss| label::loss(loss).to_lowercase());
    let exposure = impact
        .and_then(|impact| impact.data_exposure)
        .filter(|exposure| *exposure != Exposure::None)
        .map(|exposure| label::exposure(exposure).to_lowercase());
    loss.into_iter().chain(exposure).collect()
}
