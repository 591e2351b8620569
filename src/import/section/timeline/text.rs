//! Splits the text of an entry into plain text, actor and links.

use pulldown_cmark::{Event, Parser, Tag};

use super::super::super::block::DIALECT;
use super::super::super::words::{bracket, line, unbroken, unescaped, web_link};
use crate::incident::Link;
use crate::kind::Url;

/// Splits an entry's text into plain text, actor and links.
pub(super) fn parts(text: &str) -> (String, Option<String>, Vec<Link>) {
    let text = unbroken(text).trim();
    if let (before, Some(inner)) = bracket(text)
        && inner.contains("](")
    {
        let (actor, links) = trailing_links(inner);
        if !links.is_empty() {
            let actor = unescaped(actor);
            return (
                plain(before).0,
                Some(actor).filter(|actor| !actor.is_empty()),
                links,
            );
        }
    }
    let (text, links) = plain(text);
    (text, None, links)
}

/// Strips the links at the end of a text; returns the text before them and the links.
fn trailing_links(text: &str) -> (&str, Vec<Link>) {
    let mut rest = text;
    let mut links = Vec::new();
    loop {
        let start = rest
            .rfind(", [")
            .map(|at| (at, at + 2))
            .or_else(|| rest.starts_with('[').then_some((0, 0)));
        let found = start.and_then(|(end, at)| Some((end, web_link(rest.get(at..)?)?)));
        let Some((end, (title, url))) = found else {
            break;
        };
        links.insert(0, titled(&title, url));
        rest = rest.get(..end).unwrap_or_default();
    }
    (rest, links)
}

fn titled(title: &str, url: Url) -> Link {
    Link {
        title: line(title),
        url: Some(url),
    }
}

/// Returns inline Markdown as plain text, in which only code keeps its backticks, and its links.
pub(super) fn plain(text: &str) -> (String, Vec<Link>) {
    let mut out = String::new();
    let mut links = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut has_markup = false;
    // The prefix keeps the text from being parsed as a list, a heading or other block markup.
    let inline = format!("x {text}");
    for event in Parser::new_ext(&inline, DIALECT) {
        match event {
            Event::Text(text) => out.push_str(&text),
            Event::Code(code) => out.extend(["`", &code, "`"]),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            Event::Start(Tag::Paragraph) | Event::End(_) if open.is_none() => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                has_markup = true;
                open = Some((dest_url.into_string(), out.len()));
            }
            Event::End(pulldown_cmark::TagEnd::Link) => {
                let link = open.take();
                let link = link.and_then(|(url, from)| Some((Url::new(url).ok()?, from)));
                links.extend(
                    link.map(|(url, from)| titled(out.get(from..).unwrap_or_default(), url)),
                );
            }
            Event::Html(html) | Event::InlineHtml(html) => out.push_str(&html),
            Event::Start(_) => has_markup = true,
            _ => {}
        }
    }
    if !has_markup {
        return (unescaped(text.trim()), Vec::new());
    }
    let out = out.strip_prefix("x ").unwrap_or(&out);
    (out.trim().to_owned(), links)
}
