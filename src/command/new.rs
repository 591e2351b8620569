//! `afterword new`: creates an incident with its file and its timeline.

use std::cmp::Ordering;

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Datelike, Utc};

use super::change::{lock, write};
use super::clock::{Reading, exactly, now};
use super::status::STATUSES;
use super::terminal::is_quiet;
use super::typed;
use super::vocabulary::New;
use super::{Outcome, has_rules, print, root};
use crate::audience::Audience;
use crate::config::Config;
use crate::edit;
use crate::edit::history::{Change, ChangedFile};
use crate::edit::toml::TomlText;
use crate::kind::{Day, Id, Line};
use crate::load;
use crate::moment::{Moment, TimeDefaults, Written, Zone};
use crate::publish::Site;
use crate::render::NewFileView;
use crate::source::{Path, literal};
use crate::timeline::{Event, Mark, Timeline};

mod alert;
mod asked;

use alert::StartingAlert;
pub(super) use asked::known_severity;
use asked::{services, severity};

/// The arguments of `new`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "afterword new [OPTIONS] --severity <KEY> <TITLE>...\n       afterword new [OPTIONS] --from <ALERT> [TITLE]..."
)]
pub struct Arguments {
    /// One-line summary of the incident, which need not be quoted; `-` reads it from standard input [default with `--from`:
    /// that of the alert].
    #[arg(required_unless_present = "from")]
    title: Vec<String>,

    /// Alert that started the incident: the JSON of its webhook or API. It gives title, start, severity and first event.
    #[arg(long, value_name = "ALERT")]
    from: Option<Utf8PathBuf>,

    /// Keep the alert's JSON, without private data, in `monitoring/alerts/`.
    #[arg(long, requires = "from")]
    keep_payload: bool,

    /// Severity, such as P1 (you can change it later).
    #[arg(long, value_name = "KEY")]
    severity: Option<String>,

    /// Service that is affected (repeatable).
    #[arg(long = "service", value_name = "NAME")]
    services: Vec<String>,

    #[command(flatten)]
    new: New,

    /// Start time, such as `14:23` or `2025-01-14 14:23` [default: now; the incident is then also declared now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// Also record when the incident was declared: `--declared=TIME`, or `--declared` for now.
    // With `=`, so that the title after it is never taken for the time.
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true, default_missing_value = "now")]
    declared: Option<String>,

    /// ID, such as that of a pager or a ticket [default: the next one of the pattern `[site] ids`].
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// Include only the required keys.
    #[arg(long, conflicts_with = "full")]
    minimal: bool,

    /// Include a commented example of every key.
    #[arg(long)]
    full: bool,
}

/// The settings that are needed to create an incident.
const RULES: &[&str] = &[
    "site.ids",
    "site.timezone",
    "site.severities",
    "severity.*?",
    "import",
];

/// Creates the incident.
///
/// # Errors
/// Returns an error if the archive cannot be found, an argument is invalid, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let mut loaded = load::settings(&root);
    if !has_rules(&mut loaded, RULES) {
        return Ok(Outcome::Problems);
    }
    let config = &loaded.archive.config;
    if arguments.declared.is_some() && arguments.at.is_none() && arguments.from.is_none() {
        bail!("`--declared` needs `--at`, the time at which the incident started");
    }
    let zone = config.site.timezone.unwrap_or_default();
    let now = now()?;
    let reading = Reading {
        option: "--at ",
        zone,
        now,
        recorded: None,
    };
    let at = match &arguments.at {
        Some(at) => Some(reading.moment(at)?),
        None => None,
    };
    let alert = match &arguments.from {
        Some(path) => Some(StartingAlert::read(path, config, at)?),
        None => None,
    };
    let stated = alert.as_ref().map(|alert| alert.alert.title.as_str());
    let title = title(&arguments.title, stated)?;
    let severity = match (&arguments.severity, &alert) {
        (None, Some(alert)) => severity(config, alert.severity(config)?.as_deref())?,
        (typed, _) => severity(config, typed.as_deref())?,
    };
    let services = services(&root, arguments)?;
    let stated = alert.as_ref().map(|alert| alert.alert.draft.at);
    let started = at.or(stated).unwrap_or_else(|| exactly(now));
    let declared = declared(arguments, &reading, &started, now)?;
    // The lock gives two people who run this at the same time different IDs.
    let _lock = lock(&root)?;
    let year = zone.wall_clock(started.at).year();
    let id = new_id(&root, config, arguments.id.as_deref(), year)?;
    let timeline = Utf8PathBuf::from(format!("{}/{id}.json", load::TIMELINES));
    let incident = Utf8PathBuf::from(format!("{}/{id}.toml", load::INCIDENTS));
    let view = NewFileView {
        schema: "../schema/incident.json".to_owned(),
        title: literal(&title),
        severity: literal(&severity),
        timeline: timeline.to_string(),
        has_services: !services.is_empty(),
    };
    let template = match (arguments.minimal, arguments.full) {
        (true, _) => "new/minimal.toml",
        (_, true) => "new/full.toml",
        _ => "new/incident.toml",
    };
    let site = Site::new(&loaded.archive, &loaded.templates, Audience::Internal)?;
    let mut text = TomlText::new(site.renderer().new_file(template, &view)?);
    if !services.is_empty() {
        text.set(&Path::new().key("services"), &services)?;
    }
    let file = |path: &Utf8Path, text: &str| ChangedFile {
        path: path.to_owned(),
        before: None,
        after: Some(text.to_owned()),
    };
    let mut files = Vec::new();
    let day = Day(started.day(zone));
    let mut events = first_events(&started, declared.as_ref(), zone)?;
    if let Some(alert) = &alert {
        let day = Some(day.0);
        alert.join(&mut events, config, TimeDefaults { day, zone });
        if arguments.keep_payload {
            let (path, kept) = alert.payload(&root)?;
            files.push(file(&path, &kept));
        }
        let kept = files.first().map(|kept| kept.path.as_path());
        alert.describe(&mut text, kept)?;
    }
    let timeline_text = edit::timeline::print(&Timeline {
        incident: Some(id.clone()),
        date: Some(day),
        tz: Some(zone).filter(|zone| *zone != Zone::default()),
        events,
        ..Timeline::default()
    });
    files.extend([
        file(&timeline, &timeline_text),
        file(&incident, text.text()),
    ]);
    let change = Change {
        what: format!("new {id} {}", title.trim()),
        id: id.to_string(),
        files,
    };
    write(&root, &change)?;
    if is_quiet() {
        // A script asks for the ID.
        print(&format!("{id}\n"))?;
        return Ok(Outcome::Done);
    }
    print(&created(&id, &incident, &timeline))?;
    Ok(Outcome::Done)
}

/// Says what was created, and what comes next.
fn created(id: &Id, incident: &Utf8Path, timeline: &Utf8Path) -> String {
    format!(
        "{id}\n\n  {incident}  the incident; fill in what you know\n  {timeline}  its timeline\n\n\
         next:  afterword log {id} \"what happened\"\n       afterword check\n       afterword show {id}\n"
    )
}

/// Returns the ID that was given, or the next one of a year by the pattern of the archive.
///
/// # Errors
/// Returns an error if the ID is taken or not valid.
pub(super) fn new_id(
    root: &Utf8Path,
    config: &Config,
    given: Option<&str>,
    year: i32,
) -> anyhow::Result<Id> {
    let Some(id) = given else {
        let pattern = config.site.ids.as_deref().unwrap_or("INC-YYYY-NNNN");
        return next_id(pattern, year, &load::reserved_ids(root));
    };
    unused_id(root, id)
}

/// Returns the time at which the incident was declared; `None` if nobody said so.
fn declared(
    arguments: &Arguments,
    reading: &Reading,
    started: &Moment,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Moment>> {
    let declared = match arguments.declared.as_deref() {
        // A start entered later does not tell when the incident was declared.
        None => return Ok((arguments.at.is_none() && arguments.from.is_none()).then_some(*started)),
        Some("now") => exactly(now),
        Some(at) => {
            let reading = Reading {
                option: "--declared=",
                recorded: Some((started.at, started.at)),
                ..*reading
            };
            reading.moment(at)?
        }
    };
    if declared.order() < started.order() {
        bail!(
            "the incident was declared at {}, before it started at {}; correct `--at` or `--declared`",
            declared.in_full(reading.zone),
            started.in_full(reading.zone)
        );
    }
    Ok(Some(declared))
}

/// Returns the title that was typed, or the stated one; it must not be empty or a time.
fn title(words: &[String], stated: Option<&str>) -> anyhow::Result<Line> {
    let mut several = words.iter().filter(|_| words.len() > 1);
    if let Some(time) = several.find(|word| word.parse::<Written>().is_ok()) {
        bail!(
            "the title has `{time}`, a time; write `--at {time}` or `--declared={time}`, or the title in quotes"
        );
    }
    let typed = words.join(" ");
    let given = match words {
        [] => stated.unwrap_or_default(),
        _ => &typed,
    };
    let title = typed::line(given, "title")?;
    if title.parse::<Written>().is_ok() {
        bail!(
            "the title is `{title}`, a time; write `--at {title}` or `--declared={title}`, and a title"
        );
    }
    Ok(title)
}

/// Returns the ID that was given, which no incident may have yet.
fn unused_id(root: &Utf8Path, typed: &str) -> anyhow::Result<Id> {
    let id = Id::new(typed).map_err(|reason| {
        anyhow!(
            "invalid ID `{typed}`: {reason}; use letters, digits and `-`, as in `INC-2026-0042`"
        )
    })?;
    if STATUSES
        .iter()
        .any(|status| status.eq_ignore_ascii_case(&id))
    {
        bail!("invalid ID: `{id}` is a status, so `afterword status {id}` would be ambiguous");
    }
    let taken = load::taken_ids(root);
    // Some file systems do not distinguish case.
    match taken.iter().find(|taken| taken.eq_ignore_ascii_case(&id)) {
        Some(taken) => bail!("`{taken}` already exists; to add to it, run `afterword log {taken}`"),
        None => {
            has_no_timeline(root, &id)?;
            Ok(id)
        }
    }
}

/// Returns an error if a new incident would take over events that were recorded for another one.
///
/// # Errors
/// Returns an error that names the folder or file, if there is one.
pub(super) fn has_no_timeline(root: &Utf8Path, id: &str) -> anyhow::Result<()> {
    let files = load::timeline_files(root, id);
    let Some(first) = files.first() else {
        return Ok(());
    };
    let folder = first
        .parent()
        .filter(|folder| folder.extension() == Some("d"));
    let found = folder.unwrap_or(first);
    let moved = match folder {
        Some(_) => {
            format!("if their incident was renamed, move them with `afterword rename {id} NEW`")
        }
        None => format!("move `{found}` to the incident that it belongs to"),
    };
    bail!("`{found}` has events that `{id}` would take over; use another ID, or {moved}")
}

/// Returns the next ID of the pattern `[site] ids`: one more than the highest of the year.
pub(super) fn next_id(pattern: &str, year: i32, taken: &[String]) -> anyhow::Result<Id> {
    let pattern = pattern.replace("YYYY", &format!("{year:04}"));
    let count = pattern.len() - pattern.trim_end_matches('N').len();
    let prefix = pattern.get(..pattern.len() - count).unwrap_or_default();
    let numbers = taken.iter().filter_map(|id| {
        // IDs are case-insensitive.
        let (start, number) = id.split_at_checked(prefix.len())?;
        number
            .parse::<u64>()
            .ok()
            .filter(|_| start.eq_ignore_ascii_case(prefix))
    });
    let next = numbers.filter_map(|number| number.checked_add(1)).max();
    let next = next.unwrap_or(1);
    Id::new(format!("{prefix}{next:0count$}"))
        .map_err(|reason| anyhow!("`[site] ids` does not produce a valid ID: {reason}"))
}

/// Returns the events that are known when an incident is created: its start and its declaration.
fn first_events(
    started: &Moment,
    declared: Option<&Moment>,
    zone: Zone,
) -> anyhow::Result<Vec<Event>> {
    let times = TimeDefaults {
        day: Some(started.day(zone)),
        zone,
    };
    let event = |moment: &Moment, text: &str, marks: &[Mark]| {
        let text = Line::new(text).map_err(|reason| anyhow!(reason))?;
        let mut event = Event::new(times.shortest(moment), text);
        event.marks = marks.to_vec();
        anyhow::Ok(event)
    };
    let start = || event(started, "Incident started", &[Mark::Started]);
    let Some(declared) = declared else {
        return Ok(vec![start()?]);
    };
    let declaration = || event(declared, "Incident declared", &[Mark::Declared]);
    Ok(match declared.order().cmp(&started.order()) {
        Ordering::Less => vec![declaration()?, start()?],
        Ordering::Equal => vec![event(
            started,
            "Incident declared",
            &[Mark::Started, Mark::Declared],
        )?],
        Ordering::Greater => vec![start()?, declaration()?],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_id_is_one_more_than_the_highest_of_the_year() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("INC-YYYY-NNNN", &[], "INC-2026-0001"),
            (
                "INC-YYYY-NNNN",
                &["INC-2026-0007", "INC-2026-0003"],
                "INC-2026-0008",
            ),
            (
                "INC-YYYY-NNNN",
                &["INC-2025-0007", "OPS-2026-0009"],
                "INC-2026-0001",
            ),
            ("INC-YYYY-NNNN", &["inc-2026-0007"], "INC-2026-0008"),
            (
                "INC-YYYY-NNNN",
                &["INC-2026-0007-A", "INC-2026-"],
                "INC-2026-0001",
            ),
            ("INC-YYYY-NNNN", &["INC-2026-12345"], "INC-2026-12346"),
            ("OPS-NNN", &["OPS-999"], "OPS-1000"),
            // The highest number has no successor.
            ("OPS-N", &["OPS-2", "OPS-18446744073709551615"], "OPS-3"),
        ];
        for (pattern, taken, expected) in cases {
            let taken: Vec<String> = taken.iter().map(|id| (*id).to_owned()).collect();
            let next = next_id(pattern, 2026, &taken).expect("an ID");
            assert_eq!(&*next, *expected, "{pattern} {taken:?}");
        }
    }
}
