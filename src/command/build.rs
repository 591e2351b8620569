//! `afterword build`: publishes all reports as a site of static files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::check::{CheckRun, Purpose, ReadIncident};
use super::{AudienceArg, Outcome, eprint_line, report, root};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Words};
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::{Neighbor, Summary, counted};
use crate::load::{self, Loaded};
use crate::memory::ledger;
use crate::publish::write::{self, OutputSpec};
use crate::publish::{self, Lists, Neighborhood, Output, PublishError, Published, Site};

/// What `build` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The archive; the current folder or its nearest parent that is one when absent.
    #[arg(value_name = "DIR", conflicts_with = "directory")]
    archive: Option<Utf8PathBuf>,

    /// Write the site to this folder; `[site] out` or `site` when absent.
    #[arg(long, value_name = "DIR")]
    out: Option<Utf8PathBuf>,

    /// Build what this audience may read; `[site] audience` or `internal` when absent.
    #[arg(long, value_enum)]
    audience: Option<AudienceArg>,

    /// Measure what is overdue or in the future against this day; `[site] as_of` or today when absent.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Publish the incidents without errors; inside, those with errors keep their old pages.
    #[arg(long)]
    keep_going: bool,
}

/// Builds the site.
///
/// # Errors
/// The archive cannot be found, a template is at fault, or the output is.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    // In one of the threads that load and render: an allocator keeps apart what each thread lets go of.
    rayon::scope(|_| build(directory, arguments))
}

fn build(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let root = root(arguments.archive.as_deref().or(directory))?;
    let settings = load::settings(&root);
    let audience = match arguments.audience {
        Some(told) => told.into(),
        None => settings.archive.config.site.audience.unwrap_or_default(),
    };
    let purpose = Purpose::Publish(audience);
    let CheckRun {
        loaded,
        incidents,
        diagnostics,
        memory,
        as_of,
    } = super::check::everything(&root, settings, arguments.as_of, purpose)?;
    report(&diagnostics, &loaded.sources);
    let errors = diagnostics
        .iter()
        .any(|diagnostic| diagnostic.level == Level::Error);
    let warnings = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Warning)
        .count();
    if errors && !arguments.keep_going {
        eprint_line("nothing was written: mend the errors, or build the rest with `--keep-going`");
        return Ok(Outcome::Faults);
    }
    let config = &loaded.archive.config;
    let mut kept = faulty(&incidents, &diagnostics);
    kept.extend(loaded.broken.iter().cloned());
    let Incidents {
        neighbors,
        summaries,
        words,
        records,
        gone,
    } = Incidents::new(incidents, &kept, audience);
    let audit = Audit::new(config, words, publish::own_texts());
    kept.retain(|id| may_stay(id, audience, &gone, &loaded, &diagnostics));
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
    let place = OutputSpec {
        out: &out,
        audience: audience.as_str(),
        project: &root,
        inputs: &inputs,
    };
    let neighborhood = Neighborhood::new(neighbors, audience);
    let site = Site::from_neighborhood(config, neighborhood, &loaded.templates, audience)
        .map_err(PublishError::from)?;
    let output = Output::new(&root, write::open(&place)?, &audit);
    let has_page = |id: &&String| output.had(&format!("incidents/{id}.html"));
    let lists = Lists {
        summaries,
        memory: ledger::remembered(&memory),
        kept: kept.iter().filter(has_page).cloned().collect(),
        as_of,
    };
    let published = match site.publish(lists, records, &kept, output) {
        Err(PublishError::Leaks(leaks)) => {
            report(&leaks.diagnostics, &leaks.sources);
            eprint_line("nothing was written: the site would hold what its readers must not see");
            return Ok(Outcome::Faults);
        }
        published => published?,
    };
    eprint_line(&summary(
        &published,
        audience,
        warnings,
        &out,
        began.elapsed(),
    ));
    Ok(if errors {
        Outcome::Faults
    } else {
        Outcome::Done
    })
}

/// Says whether the old pages of an incident with errors may stay.
///
/// They were made when it was classified as it was then. So outside none stay, and inside
/// none of an incident that is, or that may be, confidential by now.
fn may_stay(
    id: &str,
    audience: Audience,
    gone: &[String],
    loaded: &Loaded,
    diagnostics: &[Diagnostic],
) -> bool {
    let files = diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.locations)
        .map(|place| &place.file)
        .filter(|file| file.file_stem() == Some(id));
    let mut texts = files.filter_map(|file| loaded.sources.get(file));
    !audience.is_external()
        && !gone.iter().any(|gone| gone == id)
        && (audience == Audience::Confidential
            || !texts.any(|source| source.text().contains("confidential")))
}

/// Lists the incidents that have errors, in their own files or where they meet others.
fn faulty(incidents: &[ReadIncident], diagnostics: &[Diagnostic]) -> BTreeSet<String> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error);
    let files: BTreeSet<&Utf8Path> = errors
        .flat_map(|error| &error.locations)
        .map(|place| place.file.as_path())
        .collect();
    let faulty = incidents.iter().map(|incident| &incident.neighbor);
    let faulty = faulty.filter(|neighbor| {
        let timeline = neighbor.source.timeline.as_deref();
        files.contains(neighbor.source.incident.as_path())
            || timeline.is_some_and(|path| files.contains(path))
    });
    faulty.map(|neighbor| neighbor.id.clone()).collect()
}

/// The incidents of a build, each part where it is needed.
#[derive(Default)]
struct Incidents {
    neighbors: Vec<Neighbor>,
    summaries: Vec<Summary>,
    /// Of all incidents, for what must not be seen of one with errors must not be seen either.
    words: Vec<Words>,
    records: BTreeMap<String, Record>,
    /// The IDs of those with errors that the audience may not read.
    gone: Vec<String>,
}

impl Incidents {
    fn new(read: Vec<ReadIncident>, faulty: &BTreeSet<String>, audience: Audience) -> Self {
        let mut all = Self::default();
        for ReadIncident { neighbor, listed } in read {
            let is_faulty = faulty.contains(&neighbor.id);
            if is_faulty && !audience.may_read(neighbor.audience) {
                all.gone.push(neighbor.id.clone());
            }
            if let Some(listed) = listed {
                all.words.extend(listed.words);
                if !is_faulty {
                    all.summaries.push(listed.summary);
                    let record = listed.record.into_iter();
                    all.records
                        .extend(record.map(|record| (neighbor.id.clone(), record)));
                }
            }
            if !is_faulty {
                all.neighbors.push(neighbor);
            }
        }
        all
    }
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
    audience: Audience,
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
            "; {} withheld from this audience ({audience})",
            count(published.withheld, "incident")
        ));
    }
    text
}
