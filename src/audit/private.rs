//! The words of an archive that an audience must not see.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use serde::{Deserialize, Deserializer, Serialize};

use super::plain::folded;
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::{self, Digest, Hasher};
use crate::check::sensitive_terms::{self, TermLabel, add, is_unspaced_script};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What a title is.
const TITLE: TermLabel = "the title of an incident";

/// The private words of an archive, ready to be looked for.
pub(super) struct Private {
    words: Vec<Word>,
    /// Finds each word in each of its `writings`.
    search: Option<AhoCorasick>,
    /// The place among `words` of the word that each writing is of.
    written: Vec<usize>,
}

/// A private word.
struct Word {
    /// As its author wrote it.
    typed: String,
    what: TermLabel,
    /// Whether the pages say it of themselves, as `Search`.
    is_ours: bool,
}

/// A private word in a text.
pub(super) struct Leak<'a> {
    /// The word.
    pub word: &'a str,
    /// What it is: `the name of a customer`.
    what: TermLabel,
    /// Where it stands.
    pub span: Span,
}

impl Leak<'_> {
    pub fn diagnostic(&self, place: &str) -> Diagnostic {
        Diagnostic::error(
            "confidential-term-in-site",
            format!("`{}`, {}, stands {place}", self.word, self.what),
        )
        .help("take it out of the public text or the template that says it; if its readers may see it, add it to `[audit] allow`")
    }
}

/// The words of one incident that an audience must not see, or that it sees anyway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Words {
    #[serde(deserialize_with = "labelled")]
    private: BTreeMap<String, TermLabel>,
    /// What an open report says to the audience: no secret elsewhere either.
    #[serde(deserialize_with = "labelled")]
    open: BTreeMap<String, TermLabel>,
    /// The title that everybody outside reads, in small letters.
    told: Option<String>,
}

/// Reads words with their labels, which are few.
fn labelled<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, TermLabel>, D::Error> {
    #[derive(Deserialize)]
    struct Label(#[serde(deserialize_with = "cache::interned")] TermLabel);
    let words = BTreeMap::<String, Label>::deserialize(from)?;
    Ok(words
        .into_iter()
        .map(|(word, Label(label))| (word, label))
        .collect())
}

impl Words {
    /// Collects the words of an incident; an audience inside may see all that its site holds.
    #[must_use]
    pub fn from_record(record: &Record, audience: Audience) -> Self {
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        let may_read = audience.may_read(record.audience());
        let is_open = record.is_open() && may_read;
        if audience.is_external() {
            private = sensitive_terms::words(record);
            if is_open {
                open = sensitive_terms::words(&record.filtered_for(audience));
            }
        }
        if !may_read || (audience.is_external() && !is_open) {
            add(&mut private, &record.id, "the id of an incident");
            let title = &record.incident.title;
            if title.split_whitespace().count() > 2 {
                add(&mut private, title, TITLE);
            }
        }
        let public = record.incident.public.as_ref();
        let told = public
            .and_then(|public| public.title.as_deref())
            .filter(|_| may_read && audience.is_external());
        Self {
            private,
            open,
            told: told.map(str::to_lowercase),
        }
    }
}

impl Private {
    /// Prepares the search; `ours` are the texts that the pages of every site are made of.
    pub(super) fn new<'o>(
        config: &Config,
        words: impl IntoIterator<Item = Words>,
        ours: impl IntoIterator<Item = &'o str>,
    ) -> Self {
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        let mut told: Vec<String> = Vec::new();
        for of_one in words {
            private.extend(of_one.private);
            open.extend(of_one.open);
            told.extend(of_one.told);
        }
        // A title that an author wrote for outside too, of this incident or of one like it.
        let is_told = |word: &str, what: TermLabel| {
            let word = word.to_lowercase();
            what == TITLE && told.iter().any(|told| told.contains(&word))
        };
        private.retain(|word: &String, what: &mut TermLabel| {
            !open.contains_key(word) && !is_told(word, what) && !is_allowed(config, word)
        });
        let word = |(typed, what)| Word {
            typed,
            what,
            is_ours: false,
        };
        let words: Vec<Word> = private.into_iter().map(word).collect();
        let (written, writings): (Vec<usize>, Vec<String>) = words
            .iter()
            .enumerate()
            .flat_map(|(place, word)| writings(&word.typed).map(move |writing| (place, writing)))
            .unzip();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(writings);
        let mut private = Self {
            search: search.ok().filter(|_| !words.is_empty()),
            words,
            written,
        };
        for text in ours {
            for place in private
                .places(text)
                .map(|(place, _)| place)
                .collect::<Vec<_>>()
            {
                if let Some(word) = private.words.get_mut(place) {
                    word.is_ours = true;
                }
            }
        }
        private
    }

    /// Returns what stands for all of it.
    pub(super) fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        for word in &self.words {
            hasher.add(&(&word.typed, word.what, word.is_ours));
        }
        hasher.finish()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds private words that stand in a text as whole words.
    ///
    /// What the pages say of themselves is looked for only where nothing but values stands, as in JSON.
    pub(super) fn find<'a>(
        &'a self,
        text: &'a str,
        is_values: bool,
    ) -> impl Iterator<Item = Leak<'a>> {
        self.places(text).filter_map(move |(place, span)| {
            let word = self
                .words
                .get(place)
                .filter(|word| is_values || !word.is_ours)?;
            Some(Leak {
                word: &word.typed,
                what: word.what,
                span,
            })
        })
    }

    fn places<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Span)> {
        let found = self
            .search
            .iter()
            .flat_map(move |search| search.find_overlapping_iter(text));
        found.filter_map(|found| {
            let place = *self.written.get(found.pattern().as_usize())?;
            let word = &self.words.get(place)?.typed;
            let span = Span::new(found.start(), found.end());
            // A single name may be a common word in small letters.
            let is_capital = |c: Option<char>| c.is_some_and(|c| c.is_ascii_uppercase());
            let exact = word.contains(|c: char| !c.is_alphabetic())
                || !is_capital(word.chars().next())
                || is_capital(span.slice(text).chars().next());
            (is_whole(word, span, text) && exact).then_some((place, span))
        })
    }
}

/// Lists the ways to write a word: as it is, and with what stands for a space in an address, an anchor or a file's name.
fn writings(typed: &str) -> impl Iterator<Item = String> + use<> {
    let word = folded(typed);
    let joins: &[&str] = if word.contains(' ') {
        &[" ", "-", "_", "+"]
    } else {
        &[" "]
    };
    joins.iter().map(move |join| word.replace(' ', join))
}

/// Says whether a word stands by itself; in scripts that put no space between words it always does.
fn is_whole(word: &str, span: Span, text: &str) -> bool {
    let ends = [word.chars().next(), word.chars().next_back()];
    ends.into_iter().flatten().all(is_unspaced_script) || span.is_word(text)
}

fn is_allowed(config: &Config, word: &str) -> bool {
    let organization = &config.organization;
    let known = [&organization.name, &organization.contact];
    let allowed = config.audit.allow.iter().chain(known.into_iter().flatten());
    allowed
        .into_iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(word))
}
