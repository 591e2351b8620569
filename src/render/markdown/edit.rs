//! Changes parts of a text, and copies nothing if there are none.

use std::borrow::Cow;
use std::ops::Range;

/// A part of a text and its replacement.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edit {
    start: usize,
    end: usize,
    with: Cow<'static, str>,
}

impl Edit {
    /// Returns the edit that inserts a backslash before the byte at `at`.
    pub(super) fn backslash(at: usize) -> Self {
        Self::replace(at..at, "\\")
    }

    /// Returns the edit that replaces `range`.
    pub(super) fn replace(range: Range<usize>, with: impl Into<Cow<'static, str>>) -> Self {
        Self {
            start: range.start,
            end: range.end,
            with: with.into(),
        }
    }

    /// Applies edits, in any order and with duplicates.
    ///
    /// Of two edits that overlap, the one that starts first is applied.
    pub(super) fn apply(source: &str, mut edits: Vec<Edit>) -> String {
        edits.sort();
        edits.dedup();
        let mut rewriter = Rewriter::new(source);
        for edit in &edits {
            rewriter.replace(edit.start..edit.end, &edit.with);
        }
        rewriter.finish().into_owned()
    }
}

/// Copies a text, from its first change on.
pub(super) struct Rewriter<'s> {
    source: &'s str,
    out: String,
    copied: usize,
}

impl<'s> Rewriter<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            out: String::new(),
            copied: 0,
        }
    }

    /// Inserts a backslash before the byte at `at`; changes must come in order.
    pub(super) fn backslash(&mut self, at: usize) {
        self.replace(at..at, "\\");
    }

    /// Replaces `range`; changes must come in order.
    pub(super) fn replace(&mut self, range: Range<usize>, with: &str) {
        let Some(kept) = self.source.get(self.copied..range.start) else {
            return;
        };
        if self.out.is_empty() {
            self.out.reserve(self.source.len() + 16);
        }
        self.out.push_str(kept);
        self.out.push_str(with);
        self.copied = range.end;
    }

    pub(super) fn finish(mut self) -> Cow<'s, str> {
        if self.copied == 0 && self.out.is_empty() {
            return Cow::Borrowed(self.source);
        }
        self.out
            .push_str(self.source.get(self.copied..).unwrap_or_default());
        Cow::Owned(self.out)
    }
}

/// Returns `value` with `\n` for each line break.
pub(super) fn unix(value: &str) -> Cow<'_, str> {
    if value.contains('\r') {
        Cow::Owned(value.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(value)
    }
}

/// Applies `next` to the result of an earlier step, and borrows if neither changes anything.
pub(super) fn then<'s>(
    value: Cow<'s, str>,
    next: impl for<'v> Fn(&'v str) -> Cow<'v, str>,
) -> Cow<'s, str> {
    match value {
        Cow::Borrowed(value) => next(value),
        Cow::Owned(value) => match next(&value) {
            Cow::Borrowed(same) if same.len() == value.len() => Cow::Owned(value),
            other => Cow::Owned(other.into_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_sorted_and_applied_once() {
        let edits = vec![
            Edit::replace(4..7, "x"),
            Edit::backslash(2),
            Edit::replace(5..6, "dropped"),
            Edit::backslash(2),
            Edit::backslash(4),
        ];
        assert_eq!(Edit::apply("0123456789", edits), "01\\23\\x789");
    }

    #[test]
    fn a_text_without_edits_is_borrowed() {
        assert!(matches!(
            Rewriter::new("same").finish(),
            Cow::Borrowed("same")
        ));
        let mut emptied = Rewriter::new("gone");
        emptied.replace(0..4, "");
        assert_eq!(emptied.finish(), "");
    }
}
