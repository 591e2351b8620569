//! `afterword build`: publishes all reports as a site of static files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::time::{Duration, Instant};

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::check::{CheckRun, everything};
use super::progress::shown;
use super::{AudienceArg, Outcome, Today, cache, eprint, eprint_line, report, root, style};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Words};
use crate::cache::{Cache, Digest, Hasher, RESERVED};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, text};
use crate::facts::{Neighbor, PackedSummary, counted};
use crate::load::{self, Loaded};
use crate::memory::ledger::{self, LEDGER};
use crate::progress::Progress;
use crate::publish::write::{self, OutputSpec, WriteError, Writer, Written};
use crate::publish::{
    self, Earlier, Incidents, Inputs, Lists, Neighborhood, Output, PublishError, Published, Site,
    SiteRecord,
};
use crate::read::{Purpose, ReadIncident, Reading};

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

    /// Render every page, and neither read nor write `.afterword/cache`.
    #[arg(long, conflicts_with = "verify")]
    no_cache: bool,

    /// Read every file of the site that an earlier build made, instead of looking at sizes and times.
    #[arg(long)]
    verify: bool,
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
    let cache = cache(&root, arguments.no_cache);
    let (mut reading, settings) = Reading::begin(&root, &cache, &[LEDGER]);
    let target = Target::new(&root, arguments, &settings.archive.config)?;
    if let Some(built) = target.recall(&reading, &cache) {
        reading.finish();
        eprint(&built.text);
        eprint_line(&built.summary(&target, began.elapsed()));
        return Ok(Outcome::Done);
    }
    let purpose = Purpose::Publish(target.audience);
    let run = everything(&mut reading, settings, target.as_of, purpose);
    let count = |level| {
        let all = run.diagnostics.iter();
        all.filter(|diagnostic| diagnostic.level == level).count()
    };
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    let text = match run.diagnostics.as_slice() {
        [] => String::new(),
        all => text::print(all, &run.loaded.sources, target.style),
    };
    eprint(&text);
    if errors > 0 && !arguments.keep_going {
        reading.finish();
        eprint_line("nothing was written: mend the errors, or build the rest with `--keep-going`");
        return Ok(Outcome::Faults);
    }
    let made = shown(|progress| publish(&root, &target, run, &reading, &cache, progress));
    let (published, record) = match made {
        Err(PublishError::Leaks(leaks)) => {
            report(&leaks.diagnostics, &leaks.sources);
            eprint_line("nothing was written: the site would hold what its readers must not see");
            return Ok(Outcome::Faults);
        }
        published => published?,
    };
    let mut built = Built {
        text,
        warnings,
        published,
        site: Digest::default(),
    };
    // What changed while it was read belongs to the next build.
    if reading.is_settled() {
        built.site = record.store(&cache, &target.site_name);
        if errors == 0 {
            reading.remember(&target.build_name, target.key, &built);
        }
    }
    reading.finish();
    eprint_line(&built.summary(&target, began.elapsed()));
    Ok(if errors > 0 {
        Outcome::Faults
    } else {
        Outcome::Done
    })
}

/// Publishes what was read and checked.
fn publish(
    root: &Utf8Path,
    target: &Target,
    run: CheckRun,
    reading: &Reading,
    cache: &Cache,
    progress: &Progress,
) -> Result<(Published, SiteRecord), PublishError> {
    let CheckRun {
        loaded,
        incidents,
        diagnostics,
        memory,
        ..
    } = run;
    let (config, audience) = (&loaded.archive.config, target.audience);
    let mut kept = faulty(&incidents, &diagnostics);
    kept.extend(loaded.broken.iter().cloned());
    let parts = Parts::new(incidents, &kept, audience);
    let audit = Audit::new(config, parts.words, publish::own_texts());
    kept.retain(|id| may_stay(id, audience, &parts.gone, &loaded, &diagnostics));
    let neighborhood = Neighborhood::new(parts.neighbors, audience);
    let site = Site::from_neighborhood(config, neighborhood, &loaded.templates, audience)?;
    let writer = target.open(root)?;
    let mut earlier = Earlier::read(cache, &target.site_name, &target.out, writer.now());
    if target.verify {
        earlier = earlier.verified();
    }
    let output = Output::new(root, &target.out, writer, &audit, earlier);
    let has_page = |id: &&String| output.had(&format!("incidents/{id}.html"));
    let lists = Lists {
        summaries: parts.summaries,
        memory: ledger::remembered(&memory),
        kept: kept.iter().filter(has_page).cloned().collect(),
        as_of: target.as_of,
    };
    let incidents = Incidents {
        loaded: parts.loaded,
        inputs: Inputs {
            settings: reading.settings(),
            incidents: parts.inputs,
        },
        kept,
    };
    site.publish(incidents, lists, output, cache, progress)
}

/// Where a site goes, for whom it is, and how it is known to the cache.
struct Target {
    out: Utf8PathBuf,
    audience: Audience,
    as_of: NaiveDate,
    style: text::Style,
    verify: bool,
    /// The names under which the cache has what a build printed, and what it made.
    build_name: String,
    site_name: String,
    /// What stands for everything that was asked for.
    key: Digest,
}

impl Target {
    fn new(root: &Utf8Path, arguments: &Arguments, config: &Config) -> anyhow::Result<Self> {
        let audience = match arguments.audience {
            Some(told) => told.into(),
            None => config.site.audience.unwrap_or_default(),
        };
        let out = match (&arguments.out, &config.site.out) {
            (Some(out), _) => out.clone(),
            (None, Some(out)) => root.join(&**out),
            (None, None) => root.join("site"),
        };
        let as_of = Today::resolve(arguments.as_of, config)?.0;
        let style = style(io::stderr());
        let whole = std::path::absolute(&out).with_context(|| format!("cannot find `{out}`"))?;
        let name = Hasher::default().with(&(whole, audience)).finish();
        let key = Hasher::default().with(&(as_of, style == text::Style::Coloured));
        Ok(Self {
            audience,
            as_of,
            style,
            verify: arguments.verify,
            build_name: format!("build-{name:?}"),
            site_name: format!("site-{name:?}"),
            key: key.with(&arguments.keep_going).finish(),
            out,
        })
    }

    /// Returns what an earlier build made, if it made it from the same and all of it still is in place.
    fn recall(&self, reading: &Reading, cache: &Cache) -> Option<Built> {
        let mut built: Built = reading.recall(&self.build_name, self.key)?;
        let site = SiteRecord::files_in_place(cache, &self.site_name, &self.out, self.verify)?;
        if site.content != built.site {
            return None;
        }
        built.published.reused = built.published.reports;
        built.published.files = Written {
            unchanged: site.count,
            ..Written::default()
        };
        Some(built)
    }

    /// Takes hold of the output.
    fn open(&self, root: &Utf8Path) -> Result<Writer, WriteError> {
        let inputs = [
            load::INCIDENTS,
            load::TIMELINES,
            load::TEMPLATES,
            load::CONFIG,
            RESERVED,
        ];
        let inputs = inputs.map(|name| root.join(name));
        write::open(&OutputSpec {
            out: &self.out,
            audience: self.audience.as_str(),
            project: root,
            inputs: &inputs.each_ref().map(Utf8PathBuf::as_path),
        })
    }
}

/// What a build printed and made.
#[derive(Serialize, Deserialize)]
struct Built {
    text: String,
    warnings: usize,
    published: Published,
    /// What stands for the files of the site.
    site: Digest,
}

impl Built {
    /// Returns the line that says what was done.
    fn summary(&self, target: &Target, took: Duration) -> String {
        let (published, out) = (&self.published, &target.out);
        let count =
            |count: usize, noun: &str| counted(i64::try_from(count).unwrap_or(i64::MAX), noun);
        let files = &published.files;
        let mut text = format!(
            "built {} on {} with {} into `{out}` in {} ms ({} written, {} unchanged, {} removed)",
            count(published.reports, "report"),
            count(published.pages, "page"),
            count(self.warnings, "warning"),
            took.as_millis(),
            files.written,
            files.unchanged,
            files.removed,
        );
        if published.reused > 0 {
            let reused = count(published.reused, "report");
            text.push_str(&format!("; {reused} from the cache"));
        }
        if published.withheld > 0 {
            text.push_str(&format!(
                "; {} withheld from this audience ({})",
                count(published.withheld, "incident"),
                target.audience
            ));
        }
        text
    }
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

/// The incidents of a build, taken apart.
#[derive(Default)]
struct Parts {
    neighbors: Vec<Neighbor>,
    summaries: Vec<PackedSummary>,
    /// Of all incidents, for what must not be seen of one with errors must not be seen either.
    words: Vec<Words>,
    loaded: BTreeMap<String, Record>,
    inputs: HashMap<String, Digest>,
    /// The IDs of those with errors that the audience may not read.
    gone: Vec<String>,
}

impl Parts {
    fn new(read: Vec<ReadIncident>, faulty: &BTreeSet<String>, audience: Audience) -> Self {
        let mut all = Self::default();
        for ReadIncident { neighbor, listed } in read {
            let id = &neighbor.id;
            let is_faulty = faulty.contains(id);
            if is_faulty && !audience.may_read(neighbor.audience) {
                all.gone.push(id.clone());
            }
            let Some(listed) = listed else { continue };
            all.words.extend(listed.words);
            if is_faulty {
                continue;
            }
            all.summaries.push(listed.summary);
            all.inputs
                .extend(listed.inputs.map(|digest| (id.clone(), digest)));
            all.loaded
                .extend(listed.record.map(|record| (id.clone(), record)));
            all.neighbors.push(neighbor);
        }
        all
    }
}
