//! Finds the timelines of today that no incident uses: their incidents may be open on another branch, or were renamed.

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};

use crate::diagnostic::Diagnostic;
use crate::load;

/// Returns the timelines that name the current date and that no incident uses.
pub(super) fn timelines_of_today(
    root: &Utf8Path,
    found: &[Diagnostic],
    now: DateTime<Utc>,
) -> Vec<Utf8PathBuf> {
    let today = now.date_naive().to_string();
    let unused = found
        .iter()
        .filter(|found| found.code == load::TIMELINE_UNUSED);
    let unused = unused.filter_map(|found| Some(found.primary()?.file.clone()));
    let is_of_today = |path: &Utf8PathBuf| {
        let bytes = load::referred_file(root, path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(&today)
    };
    unused.filter(is_of_today).collect()
}
