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
use crate::kind::{Either, Identifier, Rewrite, Role, Step as KeyStep, Strings, Visit};
use crate::source::{Span, is_unspaced_script};

/// The text that replaces a phrase if the incident sets no other.
const REDACTED: &str = "[redacted]";

/// The same in values such as paths and URLs, where brackets have a meaning.
const REDACTED_VALUE: &str = "redacted";

/// What the copy for an audience must know of the parts that it lacks; nothing for a whole incident.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    /// The texts that it has instead of others.
    redacted: BTreeSet<String>,
    /// Whether a fix that it lacks is still to be deployed.
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
        self.incident.rewrite(new);
        self.timeline.rewrite(new);
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

/// The phrases of an incident that an audience may not see; one that contains another is before it.
#[derive(Debug, Clone, Default)]
pub struct Phrases(Vec<Redaction>);

impl Phrases {
    /// Returns the spans of a text that have a phrase in whole words, in order, with the texts that replace them.
    #[must_use]
    pub fn edits(&self, text: &str) -> Vec<(Span, String)> {
        self.edits_with(text, |redaction, _| {
            redaction.with.as_deref().unwrap_or(REDACTED).to_owned()
        })
    }

    /// Returns a text with other texts in place of phrases, or `None` if it has none.
    #[must_use]
    pub fn replaced_in_text(&self, text: &str) -> Option<String> {
        apply(text, &self.edits(text))
    }

    /// Returns a name with another text in place of phrases, or `None` if it has none.
    #[must_use]
    pub fn replaced_in_name(&self, name: &str) -> Option<String> {
        self.replaced_in(Role::Value, name, &Values::default())
    }

    fn edits_with(
        &self,
        text: &str,
        with: impl Fn(&Redaction, &str) -> String,
    ) -> Vec<(Span, String)> {
        let mut edits: Vec<(Span, String)> = Vec::new();
        for redaction in &self.0 {
            for span in occurrences(text, &redaction.text) {
                let is_free = |(other, _): &(Span, String)| {
                    span.end <= other.start || other.end <= span.start
                };
                if edits.iter().all(is_free) {
                    edits.push((span, with(redaction, span.slice(text))));
                }
            }
        }
        edits.sort_by_key(|(span, _)| span.start);
        edits
    }

    fn replaced_in(&self, role: Role, text: &str, values: &Values) -> Option<String> {
        let edits = match role {
            Role::Text | Role::Person | Role::Code => return self.replaced_in_text(text),
            Role::Event | Role::Value => self.edits_with(text, |_, found| values.of(found)),
        };
        apply(text, &edits)
    }
}

/// Returns a text with edits applied, or `None` without edits.
fn apply(text: &str, edits: &[(Span, String)]) -> Option<String> {
    let mut changed = String::new();
    let mut rest = 0;
    for (span, new) in edits {
        changed.push_str(Span::new(rest, span.start).slice(text));
        changed.push_str(new);
        rest = span.end;
    }
    (!edits.is_empty()).then(|| changed + text.get(rest..).unwrap_or_default())
}

/// The texts that were replaced in values of a copy, and what replaces them.
#[derive(Default)]
struct Values {
    /// The values of the whole incident.
    taken: String,
    replaced: RefCell<Vec<(String, String)>>,
}

impl Values {
    /// Creates the values of a copy, which differ from those that the incident has.
    fn beside(record: &Record) -> Self {
        let mut taken = String::new();
        let mut take = |_: &[KeyStep], role: Role, text: &str| {
            if matches!(role, Role::Event | Role::Value) {
                taken.push_str(text);
                taken.push('\n');
            }
        };
        Visit::strings(&record.incident, &mut take);
        Visit::strings(&record.timeline, &mut take);
        for path in record.files.keys() {
            take(&[], Role::Value, path.as_str());
        }
        Self {
            taken,
            replaced: RefCell::default(),
        }
    }

    /// Returns the text that replaces another one. Different texts have different ones, so that IDs and paths stay apart:
    /// a number follows without a joint, because a whole word that is replaced has none behind it.
    fn of(&self, found: &str) -> String {
        let mut replaced = self.replaced.borrow_mut();
        if let Some((_, new)) = replaced.iter().find(|(known, _)| known == found) {
            return new.clone();
        }
        let numbered = (2_usize..).map(|number| format!("{REDACTED_VALUE}{number}"));
        let is_free = |new: &String| {
            !self.taken.contains(new.as_str()) && replaced.iter().all(|(_, other)| other != new)
        };
        let mut all = std::iter::once(REDACTED_VALUE.to_owned()).chain(numbered);
        let new = all.find(is_free).unwrap_or_default();
        replaced.push((found.to_owned(), new.clone()));
        new
    }
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

/// Returns where a text has a phrase in whole words, in any case, and with any joints between its words.
pub fn occurrences(text: &str, phrase: &str) -> impl Iterator<Item = Span> {
    let is_unspaced = phrase.chars().all(is_unspaced_script);
    text.char_indices().filter_map(move |(start, _)| {
        let length = length_of(text.get(start..)?, phrase)?;
        let span = Span::new(start, start + length);
        (is_unspaced || span.is_word(text)).then_some(span)
    })
}

/// Returns the length of a phrase at the start of a text, or `None` if it is not there.
fn length_of(text: &str, phrase: &str) -> Option<usize> {
    let is_joint = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '-' | '_' | '+' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}'
            )
    };
    let mut rest = text;
    for (index, word) in phrase.split_whitespace().enumerate() {
        if index > 0 {
            let after = rest.trim_start_matches(is_joint);
            if after.len() == rest.len() {
                return None;
            }
            rest = after;
        }
        for wanted in word.chars() {
            let mut chars = rest.chars();
            let found = chars.next()?;
            if found != wanted && !found.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            rest = chars.as_str();
        }
    }
    Some(text.len() - rest.len()).filter(|length| *length > 0)
}

#[cfg(test)]
mod tests;
