//! The first sentence of a report: how long, how bad, for whom, and what of the data.

use super::{impact, label};
use crate::facts::{Facts, State};
use crate::incident::{Exposure, Impact, ImpactLevel, Status};
use crate::moment::Calendar;

/// Says in one sentence what is recorded of an incident; nothing where that is nothing.
pub(super) fn compose(
    impact: Option<&Impact>,
    facts: &Facts,
    calendar: &Calendar,
) -> Option<String> {
    let harm = [length(facts, calendar), windows(facts), harm(impact, facts)];
    let harm: Vec<String> = harm.into_iter().flatten().collect();
    let data = data(impact);
    let parts = [harm.join(", "), data.join(", ")];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", label::capitalized(&parts.join("; "))))
}

fn length(facts: &Facts, calendar: &Calendar) -> Option<String> {
    let duration = facts.response_metric("duration")?;
    match (duration.state, duration.length) {
        (State::Recorded, Some(length)) => Some(length.to_string()),
        (State::Pending, _) => {
            let start = calendar.full(&facts.started?.moment);
            Some(match facts.status {
                Status::Planned => format!("planned for {start}"),
                _ => format!("ongoing since {start}"),
            })
        }
        _ => None,
    }
}

/// Says how long users were affected, where that is not one span: `45 minutes of impact in 3 windows`.
pub(super) fn windows(facts: &Facts) -> Option<String> {
    let count = facts.windows.len();
    let (state, length) = facts.impact();
    (count > 1).then(|| match (length, state) {
        (Some(length), _) => format!("{length} of impact in {count} windows"),
        (None, State::Pending) => format!("{count} windows of impact so far"),
        (None, _) => format!("{count} windows of impact"),
    })
}

fn harm(impact: Option<&Impact>, facts: &Facts) -> Option<String> {
    let level = impact.and_then(|impact| impact.level);
    let users = impact::users(&facts.totals);
    let accounts = impact::accounts(&facts.totals);
    let whom = match (users, accounts) {
        (Some(users), Some(accounts)) => Some(format!("{users} of {accounts}")),
        (users, accounts) => users.or(accounts),
    };
    match (level, whom) {
        (Some(ImpactLevel::None), None) => Some("no customer impact".to_owned()),
        (Some(level), whom) => {
            let level = label::impact_level(level).0;
            let level = if level == "none" { "no" } else { level };
            Some(match whom {
                Some(whom) => format!("{level} impact for {whom}"),
                None => format!("{level} impact"),
            })
        }
        (None, whom) => whom.map(|whom| format!("{whom} affected")),
    }
}

/// Lists what is recorded of lost and exposed data; that none was exposed goes without saying.
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
