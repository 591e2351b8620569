//! Writes changes of users' files, and describes what they did.

use camino::{Utf8Path, Utf8PathBuf};

use super::present;
use crate::archive::Record;
use crate::command::eprint_line;
use crate::config::Config;
use crate::edit::history::{Change as Kept, ChangedFile};
use crate::facts::Facts;

/// Writes the new texts of files as one change, and keeps it for `afterword undo`, which names it `what`.
///
/// # Errors
/// Returns an error if a file cannot be written; then all of them are as before.
pub fn write_texts<'t>(
    root: &Utf8Path,
    what: String,
    texts: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> anyhow::Result<()> {
    let files = texts.into_iter().map(|(path, text)| {
        let path = Utf8PathBuf::from(path);
        anyhow::Ok(ChangedFile {
            before: present(root, &path)?,
            after: Some(text.to_owned()),
            path,
        })
    });
    let mut files: Vec<ChangedFile> = files.collect::<Result<_, _>>()?;
    files.retain(|file| file.before != file.after);
    let id = String::new();
    write(root, &Kept { what, id, files })
}

/// Writes a change, and keeps it for `afterword undo`.
///
/// # Errors
/// Returns an error if a file cannot be written; then all of them are as before.
pub fn write(root: &Utf8Path, change: &Kept) -> anyhow::Result<()> {
    for file in &change.files {
        // What is written through a symbolic link would never be read.
        present(root, &file.path)?;
    }
    if change.files.is_empty() {
        return Ok(());
    }
    // It is kept first, so that it can also be taken back if the program is stopped before all files are written.
    let kept = change.keep(root);
    if let Err((path, error)) = change.write(root) {
        if kept.is_ok() {
            // Report the error of writing, not that of the cleanup.
            let _ = Kept::forget_last(root);
        }
        return Err(anyhow::Error::new(error).context(format!("cannot write `{path}`")));
    }
    if let Err(error) = kept {
        eprint_line(&format!("note: this change cannot be undone: {error}"));
    }
    Ok(())
}

/// A change that was written.
pub struct Written {
    /// The incident before.
    pub before: Record,
    /// The incident after.
    pub after: Record,
    /// The settings.
    pub config: Config,
}

impl Written {
    /// Describes what the change did to the status and to the durations, by name and value.
    pub fn effects(&self) -> Vec<(String, String)> {
        let (before, after) = (self.facts(&self.before), self.facts(&self.after));
        let mut lines = Vec::new();
        if before.status != after.status {
            lines.push((
                "status".to_owned(),
                format!("{} (was {})", after.status.as_str(), before.status.as_str()),
            ));
        }
        for fact in &after.response_metrics {
            let old = before
                .response_metrics
                .iter()
                .find(|old| old.key == fact.key);
            if let Some(length) = fact.length
                && old.is_none_or(|old| old.length != fact.length)
            {
                lines.push((fact.label.to_lowercase(), length.short()));
            }
        }
        lines
    }

    fn facts(&self, record: &Record) -> Facts {
        Facts::compute(record, &self.config)
    }
}
