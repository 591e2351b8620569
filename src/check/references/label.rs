//! Checks the labels of durations that the settings add.

use super::*;
use crate::facts::labelled::taken;

pub(super) fn duplicate_label(whole: &ArchiveCase, findings: &mut Findings) {
    for taken in taken(&whole.config.words.labels) {
        let (label, key) = (taken.label, taken.key);
        let other = match taken.other {
            Some(other) => format!("of `{other}`"),
            None => "of a count".to_owned(),
        };
        let path = Path::new().key("words").key("labels").key(key);
        let file = Utf8Path::new("afterword.toml");
        findings.add(
            Finding::new(format!("`{label}` is already a label {other}"))
                .at(file, path.index(taken.index), "")
                .help(format!("remove it from `{key}`, or use another label")),
        );
    }
}
