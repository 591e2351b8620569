//! The words of an archive that an audience must not see.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::archive::Record;
use crate::audience::Audience;
use crate::check::inside::{self, What, add};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What a title is.
const TITLE: What = "the title of an incident";

/// The private words of an archive, ready to be looked for.
pub(super) struct Private {
    words: Vec<(String, What)>,
    search: Option<AhoCorasick>,
}

/// A private word in a text.
pub(super) struct Leak<'a> {
    /// The word.
    pub word: &'a str,
    /// What it is: `the name of a customer`.
    what: What,
    /// Where it stands.
    pub span: Span,
}

impl Leak<'_> {
    pub fn diagnostic(&self, place: &str) -> Diagnostic {
        Diagnostic::error(
            "private-word",
            format!("`{}`, {}, stands {place}", self.word, self.what),
        )
        .help("take it out of the public text or the template that says it; if its readers may see it, add it to `[audit] allow`")
    }
}

/// The words of one incident that an audience must not see, or that it sees anyway.
pub struct Words {
    is_open: bool,
    words: BTreeMap<String, What>,
    /// The title that everybody outside reads, in small letters.
    told: Option<String>,
}

impl Words {
    /// Collects the words of an incident; an audience inside may see all that its site holds.
    #[must_use]
    pub fn of(record: &Record, audience: Audience) -> Self {
        let mut words = BTreeMap::new();
        let is_open = record.is_open() && audience.may_read(record.audience());
        let may_read = audience.may_read(record.audience());
        if audience.is_outside() {
            words = inside::words(record);
        }
        if !may_read || (audience.is_outside() && !is_open) {
            add(&mut words, &record.id, "the id of an incident");
            let title = &record.incident.title;
            if title.split_whitespace().count() > 2 {
                add(&mut words, title, TITLE);
            }
        }
        let public = record.incident.public.as_ref();
        let told = public
            .and_then(|public| public.title.as_deref())
            .filter(|_| may_read && audience.is_outside());
        Self {
            is_open,
            words,
            told: told.map(str::to_lowercase),
        }
    }
}

impl Private {
    pub(super) fn new(config: &Config, words: impl IntoIterator<Item = Words>) -> Self {
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        let mut told: Vec<String> = Vec::new();
        for of_one in words {
            // What an open report says is no secret elsewhere either.
            if of_one.is_open {
                &mut open
            } else {
                &mut private
            }
            .extend(of_one.words);
            told.extend(of_one.told);
        }
        // A title that an author wrote for outside too, of this incident or of one like it.
        let is_told = |word: &str, what: What| {
            let word = word.to_lowercase();
            what == TITLE && told.iter().any(|told| told.contains(&word))
        };
        private.retain(|word: &String, what: &mut What| {
            !open.contains_key(word) && !is_told(word, what) && !is_allowed(config, word)
        });
        let words: Vec<(String, What)> = private.into_iter().collect();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(words.iter().map(|(word, _)| word));
        Self {
            search: search.ok().filter(|_| !words.is_empty()),
            words,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds private words that stand in a text as whole words.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Leak<'a>> {
        let found = self
            .search
            .iter()
            .flat_map(move |search| search.find_overlapping_iter(text));
        found.filter_map(|found| {
            let (word, what) = self.words.get(found.pattern().as_usize())?;
            let span = Span::new(found.start(), found.end());
            // A single name may be a common word in small letters.
            let begins = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
            let exact = word.contains(|letter: char| !letter.is_alphabetic())
                || !begins(word)
                || text.get(found.range()).is_some_and(begins);
            (span.is_word(text) && exact).then_some(Leak { word, what, span })
        })
    }
}

fn is_allowed(config: &Config, word: &str) -> bool {
    let organization = &config.organization;
    let known = [&organization.name, &organization.contact];
    let allowed = config.audit.allow.iter().chain(known.into_iter().flatten());
    allowed
        .into_iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(word))
}
