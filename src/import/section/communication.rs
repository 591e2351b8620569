//! Imports the section Communication: channels, update intervals and messages.

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::{Draft, Stated, is_same_minute};
use super::super::vocabulary::{CommunicationLabel, Heading, MessageLabel, WORDS};
use super::super::words::{Labelled, bracket, counted, labelled, line, web_link};
use super::{
    each_block, has_list, heading, labelled_list, leading_label, remainder, subsection, subsections,
};
use crate::audience::Audience;
use crate::incident::{Communication, External, Internal, Message, Section, Stage};
use crate::kind::{Block as Text, Line, When};
use crate::moment::Moment;

mod message;

use message::{messages, split_subject};

fn communication(draft: &mut Draft) -> &mut Communication {
    draft.incident.communication.get_or_insert_default()
}

fn internal(draft: &mut Draft) -> &mut Internal {
    communication(draft).internal.get_or_insert_default()
}

fn external(draft: &mut Draft) -> &mut External {
    communication(draft).external.get_or_insert_default()
}

/// Returns the place of the time of the review.
pub(super) fn review(draft: &mut Draft) -> &mut Option<When> {
    &mut internal(draft).review_on
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, Section::Communication, part.title, &part.blocks);
    let mut parsed = ParsedCommunication::default();
    for inner in &part.parts {
        let rest = match heading(inner) {
            Some(Heading::Internal) => {
                if !has_list(inner) {
                    internal(draft);
                }
                list(draft, inner, in_internal)
            }
            Some(Heading::External) => {
                if !has_list(inner) {
                    external(draft);
                }
                let rest = list(draft, inner, |draft, number, found| {
                    parsed.external(draft, number, found)
                });
                each_block(draft, &rest, |_, rest| parsed.template(rest))
            }
            Some(Heading::Messages) => messages(draft, inner, &mut parsed),
            _ => {
                subsection(draft, Section::Communication, inner);
                continue;
            }
        };
        remainder(draft, Section::Communication, inner.title, &rest);
        subsections(draft, Section::Communication, &inner.parts);
    }
    parsed.finish(draft);
}

/// Imports the labelled lists of a part; returns all other blocks.
fn list<'a>(
    draft: &mut Draft,
    part: &Part<'a>,
    mut read: impl FnMut(&mut Draft, usize, Labelled) -> bool,
) -> Vec<Block<'a>> {
    each_block(draft, &part.blocks, |draft, rest| {
        let first = rest.first();
        usize::from(
            first.is_some_and(|block| labelled_list(draft, part.title, block, labelled, &mut read)),
        )
    })
}

fn in_internal(draft: &mut Draft, _: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    match WORDS.labels.communication.get(label) {
        Some(CommunicationLabel::Channel) => {
            // A label that names the chat is kept with the channel, unless it does so itself.
            let names = |text: &str| text.to_lowercase().contains("slack");
            let channel = if names(label) && !names(value) {
                line(&format!("Slack {value}"))
            } else {
                line(value)
            };
            draft.set(label, |draft| &mut internal(draft).channel, channel);
        }
        Some(CommunicationLabel::Updates) => {
            let Some(interval) = value.strip_prefix("Every ") else {
                return false;
            };
            let interval = line(interval);
            draft.set(
                label,
                |draft| &mut internal(draft).update_interval,
                interval,
            );
        }
        Some(CommunicationLabel::Participants) => {
            let Some(groups) = value.split(", ").map(counted).collect::<Option<Vec<_>>>() else {
                return false;
            };
            let known = &mut internal(draft).participants;
            for (number, group) in groups {
                let group = line(group);
                if known.get(&group).is_some() {
                    return false;
                }
                known.0.push((group, number));
            }
        }
        Some(CommunicationLabel::Review) => {
            let at = value.strip_prefix("Scheduled for ");
            let Some(at) = at.and_then(|at| draft.moment(at)) else {
                return false;
            };
            draft.set(label, review, at);
        }
        _ => return false,
    }
    true
}

/// The messages of the section, collected from its three subsections.
#[derive(Default)]
struct ParsedCommunication {
    notified: Option<(Moment, Option<Line>)>,
    finished: Option<(Option<Moment>, Option<Line>)>,
    /// The subject and the text of the final message.
    text: Option<(Option<Line>, Text)>,
    /// The messages that are listed one by one, with the times they were sent.
    listed: Vec<(Option<Moment>, Message)>,
}

impl ParsedCommunication {
    fn external(&mut self, draft: &mut Draft, number: usize, found: Labelled) -> bool {
        let Labelled { label, value, .. } = found;
        match WORDS.labels.communication.get(label) {
            Some(CommunicationLabel::Notified) => self.notification(draft, number, value).is_some(),
            Some(CommunicationLabel::StatusPage) => status_page(draft, label, value),
            Some(CommunicationLabel::Finished) => {
                let (word, note) = bracket(value);
                let time = word.strip_prefix("Sent at ");
                let moment = time.and_then(|time| draft.times.brief(time));
                let is_known = moment.is_some() || word == "not recorded";
                if is_known {
                    self.finished = Some((moment, note.map(line)));
                }
                is_known
            }
            _ => false,
        }
    }

    /// Parses `Sent at 14:40 (17 minutes into incident), by email`.
    fn notification(&mut self, draft: &mut Draft, number: usize, value: &str) -> Option<()> {
        let rest = value.strip_prefix("Sent at ")?;
        let ends = [rest.find(" ("), rest.find(", ")].into_iter().flatten();
        let (time, rest) = rest.split_at_checked(ends.min().unwrap_or(rest.len()))?;
        let rest = rest.trim_start_matches([',', ' ']);
        let moment = draft.times.brief(time)?;
        let after = rest.strip_prefix('(');
        let after = after.and_then(|rest| rest.split_once(" into incident)"));
        let note = after.map_or(rest, |(_, note)| note.strip_prefix(", ").unwrap_or(note));
        draft.facts.notified = Some(Stated {
            line: number,
            value: (moment, after.map(|(after, _)| after.to_owned())),
        });
        let note = Some(line(note.trim())).filter(|note| !note.is_empty());
        self.notified = Some((moment, note));
        Some(())
    }

    /// Imports the final message, a label and a code block; returns the number of blocks, or 0.
    fn template(&mut self, blocks: &[Block]) -> usize {
        match blocks {
            [first, code, ..] if code.kind == Kind::Code => {
                let label = leading_label(first);
                let label = label.and_then(|found| WORDS.labels.message.get(found.label));
                if label != Some(MessageLabel::Template) {
                    return 0;
                }
                self.text = Some(split_subject(&block::code(code).1));
                2
            }
            _ => 0,
        }
    }

    /// Merges the information about each message and adds the messages to the draft.
    fn finish(mut self, draft: &mut Draft) {
        let same = |left: &Moment, right: &Option<Moment>| {
            right.is_some_and(|right| is_same_minute(left, &right))
        };
        let is_external = |message: &Message| message.audience() < Audience::Internal;
        let sent = |stage, moment: Option<Moment>, note: Option<Line>, draft: &Draft| Message {
            sent_at: moment.map(|moment| draft.when(&moment)),
            note,
            ..Message::new(stage)
        };
        let mut first_sent = None;
        if let Some((moment, note)) = self.notified.take() {
            let mut listed = self.listed.iter();
            let known = listed.any(|(at, message)| is_external(message) && same(&moment, at));
            first_sent = Some(moment);
            // The final message may also be the first one.
            let finished = self.finished.as_ref();
            let also_final = finished.is_some_and(|(at, last)| same(&moment, at) && *last == note);
            if !known && !also_final {
                let message = sent(draft.stage_at(&moment), Some(moment), note, draft);
                self.listed.insert(0, (Some(moment), message));
            }
        }
        let text = self.text.take();
        if self.finished.is_some() || text.is_some() {
            let (moment, note) = self.finished.take().unwrap_or_default();
            draft.facts.finished = moment;
            let listed = self.listed.iter().rposition(|(at, message)| {
                message.stage == Stage::Resolved
                    && message.body.is_none()
                    && moment.map_or(at.is_none(), |moment| same(&moment, at))
            });
            let index = listed.unwrap_or_else(|| {
                let mut message = sent(Stage::Resolved, moment, note, draft);
                // If the first message to customers came later, this one was internal.
                let is_earlier = moment
                    .zip(first_sent)
                    .is_some_and(|(last, first)| last.order() < first.order());
                message.audience = Some(Audience::Internal).filter(|_| is_earlier);
                self.listed.push((moment, message));
                self.listed.len() - 1
            });
            if let (Some((_, message)), Some((subject, body))) = (self.listed.get_mut(index), text)
            {
                message.subject = subject.or(message.subject.take());
                message.body = Some(body);
            }
        }
        draft.facts.first_message = first_sent.and_then(|first_sent| {
            let mut listed = self.listed.iter();
            listed.position(|(at, message)| is_external(message) && same(&first_sent, at))
        });
        let messages = self.listed.into_iter().map(|(_, message)| message);
        draft.incident.messages.extend(messages);
    }
}

/// Imports `Updated every 15 minutes ([Status](https://status.example.com))`.
fn status_page(draft: &mut Draft, label: &str, value: &str) -> bool {
    let (interval, url) = match (web_link(value), value.strip_prefix("Updated every ")) {
        (Some((_, url)), _) => (None, Some(url)),
        (None, Some(rest)) => match bracket(rest) {
            (interval, Some(note)) if web_link(note).is_some() => {
                (Some(interval), web_link(note).map(|(_, url)| url))
            }
            _ => (Some(rest), None),
        },
        (None, None) => return false,
    };
    if let Some(interval) = interval {
        draft.set(
            label,
            |draft| &mut external(draft).status_page_interval,
            line(interval),
        );
    }
    if let Some(url) = url {
        draft.set(label, |draft| &mut external(draft).status_page_url, url);
    }
    true
}
