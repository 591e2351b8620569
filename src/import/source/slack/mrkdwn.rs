//! Slack's own markup as plain text with code spans.

use super::Directory;
use crate::import::source::clean::without_emphasis;
use crate::moment::rfc3339;

/// Returns a text without markup, and the titled links in it.
///
/// References to people, channels and dates become their names; code keeps every character.
pub fn plain(text: &str, directory: &Directory) -> (String, Vec<(String, String)>) {
    let mut links = Vec::new();
    let mut out = String::new();
    // Code spans and fences are the odd parts.
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        let resolved = references(part, directory, &mut links);
        if index % 2 == 1 {
            out.push_str(&resolved);
        } else {
            out.push_str(&without_emphasis(&resolved, &["*", "_", "~"]));
        }
    }
    // `&amp;` is last, so that `&amp;lt;` stays `&lt;`.
    let out = out
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    (out, links)
}

/// Escapes a text without markup.
pub fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// Replaces `<…>` by what it names.
fn references(text: &str, directory: &Directory, links: &mut Vec<(String, String)>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, tail) = rest.split_at_checked(open).unwrap_or_default();
        out.push_str(before);
        let Some(close) = tail.find('>') else {
            out.push_str(tail);
            return out;
        };
        let inner = tail.get(1..close).unwrap_or_default();
        out.push_str(&reference(inner, directory, links));
        rest = tail.get(close + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn reference(inner: &str, directory: &Directory, links: &mut Vec<(String, String)>) -> String {
    let (target, label) = match inner.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inner, None),
    };
    if let Some(id) = target.strip_prefix('@') {
        let name = directory.users.get(id).map(String::as_str).or(label);
        return name.unwrap_or(id).trim_start_matches('@').to_owned();
    }
    if let Some(id) = target.strip_prefix('#') {
        let name = label
            .filter(|label| !label.is_empty())
            .or_else(|| directory.channel(id));
        return format!("#{}", name.unwrap_or(id));
    }
    if let Some(command) = target.strip_prefix('!') {
        let time = command.strip_prefix("date^").and_then(|date| {
            let seconds = date.split('^').next()?.parse().ok()?;
            chrono::DateTime::from_timestamp(seconds, 0)
        });
        return match (time, command) {
            (Some(at), _) => rfc3339(at),
            (None, "here" | "channel" | "everyone") => format!("@{command}"),
            (None, _) => match (label, command.strip_prefix("subteam^")) {
                (None, Some(group)) => format!("@{group}"),
                (label, _) => label.unwrap_or(command).to_owned(),
            },
        };
    }
    if let Some(address) = target.strip_prefix("mailto:") {
        return label.unwrap_or(address).to_owned();
    }
    let label = label.filter(|label| !label.is_empty());
    if let Some(label) = label.filter(|_| target.contains("://")) {
        links.push((label.to_owned(), target.to_owned()));
    }
    label.unwrap_or(target).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_what_a_reader_sees() {
        let mut directory = Directory::default();
        directory.users.insert("U1".to_owned(), "Dana".to_owned());
        directory.channels.insert("C1".to_owned(), "ops".to_owned());
        let cases = [
            (
                "*Rolled back* _now_ ~not~ 2*3*4 snake_case_name",
                "Rolled back now not 2*3*4 snake_case_name",
            ),
            (
                "<@U1> and <@U2|lee> in <#C1> and <#C2|inc>",
                "Dana and lee in #ops and #inc",
            ),
            (
                "<!here> <!subteam^S1|@oncall> <!date^1736864627^{date}|x>",
                "@here @oncall 2025-01-14T14:23:47Z",
            ),
            (
                "see <https://example.com/a?b&amp;c|the graph> <https://example.com>",
                "see the graph https://example.com",
            ),
            (
                "`*a* &lt;b&gt;` &amp;lt; <mailto:a@b.example|a@b.example>",
                "`*a* <b>` &lt; a@b.example",
            ),
            ("a < b", "a < b"),
            ("<tel:+14155550100|call> or <tel:5>", "call or tel:5"),
        ];
        for (text, expected) in cases {
            assert_eq!(plain(text, &directory).0, expected, "{text}");
        }
        let links = plain("<https://example.com|the graph>", &directory).1;
        assert_eq!(
            links,
            [("the graph".to_owned(), "https://example.com".to_owned())]
        );
    }
}
