//! `afterword check`: names every fault of every file in one run.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use super::progress::shown;
use super::{Outcome, Today, cache, nearest, print, root};
use crate::archive::OwnTemplate;
use crate::cache::Hasher;
use crate::check;
use crate::diagnostic::{
    self, Diagnostic, Level, Location, Locator, Rule, github, json, sarif, text,
};
use crate::facts::counted;
use crate::load::{self, Loaded, Verbatim, shape};
use crate::memory::ledger::{self, LEDGER, Ledger};
use crate::read::{Purpose, ReadIncident, Reading};
use crate::render::{Renderer, TEMPLATES};
use crate::source::{Source, Span};

/// What `check` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Name only the faults of these files and folders; all when absent.
    #[arg(value_name = "PATH")]
    paths: Vec<Utf8PathBuf>,

    /// The form to print the faults in.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 on warnings too.
    #[arg(long)]
    deny_warnings: bool,

    /// Measure what is overdue or in the future against this day; `[site] as_of` or today when absent.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Check every incident, and neither read nor write `.afterword/cache`.
    #[arg(long)]
    no_cache: bool,
}

/// A form in which faults can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Sarif,
    Github,
}

/// Checks the archive.
///
/// # Errors
/// The archive cannot be found, or one of the paths does not lie in it.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(
        arguments
            .paths
            .first()
            .map(|path| folder_of(path))
            .or(directory),
    )?;
    let wanted = wanted(&root, directory, &arguments.paths)?;
    let cache = cache(&root, arguments.no_cache);
    let (mut reading, loaded) = Reading::begin(&root, &cache, &[LEDGER]);
    let as_of = Today::resolve(arguments.as_of, &loaded.archive.config)?.0;
    let style = super::style(std::io::stdout());
    // What was asked for of single files is not stored: there is no end to what can be asked for.
    let name = wanted
        .is_empty()
        .then(|| format!("check-{:?}", arguments.format));
    let key = Hasher::default().with(&(as_of, style == text::Style::Coloured));
    let key = key.finish();
    let known = name.as_deref().and_then(|name| reading.recall(name, key));
    let result = match known {
        Some(known) => known,
        None => {
            let run = everything(&mut reading, loaded, as_of, Purpose::Check);
            let result = result(&run, &wanted, arguments.format, style);
            if let Some(name) = name.filter(|_| reading.is_settled()) {
                reading.remember(&name, key, &result);
            }
            result
        }
    };
    reading.finish();
    print(&result.text)?;
    Ok(
        if result.errors || (arguments.deny_warnings && result.warnings) {
            Outcome::Faults
        } else {
            Outcome::Done
        },
    )
}

/// What a check prints, and whether it found anything.
#[derive(Serialize, Deserialize)]
struct CheckResult {
    text: String,
    errors: bool,
    warnings: bool,
}

fn result(
    run: &CheckRun,
    wanted: &[Utf8PathBuf],
    format: Format,
    style: text::Style,
) -> CheckResult {
    let is_wanted = |diagnostic: &&Diagnostic| {
        let primary = diagnostic.primary();
        let is_in = |place: &Location| wanted.iter().any(|path| place.file.starts_with(path));
        wanted.is_empty() || primary.is_some_and(is_in)
    };
    let diagnostics: Vec<Diagnostic> = run.diagnostics.iter().filter(is_wanted).cloned().collect();
    let sources = &run.loaded.sources;
    let text = match format {
        Format::Text if diagnostics.is_empty() => {
            let count = i64::try_from(run.incidents.len()).unwrap_or(i64::MAX);
            format!("checked {}: no faults\n", counted(count, "incident"))
        }
        Format::Text => text::print(&diagnostics, sources, style),
        Format::Json => json::print(&diagnostics, sources),
        Format::Sarif => sarif::print(&diagnostics, sources, &rules()),
        Format::Github => github::print(&diagnostics, sources),
    };
    let has = |level| {
        diagnostics
            .iter()
            .any(|diagnostic| diagnostic.level == level)
    };
    CheckResult {
        text,
        errors: has(Level::Error),
        warnings: has(Level::Warning),
    }
}

/// What is known of an archive after every incident was read and checked.
pub struct CheckRun {
    /// What was loaded; its archive has the settings alone.
    pub loaded: Loaded,
    /// The incidents that could be read, by ID.
    pub incidents: Vec<ReadIncident>,
    /// Every fault, sorted; `loaded.sources` has the texts that they point into.
    pub diagnostics: Vec<Diagnostic>,
    /// What `memory.toml` keeps.
    pub memory: Ledger,
    /// How many of the incidents came from the cache.
    pub from_cache: usize,
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
    let read = shown(|progress| reading.incidents(config, as_of, purpose, progress));
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostics.extend(read.diagnostics);
    diagnostics.extend(templates(&mut loaded));
    let memory = memory(root, &mut loaded).unwrap_or_else(|faults| {
        diagnostics.extend(faults);
        Ledger::default()
    });
    loaded.broken = read.broken;
    for source in read.sources {
        loaded.sources.add(source);
    }
    loaded.fetch_sources(root, &diagnostics);
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    CheckRun {
        loaded,
        incidents: read.incidents,
        diagnostics,
        memory,
        from_cache: read.from_cache,
    }
}

/// Reads what is kept of the memory, or names its faults.
fn memory(root: &Utf8Path, loaded: &mut Loaded) -> Result<Ledger, Vec<Diagnostic>> {
    let kept = Verbatim::inside(root, LEDGER.as_ref(), &loaded.archive.config);
    let Some(kept) = kept.map_err(|fault| vec![*fault])? else {
        return Ok(Ledger::default());
    };
    let read = ledger::read(&kept.source);
    if read.is_err() {
        loaded.sources.add(kept.source);
    }
    read
}

/// Names the faults of the user's own templates.
fn templates(loaded: &mut Loaded) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for fault in Renderer::faults(&loaded.templates) {
        let mut letters = fault.message.chars();
        let first = letters.next().map(char::to_lowercase).into_iter().flatten();
        let message: String = first.chain(letters).collect();
        let diagnostic = Diagnostic::error("invalid-template", message);
        let own = loaded
            .templates
            .iter()
            .find(|own| Some(&own.path) == fault.path.as_ref());
        let Some(own) = own else {
            found.push(diagnostic);
            continue;
        };
        let path = Utf8Path::new(load::TEMPLATES).join(&own.path);
        let before = own
            .text
            .split_inclusive('\n')
            .take(fault.line.saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        let at = Span::at((start + fault.column.saturating_sub(1)).min(own.text.len()));
        loaded.sources.add(Source::new(path.clone(), &own.text));
        found.push(diagnostic.at(&path, Locator::Span(at), ""));
    }
    found.extend(unused(&loaded.templates));
    found
}

/// Names the user's own templates that take the place of none, and that none of them includes.
fn unused(own: &[OwnTemplate]) -> Vec<Diagnostic> {
    let known: Vec<&str> = TEMPLATES.iter().map(|(path, _)| *path).collect();
    let is_used = |path: &str| {
        // A message may be of any stage; a section may have HTML where the program's has none.
        path.starts_with("comms/")
            || known.contains(&path)
            || path
                .strip_suffix(".html")
                .is_some_and(|stem| known.contains(&format!("{stem}.md").as_str()))
            || own.iter().any(|other| other.text.contains(path))
    };
    let unused = own.iter().filter(|own| !is_used(&own.path));
    let named = unused.map(|own| {
        let message = format!("no template of the program is called `{}`", own.path);
        let help = match nearest(&own.path, &known) {
            Some(path) => format!("did you mean `{path}`?"),
            None => "name it as the template that it is to replace, or include it in one".into(),
        };
        let path = Utf8Path::new(load::TEMPLATES).join(&own.path);
        Diagnostic::warning("template-unused", message)
            .at(&path, Locator::File, "")
            .help(help)
    });
    named.collect()
}

/// Lists every code that a diagnostic can have, with its documentation.
fn rules() -> Vec<Rule> {
    load::RULES
        .iter()
        .chain(shape::RULES)
        .copied()
        .chain(check::rules())
        .collect()
}

fn folder_of(path: &Utf8Path) -> &Utf8Path {
    if path.is_dir() {
        path
    } else {
        path.parent()
            .filter(|parent| !parent.as_str().is_empty())
            .unwrap_or(Utf8Path::new("."))
    }
}

/// Finds the paths as diagnostics name them: relative to the archive; none when that is meant as a whole.
fn wanted(
    root: &Utf8Path,
    directory: Option<&Utf8Path>,
    paths: &[Utf8PathBuf],
) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let mut wanted = Vec::new();
    for path in paths {
        let path = directory.map_or_else(|| path.clone(), |directory| directory.join(path));
        let whole = path
            .canonicalize_utf8()
            .map_err(|error| anyhow::anyhow!("cannot find `{path}`: {error}"))?;
        let inside = whole
            .strip_prefix(root.canonicalize_utf8()?)
            .map_err(|_| anyhow::anyhow!("`{path}` does not lie in the archive `{root}`"))?;
        if inside.as_str().is_empty() {
            return Ok(Vec::new());
        }
        wanted.push(inside.to_path_buf());
    }
    Ok(wanted)
}
