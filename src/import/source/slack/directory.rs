//! The people and channels of a workspace.

use std::collections::{BTreeMap, BTreeSet};

use crate::import::source::Item;
use crate::kind::{Pairs, PersonName};

/// The people and channels of a workspace, and the files that list them.
#[derive(Debug, Default)]
pub struct Directory {
    /// The names of users, by ID.
    pub(super) users: BTreeMap<String, String>,
    /// The names of channels, by ID.
    pub(super) channels: BTreeMap<String, String>,
    /// The paths of the files that hold no messages.
    files: BTreeSet<String>,
}

impl Directory {
    /// Creates a directory of the people that the settings name.
    pub fn new(people: &Pairs<PersonName>) -> Self {
        let people = people.0.iter();
        Self {
            users: people
                .map(|(id, name)| (id.trim_start_matches('@').to_owned(), name.to_string()))
                .collect(),
            ..Self::default()
        }
    }

    /// Reads the users and channels of a file that lists them.
    pub fn learn(&mut self, path: &str, value: Item) {
        let mut known = false;
        let lists = ["members", "users", "channels", "messages"]
            .iter()
            .flat_map(|key| value.list(key));
        for item in value.elements().chain(lists) {
            let Some(id) = item.text("id") else {
                let profile = item.get("user_profile").and_then(name);
                if let Some((user, name)) = item.text("user").zip(profile) {
                    self.name(user, name);
                }
                continue;
            };
            let is_named = item.has("name") || item.has("real_name");
            if id.starts_with(['U', 'W', 'B'])
                && is_named
                && (item.has("profile") || item.has_key("is_bot"))
            {
                let name = item.get("profile").and_then(name).or_else(|| name(item));
                self.name(id, name.unwrap_or(id));
                known = true;
            } else if id.starts_with(['C', 'G', 'D'])
                && item.has("created")
                && (item.has("members") || item.has("creator"))
            {
                let name = item.text("name").unwrap_or(id);
                self.channels.insert(id.to_owned(), name.to_owned());
                known = true;
            }
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        if known
            || matches!(
                name,
                "integration_logs.json" | "canvases.json" | "huddle_transcripts.json"
            )
        {
            self.files.insert(path.to_owned());
        }
    }

    /// Records the name of a user, unless it is known.
    fn name(&mut self, id: &str, name: &str) {
        self.users
            .entry(id.to_owned())
            .or_insert_with(|| name.to_owned());
    }

    /// Returns `true` for a file of the workspace that holds no messages.
    pub fn is_known(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Returns the name of a user.
    pub fn user<'a>(&'a self, id: &'a str) -> &'a str {
        self.users.get(id).map_or(id, String::as_str)
    }

    /// Returns the name of a channel.
    pub(super) fn channel(&self, id: &str) -> Option<&str> {
        self.channels.get(id).map(String::as_str)
    }

    /// Returns the ID of a channel.
    pub(super) fn channel_id(&self, name: &str) -> Option<&str> {
        self.channels
            .iter()
            .find(|(_, other)| *other == name)
            .map(|(id, _)| id.as_str())
    }
}

/// Returns the name that people see, of a user or of a profile.
pub(super) fn name(item: Item<'_>) -> Option<&str> {
    item.first(&["display_name", "real_name", "name"])
}
