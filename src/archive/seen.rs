//! An incident as an audience sees it: without its restricted parts, and with other texts in place of redacted phrases.
//!
//! Events, messages and references are not among those parts: marks and response times need all of them, so
//! the views leave out what the audience may not see.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::mem;

use serde_json::{Map, Value};

use super::{Record, ReferredFile};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Fix, Redaction, Step};
use crate::kind::{Either, Identifier, Line, Rewrite, Role, Step as KeyStep, Strings, Visit};

mod phrases;

use phrases::Values;
pub use phrases::{Phrases, occurrences};

/// The fewest characters of a text by which it is known again: shorter ones, such as `High`, occur anywhere.
const TELLING: usize = 8;

/// Facts about the parts that were left out of the copy for an audience; empty for a whole incident.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    /// The texts that replace redacted ones.
    redacted: BTreeSet<String>,
    /// Whether a fix that was left out is still to be deployed.
    is_fix_pending: bool,
}

impl Record {
    /// Returns `true` if a name is that of the files, and `false` if this copy has it instead of a redacted one.
    ///
    /// Different names may be redacted to the same text, so nothing may be joined or counted by it.
    #[must_use]
    pub fn is_own(&self, name: &str) -> bool {
        !self.withheld.redacted.contains(name)
    }

    /// Returns `true` if the fix is deployed, or if there is none.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        let fix = self.incident.fix.as_ref();
        !self.withheld.is_fix_pending && fix.is_none_or(Fix::is_deployed)
    }

    /// Returns the phrases that an audience may not see.
    #[must_use]
    pub fn phrases(&self, audience: Audience) -> Phrases {
        let hidden = |redaction: &&Redaction| !audience.may_read(redaction.audience());
        let mut phrases: Vec<Redaction> = self
            .incident
            .redact
            .iter()
            .filter(hidden)
            .cloned()
            .collect();
        phrases.sort_by_key(|redaction| Reverse(redaction.text.len()));
        Phrases(phrases)
    }

    /// Returns the incident as an audience that may read it sees it.
    #[must_use]
    pub fn seen_by(&self, audience: Audience, config: &Config) -> Cow<'_, Self> {
        let hides = |marked: Audience| !audience.may_read(marked);
        let phrases = self.phrases(audience);
        if !self.restrictions(config).any(hides) {
            return Cow::Borrowed(self);
        }
        let mut record = self.clone();
        record.withhold(&hides);
        let extra = &mut record.incident.extra;
        extra.retain(|key, _| !hides(field_audience(key, config)));
        if !phrases.0.is_empty() {
            // The other phrases are redacted in a copy of this copy, such as a draft for customers.
            (record.incident.redact).retain(|redaction| !hides(redaction.audience()));
            let values = Values::beside(self);
            let names = RefCell::new(mem::take(&mut record.withheld.redacted));
            record.redact(&|role, text| {
                let new = phrases.replaced_in(role, text, &values)?;
                if !new.contains('\n') {
                    names.borrow_mut().insert(new.clone());
                }
                Some(new)
            });
            record.withheld.redacted = names.into_inner();
        }
        Cow::Owned(record)
    }

    /// Returns the audiences that its parts and phrases are marked for. Two audiences that may read the same of these
    /// see the same of the incident.
    pub fn restrictions(&self, config: &Config) -> impl Iterator<Item = Audience> {
        let incident = &self.incident;
        let steps = incident.resolution.iter().flat_map(|resolution| {
            let phases = resolution.phases.iter().flat_map(|phase| &phase.items);
            let horizons = [
                &resolution.immediate,
                &resolution.short_term,
                &resolution.long_term,
            ];
            horizons.into_iter().flatten().chain(phases)
        });
        let marked = (incident.evidence.iter().map(|part| part.audience))
            .chain(incident.sections.iter().map(|part| part.audience))
            .chain(incident.tables.iter().map(|part| part.audience))
            .chain(incident.action_items.iter().map(|part| part.audience))
            .chain(
                incident
                    .technical
                    .query_analysis
                    .iter()
                    .map(|part| part.audience),
            )
            .chain(incident.fix.iter().map(|part| part.audience))
            .chain(steps.map(step_audience));
        let fields = incident.extra.keys().map(|key| field_audience(key, config));
        let phrases = incident.redact.iter().map(Redaction::audience);
        marked.flatten().chain(fields).chain(phrases)
    }

    /// Returns the texts of the evidence and the action items that an audience may not see, unless they are short, or a text
    /// that it sees contains them.
    #[must_use]
    pub fn withheld_texts(&self, audience: Audience) -> BTreeSet<String> {
        let mut seen = self.clone();
        seen.withhold(&|marked| !audience.may_read(marked));
        let seen = texts(&seen.incident).join("\n");
        let parts: [&dyn Strings; 2] = [&self.incident.evidence, &self.incident.action_items];
        let all = parts.into_iter().flat_map(texts);
        let withheld = all.filter(|text| text.chars().count() >= TELLING && !seen.contains(*text));
        withheld.map(str::to_owned).collect()
    }

    /// Removes the parts that are marked for an audience that `hides` names.
    fn withhold(&mut self, hides: &dyn Fn(Audience) -> bool) {
        let is_hidden = |marked: Option<Audience>| marked.is_some_and(hides);
        let count = self.incident.action_items.len();
        let ids: Vec<String> = (0..count).map(|index| self.action_id(index)).collect();
        let incident = &mut self.incident;
        incident.evidence.retain(|part| !is_hidden(part.audience));
        incident.sections.retain(|part| !is_hidden(part.audience));
        let queries = &mut incident.technical.query_analysis;
        queries.retain(|part| !is_hidden(part.audience));
        incident.tables.retain(|part| !is_hidden(part.audience));
        if let Some(fix) = incident.fix.take_if(|fix| is_hidden(fix.audience)) {
            // Everyone sees the status, which must not claim that all is done.
            self.withheld.is_fix_pending = !fix.is_deployed();
        }
        // Without the others, the items that stay would get other IDs.
        let mut hidden = Vec::new();
        for (item, id) in mem::take(&mut incident.action_items).into_iter().zip(ids) {
            if is_hidden(item.audience) {
                hidden.push(id);
            } else {
                let id = item.id.clone().or_else(|| Identifier::new(id).ok());
                incident
                    .action_items
                    .push(crate::incident::ActionItem { id, ..item });
            }
        }
        let is_shown = |step: &Step| {
            let action = match step {
                Either::Short(_) => None,
                Either::Table(table) => table.action.as_deref(),
            };
            let is_of_hidden = action.is_some_and(|id| hidden.iter().any(|hidden| hidden == id));
            !is_of_hidden && !is_hidden(step_audience(step))
        };
        if let Some(resolution) = &mut incident.resolution {
            for steps in [
                &mut resolution.immediate,
                &mut resolution.short_term,
                &mut resolution.long_term,
            ] {
                steps.retain(is_shown);
            }
            for phase in &mut resolution.phases {
                phase.items.retain(is_shown);
            }
        }
    }

    /// Puts the ID of the incident in front of redacted IDs of action items, so that they are unique in the archive.
    fn rename_actions(&mut self, before: &[String]) {
        let mut renamed: Vec<(String, Identifier)> = Vec::new();
        for (item, before) in self.incident.action_items.iter_mut().zip(before) {
            let Some(id) = item.id.as_ref().filter(|id| ***id != **before) else {
                continue;
            };
            if let Ok(new) = Identifier::new(format!("{}-{id}", self.id)) {
                renamed.push((id.to_string(), new.clone()));
                item.id = Some(new);
            }
        }
        let Some(resolution) = &mut self.incident.resolution else {
            return;
        };
        let phases = resolution.phases.iter_mut();
        let steps = (resolution.immediate.iter_mut())
            .chain(&mut resolution.short_term)
            .chain(&mut resolution.long_term)
            .chain(phases.flat_map(|phase| &mut phase.items));
        for step in steps {
            let Either::Table(table) = step else { continue };
            let of = |(old, _): &&(String, Identifier)| table.action.as_deref() == Some(old);
            if let Some((_, new)) = renamed.iter().find(of) {
                table.action = Some(new.clone());
            }
        }
    }

    /// Rewrites every string of the incident and of its files.
    ///
    /// A file whose text or path changes is not published, because its own bytes stay as they are.
    fn redact(&mut self, new: &Rewrite) {
        let tags = self.incident.tags.clone();
        let count = self.incident.action_items.len();
        let ids: Vec<String> = (0..count).map(|index| self.action_id(index)).collect();
        let groups = self.incident.evidence_groups.0.iter();
        let groups: Vec<Line> = groups.map(|(key, _)| key.clone()).collect();
        self.incident.rewrite(new);
        self.timeline.rewrite(new);
        // Evidence names its group by an ID, which is not rewritten as a text is.
        for ((key, _), group) in self.incident.evidence_groups.0.iter_mut().zip(groups) {
            let renamed = new(Role::Value, &group).and_then(|id| Line::new(id).ok());
            *key = renamed.unwrap_or(group);
        }
        // Incidents with different phrases would have the same tag.
        let mut before = tags.iter();
        self.incident.tags.retain(|tag| before.next() == Some(tag));
        self.rename_actions(&ids);
        redact_json(&mut self.incident.extra, new);
        let path_of = |path: &str| new(Role::Value, path);
        self.files = mem::take(&mut self.files)
            .into_iter()
            .map(|(path, file)| {
                let renamed = path_of(path.as_str());
                let text = match &file {
                    ReferredFile::Text(text) | ReferredFile::Quoted(text) => new(Role::Text, text),
                    ReferredFile::Missing | ReferredFile::Opaque(_) => None,
                };
                let file = match (text, file) {
                    (Some(text), _) => ReferredFile::Quoted(text),
                    (None, ReferredFile::Text(text)) if renamed.is_some() => {
                        ReferredFile::Quoted(text)
                    }
                    (None, ReferredFile::Opaque(_)) if renamed.is_some() => ReferredFile::Missing,
                    (None, file) => file,
                };
                (renamed.map_or(path, Into::into), file)
            })
            .collect();
        if let Some(list) = &mut self.customers_file {
            let before = list.rows.clone();
            list.rows.rewrite(new);
            let renamed = path_of(list.path.as_str());
            if renamed.is_some() || list.rows != before {
                list.path = renamed.map_or_else(|| list.path.clone(), Into::into);
                self.files.insert(list.path.clone(), ReferredFile::Missing);
            }
        }
    }
}

/// Returns the texts and the code of a part, without the spaces around them.
fn texts(part: &dyn Strings) -> Vec<&str> {
    let mut texts = Vec::new();
    let mut see = |_: &[KeyStep], role: Role, text| {
        if matches!(role, Role::Text | Role::Code) {
            texts.push(str::trim(text));
        }
    };
    Visit::strings(part, &mut see);
    texts
}

/// Returns the audience that may see a key of `[extra]`: what is no field is for internal templates.
fn field_audience(key: &str, config: &Config) -> Audience {
    let field = config.fields.get(key);
    field.map_or(Audience::Internal, |field| field.audience)
}

fn step_audience(step: &Step) -> Option<Audience> {
    match step {
        Either::Short(_) => None,
        Either::Table(table) => table.audience,
    }
}

/// Rewrites the keys and the texts of data for custom templates.
fn redact_json(table: &mut Map<String, Value>, new: &Rewrite) {
    let text = |text: String| new(Role::Text, &text).unwrap_or(text);
    let entries = mem::take(table).into_iter();
    *table = entries
        .map(|(key, mut value)| {
            redact_value(&mut value, new);
            (text(key), value)
        })
        .collect();
}

fn redact_value(value: &mut Value, new: &Rewrite) {
    match value {
        Value::String(text) => {
            if let Some(redacted) = new(Role::Text, text) {
                *text = redacted;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| redact_value(item, new)),
        Value::Object(table) => redact_json(table, new),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
