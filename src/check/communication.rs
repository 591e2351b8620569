//! Checks of messages to customers: their times, order, wording and agreement with the report.

use chrono::TimeDelta;

use super::partial::{AS_OF, DURATIONS, EVERYTHING, KIND, MARKS, MESSAGES, SEVERITY, STATUS, ZONE};
use super::texts::Text;
use super::{Case, Check, Finding, Findings, Run, Trait};
use crate::diagnostic::Level;
use crate::facts::{EndpointSource, State, between};
use crate::incident::{Kind, Message, SignatureRole, Stage, Status};
use crate::moment::{Moment, Precision};
use crate::source::Path;
use crate::timeline::Mark;
use order::{before_incident, first_notice_differs, resolved_outdated, stages_out_of_order};

mod external_text;
mod order;
mod promise;
mod variable;
mod wording;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "update-interval-not-kept",
        level: Level::Warning,
        traits: &[],
        summary: "two messages are further apart than the stated update interval",
        why: "Customers who do not get a promised update assume that nobody is working on the problem.",
        example: "`status_page_interval = \"15 minutes\"` with messages at 14:40 and 15:20: record the messages in between, or state the interval that was kept.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(promise::interval_not_kept),
    },
    Check {
        code: "promised-update-late",
        level: Level::Warning,
        traits: &[],
        summary: "a promised update was late or never sent",
        why: "Customers plan around the promised time. A short message without news keeps the promise.",
        example: "`next_update_at = \"15:00\"`, and the next message was sent at 15:20 or not at all.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(promise::update_late),
    },
    Check {
        code: "update-not-promised",
        level: Level::Warning,
        traits: &[],
        summary: "a message before the end does not announce the next update, or at a time that is not understood",
        why: "Customers who do not know when to expect an update contact support or keep refreshing the page.",
        example: "`next_update_at = \"15:00\"`, or `status_page_interval = \"30 minutes\"` for all messages.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(promise::not_promised),
    },
    Check {
        code: "update-overdue",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "an open incident is past its promised update",
        why: "Customers are waiting for it now.",
        example: "Send the update and add it to `[[messages]]`. If the incident has ended, mark its end.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES, AS_OF],
        run: Run::Incident(promise::update_overdue),
    },
    Check {
        code: "stages-out-of-order",
        level: Level::Warning,
        traits: &[],
        summary: "a later message has an earlier stage",
        why: "To customers it looks as if the incident had started again.",
        example: "`investigating` at 15:00 after `monitoring` at 14:50: check both stages and times. If impact returned, mark another `impact_started`.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(stages_out_of_order),
    },
    Check {
        code: "resolved-message-outdated",
        level: Level::Warning,
        traits: &[],
        summary: "the last message to customers says that the incident is resolved, but it is open or impact came back",
        why: "Customers rely on a fix that did not hold, and hear nothing while they are affected.",
        example: "Impact starts again at 15:40 after a `resolved` message at 15:20: send an update and add it to `[[messages]]`.",
        reads: &[MARKS, STATUS, MESSAGES],
        run: Run::Incident(resolved_outdated),
    },
    Check {
        code: "message-before-incident",
        level: Level::Warning,
        traits: &[],
        summary: "a message was sent before the incident started",
        why: "A message cannot precede its incident, so a date, time zone or mark is wrong.",
        example: "`sent_at = \"2025-01-14 14:40\"` is in the timeline's `tz`, not in the sender's time zone.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(before_incident),
    },
    Check {
        code: "first-notice-differs",
        level: Level::Warning,
        traits: &[],
        summary: "the mark `customer_notified` and the first message are more than a minute apart",
        why: "The report counts from the message, so its timeline shows a different time.",
        example: "Keep the correct one. Leave the mark out if the first message is recorded.",
        reads: &[MARKS, STATUS, DURATIONS, KIND, ZONE, MESSAGES],
        run: Run::Incident(first_notice_differs),
    },
    Check {
        code: "final-message-without-apology",
        level: Level::Warning,
        traits: &[],
        summary: "the final message to customers has no apology",
        why: "For many customers it is the only message they read.",
        example: "`We are sorry for the disruption this caused.`",
        reads: &[MARKS, KIND, MESSAGES],
        run: Run::Incident(|case, findings| {
            wording::final_message(case, findings, wording::Wanted::Apology);
        }),
    },
    Check {
        code: "final-message-without-contact",
        level: Level::Warning,
        traits: &[],
        summary: "the final message to customers has no contact details",
        why: "Customers who still see a problem have nobody to ask.",
        example: "`If you still see problems, contact support@example.com.`",
        reads: &[MARKS, KIND, MESSAGES],
        run: Run::Incident(|case, findings| {
            wording::final_message(case, findings, wording::Wanted::Contact);
        }),
    },
    Check {
        code: "outage-overstated",
        level: Level::Warning,
        traits: &[],
        summary: "a message says `outage` although the impact was partial",
        why: "It alarms customers who were not affected and contradicts the report.",
        example: "`slow responses for some users` instead of `outage` for `level = \"moderate\"`.",
        reads: &[&["incident.impact.level", "incident.messages[].audience"]],
        run: Run::Incident(wording::overstated),
    },
    Check {
        code: "message-without-text",
        level: Level::Warning,
        traits: &[],
        summary: "a message has no subject, text or URL",
        why: "The report says that customers were notified, but nobody can see what they read.",
        example: "Copy the text that was sent into `body`, or set its `url`.",
        reads: &[&[
            "incident.messages[].subject",
            "incident.messages[].body",
            "incident.messages[].url",
        ]],
        run: Run::Incident(without_text),
    },
    Check {
        code: "message-without-time",
        level: Level::Warning,
        traits: &[],
        summary: "a message has no time although the incident has ended",
        why: "It counts neither for the time to notify customers nor for the order of messages.",
        example: "`sent_at = \"2025-01-14 14:40\"` or `event = \"status-1\"`. Remove the message if it was never sent.",
        reads: &[
            MARKS,
            STATUS,
            &["incident.messages[].sent_at", "incident.messages[].event"],
        ],
        run: Run::Incident(without_time),
    },
    Check {
        code: "message-variable-left",
        level: Level::Warning,
        traits: &[],
        summary: "a message contains an unfilled template variable",
        why: "Customers would read `{{ service }}`, or already have.",
        example: "Fill in `{{ service }}`, `{name}`, `[time]` and `HH:MM` before you send the message.",
        reads: &[],
        run: Run::Incident(variable::unfilled),
    },
    Check {
        code: "customer-name-in-external-text",
        level: Level::Warning,
        traits: &[],
        summary: "an external text names a customer",
        why: "Every customer reads it, and who else was affected is not theirs to know.",
        example: "`some customers in the north` instead of `Nordhafen Kiosk and others`",
        reads: EVERYTHING,
        run: Run::Incident(|case, findings| {
            external_text::sensitive_terms(case, findings, external_text::TermKind::Customers);
        }),
    },
    Check {
        code: "internal-detail-in-external-text",
        level: Level::Warning,
        traits: &[],
        summary: "an external text contains an internal detail",
        why: "Internal names, hosts and channels mean nothing to customers and can help an attacker.",
        example: "`our database` instead of `db-3.prod.internal`; `our engineers` instead of a name.",
        reads: EVERYTHING,
        run: Run::Incident(|case, findings| {
            external_text::sensitive_terms(case, findings, external_text::TermKind::Others);
        }),
    },
    Check {
        code: "local-link-in-external-text",
        level: Level::Warning,
        traits: &[],
        summary: "an external text links to a file of the archive",
        why: "External sites have no files of the archive, so external readers see only the words of the link.",
        example: "In `[public]`, link to `https://status.example.com/…`, not to `../pictures/queue.png`.",
        reads: &[
            MESSAGES,
            &[
                "incident.classification",
                "incident.public",
                "timeline.visibility",
            ],
            &["timeline.events.body", "timeline.events.visibility"],
        ],
        run: Run::Incident(external_text::local_links),
    },
    Check {
        code: "message-without-approver",
        level: Level::Warning,
        traits: &[],
        summary: "a message has no approver although the severity requires one",
        why: "If this severity requires an approver for the report, customer messages should be approved too.",
        example: "`approved_by = \"Maria Garcia\"`",
        reads: &[SEVERITY, &["incident.messages"]],
        run: Run::Incident(without_approver),
    },
];

/// A message that was sent to customers or the public.
struct Sent<'a> {
    index: usize,
    message: &'a Message,
    at: Moment,
}

fn is_external(message: &Message) -> bool {
    message.audience().is_external()
}

/// Returns the subjects and bodies of all messages, each with its message and the index of that.
fn message_texts<'c>(case: &'c Case) -> impl Iterator<Item = (usize, &'c Message, &'c Text<'c>)> {
    let messages = &case.record.incident.messages;
    let texts = case.texts().iter();
    texts.filter_map(|text| {
        let index = text.message()?;
        Some((index, messages.get(index)?, text))
    })
}

fn moment(case: &Case, message: &Message) -> Option<Moment> {
    case.record
        .when(message.sent_at.as_ref(), message.event.as_ref())
}

/// Returns the external messages with a known time of day, in the order of sending.
fn sent<'a>(case: &'a Case) -> Vec<Sent<'a>> {
    let messages = case.record.incident.messages.iter().enumerate();
    let external = messages.filter(|(_, message)| is_external(message));
    let mut sent: Vec<Sent> = external
        .filter_map(|(index, message)| {
            Some(Sent {
                index,
                message,
                at: moment(case, message)?,
            })
        })
        .filter(|sent| !matches!(sent.at.precision, Precision::Day(_)))
        .collect();
    sent.sort_by_key(|sent| sent.at.order());
    sent
}

/// Returns the key path of a message.
fn message_path(index: usize) -> Path {
    Path::new().key("messages").index(index)
}

/// Returns the key path of a message's time.
fn message_time_path(message: &Message, index: usize) -> Path {
    message_path(index).key(if message.sent_at.is_some() {
        "sent_at"
    } else {
        "event"
    })
}

fn is_resolved(case: &Case) -> bool {
    case.facts.status >= Status::Resolved
}

fn without_text(case: &Case, findings: &mut Findings) {
    for (index, message) in case.record.incident.messages.iter().enumerate() {
        if message.subject.is_none() && message.body.is_none() && message.url.is_none() {
            let stage = message.stage.as_str();
            findings.add(
                Finding::new(format!("`{stage}` message has no text"))
                    .at(case.file(), message_path(index), "")
                    .help("copy the text that was sent into `body`, or set its `url`"),
            );
        }
    }
}

fn without_time(case: &Case, findings: &mut Findings) {
    if !is_resolved(case) {
        return;
    }
    for (index, message) in case.record.incident.messages.iter().enumerate() {
        let draft = message.stage == Stage::Postmortem;
        if message.sent_at.is_none() && message.event.is_none() && !draft {
            let stage = message.stage.as_str();
            findings.add(
                Finding::new(format!("`{stage}` message has no time"))
                    .at(case.file(), message_path(index), "")
                    .help("add `sent_at`, or `event` with the ID of an event; remove the message if it was never sent"),
            );
        }
    }
}

fn without_approver(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let sent_without = |message: &Message| {
        is_external(message)
            && message.approved_by.is_none()
            && (message.sent_at.is_some() || message.event.is_some())
    };
    let messages = incident
        .messages
        .iter()
        .enumerate()
        .filter(|(_, message)| sent_without(message));
    let missing: Vec<usize> = messages.map(|(index, _)| index).collect();
    let severity = case.record.severity(case.config);
    let Some(severity) = severity.filter(|_| !missing.is_empty()) else {
        return;
    };
    let severities = case.config.severities();
    let approved = severities
        .iter()
        .any(|known| known.key == severity && known.sign_off.contains(&SignatureRole::Approver));
    if approved {
        let which = match missing.len() {
            1 => "a message has".to_owned(),
            count => format!("{count} messages have"),
        };
        let message = format!("{which} no `approved_by`, but `{severity}` requires an approver");
        let finding = missing
            .iter()
            .take(5)
            .fold(Finding::new(message), |finding, index| {
                finding.at(case.file(), message_path(*index), "no `approved_by` here")
            });
        findings.add(finding.help("add `approved_by` with the name of the approver"));
    }
}
