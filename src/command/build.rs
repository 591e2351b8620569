//! `afterword build`: publishes all reports as a site of static files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::audit;
use super::check::{CheckRun, everything};
use super::clock::known_time;
use super::format::Printing;
use super::progress::shown;
use super::terminal::remark;
use super::{
    AudienceArg, Outcome, UnreadFiles, cache, eprint, eprint_line, print, refuse_unreadable, root,
};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Words};
use crate::cache::{Cache, Digest};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Locator, Sources};
use crate::facts::{Neighbor, PackedSummary};
use crate::load;
use crate::memory::ledger::{self, LEDGER};
use crate::progress::Progress;
use crate::publish::plan::{self, Candidate, Plan};
use crate::publish::write::Difference;
use crate::publish::{
    self, Earlier, Incidents, Inputs, Lists, Neighborhood, Output, PublishError, Published, Site,
    SiteRecord,
};
use crate::read::{Purpose, ReadIncident, Reading};

mod report;
mod target;

use report::{Built, Problems, Warnings};
use target::Target;

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

    /// Render every page, and do not use the cache in `.afterword/cache`.
    #[arg(long, conflicts_with = "verify")]
    no_cache: bool,

    /// Read every file of the site to find changes, instead of comparing sizes and times.
    #[arg(long)]
    verify: bool,

    /// Write nothing, list the files of the site that a build would change, and exit with status 1 if there are any. The reference date is then that of the site, unless it is given.
    #[arg(long, conflicts_with_all = ["keep_going", "verify"])]
    check: bool,

    #[command(flatten)]
    printing: Printing,
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
    let cache = cache(&root, arguments.no_cache || arguments.check);
    let (mut reading, settings) = Reading::begin(&root, &cache, &[LEDGER]);
    let target = Target::new(&root, arguments, &settings.archive.config)?;
    // An earlier site is compared as of its day.
    if !arguments.check {
        reading.at_time(known_time(arguments.as_of, &settings.archive.config)?);
    }
    if arguments.check && !target.out.is_dir() {
        anyhow::bail!("`{}` is not a folder; build the site first", target.out);
    }
    if let Some(built) = target.recall(&reading, &cache) {
        reading.finish();
        built.problems.print()?;
        remark(&built.summary(&target, began.elapsed()));
        return Ok(Outcome::Done);
    }
    let audience = target.audience;
    let mut run = everything(
        &mut reading,
        settings,
        target.as_of,
        Purpose::Publish(audience),
    );
    run.loaded.sources.set_prefix(&target.prefix);
    // They say who the site is for, and where it is written.
    let has_settings = !run.unreadable.contains_key(Utf8Path::new(load::CONFIG));
    let warnings = match arguments.warnings {
        false => Warnings::Counted,
        true if has_settings && !audience.is_external() => Warnings::Printed,
        true => Warnings::Withheld,
    };
    let problems = Problems::new(
        &run.diagnostics,
        &run.loaded.sources,
        warnings,
        &arguments.printing,
        target.style,
    );
    eprint(&problems.text);
    let mut diagnostics = run.diagnostics.iter();
    let errors = diagnostics.any(|diagnostic| diagnostic.level == Level::Error);
    let goes_on = arguments.keep_going || !errors;
    if is_refused(has_settings, goes_on, audience, &run.unreadable) {
        reading.finish();
        print(&problems.document)?;
        return Ok(Outcome::Problems);
    }
    // With errors, an external site is built from nothing but the input.
    let no_cache = Cache::none();
    let site_cache = if errors && audience.is_external() {
        &no_cache
    } else {
        &cache
    };
    let made = shown(|progress| publish(&root, &target, run, &reading, site_cache, progress));
    let (published, record) = match made {
        Ok(Made::Differences(differences)) => {
            reading.finish();
            if differences.is_empty() {
                print(&problems.document)?;
            }
            return compared(&root, &target, &differences, &arguments.printing);
        }
        Ok(Made::Site(published, record)) => (published, record),
        Err(PublishError::Leaks(mut leaks)) => {
            let document = audit::document(&mut leaks, &target.out, &arguments.printing);
            match document {
                Some(document) => print(&document)?,
                None => audit::report_found(&leaks),
            }
            eprint_line(
                "nothing written: the site contains information that its audience must not see",
            );
            return Ok(Outcome::Problems);
        }
        Err(error) => return Err(error.into()),
    };
    print(&problems.document)?;
    let mut built = Built {
        problems,
        published,
        site: Digest::default(),
    };
    // What changed while it was read belongs to the next build.
    if reading.is_settled() {
        built.site = record.store(site_cache, &target.site_name);
        if !errors {
            reading.remember(&target.build_name, target.key, &built);
        }
    }
    reading.finish();
    remark(&built.summary(&target, began.elapsed()));
    Ok(if errors {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

/// Prints why nothing is written; returns `false` if there is no reason.
fn is_refused(
    has_settings: bool,
    goes_on: bool,
    audience: Audience,
    unreadable: &UnreadFiles,
) -> bool {
    if !has_settings {
        eprint_line(&format!(
            "nothing written: the settings in `{}` cannot be read; fix them first",
            load::CONFIG
        ));
    } else if audience.is_external() && !unreadable.is_empty() {
        refuse_unreadable(audience, unreadable);
    } else if goes_on {
        return false;
    } else {
        eprint_line(
            "nothing written because of errors; fix them, or use `--keep-going` to build the other incidents",
        );
    }
    true
}

/// The result of making a site.
enum Made {
    /// A site, which is in place.
    Site(Published, Box<SiteRecord>),
    /// The differences of the output from the site that would be put in place.
    Differences(Vec<(String, Difference)>),
}

/// Lists the files of a site that a build would change.
fn compared(
    root: &Utf8Path,
    target: &Target,
    differences: &[(String, Difference)],
    printing: &Printing,
) -> anyhow::Result<Outcome> {
    let out = &target.out;
    let inside = out.strip_prefix(root).unwrap_or(out);
    let how = |difference: Difference| match difference {
        Difference::Missing => "missing",
        Difference::Changed => "changed",
        Difference::Extra => "extra",
    };
    let found = differences.iter().map(|(path, difference)| {
        let message = format!("`{path}` is {} in the site", how(*difference));
        Diagnostic::error("site-not-current", message)
            .at(&inside.join(path), Locator::File, "")
            .help("run `afterword build`, and commit the site")
    });
    let found: Vec<Diagnostic> = found.collect();
    let mut sources = Sources::default();
    sources.set_prefix(&target.prefix);
    match printing.document(&found, &sources, false) {
        Some(document) if !found.is_empty() => print(&document)?,
        Some(_) => {}
        None => {
            let lines = differences.iter();
            let lines =
                lines.map(|(path, difference)| format!("{:7} {out}/{path}\n", how(*difference)));
            print(&lines.collect::<String>())?;
        }
    }
    let count = differences.len();
    remark(&match count {
        0 => format!("`{out}` is what a build makes"),
        1 => format!("1 file of `{out}` differs from what a build makes; run `afterword build`"),
        _ => format!(
            "{count} files of `{out}` differ from what a build makes; run `afterword build`"
        ),
    });
    Ok(match count {
        0 => Outcome::Done,
        _ => Outcome::Problems,
    })
}

/// Makes a site of the incidents that were read and checked, and publishes it unless it is only compared.
fn publish(
    root: &Utf8Path,
    target: &Target,
    run: CheckRun,
    reading: &Reading,
    cache: &Cache,
    progress: &Progress,
) -> Result<Made, PublishError> {
    let CheckRun {
        loaded,
        incidents,
        diagnostics,
        memory,
        timelines,
        unreadable,
    } = run;
    let (config, audience) = (&loaded.archive.config, target.audience);
    let neighbors = incidents.iter().map(|incident| &*incident.neighbor);
    let with_errors = plan::with_errors(neighbors.clone(), &loaded.broken, &diagnostics);
    // What only the check needed is not in memory while the site is made.
    drop((diagnostics, timelines, unreadable));
    let plan = planned(root, config, audience, neighbors, &with_errors);
    let parts = Parts::new(incidents, &with_errors);
    let audit = Audit::new(config, parts.words, publish::own_texts()).for_audience(audience);
    let neighborhood = Neighborhood::new(parts.neighbors, &with_errors, audience);
    let site = Site::from_neighborhood(config, neighborhood, &loaded.templates, audience)?;
    let writer = target.open(root)?;
    let mut earlier = Earlier::read(cache, &target.site_name, writer.previous(), writer.now());
    if target.verify {
        earlier = earlier.verified();
    }
    let stale_files = publish::stale_files(&writer, &plan)?;
    let has_page = |id: &&String| stale_files.contains(&format!("incidents/{id}.html"));
    let lists = Lists {
        summaries: parts.summaries,
        memory: ledger::entry_summaries(&memory),
        stale: plan.stale.iter().filter(has_page).cloned().collect(),
        as_of: target.as_of,
    };
    let output = Output::new(root, writer, &audit, earlier);
    let incidents = Incidents {
        loaded: parts.loaded,
        inputs: Inputs {
            settings: reading.settings(),
            incidents: parts.inputs,
        },
        stale_files,
    };
    if target.check {
        let differences = site.compare(incidents, lists, output, progress)?;
        return Ok(Made::Differences(differences));
    }
    let (published, record) = site.publish(incidents, lists, output, cache, progress)?;
    Ok(Made::Site(published, Box::new(record)))
}

/// Plans what happens to the pages of the incidents without errors, and of those with errors.
fn planned<'a>(
    root: &Utf8Path,
    config: &Config,
    audience: Audience,
    neighbors: impl Iterator<Item = &'a Neighbor>,
    with_errors: &BTreeSet<String>,
) -> Plan {
    let restrictions = load::restrictions(root, config, with_errors);
    let sound = neighbors.filter(|neighbor| !with_errors.contains(&neighbor.id));
    let sound = sound.map(|neighbor| Candidate {
        id: &neighbor.id,
        audience: Some(neighbor.audience),
        has_errors: false,
    });
    let incomplete = with_errors.iter().map(|id| Candidate {
        id,
        audience: restrictions.get(id).copied(),
        has_errors: true,
    });
    Plan::new(audience, sound.chain(incomplete))
}

/// The parts of the incidents of a build.
#[derive(Default)]
struct Parts {
    /// All incidents; those with errors keep their IDs.
    neighbors: Vec<Arc<Neighbor>>,
    summaries: Vec<PackedSummary>,
    /// Of all incidents: the terms of one with errors are confidential too.
    words: Vec<Words>,
    loaded: BTreeMap<String, Box<Record>>,
    inputs: HashMap<String, Digest>,
}

impl Parts {
    fn new(read: Vec<ReadIncident>, with_errors: &BTreeSet<String>) -> Self {
        let mut all = Self::default();
        for ReadIncident { neighbor, listed } in read {
            let id = &neighbor.id;
            if let Some(listed) = listed {
                all.words.extend(listed.words);
                if !with_errors.contains(id) {
                    all.summaries.push(listed.summary);
                    all.inputs
                        .extend(listed.inputs.map(|digest| (id.clone(), digest)));
                    all.loaded
                        .extend(listed.record.map(|record| (id.clone(), record)));
                }
            }
            all.neighbors.push(neighbor);
        }
        all
    }
}
