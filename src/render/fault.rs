//! What is wrong with a template: as the engine says it, and in parts that a diagnostic can show.

use super::{Renderer, SiteView};
use crate::archive::OwnTemplate;

/// A template that cannot be read or rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// The template engine's words: file, line, and where it was called from.
    pub message: String,
}

impl From<tera::Error> for TemplateError {
    fn from(error: tera::Error) -> Self {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let words = cause.to_string();
            if !message.contains(&words) {
                message.push_str(": ");
                message.push_str(&words);
            }
            source = cause.source();
        }
        // The engine says `error:` itself, and names a template by its path below the folder.
        let message = message
            .strip_prefix("error: ")
            .unwrap_or(&message)
            .replace("--> ", "--> templates/");
        Self { message }
    }
}

/// What is wrong with a template, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    /// What is wrong.
    pub message: String,
    /// The template, by its path below the folder of templates.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl TemplateFault {
    fn from_error(error: &TemplateError) -> Self {
        let (message, rest) = error
            .message
            .split_once("--> templates/")
            .unwrap_or((&error.message, ""));
        let place = rest.lines().next().unwrap_or_default();
        let mut parts = place.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|part| part.trim().parse().ok());
        let (column, line): (Option<usize>, Option<usize>) = (number(), number());
        Self {
            message: message.trim().to_owned(),
            path: parts.next().map(str::to_owned),
            line: line.unwrap_or(1),
            column: column.unwrap_or(1),
        }
    }
}

impl Renderer {
    /// Names what is wrong with the user's own templates, each with its path, line and column where they are known.
    #[must_use]
    pub fn faults(own: &[OwnTemplate]) -> Vec<TemplateFault> {
        let mut left = own.to_vec();
        let mut faults: Vec<TemplateFault> = Vec::new();
        while !left.is_empty()
            && let Err(error) = Self::new(&left, SiteView::default())
        {
            let fault = TemplateFault::from_error(&error);
            // What is said of a template that was left out is no fault of its own.
            let follows = faults.iter().any(|before| {
                before
                    .path
                    .as_ref()
                    .is_some_and(|path| fault.message.contains(path.as_str()))
            });
            if follows {
                break;
            }
            let count = left.len();
            left.retain(|own| Some(&own.path) != fault.path.as_ref());
            let is_known = left.len() < count;
            faults.push(fault);
            if !is_known {
                break;
            }
        }
        faults
    }
}
