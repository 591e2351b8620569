//! `afterword actions add|done|cancel|move`: changes the action items of an incident.

use camino::Utf8Path;
use chrono::NaiveDate;
use serde_json::json;

use super::item::Item;
use crate::archive::Record;
use crate::command::change::{Change, refused};
use crate::command::terminal::{echo, remark};
use crate::command::typed::{line, name};
use crate::command::vocabulary::New;
use crate::command::{Outcome, Today, incident, root, spoken, tracker};
use crate::facts::Facts;
use crate::incident::{ActionItem, Progress};
use crate::kind::Day;
use crate::source::Path;
use crate::tracker::is_same_address;

/// A change of an action item.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Add an action item.
    Add(AddArguments),
    /// Mark an action item as done.
    Done(DoneArguments),
    /// Cancel an action item.
    Cancel(CancelArguments),
    /// Move the due date of an action item, or give it to another owner.
    Move(MoveArguments),
    /// Print the issues to create in a tracker for the open action items without a `url`, as JSON.
    Plan(tracker::PlanArguments),
    /// Write the URLs of created issues to their action items.
    Apply(tracker::ApplyArguments),
}

/// The arguments of `actions add`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword actions add [OPTIONS] [ID] <TEXT>...")]
pub struct AddArguments {
    /// Incident ID in full [default: the only current incident], and the work to be done, starting with a verb.
    /// `-` reads it from standard input.
    #[arg(value_name = "TEXT", required = true)]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Owner: a person or a team.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    /// Due date, such as `2026-03-31`, `friday`, `tomorrow` or `+14d`.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    due: Option<String>,

    /// Purpose: `prevent`, `detect`, `mitigate`, `process`, or a custom one.
    #[arg(long = "type", value_name = "TYPE")]
    purpose: Option<String>,

    /// Priority, such as `high`.
    #[arg(long, value_name = "PRIORITY")]
    priority: Option<String>,

    /// URL of the ticket.
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    /// ID, such as that of the ticket [default: the incident's ID with `-A1`, `-A2`, …].
    #[arg(long = "action-id", value_name = "ID")]
    id: Option<String>,

    #[command(flatten)]
    new: New,
}

/// The purposes that the format names; any other word is a custom one.
const PURPOSES: &[&str] = &["prevent", "detect", "mitigate", "process"];

impl AddArguments {
    /// Returns the purpose in its known spelling, or why it is refused if it is almost a known one.
    fn purpose(&self, record: &Record, typed: &str) -> Result<String, String> {
        let items = record.incident.action_items.iter();
        let own = items.filter_map(|item| item.purpose.as_deref());
        let mut known = PURPOSES.to_vec();
        known.extend(own.filter(|own| !PURPOSES.contains(own)));
        self.new.value("type", typed, &known)
    }
}

/// Returns why an action item is not added: an open one has the same text, or one links to the same ticket.
fn already(record: &Record, action: &str, url: Option<&str>) -> Option<String> {
    let words = |text: &str| text.trim().trim_end_matches('.').to_lowercase();
    let mut items = record.incident.action_items.iter().enumerate();
    items.find_map(|(index, item)| {
        let id = record.action_id(index);
        let is_linked = url.zip(item.url.as_deref());
        if is_linked.is_some_and(|(new, own)| is_same_address(new, own)) {
            Some(format!("`{id}` links to that URL already"))
        } else {
            (item.progress().is_open() && words(&item.action) == words(action))
                .then(|| format!("`{id}` says the same already"))
        }
    })
}

/// The arguments of `actions done`.
#[derive(Debug, clap::Args)]
pub struct DoneArguments {
    #[command(flatten)]
    item: Item,

    /// Date of completion, such as `2026-03-31` or `yesterday` [default: today].
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// The arguments of `actions cancel`.
#[derive(Debug, clap::Args)]
pub struct CancelArguments {
    #[command(flatten)]
    item: Item,

    /// Reason; `-` reads it from standard input.
    #[arg(long, value_name = "TEXT")]
    because: String,
}

/// The arguments of `actions move`.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true, args = ["due", "owner"])]
pub struct MoveArguments {
    #[command(flatten)]
    item: Item,

    /// New due date, such as `2026-03-31`, `friday`, `tomorrow` or `+14d`.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    due: Option<String>,

    /// New owner: a person or a team.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

/// Changes an action item.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, command: &Command) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    match command {
        Command::Plan(arguments) => tracker::plan(&root, arguments),
        Command::Apply(arguments) => tracker::apply(&root, arguments),
        Command::Add(arguments) => add(&root, arguments),
        Command::Done(arguments) => arguments.item.change(&root, "done", |change, path| {
            let day = change.past_day(arguments.on.as_deref())?;
            if let Some(reason) = settled(change, &path).or_else(|| too_early(change, day)) {
                return Ok(Err(reason));
            }
            change.edit(|text| text.set(&path.clone().key("status"), Progress::Done))?;
            change.edit(|text| text.remove(&path.clone().key("reason")))?;
            change.edit(|text| text.set(&path.key("done_on"), Day(day)))?;
            Ok(Ok(format!("done on {day}")))
        }),
        Command::Cancel(arguments) => {
            let because = line(&arguments.because, "reason")?;
            arguments.item.change(&root, "cancel", |change, path| {
                if let Some(reason) = settled(change, &path) {
                    return Ok(Err(reason));
                }
                change.edit(|text| text.set(&path.clone().key("status"), Progress::Cancelled))?;
                change.edit(|text| text.remove(&path.clone().key("done_on")))?;
                change.edit(|text| text.set(&path.key("reason"), &because))?;
                Ok(Ok(format!("cancelled: {}", because.trim())))
            })
        }
        Command::Move(arguments) => arguments.item.change(&root, "move", |change, path| {
            let item = item(change, &path).cloned().unwrap_or_default();
            let mut done = Vec::new();
            let mut is_changed = false;
            if let Some(due) = &arguments.due {
                let day = match due_day(change, due)? {
                    Ok(day) => day,
                    Err(reason) => return Ok(Err(reason)),
                };
                is_changed |= item.due != Some(Day(day));
                change.edit(|text| text.set(&path.clone().key("due"), Day(day)))?;
                done.push(format!("due {day}"));
            }
            if let Some(owner) = &arguments.owner {
                let owner = name(owner, "owner")?;
                is_changed |= item.owners() != [owner.trim()];
                change.edit(|text| text.set(&path.key("owner"), &owner))?;
                done.push(format!("owned by {}", owner.trim()));
            }
            let done = done.join(", ");
            Ok(if is_changed {
                Ok(done)
            } else {
                Err(format!("it is {done} already"))
            })
        }),
    }
}

/// Returns the action item at a path.
fn item<'c>(change: &'c Change, path: &Path) -> Option<&'c ActionItem> {
    let mut items = change.record().incident.action_items.iter().enumerate();
    let found = items.find(|(index, _)| Path::new().key("action_items").index(*index) == *path);
    found.map(|(_, item)| item)
}

/// Returns why nothing was done on a day: it is before the incident; `None` if it is not.
fn too_early(change: &Change, day: NaiveDate) -> Option<String> {
    let started = Facts::compute(change.record(), change.config()).started?;
    let first = started.moment.day(change.shown_zone());
    let id = &change.record().id;
    (day < first).then(|| format!("{day} is before `{id}` started on {first}"))
}

/// Returns why an action item that is done or cancelled is not changed again; `None` if it is open.
fn settled(change: &Change, path: &Path) -> Option<String> {
    let item = item(change, path)?;
    let day = |day: Option<Day>| {
        day.map(|day| format!(" since {}", day.0))
            .unwrap_or_default()
    };
    match item.status? {
        Progress::Done => Some(format!("it is done already{}", day(item.done_on))),
        Progress::Cancelled => {
            Some("it is cancelled already; open it again in the file".to_owned())
        }
        _ => None,
    }
}

/// Resolves a due date from the current date on, and prints a note about one in the past.
fn due_day(change: &Change, typed: &str) -> anyhow::Result<Result<NaiveDate, String>> {
    let today = Today::resolve(None, change.config())?;
    let due = spoken::due(typed, today.0);
    if let Some(day) = due.as_ref().ok().filter(|day| **day < today.0) {
        remark(&format!("note: the due date {day} is in the past"));
    }
    Ok(due)
}

fn add(root: &Utf8Path, arguments: &AddArguments) -> anyhow::Result<Outcome> {
    let found = incident::to_change(root, arguments.incident.as_deref(), &arguments.words)?;
    let Some((id, words)) = found else {
        return Ok(Outcome::Problems);
    };
    let what = format!("text of the action item of `{id}`");
    if words.iter().all(|word| word.trim().is_empty()) {
        return Ok(refused(format!("missing {what}")));
    }
    let action = line(&words.join(" "), &what)?;
    let owner = arguments.owner.as_deref();
    let owner = owner.map(|owner| name(owner, "owner")).transpose()?;
    let Some(mut change) = Change::begin(root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let due = match &arguments.due {
        Some(due) => match due_day(&change, due)? {
            Ok(day) => Some(Day(day)),
            Err(reason) => return Ok(refused(reason)),
        },
        None => None,
    };
    if let Some(reason) = already(change.record(), &action, arguments.url.as_deref()) {
        return Ok(refused(reason));
    }
    let purpose = match arguments.purpose.as_deref() {
        Some(typed) => match arguments.purpose(change.record(), typed.trim()) {
            Ok(purpose) => Some(purpose),
            Err(reason) => return Ok(refused(reason)),
        },
        None => None,
    };
    let item = json!({
        "id": arguments.id,
        "action": action,
        "owner": owner,
        "due": due,
        "priority": arguments.priority,
        "type": purpose,
        "url": arguments.url,
    });
    change.edit(|text| text.append(&Path::new().key("action_items"), item))?;
    let what = format!("actions add {id} {}", action.trim());
    let Some(written) = change.write(&what)? else {
        return Ok(Outcome::Problems);
    };
    let last = written.after.incident.action_items.len().saturating_sub(1);
    let due = due
        .map(|due| format!(", due {}", due.0))
        .unwrap_or_default();
    let owner = owner.map_or(", unassigned".to_owned(), |owner| {
        format!(", owned by {}", owner.trim())
    });
    echo(&format!(
        "{}  {}{owner}{due}\n",
        written.after.action_id(last),
        action.trim()
    ))?;
    Ok(Outcome::Done)
}
