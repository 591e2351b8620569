//! `afterword check --fix`: applies the suggestions of diagnostics, which are certain, and changes nothing else.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;
use similar::TextDiff;

use super::change::{lock, write_texts};
use crate::diagnostic::{Diagnostic, Locator, Sources, visible_line};
use crate::edit;
use crate::load::{self, Unwritten};
use crate::memory::ledger::{self, LEDGER};
use crate::moment::Moment;
use crate::source::{DUPLICATE_KEY, SYNTAX, Source, Span};

/// The code of a timeline whose events are not in order, which is corrected as a whole.
const OUT_OF_ORDER: &str = "timeline-out-of-order";

/// The number of times that the suggestions for a text are applied: one may bring forth another.
const ROUNDS: usize = 10;

/// The corrections of the files of an archive, before they are written.
#[derive(Default)]
pub struct Corrections {
    /// The texts as they are in the files, with their line endings.
    before: BTreeMap<Utf8PathBuf, String>,
    after: Unwritten,
    /// The changes, one line for each, by file.
    changes: BTreeMap<Utf8PathBuf, Vec<String>>,
}

impl Corrections {
    /// Returns `true` if there is nothing to correct.
    pub fn is_empty(&self) -> bool {
        self.after.is_empty()
    }

    /// Returns the corrected texts.
    pub fn after(&self) -> &Unwritten {
        &self.after
    }

    /// Corrects the files that diagnostics with suggestions point into, as far as they are corrected already; returns
    /// whether there was anything to correct.
    ///
    /// A correction that would bring new errors into a file is left out, and so is that of a file that changed meanwhile.
    pub fn extend(
        &mut self,
        root: &Utf8Path,
        diagnostics: &[Diagnostic],
        sources: &Sources,
    ) -> bool {
        let text = |file: &Utf8Path| match self.after.get(file) {
            Some(text) => text.clone(),
            None => read(root, file),
        };
        let new = corrected(text, diagnostics, sources);
        let is_any = !new.is_empty();
        for correction in new {
            let Correction {
                file,
                old,
                new,
                changes,
            } = correction;
            self.before.entry(file.clone()).or_insert(old);
            self.changes
                .entry(file.clone())
                .or_default()
                .extend(changes);
            self.after.insert(file, Some(new));
        }
        is_any
    }

    /// Returns the changes as a unified diff.
    pub fn diff(&self) -> String {
        let both = self.before.iter().filter_map(|(file, before)| {
            let after = self.after.get(file)?.as_ref()?;
            let [old, new] = ["a", "b"].map(|side| quoted_path(&format!("{side}/{file}")));
            let diff = TextDiff::from_lines(before, after);
            Some(diff.unified_diff().header(&old, &new).to_string())
        });
        both.collect()
    }

    /// Writes the corrected files as one change, apart from those that are no longer what was read; returns the changes
    /// that were written, one line for each, and the files that were left.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written; then all of them are unchanged.
    pub fn write(mut self, root: &Utf8Path) -> anyhow::Result<(Vec<String>, Vec<Utf8PathBuf>)> {
        let _lock = lock(root)?;
        let is_left =
            |(file, before): &(Utf8PathBuf, String)| read(root, file).as_ref() != Some(before);
        let left = std::mem::take(&mut self.before).into_iter();
        let left: Vec<Utf8PathBuf> = left.filter(is_left).map(|(file, _)| file).collect();
        for file in &left {
            self.after.remove(file);
            self.changes.remove(file);
        }
        let texts = self.after.iter();
        let texts = texts.filter_map(|(file, text)| Some((file.as_str(), text.as_deref()?)));
        write_texts(root, "check --fix".into(), texts)?;
        Ok((self.changes.into_values().flatten().collect(), left))
    }
}

/// A file with its corrections.
struct Correction {
    /// The file, relative to the archive.
    file: Utf8PathBuf,
    /// The text as it was given, with its line endings.
    old: String,
    new: String,
    /// The changes, one line for each.
    changes: Vec<String>,
}

/// Corrects the texts of the files that diagnostics with suggestions point into.
fn corrected(
    text: impl Fn(&Utf8Path) -> Option<String>,
    diagnostics: &[Diagnostic],
    sources: &Sources,
) -> Vec<Correction> {
    let mut files: BTreeMap<&Utf8Path, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let suggested = diagnostic.suggestion.as_ref();
        let suggested = suggested.map(|edit| edit.file.as_path());
        let location = diagnostic.primary();
        let in_order = location.filter(|_| diagnostic.code == OUT_OF_ORDER);
        let file = suggested.or(in_order.map(|location| location.file.as_path()));
        if let Some(file) = file {
            files.entry(file).or_default().push(diagnostic);
        }
    }
    let correct = |(file, found): (&Utf8Path, Vec<&Diagnostic>)| {
        let found: Vec<Diagnostic> = found.into_iter().cloned().collect();
        let sources = sources.of(&found);
        let text = text(file)?;
        let is_same = sources.get(file)?.text() == Source::new(file, &text).text();
        correction(file, text, &found, &sources).filter(|_| is_same)
    };
    files.into_iter().filter_map(correct).collect()
}

/// Returns a path as git writes it in a diff: in quotes if it has a quote, a backslash or a control character.
fn quoted_path(path: &str) -> String {
    let is_special = |c: char| c.is_ascii_control() || "\"\\".contains(c);
    if !path.contains(is_special) {
        return path.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\{:03o}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Returns the text of a file as it is.
fn read(root: &Utf8Path, file: &Utf8Path) -> Option<String> {
    String::from_utf8(load::referred_file(root, file).ok()?).ok()
}

fn correction(
    file: &Utf8Path,
    old: String,
    found: &[Diagnostic],
    sources: &Sources,
) -> Option<Correction> {
    let mut changes = Vec::new();
    let mut new = old.clone();
    let mut problems = found.to_vec();
    for round in 0..ROUNDS {
        let source = Source::new(file, &new);
        let again = Sources::from_iter([source]);
        let sources = if round == 0 { sources } else { &again };
        let before = changes.len();
        let (mut next, mut done) = (new.clone(), Vec::new());
        apply(file, &mut next, &problems, sources, &mut done)?;
        if has_new_errors(file, &new, &next) {
            // Two mistakes may have the same correction, which then is certain for neither.
            problems = without_repeated(problems);
            (next, done) = (new.clone(), Vec::new());
            apply(file, &mut next, &problems, sources, &mut done)?;
        }
        if has_new_errors(file, &new, &next) {
            break;
        }
        new = next;
        changes.extend(done);
        if changes.len() == before {
            break;
        }
        problems = all_problems(file, &new);
    }
    if found.iter().any(|problem| problem.code == OUT_OF_ORDER)
        && let Some(sorted) = sorted(file, &new).filter(|sorted| *sorted != new)
    {
        changes.push(visible_line(&format!("{file}: put the events in order")).into_owned());
        new = sorted;
    }
    (old != new && !has_new_errors(file, &old, &new)).then(|| Correction {
        file: file.to_owned(),
        old,
        new,
        changes,
    })
}

/// Returns all problems of the text of an input file.
fn all_problems(file: &Utf8Path, text: &str) -> Vec<Diagnostic> {
    let source = Source::new(file, text);
    if file == LEDGER {
        ledger::parse(&source).err().unwrap_or_default()
    } else {
        load::problems(&source)
    }
}

/// Returns `true` if a change of a text has more errors that keep it from being parsed, or more of any kind.
///
/// The other errors show only once a text can be parsed, so they are compared only if it could be.
fn has_new_errors(file: &Utf8Path, old: &str, new: &str) -> bool {
    let (old, new) = (all_problems(file, old), all_problems(file, new));
    let count = |problems: &[Diagnostic], code| {
        let found = problems.iter().filter(|problem| problem.code == code);
        found.count()
    };
    let unparsed = [SYNTAX, DUPLICATE_KEY].map(|code| (count(&old, code), count(&new, code)));
    let was_parsed = unparsed.iter().all(|(old, _)| *old == 0);
    unparsed.iter().any(|(old, new)| new > old) || (was_parsed && new.len() > old.len())
}

/// Returns the diagnostics whose correction is that of no other in the same table.
fn without_repeated(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let correction = |problem: &Diagnostic| {
        let edit = problem.suggestion.as_ref()?;
        let path = match &problem.primary()?.at {
            Locator::Path(path) | Locator::Key(path) | Locator::Known(path, _) => Some(path),
            Locator::File | Locator::Span(_) => None,
        };
        let table = path.map(|path| path.parent().to_string());
        Some((table, edit.replacement.clone()))
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for known in problems.iter().filter_map(correction) {
        *counts.entry(known).or_default() += 1;
    }
    problems
        .retain(|problem| correction(problem).is_none_or(|known| counts.get(&known) == Some(&1)));
    problems
}

/// The largest step back in a timeline that is a matter of order, of a time with its date.
const LARGEST_STEP: TimeDelta = TimeDelta::hours(6);

/// The largest step back of a time without a date, which may be that of the next day.
const LARGEST_UNDATED_STEP: TimeDelta = TimeDelta::hours(1);

/// Returns a timeline with its events in order, or `None` if it has an error, the time of one is unknown, or
/// a date may be missing.
///
/// A time without a date is certain to be of the day of the times around it only if it is not before the first of them,
/// and if a later event goes on from where the time stepped back.
fn sorted(file: &Utf8Path, text: &str) -> Option<String> {
    let source = Source::new(file, text);
    let timeline = load::timeline(&source).ok()?;
    let defaults = timeline.time_defaults();
    let moments = timeline.events.iter();
    let moments = moments.map(|event| defaults.resolve(&event.at).ok());
    let moments: Vec<Moment> = moments.collect::<Option<_>>()?;
    let first = moments.first()?.at;
    let mut latest = first;
    for (index, (moment, event)) in moments.iter().zip(&timeline.events).enumerate() {
        let step = latest - moment.at;
        let is_certain = if event.at.day.is_some() {
            step <= LARGEST_STEP
        } else {
            let mut later = moments.iter().skip(index);
            step <= LARGEST_UNDATED_STEP
                && moment.at >= first
                && later.any(|later| later.at >= latest)
        };
        if !is_certain {
            return None;
        }
        latest = latest.max(moment.at);
    }
    let mut order: Vec<usize> = (0..moments.len()).collect();
    order.sort_by_key(|index| moments.get(*index).map(Moment::order));
    let (span, events) = edit::timeline::reordered(&source, &order)?;
    edit::spliced(text, span, &events)
}

/// Applies the suggestions for a text, of which the first one wins where they overlap.
fn apply(
    file: &Utf8Path,
    text: &mut String,
    found: &[Diagnostic],
    sources: &Sources,
    changes: &mut Vec<String>,
) -> Option<()> {
    let source = sources.get(file)?;
    let edits = found.iter().filter_map(|problem| {
        let edit = problem.suggestion.as_ref()?;
        let span = sources.span(&edit.file, &edit.at)?;
        (edit.file == file).then_some((span, edit.replacement.as_str()))
    });
    let mut edits: Vec<(Span, &str)> = edits.collect();
    edits.sort_unstable();
    let mut end = 0;
    edits.retain(|(span, _)| {
        let is_free = span.start >= end;
        end = end.max(span.end);
        is_free
    });
    for (span, replacement) in &edits {
        let at = source.position(span.start);
        let change = match (span.slice(source.text()), *replacement) {
            ("", added) => format!("added `{added}`"),
            (removed, "") => format!("removed `{removed}`"),
            (old, new) => format!("replaced `{old}` by `{new}`"),
        };
        let change = format!("{file}:{}:{}: {change}", at.line, at.column);
        changes.push(visible_line(&change).into_owned());
    }
    // From the end, so that the spans before stay right.
    for (span, replacement) in edits.into_iter().rev() {
        *text = edit::spliced(text, span, replacement)?;
    }
    Some(())
}
