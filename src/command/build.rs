//! `afterword build`: publishes all reports as a site of static files.

use std::collections::BTreeSet;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::{Outcome, Today, report, root, say};
use crate::audience::Audience;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::counted;
use crate::load::{self, Loaded};
use crate::moment::parse_day;
use crate::publish::write::{self, Place};
use crate::publish::{PublishError, Published, Site};

/// What `build` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The archive; the current folder or its nearest parent that is one when absent.
    #[arg(value_name = "DIR", conflicts_with = "directory")]
    archive: Option<Utf8PathBuf>,

    /// Write the site to this folder; `[site] out` or `site` when absent.
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,

    /// Measure what is overdue or in the future against this day.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    as_of: Option<NaiveDate>,

    /// Publish the incidents without errors; those with errors keep their old pages.
    #[arg(long)]
    keep_going: bool,
}

/// Builds the site.
///
/// # Errors
/// The archive cannot be found, a template is at fault, or the output is.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let root = root(arguments.archive.as_deref().or(directory))?;
    let (mut loaded, diagnostics) = super::check::everything(&root, arguments.as_of)?;
    report(&diagnostics, &loaded.sources);
    let errors = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    let warnings = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Warning)
        .count();
    if errors && !arguments.keep_going {
        say("nothing was written: mend the errors, or build the rest with `--keep-going`");
        return Ok(Outcome::Faults);
    }
    let audience = Audience::Internal;
    if let Some(other) = loaded
        .archive
        .config
        .site
        .audience
        .filter(|other| *other != audience)
    {
        anyhow::bail!(
            "`[site] audience` is `{other}`, but only the `{audience}` site can be built"
        );
    }
    let kept = faulty(&loaded, &diagnostics);
    loaded
        .archive
        .records
        .retain(|record| !kept.contains(&record.id));
    let out = out(&root, arguments, &loaded.archive.config);
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
    let place = Place {
        out: &out,
        audience: audience.as_str(),
        project: &root,
        inputs: &inputs,
    };
    let site =
        Site::new(&loaded.archive, &loaded.templates, audience).map_err(PublishError::from)?;
    let read = |path: &Utf8Path| load::referred_file(&root, path);
    let today = Today::of(arguments.as_of, &loaded.archive.config)?;
    let published = site.publish(write::open(&place)?, &kept, today.0, &read)?;
    say(&summary(&published, warnings, &out, began.elapsed()));
    Ok(if errors {
        Outcome::Faults
    } else {
        Outcome::Done
    })
}

/// Lists the incidents that have errors, in their own files or where they meet others.
fn faulty(loaded: &Loaded, diagnostics: &[Diagnostic]) -> BTreeSet<String> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error);
    let files: BTreeSet<&Utf8Path> = errors
        .flat_map(|error| &error.places)
        .map(|place| place.file.as_path())
        .collect();
    let faulty = loaded.archive.records.iter().filter(|record| {
        let timeline = record.source.timeline.as_deref();
        files.contains(record.source.incident.as_path())
            || timeline.is_some_and(|path| files.contains(path))
    });
    faulty
        .map(|record| record.id.clone())
        .chain(loaded.broken.iter().cloned())
        .collect()
}

fn out(root: &Utf8Path, arguments: &Arguments, config: &crate::config::Config) -> Utf8PathBuf {
    match (&arguments.out, &config.site.out) {
        (Some(out), _) => out.clone(),
        (None, Some(out)) => root.join(&**out),
        (None, None) => root.join("site"),
    }
}

fn summary(
    published: &Published,
    warnings: usize,
    out: &Utf8Path,
    took: std::time::Duration,
) -> String {
    let count = |count: usize, noun: &str| counted(i64::try_from(count).unwrap_or(i64::MAX), noun);
    let files = &published.files;
    let mut text = format!(
        "built {} on {} with {} into `{out}` in {} ms ({} written, {} unchanged, {} removed)",
        count(published.reports, "report"),
        count(published.pages, "page"),
        count(warnings, "warning"),
        took.as_millis(),
        files.written,
        files.unchanged,
        files.removed,
    );
    if published.withheld > 0 {
        text.push_str(&format!(
            "; {} withheld as confidential",
            count(published.withheld, "incident")
        ));
    }
    text
}
