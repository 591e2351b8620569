//! What proves the report, and what an author adds to its sections.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::audience::Audience;
use crate::kind::{Block, Cell, FilePath, Id, Line, Url, When};

/// A section of the report, in its order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
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

/// A query, a log or a picture that proves something.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The section it stands in; `technical` when absent.
    #[serde(default)]
    pub section: Section,
    /// Its title.
    pub title: Line,
    /// The language of the code, such as `sql`.
    pub language: Option<Line>,
    /// The code, or the lines of a log.
    pub code: Option<Block>,
    /// A picture or a text file of the archive, instead of `code`.
    pub file: Option<FilePath>,
    /// What the picture shows, for those who cannot see it.
    pub alt: Option<Line>,
    /// What it proves.
    pub finding: Option<Line>,
    /// Where it comes from.
    pub source: Option<Line>,
    /// When it was taken.
    pub at: Option<When>,
    /// The event of the timeline at which it was taken, instead of `at`.
    pub event: Option<Line>,
    /// Where it can be seen again.
    pub url: Option<Url>,
    /// A warning to those who try it.
    pub warning: Option<Block>,
}

/// A subsection of a report section, or a section of your own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subsection {
    /// The report section it stands in; one of its own, before the references, when absent.
    pub section: Option<Section>,
    /// Its heading.
    pub title: Line,
    /// Its text.
    pub body: Block,
}

/// A table of your own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The section it stands in; `technical` when absent.
    #[serde(default)]
    pub section: Section,
    /// Its heading.
    pub title: Line,
    /// The headings of its columns.
    pub columns: Vec<Line>,
    /// Its rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Where to read on: a title and one of `file`, `url`, `text`, `incident`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// What it is.
    pub title: Line,
    /// A file of the archive.
    pub file: Option<FilePath>,
    /// An address.
    pub url: Option<Url>,
    /// Words, where there is nothing to follow.
    pub text: Option<Line>,
    /// Another incident's id.
    pub incident: Option<Id>,
    /// Who may see it; those who see the report when absent.
    pub audience: Option<Audience>,
}
