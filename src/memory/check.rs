//! Checks the memory file, the memory archive and `memory.toml`.

use std::collections::BTreeSet;

use super::ledger::{LEDGER, Ledger};
use super::read::{Entry, error};
use super::redactions::Redactions;
use super::shorten::has_full_text;
use super::{EntryForm, FILE};
use crate::diagnostic::{Diagnostic, Level, Locator, Rule};
use crate::load::Verbatim;
use crate::secret;
use crate::source::{Path, Source};

/// The maximum number of lines of the memory file.
const LONG: usize = 400;
/// The maximum number of lines of the memory file and the memory archive together.
const LONG_ALL: usize = 1_000;

/// All check codes of a memory, in alphabetical order.
pub const RULES: &[Rule] = &[
    Rule {
        code: "memory-confidential",
        summary: "entry discloses a confidential incident, event or part, or a redacted phrase",
        help: "Remove it; `afterword memory export --out memory/incidents.md` removes entries of confidential incidents, and redacted phrases, from the memory and the memory archive.",
    },
    Rule {
        code: "memory-duplicate",
        summary: "two entries have the same name",
        help: "Rename one: the format's own tools keep the newest entry and delete the others.",
    },
    Rule {
        code: "memory-edited",
        summary: "entry was edited after it was written",
        help: "Change the incident instead: its next change overwrites the edited text.",
    },
    Rule {
        code: "memory-empty-tags",
        summary: "entry has no tags",
        help: "Add tags; without them, the format's own tools read the next line as tags.",
    },
    Rule {
        code: "memory-header",
        summary: "entry header without a valid timestamp or name",
        help: "Use `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`.",
    },
    Rule {
        code: "memory-import",
        summary: "entry cannot be converted to an incident",
        help: "Fix the entry as the message says; nothing is written until every entry can be converted.",
    },
    Rule {
        code: "memory-incident-missing",
        summary: "`memory.toml` has a table for an unknown incident",
        help: "Remove the table, or restore the incident.",
    },
    Rule {
        code: "memory-invisible-character",
        summary: "invisible character",
        help: "Remove it.",
    },
    Rule {
        code: "memory-long",
        summary: "memory file has more than 400 lines, or more than 1,000 with the memory archive",
        help: "Shorten it with `memory summarize` or `memory archive`: agents read the whole file.",
    },
    Rule {
        code: "memory-missing-key",
        summary: "entry without `type`, `tags` or `schema_version`",
        help: "Add the key below the header.",
    },
    Rule {
        code: "memory-not-imported",
        summary: "entry has not been imported",
        help: "Run `afterword memory import memory/incidents.md`.",
    },
    Rule {
        code: "memory-secret",
        summary: "possible secret",
        help: "Remove it and rotate it: agents repeat what they read.",
    },
    Rule {
        code: "memory-truncated",
        summary: "unterminated comment, code block or entry",
        help: "Use the complete file.",
    },
    Rule {
        code: "memory-two-word-name",
        summary: "entry name of two words, which the format's own tools do not support",
        help: "Join the words with `-`: the format's own tools treat the entry as part of the one above it and delete both together.",
    },
    Rule {
        code: "memory-type",
        summary: "entry is not of type `incident`",
        help: "Use `- type: incident`, or move the entry to the file for its type.",
    },
    Rule {
        code: "memory-without-full-text",
        summary: "shortened entry without its full text in the memory archive",
        help: "Restore `memory/archive/incidents.md`.",
    },
];

/// The input of the checks.
#[derive(Debug, Clone, Copy)]
pub struct Memory<'a> {
    /// The memory file and its entries.
    pub file: (&'a Verbatim, &'a [Entry<'a>]),
    /// The memory archive and its entries, if there is one.
    pub archive: Option<(&'a Verbatim, &'a [Entry<'a>])>,
    /// The rows of `memory.toml`.
    pub ledger: &'a Ledger,
    /// The redactions of all incidents.
    pub redactions: &'a Redactions,
}

/// Returns all problems of a memory.
#[must_use]
pub fn check(memory: &Memory) -> Vec<Diagnostic> {
    let (file, entries) = memory.file;
    let source = &file.source;
    let mut found = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for entry in entries
        .iter()
        .filter(|entry| is_checked(memory.ledger, entry))
    {
        let mut add = |line: usize, code: &'static str, message: String| {
            found.push(warning(source, line, code, message));
        };
        if entry.name.contains(char::is_whitespace) {
            let name = entry.name.split_whitespace().collect::<Vec<_>>().join("-");
            add(
                entry.line,
                "memory-two-word-name",
                format!("entry name `{}` is two words; use `{name}`", entry.name),
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
                format!("the entry has type `{kind}`"),
            );
        }
        if !names.insert(entry.name) {
            add(
                entry.line,
                "memory-duplicate",
                format!("duplicate entry `{}`", entry.name),
            );
        }
        let row = memory.ledger.0.iter().map(|(_, row)| row);
        match row
            .clone()
            .find(|row| entry.matches(&row.written_at, &row.name))
        {
            None if entry.get("type") == Some("incident") => {
                add(
                    entry.line,
                    "memory-not-imported",
                    format!("entry `{}` has not been imported", entry.name),
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
                    "the entry was edited after it was written".to_owned(),
                );
            }
            _ => {}
        }
        let archived = memory.archive;
        let archived = archived.is_some_and(|(_, archived)| has_full_text(archived, entry));
        if entry.form != EntryForm::Full && !archived {
            add(
                entry.line,
                "memory-without-full-text",
                "the full text of this entry is missing from the memory archive".to_owned(),
            );
        }
    }
    found.extend(missing(memory));
    let archive = memory.archive.map(|(file, _)| file);
    let files: Vec<&Verbatim> = [Some(file), archive].into_iter().flatten().collect();
    found.extend(confidential(memory, file, entries));
    if let Some((archive, archived)) = memory.archive {
        found.extend(confidential(memory, archive, archived));
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

/// Converts a sentence to the phrase style of diagnostics.
fn phrase(sentence: &str) -> String {
    let mut chars = sentence.trim_end_matches('.').chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Returns `true` unless an entry is an example that was not imported.
fn is_checked(ledger: &Ledger, entry: &Entry) -> bool {
    let mut rows = ledger.0.iter();
    !entry.example || rows.any(|(_, row)| entry.matches(&row.written_at, &row.name))
}

fn warning(source: &Source, line: usize, code: &'static str, message: String) -> Diagnostic {
    let mut diagnostic = error(source, line, code, message);
    diagnostic.level = Level::Warning;
    diagnostic
}

/// Returns an error for each table in `memory.toml` whose incident does not exist.
fn missing(memory: &Memory) -> impl Iterator<Item = Diagnostic> {
    let rows = memory.ledger.0.iter();
    let missing = rows.filter(|(id, _)| !memory.redactions.has(id));
    missing.map(|(id, _)| {
        let locator = Locator::Key(Path::new().key(&**id));
        let message = format!("unknown incident `{id}`");
        Diagnostic::error("memory-incident-missing", message).at(LEDGER.as_ref(), locator, "")
    })
}

/// Returns an error for each confidential incident, text and phrase in any entry, even in an example.
fn confidential(memory: &Memory, file: &Verbatim, entries: &[Entry]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for entry in entries {
        let mut add = |line, message| {
            found.push(error(&file.source, line, "memory-confidential", message));
        };
        if let Some(id) = memory.redactions.confidential(memory.ledger, entry) {
            add(entry.line, format!("`{id}` is confidential"));
        }
        for line in memory.redactions.texts(memory.ledger, entry) {
            add(line, "this text is confidential".to_owned());
        }
        let text = entry.as_written();
        for (span, _) in memory.redactions.phrases(memory.ledger, entry) {
            let before = text.get(..span.start).unwrap_or_default();
            let message = "the incident redacts a phrase of this line".to_owned();
            add(entry.line + before.matches('\n').count(), message);
        }
    }
    found
}

fn secrets(source: &Source) -> Vec<Diagnostic> {
    let found = secret::find(source.text());
    found
        .map(|secret| {
            let line = source.position(secret.at).line;
            let message = format!("possible secret `{}`", secret.start);
            error(source, line, "memory-secret", message)
        })
        .collect()
}

fn length(files: &[&Verbatim]) -> Vec<Diagnostic> {
    let lines = |file: &&Verbatim| file.text.lines().count();
    let total: usize = files.iter().map(lines).sum();
    let long = |count: usize, path: &camino::Utf8Path, subject: &str| {
        let message = format!("{subject} {count} lines");
        Diagnostic::warning("memory-long", message).of_file(path)
    };
    let memory = files.iter().find(|file| file.source.path() == FILE);
    let mut found: Vec<Diagnostic> = memory
        .filter(|file| lines(file) > LONG)
        .map(|file| long(lines(file), FILE.as_ref(), "the memory file has"))
        .into_iter()
        .collect();
    if total > LONG_ALL {
        found.push(long(
            total,
            FILE.as_ref(),
            "the memory file and the memory archive have",
        ));
    }
    found
}
