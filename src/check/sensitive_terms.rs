//! Words that only the organization knows: names, customers, addresses, hosts, channels.
//!
//! What those outside read must hold none of them: a check looks through the
//! words that an author wrote for outside, and the audit through a whole site.

use std::collections::{BTreeMap, BTreeSet};

use crate::archive::Record;
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

/// What a word is: `the name of a customer`.
pub type TermLabel = &'static str;

/// A customer's name.
pub const CUSTOMER: TermLabel = "the name of a customer";

/// Collects the words of an incident that only the organization knows.
#[must_use]
pub fn words(record: &Record) -> BTreeMap<String, TermLabel> {
    let mut words = BTreeMap::new();
    collect(record, &mut words);
    words
}

/// Finds a word as a whole one, where it begins; a single name may be a common word in small letters.
#[must_use]
pub fn find(text: &str, word: &str) -> Option<usize> {
    let is_name = word.chars().all(char::is_alphabetic);
    let lower = |text: &str| text.to_ascii_lowercase();
    let (text, word) = if is_name {
        (text.to_owned(), word.to_owned())
    } else {
        (lower(text), lower(word))
    };
    let mut places = text.match_indices(&word).map(|(at, _)| at);
    places.find(|at| Span::new(*at, at + word.len()).is_word(&text))
}

/// Adds a word, unless it is too short to be looked for.
pub fn add(words: &mut BTreeMap<String, TermLabel>, word: &str, what: TermLabel) {
    let word = word.trim();
    // `EU` and `IT` are said of more than a customer of that name.
    let least = if word.chars().all(is_unspaced_script) {
        2
    } else {
        3
    };
    if word.chars().count() >= least && !word.chars().all(|c| c.is_ascii_digit()) {
        words.entry(word.to_owned()).or_insert(what);
    }
}

/// Says whether a letter is of a script that puts no space between words, and a whole name in two letters.
#[must_use]
pub fn is_unspaced_script(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Collects the names, addresses, hosts and channels of an incident.
fn collect(record: &Record, words: &mut BTreeMap<String, TermLabel>) {
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
    let is_team = |name: &str| incident.teams.iter().any(|team| **team == *name);
    for name in perhaps.filter(|name| is_full_name(name) && !is_team(name)) {
        add(words, name, "the name of a person");
    }
    for item in &incident.action_items {
        if let Some(id) = &item.id {
            add(words, id, "the id of an action item");
        }
    }
    for customer in incident.impact.iter().flat_map(|impact| &impact.customers) {
        // A row for several accounts names none of them, unless somebody can be written to.
        if customer.is_one() {
            add(words, &customer.name, CUSTOMER);
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
        // A channel called `status` or `incidents` gives nothing away.
        if channel.contains(['#', '-', '_']) {
            add(words, channel, "an internal channel");
        }
    }
    for text in super::texts(record) {
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
fn addresses(text: &str, words: &mut BTreeMap<String, TermLabel>) {
    if !text.contains(['@', '.']) {
        return;
    }
    let pieces = text.split(|c: char| !(c.is_alphanumeric() || "@.-_+".contains(c)));
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
