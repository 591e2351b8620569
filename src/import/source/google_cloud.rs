//! The status of Google Cloud, `status.cloud.google.com/incidents.json`.

use super::{Draft, Importer, Item, Markup, PLAIN, Reading};
use crate::moment::Moment;
use crate::timeline::EventKind;

/// The status of Google Cloud.
pub const IMPORTER: Importer = Importer {
    name: "Google Cloud",
    prefix: "google-cloud",
    shape: "`external_desc` with `begin`",
    recognizes: |item| item.has("begin") && item.has("external_desc") && item.has("id"),
    read,
    ..PLAIN
};

fn read(item: Item, reading: &mut Reading) {
    let id = item.word("id").unwrap_or_default();
    let description = item.text("external_desc").unwrap_or_default();
    let url = item
        .text("uri")
        .map(|path| format!("https://status.cloud.google.com/{path}"));
    let add = |reading: &mut Reading, part: String, at: Option<Moment>, text: Markup| {
        reading.add(at, text, |at, text| {
            let mut draft = Draft::new(format!("{id}:{part}"), at, EventKind::Communication, text)
                .by([Some("Google Cloud")])
                .at_url(url.as_deref())
                .in_group(Some(description.to_owned()));
            draft.is_public = true;
            draft
        });
    };
    let began = reading.time(item, &["begin"]);
    add(
        reading,
        "begin".to_owned(),
        began,
        Markup::Markdown(format!("Google Cloud incident began: {description}")),
    );
    let mut updates: Vec<Item> = item.list("updates").collect();
    if updates.is_empty() {
        updates.extend(item.get("most_recent_update"));
    }
    for update in updates.into_iter().filter(|update| update.has("text")) {
        let status = update
            .text("status")
            .map(|status| status.replace('_', " ").to_lowercase());
        let status = status.map(|status| format!("[{}] ", super::payload::title_case(&status)));
        let text = without_heading(update.text("text").unwrap_or_default());
        let text = super::in_sentence(text, |first| {
            let first = super::clean::without_marker(first);
            format!("{}{first}", status.unwrap_or_default())
        });
        let at = reading.time(update, &["when", "created", "modified"]);
        let part = update
            .first(&["when", "created", "modified"])
            .unwrap_or("update")
            .to_owned();
        add(reading, part, at, Markup::Markdown(text));
    }
    if item.has("end") {
        let ended = reading.time(item, &["end"]);
        add(
            reading,
            "end".to_owned(),
            ended,
            Markup::Markdown(format!("Google Cloud incident ended: {description}")),
        );
    }
}

/// Headings that say nothing, in lowercase.
const HEADINGS: &[&str] = &[
    "description",
    "incident report",
    "mini incident report",
    "summary",
];

/// Returns an update without the headings that start it and say nothing, such as `**Summary**`.
fn without_heading(text: &str) -> &str {
    let text = text.trim_start();
    let is_markup = |c: char| "#*:".contains(c) || c.is_whitespace();
    let says_nothing = |line: &str| {
        let words = line.trim_matches(is_markup).to_lowercase();
        line.starts_with(['#', '*']) && HEADINGS.contains(&words.as_str())
    };
    match text.split_once('\n') {
        Some((first, rest)) if says_nothing(first) => without_heading(rest),
        _ => text.trim_start_matches(['#', ' ']),
    }
}
