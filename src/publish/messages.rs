//! The page from which an incident's messages are copied: drafts of the next ones, what was sent, and a copy for each
//! customer.

use super::customers::{self, CustomerMessage};
use super::incident::IncidentInput;
use super::{File, PublishError, made};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{self, MessageSummary};
use crate::incident::Customer;
use crate::moment::Calendar;
use crate::render::Renderer;
use crate::view::comms::{self, CommsView, CopiesView, CopyView, DraftMessageView};
use crate::view::draft::DraftView;
use crate::view::{ExternalReport, Relations, Word};

/// Renders the page; no file if the incident has none.
pub(super) fn files(
    renderer: &Renderer,
    input: &IncidentInput,
) -> Result<Vec<File<'static>>, PublishError> {
    let (record, config, facts) = (&*input.record, input.config, &input.facts);
    let sent = facts::messages(record, config);
    if !comms::has_page(facts.status, sent.len()) {
        return Ok(Vec::new());
    }
    let seen = record.seen_by(Audience::Customers, config);
    let drafts = drafts(renderer, input, &sent)?;
    let addressed = customers::addressed(record, &seen);
    let copies = copies(renderer, &seen, &addressed, config)?;
    let view = CommsView::new(
        record,
        facts,
        &sent,
        config,
        &input.context.relations,
        drafts,
        copies,
    );
    let path = format!("comms/{}", record.id);
    let rendered = renderer.page("messages", &path, view)?;
    Ok(vec![
        made(format!("{path}.html"), rendered.html),
        made(format!("{path}.md"), rendered.markdown),
    ])
}

/// Renders the drafts of each stage, for the channels that were used.
fn drafts<'s>(
    renderer: &Renderer,
    input: &IncidentInput,
    messages: &'s [MessageSummary],
) -> Result<Vec<DraftMessageView<'s>>, PublishError> {
    let (config, facts) = (input.config, &input.facts);
    // A message of this incident says nothing of others.
    let relations = Relations::default();
    let mut drafts = Vec::new();
    for stage in comms::stages_to_draft(&input.record, facts, messages) {
        let draft = |channel: &'s str| -> Result<Option<DraftMessageView<'s>>, PublishError> {
            let seen = (input.record).seen_by(comms::channel_audience(messages, channel), config);
            let sent = seen.for_external(&|_| false);
            let readers = Audience::Customers;
            let external = ExternalReport::new(&sent, facts, config, &relations, &seen.id, readers);
            let view = DraftView::new(&sent, facts, config, &external, stage, channel);
            Ok(renderer.draft(channel, &view)?.map(|text| {
                let (subject, body) = customers::parts(&text);
                DraftMessageView::new(input.record.incident.kind, stage, channel, subject, body)
            }))
        };
        let before = drafts.len();
        for channel in comms::used_channels(messages) {
            drafts.extend(draft(channel)?);
        }
        if drafts.len() == before {
            drafts.extend(draft(comms::DEFAULT_CHANNEL)?);
        }
    }
    Ok(drafts)
}

/// Renders the copies of the last message that was sent to customers or the public.
///
/// A customer that the message would tell of another one gets no copy.
fn copies<'r>(
    renderer: &Renderer,
    record: &Record,
    addressed: &'r [Customer],
    config: &Config,
) -> Result<Option<CopiesView<'r>>, PublishError> {
    let messages = record.incident.messages.iter();
    let texts = messages.filter_map(|message| {
        let sent = record.when(message.sent_at.as_ref(), message.event.as_ref())?;
        let body = message.body.as_deref()?;
        let is_external = message.audience().is_external();
        is_external.then_some((sent, message, body))
    });
    let Some((sent, message, body)) = texts.max_by_key(|(sent, ..)| sent.order()) else {
        return Ok(None);
    };
    let to_all = CustomerMessage {
        subject: message.subject.as_deref(),
        body,
        sent: Some(sent),
        from: None,
    };
    let named = customers::Named::find(record, &to_all);
    let mut list = Vec::new();
    for customer in addressed.iter().take(CopiesView::MOST) {
        if named.other_than(&customer.name).is_some() {
            continue;
        }
        let text = customers::render_to(renderer, customer, &to_all)?;
        let (subject, body) = customers::parts(&text);
        list.push(CopyView {
            customer: &customer.name,
            filter: customer.name.to_lowercase(),
            subject: subject.map(str::to_owned),
            body: body.trim_end().to_owned(),
        });
    }
    let calendar = Calendar::new(record.zone(config));
    let all = addressed.len();
    let stage = Word::from(crate::view::label::stage(
        record.incident.kind,
        message.stage,
    ));
    let view = CopiesView::new(stage, Some(sent), &calendar, all, list);
    Ok((!view.list.is_empty()).then_some(view))
}
