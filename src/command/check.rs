//! `afterword check`: names every fault of every file in one run.

use std::sync::atomic::{AtomicU64, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::{Outcome, Today, nearest, print, root};
use crate::archive::{OwnTemplate, Record};
use crate::audience::Audience;
use crate::audit::Words;
use crate::check::{self, Checker, Member};
use crate::diagnostic::{self, Diagnostic, Level, Locator, Rule, github, json, sarif, text};
use crate::facts::{Facts, Neighbor, Summary, counted};
use crate::load::{self, Loaded, Verbatim, shape};
use crate::memory::ledger::{self, LEDGER, Ledger};
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
    let CheckRun {
        loaded,
        incidents,
        mut diagnostics,
        ..
    } = everything(
        &root,
        load::settings(&root),
        arguments.as_of,
        Purpose::Check,
    )?;
    if !wanted.is_empty() {
        diagnostics.retain(|diagnostic| {
            diagnostic
                .primary()
                .is_some_and(|place| wanted.iter().any(|path| place.file.starts_with(path)))
        });
    }
    let sources = &loaded.sources;
    print(&match arguments.format {
        Format::Text if diagnostics.is_empty() => {
            format!(
                "checked {}: no faults\n",
                counted(
                    i64::try_from(incidents.len()).unwrap_or(i64::MAX),
                    "incident"
                )
            )
        }
        Format::Text => text::print(&diagnostics, sources, super::style(std::io::stdout())),
        Format::Json => json::print(&diagnostics, sources),
        Format::Sarif => sarif::print(&diagnostics, sources, &rules()),
        Format::Github => github::print(&diagnostics, sources),
    })?;
    let denied =
        |diagnostic: &Diagnostic| diagnostic.level == Level::Error || arguments.deny_warnings;
    Ok(if diagnostics.iter().any(denied) {
        Outcome::Faults
    } else {
        Outcome::Done
    })
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
    /// The day against which the archive was checked.
    pub as_of: NaiveDate,
}

/// An incident that was read and checked.
pub struct ReadIncident {
    /// The incident as others refer to it.
    pub neighbor: Neighbor,
    /// What its site needs of it; `None` for a check alone.
    pub listed: Option<Box<ListedIncident>>,
}

/// What a site needs of an incident that was read.
pub struct ListedIncident {
    /// What lists show of it.
    pub summary: Summary,
    /// What external readers must not see of it; `None` if the site is for others.
    pub words: Option<Words>,
    /// The incident itself, while memory allows.
    pub record: Option<Record>,
}

/// What incidents are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be checked.
    Check,
    /// To be published for an audience.
    Publish(Audience),
}

/// How many bytes of input stay in memory as records, so that they need not be loaded again.
const IN_MEMORY: u64 = 6 << 20;

/// Reads and checks the incidents of an archive whose settings are loaded.
///
/// # Errors
/// Returns an error if the day to measure against cannot be known.
pub fn everything(
    root: &Utf8Path,
    mut loaded: Loaded,
    as_of: Option<NaiveDate>,
    purpose: Purpose,
) -> anyhow::Result<CheckRun> {
    let config = &loaded.archive.config;
    let as_of = Today::resolve(as_of, config)?.0;
    let inputs = load::inputs(root);
    let ids: Vec<String> = inputs.ids().map(str::to_owned).collect();
    let checker = Checker::new(config, as_of, ids.iter().map(String::as_str));
    let room = AtomicU64::new(IN_MEMORY);
    let mut read = inputs.each(config, |record| {
        let facts = Facts::compute(&record, config);
        let checked = checker.incident(&record, &facts);
        let neighbor = Neighbor::new(&record, &facts, config);
        let listed = match purpose {
            Purpose::Check => None,
            Purpose::Publish(audience) => Some(Box::new(ListedIncident {
                summary: Summary::with(&record, facts, config),
                words: audience
                    .is_external()
                    .then(|| Words::from_record(&record, audience)),
                record: take(&room, record.source.bytes).then_some(record),
            })),
        };
        (ReadIncident { neighbor, listed }, checked)
    });
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostics.extend(read.diagnostics);
    for (_, checked) in &mut read.kept {
        diagnostics.append(&mut checked.diagnostics);
    }
    let members = read.kept.iter().map(|(incident, checked)| Member {
        neighbor: &incident.neighbor,
        ties: &checked.ties,
    });
    diagnostics.extend(checker.archive(&members.collect::<Vec<_>>(), &read.broken));
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
    Ok(CheckRun {
        loaded,
        incidents: read.kept.into_iter().map(|(one, _)| one).collect(),
        diagnostics,
        memory,
        as_of,
    })
}

/// Takes some bytes of the room that is left; returns whether there was enough.
fn take(room: &AtomicU64, bytes: u64) -> bool {
    let rest = |room: u64| room.checked_sub(bytes);
    room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest)
        .is_ok()
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
