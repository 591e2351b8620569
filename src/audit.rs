//! Looks through a built site for what its readers must not see.
//!
//! A site is safe by construction, because only views reach it; this looks at the
//! bytes, as a stranger would, and so also finds what an author typed into a
//! public text, and what a template of one's own says.

mod accent;
mod decode;
mod folder;
mod found;
mod plain;
mod private;

use std::collections::BTreeSet;

use camino::Utf8Path;

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

/// What a search can find, for `afterword explain`.
pub const RULES: &[Rule] = &[
    Rule {
        code: "confidential-term-in-site",
        summary: "an external site contains a confidential term",
        help: "A name, a customer, a mail address, an inner host, a channel, or the id or title of an incident that its readers may not see. Take it out of the public text or the template that says it; where its readers may see it, add it to `[audit] allow`.",
    },
    Rule {
        code: "secret-in-site",
        summary: "a site contains a possible secret",
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

    /// Finds everything in a file, or in its name, that its readers must not see; a private word once.
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
        if self.private.is_empty() {
            // Readers inside may see every word; a secret is for nobody.
            let text = String::from_utf8_lossy(bytes);
            let secrets = self.secrets(&text);
            return secrets.map(|found| secret(found, Form::Plain)).collect();
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
                    found.push(word(&leak, form, span));
                }
            }
            // What stands there as it is has a place each; behind an encoding one of a kind is enough.
            for one in self.secrets(text) {
                let is_new = secrets.insert(one.start.clone());
                if is_new || place == 0 {
                    found.push(secret(one, form));
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

/// How a term was found in a file, the one with a place to show first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Plain,
    Name,
    Decoded,
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Plain => "in the site",
            Self::Name => "in the name of a file",
            Self::Decoded => "in the site, behind an encoding",
        }
    }
}
