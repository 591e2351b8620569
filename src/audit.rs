//! Looks through a built site for what its readers must not see.
//!
//! A site is safe by construction, because only views reach it; this looks at the
//! bytes, as a stranger would, and so also finds what an author typed into a
//! public text, and what a template of one's own says.

mod accent;
mod decode;
mod folder;
mod plain;
mod private;

use std::collections::BTreeSet;

use camino::Utf8Path;

use crate::cache::{Digest, Hasher};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Locator, Rule};
use crate::secret::{self, Secret};
use crate::source::Span;

pub use decode::forms;
pub use folder::ScanResult;
use private::Private;
pub use private::Words;

/// What a search can find, for `afterword explain`.
pub const RULES: &[Rule] = &[
    Rule {
        code: "confidential-term-in-site",
        summary: "a site for outside holds a word that only the organization knows",
        help: "A name, a customer, a mail address, an inner host, a channel, or the id or title of an incident that its readers may not see. Take it out of the public text or the template that says it; where its readers may see it, add it to `[audit] allow`.",
    },
    Rule {
        code: "secret-in-site",
        summary: "a site holds what looks like a secret",
        help: "Replace the secret where it is valid, and take it out of the incident; if it is none, add it to `[audit] allow`.",
    },
];

/// What is looked for in the files of a site.
pub struct Audit {
    private: Private,
    /// Words that `[audit] allow` says are no secret.
    allowed: Vec<String>,
}

impl Audit {
    /// Prepares the search for `words` of all incidents that an audience must not see, and for secrets.
    ///
    /// `ours` are the texts that the pages of every site are made of: what stands in them tells nothing of an archive.
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
        }
    }

    /// Returns what stands for everything that is looked for.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let hasher = Hasher::default().with(&self.private.digest());
        hasher.with(&self.allowed).finish()
    }

    /// Names everything in a file, or in its name, that its readers must not see.
    #[must_use]
    pub fn file(&self, path: &Utf8Path, bytes: &[u8]) -> Vec<Diagnostic> {
        if self.private.is_empty() {
            // Readers inside may see every word; a secret is for nobody.
            let text = String::from_utf8_lossy(bytes);
            let secrets = self.secrets(&text);
            return secrets
                .map(|secret| secret_diagnostic(&secret, path, Form::Plain))
                .collect();
        }
        let mut found = Vec::new();
        let mut words = BTreeSet::new();
        let is_values = path.extension() == Some("json");
        let names = forms(path.as_str().as_bytes());
        for name in &names {
            for leak in self.private.find(name, is_values) {
                if words.insert(leak.word) {
                    let diagnostic = leak.diagnostic("in the name of a file");
                    found.push(diagnostic.at(path, Locator::File, ""));
                }
            }
        }
        let forms = forms(bytes);
        let whole = forms.first().map_or("", String::as_str);
        let mut secrets = BTreeSet::new();
        for (place, text) in forms.iter().enumerate() {
            let form = if place == 0 {
                Form::Plain
            } else {
                Form::Decoded
            };
            for leak in self.private.find(text, is_values) {
                if words.insert(leak.word) {
                    // A word in other capitals than its author's is found in a form that has no places.
                    let typed = whole.find(leak.word).map(Span::at);
                    let (form, span) = match (form, typed) {
                        (Form::Decoded, Some(typed)) => (Form::Plain, typed),
                        _ => (form, leak.span),
                    };
                    let diagnostic = leak.diagnostic(form.words());
                    found.push(diagnostic.at(path, form.at(span), ""));
                }
            }
            // What stands there as it is has a place each; behind an encoding one of a kind is enough.
            for secret in self.secrets(text) {
                let is_new = secrets.insert(secret.start.clone());
                if is_new || place == 0 {
                    found.push(secret_diagnostic(&secret, path, form));
                }
            }
        }
        found
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

fn secret_diagnostic(secret: &Secret, path: &Utf8Path, form: Form) -> Diagnostic {
    let message = format!(
        "what looks like a secret, `{}`, stands {}",
        secret.start,
        form.words()
    );
    Diagnostic::error("secret-in-site", message)
        .at(path, form.at(Span::at(secret.at)), "")
        .help("replace the secret where it is valid, and take it out of the incident; if it is none, add it to `[audit] allow`")
}

/// How a text was found in a file.
#[derive(Debug, Clone, Copy)]
enum Form {
    Plain,
    Decoded,
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Plain => "in the site",
            Self::Decoded => "in the site, behind an encoding",
        }
    }

    fn at(self, span: Span) -> Locator {
        match self {
            Self::Plain => Locator::Span(span),
            Self::Decoded => Locator::File,
        }
    }
}
