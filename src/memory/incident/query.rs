//! Parses a row of the table of key queries; a pipe in a cell is written `\|`.

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The header row, or the rule below it.
    Head,
    /// A query.
    Query {
        /// The finding.
        finding: String,
        /// The code.
        code: String,
        /// The name of the system, if stated, and the URL.
        link: Option<(Option<String>, String)>,
    },
    /// A line that is not recognized.
    Other,
}

/// Parses a line of the table.
pub fn row(row: &str) -> Row {
    let bare = row.trim();
    let Some(inner) = bare
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'))
    else {
        return Row::Other;
    };
    let cells = cells(inner);
    let is_rule = |cell: &String| cell.contains('-') && cell.trim_matches(['-', ':']).is_empty();
    if cells.iter().all(is_rule) {
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
                link: target.map(|(label, url)| {
                    let source = label.strip_prefix("View in ").map(str::to_owned);
                    (source, url.to_owned())
                }),
            }
        }
        _ => Row::Other,
    }
}

/// Splits a row at its unescaped pipes.
fn cells(inner: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                cell.push('|');
                chars.next();
            }
            '|' => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Strips the backticks from a code span.
fn code(cell: &str) -> &str {
    let ticks = cell.len() - cell.trim_start_matches('`').len();
    let fence = cell.get(..ticks).unwrap_or_default();
    let inner = cell
        .strip_prefix(fence)
        .and_then(|rest| rest.strip_suffix(fence));
    match inner {
        Some(inner) if ticks > 0 && !inner.is_empty() => {
            let unpadded = inner
                .strip_prefix(' ')
                .and_then(|inner| inner.strip_suffix(' '));
            unpadded.filter(|_| ticks > 1).unwrap_or(inner)
        }
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_in_a_query_is_part_of_it() {
        let parsed = row(r"| Pool | `['a'] \| where x` | [View in Axiom](https://a.example/q) |");
        assert_eq!(
            parsed,
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
