//! Proposes the commands that lead out of a merge conflict in a file of an incident.

use camino::Utf8Path;

use super::files::Files;
use crate::diagnostic::Diagnostic;
use crate::source::{CONFLICT, Limits, Source, Syntax, Value, sides};

/// Adds to each conflict of a file that `afterword fold` joins its sides.
pub(super) fn propose_fold(
    files: Files,
    path: &Utf8Path,
    id: &str,
    limits: &Limits,
    found: &mut [Diagnostic],
) {
    let conflicts = found.iter_mut().filter(|found| found.code == CONFLICT);
    let mut conflicts = conflicts.peekable();
    if conflicts.peek().is_none() {
        return;
    }
    let bytes = files.read(path, limits.file_bytes as u64);
    let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
    let Some([first, second]) = sides(&text) else {
        return;
    };
    let fold = format!("run `afterword fold {id}`");
    let help = if path.extension() == Some("toml") && title(&first) != title(&second) {
        format!(
            "if these are two incidents with one ID, undo the merge (`git merge --abort` or `git rebase --abort`) and give yours another ID with `afterword rename {id}`; if they are one, {fold}"
        )
    } else {
        format!("to join both sides, {fold}")
    };
    for (index, conflict) in conflicts.enumerate() {
        let by_hand = conflict.help.take().unwrap_or_default();
        // One command is for all conflicts of a file.
        conflict.help = Some(match index {
            0 => format!("{help}; otherwise {by_hand}"),
            _ => "as for the first conflict of this file".to_owned(),
        });
    }
}

/// Returns the title in the text of an incident's file.
#[must_use]
pub fn title(text: &str) -> Option<String> {
    let source = Source::new("", text);
    let (tree, _) = Syntax::Toml.tree(source.text());
    match &tree.get("title")?.value {
        Value::String(title) => Some(title.trim().to_owned()),
        _ => None,
    }
}
