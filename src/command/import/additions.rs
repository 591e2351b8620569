//! What an import of timelines adds to the incident's file: messages, actions of automation, a deployment.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::super::change::Change;
use super::super::terminal::remark;
use crate::archive::Record;
use crate::audience::Audience;
use crate::import::source::Extra;
use crate::import::source::merge::{Placed, Plan};
use crate::import::source::payload;
use crate::incident::{Deployment, HealingAction, Message};
use crate::kind::{Block, EventId, FilePath, Line};
use crate::load;
use crate::moment::Zone;
use crate::source::Path;

/// The additions of an import to the incident's file.
#[derive(Debug, Default)]
pub struct Additions {
    messages: Vec<Message>,
    actions: Vec<HealingAction>,
    deployment: Option<Deployment>,
    /// Why no deployment is recorded, although one was asked for.
    without_deployment: Option<&'static str>,
}

impl Additions {
    /// Collects what the events that are added say besides.
    ///
    /// `zone` is that of the report, if the last finished deployment is wanted.
    pub fn new(plan: &Plan, record: &Record, root: &Utf8Path, deployment: Option<Zone>) -> Self {
        let mut additions = Self::default();
        let new = plan
            .placed
            .iter()
            .filter(|placed| placed.existing.is_none());
        for placed in new {
            let id = event_id(placed);
            match &placed.extra {
                Some(Extra::Message { stage, body }) => {
                    let is_there = record.incident.messages.iter().any(|message| {
                        let sent = record.when(message.sent_at.as_ref(), message.event.as_ref());
                        message.stage == *stage && sent.is_some_and(|sent| sent.is_same(&placed.at))
                    });
                    if !is_there {
                        additions.messages.push(Message {
                            audience: Some(Audience::Public),
                            channel: Line::new("status").ok(),
                            event: id,
                            subject: placed
                                .group
                                .as_ref()
                                .and_then(|subject| Line::new(payload::subject(subject)).ok()),
                            body: Block::new(payload::published(body)).ok(),
                            url: placed.event.url.clone(),
                            ..Message::new(*stage)
                        });
                    }
                }
                Some(Extra::Action { action, path }) => {
                    let is_there = record
                        .incident
                        .self_healing
                        .iter()
                        .flat_map(|healing| &healing.actions)
                        .any(|other| {
                            other.event == action.event
                                || (other.run.is_some()
                                    && other.run == run_file(root, record, path))
                        });
                    if !is_there {
                        additions.actions.push(HealingAction {
                            run: run_file(root, record, path),
                            ..(**action).clone()
                        });
                    }
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

    /// Adds the last finished deployment, to production if any is, of events that are there already too, or why there is none.
    ///
    /// A rollback puts an earlier version back, so it is the end of the deployment before it, not the deployment.
    fn add_deployment(&mut self, plan: &Plan, record: &Record, zone: Zone) {
        if record.incident.technical.deployment.is_some() {
            self.without_deployment =
                Some("`[technical.deployment]` is there already and stays as it is");
            return;
        }
        let is_production = |extra: &Option<Extra>| match extra {
            Some(Extra::Deployment {
                target: Some(target),
                ..
            }) => {
                let target = target.to_lowercase();
                target.starts_with("prod") || target == "live"
            }
            _ => false,
        };
        // What is deployed elsewhere reaches no customer.
        let has_production = plan
            .placed
            .iter()
            .any(|placed| is_production(&placed.extra));
        let mut rollback = None;
        for placed in plan.placed.iter().rev() {
            let Some(Extra::Deployment {
                version,
                method,
                is_rollback,
                ..
            }) = &placed.extra
            else {
                continue;
            };
            if has_production && !is_production(&placed.extra) {
                continue;
            }
            if *is_rollback {
                rollback = rollback.or(Some(placed.at));
                continue;
            }
            self.deployment = Some(Deployment {
                version: Line::new(version.as_str()).ok(),
                event: event_id(placed),
                method: Line::new(*method).ok(),
                rollback: rollback.and_then(|at| Line::new(at.in_full(zone)).ok()),
                ..Deployment::default()
            });
            return;
        }
        self.without_deployment = Some(if rollback.is_some() {
            "the only finished deployments are rollbacks, so `[technical.deployment]` is not added; pass the deployment that was rolled back"
        } else {
            "no finished deployment states its version, so `[technical.deployment]` is not added; pass the deployments together with their statuses"
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
            match &self.deployment {
                Some(deployment) => {
                    text.set(&Path::new().key("technical").key("deployment"), deployment)
                }
                None => Ok(()),
            }
        })
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
