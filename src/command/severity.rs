//! `afterword severity`: changes the severity of an incident, with an event that has the old and the new one.

use camino::Utf8Path;

use super::change::{Recorder, refused};
use super::log;
use super::terminal::echo;
use super::typed::line;
use super::{Outcome, incident, new, root};
use crate::archive::severity_text;
use crate::config::Config;
use crate::kind::Identifier;
use crate::moment::Moment;
use crate::source::Path;

/// The arguments of `severity`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword severity [OPTIONS] [ID] <KEY>")]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident], and the new severity, such as `P1`.
    #[arg(value_name = "KEY", required = true)]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Reason for the change; `-` reads it from standard input.
    #[arg(long, value_name = "TEXT")]
    because: Option<String>,

    /// Time of the change, as for `log` [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

/// Changes the severity.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let named = arguments.incident.as_deref();
    let found = match arguments.words.as_slice() {
        [only] => incident::to_change(&root, named, &[])?.map(|(id, _)| (id, only)),
        words => match incident::to_change(&root, named, words)? {
            Some((id, [key])) => Some((id, key)),
            Some((_, rest)) => {
                let first = rest.first().map(String::as_str).unwrap_or_default();
                let meant = incident::by_any_name(&root, first).ok();
                let meant = meant.map(|id| format!("; for `{id}`, use `--incident {first}`"));
                let quotes = arguments.because.as_ref();
                let quotes = quotes.map(|_| "; put a reason of several words in quotes");
                return Ok(refused(format!(
                    "expected one severity, found `{}`{}{}",
                    rest.join(" "),
                    meant.unwrap_or_default(),
                    quotes.unwrap_or_default()
                )));
            }
            None => None,
        },
    };
    let Some((id, typed)) = found else {
        return Ok(Outcome::Problems);
    };
    let because = arguments.because.as_deref();
    let because = because.map(|reason| line(reason, "reason")).transpose()?;
    let recorder = Recorder::begin(&root, &id)?;
    let key = match new::known_severity(recorder.config(), typed) {
        Ok(key) => key,
        Err(reason) => return Ok(refused(reason)),
    };
    let at = recorder.moment(arguments.at.as_deref())?;
    let event = |mut text: String| {
        if let Some(reason) = &because {
            text.push_str(&format!(": {}", reason.trim()));
        }
        anyhow::Ok(log::new_event(&at, line(&text, "text")?))
    };
    let what = format!("severity {id} {key}");
    let mut change = match recorder {
        Recorder::Change(change) => *change,
        Recorder::Unread(unread) => {
            let mut event = event(format!("Severity set to {key}"))?;
            event.severity = Identifier::new(&*key).ok();
            return unread.add(&at, &event, &what);
        }
    };
    if let Some(reason) = change.before_start(&at) {
        return Ok(refused(format!(
            "{reason}; use a later `--at`, or correct `severity` in `{}`, the one at the start",
            change.record().source.incident
        )));
    }
    let changes = change.record().severities();
    let is_before = |moment: &Moment| moment.order() <= at.order();
    // The text of a later change would name another severity than the one before it.
    let later = changes.iter().filter_map(|change| change.event);
    if let Some((_, later)) = later.into_iter().find(|(_, moment)| !is_before(moment)) {
        return Ok(refused(format!(
            "the severity changes again at {}; take that back with `afterword undo`, or edit the timeline",
            later.in_full(change.shown_zone())
        )));
    }
    let old = changes.last().map(|last| last.severity.to_owned());
    if old.as_deref() == Some(&*key) {
        return Ok(refused(format!("`{id}` is {key} already")));
    }
    let text = match &old {
        Some(old) => severity_text(direction(change.config(), old, &key), old, &key),
        None => format!("Severity set to {key}"),
    };
    let mut event = event(text)?;
    if old.is_some() {
        event.severity = Identifier::new(&*key).ok();
    } else {
        change.edit(|text| text.set(&Path::new().key("severity"), &*key))?;
    }
    match log::add(change, &at, event, arguments.at.as_deref(), &what)? {
        Some(text) => {
            echo(&text)?;
            Ok(Outcome::Done)
        }
        None => Ok(Outcome::Problems),
    }
}

/// Returns how a severity changes: `raised` if the new one is more severe.
fn direction(config: &Config, old: &str, new: &str) -> &'static str {
    let known = config.severities();
    let order = |key: &str| known.iter().position(|severity| severity.key == key);
    match (order(old), order(new)) {
        (Some(old), Some(new)) if new < old => "raised",
        (Some(_), Some(_)) => "lowered",
        _ => "changed",
    }
}
