//! Writes the files of the Statuspage v2 API below `api/v2/`, and a badge with the current state.
//!
//! They contain the same incidents as `status.json`. The state is that of the index. A component is one that a public
//! incident names; without an open incident it is `operational`, because nothing else is recorded.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Serialize;

use super::{Component, ListedIncident, Page, PublishedIncident, Status, degree};
use crate::config::Config;
use crate::incident::Stage;
use crate::publish::entry::push_xml;
use crate::publish::{FileSink, PublishError, json, made};
use crate::view::external::index::ExternalIndexView;

/// The states of components in the words of status pages, from the least severe.
const COMPONENT_STATES: &[&str] = &[
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
];

/// The width of a character of the badge in pixels.
const CHARACTER: usize = 7;

/// The current state.
#[derive(Clone, Copy, Serialize)]
struct State<'a> {
    indicator: &'static str,
    description: &'a str,
}

/// A file of the API: the page, and some lists.
#[derive(Serialize)]
struct Answer<'a> {
    page: &'a Page<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<State<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<Component<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    incidents: Option<Vec<&'a ListedIncident<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduled_maintenances: Option<Vec<&'a ListedIncident<'a>>>,
}

/// Writes the files of the API and the badge.
pub(in crate::publish) fn files(
    status: &Status,
    published: &[PublishedIncident],
    index: &ExternalIndexView,
    config: &Config,
    put: FileSink,
) -> Result<(), PublishError> {
    let empty = || Answer {
        page: &status.page,
        status: None,
        components: None,
        incidents: None,
        scheduled_maintenances: None,
    };
    let state = || {
        Some(State {
            indicator: indicator(index),
            description: &index.state,
        })
    };
    let components = || Some(components(published, config));
    let unresolved = status.incidents.iter();
    let unresolved = unresolved.filter(|one| one.stage < Stage::Resolved);
    let unresolved: Vec<&ListedIncident> = unresolved.collect();
    let maintenances = |wanted: RangeInclusive<Stage>| {
        let all = status.scheduled_maintenances.iter();
        Some(all.filter(|one| wanted.contains(&one.stage)).collect())
    };
    let (upcoming, active) = (
        Stage::Planned..=Stage::Planned,
        Stage::Investigating..=Stage::Monitoring,
    );
    let answers = [
        (
            "summary",
            Answer {
                status: state(),
                components: components(),
                incidents: Some(unresolved.clone()),
                scheduled_maintenances: maintenances(Stage::Planned..=Stage::Monitoring),
                ..empty()
            },
        ),
        (
            "status",
            Answer {
                status: state(),
                ..empty()
            },
        ),
        (
            "components",
            Answer {
                components: components(),
                ..empty()
            },
        ),
        (
            "incidents",
            Answer {
                incidents: Some(status.incidents.iter().collect()),
                ..empty()
            },
        ),
        (
            "incidents/unresolved",
            Answer {
                incidents: Some(unresolved),
                ..empty()
            },
        ),
        (
            "scheduled-maintenances",
            Answer {
                scheduled_maintenances: Some(status.scheduled_maintenances.iter().collect()),
                ..empty()
            },
        ),
        (
            "scheduled-maintenances/upcoming",
            Answer {
                scheduled_maintenances: maintenances(upcoming),
                ..empty()
            },
        ),
        (
            "scheduled-maintenances/active",
            Answer {
                scheduled_maintenances: maintenances(active),
                ..empty()
            },
        ),
    ];
    for (path, answer) in answers {
        put(&json(format!("api/v2/{path}.json"), &answer)?)?;
    }
    put(&made(
        "badge.svg",
        badge(&index.state, index.open.is_empty()),
    ))
}

/// Returns the degree of impact of the most severe open incident.
fn indicator(index: &ExternalIndexView) -> &'static str {
    let ranks = index.open.iter().map(|row| row.severity_rank);
    let highest = ranks.min_by_key(|rank| rank.unwrap_or(usize::MAX));
    highest.map_or("none", degree)
}

/// Returns the components that incidents name, each with the most severe state that one gives it.
fn components<'a>(published: &[PublishedIncident<'a>], config: &Config) -> Vec<Component<'a>> {
    let mut worst: BTreeMap<&str, usize> = BTreeMap::new();
    for one in published.iter().filter(|one| one.is_listed()) {
        let state = one.component_status(one.stage(), config);
        let rank = COMPONENT_STATES.iter().position(|known| *known == state);
        for name in &one.summary.components {
            let known = worst.entry(name).or_default();
            *known = rank.unwrap_or_default().max(*known);
        }
    }
    let component = |(name, rank): (&'a str, usize)| {
        let state = COMPONENT_STATES.get(rank).copied().unwrap_or_default();
        Component::new(name, state, config)
    };
    worst.into_iter().map(component).collect()
}

/// Draws the state as an image for other sites.
fn badge(state: &str, is_calm: bool) -> String {
    let width = state.chars().count() * CHARACTER + 32;
    let fill = if is_calm { "#1c6b3c" } else { "#a83f0b" };
    let mut text = String::new();
    push_xml(state, &mut text);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"24\" role=\"img\" aria-label=\"{text}\">\
         <rect width=\"{width}\" height=\"24\" rx=\"4\" fill=\"{fill}\"/>\
         <circle cx=\"13\" cy=\"12\" r=\"4\" fill=\"#fff\"/>\
         <text x=\"24\" y=\"16.5\" fill=\"#fff\" font-family=\"sans-serif\" font-size=\"13\">{text}</text></svg>\n"
    )
}
