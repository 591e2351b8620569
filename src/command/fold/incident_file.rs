//! The sides of a merge conflict in an incident's file, joined by what both had before.

use anyhow::{Context, bail};
use camino::Utf8Path;

use super::sides::{common, two_incidents};
use crate::edit::toml::{Contested, merge};
use crate::load::title;

/// Returns the joined text, and a note for each value that both sides changed.
///
/// # Errors
/// Returns an error if only a person can join the sides.
pub(super) fn joined(
    root: &Utf8Path,
    id: &str,
    file: &Utf8Path,
    [first, second]: &[String; 2],
) -> anyhow::Result<(String, String)> {
    let common = common(root, file);
    if common.is_none() && title(first) != title(second) {
        bail!(two_incidents(id, file));
    }
    let merged = merge(common.as_deref(), first, second).with_context(|| {
        format!("the sides of the conflict in `{file}` cannot be joined; resolve it by hand")
    })?;
    let (text, contested) = merged;
    let notes = contested.iter().map(|contested| {
        let Contested {
            path,
            kept,
            left_out,
        } = contested;
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "removed".to_owned());
        format!(
            "  both sides changed `{path}`: kept {}, not {}\n",
            value(kept),
            value(left_out)
        )
    });
    Ok((text, notes.collect()))
}
