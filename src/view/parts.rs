//! The parts that several sections share: links, files, people, evidence, tables.

use camino::Utf8Path;
use serde::Serialize;

use super::{MomentView, Reader};
use crate::archive::{Record, is_picture, url_path};
use crate::config::{Config, FieldKind, FieldSettings};
use crate::facts::separated;
use crate::incident::{Evidence, Person, Section, Table};
use crate::kind::{Cell, Either, FilePath, Line, Url};

/// A title with a URL.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView<'a> {
    /// The link text.
    pub title: &'a str,
    /// The URL; `None` if there is no link.
    pub url: Option<&'a str>,
}

impl<'a> LinkView<'a> {
    pub(crate) fn new(title: &'a str, url: &'a Option<Url>) -> Self {
        Self {
            title,
            url: url.as_deref(),
        }
    }
}

/// A file of the archive that a report links to.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// The path in the archive.
    pub path: String,
    /// The URL relative to the report; `None` if the file is not published.
    pub href: Option<String>,
}

impl FileView {
    /// Creates the view of a file by its path in the archive.
    pub(crate) fn of_path(record: &Record, path: &Utf8Path) -> Self {
        Self {
            path: path.to_string(),
            href: record.published(path).map(|target| href(&target)),
        }
    }

    /// Creates the view of a file that a report refers to; `None` if external readers cannot open it,
    /// so that its path tells them nothing.
    pub(crate) fn new(reader: &Reader, file: &FilePath) -> Option<Self> {
        let view = match reader.record.resolve(file) {
            Some(path) => Self::of_path(reader.record, &path),
            None => Self {
                path: file.to_string(),
                href: None,
            },
        };
        (view.href.is_some() || !reader.audience.is_external()).then_some(view)
    }
}

/// Returns the URL of a file of the site, relative to a report.
pub(super) fn href(path: &str) -> String {
    format!("../{}", url_path(path))
}

/// A person with their details.
#[derive(Debug, Clone, Serialize)]
pub struct PersonView<'a> {
    /// The name.
    pub name: &'a str,
    /// The title.
    pub title: Option<&'a str>,
    /// The role and the team.
    pub roles: Vec<&'a str>,
    /// The channel through which they reported.
    pub via: Option<&'a str>,
    /// The assistant.
    pub assisted_by: Option<&'a str>,
}

impl<'a> PersonView<'a> {
    pub(crate) fn new(person: &'a Person) -> Self {
        match person {
            Either::Short(name) => Self::named(name, None),
            Either::Table(person) => Self {
                name: &person.name,
                title: person.title.as_deref(),
                roles: [&person.role, &person.team]
                    .into_iter()
                    .filter_map(|role| role.as_deref())
                    .collect(),
                via: person.via.as_deref(),
                assisted_by: person.assisted_by.as_deref(),
            },
        }
    }

    /// Creates a person of whom at most the title is known.
    pub(crate) fn named(name: &'a str, title: Option<&'a str>) -> Self {
        Self {
            name,
            title,
            roles: Vec::new(),
            via: None,
            assisted_by: None,
        }
    }

    pub(crate) fn all(people: &'a [Person]) -> Vec<Self> {
        people.iter().map(Self::new).collect()
    }
}

/// Content that the author adds to a section: evidence, tables, subsections.
#[derive(Debug, Clone, Serialize, Default)]
pub struct More<'a> {
    /// Custom fields, in the order of the settings.
    pub fields: Vec<FieldView<'a>>,
    /// Evidence, in order.
    pub evidence: Vec<EvidenceView<'a>>,
    /// Tables, in order.
    pub tables: Vec<TableView<'a>>,
    /// Subsections, in order.
    pub subsections: Vec<SubsectionView<'a>>,
}

/// A custom field with its value.
#[derive(Debug, Clone, Serialize)]
pub struct FieldView<'a> {
    /// The key.
    pub key: &'a str,
    /// The label.
    pub label: &'a str,
    /// The value: one text, or several of a list.
    pub values: Vec<String>,
    /// Whether the value is a URL.
    pub is_link: bool,
}

impl<'a> FieldView<'a> {
    /// Lists the fields of an incident that a section shows; all of them if none is given.
    ///
    /// An invalid value is left out; a check reports it.
    pub(crate) fn all(record: &Record, config: &'a Config, section: Option<Section>) -> Vec<Self> {
        let fields = config.fields.0.iter();
        let shown = fields.filter(|(_, field)| section.is_none_or(|one| one == field.section()));
        let view = |(key, field): &'a (Line, FieldSettings)| {
            let mut values = field.valid(record.incident.extra.get(&**key)?)?;
            if field.kind == FieldKind::Number {
                for value in &mut values {
                    if let Ok(count) = value.parse::<i64>() {
                        *value = separated(count);
                    }
                }
            }
            Some(Self {
                key,
                label: field.label.as_ref().unwrap_or(key),
                values,
                is_link: field.kind == FieldKind::Url,
            })
        };
        shown
            .filter_map(view)
            .filter(|field| !field.values.is_empty())
            .collect()
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, Serialize)]
pub struct EvidenceView<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The warning of its group, if it is the first of it that is shown; prose.
    pub group_warning: Option<&'a str>,
    /// A warning for readers who try it; prose.
    pub warning: Option<&'a str>,
    /// The code with its language, or the text of a file.
    pub code: Option<CodeView<'a>>,
    /// An image.
    pub picture: Option<PictureView<'a>>,
    /// A file that is neither text nor an image.
    pub file: Option<FileView>,
    /// The finding.
    pub finding: Option<&'a str>,
    /// The source.
    pub source: Option<&'a str>,
    /// The time it was taken.
    pub at: Option<MomentView>,
    /// The URL.
    pub url: Option<&'a str>,
}

/// A block of code.
#[derive(Debug, Clone, Serialize)]
pub struct CodeView<'a> {
    /// The language as written.
    pub language: &'a str,
    /// The code.
    pub code: &'a str,
    /// The file it comes from.
    pub file: Option<FileView>,
}

/// An image of the archive.
#[derive(Debug, Clone, Serialize)]
pub struct PictureView<'a> {
    /// The alternative text.
    pub alt: &'a str,
    /// The file.
    pub file: FileView,
}

/// A custom table.
#[derive(Debug, Clone, Serialize)]
pub struct TableView<'a> {
    /// The heading.
    pub title: &'a str,
    /// The environment that it describes.
    pub environment: Option<&'a str>,
    /// Whether it belongs under the heading of the table before it.
    pub continues: bool,
    /// The headings of its columns.
    pub columns: Vec<&'a str>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A custom subsection.
#[derive(Debug, Clone, Serialize)]
pub struct SubsectionView<'a> {
    /// The heading.
    pub title: &'a str,
    /// The text; prose.
    pub body: &'a str,
}

impl<'a> More<'a> {
    pub(crate) fn new(reader: &Reader<'a>, section: Section) -> Self {
        let record = reader.record;
        let incident = &record.incident;
        Self {
            fields: FieldView::all(record, reader.config, Some(section)),
            evidence: evidence(reader, section),
            tables: tables(record, section),
            subsections: incident
                .sections
                .iter()
                .filter(|custom| custom.section == Some(section))
                .map(|custom| SubsectionView {
                    title: &custom.title,
                    body: custom.body.as_deref().unwrap_or_default(),
                })
                .collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
            && self.evidence.is_empty()
            && self.tables.is_empty()
            && self.subsections.is_empty()
    }
}

/// Returns the evidence of a section: that of a group together, below its warning.
fn evidence<'a>(reader: &Reader<'a>, section: Section) -> Vec<EvidenceView<'a>> {
    let incident = &reader.record.incident;
    let all = incident.evidence.iter();
    let own: Vec<&Evidence> = all.filter(|piece| piece.section == section).collect();
    let place = |(index, piece): &(usize, &'a Evidence)| {
        let is_same = |other: &&Evidence| piece.group.is_some() && other.group == piece.group;
        own.iter().position(is_same).unwrap_or(*index)
    };
    let mut pieces: Vec<(usize, &Evidence)> = own.iter().copied().enumerate().collect();
    pieces.sort_by_key(place);
    let mut opened = None;
    let view = |(_, piece): (usize, &'a Evidence)| {
        let group = piece.group.as_deref();
        let is_new = group.is_some() && opened != group;
        opened = group;
        let warning = group.filter(|_| is_new);
        let warning = warning.and_then(|key| incident.evidence_groups.get(key));
        EvidenceView {
            group_warning: warning.map(|group| &*group.warning),
            ..EvidenceView::new(reader, piece)
        }
    };
    pieces.into_iter().map(view).collect()
}

/// Returns the tables of a section; those of several environments in a row share a heading.
fn tables(record: &Record, section: Section) -> Vec<TableView<'_>> {
    let mut before: Option<&Table> = None;
    let all = record.incident.tables.iter();
    all.filter(|table| table.section == section)
        .map(|table| TableView {
            title: &table.title,
            environment: table.environment.as_deref(),
            continues: table.environment.is_some()
                && before.replace(table).is_some_and(|before| {
                    before.environment.is_some() && before.title == table.title
                }),
            columns: table.columns.iter().map(|column| &**column).collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.iter().map(cell).collect())
                .collect(),
        })
        .collect()
}

/// Formats a cell: a line as written, a number with thousands separators.
pub(crate) fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Line(line) => line.to_string(),
        Cell::Count(count) => separated(*count),
    }
}

impl<'a> EvidenceView<'a> {
    fn new(reader: &Reader<'a>, evidence: &'a Evidence) -> Self {
        let record = reader.record;
        let language = evidence.language.as_deref().unwrap_or_default();
        let file = evidence
            .file
            .as_ref()
            .and_then(|path| FileView::new(reader, path));
        let text = evidence.file.as_ref();
        let text = text.and_then(|path| record.text_of(path));
        let code = match (&evidence.code, text) {
            (Some(code), _) => Some(CodeView {
                language,
                code,
                file: file.clone(),
            }),
            (None, Some(text)) => Some(CodeView {
                language,
                code: text,
                file: file.clone(),
            }),
            (None, None) => None,
        };
        let is_picture = file.as_ref().is_some_and(|file| is_picture(&file.path));
        let (picture, file) = match file {
            Some(file) if is_picture => (
                Some(PictureView {
                    alt: evidence
                        .alt
                        .as_deref()
                        .or(evidence.title.as_deref())
                        .or(evidence.file.as_deref())
                        .unwrap_or_default(),
                    file,
                }),
                None,
            ),
            other if code.is_none() => (None, other),
            _ => (None, None),
        };
        Self {
            title: evidence.title.as_deref(),
            group_warning: None,
            warning: evidence.warning.as_deref(),
            code,
            picture,
            file,
            finding: evidence.finding.as_deref(),
            source: evidence.source.as_deref(),
            at: reader.when(evidence.at.as_ref(), evidence.event.as_ref()),
            url: evidence.url.as_deref(),
        }
    }
}
