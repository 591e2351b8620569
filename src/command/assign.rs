//! `afterword assign`: names a person in a role; a new commander takes over from the one before.

use camino::Utf8Path;
use serde_json::json;

use super::change::{Change, refused};
use super::clock::exactly;
use super::terminal::echo;
use super::typed::person;
use super::{Outcome, incident, root};
use crate::incident::{People, Person, name};
use crate::kind::{When, name_key};
use crate::moment::TimeDefaults;
use crate::source::{self, Path};

/// The arguments of `assign`.
#[derive(Debug, clap::Args)]
#[command(override_usage = "afterword assign [OPTIONS] [ID] <ROLE> <NAME>...")]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident], the role (`commander`, `scribe`, `communications`,
    /// `reporter`, `investigator`, `responder`, `attendee` or `author`), and the name of the person.
    #[arg(value_names = ["ROLE", "NAME"], required = true, num_args = 2..)]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Time at which a new commander takes over, as for `log` [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

/// The roles with their keys; those of several people are lists.
pub(super) const ROLES: &[(&str, &str)] = &[
    ("commander", "commander"),
    ("scribe", "scribe"),
    ("communications", "communications"),
    ("reporter", "reporter"),
    ("investigator", "investigators"),
    ("responder", "responders"),
    ("attendee", "attendees"),
    ("author", "authors"),
];

/// Names the person.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let found = incident::to_change(&root, arguments.incident.as_deref(), &arguments.words)?;
    let Some((id, words)) = found else {
        return Ok(Outcome::Problems);
    };
    let Some((role, rest)) = words.split_first().filter(|(_, rest)| !rest.is_empty()) else {
        return Ok(refused("missing name; write `afterword assign ROLE NAME`"));
    };
    let roles: Vec<&str> = ROLES.iter().map(|(role, _)| *role).collect();
    let typed = role.to_lowercase();
    let Some((role, key)) = ROLES
        .iter()
        .find(|(role, key)| *role == typed || *key == typed)
    else {
        let near = source::did_you_mean(&typed, roles.iter().copied());
        let near = near.unwrap_or_else(|| format!("expected one of `{}`", roles.join("`, `")));
        return Ok(refused(format!("unknown role `{role}`; {near}")));
    };
    if let Some(other) = incident::misplaced_id(&root, rest) {
        return Ok(refused(format!(
            "`{other}` is an incident, not a name; write `afterword assign {other} {role} NAME`"
        )));
    }
    let person = match person(&rest.join(" ")) {
        Ok(person) => person,
        Err(reason) => return Ok(refused(reason)),
    };
    let Some(mut change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let people = change.record().incident.people.clone();
    let path = Path::new().key("people").key(*key);
    let is_list = key != role;
    let mut known = named(&people, key).iter().map(name);
    if let Some(known) = known.find(|known| name_key(known) == name_key(&person)) {
        return Ok(refused(format!("`{known}` is {role} already")));
    }
    let leader = people.commanders().last().map(str::to_owned);
    let mut done = format!("{id}  {role}: {}", &*person);
    match leader.filter(|_| *key == "commander") {
        Some(leader) if name_key(&leader) == name_key(&person) => {
            return Ok(refused(format!("`{leader}` is {role} already")));
        }
        Some(leader) => {
            let at = match &arguments.at {
                None => exactly(change.now()),
                Some(at) => change.reading().moment(at)?,
            };
            let (zone, shown) = (change.zone(), change.shown_zone());
            let record = change.record();
            let last = people
                .command
                .last()
                .and_then(|last| record.when(last.from.as_ref(), None));
            if let Some(reason) = change.before_start(&at) {
                return Ok(refused(format!(
                    "{reason}; use a later `--at`, or correct `commander` in `{}`, who led first",
                    record.source.incident
                )));
            }
            if last.is_some_and(|last| at.order() < last.order()) {
                return Ok(refused(format!(
                    "{leader} took over after {}; take that back with `afterword undo`, or edit `[[people.command]]`",
                    at.in_full(shown)
                )));
            }
            let from = When::Written(TimeDefaults { day: None, zone }.shortest(&at));
            let handover = json!({ "name": person, "from": from });
            let path = Path::new().key("people").key("command");
            change.edit(|text| text.append(&path, handover))?;
            done.push_str(&format!(", from {leader}, at {}", at.in_full(shown)));
        }
        _ if arguments.at.is_some() => {
            return Ok(refused(
                "`--at` is the time of a hand-over, and there is nobody to take over from",
            ));
        }
        None if is_list => change.edit(|text| text.append(&path, &person))?,
        None => change.edit(|text| text.set(&path, &person))?,
    }
    if change
        .write(&format!("assign {id} {role} {}", &*person))?
        .is_none()
    {
        return Ok(Outcome::Problems);
    }
    echo(&format!("{done}\n"))?;
    Ok(Outcome::Done)
}

/// Returns who has a role, apart from the commander, who may have handed over.
fn named<'p>(people: &'p People, key: &str) -> &'p [Person] {
    match key {
        "scribe" => people.scribe.as_slice(),
        "communications" => people.communications.as_slice(),
        "reporter" => people.reporter.as_slice(),
        "investigators" => &people.investigators,
        "responders" => &people.responders,
        "attendees" => &people.attendees,
        "authors" => &people.authors,
        _ => &[],
    }
}
