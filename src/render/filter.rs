//! The filters by which templates say what kind a value is.
//!
//! Both engines have the same names: `line`, `text`, `cell`, `prose`, `item`, `link`. The result of a filter is safe, so
//! it is not escaped again, except that of `plain`, which is text without markup. `number` separates thousands. `added`
//! converts the Markdown that an author added to a section to HTML.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::Arc;

use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use super::{highlight, html, link, markdown};
use crate::view::{NOT_RECORDED, separated};

thread_local! {
    /// The delimiters that values of the current section have left open.
    ///
    /// Two lone asterisks in one paragraph would make a pair, and the template engine passes values one by one. It
    /// renders a section on one thread.
    static PARAGRAPH: RefCell<markdown::Paragraph> = RefCell::default();
}

/// Starts a section, whose values share no paragraph with earlier ones.
pub(super) fn start_section() {
    PARAGRAPH.take();
}

/// Returns the next value of the section as a line.
pub(super) fn line(value: &str) -> Cow<'_, str> {
    PARAGRAPH.with_borrow_mut(|paragraph| paragraph.line(value))
}

fn text(value: &str) -> Cow<'_, str> {
    PARAGRAPH.with_borrow_mut(|paragraph| paragraph.text(value))
}

/// Registers the filters of Markdown templates.
pub(super) fn register_markdown(tera: &mut Tera) {
    tera.register_filter("line", safe(line));
    tera.register_filter("text", safe(text));
    tera.register_filter("heading", safe(markdown::heading));
    tera.register_filter("cell", |value: Value, _: Kwargs, _: &State| {
        Value::safe_string(&markdown::cell(value.as_str().unwrap_or(NOT_RECORDED)))
    });
    tera.register_filter("number", |value: usize, _: Kwargs, _: &State| {
        separated(value)
    });
    // A bar ends a cell, also within a link.
    tera.register_filter(
        "bars",
        safe(|value| value.replace("\\|", "|").replace('|', "\\|").into()),
    );
    // The plain text of a value as the text of a link, which may contain no other link.
    tera.register_filter(
        "label",
        safe(|value| markdown::label(&super::plain(value)).into_owned().into()),
    );
    tera.register_filter(
        "rule",
        safe(|value| "-".repeat(value.chars().count() + 2).into()),
    );
    tera.register_filter(
        "prose",
        safe_with(|value, named| Ok(prose(value, named)?.into_owned())),
    );
    tera.register_filter(
        "after_label",
        safe_with(|value, named| {
            let prose = prose(value, named)?;
            let gap = if markdown::opens_with_text(&prose) {
                " "
            } else {
                "\n\n"
            };
            Ok([gap, &prose].concat())
        }),
    );
    tera.register_filter(
        "quote",
        safe(|value| {
            let prose = markdown::prose(value, 3);
            let quoted = prose
                .lines()
                .map(|line| format!("> {line}").trim_end().to_owned());
            quoted.collect::<Vec<_>>().join("\n").into()
        }),
    );
    tera.register_filter(
        "item",
        safe_with(|value, named| {
            let number = named.get::<usize>("number")?;
            let indent = number.map_or(2, |number| number.to_string().len() + 2);
            let inline = named.get::<bool>("inline")?.unwrap_or_default();
            let item = match value.trim_end() {
                value if inline && !value.contains('\n') => line(value),
                _ => markdown::item(value, indent),
            };
            Ok(item.into_owned())
        }),
    );
    tera.register_filter(
        "code",
        safe_with(|value, named| {
            let language = named.must_get::<&str>("language")?;
            let known = highlight::known(language).map_or("", |_| language);
            let mut fence = String::with_capacity(value.len() + 16);
            markdown::fence(value, known, &mut fence);
            Ok(fence)
        }),
    );
    tera.register_filter(
        "link",
        safe_with(|value, named| {
            let link = linked(value, named, link::allowed)?;
            Ok(link.unwrap_or_else(|| line(value).into_owned()))
        }),
    );
    tera.register_filter(
        "picture",
        safe_with(|value, named| {
            let link = linked(value, named, link::is_relative)?;
            Ok(link.map_or_else(|| line(value).into_owned(), |link| format!("!{link}")))
        }),
    );
}

/// Registers the filters of HTML templates; some use the `markdown` ones.
pub(super) fn register_html(tera: &mut Tera, markdown: Arc<Tera>) {
    tera.register_filter(
        "line",
        safe(|value| html::inline(&markdown::line(value)).into()),
    );
    tera.register_filter(
        "text",
        safe(|value| html::inline(&markdown::text(value)).into()),
    );
    tera.register_filter(
        "prose",
        safe_with(|value, named| Ok(html::fragment(&prose(value, named)?))),
    );
    tera.register_filter("cell", |value: Value, _: Kwargs, _: &State| {
        Value::safe_string(&match value.as_str() {
            Some(value) => html::inline(&markdown::line(value.trim())),
            None => format!("<span class=\"none\">{NOT_RECORDED}</span>"),
        })
    });
    tera.register_filter("number", |value: usize, _: Kwargs, _: &State| {
        separated(value)
    });
    tera.register_filter("plain", |value: &str, _: Kwargs, _: &State| {
        super::plain(value)
    });
    // The plain text of a value as the text of a link, which may contain no other link.
    tera.register_filter(
        "label",
        safe(|value| {
            let mut text = String::new();
            html::push_text(&super::plain(value), &mut text);
            Cow::Owned(html::isolated(text.into()).into_owned())
        }),
    );
    tera.register_filter(
        "added",
        move |more: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
            let mut context = Context::new();
            context.insert_value("more", more);
            start_section();
            let text = markdown.render("section/more.md", &context)?;
            Ok(Value::safe_string(&html::fragment(&text)))
        },
    );
    tera.register_filter(
        "item",
        safe(|value| match value.trim_end() {
            line if !line.contains('\n') => html::inline(&markdown::line(line)).into(),
            _ => html::fragment(&markdown::prose(value, 3)).into(),
        }),
    );
    tera.register_filter(
        "link",
        safe_with(|value, named| {
            let link = linked(value, named, link::allowed)?.map(Cow::Owned);
            Ok(html::inline(&link.unwrap_or_else(|| markdown::line(value))))
        }),
    );
}

/// Returns a filter whose result is safe.
fn safe(convert: for<'v> fn(&'v str) -> Cow<'v, str>) -> impl Fn(&str, Kwargs, &State) -> Value {
    move |value, _, _| Value::safe_string(&convert(value))
}

/// Returns a filter with named arguments whose result is safe.
fn safe_with(
    convert: fn(&str, &Kwargs) -> TeraResult<String>,
) -> impl Fn(&str, Kwargs, &State) -> TeraResult<Value> {
    move |value, named, _| Ok(Value::safe_string(&convert(value, &named)?))
}

fn prose<'v>(value: &'v str, named: &Kwargs) -> TeraResult<Cow<'v, str>> {
    Ok(markdown::prose(value, named.must_get::<u8>("under")?))
}

/// Returns a link to the target `to`, or `None` if that is missing or not allowed.
fn linked(value: &str, named: &Kwargs, is_allowed: fn(&str) -> bool) -> TeraResult<Option<String>> {
    let target = named.must_get::<Value>("to")?;
    let target = target.as_str().filter(|target| is_allowed(target));
    Ok(target.map(|target| {
        format!(
            "[{}]({})",
            markdown::label(value),
            markdown::destination(target)
        )
    }))
}
