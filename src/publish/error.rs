//! The reasons that a build fails.

use camino::Utf8PathBuf;

use super::write::WriteError;
use crate::audit::Found;
use crate::cache;
use crate::render::TemplateError;

/// The reason a build failed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A template is invalid.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The output is.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of the archive could not be read.
    #[error("cannot read `{path}`: {error}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The error of the operating system.
        error: std::io::Error,
    },
    /// The site would hold what its readers must not see.
    #[error("the site contains information that its audience must not see")]
    Leaks(Box<Found>),
    /// An incident is not what it was when it was checked.
    #[error("`{path}` or its timeline changed during the build; run the build again")]
    Changed {
        /// Its file.
        path: Utf8PathBuf,
    },
    /// A summary of an incident cannot be unpacked.
    #[error("`{}` is damaged; delete it", cache::FOLDER)]
    Damaged,
    /// A view could not be printed as JSON.
    #[error("cannot print `{path}`: {error}")]
    Json {
        /// The file.
        path: String,
        /// The error of the serializer.
        error: serde_json::Error,
    },
}
