//! Public messages in, `status.json` out, in the shape of the Statuspage v2 feed of incidents.
//!
//! Programs that watch status pages read it as they read others. It is made from
//! public messages about public incidents alone, and valid when there are none.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::entry::{Entry, address, stamp};
use crate::config::Config;
use crate::facts::{PublicMessage, Summary};
use crate::incident::{Kind, Stage};
use crate::view::{label, report};

/// How many of the latest incidents are told, as status pages do.
const LATEST: usize = 50;

/// An incident with its id outside, and its public messages, the latest first.
pub(super) struct PublishedIncident<'a> {
    pub id: &'a str,
    pub summary: &'a Summary,
    messages: Vec<(DateTime<Utc>, &'a PublicMessage)>,
}

/// Lists the incidents that have public messages, the latest message first.
pub(super) fn told<'a>(shown: &[(&'a str, &'a Summary)]) -> Vec<PublishedIncident<'a>> {
    let mut told: Vec<PublishedIncident> = shown
        .iter()
        .filter(|(_, summary)| summary.kind != Kind::Maintenance)
        .map(|(id, summary)| {
            let dated = summary.public_messages.iter();
            let mut messages: Vec<_> = dated
                .filter(|message| message.stage != Stage::Planned)
                .filter_map(|message| Some((message.sent?.at, message)))
                .collect();
            messages.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            PublishedIncident {
                id,
                summary,
                messages,
            }
        })
        .filter(|told| !told.messages.is_empty())
        .collect();
    told.sort_by_key(|told| std::cmp::Reverse((told.updated(), told.id)));
    told.truncate(LATEST);
    told
}

impl PublishedIncident<'_> {
    fn updated(&self) -> Option<DateTime<Utc>> {
        self.messages.first().map(|(at, _)| *at)
    }

    fn first(&self, stage: Stage) -> Option<String> {
        let mut of_stage = self.messages.iter().rev();
        let found = of_stage.find(|(_, message)| message.stage == stage);
        found.map(|(at, _)| stamp(*at))
    }

    fn title(&self) -> &str {
        self.summary.title_outside().unwrap_or(self.id)
    }

    fn path(&self) -> String {
        format!("incidents/{}.html", self.id)
    }
}

/// Lists the messages as entries of a feed, the latest first.
pub(super) fn entries(told: &[PublishedIncident]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for one in told {
        let count = one.messages.len();
        for (place, (at, message)) in one.messages.iter().enumerate() {
            let stage = label::stage(message.stage).1;
            let subject = message.subject.as_deref().unwrap_or(one.title());
            entries.push(Entry {
                id: format!("{}/messages/{}", one.id, count - place),
                title: if subject.to_lowercase().starts_with(&stage.to_lowercase()) {
                    subject.to_owned()
                } else {
                    format!("{stage}: {subject}")
                },
                path: one.path(),
                day: None,
                updated: Some(*at),
                summary: message.body.trim_end().to_owned(),
            });
        }
    }
    entries.sort_by(|left, right| (right.updated, &right.id).cmp(&(left.updated, &left.id)));
    entries
}

#[derive(Serialize)]
struct Page<'a> {
    id: String,
    name: &'a str,
    url: &'a str,
    time_zone: &'static str,
    updated_at: String,
}

#[derive(Serialize)]
struct Status<'a> {
    page: Page<'a>,
    incidents: Vec<Incident<'a>>,
}

#[derive(Serialize)]
struct Incident<'a> {
    id: &'a str,
    name: &'a str,
    status: &'static str,
    created_at: Option<String>,
    updated_at: Option<String>,
    monitoring_at: Option<String>,
    resolved_at: Option<String>,
    impact: &'static str,
    shortlink: String,
    started_at: Option<String>,
    page_id: String,
    incident_updates: Vec<Update<'a>>,
    components: [&'static str; 0],
}

#[derive(Serialize)]
struct Update<'a> {
    id: String,
    status: &'static str,
    body: &'a str,
    incident_id: &'a str,
    created_at: String,
    updated_at: String,
    display_at: String,
    affected_components: [&'static str; 0],
}

/// Makes the feed as a value that can be printed.
pub(super) fn status<'a>(
    told: &'a [PublishedIncident],
    config: &'a Config,
    base_url: Option<&'a str>,
) -> impl Serialize {
    let page_id = crate::view::anchor_slug(config.title());
    let updated = told.iter().filter_map(PublishedIncident::updated).max();
    Status {
        page: Page {
            id: page_id.clone(),
            name: config.title(),
            url: base_url.unwrap_or_default(),
            time_zone: "Etc/UTC",
            updated_at: stamp(updated.unwrap_or(DateTime::UNIX_EPOCH)),
        },
        incidents: told
            .iter()
            .map(|one| incident(one, config, base_url, &page_id))
            .collect(),
    }
}

fn incident<'a>(
    one: &'a PublishedIncident,
    config: &Config,
    base_url: Option<&str>,
    page_id: &str,
) -> Incident<'a> {
    let count = one.messages.len();
    let severity = one.summary.severity.as_deref();
    let updates = one
        .messages
        .iter()
        .enumerate()
        .map(|(place, (at, message))| {
            let at = stamp(*at);
            Update {
                id: format!("{}-{}", one.id, count - place),
                status: word(message.stage),
                body: message.body.trim_end(),
                incident_id: one.id,
                created_at: at.clone(),
                updated_at: at.clone(),
                display_at: at,
                affected_components: [],
            }
        });
    Incident {
        id: one.id,
        name: one.title(),
        status: one
            .messages
            .first()
            .map_or("investigating", |(_, message)| word(message.stage)),
        created_at: one.messages.last().map(|(at, _)| stamp(*at)),
        updated_at: one.updated().map(stamp),
        monitoring_at: one.first(Stage::Monitoring),
        resolved_at: one.first(Stage::Resolved),
        impact: match report::severity_rank(config, severity) {
            Some(0) => "critical",
            Some(1) => "major",
            Some(2) => "minor",
            _ => "none",
        },
        shortlink: address(base_url, &one.path()),
        started_at: one.summary.started.map(|moment| stamp(moment.at)),
        page_id: page_id.to_owned(),
        incident_updates: updates.collect(),
        components: [],
    }
}

/// Gives the word that status pages use.
fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Planned | Stage::Investigating => "investigating",
        Stage::Identified => "identified",
        Stage::Monitoring => "monitoring",
        Stage::Resolved | Stage::Closed => "resolved",
        Stage::Postmortem => "postmortem",
    }
}
