//! The full report, as the internal and the confidential audience see it.
//!
//! One value of [`Report`] is everything that a report's templates see, and what
//! `afterword show --format json` prints. A section that nothing was written for
//! is absent.

use serde::Serialize;
use serde_json::Value;

use super::cause::{AnalysisView, RootCauseView};
use super::closing::{
    GovernanceView, LessonsView, OwnSectionView, ReferencesView, SignOffView, TechnicalView,
};
use super::comms;
use super::communication::CommunicationView;
use super::impact::{ImpactView, TotalsView};
use super::parts::{More, PersonView};
use super::response::{DetectionView, ResolutionView, SelfHealingView};
use super::similar::SimilarIncidentView;
use super::timeline::{Anchors, TimelineView};
use super::{
    Calendar, EndpointView, FactView, FactsView, MomentView, Reader, RelationView, Relations,
    WindowView, Word, end_name, label, lead,
};
use crate::archive::{Record, ReferredFile};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Endpoint, Facts};
use crate::incident::{Kind, Section, SignatureRole};
use crate::kind::TOML_DATETIME;

/// Everything that the templates of a report see.
#[derive(Debug, Clone, Serialize)]
pub struct Report<'a> {
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// What kind of record it is.
    pub kind: Word<'static>,
    /// Whether it is an incident, the usual kind.
    pub is_incident: bool,
    /// How bad it was: `P1 (High)`.
    pub severity: Option<Word<'a>>,
    /// Its place among the severities, from 0, the most severe.
    pub severity_rank: Option<usize>,
    /// How far it has come.
    pub status: Word<'static>,
    /// Whether it still goes on.
    pub open: bool,
    /// What is recorded of it, in one sentence.
    pub lead: Option<String>,
    /// Where it happened.
    pub environment: Vec<&'a str>,
    /// The services that were affected.
    pub services: Vec<&'a str>,
    /// The teams that took part.
    pub teams: Vec<&'a str>,
    /// The words to find it by.
    pub tags: Vec<&'a str>,
    /// Who led: as typed, else who signed as commander.
    pub commander: Option<PersonView<'a>>,
    /// When it started.
    pub started: Option<MomentView>,
    /// When it ended.
    pub ended: Option<MomentView>,
    /// The clocks, by key.
    pub facts: FactsView,
    /// The totals over customers.
    pub totals: TotalsView,
    /// The report is superseded by these.
    pub superseded_by: Vec<RelationView>,
    /// The names of the pages of its services, in order; null where a service has none.
    pub service_pages: Vec<Option<String>>,
    /// The names of the pages of its tags.
    pub tag_pages: Vec<Option<String>>,
    /// Earlier incidents that share tags and services with this one.
    pub seen_before: Vec<SimilarIncidentView>,
    /// Whether its messages to customers have a page.
    pub messages_page: bool,
    /// What an investigation says of itself.
    pub analysis: Option<AnalysisView<'a>>,
    /// A report that was written elsewhere, without its heading; prose.
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
    /// Sections of the author's own.
    pub own_sections: Vec<OwnSectionView<'a>>,
    /// References.
    pub references: Option<ReferencesView<'a>>,
    /// Sign-off.
    pub sign_off: Option<SignOffView<'a>>,
    /// Classification and retention.
    pub governance: GovernanceView<'a>,
    /// The digests of its sources.
    pub source: SourceView<'a>,
    /// Anything else that the author typed, for their own templates.
    pub extra: Value,
}

/// The section Incident Summary; most of it is printed from the report's own fields.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryView<'a> {
    /// Start, or its state in words.
    pub start: String,
    /// End, or its state in words.
    pub end: String,
    /// How bad it was for customers.
    pub impact_level: Option<Word<'static>>,
    /// What customers felt.
    pub impact_summary: Option<&'a str>,
    /// Who led, when the people say so.
    pub commander: Option<PersonView<'a>>,
    /// Who wrote the timeline.
    pub scribe: Option<PersonView<'a>>,
    /// Who spoke to customers and colleagues.
    pub communications: Option<PersonView<'a>>,
    /// Who worked on it.
    pub responders: Vec<PersonView<'a>>,
    /// Who attended the review.
    pub attendees: Vec<PersonView<'a>>,
    /// Who wrote the report.
    pub authors: Vec<PersonView<'a>>,
    /// Who reported it.
    pub reporter: Option<PersonView<'a>>,
    /// Who analysed it.
    pub investigators: Vec<PersonView<'a>>,
    /// The story; prose.
    pub text: Option<&'a str>,
    /// What an author added.
    pub more: More<'a>,
}

/// The files that a report was made from.
#[derive(Debug, Clone, Serialize)]
pub struct SourceView<'a> {
    /// The incident's file.
    pub incident: &'a str,
    /// Its SHA-256.
    pub incident_sha256: &'a str,
    /// The timeline's file.
    pub timeline: Option<&'a str>,
    /// Its SHA-256.
    pub timeline_sha256: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// Builds the report of an incident for an audience.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &Facts,
        config: &Config,
        relations: &Relations,
        audience: Audience,
    ) -> Self {
        let incident = &record.incident;
        let zone = record.zone(config);
        let start = facts.started.map(|end| end.moment);
        let calendar = Calendar {
            zone,
            first_day: start.map(|moment| moment.day(zone)),
        };
        let reader = Reader {
            record,
            audience,
            calendar,
        };
        let anchors = Anchors::new(record, audience);
        let strings = |lines: &'a [crate::kind::Line]| {
            lines.iter().map(|line| &**line).collect::<Vec<&str>>()
        };
        let (kind_key, kind) = label::kind(incident.kind);
        let (status_key, status) = label::status(facts.status);
        let more = |section| More::new(reader, section);
        Self {
            id: &record.id,
            title: &incident.title,
            kind: Word::new(kind_key, kind),
            is_incident: incident.kind == Kind::Incident,
            severity: incident
                .severity
                .as_deref()
                .map(|key| Word::new(key, severity_text(config, key))),
            severity_rank: severity_rank(config, incident.severity.as_deref()),
            status: Word::new(status_key, status),
            open: facts.status.is_open(),
            // What another report takes the place of does not go on.
            lead: lead::compose(incident.impact.as_ref(), facts, calendar)
                .filter(|_| relations.superseded_by.is_empty() || !facts.status.is_open()),
            environment: strings(&incident.environment.0),
            services: strings(&incident.services),
            teams: strings(&incident.teams),
            tags: strings(&incident.tags),
            commander: commander(record),
            started: start.map(|moment| calendar.moment(moment)),
            ended: facts.ended.map(|end| calendar.moment(end.moment)),
            facts: facts_view(facts, reader, &anchors),
            totals: TotalsView::new(&facts.totals),
            superseded_by: relations.superseded_by(),
            service_pages: pages(&relations.service_pages, incident.services.len()),
            tag_pages: pages(&relations.tag_pages, incident.tags.len()),
            seen_before: relations.seen_before.clone(),
            messages_page: comms::is_linked(record, facts.status, audience),
            analysis: AnalysisView::new(record, relations),
            written: written(record),
            summary: SummaryView::new(reader, facts),
            timeline: TimelineView::new(reader, start, &anchors, more(Section::Timeline)),
            root_cause: RootCauseView::new(reader, facts),
            detection: DetectionView::new(reader, facts),
            impact: ImpactView::new(incident.impact.as_ref(), facts, more(Section::Impact)),
            resolution: ResolutionView::new(reader),
            self_healing: SelfHealingView::new(reader),
            communication: CommunicationView::new(reader, facts),
            lessons: LessonsView::new(reader),
            technical: TechnicalView::new(reader),
            own_sections: incident
                .sections
                .iter()
                .filter(|own| own.section.is_none())
                .map(|own| OwnSectionView {
                    title: &own.title,
                    body: &own.body,
                })
                .collect(),
            references: ReferencesView::new(reader, relations),
            sign_off: SignOffView::new(reader),
            governance: GovernanceView::new(record, facts),
            source: SourceView {
                incident: record.source.incident.as_str(),
                incident_sha256: &record.source.incident_digest,
                timeline: record.source.timeline.as_ref().map(|path| path.as_str()),
                timeline_sha256: record.source.timeline_digest.as_deref(),
            },
            extra: Value::Object(
                incident
                    .extra
                    .iter()
                    .map(|(key, value)| (key.clone(), plain(value)))
                    .collect(),
            ),
        }
    }
}

/// Gives the report that was written elsewhere, without its heading: the page has one.
fn written(record: &Record) -> Option<&str> {
    let path = record.resolve(record.incident.report.as_ref()?)?;
    let Some(ReferredFile::Text(text) | ReferredFile::Quoted(text)) = record.files.get(&path)
    else {
        return None;
    };
    let text = text.trim_start();
    Some(match text.strip_prefix("# ") {
        Some(rest) => rest.split_once('\n').map_or("", |(_, rest)| rest),
        None => text,
    })
}

/// Prints a severity: `P1 (High)`, or its key alone where it has no label.
pub(crate) fn severity_text(config: &Config, key: &str) -> String {
    match config
        .severities()
        .into_iter()
        .find(|severity| severity.key == key)
        .and_then(|severity| severity.label)
    {
        Some(label) => format!("{key} ({label})"),
        None => key.to_owned(),
    }
}

/// Finds the place of a severity among all, from the most severe.
pub(crate) fn severity_rank(config: &Config, key: Option<&str>) -> Option<usize> {
    config
        .severities()
        .iter()
        .position(|severity| Some(severity.key.as_str()) == key)
}

/// Gives as many names of pages as there are words, none for those without one.
fn pages(names: &[Option<String>], words: usize) -> Vec<Option<String>> {
    let name = |place: usize| names.get(place)?.clone();
    (0..words).map(name).collect()
}

fn commander(record: &Record) -> Option<PersonView<'_>> {
    let signed = || {
        let signatures = &record.incident.sign_off.as_ref()?.signatures;
        let signature = signatures
            .iter()
            .find(|signature| signature.role == SignatureRole::Commander)?;
        let title = signature.title.as_deref();
        Some(PersonView {
            name: &signature.name,
            title,
            roles: Vec::new(),
            via: None,
            assisted_by: None,
        })
    };
    record
        .incident
        .people
        .commander
        .as_ref()
        .map(PersonView::new)
        .or_else(signed)
}

fn facts_view(facts: &Facts, reader: Reader, anchors: &Anchors) -> FactsView {
    let end = |end: &Endpoint| {
        reader.sees(end).then(|| EndpointView {
            name: end_name(end.source),
            label: label::end(end.source),
            at: end.moment.iso(),
            text: end.moment.in_full(reader.calendar.zone),
            anchor: end.event.and_then(|event| anchors.get(event)).cloned(),
        })
    };
    let windows = || {
        let window = |window: &crate::facts::Window| WindowView {
            from: end(&window.from),
            to: window.to.as_ref().and_then(end),
            seconds: window.length.map(|length| length.seconds),
            text: window.length.map_or_else(
                || super::state_words(window.state(facts.status)).1.to_owned(),
                |length| length.to_string(),
            ),
        };
        facts.windows.iter().map(window).collect()
    };
    let view = |fact| {
        let mut view = FactView::new(fact, &end);
        if fact.key == "customer_impact" {
            view.windows = Some(windows());
        }
        view
    };
    FactsView(facts.response_metrics.iter().map(view).collect())
}

impl<'a> SummaryView<'a> {
    fn new(reader: Reader<'a>, facts: &Facts) -> Self {
        let Reader {
            record, calendar, ..
        } = reader;
        let incident = &record.incident;
        let people = &incident.people;
        let person =
            |person: &'a Option<crate::incident::Person>| person.as_ref().map(PersonView::new);
        let impact = incident.impact.as_ref();
        let words = |end: Option<Endpoint>, missing: &str| {
            end.map_or_else(
                || missing.to_owned(),
                |end| end.moment.in_full(calendar.zone),
            )
        };
        let planned = facts.status == crate::incident::Status::Planned;
        let not_ended = if facts.status.is_open() {
            "pending"
        } else {
            super::NOT_RECORDED
        };
        Self {
            start: words(
                facts.started,
                if planned {
                    "pending"
                } else {
                    super::NOT_RECORDED
                },
            ),
            end: words(facts.ended, not_ended),
            impact_level: impact
                .and_then(|impact| impact.level)
                .map(|level| Word::new(label::impact_level(level).0, label::impact_level(level).1)),
            impact_summary: impact.and_then(|impact| impact.summary.as_deref()),
            commander: person(&people.commander),
            scribe: person(&people.scribe),
            communications: person(&people.communications),
            responders: PersonView::all(&people.responders),
            attendees: PersonView::all(&people.attendees),
            authors: PersonView::all(&people.authors),
            reporter: person(&people.reporter),
            investigators: PersonView::all(&people.investigators),
            text: incident.summary.as_deref(),
            more: More::new(reader, Section::Summary),
        }
    }
}

/// Copies a value; a TOML date-time, which serde hands over as a table of one key, becomes its text.
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
