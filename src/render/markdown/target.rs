//! Writes the targets of Markdown links.

use super::edit::Rewriter;
use super::scan::{Reading, Scan};
use crate::archive::PictureSize;
use crate::view::LocalLinks;
use std::borrow::Cow;
use std::cell::RefCell;

thread_local! {
    /// The files of the site to which the values of the current page may link; `None` for a text without a page.
    ///
    /// The template engine passes values one by one and renders a page on one thread.
    static LINKS: RefCell<Option<LocalLinks>> = const { RefCell::new(None) };
}

/// Renders values whose local links lead to files of the site.
pub fn with_links<T>(links: &LocalLinks, render: impl FnOnce() -> T) -> T {
    let before = LINKS.replace(Some(links.clone()));
    let rendered = render();
    LINKS.set(before);
    rendered
}

/// Returns the target of a link as the page must write it, or `None` if it leads to nothing.
pub(super) fn published(target: &str) -> Option<Cow<'_, str>> {
    LINKS.with_borrow(|links| match links {
        Some(links) => links.href(target),
        None => Some(Cow::Borrowed(target)),
    })
}

/// Returns the size of the picture to which a published target leads, if it is known.
pub fn picture_size(target: &str) -> Option<PictureSize> {
    LINKS.with_borrow(|links| links.as_ref()?.picture_size(target))
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
