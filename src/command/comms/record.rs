//! `afterword comms --record`: stores a message as it was sent.

use std::process::Command;

use anyhow::{Context, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::TimeDelta;

use super::super::change::Change;
use super::super::clock::{Typed, exactly};
use super::super::spoken;
use super::super::terminal::remark;
use super::super::typed::{self, placeholder};
use super::super::vocabulary::{self, New};
use super::super::{AudienceArg, Outcome, eprint_line};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::edit;
use crate::facts::{Promise, is_same_promise, promise};
use crate::incident::{Message, Stage};
use crate::kind::{Block, Line, When};
use crate::moment::{Moment, TimeDefaults, Zone};
use crate::publish::customers;
use crate::source::Path;
use crate::token;
use crate::view::label;

/// The options of `comms --record`.
#[derive(Debug, clap::Args)]
pub struct RecordArguments {
    /// Record the message as sent: the draft, or the text of `--file` or `--edit`.
    #[arg(long, conflicts_with_all = ["customer", "out", "next"])]
    pub record: bool,

    /// Text of the message, with a first line `Subject: …` if it has one; `-` reads standard input.
    #[arg(
        long,
        value_name = "FILE",
        requires = "record",
        conflicts_with = "edit"
    )]
    file: Option<Utf8PathBuf>,

    /// Edit the draft in `$VISUAL` or `$EDITOR` first.
    #[arg(long, requires = "record")]
    edit: bool,

    /// Time at which it was sent, as for `log` [default: now].
    #[arg(
        long,
        value_name = "TIME",
        requires = "record",
        allow_hyphen_values = true
    )]
    at: Option<String>,

    /// Time by which it promises the next update, such as `14:30`, `tomorrow 9:00` or `30m` [default: as its text says].
    #[arg(long, value_name = "TIME", requires = "record")]
    next_at: Option<String>,

    /// Person who approved it.
    #[arg(long, value_name = "NAME", requires = "record")]
    approved_by: Option<String>,

    #[command(flatten)]
    new: New,

    /// Audience that it was sent to [default: `customers`].
    #[arg(long, value_enum, requires = "record")]
    audience: Option<AudienceArg>,
}

impl RecordArguments {
    /// Returns `true` if the text is given, so that no draft is needed.
    pub fn has_text(&self) -> bool {
        self.file.is_some()
    }

    /// Returns the channel that was given in its known spelling, or why it is refused if it is almost a known one.
    ///
    /// # Errors
    /// Returns an error if the clock is not valid.
    pub fn channel(&self, root: &Utf8Path, given: &str) -> anyhow::Result<Result<String, String>> {
        let known = vocabulary::channels(root)?;
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        Ok(self.new.value("channel", given, &known))
    }
}

/// A message to record: its stage, its channel, and the draft of its text.
pub struct Sent {
    /// The stage.
    pub stage: Stage,
    /// The channel.
    pub channel: String,
    /// The draft.
    pub draft: String,
}

/// Records a message.
///
/// # Errors
/// Returns an error if a file cannot be read or written, or the editor fails.
pub fn run(
    root: &Utf8Path,
    id: &str,
    arguments: &RecordArguments,
    sent: &Sent,
) -> anyhow::Result<Outcome> {
    let text = match &arguments.file {
        Some(path) => typed::file(path, &Config::default())?.text().to_owned(),
        None if arguments.edit => return edit_and_store(root, id, arguments, sent),
        None => sent.draft.clone(),
    };
    store(root, id, arguments, sent, &text)
}

/// Records a draft after the user has edited it; a text that is not recorded is kept.
fn edit_and_store(
    root: &Utf8Path,
    id: &str,
    arguments: &RecordArguments,
    sent: &Sent,
) -> anyhow::Result<Outcome> {
    let editor = editor()?;
    let path =
        edit::draft(root, id, &sent.draft).context("cannot write the draft for the editor")?;
    let stored = edited(&editor, &path).and_then(|text| store(root, id, arguments, sent, &text));
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let is_changed = !written.trim().is_empty() && written != sent.draft;
    if !matches!(stored, Ok(Outcome::Done)) && is_changed {
        eprint_line(&format!(
            "your text is kept in `{path}`; record it with `--file` instead of `--edit`"
        ));
    } else {
        // The text is recorded in the incident, or is the draft; the copy is of no use.
        let _ = std::fs::remove_file(&path);
    }
    stored
}

/// Stores a message as it was sent.
fn store(
    root: &Utf8Path,
    id: &str,
    arguments: &RecordArguments,
    sent: &Sent,
    text: &str,
) -> anyhow::Result<Outcome> {
    let problem = |message: String| {
        eprint_line(&format!("error: {message}"));
        eprint_line("nothing written");
        Ok(Outcome::Problems)
    };
    let text = text.replace("\r\n", "\n");
    if text.trim().is_empty() {
        return problem("the message is empty".to_owned());
    }
    if let Some(first) = placeholder(&text) {
        return problem(format!(
            "the message has the placeholder `{first}`; send it without, and record that text with `--file` or `--edit`"
        ));
    }
    let (subject, body) = customers::parts(&text);
    let Some(mut change) = Change::begin(root, id)? else {
        return Ok(Outcome::Problems);
    };
    let at = match &arguments.at {
        Some(typed) => change.reading().moment(typed)?,
        None => exactly(change.now()),
    };
    let shown = change.record().zone(change.config());
    let stated = promise(body, at, shown, &change.config().words);
    let next_at = arguments.next_at.as_deref();
    let next_at = next_at.map(|typed| promised_at(typed, &at, change.zone()));
    let next_at = match next_at.transpose() {
        Ok(next_at) => next_at,
        Err(reason) => return problem(reason),
    };
    if let (Some(Promise::At(stated)), Some(next_at)) = (stated, next_at)
        && !is_same_promise(&stated, &next_at, shown)
    {
        return problem(format!(
            "the text promises the next update by {}, and `--next-at` says {}; correct the one that is wrong",
            stated.in_full(shown),
            next_at.in_full(shown)
        ));
    }
    let line = |text: &str, what: &str| match Line::new(text.trim()) {
        Ok(line) => Ok(line),
        Err(reason) => bail!("invalid {what}: {reason}"),
    };
    let body = match Block::new(body.trim_end()) {
        Ok(body) => body,
        Err(reason) => return problem(format!("the message cannot be stored: {reason}")),
    };
    let audience = arguments.audience.map(Audience::from);
    let message = Message {
        audience: audience.filter(|audience| *audience != Audience::Customers),
        channel: Some(line(&sent.channel, "channel")?),
        sent_at: Some(When::Written(at.written(change.zone()))),
        next_update_at: next_at.map(|at| When::Written(at.written(change.zone()))),
        subject: subject
            .map(|subject| line(subject, "subject"))
            .transpose()?,
        body: Some(body),
        approved_by: arguments
            .approved_by
            .as_deref()
            .map(|name| typed::name(name, "name"))
            .transpose()?,
        ..Message::new(sent.stage)
    };
    if is_recorded(change.record(), &message, &at) {
        return problem(
            "this message is recorded already, with the same time, channel and audience".to_owned(),
        );
    }
    change.edit(|toml| toml.append(&Path::new().key("messages"), &message))?;
    if change.write("comms --record")?.is_none() {
        return Ok(Outcome::Problems);
    }
    let approved = arguments.approved_by.as_deref();
    let approved = approved.map(|name| format!(", approved by {name}"));
    let due = match (stated, next_at) {
        (Some(Promise::At(stated)), _) => Some(stated),
        (_, next_at) => next_at,
    };
    let due = due.map(|due| format!("; next update due {}", due.in_full(shown)));
    remark(&format!(
        "{id}: recorded the `{}` message {} of {}{}{}",
        sent.stage.as_str(),
        label::via(&sent.channel),
        at.in_full(shown),
        approved.unwrap_or_default(),
        due.unwrap_or_default()
    ));
    if let (Some(Promise::Unread(unread)), None) = (stated, next_at)
        && sent.stage < Stage::Resolved
    {
        remark(&format!(
            "note: {}; set `next_update_at` of the message, or use `afterword undo` and record it with `--next-at TIME`",
            not_understood(unread)
        ));
    }
    Ok(Outcome::Done)
}

/// Returns `true` if a message was recorded before: the same text to the same audience, by the same channel at the same time.
fn is_recorded(record: &Record, message: &Message, at: &Moment) -> bool {
    let mut known = record.incident.messages.iter();
    known.any(|known| {
        let sent = record.when(known.sent_at.as_ref(), known.event.as_ref());
        known.body == message.body
            && known.channel == message.channel
            && known.audience() == message.audience()
            && sent.is_some_and(|sent| sent.is_same(at))
    })
}

/// Reads a time after a message was sent: a duration, or the first such time of day.
fn promised_at(typed: &str, sent: &Moment, zone: Zone) -> Result<Moment, String> {
    let invalid = || {
        format!(
            "invalid `--next-at {typed}`; write `14:30`, `tomorrow 9:00`, `2026-03-10 14:30` or `30m`"
        )
    };
    let length = token::seconds(typed.trim().trim_start_matches('+'));
    let length = length.and_then(TimeDelta::try_seconds);
    if let Some(at) = length.and_then(|length| sent.at.checked_add_signed(length)) {
        return Ok(Moment { at, ..*sent });
    }
    let parsed = Typed::parse(typed, zone, sent.at, spoken::Direction::Future);
    let Typed {
        written, zone: own, ..
    } = parsed.map_err(|_| invalid())?;
    let today = own.wall_clock(sent.at).date();
    let days = [Some(today), today.succ_opt()].into_iter().flatten();
    let defaults = |day| TimeDefaults {
        day: Some(day),
        zone: own,
    };
    let mut times = days.filter_map(|day| defaults(day).resolve(&written).ok());
    times
        .find(|at| at.order() > sent.order())
        .ok_or_else(|| format!("`--next-at {typed}` is not after the message was sent"))
}

/// Describes a promise whose time is not known.
pub fn not_understood(line: &str) -> String {
    format!("the time of the next update is not understood: `{line}`")
}

/// Returns the command of the user's editor.
fn editor() -> anyhow::Result<String> {
    let variable = |name: &str| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.trim().is_empty())
    };
    variable("VISUAL")
        .or_else(|| variable("EDITOR"))
        .context("neither `VISUAL` nor `EDITOR` is set; set one, or give the text with `--file`")
}

/// Returns the text of a file after the user has edited it.
fn edited(editor: &str, path: &Utf8Path) -> anyhow::Result<String> {
    // As for git, the variable may hold options and quotes, which the shell understands.
    let status = if cfg!(unix) {
        let line = format!("{editor} \"$@\"");
        Command::new("sh")
            .args(["-c", &line, editor])
            .arg(path)
            .status()
    } else {
        let mut words = editor.split_whitespace();
        let program = words.next().unwrap_or_default();
        Command::new(program).args(words).arg(path).status()
    };
    let status = status.with_context(|| format!("cannot run the editor `{editor}`"))?;
    if !status.success() {
        bail!("the editor `{editor}` failed; nothing written");
    }
    std::fs::read_to_string(path).context("cannot read the edited message")
}
