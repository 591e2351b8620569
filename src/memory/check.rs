//! The memory file, its archive and what is kept of each incident in; what is wrong with them out.

use std::collections::BTreeSet;

use super::ledger::{LEDGER, Ledger};
use super::read::{Entry, error};
use super::redactions::Redactions;
use super::{EntryForm, FILE};
use crate::diagnostic::{Diagnostic, Level, Locator, Rule};
use crate::load::Verbatim;
use crate::secret;
use crate::source::{Path, Source};

/// The lines from which on one file is long.
const LONG: usize = 400;
/// The lines from which on all of them are.
const LONG_ALL: usize = 1_000;

/// Every code that a memory can have, in alphabetical order.
pub const RULES: &[Rule] = &[
    Rule {
        code: "memory-confidential",
        summary: "an entry describes a confidential incident or event",
        help: "Take it out: `afterword memory export --out memory/incidents.md` takes out entries of confidential incidents, there and in the archive.",
    },
    Rule {
        code: "memory-duplicate",
        summary: "two entries have the same name",
        help: "The format's own tools keep the newest and delete the others.",
    },
    Rule {
        code: "memory-edited",
        summary: "an entry was edited after it was written",
        help: "Put the change into the incident: what that says replaces the entry's words when it changes.",
    },
    Rule {
        code: "memory-empty-tags",
        summary: "an entry has no tags",
        help: "Name what it is about: the format's own tools read the next line as its tags.",
    },
    Rule {
        code: "memory-header",
        summary: "an entry header has no time or no incident",
        help: "Write `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`.",
    },
    Rule {
        code: "memory-import",
        summary: "entry cannot be converted to an incident",
        help: "The message says why; nothing is written until every entry can.",
    },
    Rule {
        code: "memory-incident-missing",
        summary: "`memory.toml` refers to an incident that is not in the archive",
        help: "Remove its table, or bring the incident back.",
    },
    Rule {
        code: "memory-invisible-character",
        summary: "an invisible character",
        help: "Remove it.",
    },
    Rule {
        code: "memory-long",
        summary: "a file has more than 400 lines, or all files more than 1,000",
        help: "Agents read all of it: `memory summarize` and `memory archive` make it shorter.",
    },
    Rule {
        code: "memory-missing-key",
        summary: "an entry has no `type`, `tags` or `schema_version`",
        help: "Write it below the header.",
    },
    Rule {
        code: "memory-not-imported",
        summary: "an entry has not been imported as an incident",
        help: "Run `afterword memory import memory/incidents.md`.",
    },
    Rule {
        code: "memory-secret",
        summary: "an entry contains a possible secret",
        help: "Take it out, and revoke it: agents repeat what they read.",
    },
    Rule {
        code: "memory-truncated",
        summary: "an unterminated comment, code block or entry",
        help: "Take the whole file.",
    },
    Rule {
        code: "memory-two-word-name",
        summary: "a name of two words, which the format's own tools truncate",
        help: "Write the name with `-` for the blank: the format's own tools take the entry for a part of the one above it, and delete both together.",
    },
    Rule {
        code: "memory-type",
        summary: "an entry in the incidents file has another type",
        help: "Write `- type: incident`, or move it to the file of its kind.",
    },
    Rule {
        code: "memory-without-full-text",
        summary: "the full text of a shortened entry is missing from the memory archive",
        help: "Bring `memory/archive/incidents.md` back.",
    },
];

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    /// The file and its entries.
    pub file: (&'a Verbatim, &'a [Entry<'a>]),
    /// The archive and its entries, if there is one.
    pub archive: Option<(&'a Verbatim, &'a [Entry<'a>])>,
    /// What is kept of each incident.
    pub ledger: &'a Ledger,
    /// The incidents, with what is not told of them.
    pub secrecy: &'a Redactions,
}

/// Names what is wrong with a memory.
#[must_use]
pub fn check(memory: &Memory) -> Vec<Diagnostic> {
    let (file, entries) = memory.file;
    let source = &file.source;
    let mut found = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for entry in entries.iter().filter(|entry| is_ours(memory.ledger, entry)) {
        let mut add = |line: usize, code: &'static str, message: String| {
            found.push(warning(source, line, code, message));
        };
        if entry.name.contains(char::is_whitespace) {
            let name = entry.name.split_whitespace().collect::<Vec<_>>().join("-");
            add(
                entry.line,
                "memory-two-word-name",
                format!("`{}` is two words; `{name}` is one", entry.name),
            );
        }
        if let Some(meta) = entry
            .metadata
            .iter()
            .find(|meta| meta.key == "tags" && meta.value.is_empty())
        {
            add(
                meta.line,
                "memory-empty-tags",
                "the entry has no tags".to_owned(),
            );
        }
        if let Some(kind) = entry.get("type").filter(|kind| *kind != "incident") {
            add(
                entry.line,
                "memory-type",
                format!("the entry is of the type `{kind}`"),
            );
        }
        if !names.insert(entry.name) {
            add(
                entry.line,
                "memory-duplicate",
                format!("there is another entry `{}`", entry.name),
            );
        }
        let row = memory.ledger.0.iter().map(|(_, row)| row);
        match row.clone().find(|row| entry.is(&row.written_at, &row.name)) {
            None if entry.get("type") == Some("incident") => {
                add(
                    entry.line,
                    "memory-not-imported",
                    format!("there is no incident of `{}`", entry.name),
                );
            }
            Some(row)
                if row
                    .entry
                    .as_deref()
                    .is_some_and(|known| known != entry.digest()) =>
            {
                add(
                    entry.line,
                    "memory-edited",
                    "the entry is not what it was when it was written".to_owned(),
                );
            }
            _ => {}
        }
        let archived = memory.archive.is_some_and(|(_, inside)| {
            inside.iter().any(|other| other.is(entry.stamp, entry.name))
        });
        if entry.form != EntryForm::Full && !archived {
            add(
                entry.line,
                "memory-without-full-text",
                "the full text of this entry is not in the archive".to_owned(),
            );
        }
    }
    found.extend(missing(memory));
    let archive = memory.archive.map(|(file, _)| file);
    let files: Vec<&Verbatim> = [Some(file), archive].into_iter().flatten().collect();
    found.extend(confidential(memory, file, entries));
    if let Some((archive, inside)) = memory.archive {
        found.extend(confidential(memory, archive, inside));
    }
    for file in &files {
        found.extend(secrets(&file.source));
    }
    found.extend(length(&files));
    for diagnostic in &mut found {
        let rule = RULES.iter().find(|rule| rule.code == diagnostic.code);
        diagnostic.help = rule.map(|rule| phrase(rule.help));
    }
    found
}

/// Makes a phrase of a sentence, as diagnostics have it.
fn phrase(sentence: &str) -> String {
    let mut letters = sentence.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Says whether an entry is no mere example: it stands in the text, or was imported.
fn is_ours(ledger: &Ledger, entry: &Entry) -> bool {
    let mut rows = ledger.0.iter();
    !entry.example || rows.any(|(_, row)| entry.is(&row.written_at, &row.name))
}

fn warning(source: &Source, line: usize, code: &'static str, message: String) -> Diagnostic {
    let mut diagnostic = error(source, line, code, message);
    diagnostic.level = Level::Warning;
    diagnostic
}

/// Names what is kept of incidents that are not there.
fn missing(memory: &Memory) -> impl Iterator<Item = Diagnostic> {
    let rows = memory.ledger.0.iter();
    let gone = rows.filter(|(id, _)| !memory.secrecy.has(id));
    gone.map(|(id, _)| {
        let place = Locator::Key(Path::new().key(&**id));
        let message = format!("there is no incident `{id}`");
        Diagnostic::error("memory-incident-missing", message).at(LEDGER.as_ref(), place, "")
    })
}

/// Names what tells of confidential incidents and events, whatever else it is.
fn confidential(memory: &Memory, file: &Verbatim, entries: &[Entry]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in entries {
        let mut add = |line, message| {
            found.push(error(&file.source, line, "memory-confidential", message));
        };
        if let Some(id) = memory.secrecy.confidential(memory.ledger, entry) {
            add(entry.line, format!("`{id}` is confidential"));
        }
        for (line, _) in memory.secrecy.events(memory.ledger, entry) {
            add(line, "this event is confidential".to_owned());
        }
    }
    found
}

fn secrets(source: &Source) -> Vec<Diagnostic> {
    let found = secret::find(source.text());
    found
        .map(|secret| {
            let line = source.position(secret.at).line;
            let message = format!("this looks like a secret: `{}…`", secret.start);
            error(source, line, "memory-secret", message)
        })
        .collect()
}

fn length(files: &[&Verbatim]) -> Vec<Diagnostic> {
    let lines = |file: &&Verbatim| file.text.lines().count();
    let total: usize = files.iter().map(lines).sum();
    let long = |count: usize, path: &camino::Utf8Path, what: &str| {
        let message = format!("{what} {count} lines");
        Diagnostic::warning("memory-long", message).at(path, Locator::File, "")
    };
    let memory = files.iter().find(|file| file.source.path() == FILE);
    let mut found: Vec<Diagnostic> = memory
        .filter(|file| lines(file) > LONG)
        .map(|file| long(lines(file), FILE.as_ref(), "the file has"))
        .into_iter()
        .collect();
    if total > LONG_ALL {
        found.push(long(total, FILE.as_ref(), "the memory has"));
    }
    found
}
