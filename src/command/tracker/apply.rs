//! `afterword actions apply`: writes the URLs of created issues to their action items.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use serde_json::Value;

use super::super::terminal::remark;
use super::super::{Outcome, eprint_line, or_meant};
use super::{Edit, Item, items, loaded, outside, write_edits};
use crate::facts::counted;
use crate::kind::Url;
use crate::source::{Source, SourceError};
use crate::tracker::{self, is_same_address};

/// The arguments of `actions apply`.
#[derive(Debug, clap::Args)]
pub struct ApplyArguments {
    /// JSON file, or `-` for standard input, with the `key` of the plan and the `url` of the issue for each issue that was created.
    results: Utf8PathBuf,
}

/// An issue that was created.
#[derive(Deserialize)]
struct Created {
    key: String,
    url: String,
}

/// Writes the URLs of created issues to their action items.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub(in crate::command) fn apply(
    root: &Utf8Path,
    arguments: &ApplyArguments,
) -> anyhow::Result<Outcome> {
    let Some(loaded) = loaded(root) else {
        return Ok(Outcome::Problems);
    };
    let file = &arguments.results;
    let Some(created) = outside(file, &loaded.archive.config, created)? else {
        return Ok(Outcome::Problems);
    };
    let items: BTreeMap<String, Item> = items(&loaded.archive.records)
        .map(|item| (item.key(), item))
        .collect();
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    let mut errors = Vec::new();
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    let mut linked: Vec<(String, &str)> = items
        .iter()
        .filter_map(|(key, item)| Some((key.clone(), item.item.url.as_deref()?)))
        .collect();
    for Created { key, url } in &created {
        let Some(item) = items.get(key) else {
            let near = or_meant(key, items.keys().map(String::as_str));
            errors.push(format!(
                "no action item has the key `{key}`{near}; was its text changed since the plan?"
            ));
            continue;
        };
        if let Err(reason) = Url::new(url.as_str()) {
            errors.push(format!("`{key}`: {reason}"));
            continue;
        }
        if let Some(first) = given
            .insert(key, url)
            .filter(|first| *first != url.as_str())
        {
            errors.push(format!(
                "`{key}` has two URLs: `{first}` and `{url}`; keep one of them"
            ));
            continue;
        }
        let mut others = linked.iter().filter(|(other, _)| other != key);
        if let Some((other, _)) = others.find(|(_, own)| is_same_address(own, url)) {
            errors.push(format!(
                "`{key}` and `{other}` have the same URL `{url}`; each needs an issue of its own"
            ));
            continue;
        }
        linked.push((key.clone(), url));
        match item.item.url.as_deref() {
            Some(own) if own == url.as_str() => {}
            Some(own) => errors.push(format!(
                "`{key}` already links to `{own}`; remove that `url` if `{url}` replaces it"
            )),
            None => {
                let set = vec![("url", Some(Value::from(url.as_str())))];
                edits.entry(&item.record.id).or_default().push(Edit {
                    index: item.index,
                    set,
                });
            }
        }
    }
    if !errors.is_empty() {
        for error in errors {
            eprint_line(&format!("error: `{file}`: {error}"));
        }
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    }
    let count = edits.values().map(Vec::len).sum::<usize>();
    if !write_edits(root, &edits, "actions apply")? {
        return Ok(Outcome::Problems);
    }
    remark(&format!(
        "added the URL of {}",
        counted(count, "action item")
    ));
    Ok(Outcome::Done)
}

/// Reads the results: a list, or an object with the list `issues` as a plan has it.
fn created(source: &Source) -> Result<Vec<Created>, SourceError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Results {
        List(Vec<Created>),
        Plan { issues: Vec<Created> },
    }
    let help = "write a list with the `key` and the `url` of each issue, as in `[{ \"key\": \"INC-2026-0001-A1\", \"url\": \"https://…\" }]`";
    let value = tracker::parsed(source.text(), help)?;
    let results = serde_json::from_value(value).map_err(|_| {
        SourceError::of_file(tracker::CODE, "not a list of created issues").help(help)
    })?;
    Ok(match results {
        Results::List(list) | Results::Plan { issues: list } => list,
    })
}
