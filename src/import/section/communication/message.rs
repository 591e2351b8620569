//! Imports messages: stage, audience, channel and text of each.

use serde_json::{Map, Value};

use super::super::super::block::{self, Block, Kind, Part};
use super::super::super::draft::Draft;
use super::super::super::toml::date;
use super::super::super::vocabulary::{self, key};
use super::super::super::words::{self, bracket, labelled, link, recorded};
use super::ParsedCommunication;
use crate::kind::Url;
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
                let all_known = text.all(|line| detail(draft, line, &mut message));
                if all_known {
                    parsed.listed.push((moment, message));
                } else {
                    kept.push(*block);
                }
            }
            (None, Some((_, last)))
                if block.kind == Kind::Code && !last.contains_key("body") && kept.is_empty() =>
            {
                let (subject, body) = split_subject(&block::code(block).1);
                if let Some(subject) = subject {
                    last.insert("subject".to_owned(), subject.into());
                }
                last.insert("body".to_owned(), body.into());
            }
            _ => kept.push(*block),
        }
    }
    kept
}

/// Parses `**Resolved** to Customers by email: sent at 15:20 (after verification)`.
fn head(draft: &Draft, line: &str) -> Option<(Option<Moment>, Map<String, Value>)> {
    let (stage, rest) = words::unbroken(line)
        .strip_prefix("**")?
        .split_once("** to ")?;
    let mut message = Map::new();
    message.insert("stage".to_owned(), key(vocabulary::STAGE, stage)?.into());
    let (recipients, sent) = rest
        .split_once(": sent at ")
        .map(|(recipients, sent)| (recipients, Some(sent)))
        .or_else(|| Some((rest.split_once(": not recorded")?.0, None)))?;
    let tail = rest.get(recipients.len()..)?.strip_prefix(": ")?;
    let (audience, channel) = match recipients.split_once(" by ") {
        Some((audience, "SMS")) => (audience, Some("sms")),
        Some((audience, channel)) => (audience, Some(channel)),
        None => match recipients.strip_suffix(" on the status page") {
            Some(audience) => (audience, Some("status")),
            None => (recipients, None),
        },
    };
    let audience = key(vocabulary::AUDIENCE, audience)?;
    if audience != "customers" {
        message.insert("audience".to_owned(), audience.into());
    }
    if let Some(channel) = channel {
        message.insert("channel".to_owned(), channel.into());
    }
    let (_, note) = bracket(tail);
    let moment = match sent {
        Some(sent) => {
            let moment = draft.times.brief(note.map_or(sent, |_| bracket(sent).0))?;
            message.insert("sent_at".to_owned(), date(&draft.times.absolute(&moment)));
            Some(moment)
        }
        None => None,
    };
    if let Some(note) = note {
        message.insert("note".to_owned(), note.into());
    }
    Some((moment, message))
}

/// Imports a further line of a message; returns `false` if it is not recognized.
fn detail(draft: &Draft, line: &str, message: &mut Map<String, Value>) -> bool {
    let Some(found) = labelled(line) else {
        return false;
    };
    let (key, value): (&str, Option<Value>) = match found.label {
        "Next Update" => (
            "next_update_at",
            recorded(found.value).and_then(|at| draft.moment(at)),
        ),
        "Approved By" => ("approved_by", Some(found.value.into())),
        "Published at" => (
            "url",
            link(found.value)
                .filter(|(_, url)| Url::new(url.as_str()).is_ok())
                .map(|(_, url)| url.into()),
        ),
        "Subject" => ("subject", Some(words::unescaped(found.value).into())),
        _ => return false,
    };
    match value {
        Some(value) => {
            message.insert(key.to_owned(), value);
            true
        }
        None => false,
    }
}

/// Splits a message into its subject, if there is one, and its text.
pub(super) fn split_subject(text: &str) -> (Option<String>, String) {
    match text
        .strip_prefix("Subject: ")
        .and_then(|rest| rest.split_once("\n\n"))
    {
        Some((subject, body)) if !subject.contains('\n') => {
            (Some(subject.to_owned()), body.to_owned())
        }
        _ => (None, text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_split_from_its_subject() {
        assert_eq!(
            split_subject("Subject: A\n\nB\n"),
            (Some("A".to_owned()), "B\n".to_owned())
        );
        assert_eq!(
            split_subject("Subject: A\nB"),
            (None, "Subject: A\nB".to_owned())
        );
    }
}
