//! Archives in memory for the tests of the parts.

use camino::{Utf8Path, Utf8PathBuf};

use super::files::{Files, Unwritten};
use super::record::{LoadedRecord, record};
use super::rules::Rules;
use crate::config::Config;

/// Creates an archive of some texts by their paths.
pub fn archive(texts: &[(&str, &str)]) -> Unwritten {
    let text = |(path, text): &(&str, &str)| (Utf8PathBuf::from(path), Some((*text).to_owned()));
    texts.iter().map(text).collect()
}

/// Takes the files of such an archive.
pub fn files(archive: &Unwritten) -> Files<'_> {
    Files::with(Utf8Path::new("no-such-folder"), archive)
}

/// Loads the incident `INC-1` of an archive of some texts.
pub fn load(texts: &[(&str, &str)]) -> LoadedRecord {
    let archive = archive(texts);
    let rules = Rules::new(&Config::default());
    record(files(&archive), "incidents/INC-1.toml".into(), &rules)
}

/// Returns the codes of the problems of an incident.
pub fn codes(read: &LoadedRecord) -> Vec<&'static str> {
    let found = read.problems.diagnostics.iter();
    found.map(|found| found.code).collect()
}
