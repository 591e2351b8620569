//! `afterword import report`: converts Markdown reports to incidents with timelines. `timeline` imports other exports.
//!
//! A report is read, loaded and rendered before its files are created, and no existing file is overwritten.
//! A report that cannot be imported does not stop the others.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{Datelike, NaiveDate};

use super::change::{lock, write_texts};
use super::terminal::{echo, remark};
use super::{Outcome, Today, eprint_line, has_rules, print, report, root};
use crate::check;
use crate::diagnostic::{self, Level};
use crate::facts::counted;
use crate::facts::labelled::Labels;
use crate::import::{self, Imported, Note, Settings, proof};
use crate::kind::Id;
use crate::load;
use crate::moment::Zone;
use crate::source;

mod additions;
mod files;
mod summary;
mod timeline;

/// The arguments of `import`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, clap::Subcommand)]
enum Format {
    /// Convert Markdown reports to incidents with timelines.
    Report(ReportArguments),
    /// Add the events of other systems' exports to an incident's timeline.
    Timeline(timeline::Arguments),
}

#[derive(Debug, clap::Args)]
struct ReportArguments {
    /// Markdown reports to import.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Utf8PathBuf>,

    /// Incident ID, if the report has none.
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// Date for times without one, if the report states none.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,

    /// Time zone, if the report states none: `UTC`, `+02:00` or `Europe/Berlin`.
    #[arg(long, value_name = "ZONE")]
    tz: Option<Zone>,

    /// Print the files without writing them.
    #[arg(long)]
    dry_run: bool,
}

/// The settings that an import depends on.
const RULES: &[&str] = &[
    "import",
    "site.timezone",
    "site.severities",
    "severity",
    "metrics",
    "limits",
];

/// Imports reports.
///
/// # Errors
/// Returns an error if the archive is not found, a file cannot be read or written, or an incident
/// exists already.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let arguments = match &arguments.format {
        Format::Report(arguments) => arguments,
        Format::Timeline(arguments) => return timeline::run(directory, arguments),
    };
    let root = root(directory)?;
    if arguments.id.is_some() && arguments.files.len() > 1 {
        bail!(
            "`--id` needs exactly one input file, but {} were given",
            arguments.files.len()
        );
    }
    if let Some(id) = arguments
        .id
        .as_ref()
        .filter(|id| Id::new(id.as_str()).is_err())
    {
        bail!("invalid ID `{id}`; use letters, digits and `-`, at most 64 characters");
    }
    if !has_rules(&mut load::settings(&root), RULES) {
        return Ok(Outcome::Problems);
    }
    // Concurrent imports wait for each other here.
    let _lock = lock(&root)?;
    let taken: BTreeSet<String> = load::taken_ids(&root).into_iter().collect();
    let mut taken = taken;
    let mut rows = Vec::new();
    let mut has_problems = false;
    for file in &arguments.files {
        let done = read(&root, file, arguments, &taken).and_then(|found| {
            let Some((imported, row)) = found else {
                return Ok(None);
            };
            write(&root, &imported, arguments.dry_run)?;
            Ok(Some((imported.id, row)))
        });
        match done {
            Ok(Some((id, row))) => {
                taken.insert(id);
                rows.push(row);
            }
            Ok(None) => has_problems = true,
            Err(error) if arguments.files.len() == 1 => return Err(error),
            // The other reports are imported all the same.
            Err(error) => {
                print_sanitized(&format!("error: {error:#}"));
                has_problems = true;
            }
        }
    }
    if arguments.files.len() > 1 {
        print_table(&rows, arguments.files.len());
    } else if has_problems {
        eprint_line("nothing written");
    }
    Ok(if has_problems {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

/// Creates the files of an incident, or prints them.
fn write(root: &Utf8Path, imported: &Imported, dry_run: bool) -> anyhow::Result<()> {
    let files: Vec<(String, &str)> = imported.files().collect();
    if dry_run {
        for (path, text) in files {
            print(&format!("# {path}\n{text}\n"))?;
        }
        return Ok(());
    }
    for (path, _) in &files {
        if root.join(path).symlink_metadata().is_ok() {
            bail!("`{path}` already exists; nothing written");
        }
    }
    let texts = files.iter().map(|(path, text)| (path.as_str(), *text));
    write_texts(root, format!("import report {}", imported.id), texts)?;
    for (path, _) in files {
        echo(&format!("created {path}\n"))?;
    }
    Ok(())
}

/// The counts of an imported report.
struct Row {
    file: String,
    id: String,
    events: usize,
    marks: usize,
    actions: usize,
    unmapped: usize,
    words: usize,
}

/// Prints a table of all imported reports.
fn print_table(rows: &[Row], files: usize) {
    let width = rows
        .iter()
        .map(|row| row.id.len())
        .max()
        .unwrap_or(0)
        .max(2);
    print_sanitized(&format!(
        "{:width$}  events  marks  actions  unmapped  words lost  file",
        "ID"
    ));
    for row in rows {
        print_sanitized(&format!(
            "{:width$}  {:6}  {:5}  {:7}  {:8}  {:10}  {}",
            row.id, row.events, row.marks, row.actions, row.unmapped, row.words, row.file
        ));
    }
    print_sanitized(&format!(
        "{} of {} imported",
        rows.len(),
        counted(files, "report")
    ));
}

/// Imports a report and compares the result with it.
///
/// Returns `None` if the report or the incident has errors, after printing them.
fn read(
    root: &Utf8Path,
    file: &Utf8Path,
    arguments: &ReportArguments,
    taken: &BTreeSet<String>,
) -> anyhow::Result<Option<(Imported, Row)>> {
    let loaded = load::settings(root);
    let config = &loaded.archive.config;
    let source = match load::outside(file, config) {
        Ok(source) => source,
        // A file that exists but is not text is a problem of the input, not of the command.
        Err(error) if file.is_file() => {
            eprint_line(&format!("error: cannot read `{file}`: {error}"));
            return Ok(None);
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read `{file}`")),
    };
    let linked = import::linked_files(source.text());
    let settings = Settings {
        id: arguments.id.as_deref(),
        day: arguments.date,
        zone: arguments.tz,
        files: linked
            .into_iter()
            .filter(|path| load::is_file(root, Utf8Path::new(path)))
            .collect(),
        ids: taken.clone(),
    };
    let today = Today::resolve(None, config)?.0;
    let found = match import::report(&source, config, &settings) {
        // A report without an ID gets the next one of the archive.
        Err(error) if error.message == import::NO_ID => {
            let year = import::first_day(source.text())
                .or(arguments.date)
                .map_or(today.year(), |day| day.year());
            let pattern = config.site.ids.as_deref().unwrap_or("INC-YYYY-NNNN");
            let mut taken: Vec<String> = taken.iter().cloned().collect();
            taken.extend(load::reserved_ids(root));
            let id = super::new::next_id(pattern, year, &taken)?;
            let settings = Settings {
                id: Some(&id),
                ..settings.clone()
            };
            import::report(&source, config, &settings)
        }
        found => found,
    };
    let imported = match found {
        Ok(imported) => imported,
        Err(error) => {
            let line = error.line.map(|line| format!(":{line}"));
            let line = line.unwrap_or_default();
            print_sanitized(&format!("error: {file}{line}: {error}; {}", error.help));
            return Ok(None);
        }
    };
    if taken.iter().any(|id| id.eq_ignore_ascii_case(&imported.id)) {
        bail!(
            "{file}: incident `{}` already exists; nothing written; pass `--id` to import the report under another ID",
            imported.id
        );
    }
    super::new::has_no_timeline(root, &imported.id)?;
    let round_trip = proof::compare(root, loaded, &imported)?;
    report(&round_trip.diagnostics, &round_trip.sources);
    let mut diagnostics = round_trip.diagnostics.iter();
    let has_error = diagnostics.any(|diagnostic| diagnostic.level == Level::Error);
    let Some(markdown) = round_trip.markdown.filter(|_| !has_error) else {
        return Ok(None);
    };
    let sources = imported.sources();
    let config = &round_trip.archive.config;
    let (today, labels) = (Today::resolve(None, config)?.0, Labels::new(&config.words));
    let mut found = check::check(&round_trip.archive, &BTreeSet::new(), today);
    // Warnings are left to `check`, except for numbers that contradict the report.
    let is_imported = |path: &Utf8Path| sources.get(path).is_some();
    found.retain(|found| {
        let is_here = found
            .primary()
            .is_some_and(|location| is_imported(&location.file));
        // A duration that the import names is named once.
        let is_noted = || imported.has_noted(&found.message);
        is_here
            && (found.level == Level::Error || found.code == "stated-number-differs" && !is_noted())
    });
    diagnostic::sort(&mut found, &sources);
    report(&found, &sources);
    let differences = if imported.is_native {
        proof::differences(source.text(), &markdown)
    } else {
        proof::lost(source.text(), &markdown, &imported.kept(), &labels)
    };
    print_summary(file, &imported, &differences);
    let record = round_trip
        .archive
        .records
        .iter()
        .find(|record| record.id == imported.id);
    let row = Row {
        file: file.to_string(),
        id: imported.id.clone(),
        events: record.map_or(0, |record| record.timeline.events.len()),
        marks: imported.marks.len(),
        actions: record.map_or(0, |record| record.incident.action_items.len()),
        unmapped: imported.unmapped.len(),
        words: differences.iter().map(|found| found.words).sum(),
    };
    Ok(Some((imported, row)))
}

/// Prints the marks, the notes, the unmapped content and the differences of the generated report.
fn print_summary(file: &Utf8Path, imported: &Imported, differences: &[proof::Difference]) {
    print_sanitized(&format!("{file}: {}", imported.id));
    if !imported.marks.is_empty() {
        print_sanitized("  marks");
    }
    for found in &imported.marks {
        let line = found
            .line
            .map(|line| format!(" (line {line})"))
            .unwrap_or_default();
        print_sanitized(&format!(
            "    {:14} {}{line}: {}",
            found.mark.as_str(),
            found.at,
            found.reason
        ));
    }
    let list = |title: &str, notes: &[Note]| {
        if !notes.is_empty() {
            print_sanitized(&format!("  {title}"));
        }
        for note in notes {
            let line = note
                .line
                .map(|line| format!("line {line}: "))
                .unwrap_or_default();
            print_sanitized(&format!("    {line}{}", note.text));
        }
    };
    list("notes", &imported.notes);
    list(
        &format!(
            "unmapped content, kept in section `{}`",
            import::UNMAPPED_TITLE
        ),
        &imported.unmapped,
    );
    // Of another layout, only words that are not in the unmapped content differ.
    let unmapped: BTreeSet<usize> = { imported.unmapped.iter() }
        .filter_map(|note| note.line.filter(|_| imported.is_native))
        .collect();
    let differences: Vec<_> = differences
        .iter()
        .filter(|found| !unmapped.contains(&found.line))
        .collect();
    if differences.is_empty() {
        print_sanitized("  the generated report matches the original");
        return;
    }
    print_sanitized(&format!(
        "  the generated report differs in {}",
        counted(differences.len(), "line")
    ));
    for found in differences {
        let generated = found
            .generated
            .as_deref()
            .map(|generated| format!("\n      generated: {generated}"))
            .unwrap_or_default();
        print_sanitized(&format!(
            "    line {}: {}{generated}",
            found.line, found.original
        ));
    }
}

/// Prints a line with text of a report, with control characters replaced.
fn print_sanitized(line: &str) {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        if source::is_hidden(c) {
            shown.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    if shown.starts_with("note: ") {
        remark(&shown);
    } else {
        eprint_line(&shown);
    }
}
