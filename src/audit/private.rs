//! The confidential terms of an archive: words that an audience must not see.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, MatchKind};

use serde::{Deserialize, Deserializer, Serialize};

use super::accent;
use super::plain::folded;
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::{self, Digest, Hasher};
use crate::check::sensitive_terms::{self, CUSTOMER, INCIDENT_ID, REDACTED, TermLabel, add};
use crate::config::Config;
use crate::source::{Span, is_unspaced_script};

/// The label of a title.
const TITLE: TermLabel = "incident title";

/// The confidential terms of an archive, with an index to find them.
pub(super) struct Private {
    words: Vec<Word>,
    written: Vec<Writing>,
    /// Finds the starts of the words in all of their `writings`.
    search: Option<AhoCorasick>,
    /// The writings that begin with each start, as `search` numbers them.
    starts: Vec<Start>,
}

/// The writings with the same start, by their indexes: the IDs of a year may be thousands.
#[derive(Default)]
struct Start {
    /// Those that have no other parts.
    whole: Vec<usize>,
    /// The others by their next part, in lowercase.
    next: HashMap<String, Vec<usize>>,
    /// The lengths of these parts in bytes.
    lengths: BTreeSet<usize>,
}

/// A confidential term.
struct Word {
    /// The term, as its author wrote it.
    typed: String,
    what: TermLabel,
}

/// A way to write a term.
struct Writing {
    /// The index of the term.
    word: usize,
    /// The parts of the term that follow the start that `search` finds, each after a sign.
    rest: Vec<String>,
    /// Whether its parts may also follow each other without a sign.
    is_joined: bool,
    /// Whether every site contains it, such as `Search`.
    is_ours: bool,
    /// Whether every site contains it in lowercase, in a path or another identifier, such as `search.html`.
    is_our_identifier: bool,
}

/// A confidential term found in a text.
pub(super) struct Leak<'a> {
    /// The term.
    pub word: &'a str,
    /// The label, such as `customer name`.
    pub what: TermLabel,
    /// The span in the text.
    pub span: Span,
}

/// The confidential terms of one incident, and those that the audience sees anyway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Words {
    #[serde(deserialize_with = "labelled")]
    private: BTreeMap<String, TermLabel>,
    /// The terms that an open report shows to the audience, which are not confidential elsewhere either.
    #[serde(deserialize_with = "labelled")]
    open: BTreeMap<String, TermLabel>,
    /// The public title, in lowercase.
    public_title: Option<String>,
    /// The phrases that the audience may not see, wherever they are.
    #[serde(deserialize_with = "labelled")]
    redacted: BTreeMap<String, TermLabel>,
}

/// Deserializes terms; equal labels share one string.
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
    /// Collects the terms of an incident; an internal audience may see all of its site.
    #[must_use]
    pub fn from_record(record: &Record, audience: Audience, config: &Config) -> Self {
        let known = &config.words;
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        let may_read = audience.may_read(record.audience());
        let is_open = record.is_open() && may_read;
        if audience.is_external() {
            private = sensitive_terms::words(record, known);
            if is_open {
                open = sensitive_terms::words(&record.filtered_for(audience, config), known);
            }
        }
        if !may_read || (audience.is_external() && !is_open) {
            add(&mut private, &record.id, INCIDENT_ID);
            let title = &record.incident.title;
            // A short title of an incident may be a usual phrase; that of a confidential one may be a code name.
            let short = if record.audience() == Audience::Confidential {
                0
            } else {
                2
            };
            if title.split_whitespace().count() > short {
                add(&mut private, title, TITLE);
            }
        }
        let public = record.incident.public.as_ref();
        let public_title = public
            .and_then(|public| public.title.as_deref())
            .filter(|_| may_read && audience.is_external());
        Self {
            private,
            open,
            public_title: public_title.map(str::to_lowercase),
            redacted: redacted(record, audience),
        }
    }

    /// Collects the phrases of an incident that an internal audience may not see.
    #[must_use]
    pub fn redacted(record: &Record, audience: Audience) -> Self {
        Self {
            private: BTreeMap::new(),
            open: BTreeMap::new(),
            public_title: None,
            redacted: redacted(record, audience),
        }
    }

    /// Collects the customers of an incident, whom no message to another customer may name.
    #[must_use]
    pub fn customers(record: &Record, config: &Config) -> Self {
        let mut private = sensitive_terms::words(record, &config.words);
        private.retain(|_, what| *what == CUSTOMER);
        Self {
            private,
            open: BTreeMap::new(),
            public_title: None,
            redacted: BTreeMap::new(),
        }
    }
}

fn redacted(record: &Record, audience: Audience) -> BTreeMap<String, TermLabel> {
    let mut words = BTreeMap::new();
    for redaction in &record.incident.redact {
        if !audience.may_read(redaction.audience()) {
            add(&mut words, &redaction.text, REDACTED);
        }
    }
    words
}

impl Private {
    /// Prepares the search; `ours` are the texts that every site contains.
    pub(super) fn new<'o>(
        config: &Config,
        words: impl IntoIterator<Item = Words>,
        ours: impl IntoIterator<Item = &'o str>,
    ) -> Self {
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        let mut redacted = BTreeMap::new();
        let mut public_titles: Vec<String> = Vec::new();
        for of_one in words {
            redacted.extend(of_one.redacted);
            private.extend(of_one.private);
            open.extend(of_one.open);
            public_titles.extend(of_one.public_title);
        }
        let allowed = sensitive_terms::allowed(config);
        // A title is not confidential if it is part of a public one, of this incident or another.
        let titles = private.iter().filter(|(_, what)| **what == TITLE);
        let public = contained(
            titles.map(|(title, _)| title.to_lowercase()),
            &public_titles,
        );
        private.retain(|word: &String, what: &mut TermLabel| {
            let is_public = *what == TITLE && public.contains(&word.to_lowercase());
            !open.contains_key(word) && !is_public
        });
        private.extend(redacted);
        private.retain(|word, _| !allowed.contains(&word.to_ascii_lowercase()));
        let word = |(typed, what)| Word { typed, what };
        let words: Vec<Word> = private.into_iter().map(word).collect();
        let mut written = Vec::new();
        let mut starts: BTreeMap<String, Start> = BTreeMap::new();
        for (word, term) in words.iter().enumerate() {
            for (start, rest, is_joined) in writings(&term.typed, term.what) {
                let start = starts.entry(start.to_ascii_lowercase()).or_default();
                start.add(written.len(), rest.first());
                written.push(Writing {
                    word,
                    rest,
                    is_joined,
                    is_ours: false,
                    is_our_identifier: false,
                });
            }
        }
        let (patterns, starts): (Vec<String>, Vec<Start>) = starts.into_iter().unzip();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(patterns);
        let mut private = Self {
            search: search.ok().filter(|_| !words.is_empty()),
            words,
            written,
            starts,
        };
        for text in ours {
            let found: Vec<(usize, bool)> = private
                .find_indexes(text)
                .map(|(index, _, is_name)| (index, is_name))
                .collect();
            for (index, is_name) in found {
                match private.written.get_mut(index) {
                    Some(writing) if is_name => writing.is_ours = true,
                    Some(writing) => writing.is_our_identifier = true,
                    None => {}
                }
            }
        }
        private
    }

    /// Returns the digest of all terms.
    pub(super) fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        for word in &self.words {
            hasher.add(&(&word.typed, word.what));
        }
        for writing in &self.written {
            hasher.add(&(writing.word, writing.is_ours, writing.is_our_identifier));
        }
        hasher.finish()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds confidential terms in a text as whole words.
    ///
    /// A word that every site contains is only looked for in files of values, such as JSON.
    pub(super) fn find<'a>(
        &'a self,
        text: &'a str,
        is_values: bool,
    ) -> impl Iterator<Item = Leak<'a>> {
        self.find_indexes(text)
            .filter_map(move |(index, span, is_name)| {
                let writing = self.written.get(index).filter(|writing| {
                    if is_name {
                        is_values || !writing.is_ours
                    } else {
                        !writing.is_ours && !writing.is_our_identifier
                    }
                })?;
                let word = self.words.get(writing.word)?;
                Some(Leak {
                    word: &word.typed,
                    what: word.what,
                    span,
                })
            })
    }

    /// Finds the index and the span of each writing in a text, and whether it is written as a name.
    ///
    /// A name of one word may be a common word in lowercase, so in lowercase it is found only as part of an identifier.
    fn find_indexes<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Span, bool)> {
        let found = self
            .search
            .iter()
            .flat_map(move |search| search.find_overlapping_iter(text));
        let begun = found.flat_map(|found| {
            let start = self.starts.get(found.pattern().as_usize());
            let begun = start.map(|start| start.writings(text, found.end()));
            let begun = begun.unwrap_or_default().into_iter();
            begun.map(move |index| (index, found.start(), found.end()))
        });
        begun.filter_map(|(index, start, end)| {
            let writing = self.written.get(index)?;
            let word = &self.words.get(writing.word)?.typed;
            let span = Span::new(start, writing.end(text, end)?);
            let is_name = word.contains(|c: char| !c.is_alphabetic())
                || !word.starts_with(char::is_uppercase)
                // The text has no other capital letters than those of ASCII.
                || !span.slice(text).starts_with(|c: char| c.is_ascii_lowercase());
            let is_found = is_whole(word, span, text)
                && (is_name || sensitive_terms::is_in_identifier(text, span));
            is_found.then_some((index, span, is_name))
        })
    }
}

impl Start {
    fn add(&mut self, writing: usize, next: Option<&String>) {
        match next {
            None => self.whole.push(writing),
            Some(next) => {
                self.lengths.insert(next.len());
                let same = self.next.entry(next.to_ascii_lowercase()).or_default();
                same.push(writing);
            }
        }
    }

    /// Returns the writings that may go on in a text after the end of their start.
    fn writings(&self, text: &str, end: usize) -> Vec<usize> {
        let mut found = self.whole.clone();
        for join in joins(true).filter(|_| !self.next.is_empty()) {
            let after = text.get(end..).and_then(|rest| rest.strip_prefix(join));
            let lengths = self.lengths.iter();
            let parts = lengths.filter_map(|length| after?.get(..*length));
            let same = parts.filter_map(|part| self.next.get(&part.to_ascii_lowercase()));
            found.extend(same.flatten());
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Returns those of some phrases that any of the texts contains.
fn contained(phrases: impl Iterator<Item = String>, texts: &[String]) -> BTreeSet<String> {
    let phrases: Vec<String> = phrases.filter(|_| !texts.is_empty()).collect();
    let search = AhoCorasick::new(&phrases).ok();
    let found = texts.iter().flat_map(|text| {
        let search = search.iter();
        search.flat_map(move |search| search.find_overlapping_iter(text))
    });
    let found = found.filter_map(|found| phrases.get(found.pattern().as_usize()));
    found.cloned().collect()
}

impl Writing {
    /// Returns the end of the writing in a text, from the end of its start on; `None` if its other parts do not follow.
    fn end(&self, text: &str, start_end: usize) -> Option<usize> {
        let mut rest = text.get(start_end..)?;
        for part in &self.rest {
            rest = joins(self.is_joined).find_map(|join| {
                let after = rest.strip_prefix(join)?;
                let (same, after) = after.split_at_checked(part.len())?;
                same.eq_ignore_ascii_case(part).then_some(after)
            })?;
        }
        Some(text.len() - rest.len())
    }
}

/// The signs that join the words of a term in a URL, an anchor, a file name or a text. One term may have several of them:
/// `Nord-Stream Gas`, `annamaria.berg`.
const JOINS: [&str; 9] = [" ", "-", "_", "+", "/", ".", "–", "—", ", "];

/// Returns what may stand between two words of a term.
fn joins(is_joined: bool) -> impl Iterator<Item = &'static str> {
    JOINS.into_iter().chain(is_joined.then_some(""))
}

/// The minimum number of letters of a name whose words may be joined by another sign than its own.
const SPLIT: usize = 4;

/// The minimum number of letters of a name whose words are joined without a sign, as in a domain or a handle; with a digit
/// it may be as short as `SPLIT`.
const JOINED: usize = 6;

/// Returns the ways to write a term: as it is, with other signs between its words, and without diacritics. Each is its start,
/// of two words at most, the other words, and whether the words may also be joined without a sign.
///
/// A name is also split at the signs in it, and its words are joined: `Nord-Stream`, `nordstream`. A redacted phrase is split at
/// its spaces only, as where it is replaced.
fn writings(typed: &str, what: TermLabel) -> BTreeSet<(String, Vec<String>, bool)> {
    let is_name = sensitive_terms::is_name(what);
    let typed = folded(typed);
    let plain = [accent::stripped(&typed), accent::spelled_out(&typed)];
    let mut writings = BTreeSet::new();
    for word in std::iter::once(typed).chain(plain) {
        let letters: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        let count = letters.chars().count();
        // Numbers alone may be a date.
        let is_split = count >= SPLIT && letters.contains(char::is_alphabetic);
        let has_digit = || letters.contains(|c: char| c.is_ascii_digit());
        let is_joined = is_split
            && (is_name || what == REDACTED)
            && (count >= JOINED || (is_name && has_digit()));
        let at_spaces: Vec<&str> = word.split(' ').collect();
        let at_signs = word.split(|c: char| !c.is_alphanumeric());
        let at_signs: Vec<&str> = at_signs.filter(|part| !part.is_empty()).collect();
        if is_name && is_split && at_signs != at_spaces {
            writings.extend(starts(&at_signs, is_joined));
            writings.extend(starts(&at_spaces, false));
        } else {
            writings.extend(starts(&at_spaces, is_joined));
        }
        writings.insert((word, Vec::new(), false));
    }
    writings
}

/// Returns the starts of a term of several words, with the other words.
fn starts<'p>(
    parts: &'p [&str],
    is_joined: bool,
) -> impl Iterator<Item = (String, Vec<String>, bool)> + 'p {
    let split = match parts {
        [first, second, rest @ ..] => Some((first, second, rest)),
        _ => None,
    };
    split.into_iter().flat_map(move |(first, second, rest)| {
        let rest: Vec<String> = rest.iter().map(|part| (*part).to_owned()).collect();
        joins(is_joined)
            .map(move |join| (format!("{first}{join}{second}"), rest.clone(), is_joined))
    })
}

/// Returns `true` if a span is a whole word; in scripts without spaces between words it always is.
fn is_whole(word: &str, span: Span, text: &str) -> bool {
    let ends = [word.chars().next(), word.chars().next_back()];
    ends.into_iter().flatten().all(is_unspaced_script) || sensitive_terms::is_term(word, span, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sensitive_terms::CUSTOMER;

    fn is_found(term: &str, what: TermLabel, text: &str) -> bool {
        let words = Words {
            private: BTreeMap::from([(term.to_owned(), what)]),
            open: BTreeMap::new(),
            public_title: None,
            redacted: BTreeMap::new(),
        };
        let private = Private::new(&Config::default(), [words], []);
        let text = folded(text);
        private.find(&text, false).next().is_some()
    }

    #[test]
    fn a_name_is_found_with_other_signs_and_without_diacritics() {
        for (name, text) in [
            ("Nord-Stream", "for Nord Stream"),
            ("Nord-Stream", "the host nord_stream"),
            ("Nord-Stream", "nordstream.example"),
            ("Nord Stream", "Nord-Stream"),
            ("Anne-Marie Duval", "Anne Marie Duval"),
            ("Anne-Marie Duval", "anne-marie.duval"),
            ("Acme, Inc.", "Acme Inc"),
            ("Acme (EU)", "Acme EU"),
            ("Acme Corp", "https://acmecorp.example"),
            ("Acme Corp", "AcmeCorp"),
            ("Zürich Re", "Zurich Re"),
            ("Zürich Re", "Zuerich Re"),
            ("Müller & Söhne", "Mueller & Soehne"),
            ("Müller & Söhne", "Muller & Sohne"),
            ("Müller", "for Mueller"),
            ("Łódź Rail", "Lodz Rail"),
            ("Smørrebrød Bar", "smoerrebroed-bar"),
            ("Nord Stream Gas", "Nord-Stream Gas"),
            ("Nord Stream Gas", "nord_stream-gas"),
            ("Nord Stream Gas", "NordStream Gas"),
            ("Nord Stream Gas", "Nord–Stream Gas"),
            ("Nord Stream Gas", "Nord/Stream gas"),
            ("Nord Stream Gas and Oil", "nord stream-gas_and.oil"),
            ("Anna Maria Berg", "annamaria.berg"),
            ("Nordwind Logistik AG", "Nordwind-Logistik AG"),
            ("Nordwind Logistik AG", "Nordwind Logistik, AG"),
            ("O'Leary Foods", "OLeary Foods"),
            ("O'Leary Foods", "oleary-foods"),
        ] {
            assert!(is_found(name, CUSTOMER, text), "{name}: {text}");
        }
        for (name, text) in [
            ("Élan", "with elan"),
            ("J. Doe", "jdoe"),
            ("H&M", "H M"),
            ("Acme Corp", "acmecorporation"),
            ("Müller", "muellers"),
        ] {
            assert!(!is_found(name, CUSTOMER, text), "{name}: {text}");
        }
        for text in [
            "INC-2025-0141",
            "inc 2025/0141",
            "INC20250141",
            "x-inc_2025, 0141.",
        ] {
            assert!(is_found("INC-2025-0141", INCIDENT_ID, text), "{text}");
        }
        for text in ["INC9", "INC 9", "inc_9", "INC-9"] {
            assert!(is_found("INC-9", INCIDENT_ID, text), "{text}");
        }
        assert!(!is_found("2026-03-10", INCIDENT_ID, "2026/03/10"));
        for text in [
            "BlueHeron",
            "blueheron@x.example",
            "blueheron-db",
            "blue_heron",
        ] {
            assert!(is_found("Blue Heron", REDACTED, text), "{text}");
        }
        assert!(!is_found("db-1 (eu)", REDACTED, "db 1 eu"));
        for text in [
            "INC-2025-0141x",
            "INC-2025-01419",
            "INC-2025--0141",
            "INC-2025",
        ] {
            assert!(!is_found("INC-2025-0141", INCIDENT_ID, text), "{text}");
        }
        // The parts of an address are no name.
        assert!(!is_found("bo@ek.example", "email address", "bo ek example"));
    }

    /// Every term of many with the same start is found, each with its own place and no other.
    #[test]
    fn of_many_terms_with_the_same_start_each_is_found() {
        let ids = (0..500).map(|number| (format!("INC-2025-{number:04}"), INCIDENT_ID));
        let names = [("Nord Stream", CUSTOMER), ("Nord Stream Gas", CUSTOMER)];
        let names = names.map(|(name, what)| (name.to_owned(), what));
        let words = Words {
            private: ids.chain(names).collect(),
            open: BTreeMap::new(),
            public_title: None,
            redacted: BTreeMap::new(),
        };
        let private = Private::new(&Config::default(), [words], []);
        let text = "INC-2025-0007, inc_2025_0499 and INC-2025-0500; Nord-Stream Gas";
        let found = private.find(text, false);
        let found: BTreeSet<(&str, &str)> = found
            .map(|leak| (leak.word, leak.span.slice(text)))
            .collect();
        let expected = [
            ("INC-2025-0007", "INC-2025-0007"),
            ("INC-2025-0499", "inc_2025_0499"),
            ("Nord Stream", "Nord-Stream"),
            ("Nord Stream Gas", "Nord-Stream Gas"),
        ];
        assert_eq!(found, BTreeSet::from(expected));
        // Each mention has one candidate, whatever the number of terms.
        let start = private.starts.iter().find(|start| start.next.len() == 500);
        let at = "INC-2025".len();
        assert_eq!(start.map(|start| start.writings(text, at).len()), Some(1));
    }

    #[test]
    fn phrases_in_texts_are_found() {
        let phrases = ["pool leak", "leak", "disk", ""].map(str::to_owned);
        let texts = ["a pool leak in dub".to_owned()];
        let found = contained(phrases.into_iter(), &texts);
        assert_eq!(
            found,
            BTreeSet::from(["", "leak", "pool leak"].map(str::to_owned))
        );
        assert!(contained(["x".to_owned()].into_iter(), &[]).is_empty());
    }
}
