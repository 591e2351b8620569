//! A row of the table of key queries, read and printed: a pipe inside it is `\|`.

/// What a line of the table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Its head, or the rule below it.
    Head,
    /// A query: what it found, its code, its link's system and address.
    Query {
        /// What it found.
        finding: String,
        /// The code.
        code: String,
        /// The system, where the link names it, and the address.
        link: Option<(Option<String>, String)>,
    },
    /// Nothing that is known.
    Other,
}

/// Reads a line of the table.
pub fn row(row: &str) -> Row {
    let bare = row.trim();
    let Some(inside) = bare
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    else {
        return Row::Other;
    };
    let cells = cells(inside);
    let rule = |cell: &String| cell.contains('-') && cell.trim_matches(['-', ':']).is_empty();
    if cells.iter().all(rule) {
        return Row::Head;
    }
    match cells.as_slice() {
        [finding, query, ..] if finding == "Finding" && query == "Query" => Row::Head,
        [finding, query, rest @ ..] if !finding.is_empty() && rest.len() <= 1 => {
            let link = rest.first().map_or("", String::as_str);
            let target = link
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(')'))
                .and_then(|rest| rest.split_once("]("));
            if target.is_none() && !link.is_empty() {
                return Row::Other;
            }
            Row::Query {
                finding: finding.clone(),
                code: code(query).to_owned(),
                link: target.map(|(words, url)| {
                    let source = words.strip_prefix("View in ").map(str::to_owned);
                    (source, url.to_owned())
                }),
            }
        }
        _ => Row::Other,
    }
}

/// Cuts a row at its pipes.
fn cells(inside: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut letters = inside.chars().peekable();
    while let Some(c) = letters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '\\' if letters.peek() == Some(&'|') => {
                cell.push('|');
                letters.next();
            }
            '|' => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Takes the backticks off a span of code.
fn code(cell: &str) -> &str {
    let ticks = cell.len() - cell.trim_start_matches('`').len();
    let fence = cell.get(..ticks).unwrap_or_default();
    let inside = cell
        .strip_prefix(fence)
        .and_then(|rest| rest.strip_suffix(fence));
    match inside {
        Some(inside) if ticks > 0 && !inside.is_empty() => {
            let padded = inside
                .strip_prefix(' ')
                .and_then(|inside| inside.strip_suffix(' '));
            padded.filter(|_| ticks > 1).unwrap_or(inside)
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_in_a_query_is_part_of_it() {
        let read = row(r"| Pool | `['a'] \| where x` | [View in Axiom](https://a.example/q) |");
        assert_eq!(
            read,
            Row::Query {
                finding: "Pool".to_owned(),
                code: "['a'] | where x".to_owned(),
                link: Some((Some("Axiom".to_owned()), "https://a.example/q".to_owned())),
            }
        );
        for (line, expected) in [
            ("| Finding | Query | Link |", Row::Head),
            ("|---|:--|---|", Row::Head),
            ("| cut", Row::Other),
            ("|", Row::Other),
            ("| a | b | not a link |", Row::Other),
        ] {
            assert_eq!(row(line), expected, "{line}");
        }
        assert_eq!(code("`` a ` b ``"), "a ` b");
        assert_eq!(code("```"), "```");
    }
}
