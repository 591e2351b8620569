//! Writes the targets of Markdown links.

use super::edit::Rewriter;
use super::scan::{Reading, Scan};
use crate::dialect;
use crate::view::{LinkPlace, LinkedFiles};
use std::borrow::Cow;
use std::cell::RefCell;

thread_local! {
    /// The files of the archive to which the values of the current report may link; `None` elsewhere.
    ///
    /// The template engine passes values one by one and renders a report on one thread.
    static FILES: RefCell<Option<LinkedFiles>> = const { RefCell::new(None) };
}

/// Renders values whose links to files of the archive lead to those that the site publishes.
pub fn with_files<T>(files: &LinkedFiles, render: impl FnOnce() -> T) -> T {
    let before = FILES.replace(Some(files.clone()));
    let rendered = render();
    FILES.set(before);
    rendered
}

/// Returns the target of a link as it must be written: another one for a published file, `None` for one that is not.
pub(super) fn published(target: &str) -> Option<Cow<'_, str>> {
    FILES.with_borrow(|files| {
        let path = dialect::file_path(target);
        let (Some(files), Some(path)) = (files, path) else {
            return Some(Cow::Borrowed(target));
        };
        // A value is reviewed again after its targets have been replaced.
        if files.has_url(&path) {
            return Some(Cow::Borrowed(target));
        }
        match files.place(target) {
            LinkPlace::Published(url) => {
                let end = target.find(['?', '#']).and_then(|at| target.get(at..));
                Some(Cow::Owned([url, end.unwrap_or_default()].concat()))
            }
            LinkPlace::Withheld => None,
            LinkPlace::Elsewhere => Some(Cow::Borrowed(target)),
        }
    })
}

/// Returns `target` as the destination of a link, between `(` and `)`.
pub fn destination(target: &str) -> Cow<'_, str> {
    let has_pairs = has_pairs(target);
    let scan = Scan::new(target, 0, Reading::Typed);
    let mut out = Rewriter::new(target);
    for (at, byte) in target.bytes().enumerate() {
        let is_markup = match byte {
            0..=b' ' | 0x7F => {
                out.replace(at..at + 1, &format!("%{byte:02X}"));
                false
            }
            b'(' | b')' => !has_pairs,
            // Code and tags are read before links.
            b'`' => true,
            b'<' => at == 0 || scan.starts_tag(at + 1),
            b'&' => scan.starts_entity(at + 1),
            b'\\' => {
                let next = target.as_bytes().get(at + 1);
                next.is_none_or(u8::is_ascii_punctuation)
            }
            _ => false,
        };
        if is_markup {
            out.backslash(at);
        }
    }
    out.finish()
}

/// Returns `true` if every parser can pair the parentheses of a target.
fn has_pairs(target: &str) -> bool {
    // Parsers need not pair more than three levels.
    let open = target.bytes().try_fold(0_usize, |open, byte| match byte {
        b'(' => Some(open + 1).filter(|open| *open <= 3),
        b')' => open.checked_sub(1),
        _ => Some(open),
    });
    open == Some(0)
}

/// Returns the end of a link, from the bracket that closes its text.
pub(super) fn tail(target: &str, title: &str) -> String {
    // The link may be in a table, where a bar would end the cell.
    let mut tail = format!("]({}", destination(target).replace('|', "\\|"));
    if !title.is_empty() {
        tail.push_str(" \"");
        for c in title.chars() {
            match c {
                '"' | '\\' | '&' | '|' | '<' => tail.extend(['\\', c]),
                '\n' | '\r' => tail.push(' '),
                _ => tail.push(c),
            }
        }
        tail.push('"');
    }
    tail.push(')');
    tail
}
