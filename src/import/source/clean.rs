//! Turns the texts of exports into safe ones: visible characters, no markup that acts, no private data.
//!
//! Imported text is data. It must not reorder a line, notify a person, or carry an email address,
//! a phone number or a token into a repository. The first line becomes an event's text, the rest its body.

use super::Markup;
use crate::secret;

mod emphasis;
mod html;
mod private;

pub use emphasis::without_emphasis;
pub use html::without_html;
pub use private::redacted;

/// The number of characters of an event's text. A longer one continues in the body.
const LONGEST: usize = 280;

/// The number of characters of an event's body.
const LONGEST_BODY: usize = 20_000;

/// A text that is safe to store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clean {
    /// The first line.
    pub text: String,
    /// The text in full as Markdown, if it is more than one line.
    pub body: Option<String>,
    /// The number of private values that were removed.
    pub removed: usize,
}

/// Cleans a text.
pub fn clean(markup: &Markup) -> Clean {
    let (raw, is_markdown) = match markup {
        Markup::Plain(text) => (text.clone(), false),
        Markup::Html(html) => (without_html(html), false),
        Markup::Markdown(text) => (without_comments(text), true),
    };
    let mut removed = 0;
    let safe = redacted(&shown(beginning(&raw)), &mut removed);
    let full: String = safe.trim().chars().take(LONGEST_BODY).collect();
    let plain_lines = full.replace(FENCE, "\n");
    let mut lines = plain_lines
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    // A quote and a rule are not what a person says.
    let says = |line: &&str| {
        line.contains(char::is_alphanumeric) && !(is_markdown && line.starts_with('>'))
    };
    let first = lines.clone().find(says).or_else(|| lines.next());
    let first = first.unwrap_or_default();
    let first = if is_markdown {
        plain(first)
    } else {
        first.to_owned()
    };
    let is_longer = full.lines().filter(|line| !line.trim().is_empty()).count() > 1;
    let first = if is_longer {
        first.trim_end_matches(':')
    } else {
        &first
    };
    let (text, is_cut) = shortened(&without_mentions(&spaced(first)));
    let body = (is_longer || is_cut).then(|| {
        if is_markdown {
            quiet(&full)
        } else {
            markdown(&full)
        }
    });
    Clean {
        text,
        body,
        removed,
    }
}

/// Returns the part of a text of which a body is made, up to the end of a word.
fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(2 * LONGEST_BODY);
    let Some(start) = end.and_then(|(end, _)| text.get(..end)) else {
        return text;
    };
    start
        .rsplit_once(char::is_whitespace)
        .map_or(start, |(words, _)| words)
}

/// Returns Markdown without mentions; code stays.
fn quiet(text: &str) -> String {
    let mut is_code = false;
    let mut out = String::new();
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with(FENCE);
        if is_code {
            out.push_str(line);
        } else {
            out.push_str(&without_mentions(line));
        }
        out.push('\n');
    }
    out
}

/// Returns a text in one line, for a message.
pub fn one_line(markup: Markup) -> String {
    clean(&markup).text
}

/// Cleans a name: one line without private data.
pub fn name(text: &str) -> String {
    let mut removed = 0;
    // The name in an address is what people call each other by.
    let text = match text.split_once('@') {
        Some((local, domain)) if domain.contains('.') && !text.contains(' ') => local,
        _ => text,
    };
    let text = spaced(&redacted(&shown(text), &mut removed));
    // A name notifies nobody.
    text.replace(['@', '#', '`'], "")
        .chars()
        .take(100)
        .collect()
}

/// Returns a URL that is safe to store; `None` if it is not one of the web.
pub fn url(text: &str) -> Option<String> {
    let text = text.trim();
    if text.contains(|c: char| c.is_whitespace() || crate::source::is_hidden(c)) {
        return None;
    }
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    // Alertmanager escapes `&` twice.
    let rest = rest.replace("\\u0026", "&").replace("&amp;", "&");
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let host = authority.rsplit('@').next()?;
    let path = redacted(path, &mut 0);
    let escaped: String = path.chars().map(escape_url).collect();
    let url = format!("{scheme}://{host}{escaped}");
    // The path of a webhook is its password.
    if secret::find(&url).next().is_some() {
        return Some(format!("{scheme}://{host}/"));
    }
    Some(url)
}

fn escape_url(c: char) -> String {
    if c.is_ascii_graphic() && !"<>\"'`\\{}|^".contains(c) || (!c.is_ascii() && c.is_alphanumeric())
    {
        return c.to_string();
    }
    let mut escaped = String::new();
    for byte in c.to_string().bytes() {
        escaped.push_str(&format!("%{byte:02X}"));
    }
    escaped
}

/// Removes the characters that nobody sees; a tab becomes a space.
pub fn shown(text: &str) -> String {
    let keep = |c: char| {
        // These join the parts of an emoji, and are part of some scripts.
        matches!(c, '\u{200c}' | '\u{200d}') || !crate::source::is_hidden(c)
    };
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept = text.chars().filter(|c| keep(*c));
    kept.map(|c| if c == '\t' { ' ' } else { c }).collect()
}

/// Returns a text with one space between its words.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(text: &str) -> (String, bool) {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else {
        return (text.to_owned(), false);
    };
    let start = text.get(..end).unwrap_or_default();
    let start = start.rsplit_once(' ').map_or(start, |(start, _)| start);
    // A code span that is cut would open one for the rest of the report's line.
    let tick = if start.matches('`').count() % 2 == 1 {
        "`"
    } else {
        ""
    };
    (format!("{start}{tick} …"), true)
}

/// Puts what would notify a person or link an issue, `@name` and `#123`, into code spans.
fn without_mentions(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out.push_str(part);
            continue;
        }
        let mut rest = part;
        let mut previous = ' ';
        while let Some(c) = rest.chars().next() {
            let length = if previous.is_alphanumeric() {
                0
            } else {
                mention(rest)
            };
            if length > 0 {
                let (word, after) = rest.split_at_checked(length).unwrap_or_default();
                out.push_str(&format!("`{word}`"));
                rest = after;
                previous = 'a';
            } else {
                out.push(c);
                previous = c;
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}

/// Returns the length of the mention at the start of a text, or 0.
fn mention(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(['@', '#']) else {
        return 0;
    };
    let is_number = text.starts_with('#');
    let is_part = |c: char| {
        if is_number {
            c.is_ascii_digit()
        } else {
            c.is_alphanumeric() || "-_/".contains(c)
        }
    };
    match rest.find(|c| !is_part(c)).unwrap_or(rest.len()) {
        0 => 0,
        end => 1 + end,
    }
}

/// What opens and closes a block of code, in chat also in the middle of a line.
const FENCE: &str = "```";

/// Writes a plain text as Markdown that shows the same lines; code stays.
fn markdown(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split(FENCE).enumerate() {
        let part = part.trim_matches('\n');
        if index % 2 == 1 {
            out.push_str(&format!("{FENCE}\n{part}\n{FENCE}\n"));
            continue;
        }
        let mut lines = part.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            out.push_str(&escaped(&without_mentions(line)));
            let goes_on = lines.peek().is_some_and(|next| !next.is_empty());
            out.push_str(if !line.is_empty() && goes_on {
                "\\\n"
            } else {
                "\n"
            });
        }
    }
    out
}

/// Escapes what Markdown reads as markup, outside of code spans.
fn escaped(line: &str) -> String {
    let mut out = String::new();
    let is_paired = line.matches('`').count().is_multiple_of(2);
    for (index, part) in line.split('`').enumerate() {
        if index > 0 {
            out.push_str(if is_paired { "`" } else { "\\`" });
        }
        let is_code = is_paired && index % 2 == 1;
        for c in part.chars() {
            if !is_code && "\\*_[]<>#|~&!$".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
    }
    // At the start of a line these open a list, a heading or a rule.
    let marker = out.trim_start_matches(|c: char| c.is_ascii_digit());
    if out.starts_with(['-', '+', '=', ':']) {
        out.insert(0, '\\');
    } else if marker.len() < out.len() && marker.starts_with(['.', ')']) {
        out.insert(out.len() - marker.len(), '\\');
    }
    out
}

/// Returns a line of Markdown without the marker of a heading, a quote or a list.
pub fn without_marker(line: &str) -> &str {
    let line = line.trim_start_matches(['#', '>', ' ']);
    ["- ", "* ", "+ "]
        .iter()
        .find_map(|marker| line.strip_prefix(marker))
        .unwrap_or(line)
}

/// Returns Markdown without comments, which nobody sees.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Returns a line of Markdown without its emphasis, its heading or list marker, and its link targets.
fn plain(line: &str) -> String {
    let mut out = without_marker(line).to_owned();
    // `[text](url)` and `![alt](url)` read as their text.
    while let Some(middle) = out.find("](") {
        let open = out.get(..middle).and_then(|before| before.rfind('['));
        let close = out.get(middle..).and_then(|after| after.find(')'));
        let (Some(open), Some(close)) = (open, close) else {
            break;
        };
        let text = out.get(open + 1..middle).unwrap_or_default().to_owned();
        let start = out.get(..open).unwrap_or_default();
        let start = if start.ends_with('!') {
            open.saturating_sub(1)
        } else {
            open
        };
        out.replace_range(start..=middle + close, &text);
    }
    // Code is the odd parts.
    let parts = out.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 {
            part.to_owned()
        } else {
            let part = without_emphasis(part, &["**", "__", "*", "_", "~~"]);
            part.replace("**", "")
        }
    });
    parts.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain_text(text: &str) -> Clean {
        clean(&Markup::Plain(text.to_owned()))
    }

    #[test]
    fn hostile_text_is_data() {
        let cases = [
            ("a\u{202e}b\u{0}c\u{200b}\td", "abc d"),
            ("thanks @dana, see #12", "thanks `@dana`, see `#12`"),
            ("`@dana` and a@b", "`@dana` and a@b"),
            ("@channel: look", "`@channel`: look"),
            ("| a | <b>x</b> {{ y }}", "| a | <b>x</b> {{ y }}"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                plain_text(text),
                Clean {
                    text: expected.to_owned(),
                    body: None,
                    removed: 0
                }
            );
        }
    }

    #[test]
    fn several_lines_become_a_body() {
        let found = plain_text("Pool is *full*\n- 1 of 2\n```\nSELECT @x;\n```\ndone");
        assert_eq!(found.text, "Pool is *full*");
        let body = "Pool is \\*full\\*\\\n\\- 1 of 2\n```\nSELECT @x;\n```\ndone\n";
        assert_eq!(found.body.as_deref(), Some(body));
        let long = "word ".repeat(80);
        let found = plain_text(&long);
        assert!(
            found.text.ends_with("word …") && found.text.chars().count() < 300,
            "{found:?}"
        );
        assert_eq!(
            found.body.as_deref(),
            Some(&*format!("{}\n", long.trim_end()))
        );
    }

    #[test]
    fn html_reads_as_its_text() {
        let cases = [
            ("<p>A fix &amp; more.</p>", "\nA fix & more.\n"),
            (
                "one<br/>two &lt;b&gt; 3 < 4 &#8217;",
                "one\ntwo <b> 3 < 4 ’",
            ),
            ("<script>alert(1)</script>text", "text"),
            ("&bogus; & &#1114112;", "&bogus; & &#1114112;"),
        ];
        for (html, expected) in cases {
            assert_eq!(without_html(html), expected, "{html}");
        }
    }

    #[test]
    fn urls_keep_only_what_is_safe() {
        let cases = [
            (
                "https://user:pw@example.com/a|b?token=x#y",
                Some("https://example.com/a%7Cb?token=REMOVED#y"),
            ),
            (
                "http://prometheus:9090/graph?g0.expr=up%3D0\\u0026g0.tab=1",
                Some("http://prometheus:9090/graph?g0.expr=up%3D0&g0.tab=1"),
            ),
            ("https://example.com/a b", None),
            (
                "https://hooks.slack.com/services/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",
                Some("https://hooks.slack.com/"),
            ),
            ("javascript:alert(1)", None),
            ("ftp://example.com", None),
        ];
        for (text, expected) in cases {
            assert_eq!(url(text).as_deref(), expected, "{text}");
        }
    }
}
