//! The words of an archive that an audience must not see.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::incident::name;
use crate::source::Span;

/// Addresses of a role rather than of a person.
const ROLES: &[&str] = &[
    "abuse",
    "billing",
    "contact",
    "hello",
    "help",
    "info",
    "noreply",
    "no-reply",
    "office",
    "postmaster",
    "press",
    "privacy",
    "sales",
    "security",
    "service",
    "status",
    "support",
    "team",
];

/// Last parts of names that only an inner network knows.
const INNER: &[&str] = &[
    "corp",
    "home",
    "internal",
    "intra",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "private",
    "svc",
];

/// What a private word is.
type What = &'static str;

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
}

impl Words {
    /// Collects the words of an incident; an audience inside may see all that its site holds.
    #[must_use]
    pub fn of(record: &Record, audience: Audience) -> Self {
        let mut words = BTreeMap::new();
        let is_open = record.is_open() && audience.may_read(record.audience());
        if audience.is_outside() {
            collect(record, &mut words);
            if !is_open {
                add(&mut words, &record.id, "the id of an incident");
                let title = &record.incident.title;
                if title.split_whitespace().count() > 2 && !told_outside(record, title) {
                    add(&mut words, title, "the title of an incident");
                }
            }
        }
        Self { is_open, words }
    }
}

impl Private {
    pub(super) fn new(config: &Config, words: impl IntoIterator<Item = Words>) -> Self {
        let (mut private, mut open) = (BTreeMap::new(), BTreeMap::new());
        for of_one in words {
            // What an open report says is no secret elsewhere either.
            if of_one.is_open {
                &mut open
            } else {
                &mut private
            }
            .extend(of_one.words);
        }
        private.retain(|word, _| !open.contains_key(word) && !is_allowed(config, word));
        let words: Vec<(String, What)> = private.into_iter().collect();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .build(words.iter().map(|(word, _)| word));
        Self {
            search: search.ok().filter(|_| !words.is_empty()),
            words,
        }
    }

    /// Finds private words that stand in a text as whole words.
    pub(super) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Leak<'a>> {
        let found = self
            .search
            .iter()
            .flat_map(move |search| search.find_iter(text));
        found.filter_map(|found| {
            let (word, what) = self.words.get(found.pattern().as_usize())?;
            let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
            let whole = !is_word(text.get(..found.start())?.chars().next_back())
                && !is_word(text.get(found.end()..)?.chars().next());
            // A single name may be a common word in small letters.
            let exact = word.contains(|letter: char| !letter.is_alphabetic())
                || text.get(found.range()) == Some(word);
            (whole && exact).then_some(Leak {
                word,
                what,
                span: Span::new(found.start(), found.end()),
            })
        })
    }
}

fn add(words: &mut BTreeMap<String, What>, word: &str, what: What) {
    let word = word.trim();
    if word.chars().count() > 2 {
        words.entry(word.to_owned()).or_insert(what);
    }
}

/// Says whether the author's own words for outside hold the title too.
fn told_outside(record: &Record, title: &str) -> bool {
    let public = record.incident.public.as_ref();
    let told = public.and_then(|public| public.title.as_deref());
    told.is_some_and(|told| told.to_lowercase().contains(&title.to_lowercase()))
}

fn is_allowed(config: &Config, word: &str) -> bool {
    let organization = &config.organization;
    let known = [&organization.name, &organization.contact];
    let allowed = config.audit.allow.iter().chain(known.into_iter().flatten());
    allowed
        .into_iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(word))
}

/// Collects the names, addresses, hosts and channels of an incident.
fn collect(record: &Record, words: &mut BTreeMap<String, What>) {
    let incident = &record.incident;
    let people = &incident.people;
    let named = [
        &people.commander,
        &people.scribe,
        &people.communications,
        &people.reporter,
    ];
    let listed = [
        &people.investigators,
        &people.responders,
        &people.attendees,
        &people.authors,
    ];
    let persons = named
        .into_iter()
        .flatten()
        .chain(listed.into_iter().flatten());
    let signed = incident
        .sign_off
        .iter()
        .flat_map(|sign_off| &sign_off.signatures);
    let names = persons
        .map(name)
        .chain(signed.map(|signature| &*signature.name))
        .chain(
            record
                .timeline
                .people
                .0
                .iter()
                .map(|(_, person)| &*person.name),
        );
    for name in names {
        add(words, name, "the name of a person");
    }
    let actors = record
        .timeline
        .events
        .iter()
        .filter(|event| !event.automated);
    let perhaps = actors
        .filter_map(|event| event.actor.as_deref())
        .chain(
            incident
                .action_items
                .iter()
                .filter_map(|item| item.owner.as_deref()),
        )
        .chain(
            incident
                .messages
                .iter()
                .filter_map(|message| message.approved_by.as_deref()),
        );
    for name in perhaps.filter(|name| is_full_name(name)) {
        add(words, name, "the name of a person");
    }
    for item in &incident.action_items {
        if let Some(id) = &item.id {
            add(words, id, "the id of an action item");
        }
    }
    for customer in incident.impact.iter().flat_map(|impact| &impact.customers) {
        // A row for several accounts names none of them.
        if customer.accounts.unwrap_or(1) == 1 {
            add(words, &customer.name, "the name of a customer");
        }
        if let Some(contact) = &customer.contact {
            add(words, contact, "the contact of a customer");
        }
    }
    let inside = incident
        .communication
        .iter()
        .filter_map(|communication| communication.internal.as_ref());
    for channel in inside.filter_map(|internal| internal.channel.as_deref()) {
        add(words, channel, "an internal channel");
    }
    for text in crate::check::texts(record) {
        addresses(text, words);
    }
}

/// Says whether a word is the full name of a person rather than of a team or a system.
fn is_full_name(words: &str) -> bool {
    let parts: Vec<&str> = words.split_whitespace().collect();
    let begins = |part: &&str| part.chars().next().is_some_and(char::is_uppercase);
    (2..=4).contains(&parts.len())
        && parts.iter().all(begins)
        && !parts.iter().any(|part| {
            let part = part.to_lowercase();
            [
                "team",
                "platform",
                "engineering",
                "operations",
                "support",
                "services",
                "group",
            ]
            .contains(&part.as_str())
        })
}

/// Collects the mail addresses of persons and the inner hosts of a text.
fn addresses(text: &str, words: &mut BTreeMap<String, What>) {
    if !text.contains(['@', '.']) {
        return;
    }
    let pieces = text.split(|letter: char| !(letter.is_alphanumeric() || "@.-_+".contains(letter)));
    let mut seen = BTreeSet::new();
    for piece in pieces {
        let piece = piece.trim_matches(['.', '-', '_', '+', '@']);
        if !piece.contains('.') || !seen.insert(piece) {
            continue;
        }
        match piece.split_once('@') {
            Some((user, domain))
                if domain.contains('.') && !ROLES.contains(&user.to_lowercase().as_str()) =>
            {
                add(words, piece, "an e-mail address");
            }
            None if is_inner_host(piece) => add(words, piece, "the name of an inner host"),
            _ => {}
        }
    }
}

fn is_inner_host(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let numbers: Vec<u8> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [10, _, _, _] | [192, 168, _, _] => parts.len() == 4,
        [172, second, _, _] => parts.len() == 4 && (16..32).contains(second),
        _ => {
            let last = parts.last().copied().unwrap_or_default().to_lowercase();
            parts.len() > 1
                && parts.iter().all(|part| !part.is_empty())
                && INNER.contains(&last.as_str())
        }
    }
}
