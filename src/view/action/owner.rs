//! The owners of action items, and the parts of a list by owner or by incident.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::view::slug::slugify;

/// The owner of action items that have none.
pub(super) const UNASSIGNED: &str = "Unassigned";

/// Returns the path of the page of an owner's action items, without its extension.
pub(super) fn owner_page(owner: &str) -> String {
    format!("actions/owners/{}", slugify(&owner.to_lowercase()))
}

/// The grouping of open action items.
#[derive(Clone, Copy)]
pub(super) enum GroupBy {
    Owner,
    Incident,
}

/// The sort key of a part: the owner or incident of its action items.
pub(super) type Key<'a> = (Option<String>, Reverse<&'a str>);

/// Returns the owners of an action item as text, or `None` if there are none.
pub(in super::super) fn joined<'a>(owners: &[&'a str]) -> Option<Cow<'a, str>> {
    match owners {
        [] => None,
        [owner] => Some(Cow::Borrowed(owner)),
        owners => Some(Cow::Owned(owners.join(", "))),
    }
}

/// Returns an owner's name without the differences that do not make another person: case and spaces.
#[must_use]
pub fn owner_key(owner: &str) -> String {
    let words: Vec<&str> = owner.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Returns the key of the part that lists an owner's action items.
pub(super) fn of_owner<'a>(owner: &str) -> Key<'a> {
    (Some(owner_key(owner)), Reverse(""))
}

impl GroupBy {
    /// Returns the parts that list an action item: those of its owners, each once, or that of its incident.
    pub(super) fn keys<'a>(self, owners: &[&str], incident: &'a str) -> Vec<Key<'a>> {
        match self {
            Self::Incident => vec![(None, Reverse(incident))],
            Self::Owner if owners.is_empty() => vec![(None, Reverse(""))],
            Self::Owner => {
                let mut keys: Vec<Key> = owners.iter().map(|owner| of_owner(owner)).collect();
                keys.sort();
                keys.dedup();
                keys
            }
        }
    }
}
