//! When an incident affected its services and its users.

use super::super::service::{Span, open_spans};
use super::super::{Bound, Endpoint, Facts, Length};
use super::{Summary, without_spare};
use crate::archive::Record;
use crate::audience::Audience;
use crate::incident::ImpactLevel;
use crate::moment::Moment;

/// A window in which a service was affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// The service.
    pub service: String,
    /// How much it was affected.
    pub level: Option<ImpactLevel>,
    /// The start, if it is known.
    pub from: Option<Moment>,
    /// The end, if it is known.
    pub until: Option<Moment>,
}

impl Summary {
    /// Returns the windows in which its services were affected, as far as an audience sees their times.
    ///
    /// Without a window of a service, each service that the incident names was affected in each window of the impact, or
    /// for the whole incident.
    #[must_use]
    pub fn outages(&self, audience: Audience) -> Vec<Outage> {
        let is_seen = |from: Option<Bound>, until: Option<Bound>| {
            let mut events = [from, until]
                .into_iter()
                .flatten()
                .filter_map(|end| end.event);
            events.all(|event| {
                let hidden = self.hidden.iter().find(|(index, _)| *index == event);
                hidden.is_none_or(|(_, marked)| marked.is_some_and(|one| audience.may_read(one)))
            })
        };
        let of = |service: &str, level, (from, until): (Option<Bound>, Option<Bound>)| {
            let is_seen = is_seen(from, until);
            let time = |bound: Option<Bound>| bound.filter(|_| is_seen).map(|bound| bound.moment);
            Outage {
                service: service.to_owned(),
                level,
                from: time(from),
                until: time(until),
            }
        };
        if !self.facts.services.is_empty() {
            // A redacted service has no name here.
            let named = self.facts.services.iter();
            let named = named.filter(|window| !window.service.is_empty());
            return named
                .map(|window| {
                    let level = window.level.or(self.impact_level);
                    of(&window.service, level, (window.from, window.until))
                })
                .collect();
        }
        let windows = self.facts.windows.iter();
        let mut spans: Vec<Span> = windows
            .map(|window| (Some(window.from.into()), window.to.map(Bound::from)))
            .collect();
        if spans.is_empty() {
            // Everyone sees the official start and end.
            let official = |end: Endpoint| Bound {
                event: None,
                ..end.into()
            };
            let [started, ended] =
                [self.facts.started, self.facts.ended].map(|end| end.map(official));
            spans = open_spans(started, &self.facts.reopenings, ended);
        }
        let services = self.services.iter();
        let outages = services.flat_map(|service| {
            let spans = spans.iter();
            spans.map(|span| of(service, self.impact_level, *span))
        });
        outages.collect()
    }

    /// Returns how long it affected users: its customer impact, else its duration without the time for which it was closed.
    #[must_use]
    pub fn affected(&self) -> Option<Length> {
        let duration = || {
            let duration = self.length("duration")?;
            match self.facts.reopenings.as_slice() {
                [] => Some(duration),
                _ => Some(duration.minus(self.facts.closed()?)),
            }
        };
        self.length("customer_impact").or_else(duration)
    }
}

/// Returns the events from which windows take their times and that not all readers see.
pub(super) fn hidden(record: &Record, facts: &Facts) -> Vec<(usize, Option<Audience>)> {
    let windows = facts.windows.iter();
    let windows = windows.flat_map(|window| [Some(window.from.into()), window.to.map(Bound::from)]);
    let services = facts.services.iter();
    let services = services.flat_map(|service| [service.from, service.until]);
    let reopenings = facts.reopenings.iter();
    let reopenings = reopenings.flat_map(|one| [Some(one.ended.into()), Some(one.at.into())]);
    let bounds = windows.chain(services).chain(reopenings).flatten();
    let hidden = bounds.filter_map(|bound: Bound| {
        let event = record.timeline.events.get(bound.event?)?;
        let audience = record.event_audience(event);
        let is_limited = event.hidden || audience == Audience::Confidential;
        is_limited.then_some((bound.event?, (!event.hidden).then_some(audience)))
    });
    without_spare(hidden)
}
