//! The audience whose copy of an incident is stored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::audience::Audience;

/// The audience that an incident was prepared for.
#[derive(Serialize, Deserialize)]
pub(super) struct Seen {
    pub audience: Audience,
    /// The audiences that parts of the incident are marked for.
    pub levels: BTreeSet<Audience>,
}

impl Seen {
    /// Returns `true` if another audience sees the same of the incident.
    pub fn is_same_for(&self, audience: Audience) -> bool {
        let mut levels = self.levels.iter();
        levels.all(|level| self.audience.may_read(*level) == audience.may_read(*level))
    }
}
