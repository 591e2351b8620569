//! Redacted phrases: where texts have them, and what replaces them.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::archive::Record;
use crate::dialect;
use crate::incident::Redaction;
use crate::kind::{Role, Step as KeyStep, Visit};
use crate::source::{Span, is_unspaced_script};

/// The text that replaces a phrase if the incident sets no other.
const REDACTED: &str = "[redacted]";

/// The same in values such as paths and URLs, where brackets have a meaning.
const REDACTED_VALUE: &str = "redacted";

/// The phrases of an incident that an audience may not see; one that contains another is before it.
#[derive(Debug, Clone, Default)]
pub struct Phrases(pub(super) Vec<Redaction>);

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

    pub(super) fn replaced_in(&self, role: Role, text: &str, values: &Values) -> Option<String> {
        match role {
            Role::Text => {
                // A target with other words in it leads nowhere, so the words of the link remain.
                let unlinked = dialect::with_words(text, &|target| self.edits(target).is_empty());
                let new = self.replaced_in_text(unlinked.as_deref().unwrap_or(text));
                Some(values.apart(text, new.or(unlinked)?))
            }
            Role::Person | Role::Code => {
                let new = self.replaced_in_text(text)?;
                Some(values.apart(text, new))
            }
            Role::Event | Role::Value => {
                apply(text, &self.edits_with(text, |_, found| values.of(found)))
            }
        }
    }
}

/// Returns a text with edits applied, or `None` without edits.
pub(super) fn apply(text: &str, edits: &[(Span, String)]) -> Option<String> {
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
pub(super) struct Values {
    /// The values of the whole incident.
    taken: String,
    replaced: RefCell<Vec<(String, String)>>,
    /// The keys of the tables of the whole incident, such as the names of measures.
    keys: BTreeSet<String>,
    renamed: RefCell<Vec<(String, String)>>,
}

impl Values {
    /// Creates the values of a copy, which differ from those that the incident has.
    pub(super) fn beside(record: &Record) -> Self {
        let mut values = Self::default();
        let mut take = |steps: &[KeyStep], role: Role, text: &str| {
            if matches!(role, Role::Event | Role::Value) {
                values.taken.push_str(text);
                values.taken.push('\n');
            } else if steps.last() == Some(&KeyStep::Key(text)) {
                values.keys.insert(text.to_owned());
            }
        };
        Visit::strings(&record.incident, &mut take);
        Visit::strings(&record.timeline, &mut take);
        if let Some(list) = &record.customers_file {
            Visit::strings(&list.rows, &mut take);
        }
        for path in record.files.keys() {
            take(&[], Role::Value, path.as_str());
        }
        values
    }

    /// Returns the new text of another one. That of a key is unlike those of all other keys, so that values are not joined
    /// that have different names, and a text that names a key still does.
    fn apart(&self, found: &str, new: String) -> String {
        if !self.keys.contains(found) {
            return new;
        }
        let mut renamed = self.renamed.borrow_mut();
        if let Some((_, known)) = renamed.iter().find(|(own, _)| own == found) {
            return known.clone();
        }
        let is_free = |new: &String| {
            !self.keys.contains(new) && renamed.iter().all(|(_, other)| other != new)
        };
        let numbered = (2_usize..).map(|number| format!("{new} ({number})"));
        let mut all = std::iter::once(new.clone()).chain(numbered);
        let free = all.find(is_free).unwrap_or_default();
        renamed.push((found.to_owned(), free.clone()));
        free
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

/// The minimum number of letters of a phrase whose words are also found joined, as in a domain or a handle.
const JOINED: usize = 6;

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
    let is_joined = phrase.chars().filter(|c| c.is_alphanumeric()).count() >= JOINED;
    let mut rest = text;
    for (index, word) in phrase.split_whitespace().enumerate() {
        if index > 0 {
            let after = rest.trim_start_matches(is_joint);
            if after.len() == rest.len() && !is_joined {
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
