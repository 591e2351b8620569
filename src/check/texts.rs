//! Every text of an incident that a reader may see, found by walking its files.

use camino::Utf8Path;

use crate::archive::Record;
use crate::kind::{Role, Step, Visit};
use crate::source::Path;

/// A text that a reader may see.
pub(super) struct Text<'a> {
    /// The file that contains it.
    pub file: &'a Utf8Path,
    /// The steps to it in the file.
    pub steps: Box<[Step<'a>]>,
    /// The text.
    pub text: &'a str,
    /// Whether it is code, in which words mean something else.
    pub is_code: bool,
    /// Whether it is the name of a person.
    pub is_person: bool,
}

impl Text<'_> {
    /// Returns the key path in the file.
    pub fn path(&self) -> Path {
        path(&self.steps)
    }

    /// Returns `true` if the text is in one of these top tables of its file.
    pub fn is_under(&self, keys: &[&str]) -> bool {
        matches!(*self.steps, [Step::Key(first), ..] if keys.contains(&first))
    }

    /// Returns the index of the message whose subject or body the text is, or `None`.
    pub fn message(&self) -> Option<usize> {
        match *self.steps {
            [
                Step::Key("messages"),
                Step::Index(index),
                Step::Key("subject" | "body"),
            ] => Some(index),
            _ => None,
        }
    }
}

/// Collects the texts of an incident and its timeline.
pub(super) fn collect(record: &Record) -> Vec<Text<'_>> {
    let mut found = Vec::with_capacity(512);
    visit(record, |file, steps, role, text| {
        if let Role::Text | Role::Person | Role::Code = role {
            found.push(Text {
                file,
                steps: steps.into(),
                text,
                is_code: role == Role::Code,
                is_person: role == Role::Person,
            });
        }
    });
    found
}

/// Calls a function with each string that is shown to some reader, its role, and its location.
pub(super) fn visit<'a>(
    record: &'a Record,
    mut see: impl FnMut(&'a Utf8Path, &[Step<'a>], Role, &'a str),
) {
    let source = &record.source;
    Visit::strings(&record.incident, &mut |steps, role, text| {
        // The reasons for exemptions are notes for authors, and a phrase of `redact` is only looked for.
        if !matches!(
            steps,
            [Step::Key("allow"), ..] | [Step::Key("redact"), _, Step::Key("text")]
        ) {
            see(&source.incident, steps, role, text);
        }
    });
    let file = source.timeline.as_ref().unwrap_or(&source.incident);
    let events = &record.timeline.events;
    let is_hidden = |index: usize| events.get(index).is_some_and(|event| event.hidden);
    Visit::strings(&record.timeline, &mut |steps, role, text| match *steps {
        // The short key of a person is replaced by the name.
        [Step::Key("people"), Step::Key(_)] => {}
        [Step::Key("events"), Step::Index(index), ..] if is_hidden(index) => {}
        _ => see(file, steps, role, text),
    });
}

/// Returns the IDs of events that an incident refers to, each with its key path.
pub(super) fn named_events(record: &Record) -> Vec<(Path, &str)> {
    let mut found = Vec::new();
    Visit::strings(&record.incident, &mut |steps, role, id| {
        if role == Role::Event {
            found.push((path(steps), id));
        }
    });
    found
}

/// Returns the key path of a string.
pub(super) fn path(steps: &[Step]) -> Path {
    steps.iter().fold(Path::new(), |path, step| match *step {
        Step::Key(key) => path.key(key),
        Step::Index(index) => path.index(index),
    })
}

#[cfg(test)]
mod tests;
