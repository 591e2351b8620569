//! Splits the text of an event into sentences and clauses.

/// Splits a text into sentences, each with its last character.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.trim().is_empty() {
            return None;
        }
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            let next = at + c.len_utf8();
            let is_end = matches!(c, '!' | '?' | ';' | '\n' | '。' | '？')
                || c == '.'
                    && rest
                        .get(next..)
                        .is_none_or(|rest| rest.is_empty() || rest.starts_with(' '));
            if is_end {
                end = next;
                break;
            }
        }
        let (sentence, after) = rest.split_at(end);
        rest = after;
        Some(sentence.trim())
    })
}

/// Splits a sentence at commas, colons, dashes, brackets, `and` and `but`.
pub(super) fn clauses(sentence: &str) -> impl Iterator<Item = &str> {
    let separators = [
        ",", ": ", " - ", " – ", " — ", " -- ", " --- ", "(", ")", " and ", " but ", " & ", " / ",
        " → ", " -> ", " => ", " so ", " then ", "…", "...", " http",
    ];
    let mut rest = Some(sentence);
    std::iter::from_fn(move || {
        let text = rest?;
        let first = separators
            .iter()
            .filter_map(|separator| Some((text.find(separator)?, separator.len())))
            .min();
        let (clause, after) = match first {
            Some((at, length)) => (text.get(..at)?, text.get(at + length..)),
            None => (text, None),
        };
        rest = after;
        Some(clause)
    })
}
