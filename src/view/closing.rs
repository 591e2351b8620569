//! Lessons, action items, technical details, references, sign-off, and the footer.

use std::borrow::Cow;

use serde::Serialize;

use super::action::joined;
use super::parts::{FileView, LinkView, More};
use super::response::ProgressView;
use super::{Reader, RelationView, Relations, label, shown_to};
use crate::archive::Record;
use crate::audience::Audience;
use crate::facts::Facts;
use crate::incident::Section;

/// The section Lessons Learned.
#[derive(Debug, Clone, Serialize)]
pub struct LessonsView<'a> {
    /// The things that went well; entries.
    pub went_well: Vec<&'a str>,
    /// The things that could be improved; entries.
    pub could_improve: Vec<&'a str>,
    /// The things that were luck; entries.
    pub lucky: Vec<&'a str>,
    /// The learnings; entries.
    pub learnings: Vec<&'a str>,
    /// The action items.
    pub actions: Option<ActionTableView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// The table of action items. A column without a value in any row is omitted.
#[derive(Debug, Clone, Serialize)]
pub struct ActionTableView<'a> {
    /// Whether any row has an owner.
    pub has_owner: bool,
    /// Whether any row has a due date.
    pub has_due: bool,
    /// Whether any row has a priority.
    pub has_priority: bool,
    /// Whether any row has a type.
    pub has_type: bool,
    /// The rows.
    pub rows: Vec<ActionView<'a>>,
    /// The number of action items by status: `3 open, 2 done`.
    pub counts: Option<String>,
}

/// An action item.
#[derive(Debug, Clone, Serialize)]
pub struct ActionView<'a> {
    /// The ID.
    pub id: String,
    /// The URL of the ticket.
    pub url: Option<&'a str>,
    /// The action.
    pub action: &'a str,
    /// The owner.
    pub owner: Option<Cow<'a, str>>,
    /// The owners, one by one.
    pub owners: Vec<&'a str>,
    /// The due date.
    pub due: Option<String>,
    /// The status.
    pub status: ProgressView,
    /// The completion date.
    pub done_on: Option<String>,
    /// The reason that it was cancelled.
    pub reason: Option<&'a str>,
    /// The priority.
    pub priority: Option<&'a str>,
    /// The type, such as `prevent`.
    #[serde(rename = "type")]
    pub purpose: Option<&'a str>,
    /// The details; prose.
    pub notes: Option<&'a str>,
}

impl<'a> LessonsView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        let record = reader.record;
        let lessons = record.incident.lessons.as_ref();
        let entries = |pick: fn(&crate::incident::Lessons) -> &[crate::kind::Block]| {
            lessons
                .map(|lessons| pick(lessons).iter().map(|line| &**line).collect())
                .unwrap_or_default()
        };
        let view = Self {
            went_well: entries(|lessons| &lessons.went_well),
            could_improve: entries(|lessons| &lessons.could_improve),
            lucky: entries(|lessons| &lessons.lucky),
            learnings: entries(|lessons| &lessons.learnings),
            actions: actions(record),
            more: More::new(reader, Section::Lessons),
        };
        let empty = view.went_well.is_empty()
            && view.could_improve.is_empty()
            && view.lucky.is_empty()
            && view.learnings.is_empty()
            && view.actions.is_none()
            && view.more.is_empty();
        (!empty).then_some(view)
    }
}

fn actions(record: &Record) -> Option<ActionTableView<'_>> {
    let items = &record.incident.action_items;
    let rows: Vec<ActionView<'_>> = items
        .iter()
        .enumerate()
        .map(|(index, item)| ActionView {
            id: record.action_id(index),
            url: item.url.as_deref(),
            action: &item.action,
            owner: joined(&item.owners()),
            owners: item.owners(),
            due: item.due.map(|day| day.0.to_string()),
            status: ProgressView::new(item.progress()),
            done_on: item.done_on.map(|day| day.0.to_string()),
            reason: item.reason.as_deref(),
            priority: item.priority.as_deref(),
            purpose: item.purpose.as_deref(),
            notes: item.notes.as_deref(),
        })
        .collect();
    (!rows.is_empty()).then(|| ActionTableView {
        has_owner: rows.iter().any(|row| row.owner.is_some()),
        has_due: rows.iter().any(|row| row.due.is_some()),
        has_priority: rows.iter().any(|row| row.priority.is_some()),
        has_type: rows.iter().any(|row| row.purpose.is_some()),
        counts: ProgressView::counts(rows.iter().map(|row| &row.status)),
        rows,
    })
}

/// A custom section.
#[derive(Debug, Clone, Serialize)]
pub struct CustomSectionView<'a> {
    /// The heading.
    pub title: &'a str,
    /// The text; prose.
    pub body: &'a str,
}

/// The section References.
#[derive(Debug, Clone, Serialize)]
pub struct ReferencesView<'a> {
    /// The references, in order.
    pub entries: Vec<ReferenceView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// A reference: a title and one of the other fields.
#[derive(Debug, Clone, Serialize)]
pub struct ReferenceView<'a> {
    /// The title.
    pub title: &'a str,
    /// A file of the archive.
    pub file: Option<FileView>,
    /// A URL.
    pub link: Option<LinkView<'a>>,
    /// A text without a link.
    pub text: Option<&'a str>,
    /// Another incident.
    pub incident: Option<RelationView>,
}

impl<'a> ReferencesView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, relations: &Relations) -> Option<Self> {
        let &Reader {
            record, audience, ..
        } = reader;
        let view = Self {
            entries: record
                .incident
                .references
                .iter()
                .filter(|reference| shown_to(audience, reference.audience))
                .filter_map(|reference| {
                    // The title of a reference describes its target, so the whole entry is dropped with it.
                    let incident = match reference.incident.as_deref() {
                        Some(id) => Some(relations.link(id)?),
                        None => None,
                    };
                    let file = match &reference.file {
                        Some(file) => Some(FileView::new(reader, file)?),
                        None => None,
                    };
                    Some(ReferenceView {
                        title: &reference.title,
                        file,
                        link: reference.url.as_deref().map(|url| LinkView {
                            title: url,
                            url: Some(url),
                        }),
                        text: reference.text.as_deref(),
                        incident,
                    })
                })
                .collect(),
            more: More::new(reader, Section::References),
        };
        (!view.entries.is_empty() || !view.more.is_empty()).then_some(view)
    }
}

/// The section Sign-off.
#[derive(Debug, Clone, Serialize)]
pub struct SignOffView<'a> {
    /// The signatures.
    pub signatures: Vec<SignatureView<'a>>,
    /// The date.
    pub date: Option<String>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// A signature.
#[derive(Debug, Clone, Serialize)]
pub struct SignatureView<'a> {
    /// The role: `Reviewed By`.
    pub role: super::Word<'static>,
    /// The name.
    pub name: &'a str,
    /// The title.
    pub title: Option<&'a str>,
    /// The date of this signature, if it has its own.
    pub date: Option<String>,
}

impl<'a> SignOffView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        let record = reader.record;
        let sign_off = record.incident.sign_off.as_ref();
        let view = Self {
            signatures: sign_off
                .iter()
                .flat_map(|sign_off| &sign_off.signatures)
                .map(|signature| SignatureView {
                    role: super::Word::from(label::signature(signature.role)),
                    name: &signature.name,
                    title: signature.title.as_deref(),
                    date: signature.date.map(|day| day.0.to_string()),
                })
                .collect(),
            date: sign_off
                .and_then(|sign_off| sign_off.date)
                .map(|day| day.0.to_string()),
            more: More::new(reader, Section::SignOff),
        };
        (!view.signatures.is_empty() || view.date.is_some() || !view.more.is_empty())
            .then_some(view)
    }
}

/// Classification and retention, at the foot of the report.
#[derive(Debug, Clone, Serialize)]
pub struct GovernanceView<'a> {
    /// The classification: `Internal`.
    pub classification: super::Word<'static>,
    /// The scope within the classification: `Engineering Team`.
    pub scope: Option<&'a str>,
    /// Both in one line: `Internal - Engineering Team`.
    pub banner: String,
    /// The retention period.
    pub retention: Option<&'a str>,
    /// The reason for the retention period.
    pub retention_basis: Option<&'a str>,
    /// The last date of the retention period; `None` under a legal hold, which suspends it.
    pub retain_until: Option<String>,
    /// The legal hold.
    pub legal_hold: Option<&'a str>,
    /// The line on every page: `TLP:AMBER`.
    pub marking: Option<&'a str>,
}

impl<'a> GovernanceView<'a> {
    pub(crate) fn new(record: &'a Record, facts: &Facts, readers: Audience) -> Self {
        let governance = &record.incident.governance;
        let audience = record.audience();
        let classification = audience.label();
        let scope = governance.scope.as_deref();
        // This page is the full report, which is internal; external readers get a separate one.
        let is_internal_only = audience.is_external() && !record.is_open();
        Self {
            classification: super::Word::new(audience.as_str(), classification),
            scope,
            banner: match scope {
                _ if is_internal_only => Audience::Internal.label().to_owned(),
                Some(scope) => format!("{classification} - {scope}"),
                None => classification.to_owned(),
            },
            retention: governance.retention.as_deref(),
            retention_basis: governance.retention_basis.as_deref(),
            retain_until: facts
                .retain_until
                .filter(|_| governance.legal_hold.is_none())
                .map(|day| day.to_string()),
            legal_hold: governance.legal_hold.as_deref(),
            marking: if readers.is_external() {
                let public = record.incident.public.as_ref();
                public.and_then(|public| public.marking.as_deref())
            } else {
                governance.marking.as_deref()
            },
        }
    }
}
