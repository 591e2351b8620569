//! The action item that `afterword actions done|cancel|move` changes, and how it is found.

use anyhow::{anyhow, bail};
use camino::Utf8Path;

use crate::archive::Record;
use crate::audience::Audience;
use crate::command::change::{Change, refused};
use crate::command::terminal::echo;
use crate::command::{Outcome, incident, report, summaries};
use crate::diagnostic::{self, Level};
use crate::facts::Summary;
use crate::load;
use crate::source::Path;

/// The action item that a command changes.
#[derive(Debug, clap::Args)]
pub(super) struct Item {
    /// Incident ID in full, if needed, and the action item: by its ID, by the end of its ID, such as `0001-A2`, or by its
    /// number in the incident, such as `A2`.
    #[arg(value_name = "ACTION", required = true)]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,
}

impl Item {
    /// Changes the action item, and prints what `edit` says that it did, or why it refused.
    pub(super) fn change(
        &self,
        root: &Utf8Path,
        verb: &str,
        edit: impl FnOnce(&mut Change, Path) -> anyhow::Result<Result<String, String>>,
    ) -> anyhow::Result<Outcome> {
        let Some((id, typed)) = self.incident(root)? else {
            return Ok(Outcome::Problems);
        };
        let Some(mut change) = Change::begin(root, &id)? else {
            return Ok(Outcome::Problems);
        };
        let index = match index(change.record(), &typed) {
            Ok(index) => index,
            Err(reason) => return Ok(refused(reason)),
        };
        let path = Path::new().key("action_items").index(index);
        let done = match edit(&mut change, path)? {
            Ok(done) => done,
            Err(reason) => return Ok(refused(reason)),
        };
        let action = change.record().action_id(index);
        let Some(written) = change.write(&format!("actions {verb} {action}"))? else {
            return Ok(Outcome::Problems);
        };
        let text = written.after.incident.action_items.get(index);
        let text = text
            .map(|item| item.action.trim().to_owned())
            .unwrap_or_default();
        echo(&format!("{action}  {text}: {done}\n"))?;
        Ok(Outcome::Done)
    }

    /// Finds the incident with the action item: the one that is named, or the one with an item of that ID.
    fn incident(&self, root: &Utf8Path) -> anyhow::Result<Option<(String, String)>> {
        let named = self.incident.as_deref();
        let (typed, others) = match self.words.as_slice() {
            [first, action] => (action, Some(std::slice::from_ref(first))),
            [_, _, ..] => bail!(
                "expected one action item, found `{}`; put a value of several words in quotes",
                self.words.join(" ")
            ),
            words => (
                words
                    .first()
                    .ok_or_else(|| anyhow!("missing action item"))?,
                None,
            ),
        };
        let found = |found: Option<(String, &[String])>| found.map(|(id, _)| (id, typed.clone()));
        if let Some([first]) = others.filter(|_| named.is_none())
            && is_action(root, first)
        {
            if number(typed).is_some() || is_action(root, typed) {
                bail!(
                    "one action item at a time: `{first}` is one, and `{typed}` another; nothing written"
                );
            }
            bail!("unexpected `{typed}` after `{first}`; put a value of several words in quotes");
        }
        if let Some(id) = others {
            let Some((incident, rest)) = incident::to_change(root, named, id)? else {
                return Ok(None);
            };
            return match rest {
                [] => Ok(Some((incident, typed.clone()))),
                [other, ..] => Err(anyhow!("incident `{other}` not found")),
            };
        }
        if named.is_some() || number(typed).is_some() {
            return Ok(found(incident::to_change(root, named, &[])?));
        }
        let (mut loaded, read) = summaries::read(root, Audience::Confidential)?;
        let with_it = |summary: &&Summary| {
            let ids = summary.actions.iter();
            position(&ids.map(|item| item.id).collect::<Vec<_>>(), typed).is_some()
        };
        let mut with_it = read.summaries.iter().filter(with_it);
        match (with_it.next(), with_it.next()) {
            (Some(only), None) => Ok(Some((only.id.clone(), typed.clone()))),
            (None, _) => {
                // An incident that cannot be read may have it.
                let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
                diagnostics.extend(read.diagnostics);
                diagnostics.retain(|found| found.level == Level::Error);
                diagnostic::sort(&mut diagnostics, &loaded.sources);
                report(&diagnostics, &loaded.sources);
                let unread = match diagnostics.as_slice() {
                    [] => "",
                    _ => " in the incidents that can be read",
                };
                Err(anyhow!(
                    "unknown action item `{typed}`{unread}; `afterword actions` lists them; nothing written"
                ))
            }
            (Some(one), Some(other)) => Err(anyhow!(
                "`{typed}` is in `{}` and in `{}`; add `--incident`",
                one.id,
                other.id
            )),
        }
    }
}

/// Returns `true` if a word that is not the ID of an incident is like that of an action item: `A2`, `INC-2026-0001-A2`.
fn is_action(root: &Utf8Path, word: &str) -> bool {
    let ids = load::taken_ids(root);
    let last = word.rsplit('-').next().unwrap_or(word);
    let is_number = last.starts_with(['A', 'a']) && number(last).is_some();
    is_number && !ids.iter().any(|id| id.eq_ignore_ascii_case(word))
}

/// Parses the number of an action item in its incident: `A2` or `2`.
fn number(typed: &str) -> Option<usize> {
    let digits = typed.strip_prefix(['A', 'a', '#']).unwrap_or(typed);
    digits.parse().ok().filter(|number| *number > 0)
}

/// Finds an action item by its ID, the end of its ID, or its number.
fn index(record: &Record, typed: &str) -> Result<usize, String> {
    let count = record.incident.action_items.len();
    let ids: Vec<String> = (0..count).map(|index| record.action_id(index)).collect();
    let by_number = || {
        number(typed)
            .filter(|number| *number <= count)
            .map(|number| number - 1)
    };
    position(&ids, typed).or_else(by_number).ok_or_else(|| {
        let known = if ids.is_empty() {
            "it has none".to_owned()
        } else {
            format!("it has `{}`", ids.join("`, `"))
        };
        format!("`{}` has no action item `{typed}`; {known}", record.id)
    })
}

/// Finds an action item by its ID, or the end of its ID, among those of an incident.
fn position(ids: &[impl AsRef<str>], typed: &str) -> Option<usize> {
    let mut all = ids.iter().map(AsRef::as_ref);
    let exact = all.position(|id| id.eq_ignore_ascii_case(typed));
    exact.or_else(|| {
        let end = format!("-{}", typed.to_ascii_lowercase());
        let ends = |id: &str| id.to_ascii_lowercase().ends_with(&end);
        let all = ids.iter().map(AsRef::as_ref).enumerate();
        let mut found = all.filter(|(_, id)| ends(id));
        let (index, _) = found.next()?;
        found.next().is_none().then_some(index)
    })
}
