//! Imports the section Communication: channels, update intervals and messages.

use serde_json::{Map, Value, json};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::{Draft, Stated, is_same_minute};
use super::super::toml::date;
use super::super::words::{self, bracket, counted, labelled, link};
use super::{has_list, is_titled, leading_label, remainder, subsection};
use crate::kind::Url;
use crate::moment::Moment;

mod message;

use message::{messages, split_subject};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, "communication", part.title, &part.blocks);
    let mut parsed = ParsedCommunication::default();
    for inner in &part.parts {
        if !has_list(inner) && is_titled(inner, &["internal", "external"]) {
            draft.open(&format!("communication.{}", words::folded(inner.title)));
        }
        if is_titled(inner, &["internal"]) {
            let rest = list(draft, inner, internal);
            remainder(draft, "communication", inner.title, &rest);
        } else if is_titled(inner, &["external"]) {
            let rest = list(draft, inner, |draft, line, label, value| {
                parsed.external(draft, line, label, value)
            });
            let rest = parsed.template(rest);
            remainder(draft, "communication", inner.title, &rest);
        } else if is_titled(inner, &["messages"]) {
            let rest = messages(draft, inner, &mut parsed);
            remainder(draft, "communication", inner.title, &rest);
        } else {
            subsection(draft, "communication", inner);
            continue;
        }
        for deeper in &inner.parts {
            subsection(draft, "communication", deeper);
        }
    }
    parsed.finish(draft);
}

/// Imports the labelled lists of a part; returns all other blocks.
fn list<'a>(
    draft: &mut Draft,
    part: &Part<'a>,
    mut read: impl FnMut(&mut Draft, usize, &str, &str) -> bool,
) -> Vec<Block<'a>> {
    let mut kept = Vec::new();
    for block in &part.blocks {
        let items = if block.kind == Kind::List {
            block::items(block)
        } else {
            Vec::new()
        };
        if items.is_empty()
            || items
                .iter()
                .any(|item| labelled(&item.text).is_none() || item.text.contains('\n'))
        {
            kept.push(*block);
            continue;
        }
        for item in items {
            let known = labelled(&item.text).is_some_and(|found| {
                read(draft, item.line, &words::folded(found.label), found.value)
            });
            if !known {
                draft.keep_unmapped(part.title, item.line, &item.text);
            }
        }
    }
    kept
}

fn internal(draft: &mut Draft, _: usize, label: &str, value: &str) -> bool {
    match label {
        "incident slack channel" | "incident channel" => {
            draft.set("communication.internal.channel", value);
        }
        "status updates" => match value.strip_prefix("Every ") {
            Some(interval) => draft.set("communication.internal.update_interval", interval),
            None => return false,
        },
        "participants" => {
            let groups: Option<Vec<(u32, &str)>> = value.split(", ").map(counted).collect();
            let Some(groups) = groups else { return false };
            let mut participants = Map::new();
            for (number, group) in groups {
                participants.insert(group.to_owned(), json!(number));
            }
            draft.set(
                "communication.internal.participants",
                Value::Object(participants),
            );
        }
        "post mortem meeting" => match value
            .strip_prefix("Scheduled for ")
            .and_then(|at| draft.moment(at))
        {
            Some(at) => draft.set("communication.internal.review_on", at),
            None => return false,
        },
        _ => return false,
    }
    true
}

/// The messages of the section, collected from its three subsections.
#[derive(Default)]
struct ParsedCommunication {
    notified: Option<(Moment, Option<String>)>,
    finished: Option<(Option<Moment>, Option<String>)>,
    /// The subject and the text of the final message.
    text: Option<(Option<String>, String)>,
    /// The messages that are listed one by one, with the times they were sent.
    listed: Vec<(Option<Moment>, Map<String, Value>)>,
}

impl ParsedCommunication {
    fn external(&mut self, draft: &mut Draft, line: usize, label: &str, value: &str) -> bool {
        match label {
            "customer notification" => {
                let Some(rest) = value.strip_prefix("Sent at ") else {
                    return false;
                };
                let end = [rest.find(" ("), rest.find(", ")]
                    .into_iter()
                    .flatten()
                    .min()
                    .unwrap_or(rest.len());
                let (time, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
                let rest = rest.trim_start_matches([',', ' ']);
                let Some(moment) = draft.times.brief(time) else {
                    return false;
                };
                let (after, note) = match rest
                    .strip_prefix('(')
                    .and_then(|rest| rest.split_once(" into incident)"))
                {
                    Some((after, note)) => (
                        Some(after.to_owned()),
                        note.strip_prefix(", ").unwrap_or(note),
                    ),
                    None => (None, rest),
                };
                let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
                draft.facts.notified = Some(Stated {
                    line,
                    value: (moment, after),
                });
                self.notified = Some((moment, note));
            }
            "status page" => return status_page(draft, value),
            "final communication" => {
                let (word, note) = bracket(value);
                let time = word.strip_prefix("Sent at ");
                let moment = time.and_then(|time| draft.times.brief(time));
                if moment.is_none() && word != "not recorded" {
                    return false;
                }
                self.finished = Some((moment, note.map(ToOwned::to_owned)));
            }
            _ => return false,
        }
        true
    }

    /// Extracts the final message from the blocks after the list; returns all other blocks.
    fn template<'a>(&mut self, blocks: Vec<Block<'a>>) -> Vec<Block<'a>> {
        let mut kept = Vec::new();
        let mut rest = blocks.as_slice();
        while let Some((first, others)) = rest.split_first() {
            rest = others;
            let is_label = leading_label(first)
                .is_some_and(|found| found.label == "Customer Communication Template Used");
            match others
                .split_first()
                .filter(|(code, _)| is_label && code.kind == Kind::Code)
            {
                Some((code, next)) => {
                    self.text = Some(split_subject(&block::code(code).1));
                    rest = next;
                }
                None => kept.push(*first),
            }
        }
        kept
    }

    /// Merges the information about each message and adds the messages to the draft.
    fn finish(mut self, draft: &mut Draft) {
        let same = |left: &Moment, right: &Option<Moment>| {
            right.is_some_and(|right| is_same_minute(left, &right))
        };
        let is_external = |message: &Map<String, Value>| {
            !matches!(
                message.get("audience").and_then(Value::as_str),
                Some("internal" | "confidential")
            )
        };
        let is_resolved = |message: &Map<String, Value>| {
            message.get("stage").and_then(Value::as_str) == Some("resolved")
        };
        let mut first_sent = None;
        if let Some((moment, note)) = self.notified.take() {
            let known = self
                .listed
                .iter()
                .any(|(sent, message)| is_external(message) && same(&moment, sent));
            first_sent = Some(moment);
            // The final message may also be the first one.
            let also_final = self
                .finished
                .as_ref()
                .is_some_and(|(sent, last)| same(&moment, sent) && *last == note);
            if !known && !also_final {
                let mut message = Map::new();
                message.insert("stage".to_owned(), draft.stage_at(&moment).into());
                message.insert("sent_at".to_owned(), date(&draft.times.absolute(&moment)));
                if let Some(note) = note {
                    message.insert("note".to_owned(), note.into());
                }
                self.listed.insert(0, (Some(moment), message));
            }
        }
        let text = self.text.take();
        if self.finished.is_some() || text.is_some() {
            let (moment, note) = self.finished.take().unwrap_or_default();
            draft.facts.finished = moment;
            let listed = self.listed.iter().rposition(|(sent, message)| {
                is_resolved(message)
                    && !message.contains_key("body")
                    && moment.map_or(sent.is_none(), |moment| same(&moment, sent))
            });
            let index = listed.unwrap_or_else(|| {
                let mut message = Map::new();
                message.insert("stage".to_owned(), "resolved".into());
                if let Some(moment) = moment {
                    message.insert("sent_at".to_owned(), date(&draft.times.absolute(&moment)));
                }
                // If the first message to customers came later, this one was internal.
                if moment
                    .zip(first_sent)
                    .is_some_and(|(last, first)| last.order() < first.order())
                {
                    message.insert("audience".to_owned(), "internal".into());
                }
                if let Some(note) = note {
                    message.insert("note".to_owned(), note.into());
                }
                self.listed.push((moment, message));
                self.listed.len() - 1
            });
            if let (Some((_, message)), Some((subject, body))) = (self.listed.get_mut(index), text)
            {
                if let Some(subject) = subject {
                    message.insert("subject".to_owned(), subject.into());
                }
                message.insert("body".to_owned(), body.into());
            }
        }
        draft.facts.first_message = first_sent.and_then(|first_sent| {
            let is_first = |(sent, message): &(Option<Moment>, Map<String, Value>)| {
                is_external(message) && same(&first_sent, sent)
            };
            self.listed.iter().position(is_first)
        });
        for (_, message) in self.listed {
            draft.push("messages", Value::Object(message));
        }
    }
}

fn status_page(draft: &mut Draft, value: &str) -> bool {
    let url = |text: &str| {
        link(text)
            .map(|(_, url)| url)
            .filter(|url| Url::new(url.as_str()).is_ok())
    };
    if let Some(url) = url(value) {
        draft.set("communication.external.status_page_url", url);
        return true;
    }
    let Some(rest) = value.strip_prefix("Updated every ") else {
        return false;
    };
    match bracket(rest) {
        (interval, Some(note)) if url(note).is_some() => {
            draft.set("communication.external.status_page_interval", interval);
            draft.set_some("communication.external.status_page_url", url(note));
        }
        _ => draft.set("communication.external.status_page_interval", rest),
    }
    true
}
