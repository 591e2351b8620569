//! What a message says, wherever Slack puts it.

use super::mrkdwn;
use crate::import::source::Item;

/// Returns what a message says: its text, else that of its attachments or blocks.
pub fn said(item: Item) -> String {
    if let Some(text) = item.text("text") {
        return text.to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for found in item.list("attachments") {
        let parts = ["pretext", "title", "text"];
        let parts: Vec<&str> = parts.iter().filter_map(|key| found.text(key)).collect();
        match (parts.as_slice(), found.text("fallback")) {
            ([], Some(fallback)) => lines.push(fallback.to_owned()),
            (parts, _) => lines.extend(parts.iter().map(|part| (*part).to_owned())),
        }
    }
    if lines.is_empty() {
        for block in item.list("blocks") {
            let mut line = String::new();
            words(block, 8, &mut line);
            lines.push(line);
        }
    }
    if lines.is_empty() {
        let files = item.list("files").chain(item.get("file"));
        let names = files.filter_map(|file| file.first(&["title", "name"]));
        lines.extend(names.map(|name| format!("Shared a file: {name}")));
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

/// Collects the words of a block in their order, with references as a message's text has them.
fn words(block: Item, depth: usize, line: &mut String) {
    let kind = block.text("type").unwrap_or_default();
    // What people press says nothing.
    if depth == 0 || kind == "actions" {
        return;
    }
    if kind.starts_with("rich_text_") && !line.is_empty() {
        line.push('\n');
    }
    let named = |key| block.text(key).unwrap_or_default();
    match (kind, block.get("text")) {
        ("user", _) => line.push_str(&format!("<@{}>", named("user_id"))),
        ("channel", _) => line.push_str(&format!("<#{}>", named("channel_id"))),
        ("usergroup", _) => line.push_str(&format!("<!subteam^{}>", named("usergroup_id"))),
        ("broadcast", _) => line.push_str(&format!("<!{}>", named("range"))),
        ("emoji", _) => line.push_str(&format!(":{}:", named("name"))),
        ("link", None) => line.push_str(&format!("<{}>", named("url"))),
        ("link", _) => {
            let label = mrkdwn::escaped(named("text"));
            line.push_str(&format!("<{}|{label}>", named("url")));
        }
        // The text of an element is as people read it, that of a section has markup.
        ("text", Some(text)) => {
            line.push_str(&mrkdwn::escaped(text.0.as_str().unwrap_or_default()));
        }
        (_, Some(text)) if text.0.is_string() => {
            line.push_str(text.0.as_str().unwrap_or_default());
        }
        (_, Some(text)) => words(text, depth - 1, line),
        (_, None) => line.push_str(named("url")),
    }
    for inner in block.list("elements") {
        words(inner, depth - 1, line);
    }
    for field in block.list("fields") {
        if !line.is_empty() {
            line.push('\n');
        }
        words(field, depth - 1, line);
    }
}
