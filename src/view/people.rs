//! Who led the response, and who was called in.

use serde::Serialize;

use super::parts::PersonView;
use super::{MomentView, Reader};
use crate::archive::Record;
use crate::incident::{Command, SignatureRole};

/// A person who led the response for a part of it.
#[derive(Debug, Clone, Serialize)]
pub struct CommanderView<'a> {
    /// The person.
    pub person: PersonView<'a>,
    /// The time from which they led; `None` for the first one, or if the reader does not see it.
    pub from: Option<MomentView>,
    /// The time until which they led; `None` for the last one, or if the reader does not see it.
    pub until: Option<MomentView>,
    /// Both as text: `from 14:20 to 15:00`.
    pub span: Option<String>,
}

/// A person or team that was called in.
#[derive(Debug, Clone, Serialize)]
pub struct EscalationView<'a> {
    /// The level.
    pub level: &'a str,
    /// The person or team.
    pub to: &'a str,
    /// The time.
    pub at: Option<MomentView>,
    /// The time as text, with the date if it is not that of the start.
    pub time: Option<String>,
}

/// Returns the person who leads the response: the last who took over, the commander, or who signed as commander.
pub(super) fn commander(record: &Record) -> Option<PersonView<'_>> {
    let people = &record.incident.people;
    let signed = || {
        let signatures = &record.incident.sign_off.as_ref()?.signatures;
        let mut signatures = signatures.iter();
        let signature = signatures.find(|signature| signature.role == SignatureRole::Commander)?;
        Some(PersonView::named(
            &signature.name,
            signature.title.as_deref(),
        ))
    };
    let last = people.command.last().map(taker);
    last.or_else(|| people.commander.as_ref().map(PersonView::new))
        .or_else(signed)
}

fn taker(next: &Command) -> PersonView<'_> {
    PersonView::named(&next.name, next.title.as_deref())
}

/// Returns everyone who led the response, in order; empty unless command was handed over.
pub(super) fn commanders<'a>(reader: &Reader<'a>) -> Vec<CommanderView<'a>> {
    let people = &reader.record.incident.people;
    let taken = people.command.iter();
    let taken = taken.map(|next| (taker(next), reader.point(next.from.as_ref(), None)));
    let first = people
        .commander
        .as_ref()
        .map(|first| (PersonView::new(first), None));
    let all: Vec<_> = first
        .filter(|_| !people.command.is_empty())
        .into_iter()
        .chain(taken)
        .collect();
    let untils = all.iter().skip(1).map(|(_, from)| *from).chain([None]);
    let untils: Vec<_> = untils.collect();
    let calendar = &reader.calendar;
    let all = all.into_iter().zip(untils);
    all.map(|((person, from), until)| CommanderView {
        person,
        from: from.map(|from| calendar.moment(from)),
        until: until.map(|until| calendar.moment(until)),
        span: match (from, until) {
            (Some(from), Some(until)) => Some(format!(
                "from {} to {}",
                calendar.dated(&from),
                calendar.dated(&until)
            )),
            (Some(from), None) => Some(format!("from {}", calendar.dated(&from))),
            (None, Some(until)) => Some(format!("until {}", calendar.dated(&until))),
            (None, None) => None,
        },
    })
    .collect()
}

/// Returns the escalations, in order.
pub(super) fn escalations<'a>(reader: &Reader<'a>) -> Vec<EscalationView<'a>> {
    let all = reader.record.incident.people.escalations.iter();
    all.map(|step| {
        let at = reader.point(step.at.as_ref(), step.event.as_ref());
        EscalationView {
            level: &step.level,
            to: &step.to,
            at: at.map(|at| reader.calendar.moment(at)),
            time: at.map(|at| reader.calendar.dated(&at)),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests;
