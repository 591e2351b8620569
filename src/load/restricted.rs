//! The audience of incidents whose files have errors, as far as they can be parsed.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::files::Files;
use super::record::default_timeline;
use super::{INCIDENTS, files, limits, schema, shape};
use crate::archive::{self, entries_folder};
use crate::audience::Audience;
use crate::config::Config;
use crate::kind::{self, FilePath};
use crate::source::{Limits, Node, Source, Value};

/// Returns the most restricted audience that the files of each of these incidents name.
///
/// An incident is omitted if its files do not show its audience for certain: if one of them cannot be parsed
/// completely, or has an unknown key that may be a misspelled `classification`. The name of an audience counts at any
/// key, for the same reason.
#[must_use]
pub fn restrictions(
    root: &Utf8Path,
    config: &Config,
    ids: &BTreeSet<String>,
) -> BTreeMap<String, Audience> {
    let limits = limits(&config.limits);
    let incidents = files::list(root, INCIDENTS, "toml", &mut Vec::new());
    let restriction = |id: &String| {
        // If two files have the same ID, either may be the one that was published.
        let of_id = incidents.iter().filter(|path| {
            path.file_stem()
                .is_some_and(|stem| stem.eq_ignore_ascii_case(id))
        });
        let audiences: Option<Vec<Audience>> =
            of_id.map(|path| restriction(root, path, &limits)).collect();
        Some((id.clone(), audiences?.into_iter().max()?))
    };
    ids.iter().filter_map(restriction).collect()
}

fn restriction(root: &Utf8Path, path: &Utf8Path, limits: &Limits) -> Option<Audience> {
    let incident = parsed(root, path, limits)?;
    let value = |key: &str| incident.get(key).map(|node| &node.value);
    let classification = match value("classification") {
        Some(Value::String(word)) => Audience::named(word)?,
        Some(_) => return None,
        None => {
            let diagnostics = shape::walk(schema::incident(), &incident, path, kind::FORMATS);
            if diagnostics
                .iter()
                .any(|diagnostic| diagnostic.code == shape::UNKNOWN_KEY)
            {
                return None;
            }
            Audience::default()
        }
    };
    let timeline = match value("timeline") {
        Some(Value::String(given)) => {
            let given = FilePath::new(given.as_ref()).ok()?;
            archive::resolve(path, &given)?
        }
        Some(_) => return None,
        None => default_timeline(path.file_stem()?),
    };
    let mut most = named(&incident).max(Some(classification));
    let mut problems = Vec::new();
    let entries = Files::from(root).list(&entries_folder(&timeline), "json", &mut problems);
    let is_missing =
        !files::exists(root, &timeline) && (value("timeline").is_none() || !entries.is_empty());
    for file in entries
        .iter()
        .chain([&timeline].into_iter().filter(|_| !is_missing))
    {
        most = most.max(named(&parsed(root, file, limits)?));
    }
    most.filter(|_| problems.is_empty())
}

/// Parses a file of the archive; `None` unless all of it could be parsed.
fn parsed(root: &Utf8Path, path: &Utf8Path, limits: &Limits) -> Option<Node<'static>> {
    let bytes = files::read(root, path, limits.file_bytes as u64).ok()?;
    let source = Source::decode(path, &bytes).ok()?;
    let (tree, errors) = source.syntax().parse(source.text(), limits);
    errors.is_empty().then(|| tree.into_owned())
}

/// Returns the most restricted audience that any string of a tree names, or `None`.
fn named(node: &Node) -> Option<Audience> {
    match &node.value {
        Value::String(word) => Audience::named(&word.trim().to_ascii_lowercase()),
        Value::Array(nodes) => nodes.iter().filter_map(named).max(),
        Value::Table(members) => members
            .iter()
            .filter_map(|member| named(&member.node))
            .max(),
        _ => None,
    }
}
