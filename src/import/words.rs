//! The forms that words of a report have: labels before a colon, counts, lengths, links.

use crate::facts::Length;

/// A line such as `**Label**: value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Labelled<'a> {
    pub label: &'a str,
    pub value: &'a str,
    /// Whether a colon stands behind the label.
    pub colon: bool,
}

/// Reads a label in bold with what follows it; the colon may stand in the bold or behind it.
pub(super) fn labelled(line: &str) -> Option<Labelled<'_>> {
    let line = line.trim();
    let bold = |mark| line.strip_prefix(mark)?.split_once(mark);
    // A label may hold marks of its own; then the colon tells its end.
    let nested = || {
        let (inner, _) = line.strip_prefix("**")?.split_once("**:")?;
        let rest = line.get(inner.len() + 4..)?;
        let whole = inner.starts_with('*') || !inner.contains("** ") && !inner.contains(" **");
        whole.then_some((inner, rest))
    };
    let (inner, rest) = match nested() {
        Some(found) => found,
        None => bold("**").or_else(|| bold("__"))?,
    };
    let (label, colon) = match inner.trim_end().strip_suffix(':') {
        Some(label) => (label, true),
        None => (inner, false),
    };
    let (value, colon) = match rest.trim_start().strip_prefix(':') {
        Some(value) if !colon => (value, true),
        _ => (rest, colon),
    };
    let words = !label.trim().is_empty() && !label.starts_with(' ');
    (words && (colon || rest.trim().is_empty())).then(|| Labelled {
        label: label.trim(),
        value: value.trim(),
        colon,
    })
}

/// Takes a line break at the end of a line from it: spaces, or a backslash.
pub(super) fn unbroken(line: &str) -> &str {
    let bare = line.trim_end();
    if line.ends_with("  ") {
        return bare;
    }
    let rest = bare.strip_suffix('\\').filter(|rest| !rest.ends_with('\\'));
    rest.map_or(bare, str::trim_end)
}

/// Writes a paragraph on one line.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| unbroken(line).trim())
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

/// Gives words as they are looked up: small letters and digits, single spaces.
pub(super) fn folded(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '’') && !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Takes the number from the front of a heading: `3.1 Cause`, `2) Timeline`.
pub(super) fn unnumbered(title: &str) -> &str {
    title.trim_start_matches(|c: char| c.is_ascii_digit() || ". )".contains(c))
}

/// Reads `label: value` without marks, whose label is short.
pub(super) fn plain_label(line: &str) -> Option<Labelled<'_>> {
    let (label, value) = line.trim().split_once(": ")?;
    let is_short = label.split(' ').count() <= 4 && !label.contains(['.', '`', '*', '[', '|']);
    (is_short && !label.is_empty()).then(|| Labelled {
        label,
        value: value.trim(),
        colon: true,
    })
}

/// Gives a value, unless it is the words for what nobody recorded.
pub(super) fn recorded(value: &str) -> Option<&str> {
    let value = value.trim();
    (!matches!(value, "" | "not recorded" | "pending")).then_some(value)
}

/// Reads a count such as `1,247`.
pub(super) fn count(words: &str) -> Option<u32> {
    let words = words.trim();
    let whole = words.starts_with(|c: char| c.is_ascii_digit())
        && words.chars().all(|c| c.is_ascii_digit() || c == ',');
    let groups = words.split(',').skip(1).all(|group| group.len() == 3);
    (whole && groups).then(|| words.replace(',', "").parse().ok())?
}

/// Reads a count with what is counted: `8 engineers`.
pub(super) fn counted(words: &str) -> Option<(u32, &str)> {
    let (number, what) = words.trim().split_once(' ')?;
    Some((count(number)?, what.trim())).filter(|(_, what)| !what.is_empty())
}

/// Splits words from the bracket at their end: `Effective (by luck)`.
pub(super) fn bracket(words: &str) -> (&str, Option<&str>) {
    let words = words.trim();
    let Some(inner) = words.strip_suffix(')') else {
        return (words, None);
    };
    let mut depth = 1_usize;
    for (at, c) in inner.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let before = inner.get(..at).unwrap_or_default();
            let note = inner.get(at + 1..).unwrap_or_default();
            let apart = before.ends_with(' ') && !before.trim().is_empty();
            return if apart && !note.trim().is_empty() {
                (before.trim_end(), Some(note))
            } else {
                (words, None)
            };
        }
    }
    (words, None)
}

/// Reads `[words](address)` where that is all there is.
pub(super) fn link(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let inner = text.strip_prefix('[')?;
    let mut escaped = false;
    let mut depth = 0_usize;
    let end = inner.char_indices().find_map(|(at, c)| {
        let is_end = c == ']' && !escaped && depth == 0;
        match c {
            _ if escaped => {}
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        is_end.then_some(at)
    })?;
    let (words, rest) = inner.split_at_checked(end)?;
    let target = rest.strip_prefix("](")?.strip_suffix(')')?;
    let target = target
        .strip_prefix('<')
        .and_then(|target| target.strip_suffix('>'))
        .unwrap_or(target);
    let balanced = target.matches('(').count() == target.matches(')').count();
    (balanced && !target.contains(' ')).then(|| (unescaped(words), unescaped(target)))
}

/// Takes the backslashes that keep marks from being markup.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut ticks = 0_usize;
    while let Some(c) = letters.next() {
        if c == '`' {
            let mut run = 1;
            while letters.next_if_eq(&'`').is_some() {
                run += 1;
            }
            out.extend(std::iter::repeat_n('`', run));
            ticks = if ticks == run {
                0
            } else if ticks == 0 {
                run
            } else {
                ticks
            };
        } else if c == '\\' && ticks == 0 && letters.peek().is_some_and(char::is_ascii_punctuation)
        {
            out.extend(letters.next());
        } else {
            out.push(c);
        }
    }
    out
}

/// Reads a length such as `44 minutes 35 seconds` or `1m 51s`, in seconds.
pub(super) fn seconds(words: &str) -> Option<i64> {
    let folded = words
        .trim()
        .trim_start_matches("about ")
        .trim_start_matches(['~', '<', ' '])
        .replace(',', " ");
    let mut total = 0_i64;
    let mut number: Option<i64> = None;
    let mut any = false;
    let mut rest = folded.trim();
    while let Some(first) = rest.chars().next() {
        let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit() && c != ' ';
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at_checked(end.max(first.len_utf8()))?;
        rest = tail.trim_start();
        if first.is_ascii_digit() {
            number = Some(word.parse().ok()?);
            continue;
        }
        let unit = match word.to_lowercase().trim_end_matches('.') {
            "d" | "day" | "days" => 86_400,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3_600,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "and" if number.is_none() => continue,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
        any = true;
    }
    (any && number.is_none()).then_some(total)
}

/// Says whether words state a length, at the precision to which it is known.
pub(super) fn agrees(words: &str, length: Length) -> bool {
    length.to_string() == words.trim() || length.short() == words.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_with_its_colon_inside_or_behind() {
        let read = |line| labelled(line).map(|found| (found.label, found.value, found.colon));
        assert_eq!(read("**Title**: A  "), Some(("Title", "A", true)));
        assert_eq!(read("**Title:** A"), Some(("Title", "A", true)));
        assert_eq!(
            read("****Old** title**: A"),
            Some(("**Old** title", "A", true))
        );
        assert_eq!(read("**Database**:"), Some(("Database", "", true)));
        assert_eq!(read("**No Data Loss**"), Some(("No Data Loss", "", false)));
        for line in [
            "Title: A",
            "**14:23:47** - Alert fired",
            "****: x",
            "**bold** word: x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let cases = [
            ("47 seconds", Some(47)),
            ("44 minutes 35 seconds", Some(2675)),
            ("1m 51s", Some(111)),
            ("2h", Some(7200)),
            ("1 hour and 5 min", Some(3900)),
            ("about 2 days", Some(172_800)),
            ("~5m", Some(300)),
            ("5", None),
            ("soon", None),
            ("minutes", None),
            ("", None),
            ("99999999999999999999 d", None),
        ];
        for (words, expected) in cases {
            assert_eq!(seconds(words), expected, "{words}");
        }
    }

    #[test]
    fn a_bracket_at_the_end_is_a_note() {
        assert_eq!(
            bracket("Partial success (bought (some) time)"),
            ("Partial success", Some("bought (some) time"))
        );
        assert_eq!(bracket("f(x)"), ("f(x)", None));
        assert_eq!(bracket("(all of it)"), ("(all of it)", None));
        assert_eq!(bracket("open ) and"), ("open ) and", None));
    }

    #[test]
    fn counts_have_separators_or_none() {
        assert_eq!(count("1,247"), Some(1247));
        assert_eq!(count("0"), Some(0));
        for text in ["1,24", "~3", "3+", "", ",", "99,999,999,999"] {
            assert_eq!(count(text), None, "{text}");
        }
    }

    #[test]
    fn a_link_is_one_only_alone() {
        let pair = |words: &str, target: &str| Some((words.to_owned(), target.to_owned()));
        assert_eq!(link("[a\\]b](../x.json)"), pair("a]b", "../x.json"));
        assert_eq!(link("[Link to recording]"), None);
        assert_eq!(link("[a](b) and [c](d)"), None);
    }

    #[test]
    fn code_keeps_its_backslashes() {
        assert_eq!(unescaped(r"\*a\* `\*` \_"), r"*a* `\*` _");
    }
}
