//! The files of an incident: where each part of it was read.

use super::*;

/// The customers that a CSV file lists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomersFile {
    /// The path, relative to the archive.
    pub path: Utf8PathBuf,
    /// The rows, in the order of the file; none in a copy for external readers.
    pub rows: Vec<Customer>,
    /// The span of the name of each row.
    pub names: Vec<Span>,
    /// The SHA-256 of the file, in hexadecimal.
    pub digest: String,
}

/// The location of a row of the customer table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerRow<'a> {
    /// A row of the incident's file, by its index.
    Typed(usize),
    /// A row of the customers file, by the span of its name.
    InFile(&'a Utf8Path, Span),
}

/// The paths of an incident's files, relative to the archive, and their digests.
///
/// Only the paths are serialized: a list that shows the same of an incident stays the same if other words of it change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSource {
    /// The incident's file.
    pub incident: Utf8PathBuf,
    /// The timeline's file, if there is one.
    pub timeline: Option<Utf8PathBuf>,
    /// The SHA-256 of the incident's file, in hexadecimal.
    #[serde(skip)]
    pub incident_digest: String,
    /// The SHA-256 of the timeline in hexadecimal: of its file, or of the file that would hold its entries too.
    #[serde(skip)]
    pub timeline_digest: Option<String>,
    /// The entries of the timeline that are files of their own.
    #[serde(skip)]
    pub entries: Entries,
    /// The size of all of these files in bytes.
    #[serde(skip)]
    pub bytes: u64,
}

/// The entries of a timeline that are files of their own, in `ID.d` beside `ID.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entries {
    /// The SHA-256 of the timeline's own file, in hexadecimal; `None` if it does not exist.
    pub timeline_digest: Option<String>,
    /// The path of each entry and the SHA-256 of its file, in order of their names.
    pub files: Vec<(Utf8PathBuf, String)>,
    /// The place of each event of the joined timeline; empty if all of them are in the timeline's file.
    pub places: Vec<EventPlace>,
    /// The marks that count elsewhere: of two events with the same mark, the earlier one keeps it.
    pub repeated: Vec<RepeatedMark>,
}

/// A mark that an entry sets although another event has it too, as when it was recorded in two clones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepeatedMark {
    /// The mark.
    pub mark: Mark,
    /// The index of the later event, which no longer has it.
    pub event: usize,
    /// The index of the earlier event, which keeps it.
    pub kept: usize,
}

/// The place of an event in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventPlace {
    /// In the timeline's file, at an index of `events`.
    Timeline(usize),
    /// In a file of its own, by the index of that file.
    Entry(usize),
}

/// Returns the folder with the entries of a timeline.
#[must_use]
pub fn entries_folder(timeline: &Utf8Path) -> Utf8PathBuf {
    timeline.with_extension("d")
}

impl RecordSource {
    /// Returns the incident's file, its timeline, and the folder with the entries of the timeline.
    pub fn paths(&self) -> impl Iterator<Item = Utf8PathBuf> {
        let timeline = self.timeline.iter();
        let timeline = timeline.flat_map(|file| [file.clone(), entries_folder(file)]);
        std::iter::once(self.incident.clone()).chain(timeline)
    }

    /// Returns `true` if the files have the same content, however it is divided between the timeline and its entries.
    #[must_use]
    pub fn has_content_of(&self, other: &Self) -> bool {
        let content = |source: &Self| {
            let paths = (source.incident.clone(), source.timeline.clone());
            let digests = (
                source.incident_digest.clone(),
                source.timeline_digest.clone(),
            );
            (paths, digests)
        };
        content(self) == content(other)
    }

    /// Returns the place of an event of the timeline.
    #[must_use]
    pub fn place(&self, event: usize) -> EventPlace {
        let place = self.entries.places.get(event);
        place.copied().unwrap_or(EventPlace::Timeline(event))
    }

    /// Returns where a key path of the joined timeline is in the files.
    #[must_use]
    pub fn located(&self, file: &Utf8Path, path: &Path) -> (Utf8PathBuf, Path) {
        let unchanged = || (file.to_owned(), path.clone());
        let ([Segment::Key(key), Segment::Index(event), rest @ ..], true) =
            (path.segments(), Some(file) == self.timeline.as_deref())
        else {
            return unchanged();
        };
        if key != "events" {
            return unchanged();
        }
        let below = |path: Path| rest.iter().cloned().fold(path, Path::step);
        match self.place(*event) {
            EventPlace::Timeline(index) => (
                file.to_owned(),
                below(Path::new().key("events").index(index)),
            ),
            EventPlace::Entry(entry) => match self.entries.files.get(entry) {
                Some((entry, _)) => (entry.clone(), below(Path::new())),
                None => unchanged(),
            },
        }
    }
}

/// The content of a file that an incident refers to, as far as it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferredFile {
    /// The archive has no regular file of that name.
    Missing,
    /// A regular file that is not text, or whose text is not printed; with its size if it is a picture whose size is known.
    Opaque(Option<PictureSize>),
    /// The text of a file that the report shows.
    Text(String),
    /// The text of a file that the report shows, but that is not published itself.
    Quoted(String),
}

impl ReferredFile {
    /// Returns the text that the report shows.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Quoted(text) => Some(text),
            Self::Missing | Self::Opaque(_) => None,
        }
    }
}
