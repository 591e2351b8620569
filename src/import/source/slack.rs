//! Slack: workspace exports, day files, and answers of the API.
//!
//! A channel is mostly talk. By default, only messages that somebody pinned or reacted to, commands,
//! and messages that state a change of the incident are kept; the rest is counted.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::merge::{OTHER_CHANNEL, REPLACED};
use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::timeline::EventKind;

mod cue;
mod directory;
mod mrkdwn;
mod text;

use cue::{cue, reacted};
pub use directory::Directory;
use directory::name;
pub use mrkdwn::plain;
use text::said;

/// Slack.
pub const IMPORTER: Importer = Importer {
    name: "Slack",
    prefix: "slack",
    shape: "messages with `ts` such as `1736864627.000200`",
    recognizes: |item| is_message(item) || is_dump(item),
    read: |item, reading| {
        if is_dump(item) {
            dump(item, reading);
        } else {
            let channel = channel(item, reading);
            message(item, &channel, reading);
        }
    },
    ..PLAIN
};

/// Returns the note that some authors of messages that are kept have no name.
pub fn unnamed(importer: &Importer, drafts: &[Draft]) -> Option<String> {
    let is_id = |name: &str| {
        name.len() > 6
            && name.starts_with(['U', 'W'])
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let kept = drafts
        .iter()
        .filter(|draft| importer.prefix == IMPORTER.prefix && draft.left_out.is_none());
    let ids: BTreeSet<&str> = kept
        .filter_map(|draft| draft.actor.first())
        .map(String::as_str)
        .filter(|name| is_id(name))
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    (!ids.is_empty()).then(|| {
        format!(
            "no names for the Slack users `{}`; set them in `[import.people]`, or pass `users.json` of the export too",
            ids.join("`, `")
        )
    })
}

fn is_message(item: Item) -> bool {
    let is_ts = |ts: &str| {
        let is_digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        ts.split_once('.')
            .is_some_and(|(whole, part)| whole.len() >= 9 && is_digits(whole) && is_digits(part))
    };
    let says = ["text", "user", "bot_id", "attachments", "blocks", "subtype"];
    item.text("ts").is_some_and(is_ts)
        && item.text("type").is_none_or(|kind| kind == "message")
        && says.iter().any(|key| item.has_key(key))
}

/// Returns `true` for the file of a channel as slackdump writes it.
fn is_dump(item: Item) -> bool {
    (item.has_key("name") || item.has("channel_id")) && item.list("messages").any(is_message)
}

/// Reads the messages of a channel, each with the replies in its thread.
fn dump(item: Item, reading: &mut Reading) {
    let id = item.text("channel_id");
    let name = item.text("name").filter(|name| Some(*name) != id);
    let name = name.or_else(|| reading.directory.channel(id?));
    let id = id.or_else(|| reading.directory.channel_id(name?));
    let channel = Channel {
        name: name.map(str::to_owned),
        id: id.map(str::to_owned),
    };
    for found in item.list("messages") {
        let replies = found.list("slackdump_thread_replies");
        for found in [found]
            .into_iter()
            .chain(replies)
            .filter(|found| is_message(*found))
        {
            message(found, &channel, reading);
        }
    }
}

/// Messages that say nothing about the incident.
const CHATTER: &[&str] = &[
    "channel_archive",
    "channel_join",
    "channel_leave",
    "channel_name",
    "channel_purpose",
    "channel_unarchive",
    "bot_add",
    "bot_remove",
    "group_archive",
    "group_join",
    "group_leave",
    "group_name",
    "group_purpose",
    "huddle_thread",
    "reminder_add",
    "pinned_item",
    "unpinned_item",
];

fn message(item: Item, channel: &Channel, reading: &mut Reading) {
    let changed = item
        .get("message")
        .filter(|inner| item.is("subtype", "message_changed") && inner.has("ts"));
    let outer = item;
    let item = changed.unwrap_or(item);
    let ts = item.first(&["deleted_ts", "ts"]).unwrap_or_default();
    let subtype = item.text("subtype");
    let is_deleted = matches!(subtype, Some("tombstone" | "message_deleted"));
    // The API gives the time of an edit with the message, or as that of the event.
    let is_event = changed.is_some() || is_deleted;
    let version = reading.time(item, &["edited.ts"]);
    let version = version.or_else(|| reading.time(outer, &["ts"]).filter(|_| is_event));
    if is_deleted {
        reading.note(format!("Slack says that message `{ts}` was deleted"));
        let at = reading.time(item, &["deleted_ts", "ts"]);
        reading.add(at, Markup::Plain(String::new()), |at, text| {
            let mut draft = Draft::new(ts, at, EventKind::Note, text)
                .in_group(channel.group())
                .left_out_if(true, REPLACED);
            // No version is later than a deletion.
            draft.version = Some(DateTime::<Utc>::MAX_UTC);
            draft
        });
        return;
    }
    let (text, links) = plain(&said(item), reading.directory);
    let cue = cue(&text);
    let bot = item.first(&["bot_profile.name", "username"]);
    let is_bot = bot.is_some() || item.has("bot_id") || subtype == Some("bot_message");
    let is_chosen = item.has("pinned_info")
        || item.list("pinned_to").next().is_some()
        || item.list("reactions").next().is_some()
        || cue.is_relevant
        || subtype == Some("channel_topic");
    let left_out = match subtype {
        _ if !channel.is_wanted(&reading.settings.channels) => Some(OTHER_CHANNEL),
        Some(subtype) if CHATTER.contains(&subtype) || item.is_set("hidden") => {
            Some("joins, leaves and settings of the channel")
        }
        _ if is_chosen => None,
        _ if is_bot => Some("messages of bots that nobody reacted to"),
        _ => Some("messages that nobody pinned or reacted to"),
    };
    // A reaction says what a message is about, and not that it states a mark.
    let kind = reacted(item, reading).or(cue.kind);
    let user = item.text("user");
    let profile = item.get("user_profile").and_then(name);
    let known = user.map(|id| reading.directory.user(id));
    let shown = known
        .filter(|name| Some(*name) != user)
        .or(profile)
        .or(bot)
        .or(user)
        .or_else(|| item.text("bot_id"));
    let own = item.text("permalink").map(str::to_owned);
    let url = own.or_else(|| permalink(item, channel, reading));
    let at = reading.time(item, &["ts"]);
    reading.add(at, Markup::Plain(text), |at, text| {
        let mut draft = Draft::new(ts, at, kind.unwrap_or_default(), text)
            .by([shown, user])
            .at_url(url.as_deref())
            .in_group(channel.group())
            .written(version);
        draft.automated = is_bot;
        draft.left_out = left_out;
        draft.links = links;
        for file in item.list("files").chain(item.get("file")) {
            let title = file.first(&["title", "name"]).unwrap_or("file");
            let link = file.text("permalink");
            draft
                .links
                .extend(link.map(|url| (title.to_owned(), url.to_owned())));
        }
        cue.mark(draft)
    });
}

/// The channel of a message.
struct Channel {
    name: Option<String>,
    id: Option<String>,
}

impl Channel {
    /// Returns the channel as its members write it.
    fn group(&self) -> Option<String> {
        self.name.as_ref().map(|name| format!("#{name}"))
    }

    /// Returns `true` if the channel is one of those asked for, or unknown.
    fn is_wanted(&self, wanted: &[String]) -> bool {
        let mut names = [&self.name, &self.id].into_iter().flatten().peekable();
        let is_unknown = wanted.is_empty() || names.peek().is_none();
        is_unknown
            || names.any(|name| {
                let mut wanted = wanted.iter().map(|wanted| wanted.trim_start_matches('#'));
                wanted.any(|wanted| wanted == name)
            })
    }
}

/// Finds the channel: in the message, else by the folder of a day file.
fn channel(item: Item, reading: &Reading) -> Channel {
    let directory = reading.directory;
    let own = item.first(&["channel.id", "channel"]);
    if let Some(id) = own {
        let name = directory.channel(id).or_else(|| item.text("channel.name"));
        return Channel {
            name: name.map(str::to_owned),
            id: Some(id.to_owned()),
        };
    }
    let path = reading.path.strip_suffix(".gz").unwrap_or(reading.path);
    let mut parts = path.rsplit('/');
    let is_day = parts.next().is_some_and(|name| {
        name.strip_suffix(".json")
            .is_some_and(|day| crate::moment::parse_day(day).is_ok())
    });
    let folder = parts.next().filter(|_| is_day).map(str::to_owned);
    let id = folder
        .as_deref()
        .and_then(|name| directory.channel_id(name))
        .map(str::to_owned);
    Channel { name: folder, id }
}

/// Returns the URL of a message, if the settings name the workspace and the channel's ID is known.
fn permalink(item: Item, channel: &Channel, reading: &Reading) -> Option<String> {
    // People copy the whole address: `https://ferrowick.slack.com/`.
    let workspace = reading.settings.config.slack.workspace.as_deref()?;
    let workspace = workspace
        .trim_start_matches("https://")
        .trim_end_matches('/');
    let workspace = workspace.strip_suffix(".slack.com").unwrap_or(workspace);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if !workspace.chars().all(is_part) {
        return None;
    }
    let id = channel.id.as_deref()?;
    let ts = item.text("ts")?;
    let thread = item.text("thread_ts").filter(|thread| *thread != ts);
    let thread = thread
        .map(|thread| format!("?thread_ts={thread}&cid={id}"))
        .unwrap_or_default();
    Some(format!(
        "https://{workspace}.slack.com/archives/{id}/p{}{thread}",
        ts.replace('.', "")
    ))
}
