//! `afterword comms --next`: when the next update is due, and its draft, made from the message before.

use chrono::{DateTime, TimeDelta, Utc};

use super::super::overview::timed;
use super::super::typed::placeholder;
use super::record::not_understood;
use crate::archive::Record;
use crate::config::Config;
use crate::facts::{DueSource, Facts, Promise, promise, stated_length, updates};
use crate::incident::{Message, Stage};
use crate::moment::{Moment, Precision};

/// The next update of an incident.
pub struct Next {
    /// When it is due, in words for the user.
    pub due: String,
    /// The channel of the message before.
    pub channel: Option<String>,
    /// The draft, if the stage of the message before still holds; otherwise the template of the new stage says what changed.
    pub draft: Option<String>,
}

/// Finds out when the next update is due, and drafts it from the message before.
///
/// `template` renders the template of the same stage for a channel: what both state by a label is taken from there, because
/// it may have changed since.
pub fn next(
    record: &Record,
    facts: &Facts,
    config: &Config,
    now: DateTime<Utc>,
    template: impl FnOnce(Option<&str>) -> Option<String>,
) -> Next {
    let zone = record.zone(config);
    let updates = updates(record, config);
    let last = updates.last().and_then(|update| {
        let message = record.incident.messages.get(update.index)?;
        Some((update, message))
    });
    let Some((update, message)) = last else {
        return Next {
            due: "no message was sent yet, so none is due".to_owned(),
            channel: None,
            draft: None,
        };
    };
    // Customers do not need the seconds.
    let sent = match update.sent.precision {
        Precision::Second => Moment {
            precision: Precision::Minute,
            ..update.sent
        },
        _ => update.sent,
    }
    .in_full(zone);
    let before = format!("the `{}` message of {sent}", message.stage.as_str());
    let stated = |text| promise(text, update.sent, zone, &config.words);
    let unread = match message.body.as_deref().and_then(stated) {
        Some(Promise::Unread(sentence)) => Some(sentence),
        _ => None,
    };
    let due = match update.due {
        _ if record.incident.merged_into.is_some() => {
            "no update is due: the incident was merged into another".to_owned()
        }
        _ if !facts.status.is_open() => {
            format!(
                "no update is due: the incident is {}",
                facts.status.as_str()
            )
        }
        None => match unread {
            Some(sentence) => format!("{}, in {before}", not_understood(sentence)),
            None => format!("no update is due: {before} promised none"),
        },
        Some(due) => {
            let source = match (due.source, unread) {
                (DueSource::Key | DueSource::Body, _) => format!("promised by {before}"),
                (DueSource::Interval, None) => format!("by the stated interval, after {before}"),
                (DueSource::Interval, Some(sentence)) => format!(
                    "by the stated interval, after {before}; {}",
                    not_understood(sentence)
                ),
            };
            format!("next update due {}, {source}", timed(&due.at, zone, now))
        }
    };
    let is_same_stage = Stage::from(facts.status) == message.stage;
    let draft = (is_same_stage && message.stage < Stage::Resolved)
        .then(|| {
            let new = stated_length(record).and_then(|every| TimeDelta::try_seconds(every.seconds));
            let new = new.map(|every| Moment {
                at: now + every,
                precision: Precision::Minute,
                about: false,
                latest: None,
            });
            let new = new.map(|at| at.in_full(zone));
            let computed = template(message.channel.as_deref()).unwrap_or_default();
            let has_time = |text: &str| {
                matches!(
                    promise(text, update.sent, zone, &config.words),
                    Some(Promise::At(_) | Promise::Unread(_))
                )
            };
            from_message(message, &sent, new.as_deref(), &computed, has_time)
        })
        .flatten();
    Next {
        due,
        channel: message.channel.as_ref().map(ToString::to_string),
        draft,
    }
}

/// Returns the draft of an update: the text of the message before, below a placeholder for what is new.
///
/// Sentences that `is_promise` accepts are replaced by the next time.
fn from_message(
    message: &Message,
    sent: &str,
    next: Option<&str>,
    computed: &str,
    is_promise: impl Fn(&str) -> bool,
) -> Option<String> {
    let body = message.body.as_deref()?;
    let mut draft = String::new();
    if let Some(subject) = &message.subject {
        draft.push_str(&format!("Subject: {subject}\n\n"));
    }
    draft.push_str(&format!("[Fill in: what is new since {sent}]\n\n"));
    let next = next.unwrap_or("[Fill in: time of the next update]");
    let mut is_promised = false;
    let mut done = Vec::new();
    for line in body.trim_end().lines() {
        if let Some(at) = line.find("Next update:") {
            is_promised = true;
            let before = line.get(..at).unwrap_or_default();
            draft.push_str(&format!("{before}Next update: {next}\n"));
            continue;
        }
        let label = labelled(line).unwrap_or_default();
        if done.contains(&label) {
            continue;
        }
        let lines = computed_lines(computed, label);
        if !lines.is_empty() {
            done.push(label);
            for line in lines {
                draft.push_str(&format!(
                    "{line}
"
                ));
            }
            continue;
        }
        let sentences: Vec<&str> = line.split_inclusive(". ").collect();
        for sentence in sentences {
            if is_promise(sentence) {
                // What was promised then is past; the first such sentence has the place of the new one.
                let new = format!("Next update: {next} ");
                draft.push_str(if is_promised { "" } else { &new });
                is_promised = true;
            } else {
                draft.push_str(sentence);
            }
        }
        draft.truncate(draft.trim_end_matches(' ').len());
        draft.push('\n');
    }
    if !is_promised {
        draft.push_str(&format!("\nNext update: {next}\n"));
    }
    Some(draft)
}

/// Returns the label of a line such as `- Started: 09:10`, with what is before it and the colon.
fn labelled(line: &str) -> Option<&str> {
    let end = line.find(": ")? + 1;
    let label = line.get(..end)?;
    let is_sentence = label.contains(['.', ',', ';']) || label.split_whitespace().count() > 5;
    (!is_sentence).then_some(label)
}

/// Returns the lines of a draft that have a label, without those with a placeholder.
fn computed_lines<'d>(draft: &'d str, label: &str) -> Vec<&'d str> {
    let lines = draft.lines().filter(|line| labelled(line) == Some(label));
    lines.filter(|line| placeholder(line).is_none()).collect()
}
