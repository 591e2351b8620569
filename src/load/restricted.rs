//! The audience of incidents whose files have errors, as far as they can be parsed.
//!
//! Every value that may restrict what an audience sees must be readable, whatever else is wrong in the files.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::files::Files;
use super::record::default_timeline;
use super::{INCIDENTS, files, limits, schema, shape};
use crate::archive::{self, entries_folder};
use crate::audience::Audience;
use crate::config::Config;
use crate::kind::{self, FilePath};
use crate::source::{Limits, Node, Source, Value, nearest};

/// Returns the most restricted audience that the files of each of these incidents name.
///
/// An incident is omitted if its files do not show its audience for certain: if one of them cannot be parsed
/// completely, hides an event, has a value of `visibility` or a similar key that names no audience, or has an unknown key
/// that may be a misspelled `classification`. The name of an audience counts at any key, for the same reason.
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
        let audiences: Option<Vec<Audience>> = of_id
            .map(|path| restriction(root, config, path, &limits))
            .collect();
        Some((id.clone(), audiences?.into_iter().max()?))
    };
    ids.iter().filter_map(restriction).collect()
}

fn restriction(
    root: &Utf8Path,
    config: &Config,
    path: &Utf8Path,
    limits: &Limits,
) -> Option<Audience> {
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
    let mut most = named(&incident)?.max(classification);
    if let Some(Value::Table(fields)) = value("extra") {
        let fields = fields
            .iter()
            .filter_map(|field| config.fields.get(&field.key));
        most = fields.map(|field| field.audience).fold(most, Audience::max);
    }
    let mut problems = Vec::new();
    let entries = Files::from(root).list(&entries_folder(&timeline), "json", &mut problems);
    let is_missing =
        !files::exists(root, &timeline) && (value("timeline").is_none() || !entries.is_empty());
    for file in entries
        .iter()
        .chain([&timeline].into_iter().filter(|_| !is_missing))
    {
        most = most.max(named(&parsed(root, file, limits)?)?);
    }
    problems.is_empty().then_some(most)
}

/// Parses a file of the archive; `None` unless all of it could be parsed.
fn parsed(root: &Utf8Path, path: &Utf8Path, limits: &Limits) -> Option<Node<'static>> {
    let bytes = files::read(root, path, limits.file_bytes as u64).ok()?;
    let source = Source::decode(path, &bytes).ok()?;
    let (tree, errors) = source.syntax().parse(source.text(), limits);
    errors.is_empty().then(|| tree.into_owned())
}

/// The keys whose value is an audience.
const AUDIENCES: [&str; 3] = ["audience", "classification", "visibility"];

/// The key of an event that nobody may see.
const HIDDEN: &str = "hidden";

/// The key of the phrases that not everyone may see.
const REDACT: &str = "redact";

/// Returns the most restricted audience that a tree names; `None` if a part of it is hidden, or if a value that restricts
/// it cannot be read.
fn named(node: &Node) -> Option<Audience> {
    match &node.value {
        Value::String(word) => Some(audience(word).unwrap_or(Audience::Public)),
        Value::Array(nodes) => most(nodes.iter().map(named)),
        Value::Table(members) => most(members.iter().map(|member| {
            let meant = meant(&member.key);
            match (&member.node.value, meant) {
                (Value::String(word), Some(key)) if AUDIENCES.contains(&key) => audience(word),
                (_, Some(key)) if AUDIENCES.contains(&key) => None,
                (Value::Bool(false), Some(HIDDEN)) => Some(Audience::Public),
                (_, Some(HIDDEN)) => None,
                // A phrase is for the most restricted audience unless it says otherwise.
                (Value::Array(phrases), Some(REDACT)) if !phrases.is_empty() => {
                    most(phrases.iter().map(|phrase| match phrase.get("audience") {
                        Some(_) => named(phrase),
                        None => Some(Audience::Confidential),
                    }))
                }
                _ => named(&member.node),
            }
        })),
        _ => Some(Audience::Public),
    }
}

fn most(mut audiences: impl Iterator<Item = Option<Audience>>) -> Option<Audience> {
    audiences.try_fold(Audience::Public, |most, one| Some(most.max(one?)))
}

fn audience(word: &str) -> Option<Audience> {
    Audience::named(&word.trim().to_ascii_lowercase())
}

/// Returns the key that restricts what can be seen, if a key is one or a misspelling of one.
fn meant(key: &str) -> Option<&'static str> {
    let keys = AUDIENCES.into_iter().chain([HIDDEN, REDACT]);
    nearest(key, keys).map(|(meant, _)| meant)
}

#[cfg(test)]
mod tests;
