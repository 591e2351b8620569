//! Imports messages: stage, audience, channel and text of each.

use super::super::super::block::{self, Block, Kind, Part};
use super::super::super::draft::Draft;
use super::super::super::vocabulary::{MessageLabel, WORDS};
use super::super::super::words::{
    self, block as verbatim, bracket, labelled, line, recorded, web_link,
};
use super::ParsedCommunication;
use crate::audience::Audience;
use crate::incident::Message;
use crate::kind::{Block as Text, Line};
use crate::moment::Moment;

/// Imports the messages that are listed one by one; returns all other blocks.
pub(super) fn messages<'a>(
    draft: &mut Draft,
    part: &Part<'a>,
    parsed: &mut ParsedCommunication,
) -> Vec<Block<'a>> {
    let mut kept = Vec::new();
    for block in &part.blocks {
        let mut text = block.text.lines();
        let head = text
            .next()
            .filter(|_| block.kind == Kind::Paragraph)
            .and_then(|line| head(draft, line));
        match (head, parsed.listed.last_mut()) {
            (Some((moment, mut message)), _) => {
                if text.all(|line| detail(draft, line, &mut message).is_some()) {
                    parsed.listed.push((moment, message));
                } else {
                    kept.push(*block);
                }
            }
            (None, Some((_, last)))
                if block.kind == Kind::Code && last.body.is_none() && kept.is_empty() =>
            {
                let (subject, body) = split_subject(&block::code(block).1);
                last.subject = subject.or(last.subject.take());
                last.body = Some(body);
            }
            _ => kept.push(*block),
        }
    }
    kept
}

/// Parses `**Resolved** to Customers by email: sent at 15:20 (after verification)`.
fn head(draft: &Draft, text: &str) -> Option<(Option<Moment>, Message)> {
    let (stage, rest) = words::unbroken(text)
        .strip_prefix("**")?
        .split_once("** to ")?;
    let mut message = Message::new(WORDS.values.stage.get(stage)?);
    let (recipients, sent) = match rest.split_once(": sent at ") {
        Some((recipients, sent)) => (recipients, Some(sent)),
        None => (rest.split_once(": not recorded")?.0, None),
    };
    let tail = rest.get(recipients.len()..)?.strip_prefix(": ")?;
    let (audience, channel) = match recipients.split_once(" by ") {
        Some((audience, channel)) => (audience, Some(channel)),
        None => (recipients, None),
    };
    let audience = WORDS.values.audience.get(audience)?;
    message.audience = Some(audience).filter(|audience| *audience != Audience::Customers);
    message.channel = channel.map(line);
    let note = bracket(tail).1;
    message.note = note.map(line);
    let time = |sent| draft.times.brief(note.map_or(sent, |_| bracket(sent).0));
    let moment = match sent {
        Some(sent) => Some(time(sent)?),
        None => None,
    };
    message.sent_at = moment.map(|moment| draft.when(&moment));
    Some((moment, message))
}

/// Imports a further line of a message; returns `None` if it is not recognized.
fn detail(draft: &Draft, text: &str, message: &mut Message) -> Option<()> {
    let found = labelled(text)?;
    match WORDS.labels.message.get(found.label)? {
        MessageLabel::NextUpdate => {
            message.next_update_at = Some(draft.moment(recorded(found.value)?)?);
        }
        MessageLabel::ApprovedBy => message.approved_by = Some(line(found.value)),
        MessageLabel::Published => message.url = Some(web_link(found.value)?.1),
        MessageLabel::Subject => message.subject = Some(line(&words::unescaped(found.value))),
        MessageLabel::Template => return None,
    }
    Some(())
}

/// Splits a message into its subject, if there is one, and its text.
pub(super) fn split_subject(text: &str) -> (Option<Line>, Text) {
    let rest = text.strip_prefix("Subject: ");
    match rest.and_then(|rest| rest.split_once("\n\n")) {
        Some((subject, body)) if !subject.contains('\n') => (Some(line(subject)), verbatim(body)),
        _ => (None, verbatim(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_split_from_its_subject() {
        assert_eq!(
            split_subject("Subject: A\n\nB\n"),
            (Some(line("A")), verbatim("B\n"))
        );
        assert_eq!(
            split_subject("Subject: A\nB"),
            (None, verbatim("Subject: A\nB"))
        );
    }
}
