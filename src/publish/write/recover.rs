//! Reads what the last build left, and finishes with a build that was killed.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::manifest::{MANIFEST, Manifest, PENDING};
use super::path_state::{self, PathState};
use super::stage::{self, STAGE};
use super::{WriteError, output_dir::LOCK, output_spec};

/// Gives the files in `out` that builds made; call it with the lock held.
///
/// What a killed build may have put in place is added to the list on the disk
/// at once, so that this build may fail too and nothing is forgotten.
pub fn recover(out: &Utf8Path, audience: &str) -> Result<Manifest, WriteError> {
    let folder = out.join(STAGE);
    let listed = Manifest::read(&out.join(MANIFEST))?;
    let pending = match path_state::at(&folder)? {
        PathState::Nothing => None,
        PathState::Folder => Manifest::read(&folder.join(PENDING))?,
        PathState::Link => return Err(WriteError::Link { path: folder }),
        PathState::File { .. } | PathState::Other => {
            return Err(WriteError::NotOurs { path: folder });
        }
    };
    if let Some(other) = [&listed, &pending]
        .into_iter()
        .flatten()
        .find(|m| m.audience != audience)
    {
        return Err(WriteError::OtherAudience {
            out: out.to_owned(),
            held: other.audience.clone(),
            wanted: audience.to_owned(),
        });
    }
    match (listed, pending) {
        (Some(listed), None) => Ok(listed),
        (Some(mut listed), Some(pending)) => {
            listed.files.extend(pending.files);
            adopt(out, listed)
        }
        (None, Some(pending)) => adopt(out, pending),
        (None, None) if output_spec::is_empty_but_for(out, &[LOCK, STAGE])? => {
            Ok(Manifest::new(audience, BTreeSet::default()))
        }
        (None, None) => Err(WriteError::NotEmpty {
            out: out.to_owned(),
        }),
    }
}

/// Makes `list` the list on the disk, by way of the stage that the killed build left.
fn adopt(out: &Utf8Path, list: Manifest) -> Result<Manifest, WriteError> {
    let path = out.join(MANIFEST);
    list.bytes()
        .and_then(|bytes| stage::replace_durably(&out.join(STAGE), &path, &bytes))
        .map_err(WriteError::io("write", &path))?;
    Ok(list)
}
