//! `afterword check`: checks every file and reports all problems in one run.

use std::borrow::Cow;
use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use super::clock::known_time;
use super::fix::Corrections;
use super::format::Printing;
use super::progress::shown;
use super::scope::{Scope, Wanted};
use super::terminal::{is_quiet, remark};
use super::{Outcome, Today, UnreadFiles, cache, eprint_line, git, print};
use crate::archive::OwnTemplate;
use crate::cache::{Cache, Hasher};
use crate::diagnostic::{self, Diagnostic, Level, Locator, text, visible_line};
use crate::load::{self, Files, Loaded, Verbatim};
use crate::memory::ledger::{self, LEDGER, Ledger};
use crate::publish;
use crate::read::{Purpose, ReadIncident, Reading};
use crate::render::{ASSETS, Renderer, TEMPLATES};
use crate::source::{self, CONFLICT, Source, Span};

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Report only on these files, directories or incidents (by ID) [default: all].
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,

    /// Report only on the incidents whose files differ from where this branch left COMMIT, on those that refer to one of them or that one refers to, and on every problem that was not there then. Asks `git`.
    #[arg(long, value_name = "COMMIT", conflicts_with = "paths")]
    changed_since: Option<String>,

    #[command(flatten)]
    printing: Printing,

    /// Print every problem as text, instead of the first 100 with each code.
    #[arg(long)]
    all: bool,

    /// Exit with status 1 if there are warnings.
    #[arg(long)]
    deny_warnings: bool,

    /// Reference date for "overdue" and "in the future" [default: `[site] as_of`, or today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Apply the suggestions that are certain, such as a misspelled key, missing quotes around a word, the case of an ID, and the order of events, and list them. A second run changes nothing.
    #[arg(long)]
    fix: bool,

    /// Print what `--fix` would change as a unified diff, write nothing, and exit with status 1 if there is anything.
    #[arg(long, conflicts_with = "fix")]
    diff: bool,

    /// Check every incident, and do not use the cache in `.afterword/cache`.
    #[arg(long)]
    no_cache: bool,
}

/// Checks the archive.
///
/// # Errors
/// The archive cannot be found, or one of the paths does not lie in it.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let wanted = match &arguments.changed_since {
        Some(commit) => Wanted::changed_since(directory, commit)?,
        None => Wanted::paths(directory, &arguments.paths)?,
    };
    let root = wanted.root.as_path();
    if arguments.fix || arguments.diff {
        let is_changed = correct(&wanted, arguments)?;
        if arguments.diff {
            return Ok(if is_changed {
                Outcome::Problems
            } else {
                Outcome::Done
            });
        }
    }
    let cache = cache(root, arguments.no_cache);
    let (mut reading, loaded) = Reading::begin(root, &cache, &[LEDGER]);
    let as_of = Today::resolve(arguments.as_of, &loaded.archive.config)?.0;
    reading.at_time(known_time(arguments.as_of, &loaded.archive.config)?);
    let style = super::style(std::io::stdout());
    let half_removed = half_removed(root);
    // Results for single files are not stored, because there could be any number of them.
    let name = (wanted.paths.is_none() && half_removed.is_empty())
        .then(|| format!("check-{:?}", arguments.printing.format));
    let prefix = arguments.printing.prefix(root);
    let key = Hasher::default().with(&(as_of, style == text::Style::Coloured, arguments.all));
    let key = key
        .with(&(prefix.as_str(), arguments.deny_warnings))
        .finish();
    let known = name.as_deref().and_then(|name| reading.recall(name, key));
    let result = match known {
        Some(known) => known,
        None => {
            let mut run = everything(&mut reading, loaded, as_of, Purpose::Check);
            run.loaded.sources.set_prefix(&prefix);
            if !half_removed.is_empty() {
                run.diagnostics.extend(half_removed);
                diagnostic::sort(&mut run.diagnostics, &run.loaded.sources);
            }
            let before = before(&wanted, as_of);
            let scope = Scope::new(&wanted, &run, before.as_deref());
            let result = result(&run, &scope, arguments, style);
            // What an incident with errors depends on is not known completely.
            if let Some(name) = name.filter(|_| !result.errors && reading.is_settled()) {
                reading.remember(&name, key, &result);
            }
            result
        }
    };
    reading.finish();
    // Nobody who asks for problems only wants to read that there are none.
    if result.diagnostics > 0 || !(is_quiet() && arguments.printing.is_text()) {
        print(&result.text)?;
    }
    Ok(
        if result.errors || (arguments.deny_warnings && result.diagnostics > 0) {
            Outcome::Problems
        } else {
            Outcome::Done
        },
    )
}

/// Returns a warning for each input that one side of an unfinished merge changed and the other removed.
fn half_removed(root: &Utf8Path) -> Vec<Diagnostic> {
    let is_input = |path: &Utf8PathBuf| {
        let folders = [load::INCIDENTS, load::TIMELINES];
        folders.iter().any(|folder| path.starts_with(folder)) && load::is_file(root, path)
    };
    let found = git::half_removed(root).into_iter().filter(is_input);
    let found = found.map(|path| {
        let folder = path
            .parent()
            .filter(|folder| folder.extension() == Some("d"));
        let help = match folder.and_then(Utf8Path::file_stem) {
            Some(id) => {
                format!("to join the change, run `afterword fold {id}`, then add all files")
            }
            None => format!("keep it with `git add {path}`, or remove it with `git rm {path}`"),
        };
        let message = "one side of the merge changed this file, and the other removed it";
        Diagnostic::warning(CONFLICT, message)
            .of_file(&path)
            .help(help)
    });
    found.collect()
}

/// The number of times that an archive is corrected: a corrected file may show what is wrong in another.
const ROUNDS: usize = 5;

/// Applies the suggestions that are certain, or prints them as a diff; returns whether there were any.
fn correct(wanted: &Wanted, arguments: &Arguments) -> anyhow::Result<bool> {
    let root = wanted.root.as_path();
    let mut corrections = Corrections::default();
    let mut known = None;
    for _ in 0..ROUNDS {
        let none = Cache::none();
        let unwritten = corrections.after().clone();
        let files = Files::with(root, &unwritten);
        let (mut reading, mut loaded) = Reading::begin_with(root, files, &none, &[LEDGER]);
        for (file, text) in &unwritten {
            let text = text.as_deref().unwrap_or_default();
            loaded.sources.add(Source::new(file.clone(), text));
        }
        let as_of = Today::resolve(arguments.as_of, &loaded.archive.config)?.0;
        let run = everything(&mut reading, loaded, as_of, Purpose::Check);
        let before = known.get_or_insert_with(|| before(wanted, as_of));
        let scope = Scope::new(wanted, &run, before.as_deref());
        let found = run.diagnostics.iter();
        let found: Vec<Diagnostic> = found.filter(|found| scope.has(found)).cloned().collect();
        if !corrections.extend(root, &found, &run.loaded.sources) {
            break;
        }
    }
    let is_changed = !corrections.is_empty();
    if arguments.diff {
        print(&corrections.diff())?;
        return Ok(is_changed);
    }
    let (changes, left) = corrections.write(root)?;
    for change in changes {
        remark(&format!("fixed {change}"));
    }
    for file in left {
        let line = format!("`{file}` changed meanwhile and was left as it is");
        eprint_line(&visible_line(&line));
    }
    Ok(is_changed)
}

/// Returns the problems that the archive had in the commit that changes are counted from, if anything changed.
fn before(wanted: &Wanted, as_of: NaiveDate) -> Option<Vec<Diagnostic>> {
    let texts = wanted.before.as_ref().filter(|texts| !texts.is_empty())?;
    let none = Cache::none();
    let files = Files::with(&wanted.root, texts);
    let (mut reading, loaded) = Reading::begin_with(&wanted.root, files, &none, &[LEDGER]);
    Some(everything(&mut reading, loaded, as_of, Purpose::Check).diagnostics)
}

/// The output of a check, and what it found.
#[derive(Serialize, Deserialize)]
struct CheckResult {
    text: String,
    errors: bool,
    diagnostics: usize,
}

fn result(run: &CheckRun, scope: &Scope, arguments: &Arguments, style: text::Style) -> CheckResult {
    let mut diagnostics = Cow::Borrowed(&run.diagnostics);
    if !scope.is_all() {
        diagnostics
            .to_mut()
            .retain(|diagnostic| scope.has(diagnostic));
    }
    let sources = &run.loaded.sources;
    let printing = &arguments.printing;
    let text = match printing.document(&diagnostics, sources, arguments.deny_warnings) {
        Some(document) => document,
        None if diagnostics.is_empty() => {
            format!("checked {}: no problems found\n", scope.looked_at())
        }
        None => {
            let print = if arguments.all {
                text::print
            } else {
                text::excerpt
            };
            let printed = print(&diagnostics, sources, style);
            if scope.is_all() {
                printed
            } else {
                format!("{printed}checked {}\n", scope.looked_at())
            }
        }
    };
    CheckResult {
        text,
        errors: diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == Level::Error),
        diagnostics: diagnostics.len(),
    }
}

/// The result of reading and checking an archive.
pub struct CheckRun {
    /// The settings and templates; the archive has no incidents.
    pub loaded: Loaded,
    /// The incidents that could be read, by ID.
    pub incidents: Vec<ReadIncident>,
    /// The timeline of each incident that has one, by the incident's file.
    pub timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// All diagnostics, sorted if a check asked for them; `loaded.sources` has the texts that they point into.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that could not be read, so that their content is unknown.
    pub unreadable: UnreadFiles,
    /// The content of `memory.toml`.
    pub memory: Ledger,
}

/// Reads and checks the incidents of an archive.
pub fn everything(
    reading: &mut Reading,
    mut loaded: Loaded,
    as_of: NaiveDate,
    purpose: Purpose,
) -> CheckRun {
    let root = reading.root();
    let config = &loaded.archive.config;
    let unread = &loaded.unread;
    let templates = &loaded.templates;
    let read = shown(|progress| {
        let read = reading.incidents(config, unread, as_of, purpose, progress);
        let anchors = publish::anchors(root, config, templates, &read.linked());
        read.together(config, unread, &anchors)
    });
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostics.extend(read.diagnostics);
    let mut unreadable = super::unreadable(&diagnostics);
    diagnostics.extend(read.findings);
    diagnostics.extend(self::templates(&mut loaded));
    let memory = memory(reading.files(), &mut loaded).unwrap_or_else(|problems| {
        unreadable.extend(super::unreadable(&problems));
        diagnostics.extend(problems);
        Ledger::default()
    });
    loaded.broken = read.broken;
    // A build prints only the errors, so it does not look up the position of each warning.
    if purpose == Purpose::Check {
        diagnostic::sort(&mut diagnostics, &loaded.sources);
    }
    CheckRun {
        loaded,
        incidents: read.incidents,
        timelines: read.timelines,
        diagnostics,
        unreadable,
        memory,
    }
}

/// Reads `memory.toml`, or returns its problems.
///
/// # Errors
/// Returns why it cannot be read.
pub fn memory(files: Files, loaded: &mut Loaded) -> Result<Ledger, Vec<Diagnostic>> {
    let kept = Verbatim::inside(files, LEDGER.as_ref(), &loaded.archive.config);
    let Some(kept) = kept.map_err(|diagnostic| vec![*diagnostic])? else {
        return Ok(Ledger::default());
    };
    let read = ledger::parse(&kept.source);
    if read.is_err() {
        loaded.sources.add(kept.source);
    }
    read
}

/// Returns the problems of the custom templates.
fn templates(loaded: &mut Loaded) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for problem in Renderer::problems(&loaded.templates) {
        let mut characters = problem.message.chars();
        let first = characters.next().map(char::to_lowercase);
        let message: String = first.into_iter().flatten().chain(characters).collect();
        let mut diagnostic = Diagnostic::error("invalid-template", message);
        diagnostic.help = Some(problem.excerpt).filter(|excerpt| !excerpt.is_empty());
        let mut own = loaded.templates.iter();
        if let Some(own) = own.find(|own| Some(&own.path) == problem.path.as_ref()) {
            let path = Utf8Path::new(load::TEMPLATES).join(&own.path);
            let at = problem
                .span
                .map(|span| Locator::Span(Span::new(span.start, span.end)));
            loaded.sources.add(Source::new(path.clone(), &own.text));
            diagnostic = diagnostic.at(&path, at.unwrap_or(Locator::File), "");
        }
        found.push(diagnostic);
    }
    found.extend(unused(
        &loaded.templates,
        loaded.archive.config.site.logo.as_deref(),
    ));
    found
}

/// Returns a warning for each custom template that overrides no built-in template and is not included in another.
fn unused(own: &[OwnTemplate], logo: Option<&str>) -> Vec<Diagnostic> {
    let known = TEMPLATES.iter().chain(ASSETS.iter());
    let known: Vec<&str> = known.map(|(path, _)| *path).collect();
    let is_used = |path: &str| {
        // A message may be of any stage; a section may have HTML where the program's has none.
        path.starts_with("comms/")
            || known.contains(&path)
            || path
                .strip_suffix(".html")
                .is_some_and(|stem| known.contains(&format!("{stem}.md").as_str()))
            || own.iter().any(|other| other.text.contains(path))
    };
    let is_logo = |own: &OwnTemplate| logo.is_some_and(|logo| load::is_logo(own, logo));
    let unused = own
        .iter()
        .filter(|own| !is_used(&own.path) && !is_logo(own));
    let named = unused.map(|own| {
        let message = format!("template `{}` overrides no built-in template", own.path);
        let near = source::did_you_mean(&own.path, known.iter().copied());
        let help = near.unwrap_or_else(|| {
            "give it the path of the template to override, or include it in another template".into()
        });
        let path = Utf8Path::new(load::TEMPLATES).join(&own.path);
        Diagnostic::warning("template-unused", message)
            .at(&path, Locator::File, "")
            .help(help)
    });
    named.collect()
}
