//! Evidence for the report, and custom content of its sections.

use macro_rules_attribute::{apply, derive};

use crate::audience::Audience;
use crate::kind::{
    Block, Cell, CellText, Choice, Code, EventId, FilePath, Id, Identifier, Line, Table, Url, When,
    is_default,
};

/// A section of the report, in the order of the report.
#[apply(Choice!)]
#[derive(PartialOrd, Ord, Hash, Default)]
pub enum Section {
    /// Incident Summary.
    Summary,
    /// Timeline.
    Timeline,
    /// Root Cause.
    RootCause,
    /// Detection.
    Detection,
    /// Impact Analysis.
    Impact,
    /// Resolution.
    Resolution,
    /// Self-Healing Performance.
    SelfHealing,
    /// Communication.
    Communication,
    /// Lessons Learned.
    Lessons,
    /// Technical Details.
    #[default]
    Technical,
    /// References.
    References,
    /// Sign-off.
    SignOff,
}

/// A query, a log or an image that supports a finding.
///
/// It is a key query of the incident memory.
#[apply(Table!)]
pub struct Evidence {
    /// The section that shows the evidence. [default: `technical`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub section: Section,
    /// The title. It may be omitted if there is something to show: `code`, a `file`, a `finding` or a `url`.
    pub title: Option<Line>,
    /// The language of `code`, such as `sql`.
    pub language: Option<Identifier>,
    /// The code, or the lines of a log.
    pub code: Option<Code>,
    /// An image or a text file of the archive, relative to this file; instead of `code`.
    pub file: Option<FilePath>,
    /// A description of the image for readers who cannot see it.
    pub alt: Option<Line>,
    /// What the evidence shows.
    pub finding: Option<Line>,
    /// The source, such as `Prometheus`.
    pub source: Option<Line>,
    /// The time at which it was captured.
    pub at: Option<When>,
    /// The event at which it was captured, by its ID; instead of `at`.
    pub event: Option<EventId>,
    /// A URL where it can be seen again.
    pub url: Option<Url>,
    /// A warning for readers who run the query or command.
    pub warning: Option<Block>,
    /// The group of evidence that it belongs to: a key of `[evidence_groups]`.
    pub group: Option<Identifier>,
    /// The audience that may see the evidence. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

/// A group of evidence.
#[apply(Table!)]
pub struct EvidenceGroup {
    /// The warning for readers who run these queries or commands, above the first of them.
    pub warning: Block,
}

/// A subsection of a report section, or a custom section.
#[apply(Table!)]
pub struct Subsection {
    /// The report section that it belongs to. [default: a custom section before the references]
    pub section: Option<Section>,
    /// The heading.
    pub title: Line,
    /// The text, in Markdown. Without it, there is only the heading.
    pub body: Option<Block>,
    /// The audience that may see the section. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

/// A custom table.
#[apply(Table!)]
pub struct Table {
    /// The section that shows the table. [default: `technical`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub section: Section,
    /// The heading. Tables of several environments in a row with the same title have one heading.
    pub title: Line,
    /// The environment that the table describes, such as `staging`.
    pub environment: Option<Line>,
    /// The column headings.
    pub columns: Vec<CellText>,
    /// The rows, each with one cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// The audience that may see the table. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

/// A reference: a title and one of `file`, `url`, `text`, `incident`.
#[apply(Table!)]
pub struct Reference {
    /// The title.
    pub title: Line,
    /// A file of the archive, relative to this file, such as `../logs/api.log`.
    pub file: Option<FilePath>,
    /// A URL.
    pub url: Option<Url>,
    /// A text, for a reference without a link.
    pub text: Option<Line>,
    /// The ID of another incident.
    pub incident: Option<Id>,
    /// The audience that may see the reference. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}
