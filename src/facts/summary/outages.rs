//! When an incident affected its services and its users.

use serde::{Deserialize, Serialize};

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

/// A window in which one service or all of them were affected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Affected {
    /// The service; `None` for each one that the incident names.
    service: Option<String>,
    level: Option<ImpactLevel>,
    /// The start, unless nobody sees it.
    from: Option<Moment>,
    /// The end, unless nobody sees it.
    until: Option<Moment>,
    /// Whether only readers of confidential texts see when it was.
    is_confidential: bool,
}

impl Summary {
    /// Returns the windows in which its services were affected, as far as an audience sees their times.
    ///
    /// Without a window of a service, each service that the incident names was affected in each window of the impact, or
    /// for the whole incident.
    #[must_use]
    pub fn outages(&self, audience: Audience) -> Vec<Outage> {
        let of = |service: &String, affected: &Affected| {
            let is_seen = !affected.is_confidential || audience.may_read(Audience::Confidential);
            Outage {
                service: service.clone(),
                level: affected.level,
                from: affected.from.filter(|_| is_seen),
                until: affected.until.filter(|_| is_seen),
            }
        };
        let (named, of_all): (Vec<&Affected>, Vec<&Affected>) =
            { self.affected.iter() }.partition(|affected| affected.service.is_some());
        let named = named.into_iter();
        let named = named.filter_map(|affected| Some(of(affected.service.as_ref()?, affected)));
        let of_all = { self.services.iter() }
            .flat_map(|service| of_all.iter().map(move |affected| of(service, affected)));
        named.chain(of_all).collect()
    }

    /// Returns how long it affected users: its customer impact, else its duration without the time for which it was closed.
    #[must_use]
    pub fn affected(&self) -> Option<Length> {
        let duration = || {
            let duration = self.length("duration")?;
            match self.course.reopenings.as_slice() {
                [] => Some(duration),
                _ => Some(duration.minus(self.course.closed()?)),
            }
        };
        self.length("customer_impact").or_else(duration)
    }
}

/// Returns when the services of an incident were affected; a redacted service is none of them.
pub(super) fn affected(record: &Record, facts: &Facts) -> Vec<Affected> {
    let window = |service: Option<&str>, level, (from, until): Span| {
        let events = [from, until].into_iter().flatten();
        let events = events.filter_map(|bound| record.timeline.events.get(bound.event?));
        let is_shown = events.clone().all(|event| !event.hidden);
        let time = |bound: Option<Bound>| bound.filter(|_| is_shown).map(|bound| bound.moment);
        Affected {
            service: service.map(str::to_owned),
            level,
            from: time(from),
            until: time(until),
            is_confidential: { events }
                .any(|event| record.event_audience(event) == Audience::Confidential),
        }
    };
    let impact = record.incident.impact.as_ref();
    let level = impact.and_then(|impact| impact.level);
    if !facts.services.is_empty() {
        let own = facts.services.iter();
        let own = own.filter(|one| record.is_own(&one.service));
        let own = own.map(|one| {
            window(
                Some(&one.service),
                one.level.or(level),
                (one.from, one.until),
            )
        });
        return without_spare(own);
    }
    let windows = facts.windows.iter();
    let mut spans: Vec<Span> = windows
        .map(|window| (Some(window.from.into()), window.to.map(Bound::from)))
        .collect();
    if spans.is_empty() {
        // Everyone sees the official start and end.
        let official = |end: Endpoint| Bound {
            event: None,
            ..end.into()
        };
        let [started, ended] = [facts.started, facts.ended].map(|end| end.map(official));
        spans = open_spans(started, &facts.reopenings, ended);
    }
    without_spare(spans.into_iter().map(|span| window(None, level, span)))
}
