//! Prints diagnostics as text, in the style of `rustc`.

use super::{Code, Diagnostic, Level, Location, Sources, by_file, snippet, visible};
use crate::source::{Position, Source, Span};
use annotate_snippets::{
    AnnotationKind, Group, Level as Title, Origin, Padding, Renderer, Snippet,
};
use camino::Utf8Path;
use std::collections::{BTreeMap, BTreeSet};

/// The style of printed diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without colours.
    Plain,
    /// With colours, as ANSI escape sequences.
    Coloured,
}

/// The maximum number of lines between two locations in one snippet.
const NEAR: usize = 40;

/// The number of problems with one code that [`excerpt`] prints.
const MOST: usize = 100;

/// Prints each diagnostic with its source lines, and a last line with the number of problems.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut text = blocks(diagnostics, sources, style);
    if !diagnostics.is_empty() {
        text.push_str(&count(diagnostics));
        text.push('\n');
    }
    text
}

/// Prints as [`print`] does, but only the first problems with each code, and then how many more there are.
///
/// The count in the last line is of all problems.
pub fn excerpt(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    let first = |diagnostic: &&Diagnostic| {
        let so_far = counts.entry(diagnostic.code).or_default();
        *so_far += 1;
        *so_far <= MOST
    };
    let shown: Vec<Diagnostic> = diagnostics.iter().filter(first).cloned().collect();
    if shown.len() == diagnostics.len() {
        return print(diagnostics, sources, style);
    }
    let mut text = blocks(&shown, sources, style);
    for (code, all) in counts.into_iter().filter(|(_, all)| *all > MOST) {
        text.push_str(&format!("and {} more of `{code}`\n", all - MOST));
    }
    text.push_str(&count(diagnostics));
    text.push_str("; print all with `afterword check --all`\n");
    text
}

/// Prints each diagnostic with its source lines, followed by an empty line.
pub fn blocks(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut text = String::new();
    by_file(diagnostics, sources, |diagnostic, sources| {
        text.push_str(&one(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    });
    text
}

/// Returns the number of errors and warnings, as in `2 errors and 1 warning in 3 files`.
pub fn count(diagnostics: &[Diagnostic]) -> String {
    let count = |level| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.level == level)
            .count()
    };
    let files: BTreeSet<&Utf8Path> = diagnostics
        .iter()
        .filter_map(|diagnostic| Some(diagnostic.primary()?.file.as_path()))
        .collect();
    let number = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{count} {noun}s")),
    };
    let parts = [
        number(count(Level::Error), "error"),
        number(count(Level::Warning), "warning"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match number(files.len(), "file") {
        Some(files) => format!("{} in {files}", parts.join(" and ")),
        None => parts.join(" and "),
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let title = match diagnostic.level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
    };
    let message = visible::line(&diagnostic.message);
    let mut group = Group::with_title(title.primary_title(message).id(diagnostic.code));
    let mut headers = Vec::new();
    let mut below_lines = false;
    for cluster in clusters(&diagnostic.locations, sources) {
        group = match cluster.source {
            Some(source) if headers.is_empty() || cluster.is_labelled() => {
                let cut = snippet::snippet(source, &cluster.spans());
                headers.push(Header::new(source, &cluster, cut.shown));
                below_lines = true;
                let is_first = headers.len() == 1;
                let marks = cluster.locations.iter().zip(&cut.spans).enumerate();
                let marks = marks.map(|(at, ((location, _), range))| {
                    let is_primary = is_first && at == 0;
                    let kind = if is_primary {
                        AnnotationKind::Primary
                    } else {
                        AnnotationKind::Context
                    };
                    let label = visible::line(&location.label).into_owned();
                    kind.span(range.clone())
                        .label(Some(label).filter(|label| !label.is_empty()))
                });
                let shown = Snippet::source(cut.text)
                    .line_start(cut.line)
                    .path(visible::line(source.path().as_str()));
                group.element(shown.annotations(marks.collect::<Vec<_>>()))
            }
            source => {
                let (location, span) = cluster.first;
                let origin = Origin::path(visible::line(location.file.as_str()));
                let origin = match source.map(|source| source.position(span.start)) {
                    Some(at) => origin.line(at.line).char_column(at.column),
                    None => origin,
                };
                let is_below_lines = std::mem::take(&mut below_lines);
                let group = if is_below_lines {
                    group.element(Padding)
                } else {
                    group
                };
                group.element(origin)
            }
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Title::HELP.message(visible::lines(help)));
    }
    let printed = renderer.render(&[group]);
    if headers.is_empty() {
        // Without line numbers the printer omits their margin.
        return printed.replace('\n', "\n ");
    }
    headers
        .iter()
        .fold(printed, |printed, header| header.correct(printed))
}

/// Locations that one snippet shows.
struct Cluster<'a> {
    first: (&'a Location, Span),
    /// All locations, including the first.
    locations: Vec<(&'a Location, Span)>,
    /// `None` if the file's text is unknown or the location is the whole file.
    source: Option<&'a Source>,
}

impl Cluster<'_> {
    /// Returns `true` if a location has a label. The lines of further locations without one only repeat the first.
    fn is_labelled(&self) -> bool {
        self.locations
            .iter()
            .any(|(location, _)| !location.label.is_empty())
    }

    fn spans(&self) -> Vec<Span> {
        self.locations.iter().map(|(_, span)| *span).collect()
    }

    fn accepts(&self, source: &Source, span: Span) -> bool {
        self.source.is_some_and(|shown| {
            let line = |span: Span| shown.position(span.start).line;
            shown.path() == source.path() && line(self.first.1).abs_diff(line(span)) <= NEAR
        })
    }
}

fn clusters<'a>(locations: &'a [Location], sources: &'a Sources) -> Vec<Cluster<'a>> {
    let mut clusters: Vec<Cluster<'a>> = Vec::new();
    for location in locations {
        let span = sources.span(&location.file, &location.at);
        let source = span.and_then(|_| sources.get(&location.file));
        let found = (location, span.unwrap_or_default());
        let near = source.and_then(|source| {
            clusters
                .iter_mut()
                .find(|cluster| cluster.accepts(source, found.1))
        });
        match near {
            Some(cluster) => cluster.locations.push(found),
            None => clusters.push(Cluster {
                first: found,
                locations: vec![found],
                source,
            }),
        }
    }
    clusters
}

/// The line and column that the printer shows for a snippet, and the actual ones.
///
/// They differ if a line was shortened or a hidden character was made visible.
struct Header {
    path: String,
    shown: (usize, usize),
    position: Position,
}

impl Header {
    fn new(source: &Source, cluster: &Cluster<'_>, shown: (usize, usize)) -> Self {
        Self {
            path: visible::line(source.path().as_str()).into_owned(),
            shown,
            position: source.position(cluster.first.1.start),
        }
    }

    fn correct(&self, printed: String) -> String {
        let Position { line, column } = self.position;
        if self.shown == (line, column) {
            return printed;
        }
        let wrong = format!("{}:{}:{}", self.path, self.shown.0, self.shown.1);
        printed.replacen(&wrong, &format!("{}:{line}:{column}", self.path), 1)
    }
}
