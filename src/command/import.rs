//! `afterword import report`: turns Markdown reports into the files of incidents.
//!
//! All of them are read, loaded and rendered before the first file is made, and no
//! file that is there is written over.

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::{Outcome, Today, eprint_line, has_rules, print, report, root};
use crate::check;
use crate::diagnostic::{self, Level};
use crate::edit::{self, Lock};
use crate::facts::counted;
use crate::import::{self, Imported, Note, Settings, proof};
use crate::kind::Id;
use crate::load;
use crate::moment::Zone;
use crate::source;

/// What `import` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Turn Markdown reports into incidents with their timelines.
    Report(ReportArguments),
}

#[derive(Debug, clap::Args)]
struct ReportArguments {
    /// The reports.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Utf8PathBuf>,

    /// The incident's id, where the report names none.
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// The day of times that have none, where the report does not say.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,

    /// The zone of times, where the report does not say: `UTC`, `+02:00`, `Europe/Berlin`.
    #[arg(long, value_name = "ZONE")]
    tz: Option<Zone>,

    /// Print the files instead of making them.
    #[arg(long)]
    dry_run: bool,
}

/// The settings that reports are read by.
const RULES: &[&str] = &[
    "import",
    "site.timezone",
    "site.severities",
    "severity",
    "metrics",
    "limits",
];

/// Imports.
///
/// # Errors
/// The archive cannot be found, a file cannot be read or is no report, or one cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let What::Report(arguments) = &arguments.what;
    let root = root(directory)?;
    if arguments.id.is_some() && arguments.files.len() > 1 {
        bail!(
            "`--id` names one incident, and there are {} files",
            arguments.files.len()
        );
    }
    if let Some(id) = arguments
        .id
        .as_ref()
        .filter(|id| Id::new(id.as_str()).is_err())
    {
        bail!("`{id}` is no id; use letters, digits and `-`, at most 64");
    }
    if !has_rules(&mut load::settings(&root), RULES) {
        return Ok(Outcome::Problems);
    }
    // Two people who import at once wait for each other here.
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let taken: BTreeSet<String> = load::taken_ids(&root).into_iter().collect();
    let mut made: Vec<Imported> = Vec::new();
    for file in &arguments.files {
        let Some(imported) = read(&root, file, arguments, &taken)? else {
            eprint_line("nothing was written");
            return Ok(Outcome::Problems);
        };
        if made
            .iter()
            .any(|other| other.id.eq_ignore_ascii_case(&imported.id))
        {
            bail!(
                "two of the reports are of `{}`; nothing was written",
                imported.id
            );
        }
        made.push(imported);
    }
    let files: Vec<(String, &str)> = made.iter().flat_map(Imported::files).collect();
    if arguments.dry_run {
        for (path, text) in files {
            print(&format!("# {path}\n{text}\n"))?;
        }
        return Ok(Outcome::Done);
    }
    for (path, _) in &files {
        if root.join(path).symlink_metadata().is_ok() {
            bail!("`{path}` is there already, and nothing is written over; nothing was written");
        }
    }
    for (place, (path, text)) in files.iter().enumerate() {
        edit::create(&root.join(path), text).with_context(|| {
            let before: Vec<&str> = files
                .iter()
                .take(place)
                .map(|(path, _)| path.as_str())
                .collect();
            format!(
                "cannot write `{path}`; made before it: {}",
                if before.is_empty() {
                    "nothing".to_owned()
                } else {
                    before.join(", ")
                }
            )
        })?;
        print(&format!("made {path}\n"))?;
    }
    Ok(Outcome::Done)
}

/// Reads a report and proves what came of it; nothing where that has faults, which are named.
fn read(
    root: &Utf8Path,
    file: &Utf8Path,
    arguments: &ReportArguments,
    taken: &BTreeSet<String>,
) -> anyhow::Result<Option<Imported>> {
    let loaded = load::settings(root);
    let config = &loaded.archive.config;
    let source = match load::outside(file, config) {
        Ok(source) => source,
        // What is there and is no text is a fault of the input.
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
    let imported = match import::report(&source, config, &settings) {
        Ok(imported) => imported,
        Err(refusal) => {
            let line = refusal.line.map(|line| format!(":{line}"));
            let line = line.unwrap_or_default();
            print_sanitized(&format!("error: {file}{line}: {refusal}; {}", refusal.help));
            return Ok(None);
        }
    };
    if taken.iter().any(|id| id.eq_ignore_ascii_case(&imported.id)) {
        bail!(
            "{file}: the incident `{}` is there already, and nothing is written over; `--id` gives the report another",
            imported.id
        );
    }
    let proof = proof::compare(root, loaded, &imported)?;
    report(&proof.diagnostics, &proof.sources);
    let Some(markdown) = proof.markdown else {
        return Ok(None);
    };
    if proof
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error)
    {
        return Ok(None);
    }
    let sources = imported.sources();
    let mut found = check::check(
        &proof.archive,
        &BTreeSet::new(),
        Today::resolve(None, &proof.archive.config)?.0,
    );
    // Warnings are for `check`; what contradicts what the report says is told at once.
    let own = |path: &Utf8Path| sources.get(path).is_some();
    found.retain(|found| {
        let here = found.primary().is_some_and(|place| own(&place.file));
        here && (found.level == Level::Error || found.code == "stated-number-differs")
    });
    diagnostic::sort(&mut found, &sources);
    report(&found, &sources);
    let differences = if imported.own_layout {
        proof::differences(source.text(), &markdown)
    } else {
        proof::lost(source.text(), &markdown)
    };
    print_summary(file, &imported, &differences);
    Ok(Some(imported))
}

/// Says what was found, what was left, and what the new report says otherwise.
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
            found.mark, found.at, found.reason
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
    list("to know", &imported.notes);
    list(
        "not placed, and kept in a section of its own",
        &imported.left,
    );
    let told: BTreeSet<usize> = imported.left.iter().filter_map(|note| note.line).collect();
    let differences: Vec<_> = differences
        .iter()
        .filter(|found| !told.contains(&found.line))
        .collect();
    if differences.is_empty() {
        print_sanitized("  the report that this gives says the same");
        return;
    }
    let count = i64::try_from(differences.len()).unwrap_or(i64::MAX);
    print_sanitized(&format!(
        "  the report that this gives says otherwise in {}",
        counted(count, "line")
    ));
    for found in differences {
        let gives = found
            .gives
            .as_deref()
            .map(|gives| format!("\n      it gives  {gives}"))
            .unwrap_or_default();
        print_sanitized(&format!("    line {}: {}{gives}", found.line, found.said));
    }
}

/// Says a line with words of a report, of which a terminal obeys none.
fn print_sanitized(line: &str) {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        if source::is_hidden(c) {
            shown.push_str(&format!("<U+{:04X}>", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    eprint_line(&shown);
}
