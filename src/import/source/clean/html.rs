//! Reads the text of HTML.

use super::shown;

/// Tags after which a new line starts.
const BLOCKS: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "section",
    "article",
    "body",
    "html",
    "head",
    "title",
    "dl",
    "dt",
    "dd",
    "figure",
    "form",
];

/// Other tags of HTML; what else is between angle brackets is text.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "button", "cite", "code", "del", "em", "font", "i", "iframe", "img",
    "input", "ins", "kbd", "label", "link", "mark", "meta", "q", "s", "samp", "script", "small",
    "span", "strike", "strong", "style", "sub", "sup", "svg", "td", "th", "time", "tt", "u", "var",
    "video", "wbr",
];

/// Returns the text of HTML.
pub fn without_html(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(before);
        let name: String = tag
            .chars()
            .skip(1)
            .skip_while(|c| *c == '/')
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let name = name.to_ascii_lowercase();
        // `<host>` in a command is text.
        let is_tag = tag.starts_with("<!")
            || BLOCKS.contains(&name.as_str())
            || INLINE.contains(&name.as_str());
        let Some(end) = tag.find('>').filter(|_| is_tag) else {
            out.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        rest = tag.get(end + 1..).unwrap_or_default();
        if tag.starts_with("<li") {
            out.push_str("\n- ");
        } else if BLOCKS.contains(&name.as_str()) && !out.ends_with('\n') {
            out.push('\n');
        }
        // The content of a script is no text.
        if (name == "script" || name == "style") && !tag.starts_with("</") {
            let close = rest.to_ascii_lowercase().find(&format!("</{name}"));
            rest = close
                .and_then(|close| rest.get(close..))
                .unwrap_or_default();
        }
    }
    out.push_str(rest);
    entities(&out)
}

/// Replaces character references by their characters, `&amp;` last.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at_checked(at).unwrap_or_default();
        out.push_str(before);
        let end = after.find(';').filter(|end| *end < 10);
        let name = end.and_then(|end| after.get(1..end)).unwrap_or_default();
        let number =
            name.strip_prefix('#')
                .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => digits.parse().ok(),
                });
        let c = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            _ => number.and_then(char::from_u32),
        };
        out.push(c.unwrap_or('&'));
        let skip = if c.is_some() {
            end.map_or(1, |end| end + 1)
        } else {
            1
        };
        rest = after.get(skip..).unwrap_or_default();
    }
    out.push_str(rest);
    // A reference may decode to a character that nobody sees.
    shown(&out)
}
