//! The filters by which templates say of what kind a value is.
//!
//! Both instances know the same names: `line`, `text`, `cell`, `prose`, `item`, `link`.
//! What a filter gives is safe, so it is not escaped again; `plain` alone gives
//! words without markup, which are; `number` sets thousands apart. `added` is the Markdown of what an author
//! added to a section, as HTML.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::{highlight, html, link, markdown};
use crate::view::{NOT_RECORDED, number};

thread_local! {
    /// What the values of the section that is being rendered have left open.
    ///
    /// Two lone asterisks in one paragraph would make a pair, and the template
    /// engine hands values over one by one; it renders a section on one thread.
    static PARAGRAPH: RefCell<markdown::Paragraph> = RefCell::default();
}

/// Starts a new section, whose values share no paragraph with those before.
pub(super) fn start_section() {
    PARAGRAPH.take();
}

/// Gives the next value of the section, of the kind Line.
pub(super) fn line(value: &str) -> Cow<'_, str> {
    PARAGRAPH.with_borrow_mut(|paragraph| paragraph.line(value))
}

fn text(value: &str) -> Cow<'_, str> {
    PARAGRAPH.with_borrow_mut(|paragraph| paragraph.text(value))
}

/// How pages show code.
pub(super) const CODE: html::Code = html::Code {
    known: highlight::known,
    code: highlight::highlight,
};

/// Registers the filters of Markdown templates.
pub(super) fn register_markdown(tera: &mut Tera) {
    tera.register_filter("line", |value: &str, _: Kwargs, _: &State| {
        safe(&line(value))
    });
    tera.register_filter("text", |value: &str, _: Kwargs, _: &State| {
        safe(&text(value))
    });
    tera.register_filter("cell", |value: Value, _: Kwargs, _: &State| {
        safe(&markdown::cell(value.as_str().unwrap_or(NOT_RECORDED)))
    });
    tera.register_filter("number", |value: usize, _: Kwargs, _: &State| number(value));
    // In a cell a bar ends the cell, also within a link.
    tera.register_filter("bars", |value: &str, _: Kwargs, _: &State| {
        safe(&value.replace("\\|", "|").replace('|', "\\|"))
    });
    tera.register_filter("rule", |value: &str, _: Kwargs, _: &State| {
        safe(&"-".repeat(value.chars().count() + 2))
    });
    tera.register_filter(
        "prose",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            Ok(safe(&markdown::prose(
                value,
                named.must_get::<u8>("under")?,
            )))
        },
    );
    tera.register_filter(
        "after_label",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            let prose = markdown::prose(value, named.must_get::<u8>("under")?);
            let gap = if markdown::opens_with_text(&prose) {
                " "
            } else {
                "\n\n"
            };
            Ok(safe(&format!("{gap}{prose}")))
        },
    );
    tera.register_filter("quote", |value: &str, _: Kwargs, _: &State| {
        let prose = markdown::prose(value, 3);
        let lines: Vec<String> = prose
            .lines()
            .map(|line| format!("> {line}").trim_end().to_owned())
            .collect();
        safe(&lines.join("\n"))
    });
    tera.register_filter(
        "item",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            let width = named
                .get::<usize>("number")?
                .map_or(2, |number| number.to_string().len() + 2);
            let inline = named.get::<bool>("inline")?.unwrap_or_default();
            if inline && !value.trim_end().contains('\n') {
                return Ok(safe(&line(value.trim_end())));
            }
            Ok(safe(&markdown::item(value, width)))
        },
    );
    tera.register_filter(
        "code",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            let language = named.must_get::<&str>("language")?;
            let language = if highlight::known(language).is_some() {
                language
            } else {
                ""
            };
            let mut fence = String::with_capacity(value.len() + 16);
            markdown::fence(value, language, &mut fence);
            Ok(safe(&fence))
        },
    );
    tera.register_filter(
        "link",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            Ok(safe(&match target(&named)? {
                Some(target) => format!(
                    "[{}]({})",
                    markdown::label(value),
                    markdown::destination(&target)
                ),
                None => line(value).into_owned(),
            }))
        },
    );
    tera.register_filter(
        "picture",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            Ok(safe(
                &match target(&named)?.filter(|target| link::is_relative(target)) {
                    Some(target) => format!(
                        "![{}]({})",
                        markdown::label(value),
                        markdown::destination(&target)
                    ),
                    None => line(value).into_owned(),
                },
            ))
        },
    );
}

/// Registers the filters of HTML templates; some are made from the `markdown` ones.
pub(super) fn register_html(tera: &mut Tera, markdown: Arc<Tera>) {
    tera.register_filter("line", |value: &str, _: Kwargs, _: &State| {
        safe(&html::inline(&markdown::line(value)))
    });
    tera.register_filter("text", |value: &str, _: Kwargs, _: &State| {
        safe(&html::inline(&markdown::text(value)))
    });
    tera.register_filter(
        "prose",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            let prose = markdown::prose(value, named.must_get::<u8>("under")?);
            Ok(safe(&html::fragment(&prose, CODE)))
        },
    );
    tera.register_filter("cell", |value: Value, _: Kwargs, _: &State| {
        safe(&match value.as_str() {
            Some(value) => html::inline(&markdown::line(value.trim())),
            None => format!("<span class=\"none\">{NOT_RECORDED}</span>"),
        })
    });
    tera.register_filter("number", |value: usize, _: Kwargs, _: &State| number(value));
    tera.register_filter("plain", |value: &str, _: Kwargs, _: &State| {
        super::plain(value)
    });
    tera.register_filter(
        "added",
        move |more: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
            let mut context = Context::new();
            context.insert("more", &more);
            start_section();
            let text = markdown.render("section/more.md", &context)?;
            Ok(safe(&html::fragment(&text, CODE)))
        },
    );
    tera.register_filter("item", |value: &str, _: Kwargs, _: &State| {
        if value.trim_end().contains('\n') {
            safe(&html::fragment(&markdown::prose(value, 3), CODE))
        } else {
            safe(&html::inline(&markdown::line(value.trim_end())))
        }
    });
    tera.register_filter(
        "link",
        |value: &str, named: Kwargs, _: &State| -> TeraResult<Value> {
            let label = markdown::label(value);
            Ok(safe(&match target(&named)? {
                Some(target) => {
                    html::inline(&format!("[{label}]({})", markdown::destination(&target)))
                }
                None => html::inline(&markdown::line(value)),
            }))
        },
    );
}

fn safe(text: &str) -> Value {
    Value::safe_string(text)
}

/// Reads the address of a link; nothing where it is none or not allowed.
fn target(named: &Kwargs) -> TeraResult<Option<String>> {
    let target = named.must_get::<Value>("to")?;
    Ok(target
        .as_str()
        .filter(|target| link::allowed(target))
        .map(ToOwned::to_owned))
}
