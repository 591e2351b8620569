//! The full report for the internal and the confidential audience.
//!
//! A [`Report`] is the complete data of a report's templates, and the output of
//! `afterword show --format json`. A section without content
//! is `None`.

use serde::Serialize;
use serde_json::Value;

use super::LocalLinks;
use super::cause::{AnalysisView, RootCauseView};
use super::closing::{CustomSectionView, GovernanceView, LessonsView, ReferencesView, SignOffView};
use super::comms;
use super::communication::CommunicationView;
use super::impact::{ImpactView, TotalsView};
use super::now::NowView;
use super::parts::{More, PersonView};
use super::response::{DetectionView, ResolutionView, SelfHealingView};
use super::severity::SeverityView;
use super::similar::SimilarIncidentView;
use super::summary::SummaryView;
use super::technical::TechnicalView;
use super::timeline::{Anchors, TimelineView};
use super::{
    EndpointView, FactView, FactsView, MomentView, Reader, RelationView, Relations, WindowView,
    Word, end_name, label, lead, people, severity,
};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Endpoint, Facts, Length};
use crate::incident::{Incident, Kind, Section};
use crate::kind::TOML_DATETIME;
use crate::moment::Calendar;

/// The data for the templates of a report.
#[derive(Debug, Clone, Serialize)]
pub struct Report<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The kind of record.
    pub kind: Word<'static>,
    /// Whether it is an incident, the usual kind.
    pub is_incident: bool,
    /// The most severe of its severities: `P1 (High)`.
    pub severity: Option<Word<'a>>,
    /// The rank of the severity, where 0 is the most severe.
    pub severity_rank: Option<usize>,
    /// The severities that it had, in order of time.
    pub severities: Vec<SeverityView<'a>>,
    /// The status.
    pub status: Word<'static>,
    /// Whether it is ongoing.
    pub open: bool,
    /// The recorded facts in one sentence.
    pub lead: Option<String>,
    /// The current state of an open incident; only a page has it.
    #[serde(skip)]
    pub now: Option<NowView<'a>>,
    /// The environments.
    pub environment: Vec<&'a str>,
    /// The affected services.
    pub services: Vec<&'a str>,
    /// The teams involved.
    pub teams: Vec<&'a str>,
    /// The tags.
    pub tags: Vec<&'a str>,
    /// The incident commander, the last one if command was handed over: as recorded, or the person who signed as commander.
    pub commander: Option<PersonView<'a>>,
    /// The start.
    pub started: Option<MomentView>,
    /// The end.
    pub ended: Option<MomentView>,
    /// Start and end to the minute, for the top of a page.
    #[serde(skip)]
    pub span: Option<String>,
    /// The facts by key.
    pub facts: FactsView,
    /// The totals over customers.
    pub totals: TotalsView,
    /// The reports that supersede this one.
    pub superseded_by: Vec<RelationView>,
    /// The incident that this one was merged into.
    pub merged_into: Option<RelationView>,
    /// The incidents that were merged into this one.
    pub merged: Vec<RelationView>,
    /// The incident from which this one was split off.
    pub split_from: Option<RelationView>,
    /// The incidents that were split off from this one.
    pub split: Vec<RelationView>,
    /// The investigations that explain this incident.
    pub investigations: Vec<RelationView>,
    /// The page names of its services, in order; `null` if a service has no page.
    pub service_pages: Vec<Option<String>>,
    /// The page names of its tags.
    pub tag_pages: Vec<Option<String>>,
    /// Earlier incidents with tags and services in common.
    pub seen_before: Vec<SimilarIncidentView>,
    /// Whether there is a page of its messages to customers.
    pub messages_page: bool,
    /// The facts about the investigation.
    pub analysis: Option<AnalysisView<'a>>,
    /// The existing report without its heading; prose.
    pub written: Option<&'a str>,
    /// Incident Summary.
    pub summary: SummaryView<'a>,
    /// Timeline.
    pub timeline: Option<TimelineView<'a>>,
    /// Root Cause.
    pub root_cause: Option<RootCauseView<'a>>,
    /// Detection.
    pub detection: Option<DetectionView<'a>>,
    /// Impact Analysis.
    pub impact: Option<ImpactView<'a>>,
    /// Resolution.
    pub resolution: Option<ResolutionView<'a>>,
    /// Self-Healing Performance.
    pub self_healing: Option<SelfHealingView<'a>>,
    /// Communication.
    pub communication: Option<CommunicationView<'a>>,
    /// Lessons Learned.
    pub lessons: Option<LessonsView<'a>>,
    /// Technical Details.
    pub technical: Option<TechnicalView<'a>>,
    /// The custom sections.
    pub own_sections: Vec<CustomSectionView<'a>>,
    /// References.
    pub references: Option<ReferencesView<'a>>,
    /// Sign-off.
    pub sign_off: Option<SignOffView<'a>>,
    /// Classification and retention.
    pub governance: GovernanceView<'a>,
    /// The source files; `None` on external sites, where a digest would reveal every hidden change.
    pub source: Option<SourceView<'a>>,
    /// Additional data of the author for custom templates.
    pub extra: Value,
    /// The files of the site to which its texts may link.
    #[serde(skip)]
    pub links: LocalLinks,
    /// The same for the text of an existing report.
    #[serde(skip)]
    pub written_links: LocalLinks,
}

/// The source files of a report.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView<'a> {
    /// The path of the incident file.
    pub incident: &'a str,
    /// The SHA-256 digest of that file.
    pub incident_sha256: &'a str,
    /// The path of the timeline file.
    pub timeline: Option<&'a str>,
    /// The SHA-256 digest of that file.
    pub timeline_sha256: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// Creates the report of an incident for an audience.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &Facts,
        config: &'a Config,
        relations: &Relations,
        audience: Audience,
    ) -> Self {
        let incident = &record.incident;
        let calendar = Calendar::of_report(record, facts, config, audience);
        let reader = &Reader {
            record,
            config,
            audience,
            calendar,
        };
        let anchors = Anchors::new(record, audience);
        let strings = |lines: &'a [crate::kind::Line]| {
            lines.iter().map(|line| &**line).collect::<Vec<&str>>()
        };
        let merged = relations.replaced_inside();
        let status = label::report_status(incident.kind, facts.status, merged);
        let links = LocalLinks::new(record, relations, audience);
        let report = incident
            .report
            .as_ref()
            .and_then(|path| record.resolve(path));
        let written_links = report
            .map(|path| links.seen_from(&path))
            .unwrap_or_default();
        let more = |section| More::new(reader, section);
        let severity = record.severity(config);
        let (severities, severity_over_time) = severity::over_time(reader, config);
        Self {
            id: &record.id,
            title: &incident.title,
            kind: Word::new(incident.kind.as_str(), incident.kind.label()),
            is_incident: incident.kind == Kind::Incident,
            severity: severity.map(|key| Word::severity(config, key)),
            severity_rank: severity.and_then(|key| config.severity_rank(key)),
            severities,
            status: Word::from(status),
            open: facts.status.is_open(),
            // A superseded report is not ongoing, even if its status is open.
            lead: lead::compose(incident.impact.as_ref(), facts, reader)
                .filter(|_| relations.replaced().is_none() || !facts.status.is_open()),
            now: NowView::new(reader, facts, config).filter(|_| relations.replaced().is_none()),
            environment: strings(&incident.environment.0),
            services: record.services(),
            teams: strings(&incident.teams),
            tags: strings(&incident.tags),
            commander: people::commander(record),
            started: facts.started.map(|end| reader.calendar.moment(end.moment)),
            ended: facts.ended.map(|end| reader.calendar.moment(end.moment)),
            span: span(facts, &reader.calendar),
            facts: facts_view(facts, reader, config, &anchors),
            totals: TotalsView::new(&facts.totals),
            superseded_by: relations.superseded_by.clone(),
            merged_into: relations.merged_into.clone(),
            merged: relations.merged.clone(),
            split_from: relations.split_from.clone(),
            split: relations.split.clone(),
            investigations: relations.investigations.clone(),
            service_pages: service_pages(record, relations),
            tag_pages: pages(&relations.tag_pages, incident.tags.len()),
            seen_before: relations.seen_before.clone(),
            messages_page: comms::is_linked(record, facts.status, audience),
            analysis: AnalysisView::new(record, relations),
            written: existing_report(record),
            summary: SummaryView::new(reader, facts, severity_over_time),
            timeline: TimelineView::new(reader, facts, config, &anchors, more(Section::Timeline)),
            root_cause: RootCauseView::new(reader, facts),
            detection: DetectionView::new(reader, facts, config),
            impact: ImpactView::new(reader, facts, more(Section::Impact)),
            resolution: ResolutionView::new(reader),
            self_healing: SelfHealingView::new(reader),
            communication: CommunicationView::new(reader, facts),
            lessons: LessonsView::new(reader),
            technical: TechnicalView::new(reader),
            own_sections: own_sections(incident),
            references: ReferencesView::new(reader, relations),
            sign_off: SignOffView::new(reader),
            governance: GovernanceView::new(record, facts, audience),
            source: (!audience.is_external()).then(|| SourceView {
                incident: record.source.incident.as_str(),
                incident_sha256: &record.source.incident_digest,
                timeline: record.source.timeline.as_ref().map(|path| path.as_str()),
                timeline_sha256: record.source.timeline_digest.as_deref(),
            }),
            links,
            written_links,
            extra: extra(record),
        }
    }
}

/// Returns the content of `[extra]` for templates.
fn extra(record: &Record) -> Value {
    let extra = record.incident.extra.iter();
    Value::Object(
        extra
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
    )
}

/// Returns the custom sections that are no part of another one.
fn own_sections(incident: &Incident) -> Vec<CustomSectionView<'_>> {
    let own = incident.sections.iter();
    own.filter(|custom| custom.section.is_none())
        .map(|custom| CustomSectionView {
            title: &custom.title,
            body: custom.body.as_deref().unwrap_or_default(),
        })
        .collect()
}

/// Returns start and end to the minute.
fn span(facts: &Facts, calendar: &Calendar) -> Option<String> {
    let end = facts.ended.map(|end| end.moment);
    Some(calendar.coarse_span(&facts.started?.moment, end))
}

/// Returns the existing report without its heading, because the page has one.
fn existing_report(record: &Record) -> Option<&str> {
    let text = record
        .text_of(record.incident.report.as_ref()?)?
        .trim_start();
    Some(match text.strip_prefix("# ") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    })
}

/// Returns the page of each service; a redacted one has none.
fn service_pages(record: &Record, relations: &Relations) -> Vec<Option<String>> {
    let mut pages = relations.service_pages.iter().peekable();
    let services = record.services().into_iter();
    services
        .map(|name| pages.next_if(|_| record.is_own(name)).cloned().flatten())
        .collect()
}

/// Pads a list of page names with `None` to a given length.
fn pages(names: &[Option<String>], count: usize) -> Vec<Option<String>> {
    let name = |index: usize| names.get(index)?.clone();
    (0..count).map(name).collect()
}

fn facts_view(facts: &Facts, reader: &Reader, config: &Config, anchors: &Anchors) -> FactsView {
    let end = |end: &Endpoint| {
        reader.sees(end).then(|| EndpointView {
            name: end_name(end.source),
            label: match label::last_end(end.source) {
                Some(last) if !facts.reopenings.is_empty() => last.to_owned(),
                _ => label::end(end.source, config),
            },
            at: reader.calendar.moment(end.moment),
            anchor: end.event.and_then(|event| anchors.get(event)).cloned(),
        })
    };
    let windows = || {
        let window = |(index, window): (usize, &crate::facts::Window)| WindowView {
            from: end(&window.from).map(|from| EndpointView {
                // Only the first window starts with the first impact.
                label: if index > 0 {
                    label::LATER_IMPACT.to_owned()
                } else {
                    from.label
                },
                ..from
            }),
            to: window.to.as_ref().and_then(end),
            seconds: window.length.and_then(Length::exact),
            text: window.length.map_or_else(
                || super::state_text(window.state(facts.status)).1.to_owned(),
                |length| length.to_string(),
            ),
        };
        facts.windows.iter().enumerate().map(window).collect()
    };
    let view = |fact| {
        let mut view = FactView::new(fact, &end);
        if fact.key == "customer_impact" {
            view.windows = Some(windows());
        }
        // Two times of one minute show their seconds.
        if let (Some(from), Some(to)) = (&mut view.from, &mut view.to)
            && from.at.brief == to.at.brief
        {
            for (shown, end) in [(from, fact.from), (to, fact.to)] {
                let dated = end.map(|end| reader.calendar.dated(&end.moment));
                shown.at.brief = dated.unwrap_or_default();
            }
        }
        view
    };
    FactsView(facts.response_metrics.iter().map(view).collect())
}

/// Copies a value and replaces each TOML date-time, which serde represents as a table with one key, with its text.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(plain).collect(),
        Value::Object(table) => match table.get(TOML_DATETIME) {
            Some(text) if table.len() == 1 => text.clone(),
            _ => Value::Object(
                table
                    .iter()
                    .map(|(key, value)| (key.clone(), plain(value)))
                    .collect(),
            ),
        },
        other => other.clone(),
    }
}
