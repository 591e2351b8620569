//! The references of an incident to events of its timeline.

use crate::incident::{Incident, Step};
use crate::kind::{Either, Line, When};
use crate::source::Path;
use crate::timeline::Mark;

/// The event IDs that an incident refers to, each with its key path.
#[derive(Default)]
pub(super) struct NamedEvents<'a>(pub Vec<(Path, &'a str)>);

impl<'a> NamedEvents<'a> {
    fn event(&mut self, path: Path, event: &'a Option<Line>) {
        if let Some(id) = event {
            self.0.push((path.key("event"), id));
        }
    }

    fn when(&mut self, path: Path, when: Option<&'a When>) {
        if let Some(When::Event(id)) = when {
            self.0.push((path.key("event"), id));
        }
    }

    fn steps(&mut self, path: Path, steps: &'a [Step]) {
        for (index, step) in steps.iter().enumerate() {
            if let Either::Table(step) = step {
                self.event(path.clone().index(index), &step.event);
            }
        }
    }

    /// Collects the references, in the order of the format.
    pub(super) fn collect(incident: &'a Incident) -> Self {
        let mut named = Self::default();
        let key = |name: &str| Path::new().key(name);
        for mark in Mark::ALL {
            named.when(key("times").key(mark.as_str()), incident.times.get(*mark));
        }
        for (index, evidence) in incident.evidence.iter().enumerate() {
            let path = key("evidence").index(index);
            named.when(path.clone().key("at"), evidence.at.as_ref());
            named.event(path, &evidence.event);
        }
        if let Some(resolution) = &incident.resolution {
            named.steps(key("resolution").key("immediate"), &resolution.immediate);
            named.steps(key("resolution").key("short_term"), &resolution.short_term);
            named.steps(key("resolution").key("long_term"), &resolution.long_term);
            for (index, phase) in resolution.phases.iter().enumerate() {
                named.steps(
                    key("resolution").key("phases").index(index).key("items"),
                    &phase.items,
                );
            }
        }
        for (index, action) in incident
            .self_healing
            .iter()
            .flat_map(|healing| &healing.actions)
            .enumerate()
        {
            named.event(
                key("self_healing").key("actions").index(index),
                &action.event,
            );
        }
        for (index, message) in incident.messages.iter().enumerate() {
            let path = key("messages").index(index);
            named.when(path.clone().key("sent_at"), message.sent_at.as_ref());
            named.when(
                path.clone().key("next_update_at"),
                message.next_update_at.as_ref(),
            );
            named.event(path, &message.event);
        }
        if let Some(internal) = incident
            .communication
            .as_ref()
            .and_then(|talk| talk.internal.as_ref())
        {
            named.when(
                key("communication").key("internal").key("review_on"),
                internal.review_on.as_ref(),
            );
        }
        if let Some(deployment) = &incident.technical.deployment {
            let path = key("technical").key("deployment");
            named.when(path.clone().key("at"), deployment.at.as_ref());
            named.event(path, &deployment.event);
        }
        for (index, signal) in incident
            .analysis
            .iter()
            .flat_map(|analysis| &analysis.ruled_out)
            .enumerate()
        {
            let path = key("analysis").key("ruled_out").index(index);
            named.when(path.clone().key("at"), signal.at.as_ref());
            named.event(path, &signal.event);
        }
        if let Some(fix) = &incident.fix {
            for (index, reverted) in fix.reverted.iter().enumerate() {
                let path = key("fix").key("reverted").index(index);
                named.when(path.clone().key("at"), reverted.at.as_ref());
                named.event(path, &reverted.event);
            }
            for (index, rollout) in fix.rollout.iter().enumerate() {
                named.when(
                    key("fix").key("rollout").index(index).key("since"),
                    rollout.since.as_ref(),
                );
            }
        }
        named
    }
}
