//! Finds merge conflicts that were saved with their markers.
//!
//! Each conflict is reported once, with its two sides. The rest of the file is parsed as if
//! the first side had been kept, so that the markers cause no further errors.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::text::quoted;
use super::toml::lexer::{Kind, tokens};
use super::{CONFLICT, SourceError, Span, Syntax};

/// The minimum number of characters of a marker.
const MARKER: usize = 7;

/// The maximum number of conflicts that are reported per file.
const MOST: usize = 50;

/// Finds the first conflict with all of its markers, inside or outside a string.
pub fn first(text: &str) -> Option<SourceError> {
    // Searching for the first marker is cheap, and most files have none.
    if !text.contains("<<<<<<<") {
        return None;
    }
    let conflicts = conflicts(text);
    let complete = conflicts.iter().find(|found| found.middle.is_some())?;
    Some(complete.error(text, true))
}

/// Returns a text with the first and with the second side of its conflicts; `None` if it has none, or one without both.
pub fn sides(text: &str) -> Option<[String; 2]> {
    let conflicts = conflicts(text);
    let (mut first, mut second) = (String::new(), String::new());
    let mut from = 0;
    let after = |marker: Marker| {
        let line = text.get(marker.span.end..).and_then(|rest| rest.find('\n'));
        line.map_or(text.len(), |end| marker.span.end + end + 1)
    };
    for conflict in &conflicts {
        let middle = conflict.middle?;
        let both = text.get(from..conflict.start.span.start)?;
        let own_end = conflict.base.unwrap_or(middle).span.start;
        first.push_str(both);
        first.push_str(text.get(after(conflict.start)..own_end)?);
        second.push_str(both);
        second.push_str(text.get(after(middle)..conflict.end.span.start)?);
        from = after(conflict.end);
    }
    let rest = text.get(from..).filter(|_| !conflicts.is_empty())?;
    Some([first + rest, second + rest])
}

/// Returns `false` if a line of a side may be taken for a marker, or a marker for a line, so that the sides of the conflicts in a
/// text are uncertain.
pub fn has_certain_sides(text: &str) -> bool {
    let conflicts = conflicts(text);
    markers(text).all(|marker| {
        let around = conflicts.iter().find(|conflict| {
            (conflict.start.span.start..=conflict.end.span.start).contains(&marker.span.start)
        });
        match around {
            Some(conflict) => conflict.has(&marker) || conflict.start.length != marker.length,
            None => matches!(marker.sign, '=' | '|'),
        }
    })
}

/// Removes all but the first side of each conflict, without moving a byte, and reports each.
pub fn resolved(text: &str, syntax: Syntax) -> (Cow<'_, str>, Vec<SourceError>) {
    let signs = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
    let has = |sign: &&str| memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    if !signs.iter().any(has) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let conflicts = conflicts(text);
    let dropped = conflicts.iter().flat_map(Conflict::dropped);
    let mut kept = without(text, dropped);
    let strings = strings(&kept, syntax);
    let is_text = |at: usize| {
        let next = strings.partition_point(|string| string.start <= at);
        let string = next.checked_sub(1).and_then(|index| strings.get(index));
        string.is_some_and(|string| string.contains(&at))
    };
    let reported = conflicts.iter().filter_map(|conflict| {
        let in_string = is_text(conflict.start.span.start);
        let is_certain = conflict.middle.is_some() || !in_string;
        is_certain.then(|| conflict.error(text, in_string))
    });
    let mut found: Vec<SourceError> = reported.take(MOST).collect();
    let leftover: Vec<Span> = markers(&kept)
        .filter(|marker| !is_text(marker.span.start))
        .map(|marker| marker.span)
        .collect();
    let missing = MOST - found.len();
    found.extend(leftover.iter().take(missing).map(|span| {
        let marker = span.slice(text).get(..MARKER).unwrap_or_default();
        SourceError::new(
            CONFLICT,
            *span,
            format!("leftover merge conflict marker `{marker}`"),
        )
        .help("delete this line, and check that the lines around it belong to one side")
    }));
    kept = without(&kept, leftover.iter().map(|span| span.start..span.end));
    (Cow::Owned(kept), found)
}

/// A line that a version control system writes around the sides of a conflict.
#[derive(Clone, Copy)]
struct Marker<'a> {
    sign: char,
    length: usize,
    /// The branch or commit, as the system names it; may be empty.
    label: &'a str,
    /// The line without its end.
    span: Span,
}

/// Two versions of the same lines.
struct Conflict<'a> {
    start: Marker<'a>,
    /// The start of the common ancestor of both sides, in the style `diff3`.
    base: Option<Marker<'a>>,
    /// The line between the sides; `None` in the style of Jujutsu.
    middle: Option<Marker<'a>>,
    end: Marker<'a>,
}

fn markers(text: &str) -> impl Iterator<Item = Marker<'_>> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = next;
        next += line.len();
        let line = line.trim_end();
        let sign = line.chars().next().filter(|sign| "<|=>".contains(*sign))?;
        let label = line.trim_start_matches(sign);
        let length = line.len() - label.len();
        let may_follow = label.is_empty() || (label.starts_with(' ') && sign != '=');
        (length >= MARKER && may_follow).then(|| Marker {
            sign,
            length,
            label: label.trim(),
            span: Span::new(start, start + line.len()),
        })
    })
}

fn conflicts(text: &str) -> Vec<Conflict<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(Marker, Option<Marker>, Option<Marker>)> = None;
    for marker in markers(text) {
        // Inside the common ancestor, conflicts of an earlier merge have longer markers.
        let is_inner = |start: &Marker| start.length != marker.length;
        open = match (marker.sign, open) {
            (_, Some(open)) if is_inner(&open.0) => Some(open),
            ('<', _) => Some((marker, None, None)),
            ('|', Some((start, None, None))) => Some((start, Some(marker), None)),
            ('=', Some((start, base, None))) => Some((start, base, Some(marker))),
            ('>', Some((start, base, middle))) => {
                let end = marker;
                found.push(Conflict {
                    start,
                    base,
                    middle,
                    end,
                });
                None
            }
            (_, open) => open,
        };
    }
    found
}

impl Conflict<'_> {
    /// Returns `true` for one of the conflict's own markers.
    fn has(&self, marker: &Marker) -> bool {
        let own = [Some(self.start), self.base, self.middle, Some(self.end)];
        let mut own = own.into_iter().flatten();
        own.any(|own| own.span == marker.span)
    }

    /// Returns the ranges to remove so that only the first side remains.
    fn dropped(&self) -> Vec<Range<usize>> {
        let start = self.start.span;
        let all = start.start..self.end.span.end;
        match self.base.or(self.middle) {
            Some(after) => vec![start.start..start.end, after.span.start..self.end.span.end],
            None => Vec::from([all]),
        }
    }

    fn error(&self, text: &str, in_string: bool) -> SourceError {
        let (first, second) = (self.start.label, self.end.label);
        let message = match (first, second) {
            ("", _) | (_, "") => "unresolved merge conflict".to_owned(),
            _ => format!(
                "unresolved merge conflict between {} and {}",
                quoted(first),
                quoted(second)
            ),
        };
        let line = |at: usize| {
            1 + text
                .get(..at)
                .map_or(0, |before| before.matches('\n').count())
        };
        let side = |label: &str, otherwise: &str, from: Marker, to: Marker| {
            let name = if label.is_empty() {
                otherwise.to_owned()
            } else {
                quoted(label)
            };
            match (line(from.span.start) + 1, line(to.span.start) - 1) {
                (from, to) if from > to => format!("{name}: no lines"),
                (from, to) if from == to => format!("{name}: line {from}"),
                (from, to) => format!("{name}: lines {from} to {to}"),
            }
        };
        let help = "keep one side or combine them, and delete the marker lines";
        let help = if in_string {
            format!("{help}; to keep them as text, indent them")
        } else {
            help.to_owned()
        };
        let error = SourceError::new(CONFLICT, self.start.span, message).help(help);
        match (self.middle, self.base) {
            (Some(middle), base) => {
                let end = base.unwrap_or(middle);
                error
                    .label(side(first, "the first side", self.start, end))
                    .related(
                        middle.span,
                        side(second, "the second side", middle, self.end),
                    )
            }
            (None, _) => error.related(self.end.span, "it ends here"),
        }
    }
}

/// Overwrites some ranges of a text with spaces, except for line ends.
fn without(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        for byte in bytes.get_mut(range).into_iter().flatten() {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Finds multi-line strings, in which a marker may be part of the text.
fn strings(text: &str, syntax: Syntax) -> Vec<Range<usize>> {
    if syntax == Syntax::Json {
        return Vec::new();
    }
    let is_long = |kind, span: Span| {
        matches!(kind, Kind::Text | Kind::OpenText) && span.slice(text).contains('\n')
    };
    tokens(text)
        .filter(|token| is_long(token.kind, token.span))
        .map(|token| token.span.start..token.span.end)
        .collect()
}

#[cfg(test)]
mod tests;
