//! Renders views as Markdown and safe HTML; the only module that uses the template engine.
//!
//! There are two engines, one for Markdown and one for HTML, because escaping follows the outermost template. In both,
//! a value without a filter is a line of inline Markdown (Markdown) or plain text (HTML), so a template that forgets a
//! filter is still safe.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Tera, Value};

use crate::archive::{OwnTemplate, words};
use crate::view::draft::{CustomerMessageView, DraftView};
use crate::view::{EntryView, ExternalReport, LocalLinks, Report, TimelineView, WindowsView};

mod anchor;
mod contents;
mod embedded;
mod engine;
mod filter;
pub mod highlight;
pub mod html;
pub mod json;
pub mod markdown;
mod problem;
mod site;
mod text;

pub use crate::dialect::link;
use contents::{contents, entries, entry_title};
pub use embedded::{ASSETS, TEMPLATES};
use engine::add_templates;
pub use problem::{TemplateError, TemplateProblem};
pub use site::{NavigationView, NewFileView, SiteLinkView, SiteView};
use text::{Entry, TextReader};
pub use text::{PageText, TextSection};

/// A section of a report: the name of its template, and whether a report has it.
type Section = (&'static str, fn(&Report) -> bool);

/// Every section, in the order of the report.
const SECTIONS: &[Section] = &[
    ("summary", |_| true),
    ("written", |report| report.written.is_some()),
    ("timeline", |report| report.timeline.is_some()),
    ("root_cause", |report| report.root_cause.is_some()),
    ("detection", |report| report.detection.is_some()),
    ("impact", |report| report.impact.is_some()),
    ("resolution", |report| report.resolution.is_some()),
    ("self_healing", |report| report.self_healing.is_some()),
    ("communication", |report| report.communication.is_some()),
    ("lessons", |report| report.lessons.is_some()),
    ("technical", |report| report.technical.is_some()),
    ("custom", |report| !report.own_sections.is_empty()),
    ("references", |report| report.references.is_some()),
    ("sign_off", |report| report.sign_off.is_some()),
];

/// The section for engineers alone, whose parts are folded on a page.
const FOLDED: &str = "technical";

/// The templates, ready to render.
pub struct Renderer {
    markdown: Arc<Tera>,
    html: Tera,
    site: SiteView,
}

/// A page in both formats.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The Markdown.
    pub markdown: String,
    /// The HTML page.
    pub html: String,
}

/// A report in all formats.
#[derive(Debug, Clone)]
pub struct RenderedReport {
    /// The Markdown.
    pub markdown: String,
    /// The HTML page.
    pub html: String,
    /// The data for programs.
    pub json: String,
    /// The text, for the search.
    pub text: PageText,
}

impl Renderer {
    /// Parses the embedded templates, and custom ones instead of those with the same path.
    ///
    /// # Errors
    /// Returns an error if a template is invalid, or uses an unknown filter or template.
    pub fn new(custom: &[OwnTemplate], site: SiteView) -> Result<Self, TemplateError> {
        let mut markdown = Tera::default();
        markdown.autoescape_on([".md"]);
        markdown.set_escape_fn(|value, out| out.write_all(filter::line(value).as_bytes()));
        filter::register_markdown(&mut markdown);
        add_templates(&mut markdown, &[".md", ".toml", ".txt"], custom)?;
        markdown.global_context().insert("site", &site);
        let markdown = Arc::new(markdown);
        let mut html = Tera::default();
        html.autoescape_on([".html", ".xml", ".atom"]);
        html.set_escape_fn(html::escape);
        filter::register_html(&mut html, Arc::clone(&markdown));
        add_templates(&mut html, &[".html", ".xml", ".atom"], custom)?;
        html.global_context().insert("site", &site);
        Ok(Self {
            markdown,
            html,
            site,
        })
    }

    /// Returns what every page sees of the site.
    #[must_use]
    pub fn site(&self) -> &SiteView {
        &self.site
    }

    /// Renders the Markdown of a report.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn markdown(&self, report: &Report) -> Result<String, TemplateError> {
        let context = Context::from_serialize(report)?;
        let sections =
            markdown::with_links(&report.links, || self.markdown_sections(report, &context))?;
        Ok(join(&sections))
    }

    /// Renders a report in all formats.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn report(&self, report: &Report) -> Result<RenderedReport, TemplateError> {
        markdown::with_links(&report.links, || self.whole_report(report))
    }

    fn whole_report(&self, report: &Report) -> Result<RenderedReport, TemplateError> {
        let (mut context, json) = data(report)?;
        let timeline = report.timeline.as_ref();
        context.insert(
            "strip",
            &timeline.and_then(|timeline| timeline.strip.as_ref()),
        );
        context.insert("now", &report.now);
        context.insert("span", &report.span);
        context.insert("headings", &timeline.map(TimelineView::headings));
        context.insert("clocks", &report.facts.shown(report.now.is_some()));
        let sections = self.markdown_sections(report, &context)?;
        let mut page = html::Page::default();
        let now = report.now.as_ref().map(|_| "now");
        for id in ["content", "incident-report"].into_iter().chain(now) {
            page.reserve(id);
        }
        for id in report.timeline.iter().flat_map(TimelineView::ids) {
            page.reserve(id);
        }
        let (mut banners, mut foot) = (String::new(), String::new());
        let (mut opening, mut body) = (String::new(), String::new());
        for (name, text) in &sections {
            match *name {
                "head" => {
                    // The page template has its own heading; the lines after it are the banners.
                    let text = text.split_once('\n').map_or("", |(_, rest)| rest);
                    banners = if self.html.contains_template("report/head.html") {
                        self.html.render("report/head.html", &context)?
                    } else {
                        html::fragment(text)
                    };
                }
                "foot" => {
                    let text = text.strip_prefix("---").unwrap_or(text);
                    foot = html::fragment(text);
                }
                name => {
                    let template = format!("section/{name}.html");
                    let section = if self.html.contains_template(&template) {
                        self.html.render(&template, &context)?
                    } else if name == FOLDED {
                        html::folded(text)
                    } else {
                        html::fragment(text)
                    };
                    let part = if name == "summary" {
                        &mut opening
                    } else {
                        &mut body
                    };
                    part.extend(["<section data-section=\"", name, "\">\n"]);
                    part.push_str(html::anchor_headings(&section, &mut page).trim());
                    part.push_str("\n</section>\n");
                }
            }
        }
        let title = format!("{} {}", report.id, plain(report.title));
        let names = [
            &report.services,
            &report.environment,
            &report.teams,
            &report.tags,
        ];
        let names = names.into_iter().flatten().copied();
        let intro: Vec<&str> = report.lead.as_deref().into_iter().chain(names).collect();
        let entries = timeline.map_or_else(Vec::new, entries);
        let mut text = TextReader::new(title, &intro, page.headings(), &entries);
        for (_, markdown) in &sections {
            text.read(markdown);
        }
        let text = text.finish();
        context.insert("contents", &contents(&page));
        // Safe, so that the page template copies none of them once more.
        for (name, html) in [
            ("banners", banners),
            ("opening", opening),
            ("body", body),
            ("foot", foot),
        ] {
            context.insert_value(name, Value::safe_string(&html));
        }
        self.insert_page_path(&mut context, &format!("incidents/{}", report.id));
        context.insert("classification", &report.governance.banner);
        context.insert("marking", &report.governance.marking);
        Ok(RenderedReport {
            markdown: join(&sections),
            html: self.html_page("page/report.html", &context)?,
            json,
            text,
        })
    }

    /// Renders an external report in all formats.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn external(&self, report: &ExternalReport) -> Result<RenderedReport, TemplateError> {
        markdown::with_links(&report.links, || self.external_report(report))
    }

    fn external_report(&self, report: &ExternalReport) -> Result<RenderedReport, TemplateError> {
        let (mut context, json) = data(report)?;
        context.insert("spans", &report.windows.as_ref().map(WindowsView::spans));
        filter::start_section();
        let markdown = self.markdown.render("external/report.md", &context)?;
        let mut page = html::Page::default();
        for id in ["content", "incident-report"] {
            page.reserve(id);
        }
        for event in &report.events {
            page.reserve(&event.anchor);
        }
        context.insert("band", &report.band);
        let body = self.html.render("external/report.html", &context)?;
        context.insert("body", html::anchor_headings(&body, &mut page).trim());
        let events = report.events.iter();
        let entries = events.map(|event| Entry {
            id: &event.anchor,
            time: &event.at.text,
            title: entry_title(&event.at.text),
        });
        let entries: Vec<Entry> = entries.collect();
        let title = plain(report.title.unwrap_or(report.id));
        let mut text = TextReader::new(title, &[], page.headings(), &entries);
        text.read(&markdown);
        let text = text.finish();
        context.insert("contents", &contents(&page));
        context.insert("root", "../");
        context.insert("path", &format!("incidents/{}.html", report.id));
        context.insert("classification", report.audience);
        Ok(RenderedReport {
            markdown: format!("{}\n", markdown.trim_matches('\n')),
            html: self.html_page("external/page.html", &context)?,
            json,
            text,
        })
    }

    /// Renders a page of the site other than a report, from `index/NAME.md` and `page/NAME.html` with one view.
    ///
    /// `path` is the path of the page in the site without its extension, such as `comms/index`.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn page(
        &self,
        name: &str,
        path: &str,
        view: impl Serialize,
    ) -> Result<Rendered, TemplateError> {
        let context = self.context(path, &view)?;
        // The context has a copy, and an index is large.
        drop(view);
        filter::start_section();
        // Summaries have no local links, and one in other data would not be relative to this page.
        markdown::with_links(&LocalLinks::default(), || {
            let markdown = self
                .markdown
                .render(&format!("index/{name}.md"), &context)?;
            Ok(Rendered {
                markdown: format!("{}\n", markdown.trim_matches('\n')),
                html: self.html_page(&format!("page/{name}.html"), &context)?,
            })
        })
    }

    fn html_page(&self, template: &str, context: &Context) -> Result<String, TemplateError> {
        let mut html = self.html.render(template, context)?;
        for complete in [html::without_misplaced, html::mark_wide_tables] {
            let changed = match complete(&html) {
                Cow::Borrowed(_) => None,
                Cow::Owned(changed) => Some(changed),
            };
            html = changed.unwrap_or(html);
        }
        Ok(html)
    }

    /// Renders a page without Markdown that shows no data of the archive, from `page/NAME.html`.
    ///
    /// # Errors
    /// Returns an error if the template uses more than the values of every page.
    pub fn bare_page(&self, name: &str, path: &str) -> Result<String, TemplateError> {
        let context = self.context(path, &BTreeMap::<&str, &str>::new())?;
        self.html_page(&format!("page/{name}.html"), &context)
    }

    /// Renders the draft of a message, or returns `None` if its stage and channel have no template.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn draft(&self, channel: &str, view: &DraftView) -> Result<Option<String>, TemplateError> {
        let template = format!("comms/{}.{channel}.txt", view.stage);
        if !self.markdown.contains_template(&template) {
            return Ok(None);
        }
        self.text(&template, view).map(Some)
    }

    /// Renders one customer's message.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn customer(&self, view: &CustomerMessageView) -> Result<String, TemplateError> {
        self.text("comms/customer.txt", view)
    }

    fn text(&self, template: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let text = self
            .markdown
            .render(template, &Context::from_serialize(view)?)?;
        Ok(format!("{}\n", text.trim_matches('\n')))
    }

    /// Renders the page that a server shows for an unknown URL, from `page/404.html`.
    ///
    /// Its links start with the path of the site, since a server shows it for any path.
    ///
    /// # Errors
    /// Returns an error if a template uses a value that the view lacks.
    pub fn not_found_page(&self, view: &impl Serialize) -> Result<String, TemplateError> {
        let mut context = self.context("404", view)?;
        let root = self.site.base_url.as_deref().and_then(|url| {
            let (_, after) = url.split_once("://")?;
            after.find('/').and_then(|at| after.get(at..))
        });
        context.insert("root", root.unwrap_or("/"));
        self.html_page("page/404.html", &context)
    }

    fn context(&self, path: &str, view: &impl Serialize) -> Result<Context, TemplateError> {
        let mut context = Context::from_serialize(view)?;
        self.insert_page_path(&mut context, path);
        context.insert("classification", self.site.audience_label);
        Ok(context)
    }

    /// Inserts the path of a page; the URL of a folder's index ends with the folder.
    fn insert_page_path(&self, context: &mut Context, path: &str) {
        let url_path = match path.strip_suffix("index") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
            _ => format!("{path}.html"),
        };
        context.insert("root", &"../".repeat(path.matches('/').count()));
        context.insert("path", &url_path);
        context.insert("here", &format!("{path}.html"));
        context.insert("section", self.site.section(path));
    }

    /// Renders the text of a new file, for `afterword new` and `afterword init`.
    ///
    /// # Errors
    /// Returns an error if the template uses a value that it is not given.
    pub fn new_file(&self, template: &str, values: &NewFileView) -> Result<String, TemplateError> {
        Ok(self
            .markdown
            .render(template, &Context::from_serialize(values)?)?)
    }

    fn markdown_sections(
        &self,
        report: &Report,
        context: &Context,
    ) -> Result<Vec<(&'static str, String)>, TemplateError> {
        let render =
            |name: &'static str, template: &str| -> Result<(&'static str, String), TemplateError> {
                filter::start_section();
                let text = self.markdown.render(template, context)?;
                Ok((name, text.trim_matches('\n').to_owned()))
            };
        let mut sections = vec![render("head", "report/head.md")?];
        for (name, _) in SECTIONS.iter().filter(|(_, is_present)| is_present(report)) {
            let template = format!("section/{name}.md");
            sections.push(if *name == "written" {
                markdown::with_links(&report.written_links, || render(name, &template))?
            } else {
                render(name, &template)?
            });
        }
        sections.push(render("foot", "report/foot.md")?);
        Ok(sections)
    }
}

/// Returns the data of templates, and the same for programs.
fn data(view: &impl Serialize) -> Result<(Context, String), TemplateError> {
    let data = Value::try_from_serializable(view)?;
    let json = json::for_programs(&data).map_err(tera::Error::message)?;
    // A report is large, so its values are moved and not copied.
    let mut context = Context::new();
    for (key, value) in data.into_map().into_iter().flatten() {
        if let Some(key) = key.as_str() {
            context.insert_value(key.to_owned(), value);
        }
    }
    Ok((context, json))
}

/// Returns the plain text of a line of inline Markdown.
#[must_use]
pub fn plain(line: &str) -> String {
    html::plain_text(&html::inline(&markdown::line(&words(line))))
}

fn join(sections: &[(&str, String)]) -> String {
    let texts: Vec<&str> = sections.iter().map(|(_, text)| text.as_str()).collect();
    anchor::for_hosts(texts.join("\n\n") + "\n")
}
