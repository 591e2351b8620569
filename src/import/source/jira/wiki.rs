//! Jira's own markup as plain text with code spans.

use crate::import::source::clean::without_emphasis;

/// Returns a text as its readers see it: `{{code}}` and `{code}` blocks stay code, links and people read as their names.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    // The blocks are the odd parts.
    for (index, part) in fenced(text).split("```").enumerate() {
        if index > 0 {
            out.push_str("```");
        }
        if index % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let lines: Vec<String> = part.split('\n').map(line).collect();
        out.push_str(&lines.join("\n"));
    }
    out
}

/// Replaces the macros that surround code: `{code:sql}`, `{noformat}`; those that surround a quote or a panel are removed.
fn fenced(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at_checked(open).unwrap_or_default();
        out.push_str(before);
        let close = tail.find('}').unwrap_or_default();
        let name = tail.get(1..close).unwrap_or_default();
        let name = name.split(':').next().unwrap_or_default();
        match name {
            "code" | "noformat" => out.push_str("\n```\n"),
            "quote" | "panel" | "color" => {}
            _ => {
                out.push('{');
                rest = tail.get(1..).unwrap_or_default();
                continue;
            }
        }
        rest = tail.get(close + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Returns a line without its markup.
fn line(line: &str) -> String {
    let is_heading = |start: &str| start.len() == 2 && start.starts_with('h');
    let text = match line.split_once(". ") {
        Some((start, heading)) if is_heading(start) => heading,
        _ => line,
    };
    let text = text.replace("{{", "`").replace("}}", "`");
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out.push_str(part);
        } else {
            out.push_str(&without_emphasis(&references(part), &["*", "_", "-"]));
        }
    }
    out
}

/// Replaces `[~dana]` and `[title|https://…]` by what they name.
fn references(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, tail) = rest.split_at_checked(open).unwrap_or_default();
        out.push_str(before);
        let Some(inner) = tail.find(']').and_then(|close| tail.get(1..close)) else {
            out.push_str(tail);
            return out;
        };
        let named = match (inner.strip_prefix('~'), inner.split_once('|')) {
            (Some(user), _) => Some(user.trim_start_matches("accountid:")),
            (None, Some((title, target))) if target.contains("://") => Some(title),
            _ if inner.contains("://") => Some(inner),
            _ => None,
        };
        match named {
            Some(name) => out.push_str(name),
            None => out.push_str(&format!("[{inner}]")),
        }
        rest = tail.get(inner.len() + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_reads_as_its_text() {
        let cases = [
            ("*Cause*: {{max_conn}} too low", "Cause: `max_conn` too low"),
            ("h2. Summary", "Summary"),
            ("e. g. this", "e. g. this"),
            (
                "ask [~kim], [the wiki|https://wiki.example/p], [https://a.example], [WARN] a[0]",
                "ask kim, the wiki, https://a.example, [WARN] a[0]",
            ),
            (
                "see {code:sql}SELECT *a*;{code} {x} {unfinished",
                "see \n```\nSELECT *a*;\n```\n {x} {unfinished",
            ),
            (
                "{quote}it is -not- down{quote} -> up",
                "it is not down -> up",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text), expected, "{text}");
        }
    }
}
