//! What an import of timelines adds to the incident's file: messages, actions of automation, a deployment.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::super::change::Change;
use super::super::terminal::remark;
use crate::archive::Record;
use crate::audience::Audience;
use crate::import::source::merge::{Placed, Plan};
use crate::import::source::payload;
use crate::import::source::{Extra, Markup};
use crate::incident::{Deployment, HealingAction, HealingResult, Message, Stage};
use crate::kind::{Block, EventId, FilePath, Line};
use crate::load;
use crate::moment::{Moment, Zone};
use crate::source::Path;

/// The additions of an import to the incident's file.
#[derive(Debug, Default)]
pub struct Additions {
    messages: Vec<Message>,
    actions: Vec<HealingAction>,
    deployment: Option<Deployment>,
    /// The results of actions that are there without one: the index, the result and the action of the export.
    results: Vec<(usize, HealingResult, HealingAction)>,
    /// What differs and stays.
    notes: Vec<String>,
    /// Why no deployment is recorded, although one was asked for.
    without_deployment: Option<&'static str>,
}

impl Additions {
    /// Collects what the events that are added say besides.
    ///
    /// `zone` is that of the report, if the last finished deployment is wanted.
    pub fn new(plan: &Plan, record: &Record, root: &Utf8Path, deployment: Option<Zone>) -> Self {
        let mut additions = Self::default();
        for placed in &plan.placed {
            match &placed.extra {
                Some(Extra::Message { stage, body }) => {
                    additions.add_message(placed, record, *stage, body);
                }
                Some(Extra::Action { action, path }) => {
                    let run = run_file(root, record, path);
                    additions.add_action(placed, record, action, run);
                }
                Some(Extra::Deployment { .. }) | None => {}
            }
        }
        if let Some(zone) = deployment {
            additions.add_deployment(plan, record, zone);
        }
        let subjects: BTreeSet<Option<&str>> = additions
            .messages
            .iter()
            .map(|message| message.subject.as_deref())
            .collect();
        if subjects.len() > 1 {
            remark(
                "note: the messages are of several incidents and are not added to `[[messages]]`; pass one with `--only`",
            );
            additions.messages.clear();
        }
        additions
    }

    /// Adds the message of a new event; reports one of a known event that differs.
    fn add_message(&mut self, placed: &Placed, record: &Record, stage: Stage, body: &Markup) {
        let id = event_id(placed);
        let body = Block::new(payload::published(body)).ok();
        let known = record.incident.messages.iter().find(|message| {
            let sent = record.when(message.sent_at.as_ref(), message.event.as_ref());
            message.stage == stage && sent.is_some_and(|sent| sent.is_same(&placed.at))
        });
        match known {
            Some(known) => {
                let text =
                    |body: &Option<Block>| body.as_deref().unwrap_or_default().trim().to_owned();
                let is_own = placed.existing.is_some() && known.event == id && id.is_some();
                if is_own && text(&known.body) != text(&body) {
                    self.notes.push(format!(
                        "the message of {} in `[[messages]]` differs from the export and stays as it is",
                        placed.event.text
                    ));
                }
            }
            None if placed.existing.is_none() => self.messages.push(Message {
                audience: Some(Audience::Public),
                channel: Line::new("status").ok(),
                event: id,
                subject: placed
                    .group
                    .as_ref()
                    .and_then(|subject| Line::new(payload::subject(subject)).ok()),
                body,
                url: placed.event.url.clone(),
                ..Message::new(stage)
            }),
            None => {}
        }
    }

    /// Adds the action of a new event, or the result of one that was imported while it ran.
    fn add_action(
        &mut self,
        placed: &Placed,
        record: &Record,
        action: &HealingAction,
        run: Option<FilePath>,
    ) {
        let mut actions = record
            .incident
            .self_healing
            .iter()
            .flat_map(|healing| &healing.actions)
            .enumerate();
        let known = actions.find(|(_, known)| {
            known.event == action.event || (known.run.is_some() && known.run == run)
        });
        match known {
            Some((index, known)) => match (known.result, action.result) {
                (None, Some(result)) => self.results.push((index, result, action.clone())),
                (Some(known), Some(result)) if known != result => self.notes.push(format!(
                    "the result of `{}` in `[[self_healing.actions]]` differs from the export and stays as it is",
                    action.name
                )),
                _ => {}
            },
            None if placed.existing.is_none() => self.actions.push(HealingAction {
                run,
                ..action.clone()
            }),
            None => {}
        }
    }

    /// Adds the last finished deployment, to production if any is, of events that are there already too, or why there is none.
    ///
    /// A rollback puts an earlier version back, so it is the end of the deployment before it, not the deployment.
    fn add_deployment(&mut self, plan: &Plan, record: &Record, zone: Zone) {
        if record.incident.technical.deployment.is_some() {
            self.without_deployment =
                Some("`[technical.deployment]` is there already and stays as it is");
            return;
        }
        let deployments = finished_deployments(plan);
        let mut targets: BTreeMap<Option<&str>, Target> = BTreeMap::new();
        for finished in &deployments {
            targets.entry(finished.target).or_default().add(finished);
        }
        let last = targets
            .values()
            .filter_map(|target| Some((target.last?, target.rollback)));
        if let Some((last, rollback)) = last.max_by_key(|(last, _)| last.placed.at.order()) {
            self.deployment = Some(Deployment {
                version: Line::new(payload::subject(last.version)).ok(),
                event: event_id(last.placed),
                method: Line::new(last.method).ok(),
                rollback: rollback.and_then(|at| Line::new(at.in_full(zone)).ok()),
                ..Deployment::default()
            });
            return;
        }
        self.without_deployment = Some(if deployments.is_empty() {
            "no finished deployment states its version, so `[technical.deployment]` is not added; pass the deployments together with their statuses"
        } else {
            "the only finished deployments are rollbacks, so `[technical.deployment]` is not added; pass the deployment that was rolled back"
        });
    }

    /// Describes what is added.
    pub fn describe(&self) -> String {
        let mut out = String::new();
        for message in &self.messages {
            let body = message.body.as_deref().unwrap_or_default();
            let first = body.lines().next().unwrap_or_default();
            out.push_str(&format!(
                "+ [[messages]] {}\n",
                crate::diagnostic::visible_line(first)
            ));
        }
        for action in &self.actions {
            out.push_str(&format!("+ [[self_healing.actions]] {}\n", action.name));
        }
        for (_, result, action) in &self.results {
            out.push_str(&format!(
                "+ [[self_healing.actions]] {}: result {}\n",
                action.name,
                format!("{result:?}").to_lowercase()
            ));
        }
        for note in &self.notes {
            out.push_str(&format!(
                "note: {}\n",
                crate::diagnostic::visible_line(note)
            ));
        }
        if let Some(version) = self
            .deployment
            .as_ref()
            .and_then(|deployment| deployment.version.as_ref())
        {
            out.push_str(&format!("+ [technical.deployment] {version}\n"));
        }
        if let Some(reason) = self.without_deployment {
            out.push_str(&format!("note: {reason}\n"));
        }
        out
    }

    /// Adds them to the incident's file.
    ///
    /// # Errors
    /// Returns an error if the file leaves no place for them.
    pub fn write(&self, change: &mut Change) -> anyhow::Result<()> {
        change.edit(|text| {
            for message in &self.messages {
                text.append(&Path::new().key("messages"), message)?;
            }
            for action in &self.actions {
                text.append(&Path::new().key("self_healing").key("actions"), action)?;
            }
            for (index, result, action) in &self.results {
                let path = Path::new().key("self_healing").key("actions").index(*index);
                text.set(&path.clone().key("result"), result)?;
                if let Some(note) = &action.result_note {
                    text.set(&path.key("result_note"), note)?;
                }
            }
            match &self.deployment {
                Some(deployment) => {
                    text.set(&Path::new().key("technical").key("deployment"), deployment)
                }
                None => Ok(()),
            }
        })
    }
}

/// A finished deployment of the plan.
struct Finished<'a> {
    placed: &'a Placed,
    version: &'a str,
    target: Option<&'a str>,
    method: &'static str,
    is_rollback: bool,
}

/// Lists the finished deployments, in their order: those to production if there are any, as others reach no customer.
fn finished_deployments(plan: &Plan) -> Vec<Finished<'_>> {
    let finished = plan.placed.iter().filter_map(|placed| match &placed.extra {
        Some(Extra::Deployment {
            version,
            target,
            method,
            is_rollback,
        }) => Some(Finished {
            placed,
            version,
            target: target.as_deref(),
            method,
            is_rollback: *is_rollback,
        }),
        _ => None,
    });
    let mut finished: Vec<Finished> = finished.collect();
    let is_production = |finished: &Finished| {
        let target = finished.target.map(str::to_lowercase);
        target.is_some_and(|target| target.starts_with("prod") || target == "live")
    };
    if finished.iter().any(is_production) {
        finished.retain(is_production);
    }
    finished
}

/// The deployments to one environment, or of one application.
#[derive(Default)]
struct Target<'a> {
    /// The versions, in the order of their last deployments.
    versions: Vec<&'a str>,
    /// The last deployment that puts no earlier version back.
    last: Option<&'a Finished<'a>>,
    /// When an earlier version was put back after it.
    rollback: Option<Moment>,
}

impl<'a> Target<'a> {
    fn add(&mut self, finished: &'a Finished<'a>) {
        let version = finished.version;
        let is_back = self.versions.last() != Some(&version) && self.versions.contains(&version);
        self.versions.retain(|other| *other != version);
        self.versions.push(version);
        if finished.is_rollback || is_back {
            self.rollback = self.rollback.or(Some(finished.placed.at));
        } else {
            self.last = Some(finished);
            self.rollback = None;
        }
    }
}

/// Returns the ID of an event, for references to it.
fn event_id(placed: &Placed) -> Option<EventId> {
    EventId::new(&**placed.event.id.as_ref()?).ok()
}

/// Returns the path of a file of the archive as the incident's file refers to it.
fn run_file(root: &Utf8Path, record: &Record, path: &str) -> Option<FilePath> {
    let inside = load::inside(root, Utf8Path::new(path))?;
    let depth = record
        .source
        .incident
        .components()
        .count()
        .saturating_sub(1);
    FilePath::new(format!("{}{inside}", "../".repeat(depth))).ok()
}
