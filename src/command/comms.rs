//! `afterword comms`: prints a customer message, as sent or as a draft, or writes one for each customer.

use anyhow::bail;
use camino::{Utf8Path, Utf8PathBuf};
use clap::builder::TypedValueParser;

use super::audit::{every_incident, is_clean};
use super::change::refused;
use super::clock::now;
use super::log::{one_of, value};
use super::terminal::remark;
use super::{Outcome, eprint_line, incident, print, refuse_unreadable, root};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::{Audit, Words};
use crate::config::Config;
use crate::facts::{self, Facts, counted};
use crate::incident::{Message, Stage, Status};
use crate::publish::customers::{self, CustomerMessage, Sender};
use crate::publish::write::{self, OutputSpec};
use crate::publish::{self, Site};
use crate::source;
use crate::view::draft::{CHANNELS, DraftView};
use crate::view::{ExternalReport, Relations, comms, label, message_text};

mod customer;
mod next;
mod record;
mod refused;

use customer::customer;

/// The arguments of `comms`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Incident, by its ID, the start or end of its ID, or its file, with `--record` by its ID in full [default: the only
    /// current incident].
    #[arg(value_name = "INCIDENT")]
    id: Option<String>,

    /// Incident, by its ID, the start or end of its ID, or its file, also with `--record`.
    #[arg(long, value_name = "INCIDENT", conflicts_with = "id")]
    incident: Option<String>,

    /// Message stage [default: the incident's status].
    #[arg(long, value_name = "STAGE", value_parser = one_of(Stage::KEYS).try_map(value::<Stage>))]
    stage: Option<Stage>,

    /// Draft a further update even if one was sent for this stage.
    #[arg(long)]
    draft: bool,

    /// Channel: `email`, `status`, `sms`, or a custom channel with its own template [default: the one used last].
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,

    /// Print this customer's copy, with their figures.
    #[arg(long, value_name = "NAME")]
    customer: Option<String>,

    /// Write one message per customer to DIR (.txt, .eml, and a CSV file for mail merge).
    #[arg(long, value_name = "DIR", conflicts_with = "customer")]
    out: Option<Utf8PathBuf>,

    /// Print when the next update is due, and draft it from the message before.
    #[arg(long, conflicts_with_all = ["customer", "out", "draft", "stage"])]
    next: bool,

    #[command(flatten)]
    record: record::RecordArguments,
}

impl Arguments {
    /// Finds the incident; one that is changed is named in full, or by `--incident`.
    fn incident(&self, root: &Utf8Path) -> anyhow::Result<Option<String>> {
        let (id, named) = (self.id.as_deref(), self.incident.as_deref());
        if self.record.record {
            incident::to_write(root, id, named)
        } else {
            incident::to_read(root, id.or(named))
        }
    }

    /// Returns the stage that was given, or that of the incident's status.
    fn stage(&self, facts: &Facts) -> Stage {
        match (self.stage, facts.status) {
            (Some(stage), _) => stage,
            (None, Status::Closed) => Stage::Resolved,
            (None, status) => status.into(),
        }
    }
}

/// Prints the message.
///
/// # Errors
/// Returns an error if the incident, customer or template is not found, or the output cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some(id) = arguments.incident(&root)? else {
        return Ok(Outcome::Problems);
    };
    let (mut loaded, errors) = incident::reported(&root, &id)?;
    // A message to one customer must not name a customer of any incident.
    let customers = if !errors && (arguments.customer.is_some() || arguments.out.is_some()) {
        match every_incident(&root, &mut loaded, Words::customers) {
            Ok(customers) => customers,
            Err(unreadable) => {
                refuse_unreadable(Audience::Customers, &unreadable);
                return Ok(Outcome::Problems);
            }
        }
    } else {
        Vec::new()
    };
    let config = &loaded.archive.config;
    let Some(record) = loaded
        .archive
        .records
        .iter()
        .find(|record| record.id == id)
        .filter(|_| !errors)
    else {
        return Ok(Outcome::Problems);
    };
    if incident::has_false_facts(&loaded, record)? {
        if arguments.record.record {
            eprint_line("nothing written");
        }
        return Ok(Outcome::Problems);
    }
    if record.audience() == Audience::Confidential {
        remark(&format!("note: `{id}` is confidential"));
    }
    let site = Site::new(&loaded.archive, &loaded.templates, Audience::Customers)?;
    if arguments.record.record {
        let sent = match to_record(&root, record, config, &site, arguments)? {
            Ok(sent) => sent,
            Err(reason) => return Ok(refused(reason)),
        };
        return record::run(&root, &id, &arguments.record, &sent);
    }
    if arguments.next {
        return print_next(record, config, &site, arguments);
    }
    let found = found(record, config, &site, arguments)?;
    if !is_fit(customers, record, config, &found.text) {
        return Ok(Outcome::Problems);
    }
    let (subject, body) = customers::parts(&found.text);
    let contact = config.organization.contact.as_deref();
    let message = CustomerMessage {
        subject,
        body,
        sent: found.sent,
        from: contact.and_then(Sender::parse),
    };
    // Printed after everything that can fail, so that an error is printed alone.
    let print_origin = || remark(&format!("{id}: {}", found.origin));
    if let Some(name) = &arguments.customer {
        let customers = customers::addressed(record, &record.seen_by(Audience::Customers, config));
        let customer = customer(record, &customers, name)?;
        let text = customers::render_message(site.renderer(), record, customer, &message)?;
        print_origin();
        print(&text)?;
    } else if let Some(out) = &arguments.out {
        let seen = record.seen_by(Audience::Customers, config);
        let messages = customers::render_all(site.renderer(), record, &seen, &message)?;
        let output = OutputSpec {
            out,
            // A folder holds the messages of one incident, never a site.
            audience: &format!("customers of {id}"),
            project: &root,
            inputs: &[],
        };
        let writer = write::open(&output)?;
        for (name, bytes) in &messages.files {
            writer.put(name, bytes)?;
        }
        writer.commit()?;
        print_origin();
        if let (Some(contact), None) = (contact, message.from) {
            remark(&format!(
                "the emails have no `From` header because `[organization] contact` is not an email address: `{contact}`"
            ));
        }
        for (customer, reason) in &messages.skipped {
            eprint_line(&format!("`{customer}`: {reason}"));
        }
        let files = counted(messages.files.len(), "file");
        remark(&format!("wrote {files} into `{out}`"));
    } else {
        print_origin();
        print(&found.text)?;
    }
    Ok(Outcome::Done)
}

/// Returns `true` if a message names no customer of other incidents.
///
/// The customers of its own incident are checked when the message is addressed to each of them.
fn is_fit(others: Vec<Words>, record: &Record, config: &Config, text: &str) -> bool {
    if others.is_empty() {
        return true;
    }
    let mut config = config.clone();
    let own = customers::customers(record).map(|customer| customer.name.clone());
    config.audit.allow.extend(own);
    let audit = Audit::new(&config, others, publish::own_texts());
    is_clean(&audit, Utf8Path::new("message"), text)
}

/// A message and its origin.
struct Found {
    text: String,
    origin: String,
    sent: Option<crate::moment::Moment>,
}

/// Returns the message as it was sent, else a draft from its template.
fn found(
    record: &Record,
    config: &Config,
    site: &Site,
    arguments: &Arguments,
) -> anyhow::Result<Found> {
    let facts = Facts::compute(record, config);
    let stage = arguments.stage(&facts);
    let record = &*record.seen_by(Audience::Customers, config);
    let sent = |message: &Message| record.when(message.sent_at.as_ref(), message.event.as_ref());
    let of_stage = record.incident.messages.iter().filter(|message| {
        let channel = arguments.channel.as_deref();
        !arguments.draft
            && message.stage == stage
            && message.audience().is_external()
            && channel.is_none_or(|channel| message.channel.as_deref() == Some(channel))
    });
    let (current, overtaken): (Vec<_>, Vec<_>) = of_stage
        .filter_map(|message| {
            Some((
                message.channel.as_deref(),
                sent(message),
                message_text(message)?,
            ))
        })
        .partition(|(_, at, _)| facts.is_current(stage, *at));
    let recorded = current
        .into_iter()
        // The email text, if there is one, is the one addressed to customers.
        .max_by_key(|(channel, at, _)| {
            let is_addressed = arguments.customer.is_some() || arguments.out.is_some();
            (
                is_addressed && *channel == Some("email"),
                at.map(|at| at.order()),
            )
        });
    if let Some((channel, at, text)) = recorded {
        let by = channel
            .map(|channel| format!(" {}", label::via(channel)))
            .unwrap_or_default();
        let origin = match at {
            Some(at) => format!(
                "`{}` message as sent{by} at {}",
                stage.as_str(),
                at.in_full(record.zone(config))
            ),
            None => format!(
                "`{}` message as recorded (send time not recorded)",
                stage.as_str()
            ),
        };
        return Ok(Found {
            text,
            origin,
            sent: at,
        });
    }
    refused::false_draft(record, &facts, arguments)?;
    let channel = arguments.channel.as_deref();
    let (channel, text) = draft(record, &facts, config, site, arguments, (stage, channel))?;
    let mut origin = format!(
        "`{}` draft for {} (not sent)",
        stage.as_str(),
        label::channel(&channel)
    );
    if let Some(from) = facts.reopened.filter(|_| !overtaken.is_empty()) {
        origin.push_str(&format!(
            "; the message sent before the incident was reopened at {} is out of date",
            from.in_full(record.zone(config))
        ));
    }
    Ok(Found {
        text,
        origin,
        sent: None,
    })
}

/// Prints when the next update is due, and its draft.
fn print_next(
    record: &Record,
    config: &Config,
    site: &Site,
    arguments: &Arguments,
) -> anyhow::Result<Outcome> {
    let facts = Facts::compute(record, config);
    let now_stage = arguments.stage(&facts);
    let template = |channel: Option<&str>| {
        let drafted = draft(
            record,
            &facts,
            config,
            site,
            arguments,
            (now_stage, channel),
        );
        drafted.ok().map(|(_, text)| text)
    };
    let next = next::next(record, &facts, config, now()?, template);
    let mut stage = Some(now_stage);
    if !facts.status.is_open() {
        // A message that was sent is not drafted again.
        let open = comms::stages_to_draft(record, &facts, &facts::messages(record, config));
        stage = stage
            .filter(|stage| open.contains(stage))
            .or(open.first().copied());
    }
    let text = match (next.draft, stage) {
        _ if refused::false_draft(record, &facts, arguments).is_err() => String::new(),
        (Some(text), _) => text,
        (None, None) => String::new(),
        (None, Some(stage)) => {
            let channel = arguments.channel.as_deref().or(next.channel.as_deref());
            draft(record, &facts, config, site, arguments, (stage, channel))?.1
        }
    };
    remark(&format!("{}: {}", record.id, next.due));
    print(&text)?;
    Ok(Outcome::Done)
}

/// Returns what `--record` stores: the stage, the channel, and the draft unless the text is given.
///
/// Returns why it stores nothing if the channel is almost a known one.
fn to_record(
    root: &Utf8Path,
    record: &Record,
    config: &Config,
    site: &Site,
    arguments: &Arguments,
) -> anyhow::Result<Result<record::Sent, String>> {
    let facts = Facts::compute(record, config);
    let stage = arguments.stage(&facts);
    let given = arguments.channel.as_deref();
    if arguments.record.has_text() {
        let sent = facts::messages(record, config);
        let used = comms::used_channels(&sent).first().copied();
        let channel = used.unwrap_or(comms::DEFAULT_CHANNEL).to_owned();
        let channel = match given {
            Some(given) => arguments.record.channel(root, given.trim())?,
            None => Ok(channel),
        };
        let draft = String::new();
        return Ok(channel.map(|channel| record::Sent {
            stage,
            channel,
            draft,
        }));
    }
    refused::false_draft(record, &facts, arguments)?;
    let (channel, draft) = draft(record, &facts, config, site, arguments, (stage, given))?;
    Ok(Ok(record::Sent {
        stage,
        channel,
        draft,
    }))
}

/// Renders a draft for the given channel, or for the one that was used last; returns the channel, too.
fn draft(
    record: &Record,
    facts: &Facts,
    config: &Config,
    site: &Site,
    arguments: &Arguments,
    (stage, channel): (Stage, Option<&str>),
) -> anyhow::Result<(String, String)> {
    let sent = facts::messages(record, config);
    let is_addressed = arguments.customer.is_some() || arguments.out.is_some();
    let channels = match channel {
        Some(channel) => vec![channel],
        // Customers' copies are emails.
        None if is_addressed => vec![comms::DEFAULT_CHANNEL],
        None => {
            let mut channels = comms::used_channels(&sent);
            channels.push(comms::DEFAULT_CHANNEL);
            channels
        }
    };
    for channel in &channels {
        let seen = record.seen_by(comms::channel_audience(&sent, channel), config);
        let seen = &seen.for_external(&|_| false);
        let relations = Relations::default();
        let readers = Audience::Customers;
        let external = ExternalReport::new(seen, facts, config, &relations, &seen.id, readers);
        let view = DraftView::new(seen, facts, config, &external, stage, channel);
        if let Some(text) = site.renderer().draft(channel, &view)? {
            return Ok(((*channel).to_owned(), text));
        }
    }
    let known = CHANNELS.iter().copied();
    let near = channel.and_then(|channel| source::did_you_mean(channel, known));
    let near = near.map(|near| format!("{near} "));
    bail!(
        "template `comms/{}.{}.txt` not found; {}built-in templates exist for the stages {} and the channels {}",
        stage.as_str(),
        channels.join(", "),
        near.unwrap_or_default(),
        Stage::KEYS.join(", "),
        CHANNELS.join(", ")
    )
}
