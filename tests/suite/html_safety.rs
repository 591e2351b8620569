//! Nothing that goes in comes out as more than the elements that the writer knows.

use crate::html_vectors::VECTORS;
use crate::markdown_reading::{config, hostile};
use afterword::render::html::{Page, anchor_headings, fragment, inline};
use afterword::render::markdown::{cell, heading, item, label, line, prose, text};
use ammonia::{Builder, UrlRelative};
use proptest::prelude::*;
use std::collections::HashSet;

/// Every element that may come out, with its attributes and classes.
const ALLOWED: &[(&str, &[&str], &[&str])] = &[
    ("a", &["href", "title", "rel", "aria-label"], &["anchor"]),
    ("blockquote", &[], &[]),
    ("br", &[], &[]),
    (
        "code",
        &[],
        &[
            "language-sql",
            "language-promql",
            "language-logs",
            "language-shell",
            "language-hcl",
            "language-dockerfile",
            "language-nginx",
            "language-makefile",
            "language-yaml",
            "language-json",
            "language-toml",
            "language-ini",
            "language-html",
            "language-css",
            "language-graphql",
            "language-protobuf",
            "language-diff",
            "language-http",
            "language-text",
            "language-rust",
            "language-go",
            "language-python",
            "language-javascript",
            "language-java",
            "language-kotlin",
            "language-csharp",
            "language-c",
            "language-cpp",
            "language-ruby",
            "language-php",
            "language-swift",
            "language-scala",
            "language-elixir",
            "language-lua",
        ],
    ),
    ("del", &[], &[]),
    (
        "div",
        &["role", "tabindex", "aria-label"],
        &[
            "table",
            "alert",
            "alert-note",
            "alert-tip",
            "alert-important",
            "alert-warning",
            "alert-caution",
        ],
    ),
    ("bdi", &[], &[]),
    ("em", &[], &[]),
    ("h1", &["id", "dir"], &[]),
    ("h2", &["id", "dir"], &[]),
    ("h3", &["id", "dir"], &[]),
    ("h4", &["id", "dir"], &[]),
    ("h5", &["id", "dir"], &[]),
    ("h6", &["id", "dir"], &[]),
    ("hr", &[], &[]),
    ("img", &["src", "alt", "title", "loading"], &[]),
    ("li", &["dir"], &[]),
    ("ol", &["start"], &[]),
    ("p", &["dir"], &["alert-title"]),
    ("pre", &["tabindex"], &["code"]),
    (
        "span",
        &[],
        &[
            "hl-c", "hl-s", "hl-n", "hl-k", "hl-t", "hl-p", "hl-i", "hl-d",
        ],
    ),
    ("strong", &[], &[]),
    ("table", &["aria-label"], &[]),
    ("tbody", &[], &[]),
    ("td", &["data-label"], &["num", "left", "center", "right"]),
    ("th", &["scope"], &["num", "left", "center", "right"]),
    ("thead", &[], &[]),
    ("tr", &[], &[]),
    ("ul", &[], &[]),
];

const VOID: &[&str] = &["br", "hr", "img"];

fn sanitizer() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(ALLOWED.iter().map(|(tag, _, _)| *tag).collect())
        .tag_attributes(
            ALLOWED
                .iter()
                .map(|(tag, attributes, _)| (*tag, set(attributes)))
                .collect(),
        )
        .allowed_classes(
            ALLOWED
                .iter()
                .filter(|(_, _, classes)| !classes.is_empty())
                .map(|(tag, _, classes)| (*tag, set(classes)))
                .collect(),
        )
        .url_schemes(set(&["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    builder
}

fn set(names: &[&'static str]) -> HashSet<&'static str> {
    names.iter().copied().collect()
}

/// Walks the tags of `html` and says what is wrong with the first bad one.
///
/// The writer escapes every `<` and `"` that is not its own, which is what
/// makes so small a reader a true one.
fn fault(html: &str) -> Option<String> {
    let mut open = Vec::new();
    for part in html.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else {
            return Some(format!("unclosed <{part}"));
        };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Some(format!("stray </{name}>"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let Some((_, known, classes)) = ALLOWED.iter().find(|(known, _, _)| *known == name) else {
            return Some(format!("element <{tag}>"));
        };
        let mut rest = attributes;
        while !rest.is_empty() {
            let Some((attribute, value, after)) = attribute(rest) else {
                return Some(format!("broken <{tag}>"));
            };
            let fine = match attribute {
                "class" => value.split(' ').all(|class| classes.contains(&class)),
                _ => known.contains(&attribute),
            };
            if !fine {
                return Some(format!("attribute {attribute} in <{tag}>"));
            }
            rest = after.trim_start();
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    open.pop().map(|name| format!("<{name}> is not closed"))
}

fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, rest) = rest.split_once('"')?;
    Some((name, value, rest))
}

/// Gives a text the ways that a value goes to a page, and each page.
fn pages(value: &str) -> Vec<(String, String)> {
    let label = label(value);
    let documents = vec![
        value.to_owned(),
        format!("**x** - {}", text(value)),
        format!("**x**: {}", line(value)),
        format!("## {}", heading(value)),
        format!("[{label}](https://a.example)\n\n[{label}](x.md)"),
        format!("| {0} | b |\n|---|---|\n| {0} | c |", cell(value)),
        format!("## x\n\n{}\n\nend", prose(value, 2)),
        format!("1. {}\n2. end", item(value, 3)),
        format!("- {}\n- end", item(value, 2)),
        format!("> [!NOTE]\n> {}", line(value)),
    ];
    let mut pages: Vec<_> = documents
        .into_iter()
        .map(|markdown| {
            let html = anchor_headings(&fragment(&markdown), &mut Page::default());
            (markdown, html)
        })
        .collect();
    let alone = line(value).into_owned();
    pages.push((alone.clone(), inline(&alone)));
    pages.push((value.to_owned(), inline(value)));
    pages
}

fn check(value: &str, sanitizer: &Builder<'_>) -> Result<(), TestCaseError> {
    for (markdown, html) in pages(value) {
        prop_assert_eq!(fault(&html), None, "{}\n{}", markdown, html);
        // At the very start of a document a parser drops a byte order mark.
        let placed = format!(".{html}");
        let cleaned = sanitizer.clean(&placed).to_string();
        prop_assert_eq!(cleaned, placed.replace('\u{a0}', "&nbsp;"), "{}", markdown);
    }
    Ok(())
}

#[test]
fn hostile_texts_come_out_as_text() {
    assert!(VECTORS.len() >= 100);
    let sanitizer = sanitizer();
    for vector in VECTORS {
        if let Err(error) = check(vector, &sanitizer) {
            panic!("{vector:?}: {error}");
        }
    }
}

#[test]
fn hostile_texts_are_shown_whole() {
    for vector in VECTORS {
        let markdown = format!("**x** - {}", text(vector));
        let html = anchor_headings(&fragment(&markdown), &mut Page::default());
        let seen: String = shown(&html).split_whitespace().collect();
        let typed = vector.replace(|c: char| c.is_control() && !"\n\t".contains(c), "\u{fffd}");
        let typed: String = typed.replace('`', "").split_whitespace().collect();
        assert_eq!(seen.replace('`', ""), format!("x-{typed}"), "{html}");
    }
}

/// Gives the text of `html` without its tags.
fn shown(html: &str) -> String {
    let words = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    let words: String = words.collect();
    words
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[test]
fn the_sanitizer_would_object() {
    let sanitizer = sanitizer();
    for bad in [
        "<script>",
        "<a href=\"javascript:x\">y</a>",
        "<p onclick=\"x\">y</p>",
        "<p class=\"x\">y</p>",
    ] {
        assert_ne!(sanitizer.clean(bad).to_string(), bad);
    }
    for bad in [
        "<script>",
        "<p onclick=\"x\">y</p>",
        "<p class=\"x\">y</p>",
        "<p>",
        "</p>",
        "<p title=x>y</p>",
    ] {
        assert!(fault(bad).is_some(), "{bad}");
    }
    assert_eq!(fault("<p>a<br>b <a href=\"x\">c</a></p>"), None);
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn whatever_goes_in_comes_out_as_text(value in hostile(20)) {
        check(&value, &sanitizer())?;
    }

    #[test]
    fn any_letters_come_out_as_text(value in ".{0,40}") {
        check(&value, &sanitizer())?;
    }
}
