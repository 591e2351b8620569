//! Views in, Markdown and safe HTML out: the one module that knows the template engine.
//!
//! There are two instances of it, one for Markdown and one for HTML, because
//! escaping follows the outermost template. In both, a value that no filter
//! names is a line of inline Markdown (Markdown) or plain text (HTML), so a
//! template that forgets a filter is still safe.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tera::{Context, Tera};

use crate::archive::OwnTemplate;
use crate::view::draft::{CustomerMessageView, DraftView};
use crate::view::{ExternalReport, Report, TimelineView};

mod dialect;
mod embedded;
mod filter;
pub mod highlight;
pub mod html;
pub mod link;
pub mod markdown;
mod problem;
mod site;

pub use embedded::{ASSETS, TEMPLATES};
pub use problem::{TemplateError, TemplateProblem};
pub use site::{NavigationView, NewFileView, SiteView};

/// A section of the report.
pub struct SectionDefinition {
    /// The name of its template.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Whether a report has it.
    pub present: fn(&Report) -> bool,
}

/// Every section, in the order of the report.
pub const SECTIONS: &[SectionDefinition] = &[
    SectionDefinition {
        name: "summary",
        title: "Incident Summary",
        present: |_| true,
    },
    SectionDefinition {
        name: "written",
        title: "",
        present: |report| report.written.is_some(),
    },
    SectionDefinition {
        name: "timeline",
        title: "Timeline",
        present: |report| report.timeline.is_some(),
    },
    SectionDefinition {
        name: "root_cause",
        title: "Root Cause",
        present: |report| report.root_cause.is_some(),
    },
    SectionDefinition {
        name: "detection",
        title: "Detection",
        present: |report| report.detection.is_some(),
    },
    SectionDefinition {
        name: "impact",
        title: "Impact Analysis",
        present: |report| report.impact.is_some(),
    },
    SectionDefinition {
        name: "resolution",
        title: "Resolution",
        present: |report| report.resolution.is_some(),
    },
    SectionDefinition {
        name: "self_healing",
        title: "Self-Healing Performance",
        present: |report| report.self_healing.is_some(),
    },
    SectionDefinition {
        name: "communication",
        title: "Communication",
        present: |report| report.communication.is_some(),
    },
    SectionDefinition {
        name: "lessons",
        title: "Lessons Learned",
        present: |report| report.lessons.is_some(),
    },
    SectionDefinition {
        name: "technical",
        title: "Technical Details",
        present: |report| report.technical.is_some(),
    },
    SectionDefinition {
        name: "custom",
        title: "",
        present: |report| !report.own_sections.is_empty(),
    },
    SectionDefinition {
        name: "references",
        title: "References",
        present: |report| report.references.is_some(),
    },
    SectionDefinition {
        name: "sign_off",
        title: "Sign-off",
        present: |report| report.sign_off.is_some(),
    },
];

/// The templates, ready to render.
pub struct Renderer {
    markdown: Arc<Tera>,
    html: Tera,
    site: SiteView,
}

/// A report or another page in both forms.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Its Markdown.
    pub markdown: String,
    /// Its page.
    pub html: String,
}

#[derive(Serialize)]
struct ContentsEntry<'a> {
    id: &'a str,
    title: &'a str,
}

impl Renderer {
    /// Reads the templates: the embedded ones, and the user's own in place of those of the same path.
    ///
    /// # Errors
    /// A template that is not well formed, or that names a filter or template that is not there.
    pub fn new(own: &[OwnTemplate], site: SiteView) -> Result<Self, TemplateError> {
        let mut markdown = Tera::default();
        markdown.autoescape_on([".md"]);
        markdown.set_escape_fn(|value, out| out.write_all(filter::line(value).as_bytes()));
        filter::register_markdown(&mut markdown);
        add_templates(&mut markdown, &[".md", ".toml", ".txt"], own)?;
        let markdown = Arc::new(markdown);
        let mut html = Tera::default();
        html.autoescape_on([".html", ".xml", ".atom"]);
        filter::register_html(&mut html, Arc::clone(&markdown));
        add_templates(&mut html, &[".html", ".xml", ".atom"], own)?;
        Ok(Self {
            markdown,
            html,
            site,
        })
    }

    /// Gives what every page sees of the site.
    #[must_use]
    pub fn site(&self) -> &SiteView {
        &self.site
    }

    /// Renders the Markdown of a report.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn markdown(&self, report: &Report) -> Result<String, TemplateError> {
        let context = Context::from_serialize(report)?;
        Ok(join(&self.markdown_sections(report, &context)?))
    }

    /// Renders a report as Markdown and as a page.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn report(&self, report: &Report) -> Result<Rendered, TemplateError> {
        let mut context = Context::from_serialize(report)?;
        let sections = self.markdown_sections(report, &context)?;
        let mut page = html::Page::default();
        for id in ["content", "incident-report"] {
            page.reserve(id);
        }
        for id in report.timeline.iter().flat_map(TimelineView::ids) {
            page.reserve(id);
        }
        let (mut banners, mut foot) = (String::new(), String::new());
        let mut body = String::new();
        for (name, text) in &sections {
            match *name {
                "head" => {
                    // The page has a heading of its own; what follows it are the banners.
                    let text = text.split_once('\n').map_or("", |(_, rest)| rest);
                    banners = html::fragment(text, filter::CODE);
                }
                "foot" => {
                    let text = text.strip_prefix("---").unwrap_or(text);
                    foot = html::fragment(text, filter::CODE);
                }
                name => {
                    let template = format!("section/{name}.html");
                    let section = if self.html.contains_template(&template) {
                        self.html.render(&template, &context)?
                    } else {
                        html::fragment(text, filter::CODE)
                    };
                    body.extend(["<section data-section=\"", name, "\">\n"]);
                    body.push_str(html::place(&section, &mut page).trim());
                    body.push_str("\n</section>\n");
                }
            }
        }
        context.insert("contents", &contents(&page));
        context.insert("banners", &banners);
        context.insert("body", &body);
        context.insert("foot", &foot);
        self.place(&mut context, &format!("incidents/{}", report.id));
        context.insert("classification", &report.governance.banner);
        Ok(Rendered {
            markdown: join(&sections),
            html: self.html.render("page/report.html", &context)?,
        })
    }

    /// Renders a report for outside as Markdown and as a page.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn outside(&self, report: &ExternalReport) -> Result<Rendered, TemplateError> {
        let mut context = Context::from_serialize(report)?;
        filter::start_section();
        let markdown = self.markdown.render("external/report.md", &context)?;
        let mut page = html::Page::default();
        for id in ["content", "incident-report"] {
            page.reserve(id);
        }
        for event in &report.events {
            page.reserve(&event.anchor);
        }
        let body = self.html.render("external/report.html", &context)?;
        context.insert("body", html::place(&body, &mut page).trim());
        context.insert("contents", &contents(&page));
        context.insert("site", &self.site);
        context.insert("root", "../");
        context.insert("path", &format!("incidents/{}.html", report.id));
        context.insert("classification", report.audience);
        Ok(Rendered {
            markdown: format!("{}\n", markdown.trim_matches('\n')),
            html: self.html.render("external/page.html", &context)?,
        })
    }

    /// Renders a page of the site that is no report: `index/NAME.md` and `page/NAME.html` over one view.
    ///
    /// `path` is the page's place in the site without its ending, such as `comms/index`.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn page(
        &self,
        name: &str,
        path: &str,
        view: impl Serialize,
    ) -> Result<Rendered, TemplateError> {
        let context = self.context(path, &view)?;
        // The context has all of it now, and an index is large.
        drop(view);
        filter::start_section();
        let markdown = self
            .markdown
            .render(&format!("index/{name}.md"), &context)?;
        Ok(Rendered {
            markdown: format!("{}\n", markdown.trim_matches('\n')),
            html: self.html.render(&format!("page/{name}.html"), &context)?,
        })
    }

    /// Renders a page that shows nothing of the archive and has no Markdown: `page/NAME.html`.
    ///
    /// # Errors
    /// A template that asks for more than what every page has.
    pub fn bare_page(&self, name: &str, path: &str) -> Result<String, TemplateError> {
        let context = self.context(path, &BTreeMap::<&str, &str>::new())?;
        Ok(self.html.render(&format!("page/{name}.html"), &context)?)
    }

    /// Renders the draft of a message; nothing where there is no template for its stage and channel.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn draft(&self, channel: &str, view: &DraftView) -> Result<Option<String>, TemplateError> {
        let template = format!("comms/{}.{channel}.txt", view.stage);
        if !self.markdown.contains_template(&template) {
            return Ok(None);
        }
        self.text(&template, view).map(Some)
    }

    /// Renders the message to one customer.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn customer(&self, view: &CustomerMessageView) -> Result<String, TemplateError> {
        self.text("comms/customer.txt", view)
    }

    fn text(&self, template: &str, view: &impl Serialize) -> Result<String, TemplateError> {
        let text = self
            .markdown
            .render(template, &Context::from_serialize(view)?)?;
        Ok(format!("{}\n", text.trim_matches('\n')))
    }

    /// Renders the page that a server shows for an address that leads nowhere: `page/404.html`.
    ///
    /// Its links begin at the site's address, since it may be shown in any folder.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn lost_page(&self, view: &impl Serialize) -> Result<String, TemplateError> {
        let mut context = self.context("404", view)?;
        let root = self.site.base_url.as_deref().and_then(|url| {
            let (_, after) = url.split_once("://")?;
            after.find('/').and_then(|at| after.get(at..))
        });
        context.insert("root", root.unwrap_or("/"));
        Ok(self.html.render("page/404.html", &context)?)
    }

    fn context(&self, path: &str, view: &impl Serialize) -> Result<Context, TemplateError> {
        let mut context = Context::from_serialize(view)?;
        self.place(&mut context, path);
        context.insert("classification", self.site.audience_label);
        Ok(context)
    }

    /// Says where a page lies; its address on the web ends with its folder where it is the folder's first.
    fn place(&self, context: &mut Context, path: &str) {
        let address = match path.strip_suffix("index") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
            _ => format!("{path}.html"),
        };
        context.insert("site", &self.site);
        context.insert("root", &"../".repeat(path.matches('/').count()));
        context.insert("path", &address);
        context.insert("here", &format!("{path}.html"));
        context.insert("section", self.site.section(path));
    }

    /// Renders the text of a new file, for `afterword new` and `afterword init`.
    ///
    /// # Errors
    /// A template that asks for what it is not given.
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
        for section in SECTIONS.iter().filter(|section| (section.present)(report)) {
            sections.push(render(
                section.name,
                &format!("section/{}.md", section.name),
            )?);
        }
        sections.push(render("foot", "report/foot.md")?);
        Ok(sections)
    }
}

/// Gives the words of a line of inline Markdown without their markup, for what is no page.
#[must_use]
pub fn plain(line: &str) -> String {
    html::words(&html::inline(&markdown::line(line)))
}

/// Lists the sections of a page.
fn contents(page: &html::Page) -> Vec<ContentsEntry<'_>> {
    let tops = page.headings().iter().filter(|heading| heading.level == 2);
    tops.map(|heading| ContentsEntry {
        id: &heading.id,
        title: &heading.text,
    })
    .collect()
}

/// Adds the templates with these endings: the embedded ones, and the user's own in place of them.
fn add_templates(
    tera: &mut Tera,
    endings: &[&str],
    own: &[OwnTemplate],
) -> Result<(), TemplateError> {
    let is_wanted = |path: &str| endings.iter().any(|ending| path.ends_with(ending));
    // A page must say what a custom Markdown section says, so that replaces the embedded HTML of the section too.
    let is_replaced = |path: &str| {
        let markdown = path.replace(".html", ".md");
        let has_section = SECTIONS
            .iter()
            .any(|section| path == format!("section/{}.html", section.name));
        has_section && own.iter().any(|own| own.path == markdown)
    };
    let embedded = TEMPLATES
        .iter()
        .copied()
        .filter(|(path, _)| !is_replaced(path));
    let own = own.iter().map(|own| (own.path.as_str(), own.text.as_str()));
    // Of two with one path the last one counts.
    let templates = embedded.chain(own).filter(|(path, _)| is_wanted(path));
    // Named by the folder, so that errors name the file; templates include each other without it.
    tera.set_fallback_prefixes([FOLDER])?;
    Ok(tera.add_raw_templates(templates.map(|(path, text)| (format!("{FOLDER}{path}"), text)))?)
}

/// The folder of templates.
const FOLDER: &str = "templates/";

fn join(sections: &[(&str, String)]) -> String {
    let mut text =
        String::with_capacity(sections.iter().map(|(_, section)| section.len() + 2).sum());
    for (place, (_, section)) in sections.iter().enumerate() {
        if place > 0 {
            text.push_str("\n\n");
        }
        text.push_str(section);
    }
    text.push('\n');
    text
}
