//! Scans a built site for information that its audience must not see.
//!
//! A site is safe by construction, because its pages are rendered from views. The scan
//! reads the bytes, as a stranger would, so it also finds confidential terms that an
//! author typed into a public text or that a custom template prints.

pub(crate) mod accent;
mod decode;
mod folder;
mod found;
mod plain;
mod private;

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::audience::Audience;
use crate::cache::{Digest, Hasher};
use crate::config::Config;
use crate::diagnostic::Rule;
use crate::secret::{self, Secret};
use crate::source::Span;

pub use decode::forms;
pub use folder::ScanResult;
use found::Term;
pub use found::{Found, Hit, Listed};
pub use private::Words;
use private::{Leak, Private};

/// The codes of an audit, for `afterword explain`.
pub const RULES: &[Rule] = &[
    Rule {
        code: "confidential-term-in-site",
        summary: "an external site contains a confidential term",
        help: "The term is a person, a customer, an email address, an internal host, a channel, or the ID or title of an incident that the audience may not see. Remove it from the public text or the template that contains it. If the audience may see it, add it to `[audit] allow`.",
    },
    Rule {
        code: "secret-in-site",
        summary: "a site contains a possible secret",
        help: "Rotate the secret and remove it from the incident. If it is not a secret, add it to `[audit] allow`.",
    },
    Rule {
        code: "placeholder-in-site",
        summary: "an external site contains a placeholder that was not filled in",
        help: "Customers or the public would read unfinished text. Fill it in, or remove the key. `afterword check` prints where each placeholder is.",
    },
];

/// A scan of the files of a site.
pub struct Audit {
    private: Private,
    /// The words of `[audit] allow`.
    allowed: Vec<String>,
    /// Whether customers or the public read the files.
    is_external: bool,
}

impl Audit {
    /// Prepares the scan for secrets and for the confidential terms of all incidents.
    ///
    /// `ours` are the texts that every site contains. A word in them reveals nothing about an archive.
    #[must_use]
    pub fn new<'o>(
        config: &Config,
        words: impl IntoIterator<Item = Words>,
        ours: impl IntoIterator<Item = &'o str>,
    ) -> Self {
        let allow = &config.audit.allow;
        Self {
            private: Private::new(config, words, ours),
            allowed: allow.iter().map(ToString::to_string).collect(),
            is_external: false,
        }
    }

    /// Also finds placeholders if the audience is external.
    #[must_use]
    pub fn for_audience(mut self, audience: Audience) -> Self {
        self.is_external = audience.is_external();
        self
    }

    /// Returns the digest of everything that a scan searches for.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let hasher = Hasher::default().with(&self.private.digest());
        hasher.with(&(&self.allowed, self.is_external)).finish()
    }

    /// Returns all findings in a file's content and path; each confidential term once.
    #[must_use]
    pub fn file(&self, path: &Utf8Path, bytes: &[u8]) -> Vec<Hit> {
        let hit = |term: Term, form: Form, span: Span| Hit {
            term,
            form,
            file: path.to_owned(),
            span,
        };
        let secret = |secret: Secret, form: Form| {
            let span = Span::at(secret.at);
            hit(Term::Secret(secret.start), form, span)
        };
        let placeholder = |span: Span| hit(Term::Placeholder, Form::Plain, span);
        if self.private.is_empty() {
            // Internal readers may see every term, but nobody may see a secret.
            let text = decode::text(bytes);
            let secrets = self.secrets(&text);
            let secrets = secrets.map(|found| secret(found, Form::Plain));
            return secrets
                .chain(self.placeholders(&text).map(placeholder))
                .collect();
        }
        let word = |leak: &Leak, form: Form, span: Span| {
            let term = Term::Word(leak.word.to_owned(), leak.what);
            hit(term, form, span)
        };
        let mut found = Vec::new();
        let mut words = BTreeSet::new();
        let is_values = path.extension() == Some("json");
        let names = forms(path.as_str().as_bytes());
        for name in &names {
            for leak in self.private.find(name, is_values) {
                if words.insert(leak.word) {
                    found.push(word(&leak, Form::Name, Span::default()));
                }
            }
        }
        let forms = forms(bytes);
        let original = forms.first().map_or("", String::as_str);
        found.extend(self.placeholders(original).map(placeholder));
        let mut secrets = BTreeSet::new();
        for (index, text) in forms.iter().enumerate() {
            let form = if index == 0 {
                Form::Plain
            } else {
                Form::Decoded
            };
            for leak in self.private.find(text, is_values) {
                if words.insert(leak.word) {
                    // A word in a different case is found in a decoded form, which has no locations in the file.
                    let typed = original.find(leak.word).map(Span::at);
                    let (form, span) = match (form, typed) {
                        (Form::Decoded, Some(typed)) => (Form::Plain, typed),
                        _ => (form, leak.span),
                    };
                    found.push(word(&leak, form, span));
                }
            }
            // Secrets in plain text are listed with each location, encoded ones once.
            for one in self.secrets(text) {
                let is_new = secrets.insert(one.start.clone());
                if is_new || index == 0 {
                    found.push(secret(one, form));
                }
            }
        }
        found
    }

    /// Returns the placeholders of drafts and new files in a text, such as `[Fill in: cause]`.
    fn placeholders(&self, text: &str) -> impl Iterator<Item = Span> {
        let text = if self.is_external { text } else { "" };
        let starts = ["[Fill in: ", "[Fill in, "];
        let found = starts
            .into_iter()
            .flat_map(|start| text.match_indices(start));
        found.map(|(at, _)| Span::at(at))
    }

    fn secrets<'t>(&self, text: &'t str) -> impl Iterator<Item = Secret> + use<'t, '_> {
        let is_allowed = |at: usize| {
            let rest = text.get(at..).unwrap_or_default();
            let ends = |c: char| c.is_whitespace() || "\"'`<>(),;".contains(c);
            let token = rest.split(ends).next().unwrap_or_default();
            self.allowed.iter().any(|word| word == token)
        };
        secret::find(text).filter(move |secret| !is_allowed(secret.at))
    }
}

/// How a term was found in a file; the form with a location to show is first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Plain,
    Name,
    Decoded,
}

impl Form {
    fn describe(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Name => " in a file name",
            Self::Decoded => " (encoded)",
        }
    }
}
