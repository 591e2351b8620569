//! `afterword new`: starts an incident with its file and its timeline.

use std::cmp::Ordering;

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::Datelike;

use super::clock::{Reading, exactly, now};
use super::{Outcome, has_rules, print, root};
use crate::audience::Audience;
use crate::check;
use crate::config::Config;
use crate::edit::{self, Lock, timeline::NewEvent};
use crate::kind::{Id, Line};
use crate::load;
use crate::moment::{Moment, Precision, TimeDefaults, Written, Zone};
use crate::publish::Site;
use crate::render::NewFileView;

/// What `new` is told.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword new [OPTIONS] --severity <KEY> <TITLE>")]
pub struct Arguments {
    /// What happened, in one line.
    title: String,

    /// How bad it is: a severity of the archive, such as P1; it can be changed later.
    #[arg(long, value_name = "KEY")]
    severity: Option<String>,

    /// Start time, such as `14:23` or `2025-01-14 14:23` [default: now, which is then also when it was declared].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Also record when it was declared: at TIME, or now if none is given.
    #[arg(long, value_name = "TIME", num_args = 0..=1, default_missing_value = "now", requires = "at")]
    declared: Option<String>,

    /// Write only what is required.
    #[arg(long, conflicts_with = "full")]
    minimal: bool,

    /// Write a line of guidance for every section there is.
    #[arg(long)]
    full: bool,
}

/// The settings that an incident is created by.
const RULES: &[&str] = &[
    "site.ids",
    "site.timezone",
    "site.severities",
    "severity.*?",
];

/// Starts the incident.
///
/// # Errors
/// The archive cannot be found, a value is not right, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let mut loaded = load::settings(&root);
    if !has_rules(&mut loaded, RULES) {
        return Ok(Outcome::Faults);
    }
    let config = &loaded.archive.config;
    let title = Line::new(arguments.title.trim())
        .map_err(|reason| anyhow!("the title cannot be used: {reason}"))?;
    if title.is_empty() {
        bail!("the title is empty; say what happened in a few words");
    }
    let severity = severity(config, arguments.severity.as_deref())?;
    let zone = config.site.timezone.unwrap_or_default();
    let now = now()?;
    let reading = Reading {
        option: "--at",
        zone,
        now,
        recorded: None,
    };
    let began = match &arguments.at {
        None => exactly(now),
        Some(at) => reading.moment(at)?,
    };
    let declared = match arguments.declared.as_deref() {
        // A start that is told later says nothing of when it was declared.
        None => arguments.at.is_none().then_some(began),
        Some("now") => Some(exactly(now)),
        Some(at) => {
            let reading = Reading {
                option: "--declared",
                recorded: Some((began.at, began.at)),
                ..reading
            };
            Some(reading.moment(at)?)
        }
    };
    // Two people who run this at once wait for each other here, and get two ids.
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let id = next_id(&root, config, zone.wall_clock(began.at).year())?;
    let timeline = Utf8PathBuf::from(format!("{}/{id}.json", load::TIMELINES));
    let incident = Utf8PathBuf::from(format!("{}/{id}.toml", load::INCIDENTS));
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let view = NewFileView {
        schema: "../schema/incident.json".to_owned(),
        title: quoted(&title),
        severity: quoted(&severity),
        timeline: timeline.to_string(),
    };
    let template = match (arguments.minimal, arguments.full) {
        (true, _) => "new/minimal.toml",
        (_, true) => "new/full.toml",
        _ => "new/incident.toml",
    };
    let site = Site::new(&loaded.archive, &loaded.templates, Audience::Internal)?;
    let text = site.renderer().new_file(template, &view)?;
    let events = first_events(&began, declared.as_ref(), zone);
    let events: Vec<NewEvent> = events.iter().map(FirstEvent::as_event).collect();
    let day = began.day(zone).to_string();
    let zone_name = (zone != Zone::default()).then(|| zone.to_string());
    let story = edit::timeline::new(&id, &day, zone_name.as_deref(), &events);
    let write = |path: &Utf8Path, text: &str| {
        edit::create(&root.join(path), text).with_context(|| format!("cannot write `{path}`"))
    };
    write(&timeline, &story)?;
    write(&incident, &text)?;
    print(&format!(
        "{id}\n\n  {incident}  what is known of it: fill in what you know\n  {timeline}  what happened, and when\n\n\
         next:  afterword log {id} \"what happened\"\n       afterword check\n       afterword show {id}\n"
    ))?;
    Ok(Outcome::Done)
}

fn severity(config: &Config, typed: Option<&str>) -> anyhow::Result<String> {
    let known = config.severities();
    let keys: Vec<String> = known
        .iter()
        .map(|severity| format!("`{}`", severity.key))
        .collect();
    match typed {
        Some(typed) => match known
            .iter()
            .find(|severity| severity.key.eq_ignore_ascii_case(typed))
        {
            Some(severity) => Ok(severity.key.clone()),
            None => {
                let near = check::meant_severity(config, typed);
                let near = near.map(|key| format!("did you mean `{key}`? "));
                bail!(
                    "there is no severity `{typed}`; {}it is one of {}",
                    near.unwrap_or_default(),
                    keys.join(", ")
                )
            }
        },
        None => bail!(
            "say how bad it is with `--severity`: one of {}; it can be changed later",
            keys.join(", ")
        ),
    }
}

/// Finds the first id of the pattern that is not taken, behind the highest of the year.
fn next_id(root: &Utf8Path, config: &Config, year: i32) -> anyhow::Result<Id> {
    let pattern = config.site.ids.as_deref().unwrap_or("INC-YYYY-NNNN");
    let pattern = pattern.replace("YYYY", &format!("{year:04}"));
    let count = pattern.len() - pattern.trim_end_matches('N').len();
    let prefix = pattern.get(..pattern.len() - count).unwrap_or_default();
    if count == 0 {
        bail!(
            "`[site] ids` is `{pattern}`, which does not end in `N`s for the number, such as `INC-YYYY-NNNN`"
        );
    }
    let numbers = load::taken_ids(root);
    let numbers = numbers
        .iter()
        .filter_map(|id| id.strip_prefix(prefix)?.parse::<u64>().ok());
    let next = numbers.max().unwrap_or_default() + 1;
    Id::new(format!("{prefix}{next:0count$}"))
        .map_err(|reason| anyhow!("`[site] ids` gives no id: {reason}"))
}

struct FirstEvent {
    at: String,
    text: &'static str,
    marks: Vec<String>,
}

impl FirstEvent {
    fn as_event(&self) -> NewEvent<'_> {
        NewEvent {
            at: &self.at,
            marks: &self.marks,
            text: self.text,
            ..NewEvent::default()
        }
    }
}

/// Returns the events that are known when an incident is created: its start, and when it was declared.
fn first_events(began: &Moment, declared: Option<&Moment>, zone: Zone) -> Vec<FirstEvent> {
    let event = |moment: &Moment, text: &'static str, marks: &[&str]| FirstEvent {
        at: typed(moment, began, zone),
        text,
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
    };
    let start = || event(began, "Incident began", &["started"]);
    let Some(declared) = declared else {
        return vec![start()];
    };
    let declaration = || event(declared, "Incident declared", &["declared"]);
    match declared.order().cmp(&began.order()) {
        Ordering::Less => vec![declaration(), start()],
        Ordering::Equal => vec![event(began, "Incident declared", &["started", "declared"])],
        Ordering::Greater => vec![start(), declaration()],
    }
}

/// Writes a moment as a person types it in a timeline that begins at another.
pub(super) fn typed(moment: &Moment, first: &Moment, zone: Zone) -> String {
    let day = moment.day(zone);
    let time = moment.clock_time(zone);
    let local = match (moment.precision, day == first.day(zone)) {
        (Precision::Day(_), _) => day.to_string(),
        (_, true) => time,
        (_, false) if moment.about => format!("~{day} {}", time.trim_start_matches('~')),
        (_, false) => format!("{day} {time}"),
    };
    // A local time that a change of the clocks makes ambiguous is written in UTC.
    let defaults = TimeDefaults {
        day: Some(first.day(zone)),
        zone,
    };
    match local
        .parse::<Written>()
        .ok()
        .and_then(|written| defaults.resolve(&written).ok())
    {
        Some(read)
            if read.at.timestamp() == moment.at.timestamp()
                || moment.precision != Precision::Second =>
        {
            local
        }
        _ => moment.iso(),
    }
}
