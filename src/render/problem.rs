//! Reports what is wrong with a template: as text of the template engine, and in parts for a diagnostic.

use std::error::Error;
use std::ops::Range;

use tera::ErrorKind;

use super::{Renderer, SiteView, TEMPLATES};
use crate::archive::OwnTemplate;

/// A template that cannot be read or rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{report}")]
pub struct TemplateError {
    /// The report of the template engine: the message, the line, and where it was called from.
    report: String,
    /// The message and its location, where the engine has them apart.
    located: Option<(String, Range<usize>)>,
}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        let mut report = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let text = cause.to_string();
            if !report.contains(&text) {
                report.extend([": ", &text]);
            }
            source = cause.source();
        }
        let located = match error.kind() {
            ErrorKind::SyntaxError(error) | ErrorKind::RenderingError(error) => {
                let span = error.span();
                // Where the text ends too early, the engine moves the start alone.
                let is_empty = (span.start_line, span.start_col) == (span.end_line, span.end_col);
                let start = if is_empty {
                    span.range.end
                } else {
                    span.range.start
                };
                Some((error.message().to_owned(), start..span.range.end))
            }
            _ => None,
        };
        // Whoever prints it writes `error:` first.
        let report = report.strip_prefix("error: ").unwrap_or(&report).to_owned();
        Self { report, located }
    }
}

/// A problem of a custom template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The path of the template below the folder of templates, or `None` if only their combination is invalid.
    pub path: Option<String>,
    /// The message.
    pub message: String,
    /// The bytes of the template that are wrong, or `None` if only `excerpt` tells.
    pub span: Option<Range<usize>>,
    /// The lines that the template engine shows, or an empty string.
    pub excerpt: String,
}

impl TemplateProblem {
    fn new(path: Option<String>, error: TemplateError) -> Self {
        let (message, span, excerpt) = match error.located {
            Some((message, span)) => (message, Some(span), String::new()),
            // The engine gives names that it does not know as text alone.
            None => {
                let (message, excerpt) =
                    error.report.split_once('\n').unwrap_or((&error.report, ""));
                (message.to_owned(), None, excerpt.to_owned())
            }
        };
        Self {
            path,
            message,
            span,
            excerpt,
        }
    }
}

impl Renderer {
    /// Returns the problems of custom templates, at most one of each.
    #[must_use]
    pub fn problems(custom: &[OwnTemplate]) -> Vec<TemplateProblem> {
        let Err(error) = Self::new(custom, SiteView::default()) else {
            return Vec::new();
        };
        // Each is tried without the others, so that one problem does not hide another. Those that have no embedded
        // template are empty instead, because it may include them.
        let is_embedded = |path: &str| TEMPLATES.iter().any(|(embedded, _)| *embedded == path);
        let problems = custom.iter().filter_map(|template| {
            let mut alone = custom.to_vec();
            alone.retain(|other| other.path == template.path || !is_embedded(&other.path));
            for other in alone.iter_mut().filter(|other| other.path != template.path) {
                other.text.clear();
            }
            let error = Self::new(&alone, SiteView::default()).err()?;
            Some(TemplateProblem::new(Some(template.path.clone()), error))
        });
        let mut problems: Vec<_> = problems.collect();
        if problems.is_empty() {
            problems.push(TemplateProblem::new(None, error));
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the path, message and marked text of each problem.
    fn problems(templates: &[(&str, &str)]) -> Vec<(String, String, String)> {
        let custom = templates.iter().map(|(path, text)| OwnTemplate {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        });
        let custom: Vec<_> = custom.collect();
        let problems = Renderer::problems(&custom).into_iter().map(|problem| {
            let path = problem.path.unwrap();
            let text = &custom
                .iter()
                .find(|custom| custom.path == path)
                .unwrap()
                .text;
            let marked = problem
                .span
                .map_or(problem.excerpt, |span| text.get(span).unwrap().to_owned());
            (path, problem.message, marked)
        });
        problems.collect()
    }

    #[test]
    fn a_syntax_error_has_its_bytes_and_hides_no_other_problem() {
        let found = problems(&[
            (
                "section/summary.md",
                "Größe\nüber {{ title ! }}\n{% include \"section/ours.md\" %}",
            ),
            ("section/timeline.md", "{% if timeline %}\n"),
            ("section/ours.md", "{{ title | nofilter }}"),
        ]);
        let parts: Vec<_> = found
            .iter()
            .map(|(path, _, marked)| (path.as_str(), marked.as_str()))
            .collect();
        assert_eq!(
            parts[..2],
            [("section/summary.md", "!"), ("section/timeline.md", "")]
        );
        assert_eq!(parts[2].0, "section/ours.md");
        assert_eq!(found[2].1, "Unknown filter `nofilter`");
        assert!(
            parts[2].1.contains("templates/section/ours.md:1:12"),
            "{}",
            parts[2].1
        );
    }

    #[test]
    fn templates_that_need_each_other_have_no_problem() {
        let custom = [
            ("section/summary.md", "{% include \"section/ours.md\" %}"),
            ("section/ours.md", "{% include \"section/more.md\" %}"),
        ];
        assert!(problems(&custom).is_empty());
        let found = problems(&custom[..1]);
        assert_eq!(found[0].1, "Unknown template `section/ours.md`");
    }
}
