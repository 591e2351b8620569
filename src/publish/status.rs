//! Writes public messages as `status.json`, in the format of the Statuspage v2 API.
//!
//! Programs that watch status pages can read it. It contains only public messages
//! about public incidents and maintenance, and is valid if there are none.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use super::entry::{Entry, address};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Bound, PublicMessage, Summary};
use crate::incident::{Kind, Stage, Status as IncidentStatus};
use crate::moment::Zone;
use crate::view::{anchor_slug, label};

mod api;

pub(super) use api::files;

/// The maximum number of incidents, and of maintenances, listed: the latest ones, as on status pages.
const LATEST: usize = 50;

/// An incident with its external ID and its public messages, latest first.
pub(super) struct PublishedIncident<'a> {
    pub id: &'a str,
    pub summary: &'a Summary,
    messages: Vec<(DateTime<Utc>, PublicMessage)>,
    /// Whether it is maintenance that has not started, on a date on which it may still take place.
    is_upcoming: bool,
}

/// Returns the records with public messages, and of the others the public incidents that are open and the maintenance that
/// is in progress or upcoming on a date, latest message first.
pub(super) fn published<'a>(
    shown: &[(&'a str, &'a Summary)],
    as_of: NaiveDate,
) -> Vec<PublishedIncident<'a>> {
    let mut published: Vec<PublishedIncident> = shown
        .iter()
        .map(|(id, summary)| {
            let dated = summary.texts().public_messages.into_iter();
            let is_maintenance = summary.kind == Kind::Maintenance;
            let mut messages: Vec<_> = dated
                .filter(|message| is_maintenance || message.stage != Stage::Planned)
                .filter_map(|message| Some((message.sent?.at, message)))
                .collect();
            messages.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
            PublishedIncident {
                id,
                summary,
                messages,
                is_upcoming: summary.audience == Audience::Public && summary.is_upcoming(as_of),
            }
        })
        // What is going on is a fact before anything was announced.
        .filter(|published| !published.messages.is_empty() || published.is_current())
        .collect();
    published.sort_by_key(|one| std::cmp::Reverse((one.updated().or(one.started()), one.id)));
    published
}

impl PublishedIncident<'_> {
    fn updated(&self) -> Option<DateTime<Utc>> {
        self.messages.first().map(|(at, _)| *at)
    }

    fn started(&self) -> Option<DateTime<Utc>> {
        self.summary.started.map(|moment| moment.at)
    }

    fn is_maintenance(&self) -> bool {
        self.summary.kind == Kind::Maintenance
    }

    /// Returns `true` if the index of the public site lists it as open, in progress or upcoming.
    fn is_current(&self) -> bool {
        let summary = self.summary;
        let is_going_on = summary.is_open_incident() || summary.is_running();
        self.is_upcoming || (summary.audience == Audience::Public && is_going_on)
    }

    /// Returns `true` for an incident or maintenance, as only they change the state of a component, unless the report that
    /// supersedes it says how it continues, because it did not end, or it is a plan of the past or was cancelled.
    fn is_listed(&self) -> bool {
        let is_usual = matches!(self.summary.kind, Kind::Incident | Kind::Maintenance);
        if !is_usual || self.summary.course.is_cancelled {
            return false;
        }
        if self.summary.course.status == IncidentStatus::Planned {
            // Nothing says what became of a plan whose time is over.
            return self.is_upcoming;
        }
        let has_ended = || self.summary.course.ended.is_some() || self.resolved().is_some();
        !self.summary.is_superseded || has_ended()
    }

    /// Returns the time of the last current message of a stage.
    fn last(&self, stage: Stage) -> Option<String> {
        let course = &self.summary.course;
        let mut of_stage = self.messages.iter().filter(|(_, message)| {
            message.stage == stage && course.is_current_in_public(stage, message.sent)
        });
        of_stage.next().map(|(at, _)| stamp(*at))
    }

    /// Returns the time at which the incident was finally resolved, or `None` while it is open: that of the message that
    /// said so, or else the official end.
    fn resolved(&self) -> Option<String> {
        if self.summary.course.status.is_open() {
            return None;
        }
        // An end before a message that said it was open again did not last for its readers.
        let course = &self.summary.course;
        let reopened = course.reopened_in_public.map(|at| at.order());
        let ended = || {
            let ended = course.ended?;
            let is_last = reopened.is_none_or(|at| ended.moment.order() >= at);
            is_last.then(|| self.end(ended.into()))
        };
        self.last(Stage::Resolved)
            .or_else(|| self.last(Stage::Closed))
            .or_else(ended)
    }

    /// Returns the time of an end, of a date without a time that of the end of its day.
    fn end(&self, bound: Bound) -> String {
        stamp(self.summary.end_of(&bound.moment))
    }

    /// Returns the incident's status as a message stage.
    fn stage(&self) -> Stage {
        let status = self.summary.course.status;
        let latest = self.messages.first().map(|(_, message)| message.stage);
        match latest {
            Some(Stage::Postmortem) if !status.is_open() => Stage::Postmortem,
            _ => status.into(),
        }
    }

    /// Returns the name of a stage on status pages.
    fn stage_name(&self, stage: Stage) -> &'static str {
        if self.is_maintenance() {
            return match stage {
                Stage::Planned => "scheduled",
                Stage::Investigating | Stage::Identified => "in_progress",
                Stage::Monitoring => "verifying",
                Stage::Resolved | Stage::Closed | Stage::Postmortem => "completed",
            };
        }
        match stage {
            Stage::Planned => Stage::Investigating.as_str(),
            Stage::Closed => Stage::Resolved.as_str(),
            stage => stage.as_str(),
        }
    }

    /// Returns the degree of impact in the words of status pages.
    fn impact(&self, config: &Config) -> &'static str {
        if self.is_maintenance() {
            return "maintenance";
        }
        degree(self.summary.severity_rank(config))
    }

    /// Returns the state of its components after a message of a stage.
    fn component_status(&self, stage: Stage, config: &Config) -> &'static str {
        match (stage, self.impact(config)) {
            (Stage::Resolved | Stage::Closed | Stage::Postmortem, _) => "operational",
            (Stage::Planned, "maintenance") => "operational",
            (_, "maintenance") => "under_maintenance",
            (_, "critical") => "major_outage",
            (_, "major") => "partial_outage",
            _ => "degraded_performance",
        }
    }

    fn components(&self, config: &Config) -> Vec<Component<'_>> {
        let status = self.component_status(self.stage(), config);
        let components = self.summary.components.iter();
        components
            .map(|name| Component::new(name, status, config))
            .collect()
    }

    /// Returns the components with their state before and after a message; `earlier` is the stage of the one before.
    fn affected(
        &self,
        stage: Stage,
        earlier: Option<Stage>,
        config: &Config,
    ) -> Vec<AffectedComponent<'_>> {
        let old_status =
            earlier.map_or("operational", |stage| self.component_status(stage, config));
        let components = self.summary.components.iter();
        components
            .map(|name| AffectedComponent {
                code: anchor_slug(name),
                name,
                old_status,
                new_status: self.component_status(stage, config),
            })
            .collect()
    }

    fn title(&self) -> &str {
        self.summary.public_title.as_deref().unwrap_or(self.id)
    }

    fn path(&self) -> String {
        format!("incidents/{}.html", self.id)
    }
}

/// Returns the messages as entries of a feed, latest first.
pub(super) fn entries(published: &[PublishedIncident]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for one in published {
        let count = one.messages.len();
        for (index, (at, message)) in one.messages.iter().enumerate() {
            let stage = label::stage(one.summary.kind, message.stage).1;
            let subject = message.subject.as_deref().unwrap_or(one.title());
            let title = if subject.to_lowercase().starts_with(&stage.to_lowercase()) {
                subject.to_owned()
            } else {
                format!("{stage}: {subject}")
            };
            entries.push(Entry {
                id: format!("{}/messages/{}", one.id, count - index),
                title: match label::unusual(one.summary.kind) {
                    Some(kind) => format!("{kind}, {title}"),
                    None => title,
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
    time_zone: String,
    updated_at: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Status<'a> {
    page: Page<'a>,
    incidents: Vec<ListedIncident<'a>>,
    scheduled_maintenances: Vec<ListedIncident<'a>>,
}

#[derive(Serialize)]
struct ListedIncident<'a> {
    id: &'a str,
    name: &'a str,
    /// The stage of which `status` is the name.
    #[serde(skip)]
    stage: Stage,
    status: &'static str,
    created_at: Option<String>,
    updated_at: Option<String>,
    monitoring_at: Option<String>,
    resolved_at: Option<String>,
    impact: &'static str,
    shortlink: String,
    started_at: Option<String>,
    #[serde(flatten)]
    schedule: Option<ScheduledTimes>,
    page_id: String,
    incident_updates: Vec<Update<'a>>,
    components: Vec<Component<'a>>,
}

/// The planned times of a maintenance.
#[derive(Serialize)]
struct ScheduledTimes {
    scheduled_for: Option<String>,
    scheduled_until: Option<String>,
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
    affected_components: Vec<AffectedComponent<'a>>,
}

/// A component of the status page, in no group.
#[derive(Default, Serialize)]
struct Component<'a> {
    id: String,
    name: &'a str,
    status: &'static str,
    page_id: String,
    description: Option<&'a str>,
    group_id: Option<&'a str>,
    group: bool,
    only_show_if_degraded: bool,
}

impl<'a> Component<'a> {
    fn new(name: &'a str, status: &'static str, config: &Config) -> Self {
        Self {
            id: anchor_slug(name),
            name,
            status,
            page_id: page_id(config),
            ..Self::default()
        }
    }
}

/// A component whose state a message changed.
#[derive(Serialize)]
struct AffectedComponent<'a> {
    code: String,
    name: &'a str,
    old_status: &'static str,
    new_status: &'static str,
}

/// Builds the content of `status.json`.
pub(super) fn status<'a>(
    published: &'a [PublishedIncident<'a>],
    config: &'a Config,
    base_url: Option<&'a str>,
) -> Status<'a> {
    let updated = published
        .iter()
        .filter_map(PublishedIncident::updated)
        .max();
    let current = published.iter().filter(|one| one.is_listed());
    let (maintenances, incidents): (Vec<&PublishedIncident>, Vec<&PublishedIncident>) =
        current.partition(|one| one.is_maintenance());
    let listed = |published: Vec<&'a PublishedIncident>| {
        let latest = published.into_iter().take(LATEST);
        latest.map(|one| incident(one, config, base_url)).collect()
    };
    Status {
        page: Page {
            id: page_id(config),
            name: config.title(),
            url: base_url.unwrap_or_default(),
            time_zone: time_zone(config.site.timezone.unwrap_or_default()),
            updated_at: updated.map(stamp),
        },
        incidents: listed(incidents),
        scheduled_maintenances: listed(maintenances),
    }
}

/// Returns the degree of impact of a severity in the words of status pages.
fn degree(severity_rank: Option<usize>) -> &'static str {
    match severity_rank {
        Some(0) => "critical",
        Some(1) => "major",
        _ => "minor",
    }
}

/// Returns a time as status pages write it.
fn stamp(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Returns the ID of the status page.
fn page_id(config: &Config) -> String {
    anchor_slug(config.title())
}

/// Returns the name of a time zone: its IANA name, or its UTC offset.
fn time_zone(zone: Zone) -> String {
    if zone == Zone::default() {
        "Etc/UTC".to_owned()
    } else {
        zone.to_string()
    }
}

fn incident<'a>(
    one: &'a PublishedIncident,
    config: &Config,
    base_url: Option<&str>,
) -> ListedIncident<'a> {
    let count = one.messages.len();
    let updates = one
        .messages
        .iter()
        .enumerate()
        .map(|(index, (at, message))| {
            let at = stamp(*at);
            let earlier = one
                .messages
                .get(index + 1)
                .map(|(_, earlier)| earlier.stage);
            Update {
                id: format!("{}-{}", one.id, count - index),
                status: one.stage_name(message.stage),
                body: message.body.trim_end(),
                incident_id: one.id,
                created_at: at.clone(),
                updated_at: at.clone(),
                display_at: at,
                affected_components: one.affected(message.stage, earlier, config),
            }
        });
    let started = one.started().map(stamp);
    // Before its first message nothing is known of it but its start.
    let began = started
        .clone()
        .filter(|_| one.summary.course.status != IncidentStatus::Planned);
    let scheduled = one.summary.course.scheduled;
    ListedIncident {
        id: one.id,
        name: one.title(),
        stage: one.stage(),
        status: one.stage_name(one.stage()),
        created_at: (one.messages.last())
            .map(|(at, _)| stamp(*at))
            .or_else(|| began.clone()),
        updated_at: one.updated().map(stamp).or_else(|| began.clone()),
        monitoring_at: one.last(Stage::Monitoring),
        resolved_at: one.resolved(),
        impact: one.impact(config),
        shortlink: address(base_url, &one.path()),
        started_at: began,
        schedule: one.is_maintenance().then(|| ScheduledTimes {
            scheduled_for: (scheduled.from)
                .map(|from| stamp(from.moment.at))
                .or(started),
            scheduled_until: (scheduled.until)
                .or(one.summary.course.ended.map(Bound::from))
                .map(|until| one.end(until)),
        }),
        page_id: page_id(config),
        incident_updates: updates.collect(),
        components: one.components(config),
    }
}
