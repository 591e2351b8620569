//! Collects confidential terms of an incident: names, customers, addresses, hosts, channels.
//!
//! Texts for external readers must not contain any of them: a check scans the texts that
//! were written for external readers, and the audit scans the built site.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;

use super::lexicon::{self, has};
use super::texts;
use crate::archive::Record;
use crate::config::CheckWords;
use crate::dialect;
use crate::kind::{Role, Step};
use crate::source::{Span, is_unspaced_script};

mod company;

pub use company::allowed;
use company::without_legal_form;

/// The kind of a term, as shown to users: `customer name`.
pub type TermLabel = &'static str;

/// The label of a customer's name.
pub const CUSTOMER: TermLabel = "customer name";

/// The label of a person's name.
const PERSON: TermLabel = "name of a person";

/// The label of an incident's ID.
pub const INCIDENT_ID: TermLabel = "incident ID";

/// The label of a phrase that `redact` replaces.
pub const REDACTED: TermLabel = "redacted phrase";

/// Returns `true` for the label of a name or an ID, which others write with other signs between its parts.
#[must_use]
pub fn is_name(label: TermLabel) -> bool {
    [CUSTOMER, PERSON, INCIDENT_ID].contains(&label)
}

/// Returns the confidential terms of an incident, with their labels.
#[must_use]
pub fn words(record: &Record, known: &CheckWords) -> BTreeMap<String, TermLabel> {
    let mut words = BTreeMap::new();
    collect(record, known, &mut words);
    words
}

/// A text in which terms are looked for.
pub struct Haystack<'a> {
    text: &'a str,
    lower: String,
}

impl<'a> From<&'a str> for Haystack<'a> {
    fn from(text: &'a str) -> Self {
        let lower = text.to_ascii_lowercase();
        Self { text, lower }
    }
}

impl Haystack<'_> {
    /// Returns `true` if the text contains a term as a whole word, in any case.
    ///
    /// A name of one word may be a common word in lowercase, so in lowercase it is found only as part of an identifier.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        let lower = word.to_ascii_lowercase();
        let mut found = memmem::find_iter(self.lower.as_bytes(), &lower);
        found.any(|at| {
            let span = Span::new(at, at + word.len());
            let is_name = span.slice(self.text) == word || !word.chars().all(char::is_alphabetic);
            is_term(word, span, self.text) && (is_name || is_in_identifier(self.text, span))
        })
    }
}

/// Returns `true` if a span is a whole term: no letter or digit is next to it, and it is not the start of a longer name of a
/// channel.
#[must_use]
pub fn is_term(term: &str, span: Span, text: &str) -> bool {
    let after = text.get(span.end..).unwrap_or_default();
    let continues = || {
        let rest = after.strip_prefix(['-', '_']);
        rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    };
    span.is_word(text) && !(term.starts_with('#') && continues())
}

/// Words that form a usual compound with a name that is a common word too: `target-based`, `off-target`.
const COMPOUNDS: &str = "\
    a adjacent aligned all and anti aware based bound by centric cross dependent down driven end ended first \
    focused free friendly full half high in induced known less level like long low mid mini minded multi \
    near new non of off old on only open oriented out over per post pre proof re ready related rich right \
    self semi setting shaped short side sized specific style sub super the time to top type under up well \
    wide wise worthy";

/// Returns `true` if a word is part of an identifier, where names are in lowercase: a path, a host, an address, a handle,
/// a channel, a value, code, or words that are joined and are no usual compound.
#[must_use]
pub fn is_in_identifier(text: &str, span: Span) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "-_./@#%+:=".contains(c);
    let (before, after) = (
        text.get(..span.start).unwrap_or_default(),
        text.get(span.end..).unwrap_or_default(),
    );
    let from = before.trim_end_matches(is_part).len();
    let to = text.len() - after.trim_start_matches(is_part).len();
    let piece = text.get(from..to).unwrap_or_default();
    // What ends a sentence or a clause is not part of it.
    let piece = piece.trim_end_matches(['.', ':', '-', '/', '+']);
    let is_whole_text = piece.len() == text.trim().len() && piece.contains('-');
    let is_joined = || {
        let mut others = piece.split('-').filter(|part| *part != span.slice(text));
        others.any(|part| !part.is_empty() && !COMPOUNDS.split(' ').any(|word| word == part))
    };
    is_whole_text
        || piece.contains(['/', '@', '_', '.', '#', ':', '='])
        || (before.ends_with('`') && after.starts_with('`'))
        || (piece.contains('-') && is_joined())
}

/// Adds a term, unless it is too short to search for.
pub fn add(words: &mut BTreeMap<String, TermLabel>, word: &str, label: TermLabel) {
    let word = word.trim();
    // `EU` and `IT` are common words even if a customer has that name; `3M` is none.
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let min_chars = if has_digit || word.chars().all(is_unspaced_script) {
        2
    } else {
        3
    };
    if word.chars().count() >= min_chars && !word.chars().all(|c| c.is_ascii_digit()) {
        words.entry(word.to_owned()).or_insert(label);
    }
}

/// Collects the names, addresses, hosts and channels of an incident.
fn collect(record: &Record, known: &CheckWords, words: &mut BTreeMap<String, TermLabel>) {
    let incident = &record.incident;
    let mut texts = Vec::new();
    // The same people are named again and again.
    let (mut names, mut possible_names) = (BTreeSet::new(), BTreeSet::new());
    texts::visit(record, |_, steps, role, text| {
        let key = steps.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(*key),
            Step::Index(_) => None,
        });
        if key.is_some_and(|key| WHO.contains(&key)) && !is_system(record, steps) {
            possible_names.insert(text);
        }
        match role {
            Role::Person => {
                names.insert(text);
            }
            Role::Text | Role::Code => texts.push(text),
            Role::Event | Role::Value => {}
        }
    });
    let is_team = |name: &str| incident.teams.iter().any(|team| **team == *name);
    let possible_names = possible_names.difference(&names).copied();
    let possible_names = possible_names.filter(|name| is_full_name(name, known) && !is_team(name));
    let possible_names: Vec<&str> = possible_names.collect();
    for name in names.into_iter().chain(possible_names) {
        add_name(words, name, known, PERSON);
    }
    for item in &incident.action_items {
        if let Some(id) = &item.id {
            add(words, id, "action item ID");
        }
    }
    for customer in record.customers() {
        if customer.is_one() || !is_group(&customer.name, known) {
            add_name(words, &customer.name, known, CUSTOMER);
        }
        if let Some(contact) = &customer.contact {
            add(words, contact, "customer contact");
        }
    }
    let internal = incident
        .communication
        .iter()
        .filter_map(|communication| communication.internal.as_ref());
    for channel in internal.filter_map(|internal| internal.channel.as_deref()) {
        // A channel called `status` or `incidents` is a common word.
        let bare = channel.trim_start_matches('#');
        if bare.contains(['-', '_']) {
            add(words, bare, "internal channel");
        }
        let names = channel.split_whitespace();
        for name in names.filter(|name| name.len() > 1 && name.starts_with('#')) {
            let bare = name.trim_start_matches('#');
            let is_word = !bare.contains(['-', '_']);
            add(words, if is_word { name } else { bare }, "internal channel");
        }
    }
    for text in texts {
        addresses(text, known, words);
    }
}

/// Adds a name as it is typed and as it is printed: without markup, and without a number of accounts behind it. That of a
/// company is also added without its legal form.
fn add_name(
    words: &mut BTreeMap<String, TermLabel>,
    typed: &str,
    known: &CheckWords,
    label: TermLabel,
) {
    add(words, typed, label);
    let printed = dialect::plain(typed);
    if printed != typed.trim() {
        add(words, &printed, label);
    }
    let name = super::numbers::counted_name(&printed, known);
    let company = name.unwrap_or(&printed);
    let short = without_legal_form(company, known).filter(|_| label == CUSTOMER);
    for name in name.into_iter().chain(short) {
        if !is_group(name, known) {
            add(words, name, label);
        }
    }
}

/// Returns `true` for the actor of an event that happened without a person.
fn is_system(record: &Record, steps: &[Step]) -> bool {
    let [Step::Key("events"), Step::Index(index), Step::Key("actor")] = steps else {
        return false;
    };
    let event = record.timeline.events.get(*index);
    event.is_some_and(|event| event.automated)
}

/// The keys whose value is the name of a person, or else of a team or a system.
const WHO: &[&str] = &[
    "actor",
    "aliases",
    "approved_by",
    "assisted_by",
    "owner",
    "to",
];

/// Returns `true` if the name of a row for several accounts is that of a group, not of a customer.
///
/// `Enterprise customers` is a group, and `Enterprise Books Ltd` is a customer: all words of a name are capitalized.
fn is_group(name: &str, known: &CheckWords) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let count = lexicon::count(lexicon::list(known, |words| &words.groups), &words);
    let is_described = || {
        let mut later = words.iter().skip(1);
        later.any(|word| word.starts_with(char::is_lowercase))
    };
    count == words.len() || (count > 0 && is_described())
}

/// Returns `true` if a text looks like the full name of a person rather than of a team or a system.
fn is_full_name(name: &str, known: &CheckWords) -> bool {
    let parts: Vec<&str> = name.split_whitespace().collect();
    // Letters of scripts without capitals are in neither case.
    let is_capital =
        |part: &str| part.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let is_capitalized = |part: &&&str| {
        let elided = part.split_once(['\'', '’', '-']);
        is_capital(part) || elided.is_some_and(|(_, rest)| is_capital(rest))
    };
    let is_known = |part: &&str| has(known, |words| &words.name_particles, part);
    if let [one] = *parts {
        // A full name in a script without spaces, unless it ends as the name of a team does.
        let mut teams = lexicon::list(known, |words| &words.teams);
        return (2..=4).contains(&one.chars().count())
            && one.chars().all(is_unspaced_script)
            && !teams.any(|end| one.ends_with(end));
    }
    (2..=6).contains(&parts.len())
        && parts.iter().filter(is_capitalized).count() >= 2
        && parts
            .iter()
            .all(|part| is_capitalized(&part) || is_known(part))
        && lexicon::count(lexicon::list(known, |words| &words.teams), &parts) == 0
}

/// Collects the email addresses of persons and the internal hosts in a text.
fn addresses(text: &str, known: &CheckWords, words: &mut BTreeMap<String, TermLabel>) {
    // A full stop at the end of a word is part of no address.
    let is_inside = |pair: &[u8]| matches!(pair, [b'.', next] if !next.is_ascii_whitespace());
    if !text.as_bytes().windows(2).any(is_inside) {
        return;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+');
    let pieces = text.split(|c: char| !is_part(c));
    let mut seen = BTreeSet::new();
    for piece in pieces.filter(|piece| piece.bytes().any(|byte| byte == b'.')) {
        let piece = piece.trim_matches(['.', '-', '_', '+', '@']);
        if !piece.contains('.') || !seen.insert(piece) {
            continue;
        }
        match piece.split_once('@') {
            Some((user, domain))
                if domain.contains('.') && !has(known, |words| &words.role_addresses, user) =>
            {
                add(words, piece, "email address");
            }
            None if is_internal_host(piece, known) => add(words, piece, "internal host name"),
            _ => {}
        }
    }
}

fn is_internal_host(word: &str, known: &CheckWords) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let numbers: Vec<u8> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    match numbers.as_slice() {
        [10, _, _, _] | [192, 168, _, _] => parts.len() == 4,
        [172, second, _, _] => parts.len() == 4 && (16..32).contains(second),
        _ => {
            let last = parts.last().copied().unwrap_or_default();
            parts.len() > 1
                && parts.iter().all(|part| !part.is_empty())
                && has(known, |words| &words.internal_domains, last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_name_is_told_from_a_team_or_a_system() {
        for name in [
            "Maria Garcia",
            "Ana-Lena Vogt",
            "Juan Carlos Mora Ruiz",
            "Maria de la Cruz",
            "Milo van der Berg",
            "王芳",
            "山田 太郎",
            "Jeanne d'Aubigny",
            "Nadia al-Amin",
        ] {
            assert!(is_full_name(name, &CheckWords::default()), "{name}");
        }
        for other in [
            "Maria",
            "Platform Team",
            "Data Engineering",
            "order worker",
            "A B C D E F G",
            "of the Order",
            "運用チーム",
            "",
        ] {
            assert!(!is_full_name(other, &CheckWords::default()), "{other}");
        }
    }

    #[test]
    fn only_addresses_of_persons_and_internal_hosts_are_confidential() {
        let cases: &[(&str, &[&str])] = &[
            (
                "ask maria.garcia@example.com.",
                &["maria.garcia@example.com"],
            ),
            ("ask support@example.com or Status@example.com", &[]),
            ("db-3.prod.internal:5432 is full", &["db-3.prod.internal"]),
            (
                "10.0.4.7, 172.16.0.1 and 192.168.1.1",
                &["10.0.4.7", "172.16.0.1", "192.168.1.1"],
            ),
            ("8.8.8.8, 172.32.0.1, version 10.2.3, 10.0.4", &[]),
            ("see www.example.com/lan and .internal", &[]),
        ];
        for (text, expected) in cases {
            let mut words = BTreeMap::new();
            addresses(text, &CheckWords::default(), &mut words);
            let found: Vec<&str> = words.keys().map(String::as_str).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn a_term_is_found_as_a_whole_word() {
        let cases = [
            ("Acme noticed it", "Acme", true),
            ("the acme of speed", "Acme", false),
            ("Acmes", "Acme", false),
            ("see NORDHAFEN kiosk", "Nordhafen Kiosk", true),
            ("(#INC-slow)", "#inc-slow", true),
            ("in #inc.", "#inc", true),
            ("in #inc-9", "#inc", false),
            ("host db-fabrikam-prod", "Fabrikam", true),
            ("host db-fabrikam is slow", "Fabrikam", true),
            ("bucket fabrikam-exports.", "Fabrikam", true),
            ("schema `fabrikam`", "Fabrikam", true),
            ("tenant=fabrikam", "Fabrikam", true),
            ("?tenant=fabrikam&x=1", "Fabrikam", true),
            ("tenant:fabrikam", "Fabrikam", true),
            ("on target: done", "Target", false),
            ("a target-based limit", "Target", false),
            ("off-target", "Target", true),
            ("it was off-target again", "Target", false),
            ("the target - a host", "Target", false),
        ];
        for (text, word, expected) in cases {
            assert_eq!(Haystack::from(text).contains(word), expected, "{text}");
        }
    }

    #[test]
    fn short_terms_are_not_searched_for() {
        let mut words = BTreeMap::new();
        for word in ["EU", " IT ", "123456", "王芳", "Ava", "3M"] {
            add(&mut words, word, CUSTOMER);
        }
        assert_eq!(words.keys().collect::<Vec<_>>(), ["3M", "Ava", "王芳"]);
    }

    #[test]
    fn a_group_is_told_from_a_customer_with_several_accounts() {
        let known = CheckWords::default();
        for name in [
            "Others",
            "Enterprise customers",
            "All EU tenants",
            "Free plan",
        ] {
            assert!(is_group(name, &known), "{name}");
        }
        for name in [
            "Fabrikam Retail",
            "Fabrikam",
            "Brandt, Sons & Co.",
            "North Shore Books",
            "Enterprise Books Ltd",
        ] {
            assert!(!is_group(name, &known), "{name}");
        }
    }
}
