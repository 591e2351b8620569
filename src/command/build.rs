//! `afterword build`: publishes all reports as a site of static files.

use std::collections::BTreeSet;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::check::CheckRun;
use super::{AudienceArg, Outcome, Today, eprint_line, refuse_unreadable, report, root};
use crate::archive::RecordSource;
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Sources};
use crate::facts::{Summary, counted};
use crate::load;
use crate::memory::ledger;
use crate::publish::plan::{self, Candidate, Plan};
use crate::publish::write::{self, OutputSpec};
use crate::publish::{PublishError, Published, Site};

/// The arguments of `build`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Archive directory [default: the current directory or its nearest parent that is an archive].
    #[arg(value_name = "DIR", conflicts_with = "directory")]
    archive: Option<Utf8PathBuf>,

    /// Output directory [default: `[site] out`, or `site`].
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,

    /// Audience to build the site for [default: `[site] audience`, or `internal`].
    #[arg(long, value_enum)]
    audience: Option<AudienceArg>,

    /// Reference date for "overdue" and "in the future" [default: `[site] as_of`, or today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Build the incidents that have no errors; the internal site keeps the previous pages of the others (an external site still needs every file to be readable).
    #[arg(long)]
    keep_going: bool,

    /// Print every warning instead of a count (not for external sites, because warnings quote internal text).
    #[arg(long)]
    warnings: bool,
}

/// Builds the site.
///
/// # Errors
/// Returns an error if the archive is not found, a template is invalid, or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    // In one of the threads that load and render: an allocator keeps apart what each thread lets go of.
    rayon::scope(|_| build(directory, arguments))
}

fn build(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let root = root(arguments.archive.as_deref().or(directory))?;
    let CheckRun {
        mut loaded,
        summaries,
        diagnostics,
        unreadable,
        memory,
        ..
    } = super::check::everything(&root, arguments.as_of, |_| ())?;
    let audience = match arguments.audience {
        Some(audience) => audience.into(),
        None => loaded.archive.config.site.audience.unwrap_or_default(),
    };
    // They say who the site is for, and where it is written.
    let has_settings = !unreadable.contains(Utf8Path::new(load::CONFIG));
    let warnings = match arguments.warnings {
        false => Warnings::Counted,
        true if has_settings && !audience.is_external() => Warnings::Printed,
        true => Warnings::Withheld,
    };
    print_problems(&diagnostics, &loaded.sources, warnings);
    let errors = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    if !has_settings {
        eprint_line(&format!(
            "nothing written: the settings in `{}` cannot be read; fix them first",
            load::CONFIG
        ));
        return Ok(Outcome::Problems);
    }
    if audience.is_external() && !unreadable.is_empty() {
        refuse_unreadable(audience, &unreadable);
        return Ok(Outcome::Problems);
    }
    if errors && !arguments.keep_going {
        eprint_line(
            "nothing written because of errors; fix them, or use `--keep-going` to build the other incidents",
        );
        return Ok(Outcome::Problems);
    }
    let audit = match super::audit::prepared(&root, &mut loaded, audience) {
        Ok(audit) => audit,
        // A file that could be read before.
        Err(unreadable) => {
            refuse_unreadable(audience, &unreadable);
            return Ok(Outcome::Problems);
        }
    };
    let config = &loaded.archive.config;
    let with_errors = plan::with_errors(&summaries, &loaded.broken, &diagnostics);
    let plan = planned(&root, config, audience, &summaries, &with_errors);
    let out = out(&root, arguments, config);
    let inputs: Vec<Utf8PathBuf> = [
        load::INCIDENTS,
        load::TIMELINES,
        load::TEMPLATES,
        load::CONFIG,
    ]
    .iter()
    .map(|name| root.join(name))
    .collect();
    let inputs: Vec<&Utf8Path> = inputs.iter().map(Utf8PathBuf::as_path).collect();
    let place = OutputSpec {
        out: &out,
        audience: audience.as_str(),
        project: &root,
        inputs: &inputs,
    };
    let site = Site::from_summaries(config, summaries, &with_errors, &loaded.templates, audience)
        .map_err(PublishError::from)?;
    let site = site.remembering(ledger::entry_summaries(&memory));
    let again = |source: &RecordSource| load::again(&root, config, source);
    let read = |path: &Utf8Path| load::referred_file(&root, path);
    let today = Today::resolve(arguments.as_of, config)?;
    let writer = write::open(&place)?;
    let published = match site.publish(writer, &plan, today.0, &audit, &again, &read) {
        Err(PublishError::Leaks(leaks)) => {
            super::audit::report_found(&leaks);
            eprint_line(
                "nothing written: the site contains information that its audience must not see",
            );
            return Ok(Outcome::Problems);
        }
        published => published?,
    };
    eprint_line(&summary(&published, audience, &out, began.elapsed()));
    Ok(if errors {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

/// How a build reports warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Warnings {
    /// As a number.
    Counted,
    /// All of them, as was asked for.
    Printed,
    /// How many there are, although all were asked for: the log of an external build may be as public as its site, and
    /// warnings quote internal sentences and names.
    Withheld,
}

/// Prints the errors in full, and the warnings as far as they may be printed.
fn print_problems(diagnostics: &[Diagnostic], sources: &Sources, warnings: Warnings) {
    if warnings == Warnings::Printed {
        report(diagnostics, sources);
        return;
    }
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error);
    let errors: Vec<Diagnostic> = errors.cloned().collect();
    report(&errors, sources);
    let count = diagnostics.len() - errors.len();
    if count > 0 {
        let count = counted(i64::try_from(count).unwrap_or(i64::MAX), "warning");
        let withheld = match warnings {
            Warnings::Withheld => " (not printed for an external site)",
            Warnings::Counted | Warnings::Printed => "",
        };
        eprint_line(&format!(
            "{count}{withheld}; run `afterword check` for details"
        ));
    }
}

/// Plans what happens to the pages of the incidents without errors, and of those with errors.
fn planned(
    root: &Utf8Path,
    config: &Config,
    audience: Audience,
    summaries: &[Summary],
    with_errors: &BTreeSet<String>,
) -> Plan {
    let restrictions = load::restrictions(root, config, with_errors);
    let sound = summaries
        .iter()
        .filter(|summary| !with_errors.contains(&summary.id));
    let sound = sound.map(|summary| Candidate {
        id: &summary.id,
        audience: Some(summary.audience),
        has_errors: false,
    });
    let incomplete = with_errors.iter().map(|id| Candidate {
        id,
        audience: restrictions.get(id).copied(),
        has_errors: true,
    });
    Plan::new(audience, sound.chain(incomplete))
}

fn out(root: &Utf8Path, arguments: &Arguments, config: &Config) -> Utf8PathBuf {
    match (&arguments.out, &config.site.out) {
        (Some(out), _) => out.clone(),
        (None, Some(out)) => root.join(&**out),
        (None, None) => root.join("site"),
    }
}

fn summary(
    published: &Published,
    audience: Audience,
    out: &Utf8Path,
    took: std::time::Duration,
) -> String {
    let count = |count: usize, noun: &str| counted(i64::try_from(count).unwrap_or(i64::MAX), noun);
    let files = &published.files;
    let mut text = format!(
        "built {} on {} into `{out}` in {} ms ({} written, {} unchanged, {} removed)",
        count(published.reports, "report"),
        count(published.pages, "page"),
        took.as_millis(),
        files.written,
        files.unchanged,
        files.removed,
    );
    if published.withheld > 0 {
        text.push_str(&format!(
            "; {} withheld from the `{audience}` audience",
            count(published.withheld, "incident")
        ));
    }
    text
}
